//! A page in, items out: recognises the platform and reads its items, for any bytes, without an error path.
//!
//! One order for every page: decode, refuse what is another kind of file, parse once within bounds, ask the guard
//! whether this is the page at all, recognise the platform, read. Never panics; an answer that is not `items` or `empty`
//! may not change what is known.

mod boxed;
mod cmis;
mod contensis;
mod document;
pub mod ending;
mod feed;
mod front;
mod govuk;
pub mod guard;
mod identity;
pub mod imprint;
mod jadu;
mod leads;
pub mod key;
mod localgov_drupal;
mod markup;
mod meeting_entry;
mod moderngov;
mod moment;
mod page;
mod parse;
mod recognise;
pub mod teaser;
mod related;
mod text;
mod trail;
pub(crate) mod volatile;
mod weekday;

pub use boxed::{Boxed, boxed};
pub use front::calls_itself_front;
pub use identity::{Identity, identity};
pub use leads::{leads, lines};

use crate::domain::evidence::Evidence;
use crate::domain::item::{Extraction, Item, Listing, Meeting, Outcome, Stage};
use crate::domain::source::{Platform, Select};
use crate::domain::text::Text;
use crate::rules::decode::decode;
use crate::rules::facts;
use document::{Document, Parsed};
use trail::Trail;
use url::Url;

/// An answer as it came, with what is needed to read it.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// Where it came from, after redirects.
    pub url: &'a Url,
    /// HTTP status; 200 where it is not known.
    pub status: u16,
    /// `Content-Type`, as sent.
    pub content_type: Option<&'a str>,
    /// The body after content decoding.
    pub body: &'a [u8],
}

/// What a platform's rules read from a page.
#[derive(Default)]
pub(crate) struct Reading {
    /// The page's own title.
    pub(crate) page_title: Option<Text>,
    /// In the page's order.
    pub(crate) items: Vec<Item>,
    /// What the page says beside items that have no pages of their own.
    pub(crate) page: Option<Item>,
    /// What the listing says of itself.
    pub(crate) listing: Listing,
    /// What an admin should know.
    pub(crate) warnings: Vec<String>,
    /// Why there are no items, where the content itself says so.
    pub(crate) refusal: Option<(Outcome, String)>,
}

/// What a page is read for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// Whatever it holds: the page that a source names.
    Listing,
    /// One item: the page that a listing's entry links to.
    Own,
}

/// Reads the page that a source names.
#[must_use]
pub fn extract(page: &Page<'_>, platform: Platform, select: &Select) -> Extraction {
    answer(page, platform, select, Wanted::Listing, &Trail::default())
}

/// The same, with where each fact of each item comes from.
#[must_use]
pub fn explain(page: &Page<'_>, platform: Platform, select: &Select) -> (Extraction, Vec<Evidence>) {
    let trail = Trail::kept();
    let extraction = answer(page, platform, select, Wanted::Listing, &trail);
    let mut evidence = trail.of(&extraction.items);
    evidence.extend(trail.of(extraction.page.as_slice()));
    (extraction, evidence)
}

