//! What is due, claimed: with the bundles it is sent from, and without what is no news any more.

use super::{CLAIM, DOUBT, LOOK_AGAIN, Postman};
use crate::domain::bundle::{Bundle, BundleId, Lane};
use crate::domain::delivery::{STALE, Settlement};
use crate::rules::schedule::is_stale;
use crate::store::bell::Heard;
use crate::store::outbox::{Claimed, Ended, Outcome};
use crate::store::records::Claim;
use crate::store::{Store, StoreError};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::sync::Arc;

/// Who claims, over the turns of a pass.
pub(super) struct Claiming<'a> {
    store: &'a Store,
    postman: &'a Postman<'a>,
    bundles: Bundles,
    /// What is put into the outbox.
    heard: Heard,
}

/// What was claimed.
pub(super) struct Taken {
    pub(super) claimed: Vec<Claimed>,
    /// How many deliveries were due, of all that were asked for.
    pub(super) deliveries: usize,
    /// How many were not sent because they are no news any more.
    pub(super) stale: usize,
    /// Why some cannot be sent now. They are looked at again when the claim has run out, and do not hold up the others.
    pub(super) unreadable: Option<StoreError>,
}

impl<'a> Claiming<'a> {
    pub(super) fn new(store: &'a Store, postman: &'a Postman<'a>) -> Self {
        Self { store, postman, bundles: Bundles::default(), heard: store.hear(&["out/"]) }
    }

    /// Claims up to `room` deliveries of these lanes that are due; `asks`: those first that nobody was asked to take before.
    pub(super) async fn take(&mut self, lanes: &[Lane], room: usize, asks: bool) -> Result<Taken, StoreError> {
        // What is put there from here on is heard.
        self.heard.anything();
        let (store, now) = (self.store, self.postman.clock.now());
        let claim = Claim { owner: self.postman.owner.to_owned(), until: now + CLAIM };
        let rows = store.claim_due_in(lanes, room, asks, &claim, now).await?;
        let deliveries = rows.iter().map(|row| row.value.members.len()).sum();
        let mut claimed = Vec::with_capacity(rows.len());
        let mut unreadable = None;
        for row in rows {
            match self.bundles.get(store, &row.value.bundle).await {
                Ok(bundle) => claimed.push(Claimed { row: Some(row), bundle }),
                Err(error) => unreadable = Some(error),
            }
        }
        let (claimed, stale) = put_stale_aside(store, self.postman, claimed, now).await?;
        Ok(Taken { claimed, deliveries, stale, unreadable })
    }

    /// Waits until something may have been put into the outbox since the last [`take`](Self::take).
    pub(super) async fn rung(&mut self) {
        self.heard.rung().await;
    }
}

impl Taken {
    /// The least urgent lane of what was claimed.
    pub(super) fn lane(&self) -> Option<Lane> {
        let lanes = self.claimed.iter().filter_map(|claimed| Some(claimed.row.as_ref()?.value.lane()));
        lanes.max_by_key(|lane| lane.rank())
    }
}

/// Ends what is no news any more, and answers with the rest, and how many were ended.
///
/// A clock that runs ahead makes everything old. So what is too old is first put off: a clock that is put right within that
/// time costs nobody a mail.
async fn put_stale_aside(
    store: &Store,
    postman: &Postman<'_>,
    claimed: Vec<Claimed>,
    now: DateTime<Utc>,
) -> Result<(Vec<Claimed>, usize), StoreError> {
    let is_old = |bundle: &Bundle| is_stale(bundle.cadence, bundle.closed, postman.stale_after, now);
    if !claimed.iter().any(|claimed| is_old(&claimed.bundle)) {
        return Ok((claimed, 0));
    }
    let mut ended = Vec::new();
    let mut cancelled = 0;
    for (portion, claimed) in claimed.iter().enumerate().filter(|(_, claimed)| is_old(&claimed.bundle)) {
        let Some(row) = &claimed.row else { continue };
        let is_sure = row.value.doubted.is_some_and(|since| now - since >= DOUBT);
        let Bundle { cadence, closed, .. } = *claimed.bundle;
        let outcome = if is_sure {
            cancelled += row.value.members.len();
            tracing::warn!(cadence = cadence.as_str(), %closed, "mail is not sent: {STALE}");
            Outcome::Settled(Settlement::Cancelled { reason: STALE.to_owned() })
        } else {
            tracing::warn!(cadence = cadence.as_str(), %closed, "mail is too old by this clock; looking again in an hour: is the clock right?");
            Outcome::Doubted { not_before: now + LOOK_AGAIN }
        };
        let ends = |place| Ended { portion, place, taken_over: None, outcome: outcome.clone() };
        ended.extend(row.value.members.iter().map(ends));
    }
    Ok((store.settle(claimed, &ended, false, now).await?, cancelled))
}

/// The bundles that are being sent from.
#[derive(Default)]
struct Bundles(HashMap<BundleId, Arc<Bundle>>);

impl Bundles {
    /// More are being sent from only where many are tried again: those are read again.
    const KEPT_MAX: usize = 8;

    async fn get(&mut self, store: &Store, id: &BundleId) -> Result<Arc<Bundle>, StoreError> {
        if let Some(bundle) = self.0.get(id) {
            return Ok(bundle.clone());
        }
        let bundle = Arc::new(store.bundle(id).await?);
        if self.0.len() >= Self::KEPT_MAX {
            self.0.clear();
        }
        self.0.insert(id.clone(), bundle.clone());
        Ok(bundle)
    }
}
