//! Planning in bundles and steps gives everybody what the rule gives them, person by person, from a ledger kept by hand.

use super::*;
use crate::domain::bundle::BundleId;
use crate::domain::choice::Choice;
use crate::domain::consent::Wording;
use crate::domain::delivery::{Position, Told};
use crate::domain::item::Item;
use crate::domain::item::{Change, Fingerprint, ItemId};
use crate::domain::source::SourceId;
use crate::domain::subscriber::{Address, Ending, Interests, SubscriberId};
use crate::rules::digest::{Given, Wish, share};
use crate::rules::token::Purpose;
use crate::store::engine::prefix_range;
use crate::store::lists::Listed;
use crate::store::polls::{ItemChange, PollRecord};
use crate::store::records::{Claim, ItemState, Revision, SourceState};
use crate::store::signups::{Ask, Yes};
use chrono::{NaiveTime, TimeDelta, Weekday};
use futures::TryStreamExt;
use proptest::prelude::*;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use url::Url;

const KEY: [u8; 32] = [7; 32];
const BOUNDS: Bounds = Bounds { people: 3, bundle: 2, looked_at: 5, ..BIG };
const BIG: Bounds = Bounds { people: 1000, bundle: 4096, looked_at: 100_000, ..NONE };
const NONE: Bounds = Bounds {
    people: 1,
    bundle: 1,
    looked_at: 1,
    claim: 1,
    turn: Duration::ZERO,
    fold: 1,
    fold_wait: Duration::ZERO,
    polls: 1,
    polls_wait: Duration::ZERO,
};

fn source(id: &str) -> Source {
    Source::bare(
        SourceId::parse(id).unwrap(),
        format!("{id} Council"),
        "Updates".into(),
        Url::parse("https://council.example.org/updates").unwrap(),
    )
}

fn everything() -> Interests {
    Interests { everything: true, ..Interests::default() }
}

struct Town {
    store: Store,
    sources: Vec<Source>,
    bounds: Bounds,
    now: DateTime<Utc>,
    given: BTreeMap<u128, Given>,
    /// Of what people had been told when they last left.
    before: BTreeMap<u128, BTreeSet<ItemId>>,
}

impl Town {
    async fn new(bounds: Bounds) -> Self {
        let town = Self {
            store: Store::in_memory(),
            sources: vec![source("a"), source("b")],
            bounds,
            now: "2026-11-20T12:00:00Z".parse().unwrap(),
            given: BTreeMap::new(),
            before: BTreeMap::new(),
        };
        town.store.start_windows(town.now).await.unwrap();
        town
    }

    /// These people, from one list each entry: `(who, list, cadence, interests)`.
    async fn list(&self, entries: &[(usize, u8, Cadence, Interests)]) {
        let listed: Vec<Listed> = entries
            .iter()
            .map(|(who, list, cadence, interests)| Listed {
                origin: format!("file:{list}"),
                address: Address::parse(&format!("p{who}@example.org")).unwrap(),
                cadence: *cadence,
                interests: interests.clone(),
            })
            .collect();
        self.store.reconcile_lists(&listed, |address| SubscriberId::of(address, &KEY), self.now).await.unwrap();
    }

