//! What a poll reads and writes: a source's state, its items, their revisions, the log of notices. One poll, one commit.

use super::Row;
use super::engine::prefix_range;
use super::records::{Claim, Dirty, Hold, ItemState, LogHead, Revision, RobotsFile, SourceState};
use super::{Store, StoreError, key};
use crate::domain::delivery::{Notice, Position};
use crate::domain::item::{Change, ItemId};
use crate::domain::poll::HoldDecision;
use crate::domain::source::SourceId;
use chrono::{DateTime, Utc};
use std::ops::Range;

/// Items that one source may hold; listings of councils have hundreds.
const ITEMS_MAX: usize = 50_000;
/// Sources that one installation may hold.
const SOURCES_MAX: usize = 10_000;
/// Notices that one window may hold.
const NOTICES_MAX: usize = 100_000;

/// What a poll found out, to be recorded as one change of state.
#[derive(Debug)]
pub struct PollRecord {
    /// The source's state from now on, without claim.
    pub state: SourceState,
    /// Items that are new or differ.
    pub items: Vec<ItemChange>,
    /// Feeds that no longer show what is known.
    pub dirty: Vec<String>,
}

/// One item's part of a poll.
#[derive(Debug)]
pub struct ItemChange {
    /// What the store held; `None` for a new item.
    pub before: Option<Row<ItemState>>,
    /// What it is to hold.
    pub after: ItemState,
    /// The contents, where they are not the same: that of before as a better recipe reads it, and that of now.
    pub revisions: Vec<Revision>,
    /// What subscribers are to be told.
    pub notice: Option<Change>,
}

impl Store {
    /// The state of a source that has been polled or claimed.
    pub async fn source_state(&self, id: &SourceId) -> Result<Option<Row<SourceState>>, StoreError> {
        self.read(key::source(id)).await
    }

    /// The states of all sources, in the order of their names.
    pub async fn source_states(&self) -> Result<Vec<Row<SourceState>>, StoreError> {
        self.scan(prefix_range(key::SOURCES.as_bytes()), SOURCES_MAX).await
    }

