//! The Contensis classic "blog" (Trafford): a listing of posts, and post pages that repeat it.
//!
//! The listing is on every post page, so it must never count as a post's text; and a post is recognised by its "Posted:"
//! line, wherever a template has put the listing: before it, after it, or beside it.

mod listing;
mod post;
mod tiles;

use super::document::Document;
use super::page::{pager, without_banners, without_parts_beside};
use super::related::{self, About};
use super::text::{Kind, Line, decoded, folded};
use super::{Reading, key};
use crate::domain::evidence::Fact;
use crate::domain::item::{Item, Listing, Meeting};
use crate::domain::source::Select;
use crate::domain::text::Text;
use crate::rules::facts::dates;
use listing::{Entry, Shown};
use post::Post;
use url::Url;

/// Reads a listing, a post page, or both. `own`: it is one item's page.
pub(super) fn read<'a>(document: &Document<'a>, url: &Url, own: bool) -> Reading {
    // Other stories within a record have their days too, and are no listing of posts.
    let record = document.nearest(post::RECORD);
    let is_beside = |line: &Line<'a>| !listing::is_head(line) && record(line.block).is_some();
    let lines = related::without_those(document.all_lines(), About::Anything, is_beside);
    let lines = if own { lines } else { without_parts_beside(document, url, lines) };
    let page = key::canonical(url);
    let post_at = post::find(document, &lines, &page);
    let listing = listing::find(document, &lines, post_at.as_ref());
    let mut reading = Reading { page_title: page_title(document, &lines, post_at.as_ref()), ..Reading::default() };
    let mut listed: Vec<Item> = listing.entries.iter().map(|entry| listed_item(entry, url, &page)).collect();
    separate_unlinked(&mut listed, &listing.entries, &page);
    for (item, entry) in listed.iter().zip(&listing.entries) {
        let own = lines.get(entry.lines.clone()).unwrap_or_default();
        document.trail.note_in(Fact::Title, "the title of an entry of the listing", own, &entry.title);
        if let Some(line) = own.iter().find(|line| !dates::find(&line.text).is_empty()).filter(|_| item.published.is_some()) {
            document.trail.note(Fact::Published, "the day of an entry of the listing", line);
        }
        if item.meeting.is_some() {
            document.trail.note_in(Fact::Meeting, "the body and the day in the title", own, &entry.title);
        }
        document.trail.belongs_to(&item.key);
    }
    if let Some(post) = post_at {
        let mut item = post_item(document, &lines, &post, &listing, &mut listed, url);
        // Whose page it is shows in its own headline, also where the list calls the post otherwise.
        let headline = if own && post.title.is_none() { post::headline(&lines, &post, &listing) } else { None };
        if let Some(headline) = headline.or_else(|| reading.page_title.clone().filter(|_| own && post.title.is_none())) {
            item.title = headline;
        }
        reading.items.push(item);
    } else if listing.entry(&page).is_some() {
        reading.warnings.push("the listing has this page as a post, and no post was found on it".to_owned());
    }
    reading.warnings.extend(count_warning(listing.shown.as_ref(), &listing.entries));
    reading.listing.shown = listing.shown.map(Shown::count).or((!listing.entries.is_empty()).then_some(listing.entries.len()));
    reading.listing.total = listing.shown.map(|shown| shown.total).or_else(|| {
        let counted = pager::total(&lines).filter(|total| *total >= listing.entries.len());
        counted.filter(|_| !listing.entries.is_empty())
    });
    reading.listing.next_url = listing.next;
    let goes_on = listing.shown.is_some_and(|shown| shown.last < shown.total);
    if goes_on && reading.listing.next_url.is_none() {
        reading.warnings.push("the listing says that it goes on, but has no link to its next page".to_owned());
    }
    reading.items.extend(listed);
    if reading.items.is_empty() { otherwise(document, url, own, reading) } else { reading }
}

/// A page in another form than the blog's, read as any system's. What is neither a list of links nor one item's page stays
/// unread, since its other words would make one new item.
fn otherwise(document: &Document, url: &Url, own: bool, reading: Reading) -> Reading {
    if own {
        return super::page::read_item(document, url, &Select::default());
    }
    let found = super::page::read(document, url, &Select::default());
    let is_list = found.items.len() >= 2 && found.items.iter().all(|item| item.text.is_none());
    if !is_list {
        return reading;
    }
    let (own, there) = (reading.listing, found.listing);
    let (total, next_url) = (own.total.or(there.total), own.next_url.or(there.next_url));
    let listing = Listing { total, next_url, ..there };
    Reading { listing, page_title: reading.page_title, warnings: Vec::new(), ..found }
}

/// Whether a post page's title may replace the listed one: any that is a correction of it, and no heading that posts share.
pub(super) fn is_retitled(listed: &str, own: &str) -> bool {
    listed.is_empty() || post::is_retitled(listed, own)
}

