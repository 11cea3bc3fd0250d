//! Pages whose files are under other addresses since a site has moved all of them: what is known of each page is taken as if they had
//! always been there. So that is no change of any page, and a file that was replaced that day is told alone. Files that a list names one
//! by one are known by their addresses: they are followed to those that they have now.

use super::passing::remember;
use super::{ItemReading, KnownItems, Reader, SourceReading, is_outdated};
use crate::domain::item::Item;
use crate::domain::source::Source;
use crate::rules::detect::readdressed::{FILES_MIN, Readdressed};
use crate::rules::fingerprint::Likeness;
use crate::store::StoreError;
use crate::store::records::ItemState;
use chrono::{DateTime, Utc};
use std::collections::HashSet;
use url::Url;

/// Files of one list, at most, that are compared by their names.
const FILES_MAX: usize = 200;
/// Before a place whose files were moved, among what is remembered of a site.
const MOVED: &str = "→ ";

impl Reader<'_> {
    /// Takes files that a list names, and that were all moved, to their present keys.
    pub async fn follow_files(&self, source: &Source, known: &mut KnownItems, reading: &SourceReading) -> Result<(), StoreError> {
        let come: Vec<&Item> = reading.items.iter().filter(|now| now.is_listed).map(|now| &now.item).collect();
        let come: Vec<&Item> = come.into_iter().filter(|item| item.is_file() && !known.rows.contains_key(&item.key)).collect();
        if reading.listing_unchanged || !(FILES_MIN..=FILES_MAX).contains(&come.len()) {
            return Ok(());
        }
        let shown: HashSet<&str> = reading.items.iter().map(|now| now.item.key.as_str()).collect();
        let (mut gone, mut stay): (Vec<Item>, Vec<Item>) = (Vec::new(), Vec::new());
        for (key, row) in known.rows.iter().filter(|(_, row)| row.value.withdrawn.is_none()) {
            let state = &row.value;
            if state.out_of_sight || is_outdated(source, state) || gone.len() > FILES_MAX {
                continue;
            }
            let Some(revision) = self.store.revision(&state.id, state.revision).await? else { continue };
            if revision.item.is_file() {
                let side = if shown.contains(key.as_str()) { &mut stay } else { &mut gone };
                side.push(Item { key: key.clone(), ..revision.item });
            }
        }
        let gone: Vec<&Item> = gone.iter().collect();
        let all = |items: &[&Item]| {
            let documents = items.iter().flat_map(|item| item.documents.clone()).collect();
            come.first().map(|first| Item { documents, ..Item::bare(first.key.clone(), first.title.clone(), first.url.clone()) })
        };
        let Some((before, now)) = all(&gone).zip(all(&come)) else { return Ok(()) };
        let found = Readdressed::of(&[(&before, &now)], &stay.iter().collect::<Vec<_>>());
        let key_of = |items: &[&Item], url: &Url| {
            let is_it = |item: &&&Item| item.documents.iter().any(|paper| paper.url.as_ref() == Some(url));
            items.iter().find(is_it).map(|item| item.key.clone())
        };
        let followed = found.followed(&before, &now);
        let renamed = followed.iter().filter_map(|(from, to)| Some((key_of(&gone, from)?, key_of(&come, to)?)));
        known.rename(&renamed.collect());
        Ok(())
    }

    /// Restates in `reading` what is known of pages whose files were moved.
    pub async fn readdress(&self, source: &Source, known: &KnownItems, reading: &mut SourceReading) -> Result<(), StoreError> {
        let (mut changed, mut same): (Vec<(Item, &ItemReading, &ItemState)>, Vec<&ItemState>) = (Vec::new(), Vec::new());
        for now in &reading.items {
            let key = &now.item.key;
            let state = known.rows.get(key).map(|row| &row.value).filter(|_| !known.again.contains_key(key));
            let Some(state) = state.filter(|state| state.has_text && !is_outdated(source, state)) else { continue };
            let is_as_it_was = now.read.as_ref().map_or(now.visited, |read| read.fingerprint == state.fingerprint);
            if is_as_it_was {
                same.push(state);
            } else if now.read.is_some() && !now.item.documents.is_empty() {
                let before = match reading.restated.get(key) {
                    Some(restated) => Some(restated.clone()),
                    None => self.store.revision(&state.id, state.revision).await?.map(|revision| revision.item),
                };
                changed.extend(before.map(|before| (before, now, state)));
            }
        }
        let pages: Vec<(&Item, &Item)> = changed.iter().map(|(before, now, _)| (before, &now.item)).collect();
        let mut found = Readdressed::of(&pages, &[]);
        if !found.is_empty() {
            let mut unchanged = Vec::with_capacity(same.len());
            for state in same {
                unchanged.extend(self.store.revision(&state.id, state.revision).await?.map(|revision| revision.item));
            }
            found = Readdressed::of(&pages, &unchanged.iter().collect::<Vec<_>>());
        }
        // A page whose turn to be read comes days later has its files where the others had theirs then.
        let lately = |state: &ItemState| -> Vec<&str> {
            let is_since = |(_, moved): &(&String, &DateTime<Utc>)| state.read.is_some_and(|read| read < **moved);
            reading.passing.iter().filter(is_since).filter_map(|(place, _)| place.strip_prefix(MOVED)).collect()
        };
        // What counts as the same by itself is left as it is known.
        let is_changed = |(_, now, _): &&(Item, &ItemReading, &ItemState)| now.likeness == Likeness::Other;
        let restated = changed.iter().filter(is_changed);
        let restated: Vec<(String, Item)> = restated
            .filter_map(|(before, now, state)| {
                Some((now.item.key.clone(), found.and(lately(state)).restated(before, &now.item)?))
            })
            .collect();
        let moved: Vec<String> = found.places().map(|place| format!("{MOVED}{place}")).collect();
        remember(&mut reading.passing, moved, self.now);
        reading.restated.extend(restated);
        Ok(())
    }
}
