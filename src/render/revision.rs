//! What changed between two contents of an item, as a reader wants to hear it: its classes, then facts, then sentences.
//! Mails, feeds and pages lay out the same words.

use super::documents::document_line;
use super::lines::{decision, line, meeting, next_meeting, stage};
use super::words::{Words, clip};
use crate::domain::item::{Decision, Document, Item};
use crate::domain::revision::RevisionClass;
use crate::rules::fingerprint::{closing, plain};
use crate::rules::revision::{
    DecisionChange, LinkChange, PaperChange, Piece, Reworded, SentenceChange, Turn, classes, decisions, has_another_stage,
    is_retitled, links, papers, repeats, sentences, still_says, turn,
};
use chrono::NaiveDate;
use url::Url;

/// Longest address that is shown, in characters.
const ADDRESS_CHARS_MAX: usize = 200;

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
    /// What is to be heard first; where that is of a meeting, its stage is another for that.
    pub(super) turn: Option<Turn>,
    /// Which words were changed, where any were.
    pub(super) reworded: Reworded,
    /// "Document added: Report (PDF, 468 KB)".
    pub(super) facts: Vec<String>,
    /// Amended decisions, then the first changed sentences that no decision says.
    pub(super) sentences: Vec<Difference>,
    /// Whether there was room for all of it.
    pub(super) is_whole: bool,
    /// What there was no room for, or what else has to be said.
    pub(super) note: Option<String>,
}

impl WhatChanged {
    /// "date moved, papers added"; nothing where it is not known.
    pub(super) fn in_words(&self, words: &Words) -> Option<String> {
        let says = &words.revision;
        let of = |class: &RevisionClass| match (class, self.turn, self.reworded) {
            (RevisionClass::StageChanged, Some(turn), _) => vec![(says.turn)(turn)],
            (RevisionClass::Correction, _, Reworded::Title) => vec![says.title_changed],
            (RevisionClass::Correction, _, Reworded::TitleAndText) => vec![says.title_changed, (says.class)(*class)],
            (class, ..) => vec![(says.class)(*class)],
        };
        let classes: Vec<&str> = self.classes.iter().flat_map(of).collect();
        (!classes.is_empty()).then(|| classes.join(", "))
    }
}

/// Some words as they were and as they are; `None` where they were not there, or are no more.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Difference {
    /// "Decision changed"; nothing of the text.
    pub(super) about: Option<&'static str>,
    pub(super) before: Option<Vec<Piece>>,
    pub(super) now: Option<Vec<Piece>>,
}

impl Difference {
    /// As it was, without marks.
    pub(super) fn plain_before(&self) -> Option<String> {
        self.before.as_deref().map(unmarked)
    }

    /// As it is, without marks.
    pub(super) fn plain_now(&self) -> Option<String> {
        self.now.as_deref().map(unmarked)
    }
}

fn unmarked(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| piece.words.as_str()).collect()
}

/// What a reader who knew `before` should hear about `now`, briefly.
pub(super) fn what_changed(words: &Words, before: Option<&Item>, now: &Item) -> WhatChanged {
    what_changed_within(words, before, now, Shown::BRIEF)
}

/// What a reader who knew `before` should hear about `now`, as much as `shown` allows.
pub(super) fn what_changed_within(words: &Words, before: Option<&Item>, now: &Item, shown: Shown) -> WhatChanged {
    let Some(before) = before else {
        return WhatChanged { note: Some(words.revision.before_not_known.to_owned()), ..WhatChanged::default() };
    };
    let decided = decisions(before, now);
    let mut facts = facts(words, before, now, &decided);
    let amended = decided.iter().filter_map(DecisionChange::difference);
    let amended = amended.map(|change| difference(change, Some(words.revision.decision_changed)));
    let said: Vec<&Decision> = decided.iter().flat_map(DecisionChange::said).collect();
    let others = worded(before, now).into_iter().filter(|change| !is_said(change, &said));
    let mut sentences: Vec<Difference> = amended.chain(others.map(|change| difference(change, None))).collect();
    let hidden = facts.len().saturating_sub(shown.facts) + sentences.len().saturating_sub(shown.sentences);
    facts.truncate(shown.facts);
    sentences.truncate(shown.sentences);
    let sentences: Vec<Difference> = sentences.into_iter().map(|change| shortened(change, shown.sentence_chars)).collect();
    let note = match hidden {
        0 if facts.is_empty() && sentences.is_empty() => Some(words.revision.no_words.to_owned()),
        0 => None,
        n => Some((words.revision.more)(n)),
    };
    let (classes, turn, reworded) = (classes(before, now), turn(before, now), Reworded::between(before, now));
    WhatChanged { classes, turn, reworded, facts, sentences, is_whole: hidden == 0, note }
}

