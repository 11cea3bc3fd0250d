//! Delivering: deliveries that are due are claimed, handed to the next hop, and settled or put back.
//!
//! A message goes out between two commits, so a stop repeats it at most once per stop, under the same Message-ID; it is
//! never lost. Before it leaves, the subscription is looked at once more: nobody is mailed after leaving.

mod claiming;
mod doubt;
mod earlier;
mod evidence;
mod fold;
mod hanging;
mod job;
mod late;
mod letters;
mod overtaken;
mod pace;
mod personal;
mod providers;
mod reader;
mod relay;
mod standstill;
mod threads;
mod turn;

use super::bounds::Bounds;
use super::known::Sources;
use crate::config::BounceSettings;
use crate::domain::bundle::Lane;
use crate::domain::site::Site;
use crate::domain::subscriber::Address;
use crate::ports::{Clock, Hop, Mail};
use crate::rules::token::Keyring;
use crate::store::records::{RelayOut, RelayTrouble};
use crate::store::{Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use claiming::Claiming;
pub use hanging::Hanging;
use letters::Letters;
use pace::Pace;
use providers::Providers;
use relay::{Relay, is_after_a_rest, may_ask_for_a_letter};
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
    /// Conversations with it that go on by themselves.
    pub hanging: &'a Hanging,
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
    /// The lines that one server may be given.
    pub lines: usize,
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

impl Delivered {
    /// This and what came after it.
    #[must_use]
    pub fn and(mut self, more: Self) -> Self {
        self.sent += more.sent;
        self.refused += more.refused;
        let room = NAMED_MAX.saturating_sub(self.refusals.len());
        self.refusals.extend(more.refusals.into_iter().take(room));
        self.postponed += more.postponed;
        self.last_reply = more.last_reply.or(self.last_reply);
        self.cancelled += more.cancelled;
        self.stale += more.stale;
        self.resting = more.resting;
        self
    }
}

/// Sends everything that is due, until nothing is, the relay is out of reach, or `stop` says so.
pub async fn deliver(store: &Store, postman: &Postman<'_>, stop: &(dyn Fn() -> bool + Sync)) -> Result<Delivered, StoreError> {
    let now = postman.clock.now();
    let before = store.relay_trouble().await?;
    recall_relays(store, postman, now).await?;
    let rest = rest(store, before.as_ref().map(|row| &row.value), now).await?;
    if let (Some(resting), false) = (&rest, postman.hanging.has_news(now)) {
        return Ok(Delivered { resting: Some(resting.clone()), ..Delivered::default() });
    }
    if let Some(row) = before.as_ref().filter(|row| rest.is_none() && is_after_a_rest(&row.value)) {
        store.hurry_letters(&row.value.reply, now).await?;
    }
    let letters = Letters::new(store, postman, store.only_some_since().await?);
    let mut claiming = Claiming::new(store, postman);
    let mut relay = Relay::new(before.as_ref().map(|row| &row.value), now);
    let mut providers_out = store.providers_out().await?;
    let known_out = providers_out.as_ref().map(|row| row.value.providers.as_slice()).unwrap_or_default();
    let providers = Arc::new(Providers::known(known_out, postman.hanging.evidence(), now));
    relay.hear_of_providers(&providers.doubts(now));
    relay.hear_of_unanswered(postman.hanging.unanswered());
    postman.hanging.whose().into_iter().for_each(|whom| providers.hangs(whom));
    let mut turn = Turn::new(store, postman, &letters, &providers, stop, &mut relay);
    let mut pace = Pace::new(store, postman.clock, postman.per_minute_max);
    // What everybody was refused goes on when somebody's is taken; what was not believed has its own turns, for the second word is.
    let was_stopped = before.as_ref().is_some_and(|row| is_after_a_rest(&row.value) && row.value.doubt.is_none());
    // Of a server that puts off, what it takes from others says nothing: some readers' servers may do that for days.
    let mut stands_still = was_stopped || standstill::stands(store).await?;
    turn.take_up().await?;
    while rest.is_none() && turn.goes_on() {
        let room = pace.room(turn.room(postman.bounds.claim.max(1))).await?;
        let lanes = postman.mail.lanes();
        let has_no_line = lanes.len() < room.lanes.len();
        let lanes = if has_no_line { lanes } else { room.lanes };
        let mut taken = claiming.take(lanes, room.usual, turn.asks()).await?;
        if taken.deliveries == 0 {
            if has_no_line || !store.is_due(room.closed(), postman.clock.now()).await? {
                break;
            }
            pace.wait(&mut claiming).await?;
            continue;
        }
        letters.threads.forget();
        providers.are_slow(postman.mail.slow().into_iter().map(|(name, _)| name));
        turn.done.stale += taken.stale;
        let unreadable = taken.unreadable.take();
        // If we stop after this: they count as if they had left.
        pace.begin(room.most).await?;
        pace.end(turn.send(taken, room, &mut claiming).await?).await?;
        if note_relays(store, postman).await? {
            let mut said = providers.ask_anew();
            said.push(providers::REFUSES.to_owned());
            // If we stop before this: each waits for its own time.
            store.hurry_those_told(&said, postman.clock.now()).await?;
        }
        turn.take_up().await?;
        // If we stop before this: as many are refused there once more, and then it is known again.
        providers_out = store.record_providers_out(providers_out, providers.out()).await?;
        let answering = providers.answering();
        if !answering.is_empty() {
            // If we stop before this: each waits for its own time.
            store.hurry_those_at(&answering, postman.clock.now()).await?;
        }
        if stands_still && turn.done.sent > 0 && (was_stopped || turn.is_relieved) {
            // If we stop before this: what stopped it stands in the store still, and the next pass does it.
            store.hurry_deliveries(postman.clock.now()).await?;
            stands_still = false;
        }
        if let Some(error) = unreadable {
            return Err(error);
        }
    }
    for (whose, since, reply) in postman.hanging.long(postman.clock.now()) {
        providers.hangs_for_long((whose.whom, &whose.provider), &reply, since);
    }
    store.record_providers_out(providers_out, providers.out()).await?;
    late::note(store, postman).await?;
    let refuses = |provider: u32| providers.refuses(provider);
    standstill::note(store, std::mem::take(&mut turn.put_off), &refuses, postman.clock.now()).await?;
    let mut done = turn.done;
    postman.hanging.remember(relay.left_unanswered());
    // If we stop before this: the same trouble is met again.
    let trouble = relay.trouble(before.as_ref().map(|row| &row.value), postman.clock.now());
    let resting = trouble.as_ref().filter(|trouble| trouble.rests(postman.clock.now()));
    done.resting = rest.or(resting.map(|trouble| (trouble.until, trouble.reply.clone())));
    if trouble.as_ref() != before.as_ref().map(|row| &row.value) {
        store.record_relay_trouble(before.as_ref(), trouble.as_ref()).await?;
    }
    ask_after_a_rest(store, postman.clock.now()).await?;
    note_relays(store, postman).await?;
    Ok(done)
}

/// Until when nothing is sent, and why, where that is so.
async fn rest(
    store: &Store,
    before: Option<&RelayTrouble>,
    now: DateTime<Utc>,
) -> Result<Option<(DateTime<Utc>, String)>, StoreError> {
    if let Some(since) = store.complaint_pause().await?.and_then(|row| row.value.since) {
        tracing::debug!(%since, "mail rests: too many readers called it spam");
        return Ok(Some((DateTime::<Utc>::MAX_UTC, PAUSED.to_owned())));
    }
    let Some(trouble) = before.filter(|trouble| trouble.rests(now)) else { return Ok(None) };
    let asks = may_ask_for_a_letter(trouble, now) && store.is_due(&[Lane::Letter], now).await?
        || trouble.is_of_known && store.is_fresh_due(now).await?;
    Ok((!asks).then(|| (trouble.until, trouble.reply.clone())))
}

/// Tells the mail servers what was learned of them before.
async fn recall_relays(store: &Store, postman: &Postman<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    let hop = |out: RelayOut| Hop {
        lasts: out.until.and_then(|until| (until - now).to_std().ok()).unwrap_or_default(),
        name: out.relay,
        words: out.reply,
        serves: out.serves,
        times: out.times,
    };
    postman.mail.recall(&store.relays_out().await?.into_iter().map(hop).collect::<Vec<_>>());
    Ok(())
}

/// Has one mail due when a rest is over: each that was refused may have a day to wait, and one asks for all.
///
/// # Errors
/// Where the store cannot be read or written. If we stop before it is done: whoever looks next does it.
pub async fn ask_after_a_rest(store: &Store, now: DateTime<Utc>) -> Result<(), StoreError> {
    let trouble = store.relay_trouble().await?.map(|row| row.value);
    if let Some(trouble) = trouble.filter(|trouble| is_after_a_rest(trouble) && trouble.doubt.is_none()) {
        store.ask_with_one(trouble.until.max(now)).await?;
    }
    Ok(())
}

/// Records how the mail servers are doing, and tells once of those that went out of use. Whether one did.
async fn note_relays(store: &Store, postman: &Postman<'_>) -> Result<bool, StoreError> {
    let news = store.record_relays_out(postman.mail.learned(), postman.clock.now()).await?;
    let mut is_out = false;
    for RelayOut { relay, reply, .. } in news.into_iter().filter(|out| !out.serves) {
        tracing::error!(relay, reply, "a mail server is out of use; another one takes its mail");
        is_out = true;
    }
    Ok(is_out)
}
