//! When a batch is held: tables of listings before and after.

use super::*;

/// Keys for as many items as a table needs.
const KEYS: [&str; 12] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];

fn date(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, month, day).unwrap()
}

/// Month and day before, month and day now, and whether it is reworded.
type Pair = ((u32, u32), (u32, u32), bool);

/// The alarm about known items and what is seen of them.
fn alarm(items: &[Pair]) -> Option<Alarm> {
    let prints: Vec<(Fingerprint, Fingerprint)> = items
        .iter()
        .map(|(before, now, reworded)| (print(&format!("{before:?}")), print(&format!("{now:?}{reworded}"))))
        .collect();
    let same = |at: usize| items[at].0 == items[at].1 && !items[at].2;
    let known: Vec<Known<'_>> = items
        .iter()
        .enumerate()
        .map(|(at, item)| Known { published: Some(date(item.0.0, item.0.1)), ..super::known(KEYS[at], &prints[at].0) })
        .collect();
    let seen = items.iter().enumerate().map(|(at, item)| Seen {
        published: Some(date(item.1.0, item.1.1)),
        ..super::seen(KEYS[at], if same(at) { &prints[at].0 } else { &prints[at].1 })
    });
    verdict(&known, seen.collect())
}

fn verdict(known: &[Known<'_>], seen: Vec<Seen<'_>>) -> Option<Alarm> {
    let given =
        Circumstances { baseline: None, shown_before: known.len(), was_empty: false, waiting: 0, new_max: 50, decision: None };
    match detect(known, &Reading { seen, gone: &everything() }, &given) {
        Verdict::Hold(alarm) => Some(alarm),
        Verdict::Accept(_) => None,
    }
}

fn reason(items: &[Pair]) -> String {
    alarm(items).map(|alarm| alarm.reason).unwrap_or_default()
}

#[test]
fn day_and_month_that_change_places_are_held() {
    let swapped = [((3, 4), (4, 3), true), ((5, 6), (6, 5), true), ((1, 2), (2, 1), true), ((12, 25), (12, 25), false)];
    let found = alarm(&swapped).unwrap();
    assert_eq!(found.reason, "day and month have changed places in the dates of 3 items");
    let first = Sign { key: "a".to_owned(), what: Oddity::Redated { before: date(3, 4), now: date(4, 3) } };
    assert_eq!((found.examples.len(), &found.examples[0]), (3, &first));
    assert_eq!(reason(&swapped[..2]), "", "two may be corrections");
}

#[test]
fn one_date_that_can_no_longer_be_read_makes_a_swap_plain() {
    let (old, new) = (print("old"), print("new"));
    let known = [
        Known { published: Some(date(11, 19)), ..super::known("a", &old) },
        Known { published: Some(date(3, 4)), ..super::known("b", &old) },
        Known { published: Some(date(2, 7)), ..super::known("c", &old) },
    ];
    let listing = |published: [Option<NaiveDate>; 3]| -> Vec<Seen<'_>> {
        let of = |(key, published): (&&'static str, Option<NaiveDate>)| Seen { published, ..super::seen(key, &new) };
        KEYS[..3].iter().zip(published).map(of).collect()
    };
    let american = verdict(&known, listing([None, Some(date(4, 3)), Some(date(7, 2))])).unwrap();
    let expect = "day and month have changed places in the dates of 2 items, and 1 with a later day can no longer be read";
    assert_eq!(american.reason, expect);
    assert!(verdict(&known, listing([None, Some(date(4, 3)), None])).is_some(), "one is enough beside it");
    assert_eq!(verdict(&known, listing([None, Some(date(3, 4)), Some(date(2, 7))])), None, "a date was taken away");
    assert_eq!(verdict(&known, listing([None, Some(date(3, 14)), Some(date(2, 7))])), None, "and another corrected");
    assert_eq!(verdict(&known, listing([Some(date(11, 19)), Some(date(4, 3)), Some(date(2, 7))])), None, "one was corrected");
    assert_eq!(verdict(&known, listing([Some(date(11, 19)), Some(date(4, 3)), None])), None, "7 February can be read either way");
}

#[test]
fn dates_that_all_move_at_once_are_held() {
    let later: Vec<_> = (1..=5).map(|d| ((3, d), (4, d + 10), true)).collect();
    assert_eq!(reason(&later), "the dates of 5 of 5 items have moved at once");
    let older: Vec<_> = (1..=5).map(|d| ((8, d), (3, d + 10), true)).collect();
    assert_eq!(reason(&older), "the dates of 5 of 5 items are suddenly older");
    let one = [((3, 1), (3, 9), true), ((3, 2), (3, 2), false), ((3, 3), (3, 3), false), ((3, 4), (3, 4), false)];
    assert_eq!(reason(&one), "", "one meeting is postponed");
    assert_eq!(reason(&later[..3]), "", "three are no pattern");
}

#[test]
fn an_archive_that_appears_in_the_place_of_news_is_held() {
    let prints = print("");
    let known: Vec<Known<'_>> =
        KEYS[..3].iter().map(|key| Known { published: Some(date(6, 1)), ..super::known(key, &prints) }).collect();
    let listing = |days: &[(u32, u32)]| -> Vec<Seen<'_>> {
        let old = KEYS[..3].iter().map(|key| Seen { published: Some(date(6, 1)), ..super::seen(key, &prints) });
        let new =
            KEYS[3..].iter().zip(days).map(|(key, (m, d))| Seen { published: Some(date(*m, *d)), ..super::seen(key, &prints) });
        old.chain(new).collect()
    };
    let archive = verdict(&known, listing(&[(1, 1), (1, 2), (2, 1), (3, 1)])).unwrap();
    assert_eq!(archive.reason, "4 new items, all dated before 2020-06-01, the oldest that is known");
    assert_eq!(verdict(&known, listing(&[(1, 1), (1, 2), (7, 1), (8, 1)])), None, "some are newer");
    assert_eq!(verdict(&known, listing(&[(1, 1), (1, 2), (1, 3)])), None);
}

