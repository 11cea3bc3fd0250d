//! The part of a page that holds an article's text.

use crate::rules::extract::document::Document;
use crate::rules::extract::page::{frame, whole};
use crate::rules::extract::text::Line;
use rustc_hash::FxHashMap;
use scraper::ElementRef;

/// The lines of the element that holds most of the page's prose. `least`: bytes of a line that counts as prose; where
/// particulars stand around a text, their length is not to decide what the text is.
pub(super) fn found<'a>(document: &Document<'a>, page: &[Line<'a>], least: usize) -> Vec<Line<'a>> {
    let least = if page.iter().any(|line| line.outside().len() >= least && !line.is_heading()) { least } else { 0 };
    let is_prose = |line: &Line<'_>| !line.is_heading() && line.outside().len() >= least;
    let weight = |line: &Line<'_>| if is_prose(line) { line.outside().len() } else { 0 };
    let mut weights = FxHashMap::default();
    for line in page.iter().filter(|line| weight(line) > 0) {
        for element in std::iter::once(line.block).chain(line.block.ancestors().filter_map(ElementRef::wrap)) {
            *weights.entry(element.id()).or_insert(0_usize) += weight(line);
        }
    }
    let of = |element: ElementRef<'_>| weights.get(&element.id()).copied().unwrap_or(0);
    let mut root = document.content();
    if of(root) == 0 {
        root = document.html.root_element();
    }
    // Down as long as one part holds nearly everything; a body's paragraphs never do.
    let mut in_layout = false;
    while let Some(child) = root.child_elements().max_by_key(|child| of(*child)) {
        let is_part_of_text = match child.value().name() {
            "p" | "li" | "ul" | "ol" | "dl" | "blockquote" | "h2" | "h3" => true,
            "table" => !is_layout(child),
            "tbody" | "tr" => !in_layout,
            // Made anew around some of the text alone, where it was not ended in time.
            "font" | "center" => of(child) < of(root),
            _ => false,
        };
        in_layout = matches!(child.value().name(), "table" | "tbody" | "tr");
        if is_part_of_text || of(child) == 0 || of(child) * 10 < of(root) * 8 || is_text_with_more(root, child) {
            break;
        }
        root = child;
    }
    frame::content(document.lines_of(root))
}

/// Whether a table only places what is in it, as pages had it that were made by hand: it has one cell, or another table in one.
fn is_layout(table: ElementRef<'_>) -> bool {
    let is_of = |name: &'static str| move |element: &ElementRef<'_>| element.value().name() == name;
    let cells = table.descendent_elements().filter(is_of("td")).take(2).count();
    let holds = |name| table.descendent_elements().any(|element| is_of(name)(&element) && element.id() != table.id());
    cells == 1 && !holds("th") || holds("table")
}

/// Whether an element is what the page names as its text, and has a paragraph behind one of its parts: the columns of two
/// languages, and whom to ask in either.
fn is_text_with_more(element: ElementRef<'_>, part: ElementRef<'_>) -> bool {
    const BYTES_MIN: usize = 20;
    let is_more = |after: ElementRef<'_>| {
        let has_link = || after.descendent_elements().any(|e| e.value().name() == "a");
        after.value().name() == "p" && after.text().map(|text| text.trim().len()).sum::<usize>() >= BYTES_MIN && !has_link()
    };
    whole::names_text(&element) && part.next_siblings().filter_map(ElementRef::wrap).any(is_more)
}
