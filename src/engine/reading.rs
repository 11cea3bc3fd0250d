//! Reading a source: its listing, the further pages of it, and the own pages of the items that are new, changed or due to
//! be read again. All effects of a poll are here; nothing is recorded.
//!
//! Invariant: a page that could not be read leaves its item as it is known; it never makes one vanish.

mod again;
mod budget;
mod listing;
mod page;

pub use again::{Again, KnownItems, is_listing_outdated, is_outdated};

use super::visit::Visitor;
use crate::domain::item::{Fingerprint, Item};
use crate::domain::poll::PollOutcome;
use crate::domain::source::{Platform, Source};
use crate::ports::{Pages, RawPage};
use crate::store::records::{ItemState, SourceState, Validators};
use crate::store::{Row, Store, StoreError};
use budget::Budget;
use chrono::{DateTime, Utc};
pub(super) use page::bad_outcome as outcome_of;
use page::{bad_outcome, raw_page, request, unread, validators};
use std::collections::{BTreeMap, HashMap};

/// What a source showed.
#[derive(Debug)]
pub struct SourceReading {
    /// The items, in the listing's order.
    pub items: Vec<ItemReading>,
    /// The listing is as it was: what is known and not among `items` is still there.
    pub listing_unchanged: bool,
    /// Whether that is all that the source publishes.
    pub is_complete: bool,
    /// As what the listing was recognised; `None` where it has not changed.
    pub platform: Option<Platform>,
    /// SHA-256 of the listing's pages.
    pub listing_pages: Vec<String>,
    /// Of the listing page; `None` where it must be read in full next time.
    pub validators: Option<Validators>,
    /// New items that wait for their own page, with the number of tries.
    pub unread: BTreeMap<String, u32>,
    /// What an admin should know.
    pub warnings: Vec<String>,
    /// The pages as they came.
    pub pages: Vec<RawPage>,
}

/// What was read of one item.
#[derive(Debug)]
pub struct ItemReading {
    /// What the listing says, completed from the item's own page where that was read.
    pub item: Item,
    /// A hash of the listing's line.
    pub line: String,
    /// What was read now, where anything was.
    pub read: Option<Read>,
    /// Of its own page, where that was visited.
    pub validators: Option<Validators>,
    /// Whether its own page was visited, changed or not.
    pub visited: bool,
}

/// A content that was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Read {
    /// Its fingerprint.
    pub fingerprint: Fingerprint,
    /// Whether it includes the body.
    pub has_text: bool,
    /// SHA-256 of the page, in hexadecimal.
    pub page_sha256: String,
    /// Whose recipe read it: the platform as recognised.
    pub platform: Platform,
}

/// Why there is no reading.
#[derive(Debug)]
pub struct Unread {
    /// The poll's outcome.
    pub outcome: PollOutcome,
    /// `Retry-After`.
    pub wait_until: Option<DateTime<Utc>>,
    /// The page, where one came.
    pub page: Option<RawPage>,
    /// What an admin should know.
    pub warnings: Vec<String>,
}

/// Reads sources.
pub struct Reader<'a> {
    /// Visits pages politely.
    pub visitor: &'a Visitor,
    /// Where contents lie that were read before.
    pub store: &'a Store,
    /// Where their pages are kept.
    pub pages: &'a dyn Pages,
    /// The time of the poll.
    pub now: DateTime<Utc>,
}

impl Reader<'_> {
    /// Visits `source` and reads what it shows, given its `state` and the items `known` of it.
    pub async fn read(
        &self,
        source: &Source,
        state: &SourceState,
        known: &HashMap<String, Row<ItemState>>,
    ) -> Result<Result<SourceReading, Unread>, StoreError> {
        let is_vouched_for = state.baseline.is_some() && state.hold.is_none() && !is_listing_outdated(state);
        let asked = state.validators.as_ref().filter(|_| is_vouched_for);
        let visited = match self.visitor.visit(request(&source.url, asked)).await {
            Ok(visited) => visited,
            Err(not) => return Ok(Err(unread(not))),
        };
        if visited.fetched.status == 304 {
            return self.read_unchanged(source, state, known).await.map(Ok);
        }
        let (etag, last_modified) = (visited.fetched.etag.clone(), visited.fetched.last_modified.clone());
        let page = raw_page(visited, self.now);
        let extraction = match self.extract(source, &page).await {
            Ok(extraction) => extraction,
            Err(outcome) => return Ok(Err(Unread { outcome, wait_until: None, page: Some(page), warnings: Vec::new() })),
        };
        if let Some(outcome) = bad_outcome(&extraction, page.status, page.body.len()) {
            return Ok(Err(Unread { outcome, wait_until: None, page: Some(page), warnings: extraction.warnings }));
        }
        let validators = validators(etag, last_modified, extraction.platform);
        Ok(Ok(self.read_listing(source, state, known, extraction, page, validators).await))
    }

    /// The listing has not changed; items may have.
    async fn read_unchanged(
        &self,
        source: &Source,
        state: &SourceState,
        known: &HashMap<String, Row<ItemState>>,
    ) -> Result<SourceReading, StoreError> {
        let mut live: Vec<&ItemState> = known.values().map(|row| &row.value).filter(|i| i.withdrawn.is_none()).collect();
        live.sort_by_key(|item| (std::cmp::Reverse(item.published), std::cmp::Reverse(item.first_seen), item.id.clone()));
        let mut budget = Budget::new(source.reread);
        let mut reading = SourceReading {
            items: Vec::new(),
            listing_unchanged: true,
            is_complete: false,
            platform: None,
            listing_pages: Vec::new(),
            validators: state.validators.clone(),
            unread: state.unread.clone(),
            warnings: state.warnings.clone(),
            pages: Vec::new(),
        };
        for (rank, item) in live.into_iter().enumerate() {
            // A page whose items stand on the listing itself has been read by reading that.
            if item.validators.is_none() && item.read.is_none() || !budget.allows(rank, item, self.now) {
                continue;
            }
            let Some(revision) = self.store.revision(&item.id, item.revision).await? else { continue };
            let listed = Item { text: None, html: None, ..revision.item };
            let mut read = ItemReading {
                line: item.line.clone(),
                item: listed,
                read: None,
                validators: item.validators.clone(),
                visited: false,
            };
            let _ = self.visit_item(source, &mut read, Some(item), &mut reading).await;
            reading.items.push(read);
        }
        Ok(reading)
    }
}

impl Unread {
    /// Whether it may be otherwise at the next poll.
    fn may_pass(&self) -> bool {
        !matches!(
            self.outcome,
            PollOutcome::ErrorPage { status: 404 | 410 } | PollOutcome::RobotsDenied { .. } | PollOutcome::Refused { .. }
        )
    }
}
