//! The records of consent of one person, the oldest first.

use super::change::Change;
use super::engine::prefix_range;
use super::{Row, Store, StoreError, key};
use crate::domain::consent::Consent;
use crate::domain::delivery::Position;
use crate::domain::subscriber::SubscriberId;

/// Consents of one person that are read; a change a day for ten years is fewer.
const CONSENTS_MAX: usize = 4_000;

/// Makes a record of consent part of `change`.
pub(super) fn put_consent(change: &mut Change<'_>, id: &SubscriberId, at: Position, consent: &Consent) {
    change.insert(key::consent(id, at), consent);
}

impl Store {
    /// The yes that stands at this place.
    pub async fn consent(&self, id: &SubscriberId, at: Position) -> Result<Option<Row<Consent>>, StoreError> {
        self.read(key::consent(id, at)).await
    }

    /// What somebody said yes to, the oldest first.
    pub async fn consents(&self, id: &SubscriberId) -> Result<Vec<Row<Consent>>, StoreError> {
        self.scan(prefix_range(&key::consents(id)), CONSENTS_MAX).await
    }
}
