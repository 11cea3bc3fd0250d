//! The outbox: windows planned into deliveries, deliveries claimed, postponed and settled. The row is the job; there is no
//! other queue.

use super::Row;
use super::engine::prefix_range;
use super::records::{Claim, DigestRun, LogHead, OpenWindow, Outgoing, Person, Settled, WindowState};
use super::{Store, StoreError, key};
use crate::domain::delivery::{AT_ONCE, Position, Settlement, Window};
use crate::domain::item::ItemId;
use crate::domain::subscriber::{Cadence, Ending, SubscriberId};
use crate::rules::digest::Given;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeSet;

/// How far the log may be ahead of the clock in the ordinary course of things: each notice takes a millisecond of its own.
const AHEAD: TimeDelta = TimeDelta::hours(1);
/// No retry and no claim reaches further ahead than this; what stands beyond was put there by a clock that was wrong.
const FURTHEST: TimeDelta = TimeDelta::days(1);
/// Rows that one listing for people shows.
const LISTED_MAX: usize = 100_000;

/// One person's planned share: the delivery and what it covers of the log.
#[derive(Debug)]
pub struct PlannedShare {
    /// The delivery.
    pub outgoing: Outgoing,
    /// The notices that it gives, for the ledger.
    pub covered: Vec<(ItemId, Position)>,
}

impl Store {
    /// Starts the windows of a new installation at `now`, so that each has a beginning.
    pub async fn start_windows(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        for cadence in Cadence::ALL {
            if self.read::<WindowState>(key::window(cadence)).await?.is_none() {
                let planned = self.log_end().await?;
                let mut change = self.change();
                change.insert(key::window(cadence), &WindowState { planned, closed: now, open: None });
                match change.commit().await {
                    Err(error) if !error.is_conflict() => return Err(error),
                    Ok(_) | Err(_) => {}
                }
            }
        }
        Ok(())
    }

