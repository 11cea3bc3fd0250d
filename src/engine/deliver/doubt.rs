//! Refusals for good that are not believed: too many, one after the other, with nothing taken between them.
//!
//! One such answer ends a delivery, or an address. Where a server says the same to everybody, it is a setting, a quota or a
//! table that is wrong, and would end a whole digest. So each waits for what follows: something taken, and they are
//! believed; enough of the same, and none is.

use crate::domain::delivery::{Refusal, RefusalKind};
use crate::rules::refusal::{gist, is_soft_bounce};
use crate::store::records::Doubt;
use std::collections::BTreeSet;

/// People whose mail was refused in the same words, though not for who they are.
const ALIKE_MAX: usize = 3;
/// People of whom it was said that they are gone…
const GONE_MAX: usize = 10;
/// …and where no more are mailed, this many.
const GONE_ALL_MIN: usize = 5;

/// Whether a refusal is believed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Belief {
    /// It is.
    Yes,
    /// What follows will say.
    Open,
    /// It is not, nor are those that are open.
    No(Doubt),
}

/// What was refused for good since something was taken.
#[derive(Debug)]
pub(super) struct Doubts {
    /// Somebody wants all of it believed.
    believes: bool,
    /// Nothing was taken since it was decided that such refusals are not believed.
    stands: Option<Doubt>,
    took_any: bool,
    gist: String,
    alike: BTreeSet<u128>,
    gone: BTreeSet<u128>,
}

impl Doubts {
    /// `in_doubt`: what was refused last was not believed.
    pub(super) fn new(believes: bool, in_doubt: Option<Doubt>) -> Self {
        Self { believes, stands: in_doubt, took_any: false, gist: String::new(), alike: BTreeSet::new(), gone: BTreeSet::new() }
    }

    /// Whether somebody wants all of it believed.
    pub(super) fn believes(&self) -> bool {
        self.believes
    }

    pub(super) fn took_one(&mut self) {
        (self.stands, self.took_any) = (None, true);
        (self.alike, self.gone) = (BTreeSet::new(), BTreeSet::new());
    }

    /// Hears of a refusal for good of mail to the person of this number. `said_before`: it was tried before, and the same was
    /// said; if nothing stood in doubt of that, something was taken meanwhile.
    pub(super) fn heard(&mut self, number: u128, refusal: &Refusal, said_before: bool) -> Belief {
        if self.believes {
            return Belief::Yes;
        }
        if let Some(doubt) = self.stands {
            return Belief::No(doubt);
        }
        let is_about_them = refusal.kind == RefusalKind::AddressGone || is_soft_bounce(refusal);
        if is_about_them && said_before {
            return Belief::Yes;
        }
        let (doubt, is_enough) = if is_about_them {
            self.gone.insert(number);
            (Doubt::Addresses, self.gone.len() >= GONE_MAX)
        } else {
            let gist = gist(&refusal.reply);
            if gist != self.gist {
                (self.gist, self.alike) = (gist, BTreeSet::new());
            }
            self.alike.insert(number);
            (Doubt::Messages, self.alike.len() >= ALIKE_MAX)
        };
        if !is_enough {
            return Belief::Open;
        }
        self.stands = Some(doubt);
        Belief::No(doubt)
    }

    /// What is to be thought of those that are open, when nothing more follows.
    pub(super) fn at_end(&mut self) -> Option<Doubt> {
        let is_all = !self.believes && !self.took_any && self.gone.len() >= GONE_ALL_MIN;
        self.stands = self.stands.or(is_all.then_some(Doubt::Addresses));
        self.stands
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Belief::{No, Open, Yes};

    fn said(reply: &str, kind: RefusalKind) -> Refusal {
        Refusal { kind, reply: reply.to_owned() }
    }

    fn gone() -> Refusal {
        said("550 5.1.1 no such user", RefusalKind::AddressGone)
    }

    #[test]
    fn the_third_message_refused_in_the_same_words_is_not_believed_nor_what_follows() {
        let mut doubts = Doubts::new(false, None);
        let no = |n: u32| said(&format!("554 5.6.9 message {n} cannot be taken"), RefusalKind::Permanent);
        assert_eq!(doubts.heard(1, &no(1), false), Open);
        assert_eq!(doubts.heard(1, &no(2), false), Open, "the same person again says nothing of others");
        assert_eq!(doubts.heard(2, &no(3), false), Open);
        assert_eq!(doubts.heard(3, &no(4), false), No(Doubt::Messages));
        assert_eq!(doubts.heard(4, &gone(), false), No(Doubt::Messages));
        doubts.took_one();
        assert_eq!(doubts.heard(5, &no(5), false), Open);
    }

    #[test]
    fn other_words_or_something_taken_between_them_are_no_row() {
        let mut doubts = Doubts::new(false, None);
        for round in 0..20 {
            let words = if round % 2 == 0 { "554 5.6.9 no" } else { "554 5.6.8 no" };
            assert_eq!(doubts.heard(round, &said(words, RefusalKind::Permanent), false), Open);
        }
        for round in 0..20 {
            assert_eq!(doubts.heard(round, &gone(), false), Open);
            doubts.took_one();
        }
        assert_eq!(doubts.at_end(), None);
    }

    #[test]
    fn ten_addresses_in_a_row_are_not_all_gone_and_five_are_not_where_there_are_no_others() {
        let mut doubts = Doubts::new(false, None);
        doubts.took_one();
        for number in 1..10 {
            assert_eq!(doubts.heard(number, &gone(), false), Open);
        }
        assert_eq!(doubts.at_end(), None, "something was taken before them");
        assert_eq!(doubts.heard(10, &gone(), false), No(Doubt::Addresses));
        let mut doubts = Doubts::new(false, None);
        for number in 0..4 {
            assert_eq!(doubts.heard(number, &gone(), false), Open);
        }
        assert_eq!(doubts.at_end(), None);
        assert_eq!(doubts.heard(4, &said("552 5.2.2 full", RefusalKind::Permanent), false), Open);
        assert_eq!(doubts.at_end(), Some(Doubt::Addresses));
    }

    #[test]
    fn what_was_doubted_stays_so_until_something_is_taken_and_is_then_believed_at_the_second_word() {
        let mut doubts = Doubts::new(false, Some(Doubt::Addresses));
        assert_eq!(doubts.heard(1, &gone(), true), No(Doubt::Addresses));
        doubts.took_one();
        assert_eq!(doubts.heard(1, &gone(), true), Yes);
        assert_eq!(Doubts::new(true, Some(Doubt::Addresses)).heard(1, &gone(), false), Yes, "an admin says so");
    }
}
