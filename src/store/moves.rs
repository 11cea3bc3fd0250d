//! Moves from one address to another: those that are asked for, and those that happened. Who is erased, or asks what is held
//! about them, is meant under every address of theirs.

use super::engine::prefix_range;
use super::records::{Person, Request};
use super::{Row, Store, StoreError, key};
use crate::domain::subscriber::{Ending, SubscriberId};
use futures::TryStreamExt;

impl Store {
    /// The requests, each with whose it is, that would take the place of one of these addresses. There are only those of a week.
    pub(super) async fn moves_from(&self, ids: &[SubscriberId]) -> Result<Vec<(SubscriberId, Row<Request>)>, StoreError> {
        let mut found = Vec::new();
        let mut rows = self.rows::<Request>(prefix_range(key::REQUESTS.as_bytes()));
        while let Some(row) = rows.try_next().await? {
            let is_theirs = row.value.instead_of.as_ref().is_some_and(|before| ids.contains(before));
            if let Some(id) = key::requested_by(&row.key).filter(|_| is_theirs && row.value.confirmed.is_none()) {
                found.push((id, row));
            }
        }
        Ok(found)
    }

    /// The addresses that somebody moved away from and that are still held; not one that has come back by a yes of its own.
    pub(super) async fn moved_from(&self, person: &Person) -> Result<Vec<(SubscriberId, Row<Person>)>, StoreError> {
        let mut found = Vec::new();
        for former in &person.formerly {
            let row = self.person(&former.id).await?;
            let moved = row.filter(|row| row.value.suppressed.is_some_and(|(why, _)| why == Ending::Moved));
            found.extend(moved.map(|row| (former.id.clone(), row)));
        }
        Ok(found)
    }
}
