//! At most so many messages a minute.

use crate::ports::Clock;
use chrono::{DateTime, TimeDelta, Utc};

/// Counts what goes in a minute.
pub(super) struct Pace {
    per_minute_max: Option<u32>,
    began: DateTime<Utc>,
    spent: usize,
}

impl Pace {
    pub(super) fn new(per_minute_max: Option<u32>, now: DateTime<Utc>) -> Self {
        Self { per_minute_max, began: now, spent: 0 }
    }

    /// How many of `wanted` may go now; waits for the next minute where none may.
    pub(super) async fn room(&mut self, wanted: usize, clock: &dyn Clock) -> usize {
        let Some(max) = self.per_minute_max.map(|max| max as usize) else { return wanted };
        let minute = TimeDelta::minutes(1);
        let mut passed = clock.now() - self.began;
        if self.spent >= max && passed < minute && passed >= TimeDelta::zero() {
            clock.sleep((minute - passed).to_std().unwrap_or_default()).await;
            passed = minute;
        }
        if passed >= minute || passed < TimeDelta::zero() {
            (self.began, self.spent) = (clock.now(), 0);
        }
        wanted.min(max - self.spent.min(max)).max(1)
    }

    pub(super) fn spend(&mut self, sent: usize) {
        self.spent += sent;
    }
}
