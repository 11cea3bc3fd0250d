//! Who gets what: people and their subscriptions, from files and by their own hand, in one model. Ended, never deleted.

use super::Row;
use super::engine::prefix_range;
use super::records::{Person, Subscription};
use super::{Store, StoreError, key};
use crate::domain::subscriber::{Address, Cadence, Ending, Interests, SubscriberId};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// Subscriptions that one person may hold.
const PER_PERSON_MAX: usize = 1_000;
/// People that are read at a time.
const PAGE: usize = 500;

/// One entry of a list file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    /// The file's name.
    pub origin: String,
    /// Where mail goes.
    pub address: Address,
    /// How often.
    pub cadence: Cadence,
    /// What.
    pub interests: Interests,
}

impl Store {
    /// One address.
    pub async fn person(&self, id: &SubscriberId) -> Result<Option<Row<Person>>, StoreError> {
        self.read(key::person(id)).await
    }

    /// What somebody gets and got.
    pub async fn subscriptions(&self, id: &SubscriberId) -> Result<Vec<Row<Subscription>>, StoreError> {
        self.scan(prefix_range(&key::subscriptions(id)), PER_PERSON_MAX).await
    }

    /// What somebody is to be mailed now: nothing where the address is suppressed.
    pub async fn active_subscriptions(&self, id: &SubscriberId) -> Result<Vec<Subscription>, StoreError> {
        if self.person(id).await?.is_none_or(|person| person.value.suppressed.is_some()) {
            return Ok(Vec::new());
        }
        let rows = self.subscriptions(id).await?;
        Ok(rows.into_iter().map(|row| row.value).filter(|subscription| subscription.ended.is_none()).collect())
    }

    /// Makes the subscriptions from files what the files say. What a reader ended stays ended. Answers how many changed.
    pub async fn reconcile_lists(
        &self,
        listed: &[Listed],
        identity: impl Fn(&Address) -> SubscriberId,
        now: DateTime<Utc>,
    ) -> Result<usize, StoreError> {
        let mut changed = 0;
        let mut named = BTreeSet::new();
        for entry in listed {
            let id = identity(&entry.address);
            changed += usize::from(self.reconcile_one(&id, entry, now).await?);
            named.insert((id, entry.origin.clone()));
        }
        let mut after = None;
        loop {
            let people = self.people_after(after.as_ref(), PAGE).await?;
            for person in &people {
                let Some(id) = person_id(person) else { continue };
                for row in self.subscriptions(&id).await? {
                    let from_file = row.value.origin.starts_with(FILE_ORIGIN);
                    if from_file && row.value.ended.is_none() && !named.contains(&(id.clone(), row.value.origin.clone())) {
                        let ended = Subscription { ended: Some((Ending::RemovedFromFile, now)), ..row.value.clone() };
                        let mut change = self.change();
                        change.update(&row, &ended);
                        change.commit().await?;
                        changed += 1;
                    }
                }
                after = Some(id);
            }
            if people.len() < PAGE {
                return Ok(changed);
            }
        }
    }

    async fn reconcile_one(&self, id: &SubscriberId, entry: &Listed, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut change = self.change();
        let person = self.person(id).await?;
        // Somebody who left stays away, whichever file names them: only they themselves can come back.
        if person.as_ref().is_some_and(|person| person.value.suppressed.is_some()) {
            return Ok(false);
        }
        if person.is_none() {
            change.insert(key::person(id), &Person { address: entry.address.clone(), since: now, suppressed: None });
        }
        let place = key::subscription(id, &entry.origin);
        let row = self.read::<Subscription>(place.clone()).await?;
        let since = self.log_end().await?;
        let begun = Subscription {
            origin: entry.origin.clone(),
            cadence: entry.cadence,
            interests: entry.interests.clone(),
            since,
            began: now,
            ended: None,
        };
        match &row {
            None => change.insert(place, &begun),
            Some(row) => match row.value.ended {
                // The file names them again: they start afresh, from now on.
                Some((Ending::RemovedFromFile, _)) => change.update(row, &begun),
                Some((Ending::Unsubscribed | Ending::ByAdmin | Ending::AddressGone, _)) => return Ok(false),
                None if row.value.cadence == entry.cadence && row.value.interests == entry.interests => return Ok(false),
                None => change.update(row, &Subscription { since: row.value.since, began: row.value.began, ..begun }),
            },
        };
        change.commit().await?;
        Ok(true)
    }

    /// Ends everything that somebody gets, and keeps files from beginning it again. Answers whether anything was still
    /// running; repeating it is harmless.
    pub async fn end_subscriptions(&self, id: &SubscriberId, why: Ending, now: DateTime<Utc>) -> Result<bool, StoreError> {
        loop {
            let mut change = self.change();
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
            if change.is_empty() {
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

/// How the origin of a subscription from a file begins.
pub const FILE_ORIGIN: &str = "file:";

/// The identity in a person's key.
#[must_use]
pub fn person_id(row: &Row<Person>) -> Option<SubscriberId> {
    let id = row.key.strip_prefix(key::PEOPLE.as_bytes())?;
    SubscriberId::parse(std::str::from_utf8(id).ok()?)
}
