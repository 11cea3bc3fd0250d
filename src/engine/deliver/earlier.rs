//! What a mail tells though nothing that its reader asks for holds it: what became of something that they had been told of. The
//! mail says when that was, so that there is a reason for everything in it.

use super::letters::Letters;
use super::reader::{identities, wants_at};
use crate::domain::bundle::Bundle;
use crate::domain::delivery::Told;
use crate::domain::item::{Change, ItemId};
use crate::domain::subscriber::Interests;
use crate::store::StoreError;
use crate::store::moves::Reader;
use chrono::NaiveDate;
use std::sync::Arc;

/// Something that its reader had been told of.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Earlier {
    pub(super) item: ItemId,
    /// When first.
    pub(super) day: NaiveDate,
    /// Whether they have changed since then what they get.
    pub(super) has_chosen: bool,
}

/// Why somebody is told something: what they ask for, and what they had been told of beside that.
pub(super) type Grounds = (Vec<Interests>, Vec<Earlier>);

impl Letters<'_> {
    /// Why a `reader` is told this, which is all that `group` of the bundle is told where it is not said to be `only` that.
    pub(super) async fn grounds(
        &self,
        bundle: &Bundle,
        group: u16,
        only: Option<&[Told]>,
        reader: &Reader,
    ) -> Result<Grounds, StoreError> {
        let wants = wants_at(reader, Some(bundle.cadence));
        let unasked: Arc<[Told]> = match only {
            Some(told) => self.unasked(told, &wants).await?.into(),
            None => self.unasked_of_group(bundle, group, &wants).await?,
        };
        if unasked.is_empty() {
            return Ok((wants, Vec::new()));
        }
        // What went to another cadence is asked for there.
        let wants = wants_at(reader, None);
        let (identities, series) = (identities(reader), bundle.series());
        let mut earlier = Vec::new();
        for told in self.unasked(&unasked, &wants).await? {
            if let Some(first) = self.threads.first(&told.item, &identities, &series).await? {
                let day = first.told.with_timezone(&self.postman.site.timezone).date_naive();
                let has_chosen = reader.person.chose.is_some_and(|at| at >= first.told);
                earlier.push(Earlier { item: told.item, day, has_chosen });
            }
        }
        Ok((wants, earlier))
    }

    /// The same for all who are in one group and want the same, looked up once. What is new is told to nobody who does not ask
    /// for it.
    async fn unasked_of_group(&self, bundle: &Bundle, group: u16, wants: &[Interests]) -> Result<Arc<[Told]>, StoreError> {
        if bundle.told(group).all(|told| told.change == Change::New) {
            return Ok(Arc::default());
        }
        let Some(id) = bundle.id() else { return Ok(Arc::default()) };
        let kind = (id, group, wants.to_vec());
        if let Some(known) = self.kept().unasked(&kind) {
            return Ok(known);
        }
        let told: Vec<Told> = bundle.told(group).cloned().collect();
        let unasked: Arc<[Told]> = self.unasked(&told, wants).await?.into();
        self.kept().keep_unasked(kind, unasked.clone());
        Ok(unasked)
    }

    /// What of this none of these interests holds.
    async fn unasked(&self, told: &[Told], wants: &[Interests]) -> Result<Vec<Told>, StoreError> {
        let mut unasked = Vec::new();
        for news in told {
            if !self.is_wanted(news, wants).await? {
                unasked.push(news.clone());
            }
        }
        Ok(unasked)
    }
}
