//! Feeds: their names, what belongs to them, and what they hold.

use super::*;
use crate::domain::item::Item;
use crate::domain::text::Text;
use chrono::TimeDelta;
use url::Url;

fn source(id: &str, council: &str, topics: &[&str]) -> Source {
    Source {
        topics: topics.iter().map(|t| (*t).to_owned()).collect(),
        ..Source::bare(
            SourceId::parse(id).unwrap(),
            council.to_owned(),
            "Improvement plan updates".to_owned(),
            Url::parse("https://www.example.org/updates").unwrap(),
        )
    }
}

fn known(published: Option<&str>, first_seen: &str) -> KnownItem {
    let source = SourceId::parse("trafford").unwrap();
    let first_seen = first_seen.parse().unwrap();
    KnownItem {
        id: ItemId::of(&source, "1"),
        source,
        revision: 1,
        first_seen,
        revised: first_seen,
        withdrawn: None,
        before: None,
        item: Item {
            published: published.map(|d| d.parse().unwrap()),
            ..Item::bare("1".to_owned(), Text::line("Update"), Url::parse("https://www.example.org/updates/1").unwrap())
        },
    }
}

#[test]
fn an_item_is_in_the_feeds_of_everything_its_source_its_council_and_its_topics() {
    let stems: Vec<String> = FeedName::of(&source("trafford", "Trafford Council", &["childrens-services", "ofsted", "ofsted"]))
        .iter()
        .map(FeedName::stem)
        .collect();
    assert_eq!(stems, ["all", "trafford", "council/trafford-council", "topic/childrens-services", "topic/ofsted"]);
}

#[test]
fn a_council_or_topic_without_a_letter_has_no_feed_of_its_own() {
    let stems: Vec<String> = FeedName::of(&source("x", "—", &["…"])).iter().map(FeedName::stem).collect();
    assert_eq!(stems, ["all", "x"]);
}

#[test]
fn every_name_is_read_back_from_its_path_and_nothing_else_is() {
    let sources = [source("trafford", "Trafford Council", &["ofsted"]), source("bury", "Bury Council", &["ofsted"])];
    let names = FeedName::every(&sources);
    assert_eq!(names.len(), 6);
    for name in names {
        assert_eq!(FeedName::parse(&name.stem()), Some(name));
    }
    for other in ["", "opml", "meetings", "council/", "council/Bury", "topic/a/b", "../store", "town/x", "A", "council/.."] {
        assert_eq!(FeedName::parse(other), None, "{other}");
    }
}

#[test]
fn titles_use_the_words_of_the_sources() {
    let sources = [source("trafford", "Trafford Council", &["childrens-services"])];
    let site = Site {
        name: "Improvement Board Watch".to_owned(),
        url: Url::parse("https://watch.example.org").unwrap(),
        contact: "admin@example.org".to_owned(),
        postal_address: None,
        timezone: chrono_tz::Europe::London,
        language: "en-GB".to_owned(),
        topics: std::collections::BTreeMap::new(),
    };
    let titles: Vec<String> = FeedName::every(&sources).iter().map(|n| n.title(&site, &sources)).collect();
    assert_eq!(
        titles,
        [
            "Improvement Board Watch",
            "Trafford Council: Improvement plan updates",
            "Trafford Council",
            "Topic: Children’s services"
        ]
    );
}

#[test]
fn a_day_is_the_same_day_here_and_in_utc() {
    let check = |day: &str, zone: Tz, expect: &str| {
        let at = dated(&known(Some(day), "2026-11-21T10:00:00Z"), zone);
        assert_eq!(at.to_rfc3339(), expect, "{day} {zone}");
        assert_eq!(at.date_naive().to_string(), day);
        assert_eq!(at.naive_utc().date().to_string(), day);
    };
    check("2021-01-22", chrono_tz::Europe::London, "2021-01-22T00:00:00+00:00");
    check("2019-07-04", chrono_tz::Europe::London, "2019-07-04T01:00:00+01:00");
    check("2019-07-04", chrono_tz::America::New_York, "2019-07-04T00:00:00-04:00");
    check("2019-03-31", chrono_tz::Europe::London, "2019-03-31T00:00:00+00:00");
}

#[test]
fn an_item_without_a_date_counts_from_when_it_was_first_seen() {
    let at = dated(&known(None, "2026-07-01T10:00:00Z"), chrono_tz::Europe::London);
    assert_eq!(at.to_rfc3339(), "2026-07-01T11:00:00+01:00");
}

#[test]
fn a_feed_holds_the_newest_few_and_everything_young() {
    let source = SourceId::parse("trafford").unwrap();
    let now: DateTime<Utc> = "2026-11-21T10:00:00Z".parse().unwrap();
    let days_ago = |days: &[i64]| -> Vec<(i64, DateTime<Utc>, ItemId)> {
        days.iter().map(|d| (*d, now - TimeDelta::days(*d), ItemId::of(&source, &d.to_string()))).collect()
    };
    let check = |ages: &[i64], items_min: usize, expect: &[i64]| {
        let limits = Limits { items_min, keep: Duration::from_secs(90 * 86_400) };
        let held: Vec<i64> = select(days_ago(ages), |i| (i.1, &i.2), limits, now).into_iter().map(|i| i.0).collect();
        assert_eq!(held, expect, "{ages:?} at least {items_min}");
    };
    check(&[400, 1, 300, 2], 3, &[1, 2, 300]);
    check(&[5, 1, 3, 2, 400], 1, &[1, 2, 3, 5]);
    check(&[90, 89], 0, &[89]);
    check(&[], 50, &[]);
    check(&[1], 50, &[1]);
}

#[test]
fn items_of_the_same_moment_stand_in_the_order_of_their_identities() {
    let source = SourceId::parse("trafford").unwrap();
    let now: DateTime<Utc> = "2026-11-21T10:00:00Z".parse().unwrap();
    let ids: Vec<ItemId> = ["a", "b", "c"].iter().map(|k| ItemId::of(&source, k)).collect();
    let limits = Limits { items_min: 50, keep: Duration::ZERO };
    let forward = select(ids.clone(), |i| (now, i), limits, now);
    let backward = select(ids.into_iter().rev().collect(), |i| (now, i), limits, now);
    assert_eq!(forward, backward);
}
