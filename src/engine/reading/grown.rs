//! A page that was an item itself and has come to list several: a list of one letter, read as an article until the second came.
//! What the article led to stood there all the time, and is no news; nor is the article gone.

use super::{Reader, SourceReading};
use crate::domain::item::Item;
use crate::domain::source::Source;
use crate::rules::extract::key;
use crate::store::records::ItemState;
use crate::store::{Row, StoreError};
use std::collections::{HashMap, HashSet};

impl Reader<'_> {
    /// Notes in `reading` which of the entries `found` on a list stood on it when it was read as an item itself.
    pub(super) async fn follow_grown(
        &self,
        source: &Source,
        known: &HashMap<String, Row<ItemState>>,
        found: &[(Item, String)],
        reading: &mut SourceReading,
    ) -> Result<(), StoreError> {
        let addresses = reading.pages.first().map(|page| &page.url).into_iter().chain([&source.url]);
        let Some(row) = addresses.into_iter().find_map(|url| known.get(&key::of_page(url))) else { return Ok(()) };
        let own = &row.value;
        if own.withdrawn.is_some() || found.iter().any(|(item, _)| item.key == own.key) {
            return Ok(());
        }
        reading.grown_from = Some(own.key.clone());
        let come = || found.iter().map(|(item, _)| &item.key).filter(|key| !known.contains_key(*key));
        if come().next().is_none() {
            return Ok(());
        }
        let Some(revision) = self.store.revision(&own.id, own.revision).await? else { return Ok(()) };
        let page = match &revision.page_sha256 {
            Some(sha256) => self.kept(source, sha256).await,
            None => None,
        };
        let led: HashSet<String> = match page {
            Some(page) => self.leads(&page).await,
            None => HashSet::new(),
        };
        reading.were_there.extend(come().filter(|key| led.contains(*key)).cloned());
        Ok(())
    }
}
