//! What counts as new, revised or withdrawn, and what is held, over listings in shorthand.

use super::*;
use proptest::prelude::*;

/// `(key, words, day of January 2021)`: an item as the store holds it, or as a page shows it.
type Line = (&'static str, &'static str, u32);

fn print(words: &str) -> Fingerprint {
    Fingerprint(words.to_owned())
}

fn day(d: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(2021, 1, d)
}

fn known<'a>(key: &'a str, fingerprint: &'a Fingerprint) -> Known<'a> {
    Known {
        key,
        fingerprint,
        is_outdated: false,
        is_out_of_sight: false,
        published: None,
        meets: None,
        withdrawn: None,
        misses: 0,
        has_text: true,
        has_page: false,
        is_awaited: true,
        held: None,
    }
}

fn seen<'a>(key: &'a str, fingerprint: &'a Fingerprint) -> Seen<'a> {
    let content = Content::Read { fingerprint, has_text: true };
    Seen {
        key,
        published: None,
        meets: None,
        content,
        is_relisted: false,
        was_there: false,
        is_listed: true,
        is_page: false,
        is_another: false,
        likeness: Likeness::Other,
    }
}

/// Of a listing that shows everything.
fn everything() -> Gone {
    Gone::of(true, &[], &Order::default())
}

#[expect(clippy::struct_excessive_bools, reason = "each is one fact of a case")]
struct Case {
    known: Vec<Line>,
    misses: u32,
    withdrawn: Option<Withdrawal>,
    is_outdated: bool,
    is_out_of_sight: bool,
    was_there: bool,
    is_of_meetings: bool,
    seen: Vec<Line>,
    is_complete: bool,
    given: Circumstances,
}

fn case(known: &[Line], seen: &[Line]) -> Case {
    Case {
        known: known.to_vec(),
        misses: 0,
        withdrawn: None,
        is_outdated: false,
        is_out_of_sight: false,
        was_there: false,
        is_of_meetings: false,
        seen: seen.to_vec(),
        is_complete: true,
        given: Circumstances {
            baseline: None,
            shown_before: known.len(),
            was_empty: false,
            waiting: 0,
            new_max: 50,
            decision: None,
        },
    }
}

impl Case {
    fn verdict(&self) -> Verdict {
        let prints: Vec<Fingerprint> = self.known.iter().chain(&self.seen).map(|line| print(line.1)).collect();
        let (old, new) = prints.split_at(self.known.len());
        let known: Vec<Known<'_>> = self
            .known
            .iter()
            .zip(old)
            .map(|(line, fingerprint)| Known {
                key: line.0,
                fingerprint,
                is_outdated: self.is_outdated,
                is_out_of_sight: self.is_out_of_sight,
                published: day(line.2),
                meets: day(line.2).filter(|_| self.is_of_meetings),
                withdrawn: self.withdrawn,
                misses: self.misses,
                has_text: true,
                has_page: false,
                is_awaited: true,
                held: None,
            })
            .collect();
        let entries = |lines: &[Line]| lines.iter().map(|line| (line.0, day(line.2))).collect::<Vec<_>>();
        let before = Gone::of(self.is_complete, &entries(&self.known), &Order::default());
        let gone = Gone::of(self.is_complete, &entries(&self.seen), before.order());
        let seen = self
            .seen
            .iter()
            .zip(new)
            .map(|(line, fingerprint)| Seen {
                key: line.0,
                published: day(line.2),
                meets: day(line.2).filter(|_| self.is_of_meetings),
                content: Content::Read { fingerprint, has_text: true },
                is_relisted: false,
                was_there: self.was_there,
                is_listed: true,
                is_page: false,
                is_another: false,
                likeness: Likeness::Other,
            })
            .collect();
        detect(&known, &Reading { seen, gone: &gone }, &self.given)
    }

    fn found(&self) -> Vec<(String, What, Option<Change>)> {
        match self.verdict() {
            Verdict::Accept(findings) => findings.into_iter().map(|f| (f.key, f.what, f.told)).collect(),
            Verdict::Hold(alarm) => panic!("held: {alarm:?}"),
        }
    }

