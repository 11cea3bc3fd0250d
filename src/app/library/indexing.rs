//! Keeping the search index like the store: what is not in it, or there in other words, is put into it, a batch at a time.
//! An index that is lost, spoilt or of another program is made again from nothing but the store.

use super::{Card, Live, StoreLibrary};
use crate::domain::item::ItemId;
use crate::domain::source::SourceId;
use crate::edge::index::{Entry, IndexError, SearchIndex};
use crate::render::page::searched;
use crate::store::StoreError;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Weak};

/// Items put into the index at a time: their texts are in memory together.
const BATCH: usize = 500;

/// Another number has everything put into the index anew: of how words are prepared for it.
const PREPARED: u8 = 2;

/// Why the index is not like the store.
#[derive(Debug, thiserror::Error)]
pub(in crate::app) enum IndexingError {
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The index could not be written.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// A thread ended.
    #[error("the search index was left half-way")]
    Gone(#[from] tokio::task::JoinError),
}

/// What is in the index, for whoever keeps it.
#[derive(Default)]
pub(in crate::app) struct Indexed {
    index: Option<Arc<SearchIndex>>,
    contents: HashMap<ItemId, u64>,
    /// The catalogue and the configuration that the index was last compared with.
    seen: Option<(Weak<Vec<Card>>, Weak<Live>)>,
}

/// By what a source is called, its items are found, too.
struct Names(HashMap<SourceId, (u64, String)>);

impl Names {
    /// Which words of the item are in the index, once they are.
    fn content(&self, card: &Card) -> u64 {
        card.content ^ self.0.get(card.source.as_ref()).map_or(u64::from(PREPARED), |(hash, _)| *hash)
    }

    fn words(&self, source: &SourceId) -> &str {
        self.0.get(source).map_or("", |(_, words)| words)
    }
}

impl StoreLibrary {
    /// Puts into the index what is not in it. Answers with the number of items. `stop`: leave the rest for later.
    pub(in crate::app) async fn keep_index(
        &self,
        indexed: &mut Indexed,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<usize, IndexingError> {
        let done = self.keep(indexed, stop).await;
        if matches!(done, Err(IndexingError::Index(_) | IndexingError::Gone(_))) {
            // What cannot be written may not be readable either: it is opened, or made, anew.
            *indexed = Indexed::default();
            self.offer(None);
        }
        done
    }

    async fn keep(&self, indexed: &mut Indexed, stop: &(dyn Fn() -> bool + Sync)) -> Result<usize, IndexingError> {
        let cards = self.catalogue.known_now().await?.cards.clone();
        let live = self.live();
        let is_seen = |(of, under): &(Weak<Vec<Card>>, Weak<Live>)| {
            std::ptr::eq(of.as_ptr(), Arc::as_ptr(&cards)) && std::ptr::eq(under.as_ptr(), Arc::as_ptr(&live))
        };
        if indexed.seen.as_ref().is_some_and(is_seen) {
            return Ok(0);
        }
        let names = self.names().await?;
        let index = if let Some(index) = &indexed.index {
            index.clone()
        } else {
            let folder = self.index_folder.clone();
            let opened = tokio::task::spawn_blocking(move || {
                let index = SearchIndex::open(&folder)?;
                let contents = index.contents()?;
                Ok::<_, IndexError>((Arc::new(index), contents))
            });
            let (index, contents) = opened.await??;
            indexed.contents = contents;
            indexed.index.insert(index).clone()
        };
        let known: HashSet<&ItemId> = cards.iter().map(|card| &card.id).collect();
        let gone: Vec<ItemId> = indexed.contents.keys().filter(|id| !known.contains(id)).cloned().collect();
        let missing: Vec<_> = cards.iter().filter(|card| indexed.contents.get(&card.id) != Some(&names.content(card))).collect();
        let store = &live.world.store;
        let mut batches = missing.chunks(BATCH);
        let mut gone = Some(gone).filter(|gone| !gone.is_empty());
        let mut done = 0;
        loop {
            let batch = batches.next();
            if (batch.is_none() && gone.is_none()) || stop() {
                break;
            }
            let mut entries = Vec::with_capacity(BATCH);
            for card in batch.unwrap_or_default() {
                let Some(revision) = store.revision(&card.id, card.revision).await? else { continue };
                entries.push(Entry {
                    id: card.id.clone(),
                    source: card.source.as_ref().clone(),
                    content: names.content(card),
                    title: revision.item.title.to_string(),
                    text: format!("{}\n{}", searched(&revision.item), names.words(&card.source)),
                });
            }
            let (writer, removed) = (index.clone(), gone.take().unwrap_or_default());
            let contents: Vec<(ItemId, u64)> = entries.iter().map(|entry| (entry.id.clone(), entry.content)).collect();
            let written = {
                let removed = removed.clone();
                tokio::task::spawn_blocking(move || writer.change(&entries, &removed))
            };
            written.await??;
            done += contents.len() + removed.len();
            indexed.contents.retain(|id, _| !removed.contains(id));
            indexed.contents.extend(contents);
        }
        if !stop() {
            indexed.seen = Some((Arc::downgrade(&cards), Arc::downgrade(&live)));
            self.offer(Some(index));
        }
        Ok(done)
    }

    async fn names(&self) -> Result<Names, StoreError> {
        let named = |source: crate::domain::source::Source| {
            let words = format!("{}\n{}", source.council, source.title);
            let hash = blake3::hash(&[words.as_bytes(), &[PREPARED]].concat());
            let first = hash.as_bytes().first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes));
            (source.id, (first, words))
        };
        Ok(Names(self.sources().await?.into_iter().map(named).collect()))
    }

    /// What the search page searches.
    fn offer(&self, index: Option<Arc<SearchIndex>>) {
        if let Ok(mut offered) = self.index.write() {
            *offered = index;
        }
    }
}
