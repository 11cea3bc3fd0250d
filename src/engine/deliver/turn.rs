//! A turn: what one claim took is sent, several conversations at a time, and what became of it is settled while others are
//! still under way, many in one commit.
//!
//! A turn is short. What it did not come to is given back, so that what is more urgent goes before it.

use super::doubt::Belief;
use super::fold::{Fold, NotTaken};
use super::letters::Letters;
use super::reader::Addressed;
use super::relay::Relay;
use super::{Delivered, NAMED_MAX, Postman};
use crate::domain::bundle::{Bundle, BundleId, Member};
use crate::domain::delivery::{DeliveryId, Refusal, RefusalKind, Settlement};
use crate::domain::subscriber::SubscriberId;
use crate::engine::waiting::until;
use crate::rules::refusal::{gist, is_soft_bounce};
use crate::rules::schedule::retry_delivery;
use crate::store::outbox::{Claimed, Outcome};
use crate::store::{Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::{BoxFuture, FutureExt, ready};
use futures::stream::{self, StreamExt};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A delivery that could not be looked at (a body is missing, say) does not hold up the others: it is looked at again then.
const UNREADABLE_WAIT: TimeDelta = TimeDelta::minutes(30);

/// How long a refusal for good waits for another turn to say whether it is to be believed.
const OPEN_WAIT: TimeDelta = TimeDelta::minutes(1);

/// What is done in turns, and what came of it so far.
pub(super) struct Turn<'a> {
    store: &'a Store,
    postman: &'a Postman<'a>,
    letters: &'a Letters<'a>,
    stop: &'a (dyn Fn() -> bool + Sync),
    relay: &'a mut Relay,
    pub(super) done: Delivered,
}

/// One delivery of a turn.
#[derive(Clone)]
pub(super) struct Job {
    pub(super) portion: usize,
    pub(super) place: u16,
    pub(super) member: Member,
    pub(super) attempts: u32,
    /// An attempt before may have brought it.
    pub(super) may_have_come: bool,
    /// The gist of what the last attempt was told.
    said: Option<Arc<str>>,
    pub(super) id: BundleId,
    pub(super) bundle: Arc<Bundle>,
}

/// How its conversation ended.
enum End {
    Sent(String),
    Cancelled(&'static str),
    NotTaken { refusal: Refusal, to: String, taken_over: Option<SubscriberId> },
    Unreadable(StoreError),
}

impl<'a> Turn<'a> {
    pub(super) fn new(
        store: &'a Store,
        postman: &'a Postman<'a>,
        letters: &'a Letters<'a>,
        stop: &'a (dyn Fn() -> bool + Sync),
        relay: &'a mut Relay,
    ) -> Self {
        Self { store, postman, letters, stop, relay, done: Delivered::default() }
    }

    /// Whether there is any point in another turn.
    pub(super) fn goes_on(&self) -> bool {
        !self.relay.is_resting() && !(self.stop)()
    }

    /// How many of `usual` deliveries may be claimed.
    pub(super) fn room(&self, usual: usize) -> usize {
        self.relay.room(usual)
    }

