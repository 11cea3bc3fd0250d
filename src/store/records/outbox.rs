//! The records of mail on its way: windows, who was passed over in them, portions of bundles, and the count of what has ended.

use super::Claim;
use crate::domain::bundle::BundleId;
use crate::domain::delivery::{MAY_HAVE_COME, OTHERS_ONLY, OVERTAKEN, Position, RefusalKind, Settlement, Window};
use crate::domain::members::Members;
use crate::domain::subscriber::{Cadence, SubscriberId};
use crate::store::record::Record;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// `window/<cadence>`: how far the log has been planned.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WindowState {
    /// Everything before it has been planned.
    pub planned: Position,
    /// When the last window closed, by the clock of then.
    pub closed: DateTime<Utc>,
    /// A window being planned, bundle by bundle.
    #[serde(default)]
    pub open: Option<OpenWindow>,
}

/// A window being planned.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OpenWindow {
    /// What it covers.
    pub window: Window,
    /// The last person planned.
    pub after: Option<SubscriberId>,
    /// Deliveries so far.
    pub deliveries: u64,
    /// When it was opened.
    pub opened: DateTime<Utc>,
}

/// `run/<cadence>/<to>`: a window that has been planned, for `status`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DigestRun {
    /// How often.
    pub cadence: Cadence,
    /// What it covered.
    pub window: Window,
    /// When planning ended.
    pub planned: DateTime<Utc>,
    /// Deliveries made.
    pub deliveries: u64,
    /// It is no window's: what some had missed was planned for them later.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_late: bool,
}

/// `out/<lane>/<not before>/<bundle>/<lowest member>`: members of a bundle that are not settled and wait alike. The row
/// is the job.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Portion {
    /// The bundle that says what they are told.
    pub bundle: BundleId,
    /// Its cadence.
    pub cadence: Cadence,
    /// Whether it is a letter to one person.
    #[serde(default)]
    pub is_letter: bool,
    /// When it was planned.
    pub planned: DateTime<Utc>,
    /// Who; never empty.
    pub members: Members,
    /// Conversations begun with each; but for those that a stop cut short and that did not bring it, as far as is known.
    pub attempts: u32,
    /// Not before this time.
    pub not_before: DateTime<Utc>,
    /// Who is sending it.
    #[serde(default)]
    pub claim: Option<Claim>,
    /// What the last attempt was told.
    #[serde(default)]
    pub last_reply: Option<String>,
    /// Since when the clock says that it is too old to be news.
    #[serde(default)]
    pub doubted: Option<DateTime<Utc>>,
    /// The line broke at the end of an attempt: it may have come.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub may_have_come: bool,
    /// It waits for this provider to answer, and may go as soon as that takes mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits_at: Option<u32>,
}

/// `settled/<bundle>`: how many deliveries of a bundle have ended, and how.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Settled {
    /// Which cadence.
    pub cadence: Cadence,
    /// When the last of them ended.
    pub at: DateTime<Utc>,
    /// Accepted by the next hop.
    pub sent: u64,
    /// Who was refused for good.
    #[serde(default)]
    pub refused: Members,
    /// Who was not sent to after all.
    #[serde(default)]
    pub cancelled: Members,
    /// Who was not given it: it certainly never left, and somebody could still tell them.
    #[serde(default)]
    pub not_given: Members,
    /// To whom it was not sent because only others were mailed then: nothing of that is made good.
    #[serde(default, skip_serializing_if = "Members::is_empty")]
    pub others_only: Members,
    /// Why, and how many for each reason.
    #[serde(default)]
    pub reasons: BTreeMap<String, u64>,
    /// The last words of a server that took or refused one for good.
    #[serde(default)]
    pub last_reply: Option<String>,
}

