//! What the web side sees of the watched pages and their items.

mod indexing;
mod searching;

use super::catalogue::{Card, Catalogue};
use super::daemon::Live;
use super::kept::Kept;
use crate::domain::item::ItemId;
use crate::domain::source::{Source, SourceId};
use crate::edge::index::SearchIndex;
use crate::engine::known::in_words;
use crate::render::page::{ArchivePage, ItemList, ItemRecord, KeptPage, News, Overview, Proof, SearchPage, Version};
use crate::rules::feed::FeedName;
use crate::store::StoreError;
use crate::store::snapshots::Snapshots;
use crate::web::library::{Library, LibraryError};
use chrono::NaiveDate;
use futures::FutureExt;
use futures::future::BoxFuture;
pub(super) use indexing::Indexed;
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, RwLock};
use std::time::Duration;
use tokio::sync::watch;

/// Items on the front page.
const LATEST: usize = 20;
/// Items on a page of a list.
const PER_PAGE: usize = 25;
/// Contents of an item that its page shows.
const VERSIONS_MAX: usize = 30;
/// However many people look at the front page, the store is read this often at most.
const OVERVIEW_FRESH: Duration = Duration::from_secs(1);

/// The library of a running daemon: always the configuration of now.
pub(super) struct StoreLibrary {
    live: watch::Receiver<Arc<Live>>,
    snapshots: Snapshots,
    /// Where the search index is.
    index_folder: PathBuf,
    catalogue: Arc<Catalogue>,
    overview: Kept<Arc<Overview>>,
    /// `None` until everything is in it.
    index: RwLock<Option<Arc<SearchIndex>>>,
}

impl StoreLibrary {
    pub(super) fn new(live: watch::Receiver<Arc<Live>>, catalogue: Arc<Catalogue>) -> Self {
        let data_dir = live.borrow().config.data_dir.clone();
        Self {
            live,
            snapshots: Snapshots::new(data_dir.join("snapshots")),
            index_folder: data_dir.join("search"),
            catalogue,
            overview: Kept::default(),
            index: RwLock::default(),
        }
    }

    fn live(&self) -> Arc<Live> {
        self.live.borrow().clone()
    }

    async fn sources(&self) -> Result<Vec<Source>, StoreError> {
        Ok(self.catalogue.known().await?.sources(&self.live().config.sources).all())
    }

    /// Page `page` of these, in their order; `None` where there is no such page.
    async fn list(
        &self,
        cards: &[&Card],
        total: usize,
        page: usize,
        sources: Vec<Source>,
    ) -> Result<Option<ItemList>, StoreError> {
        let pages = total.div_ceil(PER_PAGE).max(1);
        if page > pages {
            return Ok(None);
        }
        let store = &self.live().world.store;
        let mut items = Vec::with_capacity(cards.len());
        for card in cards {
            items.extend(in_words(store, &card.source, &card.id, card.revision).await?);
        }
        Ok(Some(ItemList { items, total, page, pages, sources }))
    }

    async fn read_overview(&self) -> Result<Arc<Overview>, StoreError> {
        let Live { config, world } = &*self.live();
        let known = self.catalogue.known().await?;
        let (zone, now) = (config.site.timezone, world.clock.now());
        let mut latest = Vec::with_capacity(LATEST);
        for card in known.latest(&config.sources).take(LATEST) {
            let known = in_words(&world.store, &card.source, &card.id, card.revision).await?;
            latest.extend(known.map(|known| News { known, day: card.news_day() }));
        }
        let watched = config.sources.iter().map(|source| known.watched(source, zone, now)).collect();
        Ok(Arc::new(Overview { at: now, watched, latest }))
    }

