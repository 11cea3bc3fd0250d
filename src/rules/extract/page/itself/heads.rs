//! What stands over entries as a heading does, whatever element it is: what opens a panel or a fold, a term, a caption, a year.

use crate::rules::extract::document::classes;
use crate::rules::extract::page::context;
use crate::rules::extract::text::{Kind, Line, NodeRef};
use crate::rules::facts::dates;
use scraper::ElementRef;

/// Longest such line, in bytes, and most words of one that is only bold.
const BYTES_MAX: usize = 80;
const BOLD_WORDS_MAX: usize = 3;
/// Elements around its words that are looked at.
const NEAR: usize = 4;

/// Whether a line is one.
pub(super) fn is_one(line: &Line<'_>) -> bool {
    if line.is_heading() {
        return line.kind != Kind::Heading(1);
    }
    let leads_on = line.links.iter().any(|link| link.url.as_ref().is_some_and(|url| url.fragment().is_none()));
    if line.text.len() > BYTES_MAX || line.text.ends_with(['.', '!', '?']) || leads_on {
        return false;
    }
    let is_bold = || line.strong && line.text.split(' ').count() <= BOLD_WORDS_MAX && !dates::may_hold_any(&line.text);
    context::says_year_alone(&line.text) || is_bold() || line.leaves.iter().all(|leaf| opens(*leaf))
}

/// Whether words stand in what opens or names a part of the page.
fn opens(leaf: NodeRef<'_>) -> bool {
    let around = leaf.ancestors().take(NEAR).filter_map(ElementRef::wrap);
    around.take_while(|element| !matches!(element.value().name(), "dd" | "td" | "ul" | "ol")).any(|element| {
        matches!(element.value().name(), "button" | "caption" | "dt" | "legend" | "summary") || classes(element).any(is_called_so)
    })
}

/// `accordion__header`, `elementor-tab-title`, `collapsible-trigger`.
fn is_called_so(class: &str) -> bool {
    const PARTS: &[&str] = &["accordion", "collaps", "expand", "panel", "tab", "toggle"];
    const HEADS: &[&str] = &["button", "head", "label", "link", "title", "trigger"];
    let class = class.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| class.contains(word));
    says(PARTS) && says(HEADS)
}
