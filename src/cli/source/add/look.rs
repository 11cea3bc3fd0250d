//! What is at an address: the page and the first items' own pages, or the feed that it offers where that serves better.

use crate::cli::source::words;
use crate::domain::item::{Extraction, Outcome};
use crate::domain::source::{Platform, Select, Source, SourceId};
use crate::engine::trial::{self, Came, Trial};
use crate::engine::visit::{NotVisited, Visitor};
use crate::rules::extract::imprint::{self, Imprint};
use crate::rules::extract::key;
use std::collections::HashSet;
use url::Url;

/// Items' own pages that are read.
const OWN_PAGES_MAX: usize = 3;
/// Feeds that are tried where the page itself does not serve.
const FEEDS_MAX: usize = 2;

/// What was found.
pub(super) struct Look {
    /// What was asked for.
    pub(super) asked: Url,
    /// The address that the source should have.
    pub(super) url: Url,
    /// What was read there.
    pub(super) trial: Result<Trial, NotVisited>,
    /// What the page says of its site.
    pub(super) imprint: Imprint,
    /// Where a feed stands in for it: what the page itself gave.
    pub(super) instead_of: Option<Box<Extraction>>,
    /// A source that watches the same page.
    pub(super) known_as: Option<SourceId>,
}

impl Look {
    /// Whether a source of this would read anything; a page that says that it is empty was understood.
    pub(super) fn reads(&self) -> bool {
        self.trial.as_ref().is_ok_and(|trial| matches!(trial.extraction.outcome, Outcome::Items | Outcome::Empty))
    }

    /// Why the platform is what it is, and what it found: for a comment in the file.
    pub(super) fn remarks(&self) -> Vec<String> {
        let Ok(trial) = &self.trial else { return vec!["The page could not be read when this was written.".to_owned()] };
        let recognised = words::recognised(&trial.extraction).map(|why| {
            let mut letters = why.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default() + "."
        });
        let feed =
            self.instead_of.as_ref().map(|_| format!("The feed of {}, which serves better than the page itself.", self.asked));
        let found = format!("When this was written: {}.", words::found(&trial.extraction));
        feed.into_iter().chain(recognised).chain([found]).collect()
    }
}

/// Looks at `asked`, and at a feed that it offers where nothing there can be read, or nothing has a day.
pub(super) async fn look(visitor: &Visitor, asked: Url, sources: &[Source]) -> Look {
    let came = match trial::visit(visitor, &asked).await {
        Ok(came) => came,
        Err(not) => {
            let known_as = known(&asked, sources);
            let imprint = Imprint::default();
            return Look { url: asked.clone(), asked, trial: Err(not), imprint, instead_of: None, known_as };
        }
    };
    let imprint = imprint::read(&came.page());
    let url = if came.has_moved { came.url.clone() } else { asked.clone() };
    let own = read(came, Platform::Auto);
    let (url, mut trial, instead_of) = match better_feed(visitor, &imprint, &own.extraction).await {
        Some((feed_url, feed)) => (feed_url, feed, Some(Box::new(own.extraction))),
        None => (url, own, None),
    };
    let platform = trial.extraction.platform;
    trial.complete(visitor, platform, &Select::default(), OWN_PAGES_MAX).await;
    let known_as = known(&url, sources);
    Look { asked, url, trial: Ok(trial), imprint, instead_of, known_as }
}

fn read(came: Came, platform: Platform) -> Trial {
    trial::read(came, platform, &Select::default())
}

/// The source that watches this page, however its address is written there.
fn known(url: &Url, sources: &[Source]) -> Option<SourceId> {
    let key = key::canonical(url);
    sources.iter().find(|source| key::canonical(&source.url) == key).map(|source| source.id.clone())
}

/// A feed that serves where the page does not: it names at least half of what the page lists, or all where that lists nothing.
async fn better_feed(visitor: &Visitor, imprint: &Imprint, own: &Extraction) -> Option<(Url, Trial)> {
    let dated = own.items.iter().any(|item| item.published.is_some() || item.meeting.is_some());
    if own.outcome == Outcome::Empty || (own.outcome == Outcome::Items && dated) {
        return None;
    }
    let listed: HashSet<&str> = own.items.iter().filter(|_| own.listing.shown.is_some()).map(|item| item.key.as_str()).collect();
    // The feed of the list itself before the site's others.
    let of_list = own.listing.feed_url.as_ref();
    let others = imprint.feeds.iter().map(|offer| &offer.url).filter(|url| Some(*url) != of_list);
    for url in of_list.into_iter().chain(others).take(FEEDS_MAX) {
        let Ok(came) = trial::visit(visitor, url).await else { continue };
        let feed = read(came, Platform::Feed);
        let shared = feed.extraction.items.iter().filter(|item| listed.contains(key::canonical(&item.url).as_str())).count();
        if feed.extraction.outcome == Outcome::Items && shared * 2 >= listed.len() {
            return Some((url.clone(), feed));
        }
    }
    None
}
