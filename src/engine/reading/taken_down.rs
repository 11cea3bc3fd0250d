//! Items that the list does not name any more and whose own pages are not found: they were taken down, wherever they stood. So were
//! rows of a table, which have no pages, while their day is still to come and rows of later days stand there, or no other has come:
//! nothing has pushed them off, and they are not left out for being over.
//!
//! Invariant: while most own pages cannot be read, that says something of the site, and nothing of any item.

use super::{Reader, SourceReading};
use crate::rules::detect::is_taken_down;
use crate::rules::extract::key::{day, row_name};
use crate::store::Row;
use crate::store::records::{ItemState, SourceState};
use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};

impl Reader<'_> {
    /// Where a page is not found for the first time while its list is as it was, has the list read next time: whether it names that
    /// item, nobody remembers.
    pub(super) fn ask_for_list(state: &SourceState, reading: &mut SourceReading) {
        let is_first = |key: &String| !state.unreadable.contains_key(key);
        if !reading.own_pages.are_unread() && reading.not_found.iter().any(is_first) {
            reading.validators = None;
        }
    }

    /// Notes which of the known items that are not among those `seen` on the list were taken down.
    pub(super) fn note_taken_down(
        &self,
        known: &HashMap<String, Row<ItemState>>,
        seen: &HashSet<String>,
        reading: &mut SourceReading,
    ) {
        if reading.own_pages.are_unread() {
            return;
        }
        let today = self.now.date_naive();
        let is_one = |state: &&ItemState| {
            let stood = state.misses > 0 || reading.entries.is_empty() || reading.gone.has_left_its_place(&state.key);
            state.withdrawn.is_none() && is_taken_down(state.published, state.meeting, stood, today)
        };
        let missing = reading.not_found.iter().filter(|key| !seen.contains(*key));
        let states = missing.filter_map(|key| known.get(key)).map(|row| &row.value);
        let taken_down: Vec<String> = states.filter(is_one).map(|state| state.key.clone()).collect();
        for key in taken_down {
            reading.gone.note_not_found(&key);
        }
    }
    /// Notes which of the known rows that are not among those `seen` were taken off their table.
    pub(super) fn note_rows_taken_off(
        &self,
        known: &HashMap<String, Row<ItemState>>,
        seen: &HashSet<String>,
        reading: &mut SourceReading,
    ) {
        let today = self.now.date_naive();
        let table = |key: &str| row_name(key).map(|(page, _)| page.to_owned());
        let mut ends: HashMap<String, NaiveDate> = HashMap::new();
        for (table, day) in seen.iter().filter_map(|key| Some((table(key)?, day(key)?))) {
            let end = ends.entry(table).or_insert(day);
            *end = day.max(*end);
        }
        // A table that shows so many of what is next drops the last one when another comes.
        let grown: HashSet<String> = seen.iter().filter(|key| !known.contains_key(*key)).filter_map(|key| table(key)).collect();
        let is_to_come = |(key, row): &(&String, &Row<ItemState>)| {
            let (Some(table), Some(day)) = (table(key), day(key)) else { return false };
            let is_before_end = |end: &NaiveDate| day <= *end || !grown.contains(&table);
            row.value.withdrawn.is_none() && day > today && ends.get(&table).is_some_and(is_before_end)
        };
        let to_come: Vec<&String> = known.iter().filter(is_to_come).map(|(key, _)| key).collect();
        let off: Vec<&String> = to_come.iter().filter(|key| !seen.contains(**key)).copied().collect();
        // A table that shows another month has taken nothing off.
        if off.len() * 2 < to_come.len() {
            for key in off {
                reading.gone.note_not_found(key);
            }
        }
    }
}
