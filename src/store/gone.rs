//! People of whom mail that came back says that nothing reaches them: suppressed one by one, and nobody where it is said of
//! more than can be true (`rules::gone`), until an admin says what it is or they turn out few.
//!
//! The record of the day takes part in every commit that suppresses somebody so. Once it says that nothing of the kind is
//! believed, no other commit can slip in; what is left to do, taking back or making good, is a walk over the day's mails that
//! may be cut off anywhere and be walked again.

use super::change::Change;
use super::engine::prefix_range;
use super::records::{Came, Heard, Hearing, Missed, Person, ToldGone};
use super::subscriptions::person_id;
use super::{Row, Store, StoreError, key};
use crate::domain::delivery::Position;
use crate::domain::subscriber::{Cadence, Ending, SubscriberId};
use crate::rules::gone::is_of_it;
use crate::rules::refusal::gist;
use chrono::{DateTime, TimeDelta, Utc};
use futures::TryStreamExt;
use std::collections::{BTreeMap, BTreeSet};

/// Mails sent within this time are those that come back now.
pub const LATELY_DAYS: i64 = 2;
const LATELY: TimeDelta = TimeDelta::days(LATELY_DAYS);
/// Who was suppressed so long before the day that is doubted began, in the words of that day, is part of the same trouble: a
/// broken relay gives back the first mails one by one.
const BEFORE: TimeDelta = TimeDelta::days(2);
/// People read at a time.
const PAGE: usize = 500;

/// What an admin says of those who are held.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It is true, also of those of whom it is said until then.
    True(DateTime<Utc>),
    /// It is not.
    False,
    /// It is not, and who got nothing gets it now: what it brought back is sent again.
    SendAgain,
}

impl Store {
    /// Of whom it was said today, and whether it is believed.
    pub async fn told_gone(&self) -> Result<Option<Row<ToldGone>>, StoreError> {
        self.read(key::TOLD_GONE).await
    }

    /// Adds to `change` that `came` says it of one more. Answers what follows for them, and how things stand.
    pub(super) async fn hear_gone(&self, change: &mut Change<'_>, came: &Came) -> Result<(Hearing, Heard), StoreError> {
        let row = self.told_gone().await?;
        let mut told = row.as_ref().map_or_else(|| ToldGone::on(came.at), |row| row.value.clone());
        let hearing = told.hear(came.words.as_deref(), came.about, came.at);
        match &row {
            Some(row) => change.update(row, &told),
            None => change.insert(key::TOLD_GONE, &told),
        };
        let mut planned = BTreeMap::new();
        for cadence in Cadence::ALL {
            planned.extend(self.window(cadence).await?.map(|row| (cadence, row.value.planned)));
        }
        Ok((hearing, Heard { day: told.since, planned }))
    }

    /// How many people were mailed lately: as many as mails, and no more than there are.
    pub async fn mailed_lately(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let sent = self.sent_since(now - LATELY).await?;
        let (mut people, mut after) = (0, None);
        while people < sent {
            let page = self.people_after(after.as_ref(), PAGE).await?;
            after = page.last().and_then(person_id);
            people += page.len() as u64;
            if page.len() < PAGE {
                break;
            }
        }
        Ok(sent.min(people))
    }

    /// Of how many people it is said since `since`, each counted once, and of how many in the same words.
    pub async fn count_gone(&self, since: DateTime<Utc>) -> Result<(u64, u64), StoreError> {
        let mut people = BTreeSet::new();
        let mut alike: BTreeMap<String, u64> = BTreeMap::new();
        for (id, _, came) in self.said_gone(since).await? {
            if people.insert(id) {
                *alike.entry(came.words.as_deref().map(gist).unwrap_or_default()).or_default() += 1;
            }
        }
        Ok((people.len() as u64, alike.values().copied().max().unwrap_or(0)))
    }

