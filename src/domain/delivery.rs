//! A delivery: one message to one subscriber, from the moment it is planned until it is settled.

use super::item::{Change, ItemId, hash_hex};
use super::occasion::Occasion;
use super::source::SourceId;
use super::subscriber::{Cadence, SubscriberId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A place in the log of notices: milliseconds since 1970, made strictly increasing, so that half-open windows over it
/// neither overlap nor leave a gap even when the clock steps back.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Position(pub u64);

impl Position {
    /// The place of a moment; 1970 for anything earlier.
    #[must_use]
    pub fn at(moment: DateTime<Utc>) -> Self {
        Self(u64::try_from(moment.timestamp_millis()).unwrap_or(0))
    }

    /// The moment of a place.
    #[must_use]
    pub fn moment(self) -> DateTime<Utc> {
        i64::try_from(self.0).ok().and_then(DateTime::from_timestamp_millis).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

/// What a digest covers: `[from, to)` of the log.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Window {
    /// First position covered.
    pub from: Position,
    /// First position not covered.
    pub to: Position,
}

/// When a delivery is due that is due at once: for every clock, also one that has stepped back.
pub const AT_ONCE: DateTime<Utc> = DateTime::UNIX_EPOCH;

/// Something worth telling: an entry of the log, made in the same commit as the revision it names.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Notice {
    /// Its place in the log.
    pub position: Position,
    /// What happened.
    pub change: Change,
    /// To which item.
    pub item: ItemId,
    /// Found where.
    pub source: SourceId,
    /// Which content it announces.
    pub revision: u32,
}

/// What a message tells of one item: all its notices in the window, made one.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Told {
    /// What happened, on the whole.
    pub change: Change,
    /// To which item.
    pub item: ItemId,
    /// Found where.
    pub source: SourceId,
    /// The latest content.
    pub revision: u32,
    /// The content before the first change told; `None` for a new item.
    pub previous: Option<u32>,
    /// Where its latest notice stands.
    pub position: Position,
}

/// A delivery's identity: 32 hexadecimal digits, a function of person, cadence and window, so that planning twice is
/// planning once and a repeat carries the same Message-ID.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DeliveryId(String);

impl DeliveryId {
    /// The delivery of `window` at `cadence` to `subscriber`.
    #[must_use]
    pub fn of(subscriber: &SubscriberId, cadence: Cadence, window: Window) -> Self {
        Self(hash_hex(&[b"delivery", subscriber.as_str().as_bytes(), cadence.as_str().as_bytes(), &window.to.0.to_be_bytes()]))
    }

    /// The letter to `subscriber` that became due at `at`.
    #[must_use]
    pub fn of_letter(subscriber: &SubscriberId, occasion: Occasion, at: Position) -> Self {
        Self(hash_hex(&[b"letter", subscriber.as_str().as_bytes(), occasion.as_str().as_bytes(), &at.0.to_be_bytes()]))
    }

    /// No delivery, but what stands in the place of one in a sample of this `name`.
    #[must_use]
    pub fn of_nobody(name: &str) -> Self {
        Self(hash_hex(&[b"nobody's delivery", name.as_bytes()]))
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `<id@domain>`: RFC 5322 §3.6.4, the same at every attempt.
    #[must_use]
    pub fn message_id(&self, domain: &str) -> String {
        format!("<{}@{domain}>", self.0)
    }
}

impl fmt::Display for DeliveryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a server's answer, or its silence, means for a delivery.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Refusal {
    /// What to do about it.
    pub kind: RefusalKind,
    /// The server's words, or what happened to the line: one line, shown to admins.
    pub reply: String,
}

/// What to do about a refusal.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalKind {
    /// 4xx: again later.
    Transient,
    /// 5xx about this message or mailbox: not again.
    Permanent,
    /// 5.1.x: the address does not exist; no more mail to it.
    AddressGone,
    /// 5.7.x and reputation: it is about us, whoever is mailed. Again when that has mended; the address is not to blame.
    Policy,
    /// More than somebody takes from us for now: nothing to anybody for a while.
    Throttled,
    /// The message is larger than they take: not again.
    TooLarge,
    /// The relay cannot be reached or used: again later, and nobody's fault.
    Relay,
    /// The line broke before the final reply: it may have been taken; again under the same Message-ID.
    Unknown,
}

/// Why a delivery is cancelled that comes too late to be news.
pub const STALE: &str = "its window closed longer ago than mail.stale_after";

/// Why a message is not sent that only others may have.
pub const OTHERS_ONLY: &str = "mail.only_to names others only";

/// Why a delivery is cancelled that may have come to an address that its reader has left: it counts as given.
pub const MAY_HAVE_COME: &str =
    "the line broke while it was given to the address that its reader has moved from: it may have come";

/// Why a delivery is cancelled when what became of its items meanwhile left nothing of it to tell: a later delivery tells it, or
/// there is nothing to tell of what had never been told. It counts as given.
pub const OVERTAKEN: &str = "what became of it meanwhile took its place";

/// How a delivery ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "as")]
pub enum Settlement {
    /// Accepted by the next hop, nothing more.
    Sent {
        /// The server's words.
        reply: String,
    },
    /// Refused for good.
    Refused(Refusal),
    /// The subscription ended, or the address was suppressed, before it left.
    Cancelled {
        /// Why.
        reason: String,
    },
}
