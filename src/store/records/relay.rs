//! What keeps mail from leaving: which servers are out of use, and trouble that is not about whoever is mailed.

use crate::domain::delivery::RefusalKind;
use crate::domain::subscriber::Address;
use crate::rules::operator::operator;
use crate::rules::schedule::{relay_rest, rests_after};
use crate::rules::standstill::{PEOPLE_MIN, asked_after, told_after};
use crate::store::record::Record;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What is refused to a reader or two is told of after so long, where nothing else was taken.
const FEW_ARE_TOLD: TimeDelta = TimeDelta::hours(1);

/// `relays-out`: mail servers that are out of use while others do their work; absent while there is none.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RelaysOut {
    /// Each of them.
    pub relays: Vec<RelayOut>,
}

/// `standstill`: the mail server puts off what it is given, and has taken nothing since; absent while it takes something.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Standstill {
    /// Since when.
    pub since: DateTime<Utc>,
    /// People of whom it put off something, counted as far as it matters.
    pub people: usize,
    /// Deliveries that it put off…
    pub deliveries: u64,
    /// …of so many that were planned to tell the same.
    pub planned: u64,
    /// What it said last.
    pub reply: String,
    /// Whether the log has said so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_told: bool,
}

impl Standstill {
    /// Whether it is the server that puts off, whoever it is for, and for so long that somebody should know.
    #[must_use]
    pub fn needs_a_person(&self, now: DateTime<Utc>) -> bool {
        let Self { people, deliveries, planned, ref reply, .. } = *self;
        told_after(people, deliveries, planned, reply).is_some_and(|after| now - self.since >= after)
    }

    /// How long after the last attempt one mail asks whether it is over, where it is the server that puts off.
    #[must_use]
    pub fn asked_after(&self) -> Option<TimeDelta> {
        asked_after(self.people, self.deliveries, self.planned, &self.reply)
    }
}

/// `pace`: what left lately, where there is a limit to a minute; absent where there is none.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Pace {
    /// In the order of its times.
    pub left: Vec<Left>,
}

/// Messages that left together.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Left {
    /// Not later than that; before it is over, when it began.
    pub by: DateTime<Utc>,
    /// How many; before it is over, at most.
    pub messages: u32,
}

/// A mail server that is out of use, or odd.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RelayOut {
    /// Host and port.
    pub relay: String,
    /// What it said, or what happened to the line.
    pub reply: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// It takes mail all the same; `reply` says what is odd about it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub serves: bool,
    /// How often in a row it was found so.
    #[serde(default)]
    pub times: u32,
    /// Until when it is gone by; then it is found out anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
}

/// `relay`: what keeps mail from leaving, whoever it is for; absent while nothing does.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RelayTrouble {
    /// Since when.
    pub since: DateTime<Utc>,
    /// What kind of trouble the last refusal was.
    pub kind: RefusalKind,
    /// Its words.
    pub reply: String,
    /// Refusals of that kind, one after the other.
    pub in_a_row: u32,
    /// Nothing is tried before this time.
    pub until: DateTime<Utc>,
    /// What was refused for good, whoever it was for, and is not believed.
    #[serde(default)]
    pub doubt: Option<Doubt>,
    /// Until then an admin wants refusals believed all the same.
    #[serde(default)]
    pub believed_until: Option<DateTime<Utc>>,
    /// To whom it was said, where it may be about them alone; nothing has been taken since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub witnesses: Vec<Witness>,
    /// It rests because those were refused again who had been refused before: whoever was not may ask meanwhile.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_of_known: bool,
}

/// Somebody whose mail was refused for no fault of the address: enough of both to tell them from others, and not to know them by.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Witness {
    /// Who.
    pub person: u32,
    /// Where they have their address.
    pub provider: u32,
}

impl Witness {
    /// The person of this number, who has this address.
    #[must_use]
    pub fn of(number: u128, address: &Address) -> Self {
        Self { person: mark(&number.to_be_bytes()), provider: Self::provider(address.domain()) }
    }

    /// What tells the provider of this name from others; under each of the names that it has, the same.
    #[must_use]
    pub fn provider(name: &str) -> u32 {
        mark(operator(name).as_bytes())
    }
}

fn mark(bytes: &[u8]) -> u32 {
    let [a, b, c, d, ..] = *blake3::hash(bytes).as_bytes();
    u32::from_be_bytes([a, b, c, d])
}

