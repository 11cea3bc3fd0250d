//! `mgAi.aspx`, "Agenda item": its purpose and minutes, then its documents; the site's menus follow in the text.

use super::heading;
use super::parts::{self, AfterDocuments};
use super::without_welsh_day;
use crate::domain::evidence::Fact;
use crate::domain::item::{Item, Meeting};
use crate::domain::text::Text;
use crate::rules::extract::document::Document;
use crate::rules::extract::text::{Line, bare_name, decoded, folded};
use crate::rules::extract::{Reading, key, recognise};
use crate::rules::facts::dates;
use crate::rules::facts::documents::named;
use crate::rules::facts::sections::{self, Section};
use url::Url;

/// Reads an agenda item's page.
pub(in crate::rules::extract) fn read(document: &Document, url: &Url) -> Reading {
    let mut lines = document.lines();
    let way_back = way_back(&lines);
    if lines.iter().any(|line| !line.chrome) {
        lines.retain(|line| !line.chrome);
    }
    let mut reading = Reading::default();
    let Some(at) = super::title_line(document, &lines, &["agenda item"], |_| true).filter(|_| has_signs(document, url, &lines))
    else {
        return reading;
    };
    let Some(title) = lines.get(at).map(|line| decoded(named(&line.text).title)).and_then(|t| Text::line(&t).or_absent()) else {
        return reading;
    };
    let end = super::end_of_content(document, &lines, at, (at + 1).min(lines.len().saturating_sub(1)));
    let rest = lines.get(at + 1..end.max(at + 1)).unwrap_or_default();
    let (meeting, taken) = meeting(rest);
    if let Some(line) = taken.checked_sub(1).and_then(|at| rest.get(at)) {
        document.trail.note(Fact::Meeting, "the line under the title that names a meeting", line);
    }
    if let Some((_, line)) = way_back.as_ref().filter(|_| meeting.is_none()) {
        document.trail.note(Fact::Meeting, "the link back above the content", line);
    }
    let meeting = meeting.or(way_back.map(|(meeting, _)| meeting));
    let rest = rest.get(taken..).unwrap_or_default();
    let rest = if rest.first().is_some_and(is_way_back) { rest.get(1..).unwrap_or_default() } else { rest };
    let rest = rest.get(..super::without_tail(rest)).unwrap_or_default();
    let rest: Vec<Line<'_>> = super::notices_above(&lines, at).chain(rest).cloned().collect();
    let body = meeting.as_ref().and_then(|m| m.body.as_ref()).map(Text::as_str);
    let mut parts = parts::read(document, &rest, body, AfterDocuments::Chrome);
    if let Some(line) = lines.get(at) {
        parts.documents = parts::without_repeats(title_papers(line).into_iter().chain(parts.documents).collect());
    }
    reading.page_title = Some(title.clone());
    if parts.text.is_none() && parts.documents.is_empty() {
        reading.warnings.push("the agenda item has neither text nor documents".to_owned());
    }
    reading.items.push(Item {
        meeting,
        text: Some(parts.text.unwrap_or_default()),
        html: Some(parts.html.unwrap_or_default()),
        documents: parts.documents,
        decisions: parts.decisions,
        reasons: parts.reasons,
        options_rejected: parts.options_rejected,
        ..Item::bare(key::canonical(url), title, url.clone())
    });
    reading
}

/// Whether anything but its place says that it is an agenda item.
fn has_signs(document: &Document, url: &Url, lines: &[Line<'_>]) -> bool {
    let by_markup = document.first("#modgov, .mgContent, .mgMainTitleTxt, .mgSubTitleTxt, .mgWordPara, .mgAiTitleTxt").is_some();
    let by_words = lines.iter().any(|line| {
        line.folded() == "agenda item"
            || matches!(sections::heading(&line.text), Some((Section::Documents | Section::Minutes | Section::Decision, _)))
    });
    by_markup || by_words || recognise::by_address(url).is_some()
}

fn title_papers(line: &Line<'_>) -> Option<crate::domain::item::Document> {
    let paper = line.links.iter().find(|link| link.url.as_ref().is_some_and(parts::is_document))?;
    crate::rules::facts::documents::document(&line.text, paper.url.as_ref())
}

/// "Meeting of Cabinet, Wednesday, 7th September, 2022 6.00 pm (Item 5.)" under the title, and the lines up to it.
fn meeting(lines: &[Line<'_>]) -> (Option<Meeting>, usize) {
    for at in 0..lines.len().min(3) {
        if let Some(heading) = heading::at_line(lines, at) {
            return (Some(heading.meeting()), heading.lines.end);
        }
        let Some(line) = lines.get(at) else { break };
        if let Some(meeting) = meeting_of(&line.text).or_else(|| linked_meeting(line)).or_else(|| told_meeting(line)) {
            return (Some(meeting), at + 1);
        }
    }
    (None, 0)
}

/// The meeting to which ModernGov's own links above the content lead back; templates treat those as their frame.
fn way_back<'a>(lines: &[Line<'a>]) -> Option<(Meeting, Line<'a>)> {
    let above = lines.iter().filter(|line| line.has_class("mgLinks") || line.has_class("mgActionList"));
    let named = |line: &Line<'a>| {
        let meeting = meeting_of(&line.text).or_else(|| linked_meeting(line))?;
        Some((meeting, line.clone()))
    };
    above.filter(|line| !line.links.is_empty()).find_map(named)
}

