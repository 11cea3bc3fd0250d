//! The engine in memory: for tests, and for the crash simulation.
//!
//! A commit happens as a whole under one lock and is final when it returns, as on disk after the sync. So the two states
//! that a crash can leave are the one before the commit and the one after it; a simulation stops at either and goes on from
//! [`MemoryEngine::fork_durable`].

use super::bell::Bell;
use super::engine::{Check, Engine, EngineError, Key, Versioned, Write, conflict, within_limits};
use futures::future::{BoxFuture, FutureExt, ready};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// An engine that is gone with the process.
#[derive(Default, Debug)]
pub struct MemoryEngine {
    state: Mutex<State>,
    bell: Arc<Bell>,
}

#[derive(Clone, Default, Debug)]
struct State {
    commits: u64,
    map: BTreeMap<Key, Versioned>,
}

impl MemoryEngine {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// A second engine that holds what a machine would find after losing power now.
    #[must_use]
    pub fn fork_durable(&self) -> Self {
        Self { state: Mutex::new(self.state().clone()), bell: Arc::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic cannot leave half a commit: checks come first, and applying does not panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn apply(&self, checks: &[Check], writes: Vec<Write>) -> Result<u64, EngineError> {
        let mut state = self.state();
        for check in checks {
            let (key, wanted) = check.wants();
            if state.map.get(key).map(|found| found.version) != wanted {
                return Err(conflict(key));
            }
        }
        within_limits(&writes)?;
        self.bell.ring(&writes);
        state.commits += 1;
        let version = state.commits;
        for write in writes {
            match write {
                Write::Put(key, value) => drop(state.map.insert(key, Versioned { version, value })),
                Write::Delete(key) => drop(state.map.remove(&key)),
            }
        }
        Ok(version)
    }
}

impl Engine for MemoryEngine {
    fn get(&self, key: Key) -> BoxFuture<'_, Result<Option<Versioned>, EngineError>> {
        ready(Ok(self.state().map.get(&key).cloned())).boxed()
    }

    fn scan(&self, range: Range<Key>, limit: usize) -> BoxFuture<'_, Result<Vec<(Key, Versioned)>, EngineError>> {
        if range.is_empty() {
            return ready(Ok(Vec::new())).boxed();
        }
        let pairs = self.state().map.range(range).take(limit).map(|(key, found)| (key.clone(), found.clone())).collect();
        ready(Ok(pairs)).boxed()
    }

    fn commit(&self, checks: Vec<Check>, writes: Vec<Write>) -> BoxFuture<'_, Result<u64, EngineError>> {
        // Nothing happens before the first poll, as with an engine that has to wait.
        async move { self.apply(&checks, writes) }.boxed()
    }

    fn is_exclusive(&self) -> bool {
        true
    }

    fn bell(&self) -> Option<Arc<Bell>> {
        Some(Arc::clone(&self.bell))
    }
}
