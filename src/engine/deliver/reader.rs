//! Whom a delivery goes to as it is now to be sent, and what of it is still to be told to them.
//!
//! Bundles do not change, and people do. What was planned for somebody in one life of theirs is theirs as long as that lasts;
//! where it went on at another address, that one is told what it has not been told. What a later delivery tells is left to it, and
//! what somebody has muted since then is left out,
//! and what they have dropped from their choice, but for word of what they had been told of before.

use super::job::Job;
use super::letters::Letters;
use super::overtaken::{Overtaken, UNDER_WAY};
use crate::domain::bundle::Bundle;
use crate::domain::delivery::{MAY_HAVE_COME, OVERTAKEN, Told};
use crate::domain::item::ItemId;
use crate::domain::subscriber::{Cadence, Interests, SubscriberId};
use crate::engine::known::in_words;
use crate::ports::Message;
use crate::rules::digest::Given;
use crate::rules::interest;
use crate::store::StoreError;
use crate::store::moves::Reader;
use crate::store::people::muted_item;
use crate::store::records::Subscription;
use std::collections::BTreeSet;

/// Why a message is not sent whose reader gets nothing any more.
pub(super) const ENDED: &str = "the subscription ended";

/// A message, and whose address it goes to where somebody has taken over from the member of the bundle.
pub(super) struct Addressed {
    pub(super) message: Message,
    pub(super) taken_over: Option<SubscriberId>,
}

/// What a delivery is to tell.
pub(super) enum Tells {
    /// All that it was planned to.
    All,
    /// This of it.
    Only(Vec<Told>),
    /// It is not sent, or not yet, and why.
    Nothing(&'static str),
}

/// The numbers of all identities of a reader, each with its life, the present one first.
pub(super) fn identities(reader: &Reader) -> Vec<(u128, u32)> {
    let formerly = reader.person.formerly.iter().map(|former| (former.id.number(), former.life));
    std::iter::once((reader.id.number(), reader.person.life)).chain(formerly).collect()
}

/// What somebody asked for, at this cadence or, `None`, at any, as it is told.
pub(super) fn wants_at(reader: &Reader, cadence: Option<Cadence>) -> Vec<Interests> {
    let is_meant = |wants: &&Subscription| cadence.is_none_or(|cadence| cadence == wants.cadence);
    reader.subscriptions.iter().filter(is_meant).cloned().map(Subscription::wants).collect()
}

impl Letters<'_> {
    /// What of a delivery is still to be told to its `reader`.
    pub(super) async fn tells(&self, job: &Job, reader: &Reader) -> Result<Tells, StoreError> {
        let (bundle, member) = (job.bundle.as_ref(), job.member);
        let is_taken_over = reader.id.number() != member.number;
        let has_chosen = reader.person.chose.is_some_and(|at| at >= bundle.planned);
        let has_muted = reader.person.muted.is_some_and(|at| at >= bundle.planned);
        if is_taken_over && job.may_have_come {
            return Ok(Tells::Nothing(MAY_HAVE_COME));
        }
        let overtaken = match self.overtaken(job, &identities(reader)).await? {
            Overtaken::No => None,
            Overtaken::By(told) if told.is_empty() => return Ok(Tells::Nothing(OVERTAKEN)),
            Overtaken::By(told) => Some(told),
            Overtaken::Later => return Ok(Tells::Nothing(UNDER_WAY)),
        };
        if !is_taken_over && !has_chosen && !has_muted {
            return Ok(overtaken.map_or(Tells::All, Tells::Only));
        }
        let mut told = overtaken.unwrap_or_else(|| bundle.told(member.group).cloned().collect());
        if is_taken_over {
            self.leave_out_given(&mut told, job, reader).await?;
            if told.is_empty() {
                return Ok(Tells::Nothing("it was told at the address that took over"));
            }
        }
        if is_taken_over || has_muted {
            let mutes = self.store.mutes(&reader.id).await?;
            let unwanted: BTreeSet<ItemId> = mutes.iter().filter_map(muted_item).collect();
            told.retain(|told| !unwanted.contains(&told.item));
            if told.is_empty() {
                return Ok(Tells::Nothing("the reader wants to hear no more of what it tells"));
            }
        }
        if has_chosen {
            self.leave_out_dropped(&mut told, bundle, reader).await?;
            if told.is_empty() {
                return Ok(Tells::Nothing("the reader has dropped what it tells"));
            }
        }
        Ok(Tells::Only(told))
    }

    /// Of two identities of one reader that are told the same before they become one, the later one tells it: so neither
    /// leaves it to the other.
    async fn leave_out_given(&self, told: &mut Vec<Told>, job: &Job, reader: &Reader) -> Result<(), StoreError> {
        let (bundle, member) = (job.bundle.as_ref(), job.member);
        let member_lives = (member.number, bundle.life(job.place));
        let items: BTreeSet<ItemId> = told.iter().map(|told| told.item.clone()).collect();
        let ledger = self.store.ledger(items, &bundle.series()).await?;
        let mut given: Given = ledger.given_to(reader.id.number(), reader.person.life).await?;
        let formerly = reader.person.formerly.iter();
        for former in formerly.take_while(|former| (former.id.number(), former.life) != member_lives) {
            for (item, positions) in ledger.given_formerly(former).await? {
                given.entry(item).or_default().extend(positions);
            }
        }
        told.retain(|told| {
            let mut covered = bundle.covered(member.group).filter(|(item, _)| *item == told.item);
            !covered.all(|(item, position)| given.get(item).is_some_and(|given| given.contains(position)))
        });
        Ok(())
    }

    /// At whatever cadence something is wanted now: what went to another one is told here, where it was planned.
    async fn leave_out_dropped(&self, told: &mut Vec<Told>, bundle: &Bundle, reader: &Reader) -> Result<(), StoreError> {
        let wants = wants_at(reader, None);
        let (numbers, series) = (identities(reader), bundle.series());
        let planned = std::mem::take(told);
        for news in planned {
            if self.is_wanted(&news, &wants).await? || self.threads.first(&news.item, &numbers, &series).await?.is_some() {
                told.push(news);
            }
        }
        Ok(())
    }

    /// Whether any of these holds it.
    pub(super) async fn is_wanted(&self, news: &Told, wants: &[Interests]) -> Result<bool, StoreError> {
        let known = in_words(self.store, &news.source, &news.item, news.revision).await?;
        let found = known.zip(self.postman.sources.get(&news.source));
        Ok(found.is_some_and(|(known, source)| wants.iter().any(|w| interest::matches(w, source, &known.item).is_some())))
    }
}
