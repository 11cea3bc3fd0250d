//! Reading what came back: each mail is judged, recorded in one commit, and only then put away where it came from. If we
//! stop between the two, it is read again and changes nothing: its record is known by the hash of its octets.

use crate::config::SoftLimit;
use crate::domain::delivery::DeliveryId;
use crate::domain::item::hash_hex;
use crate::domain::subscriber::SubscriberId;
use crate::ports::{Arrived, Clock, Fate, Postbox};
use crate::rules::complaints::{Standing, standing};
use crate::rules::gone::{is_beyond, may_be_beyond};
use crate::rules::refusal::unnamed;
use crate::rules::returns::{BounceClass, Judged, Ours, What, Whom, judge, read};
use crate::rules::verp::VALID_FOR;
use crate::store::gone::Verdict;
use crate::store::records::{Came, ReturnKind};
use crate::store::{Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};

/// Mails taken out of a box at a time.
const AT_A_TIME: usize = 50;
/// How long a count of those who were mailed lately is good for.
const COUNTED_FOR: TimeDelta = TimeDelta::hours(1);

/// Who reads, and what is ours.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    /// What is known.
    pub store: &'a Store,
    /// The time.
    pub clock: &'a dyn Clock,
    /// What is ours to recognise.
    pub ours: Ours<'a>,
    /// How often mail to an address that exists may come back.
    pub soft: SoftLimit,
}

/// Why a mail that came back could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum ReturnsError {
    /// The store said no.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The box could not be read, or a mail not be put away.
    #[error("returned mail could not be read")]
    Postbox(#[source] std::io::Error),
}

