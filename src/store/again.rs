//! Sending once more what mail servers took and gave back later through no fault of its readers, or what was not sent to them for
//! that: under the same Message-IDs, to who is still to get it.
//!
//! That it is to be done is recorded in one commit. Doing it is a walk that may be cut off anywhere and be walked again: each
//! step marks mails that came back, and puts the deliveries that they brought back into the outbox, in one commit. From there
//! on they are deliveries like the others: who has left is not mailed, and what is too old to be news is not sent.

use super::change::Change;
use super::engine::{Key, prefix_range};
use super::missed::missed_by;
use super::records::{Again, Came, Missed, Portion, ReturnKind, Settled, ThrownAway, ToldGone};
use super::{Row, Store, StoreError, key};
use crate::domain::bundle::{Bundle, BundleId, Lane, Series};
use crate::domain::delivery::{DeliveryId, Position, Window};
use crate::domain::members::Members;
use crate::domain::occasion::Occasion;
use crate::domain::subscriber::{Cadence, SubscriberId};
use chrono::{DateTime, TimeDelta, Utc};
use futures::TryStreamExt;
use std::collections::BTreeMap;

/// Mails that came back which one commit marks.
const MARKED_MAX: usize = 256;
/// How long before it comes back a digest may have been planned: as long as the weekly one is news by the usual settings.
const WAY: TimeDelta = TimeDelta::days(14);

/// Where it is not known when it began, what came back within this time is of the same trouble.
const LATELY: TimeDelta = TimeDelta::days(2);

/// Deliveries of one series that were brought back: whose they are, in the order of identities, and the mail that brought it.
type Brought = Vec<(u128, Key)>;

impl Store {
    /// What is to be sent again, until that is done.
    pub async fn again(&self) -> Result<Option<Row<Again>>, StoreError> {
        self.read(key::AGAIN).await
    }

