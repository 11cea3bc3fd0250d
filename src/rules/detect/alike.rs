//! Own pages of different items that all say the same: an error in words that nobody knows, a story that stands in every place,
//! one apology under every headline; or a council's own few words, which it sets under one headline after the other.
//!
//! What tells them apart is what stood there before: a page that had words of its own and kept nothing of them has given way to
//! something else. One that never had any says what such pages say.

use super::another::keeps_half;
use crate::domain::item::{Item, Stage};
use crate::rules::extract::key;
use crate::rules::fingerprint::{links, uncased};
use std::collections::{BTreeSet, HashMap, HashSet};

/// An item's own page, as it was read now.
#[derive(Clone, Copy, Debug)]
pub struct OwnPage<'a> {
    /// What the listing says of the item.
    pub listed: &'a Item,
    /// What the page says.
    pub own: &'a Item,
    /// What it said before.
    pub before: Before<'a>,
}

/// What is known of an item whose own page was read.
#[derive(Clone, Copy, Debug)]
pub enum Before<'a> {
    /// Nothing: the item is new.
    Unknown,
    /// What its page says.
    AsNow,
    /// Something else: this, where its words were known.
    Other(Option<&'a Item>),
}

/// What pages are compared by.
#[derive(PartialEq, Eq, Hash)]
struct Said {
    text: String,
    /// What it links to, but for itself: a page that leads to papers of its own is not another's.
    leads_to: BTreeSet<String>,
}

impl Said {
    fn of(own: &Item) -> Self {
        let text = own.text.as_ref().map(|text| uncased(text.as_str())).unwrap_or_default();
        let itself = key::document(&own.url);
        let linked = own.html.iter().flat_map(|html| links(html).into_keys());
        let attached = own.documents.iter().filter_map(|paper| paper.url.as_ref().map(key::document));
        Self { text, leads_to: linked.chain(attached).filter(|to| *to != itself).collect() }
    }
}

impl OwnPage<'_> {
    fn is_known_so(&self) -> bool {
        matches!(self.before, Before::AsNow)
    }

    fn words_before(&self) -> Option<&Item> {
        match self.before {
            Before::Other(before) => before,
            Before::Unknown | Before::AsNow => None,
        }
    }
}

