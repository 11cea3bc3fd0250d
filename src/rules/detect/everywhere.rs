//! What a site says within the text of all its pages: a stock sentence, a notice, a survey's line. It comes to them at once, leaves
//! them at once, or is put in other words on all of them, and is no word on any of the items.
//!
//! Two or three pages prove nothing: the papers of one meeting really do all get the same correction. So it takes as many pages as
//! make a pattern, and nine in ten of those that were read, or all but one; on fewer it takes a sentence that speaks of nothing but the
//! site's own pages, and what comes with such a one to the very same pages is of the same box. Where the sentence speaks of the items themselves, each page's change is that page's. Invariant: what is taken for the
//! site's is the same sentence on all of them, to the letter.

mod sentences;
mod speaks;

use super::brakes::{PATTERN_MIN, nearly_all};
use crate::domain::item::Item;
use crate::domain::text::{SafeHtml, Text};
use crate::rules::extract::key;
use crate::rules::facts::{self, dates};
use crate::rules::fingerprint::{links, uncased};
use sentences::{joined, pieces};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;

/// More sentences than that are another template, which a person looks at.
const SIGNS_MAX: usize = 20;

/// Fewer pages are none of which one could say that most have something.
const PAGES_MIN: usize = 2;

/// One sentence, in small letters, or where a link leads to, by key.
pub type Sign = String;

/// What came to one page, and what left it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Moved {
    come: BTreeSet<Sign>,
    gone: BTreeSet<Sign>,
}

impl Moved {
    /// What has moved between two contents of a page.
    #[must_use]
    pub fn between(before: &Item, now: &Item) -> Self {
        let (had, has) = (signs(before), signs(now));
        Self { come: &has - &had, gone: &had - &has }
    }

    /// All of it, whichever way.
    pub fn signs(&self) -> impl Iterator<Item = &Sign> {
        self.come.iter().chain(&self.gone)
    }
}

/// What is the site's: what came to nearly all of the `pages` that could be compared, or left them, and says nothing of the items;
/// or to most of them, where it speaks of the site. `moved`: what has moved on each of those that are not as they were.
#[must_use]
pub fn everywhere(moved: &[Moved], pages: usize) -> BTreeSet<Sign> {
    let mut places: HashMap<(bool, &Sign), Vec<usize>> = HashMap::new();
    for (at, moved) in moved.iter().enumerate() {
        let ways = moved.come.iter().map(|sign| (true, sign)).chain(moved.gone.iter().map(|sign| (false, sign)));
        ways.for_each(|way| places.entry(way).or_default().push(at));
    }
    let is_of_all = |sign: &str, count: usize| {
        let of_most = || count >= PAGES_MIN && count * 2 > pages && speaks::of_site(sign);
        let is_all_but_one = count > PATTERN_MIN && count + 1 >= pages;
        count >= PATTERN_MIN && nearly_all(count, pages) || is_all_but_one || of_most()
    };
    let may_be = |((_, sign), _): &(&(bool, &Sign), &Vec<usize>)| may_be_site_s(sign);
    let (of_all, others): (Vec<_>, Vec<_>) =
        places.iter().filter(may_be).partition(|((_, sign), places)| is_of_all(sign, places.len()));
    let is_with_one = |places: &Vec<usize>| places.len() >= PATTERN_MIN && of_all.iter().any(|(_, known)| *known == places);
    let beside = others.into_iter().filter(|(_, places)| is_with_one(places));
    let found: BTreeSet<Sign> = of_all.iter().copied().chain(beside).map(|((_, sign), _)| (*sign).clone()).collect();
    if found.len() > SIGNS_MAX { BTreeSet::new() } else { found }
}

/// Whether a sentence may be the site's wherever it stands: it does not speak of what the pages are about.
#[must_use]
pub fn may_be_site_s(sign: &str) -> bool {
    !speaks::of_items(sign)
}

