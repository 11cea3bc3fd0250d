//! Bodies in memory, for tests and the crash simulation.

use super::{BODY_BYTES_MAX, Bodies, Body, BodyError, BodyHash, Swept};
use futures::future::{BoxFuture, FutureExt};
use std::collections::{BTreeMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Bodies that are gone with the process.
#[derive(Default, Debug)]
pub struct MemoryBodies {
    map: Mutex<BTreeMap<BodyHash, (Instant, Vec<u8>)>>,
}

impl MemoryBodies {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Second bodies that hold what a machine would find after losing power now.
    #[must_use]
    pub fn fork_durable(&self) -> Self {
        Self { map: Mutex::new(self.map().clone()) }
    }

    fn map(&self) -> MutexGuard<'_, BTreeMap<BodyHash, (Instant, Vec<u8>)>> {
        self.map.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bodies for MemoryBodies {
    fn put(&self, body: Body) -> BoxFuture<'_, Result<(), BodyError>> {
        async move {
            if body.content.len() > BODY_BYTES_MAX {
                return Err(BodyError::TooLarge { bytes: body.content.len() });
            }
            self.map().insert(body.hash, (Instant::now(), body.content));
            Ok(())
        }
        .boxed()
    }

    fn get(&self, hash: BodyHash) -> BoxFuture<'_, Result<Vec<u8>, BodyError>> {
        async move { self.map().get(&hash).map(|(_, content)| content.clone()).ok_or(BodyError::Missing { hash }) }.boxed()
    }

    fn sweep(&self, live: HashSet<BodyHash>, age_min: Duration) -> BoxFuture<'_, Result<Swept, BodyError>> {
        async move {
            let mut map = self.map();
            let before = map.len();
            map.retain(|hash, (put_at, _)| live.contains(hash) || put_at.elapsed() < age_min);
            Ok(Swept { kept: map.len() as u64, removed: (before - map.len()) as u64 })
        }
        .boxed()
    }
}
