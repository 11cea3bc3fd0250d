//! How fast and in how much memory a digest is planned for 100,000 and for 1,000,000 people, and delivered to a next hop
//! that takes everything at once: what the outbox and the words cost, without a network. And how long
//! the store's files take to be written anew, as after an erasure.
//!
//! `cargo bench --bench plan` makes each store first, which is not counted, in a process of its own; `-- PEOPLE` takes
//! another number of people, and `-- PEOPLE whole` delivers to the last of them.

// A bench may stop where a program may not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::cast_precision_loss)]

mod town;

use boardwatch::domain::delivery::Refusal;
use boardwatch::engine::deliver::deliver;
use boardwatch::engine::known::Sources;
use boardwatch::ports::{Mail, Message};
use boardwatch::store::engine::Engine;
use futures::future::{BoxFuture, FutureExt, ready};
use mimalloc::MiMalloc;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use town::{Sample, Town, seed};

/// Delivering a million takes minutes; unless all of it is asked for, the rate shows sooner.
const DELIVERING: Duration = Duration::from_secs(30);

/// The program's own.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    match args.as_slice() {
        ["seed", folder, people] => runtime.block_on(seed(Path::new(folder), people.parse().unwrap())),
        ["run", folder, people] => runtime.block_on(run(Path::new(folder), people.parse().unwrap(), DELIVERING)),
        ["whole", folder, people] => runtime.block_on(run(Path::new(folder), people.parse().unwrap(), Duration::MAX)),
        [] => ["100000", "1000000"].iter().for_each(|people| measure(people, "run")),
        [people @ .., "whole"] => people.iter().for_each(|people| measure(people, "whole")),
        others => others.iter().for_each(|people| measure(people, "run")),
    }
}

/// One number of people: a process that makes the store, and one that is measured.
fn measure(people: &str, how: &str) {
    let folder = tempfile::tempdir().unwrap();
    for act in ["seed", how] {
        let done = Command::new(std::env::current_exe().unwrap()).args([act, folder.path().to_str().unwrap(), people]).status();
        assert!(done.unwrap().success());
    }
}

async fn run(folder: &Path, people: usize, delivering: Duration) {
    let town = Town::open(folder).await;
    let before = Sample::take(&town.engine);
    let planned = town.plan().await;
    before.report(&format!("{people} people: planning"), planned, &town.engine);

    let known = Sources::read(&town.store, &town.sources).await.unwrap();
    let postman = town.postman(&TakesAll, &known, 10);
    let began = Instant::now();
    let before = Sample::take(&town.engine);
    let delivered = deliver(&town.store, &postman, &|| began.elapsed() > delivering).await.unwrap();
    before.report(&format!("{people} people: delivering"), delivered.sent as u64, &town.engine);

    let before = Sample::take(&town.engine);
    town.engine.rewrite().await.unwrap();
    before.report(&format!("{people} people: writing the store's files anew"), people as u64, &town.engine);
}

/// A next hop that takes everything at once.
struct TakesAll;

impl Mail for TakesAll {
    fn send(&self, message: Message) -> BoxFuture<'_, Result<String, Refusal>> {
        assert!(message.bytes.len() > 2_000);
        ready(Ok("250 2.0.0 taken".to_owned())).boxed()
    }
}
