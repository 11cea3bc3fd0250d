//! Blocks of a page whose meeting was moved to another day. Where the page names a block by its meeting's day, so does its key;
//! the item is still the same, and that it has moved is news of it.
//!
//! ModernGov's own number of the agenda item says which is which; where a page does not give it, the same words and papers do,
//! if one block of them has gone and one has come in the same reading. A row is its body's next meeting on another day, where as many
//! that are still to come have gone from the table as have come: the first of them is the first, and so on.

use super::{KnownItems, Reader, SourceReading, is_outdated};
use crate::domain::item::Item;
use crate::domain::source::Source;
use crate::rules::extract::key::{day, day_near, row_name, undated};
use crate::rules::fingerprint::likeness;
use crate::rules::revision::{is_only_redated, is_telling, names_more_than_day};
use crate::store::StoreError;
use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};

/// Blocks that have gone and blocks that have come, at most, that are compared by their words.
const COMPARED_MAX: usize = 20;

impl Reader<'_> {
    /// Takes known blocks to the keys that they have by their meetings' present days.
    pub async fn follow_redated(
        &self,
        source: &Source,
        known: &mut KnownItems,
        reading: &SourceReading,
    ) -> Result<(), StoreError> {
        let today = self.now.date_naive();
        let (missing, mut come) = (gone(source, known, reading, today), come(known, reading));
        let mut gone: Vec<String> = missing.iter().filter(|(_, has_left)| *has_left).map(|(key, _)| key.clone()).collect();
        let numbered = pairs(&gone, &come, |key| undated(key).filter(|(_, number)| number.is_some()));
        known.rename(&numbered);
        gone.retain(|key| !numbered.contains_key(key));
        come.retain(|item| !numbered.values().any(|key| *key == item.key));
        // The meeting of a body that is still to come, and another one of the same.
        let to_come: Vec<String> = gone.iter().filter(|key| day(key).is_some_and(|day| day > today)).cloned().collect();
        let named = in_order(&to_come, &come);
        known.rename(&named);
        gone.retain(|key| !named.contains_key(key));
        come.retain(|item| !named.values().any(|key| *key == item.key));
        let missing = missing.into_iter().filter(|(key, has_left)| !has_left || gone.contains(key)).collect::<Vec<_>>();
        if missing.is_empty() || come.is_empty() || missing.len().max(come.len()) > COMPARED_MAX {
            return Ok(());
        }
        let mut alike: Vec<(String, String)> = Vec::new();
        for (old, has_left) in missing {
            let Some(state) = known.rows.get(&old).map(|row| &row.value) else { continue };
            let Some(revision) = self.store.revision(&state.id, state.revision).await? else { continue };
            let may_be = |new: &str| match (undated(&old), undated(new)) {
                (Some((page, number)), Some((other, another))) => page == other && (number.is_none() || another.is_none()),
                _ => false,
            };
            // The same papers are those of the same meeting, whether or not it might only have been pushed off the page.
            let shares_papers = |now: &Item| !now.documents.is_empty() && now.documents.iter().all(|paper| paper.url.is_some());
            // Few words are those of any meeting: one that is still to come is told by its name as well.
            let is_to_come =
                day_near(&old, today).is_some_and(|day| day > today) && names_more_than_day(revision.item.title.as_str());
            let is_it = |now: &&&Item| {
                let may_be = may_be(&now.key) && (has_left || shares_papers(now)) && (is_to_come || is_telling(now));
                may_be && is_only_redated(&revision.item, now)
            };
            alike.extend(come.iter().filter(is_it).map(|now| (old.clone(), now.key.clone())));
        }
        let count = |is: &dyn Fn(&(String, String)) -> bool| alike.iter().filter(|pair| is(pair)).count();
        let is_only = |(old, new): &&(String, String)| count(&|pair| pair.0 == *old) == 1 && count(&|pair| pair.1 == *new) == 1;
        let redated: HashMap<String, String> = alike.iter().filter(is_only).cloned().collect();
        known.rename(&redated);
        Ok(())
    }

    /// Compares what was read of items with what is known of them under the keys that they had before.
    pub async fn compare_followed(&self, known: &KnownItems, reading: &mut SourceReading) -> Result<(), StoreError> {
        for now in reading.items.iter_mut().filter(|now| known.followed.contains(&now.item.key)) {
            let Some(state) = known.rows.get(&now.item.key).map(|row| &row.value) else { continue };
            if now.read.as_ref().is_none_or(|read| read.fingerprint == state.fingerprint) {
                continue;
            }
            if let Some(before) = self.store.revision(&state.id, state.revision).await? {
                now.likeness = likeness(&before.item, &now.item);
            }
        }
        Ok(())
    }
}

