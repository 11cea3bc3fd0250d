//! Own pages to whose text came, or from whose text went, what the site says on all of them: what is known of each is taken as if
//! it had stood among those words. So they are no change of any page, and what else has changed on one is told alone.

use super::passing::remember;
use super::{Again, ItemReading, KnownItems, Read, Reader, SourceReading, teaser};
use crate::domain::item::{Item, hash_hex};
use crate::rules::detect::everywhere::{Moved, everywhere, may_be_site_s, restated};
use crate::rules::fingerprint::Likeness;
use crate::store::Row;
use crate::store::records::ItemState;
use std::collections::HashMap;

/// A longer line is remembered by how it begins and by its hash: only the very same line is it.
const LINE_BYTES_MAX: usize = 40;
const HASH_DIGITS: usize = 12;

impl Reader<'_> {
    /// Restates what is known of pages with words of the site's that came to nearly all of them in this poll or a recent one.
    pub(super) fn restate(&self, known: &HashMap<String, Row<ItemState>>, reading: &mut SourceReading) {
        let words = std::mem::take(&mut reading.own_words);
        let was: HashMap<&str, &Item> = words.iter().filter_map(|own| Some((own.key(), own.before()?))).collect();
        // Of a page of which nothing was known that it could be compared with, nobody can say what has come to it.
        let can_be_compared = |item: &&ItemReading| {
            let state = known.get(&item.item.key).map(|row| &row.value).filter(|state| state.has_text);
            let is_as_it_was = |read: &Read| state.is_some_and(|known| known.fingerprint == read.fingerprint);
            let is_changed = was.contains_key(item.item.key.as_str());
            item.visited && state.is_some() && item.read.as_ref().is_none_or(|read| is_changed || is_as_it_was(read))
        };
        let compared: Vec<&ItemReading> = reading.items.iter().filter(can_be_compared).collect();
        let changed: Vec<(&str, &Item, &Item)> = compared
            .iter()
            .filter(|item| item.read.is_some())
            .filter_map(|item| Some((item.item.key.as_str(), *was.get(item.item.key.as_str())?, &item.item)))
            .collect();
        let moved: Vec<Moved> = changed.iter().map(|(_, before, now)| Moved::between(before, now)).collect();
        let of_all = everywhere(&moved, compared.len());
        let is_site_s =
            |sign: &str| of_all.contains(sign) || reading.passing.contains_key(&remembered(sign)) && may_be_site_s(sign);
        let mut found = Vec::new();
        for ((key, before, now), moved) in changed.iter().zip(&moved) {
            let Some(item) = restated(before, now, &is_site_s) else { continue };
            let met: Vec<String> = moved.signs().filter(|sign| is_site_s(sign)).map(|sign| remembered(sign)).collect();
            found.push(((*key).to_owned(), item, met));
        }
        for (key, item, met) in found {
            remember(&mut reading.passing, met, self.now);
            reading.restated.insert(key, item);
        }
        reading.own_words = words;
    }
}

impl KnownItems {
    /// Takes what is known of pages as it was restated; what reads the same then is the page as it is now.
    pub fn restate(&mut self, reading: &SourceReading) {
        for now in &reading.items {
            let key = &now.item.key;
            let (Some(item), Some(read), Some(row)) = (reading.restated.get(key), &now.read, self.rows.get(key)) else {
                continue;
            };
            let is_same = teaser::likeness(item, &row.value, &now.item, read) != Likeness::Other;
            let item = if is_same { now.item.clone() } else { item.clone() };
            let again = Again::of(item, &read.page_sha256, read.platform, read.teaser_lines);
            self.again.entry(key.clone()).or_insert(again);
        }
    }
}

/// What is remembered of a line.
fn remembered(line: &str) -> String {
    if line.len() <= LINE_BYTES_MAX {
        return line.to_owned();
    }
    let end = (0..=LINE_BYTES_MAX).rfind(|at| line.is_char_boundary(*at)).unwrap_or(0);
    let hash = hash_hex(&[line.as_bytes()]);
    format!("{} … {}", line.get(..end).unwrap_or_default(), hash.get(..HASH_DIGITS).unwrap_or_default())
}