    async fn read_item(&self, source: &SourceId, id: &ItemId) -> Result<Option<ItemRecord>, LibraryError> {
        let Live { config, world } = &*self.live();
        let store = &world.store;
        let Some(row) = store.item(source, id).await? else { return Ok(None) };
        let Some(known) = in_words(store, source, id, row.value.revision).await? else { return Ok(None) };
        let sources = self.catalogue.known().await?.sources(&config.sources);
        let Some(about) = sources.get(source).cloned() else { return Ok(None) };
        let mut versions = Vec::new();
        for number in (1..=row.value.revision).rev().take(VERSIONS_MAX) {
            let Some(revision) = store.revision(id, number).await? else { continue };
            versions.push(Version {
                seen: revision.seen,
                recipe: revision.recipe,
                item: revision.item,
                sha256: revision.page_sha256,
                page: None,
            });
        }
        let withdrawn_by = row.value.withdrawn_by.clone().filter(|_| known.withdrawn.is_some());
        let hashes = versions.iter().filter_map(|version| version.sha256.clone()).chain(withdrawn_by.clone()).collect();
        let kept = self.snapshots.described(source, hashes).await;
        let kept = kept.map_err(|error| LibraryError::Files { doing: "reading the kept pages", said: error.to_string() })?;
        let page_of = |sha256: &str| {
            let page = kept.iter().find(|page| page.sha256 == sha256)?;
            Some(KeptPage { url: page.url.clone(), fetched: page.fetched_at, status: page.status, bytes: page.bytes })
        };
        for version in &mut versions {
            version.page = version.sha256.as_deref().and_then(page_of);
        }
        let withdrawn_by = withdrawn_by.map(|sha256| Proof { page: page_of(&sha256), sha256 });
        let versions_hidden = (row.value.revision as usize).saturating_sub(versions.len());
        Ok(Some(ItemRecord { known, source: about, platform: row.value.platform, versions, versions_hidden, withdrawn_by }))
    }

    async fn read_archive(
        &self,
        of: FeedName,
        month: Option<NaiveDate>,
        page: usize,
    ) -> Result<Option<ArchivePage>, LibraryError> {
        let sources = self.sources().await?;
        let Some(among) = among(&of, &sources) else { return Ok(None) };
        let known = self.catalogue.known().await?;
        let cards: Vec<&Card> = known.cards.iter().filter(|card| among.contains(card.source.as_ref())).collect();
        let mut months: Vec<(NaiveDate, usize)> = Vec::new();
        for card in &cards {
            match months.last_mut() {
                Some((month, count)) if *month == card.month => *count += 1,
                _ => months.push((card.month, 1)),
            }
        }
        let cards: Vec<&Card> = cards.into_iter().filter(|card| month.is_none_or(|month| card.month == month)).collect();
        let total = cards.len();
        let from = page.saturating_sub(1).saturating_mul(PER_PAGE);
        let shown: Vec<&Card> = cards.into_iter().skip(from).take(PER_PAGE).collect();
        let list = self.list(&shown, total, page, sources).await?;
        Ok(list.map(|list| ArchivePage { of, month, months, list }))
    }
}

/// The sources that a list is over; `None` where nothing of that name is known.
fn among<'a>(of: &FeedName, sources: &'a [Source]) -> Option<HashSet<&'a SourceId>> {
    let among: HashSet<&SourceId> = sources.iter().filter(|source| of.holds(source)).map(|source| &source.id).collect();
    (*of == FeedName::All || !among.is_empty()).then_some(among)
}

impl Library for StoreLibrary {
    fn overview(&self) -> BoxFuture<'_, Result<Arc<Overview>, LibraryError>> {
        async move { Ok(self.overview.get(OVERVIEW_FRESH, Box::pin(self.read_overview())).await?) }.boxed()
    }

    fn item(&self, source: SourceId, id: ItemId) -> BoxFuture<'_, Result<Option<ItemRecord>, LibraryError>> {
        async move { self.read_item(&source, &id).await }.boxed()
    }

    fn archive(
        &self,
        of: FeedName,
        month: Option<NaiveDate>,
        page: usize,
    ) -> BoxFuture<'_, Result<Option<ArchivePage>, LibraryError>> {
        self.read_archive(of, month, page).boxed()
    }

    fn search(&self, typed: String, of: FeedName, page: usize) -> BoxFuture<'_, Result<Option<SearchPage>, LibraryError>> {
        self.read_search(typed, of, page).boxed()
    }
}
