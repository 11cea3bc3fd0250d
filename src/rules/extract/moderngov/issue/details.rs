//! `mgIssueHistoryHome.aspx`, "Issue details": what an issue is for, when it is to be decided and by whom. The page names the
//! meetings and decisions that dealt with it, which have pages of their own.

use super::super::decision::labels::{self, Label};
use super::super::own_lines;
use super::super::parts::{self, AfterDocuments};
use super::super::whole::Whole;
use crate::domain::evidence::Fact;
use crate::domain::text::Text;
use crate::rules::extract::document::Document;
use crate::rules::extract::text::{Line, decoded, folded};
use crate::rules::extract::{Reading, key};
use crate::rules::facts::{dates, documents::named};
use url::Url;

/// What the page calls itself.
const KIND: &str = "issue details";
/// Labels of the day on which an issue was announced.
const PUBLISHED: &[&str] = &["notice of proposed decision first published", "first published", "date first published"];
/// Labels that only an issue's or a decision's particulars have.
const OWN: &[&str] =
    &["decision type", "decision status", "decision due", "decision due date", "notice of proposed decision first published"];
/// Headings over what has pages of its own.
const LISTS: &[&str] = &["decisions", "agenda items", "meetings", "history", "issue history"];

/// Reads the particulars; `None` where the page gives none.
pub(super) fn read(document: &Document, lines: &[Line<'_>], url: &Url) -> Option<Reading> {
    let lines = own_lines(lines);
    let fits = |line: &Line<'_>| !labels::begins(line) && line.links.is_empty();
    let at = super::super::title_line(document, &lines, &[KIND], fits)?;
    let title = Text::line(&decoded(named(&lines.get(at)?.text).title)).or_absent()?;
    let end = super::super::end_of_content(document, &lines, at, (at + 1).min(lines.len().saturating_sub(1)));
    let rest = lines.get(at + 1..end.max(at + 1))?;
    let rest = rest.get(..super::super::without_tail(rest))?;
    let (pairs, rest) = labels::taken_out(rest);
    let is_own = |name: &str| OWN.contains(&folded(name).as_str());
    // A page of meetings whose blocks nobody recognises must not pass for one of particulars.
    let says_kind = document.all_lines().iter().any(|line| line.folded().trim_end_matches(':') == KIND);
    if pairs.iter().filter(|pair| is_own(&pair.name)).count() < if says_kind { 1 } else { 2 } {
        return None;
    }
    let mut whole = Whole::default();
    whole.take(parts::read(document, &without_lists(&rest), None, AfterDocuments::Chrome));
    for pair in pairs.iter().filter(|pair| !matches!(pair.label, Label::Contact)) {
        whole.paragraph(&format!("{}: {}", pair.name, pair.value));
    }
    let announced = pairs.iter().find(|pair| pair.label == Label::Published || PUBLISHED.contains(&folded(&pair.name).as_str()));
    let mut item = whole.item(key::of_page(url), title.clone(), url);
    if let Some(pair) = announced {
        document.trail.note_in(Fact::Published, format!("what stands after \"{}:\"", pair.name), &lines, &pair.value);
        item.published = dates::find(&pair.value).first().and_then(dates::Date::single);
    }
    Some(Reading { page_title: Some(title), items: vec![item], ..Reading::default() })
}

/// Without the headings "Decisions" and "Agenda items", and the links under them.
fn without_lists<'a>(lines: &[Line<'a>]) -> Vec<Line<'a>> {
    let mut in_list = false;
    let kept = lines.iter().filter(|line| {
        let heads = line.is_heading() || line.strong || line.has_class("mgSubSubTitleTxt") || line.has_class("mgSubItemTitleTxt");
        let names_list = LISTS.contains(&line.folded().trim_end_matches(':'));
        in_list = names_list || (in_list && !heads && !line.links.is_empty());
        !in_list
    });
    kept.cloned().collect()
}
