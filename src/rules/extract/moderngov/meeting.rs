//! `ieListDocuments.aspx`: one meeting, which is one item from its agenda to its minutes. Its stage, late papers and
//! decisions are news about it; its agenda items are the sections of its body.

mod agenda;
mod notes;
pub(super) mod stage;
pub(super) mod title;

use super::parts::{self, AfterDocuments, is_document};
use super::whole::Whole;
use super::{issue, own_lines};
use crate::domain::evidence::Fact;
use crate::domain::item::{Document as Attached, Meeting};
use crate::domain::text::Text;
use crate::rules::extract::document::Document;
use crate::rules::extract::related::{self, About};
use crate::rules::extract::text::{Line, decoded, folded};
use crate::rules::extract::{Reading, key};
use crate::rules::facts::dates;
use crate::rules::facts::documents::{document as attached, is_to_follow, named};
use agenda::Start;
use chrono::NaiveDate;
use url::Url;

/// Reads a meeting's page.
pub(in crate::rules::extract) fn read(document: &Document, url: &Url) -> Reading {
    let all = document.all_lines();
    let mut lines = related::without(&own_lines(all), About::OneOfItsKind);
    let mut reading = Reading::default();
    let found = title::find(document, &lines);
    let from = found.as_ref().map_or(0, |title| title.end);
    // A site's question to its readers is headed like an agenda item.
    let asked = lines.iter().skip(from).position(|line| line.is_heading() && super::asks_readers(line));
    lines.truncate(asked.map_or(lines.len(), |at| from + at));
    let starts = agenda::starts(document, &lines, from);
    let first = starts.first().map_or(lines.len(), |start| start.at);
    let end = super::end_of_content(document, &lines, from.saturating_sub(1), starts.last().map_or(from, |start| start.at));
    let end = if starts.is_empty() { end.min(from + super::without_tail(lines.get(from..).unwrap_or_default())) } else { end };
    let head = lines.get(..first.min(end.max(from))).unwrap_or_default();
    let body = found.as_ref().and_then(|title| title.body.clone());

    let mut whole = Whole::default();
    whole.attach(papers(all, head));
    let root = document.content();
    let own = |line: &Line<'_>| from > 0 || !matches!(root.value().name(), "body" | "html") && super::is_within(line.block, root);
    let title_words = found.as_ref().map(|title| folded(&title.words)).unwrap_or_default();
    for words in notes::of(head.get(from..).unwrap_or_default(), &title_words, own) {
        whole.paragraph(&words);
    }
    for (nth, start) in starts.iter().enumerate() {
        let next = starts.get(nth + 1).map_or(end.max(start.title + 1), |next| next.at);
        section(document, lines.get(start.title..next).unwrap_or_default(), start, body.as_deref(), &mut whole);
    }
    let words = found
        .as_ref()
        .map(|title| title.words.clone())
        .or_else(|| super::title_from_head(document).filter(|_| !starts.is_empty()));
    let Some(title) = words.and_then(|words| Text::line(&words).or_absent()) else { return reading };
    if let Some(line) = found.as_ref().and_then(|title| lines.get(title.end.checked_sub(1)?)) {
        document.trail.note(Fact::Title, "the line that names a body and a day", line);
        document.trail.note(Fact::Meeting, "the line that names a body and a day", line);
    }
    let items = lines.get(first..).filter(|_| !starts.is_empty()).unwrap_or_default();
    let stage = stage::read(document, head, title.as_str(), items, whole.documents());
    if let Some(heading) = lines.iter().chain(all).find(|line| stage::is_name(&line.text)) {
        document.trail.note(Fact::Stage, "the heading that names the stage, with the documents there are", heading);
    }
    // A title and a day alone are on many pages.
    if starts.is_empty() && stage.is_none() && whole.is_empty() {
        return reading;
    }
    if starts.is_empty() && stage != Some(crate::domain::item::Stage::Cancelled) {
        reading.warnings.push("the meeting has no agenda items yet, or none that were recognised".to_owned());
    }
    reading.page_title = Some(title.clone());
    let meeting = found.filter(|title| title.body.is_some() || title.date.is_some()).map(|title| {
        let (start, end) = title.hours(&lines);
        Meeting { start, end, ..Meeting::on(title.body.and_then(|body| Text::line(&body).or_absent()), title.date) }
    });
    let mut item = whole.item(key::of_page(url), title, url);
    (item.meeting, item.stage) = (meeting, stage);
    item.published = published(document, head);
    reading.items.push(item);
    reading
}

/// When it was published, where the head of the page says so.
fn published(document: &Document, head: &[Line<'_>]) -> Option<NaiveDate> {
    const LABELS: &[&str] = &["publication date", "date of publication", "published"];
    let (day, line) = head.iter().find_map(|line| Some((dates::labelled(&line.text, LABELS)?, line)))?;
    document.trail.note(Fact::Published, "the day after \"Publication date:\"", line);
    Some(day)
}

/// One agenda item: its title as a heading, and what stands under it.
fn section(document: &Document, block: &[Line<'_>], start: &Start, body: Option<&str>, whole: &mut Whole) {
    let Some(line) = block.first() else { return };
    let own = issue::own_title(block, start.number.as_deref(), None);
    let (title, taken, mut papers) = match own {
        Some(own) => (own.title, own.lines, own.papers),
        None => (decoded(named(&line.text).title), 1, Vec::new()),
    };
    let numbered = start.number.as_ref().filter(|number| !title.starts_with(number.as_str()) && title != **number);
    let stop = |number: &str| if number.bytes().all(|b| b.is_ascii_digit()) { "." } else { "" };
    let heading = numbered.map_or_else(|| title.clone(), |number| format!("{number}{} {title}", stop(number)));
    if papers.is_empty() && is_to_follow(&title) {
        papers.extend(attached(&title, None));
    }
    whole.heading(&heading);
    whole.attach(papers);
    let rest = block.get(taken..).unwrap_or_default();
    let rest = rest.get(..super::without_tail(rest)).unwrap_or_default();
    whole.take(parts::read(document, rest, body, AfterDocuments::Body));
}

/// The files of the whole meeting: ModernGov links them above the agenda, "Printed minutes PDF 200 KB".
fn papers<'a>(all: &[Line<'a>], head: &[Line<'a>]) -> Vec<Attached> {
    let above = all.iter().filter(|line| line.chrome && (line.has_class("mgLinks") || line.has_class("mgActionList")));
    let linked = above.chain(head).flat_map(|line| {
        let several = line.links.len() > 1;
        line.links
            .iter()
            .filter(|link| link.url.as_ref().is_some_and(is_document))
            .filter_map(move |link| attached(&decoded(if several { &link.text } else { &line.text }), link.url.as_ref()))
    });
    linked.collect()
}
