//! A town for benchmarks: people with their interests, news that they are told, and a store that holds both.

#![allow(dead_code, reason = "no benchmark uses all of it")]

use boardwatch::config::{BounceSettings, SoftLimit};
use boardwatch::domain::item::{Change, Item, ItemId};
use boardwatch::domain::site::Site;
use boardwatch::domain::source::{Source, SourceId};
use boardwatch::domain::subscriber::{Address, Cadence, Interests, SubscriberId};
use boardwatch::edge::clock::SystemClock;
use boardwatch::engine::bounds::Bounds;
use boardwatch::engine::deliver::{Hanging, Postman};
use boardwatch::engine::known::Sources;
use boardwatch::engine::plan::plan;
use boardwatch::ports::Mail;
use boardwatch::rules::schedule::DigestTimes;
use boardwatch::rules::token::Keyring;
use boardwatch::store::Store;
use boardwatch::store::bodies::FileBodies;
use boardwatch::store::lists::Listed;
use boardwatch::store::polls::{ItemChange, PollRecord};
use boardwatch::store::records::{Claim, ItemState, Revision, SourceState};
use boardwatch::store::sled::SledEngine;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc, Weekday};
use serde_json::json;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use url::Url;

/// The installation's secret.
pub(super) const KEY: [u8; 32] = [7; 32];

static NO_BOUNCES: BounceSettings =
    BounceSettings { mailbox: None, is_read: false, soft: SoftLimit { max: 5, within: Duration::from_secs(86_400) } };

/// The store in `folder`.
pub(super) fn open(folder: &Path) -> (Arc<SledEngine>, Store) {
    let engine = Arc::new(SledEngine::open(folder).unwrap());
    let store = Store::new(engine.clone(), Arc::new(FileBodies::new(folder.join("bodies"))));
    (engine, store)
}

pub(super) fn source(n: usize) -> Source {
    Source {
        topics: vec!["childrens-services".into()],
        ..Source::bare(
            SourceId::parse(&format!("council-{n}")).unwrap(),
            format!("Council {n}"),
            "Improvement board updates".into(),
            Url::parse("https://council.example.org/updates").unwrap(),
        )
    }
}

/// Six in ten want everything, three in ten a council, one in ten a word; all once a day, one in ten of one source at once
/// too.
fn wants(n: usize) -> Vec<(Cadence, Interests)> {
    let daily = match n % 10 {
        0..=5 => Interests { everything: true, ..Interests::default() },
        6..=8 => Interests { councils: vec![format!("Council {}", n % 4)], ..Interests::default() },
        _ => Interests { keywords: vec!["turnover".into(), format!("word{}", n % 50)], ..Interests::default() },
    };
    let mut all = vec![(Cadence::Daily, daily)];
    if n.is_multiple_of(10) {
        all.push((Cadence::Immediate, Interests { sources: vec!["council-1".into()], ..Interests::default() }));
    }
    all
}

/// Makes a store in which `people` are to be told of twelve things.
pub(super) async fn seed(folder: &Path, people: usize) {
    let (store, yesterday) = seed_people(folder, people).await;
    for n in 0..12 {
        publish(&store, &source(n % 4), n, yesterday + TimeDelta::minutes(1)).await;
    }
}

/// Makes a store of `people` whom nothing has happened for yet. Answers with it, and since when they wait.
pub(super) async fn seed_people(folder: &Path, people: usize) -> (Store, DateTime<Utc>) {
    let (_, store) = open(folder);
    let yesterday = Utc::now() - TimeDelta::hours(30);
    store.start_windows(yesterday).await.unwrap();
    let entries = (0..people).flat_map(|n| {
        let address = Address::parse(&format!("resident-{n}@example.org")).unwrap();
        wants(n).into_iter().map(move |(cadence, interests)| Listed {
            origin: format!("own:{}", cadence.as_str()),
            address: address.clone(),
            cadence,
            interests,
        })
    });
    let listed: Vec<Listed> = entries.collect();
    store.reconcile_lists(&listed, |address| SubscriberId::of(address, &KEY), yesterday).await.unwrap();
    (store, yesterday)
}

async fn publish(store: &Store, source: &Source, n: usize, now: DateTime<Utc>) {
    let key = format!("update-{n}");
    let id = ItemId::of(&source.id, &key);
    let about = json!({ "council": source.council, "title": source.title, "url": source.url, "topics": source.topics });
    let fresh: SourceState = serde_json::from_value(json!({ "about": about, "next_due": now })).unwrap();
    let claim = Claim { owner: "bench".into(), until: now };
    let claimed = store.claim_source(&source.id, fresh, claim, now).await.unwrap().unwrap();
    let after: ItemState = serde_json::from_value(json!({
        "id": id, "key": key, "fingerprint": "1", "recipe": 1, "revision": 1, "published": null, "first_seen": now,
        "revised": now, "has_text": true,
    }))
    .unwrap();
    let text = "The Board met and looked at staff turnover, at caseloads and at the plan for the next quarter.\n".repeat(6);
    let item: Item = serde_json::from_value(json!({
        "key": key, "title": format!("Improvement Board update {n}"), "url": source.url, "published": null, "meeting": null,
        "text": text, "html": null, "documents": [], "decisions": [], "next_meeting": null,
    }))
    .unwrap();
    let revisions = vec![Revision { number: 1, seen: now, recipe: 1, item, page_sha256: None }];
    let items = vec![ItemChange { before: None, after, revisions, notice: Some(Change::New) }];
    let record = PollRecord { state: claimed.value.clone(), items, dirty: Vec::new() };
    store.record_poll(&source.id, &claimed, &record, now).await.unwrap();
}

