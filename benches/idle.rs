//! What the daemon costs while little happens: the real program with 500 sources and 100,000 subscribers. Every source has
//! been read; over the minute that is counted, as many are polled as would be of 500 that are polled once an hour.
//!
//! The store's cache is counted in a process that opens the same store and reads all of it. What is resident of files, the
//! program's own code before all, is told apart: the system takes it back when it needs the room, and reads it again.
//! `cargo bench --bench idle`; `-- SOURCES PEOPLE` takes other numbers.

// A bench may stop where a program may not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::cast_precision_loss)]

mod council;
mod process;
mod town;

use boardwatch::edge::clock::OsEntropy;
use boardwatch::store::engine::{Engine, prefix_range};
use boardwatch::store::link_keys::link_keys;
use chrono::Utc;
use council::{POSTS, Sites};
use mimalloc::MiMalloc;
use process::{cpu_seconds_of, mib};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// MiB beyond the store's cache.
const MIB_MAX: f64 = 40.0;
/// Share of a core.
const SHARE_MAX: f64 = 0.01;
const MINUTE: Duration = Duration::from_secs(60);

/// The program's own.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    match args.as_slice() {
        ["serve"] => runtime.block_on(council::serve()),
        ["seed", folder, people] => drop(runtime.block_on(town::seed_people(Path::new(folder), people.parse().unwrap()))),
        ["cache", folder] => runtime.block_on(cache(Path::new(folder))),
        [sources, people] => runtime.block_on(measure(sources.parse().unwrap(), people)),
        _ => runtime.block_on(measure(500, "100000")),
    }
}

async fn measure(sources: usize, people: &str) {
    let folder = tempfile::tempdir().unwrap();
    let (config, store) = (folder.path().join("config"), folder.path().join("var/store"));
    let sites = Sites::start();
    sites.configure(&config, sources, sources / 60);
    std::fs::create_dir_all(&store).unwrap();
    act(&["seed", store.to_str().unwrap(), people]);
    // The daemon knows these people by the key that they were written with.
    let data = folder.path().join("var");
    std::fs::write(data.join("secret.key"), town::KEY).unwrap();
    // Somebody was written to: their links were signed.
    link_keys(&data, town::KEY, &OsEntropy, Utc::now()).unwrap();

    let mut daemon = Daemon::start(&config);
    // Each source is read with its posts.
    let wanted = sources as u64 * (1 + u64::from(POSTS));
    while sites.answers().await < wanted {
        assert!(daemon.0.try_wait().unwrap().is_none(), "the daemon has ended");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    // Feeds and the search index are still made of what was read: little happens only after that.
    while !is_settled(&folder.path().join("var/feeds")) {
        tokio::time::sleep(MINUTE / 6).await;
    }
    let (answers, cpu) = (sites.answers().await, cpu_seconds_of(daemon.0.id()));
    tokio::time::sleep(MINUTE).await;
    let share = (cpu_seconds_of(daemon.0.id()) - cpu) / MINUTE.as_secs_f64();
    let polls = sites.answers().await - answers;
    let process = daemon.0.id().to_string();
    let (resident, own) = (mib(&process, "VmRSS:"), mib(&process, "RssAnon:"));
    drop(daemon);
    let cache: f64 = act(&["cache", store.to_str().unwrap()]).trim().parse().unwrap();
    println!(
        "{sources} sources, {people} subscribers, {polls} polls in the minute: {:.2} % of a core (limit {} %): {}",
        share * 100.0,
        SHARE_MAX * 100.0,
        held(share < SHARE_MAX)
    );
    let beyond = own - cache;
    println!(
        "    {own:.0} MiB of its own, of which {cache:.0} are the store's cache: {beyond:.0} beyond it (limit {MIB_MAX}): {}; with the \
         {:.0} of files, {:.0}: {}",
        held(beyond <= MIB_MAX),
        resident - own,
        resident - cache,
        held(resident - cache <= MIB_MAX)
    );
}

/// Whether no feed has been written for half a minute.
fn is_settled(feeds: &Path) -> bool {
    let mut folders = vec![feeds.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let Ok(data) = entry.metadata() else { return false };
            if data.is_dir() {
                folders.push(entry.path());
            } else if data.modified().unwrap().elapsed().unwrap_or_default() < MINUTE / 2 {
                return false;
            }
        }
    }
    true
}

/// Prints how many MiB the store takes once all of it has been read.
async fn cache(folder: &Path) {
    let before = mib("self", "RssAnon:");
    let (engine, _) = town::open(folder);
    let mut range = prefix_range(b"");
    while let Some((last, _)) = engine.scan(range.clone(), 1_000).await.unwrap().last() {
        range.start = [last.as_slice(), &[0]].concat();
    }
    println!("{:.1}", mib("self", "RssAnon:") - before);
    drop(engine);
}

/// Starts this program again and answers with what it prints.
fn act(args: &[&str]) -> String {
    let done = Command::new(std::env::current_exe().unwrap()).args(args).stderr(Stdio::inherit()).output().unwrap();
    assert!(done.status.success());
    String::from_utf8(done.stdout).unwrap()
}

struct Daemon(Child);

impl Daemon {
    fn start(config: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_boardwatch"));
        command.arg("--config").arg(config).args(["--quiet", "run"]).env_remove("RUST_LOG").stdin(Stdio::null());
        Self(command.spawn().unwrap())
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // In order, so that the store can be opened again.
        Command::new("kill").arg(self.0.id().to_string()).status().unwrap();
        self.0.wait().unwrap();
    }
}

fn held(is_held: bool) -> &'static str {
    if is_held { "held" } else { "MISSED" }
}
