//! A turn: what one claim took is sent, several conversations at a time, and what became of it is settled while others are
//! still under way, many in one commit.
//!
//! A turn is short. What it did not come to is given back, so that what is more urgent goes before it.

use super::letters::Letters;
use super::relay::Relay;
use super::{Delivered, NAMED_MAX, Postman};
use crate::domain::bundle::{Bundle, BundleId, Member};
use crate::domain::delivery::{DeliveryId, Refusal, RefusalKind, Settlement};
use crate::rules::refusal::is_soft_bounce;
use crate::rules::schedule::retry_delivery;
use crate::store::outbox::{Claimed, Ended, Outcome};
use crate::store::{Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::{BoxFuture, FutureExt, pending, ready};
use futures::stream::{self, StreamExt};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A delivery that could not be looked at (a body is missing, say) does not hold up the others: it is looked at again then.
const UNREADABLE_WAIT: TimeDelta = TimeDelta::minutes(30);

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
struct Job {
    portion: usize,
    place: u16,
    member: Member,
    attempts: u32,
    id: BundleId,
    bundle: Arc<Bundle>,
}

/// How its conversation ended.
enum End {
    Sent(String),
    Cancelled(&'static str),
    NotTaken { refusal: Refusal, to: String },
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

    /// Sends what was claimed. Answers how many conversations that took.
    pub(super) async fn send(&mut self, claimed: Vec<Claimed>) -> Result<usize, StoreError> {
        let Postman { clock, bounds, connections, .. } = *self.postman;
        let connections = self.relay.lines(connections);
        let (store, letters, postman, stop) = (self.store, self.letters, self.postman, self.stop);
        let jobs = jobs(&claimed);
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
                let (ended, now) = (std::mem::take(&mut fold).ended, clock.now());
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
                        let (outcome, error) = self.note(&job, end, &mut fold, clock.now());
                        fold.ended.push(Ended { portion: job.portion, place: job.place, outcome });
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
            store.settle(claimed, &fold.ended, true, clock.now()).await?;
        }
        failed.map_or(Ok(begun), Err)
    }

    /// Counts how a conversation ended, and decides what that means.
    fn note(&mut self, job: &Job, end: End, fold: &mut Fold, now: DateTime<Utc>) -> (Outcome, Option<StoreError>) {
        let delivery = job.delivery();
        match end {
            End::Sent(reply) => {
                self.done.sent += 1;
                self.relay.took_one();
                (Outcome::Settled(Settlement::Sent { reply }), None)
            }
            End::Cancelled(reason) => {
                tracing::info!(delivery.id = %delivery, reason, "a delivery was cancelled");
                self.done.cancelled += 1;
                (Outcome::Settled(Settlement::Cancelled { reason: reason.to_owned() }), None)
            }
            End::NotTaken { refusal, to } => {
                let (attempts, reply) = (job.attempts, refusal.reply.clone());
                self.relay.refused(&refusal);
                if let Some(not_before) = fold.again(job, refusal.kind, now) {
                    tracing::info!(delivery.id = %delivery, attempts, to, reply, "not taken; again later");
                    self.done.postponed += 1;
                    self.done.last_reply = Some(reply.clone());
                    return (Outcome::Postponed { not_before, reply }, None);
                }
                tracing::warn!(delivery.id = %delivery, attempts, to, reply, "refused for good");
                self.done.refused += 1;
                if self.done.refusals.len() < NAMED_MAX {
                    self.done.refusals.push((to, reply));
                }
                if is_soft_bounce(&refusal) {
                    return (Outcome::Struck { refusal, limit: self.postman.bounces.soft }, None);
                }
                (Outcome::Settled(Settlement::Refused(refusal)), None)
            }
            End::Unreadable(error) => {
                self.done.postponed += 1;
                let reply = error.to_string();
                (Outcome::Postponed { not_before: now + UNREADABLE_WAIT, reply }, Some(error))
            }
        }
    }
}

impl Job {
    fn delivery(&self) -> DeliveryId {
        self.bundle.delivery(self.member.number)
    }
}

/// What was claimed, delivery by delivery.
fn jobs(claimed: &[Claimed]) -> Vec<Job> {
    let mut jobs = Vec::new();
    for (portion, claimed) in claimed.iter().enumerate() {
        let Some(row) = &claimed.row else { continue };
        jobs.extend(row.value.members.iter().filter_map(|place| {
            Some(Job {
                portion,
                place,
                member: claimed.bundle.member(place)?,
                attempts: row.value.attempts,
                id: row.value.bundle.clone(),
                bundle: claimed.bundle.clone(),
            })
        }));
    }
    jobs
}

async fn converse(letters: &Letters<'_>, postman: &Postman<'_>, job: &Job) -> End {
    let message = match letters.message(&job.id, &job.bundle, job.member).await {
        Ok(Ok(message)) => message,
        Ok(Err(reason)) => return End::Cancelled(reason),
        Err(error) => return End::Unreadable(error),
    };
    let to = message.to.masked();
    // If we stop after this and before it is settled: the row still names the member, so the message goes again under the
    // same Message-ID.
    match postman.mail.send(message).await {
        Ok(reply) => End::Sent(reply),
        Err(refusal) => End::NotTaken { refusal, to },
    }
}

/// What became of deliveries and is not settled yet.
#[derive(Default)]
struct Fold {
    ended: Vec<Ended>,
    /// When those that were refused alike are tried again: together, so that they stay one portion.
    again: Vec<Again>,
}

struct Again {
    portion: usize,
    kind: RefusalKind,
    not_before: Option<DateTime<Utc>>,
}

impl Fold {
    /// When a delivery refused as `kind` is tried again; `None`: never.
    fn again(&mut self, job: &Job, kind: RefusalKind, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let alike = |again: &&Again| again.portion == job.portion && again.kind == kind;
        if let Some(again) = self.again.iter().find(alike) {
            return again.not_before;
        }
        let seed = u64::from_str_radix(job.delivery().as_str().get(..16).unwrap_or_default(), 16).unwrap_or(0);
        let wait = retry_delivery(kind, job.attempts, seed).and_then(|wait| TimeDelta::from_std(wait).ok());
        let not_before = wait.map(|wait| now + wait);
        self.again.push(Again { portion: job.portion, kind, not_before });
        not_before
    }
}

/// Waits for what is under way.
async fn until<T>(future: &mut Option<BoxFuture<'_, T>>) -> T {
    match future {
        Some(future) => future.await,
        None => pending().await,
    }
}
