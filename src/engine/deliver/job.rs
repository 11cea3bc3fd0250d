//! One delivery of a turn: its message is written, waits for its turn at the mail server, and leaves as it was written only
//! where nothing about its reader has changed meanwhile.

use super::Postman;
use super::letters::Letters;
use super::overtaken::UNDER_WAY;
use super::providers::Providers;
use super::reader::Addressed;
use crate::domain::bundle::{Bundle, BundleId, Lane, Member};
use crate::domain::delivery::{DeliveryId, OTHERS_ONLY, Refusal};
use crate::domain::subscriber::SubscriberId;
use crate::ports::{Parcel, Unsent};
use crate::rules::refusal::gist;
use crate::store::outbox::Claimed;
use crate::store::records::Witness;
use crate::store::{Store, StoreError};
use chrono::{DateTime, Utc};
use std::sync::Arc;

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
    lane: Lane,
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
    },
    NotTaken {
        refusal: Refusal,
        /// It had not been said whom it was for.
        is_to_all: bool,
        to: String,
        whom: Witness,
        provider: String,
        taken_over: Option<SubscriberId>,
    },
    Unreadable(StoreError),
}

impl Job {
    pub(super) fn delivery(&self) -> DeliveryId {
        self.bundle.delivery(self.member.number)
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
        let (to, whom) = (message.to.masked(), Witness::of(job.member.number, &message.to));
        // Somebody waits for a letter.
        let is_letter = job.lane == Lane::Letter;
        let admitted = if is_letter { None } else { Some(providers.admit(whom, postman.clock).await) };
        let under_way = match admitted.transpose() {
            Ok(under_way) => under_way,
            Err(until) => return End::Elsewhere { until },
        };
        let member = job.member.number;
        let people = [member, taken_over.as_ref().map_or(member, SubscriberId::number)];
        let (begun, others, provider) = (postman.clock.now(), providers.clone(), message.to.domain().to_owned());
        // What is refused to others there while it waits for its turn is not said to this one too.
        let is_current = Box::new(move || read.holds_for(&people) && (is_letter || !others.rests(whom, begun)));
        // If we stop after this and before it is settled: the row still names the member, so the message goes again under the
        // same Message-ID.
        let sent = postman.mail.send_in_turn(Parcel { message, lane: job.lane, waited, is_current }).await;
        match &sent {
            Ok(_) => providers.took(whom, postman.clock.now()),
            Err(Unsent::Refused(refusal)) => {
                let again = (job.attempts, job.is_said_again(refusal));
                providers.heard((whom, &provider), refusal, again, postman.clock.now());
            }
            Err(Unsent::RefusedToAll(_) | Unsent::Outdated) => {}
        }
        drop(under_way);
        match sent {
            Ok(reply) => return End::Sent { reply, to: whom },
            Err(Unsent::Refused(refusal)) => {
                return End::NotTaken { refusal, is_to_all: false, to, whom, provider, taken_over };
            }
            Err(Unsent::RefusedToAll(refusal)) => {
                return End::NotTaken { refusal, is_to_all: true, to, whom, provider, taken_over };
            }
            Err(Unsent::Outdated) => waited = true,
        }
    }
}
