//! Who gets what: people and their subscriptions, from files and by their own hand, in one model. Ended, never deleted.

use super::Row;
use super::change::Change;
use super::engine::prefix_range;
use super::records::{Person, Subscription, WindowState};
use super::rhythm::without_moved;
use super::{Store, StoreError, key, successor};
use crate::domain::delivery::Position;
use crate::domain::subscriber::{Cadence, Ending, SubscriberId};
use crate::rules::mailbox::organisation;
use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use std::collections::HashMap;

/// People looked at to know whose key theirs is.
const SOME: usize = 50;
/// Subscriptions that one person may hold.
const PER_PERSON_MAX: usize = 1_000;

/// Somebody with what they get and got.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subscriber {
    /// Their identity.
    pub id: SubscriberId,
    /// Their address.
    pub person: Row<Person>,
    /// From each list, and by their own hand.
    pub subscriptions: Vec<Row<Subscription>>,
}

impl Store {
    /// One address.
    pub async fn person(&self, id: &SubscriberId) -> Result<Option<Row<Person>>, StoreError> {
        self.read(key::person(id)).await
    }

    /// The next people after `after`, in the order of their identities.
    pub async fn people_after(&self, after: Option<&SubscriberId>, limit: usize) -> Result<Vec<Row<Person>>, StoreError> {
        let mut range = prefix_range(key::PEOPLE.as_bytes());
        if let Some(after) = after {
            range.start = successor(&key::person(after));
        }
        self.scan(range, limit).await
    }

    /// Whether its people, or where there are none who have asked for updates, are those whom `key` makes of their addresses: of some,
    /// one is enough.
    pub async fn knows_its_people_by(&self, key: &[u8; 32]) -> Result<bool, StoreError> {
        let mut some: Vec<_> =
            self.people_after(None, SOME).await?.into_iter().map(|row| (person_id(&row), row.value.address)).collect();
        if some.is_empty() {
            let asked = self.asked_by(SOME).await?.into_iter();
            some.extend(asked.filter_map(|row| Some((key::requested_by(&row.key), row.value.address?))));
        }
        Ok(some.is_empty() || some.iter().any(|(id, address)| *id == Some(SubscriberId::of(address, key))))
    }

    /// How many addresses of each organisation are known and may be written to.
    pub async fn organisations(&self) -> Result<HashMap<String, u32>, StoreError> {
        let mut counts: HashMap<String, u32> = HashMap::new();
        let mut people = self.rows::<Person>(prefix_range(key::PEOPLE.as_bytes()));
        while let Some(row) = people.try_next().await? {
            if row.value.suppressed.is_none() {
                *counts.entry(organisation(&row.value.address)).or_default() += 1;
            }
        }
        Ok(counts)
    }

    /// The same with their subscriptions: two stretches of the store, one after the other.
    pub async fn subscribers_after(&self, after: Option<&SubscriberId>, limit: usize) -> Result<Vec<Subscriber>, StoreError> {
        let people = self.people_after(after, limit).await?;
        let mut all: Vec<Subscriber> = people
            .into_iter()
            .filter_map(|person| Some(Subscriber { id: person_id(&person)?, person, subscriptions: Vec::new() }))
            .collect();
        let (Some(first), Some(last)) = (all.first(), all.last()) else { return Ok(all) };
        let mut rows = self.rows::<Subscription>(key::subscriptions(&first.id)..prefix_range(&key::subscriptions(&last.id)).end);
        let mut at = 0;
        while let Some(row) = rows.try_next().await? {
            let whose = row.key.strip_prefix(key::SUBSCRIPTIONS.as_bytes()).and_then(|rest| rest.get(..32)).unwrap_or_default();
            while all.get(at).is_some_and(|subscriber| subscriber.id.as_str().as_bytes() < whose) {
                at += 1;
            }
            if let Some(subscriber) = all.get_mut(at).filter(|subscriber| subscriber.id.as_str().as_bytes() == whose) {
                subscriber.subscriptions.push(row);
            }
        }
        Ok(all)
    }

    /// What somebody gets and got.
    pub async fn subscriptions(&self, id: &SubscriberId) -> Result<Vec<Row<Subscription>>, StoreError> {
        self.scan(prefix_range(&key::subscriptions(id)), PER_PERSON_MAX).await
    }

