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

/// Whether `source` is overdue at `now`. A source that cannot be read is broken, not overdue.
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
    let day = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
    let mut items: Vec<ItemState> = store.items(source).await?.into_iter().map(|row| row.value).collect();
    items.retain(|item| item.withdrawn.is_none());
    if state.empty_in_a_row >= EMPTY_SAID && !items.is_empty() {
        let (times, known) = (state.empty_in_a_row, items.len());
        let because = format!("the page says that it is empty, {times} readings in a row; {known} items of it are known");
        return Ok(Some(Overdue { since: day(now), because }));
    }
    items.sort_by_key(|item| Reverse((item.published.unwrap_or_else(|| item.first_seen.date_naive()), item.first_seen)));
    items.truncate(ITEMS_MAX);
    let mut posted = Vec::with_capacity(items.len());
    for item in &items {
        let Some(revision) = store.revision(&item.id, item.revision).await? else { continue };
        // What stood there at the first poll may have stood there for years.
        let seen_coming = (state.baseline != Some(item.first_seen)).then(|| day(item.first_seen));
        posted.push(Posted {
            meeting: revision.item.meeting.as_ref().and_then(|meeting| meeting.date),
            posted: item.published.or(seen_coming),
            announced: revision.item.next_meeting.as_ref().map(|next| next.date),
        });
    }
    Ok(rhythm::overdue(&posted, day(now)))
}
