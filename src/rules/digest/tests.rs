//! Who is told what: once, in the latest words, and only what is theirs.

use super::*;
use crate::domain::item::{Item, ItemId};
use crate::domain::source::SourceId;
use crate::domain::text::Text;
use url::Url;

fn source(id: &str, council: &str) -> Source {
    Source {
        topics: vec!["childrens-services".into()],
        ..Source::bare(
            SourceId::parse(id).unwrap(),
            council.into(),
            "Improvement plan updates".into(),
            Url::parse("https://council.example.org/updates").unwrap(),
        )
    }
}

fn item(key: &str, text: &str) -> Item {
    Item {
        text: Some(Text::new(text)),
        ..Item::bare(key.into(), Text::line(key), Url::parse("https://council.example.org/").unwrap().join(key).unwrap())
    }
}

/// A window of notices `(position, change, key, revision)` in one source, and what one person is told of it.
fn told(
    notices: &[(u64, Change, &str, u32)],
    wishes: &[(Interests, u64)],
    given: &[(&str, u64)],
) -> Vec<(Change, String, u32, Option<u32>)> {
    told_to_one_who_came_back(notices, wishes, given, &[])
}

/// The same of somebody who had been told of these items `before` they left.
fn told_to_one_who_came_back(
    notices: &[(u64, Change, &str, u32)],
    wishes: &[(Interests, u64)],
    given: &[(&str, u64)],
    before: &[&str],
) -> Vec<(Change, String, u32, Option<u32>)> {
    told_in_full(notices, wishes, given, before, false)
}

/// The same, where what is withdrawn `calls_off` a meeting.
fn told_in_full(
    notices: &[(u64, Change, &str, u32)],
    wishes: &[(Interests, u64)],
    given: &[(&str, u64)],
    before: &[&str],
    calls_off: bool,
) -> Vec<(Change, String, u32, Option<u32>)> {
    let source = source("trafford", "Trafford Council");
    let keys: Vec<(ItemId, &str)> = notices.iter().map(|n| (ItemId::of(&source.id, n.2), n.2)).collect();
    let items: Vec<Item> = notices.iter().map(|n| item(n.2, "The Board met.")).collect();
    let log: Vec<Notice> = notices
        .iter()
        .map(|(position, change, key, revision)| Notice {
            position: Position(*position),
            change: *change,
            item: ItemId::of(&source.id, key),
            source: source.id.clone(),
            revision: *revision,
        })
        .collect();
    let full: Vec<NoticeInFull<'_>> =
        log.iter().zip(&items).map(|(notice, item)| NoticeInFull { notice, item, source: &source, calls_off }).collect();
    let wishes: Vec<Wish<'_>> =
        wishes.iter().map(|(interests, since)| Wish { interests, since: Position(*since), until: None }).collect();
    let before: BTreeSet<ItemId> = before.iter().map(|key| ItemId::of(&source.id, key)).collect();
    let mut ledger = Given::new();
    for (key, position) in given {
        ledger.entry(ItemId::of(&source.id, key)).or_default().insert(Position(*position));
    }
    let first = share(&full, &wishes, &ledger, &before, &BTreeSet::new());
    for (item, position) in &first.covered {
        ledger.entry(item.clone()).or_default().insert(*position);
    }
    let again = share(&full, &wishes, &ledger, &before, &BTreeSet::new());
    assert_eq!(again, Share::default(), "planning twice is planning once");
    let name = |id: &ItemId| keys.iter().find(|(known, _)| known == id).map(|(_, key)| (*key).to_owned()).unwrap();
    first.told.iter().map(|t| (t.change, name(&t.item), t.revision, t.previous)).collect()
}

fn all() -> Interests {
    Interests { everything: true, ..Interests::default() }
}

