//! Whether a source is overdue, from what the store holds of it.

use crate::domain::poll::PollOutcome;
use crate::domain::source::SourceId;
use crate::rules::rhythm::{self, Overdue, Posted};
use crate::store::records::{ItemState, SourceState};
use crate::store::{Store, StoreError};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use std::cmp::Reverse;

/// Of a source's items, only so many of the newest are looked at.
const ITEMS_MAX: usize = 40;
/// So often in a row a page says that it is empty before that is pointed out: a list is emptied for an hour by accident.
const EMPTY_SAID: u32 = 3;

/// Whether `source` is overdue at `now`.
pub async fn overdue(
    store: &Store,
    source: &SourceId,
    state: &SourceState,
    zone: Tz,
    now: DateTime<Utc>,
) -> Result<Option<Overdue>, StoreError> {
    if !state.outcome.as_ref().is_some_and(PollOutcome::is_good) {
        return Ok(None);
    }
    let items: Vec<ItemState> = store.items(source).await?.into_iter().map(|row| row.value).collect();
    let rhythm = Rhythm::of(store, &items, state.baseline, zone).await?;
    Ok(rhythm.overdue(state.outcome.as_ref(), state.empty_in_a_row, zone, now))
}

/// What a source's items say of when things happen: as long as none of them changes, it need not be read again.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rhythm {
    /// Items that are known and published.
    known: usize,
    posted: Vec<Posted>,
}

impl Rhythm {
    /// Reads it off the items of a source whose baseline was recorded then.
    pub async fn of(store: &Store, items: &[ItemState], baseline: Option<DateTime<Utc>>, zone: Tz) -> Result<Self, StoreError> {
        let mut items: Vec<&ItemState> = items.iter().filter(|item| item.withdrawn.is_none()).collect();
        let known = items.len();
        items.sort_by_key(|item| Reverse((item.published.unwrap_or_else(|| item.first_seen.date_naive()), item.first_seen)));
        items.truncate(ITEMS_MAX);
        let mut posted = Vec::with_capacity(items.len());
        for item in items {
            let Some(revision) = store.revision(&item.id, item.revision).await? else { continue };
            // What stood there at the first poll may have stood there for years.
            let seen_coming = (baseline != Some(item.first_seen)).then(|| item.first_seen.with_timezone(&zone).date_naive());
            posted.push(Posted {
                meeting: revision.item.meeting.as_ref().and_then(|meeting| meeting.date),
                posted: item.published.or(seen_coming),
                announced: revision.item.next_meeting.as_ref().map(|next| next.date),
            });
        }
        Ok(Self { known, posted })
    }

    /// Whether the source is overdue at `now`, where its last visit ended with `outcome` and it said so often in a row that it is
    /// empty. A source that cannot be read is broken, not overdue.
    #[must_use]
    pub fn overdue(&self, outcome: Option<&PollOutcome>, empty_in_a_row: u32, zone: Tz, now: DateTime<Utc>) -> Option<Overdue> {
        outcome.filter(|outcome| outcome.is_good())?;
        let today = now.with_timezone(&zone).date_naive();
        if empty_in_a_row >= EMPTY_SAID && self.known > 0 {
            let known = self.known;
            let because =
                format!("the page says that it is empty, {empty_in_a_row} readings in a row; {known} items of it are known");
            return Some(Overdue { since: today, because });
        }
        rhythm::overdue(&self.posted, today)
    }
}
