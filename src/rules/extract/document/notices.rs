//! Elements that are called parts of a site's frame, or look like them, and hold the page's own words: a notice between the
//! paragraphs of a text, an aside that is set apart from it, the foot of an article.

mod changes;
mod particulars;
mod services;

use super::marks::Marks;
use crate::rules::extract::page::opens_ending;
use crate::rules::extract::text::folded;
use changes::{opens_as_notice, puts_right, speaks_of};
use html5ever::{LocalName, local_name};
use scraper::{ElementRef, Node};

pub(in crate::rules::extract) use changes::{is_meant_for_page, tells_of_change};
pub(in crate::rules::extract) use particulars::gives_particulars;
pub(in crate::rules::extract) use services::speaks_of_services;

/// Words of class names that call an element something to be noticed.
const NOTICES: &[&str] = &[
    "alert",
    "banner",
    "callout",
    "caution",
    "correction",
    "danger",
    "emergency",
    "important",
    "notice",
    "notification",
    "warning",
];
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
    let ends_text = || stands_beside(aside, Side::Before) && (says.is_bare || says.is_prose() && !names_contact(aside));
    let is_own = is_called_notice(marks) || is_among_text(aside) || ends_text() || is_notice_above_headline(aside, marks);
    (is_own || gives_particulars(aside)) && says.is_told()
}

/// Whether an element's heading says that it tells whom to ask.
fn names_contact(element: ElementRef<'_>) -> bool {
    const WORDS: &[&str] = &["contact", "cyswllt", "cysylltu", "cysylltwch", "help", "opening"];
    let headings = element.descendent_elements().filter(|e| super::marks::is_heading(&e.value().name.local));
    let words = headings.flat_map(|heading| heading.text()).collect::<Vec<_>>().join(" ");
    folded(&words).split(|c: char| !c.is_alphanumeric()).any(|word| WORDS.contains(&word))
}

/// Whether an element is a paragraph, an entry of a list or a row that stands among those of a text below the page's headline.
pub(super) fn is_part_of_text(element: ElementRef<'_>) -> bool {
    let is_part = matches!(
        element.value().name.local,
        local_name!("p") | local_name!("li") | local_name!("tr") | local_name!("section") | local_name!("dd")
    );
    is_part && is_below_headline(element)
}

/// Whether an aside that follows the page's headline is to be noticed: its class or its role says so, or it tells that
/// something does not take place as it was planned. Pages without a main element have such asides too.
pub(super) fn is_notice_below_headline(aside: ElementRef<'_>, marks: &Marks<'_>) -> bool {
    let is_called = || is_called_notice(marks) || matches!(marks.role, Some("alert" | "note" | "status"));
    is_below_headline(aside) && says_prose(aside) && (is_called() || tells_of_change(aside))
}

/// Whether an element above the page's headline, in the content, is to be noticed on this page and not on all of them.
pub(in crate::rules::extract) fn is_notice_above_headline(element: ElementRef<'_>, marks: &Marks<'_>) -> bool {
    let may_be = || is_called_to_notice(marks) || is_box(element);
    may_be() && headline_below(element).is_some() && is_notice_of_page(element, marks)
}

/// Whether an element is of a kind in which an editor writes a sentence or two.
fn is_box(element: ElementRef<'_>) -> bool {
    matches!(
        element.value().name.local,
        local_name!("p") | local_name!("div") | local_name!("section") | local_name!("aside") | local_name!("blockquote")
    )
}

fn is_called_to_notice(marks: &Marks<'_>) -> bool {
    is_called_notice(marks) || matches!(marks.role, Some("alert" | "note" | "status"))
}

/// Whether an element that stands above a text is to be noticed on this page and not on all of them: it opens as corrections do,
/// or is called a notice, and speaks of what the page is of, puts something right, says that something does not take place as
/// it was planned, or is what an editor calls a notice and a site's banner is not called.
pub(in crate::rules::extract) fn is_notice_of_page(element: ElementRef<'_>, marks: &Marks<'_>) -> bool {
    if is_of_whole_site(marks) || !is_called_to_notice(marks) && !is_box(element) || !said(element).is_told() {
        return false;
    }
    let words = folded(&element.text().collect::<Vec<_>>().join(" "));
    // Banners of a site open with "Please note" too, and may have no name.
    let is_of_site = || speaks_of_services(&words) && !shares_words(headline_below(element), &words);
    if opens_as_notice(&words) {
        return puts_right(&words) || !is_of_site();
    }
    if !is_called_to_notice(marks) {
        return false;
    }
    let leads_on = || element.descendent_elements().any(|e| e.value().name.local == local_name!("a"));
    speaks_of("this", &words)
        || speaks_of("the", &words)
        || puts_right(&words)
        || !leads_on() && (tells_of_change(element) || is_called_as_editors_do(marks) && !is_of_site())
        || !is_of_site() && shares_words(headline_below(element), &words)
}

