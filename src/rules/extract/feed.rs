//! RSS, Atom and JSON Feed as sources, through `feed-rs`.
//!
//! A feed is the one page that names its items' identity itself (guid, id), so that is the key wherever it can be trusted.
//! A meeting is never read out of one: a feed's words about meetings are the body's words.

mod entry;
mod tidy;
#[cfg(test)]
mod tests;

use super::document::{Document, Parsed};
use super::text::{collapsed, decoded, folded};
use super::trail::Trail;
use super::{guard, key, moment};
use crate::domain::item::{Extraction, Item, Listing, Outcome};
use crate::domain::source::Platform;
use crate::domain::text::Text;
use crate::rules::facts;
use feed_rs::model::{Entry, Feed, Link};
use std::collections::{HashMap, HashSet};
use url::Url;

/// Whether a decoded body is a feed, or at least means to be one: judged by its root element or its first members.
pub(crate) fn is_feed(decoded_body: &str) -> bool {
    match tidy::Shape::of(decoded_body) {
        tidy::Shape::Xml { root } => matches!(tidy::local(&root), "rss" | "feed" | "RDF"),
        tidy::Shape::Json => decoded_body.chars().take(2_000).collect::<String>().contains("jsonfeed.org/version"),
        tidy::Shape::Html | tidy::Shape::Other => false,
    }
}

/// Reads a decoded body that a source says is a feed. `status` is that of the answer; 200 where it is not known.
pub(crate) fn read(decoded_body: &str, url: &Url, status: u16, trail: &Trail) -> Extraction {
    if !(200..300).contains(&status) {
        return no_feed(decoded_body, url, status);
    }
    match tidy::Shape::of(decoded_body) {
        tidy::Shape::Html | tidy::Shape::Other => no_feed(decoded_body, url, status),
        tidy::Shape::Xml { root } => match parsed(&tidy::xml(decoded_body), url) {
            Ok(feed) if tidy::is_closed(decoded_body, &root) => answer(&feed, url, Vec::new(), trail),
            Ok(feed) => broken(&feed, url, "it does not say where it ends", trail),
            Err(_) if !is_feed(decoded_body) => {
                let what = format!("XML whose root element is \"{}\", not a feed", collapsed(&root));
                Extraction::without_items(Platform::Feed, Outcome::Unrecognised, what)
            }
            Err(fault) => match tidy::up_to_last_item(&tidy::xml(decoded_body)).and_then(|whole| parsed(&whole, url).ok()) {
                Some(feed) => broken(&feed, url, &fault, trail),
                None => Extraction::without_items(Platform::Feed, Outcome::Unrecognised, format!("a broken feed: {fault}")),
            },
        },
        tidy::Shape::Json => match tidy::json(decoded_body).and_then(|json| Ok((parsed(&json.feed, url)?, json))) {
            Ok((feed, tidy::Json { next, home, .. })) => {
                let mut extraction = answer(&feed, url, Vec::new(), trail);
                let next = next.and_then(|next| url.join(next.trim()).ok()).filter(|next| next != url && next.has_host());
                extraction.listing.next_url = extraction.listing.next_url.or(next);
                extraction.listing.home_url = home.and_then(|home| page_at(&home, url)).filter(|home| home != url);
                extraction
            }
            Err(fault) => {
                Extraction::without_items(Platform::Feed, Outcome::Unrecognised, format!("JSON that is not a JSON Feed: {fault}"))
            }
        },
    }
}

/// What a feed says before it breaks off or breaks.
fn broken(feed: &Feed, url: &Url, fault: &str, trail: &Trail) -> Extraction {
    let why = format!("the feed is broken after its last whole item: {fault}");
    let mut extraction = answer(feed, url, vec![why.clone()], trail);
    if extraction.outcome == Outcome::Empty {
        return Extraction::without_items(Platform::Feed, Outcome::Unrecognised, format!("a broken feed: {fault}"));
    }
    extraction.listing.breaks_off = Some(why);
    extraction
}

/// Longest summary that is taken for one, in bytes.
const SUMMARY_BYTES_MAX: usize = 600;

/// Whether what an entry says is no more than a summary of the page that it links to: one short paragraph, or words that
/// break off.
pub(crate) fn is_summary(item: &Item) -> bool {
    let Some(text) = item.text.as_ref().map(Text::as_str) else { return true };
    let last = text.lines().next_back().unwrap_or_default().trim_end();
    let ending = folded(last);
    let breaks_off = last.ends_with(['…']) || last.ends_with("...") || last.ends_with("[…]") || last.ends_with("[...]");
    let leads_on = ["read more", "continue reading", "read the full"].iter().any(|words| ending.starts_with(words));
    breaks_off || leads_on || (text.lines().count() == 1 && text.len() <= SUMMARY_BYTES_MAX)
}

fn parsed(feed: &str, url: &Url) -> Result<Feed, String> {
    feed_rs::parser::Builder::new()
        .base_uri(Some(url.as_str()))
        // Without an id of its own an entry is known by its link, not by a hash that its title is part of.
        .id_generator(|_, _, _| String::new())
        .timestamp_parser(moment::parse)
        .build()
        .parse(feed.as_bytes())
        .map_err(|fault| collapsed(&fault.to_string()))
}

