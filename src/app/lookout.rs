//! When a loop that has nothing to do looks again: at the time at which something is due, and when something was written of
//! what it looks at. Until then a beat costs it a few comparisons.

use super::daemon::Live;
use crate::store::bell::Heard;
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;
use tokio::sync::watch;

/// However quiet it is, a loop looks this often: nothing that is due may rest on one comparison alone.
const REST_MAX: TimeDelta = TimeDelta::minutes(1);

/// What a loop waits for between two looks.
pub(super) struct Lookout {
    live: watch::Receiver<Arc<Live>>,
    rest: Rest,
}

impl Lookout {
    /// That of a loop whose work follows from the configuration and from what is written under these `families` of keys.
    pub(super) fn new(live: watch::Receiver<Arc<Live>>, families: &'static [&'static str]) -> Self {
        let heard = live.borrow().world.store.hear(families);
        Self { live, rest: Rest { heard, span: None } }
    }

    /// The configuration to look with, where it is time to. What is written or due from here on is seen by the next look.
    pub(super) fn look(&mut self) -> Option<Arc<Live>> {
        let is_another = self.live.has_changed().unwrap_or(true);
        let live = self.live.borrow_and_update().clone();
        self.rest.is_over(is_another, live.world.clock.now()).then_some(live)
    }

    /// The look showed that nothing is due before `until`.
    pub(super) fn rest_until(&mut self, until: DateTime<Utc>) {
        self.rest.end_at(until);
    }

    /// The look came to nothing, and is to be repeated.
    pub(super) fn look_again(&mut self) {
        self.rest.span = None;
    }
}

/// The time between two looks.
struct Rest {
    heard: Heard,
    /// Nothing is due from the first of these times on and before the second.
    span: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

impl Rest {
    /// Whether it is over; then another one begins. It is where its time has come, where something was written or is
    /// configured otherwise, and where the clock was put back to before it.
    fn is_over(&mut self, is_another_configuration: bool, now: DateTime<Utc>) -> bool {
        // Always asked, so that one look answers all that was written before it.
        let anything = self.heard.anything();
        let rests = self.span.is_some_and(|(from, until)| from <= now && now < until);
        let is_over = is_another_configuration || anything || !rests;
        if is_over {
            self.span = Some((now, now + REST_MAX));
        }
        is_over
    }

    fn end_at(&mut self, until: DateTime<Utc>) {
        if let Some((_, end)) = &mut self.span {
            *end = until.min(*end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;
    use crate::store::records::LogHead;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + second, 0).unwrap()
    }

    /// Looked at second 100.
    fn rest(store: &Store) -> Rest {
        let mut rest = Rest { heard: store.hear(&["log-head"]), span: None };
        assert!(rest.is_over(false, at(100)), "the first look is at once");
        rest
    }

    async fn write(store: &Store, key: &str) {
        let mut change = store.change();
        change.put(key, &LogHead { next: crate::domain::delivery::Position::default() });
        change.commit().await.unwrap();
    }

    #[tokio::test]
    async fn what_becomes_due_is_looked_at_when_it_is_due() {
        let mut rest = rest(&Store::in_memory());
        rest.end_at(at(130));
        assert!(!rest.is_over(false, at(100)) && !rest.is_over(false, at(129)));
        assert!(rest.is_over(false, at(130)));
    }

    #[tokio::test]
    async fn what_is_written_is_looked_at_at_once_and_once() {
        let store = Store::in_memory();
        let mut rest = rest(&store);
        write(&store, "another").await;
        assert!(!rest.is_over(false, at(101)));
        write(&store, "log-head").await;
        assert!(rest.is_over(false, at(102)) && !rest.is_over(false, at(103)));
    }

    #[tokio::test]
    async fn another_configuration_is_looked_at_at_once() {
        let mut rest = rest(&Store::in_memory());
        assert!(!rest.is_over(false, at(101)) && rest.is_over(true, at(102)));
    }

    #[tokio::test]
    async fn a_clock_that_is_put_back_ends_the_rest() {
        let mut rest = rest(&Store::in_memory());
        rest.end_at(at(130));
        assert!(rest.is_over(false, at(99)));
    }

    #[tokio::test]
    async fn nothing_rests_for_longer_than_a_minute() {
        let mut rest = rest(&Store::in_memory());
        rest.end_at(at(100_000));
        assert!(!rest.is_over(false, at(159)) && rest.is_over(false, at(160)));
    }
}
