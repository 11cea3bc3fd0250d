//! The machine's time, clocks set by hand, and the machine's randomness.

use crate::ports::{Clock, Entropy};
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::BoxFuture;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// A clock that starts at a given time and runs on as real time passes: `once --now`.
#[derive(Clone, Copy, Debug)]
pub struct FixedClock {
    set_to: DateTime<Utc>,
    set_at: Instant,
}

impl FixedClock {
    /// A clock that says `now` now.
    #[must_use]
    pub fn new(now: DateTime<Utc>) -> Self {
        Self { set_to: now, set_at: Instant::now() }
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        let elapsed = TimeDelta::from_std(self.set_at.elapsed()).unwrap_or(TimeDelta::MAX);
        self.set_to.checked_add_signed(elapsed).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// A clock that somebody sets on while the program works, and that runs on in between: the demo's days.
#[derive(Debug)]
pub struct SteppedClock(Mutex<FixedClock>);

impl SteppedClock {
    /// A clock that says `now` now.
    #[must_use]
    pub fn new(now: DateTime<Utc>) -> Self {
        Self(Mutex::new(FixedClock::new(now)))
    }

    /// Sets it to `now`.
    pub fn set(&self, now: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = FixedClock::new(now);
    }
}

impl Clock for SteppedClock {
    fn now(&self) -> DateTime<Utc> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// The operating system's random bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    #[expect(clippy::expect_used, reason = "a machine without randomness can make no token; going on would make guessable ones")]
    fn bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_starts_where_it_is_set_and_runs_on() {
        let set_to = DateTime::from_timestamp(1_600_000_000, 0).unwrap();
        let clock = FixedClock::new(set_to);
        let (first, second) = (clock.now(), clock.now());
        assert!(set_to <= first && first <= second);
        assert!(second - set_to < TimeDelta::hours(1), "it is nowhere near the machine's time");
    }

    #[test]
    fn a_fixed_clock_at_the_end_of_time_stays_there() {
        assert_eq!(FixedClock::new(DateTime::<Utc>::MAX_UTC).now(), DateTime::<Utc>::MAX_UTC);
    }

    #[test]
    fn a_stepped_clock_runs_on_from_where_it_was_last_set() {
        let friday = DateTime::from_timestamp(1_600_000_000, 0).unwrap();
        let clock = SteppedClock::new(friday);
        assert!(clock.now() >= friday);
        clock.set(friday + TimeDelta::days(1));
        let (first, second) = (clock.now(), clock.now());
        assert!(friday + TimeDelta::days(1) <= first && first <= second);
        assert!(second - friday < TimeDelta::hours(25));
    }

    #[test]
    fn entropy_never_repeats() {
        assert_ne!(OsEntropy.bytes(), OsEntropy.bytes());
    }
}
