//! The further pages of a listing: at first all of them, then those that show only what nobody knows, and once a day all of
//! them again. What is posted late, corrected or taken down on a later page is found by that.

use super::page::{cut, raw_page, request, unread};
use super::{Reader, SourceReading, is_listing_outdated};
use crate::domain::item::{Extraction, Item, Outcome};
use crate::domain::source::{Platform, Source};
use crate::rules::extract::key;
use crate::store::Row;
use crate::store::records::{Extent, ItemState, SourceState};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{HashMap, HashSet};

/// Listing pages that one poll follows.
const LISTING_PAGES_MAX: usize = 20;
/// Time between two walks to a listing's end.
const WALK_EVERY: TimeDelta = super::budget::DAILY;

/// Where following a listing ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum End {
    /// At its last page.
    Reached,
    /// At the most pages that we follow, or at one that repeats what was shown.
    Beyond,
    /// At what is known, since it is not time to go on.
    Unfollowed,
    /// At a page that could not be read.
    Failed,
}

impl End {
    /// Whether there was nothing more to read.
    pub(super) fn is_whole(self) -> bool {
        matches!(self, Self::Reached | Self::Beyond)
    }
}

/// Whether the listing has several pages, and the later ones have not been looked at for long.
pub(super) fn is_due(state: &SourceState, now: DateTime<Utc>) -> bool {
    // A clock that was ahead must not keep us away.
    let is_recent = |walked: DateTime<Utc>| (now - walked).abs() < WALK_EVERY;
    state.extent.is_some_and(|extent| !extent.walked.is_some_and(is_recent))
}

impl Reader<'_> {
    /// Follows the listing until its count agrees: where what it shows is all unknown, or where it is time to see all of it.
    /// Notes in `reading` how far that went.
    pub(super) async fn read_further_pages(
        &self,
        source: &Source,
        state: &SourceState,
        known: &HashMap<String, Row<ItemState>>,
        first: &Extraction,
        found: &mut Vec<(Item, String)>,
        reading: &mut SourceReading,
    ) -> End {
        let total = first.listing.total;
        let is_counted_otherwise = state.extent.is_some_and(|extent| total.is_some() && extent.total != total);
        let walks = is_counted_otherwise || state.extent.is_none() || is_listing_outdated(state) || is_due(state, self.now);
        let end = self.follow(source, state, known, first, walks, found, reading).await;
        let walked = if end.is_whole() { Some(self.now) } else { state.extent.and_then(|extent| extent.walked) };
        let has_pages = first.listing.next_url.is_some();
        reading.extent = has_pages.then_some(Extent { walked, first: first.items.len(), total });
        reading.is_whole = end.is_whole();
        end
    }

    #[expect(clippy::too_many_arguments, reason = "what a walk looks at and what it fills; a struct would only name them twice")]
    async fn follow(
        &self,
        source: &Source,
        state: &SourceState,
        known: &HashMap<String, Row<ItemState>>,
        first: &Extraction,
        walks: bool,
        found: &mut Vec<(Item, String)>,
        reading: &mut SourceReading,
    ) -> End {
        // A first walk that broke off has left unknown what stood there all the time.
        let was_unread = state.baseline.is_some() && state.extent.is_some_and(|extent| extent.walked.is_none());
        let mut next = first.listing.next_url.clone();
        let mut visited = HashSet::from([source.url.clone()]);
        let mut all_unknown = first.items.iter().all(|item| !known.contains_key(&item.key));
        while let Some(url) = next {
            if counts(first, found) {
                return End::Reached;
            }
            if !walks && !all_unknown {
                return End::Unfollowed;
            }
            if visited.len() >= LISTING_PAGES_MAX || !visited.insert(url.clone()) {
                return End::Beyond;
            }
            let extraction = match self.further_page(source, &url, reading).await {
                Ok(extraction) => extraction,
                Err(why) => {
                    reading.warnings.push(format!("{url}: {why}"));
                    reading.validators = None;
                    return End::Failed;
                }
            };
            let (page, extraction) = extraction;
            let is_found = |item: &&Item| found.iter().all(|(other, _)| other.key != item.key);
            if !extraction.items.iter().any(|item| is_found(&item)) {
                // A page that repeats what was shown leads nowhere, however often it names a next one.
                return End::Beyond;
            }
            if was_unread && !all_unknown {
                reading.were_there.extend(extraction.items.iter().map(|item| item.key.clone()));
            }
            all_unknown = extraction.items.iter().all(|item| !known.contains_key(&item.key));
            found.extend(extraction.items.into_iter().map(|item| (item, page.clone())));
            next = extraction.listing.next_url;
        }
        End::Reached
    }

    /// A page of the listing and its SHA-256, or why there is none.
    async fn further_page(
        &self,
        source: &Source,
        url: &url::Url,
        reading: &mut SourceReading,
    ) -> Result<(String, Extraction), String> {
        let visited = self.visitor.visit(request(url, None)).await.map_err(|not| unread(not).outcome.to_string())?;
        let page = raw_page(visited, self.now);
        let mut extraction = self.extract(source, &page).await.map_err(|outcome| outcome.to_string())?;
        // Read as an article, it is none of the listing's items.
        let itself = key::canonical(&page.url);
        extraction.items.retain(|item| item.key != itself);
        if extraction.outcome != Outcome::Items || extraction.items.is_empty() {
            return Err(format!("no items there ({:?})", extraction.outcome));
        }
        if extraction.platform != Platform::Feed && Self::is_further_page_cut(&page, reading) {
            return Err(cut().to_string());
        }
        let sha256 = page.sha256.clone();
        reading.listing_pages.push(sha256.clone());
        reading.pages.push(page);
        Ok((sha256, extraction))
    }
}

/// Whether as many items were found as the listing says that there are.
pub(super) fn counts(first: &Extraction, found: &[(Item, String)]) -> bool {
    let different = || found.iter().map(|(item, _)| item.key.as_str()).collect::<HashSet<_>>().len();
    first.listing.total.is_some_and(|total| different() >= total)
}
