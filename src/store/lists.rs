//! List files: the subscriptions from files are made what the files say, in commits of bounded size. What a reader ended
//! stays ended.

use super::change::Change;
use super::records::{Person, Subscription};
use super::subscriptions::{FILE_ORIGIN, Subscriber};
use super::{Row, Store, StoreError, key};
use crate::domain::delivery::Position;
use crate::domain::subscriber::{Address, Cadence, Ending, Interests, SubscriberId};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::ops::Bound;

/// People that are read at a time.
const PAGE: usize = 500;
/// People changed in one commit.
const BATCH: usize = 250;

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
    /// Makes the subscriptions from files what the files say. Answers how many people that changed.
    pub async fn reconcile_lists(
        &self,
        listed: &[Listed],
        identity: impl Fn(&Address) -> SubscriberId,
        now: DateTime<Utc>,
    ) -> Result<usize, StoreError> {
        let mut named: BTreeMap<SubscriberId, Vec<&Listed>> = BTreeMap::new();
        for entry in listed {
            named.entry(identity(&entry.address)).or_default().push(entry);
        }
        let mut changed = 0;
        let mut after: Option<SubscriberId> = None;
        loop {
            let page = self.subscribers_after(after.as_ref(), PAGE).await?;
            let last = page.last().map(|subscriber| subscriber.id.clone());
            // Between these two stand the people of the page, and those whom the store does not know yet.
            let from = after.as_ref().map_or(Bound::Unbounded, Bound::Excluded);
            let to = last.as_ref().map_or(Bound::Unbounded, Bound::Included);
            let mut people: BTreeMap<&SubscriberId, (Option<&Subscriber>, &[&Listed])> =
                named.range::<SubscriberId, _>((from, to)).map(|(id, entries)| (id, (None, entries.as_slice()))).collect();
            for subscriber in &page {
                people.entry(&subscriber.id).or_default().0 = Some(subscriber);
            }
            match self.reconcile(people, now).await {
                Ok(done) => changed += done,
                // Somebody left meanwhile, say: look at these people again.
                Err(error) if error.is_conflict() => continue,
                Err(error) => return Err(error),
            }
            if last.is_none() {
                return Ok(changed);
            }
            after = last;
        }
    }

    async fn reconcile(
        &self,
        people: BTreeMap<&SubscriberId, (Option<&Subscriber>, &[&Listed])>,
        now: DateTime<Utc>,
    ) -> Result<usize, StoreError> {
        let since = self.log_end().await?;
        let mut changed = 0;
        let mut in_hand = 0;
        let mut change = self.change();
        for (id, (subscriber, entries)) in people {
            let begins =
                |entry: &&Listed| !subscriber.is_some_and(|s| s.subscriptions.iter().any(|row| row.value.origin == entry.origin));
            // Somebody who was erased stays away, also after they came back by their own hand.
            let entries = if entries.iter().any(begins) && self.erased(id).await?.is_some() { &[] } else { entries };
            if reconcile_one(&mut change, id, subscriber, entries, since, now) {
                in_hand += 1;
            }
            if in_hand == BATCH {
                std::mem::replace(&mut change, self.change()).commit().await?;
                changed += std::mem::take(&mut in_hand);
            }
        }
        if in_hand > 0 {
            change.commit().await?;
        }
        Ok(changed + in_hand)
    }
}

/// What has to change for one person to get what the `entries` that name them say. Answers whether anything does.
fn reconcile_one(
    change: &mut Change<'_>,
    id: &SubscriberId,
    subscriber: Option<&Subscriber>,
    entries: &[&Listed],
    since: Position,
    now: DateTime<Utc>,
) -> bool {
    let held = subscriber.map(|subscriber| subscriber.subscriptions.as_slice()).unwrap_or_default();
    let mut changes = false;
    for row in held {
        let is_named = entries.iter().any(|entry| entry.origin == row.value.origin);
        if row.value.origin.starts_with(FILE_ORIGIN) && row.value.ended.is_none() && !is_named {
            change.update(row, &Subscription { ended: Some((Ending::RemovedFromFile, now)), ..row.value.clone() });
            changes = true;
        }
    }
    // Somebody who left stays away, whichever file names them: only they themselves can come back.
    if subscriber.is_some_and(|subscriber| subscriber.person.value.suppressed.is_some()) {
        return changes;
    }
    if let (None, Some(entry)) = (subscriber, entries.first()) {
        change.insert(key::person(id), &Person::known_since(entry.address.clone(), now));
    }
    for entry in entries {
        let row = held.iter().find(|row| row.value.origin == entry.origin);
        changes |= follow(change, id, row, entry, since, now);
    }
    changes
}

/// What has to change for one subscription to be what its `entry` says.
fn follow(
    change: &mut Change<'_>,
    id: &SubscriberId,
    row: Option<&Row<Subscription>>,
    entry: &Listed,
    since: Position,
    now: DateTime<Utc>,
) -> bool {
    let begun = Subscription {
        origin: entry.origin.clone(),
        cadence: entry.cadence,
        interests: entry.interests.clone(),
        since,
        began: now,
        moved: None,
        ended: None,
    };
    let Some(row) = row else {
        change.insert(key::subscription(id, &entry.origin), &begun);
        return true;
    };
    match row.value.ended {
        // The file names them again: they start afresh, from now on.
        Some((Ending::RemovedFromFile, _)) => change.update(row, &begun),
        Some(_) => return false,
        None if row.value.cadence == entry.cadence && row.value.interests == entry.interests => return false,
        None => change.update(row, &Subscription { since: row.value.since, began: row.value.began, ..begun }),
    };
    true
}

#[cfg(test)]
mod tests;
