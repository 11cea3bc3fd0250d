//! Keeping the catalogue like the store: reading what has changed, and nothing else.

use super::{Card, Known, Shelf};
use crate::domain::source::SourceId;
use crate::engine::known::source_of;
use crate::engine::watched::{Holdings, Visits};
use crate::store::bell::Heard;
use crate::store::records::ItemState;
use crate::store::{Store, StoreError};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

/// A day, and the moment on it.
type Latest = (NaiveDate, Option<DateTime<Utc>>);

/// Keeps what is known like the store.
#[derive(Debug, Default)]
pub(super) struct Keeper {
    heard: Option<Heard>,
    zone: Option<Tz>,
    shelves: HashMap<SourceId, Shelf>,
    /// Items that have been read and are not among what is known yet.
    read: HashMap<SourceId, Vec<Card>>,
    /// Whether something was heard of that is not among what is known yet. Who looks may leave half-way: the next goes on.
    is_behind: bool,
    known: Arc<Known>,
}

impl Keeper {
    /// Everything that is known now: reads what has changed since this was last asked.
    pub(super) async fn refreshed(&mut self, store: &Store, zone: Tz) -> Result<Arc<Known>, StoreError> {
        if self.zone.replace(zone) != Some(zone) {
            // Days are those of a zone.
            *self = Self { zone: Some(zone), ..Self::default() };
        }
        let heard = self.heard.get_or_insert_with(|| store.hear(&["src/"]));
        if !heard.anything() && !self.is_behind {
            return Ok(self.known.clone());
        }
        self.is_behind = true;
        for row in store.source_states().await? {
            let Some(id) = source_of(&row) else { continue };
            let visits = Visits::of(&row.value);
            let edition = (row.value.items_edition, row.value.baseline);
            let about = Arc::new(row.value.about);
            if let Some(shelf) = self.shelves.get_mut(&id).filter(|shelf| shelf.edition == edition) {
                (shelf.about, shelf.visits) = (about, visits);
                continue;
            }
            let items: Vec<ItemState> = store.items(&id).await?.into_iter().map(|row| row.value).collect();
            let holdings = Arc::new(Holdings::of(store, &items, row.value.baseline, zone).await?);
            let source = Arc::new(id.clone());
            self.read.insert(id.clone(), items.into_iter().map(|state| Card::of(state, &source, zone)).collect());
            self.shelves.insert(id, Shelf { edition, about, holdings, visits });
        }
        let shelves = self.shelves.clone();
        self.known = Arc::new(match self.with_what_was_read() {
            Some(cards) => Known { news: Arc::new(by_news(&cards)), cards: Arc::new(cards), shelves },
            None => Known { shelves, ..(*self.known).clone() },
        });
        self.is_behind = false;
        Ok(self.known.clone())
    }

    /// All cards, with those that were read in the place of those of before; `None` where they are the same.
    fn with_what_was_read(&mut self) -> Option<Vec<Card>> {
        let read = std::mem::take(&mut self.read);
        let was_read = |card: &&Card| read.contains_key(card.source.as_ref());
        let mut now: Vec<Card> = read.values().flatten().cloned().collect();
        now.sort_by(|a, b| a.place().cmp(&b.place()));
        if self.known.cards.iter().filter(was_read).eq(&now) {
            return None;
        }
        now.extend(self.known.cards.iter().filter(|card| !was_read(card)).cloned());
        now.sort_by(|a, b| a.place().cmp(&b.place()));
        Some(now)
    }
}

/// Places in `cards`, by when they were last news, the newest first.
fn by_news(cards: &[Card]) -> Vec<u32> {
    let mut news: Vec<(Reverse<Latest>, u32)> = cards.iter().zip(0..).map(|(card, at)| (Reverse(card.latest), at)).collect();
    news.sort_unstable();
    news.into_iter().map(|(_, at)| at).collect()
}
