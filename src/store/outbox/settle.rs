//! Settling: what became of many deliveries, in one commit.
//!
//! A member leaves the portion that was claimed in the commit that says what became of them, and not before. If we stop
//! until then: they are claimed again, and get the message again under the same Message-ID.

use super::super::change::Change;
use super::super::records::{Person, Portion, Settled};
use super::super::{Row, Store, StoreError, key};
use super::TRIES;
use crate::config::SoftLimit;
use crate::domain::bundle::{Bundle, BundleId};
use crate::domain::delivery::{AT_ONCE, Refusal, RefusalKind, STALE, Settlement};
use crate::domain::members::Members;
use crate::domain::subscriber::{Ending, SubscriberId};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

/// A portion that is being sent by this process.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// As it stands; `None` where all of it is settled, or the claim ran out and somebody else has it.
    pub row: Option<Row<Portion>>,
    /// What its members are told.
    pub bundle: Arc<Bundle>,
}

/// What became of one delivery that was claimed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ended {
    /// Which of the claimed portions.
    pub portion: usize,
    /// Which member.
    pub place: u16,
    /// Whose address it was sent to, where somebody has taken over from the member.
    pub taken_over: Option<SubscriberId>,
    /// What.
    pub outcome: Outcome,
}

/// What became of a delivery.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It has ended.
    Settled(Settlement),
    /// Refused for good, and it speaks against the address: this often, and nothing is sent there any more.
    Struck {
        /// What the server said.
        refusal: Refusal,
        /// How often.
        limit: SoftLimit,
    },
    /// By the clock it is too old to be news, and the clock may be wrong: it is looked at again, and nothing was tried.
    Doubted {
        /// Not before this time.
        not_before: DateTime<Utc>,
    },
    /// It may not be sent for now, and nothing was tried.
    Waits {
        /// Not before this time.
        not_before: DateTime<Utc>,
        /// Why not.
        why: &'static str,
        /// The provider that it waits for, where it does.
        at: Option<u32>,
    },
    /// Its conversation goes on for longer than usual: it stays claimed, by itself.
    Hangs {
        /// Whether a server has its text: a stop may not have it sent again at once.
        may_have_come: bool,
    },
    /// It is to be tried again.
    Postponed {
        /// Not before this time.
        not_before: DateTime<Utc>,
        /// What the attempt was told.
        reply: String,
        /// Whether it may have come all the same.
        may_have_come: bool,
        /// The provider that it waits for, where it does.
        at: Option<u32>,
    },
}

impl Store {
    /// Records what became of deliveries that were claimed, all in one commit. An address that does not exist is never
    /// mailed again. With `give_back`, the members of whom nothing is said can be claimed again at once: nothing was tried.
    /// Answers with the claimed portions as they then stand.
    pub async fn settle(
        &self,
        mut claimed: Vec<Claimed>,
        ended: &[Ended],
        give_back: bool,
        now: DateTime<Utc>,
    ) -> Result<Vec<Claimed>, StoreError> {
        for _ in 0..TRIES {
            let mut settling = Settling::new(self, now);
            let mut after = Vec::with_capacity(claimed.len());
            for (at, claimed) in claimed.iter().enumerate() {
                let ended: Vec<&Ended> = ended.iter().filter(|ended| ended.portion == at).collect();
                after.push(settling.portion(claimed, &ended, give_back).await?);
            }
            if settling.change.is_empty() {
                return Ok(claimed);
            }
            match settling.commit().await {
                Ok(version) => {
                    let row = |rest: Rest| match rest {
                        Rest::Nothing => None,
                        Rest::Same(row) => Some(row),
                        Rest::Fewer(value) => Some(Row { key: value.key(), version, value }),
                    };
                    let rows = after.into_iter().map(row);
                    return Ok(claimed.into_iter().zip(rows).map(|(claimed, row)| Claimed { row, ..claimed }).collect());
                }
                // A person or a tally changed; or a claim ran out, and then who has it now settles what they send.
                Err(error) if error.is_conflict() => self.let_go_of_lost(&mut claimed).await?,
                Err(error) => return Err(error),
            }
        }
        tracing::error!("what became of some mail could not be recorded: it is sent again when the claim has run out");
        Ok(claimed)
    }

    async fn let_go_of_lost(&self, claimed: &mut [Claimed]) -> Result<(), StoreError> {
        for claimed in claimed {
            if let Some(row) = &claimed.row {
                let version = self.read::<Portion>(row.key.clone()).await?.map(|now| now.version);
                if version != Some(row.version) {
                    claimed.row = None;
                }
            }
        }
        Ok(())
    }
}

/// What is left of a claimed portion.
enum Rest {
    Nothing,
    Same(Row<Portion>),
    Fewer(Portion),
}

/// One commit in the making.
struct Settling<'a> {
    store: &'a Store,
    change: Change<'a>,
    tallies: BTreeMap<BundleId, (Option<Row<Settled>>, Settled)>,
    people: BTreeMap<SubscriberId, (Row<Person>, Person)>,
    now: DateTime<Utc>,
}

impl<'a> Settling<'a> {
    fn new(store: &'a Store, now: DateTime<Utc>) -> Self {
        Self { store, change: store.change(), tallies: BTreeMap::new(), people: BTreeMap::new(), now }
    }

