//! Lists that hold their entries whole, as blogs' archives do: an element by whose name the page says that it is all of an
//! entry's text, in many paragraphs or few, and nothing in it that leads on to more.

use super::entries::is_generic;
use crate::rules::extract::document::{Document, classes};
use crate::rules::extract::text::Line;
use scraper::ElementRef;

/// Least paragraphs, and least bytes, of what is no teaser.
const PARAGRAPHS_MIN: usize = 2;
const BYTES_MIN: usize = 120;

/// The lines of an entry's whole text, where its part of the page holds it.
pub(super) fn text<'a>(document: &Document<'a>, region: &[ElementRef<'a>]) -> Option<Vec<Line<'a>>> {
    let mut named = region.iter().flat_map(ElementRef::descendent_elements).filter(names_text);
    let element = named.next().filter(|_| named.next().is_none())?;
    let lines = document.lines_of(element);
    let bytes: usize = lines.iter().map(|line| line.outside().len()).sum();
    let leads_on = |line: &Line<'_>| line.links.iter().any(|link| is_generic(&link.text));
    let is_cut = lines.last().is_none_or(|last| last.text.ends_with(['…', ']']) || last.text.ends_with("..."));
    let is_whole = lines.len() >= PARAGRAPHS_MIN && bytes >= BYTES_MIN && !is_cut && !lines.iter().any(leads_on);
    is_whole.then_some(lines)
}

/// hAtom's and microformats' class of an entry's content, and schema.org's property for it.
pub(super) fn names_text(element: &ElementRef<'_>) -> bool {
    let value = element.value();
    classes(*element).any(|class| matches!(class, "entry-content" | "e-content"))
        || value.attr("itemprop").is_some_and(|property| property == "articleBody")
}
