//! What a yes begins: who they are, and what they get from then on; with what another address had, where this one takes its
//! place.

use super::super::change::Change;
use super::super::records::{Former, MovedOn, Person, Subscription};
use super::super::rhythm::Turnover;
use super::super::subscriptions::{FILE_ORIGIN, active};
use super::super::{Store, StoreError, key, people};
use super::{put_letter, web_origin};
use crate::domain::choice::{CadenceChange, Choice};
use crate::domain::delivery::Position;
use crate::domain::occasion::Occasion;
use crate::domain::subscriber::{Address, Cadence, Ending, Interests, SubscriberId};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// Addresses of before that are remembered of one person: with them a record of theirs is still a short one.
const FORMER_MAX: usize = 16;
/// Moves away from one address that are remembered: mail waits for days, and who comes back and goes again is rare.
const MOVED_MAX: usize = 8;

/// What a yes begins.
pub(super) struct Beginning<'a> {
    id: &'a SubscriberId,
    pub(super) choice: Choice,
    pub(super) monthly: bool,
    now: DateTime<Utc>,
    /// Where the log stands now.
    end: Position,
    since: Position,
    /// What of it is had at another cadence until now.
    pub(super) changes: Vec<CadenceChange>,
    /// What another address had moved to another cadence.
    moved: BTreeMap<Cadence, (Interests, Position)>,
    paused_until: Option<DateTime<Utc>>,
    formerly: Vec<Former>,
    /// In which life of theirs it begins, and which of those before it went on elsewhere.
    life: u32,
    moved_on: Vec<MovedOn>,
    /// When what another address had was last chosen anew, and something of it muted.
    chose: Option<DateTime<Utc>>,
    muted: Option<DateTime<Utc>>,
}

impl<'a> Beginning<'a> {
    /// Of what was asked for, in this life of theirs after others, from the `end` of the log on.
    pub(super) fn of(
        id: &'a SubscriberId,
        (life, moved_on): (u32, Vec<MovedOn>),
        choice: Choice,
        monthly: bool,
        end: Position,
        now: DateTime<Utc>,
    ) -> Self {
        let (moved, formerly) = (BTreeMap::new(), Vec::new());
        Self {
            id,
            choice,
            monthly,
            now,
            end,
            since: end,
            changes: Vec::new(),
            moved,
            paused_until: None,
            formerly,
            life,
            moved_on,
            chose: None,
            muted: None,
        }
    }

    /// What another address had is had by this one from now on, with its pause, its mutes, what it was told, and what waits to
    /// be sent there, of which that one has this `word`. Answers whether it had anything.
    pub(super) async fn take_over(
        &mut self,
        store: &Store,
        change: &mut Change<'_>,
        before: &SubscriberId,
        (word, at): (Occasion, Position),
    ) -> Result<bool, StoreError> {
        let Some(person) = store.person(before).await? else { return Ok(false) };
        let rows = store.subscriptions(before).await?;
        let running = active(&person.value, rows.clone());
        if running.is_empty() {
            return Ok(false);
        }
        self.choice = running.iter().map(|running| (running.cadence, running.interests.clone())).collect();
        self.moved = running.iter().filter_map(|running| Some((running.cadence, running.moved.clone()?))).collect();
        self.monthly = person.value.monthly_since.is_some();
        self.paused_until = person.value.paused_until;
        (self.chose, self.muted) = (person.value.chose, person.value.muted);
        let life = person.value.life;
        self.formerly = vec![Former { id: before.clone(), life, until: self.end }];
        self.formerly.extend(person.value.formerly.iter().cloned());
        // What has not been told to the one address yet is told to the other.
        self.since = running.iter().map(|running| running.since).min().unwrap_or(self.since);
        let ended = Some((Ending::Moved, self.now));
        for row in rows.iter().filter(|row| row.value.ended.is_none()) {
            change.update(row, &Subscription { ended, ..row.value.clone() });
        }
        for mute in store.mutes(before).await? {
            if let Some(item) = people::muted_item(&mute) {
                change.put(key::mute(self.id, &item), &mute.value);
            }
        }
        let owed = store.rest_on_windows(change, before, self.id).await?;
        let mut moved = person.value.moved.clone();
        let began = store.to_be_mailed(self.id).await?.is_none();
        moved.push(MovedOn { life, to: self.id.clone(), to_life: self.life, began, owed });
        moved.drain(..moved.len().saturating_sub(MOVED_MAX));
        change.update(&person, &Person { suppressed: ended, moved, ..person.value.clone() });
        put_letter(change, (before, life), word, at, self.now);
        Ok(true)
    }