impl Settled {
    /// Deliveries of this cadence, of which none has ended yet.
    #[must_use]
    pub fn none(cadence: Cadence, at: DateTime<Utc>) -> Self {
        let none = Members::default;
        let (refused, cancelled, not_given, others_only) = (none(), none(), none(), none());
        Self { cadence, at, sent: 0, refused, cancelled, not_given, others_only, reasons: BTreeMap::new(), last_reply: None }
    }

    /// Who was not given it, and is owed it where that was no fault of theirs.
    pub fn owed(&self) -> impl Iterator<Item = u16> {
        self.not_given.iter().filter(|place| !self.others_only.contains(*place))
    }

    /// Adds how it ended for the member at `place`.
    pub fn count(&mut self, place: u16, settlement: &Settlement) {
        match settlement {
            Settlement::Sent { reply } => {
                self.sent += 1;
                self.last_reply = Some(reply.clone());
            }
            Settlement::Refused(refusal) => {
                self.refused.insert(place);
                // A line that broke at the end may have carried it.
                if refusal.kind != RefusalKind::Unknown {
                    self.not_given.insert(place);
                }
                self.last_reply = Some(refusal.reply.clone());
            }
            Settlement::Cancelled { reason } => {
                self.cancelled.insert(place);
                if reason == OTHERS_ONLY {
                    self.others_only.insert(place);
                }
                if ![MAY_HAVE_COME, OVERTAKEN].contains(&reason.as_str()) {
                    self.not_given.insert(place);
                }
                *self.reasons.entry(reason.clone()).or_default() += 1;
            }
        }
    }
}

/// How things stood when it was said of somebody that nothing reaches them. Clocks can be wrong, and be put right before anybody
/// looks: so what belongs together is known by these and not by its times.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Heard {
    /// The day with which it is counted: when that began.
    pub day: DateTime<Utc>,
    /// Up to where in the log each cadence had been planned: what follows is planned without who is suppressed.
    pub planned: BTreeMap<Cadence, Position>,
}

/// `missed/<subscriber>`: they were suppressed for what was not true, or an admin has lifted it; what was planned meanwhile is still
/// to be told to them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Missed {
    /// Since when they were.
    pub since: DateTime<Utc>,
    /// From where in the log on each cadence was planned without them.
    pub from: BTreeMap<Cadence, Position>,
    /// Their mail that came back is still to be sent again, and their letters that were not sent to be sent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_owed: bool,
}

impl Missed {
    /// The same with what they missed another time.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        for (cadence, from) in other.from {
            self.from.entry(cadence).and_modify(|first| *first = from.min(*first)).or_insert(from);
        }
        Self { since: self.since.min(other.since), is_owed: self.is_owed || other.is_owed, ..self }
    }
}

impl Record for Missed {
    const KIND: &'static str = "note of missed news";
    const SCHEMA: u8 = 1;
}

impl Record for Settled {
    const KIND: &'static str = "settled delivery";
    const SCHEMA: u8 = 2;

    fn upgrade(_from: u8, json: Value) -> Value {
        /// Schema 1: one delivery, to one person.
        #[derive(Deserialize)]
        struct One {
            cadence: Cadence,
            at: DateTime<Utc>,
            settlement: Settlement,
        }
        let Ok(one) = One::deserialize(&json) else { return json };
        let mut settled = Self::none(one.cadence, one.at);
        settled.count(0, &one.settlement);
        serde_json::to_value(settled).unwrap_or(json)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_owed_what_was_not_sent_because_only_others_were_mailed() {
        let mut settled = Settled::none(Cadence::Daily, DateTime::UNIX_EPOCH);
        let cancelled = |reason: &str| Settlement::Cancelled { reason: reason.to_owned() };
        for (place, reason) in [(1, OTHERS_ONLY), (2, "the subscription has ended"), (3, OVERTAKEN)] {
            settled.count(place, &cancelled(reason));
        }
        assert_eq!(settled.owed().collect::<Vec<_>>(), [2]);
        assert!(settled.not_given.contains(1), "another digest may tell them");
    }
}
