//! Refusals for good that are not believed: too many, one after the other, with nothing taken between them.
//!
//! One such answer ends a delivery, or an address. Where a server says the same to everybody, or one provider to all of its
//! readers, it is a setting, a quota or a table that is wrong, and would end a whole digest. So each waits for what follows:
//! something taken by the same provider, and they are believed; enough of the same, and none is. What others take says nothing of a
//! provider's readers.

use crate::domain::delivery::{Refusal, RefusalKind};
use crate::rules::refusal::{gist, is_soft_bounce};
use crate::store::records::Doubt;
use std::collections::{BTreeMap, BTreeSet};

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
    /// It is not, nor are those that are open, of these people.
    No(Doubt, Whose),
}

/// Of whom refusals for good are not believed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Whose {
    /// Whoever it is.
    Everybody,
    /// The readers of one provider: others may be refused nothing.
    Provider(u32),
}

/// What was refused for good since something was taken.
#[derive(Debug)]
pub(super) struct Doubts {
    /// Somebody wants all of it believed.
    believes: bool,
    /// Nothing was taken since it was decided that such refusals are not believed.
    stands: Option<Doubt>,
    /// The same of single providers…
    stands_at: BTreeMap<u32, Doubt>,
    /// …and those of which somebody wants it believed.
    believed_at: BTreeSet<u32>,
    took_any: bool,
    /// Of everybody, since anybody's mail was taken.
    row: Row,
    /// Of the readers of each provider, since mail was taken there: what others take says nothing of those.
    row_at: BTreeMap<u32, Row>,
    /// Providers that have taken mail.
    took_at: BTreeSet<u32>,
}

/// What was refused one after the other.
#[derive(Default, Debug)]
struct Row {
    gist: String,
    /// Who, and where they have their addresses.
    alike: BTreeMap<u128, u32>,
    gone: BTreeMap<u128, u32>,
}

impl Row {
    /// Adds a refusal, and says of whom that is too many to be believed.
    fn add(&mut self, number: u128, provider: u32, doubt: Doubt, reply: &str) -> Option<Whose> {
        let (heard, enough) = match doubt {
            Doubt::Addresses => (&mut self.gone, GONE_MAX),
            Doubt::Messages => {
                let gist = gist(reply);
                if gist != self.gist {
                    (self.gist, self.alike) = (gist, BTreeMap::new());
                }
                (&mut self.alike, ALIKE_MAX)
            }
        };
        heard.insert(number, provider);
        (heard.len() >= enough).then(|| whose(heard))
    }
}

impl Doubts {
    /// `in_doubt`: what was refused last was not believed.
    pub(super) fn new(believes: bool, in_doubt: Option<Doubt>) -> Self {
        Self {
            believes,
            stands: in_doubt,
            stands_at: BTreeMap::new(),
            believed_at: BTreeSet::new(),
            took_any: false,
            row: Row::default(),
            row_at: BTreeMap::new(),
            took_at: BTreeSet::new(),
        }
    }

    /// The same of one provider.
    pub(super) fn hear_of_provider(&mut self, provider: u32, in_doubt: Option<Doubt>, is_believed: bool) {
        if is_believed {
            self.believed_at.insert(provider);
        } else {
            self.stands_at.extend(in_doubt.map(|doubt| (provider, doubt)));
        }
    }

    /// Whether somebody wants all of it believed.
    pub(super) fn believes(&self) -> bool {
        self.believes
    }

    pub(super) fn took_one(&mut self, provider: u32) {
        (self.stands, self.took_any) = (None, true);
        self.stands_at.remove(&provider);
        self.row = Row::default();
        self.row_at.remove(&provider);
        self.took_at.insert(provider);
    }

    /// Hears of a refusal for good of mail to the person of this number, who has their address there. `said_before`: it was tried
    /// before, and the same was said; if nothing stood in doubt of that, something was taken meanwhile.
    pub(super) fn heard(&mut self, number: u128, provider: u32, refusal: &Refusal, said_before: bool) -> Belief {
        if self.believes || self.believed_at.contains(&provider) {
            return Belief::Yes;
        }
        if let Some(doubt) = self.stands {
            return Belief::No(doubt, Whose::Everybody);
        }
        if let Some(doubt) = self.stands_at.get(&provider) {
            return Belief::No(*doubt, Whose::Provider(provider));
        }
        let is_about_them = refusal.kind == RefusalKind::AddressGone || is_soft_bounce(refusal);
        if is_about_them && said_before {
            return Belief::Yes;
        }
        let doubt = if is_about_them { Doubt::Addresses } else { Doubt::Messages };
        let there = self.row_at.entry(provider).or_default().add(number, provider, doubt, &refusal.reply);
        let everywhere = self.row.add(number, provider, doubt, &refusal.reply);
        let Some(whose) = there.or(everywhere) else { return Belief::Open };
        self.stands_of(doubt, whose);
        Belief::No(doubt, whose)
    }

