//! Mail that came back: what it says of somebody, and that it was read, in one commit.

use super::engine::prefix_range;
use super::records::{Came, ComplaintPause, Hearing, Person, PostboxOut, PostboxesOut, ReturnKind, ReturnsDay, Subscription};
use super::{Row, Store, StoreError, key};
use crate::config::SoftLimit;
use crate::domain::delivery::DeliveryId;
use crate::domain::subscriber::{Ending, SubscriberId};
use chrono::{DateTime, TimeDelta, Utc};
use futures::TryStreamExt;
use std::collections::BTreeMap;

/// Days over which complaints are compared with what was sent.
pub const COMPLAINT_DAYS: i64 = 30;
/// How long before a complaint its mail was sent, where it does not say which that was: most readers look within two days.
const COMPLAINT_WAY: TimeDelta = TimeDelta::days(2);

/// How far the clocks of a day may differ.
const AHEAD: TimeDelta = TimeDelta::days(1);

impl Store {
    /// Records a mail that came back, named by the hash of its octets, with what follows for whom it concerns. A mail that
    /// was recorded before changes nothing. Answers with what is recorded.
    pub async fn record_return(&self, hash: &str, came: &Came, soft: SoftLimit) -> Result<Came, StoreError> {
        loop {
            if let Some(row) = self.read::<Came>(key::returned(hash)).await? {
                return Ok(row.value);
            }
            match self.try_record_return(hash, came, soft).await {
                // Somebody recorded it, or changed the person or the day's counts: look again.
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error),
                Ok(came) => return Ok(came),
            }
        }
    }

    /// Boxes of returned mail that cannot be read.
    pub async fn postboxes_out(&self) -> Result<Option<Row<PostboxesOut>>, StoreError> {
        self.read(key::POSTBOXES_OUT).await
    }

    /// Records which boxes cannot be read now. Where somebody else recorded something meanwhile, theirs stands.
    pub async fn record_postboxes_out(
        &self,
        before: Option<&Row<PostboxesOut>>,
        boxes: Vec<PostboxOut>,
    ) -> Result<(), StoreError> {
        let mut change = self.change();
        match before {
            Some(row) if row.value.boxes == boxes => return Ok(()),
            None if boxes.is_empty() => return Ok(()),
            Some(row) if boxes.is_empty() => change.delete(row),
            Some(row) => change.update(row, &PostboxesOut { boxes }),
            None => change.insert(key::POSTBOXES_OUT, &PostboxesOut { boxes }),
        };
        match change.commit().await {
            Err(error) if !error.is_conflict() => Err(error),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    async fn try_record_return(&self, hash: &str, came: &Came, soft: SoftLimit) -> Result<Came, StoreError> {
        let (mut change, mut came) = (self.change(), came.clone());
        let day = key::returns_on(came.at);
        let row = self.read::<ReturnsDay>(day.clone()).await?;
        let mut counts = row.as_ref().map(|row| row.value.clone()).unwrap_or_default();
        *counts.counts.entry(came.kind).or_default() += 1;
        if came.kind == ReturnKind::Policy {
            counts.last_policy.clone_from(&came.words);
        }
        match &row {
            Some(row) => change.update(row, &counts),
            None => change.insert(day, &counts),
        };
        if let Some(id) = &came.subscriber
            && came.kind == ReturnKind::Unsubscribe
        {
            self.put_endings_elsewhere(&mut change, id, came.life, came.at).await?;
        }
        let concerns = came.subscriber.clone();
        if let Some(id) = &concerns
            && let Some(person) = self.person(id).await?
        {
            let mut changed: Person = person.value.clone();
            match came.kind {
                ReturnKind::Soft if came.spares => {}
                ReturnKind::Gone => changed.suppress(Ending::AddressGone, came.at),
                ReturnKind::Soft => changed.strike(came.delivery.as_ref().map_or(hash, DeliveryId::as_str), soft, came.at),
                ReturnKind::Complaint => changed.suppress(Ending::Complained, came.at),
                ReturnKind::Unsubscribe => changed.suppress(Ending::Unsubscribed, came.at),
                ReturnKind::Policy
                | ReturnKind::Delayed
                | ReturnKind::Receipt
                | ReturnKind::AutoReply
                | ReturnKind::Unproven
                | ReturnKind::Unknown => {}
            }
            let is_unreachable = matches!(came.kind, ReturnKind::Gone | ReturnKind::Soft);
            came.ends = changed.suppressed.map(|(why, _)| why).filter(|_| is_unreachable && person.value.suppressed.is_none());
            if came.ends.is_some() {
                let (hearing, heard) = self.hear_gone(&mut change, &came).await?;
                came.heard = Some(heard);
                match hearing {
                    Hearing::Believed => {}
                    Hearing::Held => changed.suppressed = None,
                    Hearing::ThrownAway => (changed, came.ends, came.heard) = (person.value.clone(), None, None),
                }
            }
            if changed != person.value {
                change.update(&person, &changed);
            }
            // Who complains or leaves has ended it; of who cannot be reached, everything is kept for a lifting.
            let is_ending = matches!(came.kind, ReturnKind::Complaint | ReturnKind::Unsubscribe);
            let ended = changed.suppressed.filter(|_| is_ending).map(|(why, _)| (why, came.at));
            for row in self.subscriptions(id).await? {
                if ended.is_some() && row.value.ended.is_none() {
                    change.update(&row, &Subscription { ended, ..row.value.clone() });
                }
            }
        }
        change.insert(key::returned(hash), &came);
        change.commit().await.map(|_| came)
    }

    /// The mail that came back under this hash.
    pub async fn returned(&self, hash: &str) -> Result<Option<Came>, StoreError> {
        Ok(self.read::<Came>(key::returned(hash)).await?.map(|row| row.value))
    }

    /// Whether one of `message_ids` is that of a digest to `subscriber` that was planned after `after`: which.
    pub async fn digest_named(
        &self,
        subscriber: &SubscriberId,
        message_ids: &[String],
        after: DateTime<Utc>,
    ) -> Result<Option<DeliveryId>, StoreError> {
        // What had been planned for an address before is sent to this one, under the name that it had.
        let formerly = self.person(subscriber).await?.map(|row| row.value.formerly).unwrap_or_default();
        let theirs: Vec<SubscriberId> = std::iter::once(subscriber.clone()).chain(formerly.into_iter().map(|f| f.id)).collect();
        for run in self.digest_runs().await?.into_iter().filter(|run| run.value.planned >= after) {
            for one in &theirs {
                let id = DeliveryId::of(one, run.value.cadence, run.value.window);
                if message_ids.iter().any(|claimed| claimed.eq_ignore_ascii_case(id.as_str())) {
                    return Ok(Some(id));
                }
            }
        }
        Ok(None)
    }

    /// What came back in the last `days`, counted.
    pub async fn returns_since(&self, after: DateTime<Utc>) -> Result<ReturnsDay, StoreError> {
        let mut all = ReturnsDay::default();
        let range = key::returns_on(after)..prefix_range(key::RETURNS.as_bytes()).end;
        let mut rows = self.rows::<ReturnsDay>(range);
        while let Some(row) = rows.try_next().await? {
            for (kind, count) in row.value.counts {
                *all.counts.entry(kind).or_default() += count;
            }
            all.last_policy = row.value.last_policy.or(all.last_policy);
        }
        Ok(all)
    }

    /// Readers who complained of mails of the last days, and how many were sent, since an admin last forgave.
    ///
    /// A reader counts once, by the first of their mails that they complained of: with it their mail has ended.
    pub async fn complaints(&self, now: DateTime<Utc>) -> Result<(u64, u64), StoreError> {
        let forgiven = self.complaint_pause().await?.and_then(|row| row.value.forgiven);
        let after = forgiven.into_iter().fold(now - TimeDelta::days(COMPLAINT_DAYS), DateTime::max);
        let mut readers: BTreeMap<SubscriberId, DateTime<Utc>> = BTreeMap::new();
        let mut rows = self.rows::<Came>(prefix_range(key::RETURNED.as_bytes()));
        while let Some(row) = rows.try_next().await? {
            let Came { at, kind: ReturnKind::Complaint, subscriber: Some(reader), about, .. } = row.value else { continue };
            let about = about.unwrap_or(at - COMPLAINT_WAY);
            readers.entry(reader).and_modify(|first| *first = about.min(*first)).or_insert(about);
        }
        // What a clock that was ahead has dated cannot be told from what was forgiven since it was put right.
        let until = now + AHEAD;
        let complaints = readers.values().filter(|about| **about > after && **about <= until).count() as u64;
        let sent = self.sent_since(after).await?;
        Ok((complaints, sent))
    }

    /// How many mails of bundles that ended after `after` were taken.
    pub(super) async fn sent_since(&self, after: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut sent = 0;
        let mut settled = self.settled();
        while let Some(row) = settled.try_next().await? {
            sent += if row.value.at > after { row.value.sent } else { 0 };
        }
        Ok(sent)
    }

    /// Whether mail rests for complaints, or did.
    pub async fn complaint_pause(&self) -> Result<Option<Row<ComplaintPause>>, StoreError> {
        self.read(key::COMPLAINTS).await
    }

    /// Lets mail rest because of complaints. Where it rests already, that stands.
    pub async fn pause_for_complaints(&self, complaints: u64, sent: u64, now: DateTime<Utc>) -> Result<(), StoreError> {
        let row = self.complaint_pause().await?;
        let mut change = self.change();
        match &row {
            Some(row) if row.value.since.is_some() => return Ok(()),
            Some(row) => {
                change.update(row, &ComplaintPause { since: Some(now), complaints, sent, ..row.value.clone() });
            }
            None => {
                change.insert(key::COMPLAINTS, &ComplaintPause { since: Some(now), complaints, sent, forgiven: None });
            }
        }
        match change.commit().await {
            Err(error) if !error.is_conflict() => Err(error),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Lets mail go again after a pause for complaints; those about mail so far are not counted any more. Answers whether it rested.
    pub async fn forgive_complaints(&self, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let Some(row) = self.complaint_pause().await?.filter(|row| row.value.since.is_some()) else { return Ok(false) };
        let mut change = self.change();
        change.update(&row, &ComplaintPause { since: None, forgiven: Some(now), ..row.value.clone() });
        change.commit().await.map(|_| true)
    }
}
