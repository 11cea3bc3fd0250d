//! "Meeting: 15/12/2022 - Cabinet (Item 181)": what begins each block of an issue page.

use crate::domain::item::Meeting;
use crate::domain::text::Text;
use crate::rules::extract::text::Line;
use crate::rules::facts::dates;
use chrono::NaiveDate;
use ego_tree::{NodeId, NodeRef};
use scraper::Node;
use std::ops::Range;

/// The heading of a block.
pub(crate) struct Heading {
    /// The meeting's day; `None` where the page names none that there is ("31/02/2023").
    pub(crate) date: Option<NaiveDate>,
    /// The day for the block's key: ISO 8601, or as written.
    pub(crate) day: String,
    /// "Cabinet".
    pub(crate) body: Option<String>,
    /// "181".
    pub(crate) item: Option<String>,
    /// 64551, where it links to `#AI64551`.
    pub(crate) agenda_item: Option<u64>,
    /// The lines that it takes.
    pub(crate) lines: Range<usize>,
}

impl Heading {
    /// The meeting that it names.
    pub(crate) fn meeting(&self) -> Meeting {
        let text = |words: &Option<String>| words.as_deref().and_then(|w| Text::line(w).or_absent());
        Meeting { item: text(&self.item), ..Meeting::on(text(&self.body), self.date) }
    }
}

/// Whether there is any.
pub(crate) fn any(lines: &[Line<'_>]) -> bool {
    (0..lines.len()).any(|at| at_line(lines, at).is_some_and(|heading| heading.body.is_some()))
}

/// Whether any speaks for a page of unknown platform being an issue's: it numbers the item, or leads to the meeting's papers.
/// "Meeting: 4 May 2027, Skills Board" alone may be said in anybody's news.
pub(crate) fn gives_away(lines: &[Line<'_>]) -> bool {
    let leads_there = |heading: &Heading| {
        let within = lines.get(heading.lines.clone()).unwrap_or_default();
        let mut paths =
            within.iter().flat_map(|line| &line.links).filter_map(|link| Some(link.url.as_ref()?.path().to_ascii_lowercase()));
        paths.any(|path| path.ends_with("/ielistdocuments.aspx") || path.ends_with("/mgai.aspx"))
    };
    let is_own = |heading: Heading| {
        let numbers = heading.item.is_some() || heading.agenda_item.is_some();
        heading.body.is_some() && (numbers || leads_there(&heading))
    };
    (0..lines.len()).any(|at| at_line(lines, at).is_some_and(is_own))
}

/// All of them, in order.
pub(crate) fn all(lines: &[Line<'_>]) -> Vec<Heading> {
    let mut found: Vec<Heading> = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        match at_line(lines, at) {
            Some(heading) => {
                at = heading.lines.end;
                found.push(heading);
            }
            None => at += 1,
        }
    }
    found
}

/// The heading that begins at a line; a template may have put its parts into cells or lines of their own.
pub(crate) fn at_line(lines: &[Line<'_>], at: usize) -> Option<Heading> {
    let first = lines.get(at)?;
    if opening(&first.text).is_none() || first.text.len() > 300 {
        return None;
    }
    let mut text = String::new();
    let mut best: Option<Heading> = None;
    for (taken, line) in lines.get(at..)?.iter().take(4).enumerate() {
        if line.text.len() > 300 || taken > 0 && (is_sentence(&line.text) || !stands_with(first, line)) {
            break;
        }
        text.push(' ');
        text.push_str(&line.text);
        let Some(said) = parse(text.trim()) else { continue };
        let complete = said.body.is_some();
        let range = at..at + taken + 1;
        let has_item = said.item.is_some();
        // Once body and day are known, only the item's number may still follow.
        if best.as_ref().is_none_or(|best| best.body.is_none() || (best.item.is_none() && is_item(&line.text))) {
            let agenda_item = lines.get(range.clone()).and_then(agenda_item);
            let owned = |words: Option<&str>| words.map(str::to_owned);
            let (body, item) = (owned(said.body), owned(said.item));
            best = Some(Heading { date: said.date, day: said.day, body, item, agenda_item, lines: range });
        }
        if complete && (has_item || lines.get(at + taken + 1).is_none_or(|next| !is_item(&next.text))) {
            break;
        }
    }
    best
}

/// Whether a line says something, as no part of a heading does.
fn is_sentence(text: &str) -> bool {
    const WORDS_MIN: usize = 4;
    text.ends_with(['.', '!', '?']) && text.split_whitespace().count() >= WORDS_MIN
}

/// Whether a line is in the same part of the page as the first of a heading: a template sets its parts side by side.
fn stands_with(first: &Line<'_>, line: &Line<'_>) -> bool {
    const NEAR: usize = 3;
    let is_page = |above: &NodeRef<'_, Node>| above.value().as_element().is_some_and(|e| matches!(e.name(), "body" | "html"));
    let parts = |line: &Line<'_>| -> Vec<NodeId> {
        let above = line.block.ancestors().take(NEAR).enumerate().filter(|(n, above)| *n == 0 || !is_page(above));
        std::iter::once(line.block.id()).chain(above.map(|(_, above)| above.id())).collect()
    };
    let of_first = parts(first);
    parts(line).iter().any(|part| of_first.contains(part))
}

/// The word that begins a heading, in English or in Welsh.
fn opening(text: &str) -> Option<&str> {
    ["meeting", "cyfarfod"].into_iter().find_map(|word| text.get(..word.len()).filter(|start| start.eq_ignore_ascii_case(word)))
}

/// What the words of a heading say.
struct Said<'t> {
    date: Option<NaiveDate>,
    day: String,
    body: Option<&'t str>,
    item: Option<&'t str>,
}

/// Day, body and item number of a heading.
fn parse(text: &str) -> Option<Said<'_>> {
    let after = text.get(opening(text)?.len()..)?.trim_start();
    let rest = after.strip_prefix(':')?.trim();
    let (rest, item) = without_item(rest);
    let (date, day, span) = day(rest).or_else(|| {
        // Words and an item's number, in brackets: a meeting without a day.
        item.is_some().then(|| (None, String::new(), 0..0))
    })?;
    let parted = |c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | ',' | ':' | '|');
    let around = [rest.get(span.end..)?, rest.get(..span.start)?];
    let body = around.into_iter().map(|words| words.trim_matches(parted)).find(|words| !words.is_empty());
    Some(Said { date, day, body, item: item.filter(|number| !number.is_empty()) })
}

