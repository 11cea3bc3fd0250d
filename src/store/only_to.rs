//! Since when mail is for some alone (`mail.only_to`). What had been planned before that waits until it is over: who sets it while
//! a digest is under way means to stop it, not to keep the rest of it from its readers.

use super::records::OnlySome;
use super::{Store, StoreError, key};
use chrono::{DateTime, Utc};

impl Store {
    /// Since when mail is for some alone; `None`: it is for all.
    pub async fn only_some_since(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        Ok(self.read::<OnlySome>(key::ONLY_SOME).await?.map(|row| row.value.since))
    }

    /// Notes whether mail is for some alone from `now` on. Where that is over, what waits is due.
    pub async fn note_only_some(&self, is_so: bool, now: DateTime<Utc>) -> Result<(), StoreError> {
        let row = self.read::<OnlySome>(key::ONLY_SOME).await?;
        let mut change = self.change();
        match &row {
            Some(row) if !is_so => change.delete(row),
            None if is_so => change.insert(key::ONLY_SOME, &OnlySome { since: now }),
            Some(_) | None => return Ok(()),
        };
        match change.commit().await {
            Err(error) if !error.is_conflict() => return Err(error),
            Ok(_) | Err(_) => {}
        }
        if !is_so {
            // If we stop before this: what waits is looked at again within the hour.
            self.hurry_deliveries(now).await?;
        }
        Ok(())
    }
}