    async fn publish(&self, source: &Source, key: &str, change: Change) {
        let id = ItemId::of(&source.id, key);
        let fresh: SourceState = serde_json::from_value(json!({
            "about": { "council": source.council, "title": source.title, "url": source.url, "topics": [] }, "next_due": self.now,
        }))
        .unwrap();
        let claim = Claim { owner: "test".into(), until: self.now };
        let claimed = self.store.claim_source(&source.id, fresh, claim, self.now).await.unwrap().unwrap();
        let before = self.store.item(&source.id, &id).await.unwrap();
        let number = before.as_ref().map_or(0, |row| row.value.revision) + u32::from(change != Change::Withdrawn);
        let after: ItemState = serde_json::from_value(json!({
            "id": id, "key": key, "fingerprint": Fingerprint(number.to_string()), "recipe": 1, "revision": number,
            "published": null, "first_seen": self.now, "revised": self.now, "has_text": true,
        }))
        .unwrap();
        let item: Item = serde_json::from_value(json!({
            "key": key, "title": key, "url": source.url, "published": null, "meeting": null, "text": "The Board met.",
            "html": null, "documents": [], "decisions": [], "next_meeting": null,
        }))
        .unwrap();
        let revision = Revision { number, seen: self.now, recipe: 1, item, page_sha256: None };
        let revision = (change != Change::Withdrawn).then_some(revision);
        let items = vec![ItemChange { before, after, revisions: revision.into_iter().collect(), notice: Some(change) }];
        let record = PollRecord { state: claimed.value.clone(), items, dirty: Vec::new() };
        self.store.record_poll(&source.id, &claimed, &record, self.now).await.unwrap();
    }

    /// Plans, and compares with what the rule says person by person. Answers how many were told.
    async fn plan(&mut self, cadence: Cadence) -> usize {
        let times = DigestTimes {
            daily: NaiveTime::from_hms_opt(7, 30, 0).unwrap(),
            weekly: (Weekday::Sat, NaiveTime::from_hms_opt(7, 30, 0).unwrap()),
        };
        let zone = chrono_tz::Europe::London;
        let close = last_close(cadence, &times, zone, self.now).unwrap();
        let open = self.store.open_window(cadence, close, self.now).await.unwrap();
        let window = open.and_then(|row| row.value.open).map(|open| open.window);
        let made = plan(&self.store, &self.sources, &[cadence], &times, zone, &self.bounds, self.now).await.unwrap();
        let Some(window) = window else {
            assert_eq!(made, 0);
            return 0;
        };
        let sources = Sources::read(&self.store, &self.sources).await.unwrap();
        let notices = self.store.notices(window.from, window.to).await.unwrap();
        let log = InFull::read(&self.store, &sources, notices).await.unwrap();
        let mut expected: BTreeMap<u128, Vec<Told>> = BTreeMap::new();
        for subscriber in self.store.subscribers_after(None, 10_000).await.unwrap() {
            let wanted = active(&subscriber.person.value, subscriber.subscriptions);
            let wishes: Vec<Wish<'_>> = wanted
                .iter()
                .filter(|s| s.cadence == cadence)
                .map(|s| Wish { interests: &s.interests, since: s.since, until: None })
                .collect();
            let given = self.given.entry(subscriber.id.number()).or_default();
            let before = self.before.entry(subscriber.id.number()).or_default();
            let share = share(&log.notices(), &wishes, given, before, &BTreeSet::new());
            for (item, position) in share.covered {
                given.entry(item).or_default().insert(position);
            }
            if !share.told.is_empty() {
                expected.insert(subscriber.id.number(), share.told);
            }
        }
        let series = Series::of(cadence, window);
        let mut found = BTreeMap::new();
        let range = prefix_range(format!("bundle/{}/", series.as_str()).as_bytes());
        let bundles: Vec<Row<Bundle>> = self.store.rows(range).try_collect().await.unwrap();
        for bundle in bundles {
            let bundle = bundle.value;
            assert!(bundle.members().len() <= self.bounds.bundle);
            let first = SubscriberId::from_number(bundle.members()[0].number);
            assert!(self.store.bundle(&BundleId::of(&series, first.as_str())).await.is_ok());
            for member in bundle.members() {
                assert!(found.last_key_value().is_none_or(|(last, _)| *last < member.number), "in order, each once");
                found.insert(member.number, bundle.told(member.group).cloned().collect::<Vec<_>>());
            }
        }
        assert_eq!(found, expected);
        assert_eq!(made, expected.len() as u64);
        expected.len()
    }
}