    /// Sends what was claimed, which is all that is due where `is_all`. Answers how many conversations that took.
    pub(super) async fn send(&mut self, claimed: Vec<Claimed>, is_all: bool) -> Result<usize, StoreError> {
        let Postman { clock, bounds, connections, .. } = *self.postman;
        let connections = self.relay.lines(connections);
        let (store, letters, postman, stop) = (self.store, self.letters, self.postman, self.stop);
        let jobs = jobs(&claimed);
        let planned = jobs.len();
        let over = AtomicBool::new(false);
        let end = clock.now() + TimeDelta::from_std(bounds.turn).unwrap_or(TimeDelta::MAX);
        let goes_on = |_: &Job| ready(!over.load(Ordering::Relaxed) && !stop() && clock.now() < end);
        let sends = stream::iter(jobs).take_while(goes_on).map(|job| async move {
            let end = converse(letters, postman, &job).await;
            (job, end)
        });
        let mut sends = pin!(sends.buffer_unordered(connections.max(1)));
        let mut fold = Fold::default();
        let mut held = Some(claimed);
        let mut settling: Option<BoxFuture<'_, Result<Vec<Claimed>, StoreError>>> = None;
        let mut wait: Option<BoxFuture<'_, ()>> = None;
        let mut failed = None;
        let mut is_time = false;
        let mut sent_all = false;
        let mut begun = 0;
        while !(sent_all && settling.is_none()) {
            if (is_time || fold.ended.len() >= bounds.fold)
                && !fold.ended.is_empty()
                && let Some(claimed) = held.take()
            {
                let (ended, now) = (fold.take_ended(), clock.now());
                settling = Some(async move { store.settle(claimed, &ended, false, now).await }.boxed());
                (wait, is_time) = (None, false);
            }
            tokio::select! {
                biased;
                settled = until(&mut settling), if settling.is_some() => {
                    settling = None;
                    match settled {
                        Ok(claimed) => held = Some(claimed),
                        // Nothing can be settled now. What is under way may come to its end; it is not begun again.
                        Err(error) => {
                            failed.get_or_insert(error);
                            over.store(true, Ordering::Relaxed);
                        }
                    }
                }
                end = sends.next(), if !sent_all => match end {
                    Some((job, end)) => {
                        if fold.ended.is_empty() {
                            wait = Some(clock.sleep(bounds.fold_wait));
                        }
                        begun += 1;
                        let error = self.note(job, end, &mut fold, clock.now());
                        failed = failed.or(error);
                        if !self.goes_on() {
                            over.store(true, Ordering::Relaxed);
                        }
                    }
                    None => sent_all = true,
                },
                () = until(&mut wait), if wait.is_some() => (wait, is_time) = (None, true),
            }
        }
        if let Some(claimed) = held {
            self.close(&mut fold, !is_all || begun < planned, clock.now());
            store.settle(claimed, &fold.ended, true, clock.now()).await?;
        }
        failed.map_or(Ok(begun), Err)
    }

    /// Counts how a conversation ended, and decides what that means.
    fn note(&mut self, job: Job, end: End, fold: &mut Fold, now: DateTime<Utc>) -> Option<StoreError> {
        match end {
            End::Sent(reply) => {
                self.done.sent += 1;
                self.relay.took_one();
                fold.push(&job, Outcome::Settled(Settlement::Sent { reply }));
                for believed in std::mem::take(&mut fold.open) {
                    self.end(believed, fold, now);
                }
                None
            }
            End::Cancelled(reason) => {
                tracing::info!(delivery.id = %job.delivery(), reason, "a delivery was cancelled");
                self.done.cancelled += 1;
                fold.push(&job, Outcome::Settled(Settlement::Cancelled { reason: reason.to_owned() }));
                None
            }
            End::NotTaken { refusal, to, taken_over } => {
                self.relay.refused(&refusal);
                self.weigh(NotTaken { job, refusal, to, taken_over }, fold, now);
                None
            }
            End::Unreadable(error) => {
                self.done.postponed += 1;
                let (not_before, reply) = (now + UNREADABLE_WAIT, error.to_string());
                fold.push(&job, Outcome::Postponed { not_before, reply, may_have_come: false });
                Some(error)
            }
        }
    }

    /// Believes a refusal for good, waits for what follows, or puts it back with those that waited.
    fn weigh(&mut self, not: NotTaken, fold: &mut Fold, now: DateTime<Utc>) {
        let is_for_good = retry_delivery(not.refusal.kind, 1, 0).is_none();
        let said_before = not.job.said.as_deref().is_some_and(|said| *said == gist(&not.refusal.reply));
        let belief = if is_for_good { self.relay.belief(not.job.member.number, &not.refusal, said_before) } else { Belief::Yes };
        match belief {
            Belief::Yes => self.end(not, fold, now),
            Belief::Open => fold.open.push(not),
            Belief::No(_) => {
                fold.open.push(not);
                self.put_back(fold, now);
            }
        }
    }

