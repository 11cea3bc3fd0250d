//! What keeps mail from leaving, whoever it is for: one record, there while the trouble lasts.

use super::records::RelayTrouble;
use super::{Row, Store, StoreError, key};

impl Store {
    /// What keeps mail from leaving.
    pub async fn relay_trouble(&self) -> Result<Option<Row<RelayTrouble>>, StoreError> {
        self.read(key::RELAY).await
    }

    /// Records what keeps mail from leaving, or, with `None`, that nothing does. Where somebody else recorded something
    /// meanwhile, theirs stands: it is as true.
    pub async fn record_relay_trouble(
        &self,
        before: Option<&Row<RelayTrouble>>,
        trouble: Option<&RelayTrouble>,
    ) -> Result<(), StoreError> {
        let mut change = self.change();
        match (before, trouble) {
            (None, None) => return Ok(()),
            (None, Some(trouble)) => change.insert(key::RELAY, trouble),
            (Some(row), Some(trouble)) => change.update(row, trouble),
            (Some(row), None) => change.delete(row),
        };
        match change.commit().await {
            Err(error) if !error.is_conflict() => Err(error),
            Ok(_) | Err(_) => Ok(()),
        }
    }
}