    async fn portion(&mut self, claimed: &Claimed, ended: &[&Ended], give_back: bool) -> Result<Rest, StoreError> {
        let Some(row) = &claimed.row else { return Ok(Rest::Nothing) };
        let mut rest = row.value.clone();
        let mut later: BTreeMap<(DateTime<Utc>, bool, Option<u32>), Portion> = BTreeMap::new();
        let mut hang = Vec::new();
        for ended in ended {
            if !rest.members.remove(ended.place) {
                continue;
            }
            match &ended.outcome {
                Outcome::Settled(settlement) => {
                    self.count(&row.value, ended.place, settlement).await?;
                    if is_gone(settlement) {
                        let now = self.now;
                        self.change_person(&claimed.bundle, ended, |person, _| person.suppress(Ending::AddressGone, now)).await?;
                    }
                }
                Outcome::Struck { refusal, limit } => {
                    self.count(&row.value, ended.place, &Settlement::Refused(refusal.clone())).await?;
                    let now = self.now;
                    let strike = |person: &mut Person, of: &str| person.strike(of, *limit, now);
                    self.change_person(&claimed.bundle, ended, strike).await?;
                }
                Outcome::Doubted { not_before } => {
                    let attempts = row.value.attempts.saturating_sub(1);
                    let doubted = Some(row.value.doubted.filter(|since| *since <= self.now).unwrap_or(self.now));
                    let (members, last_reply) = (Members::default(), Some(STALE.to_owned()));
                    let portion = Portion {
                        members,
                        attempts,
                        not_before: *not_before,
                        claim: None,
                        doubted,
                        last_reply,
                        ..row.value.clone()
                    };
                    let alike = (*not_before, row.value.may_have_come, None);
                    later.entry(alike).or_insert(portion).members.insert(ended.place);
                }
                Outcome::Waits { not_before, why, at } => {
                    let attempts = row.value.attempts.saturating_sub(1);
                    let (members, last_reply) = (Members::default(), Some((*why).to_owned()));
                    let (not_before, waits_at) = (*not_before, *at);
                    let waiting =
                        Portion { members, attempts, not_before, claim: None, last_reply, waits_at, ..row.value.clone() };
                    let alike = (not_before, row.value.may_have_come, waits_at);
                    later.entry(alike).or_insert(waiting).members.insert(ended.place);
                }
                Outcome::Hangs { may_have_come } => {
                    let may_have_come = *may_have_come || row.value.may_have_come;
                    let mut alone = Portion { members: Members::default(), may_have_come, ..row.value.clone() };
                    alone.members.insert(ended.place);
                    hang.push(alone);
                }
                Outcome::Postponed { not_before, reply, may_have_come, at } => {
                    let (members, may_have_come) = (Members::default(), *may_have_come || row.value.may_have_come);
                    let (not_before, waits_at) = (*not_before, *at);
                    let waiting = Portion { members, not_before, claim: None, may_have_come, waits_at, ..row.value.clone() };
                    let portion = later.entry((not_before, may_have_come, waits_at)).or_insert(waiting);
                    portion.members.insert(ended.place);
                    portion.last_reply = Some(reply.clone());
                }
            }
        }
        if give_back && !rest.members.is_empty() {
            let attempts = rest.attempts.saturating_sub(1);
            let back = Portion { attempts, not_before: AT_ONCE, claim: None, ..rest.clone() };
            rest.members = Members::default();
            later.insert((AT_ONCE, back.may_have_come, None), back);
        }
        if rest.members == row.value.members {
            return Ok(Rest::Same(row.clone()));
        }
        self.change.delete(row);
        for portion in later.values().chain(&hang) {
            self.change.put(portion.key(), portion);
        }
        if rest.members.is_empty() {
            return Ok(Rest::Nothing);
        }
        self.change.put(rest.key(), &rest);
        Ok(Rest::Fewer(rest))
    }

    /// Adds one ending to the tally of its bundle.
    async fn count(&mut self, portion: &Portion, place: u16, settlement: &Settlement) -> Result<(), StoreError> {
        let (_, tally) = match self.tallies.entry(portion.bundle.clone()) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let row = self.store.read::<Settled>(key::settled(&portion.bundle)).await?;
                let tally = row.as_ref().map_or_else(|| Settled::none(portion.cadence, self.now), |row| row.value.clone());
                entry.insert((row, tally))
            }
        };
        tally.at = self.now;
        tally.count(place, settlement);
        Ok(())
    }

    /// Changes what is held about whom a delivery was sent to; `change` is given the delivery's identity too.
    async fn change_person(
        &mut self,
        bundle: &Bundle,
        ended: &Ended,
        change: impl FnOnce(&mut Person, &str),
    ) -> Result<(), StoreError> {
        let Some(member) = bundle.member(ended.place) else { return Ok(()) };
        let id = ended.taken_over.clone().unwrap_or_else(|| SubscriberId::from_number(member.number));
        let (_, person) = match self.people.entry(id.clone()) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let Some(row) = self.store.person(&id).await? else { return Ok(()) };
                let person = row.value.clone();
                entry.insert((row, person))
            }
        };
        change(person, bundle.delivery(member.number).as_str());
        Ok(())
    }

    async fn commit(mut self) -> Result<u64, StoreError> {
        for (id, (row, tally)) in &self.tallies {
            match row {
                Some(row) => self.change.update(row, tally),
                None => self.change.insert(key::settled(id), tally),
            };
        }
        for (row, person) in self.people.values() {
            self.change.update(row, person);
        }
        self.change.commit().await
    }
}

fn is_gone(settlement: &Settlement) -> bool {
    matches!(settlement, Settlement::Refused(refusal) if refusal.kind == RefusalKind::AddressGone)
}
