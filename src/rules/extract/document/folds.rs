//! Parts of the content that are folded up until a reader opens them: the panels of accordions and tabs. They are hidden as
//! notices and expired rows are; what tells them is that something on the page opens them.

use super::chrome::is_main;
use super::marks::Marks;
use scraper::ElementRef;

/// Words of class names that call an element such a part, or what holds it.
const NAMES: &[&str] =
    &["accordion", "collapse", "collapsible", "details", "expandable", "expander", "panel", "tab", "tabpanel", "tabs", "toggle"];
/// Words that call it what opens by itself, or not for the page's words.
const OTHERS: &[&str] =
    &["alert", "cookie", "cookies", "dialog", "error", "loading", "menu", "message", "modal", "nav", "popup", "search"];

/// Whether a hidden element of the content is one that a reader opens.
pub(super) fn is_folded(element: ElementRef<'_>, marks: &Marks<'_>) -> bool {
    let is_part = matches!(element.value().name(), "article" | "dd" | "div" | "section" | "ul");
    if !is_part || marks.classes().any(|class| has_word(class, OTHERS)) {
        return false;
    }
    let opens_up = marks.until_found
        || marks.role == Some("tabpanel")
        || marks.classes().any(|class| has_word(class, NAMES))
        || element.prev_siblings().find_map(ElementRef::wrap).is_some_and(opens);
    opens_up && element.ancestors().filter_map(ElementRef::wrap).any(is_content)
}

fn is_content(element: ElementRef<'_>) -> bool {
    let marks = Marks::of(element);
    is_main(element, &marks) || matches!(marks.id, Some("content" | "main-content"))
}

/// Whether an element is what a reader clicks on to open what follows it: a heading, a term, a button that says so.
fn opens(before: ElementRef<'_>) -> bool {
    let says = |e: ElementRef<'_>| e.attr("aria-controls").or_else(|| e.attr("aria-expanded")).is_some();
    match before.value().name() {
        "h2" | "h3" | "h4" | "h5" | "h6" | "dt" => true,
        "a" | "button" | "div" | "p" | "span" => says(before) || before.child_elements().any(says),
        _ => false,
    }
}

fn has_word(class: &str, words: &[&str]) -> bool {
    class.split(['-', '_']).any(|part| words.iter().any(|word| part.eq_ignore_ascii_case(word)))
}
