//! The page itself, where its entries are told on it: what it says beside them. Its introduction, a notice, "Next meeting", the
//! papers that belong to no day are the page's, and change as the text of any page does. So it is beside parts that lead nowhere,
//! beside a list of files, and beside the links that its headline names; and beside links to pages on the page of a body that meets,
//! which says there when it meets next.
//!
//! Invariant: no line is both an entry's and the page's.

mod heads;

use super::entries::Entry;
use super::selectors::Chosen;
use super::{Whole, article, rows};
use crate::domain::item::Item;
use crate::domain::source::Select;
use crate::rules::extract::document::Document;
use crate::rules::extract::text::{Kind, Line};
use crate::rules::facts::meeting;
use ego_tree::NodeId;
use rustc_hash::FxHashSet;
use std::ops::Range;
use url::Url;

/// Least bytes of a line of prose beside links to pages.
const PROSE_BYTES: usize = 60;

/// What `page` says beside `entries` with links, which are these `items`. `is_headed`: its headline names them.
pub(super) fn beside_links<'a>(
    document: &Document<'a>,
    url: &Url,
    page: &Whole<'a>,
    entries: &[Entry<'a>],
    items: &[Item],
    is_headed: bool,
) -> Option<Item> {
    let are_files = items.iter().filter(|item| item.is_file()).count() * 2 > items.len();
    let is_of_body = || page.headline.as_deref().is_some_and(meeting::is_body);
    if items.is_empty() || !are_files && !is_headed && !is_of_body() {
        return None;
    }
    let regions: FxHashSet<NodeId> = entries.iter().flat_map(|entry| &entry.region).map(|element| element.id()).collect();
    let is_told = |line: &Line<'a>| line.leaves.iter().any(|leaf| leaf.ancestors().any(|above| regions.contains(&above.id())));
    let told = page.content.iter().enumerate().filter(|(_, line)| is_told(line)).map(|(at, _)| at..at + 1);
    let itself = beside(document, url, page, told, items)?;
    let has_prose = || itself.text.as_ref().is_some_and(|text| text.as_str().lines().any(|line| line.len() >= PROSE_BYTES));
    (are_files || has_prose()).then_some(itself)
}

/// What `page` says beside its `entries`, whose lines are `told`; `None` where that is nothing.
pub(super) fn beside<'a>(
    document: &Document<'a>,
    url: &Url,
    page: &Whole<'a>,
    told: impl IntoIterator<Item = Range<usize>>,
    entries: &[Item],
) -> Option<Item> {
    let lines = &page.content;
    let mut is_told = vec![false; lines.len()];
    for range in told {
        is_told.get_mut(range)?.fill(true);
    }
    let part = part(page, &is_told)?;
    // What stands over nothing but entries goes with them.
    let are_on = |day| {
        entries.iter().any(|entry| entry.published == Some(day) || entry.meeting.as_ref().is_some_and(|it| it.date == Some(day)))
    };
    let mut is_over_entries = false;
    for (line, is_told) in lines.iter().zip(&mut is_told).rev() {
        *is_told |= is_over_entries && (heads::is_one(line, are_on) || rows::heads_column(line));
        is_over_entries = *is_told;
    }
    let is_within = |line: &Line<'a>| around(line).any(|id| id == part);
    let rest = lines.iter().zip(&is_told).filter(|(line, is_told)| !**is_told && is_within(line));
    let content = rest.map(|(line, _)| line.clone()).collect();
    let rest =
        Whole { headline: page.headline.clone(), head_title: page.head_title.clone(), total: None, content, is_rest: true };
    let (chosen, _) = Chosen::of(&Select::default());
    let item = article::item(document, url, &rest, &chosen, &mut Vec::new());
    document.trail.is_of_none();
    let mut item = item.ok()?;
    let is_entry_s = |paper: &crate::domain::item::Document| entries.iter().any(|entry| entry.documents.contains(paper));
    item.documents.retain(|paper| !is_entry_s(paper));
    Some(item)
}

/// The smallest part of the page that holds all entries, and the headline unless that stands in the site's header.
fn part(page: &Whole<'_>, is_told: &[bool]) -> Option<NodeId> {
    let told = || page.content.iter().zip(is_told).filter(|(_, is_told)| **is_told).map(|(line, _)| line);
    let (first, last) = (told().next()?, told().next_back()?);
    let of_first: FxHashSet<NodeId> = around(first).collect();
    let mut parts = around(last).filter(|id| of_first.contains(id));
    let own = parts.next()?;
    let headline = page.content.iter().find(|line| line.kind == Kind::Heading(1));
    let of_headline: FxHashSet<NodeId> = headline.into_iter().flat_map(around).collect();
    let is_whole_page =
        |id: NodeId| first.block.tree().get(id).and_then(|node| Some(node.value().as_element()?.name() == "body"));
    let shared = std::iter::once(own).chain(parts).find(|id| of_headline.contains(id));
    Some(shared.filter(|id| is_whole_page(*id) == Some(false)).unwrap_or(own))
}

/// The elements around a line's words, from its block upwards.
fn around<'l>(line: &'l Line<'_>) -> impl Iterator<Item = NodeId> + use<'l> {
    std::iter::once(line.block.id()).chain(line.block.ancestors().map(|above| above.id()))
}
