//! What people do about what they get: change it, pause it, hear no more of one thing, leave, and come back at once.

use super::change::Change;
use super::consents::put_consent;
use super::engine::prefix_range;
use super::letters::put_letter;
use super::records::{Mute, Person, Subscription};
use super::rhythm::Turnover;
use super::signups::{places, web_origin};
use super::subscriptions::FILE_ORIGIN;
use super::{Row, Store, StoreError, key};
use crate::domain::choice::Choice;
use crate::domain::consent::{Consent, How, Wording};
use crate::domain::item::ItemId;
use crate::domain::occasion::Occasion;
use crate::domain::source::SourceId;
use crate::domain::subscriber::{Cadence, Ending, Interests, SubscriberId};
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
    /// if they want that; what a list file says of them stays, and so does each row as far as it says what is chosen: where all of
    /// it does, nothing is written. What moves to another cadence and waits there for the end of its window is told at the end of
    /// it all the same.
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
            let turnover = self.turnover(now).await?;
            let rows = self.subscriptions(id).await?;
            let own: Vec<_> = rows.iter().filter(|row| !row.value.origin.starts_with(FILE_ORIGIN)).collect();
            let mut change = self.change();
            for row in &own {
                let after = chosen(&row.value, &own, choice, &turnover, now);
                if after != row.value {
                    change.update(row, &after);
                }
            }
            for (cadence, _) in choice.iter() {
                let (origin, interests) = (web_origin(cadence), unheld(choice, cadence, &own));
                if !interests.is_empty() && !rows.iter().any(|row| row.value.origin == origin) {
                    let since = running(&own, cadence).map(|row| row.since).min().unwrap_or(turnover.end);
                    let begun = Subscription { origin, cadence, interests, since, began: now, moved: None, ended: None };
                    change.insert(key::subscription(id, &begun.origin), &begun);
                }
            }
            if change.is_empty() && person.value.monthly_since.is_some() == monthly {
                return Ok(Done::Yes);
            }
            let monthly_since = monthly.then(|| person.value.monthly_since.unwrap_or(now));
            change.update(&person, &Person { monthly_since, chose: Some(now), ..person.value.clone() });
            let (choice, wording) = (choice.clone(), Some(wording.clone()));
            let consent = Consent {
                choice,
                changes: Vec::new(),
                monthly,
                asked: now,
                given: now,
                how: How::ChangedByLink,
                wording,
                note: None,
            };
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
    /// so, and the `reason` where one is given. Answers whether anything was still running; only then is there a letter.
    pub async fn end_and_tell(
        &self,
        id: &SubscriberId,
        why: Ending,
        reason: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        for at in places(now) {
            let mut change = self.change();
            if !self.put_ending(&mut change, id, why, now).await? {
                return self.end_subscriptions(id, why, now).await;
            }
            let person = self.person(id).await?;
            if let Some(row) = person.as_ref().filter(|row| row.value.suppressed.is_none()) {
                let ended_because = reason.map(str::to_owned);
                change.update(row, &Person { suppressed: Some((why, now)), ended_because, ..row.value.clone() });
            }
            put_letter(&mut change, (id, person.map_or(0, |row| row.value.life)), Occasion::Goodbye, at, now);
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
        change.update(&person, &Person { suppressed: None, ended_because: None, ..person.value.clone() });
        Ok(())
    }
}

/// What one subscription becomes when `choice` is all that is wanted of `own`, those that are not from list files.
fn chosen(
    row: &Subscription,
    own: &[&Row<Subscription>],
    choice: &Choice,
    turnover: &Turnover,
    now: DateTime<Utc>,
) -> Subscription {
    let cadence = row.cadence;
    let is_web = row.origin == web_origin(cadence);
    let unheld = if is_web { unheld(choice, cadence, own) } else { Interests::default() };
    if row.ended.is_some() {
        let since = running(own, cadence).map(|row| row.since).min().unwrap_or(turnover.end);
        let begun = Subscription { since, began: now, moved: None, ended: None, ..row.clone() };
        return if unheld.is_empty() { row.clone() } else { Subscription { interests: unheld, ..begun } };
    }
    let stays = choice.at(cadence).map(|wanted| row.interests.common(wanted)).unwrap_or_default();
    let went = went(choice, cadence, &row.interests);
    let still = row.moved.as_ref().map(|(moved, until)| (self::went(choice, cadence, moved), *until));
    turnover.of(row, stays.joined(&unheld), &went, still.filter(|(moved, _)| !moved.is_empty()))
}

/// What of `before`, which was wanted at this cadence, is wanted at another one now, by its name or among everything.
fn went(choice: &Choice, cadence: Cadence, before: &Interests) -> Interests {
    let here = choice.at(cadence).cloned().unwrap_or_default();
    let is_among = choice.iter().any(|(other, interests)| other != cadence && interests.everything);
    if is_among && !here.everything { before.without(&here) } else { choice.moved_from(cadence, before) }
}

/// What is chosen at this cadence and stands in no row of it that runs.
fn unheld(choice: &Choice, cadence: Cadence, own: &[&Row<Subscription>]) -> Interests {
    let wanted = choice.at(cadence).cloned().unwrap_or_default();
    running(own, cadence).fold(wanted, |left, row| left.without(&row.interests))
}

/// The rows of this cadence that run.
fn running<'a>(own: &'a [&Row<Subscription>], cadence: Cadence) -> impl Iterator<Item = &'a Subscription> {
    own.iter().map(|row| &row.value).filter(move |row| row.ended.is_none() && row.cadence == cadence)
}

/// The item in a mute's key.
#[must_use]
pub fn muted_item(row: &Row<Mute>) -> Option<ItemId> {
    let key = std::str::from_utf8(&row.key).ok()?;
    ItemId::parse(key.rsplit('/').next()?)
}
