//! What people are told of one window. Many want the same and were given the same before: their share is worked out once.

use crate::domain::delivery::Position;
use crate::domain::item::ItemId;
use crate::domain::subscriber::{Cadence, Interests};
use crate::rules::digest::{self, Given, NoticeInFull, Share, Wish};
use crate::store::records::Subscription;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Shares that are remembered; where people differ more than that, they are worked out again.
const REMEMBERED_MAX: usize = 1_024;

/// What somebody wants, and in which part of the window: from a place of the log, up to another where there is one.
pub(super) type Wishes = Vec<(Interests, Position, Option<Position>)>;
/// What decides on a share: what is wanted, was given, was told before they last left, and is muted.
type Ground = (Wishes, Given, BTreeSet<ItemId>, BTreeSet<ItemId>);

/// The shares of one window.
pub(super) struct Shares<'a> {
    notices: &'a [NoticeInFull<'a>],
    first: Position,
    known: HashMap<Ground, (u64, Arc<Share>)>,
    made: u64,
}

impl<'a> Shares<'a> {
    pub(super) fn new(notices: &'a [NoticeInFull<'a>]) -> Self {
        let first = notices.first().map(|n| n.notice.position).unwrap_or_default();
        Self { notices, first, known: HashMap::new(), made: 0 }
    }

    /// What those of `subscriptions` ask for that are of this `cadence`; `None` where there are none.
    pub(super) fn wishes(&self, subscriptions: Vec<Subscription>, cadence: Cadence) -> Option<Wishes> {
        let mut wishes = Wishes::new();
        for subscription in subscriptions.into_iter().filter(|subscription| subscription.cadence == cadence) {
            // Everything from before the window on is the same here.
            let since = subscription.since.max(self.first);
            // What went to another cadence is still told at this one as far as it had not been told when it went.
            wishes
                .extend(subscription.moved.filter(|(_, until)| *until > since).map(|(moved, until)| (moved, since, Some(until))));
            if !subscription.interests.is_empty() {
                wishes.push((subscription.interests, since, None));
            }
        }
        (!wishes.is_empty()).then_some(wishes)
    }

    /// The share of those for whom this decides, and a number for it: one number, one share.
    pub(super) fn of(&mut self, key: Ground) -> (u64, Arc<Share>) {
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let wishes: Vec<Wish<'_>> =
            key.0.iter().map(|(interests, since, until)| Wish { interests, since: *since, until: *until }).collect();
        let share = Arc::new(digest::share(self.notices, &wishes, &key.1, &key.2, &key.3));
        if self.known.len() >= REMEMBERED_MAX {
            self.known.clear();
        }
        self.made += 1;
        self.known.insert(key, (self.made, share.clone()));
        (self.made, share)
    }
}
