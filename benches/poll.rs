//! What polling costs: 1,000 listings of 60 KB over loopback, answered with 304, with the same news among other tokens, and
//! with one new item each; beside a bare reqwest loop that asks for the same pages in the same run.
//!
//! The program is the one that `run` uses: configuration, store on disk, manners, recipes. The sites are another process, so
//! what is counted is the asking alone. `cargo bench --bench poll`; `-- SOURCES` watches another number, `-- SOURCES ROUNDS`
//! only polls it so often while nothing changes, for a profiler to look at.

// A bench may stop where a program may not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::cast_precision_loss, clippy::panic)]

#[path = "extract/bare.rs"]
#[allow(unreachable_pub, dead_code)]
mod bare;
mod council;
mod process;

use boardwatch::app;
use boardwatch::config::{self, Config};
use boardwatch::edge::clock::SystemClock;
use boardwatch::engine::pass::World;
use boardwatch::engine::poll::PollReport;
use council::{BYTES, HOSTS, Mood, POSTS, Sites};
use futures::future::join_all;
use mimalloc::MiMalloc;
use process::{cpu_seconds, forget_peak, peak_mib, resident_mib};
use reqwest::header::IF_NONE_MATCH;
use std::sync::Arc;
use std::time::Instant;

/// Polls that are answered with 304 cost at most so many times the bare loop.
const UNCHANGED_MAX: f64 = 4.0;
/// Pages a second of processor time, or half of html5ever's own pace, whichever is more.
const PAGES_MIN: f64 = 300.0;
/// The cheapest of so many counts.
const ROUNDS: usize = 3;

/// The program's own.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    if args.first().is_some_and(|arg| arg == "serve") {
        return runtime.block_on(council::serve());
    }
    let number = |place: usize| args.get(place).map(|arg| arg.parse::<usize>().unwrap());
    runtime.block_on(measure(number(0).unwrap_or(1_000), number(1)));
}

async fn measure(sources: usize, unchanged_alone: Option<usize>) {
    let folder = tempfile::tempdir().unwrap();
    let sites = Sites::start();
    sites.configure(&folder.path().join("config"), sources, 0);
    let (config, _) = config::read(&folder.path().join("config"), &|_| None).unwrap();
    let world = app::open(&config, Arc::new(SystemClock)).await.unwrap();
    let first = polled(&world, &config).await;
    assert!(first.iter().all(|report| report.is_baseline && report.outcome.is_good()), "{:?}", first.first());

    let bare = bare_loop(&sites, sources, &["updates.aspx"], true).await;
    let rounds = unchanged_alone.unwrap_or(ROUNDS);
    let unchanged = count(&world, &config, rounds, |reports| assert!(reports.iter().all(|r| r.new + r.revised == 0))).await;
    print("304", sources, &unchanged, &bare);
    let ratio = unchanged.cpu / bare.cpu;
    println!("    {ratio:.2} times the bare loop's processor time (limit {UNCHANGED_MAX}): {}", held(ratio <= UNCHANGED_MAX));
    if unchanged_alone.is_some() {
        return;
    }

    sites.set(Mood::Tokens).await;
    let bare = bare_loop(&sites, sources, &["updates.aspx"], false).await;
    let tokens = count(&world, &config, ROUNDS, |reports| {
        assert!(
            reports.iter().all(|r| r.new + r.revised + r.withdrawn == 0),
            "{:?}",
            reports.iter().find(|r| r.new + r.revised > 0)
        );
    })
    .await;
    print("200, other tokens alone", sources, &tokens, &bare);
    print_pages(&sites, sources, 1.0, &tokens).await;

    sites.set(Mood::News).await;
    let news_page = format!("update-{}.aspx", POSTS + 1);
    let bare = bare_loop(&sites, sources, &["updates.aspx", &news_page], false).await;
    let news = count(&world, &config, 1, |reports| assert!(reports.iter().all(|r| r.new == 1), "{:?}", reports.first())).await;
    print("200, one new item each", sources, &news, &bare);
    print_pages(&sites, sources, 2.0, &news).await;
}

