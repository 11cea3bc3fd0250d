//! What left within the last minute, kept so that a limit to a minute holds over a stop too.
//!
//! What is about to leave is counted before it does: a stop in the middle costs part of a minute's room, and never exceeds it.

use super::records::{Left, Pace};
use super::{Row, Store, StoreError, key};
use chrono::{DateTime, TimeDelta, Utc};

const MINUTE: TimeDelta = TimeDelta::minutes(1);

impl Store {
    /// What counts at `now` of what left: the last minute's. What a clock that was ahead wrote is as if it were of now.
    pub async fn left_lately(&self, now: DateTime<Utc>) -> Result<Vec<Left>, StoreError> {
        Ok(self.pace(now).await?.1.left)
    }

    /// Counts `messages` that are about to leave. Answers with what [`have_left`](Self::have_left) is to be told.
    pub async fn about_to_leave(&self, messages: u32, now: DateTime<Utc>) -> Result<Left, StoreError> {
        let leaving = Left { by: now, messages };
        self.change_pace(now, |pace| pace.left.push(leaving)).await?;
        Ok(leaving)
    }

    /// Of those that were about to leave, so many did.
    pub async fn have_left(&self, were: Left, messages: u32, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.change_pace(now, |pace| {
            if let Some(at) = pace.left.iter().position(|left| *left == were) {
                pace.left.remove(at);
            }
            pace.left.push(Left { by: now, messages });
        })
        .await
    }

    async fn pace(&self, now: DateTime<Utc>) -> Result<(Option<Row<Pace>>, Pace), StoreError> {
        let row = self.read::<Pace>(key::PACE).await?;
        let mut pace = row.as_ref().map(|row| row.value.clone()).unwrap_or_default();
        pace.left.retain(|left| left.messages > 0 && now - left.by < MINUTE);
        pace.left.iter_mut().for_each(|left| left.by = left.by.min(now));
        Ok((row, pace))
    }

    async fn change_pace(&self, now: DateTime<Utc>, change_it: impl Fn(&mut Pace)) -> Result<(), StoreError> {
        loop {
            let (row, mut pace) = self.pace(now).await?;
            change_it(&mut pace);
            let mut change = self.change();
            match &row {
                Some(row) => change.update(row, &pace),
                None => change.insert(key::PACE, &pace),
            };
            match change.commit().await {
                Ok(_) => return Ok(()),
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error),
            }
        }
    }
}
