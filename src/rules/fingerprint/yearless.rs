//! Days with and without a weekday or a year: "8 December", "Tuesday, 8th December" and "Tues 8 Dec 2026" are one day. What comes or
//! goes of that says nothing; a weekday that is another, or is not that day's, does, since nobody can say which of the two is wrong.
//! So does a year that nobody would have thought of.

use crate::rules::facts::dates::{SaidDay, said};
use chrono::{Datelike, NaiveDate};

/// A day without a year is read as the nearest: farther away, its year tells something.
const NEAR_DAYS: i64 = 184;

/// Whether two texts, in small letters, say the same but for the spelling of days. `around`: a day that they are of.
pub(super) fn are_alike(was: &str, is: &str, around: Option<NaiveDate>) -> bool {
    let (days_was, days_is) = (said(was), said(is));
    let pairs = || days_was.iter().zip(&days_is);
    !days_was.is_empty()
        && days_was.len() == days_is.len()
        && pairs().all(|(one, other)| is_one_day(one, other, around))
        && between(was, &days_was) == between(is, &days_is)
}

fn is_one_day(one: &SaidDay, other: &SaidDay, around: Option<NaiveDate>) -> bool {
    if (one.day, one.month) != (other.day, other.month) {
        return false;
    }
    let is_as_it_was = (one.weekday, one.year) == (other.weekday, other.year);
    let agree = one.weekday.zip(other.weekday).is_none_or(|(one, other)| one == other)
        && one.year.zip(other.year).is_none_or(|(one, other)| one == other);
    let Some(year) = one.year.or(other.year) else { return agree };
    let date = NaiveDate::from_ymd_opt(year, one.month, one.day);
    let weekday = one.weekday.or(other.weekday);
    let is_meant = |date: NaiveDate| match weekday {
        Some(weekday) => date.weekday() == weekday,
        None => one.year == other.year || around.is_none_or(|around| (date - around).num_days().abs() <= NEAR_DAYS),
    };
    is_as_it_was || agree && date.is_some_and(is_meant)
}

/// What stands between days, without what joins an hour or a place to its day.
fn between<'t>(text: &'t str, days: &[SaidDay]) -> Vec<&'t str> {
    let joined = |piece: &'t str| {
        let piece = piece.trim().trim_start_matches(['.', ',', '-', '|']).trim_start();
        piece.strip_prefix("at ").unwrap_or(piece)
    };
    let mut from = 0;
    let mut pieces: Vec<&str> = Vec::with_capacity(days.len() + 1);
    for day in days {
        pieces.push(joined(text.get(from..day.span.start).unwrap_or_default()));
        from = day.span.end;
    }
    pieces.push(joined(text.get(from..).unwrap_or_default()));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(was: &str, is: &str, expect: bool) {
        assert_eq!(are_alike(was, is, None), expect, "{was} | {is}");
        assert_eq!(are_alike(is, was, None), expect, "{is} | {was}");
    }

    #[test]
    fn a_weekday_or_a_year_may_come_or_go_and_none_may_become_another() {
        check("by 4 march.", "by tuesday 4 march.", true);
        check("tuesday 4 march at noon", "tuesday, 4th of march at noon", true);
        check("on 4 march", "on 4 march 2027", true);
        check("on thursday 4 march", "on 4 march 2027", true);
        check("on thursday 4 march 2027, 18:00", "on 4 march at 18:00", true);
        check("nos iau 4 mawrth", "4ydd mawrth 2027", true);
        check("dydd iau 4 mawrth", "dydd gwener 4 mawrth", false);
        check("on tuesday 4 march", "on wednesday 4 march", false);
        check("on tuesday 4 march", "on 4 march 2027", false);
        check("on 4 march", "on tuesday 5 march", false);
        check("on 4 march 2026", "on 4 march 2027", false);
        check("on 4 march in room 4", "on 4 march 2027 in room 5", false);
        check("the 4 marched", "the 4 marched on", false);
        check("agreed", "agreed", false);
        // What is wrong on both sides is none of what has changed.
        check("friday 4 march 2027, then 5 may", "friday 4 march 2027, then 5 may 2027", true);
    }

    #[test]
    fn a_year_that_nobody_would_have_thought_of_tells_something() {
        let around = NaiveDate::from_ymd_opt(2026, 11, 20);
        assert!(are_alike("by 31 march", "by 31 march 2027", around));
        assert!(!are_alike("by 31 march", "by 31 march 2028", around));
        assert!(!are_alike("by 31 march 2028", "by 31 march", around));
        assert!(are_alike("by friday 31 march", "by friday 31 march 2028", around));
    }
}