fn answer(page: &Page<'_>, platform: Platform, select: &Select, wanted: Wanted, trail: &Trail) -> Extraction {
    let refused = |outcome, why: String| Extraction::without_items(named(platform, page.url), outcome, why);
    if let Some(kind) = guard::foreign(page.body) {
        return refused(Outcome::Unrecognised, format!("not a page but {kind}"));
    }
    let decoded = decode(page.body, page.content_type);
    let undecodable =
        decoded.replaced.then(|| format!("some bytes are no valid {}; they are shown as \u{fffd}", decoded.encoding));
    // What a feed links to is a page of whatever system the site has.
    let platform = if platform == Platform::Feed && wanted == Wanted::Own { Platform::Auto } else { platform };
    let is_feed = platform == Platform::Auto && feed::is_feed(&decoded.text);
    if platform == Platform::Feed || is_feed {
        let mut extraction = feed::read(&decoded.text, page.url, page.status, trail);
        extraction.warnings.extend(is_feed.then(|| "read as a feed: its root element is one's".to_owned()));
        extraction.warnings.extend(undecodable);
        return extraction;
    }
    let parsed = match Parsed::of(&decoded.text, page.url) {
        Ok(parsed) => parsed,
        Err(why) => return refused(Outcome::Unrecognised, format!("not a page that can be read: {why}")),
    };
    let document = Document::of(&parsed, trail);
    let sight = guard::Sight { url: page.url, status: page.status, markup: &decoded.text, document: document.html };
    if let Some((outcome, why)) = guard::refuses(&sight) {
        return refused(outcome, why);
    }
    let (platform, recognised) = if platform == Platform::Auto {
        let (platform, sign) = recognise::platform(&document, page.url);
        (platform, Some(format!("recognised as {}: {sign}", platform.name())))
    } else {
        (platform, None)
    };
    let reading = match platform {
        Platform::ContensisBlog => contensis::read(&document, page.url, wanted == Wanted::Own),
        Platform::ModerngovIssue => moderngov::issue::read(&document, page.url),
        Platform::ModerngovItem => moderngov::item::read(&document, page.url),
        Platform::ModerngovMeeting if wanted == Wanted::Listing && moderngov::meetings::is_list(&document, page.url) => {
            moderngov::meetings::read(&document, page.url)
        }
        Platform::ModerngovMeeting => moderngov::meeting::read(&document, page.url),
        Platform::ModerngovDecision => moderngov::decision::read(&document, page.url),
        Platform::ModerngovDecisions if wanted == Wanted::Own => moderngov::decision::read(&document, page.url),
        Platform::ModerngovDecisions => moderngov::decisions::read(&document, page.url),
        Platform::Cmis => cmis::read(&document, page.url, wanted == Wanted::Own),
        Platform::LocalgovDrupal => localgov_drupal::read(&document, page.url, wanted == Wanted::Own),
        Platform::Jadu => jadu::read(&document, page.url, wanted == Wanted::Own),
        Platform::Govuk => govuk::read(&document, page.url, wanted == Wanted::Own),
        Platform::Feed | Platform::Page | Platform::Auto if wanted == Wanted::Own => page::read_item(&document, page.url, select),
        Platform::Feed | Platform::Page | Platform::Auto => moderngov::mixed::read(&document, page.url)
            .filter(|_| select.item.trim().is_empty())
            .unwrap_or_else(|| page::read(&document, page.url, select)),
    };
    let mut extraction = concluded(reading, platform, &document, wanted);
    trail.belongs_to_the_only(&extraction.items);
    trail::in_text(&document, &extraction.items);
    extraction.warnings.extend(weekday::doubts(&document, &extraction.items));
    if let Some(feed) = &extraction.listing.feed_url {
        extraction.warnings.push(format!("the page offers a feed of this list: {feed}"));
    }
    extraction.warnings.extend(recognised);
    extraction.warnings.extend(undecodable);
    extraction.warnings.extend(parsed.warnings.iter().cloned());
    extraction
}

/// Completes a listed item from its own page: the page's facts, and the listing's where the page has none. The key stays
/// the listing's.
///
/// # Errors
/// The extraction of a page that has no such item: blocked, an error page, or of another shape.
#[expect(clippy::result_large_err, reason = "the refused page's answer is what the caller records")]
pub fn extract_item(page: &Page<'_>, platform: Platform, select: &Select, listed: &Item) -> Result<Item, Extraction> {
    own_item(page, platform, select, listed, &Trail::default()).map(|own| own.item)
}

/// The same, with how it was read.
///
/// # Errors
/// As [`extract_item`].
#[expect(clippy::result_large_err, reason = "the refused page's answer is what the caller records")]
pub fn extract_own(page: &Page<'_>, platform: Platform, select: &Select, listed: &Item) -> Result<Own, Extraction> {
    own_item(page, platform, select, listed, &Trail::default())
}

/// The same, with where each fact that its own page gives comes from.
///
/// # Errors
/// As [`extract_item`].
#[expect(clippy::result_large_err, reason = "the refused page's answer is what the caller records")]
pub fn explain_item(
    page: &Page<'_>,
    platform: Platform,
    select: &Select,
    listed: &Item,
) -> Result<(Item, Vec<Evidence>), Extraction> {
    own_item(page, platform, select, listed, &Trail::kept()).map(|own| (own.item, own.evidence))
}

