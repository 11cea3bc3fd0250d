//! The site's own last words, below a rule across the page: who keeps it, when it was last changed, how many have seen it,
//! ways back and up. Pages made by hand have them where others have a footer.

use crate::rules::extract::text::{Line, folded};
use scraper::ElementRef;

/// Most lines below the rule, and longest of them, in bytes.
const LINES_MAX: usize = 6;
const LINE_BYTES_MAX: usize = 160;
/// Elements around a line, and beside each of them, that are looked at for the rule.
const NEAR: usize = 6;

/// The lines without those.
pub(super) fn without(mut lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    let run = lines.iter().rev().take(LINES_MAX).take_while(|line| is_of_site(line)).count();
    let first = lines.len() - run;
    let begins = (first.max(1)..lines.len()).find(|at| {
        let (before, own) = (lines.get(at - 1), lines.get(*at));
        before.zip(own).is_some_and(|(before, own)| rule_between(before, own))
    });
    lines.truncate(begins.unwrap_or(lines.len()));
    lines
}

/// Whether a line speaks of the site and not of what the page tells.
fn is_of_site(line: &Line<'_>) -> bool {
    const SAYS: &[&str] = &[
        "best viewed",
        "copyright",
        "hit counter",
        "last changed",
        "last modified",
        "last updated",
        "page maintained",
        "this page was",
        "this site is",
        "this website is",
        "updated on",
        "visitor",
        "visitors",
        "webmaster",
        "©",
    ];
    const LEADS: &[&str] = &[
        "back",
        "blaenorol",
        "brig",
        "contact",
        "contact us",
        "cysylltu",
        "hafan",
        "home",
        "home page",
        "index",
        "nesaf",
        "next",
        "nôl",
        "previous",
        "site map",
        "top",
    ];
    let says = |words: &str| SAYS.iter().any(|known| words.contains(known));
    let leads = |words: &str| {
        let words = folded(words);
        let bare = words.trim_matches(|c: char| !c.is_alphanumeric());
        LEADS.contains(&bare) || bare.starts_with("back to ") || bare.starts_with("return to ") || bare.starts_with("top of ")
    };
    let is_way = !line.links.is_empty()
        && !line.outside().contains(char::is_alphanumeric)
        && line.links.iter().all(|link| leads(&link.text));
    line.text.len() <= LINE_BYTES_MAX && !line.is_heading() && (is_way || leads(&line.text) || says(line.folded()))
}

/// Whether a rule across the page parts two lines.
fn rule_between(before: &Line<'_>, line: &Line<'_>) -> bool {
    let holds_before = |element: ElementRef<'_>| {
        before.block.id() == element.id() || before.block.ancestors().any(|above| above.id() == element.id())
    };
    let around = std::iter::once(line.block).chain(line.block.ancestors().filter_map(ElementRef::wrap)).take(NEAR);
    around.take_while(|element| !holds_before(*element)).any(|element| {
        let beside = element.prev_siblings().filter_map(ElementRef::wrap).take(NEAR);
        beside.take_while(|other| !holds_before(*other)).any(|other| other.value().name() == "hr")
    })
}
