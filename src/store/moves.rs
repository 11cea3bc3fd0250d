//! Moves from one address to another: those that are asked for, and those that happened. Who is erased, or asks what is held
//! about them, is meant under every address of theirs.
//!
//! What had been planned for the one address when it was moved from is for the other, and so is what a link in a mail to the
//! one ends. Bundles stay as they are: whom they are for is looked up when they leave. A life is what an address has between
//! a yes and the end of everything; what was planned in one life is sent in that one, or where that one went on.

use super::change::Change;
use super::engine::prefix_range;
use super::letters::put_letter;
use super::records::{MovedOn, Person, Request, Subscription, WindowState};
use super::subscriptions::active;
use super::{Row, Store, StoreError, key};
use crate::domain::bundle::Series;
use crate::domain::occasion::Occasion;
use crate::domain::pause::Pause;
use crate::domain::subscriber::{Cadence, Ending, SubscriberId};
use chrono::{DateTime, Utc};
use futures::TryStreamExt;

/// Moves that are followed, one after the other.
const FOLLOWED_MAX: usize = 32;

/// Who gets mail now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reader {
    /// Their identity.
    pub id: SubscriberId,
    /// Their address.
    pub person: Person,
    /// What they get; never empty.
    pub subscriptions: Vec<Subscription>,
}

impl Store {
    /// Who gets now what was planned for somebody in this `life` of theirs: they themselves, or who took over from them; `None`
    /// where that life has ended.
    pub async fn who_gets(&self, id: &SubscriberId, life: u32) -> Result<Option<Reader>, StoreError> {
        let lives = |person: &Person, life| person.life == life && person.moved_to().is_none();
        let itself = self.person(id).await?.map(|row| row.value).filter(|person| lives(person, life));
        let (id, person) = if let Some(person) = itself {
            (id.clone(), Some(person))
        } else {
            let (to, life) = self.went_on(id, life).await?;
            let person = self.person(&to).await?.map(|row| row.value).filter(|person| lives(person, life));
            (to, person)
        };
        let Some(person) = person else { return Ok(None) };
        let subscriptions = active(&person, self.subscriptions(&id).await?);
        Ok((!subscriptions.is_empty()).then_some(Reader { id, person, subscriptions }))
    }

    /// As whose life this one went on at last; itself where it did not.
    async fn went_on(&self, id: &SubscriberId, life: u32) -> Result<(SubscriberId, u32), StoreError> {
        let (mut id, mut life) = (id.clone(), life);
        for _ in 0..FOLLOWED_MAX {
            let moved = match self.person(&id).await? {
                Some(row) => row.value.moved,
                None => self.erased(&id).await?.map(|row| row.value.moved).unwrap_or_default(),
            };
            let Some(moved) = moved.into_iter().find(|moved| moved.life == life) else { break };
            (id, life) = (moved.to, moved.to_life);
        }
        Ok((id, life))
    }

    /// Those of these that do not lead to this person.
    pub(super) async fn leading_elsewhere(&self, moved: &[MovedOn], id: &SubscriberId) -> Result<Vec<MovedOn>, StoreError> {
        let mut others = Vec::new();
        for moved in moved {
            if self.went_on(&moved.to, moved.to_life).await?.0 != *id {
                others.push(moved.clone());
            }
        }
        Ok(others)
    }

    /// Who has by now what somebody was mailed in this `life` of theirs (`None`: in any) and what has since moved to another
    /// address, as long as they have not left and come back for something else: a link in that mail means them too.
    pub async fn meant_elsewhere(&self, id: &SubscriberId, life: Option<u32>) -> Result<Vec<SubscriberId>, StoreError> {
        let moved = match self.person(id).await? {
            Some(row) => row.value.moved,
            None => self.erased(id).await?.map(|row| row.value.moved).unwrap_or_default(),
        };
        let mut meant = Vec::new();
        for moved in moved.into_iter().filter(|moved| life.is_none_or(|life| life == moved.life)) {
            let (to, life) = self.went_on(&moved.to, moved.to_life).await?;
            let goes_on = self.person(&to).await?.is_some_and(|row| row.value.life == life);
            if goes_on && to != *id && !meant.contains(&to) {
                meant.push(to);
            }
        }
        Ok(meant)
    }

