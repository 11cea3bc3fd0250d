//! Why a server is out of use, and how long it is left alone.

use crate::ports::Hop;
use std::time::Duration;
use tokio::time::Instant;

/// A server out of reach is left alone for so long at first, then twice as long each time…
const REST_FIRST: Duration = Duration::from_secs(30);
/// …up to this, where there is another one to turn to.
const REST_MAX: Duration = Duration::from_secs(600);

/// Why a server is out of use.
#[derive(Clone, Debug)]
pub(super) struct Trouble {
    reply: String,
    times: u32,
    until: Instant,
    /// A message has been let through that is to find out.
    is_asked: bool,
}

impl Trouble {
    /// It failed once more. However many lines fail together, the rest grows by one step.
    pub(super) fn after(before: Option<Self>, reply: &str, now: Instant) -> Self {
        let reply = reply.to_owned();
        match before {
            Some(trouble) if !trouble.is_asked && now < trouble.until => Self { reply, ..trouble },
            before => {
                let times = before.map_or(0, |trouble| trouble.times);
                let rest = REST_FIRST.saturating_mul(1 << times.min(16)).min(REST_MAX);
                Self { reply, times: times.saturating_add(1), until: now + rest, is_asked: false }
            }
        }
    }

    /// As an earlier start has learned it. A time that a clock which was wrong makes of that is no longer than any that we would
    /// set.
    pub(super) fn recalled(hop: &Hop, now: Instant) -> Self {
        Self { reply: hop.words.clone(), times: hop.times, until: now + hop.lasts.min(REST_MAX), is_asked: false }
    }

    /// What the next start is to know of it.
    pub(super) fn learned(self, name: String, now: Instant) -> Hop {
        Hop { name, words: self.reply, serves: false, times: self.times, lasts: self.until.saturating_duration_since(now) }
    }

    /// Whether its rest is over.
    pub(super) fn is_over(&self, now: Instant) -> bool {
        now >= self.until
    }

    /// Whether the server is better left alone now. After a rest one message is to find out, which takes `at_most` so long.
    pub(super) fn is_spared(&mut self, at_most: Duration, now: Instant) -> bool {
        let is_spared = now < self.until;
        if !is_spared {
            (self.until, self.is_asked) = (now + at_most, true);
        }
        is_spared
    }
}
