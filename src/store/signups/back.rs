//! Taking a move back, by a link in the word of it to the address that was moved from: whoever asked for the move may have had a
//! link that was not theirs.

use super::super::consents::put_consent;
use super::super::letters::put_letter;
use super::super::records::Person;
use super::super::subscriptions::{active, moved_with};
use super::super::{Store, StoreError};
use super::beginning::Beginning;
use super::places;
use crate::domain::choice::Choice;
use crate::domain::consent::{Consent, How, Wording};
use crate::domain::occasion::Occasion;
use crate::domain::subscriber::{Address, SubscriberId};
use chrono::{DateTime, Utc};

/// Moves that are followed, one after the other.
const FOLLOWED_MAX: usize = 32;

/// What went away from an address and can be had there again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MovedAway {
    /// The address.
    pub address: Address,
    /// What.
    pub choice: Choice,
    /// Whether also word once a month where there is no news.
    pub monthly: bool,
    /// Who has it now, and nothing else, and gets no more then; `None` where who has it has updates of their own, or has left.
    pub from: Option<SubscriberId>,
}

impl Store {
    /// What would come back to an address if the move were taken back that can be until `last`: it names the move. `None` where
    /// there is none such, or the address has updates again.
    pub async fn moved_away(
        &self,
        id: &SubscriberId,
        last: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Option<MovedAway>, StoreError> {
        let Some(person) = self.person(id).await?.map(|row| row.value) else { return Ok(None) };
        if now > last || person.move_back_until() != Some(last) {
            return Ok(None);
        }
        let (from, rows, monthly_since) = if let Some((from, there)) = self.only_taker(&person).await? {
            let rows = active(&there, self.subscriptions(&from).await?);
            (Some(from), rows, there.monthly_since)
        } else {
            (None, moved_with(&person, self.subscriptions(id).await?), person.monthly_since)
        };
        let choice = rows.into_iter().map(|row| (row.cadence, row.interests)).collect();
        Ok(Some(MovedAway { address: person.address, choice, monthly: monthly_since.is_some(), from }))
    }

    /// Who has what somebody moved, where they had nothing before it and have not left.
    async fn only_taker(&self, person: &Person) -> Result<Option<(SubscriberId, Person)>, StoreError> {
        let mut next = person.moved_to().cloned();
        for _ in 0..FOLLOWED_MAX {
            let Some(moved) = next.filter(|moved| moved.began) else { break };
            let Some(there) = self.person(&moved.to).await?.map(|row| row.value) else { break };
            if there.life == moved.to_life && there.moved_to().is_none() {
                let is_mailed = self.to_be_mailed(&moved.to).await?.is_some();
                return Ok(is_mailed.then_some((moved.to, there)));
            }
            next = there.moved.into_iter().find(|onward| onward.life == moved.to_life);
        }
        Ok(None)
    }

    /// Takes back the move away from an address that can be taken back until `last`. Who has what moved, and nothing else, gets
    /// no more, and a word about it; who has updates of their own keeps them. Answers whether there was such a move.
    pub async fn record_move_back(
        &self,
        id: &SubscriberId,
        last: DateTime<Utc>,
        wording: &Wording,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        for at in places(now) {
            let Some(MovedAway { address, choice, monthly, from }) = self.moved_away(id, last, now).await? else {
                return Ok(false);
            };
            let mut change = self.change();
            let lives = self.life_of_a_yes(id).await?;
            let life = lives.0;
            let mut begin = Beginning::of(id, lives, choice, monthly, self.log_end().await?, now);
            if let Some(from) = &from
                && !begin.take_over(self, &mut change, from, (Occasion::MovedBack, at)).await?
            {
                return Ok(false);
            }
            begin.put(self, &mut change, address).await?;
            let (choice, changes) = (begin.choice.clone(), std::mem::take(&mut begin.changes));
            let (monthly, wording) = (begin.monthly, Some(wording.clone()));
            let how = How::ChangedByLink;
            let consent = Consent { choice, changes, monthly, asked: now, given: now, how, wording, note: None };
            put_consent(&mut change, id, at, &consent);
            put_letter(&mut change, (id, life), Occasion::Welcome, at, now);
            match change.commit().await {
                Ok(_) => return Ok(true),
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }
}