    fn held(&self) -> String {
        match self.verdict() {
            Verdict::Hold(alarm) => alarm.reason,
            Verdict::Accept(findings) => panic!("accepted: {findings:?}"),
        }
    }
}

const NINE: [Line; 9] = [
    ("i", "", 9),
    ("h", "", 8),
    ("g", "", 7),
    ("f", "", 6),
    ("e", "", 5),
    ("d", "", 4),
    ("c", "", 3),
    ("b", "", 2),
    ("a", "", 1),
];

#[test]
fn seven_new_beside_two_known_is_ordinary_news() {
    let found = case(&NINE[7..], &NINE).found();
    assert_eq!(found.len(), 7);
    assert!(found.iter().all(|f| f.1 == What::New && f.2 == Some(Change::New)));
}

#[test]
fn a_first_poll_is_silent_unless_the_source_says_otherwise() {
    let mut first = case(&[], &NINE);
    first.given.baseline = Some(Baseline::Silent);
    assert!(first.found().iter().all(|f| f.1 == What::New && f.2.is_none()));
    first.given.baseline = Some(Baseline::Mail);
    assert!(first.found().iter().all(|f| f.2 == Some(Change::New)));
}

#[test]
fn other_words_under_the_same_key_are_a_revision_and_back_again_another() {
    let there = case(&[("a", "old", 1)], &[("a", "new", 1)]).found();
    assert_eq!(there, [("a".to_owned(), What::Revised, Some(Change::Revised))]);
    let back = case(&[("a", "new", 1)], &[("a", "old", 1)]).found();
    assert_eq!(back, [("a".to_owned(), What::Revised, Some(Change::Revised))]);
}

#[test]
fn a_better_recipe_is_not_news() {
    let mut reread = case(&[("a", "old", 1)], &[("a", "read better", 1)]);
    reread.is_outdated = true;
    assert_eq!(reread.found(), [("a".to_owned(), What::Reread, None)]);
}

#[test]
fn what_a_better_recipe_finds_on_the_page_of_before_is_not_news_nor_what_it_finds_no_more() {
    let mut found = case(&NINE[..8], &NINE);
    found.was_there = true;
    assert_eq!(found.found(), [("a".to_owned(), What::New, None)]);
    let mut lost = case(&NINE, &NINE[1..]);
    (lost.is_out_of_sight, lost.misses) = (true, 1);
    assert!(lost.found().iter().all(|f| f.0 != "i"));
}

#[test]
fn a_body_read_for_the_first_time_is_not_news() {
    let (listed, read) = (print("line"), print("line and body"));
    let known = [Known { has_text: false, is_awaited: false, ..known("a", &listed) }];
    let reading = Reading { seen: vec![seen("a", &read)], gone: &everything() };
    let given = case(&[], &[]).given;
    let expect = Finding { key: "a".to_owned(), what: What::Reread, told: None };
    assert_eq!(detect(&known, &reading, &given), Verdict::Accept(vec![expect]));
}

#[test]
fn words_that_come_to_a_page_that_had_none_are_news() {
    let (bare, worded) = (print("title"), print("title and body"));
    let known = [Known { has_text: false, ..known("a", &bare) }];
    let reading = Reading { seen: vec![seen("a", &worded)], gone: &everything() };
    let given = case(&[], &[]).given;
    let expect = Finding { key: "a".to_owned(), what: What::Revised, told: Some(Change::Revised) };
    assert_eq!(detect(&known, &reading, &given), Verdict::Accept(vec![expect]));
}

#[test]
fn withdrawn_needs_two_healthy_polls() {
    let mut gone = case(&NINE, &NINE[1..]);
    assert_eq!(gone.found(), [("i".to_owned(), What::Missing, None)]);
    gone.misses = 1;
    let found: Vec<_> = gone.found().into_iter().filter(|f| f.1 != What::Back).collect();
    assert_eq!(found, [("i".to_owned(), What::Withdrawn, Some(Change::Withdrawn))]);
}

