//! How many lines may hang while another message is begun, where a server falls silent about some and takes others.
//!
//! Each line that hangs is a message of which nobody knows whether it was taken: it is waited for as long as servers are given, and
//! nobody else waits for it. So that some lines are always left for what is more urgent, each lane has its share; where that is nearly
//! used up, one message at a time goes on, and after each that is left without an answer none for a while, which grows. When many in a
//! row are taken, the server has come round: what hangs from before counts no more against those that follow.

use crate::domain::bundle::Lane;
use crate::domain::subscriber::Cadence;
use std::time::Duration;
use tokio::time::Instant;

/// So many times as many lines as the server may be given may hang…
const TIMES: usize = 4;
/// …and so many more, of those that ask whether it has come round.
const ASKING_MAX: usize = 16;
/// Of so many lines that may hang one is kept for letters, and one more for what is told at once.
const KEPT_ONE_IN: usize = 8;
/// Where so many are left, one message at a time goes on.
const LAST: usize = 8;
/// After one that is left without an answer then none goes for so long at first, then twice as long each time…
const REST_FIRST: Duration = Duration::from_secs(15);
/// …up to this.
const REST_MAX: Duration = Duration::from_secs(300);
/// So many in a row that are taken say that it has come round.
const IN_A_ROW: u32 = 16;

/// What is allowed of a server, by how it did.
#[derive(Debug)]
pub(super) struct Allowance {
    /// All that may hang.
    all: usize,
    /// Lines that hang from before it came round.
    forgiven: usize,
    /// Messages in a row that were taken.
    taken: u32,
    rest: Duration,
    until: Option<Instant>,
}

/// How a message may be begun.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum May {
    /// Beside others.
    Beside,
    /// Where no other is under way.
    Alone,
    /// Not now.
    Not,
}

impl Allowance {
    /// That of a server which may be given so many lines.
    pub(super) fn new(most: usize) -> Self {
        Self { all: TIMES * most + ASKING_MAX, forgiven: 0, taken: 0, rest: REST_FIRST, until: None }
    }

    /// How many lines may hang.
    pub(super) fn all(&self) -> usize {
        self.all
    }

    /// How many of those may hang with messages as urgent as that and less.
    fn share(&self, lane: Lane) -> usize {
        match lane {
            Lane::Letter => self.all,
            Lane::Digest(Cadence::Immediate) => self.all - self.all / KEPT_ONE_IN,
            Lane::Digest(Cadence::Daily | Cadence::Weekly) => self.all - 2 * (self.all / KEPT_ONE_IN),
        }
    }

    /// How a message as urgent as that may be begun while so many lines hang.
    pub(super) fn may(&self, lane: Lane, hung: usize, now: Instant) -> May {
        let share = self.share(lane);
        let asks = share.saturating_sub(LAST);
        if hung >= share {
            May::Not
        } else if lane == Lane::Letter || hung.saturating_sub(self.forgiven) < asks {
            May::Beside
        } else if self.until.is_none_or(|until| now >= until) {
            May::Alone
        } else {
            May::Not
        }
    }

    /// One more hangs; so many do now.
    pub(super) fn fell_silent(&mut self, hung: usize, now: Instant) {
        self.taken = 0;
        let least = self.share(Lane::Digest(Cadence::Weekly)).saturating_sub(LAST);
        // Those that were begun together are one step.
        let rests = self.until.is_some_and(|until| now < until);
        if !rests && hung.saturating_sub(self.forgiven) >= least {
            self.until = Some(now + self.rest);
            self.rest = (self.rest * 2).min(REST_MAX);
        }
    }

    /// One was taken while so many hang.
    pub(super) fn took(&mut self, hung: usize) {
        self.taken = self.taken.saturating_add(1);
        if self.taken >= IN_A_ROW {
            (self.forgiven, self.rest, self.until) = (hung, REST_FIRST, None);
        }
    }

    /// One has come to its end; so many hang now.
    pub(super) fn ended(&mut self, hung: usize) {
        self.forgiven = self.forgiven.min(hung);
    }
}

#[cfg(test)]
mod tests {
    use super::May::{Alone, Beside, Not};
    use super::*;

    const DAILY: Lane = Lane::Digest(Cadence::Daily);
    const AT_ONCE: Lane = Lane::Digest(Cadence::Immediate);

    #[test]
    fn each_lane_leaves_lines_to_what_is_more_urgent_and_the_last_of_its_own_go_one_at_a_time() {
        let (allowance, now) = (Allowance::new(4), Instant::now());
        let may = |lane| [0, 15, 16, 19, 20, 23, 24, 27, 28, 31, 32].map(|hung| allowance.may(lane, hung, now));
        assert_eq!(may(DAILY), [Beside, Beside, Alone, Alone, Alone, Alone, Not, Not, Not, Not, Not]);
        assert_eq!(may(AT_ONCE), [Beside, Beside, Beside, Beside, Alone, Alone, Alone, Alone, Not, Not, Not]);
        assert_eq!(may(Lane::Letter), [Beside, Beside, Beside, Beside, Beside, Beside, Beside, Beside, Beside, Beside, Not]);
        assert_eq!(Allowance::new(1).may(DAILY, 7, now), Beside);
    }

    #[test]
    fn one_that_hangs_then_has_others_wait_for_longer_each_time_and_many_in_a_row_that_do_not_end_that() {
        let (mut allowance, mut now) = (Allowance::new(4), Instant::now());
        let mut rests = Vec::new();
        for hung in 16..22 {
            allowance.fell_silent(hung, now);
            let rest = (0..1_000).find(|seconds| allowance.may(DAILY, hung, now + Duration::from_secs(*seconds)) == May::Alone);
            rests.push(rest.unwrap());
            assert_eq!(allowance.may(Lane::Letter, hung, now), May::Beside);
            now += Duration::from_secs(rest.unwrap());
            (1..IN_A_ROW).for_each(|_| allowance.took(hung));
        }
        assert_eq!(rests, [15, 30, 60, 120, 240, 300]);
        assert_eq!(allowance.may(DAILY, 21, now), May::Alone);
        allowance.fell_silent(21, now);
        now += REST_MAX;
        (1..IN_A_ROW).for_each(|_| allowance.took(21));
        assert_eq!(allowance.may(DAILY, 21, now), May::Alone, "they were not in a row");
        allowance.took(21);
        assert_eq!(allowance.may(DAILY, 21, now), May::Beside);
        allowance.ended(3);
        assert_eq!(allowance.may(DAILY, 3 + 16, now), May::Alone, "what hangs from then on counts");
    }
}
