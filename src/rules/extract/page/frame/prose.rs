//! How much of a page's prose an element holds: what has most of it is the content, whatever it is called.

use crate::rules::extract::document::Marks;
use crate::rules::extract::text::Line;
use html5ever::local_name;
use scraper::ElementRef;

/// Less prose than this, in bytes, says nothing of where the content is.
const PROSE_MIN: usize = 200;
/// A text of at least this many bytes is prose.
const PARAGRAPH_BYTES: usize = 40;
/// Words of the names of what lies over a page or below it: long texts stand there too.
const OVER: &[&str] =
    &["ccc", "comments", "consent", "cookie", "cookies", "footer", "gdpr", "login", "modal", "popup", "tweets", "twitter"];

/// The prose of a page, in bytes, without its chrome.
pub(super) fn of_page(lines: &[Line<'_>]) -> usize {
    let is_prose = |line: &&Line<'_>| !line.chrome && line.links.is_empty() && line.text.len() >= PARAGRAPH_BYTES;
    lines.iter().filter(is_prose).map(|line| line.text.len()).sum()
}

/// Whether an element holds most of a page's `prose`, and no list of links to other pages.
pub(super) fn is_most(element: ElementRef<'_>, prose: usize) -> bool {
    let is_over = |name: &str| name.split(['-', '_']).any(|word| OVER.iter().any(|over| over.eq_ignore_ascii_case(word)));
    prose >= PROSE_MIN && !Marks::of(element).names().any(is_over) && own(element) * 2 > prose && !is_list(element)
}

/// The prose of an element, in bytes, outside of links.
fn own(element: ElementRef<'_>) -> usize {
    let is_a = |above: ElementRef<'_>| above.value().name.local == local_name!("a");
    let texts = element.descendants().filter_map(|node| Some((node, node.value().as_text()?.trim().len())));
    let texts = texts.filter(|(_, length)| *length >= PARAGRAPH_BYTES);
    texts.filter(|(node, _)| !node.ancestors().take(4).filter_map(ElementRef::wrap).any(is_a)).map(|(_, length)| length).sum()
}

/// Whether headings in it lead elsewhere.
fn is_list(element: ElementRef<'_>) -> bool {
    let leads = |heading: &ElementRef<'_>| {
        let is_a = |e: ElementRef<'_>| e.value().name.local == local_name!("a");
        heading.descendent_elements().any(is_a) || heading.ancestors().take(2).filter_map(ElementRef::wrap).any(is_a)
    };
    let headings = element
        .descendent_elements()
        .filter(|e| matches!(e.value().name.local, local_name!("h2") | local_name!("h3") | local_name!("h4")));
    headings.filter(leads).take(2).count() == 2
}
