//! A page that was read as one text and is told in parts now, or the other way round: it takes no more than a second dated heading,
//! or a third paper. What only stands elsewhere than before is no news, neither of the page nor of its parts.
//!
//! Invariant: a part that is read with the whole page is not gone.

use super::grown::{Stood, was_told_in_parts};
use super::{Again, ItemReading, KnownItems, Reader, SourceReading, is_listing_outdated};
use crate::domain::item::{Document, Item};
use crate::domain::source::Source;
use crate::domain::text::Text;
use crate::rules::extract::key;
use crate::rules::facts;
use crate::rules::fingerprint::uncased;
use crate::rules::revision::is_only_rearranged;
use crate::store::records::{ItemState, SourceState};
use crate::store::{Row, StoreError};
use std::collections::{HashMap, HashSet};

impl Reader<'_> {
    /// Compares what is known of a page with the part of it that is the page's now.
    pub async fn follow_parts(
        &self,
        source: &Source,
        state: &SourceState,
        known: &mut KnownItems,
        reading: &SourceReading,
    ) -> Result<(), StoreError> {
        if reading.listing_unchanged || is_listing_outdated(state) {
            return Ok(());
        }
        let own = reading.pages.first().map(|page| key::of_page(&page.url)).unwrap_or_default();
        let is_there = |item: &&ItemReading| item.is_listed && !item.is_page;
        let come: Vec<&ItemReading> = reading.items.iter().filter(is_there).filter(|item| has_come(known, item)).collect();
        let is_part = |item: &&ItemReading| item.item.key.split_once('#').is_some_and(|(page, _)| page == own);
        // What a list of links leads to stood on the page where the page was all there was.
        let is_first = come.len() == reading.items.iter().filter(is_there).count() && reading.items.iter().any(|i| i.is_page);
        if !come.is_empty() && (is_first || come.iter().any(is_part)) {
            return self.told_in_parts(source, &own, &come, is_first, known, reading).await;
        }
        let mut listed = reading.items.iter().filter(|item| item.is_listed);
        // The only entry of a list is no page on which the others stood.
        if let (Some(page), None) = (listed.next(), listed.next())
            && key::of_page(&page.item.url) == own
        {
            self.told_as_one(source, state, page, known).await;
        }
        Ok(())
    }

    /// Whether a page that has words of its own beside those of the items with these `keys` had none when it was kept last: then they
    /// are news. Otherwise they stood there as long as the items did, whichever recipe saw them first.
    pub(super) async fn had_no_words(&self, source: &Source, state: &SourceState, itself: &Item, keys: &[String]) -> bool {
        if is_listing_outdated(state) {
            return false;
        }
        let kept = match state.listing_pages.first() {
            Some(sha256) => self.kept(source, sha256).await,
            None => None,
        };
        let Some(before) = kept else { return false };
        let read = self.extract(source, &before).await;
        let had_none = read.is_ok_and(|read| read.page.is_none() && read.items.iter().any(|item| keys.contains(&item.key)));
        if !had_none {
            return false;
        }
        // They may have been there, and not read.
        let said = self.lines(&before).await;
        lines(itself).any(|line| !said.contains(&line))
    }

    /// What has `come` as parts of a page, or in a list on it, may have been said by the page before. `is_first`: nothing else is
    /// listed.
    async fn told_in_parts(
        &self,
        source: &Source,
        page: &str,
        come: &[&ItemReading],
        is_first: bool,
        known: &mut KnownItems,
        reading: &SourceReading,
    ) -> Result<(), StoreError> {
        let Some(state) = known.rows.get(page).map(|row| &row.value).filter(|state| state.withdrawn.is_none()) else {
            return Ok(());
        };
        let Some(revision) = self.store.revision(&state.id, state.revision).await? else { return Ok(()) };
        let page_then = self.page_of(source, &revision).await;
        let (before, platform) = (revision.item, state.platform);
        if let Some(page_then) = page_then.as_ref().filter(|_| is_first) {
            let led = self.leads(page_then).await;
            known.were_there.extend(come.iter().map(|part| part.item.key.clone()).filter(|key| led.contains(key)));
        }
        let stood = self.stood(&before, page_then).await;
        let of_page = if was_told_in_parts(&known.rows, page) { &self.stood(&before, None).await } else { &stood };
        let parts = come.iter().filter(|part| of_page.holds(&part.item));
        known.were_there.extend(parts.map(|part| part.item.key.clone()));
        let now = reading.items.iter().find(|item| item.is_page && item.item.key == page);
        let (Some(now), Some(sha256), Some(platform)) = (now, revision.page_sha256, platform) else { return Ok(()) };
        if known.again.contains_key(page) {
            return Ok(());
        }
        let listed = Item::bare(now.item.key.clone(), now.item.title.clone(), now.item.url.clone());
        let whole = match reading.pages.first() {
            Some(page) => self.extract_item(source, page, &listed).await.ok().and_then(Result::ok).map(|own| own.item),
            None => None,
        };
        let parts: Vec<&Item> = come.iter().map(|part| &part.item).collect();
        if let Some(item) = (Apart { parts: &parts, whole: whole.as_ref(), now: &now.item, stood: &stood }).of(&before) {
            known.again.insert(page.to_owned(), Again::of(item, &sha256, platform, 0));
        }
        Ok(())
    }

    /// A page with known parts that is read as one text: so it is on the page of before.
    async fn told_as_one(&self, source: &Source, state: &SourceState, page: &ItemReading, known: &mut KnownItems) {
        let key = &page.item.key;
        let is_there =
            |(other, row): &(&String, &Row<ItemState>)| *other != key && row.value.withdrawn.is_none() && !row.value.out_of_sight;
        if !known.rows.contains_key(key) || !known.rows.iter().any(|row| is_there(&row)) {
            return;
        }
        let before = match state.listing_pages.first() {
            Some(sha256) => self.kept(source, sha256).await,
            None => None,
        };
        let led = match &before {
            Some(before) => self.leads(before).await,
            None => HashSet::new(),
        };
        let is_part =
            |other: &String| other.strip_prefix(key.as_str()).is_some_and(|rest| rest.starts_with('#')) || led.contains(other);
        let parts: Vec<String> =
            known.rows.iter().filter(is_there).map(|(key, _)| key).filter(|key| is_part(key)).cloned().collect();
        if parts.is_empty() {
            return;
        }
        known.out_of_sight.extend(parts);
        let Some(before) = before else { return };
        let listed = Item::bare(key.clone(), page.item.title.clone(), page.item.url.clone());
        if let Ok(Ok(own)) = self.extract_item(source, &before, &listed).await {
            let item = if is_only_rearranged(&own.item, &page.item) { page.item.clone() } else { own.item };
            known.again.insert(key.clone(), Again::of(item, &before.sha256, own.platform, 0));
        }
    }
}