#[tokio::test]
async fn a_withdrawal_is_told_to_those_who_had_been_told_at_whatever_cadence() {
    let mut town = Town::new(BOUNDS).await;
    let all = |cadence| (0..12).map(move |who| (who, 0, cadence, everything())).collect::<Vec<_>>();
    town.list(&all(Cadence::Immediate)).await;
    town.now += TimeDelta::minutes(1);
    let a = town.sources[0].clone();
    town.publish(&a, "one", Change::New).await;
    assert_eq!(town.plan(Cadence::Immediate).await, 12);
    // They change to daily, and somebody joins.
    town.now += TimeDelta::minutes(1);
    let mut daily = all(Cadence::Daily);
    daily.push((99, 0, Cadence::Daily, everything()));
    town.list(&daily).await;
    town.now += TimeDelta::minutes(1);
    town.publish(&a, "one", Change::Withdrawn).await;
    town.now += TimeDelta::days(1);
    assert_eq!(town.plan(Cadence::Daily).await, 12, "not to the one who joined after it was told");
}

#[tokio::test]
async fn a_window_planned_beside_another_gives_nobody_the_same_twice() {
    let mut town = Town::new(BOUNDS).await;
    let both = (0..9).flat_map(|who| [(who, 0, Cadence::Immediate, everything()), (who, 1, Cadence::Daily, everything())]);
    town.list(&both.collect::<Vec<_>>()).await;
    town.now += TimeDelta::minutes(1);
    let a = town.sources[0].clone();
    town.publish(&a, "one", Change::New).await;
    town.now += TimeDelta::days(1);
    // Both windows are open; the daily one is planned between two steps of the immediate one.
    let close = town.now;
    let immediate = town.store.open_window(Cadence::Immediate, close, town.now).await.unwrap().unwrap();
    let others = town.store.other_windows(Cadence::Immediate).await.unwrap();
    assert_eq!(town.plan(Cadence::Daily).await, 9);
    let mut row = immediate;
    let progress = Progress { after: None, is_done: true };
    let late = town.store.record_plan(Cadence::Immediate, &mut row, &others, None, progress, town.now).await;
    assert!(late.unwrap_err().is_conflict(), "its ledger is older than what the daily window gave");
    assert_eq!(town.plan(Cadence::Immediate).await, 0);
}

#[tokio::test]
async fn who_left_is_planned_nothing() {
    let mut town = Town::new(BIG).await;
    town.list(&(0..3).map(|who| (who, 0, Cadence::Immediate, everything())).collect::<Vec<_>>()).await;
    let left = SubscriberId::of(&Address::parse("p1@example.org").unwrap(), &KEY);
    town.store.end_subscriptions(&left, Ending::Unsubscribed, town.now).await.unwrap();
    town.now += TimeDelta::minutes(1);
    let a = town.sources[0].clone();
    town.publish(&a, "one", Change::New).await;
    assert_eq!(town.plan(Cadence::Immediate).await, 2);
}

/// A town in which somebody was told of one thing of everything, has left, or been erased, and come back for this.
async fn come_back(erased: bool, interests: Interests) -> Town {
    let mut town = Town::new(BIG).await;
    town.list(&[(1, 0, Cadence::Immediate, everything())]).await;
    town.now += TimeDelta::minutes(1);
    let a = town.sources[0].clone();
    town.publish(&a, "one", Change::New).await;
    assert_eq!(town.plan(Cadence::Immediate).await, 1);
    town.now += TimeDelta::minutes(1);
    let address = Address::parse("p1@example.org").unwrap();
    let id = SubscriberId::of(&address, &KEY);
    town.store.end_subscriptions(&id, Ending::Unsubscribed, town.now).await.unwrap();
    if erased {
        town.store.erase(&id, Ending::Erased, town.now).await.unwrap();
    }
    let ask = Ask {
        address,
        choice: Choice::from_iter([(Cadence::Immediate, interests)]),
        monthly: false,
        wording: Wording { version: "test/en".into(), text: "Yes.".into() },
        instead_of: None,
    };
    town.store.record_request(&id, &ask, 3, town.now).await.unwrap();
    let until = Purpose::Confirm.expiry(town.now).unwrap();
    assert_eq!(town.store.record_yes(&id, until, town.now).await.unwrap(), Yes::Begins);
    // Another life: of the one before only is known of what they had been told, and nothing of who was erased.
    let given = std::mem::take(&mut town.given);
    if !erased {
        town.before = given.into_iter().map(|(who, given)| (who, given.into_keys().collect())).collect();
    }
    town.now += TimeDelta::minutes(1);
    town
}