/// The content of `before` as it would have stood among what is the site's `now`; `None` where nothing of that has moved, or the
/// page says nothing else.
#[must_use]
pub fn restated(before: &Item, now: &Item, is_site_s: &dyn Fn(&str) -> bool) -> Option<Item> {
    let (had, has) = (signs(before), signs(now));
    let (come, gone) = (&has - &had, &had - &has);
    if !come.iter().chain(&gone).any(|sign| is_site_s(sign)) {
        return None;
    }
    let is_left = |piece: &&str| !is_moved(&gone, piece, is_site_s);
    let mut lines: Vec<Vec<&str>> = text_lines(before).map(|line| pieces(line).into_iter().filter(is_left).collect()).collect();
    lines.retain(|line| !line.is_empty());
    if lines.iter().flatten().all(|piece| is_site_s(&uncased(piece))) {
        return None;
    }
    // The last piece that both have stands on which line of the one and of the other, and where.
    let mut above: Option<(usize, usize, usize)> = None;
    for (row, line) in text_lines(now).enumerate() {
        for piece in pieces(line) {
            if !is_moved(&come, piece, is_site_s) {
                above = place_of(&lines, piece).map(|(line, at)| (row, line, at)).or(above);
                continue;
            }
            above = Some(match above {
                Some((beside, line, at)) if beside == row => (row, line, put_behind(&mut lines, line, at, piece)),
                _ => {
                    let line = above.map_or(0, |(_, line, _)| line + 1);
                    lines.insert(line, vec![piece]);
                    (row, line, 0)
                }
            });
        }
    }
    let mut item = Item { text: Some(Text::new(&joined(&lines))), html: linked(before, now, is_site_s), ..before.clone() };
    facts::fill(&mut item);
    if is_read_otherwise(&item, now) {
        item.meeting.clone_from(&now.meeting);
    }
    Some(item)
}

/// Whether only one of two contents was read as of a meeting whose day both name: what stood beside that day has made the difference.
fn is_read_otherwise(one: &Item, other: &Item) -> bool {
    let day = |item: &Item| item.meeting.as_ref().and_then(|meeting| meeting.date);
    let names = |item: &Item, day| text_lines(item).flat_map(dates::find).any(|date| date.single() == Some(day));
    match (day(one), day(other)) {
        (Some(day), None) | (None, Some(day)) => names(one, day) && names(other, day),
        _ => false,
    }
}

fn is_moved(moved: &BTreeSet<Sign>, piece: &str, is_site_s: &dyn Fn(&str) -> bool) -> bool {
    let piece = uncased(piece);
    moved.contains(&piece) && is_site_s(&piece)
}

/// On which of some lines a piece stands, and where.
fn place_of(lines: &[Vec<&str>], piece: &str) -> Option<(usize, usize)> {
    let piece = uncased(piece);
    lines.iter().enumerate().find_map(|(line, pieces)| Some((line, pieces.iter().position(|known| uncased(known) == piece)?)))
}

/// Puts a piece behind another of a line, and says where it stands.
fn put_behind<'p>(lines: &mut [Vec<&'p str>], line: usize, at: usize, piece: &'p str) -> usize {
    if let Some(line) = lines.get_mut(line) {
        line.insert((at + 1).min(line.len()), piece);
    }
    at + 1
}

/// The markup of before, where its links are the same; else as much of it as is compared: where it leads.
fn linked(before: &Item, now: &Item, is_site_s: &dyn Fn(&str) -> bool) -> Option<SafeHtml> {
    let of = |item: &Item| item.html.as_ref().map(links).unwrap_or_default();
    let (was, is) = (of(before), of(now));
    let stays = was.iter().filter(|(to, _)| is.contains_key(*to) || !is_site_s(to));
    let comes = is.iter().filter(|(to, _)| !was.contains_key(*to) && is_site_s(to));
    let all: BTreeMap<_, _> = stays.chain(comes).collect();
    if all.keys().copied().eq(was.keys()) {
        return before.html.clone();
    }
    let mut html = String::new();
    for url in all.values() {
        let _ = write!(html, "<a href=\"{url}\">.</a>");
    }
    Some(SafeHtml::sanitise(&html, None))
}

