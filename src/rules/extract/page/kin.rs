//! What belongs to a list without standing in its group, and what stands in it without belonging: rows that an editor has
//! marked up otherwise, links to the archive at the list's end.

mod older;

pub(super) use older::below as older_below;

use super::entries::Entry;
use super::place::lasting_class;
use crate::rules::extract::document::Document;
use rustc_hash::{FxHashMap, FxHashSet};
use scraper::ElementRef;
use std::collections::HashSet;

/// With the neighbours of the entries that differ in the markup of their link, or in a class, alone: the row whose title is
/// bold. `dated`: the entries say their days, and so must these; else these must be headed as they are.
pub(super) fn with_neighbours<'a>(document: &Document<'a>, entries: Vec<Entry<'a>>, dated: bool) -> Vec<Entry<'a>> {
    let own = |entry: &Entry<'a>| if let [only] = entry.region.as_slice() { Some(*only) } else { None };
    let mut siblings: FxHashMap<_, usize> = FxHashMap::default();
    for parent in entries.iter().filter_map(|entry| own(entry)?.parent()) {
        *siblings.entry(parent.id()).or_default() += 1;
    }
    let within: FxHashSet<_> = entries.iter().flat_map(|entry| &entry.region).map(|element| element.id()).collect();
    let key = |entry: &Entry<'a>| entry.key(document).map(str::to_owned);
    let mut known: HashSet<String> = entries.iter().filter_map(key).collect();
    let mut all: Vec<Entry<'a>> = Vec::with_capacity(entries.len());
    let mut seen = FxHashSet::default();
    for entry in entries {
        let like = own(&entry).filter(|own| own.parent().is_some_and(|parent| siblings.get(&parent.id()) > Some(&1)));
        let Some(like) = like else {
            all.push(entry);
            continue;
        };
        // What an editor has marked ("no-image", "pinned") has one class more, and is made up like the others.
        let is_alike = |element: &ElementRef<'a>| {
            element.value().name() == like.value().name()
                && (lasting_class(*element) == lasting_class(like) || is_made_up_like(*element, like))
        };
        let is_free = |element: &ElementRef<'a>| !within.contains(&element.id());
        let mut neighbours = |elements: Vec<ElementRef<'a>>| {
            let new = elements.into_iter().filter(|element| seen.insert(element.id()) && is_alike(element));
            let new = new.filter(|element| dated || linked_heading(*element).is_some());
            let found = new.filter_map(|element| Entry::chosen(element, None));
            let found = found.filter(|entry| !dated || entry.is_dated(document));
            found.filter(|entry| key(entry).is_some_and(|key| known.insert(key))).collect::<Vec<_>>()
        };
        let before = neighbours(like.prev_siblings().filter_map(ElementRef::wrap).take_while(is_free).collect());
        let after = neighbours(like.next_siblings().filter_map(ElementRef::wrap).take_while(is_free).collect());
        all.extend(before.into_iter().rev());
        all.push(entry);
        all.extend(after);
    }
    all
}

/// Whether two elements have their first heading in the same rank, each with a link in it or around it; or no heading, and the
/// same parts in the same order.
fn is_made_up_like(element: ElementRef<'_>, like: ElementRef<'_>) -> bool {
    match (linked_heading(element), linked_heading(like)) {
        (Some(own), Some(other)) => own == other,
        (None, None) => {
            let parts = |e: ElementRef<'_>| e.child_elements().map(|part| part.value().name().to_owned()).collect::<Vec<_>>();
            element.has_children() && parts(element) == parts(like)
        }
        (None, Some(_)) | (Some(_), None) => false,
    }
}

/// The rank of an element's first heading, where a link is in it or around it.
fn linked_heading(element: ElementRef<'_>) -> Option<&str> {
    const NODES_MAX: usize = 60;
    let is_heading = |e: &ElementRef<'_>| matches!(e.value().name(), "h2" | "h3" | "h4" | "h5" | "h6");
    let is_link = |e: ElementRef<'_>| e.value().name() == "a" && e.attr("href").is_some();
    let heading = element.descendent_elements().take(NODES_MAX).find(is_heading)?;
    let within = heading.descendent_elements().any(is_link);
    let around = || heading.ancestors().take_while(|above| above.id() != element.id()).filter_map(ElementRef::wrap).any(is_link);
    (within || around() || is_link(element)).then(|| heading.value().name())
}

/// Without what has no day where the others have one, and is not theirs: links at the list's ends that stand elsewhere
/// ("News archive"), and cards that lead elsewhere ("Get our news by email").
pub(super) fn without_strays<'a>(document: &Document<'a>, mut entries: Vec<Entry<'a>>) -> Vec<Entry<'a>> {
    let is_dated = |entry: &Entry<'a>| entry.is_dated(document);
    let folder = |entry: &Entry<'a>| {
        let key = entry.key(document)?;
        key.rsplit_once(['/', '=']).map(|(folder, _)| folder.to_owned())
    };
    let undated: Vec<bool> = entries.iter().map(|entry| !is_dated(entry)).collect();
    if !undated.contains(&true) {
        return entries;
    }
    let folders: HashSet<_> = entries.iter().zip(&undated).filter(|(_, undated)| !**undated).map(|(e, _)| folder(e)).collect();
    if folders.len() == 1 {
        let mut undated = undated.iter();
        entries.retain(|entry| undated.next() == Some(&false) || folders.contains(&folder(entry)));
    }
    let parent = |entry: &Entry<'a>| entry.region.first().and_then(|e| e.parent()).map(|parent| parent.id());
    let is_stray = |end: &Entry<'a>, next: &Entry<'a>| parent(end) != parent(next) && !is_dated(end);
    while let [.., next, end] = entries.as_slice()
        && is_stray(end, next)
    {
        entries.pop();
    }
    // What is new stands first, with or without its day.
    while let [end, next, ..] = entries.as_slice()
        && is_stray(end, next)
        && end.is_bare(document)
    {
        entries.remove(0);
    }
    without_bare_end(document, entries)
}

/// Without the last link of a list that is a link and no more where every other entry has its day: "News archive". What is
/// new stands first; of a list that grows at its end nothing is left out.
fn without_bare_end<'a>(document: &Document<'a>, mut entries: Vec<Entry<'a>>) -> Vec<Entry<'a>> {
    let [others @ .., end] = entries.as_slice() else { return entries };
    let days: Vec<_> = others.iter().filter_map(|entry| entry.day(document)).collect();
    let is_newest_first = days.len() >= 2 && days.first() > days.last();
    if days.len() == others.len() && is_newest_first && end.is_bare(document) && end.lines(document).len() == 1 {
        entries.pop();
    }
    entries
}
