//! Delivering: deliveries that are due are claimed, handed to the next hop, and settled or put back.
//!
//! A message goes out between two commits, so a stop repeats it at most once per stop, under the same Message-ID; it is
//! never lost. Before it leaves, the subscription is looked at once more: nobody is mailed after leaving.

mod doubt;
mod fold;
mod letters;
mod pace;
mod personal;
mod reader;
mod relay;
mod threads;
mod turn;

use super::bounds::Bounds;
use super::known::Sources;
use crate::config::BounceSettings;
use crate::domain::bundle::{Bundle, BundleId};
use crate::domain::delivery::{STALE, Settlement};
use crate::domain::site::Site;
use crate::domain::subscriber::Address;
use crate::ports::{Clock, Mail};
use crate::rules::schedule::is_stale;
use crate::rules::token::Keyring;
use crate::store::outbox::{Claimed, Ended, Outcome};
use crate::store::records::{Claim, RelayOut};
use crate::store::{Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use letters::Letters;
use pace::Pace;
use relay::{Relay, is_after_a_rest, may_ask_for_a_letter};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use turn::Turn;

/// Longer than any conversation may take; after it another process may try.
const CLAIM: TimeDelta = TimeDelta::minutes(30);
/// How long mail that the clock calls too old waits for a clock that is wrong to be put right: long enough for somebody to
/// see it…
const DOUBT: TimeDelta = TimeDelta::days(1);
/// …and how often it is looked at meanwhile.
const LOOK_AGAIN: TimeDelta = TimeDelta::hours(1);
/// Why nothing is sent after too many complaints.
const PAUSED: &str = "too many readers called our mail spam; `boardwatch mail resume` lets it go again";
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
    /// Where mail comes back to.
    pub bounces: &'a BounceSettings,
    /// This installation's secret: signs the addresses that mail comes back to.
    pub key: &'a [u8; 32],
    /// Signs the links.
    pub links: &'a Keyring,
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
    /// Until when nothing is sent, and what the relay said.
    pub resting: Option<(DateTime<Utc>, String)>,
}

/// Sends everything that is due, until nothing is, the relay is out of reach, or `stop` says so.
pub async fn deliver(store: &Store, postman: &Postman<'_>, stop: &(dyn Fn() -> bool + Sync)) -> Result<Delivered, StoreError> {
    if let Some(since) = store.complaint_pause().await?.and_then(|row| row.value.since) {
        let until = DateTime::<Utc>::MAX_UTC;
        tracing::debug!(%since, "mail rests: too many readers called it spam");
        return Ok(Delivered { resting: Some((until, PAUSED.to_owned())), ..Delivered::default() });
    }
    let before = store.relay_trouble().await?;
    let now = postman.clock.now();
    if let Some(row) = &before
        && row.value.rests(now)
        && !(may_ask_for_a_letter(&row.value, now) && store.letter_is_due(now).await?)
    {
        let resting = Some((row.value.until, row.value.reply.clone()));
        return Ok(Delivered { resting, ..Delivered::default() });
    }
    if let Some(row) = &before
        && is_after_a_rest(&row.value)
    {
        store.hurry_letters(&row.value.reply, now).await?;
    }
    let letters = Letters::new(store, postman);
    let mut bundles = Bundles::default();
    let mut relay = Relay::new(before.as_ref().map(|row| &row.value), now);
    let mut turn = Turn::new(store, postman, &letters, stop, &mut relay);
    let mut pace = Pace::new(postman.per_minute_max, postman.clock.now());
    while turn.goes_on() {
        let room = pace.room(turn.room(postman.bounds.claim.max(1)), postman.clock).await;
        let now = postman.clock.now();
        let claim = Claim { owner: postman.owner.to_owned(), until: now + CLAIM };
        let rows = store.claim_due(room, &claim, now).await?;
        if rows.is_empty() {
            break;
        }
        let taken: usize = rows.iter().map(|row| row.value.members.len()).sum();
        let mut claimed = Vec::with_capacity(rows.len());
        let mut unreadable = None;
        for row in rows {
            match bundles.get(store, &row.value.bundle).await {
                Ok(bundle) => claimed.push(Claimed { row: Some(row), bundle }),
                // It is looked at again when the claim has run out, and does not hold up the others.
                Err(error) => unreadable = Some(error),
            }
        }
        let (claimed, stale) = put_stale_aside(store, postman, claimed, now).await?;
        turn.done.stale += stale;
        let is_all = taken < room;
        pace.spend(turn.send(claimed, is_all).await?);
        if let Some(error) = unreadable {
            return Err(error);
        }
    }
    let mut done = turn.done;
    // If we stop before this: the same trouble is met again.
    let trouble = relay.trouble(before.as_ref().map(|row| &row.value), postman.clock.now());
    let resting = trouble.as_ref().filter(|trouble| trouble.rests(postman.clock.now()));
    done.resting = resting.map(|trouble| (trouble.until, trouble.reply.clone()));
    if trouble.as_ref() != before.as_ref().map(|row| &row.value) {
        store.record_relay_trouble(before.as_ref(), trouble.as_ref()).await?;
    }
    for RelayOut { relay, reply, .. } in store.record_relays_out(postman.mail.out_of_use(), postman.clock.now()).await? {
        tracing::error!(relay, reply, "a mail server is out of use; another one takes its mail");
    }
    Ok(done)
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
