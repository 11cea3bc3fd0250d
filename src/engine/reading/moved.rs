//! Items that stand under another address than before: the same words, one gone and one come in the same reading.
//!
//! A new key is no new item where only the address changed (a corrected slug, a feed's new guid, a folder before ModernGov's
//! pages). Nobody is told of it, and the item keeps its identity.

use super::{KnownItems, SourceReading, is_outdated};
use crate::domain::item::Fingerprint;
use crate::domain::source::Source;
use std::collections::{HashMap, HashSet};

/// An undated item with less text than this may be one of many alike.
const TELLING_CHARS: usize = 100;

impl KnownItems {
    /// Takes known items to the keys under which `reading` shows the same words, where there is one of each.
    pub fn follow(&mut self, source: &Source, reading: &SourceReading) {
        if reading.listing_unchanged {
            return;
        }
        self.follow_led(reading);
        let shown: HashSet<&str> = reading.items.iter().map(|item| item.item.key.as_str()).collect();
        let mut left: HashMap<Fingerprint, Vec<String>> = HashMap::new();
        for (key, row) in &self.rows {
            let state = &row.value;
            let is_there = shown.contains(key.as_str())
                || !reading.gone.may_be_renamed(key, state.published, state.misses) && state.misses == 0;
            if !is_there && state.withdrawn.is_none() && state.has_text && !is_outdated(source, state) {
                left.entry(state.fingerprint.clone()).or_default().push(key.clone());
            }
        }
        let mut come: HashMap<&Fingerprint, Vec<&str>> = HashMap::new();
        for item in reading.items.iter().filter(|item| !self.rows.contains_key(&item.item.key)) {
            let words = item.item.text.as_ref().map_or(0, |text| text.as_str().len());
            let is_telling = item.item.published.is_some() || words >= TELLING_CHARS;
            if let Some(read) = item.read.as_ref().filter(|read| read.has_text && is_telling) {
                come.entry(&read.fingerprint).or_default().push(&item.item.key);
            }
        }
        for (fingerprint, new) in come {
            if let ([new], Some([old])) = (new.as_slice(), left.get(fingerprint).map(Vec::as_slice))
                && let Some(row) = self.rows.remove(old)
            {
                self.rows.insert((*new).to_owned(), row);
                self.moved.insert((*new).to_owned());
            }
        }
    }
}
