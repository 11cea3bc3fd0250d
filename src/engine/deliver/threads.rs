//! Under which message a mail stands that tells what became of an item: the first that told its reader of it, so that mail
//! programs show the two together (RFC 5322 §3.6.4).
//!
//! Message-IDs are functions of person and window, so nothing is kept but the ledger. Deliveries of a bundle come together;
//! of each earlier series one bundle is in memory.

use crate::domain::bundle::{Bundle, BundleId, Series};
use crate::domain::delivery::{DeliveryId, Position, Told};
use crate::domain::item::{Change, ItemId};
use crate::domain::members::Members;
use crate::store::records::Portion;
use crate::store::{Store, StoreError};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::{Mutex, MutexGuard, OnceCell};

/// Items and series that are remembered; beyond that all are looked up again.
const REMEMBERED_MAX: usize = 64;

/// The item whose thread a mail belongs to that tells these: its only one, where that was told before.
pub(super) fn threaded<'a>(mut told: impl Iterator<Item = &'a Told>) -> Option<&'a ItemId> {
    let only = told.next().filter(|_| told.next().is_none())?;
    (only.change != Change::New).then_some(&only.item)
}

/// What has been looked up.
pub(super) struct Threads<'a> {
    store: &'a Store,
    seen: Mutex<Seen>,
    /// What is remembered is of before the deliveries that are claimed now.
    is_old: AtomicBool,
}

#[derive(Default)]
struct Seen {
    told_in: HashMap<ItemId, Vec<Series>>,
    bundles: HashMap<Series, Vec<(u128, BundleId)>>,
    here: HashMap<Series, (BundleId, Arc<Here>)>,
}

/// The delivery that first told a reader of an item.
pub(super) struct First {
    pub(super) delivery: DeliveryId,
    /// When: as its message is dated.
    pub(super) told: DateTime<Utc>,
}

/// A bundle, and to whom of it nothing was sent after all.
pub(super) struct Here {
    pub(super) bundle: Bundle,
    pub(super) not_sent: Members,
    /// What of it is not settled; looked up where somebody asks.
    pub(super) waits: OnceCell<Vec<Portion>>,
}

impl Here {
    /// What the person of this number is told of `item` in it, in this life, and their place.
    pub(super) fn entry(&self, number: u128, life: u32, item: &ItemId) -> Option<(u16, &Told)> {
        let members = self.bundle.members();
        let at = members.binary_search_by_key(&number, |member| member.number).ok()?;
        let place = u16::try_from(at).ok().filter(|place| self.bundle.life(*place) == life)?;
        let told = self.bundle.told(members.get(at)?.group).find(|told| told.item == *item)?;
        Some((place, told))
    }

    /// Whether the person of this number was told of `item` in it in this life, or is still to be.
    fn told(&self, number: u128, life: u32, item: &ItemId) -> bool {
        let members = self.bundle.members();
        let place = members.binary_search_by_key(&number, |member| member.number).ok();
        let member = place.and_then(|at| Some((u16::try_from(at).ok()?, members.get(at)?)));
        member.is_some_and(|(place, member)| {
            let is_theirs = self.bundle.life(place) == life && !self.not_sent.contains(place);
            is_theirs && self.bundle.covered(member.group).any(|(covered, _)| covered == item)
        })
    }
}

impl<'a> Threads<'a> {
    pub(super) fn new(store: &'a Store) -> Self {
        Self { store, seen: Mutex::default(), is_old: AtomicBool::new(false) }
    }

    /// The delivery that first told a reader of `item`, before the one in `now`: under any of these identities of theirs, by
    /// number and life, and not one that never left; `None` where none did.
    pub(super) async fn first(
        &self,
        item: &ItemId,
        identities: &[(u128, u32)],
        now: &Series,
    ) -> Result<Option<First>, StoreError> {
        let mut seen = self.seen().await;
        for series in self.told_in(&mut seen, item).await?.into_iter().filter(|series| series.to() < now.to()) {
            for (number, life) in identities {
                let Some(here) = self.bundle(&mut seen, &series, *number).await? else { continue };
                if here.told(*number, *life, item) {
                    return Ok(Some(First { delivery: here.bundle.delivery(*number), told: here.bundle.planned }));
                }
            }
        }
        Ok(None)
    }

    /// Has everything looked up again: what is known is of before the deliveries that are claimed now. Waits for nobody: whoever
    /// claims also drives those who are looking something up.
    pub(super) fn forget(&self) {
        self.is_old.store(true, Ordering::Relaxed);
    }

    /// What is remembered.
    async fn seen(&self) -> MutexGuard<'_, Seen> {
        let mut seen = self.seen.lock().await;
        if self.is_old.swap(false, Ordering::Relaxed) {
            *seen = Seen::default();
        }
        seen
    }

    /// The bundles but those of `now` in which a reader of these identities is told of `item`, or was in a window that ended at `from` or
    /// later; with number and life there.
    pub(super) async fn others(
        &self,
        item: &ItemId,
        identities: &[(u128, u32)],
        now: &Series,
        from: Position,
    ) -> Result<Vec<(Arc<Here>, (u128, u32))>, StoreError> {
        let mut seen = self.seen().await;
        let is_other = |series: &Series| series != now && series.to().is_some_and(|to| to >= from);
        // Mostly there is none.
        if seen.told_in.get(item).is_some_and(|series| !series.iter().any(is_other)) {
            return Ok(Vec::new());
        }
        let mut others = Vec::new();
        for series in self.told_in(&mut seen, item).await?.into_iter().filter(is_other) {
            for (number, life) in identities {
                let here = self.bundle(&mut seen, &series, *number).await?;
                let here = here.filter(|here| here.entry(*number, *life, item).is_some());
                others.extend(here.map(|here| (here, (*number, *life))));
            }
        }
        Ok(others)
    }

    /// The series that told of `item`, the earliest first.
    async fn told_in(&self, seen: &mut Seen, item: &ItemId) -> Result<Vec<Series>, StoreError> {
        if seen.told_in.len() > REMEMBERED_MAX || seen.bundles.len() > REMEMBERED_MAX {
            *seen = Seen::default();
        }
        if !seen.told_in.contains_key(item) {
            let series = self.store.series_that_told(item).await?;
            seen.told_in.insert(item.clone(), series);
        }
        Ok(seen.told_in.get(item).cloned().unwrap_or_default())
    }

    /// The bundle of `series` in which the person of this number would stand.
    async fn bundle(&self, seen: &mut Seen, series: &Series, number: u128) -> Result<Option<Arc<Here>>, StoreError> {
        if !seen.bundles.contains_key(series) {
            let bundles = self.store.bundles_in(series).await?;
            seen.bundles.insert(series.clone(), bundles);
        }
        let bundles = seen.bundles.get(series).map(Vec::as_slice).unwrap_or_default();
        let after = bundles.partition_point(|(first, _)| *first <= number);
        let Some((_, id)) = after.checked_sub(1).and_then(|at| bundles.get(at)) else { return Ok(None) };
        if let Some((_, here)) = seen.here.get(series).filter(|(here, _)| here == id) {
            return Ok(Some(here.clone()));
        }
        let bundle = self.store.bundle(id).await?;
        let not_sent = self.store.tally(id).await?.map(|tally| tally.cancelled.or(&tally.refused)).unwrap_or_default();
        let here = Arc::new(Here { bundle, not_sent, waits: OnceCell::new() });
        let id = id.clone();
        seen.here.insert(series.clone(), (id, here.clone()));
        Ok(Some(here))
    }
}
