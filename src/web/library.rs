//! What the web side reads of the watched pages and their items, as questions in its own words.

use crate::domain::item::ItemId;
use crate::domain::source::SourceId;
use crate::render::page::{ArchivePage, ItemRecord, Overview, SearchPage};
use crate::rules::feed::FeedName;
use crate::store::StoreError;
use chrono::NaiveDate;
use futures::future::BoxFuture;
use std::sync::Arc;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The search index, or the kept pages, could not be read.
    #[error("{doing} failed: {said}")]
    Files {
        /// What was tried.
        doing: &'static str,
        /// What was said.
        said: String,
    },
}

/// Everything that is known of the watched pages.
pub trait Library: Send + Sync {
    /// What the front page and the status page tell; many may ask at once.
    fn overview(&self) -> BoxFuture<'_, Result<Arc<Overview>, LibraryError>>;

    /// One item; `None` where there is no such item.
    fn item(&self, source: SourceId, id: ItemId) -> BoxFuture<'_, Result<Option<ItemRecord>, LibraryError>>;

    /// A page of the archive, from 1. `None`: nothing of that name was ever watched, or the list has no such page.
    fn archive(
        &self,
        of: FeedName,
        month: Option<NaiveDate>,
        page: usize,
    ) -> BoxFuture<'_, Result<Option<ArchivePage>, LibraryError>>;

    /// A page of what holds every word of `typed`, from 1. `None` as in the archive.
    fn search(&self, typed: String, of: FeedName, page: usize) -> BoxFuture<'_, Result<Option<SearchPage>, LibraryError>>;
}