#[test]
fn an_item_pushed_off_the_end_of_a_listing_is_not_withdrawn() {
    let mut rolled = case(&NINE, &NINE[..8]);
    rolled.is_complete = false;
    rolled.misses = 1;
    assert!(rolled.found().iter().all(|f| f.1 == What::Back));
    let mut holed: Vec<Line> = NINE.to_vec();
    holed.remove(3);
    let mut taken_out = case(&NINE, &holed);
    taken_out.is_complete = false;
    assert_eq!(taken_out.found(), [("f".to_owned(), What::Missing, None)]);
}

#[test]
fn an_old_item_pinned_to_the_top_does_not_make_the_pushed_off_ones_withdrawn() {
    let pinned = ("pinned", "", 1);
    let listing = |newest: usize| [vec![pinned], NINE.get(newest..newest + 4).unwrap_or_default().to_vec()].concat();
    let mut rolled = case(&listing(1), &listing(0));
    rolled.is_complete = false;
    assert_eq!(rolled.found(), [("i".to_owned(), What::New, Some(Change::New))]);
    let mut oldest_first: Vec<Line> = NINE.iter().rev().copied().collect();
    let all = oldest_first.clone();
    oldest_first.remove(4);
    let mut unordered = case(&all, &oldest_first);
    unordered.is_complete = false;
    assert_eq!(unordered.found(), [("e".to_owned(), What::Missing, None)], "it stood between others that still stand");
    let mut rolled = case(&all[..8], &all[1..]);
    rolled.is_complete = false;
    assert_eq!(rolled.found(), [("i".to_owned(), What::New, Some(Change::New))], "the first made room for the last");
}

#[test]
fn what_was_withdrawn_and_comes_back_is_not_new() {
    let mut back = case(&[("a", "same", 1)], &[("a", "same", 1)]);
    back.withdrawn = Some(Withdrawal { was_told: true });
    assert_eq!(back.found(), [("a".to_owned(), What::Back, Some(Change::Returned))]);
    back.withdrawn = Some(Withdrawal { was_told: false });
    assert_eq!(back.found(), [("a".to_owned(), What::Back, None)], "who was told nothing is told nothing");
    let mut other = case(&[("a", "old", 1)], &[("a", "new", 1)]);
    other.withdrawn = Some(Withdrawal { was_told: true });
    assert_eq!(other.found(), [("a".to_owned(), What::Revised, Some(Change::Revised))]);
}

#[test]
fn a_listing_that_shrinks_is_held() {
    assert_eq!(case(&NINE, &NINE[..2]).held(), "the listing shrank from 9 items to 2");
}

#[test]
fn a_listing_that_says_that_it_is_empty_is_no_word_on_any_one_of_many() {
    assert_eq!(case(&NINE, &[]).found(), []);
    assert_eq!(case(&NINE[..1], &[]).found(), [(NINE[0].0.to_owned(), What::Missing, None)]);
    let mut next = case(&NINE[4..6], &NINE[..1]);
    next.given.was_empty = true;
    next.is_complete = false;
    assert_eq!(next.found(), [(NINE[0].0.to_owned(), What::New, Some(Change::New))]);
}

#[test]
fn a_listing_whose_known_items_have_all_gone_is_held() {
    let reason = case(&NINE[..2], &NINE[4..6]).held();
    assert_eq!(reason, "none of the 2 known items is there any more, and 2 others are");
}

#[test]
fn a_calendar_that_shows_its_next_month_is_not_held() {
    let next = |known: &[Line], seen: &[Line]| Case { is_of_meetings: true, is_complete: false, ..case(known, seen) };
    let found = next(&NINE[3..], &NINE[..3]).found();
    assert_eq!(found.len(), 3);
    assert!(found.iter().all(|f| f.1 == What::New && f.2 == Some(Change::New)), "{found:?}");
    assert_eq!(next(&NINE[5..], &NINE[..1]).found().len(), 1, "also where fewer meet");
    let reason = next(&NINE[..3], &NINE[3..]).held();
    assert_eq!(reason, "none of the 3 known items is there any more, and 6 others are", "earlier ones are another list's");
    assert_eq!(Case { is_of_meetings: false, ..next(&NINE[5..7], &NINE[..2]) }.held().len(), reason.len(), "nor are they news");
}

