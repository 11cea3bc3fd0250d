//! A source whose first poll met something else than its page, which nobody knew for that: it begins with what stands there now.
//!
//! Invariant: what begins so is told to nobody, as what a first poll finds is not.

use super::{Answer, KnownItems, Reader};
use crate::domain::item::Outcome;
use crate::domain::source::Source;
use crate::domain::text::Text;
use crate::rules::detect::{Gone, Order, slight};
use crate::rules::fingerprint::uncased;
use crate::store::records::{ItemState, SourceState};
use crate::store::{Row, StoreError};
use std::collections::BTreeMap;

/// A source that begins now.
#[derive(Debug)]
pub struct Beginning {
    /// Its state as before its first poll.
    pub state: SourceState,
    /// What was taken for its page, with its key.
    pub slight: (String, Row<ItemState>),
}

impl Reader<'_> {
    /// The beginning of a source of which nothing is known but a slight page, where a page came that says something and nothing of
    /// that; what is known of it is taken from the `known`.
    pub async fn begins(
        &self,
        source: &Source,
        state: &SourceState,
        known: &mut KnownItems,
        answer: &Answer,
    ) -> Result<Option<Beginning>, StoreError> {
        let (Answer::Listing(page, _), Some(_)) = (answer, state.baseline) else { return Ok(None) };
        let mut live = known.rows.iter().filter(|(_, row)| row.value.withdrawn.is_none());
        let (Some((key, row)), None) = (live.next(), live.next()) else { return Ok(None) };
        if row.value.revision != 1 || row.value.told.is_some() {
            return Ok(None);
        }
        let Some(before) = self.store.revision(&row.value.id, 1).await? else { return Ok(None) };
        if !slight::is_slight(&before.item, &source.url, &source.title) {
            return Ok(None);
        }
        let Ok(now) = self.extract(source, page).await else { return Ok(None) };
        let is_doubtful = now.outcome != Outcome::Items || slight::doubt(&source.url, &source.title, &now).is_some();
        if is_doubtful || self.is_front(page).await {
            return Ok(None);
        }
        let lines = self.lines(page).await;
        let text = before.item.text.as_ref().map(Text::as_str).unwrap_or_default();
        if text.lines().chain([before.item.title.as_str()]).any(|line| lines.contains(&uncased(line))) {
            return Ok(None);
        }
        let key = key.clone();
        let row = known.rows.remove(&key);
        let state = SourceState {
            baseline: None,
            home: None,
            read_by: None,
            listing_pages: Vec::new(),
            items: 0,
            extent: None,
            order: Order::default(),
            unread: BTreeMap::new(),
            unreadable: BTreeMap::new(),
            hold: None,
            ..state.clone()
        };
        Ok(row.map(|row| Beginning { state, slight: (key, row) }))
    }
}

impl Beginning {
    /// Takes what was taken for the page back among the `known`: it is read anew where the page is itself an item, and gone otherwise.
    pub fn supersede(&self, known: &mut KnownItems, gone: &mut Gone) {
        let (key, mut row) = self.slight.clone();
        row.value.misses = row.value.misses.max(1);
        gone.note_not_found(&key);
        known.moved.insert(key.clone());
        known.rows.insert(key, row);
    }
}
