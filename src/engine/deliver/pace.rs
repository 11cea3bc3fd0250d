//! At most so many messages in any minute, over passes and restarts.

use crate::ports::Clock;
use crate::store::records::Left;
use crate::store::{Store, StoreError};
use chrono::TimeDelta;

/// Counts what goes in a minute.
pub(super) struct Pace<'a> {
    store: &'a Store,
    clock: &'a dyn Clock,
    per_minute_max: Option<u32>,
    leaving: Option<Left>,
}

impl<'a> Pace<'a> {
    pub(super) fn new(store: &'a Store, clock: &'a dyn Clock, per_minute_max: Option<u32>) -> Self {
        Self { store, clock, per_minute_max, leaving: None }
    }

    /// How many of `wanted` may go now; waits until one may.
    pub(super) async fn room(&self, wanted: usize) -> Result<usize, StoreError> {
        let Some(max) = self.per_minute_max else { return Ok(wanted) };
        loop {
            let now = self.clock.now();
            let lately = self.store.left_lately(now).await?;
            let left = lately.iter().fold(0_u32, |sum, left| sum.saturating_add(left.messages));
            if left < max {
                return Ok(wanted.min((max - left) as usize));
            }
            let first = lately.iter().map(|left| left.by).min().unwrap_or(now);
            let wait = first + TimeDelta::minutes(1) - now;
            self.clock.sleep(wait.to_std().unwrap_or_default().max(std::time::Duration::from_millis(1))).await;
        }
    }

    /// So many of them are about to go.
    pub(super) async fn begin(&mut self, messages: usize) -> Result<(), StoreError> {
        if self.per_minute_max.is_some() {
            let messages = u32::try_from(messages).unwrap_or(u32::MAX);
            self.leaving = Some(self.store.about_to_leave(messages, self.clock.now()).await?);
        }
        Ok(())
    }

    /// So many of them have gone.
    pub(super) async fn end(&mut self, messages: usize) -> Result<(), StoreError> {
        if let Some(leaving) = self.leaving.take() {
            let messages = u32::try_from(messages).unwrap_or(u32::MAX);
            self.store.have_left(leaving, messages, self.clock.now()).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, Utc};
    use futures::future::{BoxFuture, FutureExt};
    use std::sync::Mutex;
    use std::time::Duration;

    struct Hand(Mutex<DateTime<Utc>>);

    impl Clock for Hand {
        fn now(&self) -> DateTime<Utc> {
            *self.0.lock().unwrap()
        }
        fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
            *self.0.lock().unwrap() += duration;
            async {}.boxed()
        }
    }

    #[tokio::test]
    async fn no_minute_has_more_than_its_number_however_often_it_begins_anew() {
        let (store, clock) = (Store::in_memory(), Hand(Mutex::new(DateTime::UNIX_EPOCH)));
        let mut sent: Vec<(DateTime<Utc>, usize)> = Vec::new();
        for round in 0..40_u64 {
            let mut pace = Pace::new(&store, &clock, Some(30));
            let room = pace.room(13).await.unwrap();
            assert!((1..=13).contains(&room));
            pace.begin(room).await.unwrap();
            clock.sleep(Duration::from_secs(round % 7)).await;
            // Each third one is stopped before it can say how many left.
            if round % 3 > 0 {
                pace.end(room).await.unwrap();
            }
            sent.push((clock.now(), room));
        }
        for (at, _) in &sent {
            let within =
                sent.iter().filter(|(other, _)| (*other - *at) >= TimeDelta::zero() && *other - *at < TimeDelta::seconds(54));
            let sum: usize = within.map(|(_, room)| room).sum();
            assert!(sum <= 30, "{sum}");
        }
        assert_eq!(Pace::new(&store, &clock, None).room(1_000).await.unwrap(), 1_000, "no limit");
    }

    #[tokio::test]
    async fn what_did_not_leave_after_all_takes_no_room_and_a_clock_that_was_ahead_ends() {
        let (store, clock) = (Store::in_memory(), Hand(Mutex::new(DateTime::UNIX_EPOCH + TimeDelta::days(2))));
        let mut pace = Pace::new(&store, &clock, Some(5));
        pace.begin(5).await.unwrap();
        pace.end(2).await.unwrap();
        assert_eq!(pace.room(9).await.unwrap(), 3);
        *clock.0.lock().unwrap() = DateTime::UNIX_EPOCH;
        assert_eq!(pace.room(9).await.unwrap(), 3);
        assert_eq!(clock.now(), DateTime::UNIX_EPOCH, "nobody waited for two days");
    }
}