    /// Has what came back from `since` on sent once more. Answers what is put into the outbox for it.
    pub async fn send_again(&self, since: DateTime<Utc>, now: DateTime<Utc>) -> Result<PutAgain, StoreError> {
        loop {
            let mut change = self.change();
            self.order_again(&mut change, Again { since, until: now, day: None }).await?;
            if let Some(row) = self.told_gone().await?
                && let Some(thrown_away) = row.value.thrown_away
            {
                let thrown_away = Some(ThrownAway { late: 0, ..thrown_away });
                change.update(&row, &ToldGone { thrown_away, ..row.value.clone() });
            }
            match change.commit().await {
                Ok(_) => return self.carry_out_again(now).await,
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Makes part of `change` that what came back since the day began that is doubted is sent once more.
    pub(super) async fn order_again_of_day(
        &self,
        change: &mut Change<'_>,
        day: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        // A clock that was behind has begun it in another year: what came back that long ago is no news. One that was ahead has
        // dated what came back into the future.
        let (since, until) = if day > now { (now - LATELY, DateTime::<Utc>::MAX_UTC) } else { (day.max(now - WAY), now) };
        self.order_again(change, Again { since, until, day: Some(day) }).await
    }

    async fn order_again(&self, change: &mut Change<'_>, order: Again) -> Result<(), StoreError> {
        match self.again().await? {
            Some(row) => change.update(&row, &row.value.and(order)),
            None => change.insert(key::AGAIN, &order),
        };
        Ok(())
    }

    /// Does what is left of it. Answers what was put into the outbox.
    pub async fn carry_out_again(&self, now: DateTime<Utc>) -> Result<PutAgain, StoreError> {
        let mut put = PutAgain::default();
        while let Some(row) = self.again().await? {
            let again = &row.value;
            let meant = Meant {
                came: &|came| again.concerns(came),
                letter: &Occasion::keeps,
                bundle: &|_| true,
                since: again.day.map_or(again.since, |day| day.min(again.since)),
            };
            self.put_all_again(&meant, &mut put, now).await?;
            let mut change = self.change();
            change.delete(&row);
            match change.commit().await {
                Ok(_) => break,
                // More is to be sent again: it is walked once more.
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(put)
    }

    /// Puts into the outbox what these people, who are mailed again, are owed besides what was planned meanwhile: what came back and
    /// was to bring them news that are still some, and letters that were not sent to them and are worth it. Answers how many
    /// deliveries.
    ///
    /// That they are owed goes in the last commit: until then it is walked again, and what was put is known.
    pub async fn send_owed(
        &self,
        rows: &[Row<Missed>],
        is_news: &(dyn Fn(&Bundle) -> bool + Sync),
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let owed = rows.iter().filter(|row| row.value.is_owed);
        let people: BTreeMap<SubscriberId, DateTime<Utc>> =
            owed.clone().filter_map(|row| Some((missed_by(row)?, row.value.since))).collect();
        let mut put = PutAgain::default();
        let meant = Meant {
            came: &|came| came.brings_back() && came.subscriber.as_ref().is_some_and(|id| people.contains_key(id)),
            letter: &|occasion| occasion.keeps_at(now),
            bundle: is_news,
            since: people.values().copied().min().unwrap_or(now),
        };
        self.put_all_again(&meant, &mut put, now).await?;
        self.put_letters_again(&people, &meant, &mut put).await?;
        let mut change = self.change();
        for row in owed {
            change.update(row, &Missed { is_owed: false, ..row.value.clone() });
        }
        match change.commit().await {
            Err(error) if !error.is_conflict() => Err(error),
            // One of them has missed more meanwhile: they are looked at again.
            Ok(_) | Err(_) => Ok(put.deliveries()),
        }
    }

    async fn put_all_again(&self, meant: &Meant<'_>, put: &mut PutAgain, now: DateTime<Utc>) -> Result<(), StoreError> {
        for (series, brought) in self.brought_back(meant).await? {
            self.put_series_again(&series, brought, meant, put, now).await?;
        }
        Ok(())
    }

    /// Puts into the outbox the letters to these that were cancelled, or refused, since they were suppressed.
    async fn put_letters_again(
        &self,
        people: &BTreeMap<SubscriberId, DateTime<Utc>>,
        meant: &Meant<'_>,
        put: &mut PutAgain,
    ) -> Result<(), StoreError> {
        let first = meant.since.checked_sub_signed(WAY).unwrap_or_default();
        let mut rows = self.rows::<Settled>(key::settled_letters_since(Position::at(first)));
        while let Some(row) = rows.try_next().await? {
            let Some((id, whose)) = key::settled_letter(&row.key) else { continue };
            let is_theirs = people.get(&whose).is_some_and(|since| row.value.at >= *since);
            if !is_theirs || row.value.owed().next().is_none() {
                continue;
            }
            let Some(bundle) = self.read::<Bundle>(key::bundle(&id)).await?.map(|row| row.value) else { continue };
            let is_meant = bundle.occasion.is_some_and(meant.letter) && (meant.bundle)(&bundle);
            if is_meant && self.put_letter_again(row, id, &bundle).await? {
                put.count(&bundle, 1);
            }
        }
        Ok(())
    }

    /// The same with one; the tally of how it ended goes. `false`: somebody else has seen to it.
    async fn put_letter_again(&self, ended: Row<Settled>, id: BundleId, bundle: &Bundle) -> Result<bool, StoreError> {
        let portion = Portion::first(id, bundle, Members::first_of(bundle.members().len()));
        let mut change = self.change();
        change.delete(&ended).insert(portion.key(), &portion);
        match change.commit().await {
            Err(error) if !error.is_conflict() => Err(error),
            done => Ok(done.is_ok()),
        }
    }

    /// What is to be sent again and has not been put into the outbox yet, by the series that it is part of.
    async fn brought_back(&self, meant: &Meant<'_>) -> Result<BTreeMap<Series, Brought>, StoreError> {
        let since = meant.since.checked_sub_signed(WAY).unwrap_or_default();
        let runs = self.digest_runs().await?.into_iter().map(|row| row.value).filter(|run| run.planned >= since);
        // Most came back of the latest.
        let mut windows: Vec<(Cadence, Window)> = runs.map(|run| (run.cadence, run.window)).collect();
        windows.sort_by_key(|(_, window)| std::cmp::Reverse(window.to));
        let mut brought: BTreeMap<Series, Brought> = BTreeMap::new();
        let mut rows = self.rows::<Came>(prefix_range(key::RETURNED.as_bytes()));
        while let Some(Row { key, value: came, .. }) = rows.try_next().await? {
            let Some(id) = came.subscriber.as_ref().filter(|_| (meant.came)(&came)) else { continue };
            let Some(person) = self.person(id).await?.filter(|row| row.value.suppressed.is_none()) else { continue };
            // What had been planned for an address before is sent to this one.
            let formerly = person.value.formerly.iter().map(|former| former.id.clone());
            let theirs: Vec<SubscriberId> = std::iter::once(id.clone()).chain(formerly).collect();
            let series = match (&came.delivery, came.about) {
                (Some(delivery), _) => {
                    let is_of = |window: &&(Cadence, Window)| {
                        theirs.iter().any(|one| DeliveryId::of(one, window.0, window.1) == *delivery)
                    };
                    windows.iter().find(is_of).map(|(cadence, window)| Series::of(*cadence, *window))
                }
                // A signature that names no digest is a letter's, and names its place.
                (None, Some(about)) => self.letter_to(&theirs, Position::at(about), meant.letter).await?,
                (None, None) => None,
            };
            if let Some(series) = series {
                brought.entry(series).or_default().extend(theirs.iter().map(|one| (one.number(), key.clone())));
            }
        }
        Ok(brought)
    }

    /// The series of the letter to one of these that became due at `at`, where it is one that `is_worth` sending when it is late.
    async fn letter_to(
        &self,
        theirs: &[SubscriberId],
        at: Position,
        is_worth: &(dyn Fn(Occasion) -> bool + Sync),
    ) -> Result<Option<Series>, StoreError> {
        let series = Series::named(Lane::Letter.as_str(), at);
        for one in theirs {
            let letter: Option<Row<Bundle>> = self.read(key::bundle(&BundleId::of(&series, one.as_str()))).await?;
            if letter.and_then(|row| row.value.occasion).is_some_and(is_worth) {
                return Ok(Some(series));
            }
        }
        Ok(None)
    }

    /// Puts deliveries of one series into the outbox once more.
    async fn put_series_again(
        &self,
        series: &Series,
        mut brought: Brought,
        meant: &Meant<'_>,
        put: &mut PutAgain,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        brought.sort_unstable();
        let bundles = self.bundles_in(series).await?;
        for (at, (first, id)) in bundles.iter().enumerate() {
            let end = bundles.get(at + 1).map(|(first, _)| *first);
            let from = brought.partition_point(|(number, _)| number < first);
            let to = end.map_or(brought.len(), |end| brought.partition_point(|(number, _)| *number < end));
            let Some(here) = brought.get(from..to).filter(|here| !here.is_empty()) else { continue };
            let bundle = self.bundle(id).await?;
            if !(meant.bundle)(&bundle) {
                continue;
            }
            let place = |number: u128| bundle.members().binary_search_by_key(&number, |member| member.number).ok();
            let members: Vec<(u16, &[u8])> =
                here.iter().filter_map(|(number, key)| Some((u16::try_from(place(*number)?).ok()?, key.as_slice()))).collect();
            for members in members.chunks(MARKED_MAX) {
                let deliveries = self.put_again(id, &bundle, members, now).await?;
                put.count(&bundle, deliveries);
            }
        }
        Ok(())
    }

    /// Puts these members of a bundle into the outbox, each with the mail that brought their delivery back; not those who are
    /// in it, nor those whose mail was seen to before.
    async fn put_again(
        &self,
        id: &BundleId,
        bundle: &Bundle,
        members: &[(u16, &[u8])],
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        loop {
            let (mut change, waiting) = (self.change(), self.waiting_of(id, bundle).await?);
            let mut again = Members::default();
            for (place, key) in members {
                let Some(row) = self.read::<Came>(*key).await?.filter(|row| row.value.again.is_none()) else { continue };
                change.update(&row, &Came { again: Some(now), ..row.value.clone() });
                if !waiting.contains(*place) {
                    again.insert(*place);
                }
            }
            if change.is_empty() {
                return Ok(0);
            }
            let deliveries = again.len() as u64;
            if deliveries > 0 {
                // They have not ended after all.
                if let Some(settled) = self.read::<Settled>(key::settled(id)).await? {
                    let sent = settled.value.sent.saturating_sub(deliveries);
                    change.update(&settled, &Settled { sent, ..settled.value.clone() });
                }
                let portion = Portion::first(id.clone(), bundle, again);
                change.insert(portion.key(), &portion);
            }
            match change.commit().await {
                Ok(_) => return Ok(deliveries),
                // Another delivery of the bundle has ended meanwhile, or somebody else walks, too.
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The members of a bundle who are in the outbox.
    async fn waiting_of(&self, id: &BundleId, bundle: &Bundle) -> Result<Members, StoreError> {
        let mut waiting = Members::default();
        let mut rows = self.rows::<Portion>(prefix_range(&key::out(bundle.lane())));
        while let Some(row) = rows.try_next().await? {
            if row.value.bundle == *id {
                waiting = waiting.or(&row.value.members);
            }
        }
        Ok(waiting)
    }
}

/// What is to be sent again.
struct Meant<'a> {
    /// Of what came back.
    came: &'a (dyn Fn(&Came) -> bool + Sync),
    /// Of letters.
    letter: &'a (dyn Fn(Occasion) -> bool + Sync),
    /// Of both.
    bundle: &'a (dyn Fn(&Bundle) -> bool + Sync),
    /// When the first of it can have come back, or ended.
    since: DateTime<Utc>,
}

/// What was put into the outbox once more.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PutAgain {
    /// How many of each kind: whether letters, their cadence, and when their window closed or they became due.
    put: BTreeMap<(bool, Cadence, DateTime<Utc>), u64>,
}

impl PutAgain {
    fn count(&mut self, bundle: &Bundle, deliveries: u64) {
        if deliveries > 0 {
            *self.put.entry((bundle.occasion.is_some(), bundle.cadence, bundle.closed)).or_default() += deliveries;
        }
    }

    /// All of it.
    #[must_use]
    pub fn deliveries(&self) -> u64 {
        self.put.values().sum()
    }

    /// How many digests, how many letters, and how many of both that are too old to be sent, by this rule of cadence and time.
    #[must_use]
    pub fn told_apart(&self, is_stale: impl Fn(Cadence, DateTime<Utc>) -> bool) -> (u64, u64, u64) {
        self.put.iter().fold((0, 0, 0), |(digests, letters, stale), ((is_letter, cadence, closed), count)| {
            match (is_stale(*cadence, *closed), is_letter) {
                (true, _) => (digests, letters, stale + count),
                (false, true) => (digests, letters + count, stale),
                (false, false) => (digests + count, letters, stale),
            }
        })
    }
}

impl Again {
    /// Both in one.
    fn and(&self, other: Self) -> Self {
        Self { since: self.since.min(other.since), until: self.until.max(other.until), day: other.day.or(self.day) }
    }

    /// Whether what `came` back is to be sent again: it brought a mail of ours, and that was not seen to yet.
    fn concerns(&self, came: &Came) -> bool {
        let is_of_day = came.heard.as_ref().is_some_and(|heard| self.day == Some(heard.day));
        came.brings_back() && (is_of_day || (self.since..=self.until).contains(&came.at))
    }
}

impl Came {
    /// Whether it brought a mail of ours that was not seen to yet.
    fn brings_back(&self) -> bool {
        matches!(self.kind, ReturnKind::Gone | ReturnKind::Soft | ReturnKind::Policy) && self.again.is_none()
    }
}
