//! The lead story: many lists show their newest entry, or the newest few, above the others and in markup of its own.

mod announced;
mod card;
mod file;
mod term;

use super::dated;
use super::entries::{Entry, is_generic, target};
use super::{frame, list_name, pager, rows};
use crate::rules::extract::document::{Document, classes};
use crate::rules::extract::key;
use crate::rules::extract::text::{Kind, Line};
use crate::rules::facts::documents;
use announced::Announcing;
use scraper::ElementRef;
use std::collections::HashSet;
use url::Url;

/// Prose beside an only entry up to this many bytes is its introduction, and as much within it is its teaser.
const PROSE_BYTES_MAX: usize = 120;
const TEASER_BYTES_MAX: usize = 600;
/// More stories than this above a list are another list.
const LEADS_MAX: usize = 4;
/// Elements around a link that may call it an entry.
const NEAR: usize = 4;

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
    let mut is_new = |link: &ElementRef<'a>| target(document, *link).is_some_and(|url| known.insert(key::canonical(&url)));
    let mut leads: Vec<ElementRef<'a>> = headings.filter_map(link_of).filter(&mut is_new).collect();
    if leads.is_empty() {
        leads = cards(document, between, list).into_iter().filter(is_new).collect();
    }
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

/// Links without a heading between the headline and the list, each a line of its own, that lead to where the list keeps its
/// entries: "/news/article/".
fn cards<'a>(document: &Document<'a>, between: &[Line<'a>], list: &[Entry<'a>]) -> Vec<ElementRef<'a>> {
    let parts = |url: &Url| -> Vec<String> {
        url.host_str().into_iter().chain(url.path().split('/').filter(|part| !part.is_empty())).map(str::to_lowercase).collect()
    };
    let shared = |a: Vec<String>, b: Vec<String>| a.into_iter().zip(b).take_while(|(a, b)| a == b).map(|(a, _)| a).collect();
    let places = list.iter().filter_map(|entry| entry.url(document)).map(parts);
    let places = places.map(|mut place| {
        place.pop();
        place
    });
    let Some(folder) = places.reduce(shared).filter(|folder: &Vec<String>| list.len() > 1 && folder.len() > 1) else {
        return Vec::new();
    };
    let is_beside = |url: Url| {
        let place = parts(&url);
        place.len() > folder.len() && place.starts_with(&folder)
    };
    let is_card = |line: &&Line<'a>| !line.is_heading() && line.links.len() == 1 && line.outside().trim().is_empty();
    let links = between.iter().filter(is_card).filter(|line| !is_generic(&line.text) && !dated::is_date(&line.text));
    links.filter_map(link_of).filter(|link| target(document, *link).is_some_and(is_beside)).collect()
}

