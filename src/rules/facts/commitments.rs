//! What is to be done by when: "… to submit the action plan to Ofsted no later than 20 December 2022."
//!
//! A sentence commits where its verb looks ahead ("will", "to submit", "be brought back") and it names a day, month or year
//! by which. What had been done by then, what may be done, and what readers are asked to send in by then, is none.

use super::dates::deadline::{Deadline, deadlines};
use super::label::label;
use super::sentence::sentences;
use crate::domain::item::Commitment;
use crate::domain::text::Text;
use chrono::NaiveDate;

/// Words that look ahead.
const AHEAD: &[&str] = &[
    "will",
    "shall",
    "must",
    "should",
    "would",
    "aims",
    "aim",
    "aiming",
    "intends",
    "intend",
    "expects",
    "expect",
    "expected",
    "committed",
    "undertook",
    "due",
    "scheduled",
    "target",
    "deadline",
];
/// Words that look back, or leave it open.
const NOT_AHEAD: &[&str] = &[
    "had", "has", "was", "were", "did", "not", "never", "may", "might", "could", "cannot", "unlikely", "can’t", "won’t", "until",
];
/// Verbs that make "to …" a thing to be done, and not a way to somewhere.
const TO_DO: &[&str] = &[
    "achieve",
    "address",
    "adopt",
    "agree",
    "appoint",
    "approve",
    "arrange",
    "assess",
    "be",
    "become",
    "begin",
    "bring",
    "build",
    "carry",
    "change",
    "clear",
    "close",
    "commission",
    "complete",
    "conclude",
    "consider",
    "consult",
    "create",
    "cut",
    "decide",
    "deliver",
    "design",
    "develop",
    "embed",
    "employ",
    "end",
    "ensure",
    "establish",
    "expand",
    "extend",
    "fill",
    "finalise",
    "finish",
    "fund",
    "get",
    "give",
    "go",
    "have",
    "hire",
    "hold",
    "implement",
    "improve",
    "increase",
    "inspect",
    "install",
    "introduce",
    "launch",
    "make",
    "meet",
    "move",
    "open",
    "place",
    "prepare",
    "present",
    "produce",
    "provide",
    "publish",
    "put",
    "reach",
    "receive",
    "recruit",
    "reduce",
    "refresh",
    "remove",
    "repair",
    "replace",
    "reply",
    "report",
    "resolve",
    "respond",
    "restore",
    "return",
    "review",
    "revise",
    "rewrite",
    "roll",
    "secure",
    "see",
    "send",
    "set",
    "share",
    "sign",
    "start",
    "strengthen",
    "submit",
    "take",
    "train",
    "update",
    "upgrade",
    "visit",
    "work",
    "write",
];
/// What other people are to send in: a deadline for readers, no commitment of the council.
const SENT_IN: &[&str] = &[
    "applications",
    "bids",
    "comments",
    "entries",
    "expressions",
    "feedback",
    "nominations",
    "objections",
    "petitions",
    "please",
    "questions",
    "representations",
    "responses",
    "submissions",
    "views",
    "you",
    "your",
];

/// What is longer is no sentence, but figures or a list without stops.
const SENTENCE_BYTES_MAX: usize = 5_000;

/// The commitments in the lines of one item, in order, each once. `after`: the item's own day, from which a day or month
/// without a year is looked for.
#[must_use]
pub fn read(lines: &[&str], after: Option<NaiveDate>) -> Vec<Commitment> {
    let mut found: Vec<Commitment> = Vec::new();
    // Without a day to look from, a date has its year in figures.
    let may_date = |line: &str| after.is_some() || line.contains(|c: char| c.is_ascii_digit());
    let mut resolved = false;
    for line in lines {
        let clause = without_labels(line);
        if may_date(line) {
            let said = sentences(clause).map(without_labels).filter(|sentence| sentence.len() <= SENTENCE_BYTES_MAX);
            for sentence in said {
                for deadline in deadlines(sentence, after).iter().filter(|deadline| commits(sentence, deadline, resolved)) {
                    let Some(quote) = Text::line(sentence).or_absent() else { continue };
                    let commitment = Commitment { due: deadline.due, quote };
                    if !found.contains(&commitment) {
                        found.push(commitment);
                    }
                }
            }
        }
        // "It was agreed that:" holds for the lettered clauses under it.
        resolved = opens_resolution(line) || (resolved && clause.len() < line.trim().len());
    }
    found
}

/// "It was agreed that:", "RESOLVED that". What was noted binds nobody.
fn opens_resolution(line: &str) -> bool {
    let bare = line.trim_end_matches(|c: char| !c.is_alphanumeric());
    if !bare.get(bare.len().saturating_sub("that".len())..).is_some_and(|end| end.eq_ignore_ascii_case("that")) {
        return false;
    }
    let words = words(line);
    words.last().is_some_and(|last| last == "that") && words.iter().any(|word| matches!(word.as_str(), "agreed" | "resolved"))
}

/// Words without the bullets and letters of their lists; Word's lists may repeat them.
fn without_labels(words: &str) -> &str {
    let mut bare = words.trim();
    loop {
        let unmarked =
            bare.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '•' | '·' | '▪' | '●' | '*' | '–' | '-'));
        let rest = label(unmarked).map_or(unmarked, |clause| clause.rest);
        if rest.len() == bare.len() {
            return bare;
        }
        bare = rest;
    }
}

/// `resolved`: the sentence is a clause of a resolution.
fn commits(sentence: &str, deadline: &Deadline, resolved: bool) -> bool {
    let before = words(sentence.get(..deadline.span.start).unwrap_or_default());
    let after = words(sentence.get(deadline.span.end..).unwrap_or_default());
    if before.iter().chain(&after).any(|word| SENT_IN.contains(&word.as_str())) {
        return false;
    }
    let governs = (0..before.len()).rev().find_map(|at| looks_ahead(&before, at));
    // "By 31 August 2025 we will have appointed …": the verb comes later.
    let comes_later = || (0..after.len()).find_map(|at| looks_ahead(&after, at));
    match governs {
        Some(ahead) => ahead,
        None if deadline.called_so => true,
        None if before.len() <= 3 => comes_later() == Some(true),
        // "That the Chief Executive report to Council by …": a resolution needs no auxiliary.
        None => {
            let is_resolved = resolved || before.first().is_some_and(|word| word == "that");
            is_resolved && !before.iter().any(|word| word.starts_with("note"))
        }
    }
}

/// Whether the word at `at` says that the verb looks ahead; `None` for a word that says nothing of it.
fn looks_ahead(words: &[String], at: usize) -> Option<bool> {
    let word = words.get(at)?.as_str();
    let before = at.checked_sub(1).and_then(|at| words.get(at)).map(String::as_str);
    let next = words.get(at + 1).map(String::as_str);
    match word {
        "be" => (!before.is_some_and(|word| NOT_AHEAD.contains(&word))).then_some(true),
        "have" => (!before.is_some_and(|word| word == "to" || AHEAD.contains(&word))).then_some(false),
        "to" => next.is_some_and(|next| TO_DO.contains(&next)).then_some(true),
        "track" => before.is_some_and(|word| word == "on").then_some(true),
        _ if AHEAD.contains(&word) || word.ends_with("’ll") || word.ends_with("'ll") => Some(true),
        _ if NOT_AHEAD.contains(&word) || word.ends_with("n’t") || word.ends_with("n't") => Some(false),
        _ => None,
    }
}

fn words(text: &str) -> Vec<String> {
    let words = text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase());
    words.filter(|word| !word.is_empty()).collect()
}
