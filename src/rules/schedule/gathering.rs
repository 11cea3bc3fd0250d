//! How long what is found gathers before those are told who want to hear at once: pages that publish together are one mail,
//! and not one mail a page.

use chrono::{DateTime, TimeDelta, Utc};

/// From the first finding on. A council that publishes on several pages does so within seconds, each page is visited in its own
/// time, and half a minute more is not felt in mail.
const GATHERS: TimeDelta = TimeDelta::seconds(30);
/// A round of visits that goes on is waited for no longer than this: after an outage, with slow sites in it, it can take an hour.
const GATHERS_MAX: TimeDelta = TimeDelta::minutes(5);

/// Whether what was first found at `first`, and what came since, is told now. `reading_since`: when the round of visits began
/// that is under way.
#[must_use]
pub fn has_gathered(first: DateTime<Utc>, reading_since: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    let waited = now - first;
    if waited.abs() >= GATHERS_MAX {
        // Also where the clock was ahead and has been put right: how long it waited is then not known.
        return true;
    }
    // A round that began later is another one: where some page is always being read, nothing would ever be told.
    let is_being_read = reading_since.is_some_and(|began| began < first + GATHERS);
    waited >= GATHERS && !is_being_read
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::seconds(second)
    }

    /// First found at second 0.
    fn check(reading_since: Option<i64>, now: i64, expect: bool) {
        assert_eq!(has_gathered(at(0), reading_since.map(at), at(now)), expect, "{reading_since:?} {now}");
    }

    #[test]
    fn what_is_found_is_told_half_a_minute_later() {
        check(None, 0, false);
        check(None, 29, false);
        check(None, 30, true);
    }

    #[test]
    fn a_round_of_visits_that_brought_it_is_waited_for() {
        check(Some(-20), 30, false);
        check(Some(-20), 299, false);
        // One that began while it gathered, too; and not one that began after that.
        check(Some(29), 60, false);
        check(Some(30), 60, true);
    }

    #[test]
    fn nothing_waits_for_longer_than_five_minutes() {
        check(Some(-20), 300, true);
        check(Some(-7_000), 301, true);
    }

    #[test]
    fn a_clock_that_was_put_right_keeps_nothing_back() {
        check(None, -1, false);
        check(Some(-20), -300, true);
        check(None, -86_400, true);
    }
}
