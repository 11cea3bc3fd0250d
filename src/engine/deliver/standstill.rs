//! What the mail server has put off since it last took something. Each such mail only waits for its next turn; that none leaves
//! at all is seen from all of them together, and recorded, so that an admin is told once and `status` can say since when. What one
//! provider puts off to all its readers is told of that provider, and not of the server.

use super::job::Job;
use crate::domain::bundle::BundleId;
use crate::rules::standstill::PEOPLE_MIN;
use crate::store::records::Standstill;
use crate::store::{Store, StoreError};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// So many providers are told apart; where more put off, it is not they.
const APART_MAX: usize = 64;

/// What a pass has seen of it.
#[derive(Default)]
pub(super) struct PutOff {
    took_any: bool,
    /// By provider, `None`: of those that are not told apart.
    seen: BTreeMap<Option<u32>, Seen>,
    /// How many members each bundle has of which something was put off.
    planned: BTreeMap<BundleId, u64>,
}

/// What was put off to some.
#[derive(Default)]
struct Seen {
    /// Counted as far as it matters.
    people: BTreeSet<u128>,
    deliveries: u64,
    reply: String,
}

impl PutOff {
    pub(super) fn took_one(&mut self) {
        *self = Self { took_any: true, ..Self::default() };
    }

    pub(super) fn put_off(&mut self, job: &Job, provider: u32, reply: &str) {
        let is_apart = self.seen.contains_key(&Some(provider)) || self.seen.len() < APART_MAX;
        let seen = self.seen.entry(is_apart.then_some(provider)).or_default();
        if seen.people.len() < PEOPLE_MIN {
            seen.people.insert(job.member.number);
        }
        seen.deliveries += 1;
        reply.clone_into(&mut seen.reply);
        self.planned.entry(job.id.clone()).or_insert(job.bundle.members().len() as u64);
    }

    /// How things stand after the pass, by how they stood `before` it.
    fn after(self, before: Option<&Standstill>, now: DateTime<Utc>) -> Option<Standstill> {
        let before = before.filter(|_| !self.took_any);
        let Some(most) = self.seen.values().max_by_key(|seen| seen.deliveries) else { return before.cloned() };
        let reply = most.reply.clone();
        let people = self.seen.values().map(|seen| seen.people.len()).sum::<usize>().min(PEOPLE_MIN);
        let (deliveries, planned) = (self.seen.values().map(|seen| seen.deliveries).sum(), self.planned.values().sum());
        let (since, is_told) = before.map_or((now, false), |before| (before.since.min(now), before.is_told));
        let now_put_off = Standstill { since, people, deliveries, planned, reply, is_told };
        // A later pass tries what happens to be due then.
        let most = before.filter(|before| before.deliveries > deliveries);
        Some(most.map_or(now_put_off.clone(), |most| Standstill { since, reply: now_put_off.reply, ..most.clone() }))
    }
}

/// Whether the server had been putting off whatever it was given: then all of it goes on at once when it takes one.
pub(super) async fn stands(store: &Store) -> Result<bool, StoreError> {
    Ok(store.standstill().await?.is_some_and(|row| row.value.asked_after().is_some()))
}

/// Records what a pass has seen, but for providers that are known to refuse, and tells once of a server that takes nothing from
/// anybody. While it does, one mail asks every few minutes whether that is over: the others may have hours to wait.
pub(super) async fn note(
    store: &Store,
    mut seen: PutOff,
    refuses: &(dyn Fn(u32) -> bool + Sync),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    seen.seen.retain(|provider, _| !provider.is_some_and(refuses));
    if !seen.took_any && seen.seen.is_empty() {
        return Ok(());
    }
    let before = store.standstill().await?;
    let mut after = seen.after(before.as_ref().map(|row| &row.value), now);
    if let Some(standstill) = after.as_mut().filter(|standstill| !standstill.is_told && standstill.needs_a_person(now)) {
        let Standstill { since, reply, .. } = standstill;
        tracing::error!(reply, %since, "no mail leaves: the mail server puts off one after the other, whoever it is for");
        standstill.is_told = true;
    }
    // If we stop before this: the next pass sees the same.
    if after.as_ref() != before.as_ref().map(|row| &row.value) {
        store.record_standstill(before.as_ref(), after.as_ref()).await?;
    }
    if let Some(asked_after) = after.and_then(|standstill| standstill.asked_after()) {
        store.ask_with_one(now + asked_after).await?;
    }
    Ok(())
}
