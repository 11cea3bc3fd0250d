//! When a delivery that was not taken is tried again (RFC 5321 §4.5.4.1), and when trying ends.

use crate::domain::delivery::RefusalKind;
use crate::domain::subscriber::Cadence;
use chrono::{DateTime, Utc};
use std::time::Duration;

/// The longest wait between two attempts.
const WAIT_MAX: Duration = Duration::from_secs(4 * 60 * 60);
/// The same where a relay is out of reach: once it is back, mail is to go soon.
const RELAY_WAIT_MAX: Duration = Duration::from_secs(10 * 60);
/// The same where the trouble is what others think of us: 5xx is a "no", and mends slowly.
const POLICY_WAIT_MAX: Duration = Duration::from_secs(24 * 60 * 60);

/// A delivery is given up when the waits add up to this: RFC 5321 asks for four to five days.
const GIVE_UP: Duration = Duration::from_secs(5 * 24 * 60 * 60);

/// How long to wait after the `attempts`th attempt failed as `kind`; `None` where there is no point in trying again.
///
/// A server that said no for now (grey-listing, a full mailbox) is given five minutes at first; a relay out of reach or a
/// line that broke one minute, since that mends sooner; a policy an hour. Waits double up to four hours (ten minutes for a
/// relay, a day for a policy) and are shortened by up to a fifth according to `seed`, so that a queue does not come back all at once.
#[must_use]
pub fn retry_delivery(kind: RefusalKind, attempts: u32, seed: u64) -> Option<Duration> {
    let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
    let (first, most) = match kind {
        RefusalKind::Permanent | RefusalKind::AddressGone | RefusalKind::TooLarge => return None,
        RefusalKind::Transient => (minutes(5), WAIT_MAX),
        // Gmail asks for ten minutes of silence; the longest cut must leave that.
        RefusalKind::Throttled => (minutes(13), WAIT_MAX),
        RefusalKind::Policy => (minutes(60), POLICY_WAIT_MAX),
        RefusalKind::Relay => (minutes(1), RELAY_WAIT_MAX),
        RefusalKind::Unknown => (minutes(1), WAIT_MAX),
    };
    let wait = |attempt: u32| first.saturating_mul(1 << (attempt - 1).min(16)).min(most);
    // So many waits are over the limit whatever the first; so the sum is short even for a damaged count.
    let attempts = attempts.clamp(1, 1024);
    let waited: Duration = (1..attempts).map(wait).sum();
    (waited < GIVE_UP).then(|| wait(attempts).mul_f64(1.0 - 0.2 * spread(seed, attempts)))
}

/// How long nothing is sent to anybody after `in_a_row` refusals for trouble of the relay or ours, one after the other.
///
/// A few are put down to chance and to those who were mailed; one that says "too much" is believed at once.
#[must_use]
pub fn relay_rest(kind: RefusalKind, in_a_row: u32) -> Duration {
    let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
    let (first, most) = match kind {
        RefusalKind::Throttled => (minutes(10), minutes(120)),
        RefusalKind::Policy => (minutes(30), WAIT_MAX),
        // One that starts anew is back in seconds.
        RefusalKind::Relay => (Duration::from_secs(10), RELAY_WAIT_MAX),
        // Each further try may be another copy for somebody.
        RefusalKind::Unknown => (minutes(1), RELAY_WAIT_MAX),
        RefusalKind::Transient | RefusalKind::Permanent | RefusalKind::AddressGone | RefusalKind::TooLarge => {
            return Duration::ZERO;
        }
    };
    in_a_row.checked_sub(rests_after(kind)).map_or(Duration::ZERO, |more| first.saturating_mul(1 << more.min(16)).min(most))
}

/// How long nothing is tried at one provider whose mail came to this kind of trouble so many `times` in a row.
///
/// Asking costs one conversation, and news grows old: so one is asked twice an hour that says "not now", or nothing, and later on
/// once. Where the text was sent and nothing said, it may have come, and is another copy when it is sent again: so one is asked soon at first, with
/// a mail that was not sent before, and later on a few times in a day. One that refuses for what it thinks of us is asked as a relay is.
#[must_use]
pub fn provider_rest(kind: RefusalKind, times: u32) -> Duration {
    let seconds: &[u64] = match kind {
        RefusalKind::Throttled => &[600, 1200, 1800, 1800, 1800, 1800, 1800, 1800, 3600],
        RefusalKind::Relay => &[20, 60, 120, 240, 480, 960, 1800],
        RefusalKind::Unknown => &[20, 60, 120, 300, 600, 1200, 3600, 10800, 21600],
        RefusalKind::Policy
        | RefusalKind::Transient
        | RefusalKind::Permanent
        | RefusalKind::AddressGone
        | RefusalKind::TooLarge => return relay_rest(kind, rests_after(kind).saturating_add(times).saturating_sub(1)),
    };
    Duration::from_secs(step(seconds, times))
}

