//! What a site tells on all of its pages: boxes that come to most own pages of a source in one poll, or leave them, with the same words
//! but for their numbers. It is no word on any of the items. What comes to one page only is that page's.

use crate::domain::item::Item;
use crate::domain::text::{SafeHtml, Text};
use crate::rules::extract::{Boxed, key};
use crate::rules::facts;
use crate::rules::fingerprint::{Likeness, likeness, links, uncased};
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

/// So many pages make a site.
const PAGES_MIN: usize = 2;
/// A shorter line may be how an entry stands.
const SENTENCE_BYTES_MIN: usize = 40;

/// The shapes of the lines that one of two contents has and the other has not: in small letters, every number one sign.
#[must_use]
pub fn moved(before: &Item, now: &Item) -> BTreeSet<String> {
    let (had, has) = (lines(before), lines(now));
    had.symmetric_difference(&has).map(|line| shape(line)).collect()
}

/// The lines that came to most of the pages that were visited, or left them: by what each of these pages has `moved`.
#[must_use]
pub fn common(moved: &[BTreeSet<String>], visited: usize) -> BTreeSet<String> {
    let mut counts: HashMap<&String, usize> = HashMap::new();
    moved.iter().flatten().for_each(|shape| *counts.entry(shape).or_default() += 1);
    let of_most = |count: usize| count >= PAGES_MIN && count * 2 > visited;
    counts.into_iter().filter(|(_, count)| of_most(*count)).map(|(shape, _)| shape.clone()).collect()
}

/// The shapes of what a list's page says in boxes, in so many words that they are no word on one of its entries: what comes to an
/// own page as well is the site's.
#[must_use]
pub fn sentences(boxes: &Boxed) -> BTreeSet<String> {
    boxes.lines.iter().filter(|line| line.len() >= SENTENCE_BYTES_MIN).map(|line| shape(line)).collect()
}

/// A content without what its site says in boxes, where that is in its text alone and leaves one of its own; `None` where there is
/// nothing of it.
#[must_use]
pub fn without_boxes(passing: &BTreeSet<String>, item: &Item, boxes: &Boxed) -> Option<Item> {
    let text = item.text.as_ref()?;
    let kept: Vec<&str> = text.as_str().lines().filter(|line| !is_passing(passing, boxes, line)).collect();
    let is_linked = || item.html.iter().flat_map(links).any(|(to, _)| boxes.links.contains(&to));
    if kept.is_empty() || kept.len() == text.as_str().lines().count() || is_linked() {
        return None;
    }
    let mut item = Item { text: Some(Text::new(&kept.join("\n"))), ..item.clone() };
    facts::fill(&mut item);
    Some(item)
}

/// Whether two contents are the same but for lines of these shapes in `boxes`, those of then and of now, and a text of its own is left.
#[must_use]
pub fn is_same_but_for(passing: &BTreeSet<String>, (before, then): (&Item, &Boxed), (now, boxes): (&Item, &Boxed)) -> bool {
    let (was, is) = (without(before, passing, then), without(now, passing, boxes));
    is.text.as_ref().is_some_and(|text| !text.is_empty()) && likeness(&was, &is) != Likeness::Other
}

/// An item without lines of these shapes that stand in boxes, and without what boxes link to.
fn without(item: &Item, passing: &BTreeSet<String>, boxes: &Boxed) -> Item {
    let is_passing = |line: &&str| is_passing(passing, boxes, line);
    let kept = |text: &Text| Text::new(&text.as_str().lines().filter(|line| !is_passing(line)).collect::<Vec<_>>().join("\n"));
    let is_own = |to: &String| !boxes.links.contains(to);
    let mut html = String::new();
    for (_, url) in item.html.iter().flat_map(links).filter(|(to, _)| is_own(to)) {
        let _ = write!(html, "<a href=\"{url}\">.</a>");
    }
    let documents = item.documents.iter().filter(|paper| paper.url.as_ref().is_none_or(|url| is_own(&key::document(url))));
    Item {
        text: item.text.as_ref().map(kept),
        html: Some(SafeHtml::sanitise(&html, None)),
        documents: documents.cloned().collect(),
        ..item.clone()
    }
}

fn is_passing(passing: &BTreeSet<String>, boxes: &Boxed, line: &str) -> bool {
    let line = uncased(line);
    boxes.lines.contains(&line) && passing.contains(&shape(&line))
}

fn lines(item: &Item) -> BTreeSet<String> {
    item.text.iter().flat_map(|text| text.as_str().lines()).map(uncased).collect()
}

fn shape(line: &str) -> String {
    let mut shape = String::with_capacity(line.len());
    for c in line.chars() {
        if !c.is_ascii_digit() {
            shape.push(c);
        } else if !shape.ends_with('#') {
            shape.push('#');
        }
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use url::Url;

    fn item(text: &str) -> Item {
        let url = Url::parse("https://council.example.org/x").unwrap();
        Item { text: Some(Text::new(text)), ..Item::bare("k".into(), Text::line("Board"), url) }
    }

    #[test]
    fn what_comes_to_most_pages_is_common_and_what_comes_to_few_is_not() {
        let came = |text: &str| moved(&item("It met."), &item(&format!("{text}\nIt met.")));
        let all = [came("Calls waiting: 12"), came("Calls waiting: 143"), came("The figure is 45.")];
        assert_eq!(common(&all, 3), ["calls waiting: #".to_owned()].into());
        assert!(common(&all, 4).is_empty());
        assert!(common(&all[2..], 1).is_empty());
    }

    #[test]
    fn only_a_box_s_words_pass_and_no_text_is_all_of_them() {
        let boxes = |line: &str| Boxed { lines: [line.to_owned()].into(), links: HashSet::new() };
        let passing: BTreeSet<String> = ["vote by # may".to_owned()].into();
        let same = |was: &str, is: &str, within: &str| {
            is_same_but_for(&passing, (&item(was), &boxes(within)), (&item(is), &boxes(within)))
        };
        assert!(same("It met.", "Vote by 3 May\nIt met.", "vote by 3 may"));
        assert!(same("Vote by 3 May\nIt met.", "It met.", "vote by 3 may"));
        assert!(!same("It met.", "Vote by 3 May\nIt met.", ""), "in the text");
        assert!(!same("It met.", "Vote by 3 May\nIt met twice.", "vote by 3 may"));
        assert!(!same("Vote by 4 May", "Vote by 3 May", "vote by 3 may"), "all that it says");
    }
}
