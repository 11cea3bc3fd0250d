//! Whether a notice says that a meeting will not take place on its day: "Please note that this meeting has been cancelled".
//!
//! Clerks say it in the middle of a sentence, after a reason or a courtesy. So it is looked for in every clause, and counts
//! only where what was called off is the meeting itself: not the visit before it, nor the meeting of another day. A meeting
//! that was put off to another day does not take place on its own; one that was moved to its day does.

mod subject;

use super::dates;
use super::sentence::sentences;
use chrono::NaiveDate;
use memchr::memmem::Finder;
use std::sync::LazyLock;
use subject::Subject;

/// Longest notice that is looked into, in bytes.
const NOTICE_BYTES_MAX: usize = 1200;
/// It will not take place.
const ENDED: [&str; 3] = ["cancelled", "canceled", "abandoned"];
/// It will not on this day, unless the words say that it was put off to this day.
const PUT_OFF: &[&str] = &["postponed", "adjourned", "deferred"];
/// It will not on this day, where the words name another.
const MOVED: &[&str] = &["moved", "rescheduled", "re-scheduled", "rearranged", "re-arranged", "brought"];
/// Words of which the verb before such a participle consists.
const VERB: &[&str] = &[
    "also",
    "be",
    "been",
    "formally",
    "had",
    "has",
    "is",
    "now",
    "regrettably",
    "since",
    "subsequently",
    "therefore",
    "to",
    "unfortunately",
    "was",
    "will",
];
/// Those of them that make it a statement.
const STATES: &[&str] = &["had", "has", "is", "was", "will"];
/// How else it is said.
const NEGATIVES: &[&str] = &[
    "did not take place",
    "is no longer taking place",
    "is not going ahead",
    "is not taking place",
    "will no longer be held",
    "will no longer go ahead",
    "will no longer proceed",
    "will no longer take place",
    "will not be held",
    "will not be taking place",
    "will not go ahead",
    "will not now take place",
    "will not proceed",
    "will not take place",
    "will now not take place",
];
/// What each of these ways of saying it holds; most lines hold none.
const TRACES: [&str; 16] = [
    "cancel",
    "abandon",
    "called off",
    "postpone",
    "adjourn",
    "defer",
    "moved",
    "schedule",
    "arrange",
    "brought",
    " not ",
    " no longer ",
    "canslo",
    "canslwyd",
    "ganslo",
    "ohiri",
];
static FINDERS: LazyLock<[Finder<'static>; TRACES.len()]> = LazyLock::new(|| TRACES.map(Finder::new));
/// What may follow where nothing is named that was called off: "Cancelled due to lack of business".
const AFTER_ALONE: &[&str] = &["as", "because", "by", "due", "following", "for", "meeting", "notice", "owing", "to", "until"];

/// Whether `text` says so of the meeting of `body` on `day`.
#[must_use]
pub fn says(text: &str, body: &str, day: Option<NaiveDate>) -> bool {
    if text.len() > NOTICE_BYTES_MAX {
        return false;
    }
    let lowered = text.to_lowercase();
    if !FINDERS.iter().any(|trace| trace.find(lowered.as_bytes()).is_some()) {
        return false;
    }
    let subject = Subject::of(body, day);
    sentences(text).any(|sentence| {
        let plain = sentence.to_lowercase().replace(['’', '‘', '`'], "'").replace("called off", ENDED[0]);
        let raw: Vec<&str> = plain.split_whitespace().collect();
        let words: Vec<&str> = raw.iter().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).collect();
        in_welsh(&words) || subject::starts(&raw, &words).any(|(at, alone)| clause(&subject, words.get(at..), alone, day))
    })
}

/// Whether the words from here on say it. `alone`: nothing need be named that was called off.
fn clause(subject: &Subject<'_>, words: Option<&[&str]>, alone: bool, day: Option<NaiveDate>) -> bool {
    let words = words.unwrap_or_default();
    let known = |word: &&str| ENDED.contains(word) || PUT_OFF.contains(word) || MOVED.contains(word);
    if let Some(at) = words.iter().position(known)
        && let (Some(before), Some(participle), Some(after)) = (words.get(..at), words.get(at), words.get(at + 1..))
    {
        let verb = before.iter().rev().take_while(|word| VERB.contains(word)).count();
        let (head, verb) = before.split_at(before.len() - verb);
        let named = if verb.iter().any(|word| STATES.contains(word)) {
            subject.is(head)
        } else if verb.is_empty() {
            // "The meeting cancelled the contract" is something that it did.
            let acts = after.first().is_some_and(|word| ["a", "all", "an", "its", "the", "their"].contains(word));
            let stands_alone = alone && after.first().is_none_or(|word| AFTER_ALONE.contains(word));
            !acts && if head.is_empty() { stands_alone } else { subject.is(head) && head.len() <= 8 }
        } else {
            false
        };
        if named {
            return stands_no_more(participle, after, day);
        }
    }
    NEGATIVES.iter().any(|phrase| {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        let Some(at) = words.windows(phrase.len()).position(|window| window == phrase) else { return false };
        // "… will not take place at the Town Hall" but elsewhere.
        let elsewhere =
            words.get(at + phrase.len()).is_some_and(|word| ["at", "before", "in", "until", "unless", "if"].contains(word));
        !elsewhere && words.get(..at).is_some_and(|head| subject.is(head))
    })
}

/// Whether what follows the participle leaves the meeting without its day.
fn stands_no_more(participle: &str, after: &[&str], day: Option<NaiveDate>) -> bool {
    let first = after.first().copied().unwrap_or_default();
    if ["if", "unless"].contains(&first) {
        return false;
    }
    if ENDED.contains(&participle) {
        return true;
    }
    let named = dates::find_after(&after.join(" "), day);
    let to_its_day = named.iter().any(|date| date.single().is_some() && date.single() == day);
    let to_another = named.iter().any(|date| date.single() != day);
    let says_where_to = after.iter().take(3).any(|word| ["for", "forward", "on", "to", "until"].contains(word));
    first != "from" && !to_its_day && (PUT_OFF.contains(&participle) || (to_another && says_where_to))
}

/// "Mae'r cyfarfod hwn wedi'i ganslo."
fn in_welsh(words: &[&str]) -> bool {
    const MEETING: &[&str] = &["cyfarfod", "chyfarfod", "gyfarfod"];
    const CALLED_OFF: &[&str] = &["canslo", "chanslo", "ganslo", "gohirio", "ohirio"];
    const BESIDE: &[&str] = &["ar", "cyn", "gyfer", "i", "i'r", "o", "o'r", "ol"];
    const VERBS: &[&str] = &["canslwyd", "gohiriwyd"];
    let Some(at) = words.iter().position(|word| MEETING.contains(word)) else { return false };
    let before = words.get(..at).unwrap_or_default();
    let after = words.iter().skip(at + 1).take(10);
    let has_been = |word: &&str| word.starts_with("wedi") || ["ei", "yn"].contains(word);
    let off = after.clone().position(|word| CALLED_OFF.contains(word));
    let is_off = off.is_some_and(|off| after.clone().take(off).any(has_been));
    let beside = before.iter().rev().take(2).any(|word| BESIDE.contains(word));
    !beside && (is_off || before.iter().any(|word| VERBS.contains(word)))
}

#[cfg(test)]
mod tests;
