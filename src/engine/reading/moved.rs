//! Items that stand under another address than before: the same words, one gone and one come in the same reading.
//!
//! A new key is no new item where only the address changed (a corrected slug, a feed's new guid, a folder before ModernGov's
//! pages). Nobody is told of it, and the item keeps its identity.

use super::{KnownItems, SourceReading, is_outdated};
use crate::domain::item::{Fingerprint, Item};
use crate::domain::source::{Source, slug};
use crate::rules::extract::key;
use crate::rules::facts::standing;
use crate::store::Row;
use crate::store::records::ItemState;
use chrono::Datelike;
use std::collections::{HashMap, HashSet};

/// An undated item with less text than this may be one of many alike.
const TELLING_CHARS: usize = 100;

impl KnownItems {
    /// Takes rows and blocks of a page that was laid out anew to the keys that they have now: one may be named by its day and who meets,
    /// or by its day alone, with its year or without, where it is the only one of that day.
    fn follow_rows(&mut self, reading: &SourceReading) {
        let shown: HashSet<&str> = reading.items.iter().map(|item| item.item.key.as_str()).collect();
        let place = |key: &str| {
            let at = key::day(key).map(|day| (day.day(), day.month())).or_else(|| key::yearless(key));
            Some((key.split_once('#')?.0.to_owned(), at?))
        };
        let is_missing = |(key, row): &(&String, &Row<ItemState>)| row.value.withdrawn.is_none() && !shown.contains(key.as_str());
        let gone: Vec<&String> = self.rows.iter().filter(is_missing).map(|(key, _)| key).collect();
        let come: Vec<&Item> =
            reading.items.iter().map(|item| &item.item).filter(|item| !self.rows.contains_key(&item.key)).collect();
        let is_one_row = |old: &str, new: &Item| match (key::day(old), key::day(&new.key)) {
            (Some(then), Some(now)) if then == now => match (key::row_name(old), key::row_name(&new.key)) {
                (Some((_, name)), None) => name == slug(new.title.as_str()),
                (None, Some(_)) => true,
                // "Postponed: Audit Committee".
                (Some((_, was)), Some((_, is))) => standing::is_of_same(&was.replace('-', " "), &is.replace('-', " ")),
                (None, None) => false,
            },
            (Some(_), Some(_)) => false,
            _ => true,
        };
        let mut renamed = HashMap::new();
        for old in &gone {
            let Some(at) = place(old) else { continue };
            let is_there = |key: &str| place(key).as_ref() == Some(&at);
            let mut new = come.iter().filter(|item| is_there(&item.key));
            let is_alone = gone.iter().filter(|key| is_there(key)).count() == 1;
            if let (Some(new), None, true) = (new.next(), new.next(), is_alone)
                && is_one_row(old, new)
            {
                renamed.insert((*old).clone(), new.key.clone());
            }
        }
        self.rename(&renamed);
    }

    /// Takes known items to the keys under which `reading` shows the same words, where there is one of each.
    pub fn follow(&mut self, source: &Source, reading: &SourceReading) {
        if reading.listing_unchanged {
            return;
        }
        self.follow_led(reading);
        self.follow_rows(reading);
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