#[test]
fn known_items_that_all_read_otherwise_in_one_poll_are_held() {
    let reworded = |n: usize, of: usize| -> Vec<_> { (0..of).map(|at| ((3, 1), (3, 1), at < n)).collect() };
    assert_eq!(reason(&reworded(4, 4)), "4 of the 4 known items that were read again read otherwise");
    assert_eq!(reason(&reworded(9, 10)), "9 of the 10 known items that were read again read otherwise");
    assert_eq!(reason(&reworded(3, 3)), "", "three may be news");
    assert_eq!(reason(&reworded(5, 10)), "");
}

#[test]
fn items_whose_page_is_as_it_was_or_whose_line_changed_tell_a_template_from_news() {
    let (old, new) = (print("old"), print("new"));
    let known: Vec<Known<'_>> = KEYS.iter().map(|key| super::known(key, &old)).collect();
    let seen = |revised: usize, is_relisted: bool, rest: &Content<'static>| -> Vec<Seen<'_>> {
        let of = |(at, key): (usize, &&'static str)| {
            if at < revised {
                Seen { is_relisted, ..super::seen(key, &new) }
            } else {
                Seen { content: rest.clone(), ..super::seen(key, &old) }
            }
        };
        KEYS.iter().enumerate().map(of).collect()
    };
    assert_eq!(verdict(&known, seen(4, false, &Content::Unchanged)), None, "the others answered that they are as they were");
    assert!(verdict(&known, seen(4, false, &Content::Listed)).is_some(), "nothing speaks for the others");
    assert_eq!(verdict(&known, seen(4, true, &Content::Listed)), None, "the listing named the four that changed");
    let all = verdict(&known, seen(12, true, &Content::Listed)).unwrap();
    assert_eq!(all.reason, "the listing says something else of 12 of 12 known items");
    assert_eq!(all.examples.len(), 5);
}

#[test]
fn what_an_older_recipe_read_raises_no_alarm() {
    let (old, new) = (print("old"), print("new"));
    let known: Vec<Known<'_>> =
        KEYS.iter().map(|key| Known { is_outdated: true, published: Some(date(3, 4)), ..super::known(key, &old) }).collect();
    let seen = KEYS.iter().map(|key| Seen { published: Some(date(4, 3)), ..super::seen(key, &new) }).collect();
    assert_eq!(verdict(&known, seen), None);
}