/// The store, what is watched, and who says so.
pub(super) struct Town {
    pub(super) engine: Arc<SledEngine>,
    pub(super) store: Store,
    pub(super) sources: Vec<Source>,
    pub(super) bounds: Bounds,
    pub(super) site: Site,
    pub(super) from: Address,
    pub(super) links: Keyring,
    pub(super) hanging: Hanging,
}

impl Town {
    /// That of the store in `folder`, read once: sled keeps what has been read, all of it. That is its cache, and is filled
    /// before anything is counted.
    pub(super) async fn open(folder: &Path) -> Self {
        let (engine, store) = open(folder);
        let mut after = None;
        loop {
            let page = store.subscribers_after(after.as_ref(), 1_000).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.id.clone());
        }
        let site = Site {
            name: "Board Watch".into(),
            url: Url::parse("https://boards.example.org").unwrap(),
            contact: "admin@example.org".into(),
            postal_address: None,
            timezone: chrono_tz::Europe::London,
            language: "en-GB".into(),
            topics: std::collections::BTreeMap::new(),
        };
        let (sources, from) = ((0..4).map(source).collect(), Address::parse("updates@example.org").unwrap());
        let (links, hanging) = (Keyring::of(KEY), Hanging::default());
        Self { engine, store, sources, bounds: Bounds::default(), site, from, links, hanging }
    }

    /// Plans what is due. Answers how many deliveries.
    pub(super) async fn plan(&self) -> u64 {
        let times = DigestTimes {
            daily: NaiveTime::from_hms_opt(0, 0, 0).unwrap(),
            weekly: (Weekday::Sat, NaiveTime::from_hms_opt(0, 0, 0).unwrap()),
        };
        let cadences = [Cadence::Immediate, Cadence::Daily];
        plan(&self.store, &self.sources, &cadences, &times, self.site.timezone, &self.bounds, Utc::now()).await.unwrap()
    }

    /// Who delivers it through `mail`.
    pub(super) fn postman<'a>(&'a self, mail: &'a dyn Mail, known: &'a Sources, connections: usize) -> Postman<'a> {
        Postman {
            mail,
            hanging: &self.hanging,
            clock: &SystemClock,
            sources: known,
            site: &self.site,
            from: (Some("Board Watch"), &self.from),
            only_to: &[],
            connections,
            lines: connections,
            per_minute_max: None,
            stale_after: Duration::from_secs(7 * 86_400),
            bounces: &NO_BOUNCES,
            key: &KEY,
            links: &self.links,
            owner: "bench",
            bounds: &self.bounds,
        }
    }
}

/// Where clock, processor, memory and disk stood.
pub(super) struct Sample {
    at: Instant,
    cpu: f64,
    resident_kib: u64,
    syncs: u64,
}

impl Sample {
    /// As they stand now.
    pub(super) fn take(engine: &SledEngine) -> Self {
        // From here on the kernel's high-water mark is ours (proc(5), clear_refs).
        std::fs::write("/proc/self/clear_refs", "5").unwrap();
        Self { at: Instant::now(), cpu: cpu_seconds(), resident_kib: status("VmRSS:"), syncs: engine.syncs() }
    }

    /// Prints what was done since.
    pub(super) fn report(&self, what: &str, done: u64, engine: &SledEngine) {
        let (seconds, cpu, above_mib, resident_mib) = self.until_now();
        println!(
            "{what}: {done} in {seconds:.1} s, {:.0}/s, {:.1} µs of processor each, {:.0} commits/s, {above_mib:.0} MiB above {resident_mib:.0} MiB",
            done as f64 / seconds,
            cpu * 1e6 / done as f64,
            (engine.syncs() - self.syncs) as f64 / seconds,
        );
    }

    /// Seconds that passed and seconds of processor time since, MiB at most above those that were resident then.
    pub(super) fn until_now(&self) -> (f64, f64, f64, f64) {
        let above_mib = status("VmHWM:").saturating_sub(self.resident_kib) as f64 / 1024.0;
        (self.at.elapsed().as_secs_f64(), cpu_seconds() - self.cpu, above_mib, self.resident_kib as f64 / 1024.0)
    }
}

fn status(field: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// User and system time of this process, in seconds.
pub(super) fn cpu_seconds() -> f64 {
    cpu_seconds_of("/proc/self/stat")
}

/// The same of the process whose `stat` this is; a tick is a hundredth of a second on Linux (proc(5)).
pub(super) fn cpu_seconds_of(stat: &str) -> f64 {
    let stat = std::fs::read_to_string(stat).unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    fields[11..13].iter().map(|ticks| ticks.parse::<f64>().unwrap() / 100.0).sum()
}
