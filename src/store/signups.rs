//! Signing up: somebody asks for updates to an address, and the holder of the address says yes.
//!
//! The request and the letter that asks are one commit; the yes, what it begins, the record of consent and the letter that
//! welcomes are another. A yes that is said twice is one yes, also after its subscription has ended again.

use super::change::Change;
use super::consents::put_consent;
use super::engine::prefix_range;
use super::letters::put_letter;
use super::records::{Erased, Person, Request, RequestedChoice, Subscription};
use super::subscriptions::{WEB_ORIGIN, active};
use super::{Row, Store, StoreError, key};
use crate::domain::choice::Choice;
use crate::domain::consent::{Consent, How, Wording};
use crate::domain::delivery::Position;
use crate::domain::occasion::Occasion;
use crate::domain::subscriber::{Address, Cadence, Ending, SubscriberId};
use crate::rules::token::Purpose;
use chrono::{DateTime, TimeDelta, Utc};

/// Requests for one address that are looked at; fewer are ever made before they expire.
const REQUESTS_MAX: usize = 1_000;

/// What somebody asks for on our page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ask {
    /// To which address.
    pub address: Address,
    /// What; nothing: only the link to their own page, where they have one.
    pub choice: Choice,
    /// Whether also word once a month where there is no news.
    pub monthly: bool,
    /// In which words it was put.
    pub wording: Wording,
    /// Whose address it is to take the place of.
    pub instead_of: Option<SubscriberId>,
}

/// What a request led to. Never shown: it would say who is subscribed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Asked {
    /// The holder of the address is asked.
    Question,
    /// The address has updates: its holder is told where they can be changed.
    Known,
    /// Nothing is mailed to the address.
    Withheld,
    /// There were as many requests for the address as one day may have.
    TooOften,
}

/// What became of a yes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Yes {
    /// It begins what was asked for.
    Begins,
    /// It had been said before.
    Again,
    /// Nothing is known of the request: it was erased, or it expired.
    Unknown,
}

