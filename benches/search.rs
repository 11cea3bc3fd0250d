//! How long a search takes by the index over 100,000 items of 600 words each, words as frequent as in real text, beside a scan of
//! the same as one text: the figures of `docs/decisions/0015-search.md`. `cargo bench --bench search`; it takes minutes.

// A bench may stop where a program may not.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss
)]

use boardwatch::domain::item::ItemId;
use boardwatch::domain::source::SourceId;
use boardwatch::edge::index::{Entry, SearchIndex};
use boardwatch::rules::search::Query;
use memchr::memmem;
use mimalloc::MiMalloc;
use std::time::Instant;

const BATCHES: usize = 50;
const BATCH: usize = 2_000;
const WORDS: usize = 600;
const VOCABULARY: usize = 20_000;

/// The program's own.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Chance that is the same each time.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A rank by Zipf's law.
    fn rank(&mut self) -> usize {
        let share = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        ((VOCABULARY as f64).powf(share) - 1.0) as usize
    }
}

fn main() {
    let mut chance = Chance(88_172_645_463_325_252);
    let mut word = || (0..3 + chance.next() % 9).map(|_| char::from(b'a' + (chance.next() % 26) as u8)).collect();
    let vocabulary: Vec<String> = (0..VOCABULARY).map(|_| word()).collect();
    let mut text =
        || -> String { (0..WORDS).map(|_| vocabulary[chance.rank().min(VOCABULARY - 1)].as_str()).collect::<Vec<_>>().join(" ") };
    let folder = tempfile::tempdir().unwrap();
    let index = SearchIndex::open(folder.path()).unwrap();
    let source = SourceId::parse("s").unwrap();
    let (began, mut flat) = (Instant::now(), String::new());
    for batch in 0..BATCHES {
        let entries = (0..BATCH).map(|n| Entry {
            id: ItemId::of(&source, &format!("{batch}-{n}")),
            source: source.clone(),
            content: 1,
            title: "Update".to_owned(),
            text: text(),
        });
        let entries: Vec<Entry> = entries.collect();
        flat.extend(entries.iter().map(|entry| format!("{}\n", entry.text)));
        index.change(&entries, &[]).unwrap();
    }
    println!("indexed in {:?}; the same as one text: {} MB", began.elapsed(), flat.len() / 1_000_000);
    for word in [&vocabulary[0], &vocabulary[500], &vocabulary[VOCABULARY - 10]] {
        let began = Instant::now();
        let (count, _) = index.search(&Query::parse(word), None, 0, 25).unwrap();
        let by_index = began.elapsed();
        let began = Instant::now();
        let scanned = flat.lines().filter(|line| memmem::find(line.as_bytes(), word.as_bytes()).is_some()).count();
        println!("{count} items by the index in {by_index:?}; a scan finds {scanned} in {:?}", began.elapsed());
    }
}
