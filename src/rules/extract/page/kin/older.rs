//! Older entries of a list, which some systems set right below it as links and no more: "More articles".

use crate::rules::extract::document::Document;
use crate::rules::extract::page::entries::{Entry, is_generic, target, words};
use crate::rules::extract::text::{Line, collapsed};
use crate::rules::extract::{key, text};
use rustc_hash::FxHashSet;
use scraper::ElementRef;

/// Elements around the last entry below which such links may stand.
const HEIGHT_MAX: usize = 3;
/// Least words of a link that names a story.
const WORDS_MIN: usize = 3;

/// The older entries behind those of a list: links in a list of their own below it, all in the one folder that holds the entries and
/// nothing else of theirs. `lines`: the page's content.
pub(in crate::rules::extract::page) fn below<'a>(
    document: &Document<'a>,
    entries: &[Entry<'a>],
    lines: &[Line<'a>],
) -> Vec<Entry<'a>> {
    let folders: FxHashSet<_> = entries.iter().map(|entry| folder(entry.key(document)?)).collect();
    let mut folders = folders.into_iter();
    let (Some(Some(own)), None) = (folders.next(), folders.next()) else { return Vec::new() };
    let Some(last) = entries.last().filter(|_| entries.len() > 1).and_then(|entry| entry.region.last()) else {
        return Vec::new();
    };
    let around = std::iter::once(*last).chain(last.ancestors().filter_map(ElementRef::wrap)).take(1 + HEIGHT_MAX);
    let mut around = around.take_while(|element| !matches!(element.value().name(), "main" | "body" | "html"));
    let behind = |element: ElementRef<'a>| element.next_siblings().find_map(ElementRef::wrap);
    let Some(part) = around.find_map(behind) else { return Vec::new() };
    let is_link = |element: &ElementRef<'a>| element.value().name() == "a" && element.attr("href").is_some();
    let leads: Vec<ElementRef<'a>> = part.descendent_elements().filter(is_link).collect();
    let known: FxHashSet<&str> = entries.iter().filter_map(|entry| entry.key(document)).collect();
    let is_entry = |link: &ElementRef<'a>| {
        let said = words(*link);
        let is_item = link.parent().and_then(ElementRef::wrap).is_some_and(|item| item.value().name() == "li");
        let key = target(document, *link).map(|url| key::canonical(&url));
        let is_of_list = key.is_some_and(|key| folder(&key) == Some(own) && !known.contains(key.as_str()));
        is_item && is_of_list && !is_generic(&said) && said.split(' ').count() >= WORDS_MIN
    };
    let is_content = |link: &ElementRef<'a>| {
        let is_of = |line: &Line<'a>| line.leaves.iter().any(|leaf| leaf.ancestors().any(|above| above.id() == link.id()));
        lines.iter().any(is_of)
    };
    let is_all = !leads.is_empty() && says_nothing_else(part, &leads);
    if !is_all || !leads.iter().all(|link| is_entry(link) && is_content(link)) {
        return Vec::new();
    }
    leads.into_iter().filter_map(|link| Entry::chosen(link, None)).collect()
}

fn folder(key: &str) -> Option<&str> {
    key.rsplit_once('/').map(|(folder, _)| folder).filter(|folder| folder.contains('/'))
}

/// Whether the words of an element are those of its links, or of a heading that says that there is more of the same.
fn says_nothing_else(part: ElementRef<'_>, links: &[ElementRef<'_>]) -> bool {
    const HEADINGS: &[&str] = &["earlier", "more articles", "more from this", "more items", "more posts", "older"];
    let is_heading = |e: &ElementRef<'_>| matches!(e.value().name(), "h2" | "h3" | "h4" | "h5" | "h6");
    let headings: Vec<ElementRef<'_>> = part.descendent_elements().filter(is_heading).collect();
    let heads = |heading: &ElementRef<'_>| {
        let said = text::folded(&words(*heading));
        HEADINGS.iter().any(|known| said.starts_with(known))
    };
    let bytes = |element: &ElementRef<'_>| collapsed(&element.text().collect::<String>()).len();
    let said: usize = links.iter().chain(&headings).map(bytes).sum();
    let all: usize = part.text().map(|text| text.trim().len()).sum();
    headings.len() <= 1 && headings.iter().all(heads) && all <= said
}
