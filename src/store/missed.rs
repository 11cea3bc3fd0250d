//! What people missed who were suppressed for what was not true, or are mailed again because an admin says so: it is noted in the
//! commit that takes the suppression back, and goes in a commit after all of it has been planned for them.
//!
//! What is planned for them is a series of its own beside the windows: it ends at a place of the log at which no window
//! does, so that its deliveries are named like no other.

use super::change::Change;
use super::engine::prefix_range;
use super::letters::put_out;
use super::records::{DigestRun, LogHead, Missed, Person, WindowState};
use super::windows::put_told;
use super::{Row, Store, StoreError, key};
use crate::domain::bundle::{Bundle, Series};
use crate::domain::delivery::{Position, Window};
use crate::domain::subscriber::{Cadence, SubscriberId};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};

impl Store {
    /// Who missed something that is not planned yet, in the order of their identities.
    pub async fn missed(&self, limit: usize) -> Result<Vec<Row<Missed>>, StoreError> {
        self.scan(prefix_range(key::MISSED.as_bytes()), limit).await
    }

    /// Makes it part of `change` that somebody missed something.
    pub(super) async fn put_missed(&self, change: &mut Change<'_>, id: &SubscriberId, missed: Missed) -> Result<(), StoreError> {
        match self.read::<Missed>(key::missed(id)).await? {
            Some(row) => change.update(&row, &row.value.clone().and(missed)),
            None => change.insert(key::missed(id), &missed),
        };
        Ok(())
    }

    /// From where in the log on each cadence has been planned since then: without who was suppressed.
    pub(super) async fn passed_over_since(&self, since: DateTime<Utc>) -> Result<BTreeMap<Cadence, Position>, StoreError> {
        let mut from = BTreeMap::new();
        // In this order: what is planned between the two is passed over, too.
        for cadence in Cadence::ALL {
            from.extend(self.window(cadence).await?.map(|row| (cadence, row.value.planned)));
        }
        for run in self.digest_runs().await?.into_iter().map(|row| row.value).filter(|run| run.planned >= since && !run.is_late) {
            from.entry(run.cadence).and_modify(|first| *first = run.window.from.min(*first));
        }
        Ok(from)
    }

    /// A window from there on that ends where no other does, and the end of the log on which that rests; `None` where nothing was
    /// ever logged.
    pub async fn window_of_missed(&self, from: Position) -> Result<Option<(Window, Row<LogHead>)>, StoreError> {
        let head = self.log_head().await?;
        Ok(head.map(|head| (Window { from, to: Position(head.value.next.0 + 1) }, head)))
    }

    /// Records what was planned of what `people` had missed, with its ledger and its place in the outbox. Rests on the `windows`, the
    /// people and the end of the log as they were when that was worked out.
    pub async fn record_missed(
        &self,
        windows: &[Row<WindowState>],
        people: &[Row<Person>],
        head: &Row<LogHead>,
        bundle: &Bundle,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let Some(first) = bundle.members().first() else { return Ok(()) };
        let mut change = self.change();
        for window in windows {
            change.check(window);
        }
        for person in people {
            change.check(person);
        }
        change.update(head, &LogHead { next: Position(bundle.window.to.0 + 1) });
        put_out(&mut change, bundle, first);
        put_told(&mut change, bundle);
        let (cadence, window, deliveries) = (bundle.cadence, bundle.window, bundle.members().len() as u64);
        change.put(key::run(cadence, window.to), &DigestRun { cadence, window, planned: now, deliveries, is_late: true });
        change.commit().await.map(drop)
    }

    /// To which people's identities, by their numbers, a delivery of `series` was cancelled or refused that certainly never left, in
    /// bundles of which something has ended since `since`.
    pub async fn unsent_since(&self, series: &Series, since: DateTime<Utc>) -> Result<BTreeSet<u128>, StoreError> {
        let mut people = BTreeSet::new();
        for (_, id) in self.bundles_in(series).await? {
            let Some(tally) = self.tally(&id).await?.filter(|tally| tally.at >= since) else { continue };
            let never_left: Vec<u16> = tally.owed().collect();
            if !never_left.is_empty() {
                let bundle = self.bundle(&id).await?;
                people.extend(never_left.into_iter().filter_map(|place| bundle.member(place)).map(|member| member.number));
            }
        }
        Ok(people)
    }

    /// Nothing is missed any more by these.
    pub async fn forget_missed(&self, rows: &[Row<Missed>]) -> Result<(), StoreError> {
        let mut change = self.change();
        for row in rows {
            change.delete(row);
        }
        change.commit().await.map(drop)
    }
}

/// Whose note a row is.
#[must_use]
pub fn missed_by(row: &Row<Missed>) -> Option<SubscriberId> {
    let id = row.key.strip_prefix(key::MISSED.as_bytes())?;
    SubscriberId::parse(std::str::from_utf8(id).ok()?)
}
