//! What changed between two contents of an item, as a reader wants to hear it: facts first, then the sentences.

use super::documents::document_line;
use super::view::{decision, line, meeting, next_meeting};
use super::words::{clip, day};
use crate::domain::item::{Document, Item};
use crate::domain::text::Text;
use similar::{ChangeTag, DiffOp, TextDiff};

/// Most sentences whose change is shown.
const SENTENCES_SHOWN_MAX: usize = 4;
/// Most facts whose change is shown.
const FACTS_SHOWN_MAX: usize = 12;
/// Longest sentence that is shown, in characters.
const SENTENCE_CHARS_MAX: usize = 500;
/// Most sentences that are compared: the comparison is quadratic on unrelated texts, and a pure one has no deadline.
const SENTENCES_COMPARED_MAX: usize = 1_000;

/// What is different, in words.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Revision {
    /// "Document added: Report (PDF, 468 KB)".
    pub(super) facts: Vec<String>,
    /// The first changed sentences.
    pub(super) sentences: Vec<SentenceChange>,
    /// What there was no room for, or what else has to be said.
    pub(super) note: Option<String>,
}

/// One sentence as it was and as it is; `None` where it was not there, or is no more.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct SentenceChange {
    pub(super) before: Option<Vec<Piece>>,
    pub(super) now: Option<Vec<Piece>>,
}

/// Some words of a sentence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Piece {
    pub(super) words: String,
    pub(super) changed: bool,
}

impl SentenceChange {
    /// The sentence as it was, without marks.
    pub(super) fn plain_before(&self) -> Option<String> {
        self.before.as_deref().map(plain)
    }

    /// The sentence as it is, without marks.
    pub(super) fn plain_now(&self) -> Option<String> {
        self.now.as_deref().map(plain)
    }
}

fn plain(pieces: &[Piece]) -> String {
    pieces.iter().map(|p| p.words.as_str()).collect()
}

/// What a reader who knew `before` should hear about `now`.
pub(super) fn revision(before: Option<&Item>, now: &Item) -> Revision {
    let Some(before) = before else {
        return Revision { note: Some("What it said before is not known.".to_owned()), ..Revision::default() };
    };
    let mut facts = facts(before, now);
    let mut sentences = sentences(before.text.as_ref(), now.text.as_ref());
    let hidden = facts.len().saturating_sub(FACTS_SHOWN_MAX) + sentences.len().saturating_sub(SENTENCES_SHOWN_MAX);
    facts.truncate(FACTS_SHOWN_MAX);
    sentences.truncate(SENTENCES_SHOWN_MAX);
    let note = match hidden {
        0 if facts.is_empty() && sentences.is_empty() => Some("No words changed: only their layout or links.".to_owned()),
        0 => None,
        1 => Some("and 1 more change".to_owned()),
        n => Some(format!("and {n} more changes")),
    };
    Revision { facts, sentences, note }
}

fn facts(before: &Item, now: &Item) -> Vec<String> {
    let mut out = Vec::new();
    if before.title != now.title {
        out.push(format!("The title was “{}”", line(&before.title)));
    }
    let mut was = |name: &str, before: Option<String>, now: Option<String>| {
        if before != now {
            out.push(format!("{name} was {}", before.unwrap_or_else(|| "not given".to_owned())));
        }
    };
    was("The date of publication", before.published.map(day), now.published.map(day));
    was("The meeting", meeting(before), meeting(now));
    was("The next meeting", next_meeting(before), next_meeting(now));
    let decisions = |item: &Item| item.decisions.iter().map(decision).collect::<Vec<_>>();
    out.extend(differences("Decision", &decisions(before), &decisions(now)));
    let documents = |item: &Item| item.documents.iter().map(document).collect::<Vec<_>>();
    out.extend(differences("Document", &documents(before), &documents(now)));
    out
}

fn document(document: &Document) -> String {
    let line = document_line(document);
    format!("{}{}", line.title, line.note)
}

