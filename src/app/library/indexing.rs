//! Keeping the search index like the store: what is not in it, or there in other words, is put into it, a batch at a time.
//! An index that is lost, spoilt or of another program is made again from nothing but the store.

use super::StoreLibrary;
use crate::domain::item::ItemId;
use crate::edge::index::{Entry, IndexError, SearchIndex};
use crate::render::page::searched;
use crate::store::StoreError;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

/// Items put into the index at a time: their texts are in memory together.
const BATCH: usize = 500;

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
    /// The catalogue that the index was last compared with.
    seen: Option<std::sync::Weak<Vec<super::Card>>>,
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
        let cards = self.cards_read_within(Duration::ZERO).await?;
        let is_seen = indexed.seen.as_ref().is_some_and(|seen| std::ptr::eq(seen.as_ptr(), Arc::as_ptr(&cards)));
        if is_seen {
            return Ok(0);
        }
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
        let missing: Vec<_> = cards.iter().filter(|card| indexed.contents.get(&card.id) != Some(&card.content)).collect();
        let store = &self.live().world.store;
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
                    content: card.content,
                    title: revision.item.title.to_string(),
                    text: searched(&revision.item),
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
            indexed.seen = Some(Arc::downgrade(&cards));
            self.offer(Some(index));
        }
        Ok(done)
    }

    /// What the search page searches.
    fn offer(&self, index: Option<Arc<SearchIndex>>) {
        if let Ok(mut offered) = self.index.write() {
            *offered = index;
        }
    }
}
