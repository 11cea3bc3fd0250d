//! What the mail server has put off since it last took something. Each such mail only waits for its next turn; that none leaves
//! at all is seen from all of them together, and recorded, so that an admin is told once and `status` can say since when.

use super::job::Job;
use crate::domain::bundle::BundleId;
use crate::rules::standstill::PEOPLE_MIN;
use crate::store::records::Standstill;
use crate::store::{Store, StoreError};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// What a pass has seen of it.
#[derive(Default)]
pub(super) struct PutOff {
    took_any: bool,
    /// Counted as far as it matters.
    people: BTreeSet<u128>,
    deliveries: u64,
    /// How many members each bundle has of which something was put off.
    planned: BTreeMap<BundleId, u64>,
    reply: Option<String>,
}

impl PutOff {
    pub(super) fn took_one(&mut self) {
        *self = Self { took_any: true, ..Self::default() };
    }

    pub(super) fn put_off(&mut self, job: &Job, reply: &str) {
        if self.people.len() < PEOPLE_MIN {
            self.people.insert(job.member.number);
        }
        self.deliveries += 1;
        self.planned.entry(job.id.clone()).or_insert(job.bundle.members().len() as u64);
        self.reply = Some(reply.to_owned());
    }

    /// How things stand after the pass, by how they stood `before` it.
    fn after(self, before: Option<&Standstill>, now: DateTime<Utc>) -> Option<Standstill> {
        let before = before.filter(|_| !self.took_any);
        let Some(reply) = self.reply else { return before.cloned() };
        let (people, deliveries, planned) = (self.people.len(), self.deliveries, self.planned.values().sum());
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

/// Records what a pass has seen, and tells once of a server that takes nothing from anybody. While it does, one mail asks every few
/// minutes whether that is over: the others may have hours to wait.
pub(super) async fn note(store: &Store, seen: PutOff, now: DateTime<Utc>) -> Result<(), StoreError> {
    if !seen.took_any && seen.reply.is_none() {
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
