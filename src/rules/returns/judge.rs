//! Whom a returned mail concerns: proved by our own signature, or nobody.
//!
//! Proof is the signed tag of the address that it came to, or what the returned mail itself holds of ours: the tag of its
//! sender, the token of its links. Recipient and Message-ID alone are a claim; whether it was our Message-ID depends on
//! what was sent.

use super::{Bounce, Evidence, Returned, Verdict, status};
use crate::domain::delivery::{DeliveryId, Position};
use crate::domain::subscriber::{Address, SubscriberId};
use crate::rules::token::{Keyring, Purpose};
use crate::rules::verp::{self, Read, Tag};
use chrono::{DateTime, Utc};

/// What is ours to recognise.
#[derive(Clone, Copy, Debug)]
pub struct Ours<'a> {
    /// The installation's secret.
    pub key: &'a [u8; 32],
    /// What signs links.
    pub links: &'a Keyring,
    /// Where mail comes back to, where it is tagged.
    pub mailbox: Option<&'a Address>,
}

/// What a mail that came back means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judged {
    /// What it is.
    pub what: What,
    /// Whom it concerns.
    pub whom: Whom,
    /// When the mail that it is about was made, where our own signature says so.
    pub about: Option<DateTime<Utc>>,
    /// What stands before the `@` of the Message-IDs that it names.
    pub message_ids: Vec<String>,
}

/// What a mail that came back is, its way here considered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// Ours was given back.
    Bounce(Bounce),
    /// Its reader calls ours spam.
    Complaint,
    /// Its reader wants no more.
    Unsubscribe {
        /// In which life of theirs they were mailed what it answers, where that is known.
        life: Option<u32>,
    },
    /// Ours waits.
    Delayed,
    /// Ours arrived.
    Receipt,
    /// A machine answered.
    AutoReply,
    /// For a person to look at.
    Unknown,
}

/// Whom it concerns.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Whom {
    /// Somebody, proved.
    Proved {
        /// Who.
        subscriber: SubscriberId,
        /// Which digest, where that is known.
        delivery: Option<DeliveryId>,
    },
    /// One of these, if one of the Message-IDs is that of a mail to them.
    Claimed {
        /// Whom it names.
        subscribers: Vec<SubscriberId>,
        /// What stands before the `@` of Message-IDs.
        message_ids: Vec<String>,
    },
    /// Nobody whom we know.
    Nobody {
        /// Something in it was made to look like ours, or was altered.
        forged: bool,
    },
}

/// Judges a mail that came to `envelope_to`, where that is known, by what was read of it.
#[must_use]
pub fn judge(returned: &Returned, envelope_to: Option<&str>, ours: &Ours<'_>, now: DateTime<Utc>) -> Judged {
    let told: Vec<&str> = envelope_to.map_or_else(|| returned.came_to.iter().map(String::as_str).collect(), |to| vec![to]);
    let mut forged = false;
    let mut tag = None;
    for address in told.into_iter().chain(returned.signatures.iter().map(String::as_str)) {
        match ours.mailbox.map_or(Read::Plain, |mailbox| verp::read(ours.key, mailbox, address, now)) {
            Read::Ours(found) => {
                tag.get_or_insert(found);
            }
            Read::Forged => forged = true,
            Read::Late | Read::Plain => {}
        }
    }
    let about = tag.and_then(|tag| tag.at()).map(Position::moment);
    let leaves = if let Some(Tag::Leave { life, .. }) = tag { Some(life) } else { None };
    let whom = whom(returned, tag, forged, ours, now);
    let what = match &of_them(returned, &whom, ours) {
        Verdict::Bounce(bounce) if is_shown(returned, &whom, ours) => What::Bounce(bounce.clone()),
        Verdict::Bounce(_) => What::Unknown,
        Verdict::Delayed => What::Delayed,
        Verdict::Receipt => What::Receipt,
        Verdict::Complaint => What::Complaint,
        other @ (Verdict::AutoReply | Verdict::Other) => match leaves {
            // The address can only be had from one of our mails, and nothing else is it for; but a machine that answers whatever
            // comes wants nothing.
            Some(life) if *other == Verdict::Other || returned.asks_to_leave => What::Unsubscribe { life },
            _ if *other == Verdict::AutoReply => What::AutoReply,
            _ => What::Unknown,
        },
    };
    Judged { what, whom, about, message_ids: message_ids(returned) }
}

/// What stands before the `@` of the Message-IDs that a mail names.
fn message_ids(returned: &Returned) -> Vec<String> {
    returned.message_ids.iter().filter_map(|id| id.split('@').next()).map(str::to_owned).collect()
}

/// Whether a bounce shows that it is one: where it is but words, by the address of who is proved in them.
fn is_shown(returned: &Returned, whom: &Whom, ours: &Ours<'_>) -> bool {
    match (&returned.evidence, whom) {
        (Evidence::Shown, _) => true,
        (Evidence::Names(all), Whom::Proved { subscriber, .. }) => all.iter().any(|name| is_of(name, subscriber, ours)),
        (Evidence::Names(_), Whom::Claimed { .. } | Whom::Nobody { .. }) => false,
    }
}

/// Whether an address is that of `subscriber`.
fn is_of(name: &str, subscriber: &SubscriberId, ours: &Ours<'_>) -> bool {
    Address::parse(name).is_ok_and(|address| SubscriberId::of(&address, ours.key) == *subscriber)
}

/// What a mail says of who is proved: a report may speak of others, too.
fn of_them(returned: &Returned, whom: &Whom, ours: &Ours<'_>) -> Verdict {
    let Whom::Proved { subscriber, .. } = whom else { return returned.verdict.clone() };
    let is_them = |name: &str| is_of(name, subscriber, ours);
    let speaks_of_them = returned.said.iter().flat_map(|said| &said.of).any(|name| is_them(name));
    if speaks_of_them { status::verdict(&returned.said, &is_them) } else { returned.verdict.clone() }
}

fn whom(returned: &Returned, tag: Option<Tag>, forged: bool, ours: &Ours<'_>, now: DateTime<Utc>) -> Whom {
    if let Some(tag) = tag {
        return Whom::Proved { subscriber: tag.subscriber(), delivery: tag.delivery() };
    }
    let token = returned.signatures.iter().find_map(|raw| ours.links.read(raw, Purpose::Unsubscribe, now).ok());
    if let Some(token) = token {
        return Whom::Proved { subscriber: token.subscriber, delivery: None };
    }
    // A tag that was tampered with is no reason to believe the rest.
    if forged || returned.recipients.is_empty() || returned.message_ids.is_empty() {
        return Whom::Nobody { forged };
    }
    let addresses = returned.recipients.iter().filter_map(|raw| Address::parse(raw).ok());
    Whom::Claimed {
        subscribers: addresses.map(|address| SubscriberId::of(&address, ours.key)).collect(),
        message_ids: message_ids(returned),
    }
}
