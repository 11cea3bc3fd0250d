//! Which feeds are older than what is known. A mark is made in the commit that made it true, and taken off only by the
//! version that the writer saw, so that no change is forgotten between rendering and renaming.

use super::Row;
use super::engine::prefix_range;
use super::records::{Dirty, FeedsMadeFor};
use super::{Store, StoreError, key};
use chrono::{DateTime, Utc};

/// Feeds that one installation may hold.
const FEEDS_MAX: usize = 100_000;

impl Store {
    /// Feeds to be written again, with their names.
    pub async fn dirty_feeds(&self) -> Result<Vec<(String, Row<Dirty>)>, StoreError> {
        let rows = self.scan::<Dirty>(prefix_range(key::DIRTY.as_bytes()), FEEDS_MAX).await?;
        Ok(rows
            .into_iter()
            .map(|row| (String::from_utf8_lossy(row.key.get(key::DIRTY.len()..).unwrap_or_default()).into_owned(), row))
            .collect())
    }

    /// The files of a feed now show what was known when `row` was read. Where more became known meanwhile, the mark stays.
    pub async fn record_feed_written(&self, row: &Row<Dirty>) -> Result<(), StoreError> {
        let mut change = self.change();
        change.delete(row);
        match change.commit().await {
            Err(error) if !error.is_conflict() => Err(error),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Forgets that feeds were ever made: their files are gone.
    pub async fn forget_feeds_made(&self) -> Result<(), StoreError> {
        let mut change = self.change();
        change.erase(key::FEEDS_MADE_FOR);
        change.commit().await.map(|_| ())
    }

    /// Marks `feeds` where they were made for something other than `hash` (site, sources, renderer). Answers whether so.
    pub async fn remake_feeds_for(&self, hash: String, feeds: &[String], now: DateTime<Utc>) -> Result<bool, StoreError> {
        let row = self.read::<FeedsMadeFor>(key::FEEDS_MADE_FOR).await?;
        if row.as_ref().is_some_and(|row| row.value.hash == hash) {
            return Ok(false);
        }
        let mut change = self.change();
        for feed in feeds {
            change.put(key::dirty(feed), &Dirty { since: now });
        }
        change.put(key::FEEDS_MADE_FOR, &FeedsMadeFor { hash });
        change.commit().await?;
        Ok(true)
    }
}
