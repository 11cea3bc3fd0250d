//! Elements that are called parts of a site's frame, or look like them, and hold the page's own words: a notice between the
//! paragraphs of a text, an aside that is set apart from it, the foot of an article.

use super::marks::Marks;
use crate::rules::extract::page::opens_ending;
use crate::rules::extract::text::folded;
use html5ever::{LocalName, local_name};
use scraper::{ElementRef, Node};

/// Words of class names that call an element something to be noticed.
const NOTICES: &[&str] =
    &["alert", "banner", "callout", "caution", "correction", "important", "notice", "notification", "warning"];
/// Elements and texts of a notice that are looked at: what holds more is a part of the page.
const NODES_MAX: usize = 120;
/// Elements beside one that are looked at.
const NEAR: usize = 8;

/// Whether one of its classes calls an element a notice.
pub(in crate::rules::extract) fn is_called_notice(marks: &Marks<'_>) -> bool {
    let is_notice = |word: &str| NOTICES.iter().any(|known| known.eq_ignore_ascii_case(word));
    marks.classes().any(|class| class.split(['-', '_']).any(is_notice))
}

/// Whether an aside within the content is the text's own: called a notice, or among the text's paragraphs.
pub(super) fn is_own_aside(aside: ElementRef<'_>, marks: &Marks<'_>) -> bool {
    let says = said(aside);
    (is_called_notice(marks) || is_among_text(aside) || says.is_bare && stands_beside(aside, Side::Before)) && says.is_told()
}

/// Whether a footer in an article is what the article ends with: paragraphs, and more of them than of links.
pub(super) fn is_own_foot(footer: ElementRef<'_>) -> bool {
    let in_article = footer.parent().and_then(ElementRef::wrap).is_some_and(|e| e.value().name.local == local_name!("article"));
    let has_paragraph = || footer.child_elements().take(NEAR).any(|e| e.value().name.local == local_name!("p"));
    in_article && has_paragraph() && stands_beside(footer, Side::Before) && said(footer).is_told()
}

/// Whether an element says something of its own page, and is neither a form, a menu nor a word of the whole site.
pub(in crate::rules::extract) fn tells(element: ElementRef<'_>) -> bool {
    said(element).is_told()
}

/// Whether an element stands in the content, or among the paragraphs of a text.
pub(in crate::rules::extract) fn is_in_content(element: ElementRef<'_>) -> bool {
    let is_content = |above: ElementRef<'_>| {
        let marks = Marks::of(above);
        super::chrome::is_main(above, &marks) || matches!(marks.id, Some("content" | "main" | "main-content" | "maincontent"))
    };
    element.ancestors().filter_map(ElementRef::wrap).any(is_content)
        || stands_beside(element, Side::Before)
        || stands_beside(element, Side::After)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

fn is_among_text(element: ElementRef<'_>) -> bool {
    let heads = |other: ElementRef<'_>| is_headline(&other.value().name.local);
    let below_headline = || element.prev_siblings().filter_map(ElementRef::wrap).take(NEAR).any(heads);
    stands_beside(element, Side::After) && (stands_beside(element, Side::Before) || below_headline())
}

fn is_headline(name: &LocalName) -> bool {
    matches!(*name, local_name!("h1") | local_name!("h2") | local_name!("h3") | local_name!("header"))
}

/// Whether a part of a text stands on one side of an element, in the same parent.
fn stands_beside(element: ElementRef<'_>, side: Side) -> bool {
    let is_text = |other: ElementRef<'_>| {
        matches!(
            other.value().name.local,
            local_name!("p") | local_name!("ul") | local_name!("ol") | local_name!("table") | local_name!("blockquote")
        )
    };
    match side {
        Side::Before => element.prev_siblings().filter_map(ElementRef::wrap).take(NEAR).any(is_text),
        Side::After => element.next_siblings().filter_map(ElementRef::wrap).take(NEAR).any(is_text),
    }
}

/// What a small part of a page holds.
#[derive(Default)]
struct Said {
    outside: usize,
    inside: usize,
    is_of_site: bool,
    /// Whether it is a sentence or more, without links and headings.
    is_bare: bool,
}

impl Said {
    fn is_told(&self) -> bool {
        self.outside > self.inside && !self.is_of_site
    }
}

/// A link, or a button to press.
fn leads_on(name: &LocalName) -> bool {
    matches!(*name, local_name!("a") | local_name!("button"))
}

fn said(element: ElementRef<'_>) -> Said {
    let mut said = Said { is_bare: true, ..Said::default() };
    let mut words = String::new();
    for (at, node) in element.descendants().enumerate() {
        if at > NODES_MAX {
            said.is_of_site = true;
            return said;
        }
        match node.value() {
            Node::Text(text) => {
                let in_link =
                    node.ancestors().take(4).filter_map(ElementRef::wrap).any(|above| leads_on(&above.value().name.local));
                *(if in_link { &mut said.inside } else { &mut said.outside }) += text.trim().len();
                words.push_str(text);
                words.push(' ');
            }
            Node::Element(below) => match below.name.local {
                local_name!("input")
                | local_name!("textarea")
                | local_name!("select")
                | local_name!("nav")
                | local_name!("iframe") => {
                    said.is_of_site = true;
                }
                local_name!("a") | local_name!("h2") | local_name!("h3") | local_name!("h4") => said.is_bare = false,
                _ => {}
            },
            Node::Document | Node::Fragment | Node::Doctype(_) | Node::Comment(_) | Node::ProcessingInstruction(_) => {}
        }
    }
    let words = folded(&words);
    said.is_bare &= words.ends_with(['.', '!', '?']);
    let asks = || ["sign up", "subscribe"].iter().any(|word| words.contains(word)) && words.contains("mail");
    said.is_of_site |= words.contains("cookie") || opens_ending(&words) || asks() || !words.contains(char::is_alphanumeric);
    said
}
