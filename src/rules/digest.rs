//! Who is told what in a window: one person's digest, from the log's notices, their subscriptions and what they were given.
//!
//! Several notices about one item become one: new and then corrected is new, in its latest words; new and then withdrawn
//! is nothing; corrected twice is one correction from the words before the first. What nobody had been told of when somebody came
//! is new to them too, though its first notice is from before they came. A withdrawal, and a return after one, is told only to those
//! who had been told of the item; who had been told of it before they left and came back, only if they follow it now. That a meeting to
//! come is withdrawn is told to all who follow it: people read on the council's page when it is. Invariant: planning twice with the same ledger plans the second time nothing.

use super::interest;
use crate::domain::delivery::{Notice, Position, Told};
use crate::domain::item::{Change, Item, ItemId};
use crate::domain::source::Source;
use crate::domain::subscriber::Interests;
use std::collections::{BTreeMap, BTreeSet};

/// A notice with what it is about.
#[derive(Clone, Copy, Debug)]
pub struct NoticeInFull<'a> {
    /// The notice.
    pub notice: &'a Notice,
    /// The content that it announces.
    pub item: &'a Item,
    /// Where it was found.
    pub source: &'a Source,
    /// Whether it withdraws a meeting that had still to come by then.
    pub calls_off: bool,
}

/// What somebody wants, and from where in the log on.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// What.
    pub interests: &'a Interests,
    /// Notices before it are not theirs.
    pub since: Position,
    /// Nor are those at or after it.
    pub until: Option<Position>,
}

impl Wish<'_> {
    fn covers(&self, position: Position) -> bool {
        self.since <= position && self.until.is_none_or(|until| position < until)
    }
}

/// Which notices of which items somebody was given before.
pub type Given = BTreeMap<ItemId, BTreeSet<Position>>;

/// One person's share of a window.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Share {
    /// What the message tells, oldest first; empty means no message.
    pub told: Vec<Told>,
    /// Every notice that is thereby given, for the ledger.
    pub covered: Vec<(ItemId, Position)>,
}

/// What the person is to be told, given the `notices` of a window in log order; nothing of what they `muted`. `before`: of what
/// they had been told when they last left.
#[must_use]
pub fn share(
    notices: &[NoticeInFull<'_>],
    wishes: &[Wish<'_>],
    given: &Given,
    before: &BTreeSet<ItemId>,
    muted: &BTreeSet<ItemId>,
) -> Share {
    // Whoever comes while findings gather, or a window runs, comes before anybody is told of these.
    let announced: BTreeSet<&ItemId> =
        notices.iter().map(|n| n.notice).filter(|n| n.change == Change::New).map(|n| &n.item).collect();
    let mut by_item: BTreeMap<&ItemId, Vec<&NoticeInFull<'_>>> = BTreeMap::new();
    for notice in notices.iter().filter(|notice| !muted.contains(&notice.notice.item)) {
        let item = &notice.notice.item;
        let positions = given.get(item);
        let repeated = positions.is_some_and(|positions| positions.contains(&notice.notice.position));
        let joined = wishes.iter().any(|w| w.covers(notice.notice.position));
        let told_before = positions.is_some_and(|positions| !positions.is_empty());
        if !repeated && joined && (told_before || concerns(notice, wishes)) {
            by_item.entry(item).or_default().push(notice);
        }
    }
    let mut share = Share::default();
    for (item, notices) in by_item {
        let told_before = given.get(item).is_some_and(|positions| !positions.is_empty()) || before.contains(item);
        let is_new = !told_before && announced.contains(item);
        if let Some(told) = merge(&notices, told_before, is_new) {
            share.told.push(told);
            share.covered.extend(notices.iter().map(|n| (item.clone(), n.notice.position)));
        }
    }
    share.told.sort_by_key(|told| told.position);
    share.covered.sort();
    share
}

/// What is to be said of an item where deliveries before this one, which were to tell their reader of it, did not leave: what those
/// had to say, in their order, is said by this one. `was_told`: another one before them left. `None`: nothing is left to say.
#[must_use]
pub fn caught_up(told: &Told, unsent: &[Told], was_told: bool) -> Option<Told> {
    if unsent.is_empty() || told.change == Change::New {
        return Some(told.clone());
    }
    let is = |change| move |told: &&Told| told.change == change;
    let since = unsent.iter().find(is(Change::Revised)).and_then(|first| first.previous);
    let is_news = !was_told && unsent.iter().any(|told| told.change == Change::New);
    let (change, previous) = match told.change {
        Change::Withdrawn if !was_told => return None,
        Change::New | Change::Withdrawn => (told.change, told.previous),
        Change::Revised | Change::Returned if is_news => (Change::New, None),
        // Gone and back, and nobody had heard that it was gone: only what was changed besides is worth a word.
        Change::Returned if unsent.iter().any(|told| told.change == Change::Withdrawn) => (Change::Revised, Some(since?)),
        Change::Returned => (Change::Returned, told.previous),
        Change::Revised => (Change::Revised, since.or(told.previous)),
    };
    Some(Told { change, previous, ..told.clone() })
}

fn concerns(notice: &NoticeInFull<'_>, wishes: &[Wish<'_>]) -> bool {
    wishes.iter().any(|wish| {
        wish.covers(notice.notice.position) && interest::matches(wish.interests, notice.source, notice.item).is_some()
    })
}

/// What these notices of one item come to for somebody who was `told_before` of it, or to whom a correction of it `is_new`.
fn merge(notices: &[&NoticeInFull<'_>], told_before: bool, is_new: bool) -> Option<Told> {
    let last = notices.last()?.notice;
    let first_revised = notices.iter().map(|n| n.notice).find(|n| n.change == Change::Revised);
    let began_here = notices.iter().any(|n| n.notice.change == Change::New) || (is_new && first_revised.is_some());
    let withdrawn_here = notices.iter().any(|n| n.notice.change == Change::Withdrawn);
    let change = match (began_here, last.change) {
        (true, Change::Withdrawn) => return None,
        (true, Change::New | Change::Revised | Change::Returned) => Change::New,
        (false, Change::Withdrawn | Change::Returned) if !told_before && !notices.last()?.calls_off => return None,
        // Gone and back within one window: only what was changed besides is worth a word.
        (false, Change::Returned) if withdrawn_here && first_revised.is_none() => return None,
        (false, Change::Returned) if withdrawn_here => Change::Revised,
        (false, other) => other,
    };
    Some(Told {
        change,
        item: last.item.clone(),
        source: last.source.clone(),
        revision: last.revision,
        previous: first_revised.filter(|_| change == Change::Revised).map(|n| n.revision.saturating_sub(1)).filter(|n| *n > 0),
        position: last.position,
    })
}

#[cfg(test)]
mod tests;