    /// Records what was counted, and with `doubted` that nobody is suppressed for it. Where somebody else recorded something
    /// meanwhile, that stands, and it is looked at again.
    pub async fn record_gone(
        &self,
        before: &Row<ToldGone>,
        mailed: u64,
        doubted: bool,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let doubted = before.value.doubted.or(doubted.then_some(now));
        let mut change = self.change();
        change.update(before, &ToldGone { mailed, counted: Some(now), doubted, ..before.value.clone() });
        match change.commit().await {
            Err(error) if !error.is_conflict() => Err(error),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Does what is left to do for a day that is not believed, or is after all: those who were suppressed are mailed again, or
    /// those who are held are suppressed.
    pub async fn carry_out_gone(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        while let Some(row) = self.told_gone().await?.filter(|row| row.value.doubted.is_some()) {
            let told = &row.value;
            if told.is_taken_back && !told.is_accepted {
                return Ok(());
            }
            if !told.is_accepted {
                self.count_with_day(told).await?;
            }
            for (id, why, came) in self.said_gone(told.since).await? {
                self.carry_out_of(&id, why, &came, told.is_accepted).await?;
            }
            let done = if told.is_accepted { told.anew(now) } else { ToldGone { is_taken_back: true, ..told.clone() } };
            let mut change = self.change();
            change.update(&row, &done);
            match change.commit().await {
                Err(error) if !error.is_conflict() => return Err(error),
                // One more was heard of meanwhile: they are walked again.
                Ok(_) | Err(_) => {}
            }
        }
        Ok(())
    }

    /// Believes what is held, or throws it away. Answers what was held.
    pub async fn decide_gone(&self, verdict: Verdict, now: DateTime<Utc>) -> Result<Option<ToldGone>, StoreError> {
        loop {
            let Some(row) = self.told_gone().await?.filter(|row| row.value.doubted.is_some()) else { return Ok(None) };
            if !row.value.is_taken_back && !row.value.is_accepted {
                self.carry_out_gone(now).await?;
                continue;
            }
            if !matches!(verdict, Verdict::True(_)) {
                // Its words may be others by now.
                self.count_with_day(&row.value).await?;
            }
            let decided = match verdict {
                Verdict::True(until) => ToldGone { is_accepted: true, believed_until: Some(until), ..row.value.clone() },
                Verdict::False | Verdict::SendAgain => ToldGone::thrown_away(now),
            };
            let mut change = self.change();
            change.update(&row, &decided);
            if verdict == Verdict::SendAgain {
                self.order_again_of_day(&mut change, row.value.since, now).await?;
            }
            match change.commit().await {
                Ok(_) => {
                    self.carry_out_gone(now).await?;
                    self.carry_out_again(now).await?;
                    return Ok(Some(row.value));
                }
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Of whom the mails of the day that began at `since` say it, and for what it would suppress them.
    async fn said_gone(&self, since: DateTime<Utc>) -> Result<Vec<(SubscriberId, Ending, Came)>, StoreError> {
        let mut all = Vec::new();
        let mut rows = self.rows::<Came>(prefix_range(key::RETURNED.as_bytes()));
        while let Some(row) = rows.try_next().await? {
            let came = row.value;
            // An earlier program noted no day.
            let is_of_day = came.heard.as_ref().map_or(came.at >= since, |heard| heard.day == since);
            if let (Some(id), Some(why)) = (came.subscriber.clone(), came.ends.filter(|_| is_of_day)) {
                all.push((id, why, came));
            }
        }
        Ok(all)
    }

    /// Has those who were suppressed shortly before this day began, in the words that are its trouble's, be of that day: whatever is
    /// decided of it is decided of them. Not those of whom it has been decided that it is true.
    async fn count_with_day(&self, told: &ToldGone) -> Result<(), StoreError> {
        let (since, of_day) = (told.since, self.said_gone(told.since).await?);
        let gist_of = |came: &Came| came.words.as_deref().map(gist).unwrap_or_default();
        let mut alike: BTreeMap<String, u64> = BTreeMap::new();
        for (_, _, came) in &of_day {
            *alike.entry(gist_of(came)).or_default() += 1;
        }
        let people = of_day.len() as u64;
        let is_of_it = |came: &Came| alike.get(&gist_of(came)).is_some_and(|count| is_of_it(*count, people));
        let mut rows = self.rows::<Came>(prefix_range(key::RETURNED.as_bytes()));
        while let Some(row) = rows.try_next().await? {
            let day = row.value.heard.as_ref().map_or(row.value.at, |heard| heard.day);
            let is_shortly_before = (since - BEFORE..since).contains(&day);
            let is_decided = told.believed_until.is_some_and(|until| row.value.at <= until);
            if row.value.ends.is_some() && is_shortly_before && !is_decided && is_of_it(&row.value) {
                self.count_one_with_day(row, since).await?;
            }
        }
        Ok(())
    }

    /// The same of one, who is mailed again with that; not where that is not what keeps them from being mailed any more.
    async fn count_one_with_day(&self, mut row: Row<Came>, day: DateTime<Utc>) -> Result<(), StoreError> {
        loop {
            let came = &row.value;
            let (Some(id), Some(why)) = (&came.subscriber, came.ends) else { return Ok(()) };
            let person = self.person(id).await?;
            let Some(person) = person.filter(|person| person.value.suppressed == Some((why, came.at))) else { return Ok(()) };
            let mut change = self.change();
            self.put_taken_back(&mut change, id, &person, came).await?;
            let heard = Heard { day, planned: missed(came).from };
            change.update(&row, &Came { heard: Some(heard), ..came.clone() });
            match change.commit().await {
                Ok(_) => return Ok(()),
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error),
            }
            let Some(now) = self.read::<Came>(row.key.clone()).await? else { return Ok(()) };
            row = now;
        }
    }

    /// Makes it part of `change` that a `person` is mailed again whom `came` had suppressed, and what they missed.
    async fn put_taken_back(
        &self,
        change: &mut Change<'_>,
        id: &SubscriberId,
        person: &Row<Person>,
        came: &Came,
    ) -> Result<(), StoreError> {
        let mut mailed = Person { suppressed: None, ..person.value.clone() };
        // What is not believed is not counted either.
        mailed.strikes.retain(|strike| strike.at != came.at);
        change.update(person, &mailed);
        self.put_missed(change, id, missed(came)).await
    }

    /// Suppresses somebody for what was said, or takes that very suppression back, and notes what they missed.
    async fn carry_out_of(&self, id: &SubscriberId, why: Ending, came: &Came, is_true: bool) -> Result<(), StoreError> {
        let at = came.at;
        while let Some(row) = self.person(id).await? {
            let mut change = self.change();
            if is_true && row.value.suppressed.is_none() {
                change.update(&row, &Person { suppressed: Some((why, at)), ..row.value.clone() });
            } else if !is_true && row.value.suppressed == Some((why, at)) {
                self.put_taken_back(&mut change, id, &row, came).await?;
            } else {
                break;
            }
            match change.commit().await {
                Ok(_) => break,
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// What somebody missed whom this suppressed.
fn missed(came: &Came) -> Missed {
    let all = |from: Position| Cadence::ALL.into_iter().map(|cadence| (cadence, from)).collect();
    // An earlier program noted no places.
    let from = came.heard.as_ref().map_or_else(|| all(Position::at(came.at)), |heard| heard.planned.clone());
    Missed { since: came.at, from, is_owed: false }
}
