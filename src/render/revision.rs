//! What changed between two contents of an item, as a reader wants to hear it: its classes, then facts, then sentences.
//! Mails, feeds and pages lay out the same words.

use super::documents::document_line;
use super::lines::{decision, line, meeting, next_meeting, stage};
use super::words::{clip, day};
use crate::domain::item::{Document, Item};
use crate::domain::revision::{RevisionClass, in_words};
use crate::rules::revision::{PaperChange, Piece, SentenceChange, classes, papers, sentences};

/// How much of a change is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Shown {
    facts: usize,
    sentences: usize,
    /// Longest sentence, in characters.
    sentence_chars: usize,
}

impl Shown {
    /// In mails and feeds.
    pub(super) const BRIEF: Self = Self { facts: 12, sentences: 4, sentence_chars: 500 };
    /// On the item's own page.
    pub(super) const FULL: Self = Self { facts: 100, sentences: 60, sentence_chars: 2_000 };
}

/// What is different, in words.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct WhatChanged {
    /// The leading class first; none where it is not known what was there before.
    pub(super) classes: Vec<RevisionClass>,
    /// "Document added: Report (PDF, 468 KB)".
    pub(super) facts: Vec<String>,
    /// The first changed sentences.
    pub(super) sentences: Vec<SentenceChange>,
    /// What there was no room for, or what else has to be said.
    pub(super) note: Option<String>,
}

impl WhatChanged {
    /// "date moved, papers added"; nothing where it is not known.
    pub(super) fn in_words(&self) -> Option<String> {
        (!self.classes.is_empty()).then(|| in_words(&self.classes))
    }
}

/// What a reader who knew `before` should hear about `now`, briefly.
pub(super) fn what_changed(before: Option<&Item>, now: &Item) -> WhatChanged {
    what_changed_within(before, now, Shown::BRIEF)
}

/// What a reader who knew `before` should hear about `now`, as much as `shown` allows.
pub(super) fn what_changed_within(before: Option<&Item>, now: &Item, shown: Shown) -> WhatChanged {
    let Some(before) = before else {
        return WhatChanged { note: Some("What it said before is not known.".to_owned()), ..WhatChanged::default() };
    };
    let mut facts = facts(before, now);
    let mut sentences: Vec<SentenceChange> = sentences(before.text.as_ref(), now.text.as_ref());
    let hidden = facts.len().saturating_sub(shown.facts) + sentences.len().saturating_sub(shown.sentences);
    facts.truncate(shown.facts);
    sentences.truncate(shown.sentences);
    let sentences: Vec<SentenceChange> = sentences.into_iter().map(|change| shortened(change, shown.sentence_chars)).collect();
    let note = match hidden {
        0 if facts.is_empty() && sentences.is_empty() => Some("No words changed: only their layout or links.".to_owned()),
        0 => None,
        1 => Some("and 1 more change".to_owned()),
        n => Some(format!("and {n} more changes")),
    };
    WhatChanged { classes: classes(before, now), facts, sentences, note }
}

/// A sentence that is too long to be shown whole is cut, without its marks.
fn shortened(change: SentenceChange, chars_max: usize) -> SentenceChange {
    let cut = |pieces: Vec<Piece>| {
        let whole: String = pieces.iter().map(|p| p.words.as_str()).collect();
        let is_long = whole.chars().count() > chars_max;
        if is_long { vec![Piece { words: clip(&whole, chars_max), changed: false }] } else { pieces }
    };
    SentenceChange { before: change.before.map(cut), now: change.now.map(cut) }
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
    let stages = |item: &Item| item.stage.map(stage).map(str::to_owned);
    was("The stage of the papers", stages(before), stages(now));
    was("The date of publication", before.published.map(day), now.published.map(day));
    was("The meeting", meeting(before), meeting(now));
    was("The next meeting", next_meeting(before), next_meeting(now));
    let decisions = |item: &Item| item.decisions.iter().map(decision).collect::<Vec<_>>();
    out.extend(differences("Decision", &decisions(before), &decisions(now)));
    out.extend(papers(before, now).iter().map(paper));
    out
}

fn differences(what: &str, before: &[String], now: &[String]) -> Vec<String> {
    let added = now.iter().filter(|n| !before.contains(n)).map(|n| format!("{what} added: {n}"));
    let removed = before.iter().filter(|b| !now.contains(b)).map(|b| format!("{what} removed: {b}"));
    added.chain(removed).collect()
}

fn paper(change: &PaperChange) -> String {
    match change {
        PaperChange::Added(document) => format!("Document added: {}", named(document)),
        PaperChange::Removed(document) => format!("Document removed: {}", named(document)),
        PaperChange::Replaced { before, now } => format!("Document replaced: {}; it was {}", named(now), named(before)),
        PaperChange::Opened { before, now } if before.restricted => {
            format!("Document no longer restricted: {}", named(now))
        }
        PaperChange::Opened { now, .. } => format!("Document added that was to follow: {}", named(now)),
        PaperChange::Closed { now, .. } if now.restricted => format!("Document now restricted: {}", named(now)),
        PaperChange::Closed { now, .. } => format!("Document no longer there to read: {}", named(now)),
    }
}

fn named(document: &Document) -> String {
    let line = document_line(document);
    format!("{}{}", line.title, line.note)
}
