//! Forgetting what nothing needs any more: deliveries settled long ago.

use super::engine::prefix_range;
use super::records::Settled;
use super::{Store, StoreError, key};
use chrono::{DateTime, Utc};
use futures::TryStreamExt;

/// Records removed in one commit.
const BATCH: usize = 1_000;

impl Store {
    /// Forgets deliveries that ended before `before`. How many.
    pub async fn forget_settled_before(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut old = Vec::new();
        let mut rows = self.rows::<Settled>(prefix_range(key::SETTLED.as_bytes()));
        while let Some(row) = rows.try_next().await? {
            if row.value.at < before {
                old.push(row);
            }
        }
        for batch in old.chunks(BATCH) {
            let mut change = self.change();
            for row in batch {
                change.delete(row);
            }
            change.commit().await?;
        }
        Ok(old.len() as u64)
    }
}
