//! What becomes of a subscription of which something is to come at another rhythm, or is given up.
//!
//! What had been found and not planned by then is still told at the rhythm that it left, at the end of its window; the ledger
//! keeps it from being told twice. A row that holds nothing else ends once that is done, and at once where nothing waits.

use super::records::{Subscription, WindowState};
use super::{Row, Store, StoreError, key};
use crate::domain::delivery::Position;
use crate::domain::subscriber::{Cadence, Ending, Interests};
use chrono::{DateTime, Utc};

/// A moment at which somebody changes what they get.
pub(super) struct Turnover {
    /// Where the log stood.
    pub(super) end: Position,
    /// Cadences at which something that was found before it is still to be planned.
    waits: Vec<Cadence>,
    now: DateTime<Utc>,
}

impl Store {
    /// The moment `now`, for who changes what they get.
    pub(super) async fn turnover(&self, now: DateTime<Utc>) -> Result<Turnover, StoreError> {
        // In this order: what comes between the two is of the rhythm that is chosen.
        let end = self.log_end().await?;
        let mut waits = Vec::new();
        for cadence in Cadence::ALL {
            let has_begun = self.read::<WindowState>(key::window(cadence)).await?.is_some();
            if !has_begun || self.unplanned_since(cadence).await?.is_some() {
                waits.push(cadence);
            }
        }
        Ok(Turnover { end, waits, now })
    }

    /// Ends these rows, of which the last has been planned that waited at a rhythm that it had left. One that was changed meanwhile
    /// is left for the sweep.
    pub async fn end_told(&self, rows: &[Row<Subscription>], now: DateTime<Utc>) -> Result<(), StoreError> {
        for row in rows {
            let mut change = self.change();
            change.update(row, &without_moved(&row.value, now));
            match change.commit().await {
                Err(error) if !error.is_conflict() => return Err(error),
                Ok(_) | Err(_) => {}
            }
        }
        Ok(())
    }
}

impl Turnover {
    /// The row when `interests` of it stay; `went`: what goes to another rhythm now; `still`: what of that which went before is
    /// still wanted there.
    pub(super) fn of(
        &self,
        before: &Subscription,
        interests: Interests,
        went: &Interests,
        still: Option<(Interests, Position)>,
    ) -> Subscription {
        let moved = if went.is_empty() || !self.waits.contains(&before.cadence) {
            still
        } else {
            Some((still.map(|(what, _)| what).unwrap_or_default().joined(went), self.end))
        };
        if interests.is_empty() && moved.is_none() {
            return ended(before, self.now);
        }
        Subscription { interests, moved, ..before.clone() }
    }
}

/// The row when all has been planned that waited at the rhythm which some of it left.
pub(super) fn without_moved(row: &Subscription, now: DateTime<Utc>) -> Subscription {
    if row.interests.is_empty() { ended(row, now) } else { Subscription { moved: None, ..row.clone() } }
}

/// It says what it was.
fn ended(row: &Subscription, now: DateTime<Utc>) -> Subscription {
    let interests = row.clone().wants();
    Subscription { interests, moved: None, ended: Some((Ending::Changed, now)), ..row.clone() }
}
