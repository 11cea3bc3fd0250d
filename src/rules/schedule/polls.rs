//! When a source is visited next: in its rhythm while it answers, later and later while it does not, but never given up.

use crate::domain::source::SourceId;
use chrono::{DateTime, TimeDelta, Utc};
use std::time::{Duration, SystemTime};

/// The longest `Retry-After` that is believed: a longer one is a slip, or would lose the source.
pub const RETRY_AFTER_MAX: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A failing source is visited at least this often.
const BACKOFF_MAX: Duration = Duration::from_secs(24 * 60 * 60);

/// The first wait after a failure lies between these.
const BACKOFF_FIRST: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(60 * 60));

/// When to poll again after a poll at `now` that had been due at `last_due`; always after `now`.
///
/// The time between polls is `every` less up to a tenth, by source: sources with one rhythm spread out, and an hourly
/// cron job never finds an hourly source not quite due. Counting from `last_due` keeps the rhythm when polls are late.
#[must_use]
pub fn next_poll(source: &SourceId, every: Duration, now: DateTime<Utc>, last_due: Option<DateTime<Utc>>) -> DateTime<Utc> {
    let period = every.mul_f64(1.0 - 0.1 * spread(source)).max(Duration::from_secs(1));
    let in_rhythm = last_due.map(|due| after(due, period)).filter(|due| *due > now);
    in_rhythm.unwrap_or_else(|| after(now, period)).min(after(now, period))
}

/// When to poll again after the `failures`th failure in a row: a quarter of `every` at first, doubling up to a day, and
/// not before the server's own `Retry-After`.
#[must_use]
pub fn backoff(failures: u32, every: Duration, retry_after: Option<DateTime<Utc>>, now: DateTime<Utc>) -> DateTime<Utc> {
    let first = (every / 4).clamp(BACKOFF_FIRST.0, BACKOFF_FIRST.1);
    let doublings = failures.saturating_sub(1).min(31);
    let wait = first.saturating_mul(1 << doublings).min(BACKOFF_MAX);
    let asked = retry_after.map(|at| at.min(after(now, RETRY_AFTER_MAX)));
    asked.map_or(after(now, wait), |asked| asked.max(after(now, wait)))
}

/// The instant that a `Retry-After` names (RFC 9110 §10.2.3: seconds or a date), at least `now` and at most
/// [`RETRY_AFTER_MAX`] later; `None` where it is neither form.
#[must_use]
pub fn parse_retry_after(value: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let value = value.trim();
    let latest = after(now, RETRY_AFTER_MAX);
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        // More digits than fit are a long wait, not a malformed one.
        let seconds = value.parse().unwrap_or(u64::MAX);
        return Some(after(now, Duration::from_secs(seconds).min(RETRY_AFTER_MAX)));
    }
    let date: SystemTime = httpdate::parse_http_date(value).ok()?;
    Some(DateTime::<Utc>::from(date).clamp(now, latest))
}

/// Where in `[0, 1)` a source lies, by its id alone.
fn spread(source: &SourceId) -> f64 {
    let hash = blake3::hash(source.as_str().as_bytes());
    let [a, b, ..] = *hash.as_bytes();
    f64::from(u16::from_be_bytes([a, b])) / 65536.0
}

