//! How far a meeting's papers have come, in the words of the page's heading: "Agenda and draft minutes".

use crate::domain::item::{Document as Attached, Stage};
use crate::rules::extract::document::Document;
use crate::rules::extract::text::{Line, collapsed, folded};
use crate::rules::facts::sections::{self, Section};
use crate::rules::facts::{called_off, dates};

/// Words of which such a heading consists, in English and in Welsh.
const WORDS: &[&str] = &[
    "a",
    "abandoned",
    "ac",
    "agenda",
    "and",
    "approved",
    "canceled",
    "cancelled",
    "canslwyd",
    "chofnodion",
    "confirmed",
    "cofnodion",
    "cyfarfod",
    "decision",
    "decisions",
    "details",
    "draft",
    "drafft",
    "ei",
    "final",
    "ganslo",
    "gofnodion",
    "gohirio",
    "gohiriwyd",
    "hargraffu",
    "i",
    "meeting",
    "minutes",
    "of",
    "ohirio",
    "pack",
    "penderfyniadau",
    "phenderfyniadau",
    "postponed",
    "printed",
    "public",
    "published",
    "reports",
    "rescheduled",
    "sheet",
    "supplementary",
    "terfynol",
    "the",
    "u",
    "unapproved",
    "unconfirmed",
    "wedi",
];

/// Those that say that it will not take place.
const CANCELLED: &[&str] =
    &["abandoned", "cancelled", "canceled", "postponed", "rescheduled", "canslwyd", "ganslo", "gohirio", "gohiriwyd", "ohirio"];

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
    if says(CANCELLED) {
        Some(Stage::Cancelled)
    } else if says(&["minutes", "cofnodion", "chofnodion", "gofnodion"]) {
        Some(if says(&["draft", "drafft", "unapproved", "unconfirmed"]) { Stage::DraftMinutes } else { Stage::Minutes })
    } else {
        says(&["agenda", "decisions", "penderfyniadau", "phenderfyniadau"]).then_some(Stage::Agenda)
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
    let is_off = |text: &str| (is_name(text) && named(text) == Some(Stage::Cancelled)) || says_cancelled(text, title);
    // A notice may lead on to the meeting of the new day.
    let day = dates::find(title).first().and_then(dates::Date::single);
    let led_on = || head.iter().any(|line| !line.links.is_empty() && called_off::says(line.outside(), title, day));
    if headings.iter().any(|text| is_off(text)) || says_cancelled(title, title) || led_on() {
        return Some(Stage::Cancelled);
    }
    let by_heading = headings.iter().find(|text| is_name(text)).and_then(|text| named(text));
    by_heading.or_else(|| in_front_of_title(document, &headings)).or_else(|| inferred(items, documents))
}

/// "Cabinet - Thursday, 15th December, 2022 - CANCELLED", "This meeting has been postponed to 4 March.": on this day it will
/// not take place. `title`: the meeting's, with its day.
fn says_cancelled(text: &str, title: &str) -> bool {
    let folded = folded(text);
    let begins = folded.starts_with("cancelled ") || folded.starts_with("cancelled:");
    let ends = folded.ends_with("(cancelled)") || folded.ends_with("- cancelled");
    let day = dates::find(title).first().and_then(dates::Date::single);
    (text.len() <= 200 && (begins || ends || is_marked(text))) || called_off::says(text, title, day)
}

/// Whether one word in capitals marks what the others name: not all of them, nor what is said of something.
fn is_marked(text: &str) -> bool {
    let mark = |word: &&str| ["CANCELLED", "CANCELED", "POSTPONED"].iter().any(|mark| word.contains(mark));
    let mut before = "";
    text.contains(char::is_lowercase)
        && text.split_whitespace().any(|word| {
            let is_said = ["be", "been", "is", "was", "were"].contains(&before);
            before = word;
            mark(&word) && !is_said
        })
}

/// "CANCELLED", and no more.
pub(super) fn is_called_off(folded: &str) -> bool {
    let bare = folded.trim_matches(|c: char| !c.is_alphanumeric());
    let state = ["this meeting is ", "this meeting has been ", "meeting "].iter().find_map(|words| bare.strip_prefix(words));
    matches!(state.unwrap_or(bare), "cancelled" | "postponed" | "withdrawn")
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
        check("Agenda a chofnodion drafft", Some(Stage::DraftMinutes));
        check("Agenda, penderfyniadau a chofnodion", Some(Stage::Minutes));
        check("Wedi'i ganslo", Some(Stage::Cancelled));
    }

    #[test]
    fn a_cancelled_meeting_is_said_in_several_ways() {
        let says = |text: &str| says_cancelled(text, "Cabinet - 15 December 2022");
        for text in ["Cabinet - 15 December 2022 (Cancelled)", "This meeting has been cancelled.", "CANCELLED - Cabinet"] {
            assert!(says(text), "{text}");
        }
        for text in ["To note the events that were cancelled in March", "The seminar is CANCELLED", "THE BRIEFING WAS CANCELLED"]
        {
            assert!(!says(text), "{text}");
        }
    }
}
