//! Which sentences of a text changed, and within them which words.

use super::abreast::{Pair, pairs};
use crate::domain::text::Text;
use crate::rules::facts::label::label;
use crate::rules::fingerprint::Said;
use similar::{ChangeTag, DiffOp, TextDiff};

/// Longer sentences are given as a whole: their words are not compared.
const SENTENCE_CHARS_MAX: usize = 2_000;
/// Most sentences that are compared: the comparison is quadratic on unrelated texts, and a pure one has no deadline.
const SENTENCES_COMPARED_MAX: usize = 1_000;

/// One sentence as it was and as it is; `None` where it was not there, or is no more.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SentenceChange {
    /// As it was.
    pub before: Option<Vec<Piece>>,
    /// As it is.
    pub now: Option<Vec<Piece>>,
}

/// Some words of a sentence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    /// The words, with the white space between them.
    pub words: String,
    /// Whether the other side has them not.
    pub changed: bool,
}

impl SentenceChange {
    /// The sentence as it was, without marks.
    #[must_use]
    pub fn plain_before(&self) -> Option<String> {
        self.before.as_deref().map(plain)
    }

    /// The sentence as it is, without marks.
    #[must_use]
    pub fn plain_now(&self) -> Option<String> {
        self.now.as_deref().map(plain)
    }
}

fn plain(pieces: &[Piece]) -> String {
    pieces.iter().map(|p| p.words.as_str()).collect()
}

/// The changes between two texts, in their order; what is only written otherwise is none.
#[must_use]
pub fn sentences(before: Option<&Text>, now: Option<&Text>) -> Vec<SentenceChange> {
    let (old, new) = (said(before), said(now));
    let keys = |side: &[(&str, Said)]| side.iter().map(|(_, said)| said.words.clone()).collect::<Vec<_>>();
    let (old_keys, new_keys) = (keys(&old), keys(&new));
    let (old_keys, new_keys): (Vec<&str>, Vec<&str>) =
        (old_keys.iter().map(String::as_str).collect(), new_keys.iter().map(String::as_str).collect());
    let diff = TextDiff::from_slices(&old_keys, &new_keys);
    diff.ops().iter().flat_map(|op| changes(op, &old, &new)).collect()
}

/// A text's sentences with what they say.
fn said(text: Option<&Text>) -> Vec<(&str, Said)> {
    let sentences = split(text).into_iter().map(|sentence| (sentence, Said::however_spelt(sentence)));
    sentences.filter(|(_, said)| !said.words.is_empty()).collect()
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
        let short = head.trim_start().chars().count() <= 3;
        let is_number = head.ends_with('.')
            && (short || label(head.trim_start()).is_some_and(|label| label.rest.is_empty()))
            && sentences.is_empty();
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

fn changes(op: &DiffOp, old: &[(&str, Said)], new: &[(&str, Said)]) -> Vec<SentenceChange> {
    let was = old.get(op.old_range()).unwrap_or_default();
    let is = new.get(op.new_range()).unwrap_or_default();
    let keys = |side: &[(&str, Said)]| side.iter().map(|(_, said)| said.words.clone()).collect::<Vec<_>>();
    let change = |(before, now): Pair| match (before.and_then(|at| was.get(at)), now.and_then(|at| is.get(at))) {
        (Some((_, before)), Some((_, now))) if before.is_same(now) => None,
        (Some((before, _)), Some((now, _))) => Some(words(before, now)),
        (before, now) => Some(SentenceChange { before: before.map(|(s, _)| whole(s)), now: now.map(|(s, _)| whole(s)) }),
    };
    pairs(&keys(was), &keys(is)).into_iter().filter_map(change).collect()
}

fn whole(sentence: &str) -> Vec<Piece> {
    vec![Piece { words: sentence.to_owned(), changed: false }]
}

/// Marks the words that differ, where the two are short enough for that to help.
pub(super) fn words(before: &str, now: &str) -> SentenceChange {
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
    fn a_sentence_is_compared_with_the_one_that_it_was_and_not_with_one_put_before_it() {
        let before = "The board met in May.\nThe plan for homes was agreed by eight votes to two.\nIt ended at noon.";
        let now = "The board met in May.\nThe plan for roads was agreed by all.\nThe plan for homes was agreed by nine votes to two.\n\
                   It ended at noon.";
        let found = sentences(Some(&Text::new(before)), Some(&Text::new(now)));
        let plain: Vec<_> = found.iter().map(|change| (change.plain_before(), change.plain_now())).collect();
        let said = |words: &str| Some(words.to_owned());
        let expect = [
            (None, said("The plan for roads was agreed by all.")),
            (
                said("The plan for homes was agreed by eight votes to two."),
                said("The plan for homes was agreed by nine votes to two."),
            ),
        ];
        assert_eq!(plain, expect);
        let back = sentences(Some(&Text::new(now)), Some(&Text::new(before)));
        assert_eq!(back.iter().filter(|change| change.now.is_none()).count(), 1);
        let other = sentences(Some(&Text::new("It met.")), Some(&Text::new("Nobody came that day.")));
        assert_eq!(other.len(), 1, "what shares nothing is told side by side");
    }

    #[test]
    fn sentences_end_at_full_stops_but_a_list_number_is_no_sentence() {
        let check = |text: &str, expect: &[&str]| assert_eq!(split(Some(&Text::new(text))), expect, "{text}");
        check("One met. Two left! Why? Three", &["One met.", "Two left!", "Why?", "Three"]);
        check("1. Leadership and management\na. Noted. Agreed.", &["1. Leadership and management", "a. Noted.", "Agreed."]);
        check("102. Improvement plan\n4711. Noted. Agreed.", &["102. Improvement plan", "4711. Noted.", "Agreed."]);
        check("Turnover is 9.9% now.", &["Turnover is 9.9% now."]);
        check("", &[]);
    }
}
