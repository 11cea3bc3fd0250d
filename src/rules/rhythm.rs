//! Whether a source that answers is overdue: silent for longer than its own past explains.
//!
//! Two rhythms, both read off what the source has published. Boards that meet post some days after each meeting: when the
//! next meeting that they announced is longer ago than that, something should have come. Others post at even intervals.
//! A source without three intervals, or with uneven ones, has no rhythm, and nothing is said of it. Overdue is not broken:
//! boards are postponed, clerks fall ill; so it is said, with what it follows from, and alarms nobody.

use chrono::{NaiveDate, TimeDelta};
use std::collections::BTreeSet;

/// Fewer past intervals than this are no rhythm.
const INTERVALS_MIN: usize = 3;
/// Only so many of the latest intervals count: rhythms change.
const INTERVALS_MAX: usize = 12;
/// Days that anything may come later than ever before, at least.
const GRACE_DAYS_MIN: i64 = 7;
/// Longer after its meeting, a post is a late addition and says nothing of how long posting takes.
const LAG_DAYS_MAX: i64 = 120;

/// What one item says of when things happen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Posted {
    /// The meeting that it is about.
    pub meeting: Option<NaiveDate>,
    /// When it was posted: the council's date, or the day on which we saw it come.
    pub posted: Option<NaiveDate>,
    /// The next meeting that it announces.
    pub announced: Option<NaiveDate>,
}

/// A source is overdue.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Overdue {
    /// The day by which its own past would have had it post.
    pub since: NaiveDate,
    /// What that follows from: "usually posts 14 to 30 days after a meeting; announced a meeting for 25 February 2020,
    /// 41 days ago".
    pub because: String,
}

/// Whether a source with these items is overdue on `today`; `None` also where it has no rhythm.
#[must_use]
pub fn overdue(items: &[Posted], today: NaiveDate) -> Option<Overdue> {
    after_meeting(items, today).or_else(|| at_intervals(items, today))
}

/// Days that came before, in short: the least, the middle and the most.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Spread {
    least: i64,
    median: i64,
    most: i64,
}

impl Spread {
    /// `None` where there are too few.
    fn of(latest_first: impl Iterator<Item = i64>) -> Option<Self> {
        let mut days: Vec<i64> = latest_first.take(INTERVALS_MAX).collect();
        days.sort_unstable();
        let median = *days.get(days.len() / 2)?;
        (days.len() >= INTERVALS_MIN).then_some(())?;
        Some(Self { least: *days.first()?, median, most: *days.last()? })
    }

    /// Days after which it is late: longer than ever, by half the spread.
    fn late_after(self) -> i64 {
        self.most + ((self.most - self.least) / 2).max(GRACE_DAYS_MIN)
    }

    /// "14 to 30 days".
    fn in_words(self) -> String {
        if self.least == self.most { days(self.most) } else { format!("{} to {}", self.least, days(self.most)) }
    }
}

fn after_meeting(items: &[Posted], today: NaiveDate) -> Option<Overdue> {
    let lags: BTreeSet<(NaiveDate, i64)> = items
        .iter()
        .filter_map(|item| {
            let lag = (item.posted? - item.meeting?).num_days();
            (0..=LAG_DAYS_MAX).contains(&lag).then_some((item.meeting?, lag))
        })
        .collect();
    let usual = Spread::of(lags.iter().rev().map(|(_, lag)| *lag))?;
    // What was announced last counts: meetings are moved.
    let (_, announced) = items.iter().filter_map(|item| Some((item.posted?, item.announced?))).max()?;
    let is_news_of_it =
        |item: &Posted| item.meeting.is_some_and(|d| d >= announced) || item.posted.is_some_and(|d| d >= announced);
    let since = announced + TimeDelta::days(usual.late_after());
    if today <= since || items.iter().any(is_news_of_it) {
        return None;
    }
    let ago = (today - announced).num_days();
    let because = format!(
        "usually posts {} after a meeting; announced a meeting for {}, {} ago",
        usual.in_words(),
        announced.format("%-d %B %Y"),
        days(ago)
    );
    Some(Overdue { since, because })
}

