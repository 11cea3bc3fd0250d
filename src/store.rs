//! What is known and what is still to do: named, atomic, durable changes over an ordered key space.
//!
//! [`Store`] joins an [`Engine`] (small values, checked commits) with the folder of bodies (what is too large
//! for a value). Callers see records only: which of the two holds one is decided here. Invariant: a commit names only bodies
//! that are already durable, so a stop between the two leaves at most a body that nothing names, which the sweep removes.

pub mod engine;
pub mod bell;
mod files;
pub mod memory;
pub mod sled;
pub mod remote;
pub mod bodies;
pub mod record;
pub mod change;
pub mod records;
mod key;
pub mod polls;
pub mod windows;
pub mod ledger;
pub mod outages;
pub mod outbox;
pub mod letters;
pub mod months;
pub mod subscriptions;
pub mod signups;
pub mod consents;
pub mod people;
pub mod noted;
pub mod erasure;
pub mod moves;
pub mod export;
pub mod link_keys;
pub mod lists;
pub mod again;
pub mod missed;
mod only_to;
mod pace;
mod relay;
pub mod returns;
mod rhythm;
mod suppression;
pub mod suppressed;
pub mod feeds;
pub mod gone;
pub mod open;
pub mod dump;
pub mod snapshots;
mod sweep;
mod migrate;

use crate::domain::bundle::BundleId;
use bell::{Heard, Mark};
use bodies::{Bodies, BodyError, MemoryBodies, Swept};
use change::Change;
use engine::{Engine, EngineError, Key, prefix_range};
use futures::stream::{self, BoxStream, StreamExt};
use memory::MemoryEngine;
use record::{Form, Record, RecordError};
use std::collections::{HashSet, VecDeque};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

/// Rows that [`Store::rows`] holds at a time.
const PAGE_ROWS: usize = 256;

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The engine said no.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A body could not be written or read.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// A value does not read as the record that its key promises, or a record cannot be written as JSON.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The outbox names a bundle that is not there.
    #[error("the bundle {id} is missing: stop boardwatch and restore the last dump")]
    NoBundle {
        /// Which.
        id: BundleId,
    },
    /// A restore began and did not end, so the store is not whole.
    #[error("a restore into this store was cut short: run `boardwatch restore FILE --force` again")]
    HalfRestored,
}

impl StoreError {
    /// Whether somebody else was quicker: read again and decide again.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Engine(EngineError::Conflict { .. }))
    }
}

/// A record as it stands, with what a later change checks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row<T> {
    /// Where it is.
    pub key: Key,
    /// The commit that wrote it.
    pub version: u64,
    /// What it says.
    pub value: T,
}

/// Records over an engine; cheap to clone.
#[derive(Clone)]
pub struct Store {
    engine: Arc<dyn Engine>,
    bodies: Arc<dyn Bodies>,
}

impl Store {
    /// A store over this engine and these bodies.
    pub fn new(engine: Arc<dyn Engine>, bodies: Arc<dyn Bodies>) -> Self {
        Self { engine, bodies }
    }

    /// An empty store that is gone with the last clone.
    pub fn in_memory() -> Self {
        Self::new(Arc::new(MemoryEngine::new()), Arc::new(MemoryBodies::new()))
    }

    /// Whether no other process can be working on the store, so that claims of an earlier one are void.
    pub fn is_exclusive(&self) -> bool {
        self.engine.is_exclusive()
    }

    /// Hears what is written under these `families` of keys: their first parts with the slash, or whole keys.
    pub fn hear(&self, families: &'static [&'static str]) -> Heard {
        Heard::new(self.engine.bell(), families)
    }

    /// This moment, taken before something is read that must still be true later.
    pub fn mark(&self) -> Mark {
        Mark::new(self.engine.bell())
    }

    /// The engine below, for those who hand it on.
    pub fn engine(&self) -> &Arc<dyn Engine> {
        &self.engine
    }

    /// The record at `key`, or `None` where there is none.
    pub async fn read<T: Record>(&self, key: impl Into<Key>) -> Result<Option<Row<T>>, StoreError> {
        let key = key.into();
        match self.engine.get(key.clone()).await? {
            None => Ok(None),
            Some(found) => Ok(Some(self.row(key, found).await?)),
        }
    }

    /// The first `limit` records of `range`, in key order.
    pub async fn scan<T: Record>(&self, range: Range<Key>, limit: usize) -> Result<Vec<Row<T>>, StoreError> {
        let mut rows = Vec::new();
        for (key, found) in self.engine.scan(range, limit).await? {
            rows.push(self.row(key, found).await?);
        }
        Ok(rows)
    }

    /// All records of `range` in key order, a page in memory at a time. Pages are read one after the other, so what is
    /// committed meanwhile may or may not be seen.
    pub fn rows<T: Record + 'static>(&self, range: Range<Key>) -> BoxStream<'_, Result<Row<T>, StoreError>> {
        let start = (range, VecDeque::new(), false);
        stream::try_unfold(start, move |(mut range, mut page, mut is_last)| async move {
            if page.is_empty() && !is_last {
                page = VecDeque::from(self.scan::<T>(range.clone(), PAGE_ROWS).await?);
                is_last = page.len() < PAGE_ROWS;
                if let Some(row) = page.back() {
                    range.start = successor(&row.key);
                }
            }
            Ok(page.pop_front().map(|row| (row, (range, page, is_last))))
        })
        .boxed()
    }

    /// A change to fill and commit.
    pub fn change(&self) -> Change<'_> {
        Change::new(self)
    }

    /// Removes the bodies that no record names and that were last put more than `age_min` ago; `age_min` must be longer than
    /// any commit can take.
    ///
    /// Who has just read a record that was replaced meanwhile may find its body gone: it reads again.
    pub async fn sweep_bodies(&self, age_min: Duration) -> Result<Swept, StoreError> {
        let mut live = HashSet::new();
        let mut range = prefix_range(b"");
        loop {
            let page = self.engine.scan(range.clone(), PAGE_ROWS).await?;
            for (key, found) in &page {
                if let Form::InBody { body, .. } = record::form(key, &found.value)? {
                    live.insert(body);
                }
            }
            match page.last() {
                Some((key, _)) if page.len() == PAGE_ROWS => range.start = successor(key),
                _ => break,
            }
        }
        // Named since then, and old: put again before it was named, and so young.
        Ok(self.bodies.sweep(live, age_min).await?)
    }

    async fn row<T: Record>(&self, key: Key, found: engine::Versioned) -> Result<Row<T>, StoreError> {
        let (schema, json) = self.json(&key, &found.value).await?;
        let value = record::decode(&key, schema, &json)?;
        Ok(Row { key, version: found.version, value })
    }

    /// The schema number and the JSON of a value, wherever the JSON lies.
    pub(crate) async fn json(&self, key: &[u8], value: &[u8]) -> Result<(u8, Vec<u8>), StoreError> {
        match record::form(key, value)? {
            Form::Inline { schema, json } => Ok((schema, json.to_vec())),
            Form::InBody { schema, body } => Ok((schema, self.bodies.get(body).await?)),
        }
    }
}

/// The smallest key after `key`.
fn successor(key: &[u8]) -> Key {
    let mut next = key.to_vec();
    next.push(0);
    next
}

#[cfg(test)]
mod tests;
