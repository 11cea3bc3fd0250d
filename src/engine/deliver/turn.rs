//! A turn: what one claim took is sent, several conversations at a time, and what became of it is settled while others are
//! still under way, many in one commit.
//!
//! A turn is short: what it did not come to is given back. What is more urgent and becomes due meanwhile is claimed beside it,
//! and goes first.

mod hung;

use super::claiming::{Claiming, Taken};
use super::doubt::{Belief, Whose};
use super::fold::{Fold, NotTaken};
use super::hanging::Whose as Theirs;
use super::job::{About, End, Job, converse, jobs, others_first};
use super::letters::Letters;
use super::overtaken::UNDER_WAY;
use super::pace::Room;
use super::providers::{self, Providers};
use super::relay::Relay;
use super::standstill::PutOff;
use super::{Delivered, LOOK_AGAIN, NAMED_MAX, Postman, late};
use crate::domain::bundle::Lane;
use crate::domain::delivery::{OTHERS_ONLY, Refusal, RefusalKind, Settlement};
use crate::engine::waiting::until;
use crate::rules::refusal::is_soft_bounce;
use crate::rules::schedule::retry_delivery;
use crate::store::outbox::{Claimed, Outcome};
use crate::store::records::Doubt;
use crate::store::{Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::{BoxFuture, FutureExt};
use futures::stream::{FuturesUnordered, StreamExt};
use std::collections::VecDeque;
use std::sync::Arc;

/// A delivery that could not be looked at (a body is missing, say) does not hold up the others: it is looked at again then.
const UNREADABLE_WAIT: TimeDelta = TimeDelta::minutes(30);

/// How long a refusal for good waits for another turn to say whether it is to be believed.
const OPEN_WAIT: TimeDelta = TimeDelta::minutes(1);

/// How long what follows an earlier mail about the same waits to know whether that has left.
const FOLLOWS: TimeDelta = TimeDelta::minutes(1);

/// What is answered late is noted so often while a turn lasts.
const NOTES: TimeDelta = TimeDelta::seconds(15);

/// Why mail waits that was not tried for want of a line.
const NO_LINE: &str = "the mail server leaves other mail without an answer on every line that it may have for this";

/// After its time a turn waits for what is under way, at most so long with what is more urgent going before that.
const ADMITS: TimeDelta = TimeDelta::minutes(10);

/// What is done in turns, and what came of it so far.
pub(super) struct Turn<'a> {
    store: &'a Store,
    postman: &'a Postman<'a>,
    letters: &'a Letters<'a>,
    providers: &'a Arc<Providers>,
    stop: &'a (dyn Fn() -> bool + Sync),
    relay: &'a mut Relay,
    pub(super) done: Delivered,
    pub(super) put_off: PutOff,
    /// It was taken what a server had put off before.
    pub(super) is_relieved: bool,
    /// In this turn the server had no line for some of it.
    has_no_line: bool,
    /// When it was last noted what the server answers late.
    noted: DateTime<Utc>,
}

impl<'a> Turn<'a> {
    pub(super) fn new(
        store: &'a Store,
        postman: &'a Postman<'a>,
        letters: &'a Letters<'a>,
        providers: &'a Arc<Providers>,
        stop: &'a (dyn Fn() -> bool + Sync),
        relay: &'a mut Relay,
    ) -> Self {
        Self {
            store,
            postman,
            letters,
            providers,
            stop,
            relay,
            done: Delivered::default(),
            put_off: PutOff::default(),
            is_relieved: false,
            has_no_line: false,
            noted: postman.clock.now(),
        }
    }

    /// Notes what the server answers late, also while a turn lasts; not for every commit.
    async fn note_late(&mut self) -> Result<(), StoreError> {
        let now = self.postman.clock.now();
        if (TimeDelta::zero()..NOTES).contains(&(now - self.noted)) {
            return Ok(());
        }
        self.noted = now;
        late::note(self.store, self.postman).await
    }