/// `providers-out`: providers that refuse mail to their readers, while others take theirs; absent while there is none.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ProvidersOut {
    /// Each of them.
    pub providers: Vec<ProviderOut>,
}

/// A provider that refuses mail to its readers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ProviderOut {
    /// The domain of their addresses.
    pub name: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Nothing is tried there before this time.
    pub until: DateTime<Utc>,
    /// What it said last.
    pub reply: String,
    /// How often in a row it was found so.
    pub times: u32,
    /// It said "not now": that it is too much, or what it thinks of us.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_for_now: bool,
    /// It says nothing, or the line is closed, once it was said that a mail is for one of its readers; `Unknown` where the text had been
    /// sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unanswered: Option<RefusalKind>,
    /// Mails in a row that were left so: the next is tried after a rest that follows from that.
    #[serde(default, skip_serializing_if = "is_none")]
    pub silences: u32,
    /// How many of those may have come with an attempt before…
    #[serde(default, skip_serializing_if = "is_none")]
    pub asked_again: u32,
    /// …and when the next of them is tried, where no other is left to ask with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<DateTime<Utc>>,
    /// Nor was anybody else's mail taken since: it may be the mail server.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_alone: bool,
    /// Since when it takes mail again: one that wanted no more may soon want no more once more, and that is not told anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eased: Option<DateTime<Utc>>,
    /// Its refusals are for good, and are not believed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<Doubt>,
    /// Until then an admin wants them believed all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub believed_until: Option<DateTime<Utc>>,
}

/// A line that breaks, or an answer that does not come, is no chance when that has happened so often in a row.
pub const TOLD_AT: u32 = 2;

/// So long it is remembered of a provider that it had wanted no more for now.
const EASED: TimeDelta = TimeDelta::days(1);

/// Whether a rest until then is not over. A time further ahead than any rest was set by a clock that was wrong.
fn rests(until: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now < until && until - now < TimeDelta::days(1)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde asks")]
fn is_none(number: &u32) -> bool {
    *number == 0
}

impl ProviderOut {
    /// Whether nothing is tried there now.
    #[must_use]
    pub fn rests(&self, now: DateTime<Utc>) -> bool {
        rests(self.until, now)
    }

    /// Until when nothing is tried there that may have come already.
    #[must_use]
    pub fn tries_again(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.again.filter(|again| rests(*again, now))
    }

    /// Whether it is no chance.
    #[must_use]
    pub fn is_worth_telling(&self) -> bool {
        self.unanswered.is_none() || self.times >= TOLD_AT
    }

    /// Whether what was tried there may have come all the same.
    #[must_use]
    pub fn may_have_come(&self) -> bool {
        self.unanswered == Some(RefusalKind::Unknown)
    }

    /// Whether its refusals are believed now because an admin says so.
    #[must_use]
    pub fn is_believed(&self, now: DateTime<Utc>) -> bool {
        self.believed_until.is_some_and(|until| now < until)
    }

    /// Whether it was taken at its word, and the time for that is over, or has taken mail for long.
    #[must_use]
    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        let is_believed_no_more = self.believed_until.is_some_and(|until| self.until <= until && until <= now);
        is_believed_no_more || self.eased.is_some_and(|since| now - since > EASED)
    }

    /// What it is, in a few words.
    #[must_use]
    pub fn what(&self) -> &'static str {
        match self.doubt {
            None if self.unanswered.is_some() && self.is_alone => {
                "the mail server has no answer to mail, nor was any taken since; whether that is the server or one provider is not known"
            }
            None if self.may_have_come() => {
                "the mail server has no answer to mail for one provider's readers, and may have taken it; they alone wait"
            }
            None if self.unanswered.is_some() => {
                "the mail server has no answer to mail for one provider's readers, who alone wait for it"
            }
            None if self.is_for_now => "one provider takes no mail to its readers for now, who alone wait for it",
            None => "one provider refuses mail to its readers for what it thinks of the sender",
            Some(Doubt::Messages) => {
                "one provider refuses mail to its readers for good and in the same words; that is not believed"
            }
            Some(Doubt::Addresses) => "one provider says of all its readers that they are gone; that is not believed",
        }
    }

    /// What somebody may have to do.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self.doubt {
            None if self.is_for_now => "It is asked again by itself, and at once with `boardwatch mail resume`",
            None => "Put right what it says, then `boardwatch mail resume`",
            Some(_) => "Put right what it says, then `boardwatch mail resume`, with `--believe` if it is true",
        }
    }
}