/// What a round cost.
struct Cost {
    seconds: f64,
    cpu: f64,
    /// MiB at most, and above those that were resident when it began.
    peak_mib: f64,
    above_mib: f64,
}

async fn polled(world: &World, config: &Config) -> Vec<PollReport> {
    let due = world.poller.due(&config.sources, true).await.unwrap();
    assert_eq!(due.len(), config.sources.len());
    world.poll(due, &|_| {}, &|| false).await.unwrap()
}

/// Polls every source `rounds` times: the cheapest.
async fn count(world: &World, config: &Config, rounds: usize, check: impl Fn(&[PollReport])) -> Cost {
    let mut best: Option<Cost> = None;
    for _ in 0..rounds {
        let cost = cost(async {
            let reports = polled(world, config).await;
            let bad = reports.iter().find(|report| !report.outcome.is_good());
            assert!(bad.is_none(), "{bad:?}");
            check(&reports);
        })
        .await;
        if best.as_ref().is_none_or(|best| cost.cpu < best.cpu) {
            best = Some(cost);
        }
    }
    best.unwrap()
}

async fn cost(work: impl Future<Output = ()>) -> Cost {
    forget_peak();
    let (began, cpu, resident) = (Instant::now(), cpu_seconds(), resident_mib());
    work.await;
    let peak = peak_mib();
    Cost { seconds: began.elapsed().as_secs_f64(), cpu: cpu_seconds() - cpu, peak_mib: peak, above_mib: peak - resident }
}

/// The same requests by reqwest alone, as many hosts at a time: the cheapest round.
async fn bare_loop(sites: &Sites, sources: usize, pages: &[&str], is_conditional: bool) -> Cost {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut best: Option<Cost> = None;
    for _ in 0..ROUNDS {
        let hosts = (0..HOSTS).map(|host| {
            let client = client.clone();
            async move {
                for source in (host..sources).step_by(HOSTS) {
                    for page in pages {
                        let mut ask = client.get(sites.url(source, page));
                        if is_conditional {
                            ask = ask.header(IF_NONE_MATCH, "\"known\"");
                        }
                        let answer = ask.send().await.unwrap();
                        assert_eq!(answer.status().as_u16(), if is_conditional { 304 } else { 200 });
                        std::hint::black_box(answer.bytes().await.unwrap());
                    }
                }
            }
        });
        let cost = cost(async { drop(join_all(hosts).await) }).await;
        if best.as_ref().is_none_or(|best| cost.cpu < best.cpu) {
            best = Some(cost);
        }
    }
    best.unwrap()
}

fn print(what: &str, sources: usize, ours: &Cost, bare: &Cost) {
    let n = sources as f64;
    println!(
        "{sources} polls, {what}: {:.0}/s, {:.0} µs of processor each, {:.0} MiB at most ({:.0} above the beginning); bare loop {:.0}/s, {:.0} µs",
        n / ours.seconds,
        ours.cpu * 1e6 / n,
        ours.peak_mib,
        ours.above_mib,
        n / bare.seconds,
        bare.cpu * 1e6 / n,
    );
}

/// The pace beside that of html5ever alone on the listing.
async fn print_pages(sites: &Sites, sources: usize, pages: f64, ours: &Cost) {
    let listing = reqwest::get(sites.url(0, "updates.aspx")).await.unwrap().text().await.unwrap();
    let mut best = f64::MAX;
    for _ in 0..ROUNDS {
        let began = cpu_seconds();
        for _ in 0..200 {
            std::hint::black_box(bare::lean(&listing));
        }
        best = best.min((cpu_seconds() - began) / 200.0);
    }
    let (pace, limit) = (pages * sources as f64 / ours.cpu, PAGES_MIN.max(0.5 / best));
    println!(
        "    {pace:.0} pages a second of processor time, requests and store included; html5ever alone makes {:.0} of {} KB (limit {limit:.0}): {}",
        1.0 / best,
        BYTES / 1024,
        held(pace >= limit)
    );
}

fn held(is_held: bool) -> &'static str {
    if is_held { "held" } else { "MISSED" }
}
