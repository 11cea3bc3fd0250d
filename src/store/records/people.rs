//! The records of people: addresses, what they get, what they asked for and said yes to, and who wants to be left alone.

use crate::domain::bundle::Series;
use crate::domain::choice::Choice;
use crate::domain::consent::{Consent, Wording};
use crate::domain::delivery::Position;
use crate::domain::source::SourceId;
use crate::domain::subscriber::{Address, Cadence, Ending, Interests, SubscriberId};
use crate::rules::token::Purpose;
use crate::store::record::Record;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// `person/<subscriber>`: one address. Short, whatever it says: what is longer lies in files of its own, and an address
/// must be gone at once when it is erased.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Person {
    /// Where mail goes.
    pub address: Address,
    /// When first known.
    pub since: DateTime<Utc>,
    /// Never mail it: why and when.
    #[serde(default)]
    pub suppressed: Option<(Ending, DateTime<Utc>)>,
    /// What an admin wrote to them of why it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_because: Option<String>,
    /// Until when they want no news; what is published meanwhile is not told later.
    #[serde(default)]
    pub paused_until: Option<DateTime<Utc>>,
    /// Since when they want word once a month where there is no news.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monthly_since: Option<DateTime<Utc>>,
    /// Mail that came back though the address exists, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub strikes: Vec<Strike>,
    /// Who they were under the addresses that they had before, the latest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formerly: Vec<Former>,
    /// How often they came back after everything had ended: which life of theirs here this is. What was planned for them in
    /// another one is not sent in this one.
    #[serde(default, skip_serializing_if = "is_first")]
    pub life: u32,
    /// Which lives of theirs at this address went on at another, the latest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moved: Vec<MovedOn>,
    /// When they last changed by their own hand what they get.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chose: Option<DateTime<Utc>>,
    /// When they last wanted to hear no more of an item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub muted: Option<DateTime<Utc>>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_first(life: &u32) -> bool {
    *life == 0
}

/// A life at one address that went on at another: what waits for the one is for the other.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MovedOn {
    /// Which life.
    pub life: u32,
    /// Who takes over.
    pub to: SubscriberId,
    /// In which life of theirs.
    pub to_life: u32,
    /// Whether that life began with it: they had nothing of their own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub began: bool,
    /// Windows of which the one who takes over had been planned, and this one had not: what they tell is still planned here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owed: Vec<Series>,
}

/// An address that somebody had before, as the ledger knows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Former {
    /// Its identity.
    pub id: SubscriberId,
    /// In which life of theirs there.
    #[serde(default, skip_serializing_if = "is_first")]
    pub life: u32,
    /// Up to where in the log they were told there.
    pub until: Position,
}

/// One mail that came back though the address exists.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Strike {
    /// Which delivery or returned mail: each counts once, however often it is reported.
    pub of: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl Person {
    /// An address first known now.
    #[must_use]
    pub fn known_since(address: Address, now: DateTime<Utc>) -> Self {
        Self {
            address,
            since: now,
            suppressed: None,
            ended_because: None,
            paused_until: None,
            monthly_since: None,
            strikes: Vec::new(),
            formerly: Vec::new(),
            life: 0,
            moved: Vec::new(),
            chose: None,
            muted: None,
        }
    }

    /// Who has taken over from them, where the last that happened to their address is that they moved.
    #[must_use]
    pub fn moved_to(&self) -> Option<&MovedOn> {
        self.moved.last().filter(|moved| moved.life == self.life)
    }

    /// Until when what they ended by their own hand can be taken back, to the minute; `None` where nothing was ended like that.
    #[must_use]
    pub fn undo_until(&self) -> Option<DateTime<Utc>> {
        self.suppressed.filter(|(why, _)| *why == Ending::Unsubscribed).and_then(|(_, at)| Purpose::Undo.expiry(at))
    }

    /// Until when their move to another address can be taken back, to the minute; `None` where the last that happened is no move.
    #[must_use]
    pub fn move_back_until(&self) -> Option<DateTime<Utc>> {
        self.suppressed.filter(|(why, _)| *why == Ending::Moved).and_then(|(_, at)| Purpose::MoveBack.expiry(at))
    }

    /// Whether they want no news at `now`.
    #[must_use]
    pub fn is_paused(&self, now: DateTime<Utc>) -> bool {
        self.pause(now).is_some()
    }

    /// Until when they want no news, where that is so at `now`.
    #[must_use]
    pub fn pause(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.paused_until.filter(|until| now < *until)
    }
}

