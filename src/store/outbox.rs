//! The outbox: portions of bundles, each with members that wait alike, in the order of their times. The row is the job;
//! there is no other queue.
//!
//! A portion is claimed whole or in part by one checked commit, and what became of many deliveries is settled in one. Its
//! key is made from what it says, so a portion that changes moves; two never meet, since no member is in two.

mod settle;

pub use settle::{Claimed, Ended, Outcome};

use super::Row;
use super::engine::{Key, prefix_range};
use super::records::{Claim, Portion, Settled};
use super::{Store, StoreError, key};
use crate::domain::bundle::{Bundle, BundleId, Lane};
use crate::domain::delivery::AT_ONCE;
use crate::domain::members::Members;
use crate::rules::schedule::stopped_rest;
use chrono::{DateTime, TimeDelta, Utc};
use futures::{Stream, TryStreamExt};

/// No retry and no claim reaches further ahead than this; what stands beyond was put there by a clock that was wrong.
const FURTHEST: TimeDelta = TimeDelta::days(1);
/// Portions that one claim takes at most.
const PORTIONS_MAX: usize = 64;
/// Rows changed in one commit where many are.
const BATCH: usize = 200;
/// Each time that somebody loses a race, another has won it; nobody loses this often in a row.
const TRIES: usize = 50;

/// What waits in the outbox.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Waiting {
    /// Deliveries that are not settled.
    pub deliveries: u64,
    /// When the oldest of them was planned.
    pub oldest: Option<DateTime<Utc>>,
    /// What the last attempt at one was told.
    pub last_reply: Option<String>,
}

impl Portion {
    /// The part of the outbox in which it waits.
    #[must_use]
    pub fn lane(&self) -> Lane {
        if self.is_letter { Lane::Letter } else { Lane::Digest(self.cadence) }
    }

    /// These members of a bundle, to be sent at once, with nothing tried yet.
    #[must_use]
    pub fn first(id: BundleId, bundle: &Bundle, members: Members) -> Self {
        Self {
            bundle: id,
            cadence: bundle.cadence,
            is_letter: bundle.occasion.is_some(),
            planned: bundle.planned,
            members,
            attempts: 0,
            not_before: AT_ONCE,
            claim: None,
            last_reply: None,
            doubted: None,
            may_have_come: false,
            waits_at: None,
        }
    }

    /// Whether no server has been asked to take it, or none has answered.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        self.attempts == 0 && !is_answered(self)
    }

    /// Where it stands.
    pub(super) fn key(&self) -> Key {
        key::portion(self.lane(), self.not_before, &self.bundle, self.members.lowest().unwrap_or_default())
    }
}

impl Store {
    /// Takes up to `limit` deliveries that are due, letters first, then the immediate. Until `claim.until` nobody else will; after that,
    /// anybody may.
    pub async fn claim_due(&self, limit: usize, claim: &Claim, now: DateTime<Utc>) -> Result<Vec<Row<Portion>>, StoreError> {
        self.claim_due_in(&Lane::ALL, limit, false, claim, now).await
    }

