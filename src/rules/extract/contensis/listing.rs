//! The listing of posts: titles with their days, found by their shape and by the words around them.

use super::post::Post;
use super::tiles;
use crate::rules::extract::document::Document;
use crate::rules::extract::key;
use crate::rules::extract::text::{Line, folded};
use crate::rules::facts::dates;
use chrono::NaiveDate;
use std::ops::Range;
use url::Url;

/// What the listing says of its length: "Displaying 1 to 9 of 9".
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Shown {
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) total: usize,
}

impl Shown {
    pub(super) fn count(self) -> usize {
        (self.last + 1).saturating_sub(self.first)
    }
}

/// One entry.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) title: String,
    pub(super) url: Option<Url>,
    pub(super) published: Option<NaiveDate>,
    /// The lines that it takes.
    pub(super) lines: Range<usize>,
}

/// The listing of a page; empty where there is none.
pub(super) struct Found {
    pub(super) entries: Vec<Entry>,
    pub(super) shown: Option<Shown>,
    pub(super) next: Option<Url>,
    /// All lines from its heading to its counter; no part of any post.
    pub(super) lines: Range<usize>,
}

impl Found {
    /// The entry that leads to the page of this key.
    pub(super) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.url.as_ref().is_some_and(|url| key::canonical(url) == key))
    }

    /// Whether a line is one of the listing's.
    pub(super) fn holds(&self, line: usize) -> bool {
        self.lines.contains(&line)
    }
}

/// Lines without a date between a title and its day, at most: a summary.
const SUMMARY_LINES_MAX: usize = 3;
/// Lines between the words over a listing and its first entry, at most, and lines that are looked at for it.
const LINES_TO_ENTRY: usize = 3;
const ENTRY_LINES_MAX: usize = LINES_TO_ENTRY + SUMMARY_LINES_MAX + 3;

/// "Recent posts" and its like.
pub(super) fn is_head(line: &Line<'_>) -> bool {
    const HEADS: &[&str] = &[
        "recent posts",
        "latest posts",
        "recent updates",
        "latest updates",
        "recent articles",
        "all posts",
        "diweddariadau diweddar",
        "diweddariadau diweddaraf",
        "erthyglau diweddar",
        "pob erthygl",
    ];
    let bare = line.text.trim_end_matches([':', ' ']);
    HEADS.iter().any(|head| bare.eq_ignore_ascii_case(head))
}

/// "Displaying 1 to 9 of 9", "Showing 1-9 of 9 results", folded.
pub(super) fn shown(folded: &str) -> Option<Shown> {
    if folded.len() > 80 || !["displaying", "showing", "viewing", "results"].iter().any(|word| folded.starts_with(word)) {
        return None;
    }
    let numbers: Vec<usize> =
        folded.split(|c: char| !c.is_ascii_digit() && c != ',').filter_map(|n| n.replace(',', "").parse().ok()).collect();
    let [first, last, total] = numbers.as_slice() else { return None };
    (folded.contains(" of ") && first <= last && last <= total).then_some(Shown { first: *first, last: *last, total: *total })
}

