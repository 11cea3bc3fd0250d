//! How far a meeting's papers have come, in the words of the page's heading: "Agenda and draft minutes".

use crate::domain::item::{Document as Attached, Stage};
use crate::rules::extract::document::Document;
use crate::rules::extract::text::{Line, collapsed, folded};
use crate::rules::facts::sections::{self, Section};

/// Words of which such a heading consists.
const WORDS: &[&str] = &[
    "agenda",
    "and",
    "approved",
    "canceled",
    "cancelled",
    "confirmed",
    "decision",
    "decisions",
    "details",
    "draft",
    "final",
    "meeting",
    "minutes",
    "of",
    "pack",
    "postponed",
    "printed",
    "public",
    "published",
    "reports",
    "sheet",
    "supplementary",
    "the",
    "unapproved",
    "unconfirmed",
];

/// Whether a text is nothing but the name of a stage: "Agenda and minutes", "CANCELLED".
pub(in super::super) fn is_name(text: &str) -> bool {
    // Most lines begin with another word.
    let opens = |word: &str| WORDS.iter().any(|known| known.eq_ignore_ascii_case(word));
    if text.is_ascii() && !words(text).next().is_some_and(opens) {
        return false;
    }
    let folded = folded(text);
    let mut words = words(&folded).peekable();
    folded.len() <= 60 && words.peek().is_some() && words.all(|word| WORDS.contains(&word)) && named(text).is_some()
}

/// The stage that a text names which says nothing else: "- CANCELLED".
pub(in super::super) fn of(text: &str) -> Option<Stage> {
    named(text).filter(|_| is_name(text))
}

/// The stage that a heading names.
fn named(text: &str) -> Option<Stage> {
    let folded = folded(text);
    let says = |wanted: &[&str]| words(&folded).any(|word| wanted.contains(&word));
    if says(&["cancelled", "canceled", "postponed"]) {
        Some(Stage::Cancelled)
    } else if says(&["minutes"]) {
        Some(if says(&["draft", "unapproved", "unconfirmed"]) { Stage::DraftMinutes } else { Stage::Minutes })
    } else {
        says(&["agenda", "decisions"]).then_some(Stage::Agenda)
    }
}

fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// The stage of a meeting. `head`: the lines before its first item. `items`: those from there on.
pub(super) fn read(
    document: &Document,
    head: &[Line<'_>],
    title: &str,
    items: &[Line<'_>],
    documents: &[Attached],
) -> Option<Stage> {
    let mut headings: Vec<String> =
        document.all("h1, .mgMainTitleTxt").into_iter().map(|e| collapsed(&e.text().collect::<String>())).collect();
    headings.extend(head.iter().filter(|line| line.links.is_empty()).map(|line| line.text.clone()));
    let cancelled = headings.iter().any(|text| (is_name(text) && named(text) == Some(Stage::Cancelled)) || says_cancelled(text));
    if cancelled || says_cancelled(title) {
        return Some(Stage::Cancelled);
    }
    let by_heading = headings.iter().find(|text| is_name(text)).and_then(|text| named(text));
    by_heading.or_else(|| in_front_of_title(document, &headings)).or_else(|| inferred(items, documents))
}

/// "Cabinet - Thursday, 15th December, 2022 - CANCELLED", "This meeting has been postponed to 4 March.": on this day it will
/// not take place.
fn says_cancelled(text: &str) -> bool {
    let folded = folded(text);
    let meeting = ["this meeting", "the meeting", "meeting"].iter().any(|words| folded.starts_with(words));
    let verbal = meeting
        && ["has been cancelled", "was cancelled", "is cancelled", "been canceled", "has been postponed", "is postponed"]
            .iter()
            .any(|said| folded.contains(said));
    let marked = ["CANCELLED", "CANCELED", "POSTPONED"].iter().any(|word| text.contains(word))
        || folded.ends_with("(cancelled)")
        || folded.ends_with("- cancelled");
    let begins = folded.starts_with("cancelled ") || folded.starts_with("cancelled:");
    text.len() <= 300 && (verbal || ((marked || begins) && text.len() <= 200))
}

/// "Agenda and minutes for Cabinet on Thursday, 15th December, 2022": in a heading, or in the page's `<title>`.
fn in_front_of_title(document: &Document, headings: &[String]) -> Option<Stage> {
    let heads = [document.meta("DC.title"), document.head_title()];
    let texts = headings.iter().take(3).chain(heads.iter().flatten());
    texts.into_iter().find_map(|text| {
        let end = [" for ", " of ", ":", " - ", " – ", ", "].iter().filter_map(|parting| text.find(parting)).min()?;
        text.get(..end).filter(|front| is_name(front)).and_then(named)
    })
}

/// Without a heading: what the page holds.
fn inferred(items: &[Line<'_>], documents: &[Attached]) -> Option<Stage> {
    let by_file = documents.iter().find_map(|document| {
        let name = folded(document.title.as_str());
        (name.starts_with("printed") || is_name(&name)).then(|| named(&name)).flatten().filter(|stage| *stage != Stage::Agenda)
    });
    let has_minutes = || items.iter().any(|line| matches!(sections::heading(&line.text), Some((Section::Minutes, _))));
    by_file.or_else(|| has_minutes().then_some(Stage::Minutes)).or_else(|| (!items.is_empty()).then_some(Stage::Agenda))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_names_the_stage() {
        let check = |text: &str, expect: Option<Stage>| assert_eq!(named(text).filter(|_| is_name(text)), expect, "{text}");
        check("Agenda", Some(Stage::Agenda));
        check("Agenda and decisions", Some(Stage::Agenda));
        check("Agenda and draft minutes", Some(Stage::DraftMinutes));
        check("Agenda, decisions and minutes", Some(Stage::Minutes));
        check("Printed minutes", Some(Stage::Minutes));
        check("CANCELLED", Some(Stage::Cancelled));
        check("Agenda - CANCELLED", Some(Stage::Cancelled));
        check("POSTPONED, Agenda", Some(Stage::Cancelled));
        check("Minutes of the previous meeting", None);
        check("Agenda item", None);
        check("Meeting details", None);
    }

    #[test]
    fn a_cancelled_meeting_is_said_in_several_ways() {
        for text in ["Cabinet - 15 December 2022 (Cancelled)", "This meeting has been cancelled.", "CANCELLED - Cabinet"] {
            assert!(says_cancelled(text), "{text}");
        }
        assert!(!says_cancelled("To note the events that were cancelled in March"));
    }
}