    /// What waited for what follows, when this turn brings no more. `more_follows`: another one does.
    fn close(&mut self, fold: &mut Fold, more_follows: bool, now: DateTime<Utc>) {
        let Some(last) = fold.open.last() else { return };
        if self.relay.doubt_at_end(&last.refusal).is_some() {
            self.put_back(fold, now);
        }
        for not in std::mem::take(&mut fold.open) {
            if more_follows && not.job.attempts <= 1 {
                self.done.postponed += 1;
                let reply = format!("not believed yet: {}", not.refusal.reply);
                fold.push(&not.job, Outcome::Postponed { not_before: now + OPEN_WAIT, reply, may_have_come: false });
            } else {
                self.end(not, fold, now);
            }
        }
    }

    /// Nothing of what waited is believed: it is about us, and tried again as such.
    fn put_back(&mut self, fold: &mut Fold, now: DateTime<Utc>) {
        for not in std::mem::take(&mut fold.open) {
            let refusal = Refusal { kind: RefusalKind::Policy, ..not.refusal };
            self.end(NotTaken { refusal, ..not }, fold, now);
        }
    }

    /// Has it tried again, or settles it.
    fn end(&mut self, not: NotTaken, fold: &mut Fold, now: DateTime<Utc>) {
        let NotTaken { job, refusal, to, taken_over } = not;
        let (delivery, attempts, reply) = (job.delivery(), job.attempts, refusal.reply.clone());
        if let Some(not_before) = fold.again(&job, refusal.kind, now) {
            tracing::info!(delivery.id = %delivery, attempts, to, reply, "not taken; again later");
            self.done.postponed += 1;
            self.done.last_reply = Some(reply.clone());
            let may_have_come = refusal.kind == RefusalKind::Unknown;
            fold.push(&job, Outcome::Postponed { not_before, reply, may_have_come });
            return;
        }
        tracing::warn!(delivery.id = %delivery, attempts, to, reply, "refused for good");
        self.done.refused += 1;
        if self.done.refusals.len() < NAMED_MAX {
            self.done.refusals.push((to, reply));
        }
        let outcome = if is_soft_bounce(&refusal) {
            Outcome::Struck { refusal, limit: self.postman.bounces.soft }
        } else {
            Outcome::Settled(Settlement::Refused(refusal))
        };
        fold.push_sent_to(taken_over, &job, outcome);
    }
}

impl Job {
    pub(super) fn delivery(&self) -> DeliveryId {
        self.bundle.delivery(self.member.number)
    }
}

/// What was claimed, delivery by delivery.
fn jobs(claimed: &[Claimed]) -> Vec<Job> {
    let mut jobs = Vec::new();
    for (portion, claimed) in claimed.iter().enumerate() {
        let Some(row) = &claimed.row else { continue };
        let said: Option<Arc<str>> = row.value.last_reply.as_deref().map(|reply| gist(reply).into());
        jobs.extend(row.value.members.iter().filter_map(|place| {
            Some(Job {
                portion,
                place,
                member: claimed.bundle.member(place)?,
                attempts: row.value.attempts,
                may_have_come: row.value.may_have_come,
                said: said.clone(),
                id: row.value.bundle.clone(),
                bundle: claimed.bundle.clone(),
            })
        }));
    }
    jobs
}

async fn converse(letters: &Letters<'_>, postman: &Postman<'_>, job: &Job) -> End {
    let (message, taken_over) = match letters.message(job).await {
        Ok(Ok(Addressed { message, taken_over })) => (message, taken_over),
        Ok(Err(reason)) => return End::Cancelled(reason),
        Err(error) => return End::Unreadable(error),
    };
    let to = message.to.masked();
    // If we stop after this and before it is settled: the row still names the member, so the message goes again under the
    // same Message-ID.
    match postman.mail.send(message).await {
        Ok(reply) => End::Sent(reply),
        Err(refusal) => End::NotTaken { refusal, to, taken_over },
    }
}
