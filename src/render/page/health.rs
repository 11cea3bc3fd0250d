//! How a source is doing, in words.

use super::front::Watched;
use crate::domain::site::Site;
use crate::render::words::Words;
use crate::rules::health::Health;
use chrono::{DateTime, TimeDelta, Utc};

/// "Quiet, as usual".
pub(super) fn words_of(health: Health, words: &Words) -> &'static str {
    let words = &words.health;
    match health {
        Health::NotReadYet => words.not_read_yet,
        Health::Fine => words.fine,
        Health::Quiet => words.quiet,
        Health::Overdue => words.overdue,
        Health::Blocked => words.blocked,
        Health::AskedAway => words.asked_away,
        Health::Unreachable => words.unreachable,
        Health::LookedAt => words.looked_at,
    }
}

/// "12 minutes ago"; a moment that is still to come, by a clock that was set back, is now.
pub(super) fn ago(at: DateTime<Utc>, now: DateTime<Utc>, words: &Words) -> String {
    let words = &words.health;
    match now - at {
        past if past < TimeDelta::minutes(1) => words.just_now.to_owned(),
        past if past < TimeDelta::hours(1) => (words.minutes_ago)(past.num_minutes()),
        past if past < TimeDelta::days(2) => (words.hours_ago)(past.num_hours()),
        past => (words.days_ago)(past.num_days()),
    }
}

/// "Quiet, as usual. Read 12 minutes ago": how one source is doing, as mails say it.
#[must_use]
pub fn health_in_words(site: &Site, watched: &Watched, now: DateTime<Utc>) -> String {
    let words = Words::of(site);
    let say = if watched.health.is_well() { words.health.read } else { words.health.last_read };
    let read = watched.last_read.map_or_else(|| words.health.never_read.to_owned(), |at| say(&ago(at, now, words)));
    format!("{}. {read}", words_of(watched.health, words))
}
