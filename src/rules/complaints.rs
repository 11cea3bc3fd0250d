//! How many readers may call our mail spam before somebody has to look, and before mail rests.
//!
//! Gmail and Yahoo ask senders to keep below one in a thousand and never to reach three ("Email sender guidelines"). In a
//! small number of mails one angry reader is a large share, so a few are needed before a share means anything.

/// Complaints before a share is an alarm, and before it is a reason to rest.
const ALARM_MIN: u64 = 3;
const PAUSE_MIN: u64 = 5;

/// What complaints mean.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Few, or too little to tell.
    Fine,
    /// One in a thousand or more.
    Alarming,
    /// Three in a thousand or more: nothing is sent until somebody has looked.
    Pause,
}

/// What `complaints` about `sent` mails mean.
#[must_use]
pub fn standing(complaints: u64, sent: u64) -> Standing {
    let per_thousand = |n: u64| complaints.saturating_mul(1000) >= sent.saturating_mul(n);
    if complaints >= PAUSE_MIN && per_thousand(3) {
        Standing::Pause
    } else if complaints >= ALARM_MIN && per_thousand(1) {
        Standing::Alarming
    } else {
        Standing::Fine
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_counts_once_there_are_a_few() {
        let check = |complaints, sent, expect| assert_eq!(standing(complaints, sent), expect, "{complaints} of {sent}");
        check(0, 0, Standing::Fine);
        check(2, 10, Standing::Fine);
        check(3, 10, Standing::Alarming);
        check(4, 10, Standing::Alarming);
        check(5, 10, Standing::Pause);
        check(5, 1_666, Standing::Pause);
        check(5, 1_667, Standing::Alarming);
        check(30, 10_000, Standing::Pause);
        check(29, 10_000, Standing::Alarming);
        check(10, 10_000, Standing::Alarming);
        check(9, 10_000, Standing::Fine);
        check(u64::MAX, u64::MAX, Standing::Pause);
    }
}
