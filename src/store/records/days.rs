//! The day by which an item's row stands among others.

use super::ItemState;
use crate::rules::day::Day;
use chrono::NaiveDate;
use chrono_tz::Tz;

impl ItemState {
    /// The day that it goes by in lists for people, by the calendar of `zone`.
    #[must_use]
    pub fn day(&self, zone: Tz) -> Day {
        Day::new(self.published, self.meeting, self.first_seen_day(zone))
    }

    /// The day since which it is news.
    #[must_use]
    pub fn news_day(&self, zone: Tz) -> NaiveDate {
        self.day(zone).news(self.first_seen_day(zone))
    }

    fn first_seen_day(&self, zone: Tz) -> NaiveDate {
        self.first_seen.with_timezone(&zone).date_naive()
    }
}
