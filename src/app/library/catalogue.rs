//! The catalogue: every item that is known, by its row alone, newest first. Kept in memory (about 200 bytes an item) so that
//! the archive need not read the store from end to end for each visitor.
//!
//! A poll writes its source's row in the same commit as its items, so only the items of sources whose row has another
//! version are read again.

use crate::domain::item::ItemId;
use crate::domain::source::SourceId;
use crate::store::records::ItemState;
use crate::store::{Store, StoreError};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// One item, by its row alone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Card {
    pub(super) id: ItemId,
    pub(super) source: Arc<SourceId>,
    pub(super) revision: u32,
    /// The day that it goes by.
    pub(super) day: NaiveDate,
    /// The first of its month.
    pub(super) month: NaiveDate,
    /// The day since which it is news.
    pub(super) news: NaiveDate,
    /// When it was first seen: of one day, what came last stands first.
    first_seen: DateTime<Utc>,
    /// Names its content for the search.
    pub(super) content: u64,
}

/// Everything that is known, at one moment.
#[derive(Debug, Default)]
pub(super) struct Catalogue {
    versions: HashMap<SourceId, u64>,
    by_source: BTreeMap<SourceId, Vec<Card>>,
    /// All of them, newest first.
    pub(super) cards: Arc<Vec<Card>>,
}

impl Catalogue {
    /// Reads what has changed since it was last read. Answers whether anything had.
    pub(super) async fn refresh(&mut self, store: &Store, zone: Tz) -> Result<bool, StoreError> {
        let mut changed = false;
        for row in store.source_states().await? {
            let Some(id) = row.key.strip_prefix(b"src/").and_then(|id| SourceId::parse(&String::from_utf8_lossy(id))) else {
                continue;
            };
            if self.versions.get(&id) == Some(&row.version) {
                continue;
            }
            let source = Arc::new(id.clone());
            let items = store.items(&id).await?;
            let cards: Vec<Card> = items.into_iter().map(|row| card(row.value, &source, zone)).collect();
            changed |= self.by_source.get(&id) != Some(&cards);
            self.by_source.insert(id.clone(), cards);
            self.versions.insert(id, row.version);
        }
        if changed {
            let mut cards: Vec<Card> = self.by_source.values().flatten().cloned().collect();
            cards.sort_by(|a, b| (b.day, b.first_seen).cmp(&(a.day, a.first_seen)).then_with(|| a.id.cmp(&b.id)));
            self.cards = Arc::new(cards);
        }
        Ok(changed)
    }
}

fn card(state: ItemState, source: &Arc<SourceId>, zone: Tz) -> Card {
    let (day, news) = (state.day(zone).date(), state.news_day(zone));
    let named = [state.fingerprint.0.as_bytes(), &state.revision.to_be_bytes(), &state.recipe.to_be_bytes()].concat();
    let hash = *blake3::hash(&named).as_bytes();
    let first: [u8; 8] = std::array::from_fn(|at| hash.get(at).copied().unwrap_or_default());
    Card {
        id: state.id,
        source: Arc::clone(source),
        revision: state.revision,
        day,
        month: day.with_day(1).unwrap_or(day),
        news,
        first_seen: state.first_seen,
        content: u64::from_be_bytes(first),
    }
}
