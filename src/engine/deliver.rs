//! Delivering: deliveries that are due are claimed, handed to the next hop, and settled or put back.
//!
//! A message goes out between two commits, so a stop repeats it at most once per stop, under the same Message-ID; it is
//! never lost. Before it leaves, the subscription is looked at once more: nobody is mailed after leaving.

mod letters;
mod pace;
mod turn;

pub use letters::leaving;

use super::bounds::Bounds;
use super::known::Sources;
use crate::domain::bundle::{Bundle, BundleId};
use crate::domain::delivery::{STALE, Settlement};
use crate::domain::site::Site;
use crate::domain::subscriber::Address;
use crate::ports::{Clock, Mail};
use crate::rules::schedule::is_stale;
use crate::store::outbox::{Claimed, Ended, Outcome};
use crate::store::records::Claim;
use crate::store::{Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use letters::Letters;
use pace::Pace;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use turn::Turn;

/// Longer than any conversation may take; after it another process may try.
const CLAIM: TimeDelta = TimeDelta::minutes(30);
/// Refusals by the relay itself, one after the other, after which the rest of a pass is left for later.
const RELAY_FAILURES_MAX: usize = 3;
/// Refusals that a report names; the rest is a number.
const NAMED_MAX: usize = 100;

/// What delivering needs besides the store.
#[derive(Clone, Copy)]
pub struct Postman<'a> {
    /// The next hop.
    pub mail: &'a dyn Mail,
    /// The time.
    pub clock: &'a dyn Clock,
    /// The sources, for the words.
    pub sources: &'a Sources,
    /// Who we are.
    pub site: &'a Site,
    /// The sender's name and address.
    pub from: (Option<&'a str>, &'a Address),
    /// When not empty: nobody else is ever mailed.
    pub only_to: &'a [Address],
    /// Conversations at a time.
    pub connections: usize,
    /// Messages a minute at most.
    pub per_minute_max: Option<u32>,
    /// What a digest tells is no news any more so long after its window closed.
    pub stale_after: Duration,
    /// Signs the links.
    pub key: &'a [u8; 32],
    /// This process, in claims.
    pub owner: &'a str,
    /// How much is done at a time.
    pub bounds: &'a Bounds,
}

/// What a pass of delivering did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Delivered {
    /// Accepted by the next hop.
    pub sent: usize,
    /// Refused for good.
    pub refused: usize,
    /// The first of those, with the masked address and the reply.
    pub refusals: Vec<(String, String)>,
    /// Put back for later, with the last reply.
    pub postponed: usize,
    /// Why the last one was put back.
    pub last_reply: Option<String>,
    /// Not sent because the subscription had ended, or nobody else may be mailed.
    pub cancelled: usize,
    /// Not sent because what they tell is no news any more.
    pub stale: usize,
}

/// Sends everything that is due, until nothing is, the relay is out of reach, or `stop` says so.
pub async fn deliver(store: &Store, postman: &Postman<'_>, stop: &(dyn Fn() -> bool + Sync)) -> Result<Delivered, StoreError> {
    let letters = Letters::new(store, postman);
    let mut bundles = Bundles::default();
    let mut turn = Turn::new(store, postman, &letters, stop);
    let mut pace = Pace::new(postman.per_minute_max, postman.clock.now());
    while turn.goes_on() {
        let room = pace.room(postman.bounds.claim.max(1), postman.clock).await;
        let now = postman.clock.now();
        let claim = Claim { owner: postman.owner.to_owned(), until: now + CLAIM };
        let rows = store.claim_due(room, &claim, now).await?;
        if rows.is_empty() {
            break;
        }
        let mut claimed = Vec::with_capacity(rows.len());
        let mut unreadable = None;
        for row in rows {
            match bundles.get(store, &row.value.bundle).await {
                Ok(bundle) => claimed.push(Claimed { row: Some(row), bundle }),
                // It is looked at again when the claim has run out, and does not hold up the others.
                Err(error) => unreadable = Some(error),
            }
        }
        let (claimed, stale) = cancel_stale(store, postman, claimed, now).await?;
        turn.done.stale += stale;
        pace.spend(turn.send(claimed).await?);
        if let Some(error) = unreadable {
            return Err(error);
        }
    }
    Ok(turn.done)
}

/// Ends what is no news any more, and answers with the rest, and how many were ended.
async fn cancel_stale(
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
    for (portion, claimed) in claimed.iter().enumerate().filter(|(_, claimed)| is_old(&claimed.bundle)) {
        let outcome = Outcome::Settled(Settlement::Cancelled { reason: STALE.to_owned() });
        let places = claimed.row.iter().flat_map(|row| row.value.members.iter());
        ended.extend(places.map(|place| Ended { portion, place, outcome: outcome.clone() }));
        let Bundle { cadence, closed, .. } = *claimed.bundle;
        tracing::warn!(cadence = cadence.as_str(), %closed, "mail is not sent: {STALE}");
    }
    Ok((store.settle(claimed, &ended, false, now).await?, ended.len()))
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
