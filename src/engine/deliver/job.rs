//! One delivery of a turn: its message is written, waits for its turn at the mail server, and leaves as it was written only
//! where nothing about its reader has changed meanwhile.

use super::Postman;
use super::evidence::Mark;
use super::hanging::{Came, Hung, Whose};
use super::letters::Letters;
use super::overtaken::UNDER_WAY;
use super::providers::{Providers, What};
use super::reader::Addressed;
use crate::domain::bundle::{Bundle, BundleId, Lane, Member};
use crate::domain::delivery::{DeliveryId, OTHERS_ONLY, Refusal, RefusalKind};
use crate::domain::subscriber::SubscriberId;
use crate::ports::{Hanging, Parcel, Unsent};
use crate::rules::refusal::gist;
use crate::store::outbox::Claimed;
use crate::store::records::Witness;
use crate::store::{Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

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
    pub(super) said: Option<Arc<str>>,
    pub(super) id: BundleId,
    pub(super) bundle: Arc<Bundle>,
    pub(super) lane: Lane,
    /// When the claim on it runs out.
    pub(super) until: DateTime<Utc>,
}

/// How its conversation ended.
pub(super) enum End {
    Sent {
        reply: String,
        to: Witness,
    },
    Cancelled(&'static str),
    /// It was planned before only others could be mailed.
    Waits,
    /// An earlier one about the same is being sent.
    Follows,
    /// Others at the same provider were refused: nothing is tried there before then.
    Elsewhere {
        until: DateTime<Utc>,
        provider: u32,
    },
    NotTaken {
        refusal: Refusal,
        about: About,
        whose: Whose,
    },
    /// It goes on by itself.
    Hangs(Box<Hung>),
    /// The server has no line for what is as urgent as this.
    NoLine,
    Unreadable(StoreError),
}

/// What a mail that was not taken says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum About {
    /// It had not been said whom it was for.
    Everybody,
    /// It was said of this one.
    One,
    /// Nothing was said, nor was anybody's taken meanwhile.
    Unanswered,
    /// Nothing was said; others were taken elsewhere.
    Provider,
    /// Nothing was said of this one alone.
    Alone,
    /// Nothing was said of it, and another server takes its reader's mail.
    Elsewhere,
}

impl Job {
    pub(super) fn delivery(&self) -> DeliveryId {
        self.bundle.delivery(self.member.number)
    }

    /// What of it says whether it may be tried.
    pub(super) fn what(&self) -> What {
        What { is_letter: self.lane == Lane::Letter, may_have_come: self.may_have_come }
    }

    /// Whether the last attempt at it was told "not now".
    pub(super) fn was_put_off(&self) -> bool {
        self.said.as_deref().is_some_and(|said| said.starts_with('4'))
    }

    /// Whether the last attempt at it was told the same.
    pub(super) fn is_said_again(&self, refusal: &Refusal) -> bool {
        self.said.as_deref().is_some_and(|said| *said == gist(&refusal.reply))
    }
}

/// How much later than others that wait for the same time what was tried so often is tried again, where each try may be another copy:
/// whoever has fewer of those asks first.
pub(super) fn others_first(tries: u32) -> TimeDelta {
    TimeDelta::minutes(i64::from(tries.min(30)))
}

/// What was claimed, delivery by delivery. `first`: the place of the first portion among those of the turn.
pub(super) fn jobs(claimed: &[Claimed], first: usize) -> Vec<Job> {
    let mut jobs = Vec::new();
    for (portion, claimed) in claimed.iter().enumerate() {
        let Some(row) = &claimed.row else { continue };
        let said: Option<Arc<str>> = row.value.last_reply.as_deref().map(|reply| gist(reply).into());
        jobs.extend(row.value.members.iter().filter_map(|place| {
            Some(Job {
                portion: first + portion,
                place,
                member: claimed.bundle.member(place)?,
                attempts: row.value.attempts,
                may_have_come: row.value.may_have_come,
                said: said.clone(),
                id: row.value.bundle.clone(),
                bundle: claimed.bundle.clone(),
                lane: row.value.lane(),
                until: row.value.not_before,
            })
        }));
    }
    jobs
}