/// Which facts of an item its own page says.
#[derive(Clone, Copy, Debug)]
pub struct Says {
    /// What it is called.
    pub name: bool,
    /// A day.
    pub day: bool,
    /// Papers.
    pub papers: bool,
}

/// What an item's own page gave.
#[derive(Debug)]
pub struct Own {
    /// The item, completed from what the listing says.
    pub item: Item,
    /// Whose rules read the page.
    pub platform: Platform,
    /// How many lines of its text, from the first, the listing says and the page does not.
    pub teaser_lines: usize,
    /// What the page says itself; otherwise it is the listing's.
    pub says: Says,
    /// What the page is headed with, where the item is called what the listing calls it: pages of one list may share a heading.
    pub headline: Option<Text>,
    evidence: Vec<Evidence>,
}

#[expect(clippy::result_large_err, reason = "the refused page's answer is what the caller records")]
fn own_item(page: &Page<'_>, platform: Platform, select: &Select, listed: &Item, trail: &Trail) -> Result<Own, Extraction> {
    let mut extraction = answer(page, platform, select, Wanted::Own, trail);
    let own = extraction.items.iter().position(|item| item.key == listed.key && item.text.is_some());
    let Some(at) = own.or_else(|| extraction.items.iter().position(|item| item.text.is_some())) else {
        if extraction.outcome == Outcome::Items {
            extraction.outcome = Outcome::Unrecognised;
        }
        extraction.warnings.push("the page has no text for this item".to_owned());
        return Err(extraction);
    };
    let mut own = extraction.items.swap_remove(at);
    let evidence = trail.of(std::slice::from_ref(&own)).into_iter();
    let evidence = evidence.map(|evidence| Evidence { key: listed.key.clone(), ..evidence }).collect();
    let mut headline = None;
    if extraction.platform == Platform::ContensisBlog && !contensis::is_retitled(listed.title.as_str(), own.title.as_str()) {
        headline = Some(std::mem::replace(&mut own.title, listed.title.clone()));
        own.meeting.clone_from(&listed.meeting);
    }
    let says = Says {
        name: !own.title.is_empty() && headline.is_none(),
        day: own.published.is_some() || own.meeting.as_ref().is_some_and(|m| m.date.is_some()),
        papers: !own.documents.is_empty(),
    };
    let (own, teaser_lines) = match &listed.text {
        Some(said) => teaser::above(said, own),
        None => (own, 0),
    };
    Ok(Own { item: completed(own, listed), platform: extraction.platform, teaser_lines, says, headline, evidence })
}

/// Whether what a listing says of an item is to be completed from the item's own page. A page of items holds them whole; a
/// feed may hold no more than their summaries.
#[must_use]
pub fn wants_own_page(platform: Platform, listed: &Item) -> bool {
    let leads_to_page = crate::rules::facts::documents::kind_of_url(&listed.url).is_none();
    listed.text.is_none() || (platform == Platform::Feed && leads_to_page && feed::is_summary(listed))
}

fn completed(own: Item, listed: &Item) -> Item {
    // Where the page says that something takes place on the day in the list, it was not published then.
    let of_meeting = own.meeting.as_ref().and_then(|meeting| meeting.date);
    let listed_day = listed.published.filter(|day| own.published.is_some() || of_meeting != Some(*day));
    let mut item = Item {
        key: listed.key.clone(),
        url: listed.url.clone(),
        title: if own.title.is_empty() { listed.title.clone() } else { own.title },
        published: own.published.or(listed_day),
        published_at: own.published_at.or(listed.published_at.filter(|_| listed_day.is_some())),
        updated: own.updated.or(listed.updated),
        meeting: meeting(own.meeting, listed.meeting.as_ref()),
        // A list says that a meeting is called off before the meeting's own page does.
        stage: listed.stage.filter(|stage| *stage == Stage::Cancelled).or(own.stage).or(listed.stage),
        closes: own.closes.or_else(|| listed.closes.clone()),
        documents: if own.documents.is_empty() { listed.documents.clone() } else { own.documents },
        ..own
    };
    // The listing may have given the day from which a day without a year is looked for.
    facts::fill(&mut item);
    item
}

