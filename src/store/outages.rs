//! Which sources could not be read for so long that their followers are told, and how far the telling has come. Once an
//! outage: the mark that it was told is made in the commit that begins the telling, and goes when the source is read again.

use super::letters::put_letter;
use super::record::Record;
use super::{Row, Store, StoreError, engine::prefix_range, key};
use crate::domain::delivery::Position;
use crate::domain::occasion::Occasion;
use crate::domain::source::SourceId;
use crate::domain::subscriber::SubscriberId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Outages that one installation may have at a time.
const OUTAGES_MAX: usize = 10_000;

/// `outage/<source>`: its followers are told, or were, that it cannot be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Outage {
    /// When it was last read.
    pub since: DateTime<Utc>,
    /// When the telling began.
    pub told: DateTime<Utc>,
}

/// `outage-letters`: followers are being told.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OutageLetters {
    /// Of which sources.
    pub sources: Vec<SourceId>,
    /// When the first of them was last read.
    pub since: DateTime<Utc>,
    /// The last person looked at.
    pub after: Option<SubscriberId>,
}

impl Record for Outage {
    const KIND: &'static str = "outage";
    const SCHEMA: u8 = 1;
}

impl Record for OutageLetters {
    const KIND: &'static str = "outage letters";
    const SCHEMA: u8 = 1;
}

impl Store {
    /// The outages that were told, by source.
    pub async fn outages(&self) -> Result<Vec<(SourceId, Row<Outage>)>, StoreError> {
        let rows = self.scan::<Outage>(prefix_range(key::OUTAGES.as_bytes()), OUTAGES_MAX).await?;
        let named = |row: &Row<Outage>| {
            let id = row.key.strip_prefix(key::OUTAGES.as_bytes())?;
            SourceId::parse(std::str::from_utf8(id).ok()?)
        };
        Ok(rows.into_iter().filter_map(|row| Some((named(&row)?, row))).collect())
    }

    /// A source can be read again: the next outage is another one.
    pub async fn end_outage(&self, outage: &Row<Outage>) -> Result<(), StoreError> {
        let mut change = self.change();
        change.delete(outage);
        change.commit().await.map(|_| ())
    }

    /// How far the telling has come, where there is one.
    pub async fn outage_letters(&self) -> Result<Option<Row<OutageLetters>>, StoreError> {
        self.read(key::OUTAGE_LETTERS).await
    }

    /// Begins to tell the followers of these sources, each with when it was last read.
    pub async fn begin_outage_letters(
        &self,
        sources: &[(SourceId, DateTime<Utc>)],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let Some(since) = sources.iter().map(|(_, since)| *since).min() else { return Ok(()) };
        let mut change = self.change();
        for (source, since) in sources {
            change.insert(key::outage(source), &Outage { since: *since, told: now });
        }
        let sources = sources.iter().map(|(source, _)| source.clone()).collect();
        change.insert(key::OUTAGE_LETTERS, &OutageLetters { sources, since, after: None });
        change.commit().await.map(|_| ())
    }

    /// Puts letters to `followers`, each with the life that they live, into the outbox and remembers that everybody up to `after` was looked at; `None`: that
    /// was everybody.
    pub async fn record_outage_letters(
        &self,
        row: &Row<OutageLetters>,
        followers: &[(SubscriberId, u32)],
        after: Option<SubscriberId>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut change = self.change();
        for (follower, life) in followers {
            put_letter(&mut change, (follower, *life), Occasion::CannotRead { since: row.value.since }, Position::at(now), now);
        }
        match after {
            Some(after) => change.update(row, &OutageLetters { after: Some(after), ..row.value.clone() }),
            None => change.delete(row),
        };
        change.commit().await.map(|_| ())
    }
}
