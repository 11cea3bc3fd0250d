//! The records of mail that came back: each once, counts by day, and the pause that many complaints lead to.

use crate::domain::delivery::DeliveryId;
use crate::domain::subscriber::SubscriberId;
use crate::rules::schedule::postbox_rest;
use crate::store::record::Record;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a mail that came back was, and whether it was believed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReturnKind {
    /// A bounce: the address does not exist.
    Gone,
    /// A bounce: the mailbox or its server could not take it.
    Soft,
    /// A bounce: for what is thought of us, or for the message.
    Policy,
    /// Not given up yet.
    Delayed,
    /// It arrived, or was read.
    Receipt,
    /// A machine answered.
    AutoReply,
    /// Called spam.
    Complaint,
    /// To be taken off.
    Unsubscribe,
    /// A bounce or complaint that nothing of ours proves: it changes nothing.
    Unproven,
    /// For a person to look at.
    Unknown,
}

/// `returned/<hash>`: a mail that came back, by the hash of its octets: it counts once, however often it is read.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Came {
    /// When it was read.
    pub at: DateTime<Utc>,
    /// What it was.
    pub kind: ReturnKind,
    /// Whom it concerned.
    #[serde(default)]
    pub subscriber: Option<SubscriberId>,
    /// Which digest.
    #[serde(default)]
    pub delivery: Option<DeliveryId>,
    /// Whether it is not held against the address: the way there was at fault, or a server busy.
    #[serde(default)]
    pub spares: bool,
    /// What the server said, one line.
    #[serde(default)]
    pub words: Option<String>,
}

/// `returns/<day>`: how many mails of each kind came back on a day (UTC).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ReturnsDay {
    /// By kind.
    pub counts: BTreeMap<ReturnKind, u64>,
    /// What the last mail said that came back for what is thought of us.
    #[serde(default)]
    pub last_policy: Option<String>,
}

/// `complaints`: since when mail rests because too many readers call it spam, and until when complaints are forgiven.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ComplaintPause {
    /// Since when mail rests; `None`: it does not.
    pub since: Option<DateTime<Utc>>,
    /// Complaints then.
    pub complaints: u64,
    /// Mails sent then.
    pub sent: u64,
    /// An admin let mail go on: what was before does not count.
    #[serde(default)]
    pub forgiven: Option<DateTime<Utc>>,
}

impl Record for Came {
    const KIND: &'static str = "returned mail";
    const SCHEMA: u8 = 1;
}

impl Record for ReturnsDay {
    const KIND: &'static str = "day's returns";
    const SCHEMA: u8 = 1;
}

impl Record for ComplaintPause {
    const KIND: &'static str = "pause for complaints";
    const SCHEMA: u8 = 1;
}

/// `postboxes-out`: boxes of returned mail that cannot be read; absent while there is none.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct PostboxesOut {
    /// Each of them.
    pub boxes: Vec<PostboxOut>,
}

/// A box of returned mail that cannot be read.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PostboxOut {
    /// What it is called.
    pub name: String,
    /// Why not.
    pub reply: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// How often it was tried since.
    pub in_a_row: u32,
    /// Until when it is left alone.
    pub until: DateTime<Utc>,
}

impl PostboxOut {
    /// Whether it is left alone at `now`. A time that a clock which was ahead has set is not waited for.
    #[must_use]
    pub fn rests(&self, now: DateTime<Utc>) -> bool {
        now < self.until && TimeDelta::from_std(postbox_rest(self.in_a_row)).is_ok_and(|rest| self.until - now <= rest)
    }
}