impl Reader<'_> {
    /// Reads what waits in `postbox`, until nothing does or `stop` says so. Answers how many.
    pub async fn empty(&self, postbox: &dyn Postbox, stop: &(dyn Fn() -> bool + Sync)) -> Result<usize, ReturnsError> {
        let mut read = 0;
        while !stop() {
            let waiting = postbox.waiting(AT_A_TIME).await.map_err(ReturnsError::Postbox)?;
            if waiting.is_empty() {
                break;
            }
            for mail in waiting {
                let fate = self.take(&mail).await?;
                // If we stop here: it is still waiting, and known.
                postbox.put_away(mail.id, fate).await.map_err(ReturnsError::Postbox)?;
                read += 1;
            }
        }
        Ok(read)
    }

    /// Judges one mail and records what follows. It may be put away when this returns.
    pub async fn take(&self, mail: &Arrived) -> Result<Fate, StoreError> {
        // One mail may be brought for several: it says of each what it says.
        let hash = match &mail.envelope_to {
            Some(to) => hash_hex(&[b"returned", &mail.bytes, to.to_lowercase().as_bytes()]),
            None => hash_hex(&[b"returned", &mail.bytes]),
        };
        let came = if let Some(came) = self.store.returned(&hash).await? {
            came
        } else {
            let now = self.clock.now();
            let judged = judge(&read(&mail.bytes), mail.envelope_to.as_deref(), &self.ours, now);
            let came = self.came(judged, now).await?;
            let came = self.store.record_return(&hash, &came, self.soft).await?;
            say(&came);
            came
        };
        if came.kind == ReturnKind::Complaint {
            self.watch_complaints().await?;
        }
        if came.ends.is_some() {
            self.watch_gone().await?;
        }
        Ok(if matches!(came.kind, ReturnKind::Unknown | ReturnKind::Unproven) { Fate::LeftToPeople } else { Fate::Taken })
    }

    /// What is to be recorded.
    async fn came(&self, judged: Judged, now: DateTime<Utc>) -> Result<Came, StoreError> {
        let (about, life) = (judged.about, if let What::Unsubscribe { life } = judged.what { life } else { None });
        let whom = self.whom(judged.whom, &judged.message_ids, now).await?;
        let address = match &whom {
            Some((who, _)) => self.store.person(who).await?.map(|row| row.value.address),
            None => None,
        };
        let spares = matches!(&judged.what, What::Bounce(bounce) if !bounce.blames_mailbox);
        let (kind, words) = match judged.what {
            What::Bounce(bounce) => {
                let kind = match bounce.class {
                    BounceClass::Gone => ReturnKind::Gone,
                    BounceClass::Soft => ReturnKind::Soft,
                    BounceClass::Ours => ReturnKind::Policy,
                };
                (kind, Some(unnamed(&bounce.words, address.as_ref())))
            }
            What::Complaint => (ReturnKind::Complaint, None),
            What::Unsubscribe { .. } => (ReturnKind::Unsubscribe, None),
            What::Delayed => (ReturnKind::Delayed, None),
            What::Receipt => (ReturnKind::Receipt, None),
            What::AutoReply => (ReturnKind::AutoReply, None),
            What::Unknown => (ReturnKind::Unknown, None),
        };
        let needs_proof = matches!(
            kind,
            ReturnKind::Gone | ReturnKind::Soft | ReturnKind::Policy | ReturnKind::Complaint | ReturnKind::Unsubscribe
        );
        let kind = if needs_proof && whom.is_none() { ReturnKind::Unproven } else { kind };
        let (subscriber, delivery) = whom.map_or((None, None), |(who, what)| (Some(who), what));
        Ok(Came { at: now, kind, subscriber, life, delivery, spares, words, about, ends: None, again: None, heard: None })
    }

    /// Somebody whom we know, and which digest to them.
    async fn whom(
        &self,
        whom: Whom,
        message_ids: &[String],
        now: DateTime<Utc>,
    ) -> Result<Option<(SubscriberId, Option<DeliveryId>)>, StoreError> {
        match whom {
            // What proves whom it concerns need not say of which digest it is; the mail that is returned in it does.
            Whom::Proved { subscriber, delivery } => {
                if self.store.person(&subscriber).await?.is_none() {
                    return Ok(None);
                }
                // What proves whom it concerns need not say of which digest it is; the mail that is returned in it does.
                let delivery = match delivery {
                    None if !message_ids.is_empty() => self.store.digest_named(&subscriber, message_ids, now - VALID_FOR).await?,
                    known => known,
                };
                Ok(Some((subscriber, delivery)))
            }
            Whom::Claimed { subscribers, message_ids } => {
                for subscriber in subscribers {
                    if self.store.person(&subscriber).await?.is_some()
                        && let Some(delivery) = self.store.digest_named(&subscriber, &message_ids, now - VALID_FOR).await?
                    {
                        return Ok(Some((subscriber, Some(delivery))));
                    }
                }
                Ok(None)
            }
            Whom::Nobody { forged } => {
                if forged {
                    tracing::warn!("a mail came to a return address that is not ours or was altered; it changes nothing");
                }
                Ok(None)
            }
        }
    }

    /// Believes nothing of the kind where it is said of too many within a day that nothing reaches them, and believes it after
    /// all where they turn out few. Finishes what a stop cut short.
    pub(super) async fn watch_gone(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        self.store.carry_out_again(now).await?;
        let Some(row) = self.store.told_gone().await? else { return Ok(()) };
        let told = &row.value;
        let was_counted = told.counted.is_some_and(|at| (TimeDelta::zero()..COUNTED_FOR).contains(&(now - at)));
        let is_doubted = told.doubted.is_some();
        if told.is_accepted || (is_doubted && !told.is_taken_back) {
            return self.store.carry_out_gone(now).await;
        }
        if is_doubted && !was_counted {
            let mailed = self.store.mailed_lately(now).await?;
            let (people, alike) = self.store.count_gone(told.since).await?;
            if is_beyond(people, alike, mailed) {
                return self.store.record_gone(&row, mailed, false, now).await;
            }
            tracing::info!(people, mailed, "those whom nothing reached have turned out few, and are believed");
            return self.store.decide_gone(Verdict::True(now), now).await.map(drop);
        }
        if is_doubted || told.is_believed(now) || !may_be_beyond(told.people) {
            return Ok(());
        }
        if was_counted && !is_beyond(told.people, told.most_alike(), told.mailed) {
            return Ok(());
        }
        let mailed = self.store.mailed_lately(now).await?;
        let is_too_many = is_beyond(told.people, told.most_alike(), mailed);
        self.store.record_gone(&row, mailed, is_too_many, now).await?;
        if is_too_many {
            let (people, words) = (told.people, told.words.as_deref());
            tracing::error!(
                people,
                mailed,
                words,
                "mail comes back as if nobody could be reached: not believed until `mail resume`"
            );
            self.store.carry_out_gone(now).await?;
        }
        Ok(())
    }

    /// Lets mail rest where too many readers complain.
    async fn watch_complaints(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let (complaints, sent) = self.store.complaints(now).await?;
        if standing(complaints, sent) == Standing::Pause {
            tracing::error!(complaints, sent, "too many readers call our mail spam: nothing is sent until `mail resume`");
            self.store.pause_for_complaints(complaints, sent, now).await?;
        }
        Ok(())
    }
}

/// A line a mail that changed something.
fn say(came: &Came) {
    let (who, words) = (came.subscriber.as_ref().map(SubscriberId::as_str), came.words.as_deref());
    match came.kind {
        ReturnKind::Gone => tracing::info!(subscriber = who, words, "mail came back: the address does not exist"),
        ReturnKind::Soft => tracing::info!(subscriber = who, words, "mail came back"),
        ReturnKind::Policy => tracing::warn!(subscriber = who, words, "mail came back for what is thought of us"),
        ReturnKind::Complaint => {
            tracing::warn!(subscriber = who, "a reader called our mail spam; their subscription has ended");
        }
        ReturnKind::Unsubscribe => tracing::info!(subscriber = who, "unsubscribed by mail"),
        ReturnKind::Unproven => tracing::warn!(words, "a mail says that ours came back, and nothing in it proves it"),
        ReturnKind::Unknown => tracing::info!("a mail came back that is for a person to read"),
        ReturnKind::Delayed | ReturnKind::Receipt | ReturnKind::AutoReply => {}
    }
}