#[test]
fn other_things_in_the_place_of_the_only_known_item_are_held() {
    let reason = case(&NINE[..1], &NINE[1..]).held();
    assert_eq!(reason, "the only known item is not there any more, and 8 others are");
    let next = case(&NINE[..1], &NINE[1..2]).found();
    assert_eq!(next[0], (NINE[1].0.to_owned(), What::New, Some(Change::New)), "a list of one shows the next");
    let mut withdrawn = case(&NINE[..1], &NINE[1..]);
    withdrawn.withdrawn = Some(Withdrawal { was_told: true });
    assert_eq!(withdrawn.found().len(), 8, "it was known to be gone");
}

#[test]
fn more_new_items_than_the_limit_are_held_until_an_admin_decides() {
    let mut flood = case(&NINE[..1], &NINE);
    flood.given.new_max = 5;
    assert_eq!(flood.held(), "8 new items at once; the limit is 5");
    flood.given.decision = Some(HoldDecision::Release);
    assert!(flood.found().iter().all(|f| f.2 == Some(Change::New)));
    flood.given.decision = Some(HoldDecision::Absorb);
    assert!(flood.found().iter().all(|f| f.1 == What::New && f.2.is_none()));
}

#[test]
fn what_changed_beside_what_was_held_is_told_when_that_is_absorbed() {
    let told = |case: &Case, key: &str| case.found().into_iter().find(|found| found.0 == key).unwrap().2;
    let mut corrected = NINE;
    corrected[0].1 = "in other words";
    let mut flood = case(&NINE[..3], &corrected);
    (flood.given.new_max, flood.given.decision) = (5, Some(HoldDecision::Absorb));
    assert_eq!(told(&flood, NINE[0].0), Some(Change::Revised));
    assert_eq!(told(&flood, NINE[5].0), None);
    let mut shrunk = case(&NINE, &[corrected[0], NINE[1], NINE[2]]);
    shrunk.given.decision = Some(HoldDecision::Absorb);
    assert_eq!(told(&shrunk, NINE[0].0), Some(Change::Revised));
    let gone = shrunk.found().into_iter().filter(|found| found.1 == What::Withdrawn).collect::<Vec<_>>();
    assert!(gone.len() == 6 && gone.iter().all(|found| found.2.is_none()), "{gone:?}");
    let mut others = case(&NINE[..4], &NINE[4..]);
    others.given.decision = Some(HoldDecision::Absorb);
    assert!(others.found().iter().all(|found| found.2.is_none()), "{:?}", others.found());
}

proptest! {
    #[test]
    fn the_same_reading_again_finds_nothing(keys in proptest::collection::btree_set("[a-z]{1,3}", 0..20), complete: bool) {
        let prints: Vec<Fingerprint> = keys.iter().map(|k| print(k)).collect();
        let known: Vec<Known<'_>> = keys.iter().zip(&prints).map(|(key, fingerprint)| known(key, fingerprint)).collect();
        let seen = keys.iter().zip(&prints).map(|(key, fingerprint)| seen(key, fingerprint)).collect();
        let given = Circumstances { baseline: None, shown_before: keys.len(), was_empty: false, waiting: 0, new_max: 50, decision: None };
        prop_assert_eq!(detect(&known, &Reading { seen, gone: &Gone::of(complete, &[], &Order::default()) }, &given), Verdict::Accept(vec![]));
    }
}

mod brakes;

#[test]
fn what_is_only_written_otherwise_is_told_to_nobody_and_taken_where_it_says_more() {
    let (old, new) = (print("The plan (468 KB)"), print("The plan"));
    let found = |likeness| {
        let seen = vec![Seen { likeness, ..seen("a", &new) }];
        let given = Circumstances { baseline: None, shown_before: 1, was_empty: false, waiting: 0, new_max: 50, decision: None };
        match detect(&[known("a", &old)], &Reading { seen, gone: &everything() }, &given) {
            Verdict::Accept(findings) => findings.into_iter().map(|finding| (finding.what, finding.told)).collect::<Vec<_>>(),
            Verdict::Hold(alarm) => panic!("{alarm:?}"),
        }
    };
    assert_eq!(found(Likeness::Same), []);
    assert_eq!(found(Likeness::Finer), [(What::Reread, None)]);
    assert_eq!(found(Likeness::Other), [(What::Revised, Some(Change::Revised))]);
}
