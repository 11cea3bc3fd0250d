//! What is at an address: the page and the first items' own pages, or the feed that it offers where that serves better.

use crate::cli::source::words;
use crate::domain::item::{Extraction, Outcome};
use crate::domain::source::{Platform, Select, Source, SourceId};
use crate::engine::trial::{self, Came, Trial};
use crate::engine::visit::{NotVisited, Visitor};
use crate::rules::extract::imprint::{self, Imprint};
use crate::rules::extract::key;
use chrono::NaiveDate;
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
    /// Feeds that the page offers and that do not stand in for it, each with the reason.
    pub(super) passed_over: Vec<(Url, String)>,
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
            let (instead_of, passed_over) = (None, Vec::new());
            return Look { url: asked.clone(), asked, trial: Err(not), imprint, instead_of, passed_over, known_as };
        }
    };
    let imprint = imprint::read(&came.page());
    let url = if came.has_moved { came.url.clone() } else { asked.clone() };
    let own = read(came, Platform::Auto);
    let mut passed_over = Vec::new();
    let (url, mut trial, instead_of) = match better_feed(visitor, &imprint, (&url, &own.extraction), &mut passed_over).await {
        Some((feed_url, feed)) => (feed_url, feed, Some(Box::new(own.extraction))),
        None => (url, own, None),
    };
    let platform = trial.extraction.platform;
    trial.complete(visitor, platform, &Select::default(), OWN_PAGES_MAX).await;
    let known_as = known(&url, sources);
    Look { asked, url, trial: Ok(trial), imprint, instead_of, passed_over, known_as }
}

fn read(came: Came, platform: Platform) -> Trial {
    trial::read(came, platform, &Select::default())
}

/// The source that watches this page, however its address is written there.
fn known(url: &Url, sources: &[Source]) -> Option<SourceId> {
    let key = key::canonical(url);
    sources.iter().find(|source| key::canonical(&source.url) == key).map(|source| source.id.clone())
}

/// A feed that serves better than the page. Where the page gives days, it has to name all that the page lists, at least as many
/// entries, and the newest as soon; where the page gives none, half of what that lists; and all where nothing there can be read.
/// What speaks against those that are `passed_over` is said.
async fn better_feed(
    visitor: &Visitor,
    imprint: &Imprint,
    (page, own): (&Url, &Extraction),
    passed_over: &mut Vec<(Url, String)>,
) -> Option<(Url, Trial)> {
    // What a platform's own pages say of a meeting or a decision no feed of them says.
    let is_general = matches!(own.platform, Platform::Page | Platform::LocalgovDrupal | Platform::Jadu);
    let serves = own.outcome == Outcome::Items && days(own).next().is_some();
    if own.outcome == Outcome::Empty || serves && !is_general {
        return None;
    }
    // The feed of the list itself before the site's others.
    let of_list = own.listing.feed_url.as_ref();
    let is_candidate = |url: &&Url| Some(*url) != of_list && *url != page && (!serves || is_same_site(url, page));
    let others = imprint.feeds.iter().map(|offer| &offer.url).filter(is_candidate);
    for url in of_list.into_iter().chain(others).take(FEEDS_MAX) {
        let why = match trial::visit(visitor, url).await {
            Err(not) => not.outcome.to_string(),
            Ok(came) => {
                let feed = read(came, Platform::Feed);
                match shortcoming(own, &feed.extraction) {
                    None => return Some((url.clone(), feed)),
                    Some(why) => why,
                }
            }
        };
        passed_over.push((url.clone(), why));
    }
    None
}

/// Whether nobody else is asked for what a page that serves gives already.
fn is_same_site(feed: &Url, page: &Url) -> bool {
    let bare = |url: &Url| url.host_str().map(|host| host.trim_start_matches("www.").to_owned());
    bare(feed) == bare(page)
}

/// Why `feed` does not serve better than the page that gave `own`; `None` where it does.
fn shortcoming(own: &Extraction, feed: &Extraction) -> Option<String> {
    if feed.outcome != Outcome::Items {
        return Some("no entry of it can be read".to_owned());
    }
    let is_list = own.outcome == Outcome::Items && own.listing.shown.is_some();
    let listed: HashSet<&str> = own.items.iter().filter(|_| is_list).map(|item| item.key.as_str()).collect();
    let named: HashSet<String> = feed.items.iter().map(|item| key::canonical(&item.url)).collect();
    let shared = listed.iter().filter(|key| named.contains(**key)).count();
    let Some(newest) = days(own).max() else {
        return (shared * 2 < listed.len()).then(|| format!("it names {shared} of the {} entries of the page", listed.len()));
    };
    if !is_list {
        return Some("the page is no list of entries that a feed could have".to_owned());
    }
    if shared < listed.len() {
        return Some(format!("it names {shared} of the {} entries of the page", listed.len()));
    }
    match days(feed).max() {
        None => Some("it gives no days".to_owned()),
        Some(day) if day < newest => Some(format!("its newest entry is of {day}, the page's of {newest}")),
        Some(_) => None,
    }
}

/// The days of what was found.
fn days(found: &Extraction) -> impl Iterator<Item = NaiveDate> + '_ {
    found.items.iter().filter_map(|item| item.published.or_else(|| item.meeting.as_ref()?.date))
}
