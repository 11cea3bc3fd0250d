//! Whose page came: that of the entry whose address was asked for, or that of another entry of the same list, which a cache or a
//! server has mixed up with it.
//!
//! A page is another entry's where it is nearer to what is known of that one in everything that tells entries apart, and nowhere
//! nearer to its own: name, day, papers and words. One alone says little: councils correct names, move days and repeat words.

use super::another::{day, title_words, words};
use crate::domain::item::Item;
use std::collections::HashSet;

/// Of a hundred words of either, so many are the other entry's.
const SHARED_MIN: usize = 50;
/// So many say whose page it is where nothing else does.
const COPIED_MIN: usize = 80;

/// What is known of the entry whose address was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Mine<'a> {
    /// What the listing says of it.
    pub listed: &'a Item,
    /// What its page said before; `None` where it is new.
    pub before: Option<&'a Item>,
}

/// How near a page is to what is known of an entry.
struct Nearness {
    name: usize,
    day: bool,
    papers: bool,
    words: usize,
}

impl Nearness {
    fn of(known: &Item, now: &Item) -> Self {
        let papers = |item: &Item| item.documents.iter().filter_map(|paper| paper.url.clone()).collect::<HashSet<_>>();
        let text = |item: &Item| words(item.text.as_ref().map_or("", |text| text.as_str()));
        Self {
            name: share(&title_words(known.title.as_str()), &title_words(now.title.as_str())),
            day: day(known).is_some() && day(known) == day(now),
            papers: !papers(known).is_disjoint(&papers(now)),
            words: share(&text(known), &text(now)),
        }
    }
}

/// Of a hundred words that two texts have, how many both have.
fn share(one: &HashSet<String>, other: &HashSet<String>) -> usize {
    let common = one.intersection(other).count();
    let all = one.len() + other.len() - common;
    (common * 100).checked_div(all).unwrap_or(0)
}

/// Whether `now`, which came for one entry, is the page of `other`.
#[must_use]
pub fn is_of_other(other: &Item, mine: Mine<'_>, now: &Item) -> bool {
    let theirs = Nearness::of(other, now);
    let ours: Vec<Nearness> = std::iter::once(mine.listed).chain(mine.before).map(|known| Nearness::of(known, now)).collect();
    let name = ours.iter().map(|near| near.name).max().unwrap_or(0);
    let has = |what: fn(&Nearness) -> bool| ours.iter().any(what);
    let said = ours.iter().map(|near| near.words).max().unwrap_or(0);
    let (same_day, same_papers) = (has(|near| near.day), has(|near| near.papers));
    let is_as_near = theirs.name >= name
        && theirs.day >= same_day
        && theirs.papers >= same_papers
        && theirs.words >= said
        && theirs.words >= SHARED_MIN;
    // A new entry may be another under a new address.
    let is_copied = mine.before.is_some() && theirs.words >= COPIED_MIN && said < SHARED_MIN;
    is_as_near && (theirs.name > name || theirs.day && !same_day || theirs.papers && !same_papers || is_copied)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::item::Meeting;
    use crate::domain::text::Text;
    use url::Url;

    const MARCH: &str = "The board heard that forty actions of the improvement plan are complete, and thanked the director.";
    const APRIL: &str = "The board visited the contact centre, spoke with twelve social workers and looked at caseloads.";

    fn item(title: &str, day: u32, text: &str) -> Item {
        let url = Url::parse("https://council.example.org/x").unwrap();
        let date = chrono::NaiveDate::from_ymd_opt(2027, 3, day);
        let meeting = date.map(|date| Meeting::on(None, Some(date)));
        Item { meeting, text: Some(Text::new(text)), ..Item::bare("k".into(), Text::line(title), url) }
    }

    #[test]
    fn a_page_that_is_another_entry_s_by_name_or_day_and_words_is_that_one_s() {
        let check = |mine: &Item, other: &Item, now: &Item, expect: bool| {
            let listed = Item { text: None, ..mine.clone() };
            assert_eq!(is_of_other(other, Mine { listed: &listed, before: Some(mine) }, now), expect, "{now:?}");
        };
        let (march, april) = (item("Board meets in March", 0, MARCH), item("Board meets in April", 0, APRIL));
        check(&march, &april, &april, true);
        check(&march, &april, &item("Board meets in March", 0, APRIL), false);
        check(&march, &april, &item("Board meets in April", 0, MARCH), false);
        // Under a heading that all share, the words alone.
        check(&item("Update in March", 2, MARCH), &item("Update in April", 2, APRIL), &item("", 2, APRIL), true);
        check(&item("Update in March", 2, MARCH), &item("Update in April", 2, APRIL), &item("", 2, MARCH), false);
        let (first, second) = (item("Cabinet", 2, MARCH), item("Cabinet", 9, APRIL));
        check(&first, &second, &second, true);
        check(&first, &second, &item("Cabinet", 2, APRIL), false);
        check(&first, &second, &item("Cabinet", 9, MARCH), false);
        // The same few words on both: the name or the day tells whose they are.
        let (one, two) = (item("Cabinet", 2, "Papers to follow."), item("Cabinet", 9, "Papers to follow."));
        check(&one, &two, &item("Cabinet", 2, "Papers to follow soon."), false);
        check(&one, &two, &two, true);
    }

    #[test]
    fn a_new_entry_s_page_is_its_own_unless_it_says_what_another_s_says() {
        let (listed, other) = (Item { text: None, ..item("Board meets in May", 0, "") }, item("Board meets in March", 0, MARCH));
        let mine = Mine { listed: &listed, before: None };
        assert!(is_of_other(&other, mine, &other));
        assert!(!is_of_other(&other, mine, &item("Board meets in May", 0, APRIL)));
        assert!(!is_of_other(&other, mine, &item("Board meets in March", 0, APRIL)));
    }
}
