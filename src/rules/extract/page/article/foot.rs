//! The site's own last words, below a rule across the page: who keeps it, when it was last changed, how many have seen it,
//! ways back and up. Pages made by hand have them where others have a footer.

use crate::rules::extract::text::{Line, NodeRef, folded};
use crate::rules::facts::documents;
use scraper::ElementRef;

/// Most lines below the rule, and longest of them, in bytes.
const LINES_MAX: usize = 6;
const LINE_BYTES_MAX: usize = 160;
/// Most links of a menu at the end, and least of them that every public site must have.
const MENU_LINES_MAX: usize = 24;
const STATEMENTS_MIN: usize = 3;
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
    let menu = menu(&lines);
    lines.truncate(menu.unwrap_or(lines.len()));
    lines
}

/// Where the links at the end begin that a rule parts from the text, if the site's own ways are among them, or several that
/// every public site must have: a menu in the place of a footer.
fn menu(lines: &[Line<'_>]) -> Option<usize> {
    let is_link = |line: &&Line<'_>| {
        let leads = !line.links.is_empty() && !line.outside().contains(char::is_alphanumeric);
        let is_file = || line.links.iter().any(|link| link.url.as_ref().is_some_and(|to| documents::is_file(&link.text, to)));
        leads && !line.is_heading() && !is_file()
    };
    let run = lines.iter().rev().take(MENU_LINES_MAX).take_while(is_link).count();
    let first = lines.len() - run;
    let below_rule = (first.max(1)..lines.len()).find(|at| {
        let (before, own) = (lines.get(at - 1), lines.get(*at));
        before.zip(own).is_some_and(|(before, own)| rule_between(before, own))
    });
    let has_way = |begins: &usize| lines.iter().skip(*begins).any(is_of_site);
    let statements = || {
        let mut named = (first..lines.len()).filter(|at| lines.get(*at).is_some_and(is_statement));
        named.next().filter(|_| named.nth(STATEMENTS_MIN - 2).is_some())
    };
    below_rule.filter(has_way).or_else(statements)
}

/// Whether a link leads to what every public site must say of itself.
fn is_statement(line: &Line<'_>) -> bool {
    const NAMES: &[&str] = &[
        "a to z",
        "accessibility",
        "accessibility statement",
        "contact us",
        "cookie policy",
        "cookies",
        "disclaimer",
        "freedom of information",
        "modern slavery statement",
        "privacy",
        "privacy notice",
        "privacy policy",
        "site map",
        "sitemap",
        "terms and conditions",
        "terms and disclaimer",
        "terms of use",
    ];
    NAMES.contains(&line.folded())
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
        "prev",
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
    line.text.len() <= LINE_BYTES_MAX
        && !line.is_heading()
        && (is_way || leads(&line.text) || says(line.folded()) || is_address(line))
}

/// "Anytown Council, Civic Centre, High Street, Anytown AN1 1AA", and how it is reached: "Tel: 01632 960000".
fn is_address(line: &Line<'_>) -> bool {
    const DIGITS_MIN: usize = 10;
    const PARTS_MIN: usize = 3;
    const WAYS: &[&str] = &["e-mail", "email", "fax", "ffôn", "minicom", "phone", "switchboard", "tel", "telephone"];
    let words = || line.folded().split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| !word.is_empty());
    let is_reached = || {
        let is_numbered = line.text.bytes().filter(u8::is_ascii_digit).count() >= DIGITS_MIN || line.text.contains('@');
        is_numbered && words().next().is_some_and(|first| WAYS.contains(&first))
    };
    let is_of_council = || words().any(|word| matches!(word, "awdurdod" | "authority" | "council" | "cyngor"));
    let parts = || line.text.split([',', '|', '·', ';']).filter(|part| part.contains(char::is_alphanumeric)).count();
    // The halves of a postcode are the only words that mix digits and letters so.
    let is_inward = |word: &str| {
        word.len() == 3 && word.starts_with(|c: char| c.is_ascii_digit()) && word.bytes().skip(1).all(|b| b.is_ascii_lowercase())
    };
    let is_outward = |word: &str| {
        matches!(word.len(), 2..=4)
            && word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.bytes().any(|b| b.is_ascii_digit())
    };
    let has_postcode = || words().zip(words().skip(1)).any(|(out, inward)| is_outward(out) && is_inward(inward));
    is_reached() || is_of_council() && parts() >= PARTS_MIN && has_postcode()
}

/// Whether a rule across the page parts two lines.
fn rule_between(before: &Line<'_>, line: &Line<'_>) -> bool {
    let (Some(last), Some(first)) = (before.leaves.last(), line.leaves.first()) else { return false };
    let holds_before = |node: &NodeRef<'_>| node.id() == last.id() || last.ancestors().any(|above| above.id() == node.id());
    let around = std::iter::once(*first).chain(first.ancestors()).take(NEAR);
    around.take_while(|node| !holds_before(node)).any(|node| {
        let beside = node.prev_siblings().take_while(|other| !holds_before(other));
        beside.filter_map(ElementRef::wrap).take(NEAR).any(|other| other.value().name() == "hr")
    })
}
