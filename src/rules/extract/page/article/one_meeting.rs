//! Pages that are about one meeting and nothing else: whether a page is one, whether it says that the meeting is called off,
//! and when it was published.

use super::{in_head, only_heading};
use crate::domain::evidence::Fact;
use crate::rules::extract::document::Document;
use crate::rules::extract::page::Whole;
use crate::rules::extract::page::dated::{self, When};
use crate::rules::extract::page::occasion::{self, Occasion, Signs};
use crate::rules::extract::text::{Line, folded};
use crate::rules::facts::{called_off, dates};
use chrono::NaiveDate;

/// Whether a page is about one meeting and nothing else.
pub(in crate::rules::extract::page) fn is_one_meeting<'a>(document: &Document<'a>, page: &Whole<'a>) -> bool {
    let promoted = if page.headline.is_none() { only_heading::promoted(&page.content) } else { None };
    let title = page.headline.as_ref().or_else(|| promoted.as_ref().map(|(title, _)| title));
    let content = promoted.as_ref().map_or(&page.content, |(_, lines)| lines);
    title
        .and_then(|title| occasion::of(content, document.all_lines(), title, &Signs::default()))
        .is_some_and(|occasion| occasion.is_all)
}

/// Whether a notice above the agenda says that the meeting will not take place on its day. `body`: with the notices that stand
/// above the headline.
pub(super) fn is_called_off<'a>(occasion: &Occasion<'_>, content: &[Line<'a>], body: &[Line<'a>], title: &str) -> bool {
    const NOTICE_LINES: usize = 12;
    const NOTICE_BYTES_MAX: usize = 200;
    let folded_title = folded(title);
    let below = content.iter().skip_while(|line| line.folded() != folded_title).skip(1).take(NOTICE_LINES);
    let mut notices = below.chain(body.iter().take(NOTICE_LINES)).filter(|line| line.text.len() <= NOTICE_BYTES_MAX);
    (occasion.is_all || occasion.is_certain) && notices.any(|line| called_off::says(&line.text, title, Some(occasion.day)))
}

/// "Agenda published on 4 May 2027".
fn of_agenda(line: &Line<'_>) -> Option<NaiveDate> {
    const BYTES_MAX: usize = 60;
    let found = dates::find(&line.text);
    let [date] = found.as_slice() else { return None };
    let before = folded(line.text.get(..date.span.start)?);
    let before = before.trim_end_matches([':', ' ']);
    let before = before.strip_suffix(" on").unwrap_or(before);
    let says = ["published", "issued", "posted"].iter().any(|word| before.ends_with(word));
    date.single().filter(|_| says && line.text.len() <= BYTES_MAX)
}

/// When a meeting's page says that it was published: after a label that speaks of publishing, or to machines. `lines`:
/// without the meeting's own day.
pub(super) fn announced<'a>(document: &Document<'a>, lines: &[Line<'a>]) -> Option<When> {
    let speaks = |line: &Line<'_>| ["publish", "posted", "issued"].iter().any(|word| line.folded().contains(word));
    let mut said = lines.iter().enumerate().filter(|(_, line)| speaks(line));
    if let Some((day, line)) =
        said.find_map(|(at, line)| Some((dated::labelled_at(lines, at).or_else(|| of_agenda(line))?, line)))
    {
        document.trail.note(Fact::Published, "a date after a label such as \"Published:\"", line);
        return Some(When::day(day));
    }
    let (when, element) = in_head(document)?;
    document.trail.note(Fact::Published, "what the page's head tells machines", element);
    Some(when)
}
