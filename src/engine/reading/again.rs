//! Reading again what was kept: where a better recipe has come into use, the pages of before say what it would have read then.
//! So nothing that stood there before is news, and what the council changes on the day of our upgrade still is.
//!
//! Nothing is recorded here. A page that is no longer kept leaves its item as it is known: the next reading of it counts as
//! read better, and is told to nobody.

use super::named::{named_again, reheard};
use super::{ItemReading, Read, Reader};
use crate::domain::item::{Extraction, Item, Outcome};
use crate::domain::source::{Platform, Source};
use crate::domain::text::Text;
use crate::ports::RawPage;
use crate::rules::extract::teaser::Told;
use crate::rules::extract::{key, teaser};
use crate::rules::fingerprint::fingerprint;
use crate::rules::rekey;
use crate::store::records::{ItemState, Names, ReadBy, SourceState};
use crate::store::{Row, StoreError};
use std::collections::{HashMap, HashSet};

/// The items known of a source, under the keys that the present recipe gives them.
#[derive(Debug, Default)]
pub struct KnownItems {
    /// By present key; the rows themselves are as the store holds them, but for what their list called them: that is as the
    /// present recipe reads it on the page of before.
    pub rows: HashMap<String, Row<ItemState>>,
    /// What stood on the listing before, and was not read then: present keys.
    pub were_there: HashSet<String>,
    /// Keys of items that the present recipe does not read from the listing that showed them.
    pub out_of_sight: HashSet<String>,
    /// Keys of items that are known under another one, and whose words are the same.
    pub moved: HashSet<String>,
    /// Keys that known items were taken to in this reading.
    pub(super) followed: HashSet<String>,
    /// How many items the listing of before shows by the present recipe; `None` where that was not asked.
    pub shown_before: Option<usize>,
    /// The listing of before, as the present recipe reads it.
    listed: HashMap<String, Again>,
    /// What the present recipe reads of items that an older one had read, for those that were read now.
    pub again: HashMap<String, Again>,
}

/// An item as the present recipe reads it from the page from which an older one had read it.
#[derive(Clone, PartialEq, Debug)]
pub struct Again {
    /// The content.
    pub item: Item,
    /// How it was read.
    pub read: Read,
}

impl Again {
    pub(super) fn of(item: Item, page_sha256: &str, platform: Platform, teaser_lines: usize) -> Self {
        let (fingerprint, has_text) = (fingerprint(&item), is_whole(&item));
        Self { read: Read { fingerprint, has_text, page_sha256: page_sha256.to_owned(), platform, teaser_lines }, item }
    }
}

/// Whether another recipe than the present one read the listing.
pub fn is_listing_outdated(state: &SourceState) -> bool {
    state.baseline.is_some() && state.read_by.is_none_or(|by| !by.is_current())
}

/// Whether another recipe than the present one read the item, or the listing that named it.
pub fn is_outdated(source: &Source, state: &ItemState) -> bool {
    let own = ReadBy { platform: state.platform.unwrap_or(source.platform), recipe: state.recipe };
    !own.is_current() || state.listed_by.is_some_and(|by| !by.is_current())
}

