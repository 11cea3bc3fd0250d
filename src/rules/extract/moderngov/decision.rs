//! `ieDecisionDetails.aspx`: one decision, with who made it, its status and days, its purpose, reasons and documents.
//!
//! Labels and their values may share a paragraph, be cells of a row or stand one under the other, before or after the
//! sections: so they are taken out first, and what is left reads as on every ModernGov page.

pub(super) mod labels;

use super::own_lines;
use super::parts::{self, AfterDocuments};
use super::whole::Whole;
use crate::domain::evidence::Fact;
use crate::domain::item::Meeting;
use crate::domain::text::Text;
use crate::rules::extract::document::Document;
use crate::rules::extract::related::{self, About};
use crate::rules::extract::text::{Line, decoded};
use crate::rules::extract::{Reading, key, recognise};
use crate::rules::facts::{dates, documents::named, sections};
use labels::{Label, Pair};
use scraper::ElementRef;
use url::Url;

pub(in crate::rules::extract) use labels::count as count_labels;

/// Reads a decision's page.
pub(in crate::rules::extract) fn read(document: &Document, url: &Url) -> Reading {
    let all = document.all_lines();
    let lines = related::without(&own_lines(all), About::OneOfItsKind);
    let mut reading = Reading::default();
    let Some(at) = title_line(document, &lines) else { return reading };
    let Some(title) = lines.get(at).and_then(|line| Text::line(&decoded(named(&line.text).title)).or_absent()) else {
        return reading;
    };
    let end = super::end_of_content(document, &lines, at, (at + 1).min(lines.len().saturating_sub(1)));
    let rest = lines.get(at + 1..end.max(at + 1)).unwrap_or_default();
    let rest = rest.get(..super::without_tail(rest)).unwrap_or_default();
    let rest: Vec<Line<'_>> = super::notices_above(&lines, at).chain(rest).cloned().collect();
    let (pairs, rest) = labels::taken_out(&rest);
    let decides = rest.iter().any(|line| sections::heading(&line.text).is_some());
    let by_address = recognise::by_address(url) == Some(crate::domain::source::Platform::ModerngovDecision);
    if pairs.is_empty() && !decides && !by_address {
        return reading;
    }
    let maker = pairs.iter().find(|pair| pair.label == Label::Maker).map(|pair| pair.value.clone());
    let meeting = pairs.iter().find(|pair| pair.label == Label::Meeting).and_then(meeting_of);
    let mut whole = Whole::default();
    for pair in pairs.iter().filter(|pair| !matches!(pair.label, Label::Published | Label::Meeting | Label::Contact)) {
        whole.paragraph(&format!("{}: {}", pair.name, pair.value));
    }
    let body = meeting.as_ref().and_then(|meeting| meeting.body.as_ref().map(ToString::to_string)).or(maker);
    for section in sections_of(&rest) {
        if let Some(heading) = section.heading {
            // A heading with nothing under it says nothing.
            if section.lines.is_empty() {
                continue;
            }
            whole.heading(&heading.text);
        }
        whole.take(parts::read(document, section.lines, body.as_deref(), AfterDocuments::Chrome));
    }
    if whole.is_empty() {
        reading.warnings.push("the decision has neither text nor documents".to_owned());
    }
    reading.page_title = Some(title.clone());
    let mut item = whole.item(key::of_page(url), title, url);
    for pair in &pairs {
        let fact = match pair.label {
            Label::Published => Fact::Published,
            Label::Meeting => Fact::Meeting,
            Label::Maker | Label::Contact | Label::Other => continue,
        };
        document.trail.note_in(fact, format!("what stands after \"{}:\"", pair.name), &lines, &pair.value);
    }
    item.published =
        pairs.iter().find(|pair| pair.label == Label::Published).and_then(|pair| dates::find(&pair.value).first()?.single());
    item.meeting = meeting;
    reading.items.push(item);
    reading
}

/// "19/10/2015 - Policy Committee" after "Decided at meeting:".
fn meeting_of(pair: &Pair) -> Option<Meeting> {
    let found = dates::find(&pair.value);
    let date = found.first();
    let parted = |c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | ',' | '|');
    let span = date.map_or(0..0, |date| date.span.clone());
    // A bracket belongs to the day only where it opens or closes around it.
    let after = pair.value.get(span.end..)?.trim_start_matches(|c| c == ')' || parted(c));
    let before = pair.value.get(..span.start)?.trim_end_matches(|c| c == '(' || parted(c));
    let body = [after, before]
        .into_iter()
        .map(|words| words.trim_matches(parted))
        .find(|words| !words.is_empty())
        .and_then(|words| Text::line(words).or_absent());
    let day = date.and_then(dates::Date::single);
    (body.is_some() || day.is_some()).then(|| Meeting::on(body, day))
}

/// Whether a line is all of the head of a row with another cell: a record that is set as a table.
fn heads_row(line: &Line<'_>) -> bool {
    let is_head = |e: &ElementRef<'_>| e.value().name() == "th";
    let around = || std::iter::once(line.block).chain(line.block.ancestors().filter_map(ElementRef::wrap)).take(3);
    let head = around().find(is_head);
    head.is_some_and(|head| head.next_siblings().filter_map(ElementRef::wrap).any(|e| e.value().name() == "td"))
}

fn title_line(document: &Document, lines: &[Line<'_>]) -> Option<usize> {
    let fits = |line: &Line<'_>| !labels::begins(line) && line.links.is_empty();
    super::title_line(document, lines, &["decision details"], fits)
}

/// A part of the page under a heading that the facts do not know ("Financial implications").
struct Part<'l, 'a> {
    heading: Option<&'l Line<'a>>,
    lines: &'l [Line<'a>],
}

fn sections_of<'l, 'a>(lines: &'l [Line<'a>]) -> Vec<Part<'l, 'a>> {
    let unknown = |line: &Line<'_>| {
        let heads = line.is_heading()
            || line.has_class("mgSubSubTitleTxt")
            || (line.strong && line.text.ends_with(':'))
            || heads_row(line);
        heads && line.links.is_empty() && sections::heading(&line.text).is_none() && line.text.len() <= 120
    };
    let mut parts = Vec::new();
    let mut from = 0;
    let mut heading = None;
    for (at, line) in lines.iter().enumerate() {
        // A known section after an unknown heading is no part of it.
        let ends = heading.is_some() && sections::heading(&line.text).is_some();
        if unknown(line) || ends {
            parts.push(Part { heading, lines: lines.get(from..at).unwrap_or_default() });
            (heading, from) = if ends { (None, at) } else { (Some(line), at + 1) };
        }
    }
    parts.push(Part { heading, lines: lines.get(from..).unwrap_or_default() });
    parts
}
