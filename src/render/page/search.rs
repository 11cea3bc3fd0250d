//! The search page: a form, and the items that hold every word of what was typed, each with the place that shows them.

use super::archive::{ItemList, rows};
use super::choice::{Group, groups};
use super::finished;
use super::pager::{Pager, link, pager};
use super::row::ItemRow;
use crate::domain::item::Item;
use crate::domain::site::Site;
use crate::domain::text::Text;
use crate::render::words::Words;
use crate::rules::feed::FeedName;
use crate::rules::search::{Piece, Query, snippet};
use askama::Template;

/// Characters of a snippet.
const SNIPPET_CHARS: usize = 240;

/// What was asked, and what came of it.
#[derive(Clone, PartialEq, Debug)]
pub struct SearchPage {
    /// As it was typed.
    pub typed: String,
    /// Where it was looked for.
    pub of: FeedName,
    /// What was found.
    pub found: Found,
    /// What may have been meant, where nothing was found and that finds something.
    pub meant: Option<String>,
}

/// What came of a search.
#[derive(Clone, PartialEq, Debug)]
pub enum Found {
    /// Nothing was asked yet.
    NotAsked(ItemList),
    /// The index is being made.
    NotReady(ItemList),
    /// One page of what there is, the best first.
    Items(ItemList),
}

impl Found {
    fn list(&self) -> &ItemList {
        match self {
            Self::NotAsked(list) | Self::NotReady(list) | Self::Items(list) => list,
        }
    }
}

#[derive(Template)]
#[template(path = "page/search.html")]
struct Search<'a> {
    site: &'a Site,
    words: &'static Words,
    title: String,
    typed: Text,
    everything: bool,
    groups: Vec<Group>,
    /// Instead of results: what to do.
    advice: Option<&'static str>,
    found: Option<String>,
    /// What may have been meant, and the link that looks for it.
    meant: Option<(Text, String)>,
    rows: Vec<ItemRow>,
    pager: Option<Pager>,
}

/// The search page.
#[must_use]
pub fn search(site: &Site, page: &SearchPage) -> String {
    let words = Words::of(site);
    let list = page.found.list();
    let typed = Text::line(&page.typed);
    let query = Query::parse(&page.typed);
    let asked = !typed.as_str().is_empty();
    let (advice, found) = match &page.found {
        Found::NotAsked(_) => (asked.then_some(words.search.too_short), None),
        Found::NotReady(_) => (Some(words.search.not_ready), None),
        Found::Items(list) if list.total == 0 => (Some(words.search.advice), Some(words.search.none.to_owned())),
        Found::Items(list) => (None, Some((words.search.found)(list.total))),
    };
    let mut rows = rows(site, list);
    for (row, known) in rows.iter_mut().zip(&list.items) {
        row.snippet = Some(excerpt(&known.item, &query)).filter(|pieces| !pieces.is_empty());
    }
    let stem = if page.of == FeedName::All { String::new() } else { page.of.stem() };
    finished(&Search {
        site,
        words,
        title: if asked { (words.search.results_for)(typed.as_str()) } else { words.search.heading.to_owned() },
        everything: page.of == FeedName::All,
        groups: groups(words, site, &list.sources, &page.of),
        advice,
        found,
        meant: page
            .meant
            .as_ref()
            .map(|meant| (Text::line(meant), link(&site.path("search"), &[("q", meant), ("in", &stem)], 1))),
        rows,
        pager: pager(words, &site.path("search"), &[("q", typed.as_str()), ("in", &stem)], list.page, list.pages),
        typed,
    })
}

/// The words that show why an item was found, from one part of what the council wrote: the first that holds what was looked
/// for, else the beginning of the first. Parts are not run together, as if one went on from the other.
fn excerpt(item: &Item, query: &Query) -> Vec<Piece> {
    let mut excerpts = parts(item).map(|part| snippet(part, query, SNIPPET_CHARS)).filter(|pieces| !pieces.is_empty());
    let first = excerpts.next().unwrap_or_default();
    let is_found = |pieces: &Vec<Piece>| pieces.iter().any(|piece| piece.found);
    if is_found(&first) { first } else { excerpts.find(is_found).unwrap_or(first) }
}

/// What the council wrote, a part at a time: the text, what stands beside it, and what its documents and the meeting's body
/// are called.
fn parts(item: &Item) -> impl Iterator<Item = &str> {
    let text = item.text.iter().map(Text::as_str);
    // Many pages have their decisions inside the body; what repeats them changes nothing that is found.
    let decisions = item.decisions.iter().map(|d| d.text.as_str());
    let more = item.reasons.iter().chain(&item.options_rejected).map(Text::as_str);
    let documents = item.documents.iter().map(|d| d.title.as_str());
    let meeting = item.meeting.iter().filter_map(|m| m.body.as_ref()).map(Text::as_str);
    text.chain(decisions).chain(more).chain(documents).chain(meeting)
}

/// The words of an item in which a search looks, besides its title: what the council wrote, and the item's days.
#[must_use]
pub fn searched(item: &Item) -> String {
    let mut words: Vec<String> = parts(item).map(str::to_owned).collect();
    let days = item.meeting.iter().filter_map(|m| m.date).chain(item.published);
    words.extend(days.map(|day| day.format("%-d %B %Y").to_string()));
    words.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn shown(query: &str) -> String {
        let item: Item = serde_json::from_value(json!({
            "key": "1", "title": "Early help", "url": "https://council.example/1", "published": "2026-10-02", "meeting": null,
            "text": "The hub opened its doors.\nFamilies can call in.", "html": null,
            "documents": [{"title": "Action plan", "url": null, "kind": null, "size": null, "restricted": false}],
            "decisions": [{"label": null, "text": "That the hub be kept open."}], "next_meeting": null,
        }))
        .unwrap();
        let pieces = excerpt(&item, &Query::parse(query));
        pieces.iter().map(|p| if p.found { format!("[{}]", p.words) } else { p.words.clone() }).collect()
    }

    #[test]
    fn an_excerpt_is_of_one_part_of_what_the_council_wrote() {
        assert_eq!(shown("families"), "The hub opened its doors. [Families] can call in.");
        assert_eq!(shown("kept"), "That the hub be [kept] open.");
        assert_eq!(shown("action"), "[Action] plan");
    }

    #[test]
    fn a_day_or_a_title_that_was_looked_for_is_not_quoted_as_the_council_s_words() {
        assert_eq!(shown("october"), "The hub opened its doors. Families can call in.");
        assert_eq!(shown("early"), "The hub opened its doors. Families can call in.");
    }
}