impl Reader<'_> {
    /// What is known of `source`, by the keys of the present recipe.
    pub async fn known(&self, source: &Source, state: &SourceState) -> Result<KnownItems, StoreError> {
        let rows = self.store.items(&source.id).await?;
        let by_key = |rows: Vec<Row<ItemState>>| rows.into_iter().map(|row| (row.value.key.clone(), row)).collect();
        if !is_listing_outdated(state) {
            return Ok(KnownItems { rows: by_key(rows), ..KnownItems::default() });
        }
        let listed = self.listing_again(source, state).await;
        let mut known = Vec::with_capacity(rows.len());
        for row in &rows {
            let revision = self.store.revision(&row.value.id, row.value.revision).await?;
            known.extend(revision.map(|revision| Item { key: row.value.key.clone(), ..revision.item }));
        }
        if listed.is_empty() {
            let respelt = respelt(&known, &HashMap::new());
            let rows = rows.into_iter().map(|row| (respelt.get(&row.value.key).unwrap_or(&row.value.key).clone(), row)).collect();
            return Ok(KnownItems { rows, shown_before: Some(0), ..KnownItems::default() });
        }
        let yields: Vec<&Item> = listed.values().map(|again| &again.item).collect();
        let mut renamed = rekey::matches(&known.iter().collect::<Vec<_>>(), &yields);
        let found: HashSet<&String> = renamed.values().collect();
        let were_there = listed.keys().filter(|key| !found.contains(key)).cloned().collect();
        let is_lost = |state: &ItemState| state.withdrawn.is_none() && state.misses == 0 && !renamed.contains_key(&state.key);
        let respelt = respelt(&known, &renamed);
        let present = |key: &String| respelt.get(key).unwrap_or(key).clone();
        let out_of_sight = rows.iter().map(|row| &row.value).filter(|s| is_lost(s)).map(|s| present(&s.key)).collect();
        renamed.extend(respelt);
        let shown_before = Some(listed.len().min(state.items));
        let present = |row: Row<ItemState>| {
            let key = renamed.get(&row.value.key).unwrap_or(&row.value.key).clone();
            let again = listed.get(&key);
            let names =
                row.value.names.as_ref().map(|names| again.map_or_else(|| names.clone(), |again| reheard(names, &again.item)));
            (key, Row { value: ItemState { names, ..row.value }, ..row })
        };
        let rows = rows.into_iter().map(present).collect();
        Ok(KnownItems { rows, were_there, out_of_sight, shown_before, listed, ..KnownItems::default() })
    }

    /// The items of the listing's kept pages as the present recipe reads them, by key.
    async fn listing_again(&self, source: &Source, state: &SourceState) -> HashMap<String, Again> {
        let mut listed = HashMap::new();
        for sha in &state.listing_pages {
            let Some(page) = self.kept(source, sha).await else { continue };
            // What it is not by the present recipe is no evidence of what it was.
            let Ok(Extraction { outcome: Outcome::Items, items, page: itself, platform, .. }) = self.extract(source, &page).await
            else {
                continue;
            };
            for item in items.into_iter().chain(itself) {
                listed.entry(item.key.clone()).or_insert_with(|| Again::of(item, sha, platform, 0));
            }
        }
        listed
    }

    /// Reads again what an older recipe had read of the items that were read now.
    pub async fn read_again(&self, source: &Source, known: &mut KnownItems, read: &[ItemReading]) -> Result<(), StoreError> {
        for now in read {
            let key = &now.item.key;
            let Some(content) = &now.read else { continue };
            let Some(state) = known.rows.get(key).map(|row| &row.value).filter(|s| is_outdated(source, s)) else { continue };
            let Some(revision) = self.store.revision(&state.id, state.revision).await? else { continue };
            let listed = known.listed.get(key);
            // What it said when it was last seen is no measure of what the list said of it since.
            if state.out_of_sight {
                let again = listed.cloned();
                known.again.extend(again.map(|again| (key.clone(), again)));
                continue;
            }
            if !content.has_text {
                let said = listed.filter(|again| again.read.platform == Platform::Feed && !state.has_text);
                let again = said.map(|said| said_by_feed(said, &now.item));
                known.again.extend(again.map(|again| (key.clone(), again)));
                continue;
            }
            let Some(sha) = revision.page_sha256 else { continue };
            let is_it = |again: &&Again| again.read.page_sha256 == sha && (again.read.has_text || !state.has_text);
            let again = if let Some(again) = listed.filter(is_it) {
                Some(again.clone())
            } else {
                let is_by_feed = listed.is_some_and(|again| again.read.platform == Platform::Feed);
                let said = listed.filter(|_| is_by_feed).and_then(|again| again.item.text.clone());
                let text = said_before(said, teaser::parted(now.item.clone(), content.teaser_lines).0);
                let listed = Item { text, ..listed.map_or_else(|| as_listed(now), |again| again.item.clone()) };
                self.item_again(source, state, &listed, &sha).await
            };
            let again = again.map(|Again { read, mut item }| {
                match listed {
                    Some(listed) => named_again(state.names.as_ref(), &listed.item, &mut item),
                    None => named_again(state.names.as_ref(), &listed_before(state, revision.item, now), &mut item),
                }
                Again::of(item, &read.page_sha256, read.platform, read.teaser_lines)
            });
            if let Some(again) = again {
                known.again.insert(key.clone(), again);
            }
        }
        Ok(())
    }

    /// One item from the page from which it had been read: the listing itself, or its own.
    async fn item_again(&self, source: &Source, state: &ItemState, listed: &Item, sha: &str) -> Option<Again> {
        let page = self.kept(source, sha).await?;
        let is_listing = key::canonical(&page.url) == key::canonical(&source.url);
        if is_listing || !state.has_text {
            let extraction = self.extract(source, &page).await.ok()?;
            let is_it = |item: &&Item| item.key == listed.key && (is_whole(item) || !state.has_text);
            if let Some(item) = extraction.all().find(is_it) {
                return Some(Again::of(item.clone(), sha, extraction.platform, 0));
            }
        }
        let own = self.extract_item(source, &page, listed).await.ok()?.ok()?;
        Some(Again::of(own.item, sha, own.platform, own.teaser_lines))
    }

    /// A page as it was kept.
    pub(super) async fn kept(&self, source: &Source, sha256: &str) -> Option<RawPage> {
        match self.pages.find(source.id.clone(), sha256.to_owned()).await {
            Ok(page) => page,
            Err(error) => {
                tracing::warn!(source.id = %source.id, sha256, %error, "a kept page could not be read again");
                None
            }
        }
    }
}