    /// What is to be thought of those that are open, when nothing more follows.
    pub(super) fn at_end(&mut self) -> Vec<(Doubt, Whose)> {
        if let Some(doubt) = self.stands {
            return vec![(doubt, Whose::Everybody)];
        }
        if self.believes {
            return Vec::new();
        }
        if !self.took_any && self.row.gone.len() >= GONE_ALL_MIN {
            let whose = whose(&self.row.gone);
            self.stands_of(Doubt::Addresses, whose);
            return vec![(Doubt::Addresses, whose)];
        }
        let is_all = |(provider, row): &(&u32, &Row)| row.gone.len() >= GONE_ALL_MIN && !self.took_at.contains(provider);
        let doubted: Vec<u32> = self.row_at.iter().filter(is_all).map(|(provider, _)| *provider).collect();
        let doubted = doubted.into_iter().map(|provider| (Doubt::Addresses, Whose::Provider(provider)));
        doubted.inspect(|(doubt, whose)| self.stands_of(*doubt, *whose)).collect()
    }

    fn stands_of(&mut self, doubt: Doubt, whose: Whose) {
        match whose {
            Whose::Everybody => self.stands = Some(doubt),
            Whose::Provider(provider) => {
                self.stands_at.insert(provider, doubt);
                self.row.alike.retain(|_, other| *other != provider);
                self.row.gone.retain(|_, other| *other != provider);
                self.row_at.remove(&provider);
            }
        }
    }
}