/// The heading's day, how it stands in the key, and where. In this place a day of numbers may have a year of two digits,
/// and may be one that no calendar has.
fn day(text: &str) -> Option<(Option<NaiveDate>, String, Range<usize>)> {
    if let Some(found) = dates::find(text).first() {
        let date = found.single()?;
        return Some((Some(date), date.to_string(), found.span.clone()));
    }
    let is_part = |c: char| c.is_ascii_digit() || c == '/';
    let start = text.find(is_part)?;
    let written = text.get(start..)?.split(|c| !is_part(c)).next()?;
    let parts: Vec<&str> = written.split('/').collect();
    let [day, month, year] = parts.as_slice() else { return None };
    let fits = |part: &str| (1..=2).contains(&part.len());
    let shaped = fits(day) && fits(month) && (year.len() == 4 || year.len() == 2);
    // ModernGov holds no meetings of the last century.
    let year = year.parse().ok().map(|year: i32| if year < 100 { 2000 + year } else { year });
    let date = NaiveDate::from_ymd_opt(year?, month.parse().ok()?, day.parse().ok()?);
    let name = date.map_or_else(|| written.replace('/', "-"), |date| date.to_string());
    shaped.then(|| (date, name, start..start + written.len()))
}

/// The number that ModernGov gives the agenda item to which a heading links.
fn agenda_item(lines: &[Line<'_>]) -> Option<u64> {
    let mut fragments = lines.iter().flat_map(|line| &line.links).filter_map(|link| link.url.as_ref()?.fragment());
    fragments.find_map(|fragment| fragment.strip_prefix("AI")?.parse().ok())
}

/// A heading without the item at its end, and the item's number: empty for "(Item )".
fn without_item(text: &str) -> (&str, Option<&str>) {
    let lowered = text.to_ascii_lowercase();
    let bracket = ["(item", "(agenda item", "(eitem"].into_iter().filter_map(|word| lowered.rfind(word)).max();
    let word = || text.rfind("Item ").filter(|at| *at == 0 || text.get(..*at).is_some_and(|before| before.ends_with(' ')));
    let Some((before, after)) = bracket.or_else(word).and_then(|at| text.split_at_checked(at)) else { return (text, None) };
    match item_number(after) {
        Some(number) if bracket.is_some() || !number.is_empty() => (before, Some(number)),
        _ => (text, None),
    }
}

/// Whether a line is nothing but "(Item 181)".
fn is_item(text: &str) -> bool {
    item_number(text).is_some_and(|number| !number.is_empty())
}

/// "181" of "(Item 181)", "5.1 (a)" of "(Item 5.1 (a))"; empty where no number is given; `None` for other words.
fn item_number(text: &str) -> Option<&str> {
    let text = text.trim().trim_end_matches(['.', ' ']);
    let inner = text.strip_prefix('(').map_or(text, |inner| inner.strip_suffix(')').unwrap_or(inner));
    let lowered = inner.to_ascii_lowercase();
    let word = ["agenda item", "item", "eitem"].into_iter().find(|word| lowered.starts_with(word))?;
    let number = inner.get(word.len()..)?.trim_start_matches([' ', ':', '.']).trim_start_matches("No.").trim();
    let number = number.trim_end_matches(['.', ' ']);
    let fits = number.len() <= 16
        && (number.is_empty() || number.bytes().any(|b| b.is_ascii_alphanumeric()))
        && !number.contains("  ")
        && number.matches('(').count() == number.matches(')').count();
    fits.then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_numbers_its_item_or_leads_to_papers_gives_an_issue_away() {
        let url = url::Url::parse("https://council.example.org/news/a").unwrap();
        let check = |markup: &str, expect: bool| {
            let parsed = crate::rules::extract::document::Parsed::of(markup, &url).unwrap();
            let trail = crate::rules::extract::trail::Trail::default();
            let document = crate::rules::extract::document::Document::of(&parsed, &trail);
            assert_eq!(gives_away(document.all_lines()), expect, "{markup}");
        };
        check("<h3>Meeting: 15/12/2022 - Cabinet (Item 181)</h3>", true);
        check("<h3>Meeting: <a href=ieListDocuments.aspx?CId=1&MId=2>15/12/2022 - Cabinet</a></h3>", true);
        check("<p>Meeting: <a href=mgAi.aspx?ID=3#AI3>15/12/2022 - Cabinet</a></p>", true);
        check("<p>Meeting: 4 May 2027, Skills Board</p>", false);
        check("<p>Meeting: Skills Board - 04/05/2027</p><p>Meeting: Housing Board - 05/05/2027</p>", false);
        check("<dl><dt>Meeting:</dt><dd>Skills Board</dd><dt>Date:</dt><dd>4 May 2027</dd></dl>", false);
    }

    #[test]
    fn a_heading_names_day_body_and_item() {
        let check = |text: &str, expect: Option<(&str, Option<&str>, Option<&str>)>| {
            let found = parse(text).map(|said| (said.day, said.body, said.item));
            assert_eq!(found, expect.map(|(d, b, i)| (d.to_owned(), b, i)), "{text}");
        };
        check("Meeting: 15/12/2022 - Cabinet (Item 181)", Some(("2022-12-15", Some("Cabinet"), Some("181"))));
        check("Meeting: 07/09/2022 – Cabinet (Item CA.3)", Some(("2022-09-07", Some("Cabinet"), Some("CA.3"))));
        check("Meeting : 7 September 2022 - Cabinet", Some(("2022-09-07", Some("Cabinet"), None)));
        check("Meeting: Cabinet - 07/09/2022 (Item 5.)", Some(("2022-09-07", Some("Cabinet"), Some("5"))));
        check(
            "Meeting: 07/09/2022 - Joint Committee (Health) (Item 5)",
            Some(("2022-09-07", Some("Joint Committee (Health)"), Some("5"))),
        );
        check("Meeting: 07/09/2022", Some(("2022-09-07", None, None)));
        check("Meeting: 07/09/2022 - Cabinet (Item 5.1 (a))", Some(("2022-09-07", Some("Cabinet"), Some("5.1 (a)"))));
        check("Meeting: 07/09/2022 - Cabinet (Item )", Some(("2022-09-07", Some("Cabinet"), None)));
        check("Meeting : 02/03/23 - Cabinet (Item 5)", Some(("2023-03-02", Some("Cabinet"), Some("5"))));
        check("Meeting: 31/02/2023 - Cabinet (Item 5)", Some(("31-02-2023", Some("Cabinet"), Some("5"))));
        check("Meeting: Cabinet (Item 5)", Some(("", Some("Cabinet"), Some("5"))));
        check("Meeting: ratio 3/4/5/6 agreed", None);
        check("Meeting: to be confirmed", None);
        check("Meetings in 07/09/2022", None);
    }
}
