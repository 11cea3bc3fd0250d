//! The catalogue: every item that is known, by its row alone, newest first, and what each source's items come to. Kept in memory
//! (about 200 bytes an item) so that pages need not read the store from end to end for each visitor.
//!
//! A poll that writes items gives their source's row another edition in the same commit, so only the items of sources with
//! another edition are read again; and where no source's row was written, nothing is.

mod keeper;

use super::daemon::Live;
use super::kept::Kept;
use crate::domain::item::ItemId;
use crate::domain::source::{Source, SourceId};
use crate::engine::known::{Sources, remembered};
use crate::engine::watched::{Holdings, Visits};
use crate::render::page::Watched;
use crate::store::StoreError;
use crate::store::records::{ItemState, SourceAbout};
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use keeper::Keeper;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, watch};

/// However many people look, it is compared with the store this often at most.
const FRESH: Duration = Duration::from_secs(1);

/// One item, by its row alone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Card {
    pub(super) id: ItemId,
    pub(super) source: Arc<SourceId>,
    pub(super) revision: u32,
    /// The first of the month of the day that it goes by.
    pub(super) month: NaiveDate,
    /// That day.
    day: NaiveDate,
    /// The day on which something last happened to it that residents were told of, and when they were.
    latest: (NaiveDate, Option<DateTime<Utc>>),
    /// The council's day of publication.
    published: Option<NaiveDate>,
    /// When it was first seen: of one day, what came last stands first.
    first_seen: DateTime<Utc>,
    /// Names its content for the search.
    pub(super) content: u64,
}

impl Card {
    fn of(state: ItemState, source: &Arc<SourceId>, zone: Tz) -> Self {
        let (day, latest) = (state.day(zone).date(), state.latest(zone));
        let named = [state.fingerprint.0.as_bytes(), &state.revision.to_be_bytes(), &state.recipe.to_be_bytes()].concat();
        let hash = *blake3::hash(&named).as_bytes();
        let first: [u8; 8] = std::array::from_fn(|at| hash.get(at).copied().unwrap_or_default());
        Self {
            id: state.id,
            source: Arc::clone(source),
            revision: state.revision,
            month: day.with_day(1).unwrap_or(day),
            day,
            latest,
            published: state.published,
            first_seen: state.first_seen,
            content: u64::from_be_bytes(first),
        }
    }

    /// The day on which it was last news.
    pub(super) fn news_day(&self) -> NaiveDate {
        self.latest.0
    }

    /// When it counts as published: by the council's date, else when it was first seen.
    pub(super) fn published_at(&self) -> DateTime<Utc> {
        self.published.map_or(self.first_seen, |day| day.and_time(NaiveTime::MIN).and_utc())
    }

    /// Its place among all, newest first.
    fn place(&self) -> (Reverse<NaiveDate>, Reverse<DateTime<Utc>>, &ItemId) {
        (Reverse(self.day), Reverse(self.first_seen), &self.id)
    }
}

/// What is known of one source.
#[derive(Clone, Debug)]
struct Shelf {
    edition: (u32, Option<DateTime<Utc>>),
    about: Arc<SourceAbout>,
    holdings: Arc<Holdings>,
    visits: Visits,
}

/// Everything that is known, at one moment.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// All items, newest first.
    pub(super) cards: Arc<Vec<Card>>,
    /// Places in `cards`, by when they were last news.
    news: Arc<Vec<u32>>,
    shelves: HashMap<SourceId, Shelf>,
}

impl Known {
    /// How `source` is doing at `now`, by the days of `zone`.
    pub(super) fn watched(&self, source: &Source, zone: Tz, now: DateTime<Utc>) -> Watched {
        match self.shelves.get(&source.id) {
            Some(of) => of.holdings.watched(source, Some(&of.visits), zone, now),
            None => Holdings::default().watched(source, None, zone, now),
        }
    }

    /// The sources by name: as they are `configured`, and those that are not, as they were when last polled.
    pub(super) fn sources(&self, configured: &[Source]) -> Sources {
        Sources::of(
            self.shelves.iter().map(|(id, shelf)| remembered(id.clone(), &shelf.about, shelf.visits.home().cloned())),
            configured,
        )
    }

    /// The latest news of these sources, the newest first: what is new, has changed or was withdrawn.
    pub(super) fn latest<'a>(&'a self, sources: &'a [Source]) -> impl Iterator<Item = &'a Card> {
        let among: HashSet<&SourceId> = sources.iter().map(|source| &source.id).collect();
        let cards = self.news.iter().filter_map(|at| self.cards.get(*at as usize));
        cards.filter(move |card| among.contains(card.source.as_ref()))
    }
}

/// The catalogue of a running daemon, for all who ask.
pub(super) struct Catalogue {
    live: watch::Receiver<Arc<Live>>,
    known: Kept<Arc<Known>>,
    keeper: Mutex<Keeper>,
}

impl Catalogue {
    pub(super) fn new(live: watch::Receiver<Arc<Live>>) -> Self {
        Self { live, known: Kept::default(), keeper: Mutex::default() }
    }

    /// What is known, as it was a moment ago.
    pub(super) async fn known(&self) -> Result<Arc<Known>, StoreError> {
        self.known.get(FRESH, self.read()).await
    }

    /// What is known now.
    pub(super) async fn known_now(&self) -> Result<Arc<Known>, StoreError> {
        self.known.anew(self.read()).await
    }

    async fn read(&self) -> Result<Arc<Known>, StoreError> {
        let live = self.live.borrow().clone();
        self.keeper.lock().await.refreshed(&live.world.store, live.config.site.timezone).await
    }
}

#[cfg(test)]
mod tests;
