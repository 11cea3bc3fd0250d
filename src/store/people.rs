//! What people do about what they get: change it, pause it, hear no more of one thing, leave, and come back at once.

use super::change::Change;
use super::consents::put_consent;
use super::engine::prefix_range;
use super::letters::put_letter;
use super::records::{Mute, Person, Subscription};
use super::signups::{places, web_origin};
use super::subscriptions::FILE_ORIGIN;
use super::{Row, Store, StoreError, key};
use crate::domain::choice::Choice;
use crate::domain::consent::{Consent, How, Wording};
use crate::domain::item::ItemId;
use crate::domain::occasion::Occasion;
use crate::domain::source::SourceId;
use crate::domain::subscriber::{Ending, SubscriberId};
use chrono::{DateTime, Utc};

/// Items that one person may mute.
pub const MUTES_MAX: usize = 500;

/// Whether something was changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Done {
    /// It is as was asked.
    Yes,
    /// They get no mail: there is nothing to change.
    Nobody,
    /// There are as many already as there may be.
    Full,
}

impl Store {
    /// Makes what somebody gets by their own hand, or an admin's, what they chose, with word once a month where there is no news
    /// if they want that; what a list file says of them stays. What
    /// moves to another cadence and waits there for the end of its window is told at the end of it all the same.
    pub async fn record_choice(
        &self,
        id: &SubscriberId,
        choice: &Choice,
        monthly: bool,
        wording: &Wording,
        now: DateTime<Utc>,
    ) -> Result<Done, StoreError> {
        for at in places(now) {
            let Some(person) = self.person(id).await? else { return Ok(Done::Nobody) };
            if person.value.suppressed.is_some() {
                return Ok(Done::Nobody);
            }
            let since = self.log_end().await?;
            let rows = self.subscriptions(id).await?;
            let mut change = self.change();
            let monthly_since = monthly.then(|| person.value.monthly_since.unwrap_or(now));
            change.update(&person, &Person { monthly_since, chose: Some(now), ..person.value.clone() });
            for row in rows.iter().filter(|row| !row.value.origin.starts_with(FILE_ORIGIN)) {
                chosen(&mut change, row, choice, since, now);
            }
            for (cadence, interests) in choice.iter() {
                let origin = web_origin(cadence);
                if !rows.iter().any(|row| row.value.origin == origin) {
                    let interests = interests.clone();
                    let begun = Subscription { origin, cadence, interests, since, began: now, moved: None, ended: None };
                    change.insert(key::subscription(id, &begun.origin), &begun);
                }
            }
            let (choice, wording) = (choice.clone(), Some(wording.clone()));
            let consent = Consent { choice, monthly, asked: now, given: now, how: How::ChangedByLink, wording, note: None };
            put_consent(&mut change, id, at, &consent);
            match change.commit().await {
                Ok(_) => return Ok(Done::Yes),
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Done::Nobody)
    }

    /// No news until then; `None` ends the pause.
    pub async fn record_pause(&self, id: &SubscriberId, paused_until: Option<DateTime<Utc>>) -> Result<Done, StoreError> {
        loop {
            let Some(person) = self.person(id).await? else { return Ok(Done::Nobody) };
            let mut change = self.change();
            change.update(&person, &Person { paused_until, ..person.value.clone() });
            match change.commit().await {
                Ok(_) => return Ok(Done::Yes),
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// No more news of one item, nor what waits to be sent of it.
    pub async fn record_mute(
        &self,
        id: &SubscriberId,
        item: &ItemId,
        source: &SourceId,
        title: &str,
        now: DateTime<Utc>,
    ) -> Result<Done, StoreError> {
        loop {
            let Some(person) = self.person(id).await? else { return Ok(Done::Nobody) };
            if self.mutes(id).await?.len() >= MUTES_MAX {
                return Ok(Done::Full);
            }
            let mut change = self.change();
            change.put(key::mute(id, item), &Mute { source: source.clone(), title: title.to_owned(), since: now });
            // So mail that waits is looked through for it, and what is being written to them is written anew.
            change.update(&person, &Person { muted: Some(now), ..person.value.clone() });
            match change.commit().await {
                Ok(_) => return Ok(Done::Yes),
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// News of that item again.
    pub async fn end_mute(&self, id: &SubscriberId, item: &ItemId) -> Result<(), StoreError> {
        let mut change = self.change();
        change.erase(key::mute(id, item));
        change.commit().await?;
        Ok(())
    }

    /// What somebody wants to hear no more of.
    pub async fn mutes(&self, id: &SubscriberId) -> Result<Vec<Row<Mute>>, StoreError> {
        self.scan(prefix_range(&key::mutes(id)), MUTES_MAX + 1).await
    }

    /// The first person, from `id` on, who mutes anything.
    pub async fn next_who_mutes(&self, id: &SubscriberId) -> Result<Option<SubscriberId>, StoreError> {
        let range = key::mutes(id)..prefix_range(key::MUTES.as_bytes()).end;
        let first = self.engine.scan(range, 1).await?.pop();
        Ok(first.and_then(|(key, _)| {
            let id = key.strip_prefix(key::MUTES.as_bytes())?.get(..32)?;
            SubscriberId::parse(std::str::from_utf8(id).ok()?)
        }))
    }

    /// Ends everything that somebody gets, as [`end_subscriptions`](Self::end_subscriptions) does, with a letter that says
    /// so. Answers whether anything was still running; only then is there a letter.
    pub async fn end_and_tell(&self, id: &SubscriberId, why: Ending, now: DateTime<Utc>) -> Result<bool, StoreError> {
        for at in places(now) {
            let mut change = self.change();
            if !self.put_ending(&mut change, id, why, now).await? {
                return self.end_subscriptions(id, why, now).await;
            }
            let life = self.person(id).await?.map_or(0, |row| row.value.life);
            put_letter(&mut change, (id, life), Occasion::Goodbye, at, now);
            match change.commit().await {
                Ok(_) => return Ok(true),
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error),
            }
        }
        self.end_subscriptions(id, why, now).await
    }

    /// Takes back an ending of a moment ago by the reader's own hand: what it ended goes on as if it had not been. Answers
    /// whether it could.
    pub async fn undo_ending(&self, id: &SubscriberId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        loop {
            let Some(person) = self.person(id).await? else { return Ok(false) };
            if person.value.undo_until().is_none_or(|last| now > last) {
                return Ok(false);
            }
            let mut change = self.change();
            self.put_undoing(&mut change, id).await?;
            match change.commit().await {
                Ok(_) => return Ok(true),
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Makes it part of `change` that what somebody ended goes on.
    pub(super) async fn put_undoing(&self, change: &mut Change<'_>, id: &SubscriberId) -> Result<(), StoreError> {
        let Some(person) = self.person(id).await? else { return Ok(()) };
        for row in self.subscriptions(id).await?.iter().filter(|row| row.value.ended == person.value.suppressed) {
            change.update(row, &Subscription { ended: None, ..row.value.clone() });
        }
        change.update(&person, &Person { suppressed: None, ..person.value.clone() });
        Ok(())
    }
}

/// What one subscription becomes when `choice` is all that is wanted.
fn chosen(
    change: &mut Change<'_>,
    row: &Row<Subscription>,
    choice: &Choice,
    since: crate::domain::delivery::Position,
    now: DateTime<Utc>,
) {
    let (before, cadence) = (&row.value, row.value.cadence);
    let is_web = before.origin == web_origin(cadence);
    let interests = choice.at(cadence).filter(|_| is_web).cloned().unwrap_or_default();
    if before.ended.is_some() {
        if !interests.is_empty() {
            let begun = Subscription { interests, since, began: now, moved: None, ended: None, ..before.clone() };
            change.update(row, &begun);
        }
        return;
    }
    let moved = choice.moved_from(cadence, &before.clone().wants());
    let moved = Some((moved, since)).filter(|(moved, _)| !moved.is_empty());
    let ended = (interests.is_empty() && moved.is_none()).then_some((Ending::Changed, now));
    let after = Subscription { interests, moved, ended, ..before.clone() };
    if after != *before {
        change.update(row, &after);
    }
}

/// The item in a mute's key.
#[must_use]
pub fn muted_item(row: &Row<Mute>) -> Option<ItemId> {
    let key = std::str::from_utf8(&row.key).ok()?;
    ItemId::parse(key.rsplit('/').next()?)
}
