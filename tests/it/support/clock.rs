//! A clock that moves only when somebody waits, or when told.

use boardwatch::ports::Clock;
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::BoxFuture;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Its hands; copies show the same time.
#[derive(Clone, Debug)]
pub struct SteppingClock(Arc<Mutex<DateTime<Utc>>>);

impl SteppingClock {
    /// A clock that shows `now`, in RFC 3339.
    pub fn at(now: &str) -> Self {
        Self(Arc::new(Mutex::new(now.parse().expect("a time in RFC 3339"))))
    }

    /// Moves it on.
    pub fn advance(&self, by: TimeDelta) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for SteppingClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        self.advance(TimeDelta::from_std(duration).expect("a wait of less than an age"));
        Box::pin(tokio::task::yield_now())
    }
}
