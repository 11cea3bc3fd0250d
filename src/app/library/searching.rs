//! Searching: what holds every word that was typed, and where nothing does, what may have been meant.

use super::{PER_PAGE, StoreLibrary, among};
use crate::app::catalogue::Card;
use crate::app::daemon::words;
use crate::domain::item::{ItemId, KnownItem};
use crate::domain::source::SourceId;
use crate::edge::index::{IndexError, SearchIndex};
use crate::engine::known::in_words;
use crate::render::page::{Found, ItemList, SearchPage, searched};
use crate::rules::feed::FeedName;
use crate::rules::search::{Query, word_of};
use crate::store::StoreError;
use crate::web::library::LibraryError;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Where it is looked; `None`: everywhere.
type Among = Option<Arc<[SourceId]>>;

impl StoreLibrary {
    pub(super) async fn read_search(&self, typed: String, of: FeedName, page: usize) -> Result<Option<SearchPage>, LibraryError> {
        let sources = self.sources().await?;
        let Some(among) = among(&of, &sources) else { return Ok(None) };
        let among: Among = (of != FeedName::All).then(|| among.into_iter().cloned().collect());
        let nothing = ItemList { items: Vec::new(), total: 0, page: 1, pages: 1, sources };
        let query = Query::parse(&typed);
        if query.is_empty() {
            return Ok(Some(SearchPage { typed, of, found: Found::NotAsked(nothing), meant: None }));
        }
        let index = self.index.read().ok().and_then(|index| index.clone());
        let Some(index) = index else {
            return Ok(Some(SearchPage { typed, of, found: Found::NotReady(nothing), meant: None }));
        };
        let from = page.saturating_sub(1).saturating_mul(PER_PAGE);
        let (asked, scope) = (query.clone(), among.clone());
        let (total, ids) = look(&index, move |index| index.search(&asked, scope.as_deref(), from, PER_PAGE)).await?;
        let meant = if total == 0 { self.meant(&index, query, among).await? } else { None };
        let known = self.catalogue.known().await?;
        let wanted: HashSet<&ItemId> = ids.iter().collect();
        let cards: HashMap<&ItemId, &Card> =
            known.cards.iter().filter(|card| wanted.contains(&card.id)).map(|card| (&card.id, card)).collect();
        let shown: Vec<&Card> = ids.iter().filter_map(|id| cards.get(id).copied()).collect();
        let list = self.list(&shown, total, page, nothing.sources).await?;
        Ok(list.map(|list| SearchPage { typed, of, found: Found::Items(list), meant }))
    }

    /// What finds something where `query` does not, with words that texts hold in the place of those that none does.
    async fn meant(&self, index: &Arc<SearchIndex>, query: Query, among: Among) -> Result<Option<String>, LibraryError> {
        let asked = query.clone();
        let near = look(index, move |index| index.near(&asked)).await?;
        let mut others = HashMap::new();
        for near in near {
            // The index knows stems alone: how the word is written is in the item.
            let Some(known) = self.item_in_words(&near.item).await? else { continue };
            let text = format!("{}\n{}", known.item.title, searched(&known.item));
            others.extend(word_of(&text, &near.stem).map(|word| (near.word, word)));
        }
        if others.is_empty() {
            return Ok(None);
        }
        let retyped = query.retyped(&others);
        let again = Query::parse(&retyped);
        let (total, _) = look(index, move |index| index.search(&again, among.as_deref(), 0, 1)).await?;
        Ok((total > 0).then_some(retyped))
    }

    async fn item_in_words(&self, id: &ItemId) -> Result<Option<KnownItem>, StoreError> {
        let known = self.catalogue.known().await?;
        let Some(card) = known.cards.iter().find(|card| card.id == *id) else { return Ok(None) };
        in_words(&self.live().world.store, &card.source, &card.id, card.revision).await
    }
}

/// Asks the index, off the threads on which everybody is answered.
async fn look<T: Send + 'static>(
    index: &Arc<SearchIndex>,
    ask: impl FnOnce(&SearchIndex) -> Result<T, IndexError> + Send + 'static,
) -> Result<T, LibraryError> {
    let index = Arc::clone(index);
    let failed = |said: String| LibraryError::Files { doing: "searching", said };
    let looked = tokio::task::spawn_blocking(move || ask(&index)).await;
    looked.map_err(|error| failed(error.to_string()))?.map_err(|error| failed(words(&error)))
}