fn at_intervals(items: &[Posted], today: NaiveDate) -> Option<Overdue> {
    let posted: BTreeSet<NaiveDate> = items.iter().filter_map(|item| item.posted).filter(|day| *day <= today).collect();
    let last = *posted.last()?;
    let later = posted.iter().rev();
    let intervals = later.clone().zip(later.skip(1)).map(|(later, earlier)| (*later - *earlier).num_days());
    let usual = Spread::of(intervals)?;
    // What comes now and then has no rhythm.
    let is_even = usual.most <= usual.median * 2 && usual.least * 2 >= usual.median;
    let since = last + TimeDelta::days(usual.late_after().max(usual.median * 2));
    // A meeting still to come, or just held, explains the silence better than the calendar does.
    let awaits = items.iter().filter_map(|item| item.announced).any(|day| day + TimeDelta::days(LAG_DAYS_MAX) > today);
    if !is_even || awaits || today <= since {
        return None;
    }
    let ago = (today - last).num_days();
    let because =
        format!("usually posts every {}; the last post was on {}, {} ago", usual.in_words(), last.format("%-d %B %Y"), days(ago));
    Some(Overdue { since, because })
}

fn days(n: i64) -> String {
    if n == 1 { "1 day".to_owned() } else { format!("{n} days") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(raw: &str) -> NaiveDate {
        raw.parse().unwrap()
    }

    /// `(meeting, posted, announced)`, empty where there is none.
    fn said(rows: &[(&str, &str, &str)], today: &str) -> Option<(String, String)> {
        let items: Vec<Posted> = rows
            .iter()
            .map(|(meeting, posted, announced)| Posted {
                meeting: meeting.parse().ok(),
                posted: posted.parse().ok(),
                announced: announced.parse().ok(),
            })
            .collect();
        overdue(&items, day(today)).map(|overdue| (overdue.since.to_string(), overdue.because))
    }

    const BOARD: [(&str, &str, &str); 4] = [
        ("2020-01-14", "2020-02-11", "2020-02-25"),
        ("2019-12-03", "2019-12-17", "2020-01-14"),
        ("2019-10-22", "2019-11-21", "2019-12-03"),
        ("2019-09-10", "2019-09-30", "2019-10-22"),
    ];

    #[test]
    fn a_board_is_overdue_when_its_announced_meeting_is_longer_ago_than_posting_ever_took() {
        let (since, because) = said(&BOARD, "2020-04-06").unwrap();
        assert_eq!(since, "2020-04-03");
        assert_eq!(because, "usually posts 14 to 30 days after a meeting; announced a meeting for 25 February 2020, 41 days ago");
        assert_eq!(said(&BOARD, "2020-04-03"), None, "not yet");
        let mut told = BOARD.to_vec();
        told.push(("2020-02-25", "2020-03-20", ""));
        assert_eq!(said(&told, "2020-04-06"), None, "news of it has come");
        told.pop();
        told.push(("", "2020-03-02", "2020-05-12"));
        assert_eq!(said(&told, "2020-04-20"), None, "another day was announced since");
    }

    #[test]
    fn fewer_than_three_intervals_are_no_rhythm() {
        assert_eq!(said(&BOARD[..2], "2021-04-06"), None);
        assert_eq!(said(&[("", "2020-01-01", ""), ("", "2020-02-01", ""), ("", "2020-03-01", "")], "2022-01-01"), None);
        assert_eq!(said(&[], "2022-01-01"), None);
    }

    #[test]
    fn even_intervals_are_a_rhythm_and_uneven_ones_are_none() {
        let posts = |days: &[&'static str]| days.iter().map(|d| ("", *d, "")).collect::<Vec<_>>();
        let monthly = posts(&["2021-01-04", "2021-02-01", "2021-03-01", "2021-04-05"]);
        let (since, because) = said(&monthly, "2021-07-01").unwrap();
        assert_eq!(since, "2021-05-31");
        assert_eq!(because, "usually posts every 28 to 35 days; the last post was on 5 April 2021, 87 days ago");
        assert_eq!(said(&monthly, "2021-05-20"), None);
        let now_and_then = posts(&["2021-01-04", "2021-01-06", "2021-03-01", "2021-04-05"]);
        assert_eq!(said(&now_and_then, "2022-07-01"), None);
        let on_one_day = posts(&["2021-01-04", "2021-01-04", "2021-01-04", "2021-01-04"]);
        assert_eq!(said(&on_one_day, "2022-07-01"), None, "four at once are one post");
    }

    #[test]
    fn papers_that_come_before_their_meeting_say_nothing_of_lag() {
        let agendas: Vec<_> = BOARD.iter().map(|(meeting, _, next)| (*meeting, "2019-09-01", *next)).collect();
        assert_eq!(said(&agendas, "2020-12-06"), None);
    }
}