fn signs(item: &Item) -> BTreeSet<Sign> {
    let papers: HashSet<String> = item.documents.iter().filter_map(|d| d.url.as_ref()).map(key::document).collect();
    let led = item.html.iter().flat_map(|html| links(html).into_keys()).filter(|to| !papers.contains(to));
    text_lines(item).flat_map(pieces).map(uncased).chain(led).collect()
}

fn text_lines(item: &Item) -> impl Iterator<Item = &str> {
    item.text.iter().flat_map(|text| text.as_str().lines())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fingerprint::{Likeness, likeness};
    use url::Url;

    fn page(lines: &[&str]) -> Item {
        let url = Url::parse("https://council.example.org/x").unwrap();
        Item { text: Some(Text::new(&lines.join("\n"))), ..Item::bare("k".into(), Text::line("Board"), url) }
    }

    const STOCK: &str = "Our offices close at 4pm on Fridays.";

    fn common(pages: usize, with: usize, line: &str) -> BTreeSet<Sign> {
        let own = |n: usize| format!("The board heard report {n}.");
        let after = |n: usize| if n < with { page(&[&own(n), line]) } else { page(&[&own(n)]) };
        let moved: Vec<Moved> =
            (0..pages).map(|n| Moved::between(&page(&[&own(n)]), &after(n))).filter(|m| m.signs().next().is_some()).collect();
        everywhere(&moved, pages)
    }

    #[test]
    fn a_line_that_comes_to_nearly_all_pages_is_the_site_s_and_one_of_a_few_is_theirs() {
        let check = |pages, with, expect: bool| assert_eq!(!common(pages, with, STOCK).is_empty(), expect, "{with} of {pages}");
        check(4, 4, true);
        check(10, 9, true);
        check(3, 3, false);
        check(4, 3, false);
        check(10, 8, false);
        check(6, 5, true);
        check(7, 5, false);
        assert!(common(6, 6, "This meeting has been cancelled.").is_empty(), "it speaks of the items");
        let moved = "This page has been moved to our new website.";
        let found = |pages, with, expect: bool| assert_eq!(!common(pages, with, moved).is_empty(), expect, "{with} of {pages}");
        found(3, 3, true);
        found(2, 2, true);
        found(6, 5, true);
        found(6, 3, false);
        found(1, 1, false);
    }

    #[test]
    fn what_comes_with_the_site_s_words_to_the_very_same_pages_is_of_one_box() {
        let (own, box_of) =
            (|n: usize| format!("The board heard report {n}."), "Follow us on the channel of our choice to hear more.");
        let moved = |n: usize, more: &str| {
            let before = page(&[&own(n), box_of]);
            Moved::between(&before, &page(&[&own(n), more]))
        };
        let desk = "Media enquiries: call the press desk between nine and five.";
        let five: Vec<Moved> = (0..5).map(|n| moved(n, desk)).collect();
        assert!(everywhere(&five, 7).contains(&desk.to_lowercase()));
        let four_of_five: Vec<Moved> = (0..5).map(|n| moved(n, if n == 0 { "Agreed." } else { desk })).collect();
        assert!(!everywhere(&four_of_five, 7).contains(&desk.to_lowercase()));
    }

    #[test]
    fn so_many_lines_at_once_are_another_template() {
        let all = |n: usize| (0..n).map(|n| format!("Line {n} of the frame")).collect::<Vec<_>>();
        let moved = |n: usize| {
            let lines = all(n);
            let after: Vec<&str> = ["Agreed."].into_iter().chain(lines.iter().map(String::as_str)).collect();
            vec![Moved::between(&page(&["Agreed."]), &page(&after)); 5]
        };
        assert_eq!(everywhere(&moved(20), 5).len(), 20);
        assert!(everywhere(&moved(21), 5).is_empty());
    }

    #[test]
    fn what_was_before_is_restated_with_the_site_s_words_and_nothing_else() {
        let site = |line: &str| line == uncased(STOCK) || line == "you can watch online.";
        let check = |before: &[&str], now: &[&str], expect: Option<&[&str]>| {
            let found = restated(&page(before), &page(now), &site);
            assert_eq!(found.as_ref().map(likeness_to(expect)), expect.map(|_| true), "{before:?} {now:?} {found:?}");
        };
        check(&["A.", "B."], &["A.", STOCK, "B."], Some(&["A.", STOCK, "B."]));
        check(&["A.", "B."], &[STOCK, "A.", "C."], Some(&[STOCK, "A.", "B."]));
        check(&["A.", STOCK, "B."], &["A.", "C."], Some(&["A.", "B."]));
        check(&["A.", STOCK], &["A.", "You can watch online."], Some(&["A.", "You can watch online."]));
        let told = "The panel heard that caseloads fell in spring.";
        let one = |line: &[&str]| line.join(" ");
        let corrected = "The panel heard that caseloads fell in autumn.";
        let (was, is) = (one(&[told]), one(&[told, STOCK]));
        check(&["A.", &was], &["A.", &is], Some(&["A.", &is]));
        check(&["A.", &is], &["A.", &one(&[corrected])], Some(&["A.", &was]));
        check(&[&was, "B."], &[&one(&[told, corrected, STOCK]), "B."], Some(&[&is, "B."]));
        check(&["A."], &["B."], None);
        check(&[STOCK], &["You can watch online."], None);
    }

    #[test]
    fn a_meeting_whose_day_was_there_before_is_not_news_because_the_site_s_words_left_its_line() {
        let held = "A meeting will be held at the Town Hall on Wednesday 2 December 2026.";
        let (with, without) = (format!("{held} {STOCK}"), page(&[held]));
        let day = chrono::NaiveDate::from_ymd_opt(2026, 12, 2);
        let read = Item { meeting: Some(crate::domain::item::Meeting::on(None, day)), ..without.clone() };
        let site = |sentence: &str| sentence == uncased(STOCK);
        let check = |before: &Item, now: &Item| {
            let item = restated(before, now, &site).unwrap();
            assert_eq!(likeness(&item, now), Likeness::Same, "{before:?} {now:?}");
        };
        check(&page(&[&with]), &read);
        check(&Item { meeting: read.meeting.clone(), ..page(&[&with]) }, &without);
        let other = page(&["A meeting will be held at the Town Hall soon."]);
        assert_eq!(
            restated(&Item { meeting: read.meeting.clone(), ..page(&[&with]) }, &other, &site).unwrap().meeting,
            read.meeting
        );
    }

    fn likeness_to(expect: Option<&[&str]>) -> impl Fn(&Item) -> bool {
        let expect = page(expect.unwrap_or_default());
        move |found| likeness(found, &expect) == Likeness::Same
    }

    #[test]
    fn where_the_site_s_words_lead_goes_with_them() {
        let linked = |to: &str| {
            let html = format!("<p>Agreed.</p><a href=\"https://council.example.org/own\">Own</a>{to}");
            Item { html: Some(SafeHtml::sanitise(&html, None)), ..page(&["Agreed."]) }
        };
        let webcast = linked("<a href=\"https://council.example.org/webcast\">Watch</a>");
        let moved = vec![Moved::between(&linked(""), &webcast); 4];
        let found = everywhere(&moved, 4);
        let item = restated(&linked(""), &webcast, &|sign| found.contains(sign)).unwrap();
        assert_eq!(likeness(&item, &webcast), Likeness::Same);
        let item = restated(&webcast, &linked(""), &|sign| found.contains(sign)).unwrap();
        assert_eq!(likeness(&item, &linked("")), Likeness::Same);
    }
}
