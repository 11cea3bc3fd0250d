//! Links without words of their own that cover the card in which they stand: what they are called is told to screen readers
//! alone, and says the same as the card's heading.

use crate::rules::extract::document::Document;
use crate::rules::extract::text::Line;
use rustc_hash::FxHashMap;
use scraper::ElementRef;

/// Elements between such a link and its card, at most.
const HEIGHT_MAX: usize = 4;
/// Cards that are looked at.
const LINKS_MAX: usize = 2_000;

/// The links that cover cards, each with the first line of its card's words.
pub(super) fn links<'a>(document: &Document<'a>, lines: &[Line<'a>]) -> Vec<(ElementRef<'a>, usize)> {
    if !document.is_written("aria-label") {
        return Vec::new();
    }
    let is_bare = |link: &ElementRef<'a>| link.text().all(|words| words.trim().is_empty());
    let covers: Vec<_> = document.all("a[href][aria-label]").into_iter().filter(is_bare).take(LINKS_MAX).collect();
    if covers.len() < 2 {
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
        let first = above.find_map(|above| held.get(&above.id()).copied())?;
        Some((link, first.0))
    };
    covers.into_iter().filter_map(card).collect()
}