/// Refusals for good that came one after the other with nothing taken between them: too many to be about whom they name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Doubt {
    /// The same was said of several messages.
    Messages,
    /// Of nobody but addresses that are gone, or mailboxes that take nothing.
    Addresses,
}

impl RelayTrouble {
    /// Whether nothing is tried now. A rest that would last longer than its kind does was set by a clock that was wrong.
    #[must_use]
    pub fn rests(&self, now: DateTime<Utc>) -> bool {
        let most = relay_rest(self.kind, self.in_a_row);
        (self.until - now).to_std().is_ok_and(|left| !left.is_zero() && left <= most)
    }

    /// Whether refusals are believed now because an admin says so.
    #[must_use]
    pub fn is_believed(&self, now: DateTime<Utc>) -> bool {
        self.believed_until.is_some_and(|until| now < until)
    }

    /// Whether it is the mail server's, whoever the mail is for.
    fn is_of_everybody(&self) -> bool {
        self.in_a_row >= rests_after(self.kind)
    }

    /// Whether somebody should know, as far as it follows from whom it was said to: a provider or two that do not want our mail are no
    /// trouble of everybody's, unless nothing else is taken for long.
    #[must_use]
    pub fn is_worth_telling(&self, now: DateTime<Utc>) -> bool {
        let is_of_policy = self.kind == RefusalKind::Policy;
        let who = |witness: &Witness| if is_of_policy { witness.provider } else { witness.person };
        let who = self.witnesses.iter().map(who).collect::<BTreeSet<_>>().len();
        let is_of_few = who > 0 && who < PEOPLE_MIN && !self.is_of_everybody();
        // Of what an admin has said that it is true, nobody needs to be told.
        let is_settled = self.in_a_row == 0 || self.doubt.is_some() && self.is_believed(now);
        !is_settled && (!is_of_few || now - self.since > FEW_ARE_TOLD)
    }

    /// What it is, in a few words.
    #[must_use]
    pub fn what(&self) -> &'static str {
        self.in_words().0
    }

    /// What somebody has to do, where it does not mend by itself.
    #[must_use]
    pub fn remedy(&self) -> Option<&'static str> {
        self.in_words().1
    }

    /// The one table of what is said of such trouble: what it is, and what to do about it.
    fn in_words(&self) -> (&'static str, Option<&'static str>) {
        match (self.doubt, self.kind) {
            (Some(Doubt::Messages), _) => (
                "one mail after the other is refused for good in the same words, whoever it is for; nothing is lost, all of it waits",
                Some("Put right what the mail server says, then `boardwatch mail resume`"),
            ),
            (Some(Doubt::Addresses), _) => (
                "the mail server says of every address that it is gone or takes nothing, and takes no mail; that is not believed, \
                 and all of it waits",
                Some("Put the mail server right, then `boardwatch mail resume`, with `--believe` if it is true"),
            ),
            (None, RefusalKind::Policy) if !self.is_of_everybody() => {
                ("some mail is refused for what is thought of its sender, and nothing was taken since", None)
            }
            (None, RefusalKind::Unknown) if !self.is_of_everybody() => {
                ("the line broke behind some mail; whether it was taken is not known, so it is tried again", None)
            }
            (None, RefusalKind::Policy) => ("mail is refused for what is thought of its sender, whoever it is for", None),
            (None, RefusalKind::Throttled) => ("the mail server takes no more for now", None),
            (None, RefusalKind::Unknown) => (
                "the mail server breaks the line behind one message after the other; whether it took them is not known, so one at \
                 a time is tried again",
                None,
            ),
            (
                None,
                RefusalKind::Relay
                | RefusalKind::Transient
                | RefusalKind::Permanent
                | RefusalKind::AddressGone
                | RefusalKind::TooLarge,
            ) => ("the mail server cannot be used", None),
        }
    }
}

/// `only-some`: `mail.only_to` names those who alone are mailed; absent while it names nobody.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OnlySome {
    /// Since when. What had been planned before for others waits.
    pub since: DateTime<Utc>,
}

impl Record for OnlySome {
    const KIND: &'static str = "note that only some are mailed";
    const SCHEMA: u8 = 1;
}
