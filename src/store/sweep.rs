//! Removing what nothing needs any more: bodies that no record names, deliveries settled long ago.

use super::engine::{Key, prefix_range};
use super::record::{Form, form};
use super::records::{Settled, key};
use super::{Store, StoreError};
use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use std::collections::HashSet;
use std::time::Duration;

/// Keys read at a time.
const PAGE: usize = 1_000;

impl Store {
    /// Removes bodies that no record names and that are older than `age_min`. How many went.
    pub async fn sweep_bodies(&self, age_min: Duration) -> Result<u64, StoreError> {
        let mut live = HashSet::new();
        let mut start: Key = Vec::new();
        loop {
            let page = self.engine().scan(start.clone()..vec![u8::MAX], PAGE).await?;
            for (key, found) in &page {
                if let Ok(Form::InBody { body, .. }) = form(key, &found.value) {
                    live.insert(body);
                }
            }
            match page.last() {
                Some((key, _)) if page.len() == PAGE => {
                    start.clone_from(key);
                    start.push(0);
                }
                _ => break,
            }
        }
        Ok(self.bodies().sweep(live, age_min).await?.removed)
    }

    /// Forgets deliveries that ended before `before`. How many.
    pub async fn forget_settled_before(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut old = Vec::new();
        let mut rows = self.rows::<Settled>(prefix_range(key::SETTLED.as_bytes()));
        while let Some(row) = rows.try_next().await? {
            if row.value.at < before {
                old.push(row);
            }
        }
        for batch in old.chunks(PAGE) {
            let mut change = self.change();
            for row in batch {
                change.delete(row);
            }
            change.commit().await?;
        }
        Ok(old.len() as u64)
    }
}