/// `subscription/<subscriber>/<origin>`: what somebody gets, from one file, by their own hand or by an admin's.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Subscription {
    /// `file:` and the list file's name, `web:` or `admin:` and the cadence.
    pub origin: String,
    /// How often.
    pub cadence: Cadence,
    /// What.
    pub interests: Interests,
    /// Notices before it are not theirs.
    pub since: Position,
    /// When it began.
    pub began: DateTime<Utc>,
    /// What was moved to another cadence, and from where in the log on it is told at that one: what came before and has
    /// not been told yet is still told at this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<(Interests, Position)>,
    /// Why and when it ended; never deleted while anything is known of the person.
    #[serde(default)]
    pub ended: Option<(Ending, DateTime<Utc>)>,
}

impl Subscription {
    /// All that may be told of at its cadence.
    #[must_use]
    pub fn wants(self) -> Interests {
        match self.moved {
            Some((moved, _)) => self.interests.joined(&moved),
            None => self.interests,
        }
    }
}

/// `request/<subscriber>/<until>`: somebody asked for updates to an address. Short, as a person is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Request {
    /// Where the question is mailed; `None` where none is, or where it has been answered.
    pub address: Option<Address>,
    /// When.
    pub asked: DateTime<Utc>,
    /// Until when it can be confirmed.
    pub until: DateTime<Utc>,
    /// When it was.
    #[serde(default)]
    pub confirmed: Option<DateTime<Utc>>,
    /// Whose address it is to take the place of.
    #[serde(default)]
    pub instead_of: Option<SubscriberId>,
}

/// `signed-by`: marks of the keys of links of which one must be in the file beside the store: of the one that signs, and, while that is
/// changed, of the one that is to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SignedBy {
    /// Each; never empty.
    pub one_of: BTreeSet<String>,
}

/// `wish/<subscriber>/<until>`: what a request asks for, and the words that stood beside the button.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RequestedChoice {
    /// What.
    pub choice: Choice,
    /// Whether also word once a month where there is no news.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub monthly: bool,
    /// In which words.
    pub wording: Wording,
}

/// `mute/<subscriber>/<item>`: somebody wants to hear no more of an item.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Mute {
    /// Where the item was found.
    pub source: SourceId,
    /// What it was called then.
    pub title: String,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// `remains`: something was erased, and the store's files may still hold it where nothing reads it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Remains {
    /// When that last happened.
    pub at: DateTime<Utc>,
}

/// `erased/<subscriber>`: of somebody who was erased, nothing but the keyed hash that is the key's end, and why they are
/// left alone. Files cannot bring them back; their own yes can.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Erased {
    /// Why nothing was mailed to them any more.
    pub why: Ending,
    /// When they were erased.
    pub at: DateTime<Utc>,
    /// Whether what was sent to that hash is forgotten too: it is once nothing of it waits to be sent.
    #[serde(default)]
    pub is_cleared: bool,
    /// The last life of theirs.
    #[serde(default, skip_serializing_if = "is_first")]
    pub life: u32,
    /// Which lives of theirs went on at another address, as long as that is not erased too: what waits is for that one, and a
    /// link in an old mail ends what it has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moved: Vec<MovedOn>,
}

impl Erased {
    /// Somebody who is erased now, as far as a hash and what hangs on it go.
    #[must_use]
    pub fn now(why: Ending, person: Option<&Person>, at: DateTime<Utc>) -> Self {
        let (life, moved) = person.map(|person| (person.life, person.moved.clone())).unwrap_or_default();
        Self { why, at, is_cleared: false, life, moved }
    }
}

/// Gives each record its name and the number of its schema.
macro_rules! records {
    ($($type:ty: $kind:literal;)*) => {
        $(impl Record for $type {
            const KIND: &'static str = $kind;
            const SCHEMA: u8 = 1;
        })*
    };
}

records! {
    Person: "subscriber";
    Subscription: "subscription";
    Request: "request";
    RequestedChoice: "request's choice";
    Consent: "consent";
    Mute: "mute";
    Erased: "erased subscriber";
    Remains: "mark of remains";
    SignedBy: "mark of the keys of links";
}
