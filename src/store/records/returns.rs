//! The records of mail that came back: each once, counts by day, and the pause that many complaints lead to.

use super::Heard;
use crate::domain::delivery::DeliveryId;
use crate::domain::subscriber::{Ending, SubscriberId};
use crate::rules::refusal::gist;
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
    /// In which life of theirs they were mailed what they leave by, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub life: Option<u32>,
    /// Which digest.
    #[serde(default)]
    pub delivery: Option<DeliveryId>,
    /// Whether it is not held against the address: the way there was at fault, or a server busy.
    #[serde(default)]
    pub spares: bool,
    /// What the server said, one line.
    #[serde(default)]
    pub words: Option<String>,
    /// When the mail that it is about was made, where that is known.
    #[serde(default)]
    pub about: Option<DateTime<Utc>>,
    /// For what it suppressed them, or does once it is believed.
    #[serde(default)]
    pub ends: Option<Ending>,
    /// When the delivery that it brought back was put into the outbox once more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<DateTime<Utc>>,
    /// Where it says that nothing reaches them: how things stood then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard: Option<Heard>,
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

/// `told-gone`: of how many people mail that came back said within a day that nothing reaches them, and whether that is
/// believed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ToldGone {
    /// When the day began.
    pub since: DateTime<Utc>,
    /// Of how many, but for those who were suppressed before.
    pub people: u64,
    /// Of how many in which words ([`gist`]); a few dozen are told apart.
    pub alike: BTreeMap<String, u64>,
    /// What was said last.
    #[serde(default)]
    pub words: Option<String>,
    /// How many were mailed lately…
    #[serde(default)]
    pub mailed: u64,
    /// …as it was counted then.
    #[serde(default)]
    pub counted: Option<DateTime<Utc>>,
    /// Since when it is not believed.
    #[serde(default)]
    pub doubted: Option<DateTime<Utc>>,
    /// Whether those of this day who were suppressed before that are mailed again.
    #[serde(default)]
    pub is_taken_back: bool,
    /// It is believed after all; some may not be suppressed yet.
    #[serde(default)]
    pub is_accepted: bool,
    /// Until then an admin wants it believed, of however many.
    #[serde(default)]
    pub believed_until: Option<DateTime<Utc>>,
    /// What an admin said last is not true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thrown_away: Option<ThrownAway>,
}

/// What came back from everybody and is not true, as an admin says: the last of it comes after they have said so.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ThrownAway {
    /// When they said so.
    pub at: DateTime<Utc>,
    /// Of how many it was said later, of mail from before that.
    pub late: u64,
}

/// What is heard of one more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hearing {
    /// They are suppressed for it.
    Believed,
    /// Nobody is, until somebody has looked.
    Held,
    /// It is part of what was thrown away.
    ThrownAway,
}

/// How long after it was thrown away the last of it comes: as long as mail servers try.
const LATE_FOR: TimeDelta = TimeDelta::days(5);

impl ThrownAway {
    /// Whether what was said at `now`, of mail made at `about`, is part of it. Whatever the words: servers put into them whom they
    /// asked and under which number. An address that is gone indeed brings back the next mail, too.
    fn holds(&self, about: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
        // What a clock that was ahead has dated is of before it was put right.
        self.is_recent(now) && about.is_none_or(|about| about <= self.at || about > now)
    }

    /// Whether the last of it may still come at `now`.
    #[must_use]
    pub fn is_recent(&self, now: DateTime<Utc>) -> bool {
        (TimeDelta::zero()..LATE_FOR).contains(&(now - self.at))
    }
}

/// The day over which such people are counted.
const DAY: TimeDelta = TimeDelta::days(1);
/// Reasons that are told apart.
const GISTS_MAX: usize = 50;

impl ToldGone {
    /// Nobody yet on the day that begins at `now`.
    #[must_use]
    pub fn on(now: DateTime<Utc>) -> Self {
        Self {
            since: now,
            people: 0,
            alike: BTreeMap::new(),
            words: None,
            mailed: 0,
            counted: None,
            doubted: None,
            is_taken_back: false,
            is_accepted: false,
            believed_until: None,
            thrown_away: None,
        }
    }

    /// Nobody yet on the day that begins at `now`, and what an admin has said stands.
    #[must_use]
    pub fn anew(&self, now: DateTime<Utc>) -> Self {
        let (believed_until, thrown_away) = (self.believed_until, self.thrown_away);
        Self { believed_until, thrown_away, ..Self::on(now) }
    }

    /// The day that begins at `now`, after an admin has said that nothing of this one is true.
    #[must_use]
    pub fn thrown_away(now: DateTime<Utc>) -> Self {
        Self { thrown_away: Some(ThrownAway { at: now, late: 0 }), ..Self::on(now) }
    }

    /// Hears it of one more: in these words, of mail made at `about`.
    pub fn hear(&mut self, words: Option<&str>, about: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Hearing {
        let is_over = !(TimeDelta::zero()..DAY).contains(&(now - self.since));
        if is_over && self.doubted.is_none() {
            *self = self.anew(now);
        }
        if let Some(thrown_away) = self.thrown_away.as_mut().filter(|thrown_away| thrown_away.holds(about, now)) {
            thrown_away.late += 1;
            return Hearing::ThrownAway;
        }
        self.people += 1;
        let gist = words.map(gist).unwrap_or_default();
        if self.alike.len() < GISTS_MAX || self.alike.contains_key(&gist) {
            *self.alike.entry(gist).or_default() += 1;
        }
        self.words = words.map(str::to_owned);
        if self.is_held() { Hearing::Held } else { Hearing::Believed }
    }

    /// Whether what is said now suppresses nobody.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.doubted.is_some() && !self.is_accepted
    }

    /// Whether an admin wants it believed now, of however many.
    #[must_use]
    pub fn is_believed(&self, now: DateTime<Utc>) -> bool {
        self.believed_until.is_some_and(|until| now < until)
    }

    /// Of how many the same is said.
    #[must_use]
    pub fn most_alike(&self) -> u64 {
        self.alike.values().copied().max().unwrap_or(0)
    }
}

/// `again`: digests that came back in this time are to be sent once more; absent when that is done.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Again {
    /// From then on…
    pub since: DateTime<Utc>,
    /// …and no later than this.
    pub until: DateTime<Utc>,
    /// Of that day, those that said that nothing reaches people, whatever their times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<DateTime<Utc>>,
}

impl Record for Again {
    const KIND: &'static str = "order to send again";
    const SCHEMA: u8 = 1;
}

impl Record for ToldGone {
    const KIND: &'static str = "people told gone";
    const SCHEMA: u8 = 1;
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
