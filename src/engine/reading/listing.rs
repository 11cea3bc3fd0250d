//! A listing: its first page with the pages that follow it, and the own pages of its items that are worth a visit.

use super::budget::Budget;
use super::page::{raw_page, request, unread};
use super::{ItemReading, Read, Reader, SourceReading};
use crate::domain::item::{Extraction, Item, Outcome, hash_hex};
use crate::domain::source::{Platform, Source};
use crate::ports::RawPage;
use crate::rules::extract;
use crate::rules::fingerprint::fingerprint;
use crate::store::Row;
use crate::store::records::{ItemState, SourceState, Validators};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Listing pages that one poll follows.
const LISTING_PAGES_MAX: usize = 20;
/// Polls that wait for a new item's own page before the item is told of by its listing line alone.
const UNREAD_TRIES_MAX: u32 = 3;

impl Reader<'_> {
    pub(super) async fn read_listing(
        &self,
        source: &Source,
        state: &SourceState,
        known: &HashMap<String, Row<ItemState>>,
        first: Extraction,
        page: RawPage,
        validators: Option<Validators>,
    ) -> SourceReading {
        let first_sha = page.sha256.clone();
        let mut reading = SourceReading {
            items: Vec::new(),
            listing_unchanged: false,
            is_complete: false,
            platform: Some(first.platform),
            listing_pages: vec![first_sha.clone()],
            validators,
            unread: BTreeMap::new(),
            warnings: first.warnings.clone(),
            pages: vec![page],
        };
        let mut found: Vec<(Item, String)> = first.items.iter().map(|item| (item.clone(), first_sha.clone())).collect();
        let platform = first.platform;
        let listing_ends = self.read_further_pages(source, known, &first, &mut found, &mut reading).await;
        let counted = counts(&first, &found);
        // A page that is no listing shows everything that it is about; a listing does where its own count says so.
        reading.is_complete = listing_ends && (first.listing.shown.is_none() && first.platform != Platform::Feed || counted);

        let mut budget = Budget::new(source.reread);
        let mut seen = HashSet::new();
        for (rank, (item, sha)) in found.into_iter().enumerate() {
            if !seen.insert(item.key.clone()) {
                continue;
            }
            let before = known.get(&item.key).map(|row| &row.value);
            let line = line_hash(&item);
            let mut read = ItemReading { line, read: None, validators: None, visited: false, item };
            if read.item.is_file() || !extract::wants_own_page(first.platform, &read.item) {
                read.read = Some(Read { fingerprint: fingerprint(&read.item), has_text: true, page_sha256: sha, platform });
                reading.items.push(read);
                continue;
            }
            let line_changed = before.is_some_and(|b| b.line != read.line);
            let wanted = match before {
                None => budget.spend(),
                Some(before) if !before.has_text || line_changed => budget.spend(),
                Some(before) => budget.allows(rank, before, self.now),
            };
            if wanted && let Err(unread) = self.visit_item(source, &mut read, before, &mut reading).await {
                let tries = state.unread.get(&read.item.key).copied().unwrap_or(0) + 1;
                let is_new = before.is_none() && state.baseline.is_some();
                // A summary is words enough.
                if is_new && read.item.text.is_none() && unread.may_pass() && tries < UNREAD_TRIES_MAX {
                    // Better told tomorrow with its words than today without; but told.
                    reading.unread.insert(read.item.key.clone(), tries);
                    reading.validators = None;
                    continue;
                }
            }
            if read.read.is_none() && before.is_none() {
                read.read = Some(Read { fingerprint: fingerprint(&read.item), has_text: false, page_sha256: sha, platform });
            }
            reading.items.push(read);
        }
        reading
    }

    /// Follows the listing where what it shows is all unknown, until its count agrees. Whether its end was reached.
    async fn read_further_pages(
        &self,
        source: &Source,
        known: &HashMap<String, Row<ItemState>>,
        first: &Extraction,
        found: &mut Vec<(Item, String)>,
        reading: &mut SourceReading,
    ) -> bool {
        let mut next = first.listing.next_url.clone();
        let mut visited = HashSet::from([source.url.clone()]);
        let mut all_unknown = first.items.iter().all(|item| !known.contains_key(&item.key));
        while let Some(url) = next {
            if counts(first, found) {
                return true;
            }
            if !all_unknown || visited.len() >= LISTING_PAGES_MAX || !visited.insert(url.clone()) {
                return false;
            }
            let further = match self.visitor.visit(request(&url, None)).await {
                Ok(page) => {
                    let page = raw_page(page, self.now);
                    let read = self.extract(source, &page).await.map_err(|outcome| outcome.to_string());
                    read.map(|extraction| (extraction, page))
                }
                Err(not) => Err(unread(not).outcome.to_string()),
            };
            match further {
                Ok((extraction, page)) if extraction.outcome == Outcome::Items => {
                    all_unknown = extraction.items.iter().all(|item| !known.contains_key(&item.key));
                    let adds = extraction.items.iter().any(|item| found.iter().all(|(other, _)| other.key != item.key));
                    if !adds {
                        // A page that repeats what was shown leads nowhere, however often it names a next one.
                        return false;
                    }
                    found.extend(extraction.items.iter().map(|item| (item.clone(), page.sha256.clone())));
                    next = extraction.listing.next_url;
                    reading.listing_pages.push(page.sha256.clone());
                    reading.pages.push(page);
                }
                Ok((extraction, _)) => {
                    reading.warnings.push(format!("{url}: no items there ({:?})", extraction.outcome));
                    reading.validators = None;
                    return false;
                }
                Err(why) => {
                    reading.warnings.push(format!("{url}: {why}"));
                    reading.validators = None;
                    return false;
                }
            }
        }
        true
    }
}

/// Whether as many items were found as the listing says that there are.
fn counts(first: &Extraction, found: &[(Item, String)]) -> bool {
    let different = || found.iter().map(|(item, _)| item.key.as_str()).collect::<HashSet<_>>().len();
    first.listing.total.is_some_and(|total| different() >= total)
}

/// What the listing says of an item, as a hash: when it differs, the item's own page is read whatever its validators say.
fn line_hash(item: &Item) -> String {
    let published = item.published.map(|d| d.to_string()).unwrap_or_default();
    let mut said = vec![item.title.as_str().as_bytes(), published.as_bytes(), item.url.as_str().as_bytes()];
    said.extend(item.text.as_ref().map(|teaser| teaser.as_str().as_bytes()));
    hash_hex(&said)
}
