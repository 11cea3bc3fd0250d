//! Whose turn it is: one lock a name, and how long a host has rested since the last request.

use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Mutex as AsyncMutex;

/// So many names are held before those that nobody needs are forgotten; redirects can name any number of hosts.
const NAMES_MAX: usize = 1000;

/// A lock for every name.
pub(super) struct Locks<T> {
    by_name: Mutex<HashMap<String, Arc<AsyncMutex<T>>>>,
}

impl<T> Default for Locks<T> {
    fn default() -> Self {
        Self { by_name: Mutex::default() }
    }
}

impl<T: Default> Locks<T> {
    /// The lock of `name`. `is_needed` says which values of free locks are worth keeping when there are too many.
    pub(super) fn of(&self, name: &str, is_needed: impl Fn(&T) -> bool) -> Arc<AsyncMutex<T>> {
        let mut by_name = self.by_name.lock().unwrap_or_else(PoisonError::into_inner);
        if by_name.len() >= NAMES_MAX && !by_name.contains_key(name) {
            by_name.retain(|_, lock| Arc::strong_count(lock) > 1 || lock.try_lock().is_ok_and(|value| is_needed(&value)));
        }
        Arc::clone(by_name.entry(name.to_owned()).or_default())
    }
}

/// When a host was asked last.
#[derive(Default)]
pub(super) struct Turn {
    last_used: Option<DateTime<Utc>>,
}

impl Turn {
    /// How long the host is still to be left alone; at most `rest`, whatever the clock does.
    pub(super) fn wait(&self, rest: Duration, now: DateTime<Utc>) -> Duration {
        let Some(last_used) = self.last_used else { return Duration::ZERO };
        // A clock that stepped back makes the time since then negative: the whole rest, no more.
        let rested = (now - last_used).to_std().unwrap_or_default();
        rest.saturating_sub(rested)
    }

    pub(super) fn used(&mut self, now: DateTime<Utc>) {
        self.last_used = Some(now);
    }

    /// Whether some rest may still be running.
    pub(super) fn is_recent(&self, now: DateTime<Utc>) -> bool {
        self.last_used.is_some_and(|last_used| now - last_used < TimeDelta::minutes(5))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_left_alone_for_its_rest_and_no_longer() {
        let at = |second: i64| DateTime::from_timestamp(1_700_000_000 + second, 0).unwrap();
        let (rest, mut turn) = (Duration::from_secs(10), Turn::default());
        assert_eq!(turn.wait(rest, at(0)), Duration::ZERO, "nobody asked yet");
        turn.used(at(100));
        for (now, expect) in [(100, 10), (104, 6), (110, 0), (500, 0), (50, 10)] {
            assert_eq!(turn.wait(rest, at(now)), Duration::from_secs(expect), "at {now}");
        }
    }

    #[test]
    fn a_name_has_one_lock_and_idle_names_are_forgotten() {
        let locks = Locks::<u32>::default();
        let held = locks.of("held", |_| false);
        for n in 0..3 * NAMES_MAX {
            locks.of(&n.to_string(), |_| false);
        }
        assert!(Arc::ptr_eq(&held, &locks.of("held", |_| false)));
        assert!(locks.by_name.lock().unwrap().len() <= NAMES_MAX + 1);
    }

    #[test]
    fn a_name_that_is_needed_is_kept() {
        let locks = Locks::<u32>::default();
        *locks.of("resting", |_| false).try_lock().unwrap() = 7;
        for n in 0..2 * NAMES_MAX {
            locks.of(&n.to_string(), |&value| value == 7);
        }
        assert_eq!(*locks.of("resting", |_| false).try_lock().unwrap(), 7);
    }
}