/// Which of `pages`, by their places, say what another says and are not their items'. `is_everywhere`: no own page that was
/// asked for has stayed as it was.
#[must_use]
pub fn strangers(pages: &[OwnPage<'_>], is_everywhere: bool) -> Vec<usize> {
    let said: Vec<Said> = pages.iter().map(|page| Said::of(page.own)).collect();
    let mut groups: HashMap<(String, &Said), Vec<usize>> = HashMap::new();
    for (at, (page, said)) in pages.iter().zip(&said).enumerate() {
        groups.entry((name(page.own), said)).or_default().push(at);
    }
    let of = |places: &[usize]| places.iter().filter_map(|at| pages.get(*at)).copied().collect::<Vec<_>>();
    let mut found: BTreeSet<usize> = BTreeSet::new();
    for ((title, _), places) in &groups {
        let same = of(places);
        let rest = places.iter().filter(|at| pages.get(**at).is_some_and(|page| !page.is_known_so()));
        if !are_named_differently(&same) {
            continue;
        }
        let owners: Vec<&OwnPage<'_>> = same.iter().filter(|page| page.is_known_so()).collect();
        if owners.is_empty() {
            found.extend(rest.filter(|_| !are_theirs(&same).unwrap_or(false)));
        } else if owners.iter().any(|page| name(page.listed) == *title) {
            // It is one item's by its name; under another name it stands in the wrong place.
            found.extend(rest.filter(|at| pages.get(**at).is_some_and(|page| name(page.listed) != *title)));
        }
    }
    let is_telling = |(page, said): (&OwnPage<'_>, &Said)| {
        !said.text.is_empty() && page.own.stage != Some(Stage::Cancelled) && matches!(page.before, Before::Other(_))
    };
    let all_alike = said.iter().collect::<HashSet<_>>().len() == 1 && pages.iter().zip(&said).all(is_telling);
    if is_everywhere && all_alike && are_named_differently(pages) && !are_theirs(pages).unwrap_or(true) {
        found.extend(0..pages.len());
    }
    found.into_iter().collect()
}

/// Whether more than half of `pages` have lost nothing that they alone had; `None` where nothing is known of what they had.
fn are_theirs(pages: &[OwnPage<'_>]) -> Option<bool> {
    let before: Vec<(String, &Item, &Item)> =
        pages.iter().filter_map(|page| page.words_before().map(|was| (Said::of(was).text, was, page.own))).collect();
    let is_own = |text: &String| before.iter().filter(|(other, ..)| other == text).count() == 1;
    let lost = before.iter().filter(|(text, was, now)| is_own(text) && !keeps_half(was, now)).count();
    (!before.is_empty()).then_some(lost * 2 < before.len())
}

fn are_named_differently(pages: &[OwnPage<'_>]) -> bool {
    pages.iter().map(|page| name(page.listed)).collect::<HashSet<_>>().len() > 1
}

fn name(item: &Item) -> String {
    uncased(item.title.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::{SafeHtml, Text};
    use url::Url;

    fn item(title: &str, text: &str) -> Item {
        let url = Url::parse("https://council.example.org/x").unwrap();
        Item { text: Some(Text::new(text)), ..Item::bare(title.to_owned(), Text::line(title), url) }
    }

    /// How the pages stand to what is known.
    #[derive(Clone, Copy)]
    enum Was {
        New,
        AsNow,
        /// Different words on each.
        Own,
        /// The same words on all.
        Shared,
        /// Nothing but its name.
        Bare,
    }

    fn places(pages: &[(&str, &str, &str)], was: Was, is_everywhere: bool) -> Vec<usize> {
        let listed: Vec<Item> = pages.iter().map(|page| item(page.0, "")).collect();
        let own: Vec<Item> = pages.iter().map(|page| item(page.1, page.2)).collect();
        let words = |name: &str| match was {
            Was::Own => format!("What {name} had to tell of, with item-{name} papers-{name} people-{name} money-{name}."),
            Was::Shared | Was::New | Was::AsNow | Was::Bare => "Papers for this meeting are on our website.".to_owned(),
        };
        let known: Vec<Item> = pages.iter().map(|page| item(page.1, &words(page.0))).collect();
        let before = |at: usize| match was {
            Was::New => Before::Unknown,
            Was::AsNow => Before::AsNow,
            Was::Own | Was::Shared => Before::Other(known.get(at)),
            Was::Bare => Before::Other(None),
        };
        let all: Vec<OwnPage<'_>> =
            (0..pages.len()).map(|at| OwnPage { listed: &listed[at], own: &own[at], before: before(at) }).collect();
        strangers(&all, is_everywhere)
    }

    fn check(pages: &[(&str, &str, &str)], was: Was, expect: usize) {
        assert_eq!(places(pages, was, true).len(), expect, "{pages:?}");
    }

    #[test]
    fn one_story_in_two_places_is_neither_s() {
        let queue = [("A", "Queue", "You are in line."), ("B", "Queue", "You are in line."), ("C", "C", "The board met.")];
        check(&queue, Was::Own, 2);
        check(&queue, Was::New, 2);
        check(&queue, Was::AsNow, 0);
        check(&[("A", "A", "The board met."), ("B", "B", "The panel met.")], Was::Own, 0);
        check(&[("A", "A", "The board met."), ("A", "A", "The board met.")], Was::New, 0);
    }

    #[test]
    fn one_apology_under_every_headline_is_nobody_s_and_under_some_it_may_be_meant() {
        let sorry = [("A", "A", "Back at noon."), ("B", "B", "Back at noon.")];
        check(&sorry, Was::Own, 2);
        check(&sorry, Was::New, 0);
        check(&sorry, Was::AsNow, 0);
        let closed = [("A", "A", "This has closed."), ("B", "B", "This has closed."), ("C", "C", "The board met.")];
        check(&closed, Was::Own, 0);
        check(&sorry[..1], Was::Own, 0);
        assert_eq!(places(&sorry, Was::Own, false), [] as [usize; 0], "another page still says what it said");
    }

    #[test]
    fn a_few_words_that_a_council_sets_under_many_headlines_may_change_together() {
        let notice = "Notice is given of this meeting. Its agenda can be had from the democracy team.";
        let notices = [("A", "A", notice), ("B", "B", notice), ("C", "C", notice)];
        check(&notices, Was::Shared, 0);
        check(&notices, Was::Bare, 0);
        check(&notices, Was::Own, 3);
        let under_one_headline = [("A", "Notice of meeting", notice), ("B", "Notice of meeting", notice)];
        check(&under_one_headline, Was::Shared, 0);
        check(&under_one_headline, Was::Bare, 2);
    }

    #[test]
    fn pages_that_lead_to_papers_of_their_own_are_not_the_same() {
        let lead = |to: &str| {
            let html = format!("<p>Papers are <a href=\"https://council.example.org/{to}\">here</a>.</p>");
            Item { html: Some(SafeHtml::sanitise(&html, None)), ..item("Notice", "Papers are here.") }
        };
        let (listed, before) = ([item("A", ""), item("B", "")], item("Notice", "Other words of each that are all gone."));
        let check = |own: [Item; 2], expect: usize| {
            let pages: Vec<OwnPage<'_>> =
                listed.iter().zip(&own).map(|(listed, own)| OwnPage { listed, own, before: Before::Unknown }).collect();
            assert_eq!(strangers(&pages, true).len(), expect, "{own:?} {before:?}");
        };
        check([lead("a.pdf"), lead("b.pdf")], 0);
        check([lead("a.pdf"), lead("a.pdf")], 2);
        check([lead("x"), lead("x")], 2);
    }

    #[test]
    fn one_item_s_page_in_the_place_of_another_is_not_the_other_s() {
        let (a, b) = (item("Carers meet the chair", ""), item("Board meets in March", ""));
        let now = item("Board meets in March", "The board met.");
        let was = item("Carers meet the chair", "Foster carers asked for nights of respite.");
        let at_a = OwnPage { listed: &a, own: &now, before: Before::Other(Some(&was)) };
        let at_b = OwnPage { listed: &b, own: &now, before: Before::AsNow };
        assert_eq!(strangers(&[at_a, at_b], true), [0]);
        let news = OwnPage { before: Before::Unknown, ..at_a };
        assert_eq!(strangers(&[at_b, news], true), [1]);
    }
}
