//! What the mail server leaves without an answer, or answers slowly, while it takes other mail.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// What was left without an answer is told of for so long.
pub const UNANSWERED_LATELY: TimeDelta = TimeDelta::minutes(15);
/// So much of it, whoever it is for, is for somebody to look into.
const UNANSWERED_MANY: usize = 3;
/// What is slow is slower by half, or less by half, where that is told anew.
const OTHER: u64 = 2;

/// `late-answers`: what the mail server leaves without an answer, or answers slowly, while it takes other mail; absent while it does
/// neither.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct LateAnswers {
    /// What it has left without an answer lately.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unanswered: Option<Unanswered>,
    /// Providers whose mail it answers slowly, and others' it does not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub slow: Vec<SlowProvider>,
}

/// Mail that was left without an answer lately.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Unanswered {
    /// Since when, without as long a time between.
    pub since: DateTime<Utc>,
    /// As it stood then.
    pub by: DateTime<Utc>,
    /// How many lately.
    pub many: usize,
    /// How many of them still hang.
    pub hang: usize,
    /// To so many providers' readers.
    pub providers: usize,
}

/// A provider whose mail is answered slowly.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SlowProvider {
    /// One of its domains.
    pub name: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// How many seconds it takes, mostly.
    pub seconds: u64,
}

impl LateAnswers {
    /// Whether there is nothing to tell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.unanswered.is_none() && self.slow.is_empty()
    }

    /// Whether whoever reads it is told no less by this than by `after`.
    #[must_use]
    pub fn says_as_much_as(&self, after: &Self) -> bool {
        let said = |late: &Self| late.unanswered.map(|unanswered| Unanswered { by: unanswered.since, ..unanswered });
        let alike = |(a, b): (&SlowProvider, &SlowProvider)| {
            a.name == b.name && a.seconds <= b.seconds * OTHER && b.seconds <= a.seconds * OTHER
        };
        said(self) == said(after) && self.slow.len() == after.slow.len() && self.slow.iter().zip(&after.slow).all(alike)
    }
}

impl Unanswered {
    /// Whether it is over, as far as can be known.
    #[must_use]
    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        now - self.by > UNANSWERED_LATELY
    }

    /// Whether it is so much, for several providers' readers, that somebody should know.
    #[must_use]
    pub fn is_worth_telling(&self) -> bool {
        self.many >= UNANSWERED_MANY && self.providers > 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_little_slower_than_before_is_not_told_anew_and_what_hangs_besides_is() {
        let since = DateTime::UNIX_EPOCH;
        let slow = |seconds| SlowProvider { name: "example.org".to_owned(), since, seconds };
        let unanswered = Unanswered { since, by: since, many: 3, hang: 1, providers: 2 };
        let late = |unanswered, slow| LateAnswers { unanswered: Some(unanswered), slow };
        let before = late(unanswered, vec![slow(10)]);
        let later = Unanswered { by: since + TimeDelta::minutes(1), ..unanswered };
        assert!(before.says_as_much_as(&late(later, vec![slow(15)])));
        assert!(!before.says_as_much_as(&late(unanswered, vec![slow(21)])));
        assert!(!before.says_as_much_as(&late(unanswered, vec![])));
        assert!(!before.says_as_much_as(&late(Unanswered { hang: 2, ..unanswered }, vec![slow(10)])));
        assert!(unanswered.is_worth_telling());
        assert!(!Unanswered { providers: 1, ..unanswered }.is_worth_telling(), "that one is named itself");
        let is_over = |minutes| unanswered.is_over(since + TimeDelta::minutes(minutes));
        assert!(!is_over(15) && is_over(16));
    }
}
