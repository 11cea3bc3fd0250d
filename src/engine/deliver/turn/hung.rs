//! What becomes in a turn of conversations that hang: they go on by themselves, come to their end, or are tried anew.

use super::super::fold::Fold;
use super::super::hanging::{Hung, Whose};
use super::super::job::{About, Job, end_of_hung};
use super::super::providers;
use super::{Postman, Turn};
use crate::domain::delivery::{Refusal, RefusalKind};
use crate::rules::schedule::single_rest;
use crate::store::StoreError;
use crate::store::outbox::{Claimed, Outcome};
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;

impl Turn<'_> {
    /// Lets a conversation go on by itself: nobody else waits for it. Where the server has not got its text, and a provider leaves all its
    /// mail so, more than one there are ended, and nothing was tried; so they are where as many hang as there are lines.
    pub(super) fn hang(&mut self, job: &Job, hung: Hung, fold: &mut Fold, now: DateTime<Utc>) {
        let whom = hung.whose.whom;
        let Postman { hanging, lines, .. } = *self.postman;
        let is_one = self.providers.hangs_alone(whom) || !self.providers.refuses(whom.provider);
        let may_have_come = hung.may_have_come();
        if may_have_come || is_one && hanging.whose().len() < lines {
            fold.push(job, Outcome::Hangs { may_have_come });
            hanging.add(hung);
            return;
        }
        self.done.postponed += 1;
        self.providers.hangs_no_more(whom);
        let (not_before, why) = (self.providers.waits_until(whom, now), providers::REFUSES);
        fold.push(job, Outcome::Waits { not_before, why, at: Some(whom.provider) });
    }

    /// Settles what has become of conversations that hung, and ends those for which another line may do better.
    pub(in super::super) async fn take_up(&mut self) -> Result<(), StoreError> {
        let (now, mut claimed, mut fold) = (self.postman.clock.now(), Vec::new(), Fold::default());
        self.postman.hanging.give_up(self.providers, self.postman.lines, now);
        for (hung, came) in self.postman.hanging.ended(now) {
            let elsewhere = hung.goes_elsewhere();
            let mut job = hung.job;
            self.providers.hangs_no_more(hung.whose.whom);
            if came.is_ok() {
                self.postman.hanging.was_answered(hung.since, hung.whose.whom.provider);
            }
            let end = end_of_hung(came, (hung.whose, elsewhere), &job, (self.providers, hung.mark), now);
            let row = self.store.sent_alone((job.lane, &job.id, job.place), self.postman.owner, job.until).await?;
            job.portion = claimed.len();
            claimed.push(Claimed { row, bundle: job.bundle.clone() });
            if let Some(end) = end {
                self.note(job, end, &mut fold, now);
            }
        }
        if !claimed.is_empty() {
            self.close(&mut fold, false, now);
            self.store.settle(claimed, &fold.ended, true, now).await?;
        }
        Ok(())
    }

    /// One that was left without an answer while others were taken is tried anew, over another line, and later each time; at once where
    /// another server takes it.
    pub(super) fn try_anew(
        &mut self,
        job: &Job,
        (refusal, about): (Refusal, About),
        whose: &Whose,
        fold: &mut Fold,
        now: DateTime<Utc>,
    ) {
        let Refusal { kind, reply } = refusal;
        tracing::info!(delivery.id = %job.delivery(), job.attempts, to = whose.to, reply, "left without an answer; again on another line");
        self.done.postponed += 1;
        self.done.last_reply = Some(reply.clone());
        let rest = if about == About::Elsewhere { Duration::ZERO } else { single_rest(kind, job.attempts) };
        let not_before = now + TimeDelta::from_std(rest).unwrap_or_default();
        let may_have_come = kind == RefusalKind::Unknown;
        fold.push(job, Outcome::Postponed { not_before, reply, may_have_come, at: None });
    }
}
