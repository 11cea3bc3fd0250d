//! Whom a server has no answer for, though it has one for others: mail to those goes to the next server, where there is one. What was
//! left without an answer behind its text may have come: such mail is no question whether the server has come round.

use super::trouble::Trouble;
use crate::rules::operator::operator;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio::time::Instant;

/// One that has no answer for so many operators, with nothing taken between, has none for anybody.
const OPERATORS_MAX: usize = 3;
/// So many are remembered.
const REMEMBERED_MAX: usize = 256;

/// Operators of mail for whom a server says nothing, or closes the line.
#[derive(Default)]
pub(super) struct Silent {
    operators: BTreeMap<String, Trouble>,
    /// Those of them since it took something.
    lately: BTreeSet<String>,
}

impl Silent {
    /// It said nothing once it was told that a message is for somebody there. Whether it is so for everybody.
    pub(super) fn fell_silent(&mut self, domain: &str, reply: &str, now: Instant) -> bool {
        self.lately.insert(operator(domain));
        self.spare(domain, reply, now);
        self.lately.len() >= OPERATORS_MAX
    }

    /// It is slow to answer behind a text for somebody there: that is no word on itself, for it may look into what it is given.
    pub(super) fn spare(&mut self, domain: &str, reply: &str, now: Instant) {
        let operator = operator(domain);
        if self.operators.len() >= REMEMBERED_MAX {
            self.operators.retain(|_, trouble| !trouble.is_over(now));
        }
        let before = self.operators.remove(&operator);
        self.operators.insert(operator, Trouble::after(before, reply, now));
    }

    /// It took a message for somebody there.
    pub(super) fn took(&mut self, domain: &str) {
        self.lately.clear();
        if !self.operators.is_empty() {
            self.operators.remove(&operator(domain));
        }
    }

    /// Whether it is better left alone with mail for this domain now. After a rest one message that `asks` is to find out, which takes
    /// `at_most` so long.
    pub(super) fn is_spared_for(&mut self, domain: &str, asks: bool, at_most: Duration, now: Instant) -> bool {
        let trouble = if self.operators.is_empty() { None } else { self.operators.get_mut(&operator(domain)) };
        trouble.is_some_and(|trouble| !asks || trouble.is_spared(at_most, now))
    }

    /// Whether it would be given a message for this domain.
    pub(super) fn would_take(&self, domain: &str, now: Instant) -> bool {
        let trouble = if self.operators.is_empty() { None } else { self.operators.get(&operator(domain)) };
        trouble.is_none_or(|trouble| trouble.is_over(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_operator_is_spared_for_a_rest_that_grows_and_three_with_nothing_taken_between_are_the_server() {
        let (mut silent, mut now) = (Silent::default(), Instant::now());
        let at_most = Duration::from_secs(60);
        for rest in [30, 60, 120] {
            assert!(!silent.fell_silent("live.com", "no answer", now));
            assert!(
                silent.is_spared_for("Hotmail.com", true, at_most, now)
                    && !silent.is_spared_for("example.org", true, at_most, now)
            );
            now += Duration::from_secs(rest);
            assert!(silent.is_spared_for("outlook.com", false, at_most, now), "one that may have come asks nothing");
            assert!(
                silent.would_take("outlook.com", now) && !silent.is_spared_for("outlook.com", true, at_most, now),
                "one asks"
            );
            assert!(silent.is_spared_for("outlook.com", true, at_most, now), "and no other");
        }
        assert!(!silent.fell_silent("example.org", "no answer", now));
        silent.took("live.com");
        assert!(!silent.is_spared_for("outlook.com", false, at_most, now));
        let others = ["example.org", "example.com", "example.net"];
        assert_eq!(others.map(|domain| silent.fell_silent(domain, "no answer", now)), [false, false, true]);
    }
}
