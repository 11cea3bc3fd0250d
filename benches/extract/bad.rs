//! What bad pages cost, each beside the limits: seconds and memory at the longest body that is fetched, and how much more
//! four times the length costs. Each has a process of its own, whose peak memory is the page's.

use super::floods::{self, Flood};
use super::pages::Page;
use super::{peak_memory, processor_time};
use std::process::Command;
use std::time::Duration;

/// The longest body that is fetched.
const BYTES: usize = 10 * 1024 * 1024;
/// So many times shorter is the page that growth is measured against.
const TIMES: usize = 4;

/// What must hold of each: the time of one core, the most memory that the process ever held, the page and this program
/// among it, and what four times the length may cost. Caches and tables grow with a page; quadratic work costs sixteen
/// times as much.
const SECONDS_MAX: f64 = 2.0;
const MEGABYTES_MAX: usize = 300;
const GROWTH_MAX: f64 = 6.0;
/// What takes less time than this is too short to tell how it grows.
const SECONDS_TOLD: f64 = 0.05;

/// Prints a line a bad page, and the limits. `wanted`: a part of their names.
pub fn all(wanted: &str) {
    println!("{:<34} {:>5} {:>8} {:>7} {:>7}  answer", "Bad pages", "MB", "seconds", "peak", "growth");
    let mut missed = 0_usize;
    for flood in floods::all(1).iter().filter(|flood| flood.name.contains(wanted)) {
        let itself = std::env::current_exe().expect("a path of its own");
        let run = Command::new(itself).args(["--flood", flood.name]).output().expect("another process");
        let said = String::from_utf8_lossy(&run.stdout);
        missed += usize::from(!run.status.success() || said.contains("MISSED"));
        if run.status.success() {
            print!("{said}");
        } else {
            println!("  {:<32} FAILED: {}", flood.name, run.status);
        }
    }
    let verdict = if missed == 0 { "held by all".to_owned() } else { format!("MISSED by {missed}") };
    println!("limit: {SECONDS_MAX} s, {MEGABYTES_MAX} MB, {GROWTH_MAX} times for {TIMES} times the length: {verdict}");
}

/// Reads one bad page, short and long, and prints what it cost.
#[expect(clippy::cast_precision_loss, reason = "sizes of pages")]
pub fn one(name: &str) {
    let read = |bytes| floods::named(name, bytes).map(timed);
    let (Some((short, ..)), Some((long, bytes, answer))) = (read(BYTES / TIMES), read(BYTES)) else { return };
    let (seconds, peak) = (long.as_secs_f64(), peak_memory().unwrap_or_default());
    let growth = (seconds >= SECONDS_TOLD).then(|| seconds / short.as_secs_f64());
    let held = seconds <= SECONDS_MAX && peak <= MEGABYTES_MAX && growth.is_none_or(|growth| growth <= GROWTH_MAX);
    let growth = growth.map_or_else(|| "-".to_owned(), |growth| format!("{growth:.1}"));
    let verdict = if held { "held" } else { "MISSED" };
    println!("  {name:<32} {:>5.1} {seconds:>8.2} {peak:>4} MB {growth:>7}  {verdict}: {answer}", bytes as f64 / 1e6);
}

/// The time that reading takes, the page's length, and what it says.
fn timed(flood: Flood) -> (Duration, usize, String) {
    let page = Page { url: url::Url::parse("https://www.example.org/news").expect("an address"), body: flood.body };
    let started = processor_time();
    let read = page.read();
    let took = processor_time().saturating_sub(started);
    let why: String = read.warnings.first().map_or("", String::as_str).chars().take(80).collect();
    (took, page.body.len(), format!("{:?}, {} items; {why}", read.outcome, read.items.len()))
}
