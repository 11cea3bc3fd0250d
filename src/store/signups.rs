//! Signing up: somebody asks for updates to an address, and the holder of the address says yes.
//!
//! The request and the letter that asks are one commit; the yes, what it begins, the record of consent and the letter that
//! welcomes are another. A yes that is said twice is one yes, also after its subscription has ended again.

mod back;
mod beginning;

use super::change::Change;
use super::consents::put_consent;
use super::engine::prefix_range;
use super::letters::put_letter;
use super::records::{Erased, Request, RequestedChoice};
use super::subscriptions::{FILE_ORIGIN, WEB_ORIGIN, active};
use super::{Row, Store, StoreError, key};
use crate::domain::choice::Choice;
use crate::domain::consent::{Consent, How, Wording};
use crate::domain::delivery::Position;
use crate::domain::occasion::Occasion;
use crate::domain::subscriber::{Address, Cadence, SubscriberId};
use crate::rules::token::Purpose;
use beginning::Beginning;
use chrono::{DateTime, TimeDelta, Utc};

/// Requests for one address that are looked at; fewer are ever made before they expire.
const REQUESTS_MAX: usize = 1_000;

pub use back::MovedAway;

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

impl Ask {
    fn wish(&self) -> RequestedChoice {
        RequestedChoice { choice: self.choice.clone(), monthly: self.monthly, wording: self.wording.clone() }
    }
}

