//! Who is left alone in a store that is about to be replaced, and stays so in what replaces it.
//!
//! A dump is older than the store: whoever left after it was made, was erased, or turned out to be out of reach, is not mailed
//! again because an admin has restored it.

use crate::domain::subscriber::{Ending, SubscriberId};
use crate::store::engine::prefix_range;
use crate::store::records::{Erased, Person, Subscription};
use crate::store::{Store, StoreError, key};
use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What has ended, why and when.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(super) struct Endings {
    /// Of people of whom nothing else is held any more.
    erased: BTreeMap<String, (Ending, DateTime<Utc>)>,
    /// Of people whose address is not mailed, by their keys.
    suppressed: BTreeMap<String, (Ending, DateTime<Utc>)>,
    /// Of subscriptions, by their keys.
    ended: BTreeMap<String, (Ending, DateTime<Utc>)>,
}

impl Endings {
    /// Those of `store`.
    pub(super) async fn of(store: &Store) -> Result<Self, StoreError> {
        let mut endings = Self::default();
        let mut rows = store.rows::<Erased>(prefix_range(key::ERASED.as_bytes()));
        while let Some(row) = rows.try_next().await? {
            let id = text(&row.key).trim_start_matches(key::ERASED).to_owned();
            endings.erased.insert(id, (row.value.why, row.value.at));
        }
        let mut rows = store.rows::<Person>(prefix_range(key::PEOPLE.as_bytes()));
        while let Some(row) = rows.try_next().await? {
            endings.suppressed.extend(row.value.suppressed.map(|why| (text(&row.key), why)));
        }
        let mut rows = store.rows::<Subscription>(prefix_range(key::SUBSCRIPTIONS.as_bytes()));
        while let Some(row) = rows.try_next().await? {
            endings.ended.extend(row.value.ended.map(|why| (text(&row.key), why)));
        }
        Ok(endings)
    }

    /// These and `others`.
    pub(super) fn and(mut self, others: Self) -> Self {
        self.erased.extend(others.erased);
        self.suppressed.extend(others.suppressed);
        self.ended.extend(others.ended);
        self
    }

    /// Makes them those of `store`, which nobody else has open; repeating it is harmless. Answers of how many people something
    /// ends by it.
    pub(super) async fn put(&self, store: &Store) -> Result<u64, StoreError> {
        let mut people = std::collections::BTreeSet::new();
        for (id, (why, at)) in &self.erased {
            let Some(id) = SubscriberId::parse(id) else { continue };
            if store.person(&id).await?.is_some() && store.erase(&id, *why, *at).await? {
                people.insert(id.as_str().to_owned());
            }
        }
        for (key, why) in &self.suppressed {
            let Some(row) = store.read::<Person>(key.as_str()).await?.filter(|row| row.value.suppressed.is_none()) else {
                continue;
            };
            let mut change = store.change();
            change.update(&row, &Person { suppressed: Some(*why), ..row.value.clone() });
            change.commit().await?;
            people.insert(key.trim_start_matches(key::PEOPLE).to_owned());
        }
        for (key, why) in &self.ended {
            let Some(row) = store.read::<Subscription>(key.as_str()).await?.filter(|row| row.value.ended.is_none()) else {
                continue;
            };
            let mut change = store.change();
            change.update(&row, &Subscription { ended: Some(*why), ..row.value.clone() });
            change.commit().await?;
            people.extend(key.trim_start_matches(key::SUBSCRIPTIONS).split('/').next().map(str::to_owned));
        }
        Ok(people.len() as u64)
    }
}

fn text(key: &[u8]) -> String {
    String::from_utf8_lossy(key).into_owned()
}
