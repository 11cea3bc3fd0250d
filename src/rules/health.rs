//! How a source is doing, as everybody may be told: nothing that cannot be read ever looks like "no news".

use crate::domain::poll::PollOutcome;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// Silent for longer than this, a source that is read well is said to be quiet.
const QUIET_AFTER: TimeDelta = TimeDelta::days(21);

/// How a source is doing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Health {
    /// It has not been visited yet.
    NotReadYet,
    /// Read, and something came lately.
    Fine,
    /// Read, and nothing has come for a while, as is usual for it.
    Quiet,
    /// Read, and by its own past something should have come.
    Overdue,
    /// A firewall or challenge page stands before it.
    Blocked,
    /// robots.txt asks programs to stay away.
    AskedAway,
    /// No answer, or an error.
    Unreachable,
    /// It answers, and what it says looks wrong: a person looks at it before anything is announced.
    LookedAt,
}

impl Health {
    /// Every way in which a source can be doing, the commonest first.
    pub const ALL: [Self; 8] = [
        Self::Fine,
        Self::Quiet,
        Self::Overdue,
        Self::NotReadYet,
        Self::Blocked,
        Self::AskedAway,
        Self::LookedAt,
        Self::Unreachable,
    ];

    /// Whether it was read as it should be.
    #[must_use]
    pub fn is_well(self) -> bool {
        matches!(self, Self::NotReadYet | Self::Fine | Self::Quiet | Self::Overdue)
    }
}

/// How a source is doing at `now`. `outcome`: how the last visit ended; `is_overdue`: by [`super::rhythm`]; `newest`: when
/// something last came.
#[must_use]
pub fn health(outcome: Option<&PollOutcome>, is_overdue: bool, newest: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Health {
    match outcome {
        None => Health::NotReadYet,
        Some(PollOutcome::Unchanged | PollOutcome::Listing { .. } | PollOutcome::Empty) => match newest {
            _ if is_overdue => Health::Overdue,
            Some(newest) if now - newest <= QUIET_AFTER => Health::Fine,
            _ => Health::Quiet,
        },
        Some(PollOutcome::Blocked { .. }) => Health::Blocked,
        Some(PollOutcome::RobotsDenied { .. }) => Health::AskedAway,
        Some(PollOutcome::Held { .. } | PollOutcome::Unrecognised { .. } | PollOutcome::Panicked { .. }) => Health::LookedAt,
        Some(
            PollOutcome::ErrorPage { .. }
            | PollOutcome::RobotsUnreachable { .. }
            | PollOutcome::AskedToWait { .. }
            | PollOutcome::TooLarge { .. }
            | PollOutcome::Network { .. }
            | PollOutcome::Refused { .. },
        ) => Health::Unreachable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_state_is_left_out_of_all() {
        let place = |health| match health {
            Health::Fine => 0,
            Health::Quiet => 1,
            Health::Overdue => 2,
            Health::NotReadYet => 3,
            Health::Blocked => 4,
            Health::AskedAway => 5,
            Health::LookedAt => 6,
            Health::Unreachable => 7,
        };
        assert!(Health::ALL.into_iter().map(place).eq(0..8));
    }

    #[test]
    fn only_a_source_that_was_read_is_quiet() {
        let now: DateTime<Utc> = "2026-11-22T10:00:00Z".parse().unwrap();
        let check = |outcome: Option<PollOutcome>, overdue: bool, days: Option<i64>, expect: Health| {
            let newest = days.map(|days| now - TimeDelta::days(days));
            assert_eq!(health(outcome.as_ref(), overdue, newest, now), expect, "{outcome:?}");
            assert_eq!(expect.is_well(), outcome.as_ref().is_none_or(PollOutcome::is_good), "{outcome:?}");
        };
        check(None, false, None, Health::NotReadYet);
        check(Some(PollOutcome::Unchanged), false, Some(2), Health::Fine);
        check(Some(PollOutcome::Unchanged), false, Some(60), Health::Quiet);
        check(Some(PollOutcome::Empty), false, None, Health::Quiet);
        check(Some(PollOutcome::Listing { items: 9 }), true, Some(2), Health::Overdue);
        check(Some(PollOutcome::Blocked { sign: "cf".into() }), true, Some(60), Health::Blocked);
        check(Some(PollOutcome::Held { reason: "shrank".into() }), false, Some(2), Health::LookedAt);
        check(Some(PollOutcome::Unrecognised { detail: "a list".into() }), false, Some(2), Health::LookedAt);
        check(Some(PollOutcome::RobotsDenied { rule: "/".into() }), false, Some(2), Health::AskedAway);
        check(Some(PollOutcome::ErrorPage { status: 500 }), false, Some(60), Health::Unreachable);
        check(Some(PollOutcome::Network { detail: "dns".into() }), false, None, Health::Unreachable);
    }
}
