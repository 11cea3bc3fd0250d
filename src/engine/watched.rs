//! How a source is doing, from what the store holds of it: what its items come to, which is read where they changed, and how
//! its last visits went, which every poll changes.

use super::rhythm::Rhythm;
use crate::domain::poll::PollOutcome;
use crate::domain::source::Source;
use crate::render::page::Watched;
use crate::rules::day::Day;
use crate::rules::health::health;
use crate::store::records::{ItemState, SourceState};
use crate::store::{Store, StoreError};
use chrono::{DateTime, NaiveTime, Utc};
use chrono_tz::Tz;
use url::Url;

/// What is known of `source` at `now`, by the days of `zone`.
pub async fn watched(store: &Store, source: &Source, zone: Tz, now: DateTime<Utc>) -> Result<Watched, StoreError> {
    let items: Vec<ItemState> = store.items(&source.id).await?.into_iter().map(|row| row.value).collect();
    let state = store.source_state(&source.id).await?.map(|row| row.value);
    let holdings = Holdings::of(store, &items, state.as_ref().and_then(|state| state.baseline), zone).await?;
    Ok(holdings.watched(source, state.as_ref().map(Visits::of).as_ref(), zone, now))
}

/// How the last visits to a source went.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Visits {
    outcome: Option<PollOutcome>,
    read_well: Option<DateTime<Utc>>,
    next_due: DateTime<Utc>,
    empty_in_a_row: u32,
    url: Url,
    home: Option<Url>,
}

impl Visits {
    /// By the source's state.
    #[must_use]
    pub fn of(state: &SourceState) -> Self {
        Self {
            outcome: state.outcome.clone(),
            read_well: state.read_well,
            next_due: state.next_due,
            empty_in_a_row: state.empty_in_a_row,
            url: state.about.url.clone(),
            home: state.home.clone(),
        }
    }

    /// The page that a feed calls its own.
    #[must_use]
    pub fn home(&self) -> Option<&Url> {
        self.home.as_ref()
    }
}

/// What the items of a source come to: it holds as long as none of them changes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Holdings {
    items: usize,
    newest: Option<Day>,
    /// When something last came.
    came: Option<DateTime<Utc>>,
    rhythm: Rhythm,
}

impl Holdings {
    /// Of all items of a source whose baseline was recorded then, by the days of `zone`.
    pub async fn of(store: &Store, items: &[ItemState], baseline: Option<DateTime<Utc>>, zone: Tz) -> Result<Self, StoreError> {
        // What stood there at the first visit may have stood there for years: its own day counts then.
        let came = |item: &ItemState| match item.published.or(item.meeting) {
            Some(day) if baseline == Some(item.first_seen) => day.and_time(NaiveTime::MIN).and_utc().min(item.revised),
            _ => item.revised,
        };
        Ok(Self {
            items: items.iter().filter(|item| item.withdrawn.is_none()).count(),
            newest: items.iter().max_by_key(|item| (item.news_day(zone), item.first_seen)).map(|item| item.day(zone)),
            came: items.iter().map(came).max(),
            rhythm: Rhythm::of(store, items, baseline, zone).await?,
        })
    }

    /// How `source`, whose items these are, is doing at `now`; `visits`: `None` where it was never visited.
    #[must_use]
    pub fn watched(&self, source: &Source, visits: Option<&Visits>, zone: Tz, now: DateTime<Utc>) -> Watched {
        let outcome = visits.and_then(|visits| visits.outcome.as_ref());
        let overdue = visits.and_then(|visits| self.rhythm.overdue(outcome, visits.empty_in_a_row, zone, now));
        let home = visits.filter(|visits| visits.url == source.url).and_then(|visits| visits.home.clone());
        Watched {
            source: Source { home, ..source.clone() },
            last_read: visits.and_then(|visits| visits.read_well),
            health: health(outcome, overdue.is_some(), self.came, now),
            next_read: visits.map(|visits| visits.next_due),
            items: self.items,
            newest: self.newest,
        }
    }
}