#[test]
fn who_came_back_is_told_what_is_withdrawn_of_what_they_follow_and_had_been_told_before() {
    let elsewhere = Interests { councils: vec!["Torbay Council".into()], ..Interests::default() };
    let withdrawn = [(10, Change::Withdrawn, "a", 1), (11, Change::Withdrawn, "b", 1)];
    let expected = [(Change::Withdrawn, "a".to_owned(), 1, None)];
    assert_eq!(told_to_one_who_came_back(&withdrawn, &[(all(), 0)], &[], &["a"]), expected);
    assert_eq!(told_to_one_who_came_back(&withdrawn, &[(elsewhere, 0)], &[], &["a"]), [], "they follow something else");
    assert_eq!(told_to_one_who_came_back(&withdrawn, &[(all(), 12)], &[], &["a"]), [], "it was gone before they came back");
    let back = [(20, Change::Returned, "a", 1)];
    assert_eq!(told_to_one_who_came_back(&back, &[(all(), 0)], &[("a", 10)], &["a"]).len(), 1);
}

#[test]
fn new_and_then_corrected_is_new_in_its_latest_words() {
    let log = [(10, Change::New, "a", 1), (20, Change::Revised, "a", 2), (30, Change::New, "b", 1)];
    assert_eq!(told(&log, &[(all(), 0)], &[]), [(Change::New, "a".to_owned(), 2, None), (Change::New, "b".to_owned(), 1, None)]);
}

#[test]
fn corrected_twice_is_one_correction_from_the_words_before_the_first() {
    let log = [(10, Change::Revised, "a", 4), (20, Change::Revised, "a", 5)];
    assert_eq!(told(&log, &[(all(), 0)], &[("a", 5)]), [(Change::Revised, "a".to_owned(), 5, Some(3))]);
}

#[test]
fn a_withdrawal_is_told_only_to_those_who_had_been_told() {
    let log = [(10, Change::Withdrawn, "a", 1)];
    assert_eq!(told(&log, &[(all(), 0)], &[]), []);
    assert_eq!(told(&log, &[(all(), 0)], &[("a", 5)]), [(Change::Withdrawn, "a".to_owned(), 1, None)]);
    assert_eq!(told(&[(10, Change::New, "a", 1), (20, Change::Withdrawn, "a", 1)], &[(all(), 0)], &[]), []);
}

#[test]
fn that_a_meeting_to_come_is_withdrawn_is_told_to_all_who_follow_it() {
    let gone = (10, Change::Withdrawn, "a", 1);
    let told = |log: &[(u64, Change, &str, u32)], given: &[(&str, u64)]| told_in_full(log, &[(all(), 0)], given, &[], true);
    assert_eq!(told(&[gone], &[]), [(Change::Withdrawn, "a".to_owned(), 1, None)]);
    assert_eq!(told(&[gone], &[("a", 10)]), [], "once");
    assert_eq!(told(&[(5, Change::New, "a", 1), gone], &[]), [], "they never heard of it");
}

#[test]
fn a_return_is_told_only_to_those_who_had_been_told() {
    let back = (20, Change::Returned, "a", 2);
    assert_eq!(told(&[back], &[(all(), 0)], &[]), []);
    assert_eq!(told(&[back], &[(all(), 0)], &[("a", 5)]), [(Change::Returned, "a".to_owned(), 2, None)]);
    let gone = (10, Change::Withdrawn, "a", 2);
    assert_eq!(told(&[gone, back], &[(all(), 0)], &[("a", 5)]), [], "gone and back in one window is nothing");
    let revised = [gone, (15, Change::Revised, "a", 3)];
    assert_eq!(told(&revised, &[(all(), 0)], &[("a", 5)]), [(Change::Revised, "a".to_owned(), 3, Some(2))]);
}

#[test]
fn somebody_who_joins_late_gets_what_comes_after() {
    let log = [(10, Change::New, "a", 1), (20, Change::New, "b", 1)];
    assert_eq!(told(&log, &[(all(), 15)], &[]), [(Change::New, "b".to_owned(), 1, None)]);
}

