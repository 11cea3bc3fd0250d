//! When digest windows close: local times of a zone whose clock is put forward and back.

use crate::domain::subscriber::Cadence;
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Tz;

/// When digest windows close, as local times of the site's zone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DigestTimes {
    /// Every day.
    pub daily: NaiveTime,
    /// Once a week.
    pub weekly: (Weekday, NaiveTime),
}

/// The latest closing at or before `now`. `Immediate` closes when it is looked at, so at `now` itself.
#[must_use]
pub fn last_close(cadence: Cadence, times: &DigestTimes, tz: Tz, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    match cadence {
        Cadence::Immediate => Some(now),
        Cadence::Daily | Cadence::Weekly => closings(cadence, times, tz, now).rfind(|close| *close <= now),
    }
}

/// The first closing after `now`. `None` for `Immediate`, which has no time of its own.
#[must_use]
pub fn next_close(cadence: Cadence, times: &DigestTimes, tz: Tz, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    match cadence {
        Cadence::Immediate => None,
        Cadence::Daily | Cadence::Weekly => closings(cadence, times, tz, now).find(|close| *close > now),
    }
}

/// When the month of `now` began: its first day, at the time of daily digests.
#[must_use]
pub fn month_begin(times: &DigestTimes, tz: Tz, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let this = now.with_timezone(&tz).date_naive().with_day(1)?;
    let begins = [Some(this), this.checked_sub_months(Months::new(1))];
    begins.into_iter().flatten().filter_map(|first| instant(first, times.daily, tz)).find(|begin| *begin <= now)
}

/// The closings around `now`, in order: a week and a day either way is enough for both cadences and any clock change.
fn closings(
    cadence: Cadence,
    times: &DigestTimes,
    tz: Tz,
    now: DateTime<Utc>,
) -> impl DoubleEndedIterator<Item = DateTime<Utc>> + use<> {
    let (weekday, time) = match cadence {
        Cadence::Immediate | Cadence::Daily => (None, times.daily),
        Cadence::Weekly => (Some(times.weekly.0), times.weekly.1),
    };
    let today = now.with_timezone(&tz).date_naive();
    (0..=16u64)
        .filter_map(move |days| today.checked_sub_days(Days::new(8)).and_then(|first| first.checked_add_days(Days::new(days))))
        .filter(move |day| weekday.is_none_or(|weekday| day.weekday() == weekday))
        .filter_map(move |day| instant(day, time, tz))
}