/// The only entry of a list that has no other.
pub(super) fn only<'a>(document: &Document<'a>, lines: &[Line<'a>], page: &Url) -> Option<Entry<'a>> {
    let headed = only_heading(document, lines, page).or_else(|| only_row(document, lines));
    headed
        .or_else(|| only_link(document, lines, page))
        .or_else(|| card::only(document, lines, page))
        .or_else(|| term::only(document, lines, page))
        .or_else(|| file::only(document, lines))
}

/// A heading that leads elsewhere, with its day and hardly a word around it.
fn only_heading<'a>(document: &Document<'a>, lines: &[Line<'a>], page: &Url) -> Option<Entry<'a>> {
    /// The same where the page counts one entry itself: "Showing 1 of 1 updates".
    const PROSE_BESIDE_COUNT_MAX: usize = 600;
    const PARAGRAPH_BYTES: usize = 60;
    let headline = lines.iter().position(|line| line.kind == Kind::Heading(1))?;
    let is_headed_link = |line: &&Line<'a>| line.is_heading() && line.links.len() == 1 && line.outside().trim().is_empty();
    let mut linked = lines.iter().skip(headline + 1).filter(is_headed_link);
    let (_, None) = (linked.next()?, linked.next()) else { return None };
    let [only] = <[Entry<'a>; 1]>::try_from(stories(document, lines, &[], lines.len())).ok()?;
    let leads =
        only.url(document).is_some_and(|url| url.host_str() == page.host_str() && key::canonical(url) != key::canonical(page));
    let within: HashSet<_> = only.region.iter().map(|element| element.id()).collect();
    let is_other = |line: &&Line<'a>| !line.block.ancestors().chain([*line.block]).any(|above| within.contains(&above.id()));
    // What is told above the link, under another heading or none, is what the page is about.
    let is_told = |line: &&Line<'a>| {
        let is_linked = line.is_heading() && !line.links.is_empty();
        !is_linked && (line.is_heading() || line.outside().len() >= PARAGRAPH_BYTES)
    };
    let above = lines.iter().skip(headline + 1).take_while(|line| !is_headed_link(line));
    if above.filter(|line| !is_other(line)).any(|line| is_told(&line)) {
        return None;
    }
    let mut others = lines.iter().filter(is_other);
    let is_posted = |line: &Line<'a>| dated::is_date(&line.text);
    let prose: usize = lines.iter().filter(is_other).filter(|line| !line.is_heading()).map(|line| line.outside().len()).sum();
    let is_counted = pager::total(lines) == Some(1);
    let is_announced = || Announcing::of(document, lines, page).is_some_and(|page| page.entry(only.link, lines).is_some());
    let names_many = || lines.get(headline).is_some_and(|line| list_name::is_one(&line.text));
    let is_called_entry = || only.link.ancestors().take(NEAR).filter_map(ElementRef::wrap).any(is_called);
    let is_sure = is_counted || is_announced() || (names_many() && is_called_entry());
    let prose_max = if is_sure { PROSE_BESIDE_COUNT_MAX } else { PROSE_BYTES_MAX };
    (leads && prose <= prose_max && !others.any(is_posted)).then_some(only)
}

/// The same without a heading: a link that stands first in its part of the page, to a page below this one or out of an entry of
/// its own, where no other link leads to a page.
fn only_link<'a>(document: &Document<'a>, lines: &[Line<'a>], page: &Url) -> Option<Entry<'a>> {
    const PROSE_BESIDE_EVENT_MAX: usize = 600;
    let headline = lines.iter().position(|line| line.kind == Kind::Heading(1))?;
    let own = key::canonical(page);
    let announcing = Announcing::of(document, lines, page);
    let leads_on = |line: &Line<'a>| {
        let elsewhere = |to: &Url| matches!(to.scheme(), "http" | "https") && key::canonical(to) != own;
        line.links.iter().any(|link| link.url.as_ref().is_some_and(elsewhere))
    };
    // On a page that announces what takes place, a link in a sentence is no entry.
    let is_aside = |line: &Line<'a>| announcing.is_some() && announced::is_remark(line);
    let mut leading = lines.iter().enumerate().skip(headline + 1).filter(|(_, line)| leads_on(line) && !is_aside(line));
    let (at, line) = leading.next()?;
    let [only] = line.links.as_slice() else { return None };
    let to = only.url.as_ref().filter(|to| to.host_str() == page.host_str() && !documents::is_file(&only.text, to))?;
    // "Read more" below it.
    let is_again = |(_, line): (usize, &Line<'a>)| line.links.iter().all(|link| link.url.as_ref() == Some(to));
    if !leading.all(is_again) || is_generic(&only.text) || dated::is_date(&only.text) {
        return None;
    }
    let says_when = |line: &Line<'_>| dated::is_date(line.text.trim()) || dated::is_label(&line.text);
    let is_title = line.outside().trim().is_empty() || dated::beside_link(line.outside()).is_some();
    let above = lines.get(..at)?.iter().rfind(|line| !says_when(line))?;
    let apart: HashSet<_> = [above, lines.get(headline)?]
        .into_iter()
        .flat_map(|line| std::iter::once(*line.block).chain(line.block.ancestors()))
        .map(|above| above.id())
        .collect();
    let element = link_of(line)?;
    let around: Vec<ElementRef<'a>> =
        element.ancestors().take_while(|above| !apart.contains(&above.id())).filter_map(ElementRef::wrap).collect();
    let folder = format!("{}/", page.path().trim_end_matches('/'));
    let announced = announcing.and_then(|page| page.entry(element, lines));
    // A link around a whole card: its day, its title and what it is about each have an element.
    let is_card = || element.child_elements().count() >= 2;
    let is_beside = || to.path().starts_with(&folder) || around.iter().any(is_entry) || is_card();
    if !is_title || !(announced.is_some() || is_beside()) {
        return None;
    }
    let region = announced.or_else(|| around.last().copied())?;
    let is_within = |line: &&Line<'a>| line.block.ancestors().chain([*line.block]).any(|above| above.id() == region.id());
    let (within, beside): (Vec<&Line<'a>>, Vec<&Line<'a>>) = lines.iter().skip(headline + 1).partition(is_within);
    let bytes = |lines: &[&Line<'a>]| lines.iter().map(|line| line.outside().len()).sum::<usize>();
    let prose_max = if announced.is_some() { PROSE_BESIDE_EVENT_MAX } else { PROSE_BYTES_MAX };
    let is_told = bytes(&beside) > prose_max || bytes(&within) > TEASER_BYTES_MAX;
    let entry = Entry::new(element, vec![region]);
    (!is_told && !beside.iter().any(|line| says_when(line)) && entry.is_dated(document)).then_some(entry)
}

/// The only entry of a register that has no other yet: one row below a header, with its day and the link to its page.
fn only_row<'a>(document: &Document<'a>, lines: &[Line<'a>]) -> Option<Entry<'a>> {
    const PROSE_BYTES_MAX: usize = 600;
    let table = lines.iter().find(|line| rows::heads_column(line)).and_then(rows::table_of)?;
    let is_row = |e: &ElementRef<'a>| e.value().name() == "tr" && e.child_elements().any(|cell| cell.value().name() == "td");
    let mut rows = table.descendent_elements().filter(is_row).filter(|row| !names_columns(lines, *row));
    let (row, None) = (rows.next()?, rows.next()) else { return None };
    let is_outside = |line: &&Line<'a>| rows::table_of(line).is_none_or(|own| own.id() != table.id());
    let prose: usize = lines.iter().filter(is_outside).map(|line| line.outside().len()).sum();
    let entry = Entry::chosen(row, None).filter(|_| prose <= PROSE_BYTES_MAX)?;
    let leads = entry.url(document).is_some_and(|url| url.host_str() == document.base.host_str());
    (leads && entry.is_dated(document)).then_some(entry)
}

/// Whether a row of plain cells is the header.
fn names_columns(lines: &[Line<'_>], row: ElementRef<'_>) -> bool {
    let of_row = |line: &&Line<'_>| rows::row_of(line).is_some_and(|own| own.id() == row.id());
    lines.iter().find(of_row).is_some_and(rows::heads_column)
}

/// Whether an element is one entry by its name.
fn is_entry(element: &ElementRef<'_>) -> bool {
    matches!(element.value().name(), "article" | "dd" | "li")
}

/// Whether a class calls an element one of a list: "asset-listing__item", "news-item".
fn is_called(element: ElementRef<'_>) -> bool {
    const ONES: &[&str] = &["card", "entry", "item", "result", "row", "teaser"];
    const LISTS: &[&str] = &["blog", "list", "listing", "listings", "news", "post", "posts", "results", "search", "views"];
    let words = |class: &str| class.to_ascii_lowercase().split(['-', '_']).map(str::to_owned).collect::<Vec<_>>();
    let has = |words: &[String], known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    classes(element).map(words).any(|words| has(&words, ONES) && has(&words, LISTS))
}

pub(super) fn link_of<'a>(line: &Line<'a>) -> Option<ElementRef<'a>> {
    line.leaves.iter().find_map(|leaf| leaf.ancestors().take(8).filter_map(ElementRef::wrap).find(|e| e.value().name() == "a"))
}
