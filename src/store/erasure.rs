//! Erasing: nothing is left of a person but the keyed hash of the address, on the list of those who are left alone.
//!
//! Who left is erased of itself a while later. Addresses that they had before, and moves to another that wait for a yes, go
//! with them; bundles forget them a little later (`src/store/erasure/deliveries.rs`). What was erased may stand in the store's
//! files until they are written anew, so whatever erases leaves a mark that asks for that.

mod deliveries;

use super::change::Change;
use super::engine::prefix_range;
use super::records::{Erased, Former, Person, Remains, Request};
use super::subscriptions::{Subscriber, active};
use super::{PAGE_ROWS, Store, StoreError, key, successor};
use crate::domain::subscriber::{Ending, SubscriberId};
use chrono::{DateTime, TimeDelta, Utc};
use futures::TryStreamExt;

/// An address is kept so long after its last subscription has ended, so that an ending can be looked into; then it goes.
pub const KEEP_ENDED: TimeDelta = TimeDelta::days(28);
/// People looked at, and erased, at a time.
const PAGE: usize = 250;

impl Store {
    /// Erases everything that is held about a person, and notes the hash as one who is left alone. Answers whether anything
    /// was held.
    pub async fn erase(&self, id: &SubscriberId, why: Ending, now: DateTime<Utc>) -> Result<bool, StoreError> {
        loop {
            let mut change = self.change();
            let person = self.person(id).await?;
            let mut theirs = vec![id.clone()];
            if let Some(person) = &person {
                change.check(person);
                for (former, row) in self.moved_from(&person.value).await? {
                    change.check(&row);
                    self.put_erasure(&mut change, &former, now).await?;
                    let moved = self.leading_elsewhere(&row.value.moved, id).await?;
                    change.put(key::erased(&former), &Erased { moved, ..Erased::now(Ending::Moved, Some(&row.value), now) });
                    theirs.push(former);
                }
                let others = person.value.formerly.iter().filter(|former| !theirs.contains(&former.id));
                for Former { id: former, .. } in others {
                    self.put_parting(&mut change, former, id).await?;
                }
            }
            for (asked, row) in self.moves_from(&theirs).await? {
                change.erase(row.key).erase(key::wish(&asked, row.value.until));
                change.put(key::REMAINS, &Remains { at: now });
            }
            let held = self.put_erasure(&mut change, id, now).await?;
            if held {
                let erased = match (&person, self.erased(id).await?) {
                    (None, Some(before)) => Erased { at: now, is_cleared: false, ..before.value },
                    (person, _) => {
                        let person = person.as_ref().map(|row| &row.value);
                        let why = person.and_then(|person| person.suppressed).map_or(why, |(why, _)| why);
                        Erased::now(why, person, now)
                    }
                };
                change.put(key::erased(id), &erased);
            }
            match change.commit().await {
                Ok(_) => return Ok(held),
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Makes it part of `change` that it is not known any more of somebody who was erased before, or has come back, that they
    /// moved to this person.
    async fn put_parting(&self, change: &mut Change<'_>, former: &SubscriberId, id: &SubscriberId) -> Result<(), StoreError> {
        if let Some(row) = self.erased(former).await? {
            let moved = self.leading_elsewhere(&row.value.moved, id).await?;
            if moved != row.value.moved {
                change.update(&row, &Erased { moved, ..row.value.clone() });
            }
        }
        if let Some(row) = self.person(former).await? {
            let moved = self.leading_elsewhere(&row.value.moved, id).await?;
            if moved != row.value.moved {
                change.update(&row, &Person { moved, ..row.value.clone() });
            }
        }
        Ok(())
    }

    /// Makes it part of `change` that nothing is held about a person. Answers whether anything was.
    async fn put_erasure(&self, change: &mut Change<'_>, id: &SubscriberId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut held = self.person(id).await?.is_some();
        for prefix in [key::subscriptions(id), key::mutes(id), key::consents(id), key::requests(id), key::wishes(id)] {
            let mut range = prefix_range(&prefix);
            loop {
                let page = self.engine.scan(range.clone(), PAGE_ROWS).await?;
                held |= !page.is_empty();
                for (key, _) in &page {
                    change.erase(key.clone());
                }
                match page.last() {
                    Some((key, _)) if page.len() == PAGE_ROWS => range.start = successor(key),
                    _ => break,
                }
            }
        }
        if held {
            change.erase(key::person(id)).erase(key::missed(id));
            change.put(key::REMAINS, &Remains { at: now });
        }
        Ok(held)
    }

    /// Writes the store's files anew where something was erased since that was last done, so that it stands nowhere any more.
    /// Answers whether it was needed; a process that does not own the files leaves it to the one that does.
    pub async fn clear_remains(&self) -> Result<bool, StoreError> {
        if !self.is_exclusive() {
            return Ok(false);
        }
        let Some(mark) = self.read::<Remains>(key::REMAINS).await? else { return Ok(false) };
        // If we stop before the mark has gone: it is done once more.
        self.engine.rewrite().await?;
        let mut change = self.change();
        change.delete(&mark);
        match change.commit().await {
            // Something was erased meanwhile: that is for the next time.
            Err(error) if !error.is_conflict() => Err(error),
            Ok(_) | Err(_) => Ok(true),
        }
    }

    /// Erases those whose last subscription ended before `before`. Who was only taken off a list is forgotten altogether, so
    /// that a list can name them again. Answers how many.
    pub async fn erase_ended_before(&self, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut erased = 0;
        let mut after: Option<SubscriberId> = None;
        loop {
            let page = self.subscribers_after(after.as_ref(), PAGE).await?;
            for subscriber in &page {
                let Some((why, ended)) = ending_of(subscriber).filter(|(_, ended)| *ended < before) else { continue };
                tracing::debug!(%ended, "a person who left long ago is erased");
                if why == Ending::RemovedFromFile {
                    self.forget_person(subscriber, now).await?;
                } else {
                    self.erase(&subscriber.id, why, now).await?;
                }
                erased += 1;
            }
            match page.last() {
                Some(last) => after = Some(last.id.clone()),
                None => return Ok(erased),
            }
        }
    }

    async fn forget_person(&self, subscriber: &Subscriber, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut change = self.change();
        change.check(&subscriber.person);
        for row in &subscriber.subscriptions {
            change.check(row);
        }
        self.put_erasure(&mut change, &subscriber.id, now).await?;
        match change.commit().await {
            // They have come back this moment.
            Err(error) if error.is_conflict() => Ok(()),
            done => done.map(|_| ()),
        }
    }

    /// Forgets the requests that could be confirmed until `before`. Answers how many.
    pub async fn forget_requests_until(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut forgotten = 0;
        let mut rows = self.rows::<Request>(prefix_range(key::REQUESTS.as_bytes()));
        while let Some(row) = rows.try_next().await? {
            let Some(id) = key::requested_by(&row.key) else { continue };
            if row.value.until < before {
                let mut change = self.change();
                change.erase(row.key.clone()).erase(key::wish(&id, row.value.until));
                change.put(key::REMAINS, &Remains { at: before });
                change.commit().await?;
                forgotten += 1;
            }
        }
        Ok(forgotten)
    }
}

/// Why and when somebody's last subscription ended; `None` while one is running.
fn ending_of(subscriber: &Subscriber) -> Option<(Ending, DateTime<Utc>)> {
    let Person { suppressed, since, .. } = &subscriber.person.value;
    if let Some(suppressed) = suppressed {
        return Some(*suppressed);
    }
    if !active(&subscriber.person.value, subscriber.subscriptions.clone()).is_empty() {
        return None;
    }
    let last = subscriber.subscriptions.iter().filter_map(|row| row.value.ended).max_by_key(|(_, at)| *at);
    // An address with nothing at all: an earlier program left it.
    Some(last.unwrap_or((Ending::RemovedFromFile, *since)))
}