/// Whether a page of unknown platform is one of these: by the system's name or classes, or by its words.
pub(super) fn recognises(document: &Document, lines: &[Line<'_>]) -> bool {
    let generator = document.meta("generator").is_some_and(|name| folded(&name).contains("contensis"));
    let classes = document.first(".sys_itemslist, .sys_subitem, .sys_record-control, .sys_news-posted-date").is_some();
    let has_number = |line: &&Line<'_>| line.text.bytes().any(|b| b.is_ascii_digit());
    let counted = || lines.iter().filter(has_number).any(|line| listing::shown(line.folded()).is_some());
    // "Recent updates" may head anything: a listing stands under it.
    let recent = || (0..lines.len()).any(|at| listing::heads_entries(lines, at));
    let posted = || lines.iter().any(|line| post::posted(line).is_some());
    let filed = || lines.iter().any(|line| line.text.starts_with("Blog:"));
    let enough = if generator || classes { 1 } else { 2 };
    let signs: [&dyn Fn() -> bool; 4] = [&filed, &counted, &recent, &posted];
    signs.iter().filter(|sign| sign()).take(enough).count() == enough
}

fn listed_item(entry: &Entry, url: &Url, page: &str) -> Item {
    let title = decoded(&entry.title);
    let key = entry.url.as_ref().map_or_else(|| page.to_owned(), key::canonical);
    Item {
        published: entry.published,
        meeting: meeting(&title),
        ..Item::bare(key, Text::line(&title), entry.url.clone().unwrap_or_else(|| url.clone()))
    }
}

/// Entries without a link of their own get a key from the day on which they were posted: titles change, that day does not.
fn separate_unlinked(listed: &mut [Item], entries: &[Entry], page: &str) {
    let mut used = std::collections::HashMap::new();
    for (item, _) in listed.iter_mut().zip(entries).filter(|(_, entry)| entry.url.is_none()) {
        let day = item.published.map_or_else(|| crate::domain::source::slug(item.title.as_str()), |day| day.to_string());
        let nth = used.entry(day.clone()).and_modify(|n| *n += 1).or_insert(1);
        item.key = if *nth == 1 { format!("{page}#{day}") } else { format!("{page}#{day}/{nth}") };
    }
}

/// The post as an item; its entry in the listing, which knows its address, is taken out of `listed`.
fn post_item<'a>(
    document: &Document<'a>,
    lines: &[Line<'a>],
    post: &Post,
    listing: &listing::Found,
    listed: &mut Vec<Item>,
    url: &Url,
) -> Item {
    let title = post.title.and_then(|at| lines.get(at)).map(|line| decoded(&line.text));
    let body = without_banners(post::body(document, lines, post, listing), url, title.as_deref().unwrap_or_default());
    let facts = post::facts(document, &body, lines, post);
    let page = key::canonical(url);
    let own = |item: &Item| {
        let same_title = title.as_deref().is_some_and(|title| folded(title) == folded(item.title.as_str()));
        let same_day = item.published.is_none() || post.published.is_none() || item.published == post.published;
        same_title && same_day
    };
    let entry = listed.iter().position(|item| item.key == page).or_else(|| listed.iter().position(own));
    let entry = entry.map(|at| listed.remove(at));
    match (post.title.and_then(|at| lines.get(at)), document.head_title()) {
        (Some(line), _) => document.trail.note(Fact::Title, "the post's heading, beside its \"Posted:\" line", line),
        (None, Some(head)) if entry.is_none() => {
            document.trail.note_words(Fact::Title, "the page's <title>, as the post has no heading", Some("title"), &head);
        }
        (None, _) => {}
    }
    if let Some(line) = lines.get(post.posted).filter(|_| post.published.is_some()) {
        document.trail.note(Fact::Published, "the \"Posted:\" line", line);
    }
    let title =
        title.or_else(|| entry.as_ref().map(|e| e.title.to_string())).or_else(|| document.head_title()).unwrap_or_default();
    let meeting = meeting(&title);
    if meeting.is_some() {
        document.trail.note_in(Fact::Meeting, "the body and the day in the title", lines, &title);
    }
    Item {
        published: post.published.or_else(|| entry.as_ref().and_then(|e| e.published)),
        meeting,
        text: Some(facts.text),
        html: Some(facts.html),
        documents: facts.documents,
        decisions: facts.decisions,
        ..Item::bare(
            entry.as_ref().map_or(page, |e| e.key.clone()),
            Text::line(&title),
            entry.as_ref().map_or_else(|| url.clone(), |e| e.url.clone()),
        )
    }
}

/// The meeting that a title names: "Improvement Board Update - 14 January 2020". A span of months is no day of a meeting.
fn meeting(title: &str) -> Option<Meeting> {
    const BODIES: &[&str] = &["Board", "Cabinet", "Committee", "Council", "Forum", "Panel"];
    let found = dates::find(title);
    let [date] = found.as_slice() else { return None };
    let before = title.get(..date.span.start)?;
    let words: Vec<&str> = before.split_whitespace().collect();
    let body = words.iter().position(|word| BODIES.contains(word)).and_then(|at| words.get(..=at)).map(|words| words.join(" "));
    let body = body.and_then(|body| Text::line(&body).or_absent());
    Some(Meeting { start: date.start, end: date.end, ..Meeting::on(body, Some(date.single()?)) })
}

/// The page's first heading that is not the post's title, in the content rather than in the site's header; without
/// headings, the first line.
fn page_title(document: &Document, lines: &[Line<'_>], post: Option<&Post>) -> Option<Text> {
    let post_title = post.and_then(|p| p.title);
    let candidates = || {
        let own = |(at, line): &(usize, &Line<'_>)| !line.chrome && Some(*at) != post_title && !listing::is_head(line);
        lines.iter().enumerate().filter(own).map(|(_, line)| line)
    };
    let head = |level: u8| candidates().find(|line| line.kind == Kind::Heading(level)).map(|line| decoded(&line.text));
    let first = || candidates().find(|line| !line.folded().starts_with("skip to ")).filter(|line| line.text.len() <= 100);
    let title =
        head(1).or_else(|| document.head_title()).or_else(|| head(2)).or_else(|| first().map(|line| decoded(&line.text)))?;
    Text::line(&title).or_absent()
}

fn count_warning(shown: Option<&Shown>, entries: &[Entry]) -> Option<String> {
    let shown = shown.filter(|shown| shown.count() != entries.len())?;
    Some(format!("the listing says that it shows {}, and {} were read", shown.count(), entries.len()))
}
