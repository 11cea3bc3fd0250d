//! How long a server takes over mail for one provider's readers: it may ask others about each recipient, or wait for another server,
//! and then it is slow about those and quick about the rest. Who is quick does not wait for those who are slow.

use super::throttle::{BUSY, LATE_MAX};
use crate::rules::operator::operator;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// What is answered within this is not slow.
const SLOW: Duration = Duration::from_secs(2);
/// Where mail to so many operators is slow, with none between that is not, the server is.
const ALL_SLOW: usize = 8;
/// So many operators are remembered.
const REMEMBERED_MAX: usize = 256;

/// What is usual of late.
#[derive(Debug, Default)]
pub(super) struct Paces {
    /// Of mail that is answered soon; `None` where none is.
    quick: Option<Duration>,
    /// Whose was not, since then.
    slow_since: BTreeSet<String>,
    /// Of operators whose mail is answered slowly.
    slow: BTreeMap<String, Duration>,
}

impl Paces {
    /// Mail for this domain was answered after so long, or not yet.
    pub(super) fn took(&mut self, after: Duration, domain: &str) {
        if after < SLOW && self.slow.is_empty() {
            return self.took_soon(after);
        }
        let operator = operator(domain);
        let usual = self.slow.remove(&operator).map_or(after, |before| (before + after) / 2);
        if usual < SLOW {
            return self.took_soon(after.min(SLOW));
        }
        if self.slow.len() < REMEMBERED_MAX {
            self.slow.insert(operator.clone(), usual);
        }
        self.slow_since.insert(operator);
        if self.slow_since.len() >= ALL_SLOW {
            self.quick = None;
            self.slow_since.clear();
        }
    }

    fn took_soon(&mut self, after: Duration) {
        self.slow_since.clear();
        self.quick = Some(self.quick.map_or(after, |quick| (quick * 15 + after) / 16));
    }

    /// What is usual of mail for this domain, where that is known.
    pub(super) fn usual(&self, domain: &str) -> Option<Duration> {
        let slow = if self.slow.is_empty() { None } else { self.slow.get(&operator(domain)).copied() };
        slow.or(self.quick)
    }

    /// After how long other mail is not to wait any more for a line: `hush`, or several times what is usual of mail that is answered soon.
    /// Where none is, the server has enough to do.
    pub(super) fn slow_after(&self, hush: Duration) -> Duration {
        let most = LATE_MAX.max(hush);
        self.quick.map_or(most, |quick| (quick * BUSY).clamp(hush, most))
    }

    /// Whether mail for this domain is answered slowly, and others' is not.
    pub(super) fn is_slow(&self, domain: &str) -> bool {
        !self.slow.is_empty() && self.slow.get(&operator(domain)).is_some_and(|usual| self.is_so(*usual))
    }

    fn is_so(&self, usual: Duration) -> bool {
        self.quick.is_some_and(|quick| usual >= quick * BUSY)
    }

    /// Operators of which that is so.
    pub(super) fn slow(&self) -> Vec<(String, Duration)> {
        let slow = self.slow.iter().filter(|(_, usual)| self.is_so(**usual));
        slow.map(|(operator, usual)| (operator.clone(), *usual)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HUSH: Duration = Duration::from_secs(5);
    const SLOWLY: Duration = Duration::from_secs(20);

    #[test]
    fn who_is_answered_slowly_keeps_nobody_waiting_who_is_not_and_is_given_time() {
        let mut paces = Paces::default();
        assert_eq!((paces.slow_after(HUSH), paces.usual("live.com")), (LATE_MAX, None), "nothing is known");
        (0..9).for_each(|_| paces.took(Duration::from_millis(3), "example.org"));
        paces.took(SLOWLY, "live.com");
        assert_eq!((paces.slow_after(HUSH), paces.usual("hotmail.com")), (HUSH, Some(SLOWLY)));
        assert_eq!(paces.slow(), [("outlook.com".to_owned(), SLOWLY)]);
        assert!(paces.is_slow("msn.com") && !paces.is_slow("example.org"));
        assert!(paces.usual("example.com").unwrap() < HUSH, "of whom nothing is known is like most");
        (0..5).for_each(|_| paces.took(Duration::from_millis(3), "outlook.com"));
        assert!(paces.slow().is_empty() && paces.usual("live.com").unwrap() < HUSH, "it is over");
    }

    #[test]
    fn a_server_that_is_slow_about_everybody_is_given_no_more_lines() {
        let mut paces = Paces::default();
        paces.took(Duration::from_millis(3), "example.org");
        (0..ALL_SLOW).for_each(|n| paces.took(SLOWLY, &format!("example{n}.org")));
        assert!(paces.slow_after(HUSH) == LATE_MAX && paces.slow().is_empty());
        paces.took(Duration::from_millis(3), "example.org");
        assert_eq!(paces.slow_after(HUSH), HUSH);
    }
}