/// Whether a part of a page, or an entry on it, is there that was not told apart before.
fn has_come(known: &KnownItems, item: &ItemReading) -> bool {
    known.rows.get(&item.item.key).is_none_or(|row| row.value.out_of_sight)
}

/// What tells a page's own words from those of its new parts.
struct Apart<'r> {
    /// What has come apart.
    parts: &'r [&'r Item],
    /// The page as it is, read as one text, where it can be.
    whole: Option<&'r Item>,
    /// What it says beside its parts.
    now: &'r Item,
    /// All that it said.
    stood: &'r Stood<'r>,
}

impl Apart<'_> {
    /// What a page that was `before` said without what its parts say; `None` where they say nothing of it.
    fn of(&self, before: &Item) -> Option<Item> {
        let (text, documents) = (self.text(before)?, self.documents(before));
        if before.text.as_ref() == Some(&text) && before.documents == documents {
            return None;
        }
        let decisions = before.decisions.iter().filter(|one| !self.parts.iter().any(|part| part.decisions.contains(one)));
        let now = self.now;
        let mut item = Item {
            text: Some(text),
            documents,
            decisions: decisions.cloned().collect(),
            // Whose the links and days were that stood in it, its text alone does not tell.
            html: now.html.clone(),
            published: now.published,
            published_at: now.published_at,
            meeting: now.meeting.clone(),
            stage: now.stage,
            ..before.clone()
        };
        facts::fill(&mut item);
        Some(item)
    }

    fn text(&self, before: &Item) -> Option<Text> {
        let counted = |item: &Item| {
            let mut times: HashMap<String, usize> = HashMap::new();
            lines(item).for_each(|line| *times.entry(line).or_default() += 1);
            times
        };
        let (said, whole) = (counted(self.now), self.whole.map(counted).unwrap_or_default());
        let mut taken: HashSet<String> =
            self.parts.iter().flat_map(|part| lines(part).chain([uncased(part.title.as_str())])).collect();
        // A heading over nothing but parts goes with them, and so does all else that stands by them.
        taken.extend(whole.iter().filter(|(line, times)| said.get(*line) < Some(times)).map(|(line, _)| line.clone()));
        let mut left = said.clone();
        let mut is_kept = |line: &&str| {
            let line = uncased(line);
            let left = left.get_mut(&line).filter(|left| **left > 0);
            let is_said = left.map(|left| *left -= 1).is_some();
            is_said || !taken.contains(&line)
        };
        let mut kept: Vec<&str> = before.text.as_ref()?.as_str().lines().filter(|line| is_kept(line)).collect();
        // What only this way of reading the page finds was there if any line of the page said it.
        let is_found = |line: &&str| {
            let line = uncased(line);
            self.whole.is_some() && !whole.contains_key(&line) && left.get(&line) > Some(&0) && self.stood.says(&line)
        };
        let now = self.now.text.as_ref().map(Text::as_str).unwrap_or_default();
        kept.extend(now.lines().filter(is_found));
        let mut times: HashMap<String, usize> = HashMap::new();
        kept.iter().map(|line| uncased(line)).for_each(|line| *times.entry(line).or_default() += 1);
        Some(if times == said { Text::new(now) } else { Text::new(&kept.join("\n")) })
    }

    fn documents(&self, before: &Item) -> Vec<Document> {
        let is_in =
            |item: &Item, paper: &Document| paper.url.is_some() && item.documents.iter().any(|other| other.url == paper.url);
        let is_taken = |paper: &Document| {
            let is_of_part = self.parts.iter().any(|part| part.documents.contains(paper) || is_in(part, paper));
            let is_unread = || self.whole.is_some_and(|whole| is_in(whole, paper) && !is_in(self.now, paper));
            is_of_part || is_unread()
        };
        let is_found = |paper: &&Document| {
            self.whole.is_some_and(|whole| !is_in(whole, paper)) && !is_in(before, paper) && paper.url.is_some()
        };
        let kept = before.documents.iter().filter(|paper| !is_taken(paper));
        kept.chain(self.now.documents.iter().filter(is_found)).cloned().collect()
    }
}

/// The lines of an item's text, as they are compared.
fn lines(item: &Item) -> impl Iterator<Item = String> {
    item.text.iter().flat_map(|text| text.as_str().lines()).map(uncased)
}