/// The changed sentences of the text, then those of reasons and rejected options that the text has not.
fn worded(before: &Item, now: &Item) -> Vec<SentenceChange> {
    let mut all = sentences(before.text.as_ref(), now.text.as_ref());
    for part in [|item: &Item| item.reasons.clone(), |item: &Item| item.options_rejected.clone()] {
        let further = sentences(part(before).as_ref(), part(now).as_ref());
        let further: Vec<SentenceChange> = further.into_iter().filter(|change| !all.contains(change)).collect();
        all.extend(further);
    }
    all
}

fn difference(change: SentenceChange, about: Option<&'static str>) -> Difference {
    Difference { about, before: change.before, now: change.now }
}

/// Whether a changed sentence is one of the decisions that are told already.
fn is_said(change: &SentenceChange, decisions: &[&Decision]) -> bool {
    let is_one = |sentence: Option<String>| sentence.is_none_or(|line| repeated(&line, decisions));
    is_one(change.plain_before()) && is_one(change.plain_now())
}

/// Whether a line of the text says only what one of these decisions says.
pub(super) fn repeated(line: &str, decisions: &[&Decision]) -> bool {
    let line = plain(line);
    decisions.iter().any(|decision| repeats(&line, decision))
}

/// A sentence that is too long to be shown whole is cut, without its marks.
fn shortened(change: Difference, chars_max: usize) -> Difference {
    let cut = |pieces: Vec<Piece>| {
        let whole = unmarked(&pieces);
        let is_long = whole.chars().count() > chars_max;
        if is_long { vec![Piece { words: clip(&whole, chars_max), changed: false }] } else { pieces }
    };
    Difference { before: change.before.map(cut), now: change.now.map(cut), ..change }
}

fn facts(words: &Words, before: &Item, now: &Item, decided: &[DecisionChange<'_>]) -> Vec<String> {
    let says = &words.revision;
    let mut out = Vec::new();
    if is_retitled(before, now) {
        out.push((says.title_was)(&line(&before.title)));
    }
    let turned = turn(before, now);
    out.extend(turned.map(|turn| (says.turned)(turn).to_owned()));
    let mut was = |name: &str, before: Option<String>, now: Option<String>| {
        if before != now {
            out.push((says.was)(name, before.as_deref()));
        }
    };
    let stages = |item: &Item| item.stage.map(|at| stage(words, at).to_owned());
    if turned.is_none() && has_another_stage(before, now) {
        was(says.the_stage, stages(before), stages(now));
    }
    // A day that has only lost its year is no other one.
    let is_there = |day: Option<NaiveDate>, is: Option<NaiveDate>| is.is_none() && day.is_some_and(|day| still_says(now, day));
    if !is_there(before.published, now.published) {
        was(says.the_publication, before.published.map(words.facts.day), now.published.map(words.facts.day));
    }
    let meets = |item: &Item| item.meeting.as_ref().and_then(|meeting| meeting.date);
    if !is_there(meets(before), meets(now)) {
        was(says.the_meeting, meeting(words, before), meeting(words, now));
    }
    was(says.the_next_meeting, next_meeting(words, before), next_meeting(words, now));
    let days = before.closes.as_ref().zip(now.closes.as_ref()).filter(|_| closing::is_another(before, now));
    out.extend(days.map(|(was, is)| (says.closes)(&line(is), &line(was))));
    out.extend(decided.iter().filter_map(|change| match change {
        DecisionChange::Made(made) => Some((says.decision_added)(&decision(made))),
        DecisionChange::Gone(gone) => Some((says.decision_removed)(&decision(gone))),
        // Word by word it says more.
        DecisionChange::Amended { .. } => None,
    }));
    out.extend(papers(before, now).iter().map(|change| paper(words, change)));
    out.extend(links(before, now).iter().map(|change| match change {
        LinkChange::Moved { before, now } => (says.link_moved)(&address(before), &address(now)),
        LinkChange::Added(url) => (says.link_added)(&address(url)),
        LinkChange::Removed(url) => (says.link_removed)(&address(url)),
    }));
    out
}

fn address(url: &Url) -> String {
    clip(url.as_str(), ADDRESS_CHARS_MAX)
}

fn paper(words: &Words, change: &PaperChange) -> String {
    let says = &words.revision;
    let named = |document: &Document| {
        let line = document_line(words, document);
        format!("{}{}", line.title, line.note)
    };
    match change {
        PaperChange::Added(document) => (says.paper_added)(&named(document)),
        PaperChange::Removed(document) => (says.paper_removed)(&named(document)),
        PaperChange::Replaced { before, now } => (says.paper_replaced)(&named(now), &named(before)),
        PaperChange::Renamed { before, now } => (says.paper_renamed)(&line(&now.title), &line(&before.title)),
        PaperChange::Opened { before, now } if before.restricted => (says.paper_unrestricted)(&named(now)),
        PaperChange::Opened { now, .. } => (says.paper_followed)(&named(now)),
        PaperChange::Closed { now, .. } if now.restricted => (says.paper_restricted)(&named(now)),
        PaperChange::Closed { now, .. } => (says.paper_closed)(&named(now)),
    }
}
