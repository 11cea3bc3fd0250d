//! What stands in the way of a source, or will surprise somebody later, and what to do about it.

use super::look::Look;
use crate::cli::source::words;
use crate::domain::item::{Extraction, Outcome};
use crate::domain::poll::PollOutcome;
use crate::domain::source::Platform;
use crate::engine::trial::Trial;
use crate::rules::detect::slight;
use crate::rules::extract::guard;
use url::Url;

/// What to do about a page that will not be read.
const INSTEAD: &str = "ask the council for access or for a feed, or try another page of theirs that names the same things";

/// The warnings, the gravest first.
pub(super) fn warnings(look: &Look) -> Vec<String> {
    let mut out = Vec::new();
    match &look.trial {
        Err(not) => out.push(format!("{}: {}{}", look.url, not.outcome, advice(&not.outcome))),
        Ok(trial) => {
            out.extend(unread(trial));
            out.extend(own_pages(trial));
            out.extend(shape(look, trial));
        }
    }
    out.extend(
        look.known_as.as_ref().map(|id| format!("the same page is watched already, as {id}: everything would be told twice")),
    );
    out
}

fn advice(outcome: &PollOutcome) -> String {
    match outcome {
        PollOutcome::RobotsDenied { .. } => {
            format!("; the site asks not to be read there, and a source of it would never be polled: {INSTEAD}")
        }
        PollOutcome::Blocked { .. } => format!("; {INSTEAD}"),
        PollOutcome::Refused { detail } if detail.starts_with("only http") => "; is the address right?".to_owned(),
        PollOutcome::Refused { .. } => "; an intranet needs allow_private_networks = true under [poll]".to_owned(),
        PollOutcome::ErrorPage { status: 404 | 410 } => "; is the address right?".to_owned(),
        PollOutcome::ErrorPage { .. }
        | PollOutcome::Network { .. }
        | PollOutcome::AskedToWait { .. }
        | PollOutcome::RobotsUnreachable { .. } => "; try again later".to_owned(),
        PollOutcome::TooLarge { .. } => "; body_bytes_max under [poll] raises the limit".to_owned(),
        PollOutcome::Unchanged
        | PollOutcome::Listing { .. }
        | PollOutcome::Empty
        | PollOutcome::Held { .. }
        | PollOutcome::Unrecognised { .. }
        | PollOutcome::Panicked { .. } => String::new(),
    }
}

/// A page that came and says nothing that can be used.
fn unread(trial: &Trial) -> Option<String> {
    let extraction = &trial.extraction;
    let what = format!("{}: {}", words::page(&trial.came), words::outcome(extraction.outcome));
    match extraction.outcome {
        Outcome::Items => None,
        Outcome::Empty => Some(format!("{what}: the source will find something once it says something")),
        Outcome::Blocked => Some(format!("{what}; {INSTEAD}")),
        Outcome::ErrorPage => Some(format!("{what}; is the address right?")),
        Outcome::Unrecognised => Some(format!("{}: {}", words::page(&trial.came), instead(trial))),
    }
}

/// What an address answers with that holds nothing to read, and what to do.
fn instead(trial: &Trial) -> String {
    let body = &trial.came.body;
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    let is_made_by_script = || trial.extraction.warnings.iter().any(|warning| warning.contains("script"));
    if let Some(kind) = guard::foreign(body) {
        format!("it is {kind}, not a page: give the address of the page that links to it")
    } else if first.is_none() {
        "the answer is empty: is the address right? Otherwise look for the site's feed, or for a plainer page".to_owned()
    } else if matches!(first, Some(b'{' | b'[')) {
        "it is data for programs, and no JSON Feed: give the address of the page or feed that people read".to_owned()
    } else if is_feeds(&trial.came.url) && !is_markup_of_feed(body) {
        "the address looks like a feed's, and what it answers with is no feed: look for the feed's present address on the site, \
         or give that of the page"
            .to_owned()
    } else if is_made_by_script() {
        "a page that is made by script in the browser cannot be read: look for its feed, or for a plainer page".to_owned()
    } else {
        "neither a list nor an article was found there: is it the right page? If it is, [select] in the source file can name its \
         parts (platform = \"page\"); a page that is made by script in the browser cannot be read, but its feed can"
            .to_owned()
    }
}

