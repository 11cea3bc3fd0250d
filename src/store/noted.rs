//! What an admin writes down for somebody: a subscription, with a note of where they said yes to it.

use super::consents::put_consent;
use super::records::{Person, Subscription};
use super::signups::places;
use super::subscriptions::ADMIN_ORIGIN;
use super::{Store, StoreError, key};
use crate::domain::choice::Choice;
use crate::domain::consent::{Consent, How};
use crate::domain::subscriber::{Address, Ending, SubscriberId};
use chrono::{DateTime, Utc};

/// What became of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Noted {
    /// They get it from now on.
    Begins,
    /// They got just that already.
    Same,
    /// They left, or are not to be mailed: only their own yes can bring them back.
    LeftAlone(Ending),
}

impl Store {
    /// Whether somebody left, or is not to be mailed for another reason, so that nobody but they can begin anything.
    pub async fn left(&self, id: &SubscriberId) -> Result<Option<Ending>, StoreError> {
        let person = self.person(id).await?.and_then(|row| row.value.suppressed).map(|(why, _)| why);
        let erased = self.erased(id).await?.map(|row| row.value.why);
        // Who was erased and came back by their own yes is somebody again.
        let is_known = self.person(id).await?.is_some();
        Ok(person.or(erased.filter(|_| !is_known)))
    }

    /// Makes what an admin wrote down for somebody `choice`, with word once a month where there is no news if `monthly`; what they chose themselves and what lists say stays.
    pub async fn record_noted(
        &self,
        id: &SubscriberId,
        address: &Address,
        choice: &Choice,
        monthly: bool,
        note: &str,
        now: DateTime<Utc>,
    ) -> Result<Noted, StoreError> {
        for at in places(now) {
            if let Some(why) = self.left(id).await? {
                return Ok(Noted::LeftAlone(why));
            }
            let since = self.log_end().await?;
            let rows = self.subscriptions(id).await?;
            let mut change = self.change();
            for (cadence, interests) in choice.iter() {
                let (origin, interests) = (format!("{ADMIN_ORIGIN}{}", cadence.as_str()), interests.clone());
                match rows.iter().find(|row| row.value.origin == origin) {
                    Some(row) if row.value.ended.is_none() && row.value.interests == interests => {}
                    Some(row) if row.value.ended.is_none() => {
                        change.update(row, &Subscription { interests, ..row.value.clone() });
                    }
                    Some(row) => {
                        let begun = Subscription { interests, since, began: now, moved: None, ended: None, ..row.value.clone() };
                        change.update(row, &begun);
                    }
                    None => {
                        let row = Subscription { origin, cadence, interests, since, began: now, moved: None, ended: None };
                        change.insert(key::subscription(id, &row.origin), &row);
                    }
                }
            }
            let person = self.person(id).await?;
            let monthly_since = person.as_ref().and_then(|person| person.value.monthly_since);
            if change.is_empty() && (!monthly || monthly_since.is_some()) {
                return Ok(Noted::Same);
            }
            let monthly_since = monthly_since.or(monthly.then_some(now));
            if let Some(person) = &person {
                change.update(person, &Person { monthly_since, ..person.value.clone() });
            } else {
                change.insert(key::person(id), &Person { monthly_since, ..Person::known_since(address.clone(), now) });
            }
            let (choice, note) = (choice.clone(), Some(note.to_owned()));
            let (changes, how) = (Vec::new(), How::NotedByAdmin);
            let consent = Consent { choice, changes, monthly, asked: now, given: now, how, wording: None, note };
            put_consent(&mut change, id, at, &consent);
            match change.commit().await {
                Ok(_) => return Ok(Noted::Begins),
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Noted::Same)
    }
}
