//! How many own pages of items a poll visits: all that is new or changed, the newest again, a few of the rest in rotation.

use crate::store::records::ItemState;
use chrono::{DateTime, TimeDelta, Utc};

/// Items' own pages that one poll visits.
const ITEM_PAGES_MAX: usize = 60;
/// Of these, items that are read again only because a day has passed.
const ROTATION_PER_POLL: usize = 10;

/// What is read once a day is due after so long: where a source is polled once a day, a poll that comes a minute sooner than the one
/// before it must not put the page off to the next day.
pub(in crate::engine) const DAILY: TimeDelta = TimeDelta::hours(23);

/// Whether an own page that was read then is to be read again in rotation.
pub(super) fn is_due(read: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - read >= DAILY
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_is_read_once_a_day_is_due_at_the_next_day_s_poll_though_that_comes_sooner() {
        let read = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        assert!(is_due(read, read + TimeDelta::days(1) - TimeDelta::minutes(20)));
        assert!(!is_due(read, read + TimeDelta::hours(12)));
    }
}