/// Whether an address is written as those of feeds are.
fn is_feeds(url: &Url) -> bool {
    let path = url.path().trim_end_matches('/').to_ascii_lowercase();
    let last = path.rsplit('/').next().unwrap_or_default();
    let ending = last.rsplit_once('.').map(|(_, ending)| ending);
    matches!(last, "feed" | "rss" | "atom" | "feeds" | "rss2") || matches!(ending, Some("rss" | "atom" | "xml" | "rdf"))
}

fn is_markup_of_feed(body: &[u8]) -> bool {
    let head = String::from_utf8_lossy(body.get(..body.len().min(1000)).unwrap_or_default()).to_ascii_lowercase();
    ["<rss", "<feed", "<rdf"].iter().any(|root| head.contains(root))
}

/// Items' own pages that will not be read.
fn own_pages(trial: &Trial) -> Vec<String> {
    let failed: Vec<_> = trial.own_pages.iter().filter_map(|page| Some((page, page.read.as_ref().err()?))).collect();
    let Some((page, why)) = failed.first() else { return Vec::new() };
    let of = format!("{} of the {} items' own pages that were tried could not be read", failed.len(), trial.own_pages.len());
    let stays = matches!(why, PollOutcome::RobotsDenied { .. } | PollOutcome::Blocked { .. });
    let then = if stays { "; while that is so, items are told of by title and day alone" } else { "" };
    vec![format!("{of}: {}: {why}{then}", page.url)]
}

/// What the reading itself leaves to be desired.
fn shape(look: &Look, trial: &Trial) -> Vec<String> {
    let extraction = &trial.extraction;
    let mut out = Vec::new();
    if trial.came.url != look.asked && look.instead_of.is_none() {
        let what = format!("{} redirects to {}", look.asked, trial.came.url);
        out.push(if trial.came.has_moved {
            format!("{what} for good: the new address is written")
        } else {
            format!("{what} for now: your address is written")
        });
    }
    if let Some(own) = &look.instead_of {
        let has_day = |item: &crate::domain::item::Item| item.published.is_some() || item.meeting.is_some();
        let why = match own.outcome {
            Outcome::Items if own.items.iter().any(has_day) => {
                "offers a feed that names the same entries and keeps their identity"
            }
            Outcome::Items => "gives no days",
            Outcome::Empty | Outcome::Blocked | Outcome::ErrorPage | Outcome::Unrecognised => "cannot be read",
        };
        out.push(format!("the page itself {why}: its feed is proposed instead, {}", look.url));
    }
    for (feed, why) in &look.passed_over {
        out.push(format!("the page offers the feed {feed}, which was not taken: {why}"));
    }
    if extraction.outcome == Outcome::Items {
        if extraction.platform != Platform::Feed && is_feeds(&look.asked) {
            out.push(format!(
                "{} looks like a feed's address, and answers with a page: the page is what will be read",
                look.asked
            ));
        }
        let doubt = slight::doubt(&trial.came.url, "", extraction);
        out.extend(doubt.map(|doubt| format!("{doubt}: look at it in a browser, and try again later")));
        out.extend(undated(extraction));
        if is_one_article(extraction) {
            out.push(
                "the page was read as one article: only a change of its own words will be news. \
                 For a list of news, give the address of the list"
                    .to_owned(),
            );
        }
        let shown = extraction.items.len();
        if extraction.listing.total.is_some_and(|total| total > shown) && extraction.listing.next_url.is_none() {
            out.push("the listing goes on, and no link to its next page was found: only its first page will be read".to_owned());
        }
    }
    out
}

fn undated(extraction: &Extraction) -> Option<String> {
    let has_day = |item: &&crate::domain::item::Item| {
        item.published.is_none() && item.meeting.as_ref().is_none_or(|meeting| meeting.date.is_none())
    };
    let without = extraction.items.iter().filter(has_day).count();
    let told = "updates without one carry the day on which they were first seen";
    match without {
        0 => None,
        n if n == extraction.items.len() => Some(format!("no item has a day that could be read: {told}")),
        n if n * 2 > extraction.items.len() => {
            Some(format!("{n} of {} items have no day that could be read: {told}", extraction.items.len()))
        }
        _ => None,
    }
}

/// Whether a page of an unknown or general system was read as what it is about, and not as a list.
fn is_one_article(extraction: &Extraction) -> bool {
    let general = matches!(extraction.platform, Platform::Page | Platform::LocalgovDrupal | Platform::Jadu);
    general && extraction.listing.shown.is_none() && extraction.items.len() == 1
}
