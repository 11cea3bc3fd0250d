//! Items that have moved: their old address leads to the one under which the list has come to name them, or the page that a source
//! is stands elsewhere now. However much was corrected in the same poll, it is the item that is known; nothing of it is new.
//!
//! Invariant: an address that leads to another thing altogether, under another name and in other words, moves nothing.

use super::{Answer, ItemReading, KnownItems, Reader, SourceReading, is_listing_outdated, is_outdated, teaser};
use crate::domain::item::Item;
use crate::domain::source::Source;
use crate::engine::reading::page::request;
use crate::ports::RawPage;
use crate::rules::detect;
use crate::rules::extract::key;
use crate::rules::fingerprint::Likeness;
use crate::store::records::{ItemState, SourceState};
use crate::store::{Row, StoreError};
use std::cmp::Reverse;
use std::collections::HashMap;

/// Old addresses that are asked in one poll.
const ASKED_MAX: usize = 5;

impl Reader<'_> {
    /// Asks the old addresses of items that have `left` a list to which something has come.
    pub(super) async fn follow_redirects(
        &self,
        source: &Source,
        known: &HashMap<String, Row<ItemState>>,
        mut left: Vec<&ItemState>,
        reading: &mut SourceReading,
    ) -> Result<(), StoreError> {
        left.retain(|state| !is_outdated(source, state));
        left.sort_by_cached_key(|state| (Reverse(state.published), Reverse(state.first_seen), state.id.clone()));
        for state in left.into_iter().take(ASKED_MAX) {
            let Some(revision) = self.store.revision(&state.id, state.revision).await? else { continue };
            let old = key::of_page(&revision.item.url);
            // What stood on the page that has come does not stand there any more.
            if reading.pages.first().is_some_and(|page| key::of_page(&page.url) == old) {
                continue;
            }
            // A thing that cannot be asked for has gone as far as anybody knows.
            let Ok(visited) = self.visitor.visit(request(&revision.item.url, None)).await else { continue };
            let address = key::of_page(&visited.url);
            if address != old {
                reading.take_led(known, state, &revision.item, &address);
            }
        }
        Ok(())
    }

    /// Whether the old address of an item that the list does not name any more has led to what has come to it.
    pub(super) async fn has_led(
        &self,
        known: &HashMap<String, Row<ItemState>>,
        old: &ItemReading,
        page: &RawPage,
        reading: &mut SourceReading,
    ) -> bool {
        let address = key::of_page(&page.url);
        let Some(state) = known.get(&old.item.key).map(|row| &row.value).filter(|_| address != key::of_page(&old.item.url))
        else {
            return false;
        };
        match self.store.revision(&state.id, state.revision).await {
            Ok(Some(before)) => reading.take_led(known, state, &before.item, &address),
            _ => false,
        }
    }

    /// Whether an item's address has come to lead to what the list names beside it: the page that came is that other's, however
    /// long it stands there.
    pub(super) async fn is_named_beside(
        &self,
        source: &Source,
        known: &HashMap<String, Row<ItemState>>,
        item: &Item,
        page: &RawPage,
        reading: &SourceReading,
    ) -> bool {
        let (own, address) = (key::of_page(&item.url), key::of_page(&page.url));
        let is_live = |item: &ItemState| item.withdrawn.is_none() && item.misses == 0 && !item.out_of_sight;
        // A list that is as it was names what it named.
        let was_named = || reading.listing_unchanged && known.get(&address).is_some_and(|row| is_live(&row.value));
        let is_named = address != own && (reading.entries.contains(&address) || was_named());
        let Some(known) = known.get(&item.key).map(|row| &row.value).filter(|_| is_named) else { return false };
        // An address that always led there is another name of the same.
        let before = self.own_page_before(source, known).await;
        before.is_some_and(|before| key::of_page(&before.url) != address)
    }

    /// Takes the item that the page of `source` is to the address at which that page stands now.
    pub async fn follow_page(&self, source: &Source, state: &SourceState, known: &mut KnownItems, answer: &Answer) {
        let Answer::Listing(page, _) = answer else { return };
        let now = key::of_page(&page.url);
        if is_listing_outdated(state) || known.rows.contains_key(&now) {
            return;
        }
        let kept = match state.listing_pages.first() {
            Some(sha256) => self.kept(source, sha256).await,
            None => None,
        };
        let before = kept.iter().map(|page| &page.url).chain([&source.url]).map(key::of_page);
        let is_live = |key: &String| known.rows.get(key).is_some_and(|row| row.value.withdrawn.is_none());
        if let Some(old) = before.into_iter().find(is_live) {
            // What stands on it has moved with it.
            let to = |key: &String| {
                let rest = key.strip_prefix(&old).filter(|rest| rest.is_empty() || rest.starts_with('#'))?;
                Some((key.clone(), format!("{now}{rest}")))
            };
            let moved = known.rows.keys().filter_map(to).collect();
            known.rename(&moved);
        }
    }
}

impl SourceReading {
    /// Notes that what is known as `state`, and said `before`, has come under the key of what stands at an address; answers
    /// whether it has.
    pub(super) fn take_led(
        &mut self,
        known: &HashMap<String, Row<ItemState>>,
        state: &ItemState,
        before: &Item,
        address: &str,
    ) -> bool {
        let is_there = |read: &&mut ItemReading| read.is_listed && key::canonical(&read.item.url) == address;
        let Some(read) = self.items.iter_mut().find(is_there) else { return false };
        let new = &read.item.key;
        if known.contains_key(new) || self.led.values().any(|taken| taken == new) || !detect::may_have_moved(before, &read.item) {
            return false;
        }
        self.led.insert(state.key.clone(), new.clone());
        if let Some(content) = &read.read {
            read.likeness = teaser::likeness(before, state, &read.item, content);
        }
        true
    }
}

impl KnownItems {
    /// Takes known items to the keys under which their old addresses lead to them. Where they say what they said, only that is noted.
    pub(super) fn follow_led(&mut self, reading: &SourceReading) {
        self.rename(&reading.led);
        let has_come = |item: &&ItemReading| reading.led.values().any(|key| *key == item.item.key);
        let says_the_same = |item: &&ItemReading| item.read.is_some() && item.likeness != Likeness::Other;
        self.moved.extend(reading.items.iter().filter(has_come).filter(says_the_same).map(|item| item.item.key.clone()));
    }
}
