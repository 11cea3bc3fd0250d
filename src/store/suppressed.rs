//! Looking at who is never mailed, and letting an admin take that back.

use super::records::{Missed, Person};
use super::subscriptions::person_id;
use super::{Store, StoreError};
use crate::domain::subscriber::{Ending, SubscriberId};

/// People read at a time.
const PAGE: usize = 500;

/// What came of lifting a suppression.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lifted {
    /// Nobody is held under that address.
    Unknown,
    /// It was not suppressed.
    WasNot,
    /// It was, for this; what they were subscribed to and had not ended is mailed again.
    Was(Ending),
}

impl Store {
    /// Everybody who is never mailed, in the order of their identities.
    pub async fn suppressed(&self) -> Result<Vec<(SubscriberId, Person)>, StoreError> {
        let mut all = Vec::new();
        let mut after = None;
        loop {
            let page = self.people_after(after.as_ref(), PAGE).await?;
            let is_last = page.len() < PAGE;
            for row in page {
                after = person_id(&row);
                if let (Some(id), Some(_)) = (&after, row.value.suppressed) {
                    all.push((id.clone(), row.value));
                }
            }
            if is_last {
                return Ok(all);
            }
        }
    }

    /// Lets an address be mailed again, and forgets what spoke against it. Subscriptions that were ended stay ended. Where none
    /// was, because the address was to blame, what was told meanwhile is noted in the same commit as still to be told.
    pub async fn lift_suppression(&self, id: &SubscriberId) -> Result<Lifted, StoreError> {
        loop {
            let Some(row) = self.person(id).await? else { return Ok(Lifted::Unknown) };
            let Some((why, since)) = row.value.suppressed else { return Ok(Lifted::WasNot) };
            let mut change = self.change();
            if why.is_of_address() {
                let missed = Missed { since, from: self.passed_over_since(since).await?, is_owed: true };
                self.put_missed(&mut change, id, missed).await?;
            }
            // What they had when they moved is had elsewhere: anything from now on is another life.
            let life = row.value.life + u32::from(row.value.moved_to().is_some());
            change.update(&row, &Person { suppressed: None, strikes: Vec::new(), life, ..row.value.clone() });
            match change.commit().await {
                Ok(_) => return Ok(Lifted::Was(why)),
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error),
            }
        }
    }
}
