//! Where a known system puts things: selectors that are tried in order, and where none fits, its page is read like any other.
//!
//! Templates change and councils change them, so a habit may find things sooner or more surely, but nothing depends on it.

use super::entries::Entry;
use super::selectors::Chosen;
use super::{Whole, article, frame, groups, lead, listing, nothing, rows, sections};
use crate::domain::item::Item;
use crate::domain::source::Select;
use crate::rules::extract::document::Document;
use crate::rules::extract::text::Line;
use crate::rules::extract::{Reading, key};
use ego_tree::NodeId;
use scraper::ElementRef;
use std::collections::{HashMap, HashSet};
use url::Url;

/// The habits of one system.
pub(crate) struct Habits {
    /// Each entry of a listing; the first selector that finds any counts.
    pub(crate) entries: &'static [&'static str],
    /// A link that leads to an item by its address: what a listing of no known shape is made of.
    pub(crate) links: &'static str,
    /// What is only on the page of one item.
    pub(crate) article: &'static str,
    /// The text of an item's page; the first selector whose last part finds any counts, with what its other parts find.
    pub(crate) body: &'static [&'static str],
    /// What the system's own words make of an entry or an article with these lines.
    pub(crate) refine: fn(&mut Item, &[Line<'_>]),
}

/// Parts of an address that are the folder of one kind of item: "/meetings/meeting".
const FOLDERS: usize = 3;
/// A row of a list has fewer elements and texts.
const ROW_NODES_MAX: usize = 400;
/// So many entries with a day say what the entries of a list are.
const DATED_MIN: usize = 3;

/// Reads a page of a known system. `own`: it is one item's page, whatever it lists.
pub(crate) fn read(document: &Document, url: &Url, habits: &Habits, own: bool) -> Reading {
    let page = Whole::of(document);
    let is_article = own || document.first(habits.article).is_some();
    // What an empty page has beside it stands in the system's own markup too.
    if !is_article && nothing::has_others(&page, url) {
        return super::read(document, url, &Select::default());
    }
    let chosen = Chosen::known(document, &page, habits.body);
    // What an editor has written on a page is the same on every system.
    let is_known = || habits.entries.iter().any(|css| document.first(css).is_some());
    if !is_article
        && !is_known()
        && let Some(reading) = sections::reading(document, url, &page).or_else(|| rows::reading(document, url, &page))
    {
        return reading;
    }
    let entries = if is_article { Vec::new() } else { entries(document, &page, habits, url) };
    if entries.is_empty() {
        let mut reading = article::reading(document, url, &page, &chosen, Vec::new());
        for item in &mut reading.items {
            (habits.refine)(item, &page.content);
        }
        return reading;
    }
    listing(document, url, &entries, &page, &chosen, habits.refine, Vec::new())
}

fn entries<'a>(document: &Document<'a>, page: &Whole<'a>, habits: &Habits, url: &Url) -> Vec<Entry<'a>> {
    let known = habits.entries.iter().find_map(|css| {
        let found: Vec<Entry<'a>> = document.all(css).into_iter().filter_map(|element| Entry::chosen(element, None)).collect();
        (!found.is_empty()).then(|| with_lead(document, page, found))
    });
    let found = known.unwrap_or_else(|| groups::listing(document, &page.content, url, false).entries);
    if !found.is_empty() {
        return without_cards(document, with_others(document, page, habits, found));
    }
    let found = linked(document, page, habits, false);
    let links = found.iter().map(|entry| entry.link.id()).collect();
    found.into_iter().map(|entry| in_row(entry, &links)).collect()
}

/// The entries without cards that ask for something among them ("Get our news by email"): all others have a day and stand in one
/// folder, and these have neither.
fn without_cards<'a>(document: &Document<'a>, mut entries: Vec<Entry<'a>>) -> Vec<Entry<'a>> {
    let folder = |entry: &Entry<'a>| {
        let path = entry.url(document)?.path().to_ascii_lowercase();
        let above = path.trim_matches('/').split('/').next().filter(|above| path.trim_matches('/') != *above)?;
        Some(above.to_owned())
    };
    let (dated, others): (Vec<_>, Vec<_>) = entries.iter().partition(|entry| entry.is_dated(document));
    let folders: HashSet<_> = dated.iter().map(|entry| folder(entry)).collect();
    let is_one = folders.len() == 1 && !folders.contains(&None);
    if is_one && dated.len() >= DATED_MIN && others.len() * 2 < dated.len() {
        entries.retain(|entry| entry.is_dated(document) || folders.contains(&folder(entry)));
    }
    entries
}

