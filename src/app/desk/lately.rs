//! What was published lately, for the estimate beside a choice. What is in memory follows the catalogue: an item is read from the
//! store when it is first among the latest, and again when its content is another.

use crate::app::catalogue::{Card, Known};
use crate::domain::item::{Item, ItemId};
use crate::domain::source::{Source, SourceId};
use crate::rules::estimate::{DAYS, Past};
use crate::store::{Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

/// Items that an estimate looks at; they are kept in memory.
const PAST_MAX: usize = 1_000;

/// The latest items in words, each with the number of its content.
#[derive(Debug, Default)]
pub(in crate::app) struct Lately(HashMap<ItemId, (u64, Arc<Item>)>);

impl Lately {
    /// What `sources` published in the [`DAYS`] before `now`, by what is known; the latest first, and of very many those alone.
    pub(in crate::app) async fn past(
        &mut self,
        store: &Store,
        known: &Known,
        sources: &[Source],
        now: DateTime<Utc>,
    ) -> Result<Vec<Past>, StoreError> {
        let sources: HashMap<&SourceId, Arc<Source>> =
            sources.iter().map(|source| (&source.id, Arc::new(source.clone()))).collect();
        let since = now - TimeDelta::days(DAYS);
        let of_quarter = |card: &Card| {
            let source = sources.get(card.source.as_ref())?.clone();
            Some((card.published_at(), source)).filter(|(at, _)| *at >= since)
        };
        let mut latest: Vec<(DateTime<Utc>, Arc<Source>, &Card)> =
            known.cards.iter().filter_map(|card| of_quarter(card).map(|(at, source)| (at, source, card))).collect();
        latest.sort_by_key(|(at, ..)| Reverse(*at));
        latest.truncate(PAST_MAX);
        let mut before = std::mem::take(&mut self.0);
        let mut past = Vec::with_capacity(latest.len());
        for (at, source, card) in latest {
            let kept = before.remove(&card.id).filter(|(content, _)| *content == card.content);
            let item = match kept {
                Some((_, item)) => item,
                None => match store.revision(&card.id, card.revision).await? {
                    Some(revision) => Arc::new(chosen_by(revision.item)),
                    None => continue,
                },
            };
            self.0.insert(card.id.clone(), (card.content, item.clone()));
            past.push(Past { at, source, item });
        }
        Ok(past)
    }
}

/// Of an item, what interests go by: its title and its words.
fn chosen_by(item: Item) -> Item {
    Item { text: item.text, ..Item::bare(item.key, item.title, item.url) }
}
