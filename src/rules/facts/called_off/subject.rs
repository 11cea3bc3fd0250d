//! Whether the words before a verb name the meeting that a page is about.

use crate::rules::facts::dates;
use chrono::NaiveDate;

/// The meeting.
pub(super) struct Subject<'b> {
    body: Vec<&'b str>,
    day: Option<NaiveDate>,
}

/// Words that may stand with "meeting" whatever its body is called.
const BESIDE: &[&str] = &[
    "above",
    "additional",
    "annual",
    "board",
    "committee",
    "council",
    "extraordinary",
    "face-to-face",
    "formal",
    "full",
    "hybrid",
    "in-person",
    "meeting",
    "online",
    "ordinary",
    "our",
    "panel",
    "planned",
    "proposed",
    "public",
    "remote",
    "scheduled",
    "special",
    "that",
    "the",
    "this",
    "today's",
    "tomorrow's",
    "tonight's",
    "urgent",
    "virtual",
];
/// What else may take place on a day.
const EVENTS: &[&str] = &["drop-in", "event", "hearing", "session", "workshop"];
/// Words with which something is said of the meeting before the verb: "scheduled for 20 October".
const BEGIN_MORE: &[&str] = &[
    "arranged",
    "at",
    "date",
    "due",
    "for",
    "in",
    "listed",
    "of",
    "on",
    "originally",
    "planned",
    "previously",
    "scheduled",
    "that",
    "to",
    "which",
];
/// Verbs: what follows one is no longer the subject.
const FINITE: &[&str] = &[
    "agreed",
    "are",
    "asked",
    "can",
    "considered",
    "discussed",
    "follows",
    "had",
    "has",
    "have",
    "heard",
    "is",
    "may",
    "noted",
    "replaces",
    "shall",
    "should",
    "was",
    "were",
    "will",
    "would",
];
/// After these a verb only says when the meeting was to be: "that was due to be held".
const INTENDED: &[&str] =
    &["arranged", "been", "due", "going", "intended", "originally", "planned", "previously", "scheduled", "to"];
/// After these "the meeting" is part of what is called something else: "the visit before this meeting".
const LEADS_TO: &[&str] = &[
    "about",
    "accompanying",
    "after",
    "at",
    "before",
    "by",
    "during",
    "following",
    "follows",
    "for",
    "from",
    "if",
    "in",
    "of",
    "precedes",
    "preceding",
    "prior",
    "replacing",
    "should",
    "since",
    "than",
    "to",
    "unless",
    "until",
    "when",
    "whether",
    "with",
];

impl<'b> Subject<'b> {
    pub(super) fn of(body: &'b str, day: Option<NaiveDate>) -> Self {
        let body = body.split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '-')).filter(|word| !word.is_empty());
        Self { body: body.collect(), day }
    }

    /// Whether these words, in lower case, name it, and no meeting of another day.
    pub(super) fn is(&self, words: &[&str]) -> bool {
        let ellipsis = words.last().is_some_and(|last| ["and", "so"].contains(last));
        let ends = |word: &&str| BEGIN_MORE.contains(word) || (ellipsis && FINITE.contains(word));
        let mut length = words.iter().position(ends).unwrap_or(words.len());
        // "That meeting", "the scheduled meeting": not what is said of one.
        if length < words.iter().position(|word| *word == "meeting").unwrap_or(0) {
            length = words.iter().position(|word| *word == "meeting").map_or(length, |at| at + 1);
        }
        let (head, more) = words.split_at(length);
        let of_body = |word: &&str| self.body.iter().any(|known| known.to_lowercase() == **word);
        let known = |word: &&str| BESIDE.contains(word) || of_body(word);
        let named = head.last().is_some_and(|last| *last == "meeting" || of_body(last)) && head.iter().all(known);
        let states =
            |(at, word): (usize, &&str)| FINITE.contains(word) && !more.get(at + 1).is_some_and(|next| INTENDED.contains(next));
        let days = dates::find_after(&more.join(" "), self.day);
        let of_another_day = !days.is_empty() && self.day.is_some_and(|day| days.iter().all(|date| date.single() != Some(day)));
        // "This event": on the page of one.
        let named = named || matches!(head, ["this", noun] if EVENTS.contains(noun));
        named && (ellipsis || !more.iter().enumerate().any(states)) && !of_another_day
    }
}

/// Where a clause may begin, and whether it may leave out what it is about: at the beginning, after a stop within the
/// sentence or a courtesy, and wherever something is named anew.
pub(super) fn starts<'w>(raw: &'w [&'w str], words: &'w [&'w str]) -> impl Iterator<Item = (usize, bool)> + 'w {
    (0..words.len()).filter_map(move |at| {
        let Some(before) = at.checked_sub(1) else { return Some((at, true)) };
        let (whole, word) = (raw.get(before)?, words.get(before)?);
        if whole.ends_with([':', ';']) || word.is_empty() {
            return Some((at, true));
        }
        let begins = whole.ends_with([',', ')']) || ["that", "note", "advised", "you"].contains(word);
        let named = words.get(at).is_some_and(|word| ["the", "this", "today's", "tonight's"].contains(word));
        (begins || (named && !LEADS_TO.contains(word))).then_some((at, false))
    })
}
