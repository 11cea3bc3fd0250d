//! How much is done at a time: what one commit holds, and what a stop can cost at most.

use crate::domain::bundle::MEMBERS_MAX;
use std::time::Duration;

/// Sizes of steps; smaller ones make more commits and no other difference.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    /// People read at a time.
    pub people: usize,
    /// Deliveries of one bundle.
    pub bundle: usize,
    /// People looked at in one step of planning, told something or not: what a stop makes us look at again.
    pub looked_at: usize,
    /// Deliveries claimed at a time.
    pub claim: usize,
    /// How long is sent from one claim; what is left of it is given back, so that what is more urgent goes before it.
    pub turn: Duration,
    /// Outcomes that are settled in one commit: what a stop can repeat at most, beside the conversations under way…
    pub fold: usize,
    /// …and how long the first of them waits for more.
    pub fold_wait: Duration,
    /// Sources claimed in one commit, and rows of polls that are recorded in one: what a stop has polled again at most, beside the
    /// polls under way…
    pub polls: usize,
    /// …and how long the first of them waits for more.
    pub polls_wait: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            people: 1_000,
            bundle: MEMBERS_MAX,
            looked_at: 100_000,
            claim: 4_096,
            turn: Duration::from_secs(5),
            fold: 64,
            fold_wait: Duration::from_millis(30),
            polls: 64,
            polls_wait: Duration::from_secs(1),
        }
    }
}
