//! Own pages of different items that all say the same: none of them is its item's, unless such pages always did.
//!
//! Invariant: an item that is set aside stays as it is known; a new one waits, as one whose own page cannot be read.

use super::listing::{is_tried_enough, let_wait};
use super::page::{instead_of, is_believed};
use super::{Reader, SourceReading};
use crate::domain::item::{Fingerprint, Item};
use crate::rules::detect::passing::moved;
use crate::rules::detect::{Before, OwnPage, strangers};
use crate::rules::extract;
use crate::rules::fingerprint::fingerprint;
use crate::store::Row;
use crate::store::records::{ItemState, SourceState, Unreadable};
use std::collections::{BTreeSet, HashMap};

/// What one own page says.
#[derive(Debug)]
pub(super) struct OwnWords {
    /// What the listing says of the item.
    listed: Item,
    own: Item,
    /// What is known of it, where that is something else.
    before: Option<Item>,
    fingerprint: Fingerprint,
}

impl OwnWords {
    pub(super) fn of(listed: &Item, own: &Item, before: Option<Item>) -> Self {
        Self { listed: listed.clone(), own: own.clone(), before, fingerprint: fingerprint(own) }
    }

    /// Of which item it is.
    pub(super) fn key(&self) -> &str {
        &self.listed.key
    }

    /// What it says.
    pub(super) fn own(&self) -> &Item {
        &self.own
    }

    /// What it said before, where that is known and something else.
    pub(super) fn before(&self) -> Option<&Item> {
        self.before.as_ref()
    }

    /// The lines that have come or gone.
    pub(super) fn moved(&self) -> Option<BTreeSet<String>> {
        let moved = moved(self.before.as_ref()?, &self.own);
        (!moved.is_empty()).then_some(moved)
    }

    /// The item where its page says nothing new.
    pub(super) fn as_known(&self, known: &ItemState) -> Item {
        Item { published: known.published, ..self.listed.clone() }
    }

    fn beside<'a>(&'a self, known: Option<&ItemState>) -> OwnPage<'a> {
        let before = match known {
            None => Before::Unknown,
            // Of what another recipe read, nobody can say yet whether the page has changed.
            Some(known) if known.fingerprint == self.fingerprint || !is_current(known) => Before::AsNow,
            Some(_) => Before::Other(self.before.as_ref()),
        };
        OwnPage { listed: &self.listed, own: &self.own, before }
    }
}

/// Whether the present recipe has read what is known of an item.
fn is_current(known: &ItemState) -> bool {
    known.platform.is_some_and(|platform| extract::recipe(platform) == known.recipe)
}

impl Reader<'_> {
    /// Sets aside what was read of items whose own pages all say the same, and said different things before.
    pub(super) fn set_alike_aside(
        &self,
        state: &SourceState,
        known: &HashMap<String, Row<ItemState>>,
        reading: &mut SourceReading,
    ) {
        let words = std::mem::take(&mut reading.own_words);
        let before = |own: &OwnWords| known.get(&own.listed.key).map(|row| &row.value);
        let pages: Vec<OwnPage<'_>> = words.iter().map(|own| own.beside(before(own))).collect();
        let is_everywhere = !reading.items.iter().any(|item| item.visited && item.read.is_none());
        for own in strangers(&pages, is_everywhere).into_iter().filter_map(|at| words.get(at)) {
            let key = &own.listed.key;
            let Some(at) = reading.items.iter().position(|item| item.item.key == *key && item.visited) else { continue };
            let Some(item) = reading.items.get_mut(at) else { continue };
            let why = format!("{}: {}", item.item.url, instead_of(&item.item));
            let unreadable = state.unreadable.get(key).filter(|before| before.is_another);
            if let Some(known) = before(own) {
                let is_changed = item.read.as_ref().is_some_and(|read| read.fingerprint != known.fingerprint);
                if !is_changed || is_believed(unreadable, self.now) {
                    continue;
                }
                item.read = None;
                item.visited = false;
                item.validators.clone_from(&known.validators);
                item.closes = known.closes;
                item.names.clone_from(&known.names);
                item.item = own.as_known(known);
                reading.own_pages.unread += usize::from(known.has_text);
                let since = unreadable.map_or(self.now, |before| before.since);
                reading.unreadable.insert(key.clone(), Unreadable { since, why: why.clone(), is_another: true });
            } else if state.baseline.is_some() && !is_tried_enough(state, key) {
                reading.items.remove(at);
                let_wait(state, key, reading);
            } else {
                continue;
            }
            reading.warnings.push(why);
        }
        reading.own_words = words;
    }
}
