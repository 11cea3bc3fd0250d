//! Whether a server is spoken to in groups of commands (RFC 2920) or in one command at a time.
//!
//! Some offer PIPELINING and throw away what they are sent that way, or all but the first of it, as their firewalls do; or
//! what stands behind a message's final dot. So where the first group of a session, or the first behind a message, is never
//! answered to its end, or is refused for being one, the same message is said one command at a time; if that is answered, so it
//! stays for a day. If it is not, the reason was the message, or whom it is for, and groups are trusted for a day. Whoever answers
//! groups does not throw them away: that one's first group is silent lately has another reason, however one message fares.

use std::time::Duration;
use tokio::time::Instant;

/// How long a server that was found out is spoken to in one command at a time.
const REMEMBERED: Duration = Duration::from_secs(24 * 3600);

/// One that has answered a first group is not suspected for so long when it leaves another one unanswered.
const HEARD: Duration = Duration::from_secs(3600);

/// What is known of a server's PIPELINING.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Manners {
    /// What it offers is believed.
    #[default]
    Trusted,
    /// It has answered first groups lately.
    Heard { until: Instant },
    /// A first group was not answered: that may have been the reason.
    Suspected,
    /// It was not.
    Cleared { until: Instant },
    /// It was.
    FoundOut { until: Instant },
}

impl Manners {
    /// Whether the next session may say several commands at once.
    pub(super) fn pipelines(self, now: Instant) -> bool {
        match self {
            Self::Trusted | Self::Heard { .. } | Self::Cleared { .. } => true,
            Self::Suspected => false,
            Self::FoundOut { until } => now >= until,
        }
    }

    /// For how long it is still spoken to in one command at a time, where it was found out.
    pub(super) fn found_out_for(self, now: Instant) -> Option<Duration> {
        match self {
            Self::FoundOut { until } if now < until => Some(until - now),
            Self::Trusted | Self::Heard { .. } | Self::Suspected | Self::Cleared { .. } | Self::FoundOut { .. } => None,
        }
    }

    /// It was found out before the program was started.
    pub(super) fn recall(&mut self, lasts: Duration, now: Instant) {
        if *self == Self::Trusted && !lasts.is_zero() {
            *self = Self::FoundOut { until: now + lasts.min(REMEMBERED) };
        }
    }

    /// A session's first envelope was not answered. Whether it is worth being said one command at a time.
    pub(super) fn unanswered(&mut self, was_pipelined: bool, now: Instant) -> bool {
        let is_cleared = matches!(*self, Self::Cleared { until } | Self::Heard { until } if now < until);
        let is_suspect = was_pipelined && !is_cleared;
        if is_suspect {
            *self = Self::Suspected;
        }
        is_suspect
    }

    /// What stood behind a message was not answered, or a group was refused for being one, though first groups may be answered.
    pub(super) fn unheard(&mut self, now: Instant) {
        if !matches!(*self, Self::Cleared { until } if now < until) {
            *self = Self::Suspected;
        }
    }

    /// A session's first group was answered.
    pub(super) fn answered(&mut self, now: Instant) {
        match *self {
            Self::Suspected => *self = Self::Cleared { until: now + REMEMBERED },
            Self::Trusted | Self::Heard { .. } => *self = Self::Heard { until: now + HEARD },
            Self::Cleared { .. } | Self::FoundOut { .. } => {}
        }
    }

    /// What was not answered as a group was said one command at a time. Whether the server is found out by that.
    pub(super) fn said_one_at_a_time(&mut self, is_heard: bool, now: Instant) -> bool {
        let was_suspected = *self == Self::Suspected;
        if was_suspected {
            let until = now + REMEMBERED;
            *self = if is_heard { Self::FoundOut { until } } else { Self::Cleared { until } };
        }
        was_suspected && is_heard
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_answers_only_one_command_at_a_time_is_spoken_to_so_for_a_day() {
        let (mut manners, now) = (Manners::default(), Instant::now());
        assert!(manners.pipelines(now));
        manners.unanswered(true, now);
        assert!(!manners.pipelines(now));
        assert!(manners.said_one_at_a_time(true, now), "that is news");
        assert!(!manners.said_one_at_a_time(true, now));
        assert!(!manners.pipelines(now + REMEMBERED / 2));
        let (lasts, mut later) = (manners.found_out_for(now + REMEMBERED / 2).unwrap(), Manners::default());
        later.recall(lasts * 9, now);
        assert_eq!(later, manners, "no longer than a day, whatever a clock says");
        assert!(manners.pipelines(now + REMEMBERED));
        manners.unanswered(true, now + REMEMBERED);
        assert_eq!(manners, Manners::Suspected);
    }

    #[test]
    fn one_that_answers_groups_is_not_found_out_by_a_message_that_fares_better_the_second_time() {
        let (mut manners, now) = (Manners::default(), Instant::now());
        manners.answered(now);
        assert!(!manners.unanswered(true, now) && manners.pipelines(now));
        assert!(!manners.said_one_at_a_time(true, now));
        // What stands behind a message is another thing.
        manners.unheard(now);
        assert!(!manners.pipelines(now) && manners.said_one_at_a_time(true, now));
        let mut manners = Manners::Heard { until: now };
        assert!(manners.unanswered(true, now), "that was long ago");
    }

    #[test]
    fn a_server_that_is_silent_either_way_or_answers_the_groups_of_others_is_not_found_out_nor_suspected_again_for_a_day() {
        for answers_others in [false, true] {
            let (mut manners, now) = (Manners::default(), Instant::now());
            manners.unanswered(true, now);
            // Another line that was opened before that.
            manners.unanswered(true, now);
            assert!(!manners.pipelines(now));
            manners.unanswered(false, now);
            if answers_others {
                manners.answered(now);
            } else {
                assert!(!manners.said_one_at_a_time(false, now));
            }
            assert!(manners.pipelines(now));
            assert!(!manners.unanswered(true, now) && manners.pipelines(now), "it was asked both ways");
            assert!(manners.unanswered(true, now + REMEMBERED));
            assert!(!manners.pipelines(now));
        }
    }
}