    /// Whether there is any point in another turn.
    pub(super) fn goes_on(&self) -> bool {
        !self.relay.is_resting() && !(self.stop)()
    }

    /// Whether what is sent now asks for what follows.
    pub(super) fn asks(&self) -> bool {
        self.relay.asks()
    }

    /// How many of `usual` deliveries may be claimed.
    pub(super) fn room(&self, usual: usize) -> usize {
        self.relay.room(usual)
    }

    /// Sends what was claimed of those for which there was `room`. What is more urgent and becomes due meanwhile goes first.
    /// Answers how many conversations that took.
    pub(super) async fn send(&mut self, taken: Taken, room: Room, claiming: &mut Claiming<'_>) -> Result<usize, StoreError> {
        let Postman { clock, bounds, connections, .. } = *self.postman;
        let lines = self.relay.lines(connections).max(1);
        let admits = lines >= connections;
        let (store, letters, postman, providers) = (self.store, self.letters, self.postman, self.providers);
        let (is_all, room) = (taken.deliveries < room.usual, room.most);
        let more_urgent = taken.lane().map_or(&[][..], Lane::before);
        let (mut usual, mut urgent) = (VecDeque::from(jobs(&taken.claimed, 0)), VecDeque::new());
        let mut planned = usual.len();
        let end = clock.now() + TimeDelta::from_std(bounds.turn).unwrap_or(TimeDelta::MAX);
        let converse_on = |job: Job, is_urgent: bool| async move {
            let end = converse(store, letters, postman, providers, &job).await;
            (job, is_urgent, end)
        };
        let mut under_way = FuturesUnordered::new();
        let (mut begun, mut urgent_under_way) = (0, 0);
        let mut fold = Fold::default();
        let mut held = Some(taken.claimed);
        let mut settling: Option<BoxFuture<'_, Result<Vec<Claimed>, StoreError>>> = None;
        let mut wait: Option<BoxFuture<'_, ()>> = None;
        let mut failed = None;
        let (mut is_time, mut is_over, mut has_rung) = (false, false, false);
        self.has_no_line = false;
        loop {
            while !is_over && begun < room && !(self.stop)() {
                let is_urgent = !urgent.is_empty();
                let usual_max = lines + urgent_under_way + providers.slow_under_way();
                let has_room = under_way.len() < usual_max && !self.has_no_line;
                let may_begin = is_urgent || has_room && clock.now() < end;
                let from = if is_urgent { &mut urgent } else { &mut usual };
                let Some(job) = may_begin.then(|| from.pop_front()).flatten() else { break };
                under_way.push(converse_on(job, is_urgent));
                begun += 1;
                urgent_under_way += usize::from(is_urgent);
            }
            let sent_all = under_way.is_empty();
            if sent_all && settling.is_none() {
                break;
            }
            if (is_time || fold.ended.len() >= bounds.fold)
                && !fold.ended.is_empty()
                && let Some(claimed) = held.take()
            {
                let (ended, now) = (fold.take_ended(), clock.now());
                settling = Some(async move { store.settle(claimed, &ended, false, now).await }.boxed());
                (wait, is_time) = (None, false);
            }
            let has_room = begun < room && urgent.is_empty() && urgent_under_way <= connections / 2;
            let others_wait = under_way.len() > urgent_under_way && clock.now() < end + ADMITS;
            if has_rung
                && (admits && !is_over && has_room && others_wait)
                && let Some(held) = &mut held
            {
                let most = (connections - urgent_under_way).min(room - begun).max(1);
                match claiming.take(more_urgent, most, false).await {
                    Ok(taken) => {
                        letters.threads.forget();
                        // There may be more, which does not ring again.
                        has_rung = taken.deliveries == most;
                        self.done.stale += taken.stale;
                        failed = failed.or(taken.unreadable);
                        urgent.extend(jobs(&taken.claimed, held.len()));
                        planned += urgent.len();
                        held.extend(taken.claimed);
                        continue;
                    }
                    Err(error) => {
                        failed.get_or_insert(error);
                        is_over = true;
                    }
                }
            }
            tokio::select! {
                biased;
                settled = until(&mut settling), if settling.is_some() => {
                    settling = None;
                    match settled {
                        Ok(claimed) => {
                            held = Some(claimed);
                            failed = failed.or(self.note_late().await.err());
                        }
                        // Nothing can be settled now. What is under way may come to its end; it is not begun again.
                        Err(error) => {
                            failed.get_or_insert(error);
                            is_over = true;
                        }
                    }
                }
                () = claiming.rung(), if !has_rung && !more_urgent.is_empty() && !sent_all => has_rung = true,
                end = under_way.next(), if !sent_all => if let Some((job, is_urgent, end)) = end {
                    if fold.ended.is_empty() {
                        wait = Some(clock.sleep(bounds.fold_wait));
                    }
                    urgent_under_way -= usize::from(is_urgent);
                    let error = self.note(job, end, &mut fold, clock.now());
                    failed = failed.or(error);
                    is_over |= !self.goes_on();
                },
                () = until(&mut wait), if wait.is_some() => (wait, is_time) = (None, true),
                () = providers.slow_begins(), if !usual.is_empty() && !is_over => {}
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
            End::Sent { reply, to } => {
                self.done.sent += 1;
                self.is_relieved |= job.was_put_off();
                self.providers.is_served(self.relay.asks());
                self.relay.took_one(to.provider);
                self.put_off.took_one();
                fold.push(&job, Outcome::Settled(Settlement::Sent { reply }));
                // Of the readers of others it says nothing.
                let is_there = |not: &NotTaken| not.whose.whom.provider == to.provider;
                let (believed, open): (Vec<_>, Vec<_>) = std::mem::take(&mut fold.open).into_iter().partition(is_there);
                fold.open = open;
                for believed in believed {
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
            End::Waits => {
                self.done.postponed += 1;
                fold.push(&job, Outcome::Waits { not_before: now + LOOK_AGAIN, why: OTHERS_ONLY, at: None });
                None
            }
            End::Follows => {
                self.done.postponed += 1;
                fold.push(&job, Outcome::Waits { not_before: now + FOLLOWS, why: UNDER_WAY, at: None });
                None
            }
            End::Elsewhere { until, provider } => {
                self.done.postponed += 1;
                let (not_before, why) = (
                    until.max(now) + others_first(if job.may_have_come { job.attempts.saturating_sub(1) } else { 0 }),
                    providers::REFUSES,
                );
                fold.push(&job, Outcome::Waits { not_before, why, at: Some(provider) });
                None
            }
            End::NotTaken { refusal, about, whose } => {
                match about {
                    About::Everybody => self.relay.refused_to_all(&refusal),
                    About::One => self.relay.refused(&refusal, whose.whom, job.is_said_again(&refusal)),
                    About::Unanswered => {
                        if self.relay.unanswered(&refusal, whose.whom) {
                            self.providers.it_is_the_relay();
                        }
                    }
                    About::Provider => {}
                    // It has its days, as any that is not taken.
                    About::Alone | About::Elsewhere if retry_delivery(refusal.kind, job.attempts, 0).is_none() => {}
                    About::Alone | About::Elsewhere => {
                        self.try_anew(&job, (refusal, about), &whose, fold, now);
                        return None;
                    }
                }
                if refusal.kind == RefusalKind::Transient {
                    self.put_off.put_off(&job, whose.whom.provider, &refusal.reply);
                }
                self.weigh(NotTaken { job, refusal, whose }, fold, now);
                None
            }
            End::NoLine => {
                // The rest of the turn would fare alike: it is given back, and what is more urgent is claimed instead.
                self.has_no_line = true;
                fold.push(&job, Outcome::Waits { not_before: now, why: NO_LINE, at: None });
                None
            }
            End::Hangs(hung) => {
                self.hang(&job, *hung, fold, now);
                None
            }
            End::Unreadable(error) => {
                self.done.postponed += 1;
                let (not_before, reply) = (now + UNREADABLE_WAIT, error.to_string());
                fold.push(&job, Outcome::Postponed { not_before, reply, may_have_come: false, at: None });
                Some(error)
            }
        }
    }

    /// Believes a refusal for good, waits for what follows, or puts it back with those that waited.
    fn weigh(&mut self, not: NotTaken, fold: &mut Fold, now: DateTime<Utc>) {
        if retry_delivery(not.refusal.kind, 1, 0).is_some() {
            return self.end(not, fold, now);
        }
        let said_before = not.job.is_said_again(&not.refusal);
        match self.relay.belief(not.job.member.number, not.whose.whom.provider, &not.refusal, said_before) {
            Belief::Yes => {
                self.providers.answered(not.whose.whom);
                self.end(not, fold, now);
            }
            Belief::Open => fold.open.push(not),
            Belief::No(doubt, whose) => {
                fold.open.push(not);
                self.put_back(doubt, whose, fold, now);
            }
        }
    }

    /// What waited for what follows, when this turn brings no more. `more_follows`: another one does.
    fn close(&mut self, fold: &mut Fold, more_follows: bool, now: DateTime<Utc>) {
        let Some(last) = fold.open.last() else { return };
        for (doubt, whose) in self.relay.doubt_at_end(&last.refusal) {
            self.put_back(doubt, whose, fold, now);
        }
        for not in std::mem::take(&mut fold.open) {
            if more_follows && not.job.attempts <= 1 {
                self.done.postponed += 1;
                let reply = format!("not believed yet: {}", not.refusal.reply);
                tracing::info!(delivery.id = %not.job.delivery(), to = not.whose.to, reply, "refused; again soon");
                let not_before = now + OPEN_WAIT;
                fold.push(&not.job, Outcome::Postponed { not_before, reply, may_have_come: false, at: None });
            } else {
                self.end(not, fold, now);
            }
        }
    }

    /// Nothing of what waited there is believed: it is about us, and tried again as such.
    fn put_back(&mut self, doubt: Doubt, whose: Whose, fold: &mut Fold, now: DateTime<Utc>) {
        let is_meant = |not: &NotTaken| match whose {
            Whose::Everybody => true,
            Whose::Provider(provider) => not.whose.whom.provider == provider,
        };
        let (back, open) = std::mem::take(&mut fold.open).into_iter().partition(is_meant);
        fold.open = open;
        let back: Vec<NotTaken> = back;
        if let (Whose::Provider(provider), Some(last)) = (whose, back.last()) {
            self.providers.doubted((provider, &last.whose.provider), doubt, &last.refusal.reply, now);
        }
        for not in back {
            let refusal = Refusal { kind: RefusalKind::Policy, ..not.refusal };
            self.end(NotTaken { refusal, ..not }, fold, now);
        }
    }

    /// Has it tried again, or settles it.
    fn end(&mut self, not: NotTaken, fold: &mut Fold, now: DateTime<Utc>) {
        let NotTaken { job, refusal, whose: Theirs { to, whom, taken_over, .. } } = not;
        let (delivery, attempts, reply) = (job.delivery(), job.attempts, refusal.reply.clone());
        if let Some(not_before) = fold.again(&job, refusal.kind, now) {
            tracing::info!(delivery.id = %delivery, attempts, to, reply, "not taken; again later");
            self.done.postponed += 1;
            self.done.last_reply = Some(reply.clone());
            let may_have_come = refusal.kind == RefusalKind::Unknown;
            let at = matches!(refusal.kind, RefusalKind::Unknown | RefusalKind::Relay).then_some(whom.provider);
            let tries_again = || self.providers.tries_again(whom, now) + others_first(job.attempts);
            let not_before = not_before.max(if may_have_come { tries_again() } else { now });
            fold.push(&job, Outcome::Postponed { not_before, reply, may_have_come, at });
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