    /// The same of these lanes alone; `fresh_first`: of what no server was asked to take before, if there is any.
    pub async fn claim_due_in(
        &self,
        lanes: &[Lane],
        limit: usize,
        fresh_first: bool,
        claim: &Claim,
        now: DateTime<Utc>,
    ) -> Result<Vec<Row<Portion>>, StoreError> {
        // What is sent and cannot be recorded is sent again.
        self.engine.look_for_room().await?;
        for _ in 0..TRIES {
            let mut change = self.change();
            let mut claimed = Vec::new();
            let mut left = limit;
            let mut due = self.due(lanes, now).await?;
            if fresh_first {
                due.sort_by_key(|row| !row.value.is_fresh());
            }
            for row in due {
                if left == 0 || claimed.len() == PORTIONS_MAX {
                    break;
                }
                change.delete(&row);
                let mut portion = row.value;
                let members = portion.members.split_off_lowest(left);
                left -= members.len();
                if !portion.members.is_empty() {
                    change.put(portion.key(), &portion);
                }
                let (attempts, not_before) = (portion.attempts + 1, claim.until);
                let taken = Portion { members, attempts, not_before, claim: Some(claim.clone()), waits_at: None, ..portion };
                change.put(taken.key(), &taken);
                claimed.push(taken);
            }
            if claimed.is_empty() {
                break;
            }
            match change.commit().await {
                Ok(version) => {
                    return Ok(claimed.into_iter().map(|value| Row { key: value.key(), version, value }).collect());
                }
                // Somebody else took one of them.
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Vec::new())
    }

    /// What is due, as far as one claim can reach.
    async fn due(&self, lanes: &[Lane], now: DateTime<Utc>) -> Result<Vec<Row<Portion>>, StoreError> {
        let mut due = Vec::new();
        for &lane in lanes {
            due.extend(self.scan::<Portion>(key::out(lane)..key::out_due_end(lane, now), PORTIONS_MAX).await?);
        }
        Ok(due)
    }

    /// What the members of a bundle are told.
    ///
    /// # Errors
    /// `NoBundle` where the store does not hold it.
    pub async fn bundle(&self, id: &BundleId) -> Result<Bundle, StoreError> {
        let row = self.read(key::bundle(id)).await?;
        row.map(|row| row.value).ok_or_else(|| StoreError::NoBundle { id: id.clone() })
    }

    /// What is not settled, counted; one portion in memory at a time.
    pub async fn waiting(&self) -> Result<Waiting, StoreError> {
        let mut waiting = Waiting::default();
        for lane in Lane::ALL {
            let mut rows = self.rows::<Portion>(prefix_range(&key::out(lane)));
            while let Some(Row { value: portion, .. }) = rows.try_next().await? {
                waiting.deliveries += portion.members.len() as u64;
                waiting.oldest = Some(waiting.oldest.map_or(portion.planned, |oldest| oldest.min(portion.planned)));
                waiting.last_reply = portion.last_reply.or(waiting.last_reply);
            }
        }
        Ok(waiting)
    }

    /// What is sent by itself to the member at this place, claimed by `owner` until then.
    pub async fn sent_alone(
        &self,
        (lane, bundle, place): (Lane, &BundleId, u16),
        owner: &str,
        until: DateTime<Utc>,
    ) -> Result<Option<Row<Portion>>, StoreError> {
        let row = self.read::<Portion>(key::portion(lane, until, bundle, place)).await?;
        let is_ours = |row: &Row<Portion>| row.value.claim.as_ref().is_some_and(|claim| claim.owner == owner);
        Ok(row.filter(is_ours))
    }

    /// Since when something is due that nobody tries; what is tried now for the first time counts, too.
    pub async fn due_since(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StoreError> {
        let mut since: Option<DateTime<Utc>> = None;
        for lane in Lane::ALL {
            let mut rows = self.rows::<Portion>(prefix_range(&key::out(lane)));
            while let Some(Row { value: portion, .. }) = rows.try_next().await? {
                let due = match portion.claim {
                    Some(_) => portion.last_reply.is_none().then_some(portion.planned),
                    None => (portion.not_before <= now).then(|| portion.not_before.max(portion.planned)),
                };
                since = [since, due].into_iter().flatten().min();
            }
        }
        Ok(since)
    }

    /// When the next delivery of these lanes is due.
    pub async fn next_outgoing(&self, lanes: &[Lane]) -> Result<Option<DateTime<Utc>>, StoreError> {
        let mut next: Option<DateTime<Utc>> = None;
        for &lane in lanes {
            let first = self.scan::<Portion>(prefix_range(&key::out(lane)), 1).await?;
            let due = first.first().map(|row| row.value.not_before);
            next = [next, due].into_iter().flatten().min();
        }
        Ok(next)
    }

    /// Whether anything of these lanes is due.
    pub async fn is_due(&self, lanes: &[Lane], now: DateTime<Utc>) -> Result<bool, StoreError> {
        for &lane in lanes {
            if !self.scan::<Portion>(key::out(lane)..key::out_due_end(lane, now), 1).await?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether anything is due that no server was asked to take before.
    pub async fn is_fresh_due(&self, now: DateTime<Utc>) -> Result<bool, StoreError> {
        Ok(self.due(&Lane::ALL, now).await?.iter().any(|row| row.value.is_fresh()))
    }

    /// How the deliveries of a bundle have ended, as far as they have.
    pub async fn tally(&self, id: &BundleId) -> Result<Option<Settled>, StoreError> {
        Ok(self.read(key::settled(id)).await?.map(|row| row.value))
    }

    /// What of a bundle is not settled.
    pub async fn portions_of(&self, lane: Lane, id: &BundleId) -> Result<Vec<Portion>, StoreError> {
        let mut portions = Vec::new();
        let mut rows = self.rows::<Portion>(prefix_range(&key::out(lane)));
        while let Some(row) = rows.try_next().await? {
            portions.extend(Some(row.value).filter(|portion| portion.bundle == *id));
        }
        Ok(portions)
    }

    /// Tallies of deliveries that have ended, one in memory at a time.
    pub fn settled(&self) -> impl Stream<Item = Result<Row<Settled>, StoreError>> + Unpin + '_ {
        self.rows(prefix_range(key::SETTLED.as_bytes()))
    }

    /// Makes due at once what nothing will make due otherwise: deliveries claimed by processes that can no longer be running,
    /// where this one has the store to itself, and those that a clock which was ahead put off. Answers how many. What may have come
    /// keeps a rest: each time may be another copy.
    pub async fn release_deliveries(&self, owner: &str, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let is_foreign = |portion: &Portion| portion.claim.as_ref().is_some_and(|claim| claim.owner != owner);
        let is_meant = |portion: &Portion| is_foreign(portion) || portion.not_before > now + FURTHEST;
        let by = |portion: &Portion| {
            let rest = TimeDelta::from_std(stopped_rest(portion.attempts)).unwrap_or_default();
            if portion.claim.is_some() && portion.may_have_come { now + rest } else { AT_ONCE }
        };
        self.make_due_by(&Lane::ALL, is_meant, by).await
    }

    /// Makes due at once what waits to be tried again, or was put off by a clock that was ahead. Answers how many deliveries.
    pub async fn hurry_deliveries(&self, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let is_too_far = |portion: &Portion| portion.claim.is_none() && portion.not_before > now + FURTHEST;
        self.make_due(&Lane::ALL, |portion| waits(portion, now) || is_too_far(portion)).await
    }

    /// Makes due at once the letters that wait because they were told this: what keeps mail from leaving is looked at anew, and
    /// a letter goes before the news that were planned after it. Answers how many.
    pub async fn hurry_letters(&self, told: &str, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let is_told = |portion: &Portion| portion.last_reply.as_deref() == Some(told);
        self.make_due(&[Lane::Letter], |portion| waits(portion, now) && is_told(portion)).await
    }

    /// Makes due at once what waits because it was told one of these. Answers how many deliveries.
    pub async fn hurry_those_told(&self, told: &[String], now: DateTime<Utc>) -> Result<usize, StoreError> {
        let is_told = |portion: &Portion| portion.last_reply.as_ref().is_some_and(|reply| told.contains(reply));
        self.make_due(&Lane::ALL, |portion| waits(portion, now) && is_told(portion)).await
    }

    /// Makes due at once what waits for one of these providers to answer. Answers how many deliveries.
    pub async fn hurry_those_at(&self, providers: &[u32], now: DateTime<Utc>) -> Result<usize, StoreError> {
        let is_there = |portion: &Portion| portion.waits_at.is_some_and(|provider| providers.contains(&provider));
        self.make_due(&Lane::ALL, |portion| waits(portion, now) && is_there(portion)).await
    }

    /// Has one of the deliveries that a server has put off or refused for our fault due `by` then, where none is: it asks for all. That
    /// is no attempt of its own, so that none is given up the sooner for it.
    pub async fn ask_with_one(&self, by: DateTime<Utc>) -> Result<(), StoreError> {
        let mut first: Option<Row<Portion>> = None;
        for lane in Lane::ALL {
            let mut rows = self.rows::<Portion>(prefix_range(&key::out(lane)));
            while let Some(row) = rows.try_next().await? {
                if row.value.claim.is_none() && row.value.doubted.is_none() && (row.value.is_fresh() || is_answered(&row.value)) {
                    first = first.filter(|first| first.value.not_before <= row.value.not_before).or(Some(row));
                    // They come in the order of their times.
                    break;
                }
            }
        }
        let Some(row) = first.filter(|row| row.value.not_before > by) else { return Ok(()) };
        let mut change = self.change();
        change.delete(&row);
        let mut rest = row.value;
        let (members, attempts) = (rest.members.split_off_lowest(1), rest.attempts.saturating_sub(1));
        let asks = Portion { members, attempts, not_before: by, ..rest.clone() };
        change.put(asks.key(), &asks);
        if !rest.members.is_empty() {
            change.put(rest.key(), &rest);
        }
        match change.commit().await {
            // Whoever has changed it has it sent, or put back.
            Err(error) if !error.is_conflict() => Err(error),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Makes due at once what of these lanes `is_meant`, whoever has claimed it.
    async fn make_due(&self, lanes: &[Lane], is_meant: impl Fn(&Portion) -> bool) -> Result<usize, StoreError> {
        self.make_due_by(lanes, is_meant, |_| AT_ONCE).await
    }

    /// The same, each `by` its time.
    async fn make_due_by(
        &self,
        lanes: &[Lane],
        is_meant: impl Fn(&Portion) -> bool,
        by: impl Fn(&Portion) -> DateTime<Utc>,
    ) -> Result<usize, StoreError> {
        let mut released = 0;
        let mut changed = 0;
        let mut change = self.change();
        for lane in lanes {
            let mut rows = self.rows::<Portion>(prefix_range(&key::out(*lane)));
            // Released ones move to the front, where this has been already, or are claimed no more.
            while let Some(row) = rows.try_next().await? {
                if !is_meant(&row.value) {
                    continue;
                }
                let stopped = row.value.claim.is_some().then(|| "the program stopped while it was being sent".to_owned());
                let last_reply = stopped.or_else(|| row.value.last_reply.clone());
                // Most of a claim was not begun when it was cut off, and what was begun was answered by nobody: that is no attempt by
                // which a wait grows, or after which nothing is tried any more. Where each may be another copy, it counts.
                let is_none = row.value.claim.is_some() && !row.value.may_have_come;
                let attempts = row.value.attempts.saturating_sub(u32::from(is_none));
                let portion = Portion { attempts, not_before: by(&row.value), claim: None, last_reply, ..row.value.clone() };
                change.delete(&row).put(portion.key(), &portion);
                released += portion.members.len();
                changed += 1;
                if changed % BATCH == 0 {
                    std::mem::replace(&mut change, self.change()).commit().await?;
                }
            }
        }
        if !change.is_empty() {
            change.commit().await?;
        }
        Ok(released)
    }
}

/// Whether it waits to be tried again.
fn waits(portion: &Portion, now: DateTime<Utc>) -> bool {
    portion.claim.is_none() && portion.doubted.is_none() && portion.not_before > now
}

/// Whether a server has said no to it, or "not now".
fn is_answered(portion: &Portion) -> bool {
    portion.last_reply.as_deref().is_some_and(|reply| reply.starts_with(['4', '5']))
}

#[cfg(test)]
mod tests;
