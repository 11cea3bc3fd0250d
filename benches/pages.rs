//! What the pages for everybody cost where 100,000 items of 500 sources are known: the front page and the status page as a visitor
//! asks for them, beside reading every source of the store for it.
//!
//! The program is the one that `run` uses: configuration, store on disk, web side, search index. What is asked for within a second
//! of the last visitor is answered with the same, so each visit is a second after the one before.
//! `cargo bench --bench pages`; `-- SOURCES ITEMS` takes other numbers, ITEMS of each source.

// A bench may stop where a program may not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::cast_precision_loss)]

use boardwatch::app;
use boardwatch::app::daemon::Live;
use boardwatch::app::web_side::WebSide;
use boardwatch::config::{self, Config};
use boardwatch::domain::item::{Item, ItemId};
use boardwatch::domain::source::Source;
use boardwatch::edge::clock::SystemClock;
use boardwatch::edge::http::install_tls_provider;
use boardwatch::engine::pass::World;
use boardwatch::engine::watched::watched;
use boardwatch::store::polls::{ItemChange, PollRecord};
use boardwatch::store::records::{Claim, ItemState, Revision, SourceState};
use boardwatch::web::{router, serve};
use chrono::Utc;
use mimalloc::MiMalloc;
use serde_json::json;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Longer than an answer is given again.
const A_WHILE: Duration = Duration::from_millis(1_500);
/// Visitors who search without a pause.
const SEARCHERS: usize = 16;

/// The program's own.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let number = |place: usize| args.get(place).map(|arg| arg.parse::<usize>().unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(measure(number(0).unwrap_or(500), number(1).unwrap_or(200)));
}

async fn measure(sources: usize, items: usize) {
    install_tls_provider();
    let folder = tempfile::tempdir().unwrap();
    configure(&folder.path().join("config"), sources);
    let (config, _) = config::read(&folder.path().join("config"), &|_| None).unwrap();
    let world = app::open(&config, Arc::new(SystemClock)).await.unwrap();
    let titles: Vec<String> = (0..items).map(|n| format!("Update {n}")).collect();
    for source in &config.sources {
        polled(&world, source, &titles).await;
    }
    for _ in 0..2 {
        let begun = Instant::now();
        read_every_source(&world, &config).await;
        println!("reading every source with its items: {:.3} s", begun.elapsed().as_secs_f64());
    }

    let (sender, live) = watch::channel(Arc::new(Live { config: config.clone(), world: world.clone() }));
    let side = WebSide::over(&live);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let shutdown = CancellationToken::new();
    let serving = tokio::spawn(serve(listener, router(side.state.clone()), shutdown.clone()));
    visit(&base, "for the first time").await;
    visit(&base, "with nothing written since").await;
    let first = config.sources.first().unwrap();
    polled(&world, first, &[]).await;
    visit(&base, "after a poll without news").await;
    polled(&world, first, &["News".to_owned()]).await;
    visit(&base, "after a poll with news").await;

    let begun = Instant::now();
    let known = side.index().await.unwrap();
    println!("making the search index of {known} items: {:.1} s", begun.elapsed().as_secs_f64());
    let searches: Vec<_> = (0..SEARCHERS).map(|_| tokio::spawn(search_without_pause(base.clone()))).collect();
    visit(&base, "beside sixteen who search").await;
    let begun = Instant::now();
    read_every_source(&world, &config).await;
    println!("reading every source beside them: {:.3} s", begun.elapsed().as_secs_f64());
    searches.iter().for_each(tokio::task::JoinHandle::abort);
    shutdown.cancel();
    serving.await.unwrap().unwrap();
    drop(sender);
}

async fn read_every_source(world: &World, config: &Config) {
    for source in &config.sources {
        watched(&world.store, source, config.site.timezone, Utc::now()).await.unwrap();
    }
}

/// Asks for both pages as somebody who comes a while after the last.
async fn visit(base: &str, when: &str) {
    tokio::time::sleep(A_WHILE).await;
    for page in ["/", "/status"] {
        let begun = Instant::now();
        let answer = reqwest::get(format!("{base}{page}")).await.unwrap().error_for_status().unwrap();
        let bytes = answer.bytes().await.unwrap().len();
        println!("{page} {when}: {:.4} s, {bytes} bytes", begun.elapsed().as_secs_f64());
    }
}

/// Never ends. Who comes when there is no place is told so, and asks again.
async fn search_without_pause(base: String) {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    loop {
        let answer = client.get(format!("{base}/search?q=%22the%20board%22")).send().await.unwrap();
        std::hint::black_box(answer.bytes().await.unwrap());
    }
}

fn configure(folder: &Path, sources: usize) {
    std::fs::create_dir_all(folder.join("sources")).unwrap();
    let text = "[site]\nname = \"Board Watch\"\nurl = \"http://127.0.0.1:8080\"\ncontact = \"admin@example.org\"\ndata_dir = \"../var\"\n";
    std::fs::write(folder.join("boardwatch.toml"), text).unwrap();
    for n in 0..sources {
        let text = format!(
            "council = \"Council {n}\"\ntitle = \"Board updates\"\nurl = \"https://council-{n}.example.org/\"\ntopics = [\"boards\"]\n"
        );
        std::fs::write(folder.join(format!("sources/council-{n}.toml")), text).unwrap();
    }
}

/// Records a poll of `source` that finds new items of these titles.
async fn polled(world: &World, source: &Source, titles: &[String]) {
    let now = Utc::now();
    let about = json!({ "council": source.council, "title": source.title, "url": source.url, "topics": source.topics });
    let fresh: SourceState = serde_json::from_value(json!({ "about": about, "next_due": now })).unwrap();
    let claim = Claim { owner: "bench".into(), until: now };
    let claimed = world.store.claim_source(&source.id, fresh, claim, now).await.unwrap().unwrap();
    let items = titles.iter().enumerate().map(|(n, title)| {
        let day = format!("2026-{:02}-{:02}", 1 + n % 10, 1 + n % 28);
        let after: ItemState = serde_json::from_value(json!({
            "id": ItemId::of(&source.id, title), "key": title, "fingerprint": title, "recipe": 1, "revision": 1,
            "published": day, "first_seen": now, "revised": now, "has_text": true,
        }))
        .unwrap();
        let item: Item = serde_json::from_value(json!({
            "key": title, "title": title, "url": source.url, "published": day, "meeting": null,
            "text": "The Board met and the Board agreed.", "html": null, "documents": [], "decisions": [], "next_meeting": null,
        }))
        .unwrap();
        let revisions = vec![Revision { number: 1, seen: now, recipe: 1, item, page_sha256: None }];
        ItemChange { before: None, after, revisions, notice: None }
    });
    let state = SourceState { claim: None, ..claimed.value.clone() };
    let record = PollRecord { state, items: items.collect(), dirty: Vec::new() };
    world.store.record_poll(&source.id, &claimed, &record, now).await.unwrap();
}
