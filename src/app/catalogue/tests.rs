//! What is read of the store for the pages, and what is not.

use super::*;
use crate::app::desk::Lately;
use crate::domain::item::Item;
use crate::domain::subscriber::Interests;
use crate::rules::estimate::{Past, updates};
use crate::store::Store;
use crate::store::bell::Bell;
use crate::store::bodies::MemoryBodies;
use crate::store::engine::{Check, Engine, EngineError, Key, Versioned, Write};
use crate::store::memory::MemoryEngine;
use crate::store::polls::{ItemChange, PollRecord};
use crate::store::records::{Claim, Revision, SourceState};
use chrono::TimeDelta;
use futures::future::BoxFuture;
use serde_json::json;
use std::ops::Range;
use std::sync::Mutex as Locked;
use url::Url;

const ZONE: Tz = chrono_tz::Europe::London;

fn now() -> DateTime<Utc> {
    "2026-11-20T10:00:00Z".parse().unwrap()
}

/// An engine that remembers what it was asked for, and can be told to fail.
#[derive(Default)]
struct Watched {
    engine: MemoryEngine,
    asked: Locked<Vec<String>>,
    broken: Locked<Option<&'static str>>,
}

impl Watched {
    fn hear(&self, key: &[u8]) -> Result<(), EngineError> {
        let key = String::from_utf8_lossy(key).into_owned();
        let is_broken = self.broken.lock().unwrap().is_some_and(|broken| key.starts_with(broken));
        self.asked.lock().unwrap().push(key);
        if is_broken { Err(EngineError::Damaged("as the test wants it".into())) } else { Ok(()) }
    }

    /// What was asked for since this was last asked, by the first part of its key.
    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

impl Engine for Watched {
    fn get(&self, key: Key) -> BoxFuture<'_, Result<Option<Versioned>, EngineError>> {
        match self.hear(&key) {
            Ok(()) => self.engine.get(key),
            Err(error) => Box::pin(std::future::ready(Err(error))),
        }
    }

    fn scan(&self, range: Range<Key>, limit: usize) -> BoxFuture<'_, Result<Vec<(Key, Versioned)>, EngineError>> {
        match self.hear(&range.start) {
            Ok(()) => self.engine.scan(range, limit),
            Err(error) => Box::pin(std::future::ready(Err(error))),
        }
    }

    fn commit(&self, checks: Vec<Check>, writes: Vec<Write>) -> BoxFuture<'_, Result<u64, EngineError>> {
        self.engine.commit(checks, writes)
    }

    fn is_exclusive(&self) -> bool {
        true
    }

    fn bell(&self) -> Option<Arc<Bell>> {
        self.engine.bell()
    }
}

struct Desk {
    engine: Arc<Watched>,
    store: Store,
    keeper: Keeper,
    lately: Lately,
}

impl Desk {
    fn new() -> Self {
        let engine = Arc::new(Watched::default());
        let store = Store::new(engine.clone(), Arc::new(MemoryBodies::new()));
        Self { engine, store, keeper: Keeper::default(), lately: Lately::default() }
    }

    /// A poll of `source` that finds these titles, each published on its day.
    async fn polled(&self, source: &Source, found: &[(&str, &str)]) {
        let about = json!({ "council": source.council, "title": source.title, "url": source.url, "topics": [] });
        let fresh: SourceState = serde_json::from_value(json!({ "about": about, "next_due": now() })).unwrap();
        let claim = Claim { owner: "test".into(), until: now() };
        let claimed = self.store.claim_source(&source.id, fresh, claim, now()).await.unwrap().unwrap();
        let items = found.iter().map(|(title, day)| found_item(source, title, day)).collect();
        let state =
            SourceState { claim: None, outcome: Some(crate::domain::poll::PollOutcome::Unchanged), ..claimed.value.clone() };
        let record = PollRecord { state, items, dirty: Vec::new() };
        self.store.record_poll(&source.id, &claimed, &record, now()).await.unwrap();
    }

    async fn known(&mut self) -> Arc<Known> {
        self.keeper.refreshed(&self.store, ZONE).await.unwrap()
    }

    async fn past(&mut self, sources: &[Source]) -> Vec<Past> {
        let known = self.known().await;
        self.lately.past(&self.store, &known, sources, now()).await.unwrap()
    }
}

fn found_item(source: &Source, title: &str, day: &str) -> ItemChange {
    let id = ItemId::of(&source.id, title);
    let after: ItemState = serde_json::from_value(json!({
        "id": id, "key": title, "fingerprint": title, "recipe": 1, "revision": 1, "published": day, "first_seen": now(),
        "revised": now(), "has_text": true,
    }))
    .unwrap();
    let item: Item = serde_json::from_value(json!({
        "key": title, "title": title, "url": source.url, "published": day, "meeting": null, "text": "About buses.",
        "html": null, "documents": [], "decisions": [], "next_meeting": null,
    }))
    .unwrap();
    let revisions = vec![Revision { number: 1, seen: now(), recipe: 1, item, page_sha256: None }];
    ItemChange { before: None, after, revisions, notice: None }
}

fn source(name: &str) -> Source {
    let url = Url::parse(&format!("https://{name}.example.org/")).unwrap();
    Source::bare(SourceId::parse(name).unwrap(), format!("{name} Council"), "Updates".into(), url)
}