/// How long what may have come already waits to be sent again, where its provider leaves mail without an answer and so many of those
/// were: each may be another copy. Nothing that costs none tells whether a server answers behind the text: an envelope without one is
/// answered, and an empty text is a mail. So one asks for all, of each of which that is so the one that has waited longest: soon while
/// most such troubles end, and seldom when this one has lasted.
#[must_use]
pub fn told_again_rest(times: u32) -> Duration {
    Duration::from_secs(60 * step(&[5, 15, 60, 180, 360], times.saturating_add(1)))
}

/// How long a mail waits that was left without an answer at this attempt while others were taken: another line may do better.
#[must_use]
pub fn single_rest(kind: RefusalKind, attempts: u32) -> Duration {
    let seconds: &[u64] = if kind == RefusalKind::Unknown { &[20, 120, 300, 900, 3600] } else { &[5, 15, 45, 120, 300] };
    Duration::from_secs(step(seconds, attempts))
}

/// How long mail that may have come already waits, at this attempt, when the program stopped while it was being sent: each time may be
/// another copy.
#[must_use]
pub fn stopped_rest(attempts: u32) -> Duration {
    Duration::from_secs(60 * step(&[1, 15, 120, 360], attempts))
}

/// The step of this number, counted from one; the last for all that follow.
fn step(steps: &[u64], number: u32) -> u64 {
    let at = (number as usize).clamp(1, steps.len()) - 1;
    steps.get(at).copied().unwrap_or_default()
}

/// How many refusals of this kind, one after the other, lead to the first rest.
#[must_use]
pub fn rests_after(kind: RefusalKind) -> u32 {
    match kind {
        RefusalKind::Throttled => 1,
        // A server that starts anew breaks all its lines at once.
        RefusalKind::Unknown => BROKEN_LINES_MAX,
        RefusalKind::Relay
        | RefusalKind::Policy
        | RefusalKind::Transient
        | RefusalKind::Permanent
        | RefusalKind::AddressGone
        | RefusalKind::TooLarge => RELAY_FAILURES_MAX,
    }
}

/// How long a box of returned mail is left alone after it could not be read `in_a_row` times.
///
/// Short, since those who leave by mail wait to be heard; long enough that a wrong password locks nobody out.
#[must_use]
pub fn postbox_rest(in_a_row: u32) -> Duration {
    let minutes = 1_u64 << in_a_row.saturating_sub(1).min(8);
    Duration::from_secs(minutes * 60).min(POSTBOX_REST_MAX)
}

/// The longest such rest.
const POSTBOX_REST_MAX: Duration = Duration::from_secs(15 * 60);

/// Refusals for the relay's or our own trouble, one after the other, after which the rest is left for later.
const RELAY_FAILURES_MAX: u32 = 3;

/// Lines broken behind a message, with none taken between, after which the rest is left for later.
const BROKEN_LINES_MAX: u32 = 5;

/// Whether a digest whose window closed at `closed` comes too late to be news. A week's digest has twice as long.
#[must_use]
pub fn is_stale(cadence: Cadence, closed: DateTime<Utc>, stale_after: Duration, now: DateTime<Utc>) -> bool {
    let after = match cadence {
        Cadence::Immediate | Cadence::Daily => stale_after,
        Cadence::Weekly => stale_after.saturating_mul(2),
    };
    (now - closed).to_std().is_ok_and(|age| age > after)
}