/// A page where a feed should be.
fn no_feed(decoded_body: &str, url: &Url, status: u16) -> Extraction {
    let unrecognised = |why: String| Extraction::without_items(Platform::Feed, Outcome::Unrecognised, why);
    let parsed = match Parsed::of(decoded_body, url) {
        Ok(parsed) => parsed,
        Err(why) => return unrecognised(why),
    };
    let document = Document::of(&parsed, &Trail::default());
    let sight = guard::Sight { url, status, markup: decoded_body, document: document.html };
    if let Some((outcome, why)) = guard::refuses(&sight) {
        return Extraction::without_items(Platform::Feed, outcome, why);
    }
    let offered = document.all("link[rel~=alternate][href]").into_iter().find_map(|link| {
        let kind = link.attr("type").unwrap_or_default();
        let is_feed = kind.contains("rss") || kind.contains("atom") || kind.contains("feed+json");
        is_feed.then(|| document.base.join(link.attr("href")?.trim()).ok()).flatten()
    });
    let hint = offered.map(|feed| format!("; it offers the feed {feed}")).unwrap_or_default();
    let mut extraction = unrecognised(format!("an HTML page where a feed was expected{hint}"));
    extraction.page_title = document.head_title().and_then(|title| Text::line(&title).or_absent());
    extraction
}

fn answer(feed: &Feed, url: &Url, mut warnings: Vec<String>, trail: &Trail) -> Extraction {
    let page_title = feed.title.as_ref().and_then(|title| entry::one_line(&title.content));
    let ambiguous = ids_of_several_links(&feed.entries);
    let mut keys = HashSet::new();
    let mut same = HashSet::new();
    let mut items: Vec<Item> = Vec::with_capacity(feed.entries.len());
    let mut without_name = 0_usize;
    for entry in &feed.entries {
        let Some(mut item) = entry::item(entry, url, !ambiguous.contains(entry.id.as_str())) else {
            without_name += 1;
            continue;
        };
        // ModernGov's feeds repeat a decision once for each who signed it.
        let told_twice = !same.insert((key::canonical(&item.url), item.title.clone(), item.published));
        if !told_twice && keys.insert(item.key.clone()) {
            facts::fill(&mut item);
            entry::note(entry, &item, trail);
            items.push(item);
        }
    }
    let left_out = feed.entries.len() - items.len() - without_name;
    if left_out > 0 {
        warnings.push(format!("{left_out} repeated entries left out"));
    }
    if without_name > 0 {
        warnings.push(format!("{without_name} entries without id, link and title left out"));
    }
    let undated = items.iter().filter(|item| item.published.is_none()).count();
    if undated > 0 {
        warnings.push(format!("{undated} of {} entries have no date that can be read", items.len()));
    }
    let next_url = feed.links.iter().find(|link| link.rel.as_deref() == Some("next")).and_then(|link| url.join(&link.href).ok());
    let outcome = match (items.is_empty(), without_name) {
        (false, _) => Outcome::Items,
        (true, 0) => Outcome::Empty,
        (true, _) => Outcome::Unrecognised,
    };
    if outcome == Outcome::Empty {
        warnings.push("the feed has no entries".to_owned());
    }
    let listing = Listing {
        shown: Some(items.len()),
        next_url: next_url.filter(|next| next != url),
        home_url: feed.links.iter().find_map(|link| home(link, url)),
        ..Listing::default()
    };
    Extraction { platform: Platform::Feed, outcome, page_title, items, page: None, listing, warnings }
}

/// The page that a feed at `url` is of, where this link of the feed's own leads to it: no feed again, and nothing that a browser
/// would not open as a page.
fn home(link: &Link, url: &Url) -> Option<Url> {
    let is_page = link.rel.as_deref().is_none_or(|rel| rel.eq_ignore_ascii_case("alternate"))
        && link.media_type.as_deref().is_none_or(|kind| kind.contains("html"));
    let home = is_page.then(|| page_at(&link.href, url)).flatten()?;
    (key::canonical(&home) != key::canonical(url)).then_some(home)
}

/// An address that a browser opens, relative to `url`.
fn page_at(href: &str, url: &Url) -> Option<Url> {
    let address = decoded(href);
    let found = Some(address.trim()).filter(|address| !address.is_empty()).and_then(|address| url.join(address).ok());
    found.filter(|found| matches!(found.scheme(), "http" | "https") && found.has_host())
}

/// Ids that entries with different links share; they name the feed or its kind, and no entry.
fn ids_of_several_links(entries: &[Entry]) -> HashSet<&str> {
    let mut link_of: HashMap<&str, &str> = HashMap::new();
    let mut several = HashSet::new();
    for entry in entries {
        let link = entry.links.first().map(|link| decoded(&link.href)).unwrap_or_default();
        let first = entry.links.first().map_or("", |first| first.href.as_str());
        if *link_of.entry(&entry.id).or_insert(first) != first && !link.is_empty() {
            several.insert(entry.id.as_str());
        }
    }
    several
}
