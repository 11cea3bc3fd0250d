//! At most so many messages in any minute, over passes and restarts; some of them are kept for what is urgent, so that a letter
//! does not wait for the next minute behind a digest of many.

use super::claiming::Claiming;
use crate::domain::bundle::Lane;
use crate::domain::subscriber::Cadence;
use crate::ports::Clock;
use crate::store::records::Left;
use crate::store::{Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;

/// Of so many messages of a minute one is kept for letters, and one more for what is told at once.
const ONE_IN: u32 = 10;
/// Whoever waits for the next minute looks up so often, to see whether to stop.
const LOOK_UP: Duration = Duration::from_secs(1);

/// Counts what goes in a minute.
pub(super) struct Pace<'a> {
    store: &'a Store,
    clock: &'a dyn Clock,
    per_minute_max: Option<u32>,
    leaving: Option<Left>,
}

/// What may go now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Room {
    /// Of these lanes, the most urgent ones…
    pub(super) lanes: &'static [Lane],
    /// …so many…
    pub(super) usual: usize,
    /// …and with what is more urgent and comes meanwhile, so many.
    pub(super) most: usize,
}

impl Room {
    /// The lanes for which there is none.
    pub(super) fn closed(&self) -> &'static [Lane] {
        const ALL: &[Lane] = &Lane::ALL;
        ALL.get(self.lanes.len()..).unwrap_or_default()
    }
}

/// How many of a minute's messages are kept for lanes that are more urgent than this one.
fn kept(max: u32, lane: Lane) -> u32 {
    let share = (max / ONE_IN).max(1);
    let kept = match lane {
        Lane::Letter => 0,
        Lane::Digest(Cadence::Immediate) => share,
        Lane::Digest(Cadence::Daily | Cadence::Weekly) => share.saturating_mul(2),
    };
    kept.min(max.saturating_sub(1))
}

impl<'a> Pace<'a> {
    pub(super) fn new(store: &'a Store, clock: &'a dyn Clock, per_minute_max: Option<u32>) -> Self {
        Self { store, clock, per_minute_max, leaving: None }
    }

    /// What of `wanted` may go now; it may be nothing.
    pub(super) async fn room(&self, wanted: usize) -> Result<Room, StoreError> {
        const ALL: &[Lane] = &Lane::ALL;
        let Some(max) = self.per_minute_max else { return Ok(Room { lanes: ALL, usual: wanted, most: wanted }) };
        let lately = self.store.left_lately(self.clock.now()).await?;
        let left = lately.iter().fold(0_u32, |sum, left| sum.saturating_add(left.messages));
        let free = max.saturating_sub(left);
        let open = ALL.iter().take_while(|lane| free > kept(max, **lane)).count();
        let lanes = ALL.get(..open).unwrap_or_default();
        let usual = lanes.last().map_or(0, |lane| free - kept(max, *lane));
        Ok(Room { lanes, usual: wanted.min(usual as usize), most: wanted.min(free as usize) })
    }

    /// Waits until there may be more room, or something may be due for which there is some.
    pub(super) async fn wait(&self, claiming: &mut Claiming<'_>) -> Result<(), StoreError> {
        let now = self.clock.now();
        let lately = self.store.left_lately(now).await?;
        let wait = wait_for_room(lately.iter().map(|left| left.by).min(), now);
        tokio::select! {
            () = self.clock.sleep(wait.min(LOOK_UP)) => {}
            () = claiming.rung() => {}
        }
        Ok(())
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

/// How long it takes until the first that left is a minute ago.
fn wait_for_room(first: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Duration {
    let wait = first.unwrap_or(now) + TimeDelta::minutes(1) - now;
    wait.to_std().unwrap_or_default().max(Duration::from_millis(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::future::{BoxFuture, FutureExt};
    use std::sync::Mutex;

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
            let mut room = pace.room(13).await.unwrap().most;
            while room == 0 {
                clock.sleep(LOOK_UP).await;
                room = pace.room(13).await.unwrap().most;
            }
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
        let all = Room { lanes: &Lane::ALL, usual: 1_000, most: 1_000 };
        assert_eq!(Pace::new(&store, &clock, None).room(1_000).await.unwrap(), all, "no limit");
    }

    #[tokio::test]
    async fn the_last_of_a_minute_are_kept_for_what_is_urgent() {
        let (store, clock) = (Store::in_memory(), Hand(Mutex::new(DateTime::UNIX_EPOCH)));
        let mut pace = Pace::new(&store, &clock, Some(100));
        for (lanes, usual) in [(4, 80), (2, 10), (1, 10), (0, 0)] {
            let room = pace.room(1_000).await.unwrap();
            assert_eq!((room.lanes.len(), room.usual, room.closed().len()), (lanes, usual, 4 - lanes));
            pace.begin(usual).await.unwrap();
            pace.end(usual).await.unwrap();
        }
        for (max, expect) in [(1, [1, 1, 1, 1]), (2, [2, 1, 1, 1]), (3, [3, 2, 1, 1]), (30, [30, 27, 24, 24])] {
            assert_eq!(Lane::ALL.map(|lane| max - kept(max, lane)), expect, "nobody is left without any");
        }
    }

    #[tokio::test]
    async fn what_did_not_leave_after_all_takes_no_room_and_a_clock_that_was_ahead_ends() {
        let (store, clock) = (Store::in_memory(), Hand(Mutex::new(DateTime::UNIX_EPOCH + TimeDelta::days(2))));
        let mut pace = Pace::new(&store, &clock, Some(5));
        pace.begin(5).await.unwrap();
        pace.end(2).await.unwrap();
        assert_eq!(pace.room(9).await.unwrap().most, 3);
        *clock.0.lock().unwrap() = DateTime::UNIX_EPOCH;
        assert_eq!(pace.room(9).await.unwrap().most, 3);
        assert_eq!(clock.now(), DateTime::UNIX_EPOCH, "nobody waited for two days");
    }
}