/// What a request led to. Never shown: it would say who is subscribed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Asked {
    /// The holder of the address is asked.
    Question,
    /// The address has updates, and these among them: its holder is told where they can be changed.
    Known,
    /// The address has updates: its holder is asked whether these are to be added, or are to come at another cadence.
    More,
    /// Nothing is mailed to the address.
    Withheld,
    /// There were as many requests for the address as one day may have: the question that waits is about this one.
    Corrected,
    /// There were, and none waits that could be about it.
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
    /// `per_day_max` times in 24 hours. Beyond that the newest question that waits for an answer is about what is asked for now.
    pub async fn record_request(
        &self,
        id: &SubscriberId,
        ask: &Ask,
        per_day_max: usize,
        now: DateTime<Utc>,
    ) -> Result<Asked, StoreError> {
        for at in places(now) {
            let requests = self.requests(id).await?;
            let mut change = self.change();
            let lately = requests.iter().filter(|row| now - row.value.asked < TimeDelta::days(1)).count();
            let asked = if lately >= per_day_max {
                self.put_correction(&mut change, id, ask, &requests, now).await?
            } else {
                self.put_request(&mut change, id, ask, &requests, at, now).await?
            };
            match change.commit().await {
                Ok(_) => return Ok(asked),
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Asked::TooOften)
    }

    /// Makes a request and its letter part of `change`.
    async fn put_request(
        &self,
        change: &mut Change<'_>,
        id: &SubscriberId,
        ask: &Ask,
        before: &[Row<Request>],
        at: Position,
        now: DateTime<Utc>,
    ) -> Result<Asked, StoreError> {
        // A button that is pressed twice asks once.
        for row in before.iter().filter(|row| now - row.value.asked < TimeDelta::minutes(1)) {
            let is_open = row.value.confirmed.is_none() && row.value.instead_of == ask.instead_of;
            let wish = self.requested_choice(id, row.value.until).await?.map(|row| row.value);
            if is_open && wish == Some(ask.wish()) {
                return Ok(Asked::Corrected);
            }
        }
        // Each has a link of its own, and a link is named by its minute.
        let mut until = Purpose::Confirm.expiry(now).unwrap_or(now);
        while before.iter().any(|row| row.value.until == until) {
            until += TimeDelta::minutes(1);
        }
        let is_link_only = ask.choice.is_empty();
        let standing = self.standing_of(id, ask).await?;
        let asked = if is_link_only && standing == Asked::Question { Asked::Withheld } else { standing };
        let occasion = match asked {
            Asked::Question => Some(Occasion::Confirm { until }),
            Asked::More => Some(Occasion::Add { until }),
            Asked::Known if is_link_only => Some(Occasion::Manage),
            Asked::Known => Some(Occasion::Known),
            Asked::Withheld | Asked::Corrected | Asked::TooOften => None,
        };
        let is_question = matches!(asked, Asked::Question | Asked::More);
        let address = is_question.then(|| ask.address.clone());
        let request = Request { address, asked: now, until, confirmed: None, instead_of: ask.instead_of.clone() };
        change.insert(key::request(id, until), &request);
        if is_question {
            change.insert(key::wish(id, until), &ask.wish());
        }
        if let Some(occasion) = occasion {
            let life = self.person(id).await?.map_or(0, |row| row.value.life);
            put_letter(change, (id, life), occasion, at, now);
        }
        Ok(asked)
    }

    /// Makes it part of `change` that the newest question of its kind that waits for an answer is about this: its link, which
    /// was mailed, leads to what is wanted now, though no more is mailed today.
    async fn put_correction(
        &self,
        change: &mut Change<'_>,
        id: &SubscriberId,
        ask: &Ask,
        before: &[Row<Request>],
        now: DateTime<Utc>,
    ) -> Result<Asked, StoreError> {
        let waits = |request: &Request| {
            request.address.is_some()
                && request.instead_of == ask.instead_of
                && request.confirmed.is_none()
                && now <= request.until
        };
        let newest = before.iter().filter(|row| waits(&row.value)).max_by_key(|row| row.value.until);
        let Some(row) = newest.filter(|_| !ask.choice.is_empty()) else { return Ok(Asked::TooOften) };
        let Some(wish) = self.requested_choice(id, row.value.until).await? else { return Ok(Asked::TooOften) };
        change.update(row, &Request { asked: now, ..row.value.clone() });
        change.update(&wish, &ask.wish());
        Ok(Asked::Corrected)
    }

    /// What a request for the address of `id` leads to, limits aside.
    async fn standing_of(&self, id: &SubscriberId, ask: &Ask) -> Result<Asked, StoreError> {
        let Some(person) = self.person(id).await? else {
            let erased = self.erased(id).await?;
            let is_left_alone = erased.is_some_and(|row| !row.value.why.may_return());
            return Ok(if is_left_alone { Asked::Withheld } else { Asked::Question });
        };
        if person.value.suppressed.is_some_and(|(why, _)| !why.may_return()) {
            return Ok(Asked::Withheld);
        }
        let active = active(&person.value, self.subscriptions(id).await?);
        if active.is_empty() {
            return Ok(Asked::Question);
        }
        let own = active.iter().filter(|running| !running.origin.starts_with(FILE_ORIGIN));
        let own: Choice = own.map(|running| (running.cadence, running.interests.clone())).collect();
        let gets: Choice = active.into_iter().map(|running| (running.cadence, running.interests)).collect();
        let is_more = !gets.covers(&ask.choice)
            || !own.amended_by(&ask.choice).changes.is_empty()
            || (ask.monthly && person.value.monthly_since.is_none());
        Ok(if is_more || ask.instead_of.is_some() { Asked::More } else { Asked::Known })
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

    /// Records the yes of the holder of the address: what was asked for begins, beside what they get, or at another
    /// cadence than until now, with the record of consent and a letter that welcomes. Where it takes the place of another address, that one gets no more, and a word about it;
    /// where that one gets nothing any more, there is nothing to say yes to.
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
            let lives = self.life_of_a_yes(id).await?;
            let life = lives.0;
            let mut begin = Beginning::of(id, lives, choice, monthly, self.log_end().await?, now);
            if let Some(before) = &request.value.instead_of
                && !begin.take_over(self, &mut change, before, (Occasion::Moved, at)).await?
            {
                return Ok(Yes::Unknown);
            }
            begin.put(self, &mut change, address).await?;
            let consent = Consent {
                choice: begin.choice.clone(),
                changes: std::mem::take(&mut begin.changes),
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
            put_letter(&mut change, (id, life), Occasion::Welcome, at, now);
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
            let Some((person, _)) = self.to_be_mailed(id).await? else { return Ok(false) };
            let mut change = self.change();
            put_letter(&mut change, (id, person.life), occasion, at, now);
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

/// The origin of what somebody chose by their own hand at `cadence`.
#[must_use]
pub fn web_origin(cadence: Cadence) -> String {
    format!("{WEB_ORIGIN}{}", cadence.as_str())
}

#[cfg(test)]
mod tests;