/// The entries with those that stand in other markup on the same page: meetings to come in a list, past ones in a table.
fn with_others<'a>(document: &Document<'a>, page: &Whole<'a>, habits: &Habits, mut entries: Vec<Entry<'a>>) -> Vec<Entry<'a>> {
    if habits.links.is_empty() {
        return entries;
    }
    let key = |entry: &Entry<'a>| entry.url(document).map(key::canonical);
    let folder = |entry: &Entry<'a>| {
        let path = entry.url(document)?.path().to_ascii_lowercase();
        Some(path.split('/').take(FOLDERS).collect::<Vec<_>>().join("/"))
    };
    let mut known: HashSet<_> = entries.iter().filter_map(key).collect();
    let folders: HashSet<_> = entries.iter().filter_map(folder).collect();
    let links: HashSet<_> = entries.iter().map(|entry| entry.link.id()).collect();
    let is_new = |entry: &Entry<'a>| {
        folder(entry).is_some_and(|folder| folders.contains(&folder)) && key(entry).is_some_and(|key| known.insert(key))
    };
    let others = linked(document, page, habits, true).into_iter().filter(is_new);
    let mut others: Vec<Entry<'a>> = others.map(|entry| in_row(entry, &links)).collect();
    if !others.is_empty() && entries.iter().all(|entry| entry.is_dated(document)) {
        others.retain(|entry| entry.is_dated(document));
    }
    if !others.is_empty() {
        entries.extend(others);
        let order: HashMap<_, _> = document.all("a[href]").iter().enumerate().map(|(at, link)| (link.id(), at)).collect();
        entries.sort_by_key(|entry| order.get(&entry.link.id()).copied());
    }
    entries
}

/// The entry with all of its row in a table, or its item in a list, where no other entry's link stands there.
fn in_row<'a>(entry: Entry<'a>, links: &HashSet<NodeId>) -> Entry<'a> {
    let row = entry.link.ancestors().filter_map(ElementRef::wrap).find(|e| matches!(e.value().name(), "tr" | "li"));
    let is_small = |row: &ElementRef<'a>| row.descendants().take(ROW_NODES_MAX).count() < ROW_NODES_MAX;
    let own = row.filter(|row| {
        is_small(row) && !row.descendants().any(|below| below.id() != entry.link.id() && links.contains(&below.id()))
    });
    match own {
        Some(row) => Entry::new(entry.link, vec![row]),
        None => entry,
    }
}

/// The entries, below those that stand above them in markup of their own.
fn with_lead<'a>(document: &Document<'a>, page: &Whole<'a>, mut entries: Vec<Entry<'a>>) -> Vec<Entry<'a>> {
    let within: HashSet<_> = entries.iter().flat_map(|entry| &entry.region).map(|element| element.id()).collect();
    let is_listed = |line: &Line<'a>| line.block.ancestors().chain([*line.block]).any(|above| within.contains(&above.id()));
    let first = page.content.iter().position(is_listed).unwrap_or(0);
    let mut all = lead::stories(document, &page.content, &entries, first);
    all.append(&mut entries);
    all
}

/// Links to items, each with the line that it stands in. `listed`: those only that stand under no heading such as "Related
/// news".
fn linked<'a>(document: &Document<'a>, page: &Whole<'a>, habits: &Habits, listed: bool) -> Vec<Entry<'a>> {
    let wanted = document.nearest(habits.links);
    let of_line = |line: &Line<'a>| {
        let links = line.leaves.iter().filter_map(|leaf| leaf.parent().and_then(ElementRef::wrap)).filter_map(&wanted);
        let mut links: Vec<ElementRef<'a>> = links.collect();
        links.dedup_by_key(|link| link.id());
        let alone = links.len() == 1;
        links.into_iter().map(|link| Entry::new(link, vec![if alone { line.block } else { link }])).collect::<Vec<_>>()
    };
    let mut is_beside = false;
    let lines = page.content.iter().filter(|line| {
        if line.is_heading() {
            is_beside = frame::opens_ending(line.folded());
        }
        !(listed && is_beside)
    });
    lines.flat_map(of_line).collect()
}
