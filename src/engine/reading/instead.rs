//! Whether another page stands in the place of a listing, though it names items of that: judged by the listing as it was kept.

use super::Reader;
use crate::domain::item::{Extraction, Outcome};
use crate::domain::source::{Platform, Source};
use crate::ports::RawPage;
use crate::rules::detect::{Face, instead};
use crate::store::Row;
use crate::store::records::{ItemState, SourceState};
use std::collections::HashMap;

impl Reader<'_> {
    /// Why the page that came is not the listing, where it is not. Most listings show what they showed, and are not looked at
    /// a second time.
    pub(super) async fn stands_instead(
        &self,
        source: &Source,
        state: &SourceState,
        known: &HashMap<String, Row<ItemState>>,
        now: &Extraction,
        page: &RawPage,
    ) -> Option<String> {
        state.baseline?;
        if now.platform == Platform::Feed {
            return None;
        }
        let shown = state.extent.map_or(state.items, |extent| extent.first);
        let still = now.items.iter().filter(|item| known.contains_key(&item.key)).count();
        let is_as_long = now.items.len() >= shown;
        // Where nothing is there any more, more is said of what came.
        if still == 0 || is_as_long && still * 3 > shown * 2 {
            return None;
        }
        let before = self.kept(source, state.listing_pages.first()?).await?;
        let Ok(was) = self.extract(source, &before).await else { return None };
        if was.outcome != Outcome::Items {
            return None;
        }
        instead(&self.face(&before, &was).await, &self.face(page, now).await)
    }

    async fn face(&self, page: &RawPage, read: &Extraction) -> Face {
        Face {
            title: read.page_title.as_ref().map(ToString::to_string),
            is_front: self.is_front(page).await,
            keys: read.items.iter().map(|item| item.key.clone()).collect(),
        }
    }
}
