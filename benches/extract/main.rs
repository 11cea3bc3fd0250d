//! How fast pages are read, on one core, beside html5ever alone on the same bytes; and what bad pages cost.
//!
//! Times are of the processor, not of the clock, and the best of several rounds taken in turn, so that a busy machine
//! disturbs both sides alike. Peak memory is the process's (`VmHWM`).

// As in tests: `pub` says what a module is for, and a fault may end the run.
#![allow(unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod bad;
mod bare;
mod frame;
mod pages;
#[path = "../../tests/it/pages/floods.rs"]
mod floods;

use mimalloc::MiMalloc;
use pages::{BYTES, Page};
use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// What must hold: pages of 60 KB a second, and the share of html5ever's own pace; whichever is more.
const PAGES_MIN: f64 = 300.0;
const SHARE_MIN: f64 = 0.5;
const ROUNDS: usize = 15;

/// The program's own, for both sides.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let second = arguments.get(1).map_or("", String::as_str);
    match arguments.first().map(String::as_str) {
        Some("--flood") => return bad::one(second),
        Some("bad") => return bad::all(second),
        Some("profile") => return profile(),
        _ => {}
    }
    println!(
        "A page is {} KB. Bare: the faster of html5ever with a lean arena, with scraper's tree, with rcdom.\n",
        BYTES / 1024
    );
    measure("Content in a site's frame", frame::around);
    measure("Content that long", frame::repeated);
    bad::all("");
}

/// Prints a line a platform, and one for all, beside the limit.
fn measure(name: &str, grown: fn(&[u8], usize) -> Vec<u8>) {
    println!(
        "{name:<26} {:>5} {:>9} {:>7} {:>9} {:>9} {:>9} {:>6}",
        "pages", "pages/s", "MB/s", "lean/s", "scraper/s", "rcdom/s", "share"
    );
    let platforms = pages::by_platform(grown);
    let all: Vec<Timed> = platforms.iter().map(|(platform, pages)| Timed::of(platform, pages)).collect();
    for timed in &all {
        timed.print();
    }
    let all = Timed::sum(&all);
    all.print();
    let bar = PAGES_MIN.max(SHARE_MIN * all.bare_pace());
    let verdict = if all.pace() >= bar { "held" } else { "MISSED" };
    println!(
        "limit: {bar:.0} pages of {} KB a second: {verdict}; peak memory {} MB\n",
        BYTES / 1024,
        peak_memory().unwrap_or_default()
    );
}

/// Seconds that all pages of a platform took.
struct Timed {
    name: String,
    pages: usize,
    bytes: usize,
    extract: Duration,
    bare: [Duration; 3],
}

impl Timed {
    fn of(name: &str, pages: &[Page]) -> Self {
        let mut timed =
            Self { name: name.to_owned(), pages: pages.len(), bytes: 0, extract: Duration::ZERO, bare: [Duration::ZERO; 3] };
        for page in pages {
            let text = String::from_utf8_lossy(&page.body);
            let mut best = [Duration::MAX; 4];
            for _ in 0..ROUNDS {
                let took = [
                    took(|| page.read().items.len()),
                    took(|| bare::lean(&text)),
                    took(|| bare::scraper(&text)),
                    took(|| bare::rcdom(&text)),
                ];
                best = std::array::from_fn(|at| best[at].min(took[at]));
            }
            timed.bytes += page.body.len();
            timed.extract += best[0];
            timed.bare = std::array::from_fn(|at| timed.bare[at] + best[at + 1]);
        }
        timed
    }

    fn sum(all: &[Self]) -> Self {
        Self {
            name: "all".to_owned(),
            pages: all.iter().map(|t| t.pages).sum(),
            bytes: all.iter().map(|t| t.bytes).sum(),
            extract: all.iter().map(|t| t.extract).sum(),
            bare: std::array::from_fn(|at| all.iter().map(|t| t.bare[at]).sum()),
        }
    }

    /// In pages of the set size a second, whatever sizes these have.
    #[expect(clippy::cast_precision_loss, reason = "sizes of pages")]
    fn per_second(&self, took: Duration) -> f64 {
        self.bytes as f64 / BYTES as f64 / took.as_secs_f64()
    }

    fn pace(&self) -> f64 {
        self.per_second(self.extract)
    }

    fn bare_pace(&self) -> f64 {
        self.bare.iter().map(|took| self.per_second(*took)).fold(0.0, f64::max)
    }

    #[expect(clippy::cast_precision_loss, reason = "sizes of pages")]
    fn print(&self) {
        let [lean, scraper, rcdom] = self.bare.map(|took| self.per_second(took));
        println!(
            "  {:<24} {:>5} {:>9.0} {:>7.1} {lean:>9.0} {scraper:>9.0} {rcdom:>9.0} {:>6.2}",
            self.name,
            self.pages,
            self.pace(),
            self.bytes as f64 / 1e6 / self.extract.as_secs_f64(),
            self.pace() / self.bare_pace()
        );
    }
}

fn took<T>(work: impl FnOnce() -> T) -> Duration {
    let started = processor_time();
    std::hint::black_box(work());
    processor_time().saturating_sub(started)
}

/// What this thread has used so far.
fn processor_time() -> Duration {
    let spent = clock_gettime(ClockId::ThreadCPUTime);
    Duration::try_from(spent).unwrap_or_default()
}

/// Reads every page again and again, for a profiler to watch.
fn profile() {
    for grown in [frame::around, frame::repeated] {
        for pages in pages::by_platform(grown).values() {
            for page in pages {
                for _ in 0..40 {
                    std::hint::black_box(page.read());
                }
            }
        }
    }
}

/// The most memory that this process has held, in MB, as Linux counts it.
fn peak_memory() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<usize>().ok());
    peak.map(|kilobytes| kilobytes / 1024)
}
