//! What stands over entries as a heading does, whatever element it is: what opens a panel or a fold, a term, a caption, a year.

use crate::rules::extract::document::classes;
use crate::rules::extract::page::context;
use crate::rules::extract::text::{Kind, Line, NodeRef};
use crate::rules::facts::dates;
use chrono::NaiveDate;
use scraper::ElementRef;

/// Longest such line, in bytes, and most words of one that is only bold.
const BYTES_MAX: usize = 80;
const BOLD_WORDS_MAX: usize = 3;
/// Elements around its words that are looked at.
const NEAR: usize = 4;
/// What folds and panels are called, and what opens or names one.
const PARTS: &[&str] =
    &["accordion", "collapse", "collapsed", "collapsible", "expand", "expandable", "expander", "panel", "tab", "toggle"];
const HEADS: &[&str] =
    &["btn", "button", "caption", "head", "header", "heading", "label", "link", "summary", "title", "toggle", "trigger"];

/// Whether a line is one. `are_on`: whether the entries have something on a day.
pub(super) fn is_one(line: &Line<'_>, are_on: impl Fn(NaiveDate) -> bool) -> bool {
    if announces(&line.text, are_on) {
        return false;
    }
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

/// Whether a text says a day that is not its entries', with other words: "Next meeting: 7 December 2026, Village Hall".
fn announces(text: &str, are_on: impl Fn(NaiveDate) -> bool) -> bool {
    if dates::said(text).is_empty() || dates::whole(text).is_some() {
        return false;
    }
    !dates::find(text).iter().any(|date| are_on(date.day))
}

/// Whether words stand in what opens or names a part of the page.
fn opens(leaf: NodeRef<'_>) -> bool {
    let around = leaf.ancestors().take(NEAR).filter_map(ElementRef::wrap);
    around.take_while(|element| !matches!(element.value().name(), "dd" | "td" | "ul" | "ol")).any(|element| {
        matches!(element.value().name(), "button" | "caption" | "dt" | "legend" | "summary") || classes(element).any(is_called_so)
    })
}

/// `accordion__header`, `elementor-tab-title`, `collapsibleTrigger`, `panelheading`; but not `table-title` or `notable-headline`.
fn is_called_so(class: &str) -> bool {
    let mut is_part = false;
    let mut is_head = false;
    for word in words(class) {
        let word = word.to_ascii_lowercase();
        let opened = PARTS.iter().filter_map(|part| word.strip_prefix(part)).find(|rest| rest.len() < 2 || is_a_head(rest));
        is_part |= opened.is_some();
        is_head |= is_a_head(opened.unwrap_or(&word));
    }
    is_part && is_head
}

fn is_a_head(word: &str) -> bool {
    HEADS.contains(&word.strip_suffix('s').unwrap_or(word))
}

/// The words that a class is made of: `faq-tab__title`, `faqTab_title`.
fn words(class: &str) -> impl Iterator<Item = &str> {
    let cuts = class.as_bytes().windows(2).enumerate();
    let cuts =
        cuts.filter(|(_, pair)| matches!(pair, [a, b] if a.is_ascii_lowercase() && b.is_ascii_uppercase())).map(|(at, _)| at + 1);
    let mut start = 0;
    let pieces =
        cuts.chain(std::iter::once(class.len())).filter_map(move |end| class.get(std::mem::replace(&mut start, end)..end));
    pieces.flat_map(|piece| piece.split(|c: char| !c.is_ascii_alphabetic()))
}