    /// Somebody's address with what is to be mailed there now. `None`: nothing, or the address is suppressed.
    pub async fn to_be_mailed(&self, id: &SubscriberId) -> Result<Option<(Person, Vec<Subscription>)>, StoreError> {
        let Some(person) = self.person(id).await? else { return Ok(None) };
        let subscriptions = self.subscriptions(id).await?;
        let active = active(&person.value, subscriptions);
        Ok(Some((person.value, active)).filter(|(_, active)| !active.is_empty()))
    }

    /// Ends everything that somebody gets, and keeps files from beginning it again. Answers whether anything was still
    /// running; repeating it is harmless.
    pub async fn end_subscriptions(&self, id: &SubscriberId, why: Ending, now: DateTime<Utc>) -> Result<bool, StoreError> {
        loop {
            let mut change = self.change();
            let any = self.put_ending(&mut change, id, why, now).await?;
            if change.is_empty() {
                // Somebody else ended it, and it was read: so it is on the disk, also where both asked at once.
                return Ok(false);
            }
            match change.commit().await {
                Ok(_) => return Ok(any),
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl Store {
    /// Tidies what moved to another cadence and has been planned at the one that it left: a row in which nothing else is wanted
    /// ends. Answers how many rows.
    pub async fn end_moves(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut told: Vec<(Cadence, Position)> = Vec::new();
        for cadence in Cadence::ALL {
            let window = self.read::<WindowState>(key::window(cadence)).await?;
            told.extend(window.map(|row| (cadence, row.value.planned)));
        }
        let is_told = |cadence, until: Position| told.iter().any(|(window, planned)| *window == cadence && *planned >= until);
        let mut tidied = 0;
        let mut rows = self.rows::<Subscription>(prefix_range(key::SUBSCRIPTIONS.as_bytes()));
        while let Some(row) = rows.try_next().await? {
            let (cadence, moved) = (row.value.cadence, row.value.moved.as_ref());
            if row.value.ended.is_some() || !moved.is_some_and(|(_, until)| is_told(cadence, *until)) {
                continue;
            }
            let mut change = self.change();
            change.update(&row, &without_moved(&row.value, now));
            match change.commit().await {
                Ok(_) => tidied += 1,
                // They have just chosen something else.
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(tidied)
    }

    /// Makes the end of everything that somebody gets part of `change`. Answers whether anything was still running.
    pub(super) async fn put_ending(
        &self,
        change: &mut Change<'_>,
        id: &SubscriberId,
        why: Ending,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut any = false;
        for row in self.subscriptions(id).await? {
            if row.value.ended.is_none() {
                change.update(&row, &Subscription { ended: Some((why, now)), ..row.value.clone() });
                any = true;
            }
        }
        if let Some(person) = self.person(id).await?
            && person.value.suppressed.is_none()
        {
            change.update(&person, &Person { suppressed: Some((why, now)), ..person.value.clone() });
        }
        Ok(any)
    }
}

/// The subscriptions that are running; none where the address is suppressed.
#[must_use]
pub fn active(person: &Person, subscriptions: Vec<Row<Subscription>>) -> Vec<Subscription> {
    let is_mailed = person.suppressed.is_none();
    subscriptions.into_iter().map(|row| row.value).filter(|s| is_mailed && s.ended.is_none()).collect()
}

/// The subscriptions that somebody had when they moved to another address, as they were.
#[must_use]
pub fn moved_with(person: &Person, subscriptions: Vec<Row<Subscription>>) -> Vec<Subscription> {
    let moved = person.suppressed.filter(|(why, _)| *why == Ending::Moved);
    subscriptions.into_iter().map(|row| row.value).filter(|s| moved.is_some() && s.ended == moved).collect()
}

/// How the origin of a subscription from a file begins.
pub const FILE_ORIGIN: &str = "file:";
/// How the origin of what somebody chose themselves begins.
pub const WEB_ORIGIN: &str = "web:";
/// How the origin of what an admin wrote down for somebody begins.
pub const ADMIN_ORIGIN: &str = "admin:";

/// The identity in a person's key.
#[must_use]
pub fn person_id(row: &Row<Person>) -> Option<SubscriberId> {
    let id = row.key.strip_prefix(key::PEOPLE.as_bytes())?;
    SubscriberId::parse(std::str::from_utf8(id).ok()?)
}