/// Whether its classes call it a notice, and none of them what systems call the banners of a site.
fn is_called_as_editors_do(marks: &Marks<'_>) -> bool {
    const OF_SYSTEMS: &[&str] = &["alert", "alerts", "banner", "emergency", "notification", "notifications"];
    let is_system = |word: &str| OF_SYSTEMS.iter().any(|known| known.eq_ignore_ascii_case(word));
    is_called_notice(marks) && !marks.names().flat_map(|name| name.split(['-', '_'])).any(is_system)
}

/// The headline below an element, where it stands above one in the part of the page that is its content.
fn headline_below<'a>(element: ElementRef<'a>) -> Option<ElementRef<'a>> {
    const NODES_NEAR: usize = 24;
    const LEVELS_NEAR: usize = 2;
    let is_h1 = |other: &ElementRef<'_>| other.value().name.local == local_name!("h1");
    let h1_of =
        |other: ElementRef<'a>| Some(other).filter(is_h1).or_else(|| other.descendent_elements().take(NODES_NEAR).find(is_h1));
    let above: Vec<ElementRef<'_>> = element.ancestors().filter_map(ElementRef::wrap).collect();
    // Where nothing is marked as the content, the headline's own part of the page is.
    let depth = above.iter().position(|above| is_content(*above)).unwrap_or(LEVELS_NEAR);
    let around = std::iter::once(element).chain(above.into_iter().take(depth));
    around.into_iter().find_map(|around| around.next_siblings().filter_map(ElementRef::wrap).take(NEAR).find_map(h1_of))
}

/// Whether a page's headline has a word of some length in common with what is said above it: bins, on a page about bins.
fn shares_words(headline: Option<ElementRef<'_>>, words: &str) -> bool {
    const LETTERS_MIN: usize = 4;
    const COMMON: &[&str] = &["about", "council", "from", "have", "this", "what", "will", "with", "your"];
    let headline = headline.map(|headline| folded(&headline.text().collect::<Vec<_>>().join(" "))).unwrap_or_default();
    let is_word = |word: &&str| word.len() >= LETTERS_MIN && !COMMON.contains(word);
    let mut own = headline.split(|c: char| !c.is_alphanumeric()).filter(is_word);
    own.any(|own| words.split(|c: char| !c.is_alphanumeric()).any(|word| word == own))
}

/// Whether an element is marked as the page's content.
fn is_content(element: ElementRef<'_>) -> bool {
    let marks = Marks::of(element);
    super::chrome::is_main(element, &marks) || matches!(marks.id, Some("content" | "main" | "main-content" | "maincontent"))
}

/// Whether an element's names say that it stands on every page of the site.
pub(in crate::rules::extract) fn is_of_whole_site(marks: &Marks<'_>) -> bool {
    const WORDS: &[&str] = &["campaign", "global", "promo", "promotion", "site", "sitewide", "sticky"];
    let is_site = |word: &str| WORDS.iter().any(|known| known.eq_ignore_ascii_case(word));
    // A visit to a site is what a planning committee makes.
    let is_visit = |name: &str| name.to_ascii_lowercase().contains("site-visit");
    marks.names().any(|name| name.split(['-', '_']).any(is_site) && !is_visit(name))
}

/// Whether the page's headline stands above an element: beside it, or beside what is around it.
pub(super) fn is_below_headline(element: ElementRef<'_>) -> bool {
    const LEVELS: usize = 6;
    const NODES_NEAR: usize = 24;
    let is_h1 = |other: ElementRef<'_>| other.value().name.local == local_name!("h1");
    let holds_h1 = |other: ElementRef<'_>| is_h1(other) || other.descendent_elements().take(NODES_NEAR).any(is_h1);
    let around = std::iter::once(element).chain(element.ancestors().filter_map(ElementRef::wrap)).take(LEVELS);
    around.into_iter().any(|around| around.prev_siblings().filter_map(ElementRef::wrap).take(NEAR).any(holds_h1))
}

/// Whether an element says something of its own page in sentences, and neither leads on nor asks for anything.
pub(in crate::rules::extract) fn says_prose(element: ElementRef<'_>) -> bool {
    let says = said(element);
    says.is_told() && says.is_prose()
}

