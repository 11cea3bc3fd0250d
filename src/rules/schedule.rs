//! When things are due: polls, retries and digest windows, in the site's zone.

use chrono::{NaiveTime, Weekday};

/// When digest windows close, as local times of the site's zone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DigestTimes {
    /// Every day.
    pub daily: NaiveTime,
    /// Once a week.
    pub weekly: (Weekday, NaiveTime),
}
