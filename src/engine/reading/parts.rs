//! A page that was read as one text and is told in parts now, or the other way round: it takes no more than a second dated heading.
//! What only stands elsewhere than before is no news, neither of the page nor of its parts.
//!
//! Invariant: a part that is read with the whole page is not gone.

use super::{Again, ItemReading, KnownItems, Reader, SourceReading, is_listing_outdated};
use crate::domain::item::Item;
use crate::domain::source::Source;
use crate::domain::text::Text;
use crate::rules::extract::key;
use crate::rules::facts;
use crate::rules::fingerprint::uncased;
use crate::store::StoreError;
use crate::store::records::SourceState;
use std::collections::HashSet;

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
        let come: Vec<&ItemReading> = reading.items.iter().filter(|item| has_come(known, item)).collect();
        let own = reading.pages.first().map(|page| key::of_page(&page.url)).unwrap_or_default();
        let page = come.first().and_then(|part| part.item.key.split_once('#')).map(|(page, _)| page);
        if let Some(page) = page.filter(|page| *page == own) {
            return self.told_in_parts(source, page, &come, known, reading).await;
        }
        let mut listed = reading.items.iter().filter(|item| item.is_listed);
        if let (Some(page), None) = (listed.next(), listed.next()) {
            self.told_as_one(source, state, page, known).await;
        }
        Ok(())
    }

    /// What has `come` as parts of a page may have been said by the page before.
    async fn told_in_parts(
        &self,
        source: &Source,
        page: &str,
        come: &[&ItemReading],
        known: &mut KnownItems,
        reading: &SourceReading,
    ) -> Result<(), StoreError> {
        let Some(state) = known.rows.get(page).map(|row| &row.value).filter(|state| state.withdrawn.is_none()) else {
            return Ok(());
        };
        let Some(revision) = self.store.revision(&state.id, state.revision).await? else { return Ok(()) };
        let page_then = self.page_of(source, &revision).await;
        let (before, platform) = (revision.item, state.platform);
        let stood = self.stood(&before, page_then).await;
        let stood = come.iter().filter(|part| stood.holds(&part.item));
        known.were_there.extend(stood.map(|part| part.item.key.clone()));
        let now = reading.items.iter().find(|item| item.is_page && item.item.key == page);
        let (Some(now), Some(sha256), Some(platform)) = (now, revision.page_sha256, platform) else { return Ok(()) };
        if !known.again.contains_key(page)
            && let Some(item) = without(&before, come, &now.item)
        {
            known.again.insert(page.to_owned(), Again::of(item, &sha256, platform, 0));
        }
        Ok(())
    }

    /// A page with known parts that is read as one text: so it is on the page of before.
    async fn told_as_one(&self, source: &Source, state: &SourceState, page: &ItemReading, known: &mut KnownItems) {
        let key = &page.item.key;
        let is_part = |other: &String| other.strip_prefix(key.as_str()).is_some_and(|rest| rest.starts_with('#'));
        let parts = known.rows.iter().filter(|(key, row)| is_part(key) && row.value.withdrawn.is_none());
        let parts: Vec<String> = parts.filter(|(_, row)| !row.value.out_of_sight).map(|(key, _)| key.clone()).collect();
        if parts.is_empty() || !known.rows.contains_key(key) {
            return;
        }
        known.out_of_sight.extend(parts);
        let before = match state.listing_pages.first() {
            Some(sha256) => self.kept(source, sha256).await,
            None => None,
        };
        let Some(before) = before else { return };
        let listed = Item::bare(key.clone(), page.item.title.clone(), page.item.url.clone());
        if let Ok(Ok(own)) = self.extract_item(source, &before, &listed).await {
            known.again.insert(key.clone(), Again::of(own.item, &before.sha256, own.platform, 0));
        }
    }
}

/// Whether a part of a page is there that was not told apart before.
fn has_come(known: &KnownItems, item: &ItemReading) -> bool {
    let is_known = |key: &String| known.rows.get(key).is_some_and(|row| !row.value.out_of_sight);
    item.is_listed && item.item.key.contains('#') && !is_known(&item.item.key)
}

/// What a page said without what its new `parts` say, beside what it says `now`; `None` where they say nothing of it.
fn without(before: &Item, parts: &[&ItemReading], now: &Item) -> Option<Item> {
    let parts = || parts.iter().map(|part| &part.item);
    let taken: HashSet<String> = parts().flat_map(|part| lines(part).chain([uncased(part.title.as_str())])).collect();
    let text = before.text.as_ref()?;
    let kept: Vec<&str> = text.as_str().lines().filter(|line| !taken.contains(&uncased(line))).collect();
    if kept.len() == text.as_str().lines().count() {
        return None;
    }
    let documents = before.documents.iter().filter(|paper| !parts().any(|part| part.documents.contains(paper)));
    let decisions = before.decisions.iter().filter(|decision| !parts().any(|part| part.decisions.contains(decision)));
    let mut item = Item {
        text: Some(Text::new(&kept.join("\n"))),
        documents: documents.cloned().collect(),
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

/// The lines of an item's text, as they are compared.
fn lines(item: &Item) -> impl Iterator<Item = String> {
    item.text.iter().flat_map(|text| text.as_str().lines()).map(uncased)
}
