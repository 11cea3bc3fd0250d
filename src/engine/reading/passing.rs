//! Own pages to which nothing came but what the site tells on all of them: they are as they were. What has once been found to be the
//! site's is remembered, since a cache may bring it to one page after the other, and take it away again.

use super::page::off_workers;
use super::{Read, Reader, SourceReading};
use crate::domain::source::{Platform, Source};
use crate::ports::RawPage;
use crate::rules::detect::passing::{common, is_same_but_for, sentences, without_boxes};
use crate::rules::extract::{self, Boxed};
use crate::rules::fingerprint::{fingerprint, likeness};
use crate::store::records::{ItemState, SourceState};
use crate::store::{Row, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, HashMap};

/// What the site says is remembered for so long after it was met last.
const REMEMBERED: TimeDelta = TimeDelta::days(60);
/// Lines that are remembered, and the longest of them in bytes.
const LINES_MAX: usize = 40;
const LINE_BYTES_MAX: usize = 60;

impl Reader<'_> {
    /// Takes pages for what they were to which, or from which, only boxes of the site's went.
    pub(super) async fn set_passing_aside(
        &self,
        source: &Source,
        state: &SourceState,
        known: &HashMap<String, Row<ItemState>>,
        reading: &mut SourceReading,
    ) -> Result<(), StoreError> {
        let words = std::mem::take(&mut reading.own_words);
        let changed: Vec<_> = words.iter().filter_map(|own| Some((own, own.before()?, own.moved()?))).collect();
        let visited = reading.items.iter().filter(|item| item.visited).count();
        let mut passing = common(&changed.iter().map(|(.., moved)| moved.clone()).collect::<Vec<_>>(), visited);
        let is_remembered = |shape: &&String| state.passing.contains_key(&remembered(shape));
        passing.extend(changed.iter().flat_map(|(.., moved)| moved.iter().filter(is_remembered).cloned()));
        if !changed.is_empty() && !reading.listing_unchanged && reading.platform != Some(Platform::Feed) {
            let of_list = sentences(&self.boxed(reading.pages.first().cloned()).await);
            passing.extend(changed.iter().flat_map(|(.., moved)| moved.intersection(&of_list).cloned()));
        }
        for (own, before, moved) in changed {
            let at = reading.items.iter().position(|item| item.item.key == own.key() && item.visited);
            let Some((at, row)) = at.zip(known.get(own.key())).filter(|_| moved.iter().any(|shape| passing.contains(shape)))
            else {
                continue;
            };
            let sha = reading.items.get(at).and_then(|item| item.read.as_ref()).map(|read| &read.page_sha256);
            let Some(page) = reading.pages.iter().find(|page| Some(&page.sha256) == sha).cloned() else { continue };
            let revision = self.store.revision(&row.value.id, row.value.revision).await?;
            let then = match revision.and_then(|revision| revision.page_sha256) {
                Some(sha) => self.boxed(self.kept(source, &sha).await).await,
                None => Boxed::default(),
            };
            let boxes = self.boxed(Some(page)).await;
            let Some(item) = reading.items.get_mut(at) else { continue };
            if is_same_but_for(&passing, (before, &then), (own.own(), &boxes)) {
                item.read = None;
                item.item = own.as_known(&row.value);
            } else if let Some(own) = without_boxes(&passing, &item.item, &boxes) {
                item.likeness = likeness(before, &own);
                item.read = item.read.take().map(|read| Read { fingerprint: fingerprint(&own), ..read });
                item.item = own;
            } else {
                continue;
            }
            let met = moved.iter().filter(|shape| passing.contains(*shape)).map(|shape| remembered(shape));
            remember(&mut reading.passing, met, self.now);
        }
        remember(&mut reading.passing, [], self.now);
        reading.own_words = words;
        self.restate(known, reading);
        Ok(())
    }

    async fn boxed(&self, page: Option<RawPage>) -> Boxed {
        let Some(page) = page else { return Boxed::default() };
        off_workers(page, |page| extract::boxed(&super::page::seen(page))).await.unwrap_or_default()
    }
}

/// Notes lines that were `met` among those that are remembered, and forgets the oldest.
pub(super) fn remember(passing: &mut BTreeMap<String, DateTime<Utc>>, met: impl IntoIterator<Item = String>, now: DateTime<Utc>) {
    passing.extend(met.into_iter().map(|line| (line, now)));
    passing.retain(|_, met| now - *met < REMEMBERED);
    while passing.len() > LINES_MAX {
        let oldest = passing.iter().min_by_key(|(_, met)| **met).map(|(line, _)| line.clone());
        oldest.map(|line| passing.remove(&line));
    }
}

/// What is remembered of a line: how it begins.
fn remembered(shape: &str) -> String {
    let end = (0..=LINE_BYTES_MAX.min(shape.len())).rfind(|at| shape.is_char_boundary(*at)).unwrap_or(0);
    shape.get(..end).unwrap_or_default().to_owned()
}
