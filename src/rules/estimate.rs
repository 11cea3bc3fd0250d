//! How many mails a choice means, by what was published lately.

use super::interest;
use crate::domain::choice::Choice;
use crate::domain::item::Item;
use crate::domain::source::Source;
use crate::domain::subscriber::{Cadence, Interests};
use chrono::{DateTime, Datelike, Timelike, Utc};
use chrono_tz::Tz;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Days that are looked back upon: a quarter.
pub const DAYS: i64 = 90;

/// Something that was published, and would have been told.
#[derive(Clone, PartialEq, Debug)]
pub struct Past {
    /// When.
    pub at: DateTime<Utc>,
    /// Where.
    pub source: Arc<Source>,
    /// What.
    pub item: Arc<Item>,
}

/// How many mails a choice would have meant in the last [`DAYS`].
#[must_use]
pub fn mails(past: &[Past], choice: &Choice, zone: Tz) -> usize {
    choice.iter().map(|(cadence, interests)| of(past, cadence, interests, zone)).sum()
}

/// How many things of the last [`DAYS`] are among `interests`.
#[must_use]
pub fn updates(past: &[Past], interests: &Interests) -> usize {
    past.iter().filter(|past| interest::matches(interests, &past.source, &past.item).is_some()).count()
}

fn of(past: &[Past], cadence: Cadence, interests: &Interests, zone: Tz) -> usize {
    let matching = past.iter().filter(|past| interest::matches(interests, &past.source, &past.item).is_some());
    let windows: BTreeSet<(i32, u32, u32)> = matching
        .map(|past| {
            let at = past.at.with_timezone(&zone);
            match cadence {
                // What is published in one hour is mostly found in one pass, and comes in one mail.
                Cadence::Immediate => (at.year(), at.ordinal(), at.hour()),
                Cadence::Daily => (at.year(), at.ordinal(), 0),
                Cadence::Weekly => (at.iso_week().year(), at.iso_week().week(), 0),
            }
        })
        .collect();
    windows.len()
}

/// A number of mails as people count them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pace {
    /// There was none.
    None,
    /// Less than one a month.
    Rarely,
    /// About so many a month.
    AMonth(usize),
    /// About so many a week.
    AWeek(usize),
}

/// So many in [`DAYS`], as people count.
#[must_use]
pub fn pace(mails: usize) -> Pace {
    match mails {
        0 => Pace::None,
        1 | 2 => Pace::Rarely,
        3..=19 => Pace::AMonth((mails + 1) / 3),
        more => Pace::AWeek((more + 6) / 13),
    }
}

#[cfg(test)]
mod tests;