/// `at` plus `wait`, or the end of time.
fn after(at: DateTime<Utc>, wait: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(wait).ok().and_then(|wait| at.checked_add_signed(wait)).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn at(raw: &str) -> DateTime<Utc> {
        raw.parse().expect(raw)
    }

    fn id(raw: &str) -> SourceId {
        SourceId::parse(raw).expect(raw)
    }

    #[test]
    fn sources_with_one_rhythm_spread_out_and_none_waits_longer_than_it_says() {
        let now = at("2026-11-21T12:00:00Z");
        let mut dues: Vec<_> = (0..50).map(|n| next_poll(&id(&format!("source-{n}")), HOUR, now, None)).collect();
        assert!(dues.iter().all(|due| *due > now + TimeDelta::minutes(53) && *due <= now + TimeDelta::minutes(60)));
        dues.sort();
        dues.dedup();
        assert!(dues.len() > 40, "{} distinct times", dues.len());
        assert_eq!(next_poll(&id("trafford"), HOUR, now, None), next_poll(&id("trafford"), HOUR, now, None));
    }

    #[test]
    fn a_late_poll_keeps_the_rhythm_and_a_very_late_one_starts_it_anew() {
        let source = id("trafford");
        let due = at("2026-11-21T12:00:00Z");
        let in_time = next_poll(&source, HOUR, due, Some(due));
        assert_eq!(next_poll(&source, HOUR, due + TimeDelta::minutes(9), Some(due)), in_time);
        let late = due + TimeDelta::days(3);
        assert_eq!(next_poll(&source, HOUR, late, Some(due)), next_poll(&source, HOUR, late, None));
    }

    #[test]
    fn an_hourly_cron_job_finds_an_hourly_source_due_every_time() {
        for name in ["trafford", "bury", "torbay", "herefordshire"] {
            let start = at("2026-11-21T12:00:00Z");
            let mut due = start;
            for hour in 0..500 {
                // A job starts some seconds late, never early.
                let now = start + TimeDelta::hours(hour) + TimeDelta::seconds(hour % 7);
                assert!(due <= now, "{name} is not due in hour {hour}");
                due = next_poll(&id(name), HOUR, now, Some(due));
            }
        }
    }

    #[test]
    fn a_clock_that_stepped_back_does_not_put_a_poll_off() {
        let now = at("2026-11-21T12:00:00Z");
        assert!(next_poll(&id("trafford"), HOUR, now, Some(now + TimeDelta::days(400))) <= now + TimeDelta::hours(1));
    }

    #[test]
    fn waits_double_to_a_day_and_stay_there() {
        let now = at("2026-11-21T12:00:00Z");
        let check = |failures: u32, every: Duration, minutes: i64| {
            assert_eq!(backoff(failures, every, None, now) - now, TimeDelta::minutes(minutes), "{failures} failures, {every:?}");
        };
        check(1, HOUR, 15);
        check(2, HOUR, 30);
        check(3, HOUR, 60);
        check(7, HOUR, 16 * 60);
        check(8, HOUR, 24 * 60);
        check(u32::MAX, HOUR, 24 * 60);
        check(1, Duration::from_secs(90), 1);
        check(1, HOUR * 24 * 7, 60);
        check(0, HOUR, 15);
    }

    #[test]
    fn a_server_that_asks_for_longer_gets_it_within_reason() {
        let now = at("2026-11-21T12:00:00Z");
        let check = |asked: TimeDelta, expect: TimeDelta| assert_eq!(backoff(1, HOUR, Some(now + asked), now) - now, expect);
        check(TimeDelta::minutes(5), TimeDelta::minutes(15));
        check(TimeDelta::days(2), TimeDelta::days(2));
        check(TimeDelta::days(400), TimeDelta::days(7));
    }

    #[test]
    fn both_forms_of_retry_after_are_read() {
        let now = at("2026-11-21T12:00:00Z");
        let check = |value: &str, expect: Option<&str>| assert_eq!(parse_retry_after(value, now), expect.map(at), "{value:?}");
        check("120", Some("2026-11-21T12:02:00Z"));
        check(" 0 ", Some("2026-11-21T12:00:00Z"));
        check("99999999999999999999999999", Some("2026-11-28T12:00:00Z"));
        check("Sat, 21 Nov 2026 13:30:00 GMT", Some("2026-11-21T13:30:00Z"));
        check("Saturday, 21-Nov-26 13:30:00 GMT", Some("2026-11-21T13:30:00Z"));
        check("Fri, 20 Nov 2026 13:30:00 GMT", Some("2026-11-21T12:00:00Z"));
        check("Tue, 21 Nov 2028 13:30:00 GMT", Some("2026-11-28T12:00:00Z"));
        check("", None);
        check("-5", None);
        check("soon", None);
    }
}