#[tokio::test]
async fn who_comes_back_for_something_else_is_not_told_what_became_of_what_they_left() {
    let of_b = Interests { sources: vec!["b".into()], ..Interests::default() };
    let mut town = come_back(false, of_b).await;
    let (a, b) = (town.sources[0].clone(), town.sources[1].clone());
    for change in [Change::Revised, Change::Withdrawn] {
        town.publish(&a, "one", change).await;
        assert_eq!(town.plan(Cadence::Immediate).await, 0, "{change:?}");
    }
    town.publish(&b, "two", Change::New).await;
    assert_eq!(town.plan(Cadence::Immediate).await, 1);
}

#[tokio::test]
async fn who_comes_back_and_follows_it_again_is_told_that_what_they_knew_was_withdrawn() {
    let of_a = Interests { sources: vec!["a".into()], ..Interests::default() };
    for (erased, expected) in [(false, 1), (true, 0)] {
        let mut town = come_back(erased, of_a.clone()).await;
        let a = town.sources[0].clone();
        town.publish(&a, "one", Change::Withdrawn).await;
        assert_eq!(town.plan(Cadence::Immediate).await, expected, "erased: {erased}");
        town.now += TimeDelta::minutes(1);
        assert_eq!(town.plan(Cadence::Immediate).await, 0, "once");
    }
}

fn interests() -> impl Strategy<Value = Interests> {
    prop_oneof![
        Just(everything()),
        Just(Interests { sources: vec!["a".into()], ..Interests::default() }),
        Just(Interests { keywords: vec!["board".into()], sources: vec!["b".into()], ..Interests::default() }),
    ]
}

fn cadence() -> impl Strategy<Value = Cadence> {
    prop::sample::select(Cadence::ALL.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn everybody_is_planned_what_the_rule_says(
        days in prop::collection::vec(
            (
                prop::collection::vec((0usize..14, 0u8..2, cadence(), interests()), 0..24),
                prop::collection::vec((0usize..2, 0u8..4, prop::sample::select(vec![Change::New, Change::Revised, Change::Withdrawn])), 0..5),
            ),
            1..9,
        ),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut town = Town::new(BOUNDS).await;
            let mut known = std::collections::BTreeSet::new();
            for (mut people, news) in days {
                // One entry for a person in a list.
                people.sort_by_key(|(who, list, ..)| (*who, *list));
                people.dedup_by_key(|(who, list, ..)| (*who, *list));
                town.list(&people).await;
                for (source, key, change) in news {
                    town.now += TimeDelta::hours(1);
                    let is_new = known.insert((source, key));
                    let source = town.sources[source].clone();
                    town.publish(&source, &key.to_string(), if is_new { Change::New } else { change }).await;
                    if key == 0 {
                        town.plan(Cadence::Immediate).await;
                    }
                }
                town.now += TimeDelta::hours(22);
                for cadence in Cadence::ALL {
                    town.plan(cadence).await;
                }
            }
            // The ledger is the one that was kept by hand, position by position.
            let items = [0, 1].into_iter().flat_map(|s| (0..4).map(move |key: u8| (s, key.to_string())));
            let items = items.map(|(s, key)| ItemId::of(&town.sources[s].id, &key)).collect();
            let mut ledger = town.store.ledger(items, &Series::named("none", Position(0))).await.unwrap();
            for (number, expected) in &town.given {
                assert_eq!(&ledger.given(*number, 0).await.unwrap(), expected);
            }
        });
    }
}
