//! Who polls a source: claims with an expiry, taken before a poll and given back by its record.

use crate::domain::source::SourceId;
use crate::store::engine::Key;
use crate::store::records::{Claim, SourceState};
use crate::store::{Row, Store, StoreError, key};
use chrono::{DateTime, Utc};

/// Claims forgotten in one commit.
const BATCH: usize = 250;

/// A source that somebody wants to poll.
#[derive(Debug)]
pub enum Wanted {
    /// Its state, as it was read.
    Known(Row<SourceState>),
    /// It has none yet: that of a source that was never polled.
    New(SourceId, SourceState),
}

impl Store {
    /// Takes sources for one poll each, all in one commit. Answers with their rows, in the order in which they are `wanted`;
    /// `None`: somebody else is polling that one.
    pub async fn claim_sources(
        &self,
        wanted: Vec<Wanted>,
        claim: &Claim,
        now: DateTime<Utc>,
    ) -> Result<Vec<Option<Row<SourceState>>>, StoreError> {
        let mut change = self.change();
        let mut rows = Vec::with_capacity(wanted.len());
        for wanted in wanted {
            let (key, version, mut state) = match wanted {
                Wanted::Known(row) => (row.key, Some(row.version), row.value),
                Wanted::New(id, fresh) => (key::source(&id), None, fresh),
            };
            if state.claim.as_ref().is_some_and(|held| held.until > now && held.owner != claim.owner) {
                rows.push(None);
                continue;
            }
            state.claim = Some(claim.clone());
            let row = Row { key, version: version.unwrap_or_default(), value: state };
            match version {
                Some(_) => change.update(&row, &row.value),
                None => change.insert(row.key.clone(), &row.value),
            };
            rows.push(Some(row));
        }
        if change.is_empty() {
            return Ok(rows);
        }
        match change.commit().await {
            Ok(version) => {
                rows.iter_mut().flatten().for_each(|row| row.version = version);
                Ok(rows)
            }
            // One of them is not as it was read: each by itself, as it is now.
            Err(error) if error.is_conflict() => {
                for place in &mut rows {
                    if let Some(row) = place.take() {
                        *place = self.claim_at(row.key, row.value, claim.clone(), now).await?;
                    }
                }
                Ok(rows)
            }
            Err(error) => Err(error),
        }
    }

    /// Takes a source for one poll. `fresh` is its state where it has none. `None`: somebody else is polling it.
    pub async fn claim_source(
        &self,
        id: &SourceId,
        fresh: SourceState,
        claim: Claim,
        now: DateTime<Utc>,
    ) -> Result<Option<Row<SourceState>>, StoreError> {
        self.claim_at(key::source(id), fresh, claim, now).await
    }

    async fn claim_at(
        &self,
        key: Key,
        fresh: SourceState,
        claim: Claim,
        now: DateTime<Utc>,
    ) -> Result<Option<Row<SourceState>>, StoreError> {
        let row = self.read::<SourceState>(key.clone()).await?;
        let mut change = self.change();
        let mut state = row.as_ref().map_or(fresh, |row| row.value.clone());
        if state.claim.as_ref().is_some_and(|held| held.until > now && held.owner != claim.owner) {
            return Ok(None);
        }
        state.claim = Some(claim);
        match &row {
            Some(row) => change.update(row, &state),
            None => change.insert(key.clone(), &state),
        };
        match change.commit().await {
            Ok(version) => Ok(Some(Row { key, version, value: state })),
            Err(error) if error.is_conflict() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Forgets the claims of processes that can no longer be running; only where this one has the store to itself.
    pub async fn release_foreign_source_claims(&self, owner: &str) -> Result<(), StoreError> {
        let mut foreign = self.source_states().await?;
        foreign.retain(|row| row.value.claim.as_ref().is_some_and(|claim| claim.owner != owner));
        for rows in foreign.chunks(BATCH) {
            let mut change = self.change();
            for row in rows {
                change.update(row, &SourceState { claim: None, ..row.value.clone() });
            }
            change.commit().await?;
        }
        Ok(())
    }
}
