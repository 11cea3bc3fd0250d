//! Providers that refuse mail to their readers for what they think of us, within a pass: once several of one's readers were
//! refused, the others there wait, and those elsewhere do not.
//!
//! Nothing of it is kept. Who was put off is tried before those who were refused, so that a few readers who want no mail of ours
//! stand in nobody's way for long.

use crate::store::records::Witness;
use chrono::TimeDelta;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// So many readers of one provider are no chance.
const READERS_MIN: usize = 3;

/// How long the others there wait.
pub(super) const REST: TimeDelta = TimeDelta::minutes(30);

/// Why.
pub(super) const REFUSES: &str = "others at the same provider were refused for what it thinks of the sender";

/// Of each provider, who was refused since it took something.
#[derive(Default)]
pub(super) struct Providers(Mutex<HashMap<u32, BTreeSet<u32>>>);

impl Providers {
    pub(super) fn refused(&self, whom: Witness) {
        self.held().entry(whom.provider).or_default().insert(whom.person);
    }

    pub(super) fn took(&self, from: Witness) {
        self.held().remove(&from.provider);
    }

    /// Whether mail to this reader is not tried now.
    pub(super) fn rests(&self, whom: Witness) -> bool {
        self.held().get(&whom.provider).is_some_and(|refused| refused.len() >= READERS_MIN)
    }

    fn held(&self) -> MutexGuard<'_, HashMap<u32, BTreeSet<u32>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
