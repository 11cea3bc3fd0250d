//! Whether all of a page came: judged by the page as it was kept, by the listing that led to it, and by whether its kind says
//! where it ends.

use super::page::{BELIEVED_AFTER, cut};
use super::{Reader, SourceReading};
use crate::domain::source::{Platform, Source};
use crate::ports::RawPage;
use crate::rules::extract::ending::{Ending, Examples};
use crate::store::Row;
use crate::store::records::{ItemState, SourceState};
use std::collections::HashMap;

/// Readings of a source that nothing is known of, before its page is taken as it comes: one that stops within an element, and
/// one that stops within a tag.
const TRIES_OPEN: u32 = 1;
const TRIES_TORN: u32 = 3;

impl Reader<'_> {
    /// Whether of a listing only the beginning came.
    pub(super) async fn is_listing_cut(&self, source: &Source, state: &SourceState, platform: Platform, page: &RawPage) -> bool {
        let ending = Ending::of(&page.body);
        if platform == Platform::Feed || ending.is_plain() {
            return false;
        }
        let before = match state.listing_pages.first() {
            Some(sha256) => self.kept(source, sha256).await,
            None => None,
        };
        let before = before.as_ref().map(|page| page.body.as_slice());
        let examples = Examples { closed_before: state.closes, before, sibling: None };
        ending.is_cut(&page.body, examples) && !self.is_taken_as_it_comes(state, ending)
    }

    /// Whether a listing has broken off for so long, or so often at first, that the council must write it like that.
    fn is_taken_as_it_comes(&self, state: &SourceState, ending: Ending) -> bool {
        let was_cut = state.outcome == Some(cut());
        let tries = if ending == Ending::Torn { TRIES_TORN } else { TRIES_OPEN };
        let is_new = state.baseline.is_none() && state.failures >= tries;
        was_cut && (is_new || state.read_well.is_some_and(|read| self.now - read >= BELIEVED_AFTER))
    }

    /// Whether only the beginning came of a page that another of the same listing has led to.
    pub(super) fn is_further_page_cut(page: &RawPage, reading: &SourceReading) -> bool {
        let sibling = reading.pages.first().map(|page| page.body.as_slice());
        Ending::of(&page.body).is_cut(&page.body, Examples { closed_before: reading.closes, before: None, sibling })
    }

    /// Whether only the beginning of an item's own page came.
    pub(super) async fn is_own_page_cut(
        &self,
        source: &Source,
        item: Option<&ItemState>,
        page: &RawPage,
        reading: &SourceReading,
    ) -> bool {
        let ending = Ending::of(&page.body);
        if ending.is_plain() {
            return false;
        }
        let before = match item {
            Some(item) => self.own_page_before(source, item).await,
            None => None,
        };
        let is_page = reading.platform != Some(Platform::Feed);
        let examples = Examples {
            closed_before: item.and_then(|item| item.closes).or(reading.siblings_close),
            before: before.as_ref().map(|page| page.body.as_slice()),
            sibling: reading.pages.first().filter(|_| is_page).map(|page| page.body.as_slice()),
        };
        ending.is_cut(&page.body, examples)
    }

    pub(super) async fn own_page_before(&self, source: &Source, item: &ItemState) -> Option<RawPage> {
        let revision = self.store.revision(&item.id, item.revision).await.ok()??;
        let page = self.kept(source, &revision.page_sha256?).await?;
        // What was read from the listing says nothing of the item's own page.
        (item.has_text && page.url != source.url).then_some(page)
    }
}

/// Whether of a list that breaks off nothing is to be taken yet: what comes behind it would be news when it is whole.
pub(super) fn waits_for_the_whole(state: &SourceState) -> bool {
    state.baseline.is_none() && state.failures < TRIES_TORN
}

/// Whether known items' own pages say where they end: at least one that does not speaks for others, unless some do.
pub(super) fn siblings_close(known: &HashMap<String, Row<ItemState>>) -> Option<bool> {
    let mut closes = known.values().filter_map(|row| row.value.closes).peekable();
    closes.peek()?;
    Some(closes.any(|closes| closes))
}