/// A meeting as its own page gives it, with the hours that a list gives beside the same day where the page does not.
fn meeting(own: Option<Meeting>, listed: Option<&Meeting>) -> Option<Meeting> {
    let Some(mut own) = own else { return listed.cloned() };
    if let Some(listed) = listed.filter(|listed| own.start.is_none() && own.date.is_some() && listed.date == own.date) {
        (own.start, own.end) = (listed.start, listed.end);
    }
    own.place = own.place.or_else(|| listed.and_then(|listed| listed.place.clone()));
    Some(own)
}

/// The number of a platform's recipe: another one than a record's means that the record may differ without being news. Of
/// `auto`, it counts for records that do not say as what their page was recognised. Whoever lets pages be recognised as
/// another platform raises the number of the one that they leave.
#[must_use]
pub fn recipe(platform: Platform) -> u32 {
    match platform {
        Platform::ContensisBlog
        | Platform::Cmis
        | Platform::ModerngovIssue
        | Platform::ModerngovItem
        | Platform::ModerngovMeeting
        | Platform::ModerngovDecision
        | Platform::ModerngovDecisions
        | Platform::LocalgovDrupal
        | Platform::Jadu
        | Platform::Govuk
        | Platform::Feed
        | Platform::Page
        | Platform::Auto => 16,
    }
}

/// The platform to name in an answer that no platform's rules have given.
fn named(platform: Platform, url: &Url) -> Platform {
    if platform == Platform::Auto { recognise::by_address(url).unwrap_or(Platform::Page) } else { platform }
}

fn concluded(reading: Reading, platform: Platform, document: &Document, wanted: Wanted) -> Extraction {
    let Reading { page_title, mut items, mut page, listing, mut warnings, mut refusal } = reading;
    let mut seen = std::collections::HashSet::new();
    items.retain(|item| seen.insert(item.key.clone()));
    if wanted == Wanted::Listing {
        named_all(&mut items, page_title.as_ref(), &mut warnings);
    }
    if matches!(platform, Platform::Page | Platform::LocalgovDrupal) {
        let takes_place = |item: &&mut Item| item.meeting.as_ref().is_some_and(|meeting| meeting.date.is_some());
        items.iter_mut().filter(takes_place).for_each(meeting_entry::take_label);
    }
    for item in items.iter_mut().chain(page.as_mut()) {
        facts::fill(item);
        key::without_list(&mut item.url);
    }
    // A post may have the list of all posts beside it.
    let mut told = items.iter().filter(|item| item.text.is_some());
    if let (Some(item), None) = (told.next(), told.next())
        && (wanted == Wanted::Own || items.len() == 1 && listing.shown.is_none())
        && item.documents.is_empty()
        && let Some(words) = item.text.as_ref().and_then(|text| guard::apology(text.as_str(), item.title.as_str()))
    {
        refusal = Some((Outcome::ErrorPage, format!("an apology stands in place of the content, saying \"{words}\"")));
        items.clear();
    }
    let outcome = if !items.is_empty() {
        Outcome::Items
    } else if let Some((outcome, why)) = refusal {
        warnings.push(why);
        outcome
    } else if let Some(words) = guard::says_empty(document) {
        warnings.push(format!("the page says \"{words}\""));
        Outcome::Empty
    } else {
        warnings.push(format!("nothing on the page has the shape of {}", recognise::described(platform)));
        Outcome::Unrecognised
    };
    Extraction { platform, outcome, page_title, items, page, listing, warnings }
}

/// Names what has no title by its page or by its own first words; nobody can be told of what has neither. Where a list has led
/// to the page, it has named the item.
fn named_all(items: &mut Vec<Item>, page_title: Option<&Text>, warnings: &mut Vec<String>) {
    for item in items.iter_mut().filter(|item| item.title.is_empty()) {
        let first = || Text::line(item.text.as_ref()?.as_str().lines().next()?).or_absent();
        item.title = page_title.cloned().or_else(first).unwrap_or_default();
        if item.title.is_empty() {
            warnings.push(format!("left out, as it has no title: {}", item.url));
        }
    }
    items.retain(|item| !item.title.is_empty());
}
