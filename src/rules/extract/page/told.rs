//! What an entry of a list tells in a sentence of when and where it takes place: "The board will meet on Tuesday 8 December 2026 at 2pm in
//! the Council Chamber." A sentence that looks back tells of something that is over, and is no announcement.

use super::dated;
use crate::domain::item::Meeting;
use crate::rules::extract::text::Line;
use crate::rules::facts::dates::{self, Date};
use crate::rules::facts::sentences;

/// Longest line that is looked at, in bytes: others tell a story.
const LINE_BYTES_MAX: usize = 400;
/// What is said of something that takes place, and of what does so that only "is".
const HAPPENS: &[&str] = &["gather", "held", "join", "meet", "meets", "sit", "sits"];
const MEETINGS: &[&str] = &["drop-in", "event", "forum", "hearing", "meeting", "session", "workshop"];
/// What is said of what is over.
const PAST: &[&str] = &["agreed", "discussed", "had", "heard", "met", "sat", "took", "was", "were"];

/// The meeting that the lines of an entry announce, where they name one day for it.
pub(super) fn of(lines: &[Line<'_>]) -> Option<Meeting> {
    let mut said: Option<Meeting> = None;
    for (sentence, date) in announcements(lines) {
        let day = date.single()?;
        if said.as_ref().is_some_and(|known| known.date != Some(day)) {
            return None;
        }
        let alone = || {
            let mut times = dates::times(sentence);
            times.pop().filter(|_| times.is_empty()).map(|(start, end, _)| (Some(start), end))
        };
        let (start, end) = if date.start.is_some() { (date.start, date.end) } else { alone().unwrap_or_default() };
        said.get_or_insert(Meeting { start, end, ..Meeting::on(None, Some(day)) });
    }
    said
}

/// Where the lines say that the meeting on that day is.
pub(super) fn place(lines: &[Line<'_>], meeting: &Meeting) -> Option<String> {
    announcements(lines).into_iter().filter(|(_, date)| date.single() == meeting.date).find_map(|(sentence, date)| {
        let (before, after) = (sentence.get(..date.span.start)?, sentence.get(date.span.end..)?);
        named(after).or_else(|| named(before))
    })
}

/// The sentences that announce something on a day, with that day.
fn announcements<'l>(lines: &'l [Line<'_>]) -> Vec<(&'l str, Date)> {
    let told =
        lines.iter().filter(|line| !line.is_heading() && line.text.len() <= LINE_BYTES_MAX && dates::may_hold_any(&line.text));
    let of_line = |line: &'l Line<'_>| {
        sentences(&line.text).filter_map(move |sentence| {
            let mut found = dates::find(sentence);
            let date = found.pop().filter(|_| found.is_empty() && announces(sentence))?;
            let is_until = sentence.get(..date.span.start).is_some_and(dated::ends_in_until);
            (!is_until).then_some((sentence, date))
        })
    };
    told.flat_map(of_line).collect()
}

fn announces(sentence: &str) -> bool {
    let lowered = sentence.to_lowercase();
    let words: Vec<&str> = lowered.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| !word.is_empty()).collect();
    let has = |known: &[&str]| words.iter().any(|word| known.contains(word));
    let takes_place = || words.windows(2).any(|pair| matches!(pair, ["take" | "takes" | "taking", "place"]));
    let is_one = || has(MEETINGS) && has(&["is", "will"]);
    !has(PAST) && (has(HAPPENS) || takes_place() || is_one())
}

/// The first name behind "in" or "at" in words: "in the Council Chamber, Town Hall".
fn named(words: &str) -> Option<String> {
    let mut rest = words;
    loop {
        let at = [" at ", " in "].iter().filter_map(|word| Some(rest.find(word)? + word.len())).min()?;
        rest = rest.get(at..)?;
        let own = rest.strip_prefix("the ").unwrap_or(rest);
        if let Some(name) = name(own) {
            return Some(name);
        }
        rest = words.get(words.len() - rest.len() - 1..)?;
    }
}

/// The words with which a text begins that are one name, in several parts where commas part them.
fn name(words: &str) -> Option<String> {
    const BETWEEN: &[&str] = &["and", "&", "de", "of", "the", "y"];
    let begins = |word: &str| word.starts_with(|c: char| c.is_uppercase());
    let goes_on = |word: &str| begins(word) || word.starts_with(|c: char| c.is_ascii_digit());
    let first = words.split(' ').next().filter(|first| begins(first))?;
    if dates::NAMES.iter().any(|name| first.trim_end_matches(|c: char| !c.is_alphanumeric()).eq_ignore_ascii_case(name)) {
        return None;
    }
    let mut kept = Vec::new();
    let mut parts = words.split(' ').peekable();
    while let Some(word) = parts.next() {
        let is_between = BETWEEN.contains(&word) && parts.peek().is_some_and(|next| begins(next));
        if !goes_on(word) && !is_between {
            break;
        }
        kept.push(word);
        if word.ends_with(['.', ';', ')', '!']) {
            break;
        }
    }
    let name = kept.join(" ");
    let name = name.trim_end_matches(|c: char| !c.is_alphanumeric());
    (dates::find(name).is_empty() && !name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_that_looks_ahead_to_a_meeting_announces_it() {
        for sentence in [
            "The board will meet on Tuesday 8 December 2026.",
            "It takes place on 8 December 2026 at the library.",
            "The next meeting is on 8 December 2026.",
            "Join us on 8 December 2026.",
        ] {
            assert!(announces(sentence), "{sentence}");
        }
        for sentence in [
            "The board met on 8 December 2026.",
            "A meeting was held on 8 December 2026.",
            "The plan comes into force on 8 December 2026.",
            "Tell us what you think before 8 December 2026.",
        ] {
            assert!(!announces(sentence), "{sentence}");
        }
    }

    #[test]
    fn a_name_behind_in_or_at_is_a_place() {
        let check = |words: &str, expect: Option<&str>| assert_eq!(named(words).as_deref(), expect, "{words}");
        check(" in the Council Chamber, Askerdale Town Hall.", Some("Council Chamber, Askerdale Town Hall"));
        check(" at 2pm in Committee Room 2, Town Hall", Some("Committee Room 2, Town Hall"));
        check("Join us at The Old Exchange on ", Some("The Old Exchange"));
        check(" at the Houses of Parliament and online", Some("Houses of Parliament"));
        check(" in December", None);
        check(" at 6.30pm", None);
        check(" in private", None);
    }
}