impl Store {
    /// Records that somebody asks for updates to the address of `id`, with the letter that this makes due; at most
    /// `per_day_max` times in 24 hours.
    pub async fn record_request(
        &self,
        id: &SubscriberId,
        ask: &Ask,
        per_day_max: usize,
        now: DateTime<Utc>,
    ) -> Result<Asked, StoreError> {
        let until = Purpose::Confirm.expiry(now).unwrap_or(now);
        for at in places(now) {
            let requests = self.requests(id).await?;
            let lately = requests.iter().filter(|row| now - row.value.asked < TimeDelta::days(1)).count();
            // Two in one minute would have one link.
            if lately >= per_day_max || requests.iter().any(|row| row.value.until == until) {
                return Ok(Asked::TooOften);
            }
            let is_link_only = ask.choice.is_empty();
            let standing = self.standing_of(id).await?;
            let asked = if is_link_only && standing == Asked::Question { Asked::Withheld } else { standing };
            let address = (asked == Asked::Question).then(|| ask.address.clone());
            let request = Request { address, asked: now, until, confirmed: None, instead_of: ask.instead_of.clone() };
            let mut change = self.change();
            change.insert(key::request(id, until), &request);
            let occasion = match asked {
                Asked::Question => Some(Occasion::Confirm { until }),
                Asked::Known if is_link_only => Some(Occasion::Manage),
                Asked::Known => Some(Occasion::Known),
                Asked::Withheld | Asked::TooOften => None,
            };
            if asked == Asked::Question {
                let requested =
                    RequestedChoice { choice: ask.choice.clone(), monthly: ask.monthly, wording: ask.wording.clone() };
                change.insert(key::wish(id, until), &requested);
            }
            if let Some(occasion) = occasion {
                put_letter(&mut change, id, occasion, at, now);
            }
            match change.commit().await {
                Ok(_) => return Ok(asked),
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Asked::TooOften)
    }

    /// What a request for the address of `id` leads to, limits aside.
    async fn standing_of(&self, id: &SubscriberId) -> Result<Asked, StoreError> {
        let Some(person) = self.person(id).await? else {
            let erased = self.erased(id).await?;
            let is_left_alone = erased.is_some_and(|row| !row.value.why.may_return());
            return Ok(if is_left_alone { Asked::Withheld } else { Asked::Question });
        };
        if person.value.suppressed.is_some_and(|(why, _)| !why.may_return()) {
            return Ok(Asked::Withheld);
        }
        let active = active(&person.value, self.subscriptions(id).await?);
        Ok(if active.is_empty() { Asked::Question } else { Asked::Known })
    }

    /// The requests for one address that have not been forgotten.
    pub async fn requests(&self, id: &SubscriberId) -> Result<Vec<Row<Request>>, StoreError> {
        self.scan(prefix_range(&key::requests(id)), REQUESTS_MAX).await
    }

    /// The request for the address of `id` that can be confirmed until then.
    pub async fn request(&self, id: &SubscriberId, until: DateTime<Utc>) -> Result<Option<Row<Request>>, StoreError> {
        self.read(key::request(id, until)).await
    }

    /// What that request asks for; `None` once it is confirmed.
    pub async fn requested_choice(
        &self,
        id: &SubscriberId,
        until: DateTime<Utc>,
    ) -> Result<Option<Row<RequestedChoice>>, StoreError> {
        self.read(key::wish(id, until)).await
    }

    /// What is left of somebody who was erased.
    pub async fn erased(&self, id: &SubscriberId) -> Result<Option<Row<Erased>>, StoreError> {
        self.read(key::erased(id)).await
    }

    /// Records the yes of the holder of the address: what was asked for begins, with the record of consent and a letter that
    /// welcomes. Where it takes the place of another address, that one gets no more, and a word about it.
    pub async fn record_yes(&self, id: &SubscriberId, until: DateTime<Utc>, now: DateTime<Utc>) -> Result<Yes, StoreError> {
        for at in places(now) {
            let Some(request) = self.request(id, until).await? else { return Ok(Yes::Unknown) };
            if request.value.confirmed.is_some() {
                return Ok(Yes::Again);
            }
            let (Some(address), Some(requested)) = (request.value.address.clone(), self.requested_choice(id, until).await?)
            else {
                return Ok(Yes::Unknown);
            };
            let mut change = self.change();
            let RequestedChoice { choice, monthly, .. } = requested.value.clone();
            let mut begin = Beginning { id, choice, monthly, since: self.log_end().await?, now };
            if let Some(before) = &request.value.instead_of {
                begin.take_over(self, &mut change, before, at).await?;
            }
            begin.person(self, &mut change, address).await?;
            begin.subscriptions(self, &mut change).await?;
            let consent = Consent {
                choice: begin.choice.clone(),
                monthly: begin.monthly,
                asked: request.value.asked,
                given: now,
                how: How::ConfirmedByMail,
                wording: Some(requested.value.wording.clone()),
                note: None,
            };
            put_consent(&mut change, id, at, &consent);
            change.update(&request, &Request { address: None, confirmed: Some(now), ..request.value.clone() });
            change.delete(&requested);
            put_letter(&mut change, id, Occasion::Welcome, at, now);
            match change.commit().await {
                Ok(_) => return Ok(Yes::Begins),
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Yes::Unknown)
    }

    /// Makes a letter due to somebody who is known, where they get mail. Answers whether it is.
    pub async fn record_letter(&self, id: &SubscriberId, occasion: Occasion, now: DateTime<Utc>) -> Result<bool, StoreError> {
        for at in places(now) {
            if self.to_be_mailed(id).await?.is_none() {
                return Ok(false);
            }
            let mut change = self.change();
            put_letter(&mut change, id, occasion, at, now);
            match change.commit().await {
                Ok(_) => return Ok(true),
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }
}

/// Places of the clock for a letter, the next one where one is taken.
pub(super) fn places(now: DateTime<Utc>) -> impl Iterator<Item = Position> {
    let first = Position::at(now).0;
    (first..).take(50).map(Position)
}

/// What a yes begins.
struct Beginning<'a> {
    id: &'a SubscriberId,
    choice: Choice,
    monthly: bool,
    since: Position,
    now: DateTime<Utc>,
}

impl Beginning<'_> {
    /// What another address had is had by this one from now on.
    async fn take_over(
        &mut self,
        store: &Store,
        change: &mut Change<'_>,
        before: &SubscriberId,
        at: Position,
    ) -> Result<(), StoreError> {
        let Some(person) = store.person(before).await? else { return Ok(()) };
        let rows = store.subscriptions(before).await?;
        let running = active(&person.value, rows.clone());
        if running.is_empty() {
            return Ok(());
        }
        self.choice = running.iter().map(|running| (running.cadence, running.interests.clone())).collect();
        self.monthly = person.value.monthly_since.is_some();
        // What has not been told to the one address yet is told to the other.
        self.since = running.iter().map(|running| running.since).min().unwrap_or(self.since);
        let ended = Some((Ending::Moved, self.now));
        for row in rows.iter().filter(|row| row.value.ended.is_none()) {
            change.update(row, &Subscription { ended, ..row.value.clone() });
        }
        for mute in store.mutes(before).await? {
            if let Some(item) = super::people::muted_item(&mute) {
                change.put(key::mute(self.id, &item), &mute.value);
            }
        }
        change.update(&person, &Person { suppressed: ended, ..person.value.clone() });
        put_letter(change, before, Occasion::Moved, at, self.now);
        Ok(())
    }

    async fn person(&self, store: &Store, change: &mut Change<'_>, address: Address) -> Result<(), StoreError> {
        let monthly_since = self.monthly.then_some(self.now);
        match store.person(self.id).await? {
            Some(row) => {
                let since = row.value.since;
                change.update(&row, &Person { since, monthly_since, ..Person::known_since(address, self.now) });
            }
            None => {
                change.insert(key::person(self.id), &Person { monthly_since, ..Person::known_since(address, self.now) });
            }
        }
        Ok(())
    }

    async fn subscriptions(&self, store: &Store, change: &mut Change<'_>) -> Result<(), StoreError> {
        let rows = store.subscriptions(self.id).await?;
        for (cadence, interests) in self.choice.iter() {
            let origin = web_origin(cadence);
            let begun = Subscription {
                origin,
                cadence,
                interests: interests.clone(),
                since: self.since,
                began: self.now,
                moved: None,
                ended: None,
            };
            match rows.iter().find(|row| row.value.origin == begun.origin) {
                Some(row) if row.value.ended.is_none() => {
                    let interests = row.value.interests.clone().joined(interests);
                    change.update(row, &Subscription { interests, ..row.value.clone() });
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
}

/// The origin of what somebody chose by their own hand at `cadence`.
#[must_use]
pub fn web_origin(cadence: Cadence) -> String {
    format!("{WEB_ORIGIN}{}", cadence.as_str())
}

#[cfg(test)]
mod tests;