fn days(known: &Known, sources: &[Source]) -> Vec<String> {
    known.latest(sources).map(|card| card.news_day().to_string()).collect()
}

#[tokio::test]
async fn the_latest_news_are_those_of_the_sources_that_are_watched_the_newest_first() {
    let mut desk = Desk::new();
    let (bury, torbay, gone) = (source("bury"), source("torbay"), source("gone"));
    desk.polled(&bury, &[("a", "2026-11-01"), ("b", "2026-11-03")]).await;
    desk.polled(&torbay, &[("c", "2026-11-02")]).await;
    desk.polled(&gone, &[("d", "2026-11-04")]).await;
    let known = desk.known().await;
    assert_eq!(known.cards.len(), 4);
    let sources = [bury.clone(), torbay.clone()];
    assert_eq!(days(&known, &sources), ["2026-11-03", "2026-11-02", "2026-11-01"]);
    desk.polled(&torbay, &[("e", "2026-11-05")]).await;
    let known = desk.known().await;
    assert_eq!(days(&known, &sources).first().map(String::as_str), Some("2026-11-05"));
    let seen = known.watched(&torbay, ZONE, now());
    assert_eq!((seen.items, seen.newest.map(|day| day.date().to_string())), (2, Some("2026-11-05".into())));
    assert_eq!(known.watched(&source("new"), ZONE, now()).health, crate::rules::health::Health::NotReadYet);
}

#[tokio::test]
async fn where_no_source_was_written_nothing_is_read() {
    let mut desk = Desk::new();
    desk.polled(&source("bury"), &[("a", "2026-11-01")]).await;
    desk.known().await;
    desk.engine.asked();
    desk.known().await;
    let asked = desk.engine.asked();
    assert!(asked.is_empty(), "{asked:?}");
}

#[tokio::test]
async fn a_poll_that_writes_no_item_has_none_read() {
    let mut desk = Desk::new();
    let (bury, torbay) = (source("bury"), source("torbay"));
    desk.polled(&bury, &[("a", "2026-11-01")]).await;
    desk.polled(&torbay, &[("b", "2026-11-01")]).await;
    let before = desk.known().await;
    desk.polled(&bury, &[]).await;
    desk.engine.asked();
    let after = desk.known().await;
    assert_eq!(desk.engine.asked(), ["src/"]);
    assert!(Arc::ptr_eq(&before.cards, &after.cards), "so that nobody compares them again");
    desk.polled(&torbay, &[("c", "2026-11-02")]).await;
    desk.engine.asked();
    desk.known().await;
    let asked = desk.engine.asked();
    assert!(asked.iter().any(|key| key.starts_with("item/torbay")), "{asked:?}");
    assert!(!asked.iter().any(|key| key.starts_with("item/bury")), "{asked:?}");
}

#[tokio::test]
async fn a_reading_that_breaks_off_is_gone_on_from_by_the_next_look() {
    let mut desk = Desk::new();
    desk.polled(&source("bury"), &[("a", "2026-11-01")]).await;
    desk.polled(&source("torbay"), &[("b", "2026-11-01")]).await;
    *desk.engine.broken.lock().unwrap() = Some("item/torbay");
    desk.keeper.refreshed(&desk.store, ZONE).await.unwrap_err();
    *desk.engine.broken.lock().unwrap() = None;
    desk.engine.asked();
    assert_eq!(desk.known().await.cards.len(), 2);
    assert!(!desk.engine.asked().iter().any(|key| key.starts_with("item/bury")), "what was read is kept");
}

#[tokio::test]
async fn an_estimate_counts_what_was_published_a_moment_ago() {
    let mut desk = Desk::new();
    let bury = source("bury");
    let sources = [bury.clone()];
    let buses = Interests { keywords: vec!["buses".into()], ..Interests::default() };
    assert!(desk.past(&sources).await.is_empty());
    desk.polled(&bury, &[("a", "2026-11-01"), ("of last year", "2025-11-01")]).await;
    let past = desk.past(&sources).await;
    assert_eq!((past.len(), updates(&past, &buses)), (1, 1), "and nothing older than a quarter");
    desk.polled(&bury, &[("b", "2026-11-02")]).await;
    desk.known().await;
    desk.engine.asked();
    let past = desk.past(&sources).await;
    assert_eq!(updates(&past, &buses), 2);
    assert_eq!(past.first().map(|past| past.at), Some("2026-11-02T00:00:00Z".parse().unwrap()));
    let asked = desk.engine.asked();
    assert_eq!(asked.len(), 1, "what was read before is not read again: {asked:?}");
}

#[tokio::test]
async fn days_are_those_of_the_zone_that_is_in_force() {
    let mut desk = Desk::new();
    let bury = source("bury");
    desk.polled(&bury, &[("a", "2026-11-01")]).await;
    let here = desk.known().await;
    let there = desk.keeper.refreshed(&desk.store, chrono_tz::Pacific::Auckland).await.unwrap();
    assert!(!Arc::ptr_eq(&here.cards, &there.cards), "they are read anew");
    let quarter = now() - TimeDelta::days(90);
    assert!(there.cards.iter().all(|card| card.published_at() > quarter));
}