    /// Ends by a link that was mailed to somebody in this `life` of theirs (`None`: the link does not say) whatever the address
    /// gets now, since it is from there that no more is wanted, and what moved away of what was mailed, with a letter that says so.
    /// Repeating it is harmless.
    pub async fn end_by_link(&self, id: &SubscriberId, life: Option<u32>, now: DateTime<Utc>) -> Result<(), StoreError> {
        loop {
            let mut change = self.change();
            self.put_ending(&mut change, id, Ending::Unsubscribed, now).await?;
            self.put_endings_elsewhere(&mut change, id, life, now).await?;
            if change.is_empty() {
                return Ok(());
            }
            match change.commit().await {
                Ok(_) => return Ok(()),
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Makes the end of what moved away from somebody part of `change`, each with a letter that says by what.
    pub(super) async fn put_endings_elsewhere(
        &self,
        change: &mut Change<'_>,
        id: &SubscriberId,
        life: Option<u32>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        for other in self.meant_elsewhere(id, life).await? {
            let Some(person) = self.person(&other).await? else { continue };
            if self.put_ending(change, &other, Ending::Unsubscribed, now).await? {
                let (at, mailed_to) = (self.free_place(&other, now).await?, id.number());
                put_letter(change, (&other, person.value.life), Occasion::EndedByLink { mailed_to }, at, now);
            }
        }
        Ok(())
    }

    /// Takes back what a link to somebody ended, wherever, if that can be taken back until `last`: it names the ending. Answers
    /// whether there was anything.
    pub async fn undo_by_link(&self, id: &SubscriberId, last: DateTime<Utc>, now: DateTime<Utc>) -> Result<bool, StoreError> {
        loop {
            let mut change = self.change();
            let elsewhere = self.meant_elsewhere(id, None).await?;
            for one in std::iter::once(id).chain(&elsewhere) {
                let ended = self.person(one).await?.and_then(|person| person.value.undo_until());
                if ended.is_some_and(|until| until == last && now <= until) {
                    self.put_undoing(&mut change, one).await?;
                }
            }
            if change.is_empty() {
                return Ok(false);
            }
            match change.commit().await {
                Ok(_) => return Ok(true),
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// What it means for a pause if the holder of this address says yes to something now, or to a move from `instead_of`.
    pub async fn pause_of_a_yes(
        &self,
        id: &SubscriberId,
        instead_of: Option<&SubscriberId>,
        now: DateTime<Utc>,
    ) -> Result<Option<Pause>, StoreError> {
        let there = match instead_of {
            Some(before) => self.to_be_mailed(before).await?.and_then(|(person, _)| person.pause(now)),
            None => None,
        };
        Ok(match self.to_be_mailed(id).await? {
            Some((person, _)) => person.pause(now).map(Pause::Holds).or(there.map(Pause::Ends)),
            None => there.map(Pause::Holds),
        })
    }

    /// What the yes that somebody said at this moment meant for a pause, as it is `now`.
    pub async fn pause_since_a_yes(
        &self,
        person: &Person,
        said: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Option<Pause>, StoreError> {
        if let Some(until) = person.pause(now) {
            return Ok(Some(Pause::Holds(until)));
        }
        let Some(former) = person.formerly.first() else { return Ok(None) };
        let before = self.person(&former.id).await?.map(|row| row.value);
        let moved = before.filter(|before| before.suppressed == Some((Ending::Moved, said)));
        Ok(moved.and_then(|before| before.pause(now)).map(Pause::Ends))
    }

    /// In which life somebody is whose yes begins something now, the one that is running or another one; and which of those of
    /// before went on elsewhere.
    pub(super) async fn life_of_a_yes(&self, id: &SubscriberId) -> Result<(u32, Vec<MovedOn>), StoreError> {
        if let Some(Row { value: person, .. }) = self.person(id).await? {
            let is_running = !active(&person, self.subscriptions(id).await?).is_empty();
            return Ok((person.life.saturating_add(u32::from(!is_running)), person.moved));
        }
        Ok(match self.erased(id).await?.map(|row| row.value) {
            Some(erased) => (erased.life.saturating_add(1), erased.moved),
            None => (0, Vec::new()),
        })
    }

    /// Makes a move part of the order in which windows are planned: a step of planning that read people before the move and is
    /// recorded after it is taken again. Answers with the windows of which `to`, who takes over, has been planned and
    /// `before` has not.
    pub(super) async fn rest_on_windows(
        &self,
        change: &mut Change<'_>,
        before: &SubscriberId,
        to: &SubscriberId,
    ) -> Result<Vec<Series>, StoreError> {
        let mut owed = Vec::new();
        for cadence in Cadence::ALL {
            let Some(row) = self.read::<WindowState>(key::window(cadence)).await? else { continue };
            let Some(open) = &row.value.open else {
                change.check(&row);
                continue;
            };
            change.update(&row, &row.value);
            let is_planned = |id| open.after.as_ref().is_some_and(|after| id <= after);
            if is_planned(to) && !is_planned(before) {
                owed.push(Series::of(cadence, open.window));
            }
        }
        Ok(owed)
    }

    /// The requests, each with whose it is, that would take the place of one of these addresses. There are only those of a week.
    pub(super) async fn moves_from(&self, ids: &[SubscriberId]) -> Result<Vec<(SubscriberId, Row<Request>)>, StoreError> {
        let mut found = Vec::new();
        let mut rows = self.rows::<Request>(prefix_range(key::REQUESTS.as_bytes()));
        while let Some(row) = rows.try_next().await? {
            let is_theirs = row.value.instead_of.as_ref().is_some_and(|before| ids.contains(before));
            if let Some(id) = key::requested_by(&row.key).filter(|_| is_theirs && row.value.confirmed.is_none()) {
                found.push((id, row));
            }
        }
        Ok(found)
    }

    /// The addresses that somebody moved away from and that are still held; not one that has come back by a yes of its own.
    pub(super) async fn moved_from(&self, person: &Person) -> Result<Vec<(SubscriberId, Row<Person>)>, StoreError> {
        let mut found = Vec::new();
        for former in &person.formerly {
            let row = self.person(&former.id).await?;
            let moved = row.filter(|row| row.value.suppressed.is_some_and(|(why, _)| why == Ending::Moved));
            found.extend(moved.map(|row| (former.id.clone(), row)));
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests;