    /// Makes it part of `change`.
    pub(super) async fn put(&mut self, store: &Store, change: &mut Change<'_>, address: Address) -> Result<(), StoreError> {
        let rows = store.subscriptions(self.id).await?;
        let turnover = store.turnover(self.now).await?;
        let own: Choice =
            rows.iter().filter(|row| is_own(&row.value)).map(|row| (row.value.cadence, row.value.interests.clone())).collect();
        self.changes = own.amended_by(&self.choice).changes;
        let monthly_since = self.monthly.then_some(self.now);
        if let Some(row) = store.person(self.id).await? {
            let before = &row.value;
            let formerly = self.with_former(&before.formerly);
            let after = if active(before, rows.clone()).is_empty() {
                Person { since: before.since, ..self.person(address, formerly) }
            } else {
                let (chose, muted) = (before.chose.max(self.chose), before.muted.max(self.muted));
                Person { monthly_since: before.monthly_since.or(monthly_since), formerly, chose, muted, ..before.clone() }
            };
            change.update(&row, &after);
        } else {
            change.insert(key::person(self.id), &self.person(address, self.with_former(&[])));
        }
        let of_other_cadences = rows.iter().filter(|row| {
            let cadence = row.value.cadence;
            row.value.origin != web_origin(cadence) || self.choice.at(cadence).is_none()
        });
        for row in of_other_cadences {
            let after = self.without_changed(&row.value, &turnover);
            if after != row.value {
                change.update(row, &after);
            }
        }
        for cadence in Cadence::ALL {
            let interests = self.choice.at(cadence).cloned().unwrap_or_default();
            let moved = self.moved.get(&cadence).cloned();
            if interests.is_empty() && moved.is_none() {
                continue;
            }
            let origin = web_origin(cadence);
            let before = rows.iter().find(|row| row.value.origin == origin);
            let since = self.since;
            let begun = Subscription { origin, cadence, interests, since, began: self.now, moved, ended: None };
            match before {
                Some(row) if row.value.ended.is_none() => {
                    let stays = self.without_changed(&row.value, &turnover);
                    let (stays, moved) =
                        if stays.ended.is_some() { (Interests::default(), None) } else { (stays.interests, stays.moved) };
                    let interests = stays.joined(&begun.interests);
                    // Of what an address had before this one, nothing is passed over that it had not been told yet.
                    let since = row.value.since.min(begun.since);
                    let moved = moved.or(begun.moved);
                    change.update(row, &Subscription { interests, since, moved, ..row.value.clone() });
                }
                Some(row) => {
                    change.update(row, &begun);
                }
                None => {
                    change.insert(key::subscription(self.id, &begun.origin), &begun);
                }
            }
        }
        Ok(())
    }

    /// What stays of what somebody has: not what was asked for at another cadence. What of that came before now is still told at
    /// this one. What a list file says is not theirs to change.
    fn without_changed(&self, row: &Subscription, turnover: &Turnover) -> Subscription {
        let changed = self.choice.moved_from(row.cadence, &row.interests);
        if !is_own(row) || changed.is_empty() {
            return row.clone();
        }
        turnover.of(row, row.interests.without(&changed), &changed, row.moved.clone())
    }

    /// Who they are from now on, where nothing is running.
    fn person(&self, address: Address, formerly: Vec<Former>) -> Person {
        let (paused_until, life, moved) = (self.paused_until, self.life, self.moved_on.clone());
        let (monthly_since, chose, muted) = (self.monthly.then_some(self.now), self.chose, self.muted);
        Person { paused_until, monthly_since, formerly, life, moved, chose, muted, ..Person::known_since(address, self.now) }
    }

    /// Addresses of before, each once for each life there, the latest first.
    fn with_former(&self, known: &[Former]) -> Vec<Former> {
        let mut all: Vec<Former> = Vec::new();
        // Who moves back was told things here, in a life before this one.
        let is_another = |former: &Former| former.id != *self.id || former.life != self.life;
        for former in self.formerly.iter().chain(known).filter(|former| is_another(former)) {
            if !all.iter().any(|other| other.id == former.id && other.life == former.life) {
                all.push(former.clone());
            }
        }
        all.truncate(FORMER_MAX);
        all
    }
}

/// Whether it runs and is theirs to change.
fn is_own(row: &Subscription) -> bool {
    row.ended.is_none() && !row.origin.starts_with(FILE_ORIGIN)
}
