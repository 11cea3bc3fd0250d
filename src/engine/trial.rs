//! A page on trial: visited and read as a poll would, with where each fact comes from, and nothing recorded.

use super::visit::{NotVisited, Visitor};
use crate::domain::evidence::Evidence;
use crate::domain::item::{Extraction, Item};
use crate::domain::poll::PollOutcome;
use crate::domain::source::{Platform, Select};
use crate::ports::FetchRequest;
use crate::rules::extract::{self, Page};
use url::Url;

/// A page as it came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Came {
    /// Where it was in the end.
    pub url: Url,
    /// HTTP status; `None` for a file.
    pub status: Option<u16>,
    /// `Content-Type`, as sent.
    pub content_type: Option<String>,
    /// The bytes.
    pub body: Vec<u8>,
    /// Whether it has moved there for good.
    pub has_moved: bool,
}

impl Came {
    /// The page, for a reader.
    #[must_use]
    pub fn page(&self) -> Page<'_> {
        let status = self.status.unwrap_or(200);
        Page { url: &self.url, status, content_type: self.content_type.as_deref(), body: &self.body }
    }
}

/// What was read on trial.
#[derive(Clone, PartialEq, Debug)]
pub struct Trial {
    /// The page.
    pub came: Came,
    /// What it says, its items completed from the own pages that were read.
    pub extraction: Extraction,
    /// Where each fact of each item comes from.
    pub evidence: Vec<Evidence>,
    /// The items' own pages that were visited.
    pub own_pages: Vec<OwnPage>,
}

/// An item's own page that was visited.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OwnPage {
    /// The item's key.
    pub key: String,
    /// Where.
    pub url: Url,
    /// Bytes read; or why the item could not be.
    pub read: Result<usize, PollOutcome>,
}

/// Visits a page.
///
/// # Errors
/// The outcome that a poll would record.
pub async fn visit(visitor: &Visitor, url: &Url) -> Result<Came, NotVisited> {
    let visited = visitor.visit(FetchRequest { url: url.clone(), etag: None, last_modified: None }).await?;
    Ok(Came {
        url: visited.url,
        status: Some(visited.fetched.status),
        content_type: visited.fetched.content_type,
        body: visited.fetched.body,
        has_moved: visited.has_moved,
    })
}

/// Reads a page that came.
#[must_use]
pub fn read(came: Came, platform: Platform, select: &Select) -> Trial {
    let (extraction, evidence) = extract::explain(&came.page(), platform, select);
    Trial { came, extraction, evidence, own_pages: Vec::new() }
}

impl Trial {
    /// Visits the own pages of the first items that a poll would complete from them, `max` at most.
    pub async fn complete(&mut self, visitor: &Visitor, platform: Platform, select: &Select, max: usize) {
        let listed = self.extraction.platform;
        let wants = |item: &Item| !item.is_file() && extract::wants_own_page(listed, item);
        let unread = self.extraction.items.iter().enumerate().filter(|(_, item)| wants(item));
        let unread: Vec<(usize, Item)> = unread.take(max).map(|(at, item)| (at, item.clone())).collect();
        for (at, listed) in unread {
            let read = own_page(visitor, platform, select, &listed).await;
            let (key, url) = (listed.key.clone(), listed.url.clone());
            let read = read.map(|(bytes, item, evidence)| {
                // What the own page does not say, the listing has said.
                self.evidence.retain(|known| known.key != key || evidence.iter().all(|own| own.fact != known.fact));
                self.evidence.extend(evidence);
                if let Some(place) = self.extraction.items.get_mut(at) {
                    *place = item;
                }
                bytes
            });
            self.own_pages.push(OwnPage { key, url, read });
        }
    }

    /// The evidence for one item, fact by fact.
    #[must_use]
    pub fn evidence_for(&self, key: &str) -> Vec<&Evidence> {
        let mut own: Vec<&Evidence> = self.evidence.iter().filter(|evidence| evidence.key == key).collect();
        own.sort_by_key(|evidence| evidence.fact);
        own
    }
}

async fn own_page(
    visitor: &Visitor,
    platform: Platform,
    select: &Select,
    listed: &Item,
) -> Result<(usize, Item, Vec<Evidence>), PollOutcome> {
    let came = visit(visitor, &listed.url).await.map_err(|not| not.outcome)?;
    let read = extract::explain_item(&came.page(), platform, select, listed);
    let (item, evidence) = read.map_err(|refused| {
        let why = refused.warnings.last().cloned().unwrap_or_default();
        let outcome = super::reading::outcome_of(&refused, came.status.unwrap_or(200), came.body.len());
        outcome.unwrap_or(PollOutcome::Unrecognised { detail: why })
    })?;
    Ok((came.body.len(), item, evidence))
}
