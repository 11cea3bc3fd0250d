//! The one day of a short line that says something of an entry or an article, among other things or alone.

use super::{ABOUT_BYTES_MAX, of_words};
use crate::rules::extract::text::{Line, NodeRef, folded};
use crate::rules::facts::dates;
use chrono::NaiveDate;

/// The only date of a short line that is no sentence.
pub(in crate::rules::extract::page) fn about(text: &str) -> Option<NaiveDate> {
    let is_sentence = text.ends_with(['.', '!', '?', '…']) || text.contains(". ");
    if text.len() > ABOUT_BYTES_MAX || is_sentence || !dates::may_hold_any(text) {
        return None;
    }
    only_date(text).or_else(|| in_part(text)).filter(|_| !speaks_of_change(text) && !says_until(text))
}

/// What stands before such a day.
const UNTIL: &[&str] = &[
    "apply by",
    "apply before",
    "closed",
    "closes",
    "closing",
    "comment by",
    "comments by",
    "consultation closed",
    "consultation closes",
    "consultation ended",
    "consultation ends",
    "dyddiad cau",
    "deadline",
    "due",
    "ended",
    "ending",
    "ends",
    "end date",
    "expires",
    "expiry date",
    "have your say by",
    "open until",
    "reply by",
    "respond by",
    "respond before",
    "responses by",
    "submit by",
    "until",
    "valid until",
    "yn cau",
];

/// "Closes: 27 November 2026", "Closed on 31 July 2026": until when something can be done, and not when it was put there.
pub(in crate::rules::extract::page) fn says_until(text: &str) -> bool {
    let folded = folded(text);
    let words = folded.trim_start_matches(|c: char| !c.is_alphanumeric());
    let parted = |rest: &str| !rest.starts_with(char::is_alphanumeric);
    UNTIL.iter().any(|label| words.strip_prefix(label).is_some_and(parted))
}

/// Whether words end in what stands before such a day: "Local plan (respond by", "closing date:".
pub(in crate::rules::extract::page) fn ends_in_until(before: &str) -> bool {
    let folded = folded(before);
    let words = folded.trim_end_matches(|c: char| !c.is_alphanumeric());
    let words = words.strip_suffix(" on").unwrap_or(words);
    let words = words.strip_suffix(" date").unwrap_or(words);
    let parted = |rest: &str| !rest.ends_with(char::is_alphanumeric);
    UNTIL.iter().any(|label| words.strip_suffix(label).is_some_and(parted))
}

fn speaks_of_change(text: &str) -> bool {
    const WORDS: &[&str] =
        &["updated", "modified", "reviewed", "review date", "next review", "last changed", "diweddarwyd", "ddiweddaru", "adolyg"];
    let folded = folded(text);
    WORDS.iter().any(|word| folded.contains(word))
}

/// The day that is all of one of the elements that share a short line: "Children", "12 Nov 26", "4 min read".
pub(in crate::rules::extract::page) fn in_element(line: &Line<'_>) -> Option<NaiveDate> {
    let is_short = line.text.len() <= ABOUT_BYTES_MAX && !line.text.ends_with(['.', '!', '?', '…']) && line.links.is_empty();
    if line.leaves.len() < 2 || !is_short || !dates::may_hold_any(&line.text) {
        return None;
    }
    let before = |at: usize| line.leaves.get(at.checked_sub(1)?)?.value().as_text();
    let is_until = |at: usize| before(at).is_some_and(|words| ends_in_until(words));
    let day = |(at, leaf): (usize, &NodeRef<'_>)| of_words(leaf.value().as_text()?.trim()).filter(|_| !is_until(at));
    let mut days = line.leaves.iter().enumerate().filter_map(day);
    days.next().filter(|_| days.next().is_none() && !speaks_of_change(&line.text))
}

/// The day that is all of one part of a line: "Board news – 20 Nov 26 – 3 min read".
fn in_part(text: &str) -> Option<NaiveDate> {
    let parts = text.split(['|', '·', '•']).flat_map(|part| part.split(" - ")).flat_map(|part| part.split(" – "));
    let mut days = parts.filter_map(|part| of_words(part.trim()));
    days.next().filter(|_| days.next().is_none())
}

/// The day with which a title begins or ends, with a mark between it and what the title tells: "14 January 2026 - Bridge shut",
/// "Bridge shut (14 January 2026)".
pub(in crate::rules::extract::page) fn set_apart(title: &str) -> Option<NaiveDate> {
    if !dates::may_hold_any(title) {
        return None;
    }
    let found = dates::find(title);
    let [only] = found.as_slice() else { return None };
    let (before, after) = (title.get(..only.span.start)?, title.get(only.span.end..)?);
    let tells = |words: &str| words.contains(char::is_alphabetic);
    let opens = before.is_empty() && after.trim_start().starts_with([':', '-', '–', '—', '|']) && tells(after);
    let closes = before.trim_end().ends_with(['(', '[']) && matches!(after.trim(), ")" | "]") && tells(before);
    (opens || closes && !ends_in_until(before)).then(|| only.single()).flatten()
}

/// The only date in a text.
pub(super) fn only_date(text: &str) -> Option<NaiveDate> {
    let mut found = dates::find(text);
    found.pop().filter(|_| found.is_empty())?.single()
}