#[test]
fn a_correction_is_news_to_who_came_after_the_news_and_before_it_was_told() {
    let log = [(10, Change::New, "a", 1), (20, Change::Revised, "a", 2), (30, Change::Revised, "a", 3)];
    let new = [(Change::New, "a".to_owned(), 3, None)];
    // Before the news, between it and its correction, between two corrections; and after all that.
    for since in [0, 15, 25] {
        assert_eq!(told(&log, &[(all(), since)], &[]), new, "{since}");
    }
    assert_eq!(told(&log, &[(all(), 35)], &[]), []);
    // Who was told at another cadence hears of a correction, and so does who came after everybody was told.
    assert_eq!(told(&log, &[(all(), 0)], &[("a", 10)]), [(Change::Revised, "a".to_owned(), 3, Some(1))]);
    assert_eq!(told(&log[1..], &[(all(), 15)], &[]), [(Change::Revised, "a".to_owned(), 3, Some(1))]);
    // What is gone again was never told.
    let gone = [log[0], log[1], (40, Change::Withdrawn, "a", 3)];
    assert_eq!(told(&gone, &[(all(), 15)], &[]), []);
    let back = [gone[0], gone[1], gone[2], (50, Change::Returned, "a", 3)];
    assert_eq!(told(&back, &[(all(), 15)], &[]), [(Change::New, "a".to_owned(), 3, None)]);
    assert_eq!(told(&back, &[(all(), 45)], &[]), [], "it was published before they came, and nothing has changed since");
}

#[test]
fn interests_are_a_union_and_the_ledger_wins_over_all_of_them() {
    let log = [(10, Change::New, "a", 1)];
    let by_council = Interests { councils: vec!["Trafford Council".into()], ..Interests::default() };
    let by_other = Interests { sources: vec!["bury".into()], ..Interests::default() };
    assert_eq!(told(&log, &[(by_other.clone(), 0), (by_council, 0)], &[]).len(), 1);
    assert_eq!(told(&log, &[(by_other, 0)], &[]).len(), 0);
    assert_eq!(told(&log, &[(all(), 0)], &[("a", 10)]).len(), 0);
}

#[test]
fn what_did_not_leave_is_said_by_what_follows_it() {
    use Change::{New, Returned, Revised, Withdrawn};
    let told = |(change, revision, previous): (Change, u32, Option<u32>)| Told {
        change,
        item: ItemId::of(&SourceId::parse("trafford").unwrap(), "a"),
        source: SourceId::parse("trafford").unwrap(),
        revision,
        previous,
        position: Position(u64::from(revision)),
    };
    let check = |unsent: &[(Change, u32, Option<u32>)], now, was_told, expect: Option<(Change, u32, Option<u32>)>| {
        let unsent: Vec<Told> = unsent.iter().copied().map(told).collect();
        let said = caught_up(&told(now), &unsent, was_told).map(|told| (told.change, told.revision, told.previous));
        assert_eq!(said, expect, "{unsent:?} {now:?} {was_told}");
    };
    let (new, second, third) = ((New, 1, None), (Revised, 2, Some(1)), (Revised, 3, Some(2)));
    let (gone, back) = ((Withdrawn, 3, None), (Returned, 3, None));
    check(&[], third, true, Some(third));
    check(&[], gone, true, Some(gone));
    // Nothing of it had been told.
    check(&[new], second, false, Some((New, 2, None)));
    check(&[new, second], third, false, Some((New, 3, None)));
    check(&[new, second], gone, false, None);
    check(&[new, gone], back, false, Some((New, 3, None)));
    check(&[second], third, false, Some((Revised, 3, Some(1))));
    // It had been told before.
    check(&[second], third, true, Some((Revised, 3, Some(1))));
    check(&[second], gone, true, Some(gone));
    check(&[gone], back, true, None);
    check(&[second, gone], back, true, Some((Revised, 3, Some(1))));
}