/// The instant of a local time: the earlier one where it happens twice, the first after the gap where it does not happen.
fn instant(day: NaiveDate, time: NaiveTime, tz: Tz) -> Option<DateTime<Utc>> {
    /// The longest gap there has been is a day (Samoa, 30 December 2011).
    const GAP_MINUTES_MAX: i64 = 25 * 60;
    let local = NaiveDateTime::new(day, time);
    (0..=GAP_MINUTES_MAX)
        .filter_map(|minutes| local.checked_add_signed(TimeDelta::minutes(minutes)))
        .find_map(|candidate| tz.from_local_datetime(&candidate).earliest())
        .map(|at| at.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Europe::London;

    fn at(raw: &str) -> DateTime<Utc> {
        raw.parse().expect(raw)
    }

    fn times(daily: &str, weekly: &str) -> DigestTimes {
        let time = |raw: &str| NaiveTime::parse_from_str(raw, "%H:%M").expect(raw);
        DigestTimes { daily: time(daily), weekly: (Weekday::Sat, time(weekly)) }
    }

    /// The closings around `now`: the last one, then the next one.
    fn check(cadence: Cadence, time: &str, now: &str, last: &str, next: &str) {
        let times = times(time, time);
        assert_eq!(last_close(cadence, &times, London, at(now)), Some(at(last)), "last before {now}");
        assert_eq!(next_close(cadence, &times, London, at(now)), Some(at(next)), "next after {now}");
    }

    #[test]
    fn a_window_closes_at_its_local_time_in_winter_and_in_summer() {
        use Cadence::{Daily, Weekly};
        check(Daily, "07:30", "2026-01-10T12:00:00Z", "2026-01-10T07:30:00Z", "2026-01-11T07:30:00Z");
        check(Daily, "07:30", "2026-07-10T12:00:00Z", "2026-07-10T06:30:00Z", "2026-07-11T06:30:00Z");
        check(Daily, "07:30", "2026-07-10T06:00:00Z", "2026-07-09T06:30:00Z", "2026-07-10T06:30:00Z");
        check(Weekly, "07:30", "2026-11-21T07:29:59Z", "2026-11-14T07:30:00Z", "2026-11-21T07:30:00Z");
        check(Weekly, "07:30", "2026-11-22T00:00:00Z", "2026-11-21T07:30:00Z", "2026-11-28T07:30:00Z");
    }

    #[test]
    fn the_closing_itself_belongs_to_the_window_that_it_ends() {
        check(Cadence::Daily, "07:30", "2026-01-10T07:30:00Z", "2026-01-10T07:30:00Z", "2026-01-11T07:30:00Z");
        check(Cadence::Weekly, "07:30", "2026-11-21T07:30:00Z", "2026-11-21T07:30:00Z", "2026-11-28T07:30:00Z");
    }

    #[test]
    fn a_time_that_the_clock_jumps_over_is_the_first_instant_after_the_jump() {
        // London, 29 March 2026: 01:00 GMT is 02:00 BST.
        check(Cadence::Daily, "01:30", "2026-03-29T00:59:59Z", "2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z");
        check(Cadence::Daily, "01:30", "2026-03-29T01:00:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
        check(Cadence::Daily, "07:30", "2026-03-29T06:00:00Z", "2026-03-28T07:30:00Z", "2026-03-29T06:30:00Z");
        check(Cadence::Weekly, "07:30", "2026-03-29T12:00:00Z", "2026-03-28T07:30:00Z", "2026-04-04T06:30:00Z");
    }

    #[test]
    fn a_time_that_happens_twice_counts_once_the_first_time() {
        // London, 25 October 2026: 02:00 BST is 01:00 GMT.
        check(Cadence::Daily, "01:30", "2026-10-25T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
        check(Cadence::Daily, "01:30", "2026-10-25T01:45:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
        check(Cadence::Daily, "07:30", "2026-10-25T07:00:00Z", "2026-10-24T06:30:00Z", "2026-10-25T07:30:00Z");
        check(Cadence::Weekly, "07:30", "2026-10-25T12:00:00Z", "2026-10-24T06:30:00Z", "2026-10-31T07:30:00Z");
    }

    #[test]
    fn a_day_that_a_zone_skips_closes_when_the_next_one_begins() {
        let tz = chrono_tz::Pacific::Apia;
        let close = last_close(Cadence::Daily, &times("07:30", "07:30"), tz, at("2011-12-30T10:00:00Z"));
        assert_eq!(close, Some(at("2011-12-30T10:00:00Z")));
    }

    #[test]
    fn following_the_closings_through_a_year_meets_every_day_once() {
        for time in ["00:00", "01:00", "01:30", "02:00", "07:30", "23:59"] {
            let times = times(time, time);
            let mut now = at("2026-01-01T12:00:00Z");
            let mut days = Vec::new();
            while days.len() < 365 {
                let next = next_close(Cadence::Daily, &times, London, now).expect("a next closing");
                assert!(next > now);
                assert_eq!(last_close(Cadence::Daily, &times, London, next), Some(next));
                days.push(next.with_timezone(&London).date_naive());
                now = next;
            }
            assert!(days.windows(2).all(|pair| pair[0].succ_opt() == Some(pair[1])), "{time}");
        }
    }

    #[test]
    fn a_month_begins_on_its_first_day_at_the_time_of_daily_digests() {
        let check = |now: &str, expect: &str| {
            assert_eq!(month_begin(&times("07:30", "09:00"), London, at(now)), Some(at(expect)), "{now}");
        };
        check("2026-11-20T10:00:00Z", "2026-11-01T07:30:00Z");
        check("2026-11-01T07:30:00Z", "2026-11-01T07:30:00Z");
        check("2026-11-01T07:29:59Z", "2026-10-01T06:30:00Z");
        check("2027-01-01T00:00:00Z", "2026-12-01T07:30:00Z");
        // In London, April has begun; it began in summer time.
        check("2026-03-31T23:30:00Z", "2026-03-01T07:30:00Z");
        check("2026-04-01T06:30:00Z", "2026-04-01T06:30:00Z");
    }

    #[test]
    fn immediate_closes_at_every_pass() {
        let now = at("2026-01-10T12:00:00Z");
        assert_eq!(last_close(Cadence::Immediate, &times("07:30", "07:30"), London, now), Some(now));
        assert_eq!(next_close(Cadence::Immediate, &times("07:30", "07:30"), London, now), None);
    }
}
