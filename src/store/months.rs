//! Months without news: of which month those who want it are told that nothing came, with how each page was doing then, and
//! how far the telling has come.
//!
//! What the letters say of the pages stands in the record, so that a letter that is sent again is the same letter.

use super::letters::put_letter;
use super::record::Record;
use super::{Row, Store, StoreError, key};
use crate::domain::bundle::Bundle;
use crate::domain::delivery::Position;
use crate::domain::occasion::Occasion;
use crate::domain::source::SourceId;
use crate::domain::subscriber::SubscriberId;
use crate::rules::health::Health;
use chrono::{DateTime, TimeDelta, Utc};
use futures::{TryFutureExt, TryStreamExt};
use serde::{Deserialize, Serialize};

/// Telling everybody takes less than this.
const ONE_TELLING: TimeDelta = TimeDelta::days(3);

/// `months`: where the telling of quiet months stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Months {
    /// When the month began that is running: the next telling is due when another one begins.
    pub begun: DateTime<Utc>,
    /// The month that is told of, or was last.
    #[serde(default)]
    pub told: Option<Month>,
}

/// A month of which people are told.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Month {
    /// When it began.
    pub from: DateTime<Utc>,
    /// When the telling began: what is said was so then.
    pub at: DateTime<Utc>,
    /// How each page was doing.
    pub pages: Vec<Doing>,
    /// The last person looked at.
    #[serde(default)]
    pub after: Option<SubscriberId>,
    /// Whether that was the last of all.
    #[serde(default)]
    pub is_done: bool,
}

/// How a page was doing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Doing {
    /// The page.
    pub source: SourceId,
    /// When it was last read.
    pub last_read: Option<DateTime<Utc>>,
    /// How it was.
    pub health: Health,
}

impl Record for Months {
    const KIND: &'static str = "quiet months";
    const SCHEMA: u8 = 1;
}

impl Store {
    /// Where the telling stands; `None` in an installation that has not begun with it.
    pub async fn months(&self) -> Result<Option<Row<Months>>, StoreError> {
        self.read(key::MONTHS).await
    }

    /// Begins with the month that is running: of those before nobody is told.
    pub async fn start_months(&self, begun: DateTime<Utc>) -> Result<(), StoreError> {
        let mut change = self.change();
        change.insert(key::MONTHS, &Months { begun, told: None });
        quietly(change.commit().await)
    }

    /// Records that another month has begun, and which one is told of.
    pub async fn record_month(&self, row: &Row<Months>, begun: DateTime<Utc>, told: Option<Month>) -> Result<(), StoreError> {
        let mut change = self.change();
        change.update(row, &Months { begun, told });
        quietly(change.commit().await)
    }

    /// Puts letters to `readers`, each with the life that they live, into the outbox and remembers that everybody up to `after` was looked at; `None`: that was
    /// everybody.
    pub async fn record_month_letters(
        &self,
        row: &Row<Months>,
        month: &Month,
        readers: &[(SubscriberId, u32)],
        after: Option<SubscriberId>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut change = self.change();
        for (reader, life) in readers {
            put_letter(&mut change, (reader, *life), Occasion::StillWatching { since: month.from }, Position::at(now), now);
        }
        let month = Month { is_done: after.is_none(), after, ..month.clone() };
        change.update(row, &Months { told: Some(month), ..row.value.clone() });
        change.commit().map_ok(|_| ()).await
    }

    /// Whether somebody has a letter of this occasion, made due at about the same time.
    pub async fn has_letter(&self, to: &SubscriberId, occasion: Occasion, at: Position) -> Result<bool, StoreError> {
        let from = at.moment() - ONE_TELLING;
        let mut rows = self.rows::<Bundle>(key::letters_since(Position::at(from)));
        while let Some(row) = rows.try_next().await? {
            if row.value.occasion == Some(occasion) && row.value.members().iter().any(|member| member.number == to.number()) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Losing to somebody who did the same is no failure.
fn quietly(done: Result<u64, StoreError>) -> Result<(), StoreError> {
    match done {
        Err(error) if !error.is_conflict() => Err(error),
        Ok(_) | Err(_) => Ok(()),
    }
}
