//! The day by which an item's row stands among others.

use super::ItemState;
use crate::rules::day::Day;
use chrono::{DateTime, NaiveDate, Utc};
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

    /// The day on which something last happened to it that residents were told of, and the moment; of what nobody was told of,
    /// the day since which it is news.
    #[must_use]
    pub fn latest(&self, zone: Tz) -> (NaiveDate, Option<DateTime<Utc>>) {
        // Rows of an earlier program do not say when residents were told, but for a withdrawal.
        let told = self.told.max(self.withdrawn.filter(|_| self.withdrawal_told));
        (told.map_or_else(|| self.news_day(zone), |at| at.with_timezone(&zone).date_naive()), told)
    }

    fn first_seen_day(&self, zone: Tz) -> NaiveDate {
        self.first_seen.with_timezone(&zone).date_naive()
    }
}
