//! Links without words of their own that cover the card in which they stand: what they are called is told to screen readers
//! alone, or to nobody, and says the same as the card's heading.

use crate::rules::extract::document::Document;
use crate::rules::extract::text::Line;
use rustc_hash::FxHashMap;
use scraper::ElementRef;
use std::ops::Range;

/// Elements between such a link and its card, at most.
const HEIGHT_MAX: usize = 4;
/// Cards that are looked at.
const LINKS_MAX: usize = 2_000;

/// The links that cover cards, each with the lines of its card among these.
pub(super) fn of<'a>(document: &Document<'a>, lines: &[Line<'a>]) -> Vec<(ElementRef<'a>, Range<usize>)> {
    let is_bare = |link: &ElementRef<'a>| link.text().all(|words| words.trim().is_empty());
    // A logo leads home, and a mark of another site's leads there.
    let leads_on = |link: &ElementRef<'a>| {
        let to = link.attr("href").and_then(|href| document.base.join(href).ok());
        to.is_some_and(|to| to.host_str() == document.base.host_str() && to.path() != "/" && to.path() != document.base.path())
    };
    let covers: Vec<_> = document.all("a[href]").into_iter().filter(is_bare).filter(leads_on).take(LINKS_MAX).collect();
    if covers.is_empty() {
        return Vec::new();
    }
    // The first and the last line within each element that holds words.
    let mut held = FxHashMap::default();
    for (at, line) in lines.iter().enumerate() {
        for above in std::iter::once(*line.block).chain(line.block.ancestors()) {
            held.entry(above.id()).or_insert((at, at)).1 = at;
        }
    }
    let card = |link: ElementRef<'a>| {
        let mut above = link.ancestors().filter_map(ElementRef::wrap).take(HEIGHT_MAX);
        let (first, last) = above.find_map(|above| held.get(&above.id()).copied())?;
        let card = first..last + 1;
        let is_headed =
            || lines.get(card.clone()).is_some_and(|lines| lines.iter().any(|line| line.is_heading() && line.links.is_empty()));
        (link.attr("aria-label").is_some() || is_headed()).then_some((link, card))
    };
    covers.into_iter().filter_map(card).collect()
}
