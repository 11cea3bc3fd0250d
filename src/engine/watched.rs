//! How a source is doing, from what the store holds of it.

use super::rhythm::overdue;
use crate::domain::source::Source;
use crate::render::page::Watched;
use crate::rules::health::health;
use crate::store::records::ItemState;
use crate::store::{Store, StoreError};
use chrono::{DateTime, NaiveTime, Utc};
use chrono_tz::Tz;

/// What is known of `source` at `now`, by the days of `zone`.
pub async fn watched(store: &Store, source: &Source, zone: Tz, now: DateTime<Utc>) -> Result<Watched, StoreError> {
    let items: Vec<ItemState> = store.items(&source.id).await?.into_iter().map(|row| row.value).collect();
    let state = store.source_state(&source.id).await?.map(|row| row.value);
    let is_overdue = match &state {
        Some(state) => overdue(store, &source.id, state, zone, now).await?.is_some(),
        None => false,
    };
    // What stood there at the first visit may have stood there for years: its own day counts then.
    let baseline = state.as_ref().and_then(|state| state.baseline);
    let came = |item: &ItemState| match item.published.or(item.meeting) {
        Some(day) if baseline == Some(item.first_seen) => day.and_time(NaiveTime::MIN).and_utc().min(item.revised),
        _ => item.revised,
    };
    let outcome = state.as_ref().and_then(|state| state.outcome.as_ref());
    let home = state.as_ref().filter(|state| state.about.url == source.url).and_then(|state| state.home.clone());
    Ok(Watched {
        source: Source { home, ..source.clone() },
        last_read: state.as_ref().and_then(|state| state.read_well),
        health: health(outcome, is_overdue, items.iter().map(came).max(), now),
        next_read: state.as_ref().map(|state| state.next_due),
        items: items.iter().filter(|item| item.withdrawn.is_none()).count(),
        newest: items.iter().max_by_key(|item| (item.news_day(zone), item.first_seen)).map(|item| item.day(zone)),
    })
}