    /// Opens the window of `cadence` that closed at `close`, or goes on with one that is open. `None`: nothing to plan.
    pub async fn open_window(
        &self,
        cadence: Cadence,
        close: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Option<Row<WindowState>>, StoreError> {
        loop {
            let Some(row) = self.read::<WindowState>(key::window(cadence)).await? else { return Ok(None) };
            if row.value.open.is_some() {
                return Ok(Some(row));
            }
            let end = self.log_end().await?;
            let mut state = row.value.clone();
            let to = match cadence {
                Cadence::Immediate => end,
                Cadence::Daily | Cadence::Weekly if row.value.closed > now => {
                    // The clock was ahead and has been put right: the next closing from now on counts.
                    state.closed = now;
                    state.planned
                }
                Cadence::Daily | Cadence::Weekly if close <= row.value.closed => return Ok(None),
                Cadence::Daily | Cadence::Weekly => {
                    state.closed = close;
                    // Notices that a clock which was ahead put into the future belong to the window that closes now.
                    let is_ahead = end.moment() > now + AHEAD;
                    if is_ahead { end } else { Position::at(close).max(state.planned) }
                }
            };
            let window = Window { from: state.planned, to };
            if window.to <= window.from || self.notices(window.from, window.to).await?.is_empty() {
                state.planned = window.to.max(window.from);
            } else {
                state.open = Some(OpenWindow { window, after: None, deliveries: 0, opened: now });
            }
            // An immediate window without notices would be a write at every pass for nothing.
            if state == row.value || (cadence == Cadence::Immediate && state.open.is_none()) {
                return Ok(None);
            }
            let mut change = self.change();
            change.update(&row, &state);
            // No notice may enter the log before the end of a window once it is being planned, even if the clock steps back.
            let head = self.log_head().await?;
            let next = LogHead { next: head.as_ref().map_or(state.planned.max(to), |head| head.value.next.max(to)) };
            match &head {
                Some(head) => change.update(head, &next),
                None => change.insert(key::LOG_HEAD, &next),
            };
            match change.commit().await {
                Ok(_) if state.open.is_none() => return Ok(None),
                Ok(version) => return Ok(Some(Row { key: row.key, version, value: state })),
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The next people after `after`, in the order of their identities.
    pub async fn people_after(&self, after: Option<&SubscriberId>, limit: usize) -> Result<Vec<Row<Person>>, StoreError> {
        let mut range = prefix_range(key::PEOPLE.as_bytes());
        if let Some(after) = after {
            range.start = key::person(after);
            range.start.push(0);
        }
        self.scan(range, limit).await
    }

    /// Which notices of `items` somebody was given before.
    pub async fn given(&self, person: &SubscriberId, items: &BTreeSet<ItemId>) -> Result<Given, StoreError> {
        let mut given = Given::new();
        for item in items {
            let rows = self.scan::<Position>(prefix_range(&key::given_of(person, item)), LISTED_MAX).await?;
            if !rows.is_empty() {
                given.insert(item.clone(), rows.into_iter().map(|row| row.value).collect());
            }
        }
        Ok(given)
    }

    /// Plans a batch of people into the outbox: their deliveries, what they are thereby given, and how far the window has
    /// come, all or nothing. `done` closes the window.
    pub async fn record_plan(
        &self,
        cadence: Cadence,
        row: &Row<WindowState>,
        shares: &[PlannedShare],
        after: Option<SubscriberId>,
        done: bool,
        now: DateTime<Utc>,
    ) -> Result<Row<WindowState>, StoreError> {
        let mut change = self.change();
        for share in shares {
            let outgoing = &share.outgoing;
            change.insert(key::outgoing(outgoing.not_before, &outgoing.id), outgoing);
            for (item, position) in &share.covered {
                change.put(key::given(&outgoing.subscriber, item, *position), position);
            }
        }
        let mut state = row.value.clone();
        if let Some(open) = state.open.as_mut() {
            open.after = after;
            open.deliveries += shares.len() as u64;
        }
        if done && let Some(open) = state.open.take() {
            state.planned = open.window.to;
            let run = DigestRun { cadence, window: open.window, planned: now, deliveries: open.deliveries };
            change.put(key::run(cadence, open.window.to), &run);
        }
        change.update(row, &state);
        let version = change.commit().await?;
        Ok(Row { key: row.key.clone(), version, value: state })
    }

    /// Takes up to `limit` deliveries that are due. Until `claim.until` nobody else will; after that, anybody may.
    pub async fn claim_due(&self, limit: usize, claim: &Claim, now: DateTime<Utc>) -> Result<Vec<Row<Outgoing>>, StoreError> {
        let mut range = prefix_range(key::OUT.as_bytes());
        range.end = format!("{}{:016x}", key::OUT, now.timestamp_millis().max(0) + 1).into_bytes();
        let due = self.scan::<Outgoing>(range, limit).await?;
        if due.is_empty() {
            return Ok(Vec::new());
        }
        let mut change = self.change();
        let mut claimed = Vec::with_capacity(due.len());
        for row in due {
            let outgoing = Outgoing {
                attempts: row.value.attempts + 1,
                not_before: claim.until,
                claim: Some(claim.clone()),
                ..row.value.clone()
            };
            let to = key::outgoing(outgoing.not_before, &outgoing.id);
            change.delete(&row);
            change.insert(to.clone(), &outgoing);
            claimed.push(Row { key: to, version: 0, value: outgoing });
        }
        match change.commit().await {
            Ok(version) => Ok(claimed.into_iter().map(|row| Row { version, ..row }).collect()),
            // Somebody else took one of them: look again at the next step.
            Err(error) if error.is_conflict() => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// Ends a delivery. An address that does not exist is never mailed again.
    pub async fn settle(&self, row: &Row<Outgoing>, settlement: Settlement, now: DateTime<Utc>) -> Result<(), StoreError> {
        let outgoing = &row.value;
        let gone = matches!(&settlement, Settlement::Refused(refusal)
            if refusal.kind == crate::domain::delivery::RefusalKind::AddressGone);
        let settled = Settled {
            subscriber: outgoing.subscriber.clone(),
            cadence: outgoing.cadence,
            items: outgoing.told.len(),
            attempts: outgoing.attempts,
            at: now,
            settlement,
        };
        let mut change = self.change();
        change.delete(row);
        change.put(key::settled(&outgoing.id), &settled);
        if gone && let Some(person) = self.person(&outgoing.subscriber).await? {
            change.update(&person, &Person { suppressed: Some((Ending::AddressGone, now)), ..person.value.clone() });
        }
        change.commit().await.map(|_| ())
    }

    /// Puts a delivery back for later.
    pub async fn postpone(&self, row: &Row<Outgoing>, not_before: DateTime<Utc>, reply: String) -> Result<(), StoreError> {
        let outgoing = Outgoing { not_before, claim: None, last_reply: Some(reply), ..row.value.clone() };
        let mut change = self.change();
        change.delete(row);
        change.insert(key::outgoing(not_before, &outgoing.id), &outgoing);
        change.commit().await.map(|_| ())
    }

    /// Every delivery that is not settled, the next due first.
    pub async fn outbox(&self) -> Result<Vec<Row<Outgoing>>, StoreError> {
        self.scan(prefix_range(key::OUT.as_bytes()), LISTED_MAX).await
    }

    /// When the next delivery is due.
    pub async fn next_outgoing(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let first = self.scan::<Outgoing>(prefix_range(key::OUT.as_bytes()), 1).await?;
        Ok(first.first().map(|row| row.value.not_before))
    }

    /// Deliveries that have ended, with their identities.
    pub async fn settled(&self) -> Result<Vec<Row<Settled>>, StoreError> {
        self.scan(prefix_range(key::SETTLED.as_bytes()), LISTED_MAX).await
    }

    /// Windows that have been planned.
    pub async fn digest_runs(&self) -> Result<Vec<Row<DigestRun>>, StoreError> {
        self.scan(prefix_range(key::RUNS.as_bytes()), LISTED_MAX).await
    }

    /// Makes due at once what nothing will make due otherwise: deliveries claimed by processes that can no longer be running,
    /// where this one has the store to itself, and those that a clock which was ahead put off.
    pub async fn release_deliveries(&self, owner: &str, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let mut released = 0;
        for row in self.outbox().await? {
            if row.value.claim.as_ref().is_some_and(|claim| claim.owner != owner) {
                self.postpone(&row, AT_ONCE, "the program stopped while it was being sent".into()).await?;
                released += 1;
            } else if row.value.not_before > now + FURTHEST {
                let reply = row.value.last_reply.clone().unwrap_or_default();
                self.postpone(&row, AT_ONCE, reply).await?;
                released += 1;
            }
        }
        Ok(released)
    }
}
