//! What a poll reads and writes: a source's state, its items, their revisions, the log of notices. A poll is never in two
//! commits; several may be in one.

mod claims;

use super::Row;
use super::change::Change as StoreChange;
use super::engine::{Key, prefix_range};
use super::records::{Dirty, Hold, ItemState, LogHead, Revision, RobotsFile, SourceState};
use super::{Store, StoreError, key};
use crate::domain::delivery::{Notice, Position};
use crate::domain::item::{Change, ItemId};
use crate::domain::poll::HoldDecision;
use crate::domain::source::{Source, SourceId};
use chrono::{DateTime, Utc};
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

pub use claims::Wanted;

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

impl PollRecord {
    /// What subscribers are to be told of, as a number.
    #[must_use]
    pub fn notices(&self) -> usize {
        self.items.iter().filter(|item| item.notice.is_some()).count()
    }

    /// Rows that it writes.
    #[must_use]
    pub fn rows(&self) -> usize {
        1 + self.items.iter().map(|item| 1 + item.revisions.len()).sum::<usize>()
    }
}

/// A poll that is to be recorded.
#[derive(Debug)]
pub struct Polled {
    /// Which source.
    pub source: SourceId,
    /// Its state as it was claimed.
    pub claimed: Row<SourceState>,
    /// What was found out.
    pub record: PollRecord,
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

    /// The states of `sources`, in their order; `None` where one was never polled nor claimed.
    pub async fn states_of(&self, sources: &[Source]) -> Result<Vec<Option<Row<SourceState>>>, StoreError> {
        let rows = self.source_states().await?;
        let mut by_key: HashMap<Key, Row<SourceState>> = rows.into_iter().map(|row| (row.key.clone(), row)).collect();
        Ok(sources.iter().map(|source| by_key.remove(&key::source(&source.id))).collect())
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
        // Only the log's head is shared with other polls and with the planner; losing a race for it means taking the next
        // place, losing one for anything else means that another process polled this source meanwhile.
        loop {
            match self.commit_polls(&[(source, claimed, record)], now).await {
                Err(error) if error.is_conflict() => {
                    let ours = self.source_state(source).await?.is_some_and(|row| row.version == claimed.version);
                    if !ours {
                        return Err(error);
                    }
                }
                done => return done.map(|()| record.notices()),
            }
        }
    }

    /// Records several polls in one commit. Answers which of them, in their order, were recorded, with the number of their
    /// notices: not those of sources that another process polled meanwhile.
    pub async fn record_polls(&self, polls: &[Polled], now: DateTime<Utc>) -> Result<Vec<Option<usize>>, StoreError> {
        let all: Vec<_> = polls.iter().map(|polled| (&polled.source, &polled.claimed, &polled.record)).collect();
        match self.commit_polls(&all, now).await {
            Ok(()) => return Ok(polls.iter().map(|polled| Some(polled.record.notices())).collect()),
            Err(error) if !error.is_conflict() => return Err(error),
            Err(_) => {}
        }
        let mut recorded = Vec::with_capacity(polls.len());
        for (source, claimed, record) in all {
            recorded.push(match self.record_poll(source, claimed, record, now).await {
                Ok(notices) => Some(notices),
                Err(error) if error.is_conflict() => None,
                Err(error) => return Err(error),
            });
        }
        Ok(recorded)
    }

    /// One commit of these polls, with their notices in the log one after the other.
    async fn commit_polls(
        &self,
        polls: &[(&SourceId, &Row<SourceState>, &PollRecord)],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut change = self.change();
        for (source, claimed, record) in polls {
            write_poll(&mut change, source, claimed, record);
        }
        if polls.iter().any(|(_, _, record)| record.notices() > 0) {
            let head = self.log_head().await?;
            let first = next_position(head.as_ref(), now);
            let next = polls.iter().fold(first, |at, (source, _, record)| write_notices(&mut change, source, record, at));
            match &head {
                Some(head) => change.update(head, &LogHead { next }),
                None => change.insert(key::LOG_HEAD, &LogHead { next }),
            };
        }
        let dirty: BTreeSet<&String> = polls.iter().flat_map(|(_, _, record)| &record.dirty).collect();
        for feed in dirty {
            change.put(key::dirty(feed), &Dirty { since: now });
        }
        change.commit().await.map(|_| ())
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
}

/// What a poll writes of its source, its items and their contents.
fn write_poll(change: &mut StoreChange<'_>, source: &SourceId, claimed: &Row<SourceState>, record: &PollRecord) {
    let items_edition = claimed.value.items_edition.wrapping_add(u32::from(!record.items.is_empty()));
    change.update(claimed, &SourceState { items_edition, ..record.state.clone() });
    for item in &record.items {
        let id = &item.after.id;
        match &item.before {
            Some(before) => change.update(before, &item.after),
            None => change.insert(key::item(source, id), &item.after),
        };
        for revision in &item.revisions {
            change.put(key::revision(id, revision.number), revision);
        }
    }
}

/// Its notices, the first of them at `first`. Answers with the position after the last.
fn write_notices(change: &mut StoreChange<'_>, source: &SourceId, record: &PollRecord, first: Position) -> Position {
    let mut at = first;
    for (item, what) in record.items.iter().filter_map(|item| Some((item, item.notice?))) {
        let (id, revision) = (item.after.id.clone(), item.after.revision);
        let notice = Notice { position: at, change: what, item: id, source: source.clone(), revision };
        change.insert(key::notice(at), &notice);
        at = Position(at.0 + 1);
    }
    at
}

/// Later than every notice and every planned window, and never before the clock: the clock may step back, the log may not.
fn next_position(head: Option<&Row<LogHead>>, now: DateTime<Utc>) -> Position {
    let clock = Position::at(now);
    head.map_or(clock, |head| head.value.next.max(clock))
}

#[cfg(test)]
mod tests;
