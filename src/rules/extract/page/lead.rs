//! The lead story: many lists show their newest entry, or the newest few, above the others and in markup of its own.

use super::dated;
use super::entries::{Entry, target};
use super::frame;
use crate::rules::extract::document::Document;
use crate::rules::extract::key;
use crate::rules::extract::text::{Kind, Line};
use scraper::ElementRef;
use std::collections::HashSet;
use url::Url;

/// More stories than this above a list are another list.
const LEADS_MAX: usize = 4;

/// The dated stories between the page's headline and its list. `list`: the entries of the list; `first`: the line among
/// `lines` where they begin.
pub(super) fn stories<'a>(document: &Document<'a>, lines: &[Line<'a>], list: &[Entry<'a>], first: usize) -> Vec<Entry<'a>> {
    let before = lines.get(..first).unwrap_or_default();
    let headline = before.iter().position(|line| line.kind == Kind::Heading(1)).map_or(0, |at| at + 1);
    let between = before.get(headline..).unwrap_or_default();
    // "Latest news" over the list parts it from the stories above; what stands below such a heading is no lead.
    let between = between.split(frame::ends_article).next().unwrap_or_default();
    let mut known: HashSet<String> = list.iter().filter_map(|entry| entry.key(document)).map(str::to_owned).collect();
    let headings = between.iter().filter(|line| line.is_heading() && line.links.len() == 1);
    let leads: Vec<ElementRef<'a>> = headings
        .filter_map(link_of)
        .filter(|link| target(document, *link).is_some_and(|url| known.insert(key::canonical(&url))))
        .collect();
    if leads.is_empty() || leads.len() > LEADS_MAX {
        return Vec::new();
    }
    let around = |element: ElementRef<'a>| element.ancestors().map(|above| above.id()).collect::<Vec<_>>();
    let list_and_headline = list.iter().take(1).map(|entry| entry.link).chain(document.first("h1"));
    let apart: HashSet<_> = list_and_headline.flat_map(around).collect();
    let story = |link: &ElementRef<'a>| {
        let others: HashSet<_> = leads.iter().filter(|other| other.id() != link.id()).flat_map(|other| around(*other)).collect();
        let own = link.ancestors().take_while(|above| !apart.contains(&above.id()) && !others.contains(&above.id()));
        Some(Entry::new(*link, vec![own.filter_map(ElementRef::wrap).last()?]))
    };
    let is_dated = |entry: &Entry<'a>| {
        let lines = entry.lines(document);
        let title = entry.title(document, &lines).unwrap_or_default();
        dated::seen_in_entry(&entry.region, &lines, &title).is_some()
    };
    leads.iter().filter_map(story).filter(is_dated).collect()
}

/// The only entry of a list that has no other: a heading that leads elsewhere, with its day and hardly a word around it.
pub(super) fn only<'a>(document: &Document<'a>, lines: &[Line<'a>], page: &Url) -> Option<Entry<'a>> {
    const PROSE_BYTES_MAX: usize = 120;
    let headline = lines.iter().position(|line| line.kind == Kind::Heading(1))?;
    let is_headed_link = |line: &&Line<'a>| line.is_heading() && line.links.len() == 1 && line.outside().trim().is_empty();
    let mut linked = lines.iter().skip(headline + 1).filter(is_headed_link);
    let (_, None) = (linked.next()?, linked.next()) else { return None };
    let [only] = <[Entry<'a>; 1]>::try_from(stories(document, lines, &[], lines.len())).ok()?;
    let leads =
        only.url(document).is_some_and(|url| url.host_str() == page.host_str() && key::canonical(url) != key::canonical(page));
    let within: HashSet<_> = only.region.iter().map(|element| element.id()).collect();
    let is_other = |line: &&Line<'a>| !line.block.ancestors().chain([*line.block]).any(|above| within.contains(&above.id()));
    let mut others = lines.iter().filter(is_other);
    let is_posted = |line: &Line<'a>| dated::is_date(&line.text);
    let prose: usize = lines.iter().filter(is_other).filter(|line| !line.is_heading()).map(|line| line.outside().len()).sum();
    (leads && prose <= PROSE_BYTES_MAX && !others.any(is_posted)).then_some(only)
}

fn link_of<'a>(line: &Line<'a>) -> Option<ElementRef<'a>> {
    line.leaves.iter().find_map(|leaf| leaf.ancestors().take(8).filter_map(ElementRef::wrap).find(|e| e.value().name() == "a"))
}