/// Whether what an element says counts for more than what it is called. `is_of_frame`: whether a name is one of a
/// site's frame.
///
/// A heading, a paragraph, an entry or a table is what it says; a name that is a phrase ("feedback-from-families") is made of
/// the heading of a text; and what only leads on is known by its links, not by what it is called.
pub(in crate::rules::extract) fn speaks_for_itself(
    element: ElementRef<'_>,
    marks: &Marks<'_>,
    is_of_frame: impl Fn(&str) -> bool,
) -> bool {
    let names = || marks.names().filter(|name| is_of_frame(name));
    let is_part = match element.value().name.local {
        local_name!("h4") | local_name!("h5") | local_name!("h6") => return true,
        local_name!("p") | local_name!("li") | local_name!("tr") | local_name!("table") => true,
        _ => false,
    };
    if names().all(is_phrase) && tells(element) {
        return true;
    }
    let is_place = |word: &str| PLACES.iter().any(|place| place.eq_ignore_ascii_case(word));
    let is_written_in = || names().all(names_box) && stands_beside(element, Side::Before);
    let may_be = is_part || !names().flat_map(|name| name.split(['-', '_'])).any(is_place);
    (may_be || is_written_in() && !names_contact(element)) && says_prose(element)
}

/// "sidebar-box", "sidebar-panel": how a box is set, which an editor may put anywhere.
fn names_box(name: &str) -> bool {
    const BOXES: &[&str] = &["box", "callout", "info", "note", "panel", "quote", "text"];
    let is_box = |word: &str| BOXES.iter().any(|known| known.eq_ignore_ascii_case(word));
    let mut words = name.split(['-', '_']).filter(|word| !word.is_empty());
    words.next().is_some_and(|first| first.eq_ignore_ascii_case("sidebar")) && words.any(is_box)
}

/// Words that say where on a page something stands, or what a visitor does there: prose is found in these as well.
const PLACES: &[&str] = &[
    "addthis",
    "breadcrumb",
    "breadcrumbs",
    "ccc",
    "consent",
    "cookie",
    "cookies",
    "footer",
    "gdpr",
    "header",
    "leftcol",
    "leftcolumn",
    "login",
    "modal",
    "newsletter",
    "popup",
    "rating",
    "rightcol",
    "rightcolumn",
    "sidebar",
    "sidenav",
    "signup",
    "skip",
    "skiplink",
    "subscribe",
    "tweets",
    "twitter",
];

/// Whether a name is made of the words of a heading: "share-of-the-budget".
pub(in crate::rules::extract) fn is_phrase(name: &str) -> bool {
    const JOINTS: &[&str] = &["about", "and", "at", "by", "for", "from", "in", "of", "on", "our", "the", "to", "your"];
    let is_joint = |word: &str| JOINTS.iter().any(|joint| joint.eq_ignore_ascii_case(word));
    let words = name.split('-').count();
    name.split('-').enumerate().any(|(at, word)| at > 0 && at + 1 < words && is_joint(word))
}

/// Whether a class says what an entry is filed under or how it is set, and nothing of what the element is:
/// "category-social-care", "layout-sidebar".
pub(in crate::rules::extract) fn is_of_filing(name: &str) -> bool {
    const FIRST: &[&str] = &["category", "layout", "tag", "type"];
    let first = name.split_once('-').map_or("", |(first, _)| first);
    FIRST.iter().any(|known| known.eq_ignore_ascii_case(first))
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
    // An editor's box may be wrapped in one of the system's.
    let mut wrappers = std::iter::successors(Some(element), |wrapped| around_only(*wrapped)).take(WRAPPERS_MAX);
    element.ancestors().filter_map(ElementRef::wrap).any(is_content)
        || wrappers.any(|wrapper| stands_beside(wrapper, Side::Before) || stands_beside(wrapper, Side::After))
}

/// An element and what is around nothing else.
const WRAPPERS_MAX: usize = 3;

fn around_only(element: ElementRef<'_>) -> Option<ElementRef<'_>> {
    element.parent().and_then(ElementRef::wrap).filter(|around| around.child_elements().nth(1).is_none())
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
    /// Whether a sentence ends in it.
    has_sentence: bool,
}

impl Said {
    fn is_told(&self) -> bool {
        self.outside > self.inside && !self.is_of_site
    }

    /// Sentences, and no link.
    fn is_prose(&self) -> bool {
        self.inside == 0 && self.has_sentence
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
    let ends_sentence = words.ends_with(['.', '!', '?']);
    said.is_bare &= ends_sentence;
    said.has_sentence = ends_sentence || words.contains(". ");
    let asks = || ["sign up", "subscribe"].iter().any(|word| words.contains(word)) && words.contains("mail");
    said.is_of_site |= words.contains("cookie") || opens_ending(&words) || asks() || !words.contains(char::is_alphanumeric);
    said
}
