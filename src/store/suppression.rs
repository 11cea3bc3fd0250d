//! Addresses that are never mailed: why and since when, and what leads there.

use super::records::{Person, Strike};
use crate::config::SoftLimit;
use crate::domain::subscriber::Ending;
use chrono::{DateTime, TimeDelta, Utc};

/// Mails that come back within this time of another came back for the same: a storm, or a day of many notices, is one.
const ONE_STORM: TimeDelta = TimeDelta::hours(20);

impl Person {
    /// Never mails the address again. The first reason stands.
    pub fn suppress(&mut self, why: Ending, now: DateTime<Utc>) {
        self.suppressed.get_or_insert((why, now));
    }

    /// Counts a mail that came back though the address exists, each once, and a storm of them once; as often as `limit` says, and it is suppressed.
    pub fn strike(&mut self, of: &str, limit: SoftLimit, now: DateTime<Utc>) {
        if self.strikes.iter().any(|strike| strike.of == of || (now - strike.at).abs() < ONE_STORM) {
            return;
        }
        let within = TimeDelta::from_std(limit.within).unwrap_or(TimeDelta::MAX);
        self.strikes.retain(|strike| now - strike.at <= within);
        self.strikes.push(Strike { of: of.to_owned(), at: now });
        let over = self.strikes.len().saturating_sub(limit.max.max(1));
        self.strikes.drain(..over);
        if self.strikes.len() >= limit.max.max(1) {
            self.suppress(Ending::Bouncing, now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::subscriber::Address;
    use std::time::Duration;

    fn on(day: u32) -> DateTime<Utc> {
        format!("2026-11-{day:02}T09:00:00Z").parse().unwrap()
    }

    #[test]
    fn a_mailbox_that_refuses_time_and_again_is_not_mailed_any_more() {
        let limit = SoftLimit { max: 3, within: Duration::from_secs(7 * 86_400) };
        let mut person = Person::known_since(Address::parse("full@example.org").unwrap(), on(1));
        for (of, day) in [("a", 1), ("b", 2), ("b", 3), ("c", 10), ("d", 12)] {
            person.strike(of, limit, on(day));
            assert_eq!(person.suppressed, None, "{of} on {day}");
        }
        person.strike("e", limit, on(13));
        assert_eq!(person.suppressed, Some((Ending::Bouncing, on(13))));
        person.suppress(Ending::AddressGone, on(14));
        assert_eq!(person.suppressed, Some((Ending::Bouncing, on(13))));
    }

    #[test]
    fn what_comes_back_within_a_day_counts_once() {
        let limit = SoftLimit { max: 3, within: Duration::from_secs(7 * 86_400) };
        let mut person = Person::known_since(Address::parse("full@example.org").unwrap(), on(1));
        for hour in 0..20 {
            person.strike(&format!("notice {hour}"), limit, on(2) + TimeDelta::hours(hour));
        }
        assert_eq!((person.strikes.len(), person.suppressed), (1, None));
        person.strike("the next day's", limit, on(3));
        assert_eq!((person.strikes.len(), person.suppressed), (2, None));
        person.strike("and the day after", limit, on(4) - TimeDelta::hours(2));
        assert_eq!(person.suppressed.map(|(why, _)| why), Some(Ending::Bouncing));
    }
}