/// Where in `[0, 1)` this attempt lies.
fn spread(seed: u64, attempts: u32) -> f64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&seed.to_be_bytes()).update(&attempts.to_be_bytes());
    let [a, b, ..] = *hasher.finalize().as_bytes();
    f64::from(u16::from_be_bytes([a, b])) / 65536.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use RefusalKind::{AddressGone, Permanent, Policy, Relay, Throttled, TooLarge, Transient, Unknown};

    #[test]
    fn waits_grow_from_minutes_to_four_hours() {
        let check = |kind, attempts, minutes: u64| {
            let wait = retry_delivery(kind, attempts, 7).expect("another attempt");
            let most = Duration::from_secs(minutes * 60);
            assert!(wait <= most && wait >= most.mul_f64(0.8), "{kind:?} after {attempts}: {wait:?}");
        };
        check(Transient, 1, 5);
        check(Transient, 2, 10);
        check(Transient, 6, 160);
        check(Transient, 7, 240);
        check(Transient, 20, 240);
        check(Relay, 1, 1);
        check(Relay, 20, 10);
        check(Unknown, 2, 2);
        check(Unknown, 9, 240);
        check(Transient, 0, 5);
        check(Policy, 1, 60);
        check(Policy, 4, 480);
        check(Policy, 9, 1440);
    }

    #[test]
    fn trying_ends_after_about_five_days() {
        for kind in [Transient, Relay, Unknown, Throttled] {
            let waits: Vec<Duration> = (1..).map_while(|attempts| retry_delivery(kind, attempts, 3)).collect();
            let days = waits.iter().sum::<Duration>().as_secs_f64() / 86_400.0;
            assert!((4.0..5.3).contains(&days), "{kind:?}: {days} days in {} attempts", waits.len());
            assert_eq!(retry_delivery(kind, u32::MAX, 3), None);
        }
    }

    #[test]
    fn the_relay_rests_longer_each_time_and_at_once_where_it_asks_for_it() {
        let check = |kind, in_a_row, minutes: u64| {
            assert_eq!(relay_rest(kind, in_a_row), Duration::from_secs(minutes * 60), "{kind:?} after {in_a_row}");
        };
        check(Throttled, 1, 10);
        check(Throttled, 2, 20);
        check(Throttled, 30, 120);
        check(Policy, 1, 0);
        check(Policy, 2, 0);
        check(Policy, 3, 30);
        check(Policy, 99, 240);
        check(Relay, 2, 0);
        check(Relay, 9, 10);
        check(Relay, u32::MAX, 10);
        assert_eq!(relay_rest(Relay, 3), Duration::from_secs(10));
        assert_eq!(relay_rest(Relay, 5), Duration::from_secs(40));
        check(Unknown, 4, 0);
        check(Unknown, 5, 1);
        check(Unknown, 9, 10);
        check(Transient, 99, 0);
        let shortest = (0..100).filter_map(|seed| retry_delivery(Throttled, 1, seed)).min();
        assert!(shortest >= Some(Duration::from_secs(600)), "{shortest:?}");
    }

    #[test]
    fn a_box_that_cannot_be_read_is_tried_again_within_a_quarter_of_an_hour() {
        let minutes = [1, 2, 3, 4, 5, 6, u32::MAX].map(|in_a_row| postbox_rest(in_a_row).as_secs() / 60);
        assert_eq!(minutes, [1, 2, 4, 8, 15, 15, 15]);
    }

    #[test]
    fn a_final_no_is_not_argued_with() {
        assert_eq!(retry_delivery(Permanent, 1, 7), None);
        assert_eq!(retry_delivery(AddressGone, 1, 7), None);
        assert_eq!(retry_delivery(TooLarge, 1, 7), None);
    }

    #[test]
    fn a_digest_is_news_for_a_week_and_a_week_s_digest_for_two() {
        let closed: DateTime<Utc> = "2026-11-01T07:30:00Z".parse().expect("a time");
        let week = Duration::from_secs(7 * 86_400);
        let check = |cadence, now: &str, expect| {
            assert_eq!(is_stale(cadence, closed, week, now.parse().expect(now)), expect, "{cadence:?} at {now}");
        };
        check(Cadence::Daily, "2026-11-08T07:30:00Z", false);
        check(Cadence::Daily, "2026-11-08T07:30:01Z", true);
        check(Cadence::Immediate, "2026-11-08T07:30:01Z", true);
        check(Cadence::Weekly, "2026-11-15T07:30:00Z", false);
        check(Cadence::Weekly, "2026-11-15T07:30:01Z", true);
        // A clock that was ahead when the window closed.
        check(Cadence::Daily, "2026-10-01T00:00:00Z", false);
    }

    #[test]
    fn a_queue_does_not_come_back_all_at_once() {
        let mut waits: Vec<_> = (0..100).map(|seed| retry_delivery(Transient, 8, seed)).collect();
        assert_eq!(waits, (0..100).map(|seed| retry_delivery(Transient, 8, seed)).collect::<Vec<_>>());
        waits.sort();
        waits.dedup();
        assert!(waits.len() > 90);
    }
}