impl KnownItems {
    /// Gives items the keys that these old ones have become.
    pub(super) fn rename(&mut self, keys: &HashMap<String, String>) {
        for (old, new) in keys {
            if let Some(row) = self.rows.remove(old) {
                self.rows.insert(new.clone(), row);
                self.followed.insert(new.clone());
            }
        }
    }
}

/// Keys of known blocks that the page does not show any more, and whether they have surely left it.
fn gone(source: &Source, known: &KnownItems, reading: &SourceReading, today: NaiveDate) -> Vec<(String, bool)> {
    let shown: HashSet<&str> = reading.items.iter().map(|item| item.item.key.as_str()).collect();
    // What is still to come is not left out for being over.
    let is_missed = |key: &str| day_near(key, today).is_some_and(|day| day > today) && reading.gone.has_left_its_place(key);
    let has_left =
        |key: &str, published, misses| reading.gone.may_be_renamed(key, published, misses) || misses > 0 || is_missed(key);
    let rows = known.rows.iter().filter(|(key, row)| {
        let state = &row.value;
        !reading.listing_unchanged
            && !shown.contains(key.as_str())
            && undated(key).is_some()
            && state.withdrawn.is_none()
            && !is_outdated(source, state)
    });
    rows.map(|(key, row)| (key.clone(), has_left(key, row.value.published, row.value.misses))).collect()
}

/// Blocks that nobody knows by their keys.
fn come<'r>(known: &KnownItems, reading: &'r SourceReading) -> Vec<&'r Item> {
    let items = reading.items.iter().filter(|item| item.read.is_some()).map(|item| &item.item);
    items.filter(|item| undated(&item.key).is_some() && !known.rows.contains_key(&item.key)).collect()
}

/// Keys of one identity: those that have gone, and those that have come.
type Sides<'k> = (Vec<&'k str>, Vec<&'k str>);

/// Old keys with the new ones of which `identity` gives the same, where one of each has it.
fn pairs<'k, I: Eq + std::hash::Hash>(
    gone: &'k [String],
    come: &[&'k Item],
    identity: impl Fn(&'k str) -> Option<I>,
) -> HashMap<String, String> {
    let only = |(old, new): Sides<'_>| match (&old[..], &new[..]) {
        ([old], [new]) => Some(((*old).to_owned(), (*new).to_owned())),
        _ => None,
    };
    sides(gone, come, identity).filter_map(only).collect()
}

/// Rows of the same bodies by their days, where as many have come as have gone.
fn in_order(gone: &[String], come: &[&Item]) -> HashMap<String, String> {
    let all = sides(gone, come, row_name).filter(|(old, new)| old.len() == new.len());
    let by_day = |(mut old, mut new): Sides<'_>| {
        old.sort_by_key(|key| day(key));
        new.sort_by_key(|key| day(key));
        old.into_iter().zip(new).map(|(old, new)| (old.to_owned(), new.to_owned())).collect::<Vec<_>>()
    };
    all.flat_map(by_day).collect()
}

fn sides<'k, I: Eq + std::hash::Hash>(
    gone: &'k [String],
    come: &[&'k Item],
    identity: impl Fn(&'k str) -> Option<I>,
) -> impl Iterator<Item = Sides<'k>> {
    let mut sides: HashMap<I, Sides<'k>> = HashMap::new();
    for key in gone {
        if let Some(of) = identity(key) {
            sides.entry(of).or_default().0.push(key);
        }
    }
    for item in come {
        if let Some(of) = identity(&item.key) {
            sides.entry(of).or_default().1.push(&item.key);
        }
    }
    sides.into_values()
}