fn differences(what: &str, before: &[String], now: &[String]) -> Vec<String> {
    let added = now.iter().filter(|n| !before.contains(n)).map(|n| format!("{what} added: {n}"));
    let removed = before.iter().filter(|b| !now.contains(b)).map(|b| format!("{what} removed: {b}"));
    added.chain(removed).collect()
}

fn sentences(before: Option<&Text>, now: Option<&Text>) -> Vec<SentenceChange> {
    let (old, new) = (split(before), split(now));
    let diff = TextDiff::from_slices(&old, &new);
    diff.ops().iter().flat_map(|op| changes(op, &old, &new)).collect()
}

/// A text's sentences: lines, and within them what ends in a full stop, question or exclamation mark and a space.
fn split(text: Option<&Text>) -> Vec<&str> {
    let lines = text.map(Text::as_str).unwrap_or_default().lines();
    let sentences = lines.flat_map(sentences_of).map(str::trim).filter(|s| !s.is_empty());
    sentences.take(SENTENCES_COMPARED_MAX).collect()
}

fn sentences_of(line: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut rest = line;
    let mut from = 0;
    while let Some(at) = rest.get(from..).and_then(|tail| tail.find(['.', '?', '!'])).map(|at| from + at) {
        let (head, tail) = rest.split_at(at + 1);
        // The full stop of "1." or "a." at the head of a line ends a number, not a sentence.
        let is_number = head.trim_start().chars().count() <= 3 && head.ends_with('.') && sentences.is_empty();
        if tail.starts_with(' ') && !is_number {
            sentences.push(head);
            (rest, from) = (tail, 0);
        } else {
            from = at + 1;
        }
    }
    sentences.push(rest);
    sentences
}

fn changes(op: &DiffOp, old: &[&str], new: &[&str]) -> Vec<SentenceChange> {
    let was: Vec<&str> = old.get(op.old_range()).unwrap_or_default().to_vec();
    let is: Vec<&str> = new.get(op.new_range()).unwrap_or_default().to_vec();
    if matches!(op, DiffOp::Equal { .. }) {
        return Vec::new();
    }
    (0..was.len().max(is.len()))
        .map(|at| match (was.get(at), is.get(at)) {
            (Some(before), Some(now)) => words(before, now),
            (before, now) => SentenceChange { before: before.map(|s| whole(s)), now: now.map(|s| whole(s)) },
        })
        .collect()
}

fn whole(sentence: &str) -> Vec<Piece> {
    vec![Piece { words: clip(sentence, SENTENCE_CHARS_MAX), changed: false }]
}

/// Marks the words that differ, where the two are short enough to be shown whole.
fn words(before: &str, now: &str) -> SentenceChange {
    if before.chars().count().max(now.chars().count()) > SENTENCE_CHARS_MAX {
        return SentenceChange { before: Some(whole(before)), now: Some(whole(now)) };
    }
    let diff = TextDiff::from_words(before, now);
    let side = |skip: ChangeTag| {
        let mut pieces: Vec<Piece> = Vec::new();
        for change in diff.iter_all_changes().filter(|c| c.tag() != skip) {
            let changed = change.tag() != ChangeTag::Equal;
            match pieces.last_mut().filter(|p| p.changed == changed) {
                Some(piece) => piece.words.push_str(change.value()),
                None => pieces.push(Piece { words: change.value().to_owned(), changed }),
            }
        }
        Some(pieces)
    };
    SentenceChange { before: side(ChangeTag::Insert), now: side(ChangeTag::Delete) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_at_full_stops_but_a_list_number_is_no_sentence() {
        let check = |text: &str, expect: &[&str]| assert_eq!(split(Some(&Text::new(text))), expect, "{text}");
        check("One met. Two left! Why? Three", &["One met.", "Two left!", "Why?", "Three"]);
        check("1. Leadership and management\na. Noted. Agreed.", &["1. Leadership and management", "a. Noted.", "Agreed."]);
        check("Turnover is 9.9% now.", &["Turnover is 9.9% now."]);
        check("", &[]);
    }
}
