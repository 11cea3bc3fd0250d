//! Windows: opened over the log, planned bundle by bundle, closed. How far one has come is in the commit that made the
//! bundle, so planning goes on where it was stopped.

use super::Row;
use super::change::Change;
use super::engine::prefix_range;
use super::letters::put_out;
use super::records::{DigestRun, LogHead, OpenWindow, WindowState};
use super::{Store, StoreError, key};
use crate::domain::bundle::Bundle;
use crate::domain::delivery::{AT_ONCE, Notice, Position, Window};
use crate::domain::subscriber::{Cadence, SubscriberId};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeSet;

/// How far the log may be ahead of the clock in the ordinary course of things: each notice takes a millisecond of its own.
const AHEAD: TimeDelta = TimeDelta::hours(1);
/// Runs that one listing for people shows.
const LISTED_MAX: usize = 100_000;

/// How far planning a window has come: the last person looked at, and whether that was the last of all.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Progress {
    /// Everybody up to here has been looked at.
    pub after: Option<SubscriberId>,
    /// Nobody comes after: the window is closed.
    pub is_done: bool,
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

    /// Since when something waits to be planned at `cadence`: the first notice that is not; [`AT_ONCE`] where a window is half
    /// planned. `None`: nothing does.
    pub async fn unplanned_since(&self, cadence: Cadence) -> Result<Option<DateTime<Utc>>, StoreError> {
        let Some(row) = self.read::<WindowState>(key::window(cadence)).await? else { return Ok(None) };
        if row.value.open.is_some() {
            return Ok(Some(AT_ONCE));
        }
        let range = key::notice(row.value.planned)..key::notice(self.log_end().await?);
        let first = self.scan::<Notice>(range, 1).await?;
        Ok(first.first().map(|row| row.value.position.moment()))
    }

    /// How far the log has been planned at `cadence`.
    pub async fn window(&self, cadence: Cadence) -> Result<Option<Row<WindowState>>, StoreError> {
        self.read(key::window(cadence)).await
    }

    /// The windows as they stand, without that of `but`.
    pub async fn other_windows(&self, but: Cadence) -> Result<Vec<Row<WindowState>>, StoreError> {
        let mut others = Vec::new();
        for cadence in Cadence::ALL.into_iter().filter(|cadence| *cadence != but) {
            others.extend(self.read(key::window(cadence)).await?);
        }
        Ok(others)
    }

    /// Whether a window still says what it did when it was read, so that nobody else has gone on planning it; `row` is then as
    /// it stands. Somebody who moves writes it anew: what was read of people before that does not count.
    pub async fn is_unchanged(&self, row: &mut Row<WindowState>) -> Result<bool, StoreError> {
        let now = self.read::<WindowState>(row.key.clone()).await?.filter(|now| now.value == row.value);
        Ok(now.map(|now| *row = now).is_some())
    }

    /// Records a step of planning: the bundle, where anybody is told anything, with its ledger and its place in the outbox,
    /// and how far the window has come; all or nothing. `row` is then as it stands.
    ///
    /// `others` are the other windows as they were when the ledger was read: what they gave since then is not in it.
    pub async fn record_plan(
        &self,
        cadence: Cadence,
        row: &mut Row<WindowState>,
        others: &[Row<WindowState>],
        bundle: Option<&Bundle>,
        progress: Progress,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut state = row.value.clone();
        let Some(mut open) = state.open.take() else { return Ok(()) };
        let mut change = self.change();
        for other in others {
            change.check(other);
        }
        if let Some(bundle) = bundle
            && let Some(first) = bundle.members().first()
        {
            put_out(&mut change, bundle, first);
            put_told(&mut change, bundle);
            open.deliveries += bundle.members().len() as u64;
        }
        if progress.is_done {
            state.planned = open.window.to;
            let (window, deliveries) = (open.window, open.deliveries);
            let run = DigestRun { cadence, window, planned: now, deliveries, is_late: false };
            change.put(key::run(cadence, open.window.to), &run);
        } else {
            open.after = progress.after;
            state.open = Some(open);
        }
        change.update(row, &state);
        row.version = change.commit().await?;
        row.value = state;
        Ok(())
    }

    /// Windows that have been planned, and what was planned later for those who had missed some.
    pub async fn digest_runs(&self) -> Result<Vec<Row<DigestRun>>, StoreError> {
        self.scan(prefix_range(key::RUNS.as_bytes()), LISTED_MAX).await
    }
}

/// Makes it part of `change` that a bundle is to be found in the ledger.
pub(super) fn put_told(change: &mut Change<'_>, bundle: &Bundle) {
    let series = bundle.series();
    let items: BTreeSet<_> = bundle.all_covered().iter().map(|(item, _)| item).collect();
    for item in items {
        change.put(key::told(item, &series), &bundle.window.to);
    }
}
