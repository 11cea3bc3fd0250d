//! Whether a page that is watched for itself, and of which nothing is left, was written anew: judged by the page as it was kept.

use super::instead::RECORDS;
use super::{ItemReading, Reader};
use crate::domain::item::Item;
use crate::domain::source::Source;
use crate::ports::RawPage;
use crate::rules::detect::anew::{Whole, is_written_anew};
use crate::rules::extract::Identity;
use crate::store::StoreError;
use crate::store::records::ItemState;
use std::collections::HashSet;

impl Reader<'_> {
    /// Whether `page`, which an item was read off that it is of, is what stood there `before`, in other words throughout. Of records
    /// of a system, their numbers tell.
    pub(super) async fn is_written_anew(
        &self,
        source: &Source,
        (known, before): (&ItemState, &Item),
        (page, now): (&RawPage, &ItemReading),
    ) -> Result<bool, StoreError> {
        if now.read.as_ref().is_none_or(|read| RECORDS.contains(&read.platform)) {
            return Ok(false);
        }
        let revision = self.store.revision(&known.id, known.revision).await?;
        let Some(sha256) = revision.and_then(|revision| revision.page_sha256) else { return Ok(false) };
        let Some(then) = self.kept(source, &sha256).await else { return Ok(false) };
        Ok(self.shows_the_same((&then, before), (page, &now.item)).await)
    }

    /// Whether two pages, and what was read of each, are one and the same, written anew.
    pub(super) async fn shows_the_same(&self, (then, before): (&RawPage, &Item), (page, now): (&RawPage, &Item)) -> bool {
        let (was, is) = (self.face_of(then).await, self.face_of(page).await);
        let before = Whole { item: before, title: was.0.title(), lines: &was.1 };
        is_written_anew(before, Whole { item: now, title: is.0.title(), lines: &is.1 })
    }

    /// What a page says that it is, and all of its lines.
    async fn face_of(&self, page: &RawPage) -> (Identity, HashSet<String>) {
        (self.identity(page).await, self.lines(page).await)
    }
}