/// Has the message written and sent; written anew, as often as what it says of its reader has changed before its turn came.
pub(super) async fn converse(
    store: &Store,
    letters: &Letters<'_>,
    postman: &Postman<'_>,
    providers: &Arc<Providers>,
    job: &Job,
) -> End {
    let mut waited = false;
    loop {
        let read = store.mark();
        let (message, taken_over) = match letters.message(job).await {
            Ok(Ok(Addressed { message, taken_over })) => (message, taken_over),
            // Who sets it while a digest is under way means to stop it, not to keep the rest from its readers.
            Ok(Err(OTHERS_ONLY)) if letters.only_some_since.is_some_and(|since| job.bundle.planned < since) => return End::Waits,
            Ok(Err(UNDER_WAY)) => return End::Follows,
            Ok(Err(reason)) => return End::Cancelled(reason),
            Err(error) => return End::Unreadable(error),
        };
        let whose = Whose {
            to: message.to.masked(),
            whom: Witness::of(job.member.number, &message.to),
            provider: message.to.domain().to_owned(),
            taken_over,
        };
        let (whom, what) = (whose.whom, job.what());
        let under_way = match providers.admit(whom, what, postman.clock).await {
            Ok(under_way) => under_way,
            Err(until) => return End::Elsewhere { until, provider: whom.provider },
        };
        let member = job.member.number;
        let people = [member, whose.taken_over.as_ref().map_or(member, SubscriberId::number)];
        let (begun, others, alone) = (postman.clock.now(), providers.clone(), providers.refuses(whom.provider));
        let mark = Arc::new(AtomicU64::new(providers.mark().0));
        let its_turn = mark.clone();
        // What is refused to others there while it waits for its turn is not said to this one too.
        let is_current = Box::new(move || {
            its_turn.store(others.mark().0, Ordering::Relaxed);
            read.holds_for(&people) && !others.holds_up(whom, what, begun)
        });
        // If we stop after this and before it is settled: the row still names the member, so the message goes again under the
        // same Message-ID.
        let came = postman
            .mail
            .send_in_turn(Parcel { message, lane: job.lane, waited, alone, may_have_come: job.may_have_come, is_current })
            .await;
        let mark = Mark(mark.load(Ordering::Relaxed));
        let end = end_of(came, whose, job, (providers, mark), postman.clock.now());
        drop(under_way);
        match end {
            Some(end) => return end,
            None => waited = true,
        }
    }
}

/// What the outcome of a conversation means that was begun at this mark; its provider's state follows. `None`: it was not current any
/// more.
pub(super) fn end_of(
    came: Came,
    whose: Whose,
    job: &Job,
    (providers, mark): (&Arc<Providers>, Mark),
    now: DateTime<Utc>,
) -> Option<End> {
    let (refusal, is_silent) = match came {
        Ok(reply) => {
            providers.took(whose.whom, now);
            return Some(End::Sent { reply, to: whose.whom });
        }
        Err(Unsent::Outdated) => return None,
        Err(Unsent::NoLine(_)) => return Some(End::NoLine),
        Err(Unsent::Hangs(Hanging { refusal, rest, has_text, elsewhere })) => {
            providers.hangs(whose.whom);
            // Where another server takes their mail, nobody there waits for it, and it says nothing of the provider.
            if !elsewhere {
                providers.silent((whose.whom, &whose.provider), &refusal, (job.what(), mark), now);
            }
            let (job, came, is_told) = (job.clone(), None, elsewhere);
            let hung = Hung { job, whose, since: now, refusal, rest, has_text, elsewhere, mark, came, is_told };
            return Some(End::Hangs(Box::new(hung)));
        }
        Err(Unsent::RefusedToAll(refusal)) => return Some(End::NotTaken { refusal, about: About::Everybody, whose }),
        Err(Unsent::Unanswered(refusal)) => (refusal, true),
        // Whatever server it was: it has the text, and said nothing.
        Err(Unsent::Refused(refusal)) => {
            let is_silent = refusal.kind == RefusalKind::Unknown;
            (refusal, is_silent)
        }
    };
    if is_silent {
        providers.silent((whose.whom, &whose.provider), &refusal, (job.what(), mark), now);
        return Some(silent(refusal, whose, (providers, mark)));
    }
    let again = (job.attempts, job.is_said_again(&refusal));
    providers.heard((whose.whom, &whose.provider), &refusal, again, now);
    Some(End::NotTaken { refusal, about: About::One, whose })
}

/// The same of one that hung, and of which that was heard then; `elsewhere`: it goes to another server.
pub(super) fn end_of_hung(
    came: Came,
    (whose, elsewhere): (Whose, bool),
    job: &Job,
    (providers, mark): (&Arc<Providers>, Mark),
    now: DateTime<Utc>,
) -> Option<End> {
    match came {
        Err(Unsent::Unanswered(refusal)) if elsewhere => Some(End::NotTaken { refusal, about: About::Elsewhere, whose }),
        Err(Unsent::Unanswered(refusal)) => Some(silent(refusal, whose, (providers, mark))),
        Err(Unsent::Refused(refusal)) if refusal.kind == RefusalKind::Unknown => Some(silent(refusal, whose, (providers, mark))),
        came => end_of(came, whose, job, (providers, mark), now),
    }
}

fn silent(refusal: Refusal, whose: Whose, (providers, mark): (&Arc<Providers>, Mark)) -> End {
    let about = match (providers.is_alone(whose.whom, mark), providers.has_taken_none(mark)) {
        (true, _) => About::Alone,
        (false, true) => About::Unanswered,
        (false, false) => About::Provider,
    };
    End::NotTaken { refusal, about, whose }
}
