//! Deliveries that wait (a relay is down, a server says later) are overtaken by what becomes of their items: word that something was
//! changed is not to come after word that it is gone.
//!
//! Whatever a later delivery to the same reader tells of an item is left to it, and it says what those before it, which did not
//! leave, had to say: one notice, and a true one. Both are worked out from the ledger whenever a delivery is about to leave, so a stop
//! changes nothing. What is being sent at this moment may tell or leave the item: the later one waits until that is known.
//! Invariant: what was claimed after the later one was planned leaves the item to it.

use super::job::Job;
use super::letters::Letters;
use super::threads::Here;
use crate::domain::bundle::Series;
use crate::domain::delivery::{Position, Told};
use crate::domain::item::Change;
use crate::rules::digest::caught_up;
use crate::store::StoreError;
use chrono::TimeDelta;

/// What was planned longer ago than mail is news, and this, waits no more: it has left or been cancelled.
const MARGIN: TimeDelta = TimeDelta::days(3);

/// Why a delivery waits for an earlier one.
pub(super) const UNDER_WAY: &str = "an earlier mail about the same is being sent";

/// What a delivery tells, after all that was planned for its reader meanwhile and all that did not leave.
pub(super) enum Overtaken {
    /// What it was planned to.
    No,
    /// This; nothing of it may be left.
    By(Vec<Told>),
    /// It is not known yet.
    Later,
}

/// What became of an earlier delivery.
enum Earlier {
    /// It left, or may have.
    Told,
    /// It did not leave, and if it does, then without what a later one tells.
    Unsent,
    /// It is being sent.
    UnderWay,
}

/// A reader's identities, by number and life, and the delivery to them that is about to leave.
struct Leaving<'a> {
    identities: &'a [(u128, u32)],
    series: Series,
    /// Mail of windows that ended before cannot wait.
    from: Position,
}

impl Letters<'_> {
    /// What a delivery tells a reader of these identities, by number and life.
    pub(super) async fn overtaken(&self, job: &Job, identities: &[(u128, u32)]) -> Result<Overtaken, StoreError> {
        let (bundle, group) = (job.bundle.as_ref(), job.member.group);
        let (series, planned) = (bundle.series(), bundle.planned);
        let waits_at_most = TimeDelta::from_std(self.postman.stale_after).unwrap_or(TimeDelta::MAX);
        let waited = planned.checked_sub_signed(waits_at_most).and_then(|at| at.checked_sub_signed(MARGIN));
        let from = Position::at(waited.unwrap_or_default());
        let leaving = Leaving { identities, series, from };
        let mut after: Option<Vec<Told>> = None;
        for (at, told) in bundle.told(group).enumerate() {
            let Some(said) = self.said(told, &leaving).await? else { return Ok(Overtaken::Later) };
            if after.is_some() || said.as_ref() != Some(told) {
                after.get_or_insert_with(|| bundle.told(group).take(at).cloned().collect()).extend(said);
            }
        }
        Ok(after.map_or(Overtaken::No, Overtaken::By))
    }

    /// What is said of one item, which may be nothing; `None` where that is not known yet.
    async fn said(&self, told: &Told, leaving: &Leaving<'_>) -> Result<Option<Option<Told>>, StoreError> {
        let Leaving { identities, series, from } = leaving;
        let mut unsent = Vec::new();
        let mut was_told = false;
        for (here, (number, life)) in self.threads.others(&told.item, identities, series, *from).await? {
            let Some((place, other)) = here.entry(number, life, &told.item) else { continue };
            if other.position > told.position {
                return Ok(Some(None));
            }
            if told.change == Change::New {
                continue;
            }
            match self.earlier(&here, place).await? {
                Earlier::Told => was_told = true,
                Earlier::Unsent => unsent.push(other.clone()),
                Earlier::UnderWay => return Ok(None),
            }
        }
        if !unsent.is_empty() && !was_told {
            let first = self.threads.first(&told.item, identities, series).await?;
            was_told = first.is_some_and(|first| Position::at(first.told) < *from);
        }
        unsent.sort_by_key(|told| told.position);
        Ok(Some(caught_up(told, &unsent, was_told)))
    }

    async fn earlier(&self, here: &Here, place: u16) -> Result<Earlier, StoreError> {
        if here.not_sent.contains(place) {
            return Ok(Earlier::Unsent);
        }
        let Some(id) = here.bundle.id() else { return Ok(Earlier::Told) };
        let portions = here.waits.get_or_try_init(|| self.store.portions_of(here.bundle.lane(), &id)).await?;
        Ok(match portions.iter().find(|portion| portion.members.contains(place)) {
            Some(portion) if portion.may_have_come => Earlier::Told,
            Some(portion) if portion.claim.is_some() => Earlier::UnderWay,
            Some(_) => Earlier::Unsent,
            None => Earlier::Told,
        })
    }
}
