//! Conversations that hang: a server was told whom a mail is for, and has said nothing for longer than usual. It may still answer, and
//! where it has the text, asking anew may make a second copy; so they go on for as long as servers are given, over passes, and
//! nobody but their own mail waits for them. Their deliveries stay claimed, each by itself: a stop leaves them as it leaves all that is
//! being sent. One that is alone in that before the text, while others are taken, is better tried on another line: it is given up after a
//! while, and so are the oldest of those where there are too many for others to have a line. Behind the text only a letter is, for which
//! somebody waits: a digest that a slow server takes after all would come twice (RFC 5321 §4.5.3.2.6). Where another server takes its
//! reader's mail, a letter goes there, and the sooner: whether it is alone in being left need not be known.

use super::CLAIM;
use super::evidence::{Evidence, Mark};
use super::job::Job;
use super::providers::Providers;
use crate::domain::bundle::Lane;
use crate::domain::delivery::{Refusal, RefusalKind};
use crate::domain::subscriber::SubscriberId;
use crate::ports::Unsent;
use crate::store::records::{UNANSWERED_LATELY, Unanswered, Witness};
use chrono::{DateTime, TimeDelta, Utc};
use futures::FutureExt;
use futures::future::{BoxFuture, poll_fn};
use std::collections::{BTreeSet, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

/// What hangs for so long is worth telling of.
const LONG: TimeDelta = TimeDelta::seconds(30);
/// They are given up so long before somebody else may send the same.
const MARGIN: TimeDelta = TimeDelta::minutes(3);

/// One that is alone is given up after so long, at its first attempt: before the text, where that costs nothing…
const ALONE: TimeDelta = TimeDelta::seconds(10);
/// …and behind it, where somebody waits for it. After that twice as long each time.
const ALONE_LETTER: TimeDelta = TimeDelta::minutes(2);
/// Where another server would take it, what somebody waits for is given up after so long.
const ELSEWHERE: TimeDelta = TimeDelta::seconds(30);
/// Where so many more hang than there are lines, the oldest are given up…
const MORE_THAN_LINES: usize = 8;
/// …after this time.
const PRESSED: TimeDelta = TimeDelta::seconds(15);
/// What came to hang within this time is told of together…
const LATELY: TimeDelta = UNANSWERED_LATELY;
/// …as far as it is counted.
const LATELY_MAX: usize = 1_000;
/// Which of them are to be given up is asked so often.
const LOOK_EVERY: TimeDelta = TimeDelta::seconds(5);

/// All of a process.
#[derive(Clone, Default)]
pub struct Hanging(Arc<Mutex<Held>>);

#[derive(Default)]
struct Held {
    hung: Vec<Hung>,
    /// What became of mail lately.
    evidence: Arc<Mutex<Evidence>>,
    /// When it was last asked which of them are to be given up.
    looked: Option<DateTime<Utc>>,
    /// Providers whose mail was left unanswered since anybody's was taken.
    unanswered: BTreeSet<u32>,
    /// When mail came to hang lately, and whose.
    lately: VecDeque<(DateTime<Utc>, u32)>,
    /// Since when some did, without as long a time between.
    since: Option<DateTime<Utc>>,
}

/// One of them.
pub(super) struct Hung {
    pub(super) job: Job,
    pub(super) whose: Whose,
    /// Since when nothing is said.
    pub(super) since: DateTime<Utc>,
    /// What it comes to where nothing more is said.
    pub(super) refusal: Refusal,
    pub(super) rest: BoxFuture<'static, Came>,
    /// A server has its text by now.
    pub(super) has_text: Arc<AtomicBool>,
    /// Another server would take it.
    pub(super) elsewhere: bool,
    /// When it was begun, as to what became of other mail.
    pub(super) mark: Mark,
    pub(super) came: Option<Came>,
    pub(super) is_told: bool,
}

/// What a conversation came to.
pub(super) type Came = Result<String, Unsent>;

/// Whom a mail is for.
#[derive(Clone)]
pub(super) struct Whose {
    /// The address, masked.
    pub(super) to: String,
    /// The same for telling them from others.
    pub(super) whom: Witness,
    /// Where they have their address.
    pub(super) provider: String,
    /// Who that is, where somebody has taken over from the member.
    pub(super) taken_over: Option<SubscriberId>,
}

impl Hung {
    /// Hears what has come of it by now; given up before its claim runs out.
    fn look(&mut self, now: DateTime<Utc>) -> bool {
        if self.came.is_none() {
            self.came = (&mut self.rest).now_or_never();
        }
        let has_claim = now + MARGIN < self.job.until && self.job.until - now <= CLAIM;
        if self.came.is_none() && !has_claim {
            self.give_up();
        }
        self.came.is_some()
    }

    fn give_up(&mut self) {
        let kind = if self.may_have_come() { RefusalKind::Unknown } else { self.refusal.kind };
        self.came = Some(Err(Unsent::Unanswered(Refusal { kind, reply: self.refusal.reply.clone() })));
    }

    /// How long it may hang where it is alone in that; `None` for as long as servers are given.
    fn patience(&self) -> Option<TimeDelta> {
        let first = match (self.may_have_come(), self.job.lane) {
            (false, _) => ALONE,
            (true, Lane::Letter) if self.elsewhere => ELSEWHERE,
            (true, Lane::Letter) => ALONE_LETTER,
            (true, Lane::Digest(_)) => return None,
        };
        Some(first * (1 << (self.job.attempts.saturating_sub(1)).min(8)))
    }

    fn is_long(&self, now: DateTime<Utc>) -> bool {
        !self.is_told && now - self.since >= LONG
    }

    /// Whether it goes to another server where this one says nothing more.
    pub(super) fn goes_elsewhere(&self) -> bool {
        self.elsewhere && self.job.lane == Lane::Letter
    }

    /// Whether a server has its text.
    pub(super) fn may_have_come(&self) -> bool {
        self.refusal.kind == RefusalKind::Unknown || self.has_text.load(Ordering::Relaxed)
    }
}

impl Hanging {
    /// What became of mail lately.
    pub(super) fn evidence(&self) -> Arc<Mutex<Evidence>> {
        self.held().evidence.clone()
    }

    /// Gives up those that are alone, and the oldest of too many for so many `lines`, as long as that makes no copies.
    pub(super) fn give_up(&self, providers: &Providers, lines: usize, now: DateTime<Utc>) {
        let mut held = self.held();
        held.looked = Some(now);
        let mut too_many = held.hung.len().saturating_sub(lines + MORE_THAN_LINES);
        // The oldest come first.
        for hung in held.hung.iter_mut().filter(|hung| hung.came.is_none()) {
            let age = now - hung.since;
            let is_pressed = too_many > 0 && age >= PRESSED && !hung.may_have_come();
            let is_out_of_patience = hung.patience().is_some_and(|patience| age >= patience);
            let may_be_ended = || hung.goes_elsewhere() || providers.is_alone(hung.whose.whom, hung.mark);
            if is_pressed || is_out_of_patience && may_be_ended() {
                too_many = too_many.saturating_sub(1);
                hung.give_up();
            }
        }
    }

    pub(super) fn add(&self, hung: Hung) {
        let mut held = self.held();
        held.lately.push_back((hung.since, hung.whose.whom.provider));
        if held.lately.len() > LATELY_MAX {
            held.lately.pop_front();
        }
        held.hung.push(hung);
    }

    /// One that came to hang then was answered after all.
    pub(super) fn was_answered(&self, since: DateTime<Utc>, provider: u32) {
        let mut held = self.held();
        if let Some(at) = held.lately.iter().position(|late| *late == (since, provider)) {
            held.lately.remove(at);
        }
    }

    /// What was left without an answer lately, if anything was.
    pub(super) fn lately(&self, now: DateTime<Utc>) -> Option<Unanswered> {
        let mut held = self.held();
        let Held { hung, lately, since, .. } = &mut *held;
        lately.retain(|(at, _)| (TimeDelta::zero()..LATELY).contains(&(now - *at)));
        let oldest = hung.iter().map(|hung| hung.since).chain(lately.iter().map(|(at, _)| *at)).min();
        *since = oldest.map(|oldest| since.unwrap_or(oldest).min(oldest));
        let providers: BTreeSet<u32> = lately.iter().map(|(_, provider)| *provider).collect();
        let (many, hang) = (lately.len().max(hung.len()), hung.len());
        since.map(|since| Unanswered { since, by: now, many, hang, providers: providers.len() })
    }

    /// Whether one of them has come to its end, hangs for so long that it is to be told, or may be given up.
    pub(crate) fn has_news(&self, now: DateTime<Utc>) -> bool {
        let mut held = self.held();
        let is_time = held.looked.is_none_or(|looked| now < looked || now - looked >= LOOK_EVERY);
        let may_be_given_up = is_time && held.hung.iter().any(|hung| now - hung.since >= ALONE);
        // All are looked at: that moves them on.
        held.hung.iter_mut().fold(may_be_given_up, |news, hung| hung.look(now) | hung.is_long(now) | news)
    }

    /// Those that have come to their end, and to what.
    pub(super) fn ended(&self, now: DateTime<Utc>) -> Vec<(Hung, Came)> {
        let mut held = self.held();
        let (mut ended, mut hang) = (Vec::new(), Vec::new());
        for mut hung in std::mem::take(&mut held.hung) {
            hung.look(now);
            match hung.came.take() {
                Some(came) => ended.push((hung, came)),
                None => hang.push(hung),
            }
        }
        held.hung = hang;
        ended
    }

    /// Those that have hung for long, once each: whose, since when, and what it comes to.
    pub(super) fn long(&self, now: DateTime<Utc>) -> Vec<(Whose, DateTime<Utc>, String)> {
        let mut held = self.held();
        let long = held.hung.iter_mut().filter(|hung| hung.is_long(now));
        long.map(|hung| {
            hung.is_told = true;
            (hung.whose.clone(), hung.since, hung.refusal.reply.clone())
        })
        .collect()
    }

    /// Whose they are.
    pub(super) fn whose(&self) -> Vec<Witness> {
        self.held().hung.iter().map(|hung| hung.whose.whom).collect()
    }

    pub(super) fn unanswered(&self) -> BTreeSet<u32> {
        self.held().unanswered.clone()
    }

    pub(super) fn remember(&self, unanswered: BTreeSet<u32>) {
        self.held().unanswered = unanswered;
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.held().hung.is_empty()
    }

    /// Waits until one of them has come to its end.
    pub(crate) async fn next(&self) {
        poll_fn(|context| {
            let mut held = self.held();
            for hung in held.hung.iter_mut().filter(|hung| hung.came.is_none()) {
                if let Poll::Ready(came) = hung.rest.poll_unpin(context) {
                    hung.came = Some(came);
                }
            }
            if held.hung.iter().any(|hung| hung.came.is_some()) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }

    /// Closes their lines. What was being sent stays claimed.
    pub(crate) fn let_go(&self) {
        self.held().hung.clear();
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
