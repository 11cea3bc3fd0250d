//! One change of what is known: what it rests on and what it writes, committed as a whole.

use super::bodies::Body;
use super::engine::{Check, Key, Write};
use super::record::{self, Record, RecordError};
use super::{Row, Store, StoreError};

/// A change in the making; nothing happens before [`commit`](Self::commit).
#[must_use = "a change that is not committed changes nothing"]
pub struct Change<'a> {
    store: &'a Store,
    checks: Vec<Check>,
    writes: Vec<Write>,
    bodies: Vec<Body>,
    fault: Option<RecordError>,
}

impl<'a> Change<'a> {
    pub(super) fn new(store: &'a Store) -> Self {
        Self { store, checks: Vec::new(), writes: Vec::new(), bodies: Vec::new(), fault: None }
    }

    /// Writes a record where there must be none.
    pub fn insert<T: Record>(&mut self, key: impl Into<Key>, record: &T) -> &mut Self {
        let key = key.into();
        self.checks.push(Check::Absent(key.clone()));
        self.put(key, record)
    }

    /// Writes over a record that must still be as it was read.
    pub fn update<T: Record>(&mut self, row: &Row<T>, record: &T) -> &mut Self {
        self.check(row).put(row.key.clone(), record)
    }

    /// Writes a record, whatever was there.
    pub fn put<T: Record>(&mut self, key: impl Into<Key>, record: &T) -> &mut Self {
        let key = key.into();
        match record::encode(&key, record) {
            Ok(json) => self.put_json(key, T::SCHEMA, json),
            Err(fault) => {
                self.fault.get_or_insert(fault);
                self
            }
        }
    }

    /// Writes the JSON of a record of this schema, whatever was there.
    pub(crate) fn put_json(&mut self, key: Key, schema: u8, json: Vec<u8>) -> &mut Self {
        let (value, body) = record::wrap(schema, json);
        self.bodies.extend(body);
        self.writes.push(Write::Put(key, value));
        self
    }

    /// Rests on a record that must still be as it was read.
    pub fn check<T>(&mut self, row: &Row<T>) -> &mut Self {
        self.checks.push(Check::Version(row.key.clone(), row.version));
        self
    }

    /// Rests on there being no record.
    pub fn check_absent(&mut self, key: impl Into<Key>) -> &mut Self {
        self.checks.push(Check::Absent(key.into()));
        self
    }

    /// Removes a record that must still be as it was read.
    pub fn delete<T>(&mut self, row: &Row<T>) -> &mut Self {
        self.check(row).erase(row.key.clone())
    }

    /// Removes whatever is there.
    pub fn erase(&mut self, key: impl Into<Key>) -> &mut Self {
        self.writes.push(Write::Delete(key.into()));
        self
    }

    /// Whether it would write nothing.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }

    /// Does all of it or nothing; durable when it returns. The version of what it wrote.
    ///
    /// A future that is dropped half-way may still have committed: who must know reads again.
    ///
    /// # Errors
    /// [`is_conflict`](StoreError::is_conflict) where something it rests on has changed.
    pub async fn commit(self) -> Result<u64, StoreError> {
        if let Some(fault) = self.fault {
            return Err(fault.into());
        }
        for body in self.bodies {
            // If we stop here: a body that nothing names, which the sweep removes.
            self.store.bodies.put(body).await?;
        }
        Ok(self.store.engine.commit(self.checks, self.writes).await?)
    }
}