fn meeting_of(text: &str) -> Option<Meeting> {
    const OPENINGS: &[&str] =
        &["Meeting of the ", "Meeting of ", "Cyfarfod o'r ", "Cyfarfod o’r ", "Cyfarfod y ", "Cyfarfod o ", "Cyfarfod "];
    let rest = OPENINGS.iter().find_map(|opening| text.strip_prefix(opening)).filter(|rest| rest.len() <= 200)?;
    let found = dates::find(rest);
    let [date] = found.as_slice() else { return None };
    let body = bare_name(rest.get(..date.span.start)?);
    let body = without_welsh_day(bare_name(body.trim_end_matches(" on")));
    let after = rest.get(date.span.end..)?;
    // "Meeting of Tuesday, 13th October, 2026, Cabinet (Item 6.)"
    let behind = || bare_name(after.split_once("(Item ").or(after.split_once("(Eitem ")).map_or(after, |(name, _)| name));
    let body = if body.is_empty() { behind() } else { body };
    let item = ["Item ", "Eitem "].iter().find_map(|word| after.split_once(word));
    let item = item.map(|(_, after)| after.trim_end_matches(['.', ')', ' ']));
    let text = |words: &str| Text::line(words).or_absent();
    Some(Meeting { item: item.and_then(text), ..Meeting::on(text(body), date.single()) })
}

/// Whether a line is nothing but a link to a meeting.
fn leads_to_meeting(line: &Line<'_>) -> bool {
    let alone = line.outside().chars().all(|c| !c.is_alphanumeric());
    alone && line.links.iter().any(|link| link.url.as_ref().is_some_and(is_of_meeting))
}

fn is_of_meeting(url: &Url) -> bool {
    url.path().to_ascii_lowercase().ends_with("/ielistdocuments.aspx")
}

/// "This item was considered at the meeting of Cabinet, Friday, 4th December, 2026 9.30 am.": a short sentence around the only
/// link, which leads to that meeting. Where an item came from, or will go to, is another one.
fn told_meeting(line: &Line<'_>) -> Option<Meeting> {
    const AROUND_BYTES_MAX: usize = 100;
    const SAYS: &[&str] = &["agenda", "considered", "cyfarfod", "discussed", "meeting", "nghyfarfod", "taken", "ystyriwyd"];
    const OF_ANOTHER: &[&str] = &[
        "adjourned",
        "also",
        "before",
        "brought",
        "deferred",
        "earlier",
        "forward",
        "future",
        "last",
        "later",
        "minutes",
        "moved",
        "next",
        "ohiriwyd",
        "postponed",
        "previous",
        "previously",
        "referred",
        "see",
    ];
    let [only] = line.links.as_slice() else { return None };
    let around = folded(line.outside());
    let says = |known: &[&str]| around.split(|c: char| !c.is_alphanumeric()).any(|word| known.contains(&word));
    let is_told = around.len() <= AROUND_BYTES_MAX && says(SAYS) && !says(OF_ANOTHER);
    let words = decoded(&only.text);
    let words = words.trim_end_matches('.').trim();
    let bare = ["the ", "meeting of the ", "meeting of "].iter().find_map(|opening| words.strip_prefix(opening));
    let named = || meeting_of(&format!("Meeting of {}", bare.unwrap_or(words)));
    only.url.as_ref().filter(|url| is_told && is_of_meeting(url)).and_then(|_| named()).filter(|meeting| meeting.date.is_some())
}

/// "Back to the meeting", which does not say which.
fn is_way_back(line: &Line<'_>) -> bool {
    const WAYS: &[&str] = &["back to ", "return to ", "yn ôl i", "nôl i"];
    leads_to_meeting(line) && WAYS.iter().any(|way| line.folded().starts_with(way))
}

/// "Agenda for Overview and Scrutiny Board on Monday, 12 April 2021, 2.00 pm": a line that is nothing but a link to the meeting.
fn linked_meeting(line: &Line<'_>) -> Option<Meeting> {
    if !leads_to_meeting(line) {
        return None;
    }
    let words = decoded(&line.text);
    let openings = [
        "Agenda and minutes for ",
        "Agenda for ",
        "Agenda of ",
        "Minutes of ",
        "Back to ",
        "Return to ",
        "Meeting: ",
        "Agenda ar gyfer ",
        "Agenda a chofnodion ar gyfer ",
        "Cofnodion ",
    ];
    let words = openings.iter().find_map(|opening| words.strip_prefix(opening)).unwrap_or(&words);
    let words = words.strip_prefix("the ").unwrap_or(words);
    let words = words.strip_prefix("meeting of ").unwrap_or(words);
    if words.starts_with("Cyfarfod ") {
        return meeting_of(words).filter(|meeting| meeting.date.is_some());
    }
    meeting_of(&format!("Meeting of {words}")).filter(|meeting| meeting.date.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_back_names_the_meeting() {
        let meeting = meeting_of("Meeting of Cabinet, Wednesday, 7th September, 2022 6.00 pm (Item 5.)").unwrap();
        assert_eq!(meeting.body.unwrap(), "Cabinet");
        assert_eq!(meeting.date.unwrap().to_string(), "2022-09-07");
        assert_eq!(meeting.item.unwrap(), "5");
        assert!(meeting_of("Meeting of the board was adjourned").is_none());
        let day_first =
            meeting_of("Meeting of Tuesday, 1st December, 2026 7.30 pm, Licensing Panel (2003 Act) (Item 6.)").unwrap();
        assert_eq!(day_first.body.unwrap(), "Licensing Panel (2003 Act)");
        let welsh = meeting_of("Cyfarfod o'r Pwyllgor Adfer, Dydd Iau, 3ydd Rhagfyr, 2026 2.00 yp (Eitem 7)").unwrap();
        assert_eq!(welsh.body.unwrap(), "Pwyllgor Adfer");
        assert_eq!(welsh.date.unwrap().to_string(), "2026-12-03");
        assert_eq!(welsh.item.unwrap(), "7");
    }
}
