//! The list that a page's headline names: "Papers of partnerships" over one list of links to pages of the site's own, below the page
//! itself. However much is said beside it, such a page is that list; what it says beside it is the page's own. So is a page that
//! introduces the pages of its section.
//!
//! A story that ends in links to others names none in its headline, says its day, or leads elsewhere.

use super::{INTRODUCTION_BYTES, Judged, is_headline, is_prose};
use crate::rules::extract::document::Document;
use crate::rules::extract::page::entries::is_generic;
use crate::rules::extract::page::{dated, frame, list_name};
use crate::rules::extract::text::Line;
use crate::rules::facts::documents;
use url::Url;

const ENTRIES_MIN: usize = 2;

/// What a page lists.
pub(in crate::rules::extract::page) struct Listed<'a> {
    /// The entries; none where the page lists nothing.
    pub(in crate::rules::extract::page) entries: Vec<super::Entry<'a>>,
    /// Whether its headline names them, so that what it says beside them is its own.
    pub(in crate::rules::extract::page) is_headed: bool,
}

/// Whether the group is the list that the headline over it names.
pub(super) fn is_of_headline(document: &Document<'_>, group: &Judged<'_>, lines: &[Line<'_>], page: &Url) -> bool {
    let Some(headline) = lines.iter().position(is_headline).filter(|at| *at < group.first_line) else { return false };
    let between = lines.get(headline + 1..group.first_line).unwrap_or_default();
    let is_posted = between.iter().any(|line| dated::is_date(&line.text) || dated::says_published(&line.text));
    let heading = between.iter().rev().find(|line| line.is_heading());
    let is_of_section = || heading.is_some_and(|line| list_name::is_of_section(line.folded())) && is_introduced(group, lines);
    let ends = heading.is_some_and(|line| frame::opens_ending(line.folded()));
    // "Reports", over the only list of a page, below what introduces it.
    let is_headed_so = || heading.is_some_and(|line| list_name::is_one(&line.text)) && is_introduced(group, lines);
    let is_named = || !ends && (lines.get(headline).is_some_and(|line| list_name::is_one(&line.text)) || is_headed_so());
    if is_posted || !(is_named() || is_of_section()) {
        return false;
    }
    let is_alone = |line: &Line<'_>| line.is_item() && line.links.len() == 1 && line.outside().trim().is_empty();
    let is_below = |to: &Url| leads_below(page, to);
    let listed = lines.get(group.first_line..=group.last_line).unwrap_or_default();
    let is_entry = |entry: &super::Entry<'_>| {
        entry.url(document).is_some_and(|to| is_below(to) && !documents::is_file(&super::words(entry.link), to))
            && !is_generic(&super::words(entry.link))
    };
    // Another list of such pages makes a landing page.
    let others =
        lines.iter().enumerate().filter(|(at, line)| !(group.first_line..=group.last_line).contains(at) && is_alone(line));
    let is_other = |line: &Line<'_>| line.links.iter().filter_map(|link| link.url.as_ref()).any(is_below);
    group.entries.len() >= ENTRIES_MIN
        && listed.len() == group.entries.len()
        && listed.iter().all(is_alone)
        && group.entries.iter().all(is_entry)
        && !others.map(|(_, line)| line).any(is_other)
}

/// The only entry of a list that has no other yet, and no day: an item that is a link to a page below this one, alone under a headline
/// that names what is listed.
pub(super) fn only<'a>(document: &Document<'a>, lines: &[Line<'a>], page: &Url) -> Option<super::Entry<'a>> {
    let headline = lines.iter().position(is_headline)?;
    let below = lines.get(headline + 1..).filter(|_| lines.get(headline).is_some_and(|line| list_name::is_one(&line.text)))?;
    let mut leading = below.iter().filter(|line| !line.links.is_empty());
    let listed = leading.next().filter(|_| leading.next().is_none())?;
    let [own] = listed.links.as_slice() else { return None };
    let is_below = own.url.as_ref().is_some_and(|to| leads_below(page, to) && !documents::is_file(&own.text, to));
    let is_entry = listed.is_item() && listed.outside().trim().is_empty() && is_below && !is_generic(&own.text);
    let told: usize = below.iter().map(|line| line.outside().len()).sum();
    let is_posted = below.iter().any(|line| dated::is_date(&line.text) || dated::says_published(&line.text));
    let element = super::lead::link_of(listed).filter(|_| is_entry && !is_posted && told <= INTRODUCTION_BYTES)?;
    let entry = super::Entry::new(element, vec![listed.block]);
    entry.url(document).is_some().then_some(entry)
}

/// Whether no more is told around a list than introduces it: an article may end in the pages of its section.
fn is_introduced(group: &Judged<'_>, lines: &[Line<'_>]) -> bool {
    let told = lines.iter().filter(|line| is_prose(line)).map(|line| line.outside().len()).sum::<usize>();
    told <= INTRODUCTION_BYTES.max(group.bytes)
}

/// Whether an address is of the page's own site, in its folder or deeper.
fn leads_below(page: &Url, to: &Url) -> bool {
    let path = page.path();
    let folder = match path.rsplit_once('/') {
        // "/papers/index.htm" stands in its folder, and "/papers" is one.
        Some((folder, file)) if file.contains('.') => folder,
        _ => path.trim_end_matches('/'),
    };
    let below = to.path().strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'));
    let is_at_home = to.host_str() == page.host_str();
    is_at_home && !folder.is_empty() && below.is_some_and(|rest| !rest.is_empty()) && to.path() != path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_the_folder_of_a_page_is_below_it() {
        let check = |page: &str, to: &str, expect: bool| {
            let url = |path: &str| Url::parse("https://council.example.org").unwrap().join(path).unwrap();
            assert_eq!(leads_below(&url(page), &url(to)), expect, "{page} {to}");
        };
        check("/boards/papers/", "/boards/papers/autumn/", true);
        check("/boards/papers", "/boards/papers/autumn", true);
        check("/boards/papers.htm", "/boards/autumn.htm", true);
        check("/boards/papers", "/boards/members", false);
        check("/boards/papers", "/boards/papers", false);
        check("/boards/papers/", "https://elsewhere.example.org/boards/papers/autumn/", false);
        check("/papers.htm", "/anything.htm", false);
        check("/", "/anything", false);
    }
}