/// Whether a line is such a heading and has an entry right below it: over prose it heads a part of a text.
pub(super) fn heads_entries(lines: &[Line<'_>], at: usize) -> bool {
    let is_near = |entry: &Entry| entry.lines.start <= at + LINES_TO_ENTRY;
    lines.get(at).is_some_and(is_head)
        && entries(lines, at + 1..lines.len().min(at + ENTRY_LINES_MAX), false).first().is_some_and(is_near)
}

/// The line with the words over the listing: the first that has an entry below it, else the last above the counter.
fn head(lines: &[Line<'_>], counter: Option<usize>) -> Option<usize> {
    let heads = || (0..lines.len()).filter(|at| lines.get(*at).is_some_and(is_head));
    let above = |at: &usize| counter.is_some_and(|counter| *at < counter);
    heads().find(|at| heads_entries(lines, *at)).or_else(|| heads().rfind(above))
}

/// Finds the listing beside the post, if there is one.
pub(super) fn find<'a>(document: &Document<'a>, lines: &[Line<'a>], post: Option<&Post>) -> Found {
    let marked = marked(document, lines);
    let counter = lines.iter().position(|line| shown(line.folded()).is_some());
    let head = head(lines, counter);
    let post_start = post.map(|p| p.head().start);
    // The words around the listing bound it; the post does where they are missing.
    let from = match (head, post_start) {
        (Some(head), _) => head + 1,
        (None, Some(start)) if counter.is_some_and(|counter| counter > start) => post.map_or(0, |post| post.text),
        _ => marked.as_ref().map_or(0, |lines| lines.start),
    };
    let to = match (counter.filter(|c| *c >= from), post_start) {
        (Some(counter), _) => counter,
        // Between its heading and the post; without any words around it, it may stand on either side.
        (None, Some(post)) if head.is_some() && post >= from => post,
        _ => marked.map_or(lines.len(), |lines| lines.end),
    };
    let bounded = head.is_some() && counter.is_some_and(|c| c >= from);
    let mut entries = entries(lines, from..to, bounded);
    if let Some(counted) = counter.filter(|_| !bounded).and_then(|at| shown(lines.get(at)?.folded())).map(Shown::count)
        && entries.len() < counted
        && let Some(list) = before(document, lines, to)
    {
        // Contensis marks the list, and its counter knows of entries that have no day.
        let all = self::entries(lines, list, true);
        if all.len() > entries.len() && all.len() <= counted {
            entries = all;
        }
    }
    // What Contensis marks as one post each is surer than what stands in which order, where the two differ.
    let tiles = tiles::entries(document, lines);
    let is_as_marked = |(entry, tile): (&Entry, &Entry)| (&entry.url, entry.published) == (&tile.url, tile.published);
    let are_as_marked = entries.len() == tiles.len() && entries.iter().zip(&tiles).all(is_as_marked);
    if !tiles.is_empty() && !are_as_marked {
        entries = tiles;
    }
    if let Some(post) = post {
        let own = post.head();
        entries.retain(|entry| entry.lines.end <= own.start || entry.lines.start >= own.end);
    }
    if !bounded {
        entries = longest_run(entries);
    }
    // One linked line with a day beneath it, in the middle of a post's text, is no listing.
    if head.is_none() && counter.is_none() && post.is_some() && entries.len() < 2 {
        entries.clear();
    }
    let start = head.filter(|h| *h <= from).or_else(|| entries.first().map(|e| e.lines.start)).unwrap_or(from);
    let end = counter.filter(|c| *c >= start && *c >= from).map(|c| c + 1);
    let end = end.or_else(|| entries.last().map(|e| e.lines.end)).unwrap_or(start);
    let listing = start..if entries.is_empty() && counter.is_none() { start } else { end.max(start) };
    let shown = counter.and_then(|at| lines.get(at)).and_then(|line| shown(line.folded()));
    let next = next_page(document, lines, listing.end, shown);
    Found { entries, shown, next, lines: listing }
}

/// The lines of Contensis' own list, where no words stand around it.
fn marked(document: &Document, lines: &[Line<'_>]) -> Option<Range<usize>> {
    if (0..lines.len()).any(|at| heads_entries(lines, at)) || lines.iter().any(|line| shown(line.folded()).is_some()) {
        return None;
    }
    let list = document.first(".sys_itemslist")?.id();
    let inside = |line: &Line<'_>| line.block.id() == list || line.block.ancestors().any(|above| above.id() == list);
    let first = lines.iter().position(inside)?;
    Some(first..lines.iter().rposition(inside)? + 1)
}

/// The lines of the last of Contensis' own lists that end before a line.
fn before(document: &Document, lines: &[Line<'_>], end: usize) -> Option<Range<usize>> {
    document.all(".sys_itemslist").into_iter().rev().find_map(|list| {
        let inside = |line: &Line<'_>| line.block.ancestors().chain([*line.block]).any(|above| above.id() == list.id());
        let first = lines.iter().position(inside)?;
        let last = lines.iter().rposition(inside).filter(|last| *last < end)?;
        Some(first..last + 1)
    })
}

/// The entries within some lines. `bounded`: all that is there belongs to the listing, so an entry may lack its link.
fn entries(lines: &[Line<'_>], range: Range<usize>, bounded: bool) -> Vec<Entry> {
    let mut found: Vec<Entry> = Vec::new();
    let mut at = range.start;
    let title_like = |at: usize| lines.get(at).is_some_and(|line| is_title(line, bounded));
    let date_first = date_leads(lines, &range, bounded);
    while at < range.end {
        let Some(line) = lines.get(at) else { break };
        if let Some(entry) = on_one_line(line, at) {
            at += 1;
            found.push(entry);
        } else if date_first && let Some(day) = day_of(line) {
            let title = (at + 1..range.end.min(at + 3)).find(|next| title_like(*next));
            match title.and_then(|title| Some((title, lines.get(title)?))) {
                Some((title, line)) => {
                    found.push(entry(line, Some(day), at..title + 1));
                    at = title + 1;
                }
                None => at += 1,
            }
        } else if title_like(at) && !date_first {
            let limit = range.end.min(at + 2 + SUMMARY_LINES_MAX);
            // An unlinked title is one only with its day right below it; a linked one may have a summary between.
            let reach = if line.links.is_empty() { limit.min(at + 2) } else { limit };
            let day = (at + 1..reach)
                .take_while(|next| *next == at + 1 || !lines.get(*next).is_some_and(is_linked_title))
                .find_map(|next| Some((next, day_of(lines.get(next)?)?)));
            if let Some((last, day)) = day {
                found.push(entry(line, Some(day), at..last + 1));
                at = last + 1;
            } else {
                if bounded && is_linked_title(line) && !is_way_on(line) {
                    found.push(entry(line, None, at..at + 1));
                }
                at += 1;
            }
        } else {
            // "Read more" below an unlinked title leads to it.
            if is_way_on(line)
                && let Some(last) = found.last_mut()
            {
                last.url = last.url.take().or_else(|| line.links.iter().find_map(|link| link.url.clone()));
                last.lines.end = at + 1;
            }
            at += 1;
        }
    }
    found
}

fn entry(line: &Line<'_>, published: Option<NaiveDate>, lines: Range<usize>) -> Entry {
    Entry { title: line.text.clone(), url: line.links.iter().find_map(|link| link.url.clone()), published, lines }
}

/// A title and its day in one line: "<a>Title</a> Tuesday 11th February 2020", inside the link or beside it.
fn on_one_line(line: &Line<'_>, at: usize) -> Option<Entry> {
    let anchor = line.links.iter().find(|link| link.url.is_some())?;
    let (title, day) = if let Some(day) = dates::whole(line.outside().trim_matches(outer)) {
        (anchor.text.clone(), day.single()?)
    } else {
        // All in the link: the last of two dates, or a date with its weekday, is the day of posting.
        let found = dates::find(&line.text);
        let last =
            found.last().filter(|last| line.text.get(last.span.end..).is_some_and(|rest| rest.trim_matches(outer).is_empty()))?;
        let words = line.text.get(last.span.clone())?;
        let with_weekday = words.starts_with(|c: char| c.is_alphabetic()) && words.split_whitespace().count() >= 4;
        let title = line.text.get(..last.span.start)?.trim_matches(outer);
        if title.is_empty() || !(with_weekday || found.len() > 1) {
            return None;
        }
        (title.to_owned(), last.single()?)
    };
    let title = title.trim().to_owned();
    (!title.is_empty()).then(|| Entry { title, url: anchor.url.clone(), published: Some(day), lines: at..at + 1 })
}

fn outer(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '–' | '—' | ',' | ':' | '|' | '(' | ')' | '·' | '•')
}

/// A line that is nothing but a day, with or without "Posted:".
pub(super) fn day_of(line: &Line<'_>) -> Option<NaiveDate> {
    dates::whole(&line.text).filter(|_| line.text.chars().any(|c| c.is_ascii_digit()))?.single()
}

fn is_linked_title(line: &Line<'_>) -> bool {
    !line.links.is_empty() && line.outside().trim_matches(|c: char| !c.is_alphanumeric()).is_empty() && day_of(line).is_none()
}

fn is_title(line: &Line<'_>, bounded: bool) -> bool {
    let unlinked = bounded && line.links.is_empty() && line.text.len() <= 200 && day_of(line).is_none();
    (is_linked_title(line) || unlinked) && !is_way_on(line)
}

/// Links that lead on without naming anything.
pub(super) fn is_way_on(line: &Line<'_>) -> bool {
    const WORDS: &[&str] =
        &["read more", "more", "view", "details", "continue reading", "next", "previous", "first", "last", "read full post"];
    let folded = line.folded();
    let bare = folded.trim_matches(|c: char| !c.is_alphanumeric());
    WORDS.contains(&bare) || bare.starts_with("read more") || bare.bytes().all(|b| b.is_ascii_digit())
}

/// Whether days stand before their titles: the first of both in the range decides.
fn date_leads(lines: &[Line<'_>], range: &Range<usize>, bounded: bool) -> bool {
    let within = lines.get(range.clone()).unwrap_or_default();
    let first_day = within.iter().position(|line| day_of(line).is_some());
    let first_title = within.iter().position(|line| is_title(line, bounded));
    let last_day = within.iter().rposition(|line| day_of(line).is_some());
    let last_title = within.iter().rposition(|line| is_linked_title(line) && !is_way_on(line));
    match (first_day, first_title, last_day, last_title) {
        (Some(day), Some(title), Some(last_day), Some(last_title)) => day < title && last_day < last_title,
        _ => false,
    }
}

/// Of entries anywhere on the page, those that stand together.
fn longest_run(entries: Vec<Entry>) -> Vec<Entry> {
    let mut runs: Vec<Vec<Entry>> = Vec::new();
    for entry in entries {
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|last| entry.lines.start <= last.lines.end + 2) => run.push(entry),
            _ => runs.push(vec![entry]),
        }
    }
    // Of two equally long the first: later ones are related links.
    runs.into_iter().rev().max_by_key(Vec::len).unwrap_or_default()
}

/// The next page of the listing: a link that says so near its end, or Contensis' own navigation.
fn next_page(document: &Document, lines: &[Line<'_>], end: usize, shown: Option<Shown>) -> Option<Url> {
    if shown.is_some_and(|shown| shown.last >= shown.total) {
        return None;
    }
    let by_class = document.first(".sys_navigationnext a[href], a.sys_navigationnext[href], a[rel=next][href]");
    if let Some(url) = by_class.and_then(|a| a.attr("href")).and_then(|href| document.base.join(href).ok()) {
        return Some(url);
    }
    let near = lines.get(end.saturating_sub(4)..lines.len().min(end + 8))?;
    let is_next = |text: &str| {
        let folded = folded(text);
        let bare = folded.trim_matches(|c: char| !c.is_alphanumeric());
        bare == "next" || bare == "next page" || (bare.is_empty() && folded.contains(['>', '»', '›']))
    };
    near.iter().flat_map(|line| &line.links).find(|link| is_next(&link.text)).and_then(|link| link.url.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counter_is_read_in_its_variants() {
        let check = |text: &str, expect: Option<(usize, usize, usize)>| {
            assert_eq!(shown(&folded(text)).map(|s| (s.first, s.last, s.total)), expect, "{text}");
        };
        check("Displaying 1 to 9 of 9", Some((1, 9, 9)));
        check("Displaying 10 to 18 of 1,204", Some((10, 18, 1204)));
        check("Showing 1-9 of 9 results", Some((1, 9, 9)));
        check("Displaying 9 to 1 of 9", None);
        check("Displaying the plan", None);
    }
}