/// Whose the people are of whom it was said.
fn whose(heard: &BTreeMap<u128, u32>) -> Whose {
    let mut providers = heard.values();
    match providers.next() {
        Some(first) if providers.all(|other| other == first) => Whose::Provider(*first),
        Some(_) | None => Whose::Everybody,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Belief::{No, Open, Yes};

    fn said(reply: &str, kind: RefusalKind) -> Refusal {
        Refusal { kind, reply: reply.to_owned() }
    }

    /// Each with a provider of their own.
    fn at(number: u128) -> u32 {
        u32::try_from(number).unwrap()
    }

    fn gone() -> Refusal {
        said("550 5.1.1 no such user", RefusalKind::AddressGone)
    }

    #[test]
    fn the_third_message_refused_in_the_same_words_is_not_believed_nor_what_follows() {
        let mut doubts = Doubts::new(false, None);
        let no = |n: u32| said(&format!("554 5.6.9 message {n} cannot be taken"), RefusalKind::Permanent);
        assert_eq!(doubts.heard(1, at(1), &no(1), false), Open);
        assert_eq!(doubts.heard(1, at(1), &no(2), false), Open, "the same person again says nothing of others");
        assert_eq!(doubts.heard(2, at(2), &no(3), false), Open);
        assert_eq!(doubts.heard(3, at(3), &no(4), false), No(Doubt::Messages, Whose::Everybody));
        assert_eq!(doubts.heard(4, at(4), &gone(), false), No(Doubt::Messages, Whose::Everybody));
        doubts.took_one(0);
        assert_eq!(doubts.heard(5, at(5), &no(5), false), Open);
    }

    #[test]
    fn other_words_or_something_taken_between_them_are_no_row() {
        let mut doubts = Doubts::new(false, None);
        for round in 0..20 {
            let words = if round % 2 == 0 { "554 5.6.9 no" } else { "554 5.6.8 no" };
            assert_eq!(doubts.heard(round, at(round), &said(words, RefusalKind::Permanent), false), Open);
        }
        for round in 0..20 {
            assert_eq!(doubts.heard(round, at(round), &gone(), false), Open);
            doubts.took_one(0);
        }
        assert_eq!(doubts.at_end(), []);
    }

    #[test]
    fn ten_addresses_in_a_row_are_not_all_gone_and_five_are_not_where_there_are_no_others() {
        let mut doubts = Doubts::new(false, None);
        doubts.took_one(0);
        for number in 1..10 {
            assert_eq!(doubts.heard(number, at(number), &gone(), false), Open);
        }
        assert_eq!(doubts.at_end(), [], "something was taken before them");
        assert_eq!(doubts.heard(10, at(10), &gone(), false), No(Doubt::Addresses, Whose::Everybody));
        let mut doubts = Doubts::new(false, None);
        for number in 0..4 {
            assert_eq!(doubts.heard(number, at(number), &gone(), false), Open);
        }
        assert_eq!(doubts.at_end(), []);
        assert_eq!(doubts.heard(4, at(4), &said("552 5.2.2 full", RefusalKind::Permanent), false), Open);
        assert_eq!(doubts.at_end(), [(Doubt::Addresses, Whose::Everybody)]);
    }

    #[test]
    fn what_was_doubted_stays_so_until_something_is_taken_and_is_then_believed_at_the_second_word() {
        let mut doubts = Doubts::new(false, Some(Doubt::Addresses));
        assert_eq!(doubts.heard(1, at(1), &gone(), true), No(Doubt::Addresses, Whose::Everybody));
        doubts.took_one(0);
        assert_eq!(doubts.heard(1, at(1), &gone(), true), Yes);
        assert_eq!(Doubts::new(true, Some(Doubt::Addresses)).heard(1, at(1), &gone(), false), Yes, "an admin says so");
    }

    #[test]
    fn what_one_provider_says_of_all_its_readers_is_doubted_there_and_nowhere_else() {
        let no = || said("554 5.6.9 no", RefusalKind::Permanent);
        let there = |doubt| No(doubt, Whose::Provider(7));
        let mut doubts = Doubts::new(false, None);
        assert_eq!([1, 2, 3].map(|n| doubts.heard(n, 7, &no(), false)), [Open, Open, there(Doubt::Messages)]);
        assert_eq!(doubts.heard(4, 7, &no(), true), there(Doubt::Messages), "nor what follows there");
        assert_eq!([5, 6].map(|n| doubts.heard(n, 8, &no(), false)), [Open, Open]);
        assert_eq!(doubts.heard(9, 9, &no(), false), No(Doubt::Messages, Whose::Everybody), "and elsewhere");
        let mut doubts = Doubts::new(false, None);
        (1..10).for_each(|n| assert_eq!(doubts.heard(n, 7, &gone(), false), Open));
        assert_eq!(doubts.heard(10, 7, &gone(), false), there(Doubt::Addresses));
        doubts.took_one(8);
        assert_eq!(doubts.heard(11, 7, &gone(), true), there(Doubt::Addresses), "what others take says nothing of it");
        doubts.took_one(7);
        assert_eq!(doubts.heard(11, 7, &gone(), true), Yes);
        // Over a restart, until an admin says so.
        let mut doubts = Doubts::new(false, None);
        doubts.hear_of_provider(7, Some(Doubt::Addresses), false);
        assert_eq!(doubts.heard(1, 7, &gone(), true), there(Doubt::Addresses));
        let mut doubts = Doubts::new(false, None);
        doubts.hear_of_provider(7, Some(Doubt::Addresses), true);
        assert_eq!(doubts.heard(1, 7, &gone(), false), Yes);
        assert_eq!(doubts.heard(1, 8, &gone(), false), Open);
    }

    #[test]
    fn what_others_take_between_them_says_nothing_of_one_providers_readers() {
        let mut doubts = Doubts::new(false, None);
        for number in 1..10 {
            assert_eq!(doubts.heard(number, 7, &gone(), false), Open);
            doubts.took_one(8);
        }
        assert_eq!(doubts.heard(10, 7, &gone(), false), No(Doubt::Addresses, Whose::Provider(7)));
        let no = || said("554 5.6.9 no", RefusalKind::Permanent);
        for number in 1..3 {
            assert_eq!(doubts.heard(number, 6, &no(), false), Open);
            doubts.took_one(8);
        }
        assert_eq!(doubts.heard(3, 6, &no(), false), No(Doubt::Messages, Whose::Provider(6)));
        // Five are not all gone where nobody of theirs gets anything; four may be.
        let mut doubts = Doubts::new(false, None);
        for number in 0..9 {
            let provider = if number < 5 { 7 } else { 6 };
            assert_eq!(doubts.heard(number, provider, &gone(), false), Open);
            doubts.took_one(8);
        }
        assert_eq!(doubts.at_end(), [(Doubt::Addresses, Whose::Provider(7))]);
        assert_eq!(doubts.at_end(), []);
        let mut doubts = Doubts::new(false, None);
        doubts.took_one(7);
        (0..9).for_each(|number| assert_eq!(doubts.heard(number, 7, &gone(), false), Open));
        assert_eq!(doubts.at_end(), [], "others there get theirs");
    }
}
