//! How long a server takes over mail for one provider's readers: it may ask others about each recipient, or wait for another server,
//! and then it is slow about those and quick about the rest. Who is quick does not wait for those who are slow.

use super::throttle::{BUSY, LATE_MAX};
use crate::rules::operator::operator;
use std::collections::BTreeMap;
use std::time::Duration;

/// What is answered within this is not slow.
const SLOW: Duration = Duration::from_secs(2);
/// Where so many mails in a row are slow, the server is.
const ALL_SLOW: u32 = 32;
/// So many operators are remembered.
const REMEMBERED_MAX: usize = 256;

/// What is usual of late.
#[derive(Debug, Default)]
pub(super) struct Paces {
    /// Of mail that is answered soon; `None` where none is.
    quick: Option<Duration>,
    /// Mails in a row that were not.
    slow_in_a_row: u32,
    /// Of operators whose mail is answered slowly.
    slow: BTreeMap<String, Duration>,
}

impl Paces {
    /// Mail for this domain was answered after so long, or not yet.
    pub(super) fn took(&mut self, after: Duration, domain: &str) {
        let is_slow = after >= SLOW;
        if is_slow {
            self.slow_in_a_row = self.slow_in_a_row.saturating_add(1);
            self.quick = self.quick.filter(|_| self.slow_in_a_row < ALL_SLOW);
        } else {
            self.slow_in_a_row = 0;
            self.quick = Some(self.quick.map_or(after, |quick| (quick * 15 + after) / 16));
        }
        if !is_slow && self.slow.is_empty() {
            return;
        }
        let operator = operator(domain);
        let before = self.slow.remove(&operator);
        let usual = before.map_or(after, |before| (before + after) / 2);
        if usual >= SLOW && self.slow.len() < REMEMBERED_MAX {
            self.slow.insert(operator, usual);
        }
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

    /// Operators whose mail is answered slowly, and others' is not.
    pub(super) fn slow(&self) -> Vec<(String, Duration)> {
        let is_told = |usual: &Duration| self.quick.is_some_and(|quick| *usual >= quick * BUSY);
        self.slow.iter().filter(|(_, usual)| is_told(usual)).map(|(operator, usual)| (operator.clone(), *usual)).collect()
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
