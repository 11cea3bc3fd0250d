//! The rows that a poll writes: what its findings make of each item, with the words of before as a better recipe reads them.

use crate::domain::item::{Change, Item, ItemId};
use crate::domain::source::Source;
use crate::engine::reading::{Again, DAILY, ItemReading, KnownItems, Read};
use crate::rules::detect::{Finding, What};
use crate::rules::extract;
use crate::store::Row;
use crate::store::polls::ItemChange;
use crate::store::records::{ItemState, ReadBy, Revision};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::{HashMap, HashSet};

/// What the rows are made from.
pub(super) struct Changes<'a> {
    pub(super) source: &'a Source,
    pub(super) known: &'a KnownItems,
    /// Keys of items that stood there before they were read as such.
    pub(super) were_there: &'a HashSet<String>,
    /// Keys of items that are kept back: they stay as they are known.
    pub(super) kept: &'a HashSet<String>,
    pub(super) read_by: Option<ReadBy>,
    /// SHA-256 of the listing as it was read last.
    pub(super) listing_page: Option<String>,
    pub(super) now: DateTime<Utc>,
}

impl Changes<'_> {
    /// The rows to write, in the listing's order, items that are not there last.
    pub(super) fn of(&self, items: &[ItemReading], findings: &[Finding]) -> Vec<ItemChange> {
        let found: HashMap<&str, &Finding> = findings.iter().map(|f| (f.key.as_str(), f)).collect();
        let mut changes: Vec<ItemChange> = Vec::new();
        for item in items.iter().filter(|item| !self.kept.contains(&item.item.key)) {
            let finding = found.get(item.item.key.as_str()).copied();
            changes.extend(match self.known.rows.get(&item.item.key) {
                None => finding.and_then(|f| self.first_seen(item, f.told)),
                Some(before) => self.seen_again(before, item, finding),
            });
        }
        let read: HashSet<&str> =
            items.iter().map(|item| item.item.key.as_str()).filter(|key| !self.kept.contains(*key)).collect();
        let mut rest: Vec<_> = self.known.rows.iter().filter(|(key, _)| !read.contains(key.as_str())).collect();
        rest.sort_by_key(|(key, _)| *key);
        for (key, before) in rest {
            changes.extend(self.not_there(key, before, found.get(key.as_str()).copied()));
        }
        changes
    }

    fn not_there(&self, key: &str, before: &Row<ItemState>, finding: Option<&Finding>) -> Option<ItemChange> {
        let state = &before.value;
        // Its key may be another one by the present recipe, whether it is there or not.
        let out_of_sight = state.out_of_sight || self.known.out_of_sight.contains(key);
        if finding.is_none() && state.key == key && state.out_of_sight == out_of_sight {
            return None;
        }
        let renamed = ItemState { key: key.to_owned(), out_of_sight, ..state.clone() };
        let told = finding.and_then(|f| f.told);
        let renamed = ItemState { told: told.map(|_| self.now).or(state.told), ..renamed };
        let after = match finding.map(|f| f.what) {
            Some(What::Missing) => ItemState { misses: state.misses + 1, ..renamed },
            Some(What::Withdrawn) => ItemState {
                misses: state.misses + 1,
                withdrawn: Some(self.now),
                withdrawal_told: told.is_some(),
                withdrawn_by: self.listing_page.clone(),
                ..renamed
            },
            Some(What::Back) => self.back(renamed),
            Some(What::New | What::Revised | What::Reread) | None => renamed,
        };
        (after != *state).then(|| ItemChange { before: Some(before.clone()), after, revisions: Vec::new(), notice: told })
    }

    fn back(&self, state: ItemState) -> ItemState {
        // Programs that read feeds go by the date: what is there again has to look newer than its withdrawal.
        let revised = if state.withdrawn.is_some() { self.now } else { state.revised };
        ItemState {
            misses: 0,
            withdrawn: None,
            withdrawal_told: false,
            withdrawn_by: None,
            out_of_sight: false,
            revised,
            ..state
        }
    }

    fn first_seen(&self, item: &ItemReading, notice: Option<Change>) -> Option<ItemChange> {
        let (read, now) = (item.read.as_ref()?, self.now);
        // The page itself is as old as what stands on it, and a part of it as old as the page that held it unread.
        let stood = item.is_page && notice.is_none()
            || [self.were_there, &self.known.were_there].iter().any(|keys| keys.contains(&item.item.key));
        let known = self.known.rows.values().filter(|_| stood).map(|row| row.value.first_seen);
        let now = known.min().unwrap_or(now);
        let after = ItemState {
            id: self.new_id(&item.item.key),
            key: item.item.key.clone(),
            fingerprint: read.fingerprint.clone(),
            recipe: extract::recipe(read.platform),
            platform: Some(read.platform),
            listed_by: self.read_by,
            revision: 1,
            published: item.item.published,
            meeting: met(&item.item),
            first_seen: now,
            revised: now,
            told: notice.map(|_| now),
            withdrawn: None,
            withdrawal_told: false,
            withdrawn_by: None,
            out_of_sight: false,
            misses: 0,
            has_text: read.has_text,
            teaser_lines: read.teaser_lines,
            told_bare: notice.is_some() && !read.has_text && item.item.text.is_none(),
            line: item.line.clone(),
            validators: item.validators.clone(),
            closes: item.closes,
            names: item.names.clone(),
            read: item.visited.then_some(now),
        };
        Some(ItemChange { before: None, after, revisions: vec![revision(item, read, 1, now)], notice })
    }

    /// An identity that is free: an item that has been given another key keeps the identity of its old one.
    fn new_id(&self, key: &str) -> ItemId {
        let taken: HashSet<&ItemId> = self.known.rows.values().map(|row| &row.value.id).collect();
        let mut id = ItemId::of(&self.source.id, key);
        while taken.contains(&id) {
            id = ItemId::of(&self.source.id, id.as_str());
        }
        id
    }

    fn seen_again(&self, before: &Row<ItemState>, item: &ItemReading, finding: Option<&Finding>) -> Option<ItemChange> {
        let state = &before.value;
        let mut after = self.back(ItemState { key: item.item.key.clone(), line: item.line.clone(), ..state.clone() });
        after.meeting = met(&item.item).or(state.meeting);
        after.closes = item.closes.or(state.closes);
        after.names = item.names.clone().or_else(|| state.names.clone());
        if item.visited {
            after.validators.clone_from(&item.validators);
            // Only the daily rotation looks at it; a write at every poll would be for nothing.
            if state.read.is_none_or(|read| self.now - read >= DAILY) {
                after.read = Some(self.now);
            }
        }
        let mut revisions = Vec::new();
        if let Some(again) = self.known.again.get(&item.item.key) {
            self.take(&mut after, &again.read, again.item.published);
            revisions.push(Revision { seen: state.revised, ..again_revision(again, state) });
        }
        let what = finding.map(|f| f.what);
        let content = item.read.as_ref().filter(|_| matches!(what, Some(What::Revised | What::Reread)));
        if let Some(read) = content {
            self.take(&mut after, read, item.item.published);
            after.told_bare &= item.item.text.is_none();
            if what == Some(What::Revised) {
                after.revision += 1;
                after.revised = self.now;
            }
            let seen = if what == Some(What::Revised) { self.now } else { state.revised };
            revisions.retain(|r: &Revision| r.number != after.revision);
            revisions.push(revision(item, read, after.revision, seen));
        }
        let notice = finding.and_then(|f| f.told);
        after.told = notice.map(|_| self.now).or(state.told);
        let is_change = after != *state || !revisions.is_empty();
        is_change.then(|| ItemChange { before: Some(before.clone()), after, revisions, notice })
    }

    /// Records in `after` what was read, and by whose recipe.
    fn take(&self, after: &mut ItemState, read: &Read, published: Option<NaiveDate>) {
        after.fingerprint = read.fingerprint.clone();
        after.recipe = extract::recipe(read.platform);
        after.platform = Some(read.platform);
        after.listed_by = self.read_by;
        after.has_text = read.has_text;
        after.teaser_lines = read.teaser_lines;
        after.told_bare &= !read.has_text;
        after.published = published;
    }
}

/// The day of the meeting that it is of.
fn met(item: &Item) -> Option<NaiveDate> {
    item.meeting.as_ref().and_then(|meeting| meeting.date)
}

fn revision(item: &ItemReading, read: &Read, number: u32, seen: DateTime<Utc>) -> Revision {
    Revision {
        number,
        seen,
        recipe: extract::recipe(read.platform),
        item: item.item.clone(),
        page_sha256: Some(read.page_sha256.clone()),
    }
}

/// The content of before as the present recipe reads it: the same revision, in other words.
fn again_revision(again: &Again, state: &ItemState) -> Revision {
    Revision {
        number: state.revision,
        seen: state.revised,
        recipe: extract::recipe(again.read.platform),
        item: again.item.clone(),
        page_sha256: Some(again.read.page_sha256.clone()),
    }
}
