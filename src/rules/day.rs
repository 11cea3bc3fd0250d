//! The day of an item, for lists that people read: when it was published, else the meeting that it is of, else when we first
//! saw it. Which of the three it is always stands beside it: a day on which we looked is none on which a council published.

use crate::domain::item::KnownItem;
use chrono::NaiveDate;
use chrono_tz::Tz;

/// A day, and what happened on it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Day {
    /// The council says that it was published then.
    Published(NaiveDate),
    /// The page gives no day of publication: the meeting that it is of is then.
    Meeting(NaiveDate),
    /// The page gives no day at all: we saw it then for the first time.
    FirstSeen(NaiveDate),
}

impl Day {
    /// The day of what was `published` then, is of a `meeting` then, and was `first_seen` then.
    #[must_use]
    pub fn new(published: Option<NaiveDate>, meeting: Option<NaiveDate>, first_seen: NaiveDate) -> Self {
        let known = published.map(Self::Published).or(meeting.map(Self::Meeting));
        known.unwrap_or(Self::FirstSeen(first_seen))
    }

    /// The day of `known`, by the calendar of `zone`.
    #[must_use]
    pub fn of(known: &KnownItem, zone: Tz) -> Self {
        let published_at = known.item.published_at.map(|at| at.with_timezone(&zone).date_naive());
        let meeting = known.item.meeting.as_ref().and_then(|meeting| meeting.date);
        Self::new(published_at.or(known.item.published), meeting, known.first_seen.with_timezone(&zone).date_naive())
    }

    /// The day alone.
    #[must_use]
    pub fn date(self) -> NaiveDate {
        let (Self::Published(day) | Self::Meeting(day) | Self::FirstSeen(day)) = self;
        day
    }

    /// The day since which it is news: papers of a meeting that is still to come are as new as our first sight of them.
    #[must_use]
    pub fn news(self, first_seen: NaiveDate) -> NaiveDate {
        match self {
            Self::Meeting(day) => day.min(first_seen),
            Self::Published(day) | Self::FirstSeen(day) => day,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(raw: &str) -> NaiveDate {
        raw.parse().unwrap()
    }

    #[test]
    fn an_item_goes_by_its_publication_then_its_meeting_then_our_first_sight() {
        let (published, meeting, seen) = (day("2026-09-25"), day("2026-09-18"), day("2026-11-22"));
        assert_eq!(Day::new(Some(published), Some(meeting), seen), Day::Published(published));
        assert_eq!(Day::new(None, Some(meeting), seen), Day::Meeting(meeting));
        assert_eq!(Day::new(None, None, seen), Day::FirstSeen(seen));
    }

    #[test]
    fn a_meeting_that_is_still_to_come_is_no_newer_than_our_first_sight_of_it() {
        let seen = day("2026-11-22");
        assert_eq!(Day::Meeting(day("2026-12-10")).news(seen), seen);
        assert_eq!(Day::Meeting(day("2026-09-18")).news(seen), day("2026-09-18"));
    }
}
