//! A time as machines write it in feeds and `datetime` attributes: RFC 3339, RFC 2822 with its common faults, and plain days.
//!
//! `feed-rs` carries one UTC time. A day without a time is carried as that day's midnight and one nanosecond, so that no
//! time of day is made up on the way.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, TimeZone, Timelike, Utc};
use chrono_tz::Europe::London;

/// With offset or zone.
const ABSOLUTE: &[&str] =
    &["%d %B %Y %H:%M:%S %z", "%d %B %Y %H:%M %z", "%Y-%m-%d %H:%M:%S %z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z"];
/// Without: UK time.
const LOCAL: &[&str] = &[
    "%d %B %Y %H:%M:%S",
    "%d %B %Y %H:%M",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
];
const DAYS: &[&str] = &["%Y-%m-%d", "%d %B %Y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d-%B-%Y"];

/// A timestamp's text as a moment; `None` where it is not one.
pub(crate) fn parse(raw: &str) -> Option<DateTime<Utc>> {
    let text = raw.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = without_weekday(&text);
    let zoned = with_offset(text);
    if let Ok(moment) = DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_rfc2822(&zoned)) {
        return Some(moment.to_utc());
    }
    if let Some(moment) = ABSOLUTE.iter().find_map(|form| DateTime::parse_from_str(&zoned, form).ok()) {
        return Some(moment.to_utc());
    }
    if let Some(local) = LOCAL.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok()) {
        return London.from_local_datetime(&local).earliest().map(|moment| moment.to_utc());
    }
    let day = DAYS.iter().find_map(|form| NaiveDate::parse_from_str(text, form).ok())?;
    day.and_hms_nano_opt(0, 0, 0, 1).map(|marked| marked.and_utc())
}

/// The day in the UK, and the time where the feed gave one.
pub(crate) fn day_and_time(moment: DateTime<Utc>) -> (NaiveDate, Option<DateTime<FixedOffset>>) {
    if moment.nanosecond() == 1 {
        return (moment.date_naive(), None);
    }
    let local = moment.with_timezone(&London);
    (local.date_naive(), Some(local.fixed_offset()))
}

/// A weekday says nothing new, and a wrong one would make the parser refuse the date.
fn without_weekday(text: &str) -> &str {
    let after = text.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let weekday = text.get(..text.len() - after.len()).unwrap_or("").to_ascii_lowercase();
    let is_one = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].iter().any(|day| weekday.starts_with(day));
    if is_one { after.trim_start_matches([',', '.', ' ']) } else { text }
}

/// RFC 2822 §4.3 knows American zones only; feeds here are written in British and Irish ones.
fn with_offset(text: &str) -> String {
    let Some((rest, zone)) = text.rsplit_once(' ') else { return text.to_owned() };
    let offset = match zone {
        "BST" | "IST" | "WEST" | "CET" => "+0100",
        "UT" | "UTC" | "GMT" | "WET" | "Z" => "+0000",
        "CEST" => "+0200",
        other => other,
    };
    // Four-letter months ("Sept") and full names are written as RFC 2822 has them.
    let short: Vec<String> = rest.split(' ').map(short_month).collect();
    format!("{} {offset}", short.join(" "))
}

fn short_month(word: &str) -> String {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let lowered = word.to_ascii_lowercase();
    let is_month =
        lowered.len() >= 3 && lowered.bytes().all(|b| b.is_ascii_lowercase()) && MONTHS.iter().any(|m| lowered.starts_with(m));
    if is_month { word.chars().take(3).collect() } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_the_forms_that_feeds_write() {
        let check = |raw: &str, day: &str, time: Option<&str>| {
            let (found, at) = day_and_time(parse(raw).unwrap_or_else(|| panic!("{raw}")));
            assert_eq!((found.to_string().as_str(), at.map(|t| t.to_rfc3339()).as_deref()), (day, time), "{raw}");
        };
        check("Mon, 25 Nov 2019 10:00:00 GMT", "2019-11-25", Some("2019-11-25T10:00:00+00:00"));
        check("Tue, 25 Nov 2019 10:00:00 +0000", "2019-11-25", Some("2019-11-25T10:00:00+00:00"));
        check("Wed, 10 Jun 2020 09:30:00 BST", "2020-06-10", Some("2020-06-10T09:30:00+01:00"));
        check("Wednesday, 10 June 2020 09:30 BST", "2020-06-10", Some("2020-06-10T09:30:00+01:00"));
        check("10 Sept 2020 09:30:00 GMT", "2020-09-10", Some("2020-09-10T10:30:00+01:00"));
        check("2016-09-09T09:33:15+01:00", "2016-09-09", Some("2016-09-09T09:33:15+01:00"));
        check("2020-06-01T23:30:00Z", "2020-06-02", Some("2020-06-02T00:30:00+01:00"));
        check("2020-06-01T23:30:00.000Z", "2020-06-02", Some("2020-06-02T00:30:00+01:00"));
        check(" \n 2020-06-01 10:00:00 \t", "2020-06-01", Some("2020-06-01T10:00:00+01:00"));
        check("2019-11-25", "2019-11-25", None);
        check("25/11/2019", "2019-11-25", None);
        check("Monday 25 November 2019", "2019-11-25", None);
    }

    #[test]
    fn what_is_no_date_is_none() {
        for raw in ["", "yesterday", "31 Feb 2020", "0000-00-00T00:00:00", "11/25/2019", "Mon", "25 November"] {
            assert_eq!(parse(raw), None, "{raw}");
        }
    }
}
