//! Whether a server is spoken to in groups of commands (RFC 2920) or in one command at a time.
//!
//! Some offer PIPELINING and throw away what they are sent that way, or all but the first of it, as their firewalls do; or
//! what stands behind a message's final dot. So where the first group of a session, or the first behind a message, is never
//! answered to its end, or is refused for being one, the next session says one command at a time; if that is answered, so it
//! stays for a day.

use std::time::Duration;
use tokio::time::Instant;

/// How long a server that was found out is spoken to in one command at a time.
const REMEMBERED: Duration = Duration::from_secs(24 * 3600);

/// What is known of a server's PIPELINING.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Manners {
    /// What it offers is believed.
    #[default]
    Trusted,
    /// A first group was not answered: that may have been the reason.
    Suspected,
    /// It was.
    FoundOut { until: Instant },
}

impl Manners {
    /// Whether the next session may say several commands at once.
    pub(super) fn pipelines(self, now: Instant) -> bool {
        match self {
            Self::Trusted => true,
            Self::Suspected => false,
            Self::FoundOut { until } => now >= until,
        }
    }

    /// For how long it is still spoken to in one command at a time, where it was found out.
    pub(super) fn found_out_for(self, now: Instant) -> Option<Duration> {
        match self {
            Self::FoundOut { until } if now < until => Some(until - now),
            Self::Trusted | Self::Suspected | Self::FoundOut { .. } => None,
        }
    }

    /// It was found out before the program was started.
    pub(super) fn recall(&mut self, lasts: Duration, now: Instant) {
        if *self == Self::Trusted && !lasts.is_zero() {
            *self = Self::FoundOut { until: now + lasts.min(REMEMBERED) };
        }
    }

    /// A session's first envelope was not answered.
    pub(super) fn unanswered(&mut self, was_pipelined: bool) {
        *self = match *self {
            Self::Trusted | Self::FoundOut { .. } if was_pipelined => Self::Suspected,
            // It is silent either way.
            Self::Suspected if !was_pipelined => Self::Trusted,
            Self::Trusted | Self::Suspected | Self::FoundOut { .. } => *self,
        };
    }

    /// A session's first envelope was answered. Whether the server is found out by that.
    pub(super) fn answered(&mut self, was_pipelined: bool, now: Instant) -> bool {
        if was_pipelined {
            *self = Self::Trusted;
            return false;
        }
        let is_news = *self == Self::Suspected;
        if is_news {
            *self = Self::FoundOut { until: now + REMEMBERED };
        }
        is_news
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_answers_only_one_command_at_a_time_is_spoken_to_so_for_a_day() {
        let (mut manners, now) = (Manners::default(), Instant::now());
        assert!(manners.pipelines(now));
        manners.unanswered(true);
        assert!(!manners.pipelines(now));
        assert!(manners.answered(false, now), "that is news");
        assert!(!manners.answered(false, now));
        assert!(!manners.pipelines(now + REMEMBERED / 2));
        let (lasts, mut later) = (manners.found_out_for(now + REMEMBERED / 2).unwrap(), Manners::default());
        later.recall(lasts * 9, now);
        assert_eq!(later, manners, "no longer than a day, whatever a clock says");
        assert!(manners.pipelines(now + REMEMBERED));
        manners.unanswered(true);
        assert_eq!(manners, Manners::Suspected);
    }

    #[test]
    fn a_server_that_is_silent_either_way_is_asked_both_ways_in_turn() {
        let (mut manners, now) = (Manners::default(), Instant::now());
        for _ in 0..3 {
            manners.unanswered(true);
            // Another line that was opened before that.
            manners.unanswered(true);
            assert!(!manners.pipelines(now));
            manners.unanswered(false);
            assert!(manners.pipelines(now));
        }
        assert!(!manners.answered(false, now), "one that offers no PIPELINING is not found out");
    }
}
