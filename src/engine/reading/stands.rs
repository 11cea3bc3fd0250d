//! What a list adds to the name of a meeting to say how it stands: "POSTPONED", "Cancelled:", "(moved online)". The name without
//! that is what the list called it before.

use crate::rules::facts::dates::NAMES;

/// What is said of a meeting that will not be as it was to be.
const SAY: &[&str] = &[
    "abandoned",
    "adjourned",
    "aildrefnwyd",
    "cancelled",
    "canceled",
    "canslwyd",
    "changed",
    "deferred",
    "gohiriwyd",
    "moved",
    "postponed",
    "rearranged",
    "rescheduled",
    "revised",
    "scheduled",
    "withdrawn",
];
/// What may stand beside it, and days and hours besides.
const BESIDE: &[&str] =
    &["am", "at", "date", "further", "meeting", "new", "notice", "now", "online", "pm", "re", "time", "to", "until", "venue"];
/// What opens a reason, whatever that is.
const REASONS: &[&str] = &["because", "due", "owing"];
/// Longer names are none of a meeting.
const WORDS_MAX: usize = 60;

/// Whether the `list`'s words are a name that `is_known` and, before it, behind it or within it, how the meeting stands.
pub(super) fn is_said(list: &str, is_known: impl Fn(&str) -> bool) -> bool {
    let mut words: Vec<&str> = list.split(' ').filter(|word| !word.is_empty()).collect();
    let reason = words.iter().enumerate().position(|(at, word)| {
        REASONS.contains(word) && words.get(..at).is_some_and(|before| before.iter().any(|word| SAY.contains(word)))
    });
    words.truncate(reason.unwrap_or(WORDS_MAX));
    let says = |part: &[&str]| part.iter().any(|word| SAY.contains(word));
    let (at_end, count) = (trailing(&words), words.len());
    (0..=at_end).rev().any(|behind| {
        let end = count - behind;
        (0..=end).any(|from| {
            let run = words.get(from..end).unwrap_or_default().iter().take_while(|word| may_be_said(word)).count();
            // One part may stand behind, and one before or within; where there is none, that is asked for once.
            (usize::from(from > 0)..=run).any(|length| {
                let [before, within, after, behind] = [0..from, from..from + length, from + length..end, end..count]
                    .map(|range| words.get(range).unwrap_or_default());
                (says(within) || says(behind)) && is_known(&[before, after].concat().join(" "))
            })
        })
    })
}

/// How many of the last words may say how it stands.
fn trailing(words: &[&str]) -> usize {
    words.iter().rev().take_while(|word| may_be_said(word)).count()
}

fn may_be_said(word: &str) -> bool {
    let is_number = word.starts_with(|c: char| c.is_ascii_digit());
    is_number || [SAY, BESIDE, &NAMES].iter().any(|words| words.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::is_said;

    #[test]
    fn how_a_meeting_stands_is_said_before_behind_and_within_its_name() {
        let check = |list: &str, name: &str, expect: bool| assert_eq!(is_said(list, |found| found == name), expect, "{list}");
        for list in [
            "board 5 may postponed",
            "cancelled board 5 may",
            "board cancelled 5 may",
            "postponed board 5 may new date 12 may",
            "board 5 may moved to 12 may at 2 pm",
            "board 5 may cancelled owing to snow on the moor",
        ] {
            check(list, "board 5 may", true);
        }
        check("5 may board postponed", "5 may board", true);
        check("board 5 may", "board 5 may", false);
        check("board 5 may moved on", "board 5 may", false);
        check("board 5 may 12 may", "board 5 may", false);
        check("board 6 may postponed", "board 5 may", false);
        check("postponed", "", true);
        check("", "", false);
    }
}