/// What a feed said of an item beside its own page, as it is compared with what it says `now`: where it only cuts its words
/// elsewhere, it said the same.
fn said_before(before: Option<Text>, now: Option<Text>) -> Option<Text> {
    let is_other = |before: &Text, now: &Text| teaser::told(before.as_str(), now.as_str()) == Told::Other;
    match (before, now) {
        (Some(before), Some(now)) if is_other(&before, &now) => Some(before),
        (_, now) => now,
    }
}

/// The same of an item of which only the feed speaks.
fn said_by_feed(before: &Again, now: &Item) -> Again {
    let is_same = match (&before.item.text, &now.text) {
        (Some(was), Some(is)) => teaser::told(was.as_str(), is.as_str()) != Told::Other,
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    };
    let (text, html) = if is_same { (&now.text, &now.html) } else { (&before.item.text, &before.item.html) };
    let item = Item { text: text.clone(), html: html.clone(), ..before.item.clone() };
    let mut again = Again::of(item, &before.read.page_sha256, before.read.platform, 0);
    again.read.has_text = false;
    again
}

/// The keys of those `known` items that the listing shows no more, in the form that they have now; without what another has.
fn respelt(known: &[Item], renamed: &HashMap<String, String>) -> HashMap<String, String> {
    let taken: HashSet<&String> = known.iter().map(|item| &item.key).chain(renamed.values()).collect();
    let mut respelt: HashMap<String, String> = HashMap::new();
    for item in known.iter().filter(|item| !renamed.contains_key(&item.key)) {
        let present = key::respelt(&item.key).filter(|key| *key == key::canonical(&item.url));
        if let Some(present) = present.filter(|key| !taken.contains(key) && !respelt.values().any(|other| other == key)) {
            respelt.insert(item.key.clone(), present);
        }
    }
    respelt
}

/// Whether there is nothing more to read of an item: its body is known, or it is a file.
fn is_whole(item: &Item) -> bool {
    item.text.is_some() || item.is_file()
}

/// What a listing says of an item, as far as that can be told from the item.
fn as_listed(read: &ItemReading) -> Item {
    Item { text: None, html: None, ..read.item.clone() }
}

/// What the listing said of an item that is `known`, where its page is not kept: what it says `now` where that is the same.
fn listed_before(state: &ItemState, known: Item, now: &ItemReading) -> Item {
    let says_the_same = |names: &Names| state.names.as_ref().is_some_and(|before| before.listed == names.listed);
    let is_by_listing = now.names.as_ref().is_some_and(|names| names.by_listing && says_the_same(names));
    if is_by_listing { Item { title: now.item.title.clone(), ..known } } else { known }
}
