//! How many own pages of items a poll visits: all that is new or changed, the newest again, a few of the rest in rotation.

use crate::store::records::ItemState;
use chrono::{DateTime, TimeDelta, Utc};

/// Items' own pages that one poll visits.
const ITEM_PAGES_MAX: usize = 60;
/// Of these, items that are read again only because a day has passed.
const ROTATION_PER_POLL: usize = 10;

/// Whether an own page that was read then is to be read again in rotation.
pub(super) fn is_due(read: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - read >= TimeDelta::days(1)
}

/// How many own pages a poll may still visit.
pub(super) struct Budget {
    left: usize,
    rotation: usize,
    reread: usize,
}

impl Budget {
    pub(super) fn new(reread: usize) -> Self {
        Self { left: ITEM_PAGES_MAX, rotation: ROTATION_PER_POLL, reread }
    }

    pub(super) fn spend(&mut self) -> bool {
        let any = self.left > 0;
        self.left = self.left.saturating_sub(1);
        any
    }

    /// The newest are read again at each poll, older ones once a day in rotation.
    pub(super) fn allows(&mut self, rank: usize, item: &ItemState, now: DateTime<Utc>) -> bool {
        if rank < self.reread {
            return self.spend();
        }
        if item.read.is_none_or(|read| is_due(read, now)) && self.rotation > 0 && self.spend() {
            self.rotation -= 1;
            return true;
        }
        false
    }
}
