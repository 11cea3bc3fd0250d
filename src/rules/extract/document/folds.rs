//! Parts of the content that are folded up until a reader opens them: the panels of accordions and tabs. They are hidden as
//! notices and expired rows are; what tells them is that something on the page opens them.

use super::Document;
use super::chrome::is_main;
use super::marks::Marks;
use crate::rules::extract::text::folded;
use rustc_hash::FxHashSet;
use scraper::ElementRef;

/// Words of class names that call an element such a part, or what holds it.
const NAMES: &[&str] =
    &["accordion", "collapse", "collapsible", "details", "expandable", "expander", "panel", "tab", "tabpanel", "tabs", "toggle"];
/// Words that call it what opens by itself, or not for the page's words.
const OTHERS: &[&str] =
    &["alert", "cookie", "cookies", "dialog", "error", "loading", "menu", "message", "modal", "nav", "popup", "search"];

/// Words of a control that opens such a thing.
const CONTROLS_OF_OTHERS: &[&str] = &["language", "languages", "navigation", "share"];
/// Elements of a part that are looked at for its words.
const NODES_MAX: usize = 4000;

/// The ids of the elements that buttons and links of a page open (`aria-controls`, WAI-ARIA 1.2).
pub(super) type Opened<'a> = FxHashSet<&'a str>;

/// Those of these controls; what opens a menu or a search opens nothing of the content.
pub(super) fn opened<'a>(controls: &[ElementRef<'a>]) -> Opened<'a> {
    let opens_content = |control: &&ElementRef<'a>| {
        let words = folded(&control.text().take(4).collect::<String>());
        let of_other = |word: &str| OTHERS.contains(&word) || CONTROLS_OF_OTHERS.contains(&word);
        !words.split(|c: char| !c.is_alphanumeric()).any(of_other)
    };
    let ids = controls.iter().filter(opens_content).filter_map(|control| control.attr("aria-controls"));
    ids.flat_map(str::split_ascii_whitespace).collect()
}

/// Whether a hidden element is a part of the content that a reader opens.
pub(super) fn is_folded<'a>(document: &Document<'a>, element: ElementRef<'a>, marks: &Marks<'a>) -> bool {
    let is_part = matches!(element.value().name(), "article" | "dd" | "div" | "section" | "ul");
    if !is_part || marks.classes().any(|class| has_word(class, OTHERS)) {
        return false;
    }
    let before = element.prev_siblings().find_map(ElementRef::wrap);
    let by_control = || {
        marks.until_found
            || marks.role == Some("tabpanel")
            || before.is_some_and(says_opens)
            || marks.id.is_some_and(|id| document.opened().contains(id))
    };
    let by_look = || marks.classes().any(|class| has_word(class, NAMES)) || before.is_some_and(heads);
    let within = |wanted: fn(ElementRef<'a>) -> bool| element.ancestors().filter_map(ElementRef::wrap).any(wanted);
    if within(is_content) {
        return by_control() || by_look();
    }
    // Where nothing says what the content is, a menu may be opened as well.
    by_control() && document.content().value().name() == "body" && !within(is_frame) && is_told(element)
}

fn is_content(element: ElementRef<'_>) -> bool {
    let marks = Marks::of(element);
    is_main(element, &marks) || matches!(marks.id, Some("content" | "main-content"))
}

fn is_frame(element: ElementRef<'_>) -> bool {
    matches!(element.value().name(), "nav" | "header" | "footer" | "aside" | "dialog")
        || Marks::of(element).classes().any(|class| has_word(class, OTHERS))
}

/// Whether more of an element's words stand outside links than in them.
fn is_told(element: ElementRef<'_>) -> bool {
    let (mut outside, mut inside) = (0_usize, 0_usize);
    for node in element.descendants().take(NODES_MAX) {
        let Some(text) = node.value().as_text() else { continue };
        let in_link = node.ancestors().take(4).filter_map(ElementRef::wrap).any(|above| above.value().name() == "a");
        *(if in_link { &mut inside } else { &mut outside }) += text.trim().len();
    }
    outside > inside
}

/// Whether an element is what a reader clicks on to open what follows it: a button that says so, or what holds one.
fn says_opens(before: ElementRef<'_>) -> bool {
    let says = |e: ElementRef<'_>| e.attr("aria-controls").or_else(|| e.attr("aria-expanded")).is_some();
    says(before) || before.child_elements().any(says)
}

/// Whether an element looks like one: a heading, a term.
fn heads(before: ElementRef<'_>) -> bool {
    matches!(before.value().name(), "h2" | "h3" | "h4" | "h5" | "h6" | "dt")
}

fn has_word(class: &str, words: &[&str]) -> bool {
    class.split(['-', '_']).any(|part| words.iter().any(|word| part.eq_ignore_ascii_case(word)))
}
