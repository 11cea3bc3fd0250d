//! What a silence says. A mail that is left without an answer, or whose line is closed, may be alone in that; or it is its provider,
//! or the mail server. An SMTP client knows only what became of other mail meanwhile: so what was taken is counted beside what was not, for
//! each provider and for all, and both are remembered over passes.
//!
//! Mail taken by the same provider since the one began: it is that mail alone. Else its provider is to blame; unless so many mails
//! of providers that do take mail are left alone just now that as many in a row are likely to be chance.

use std::collections::{BTreeMap, VecDeque};

/// So much is remembered…
const REMEMBERED: usize = 256;
/// …and so much of it says how likely a silence is just now.
const LATELY: usize = 64;

/// Silences in a row that chance brings about less often than once in so many times are none.
const ONCE_IN: f64 = 20.0;

/// What became of mails, one after the other.
#[derive(Default)]
pub(super) struct Evidence {
    heard: VecDeque<Heard>,
    /// How much was heard ever.
    count: u64,
}

/// A place in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(super) struct Mark(pub(super) u64);

struct Heard {
    at: u64,
    provider: u32,
    came: Came,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Came {
    Taken,
    /// It was left without an answer…
    Silent,
    /// …while others of the same provider were taken.
    Alone,
}

impl Evidence {
    /// From here on.
    pub(super) fn mark(&self) -> Mark {
        Mark(self.count)
    }

    /// Hears that mail to somebody with this provider was taken.
    pub(super) fn took(&mut self, provider: u32) {
        self.hear(provider, Came::Taken);
    }

    /// Hears that mail was left without an answer that began then. Answers how many of its provider's were, one after the other; none
    /// where it is alone in that.
    pub(super) fn silent(&mut self, provider: u32, since: Mark) -> u32 {
        if self.has_taken(provider, since) {
            self.hear(provider, Came::Alone);
            return 0;
        }
        self.hear(provider, Came::Silent);
        self.in_a_row(provider)
    }

    /// Whether somebody with this provider was sent mail since then.
    pub(super) fn has_taken(&self, provider: u32, since: Mark) -> bool {
        self.taken_since(since).any(|heard| heard.provider == provider)
    }

    /// Whether anybody was.
    pub(super) fn has_taken_any(&self, since: Mark) -> bool {
        self.taken_since(since).next().is_some()
    }

    /// Mails of this provider that were left without an answer, one after the other.
    pub(super) fn in_a_row(&self, provider: u32) -> u32 {
        let theirs = self.heard.iter().rev().filter(|heard| heard.provider == provider);
        let silent = theirs.take_while(|heard| heard.came != Came::Taken).filter(|heard| heard.came == Came::Silent).count();
        u32::try_from(silent).unwrap_or(u32::MAX)
    }

    /// Whether so many in a row at this provider are no wonder: as often is mail left alone just now at others that take mail.
    pub(super) fn is_chance(&self, provider: u32, in_a_row: u32) -> bool {
        let mut elsewhere: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
        for heard in self.heard.iter().rev().take(LATELY).filter(|heard| heard.provider != provider) {
            let (taken, silent) = elsewhere.entry(heard.provider).or_default();
            *if heard.came == Came::Taken { taken } else { silent } += 1;
        }
        // Of those that have taken nothing it is to be found out whether they do.
        let alike = elsewhere.values().filter(|(taken, _)| *taken > 0);
        let (taken, silent) = alike.fold((0, 0), |(taken, silent), (more, fewer)| (taken + more, silent + fewer));
        let share = f64::from(silent) / f64::from(taken + silent + 1);
        share.powi(in_a_row.try_into().unwrap_or(i32::MAX)) * ONCE_IN >= 1.0
    }

    fn taken_since(&self, since: Mark) -> impl Iterator<Item = &Heard> {
        self.heard.iter().rev().take_while(move |heard| heard.at >= since.0).filter(|heard| heard.came == Came::Taken)
    }

    fn hear(&mut self, provider: u32, came: Came) {
        self.heard.push_back(Heard { at: self.count, provider, came });
        self.count += 1;
        if self.heard.len() > REMEMBERED {
            self.heard.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_of_a_provider_get_meanwhile_says_that_a_silence_is_of_one_mail() {
        let mut evidence = Evidence::default();
        let begun = evidence.mark();
        evidence.took(1);
        assert_eq!((evidence.silent(1, begun), evidence.in_a_row(1)), (0, 0));
        let begun = evidence.mark();
        evidence.took(2);
        assert_eq!([evidence.silent(1, begun), evidence.silent(1, begun)], [1, 2], "what others' readers get says nothing of it");
        assert!(evidence.has_taken_any(begun) && !evidence.has_taken(1, begun));
        evidence.took(1);
        assert_eq!(evidence.in_a_row(1), 0);
    }

    #[test]
    fn silences_at_one_provider_are_its_own_where_others_have_none_and_chance_where_mail_is_left_alone_all_over() {
        let mut evidence = Evidence::default();
        assert!(!evidence.is_chance(9, 1), "nothing is known");
        (0..20).for_each(|n| evidence.took(n % 4));
        assert!(!evidence.is_chance(9, 1));
        // Two others that take nothing at all are two more of them.
        for provider in [7, 8] {
            let begun = evidence.mark();
            (0..3).for_each(|_| _ = evidence.silent(provider, begun));
        }
        assert!(!evidence.is_chance(9, 1));
        // Every third mail, whoever it is for.
        for n in 0..60 {
            let begun = evidence.mark();
            if n % 3 == 0 { _ = evidence.silent(n % 4, begun) } else { evidence.took(n % 4) }
        }
        assert_eq!([1, 2, 3, 4].map(|in_a_row| evidence.is_chance(9, in_a_row)), [true, true, false, false]);
        (0..64).for_each(|n| evidence.took(n % 4));
        assert!(!evidence.is_chance(9, 1), "it is over");
    }
}
