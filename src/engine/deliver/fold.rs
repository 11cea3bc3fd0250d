//! What became of the deliveries of a turn and is not settled yet, and when those are tried again that were not taken.

use super::hanging::Whose;
use super::job::Job;
use crate::domain::delivery::{Refusal, RefusalKind};
use crate::domain::subscriber::SubscriberId;
use crate::rules::schedule::retry_delivery;
use crate::store::outbox::{Ended, Outcome};
use chrono::{DateTime, TimeDelta, Utc};

/// What became of deliveries and is not settled yet.
#[derive(Default)]
pub(super) struct Fold {
    pub(super) ended: Vec<Ended>,
    /// Refused for good, and not believed yet.
    pub(super) open: Vec<NotTaken>,
    /// When those that were refused alike are tried again: together, so that they stay one portion.
    again: Vec<Again>,
}

/// A delivery that was not taken.
pub(super) struct NotTaken {
    pub(super) job: Job,
    pub(super) refusal: Refusal,
    pub(super) whose: Whose,
}

struct Again {
    portion: usize,
    kind: RefusalKind,
    not_before: Option<DateTime<Utc>>,
}

impl Fold {
    /// Adds what became of one.
    pub(super) fn push(&mut self, job: &Job, outcome: Outcome) {
        self.push_sent_to(None, job, outcome);
    }

    /// The same, of one that was sent to the address of somebody who has taken over.
    pub(super) fn push_sent_to(&mut self, taken_over: Option<SubscriberId>, job: &Job, outcome: Outcome) {
        self.ended.push(Ended { portion: job.portion, place: job.place, taken_over, outcome });
    }

    /// What has ended, to be settled; what is open stays.
    pub(super) fn take_ended(&mut self) -> Vec<Ended> {
        self.again.clear();
        std::mem::take(&mut self.ended)
    }

    /// When a delivery refused as `kind` is tried again; `None`: never.
    pub(super) fn again(&mut self, job: &Job, kind: RefusalKind, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
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
