//! The store: what every engine keeps to, what sled is made to keep to, and what survives a kill, a full disk and a dump.

mod disk;
mod dump;
mod engines;
mod kill;
mod power;

use boardwatch::store::record::Record;
use serde::{Deserialize, Serialize};

/// A record to keep.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
struct Note {
    words: String,
}

impl Record for Note {
    const KIND: &'static str = "note";
    const SCHEMA: u8 = 1;
}

fn note(words: impl Into<String>) -> Note {
    Note { words: words.into() }
}