    /// Takes a source for one poll. `fresh` is its state where it has none. `None`: somebody else is polling it.
    pub async fn claim_source(
        &self,
        id: &SourceId,
        fresh: SourceState,
        claim: Claim,
        now: DateTime<Utc>,
    ) -> Result<Option<Row<SourceState>>, StoreError> {
        let row = self.source_state(id).await?;
        let mut change = self.change();
        let mut state = row.as_ref().map_or(fresh, |row| row.value.clone());
        if state.claim.as_ref().is_some_and(|held| held.until > now && held.owner != claim.owner) {
            return Ok(None);
        }
        state.claim = Some(claim);
        match &row {
            Some(row) => change.update(row, &state),
            None => change.insert(key::source(id), &state),
        };
        match change.commit().await {
            Ok(version) => Ok(Some(Row { key: key::source(id), version, value: state })),
            Err(error) if error.is_conflict() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// All items known of a source.
    pub async fn items(&self, source: &SourceId) -> Result<Vec<Row<ItemState>>, StoreError> {
        self.scan(prefix_range(&key::items(source)), ITEMS_MAX).await
    }

    /// One item's state.
    pub async fn item(&self, source: &SourceId, id: &ItemId) -> Result<Option<Row<ItemState>>, StoreError> {
        self.read(key::item(source, id)).await
    }

    /// One content of an item.
    pub async fn revision(&self, item: &ItemId, number: u32) -> Result<Option<Revision>, StoreError> {
        Ok(self.read(key::revision(item, number)).await?.map(|row| row.value))
    }

    /// Records a poll: the source's state, its items, their revisions, the notices and the dirty feeds, all or nothing.
    /// Answers with the number of notices.
    pub async fn record_poll(
        &self,
        source: &SourceId,
        claimed: &Row<SourceState>,
        record: &PollRecord,
        now: DateTime<Utc>,
    ) -> Result<usize, StoreError> {
        let notices = record.items.iter().filter(|item| item.notice.is_some()).count();
        // Only the log's head is shared with other polls and with the planner; losing a race for it means taking the next
        // place, losing one for anything else means that another process polled this source meanwhile.
        loop {
            let head = self.log_head().await?;
            let mut change = self.change();
            change.update(claimed, &record.state);
            let first = next_position(head.as_ref(), now);
            let mut at = first;
            for item in &record.items {
                let id = &item.after.id;
                match &item.before {
                    Some(before) => change.update(before, &item.after),
                    None => change.insert(key::item(source, id), &item.after),
                };
                for revision in &item.revisions {
                    change.put(key::revision(id, revision.number), revision);
                }
                if let Some(what) = item.notice {
                    let notice = Notice {
                        position: at,
                        change: what,
                        item: id.clone(),
                        source: source.clone(),
                        revision: item.after.revision,
                    };
                    change.insert(key::notice(at), &notice);
                    at = Position(at.0 + 1);
                }
            }
            if notices > 0 {
                let next = LogHead { next: at };
                match &head {
                    Some(head) => change.update(head, &next),
                    None => change.insert(key::LOG_HEAD, &next),
                };
            }
            for feed in &record.dirty {
                change.put(key::dirty(feed), &Dirty { since: now });
            }
            match change.commit().await {
                Ok(_) => return Ok(notices),
                Err(error) if error.is_conflict() => {
                    let ours = self.source_state(source).await?.is_some_and(|row| row.version == claimed.version);
                    if !ours {
                        return Err(error);
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// The log's head.
    pub(crate) async fn log_head(&self) -> Result<Option<Row<LogHead>>, StoreError> {
        self.read(key::LOG_HEAD).await
    }

    /// Before it stand all notices so far, at or after it all that are to come, whatever the clock says.
    pub async fn log_end(&self) -> Result<Position, StoreError> {
        Ok(self.log_head().await?.map_or_else(Position::default, |head| head.value.next))
    }

    /// The notices of `[from, to)`, in order.
    pub async fn notices(&self, from: Position, to: Position) -> Result<Vec<Notice>, StoreError> {
        let range: Range<Vec<u8>> = key::notice(from)..key::notice(to);
        Ok(self.scan(range, NOTICES_MAX).await?.into_iter().map(|row| row.value).collect())
    }

    /// The robots.txt of an origin, as last read.
    pub async fn robots(&self, origin: &str) -> Result<Option<RobotsFile>, StoreError> {
        Ok(self.read(key::robots(origin)).await?.map(|row| row.value))
    }

    /// Remembers the robots.txt of an origin instead of what was there.
    pub async fn record_robots(&self, origin: &str, file: &RobotsFile) -> Result<(), StoreError> {
        let mut change = self.change();
        change.put(key::robots(origin), file);
        change.commit().await.map(|_| ())
    }

    /// Records an admin's decision about a held batch, and makes the source due. `false`: nothing is held.
    pub async fn decide_hold(&self, source: &SourceId, decision: HoldDecision, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let Some(row) = self.source_state(source).await? else { return Ok(false) };
        let Some(hold) = row.value.hold.clone() else { return Ok(false) };
        let state = SourceState { hold: Some(Hold { decision: Some(decision), ..hold }), next_due: now, ..row.value.clone() };
        let mut change = self.change();
        change.update(&row, &state);
        change.commit().await?;
        Ok(true)
    }

    /// Forgets the claims of processes that can no longer be running; only where this one has the store to itself.
    pub async fn release_foreign_source_claims(&self, owner: &str) -> Result<(), StoreError> {
        for row in self.source_states().await? {
            if row.value.claim.as_ref().is_some_and(|claim| claim.owner != owner) {
                let mut change = self.change();
                change.update(&row, &SourceState { claim: None, ..row.value.clone() });
                change.commit().await?;
            }
        }
        Ok(())
    }
}

/// Later than every notice and every planned window, and never before the clock: the clock may step back, the log may not.
fn next_position(head: Option<&Row<LogHead>>, now: DateTime<Utc>) -> Position {
    let clock = Position::at(now);
    head.map_or(clock, |head| head.value.next.max(clock))
}
