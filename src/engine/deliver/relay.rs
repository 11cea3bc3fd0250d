//! Trouble that is not about whoever is mailed: the relay cannot be reached, or it or those behind it think badly of us.
//! Then nothing is sent for a while, and afterwards one message first.
//!
//! A pass is one look at it: however many lines fail together, the rest grows by one step.

use super::doubt::{Belief, Doubts, Whose};
use crate::domain::delivery::{Refusal, RefusalKind};
use crate::rules::refusal::may_be_of_one;
use crate::rules::schedule::{relay_rest, rests_after};
use crate::store::records::{Doubt, RelayTrouble, Witness};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeSet;
use std::time::Duration;

/// How long after its last failure a relay that is out of reach is tried for a letter that somebody waits for.
const LETTER_WAIT: TimeDelta = TimeDelta::seconds(30);

/// So many of them are known again; of more, each is taken for somebody new.
const WITNESSES_MAX: usize = 32;

/// So many providers that take no more for now, or are left without an answer, with nothing taken between, are the relay.
const PROVIDERS_MIN: usize = 3;

/// So many mails that were refused before and are refused again, in the same words and with nothing taken between them, prove no more
/// of the relay than that a few readers' servers want none of our mail…
const REPEATS: usize = 64;
/// …and after a rest so many: behind them may be one to somebody else.
const REPEATS_AFTER_REST: usize = 5;

/// How the relay has done, over passes.
pub(super) struct Relay {
    before: Option<(RefusalKind, u32)>,
    in_a_row: u32,
    last: Option<Refusal>,
    doubts: Doubts,
    /// What the trouble is in doubt of, where that is it.
    doubt: Option<Doubt>,
    /// It took something in this pass.
    works: bool,
    /// Turns since it did, after trouble.
    turns: usize,
    began: Began,
    /// Something was learned in this pass that speaks against it.
    is_worse: bool,
    /// To whom something was refused that may be about them alone, since it took something…
    witnesses: Vec<Witness>,
    /// …and where those have their addresses who were not known for that before this pass.
    asked: BTreeSet<u32>,
    /// Mails in a row that were refused to whom something was refused before.
    repeats: usize,
    /// Something was refused in this pass to somebody who was not refused before, or whoever it was for.
    is_of_others: bool,
    /// Providers whose mail was left unanswered since anybody's was taken.
    unanswered: BTreeSet<u32>,
}

/// How the relay was when the pass began.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Began {
    /// In order, as far as was known.
    Well,
    /// It had been left alone for long enough.
    Rested,
    /// It was to be left alone; a letter asks all the same.
    Resting,
}

/// Whether a letter may ask now what is wrong, though the relay rests.
pub(super) fn may_ask_for_a_letter(trouble: &RelayTrouble, now: DateTime<Utc>) -> bool {
    let rest = TimeDelta::from_std(relay_rest(trouble.kind, trouble.in_a_row)).unwrap_or_default();
    matches!(trouble.kind, RefusalKind::Relay | RefusalKind::Unknown) && now >= trouble.until - rest + LETTER_WAIT
}

/// Whether nothing was sent for a while, and is tried again.
pub(super) fn is_after_a_rest(trouble: &RelayTrouble) -> bool {
    relay_rest(trouble.kind, trouble.in_a_row) > Duration::ZERO
}

impl Relay {
    pub(super) fn new(before: Option<&RelayTrouble>, now: DateTime<Utc>) -> Self {
        let in_a_row = before.map_or(0, |trouble| trouble.in_a_row);
        let last = before.map(|trouble| Refusal { kind: trouble.kind, reply: trouble.reply.clone() });
        let doubt = before.and_then(|trouble| trouble.doubt);
        let believes = before.is_some_and(|trouble| trouble.is_believed(now));
        let doubts = Doubts::new(believes, doubt);
        let began = match before {
            Some(trouble) if trouble.rests(now) => Began::Resting,
            Some(trouble) if is_after_a_rest(trouble) => Began::Rested,
            Some(_) | None => Began::Well,
        };
        let witnesses = before.map(|trouble| trouble.witnesses.clone()).unwrap_or_default();
        let before = before.map(|trouble| (trouble.kind, trouble.in_a_row));
        let (works, turns, is_worse, asked, repeats, is_of_others) = (false, 0, false, BTreeSet::new(), 0, false);
        let unanswered = BTreeSet::new();
        Self {
            before,
            in_a_row,
            last,
            doubts,
            doubt,
            works,
            turns,
            began,
            is_worse,
            witnesses,
            asked,
            repeats,
            is_of_others,
            unanswered,
        }
    }

    /// Hears whose mail was left unanswered in passes before.
    pub(super) fn hear_of_unanswered(&mut self, providers: BTreeSet<u32>) {
        self.unanswered.extend(providers);
    }

    /// Whose mail was left unanswered since anybody's was taken.
    pub(super) fn left_unanswered(&self) -> BTreeSet<u32> {
        self.unanswered.clone()
    }

    /// Hears that the mail to `whom` was left without an answer once it had been said whom it is for, or that the line was closed.
    /// That is about their provider, unless it happens to several and nobody's mail is taken. Whether it is not.
    pub(super) fn unanswered(&mut self, refusal: &Refusal, whom: Witness) -> bool {
        self.is_of_others = true;
        self.unanswered.insert(whom.provider);
        let is_relay = self.unanswered.len() >= PROVIDERS_MIN;
        if is_relay {
            self.in_a_row = self.in_a_row.max(rests_after(refusal.kind) - 1);
            self.in_trouble(refusal.clone(), None);
        }
        is_relay
    }

    /// Hears which providers' refusals stand in doubt, and which an admin wants believed.
    pub(super) fn hear_of_providers(&mut self, doubts: &[(u32, Option<Doubt>, bool)]) {
        for (provider, doubt, is_believed) in doubts {
            self.doubts.hear_of_provider(*provider, *doubt, *is_believed);
        }
    }

    /// Hears that mail to somebody with this provider was taken.
    pub(super) fn took_one(&mut self, provider: u32) {
        (self.in_a_row, self.last, self.doubt, self.works) = (0, None, None, true);
        self.witnesses.clear();
        self.unanswered.clear();
        (self.repeats, self.is_of_others) = (0, false);
        self.doubts.took_one(provider);
    }

    /// Hears of a refusal of the mail to `whom`. `said_before`: the same was said of it before.
    pub(super) fn refused(&mut self, refusal: &Refusal, whom: Witness, said_before: bool) {
        let is_trouble =
            matches!(refusal.kind, RefusalKind::Relay | RefusalKind::Unknown | RefusalKind::Policy | RefusalKind::Throttled);
        let is_of_all = is_trouble && !may_be_of_one(refusal);
        self.is_of_others |= is_of_all;
        if is_of_all || is_trouble && self.is_news(refusal.kind, whom, said_before) {
            self.in_trouble(refusal.clone(), None);
        }
        self.is_reached(refusal.kind);
    }

    /// One that puts something off is within reach again, whatever it thinks of this one.
    fn is_reached(&mut self, kind: RefusalKind) {
        let was_out_of_reach = self.last.as_ref().is_some_and(|last| last.kind == RefusalKind::Relay);
        if kind == RefusalKind::Transient && was_out_of_reach {
            (self.in_a_row, self.last) = (0, None);
        }
    }

    /// Hears of a refusal before it was said whom the mail is for.
    pub(super) fn refused_to_all(&mut self, refusal: &Refusal) {
        if matches!(refusal.kind, RefusalKind::Relay | RefusalKind::Policy | RefusalKind::Throttled) {
            self.is_of_others = true;
            self.in_trouble(refusal.clone(), None);
        }
        self.is_reached(refusal.kind);
    }

    /// Whether what was said to one says anything of the others. One reader whose server wants none of our mail says so each time,
    /// and so does each reader of such a provider: a row is made of different people, and of different providers where the
    /// reason is what somebody thinks of us. That it is too much for now says a provider to all its readers, and under each of
    /// the names that it has: several are a row. After a rest, nobody but those may be left to ask: then a few of them are as good.
    fn is_news(&mut self, kind: RefusalKind, whom: Witness, said_before: bool) -> bool {
        let is_known = self.witnesses.iter().any(|other| other.person == whom.person);
        if is_known || said_before {
            let is_of_few = self.is_one_of_few();
            if kind == RefusalKind::Throttled || is_of_few || is_known && !self.is_recovering() {
                return false;
            }
        } else {
            self.is_of_others = true;
        }
        if is_known {
            return true;
        }
        let is_elsewhere = self.witnesses.iter().all(|other| other.provider != whom.provider);
        if self.witnesses.len() < WITNESSES_MAX {
            self.witnesses.push(whom);
        }
        self.asked.insert(whom.provider);
        if kind == RefusalKind::Throttled {
            let providers: BTreeSet<u32> = self.witnesses.iter().map(|other| other.provider).collect();
            return providers.len() >= PROVIDERS_MIN;
        }
        // After a rest, two providers that are known for it are as good as another one.
        is_elsewhere || kind == RefusalKind::Unknown || self.is_recovering() && self.asked.len() > 1
    }

    /// Counts a mail that was refused again, and says whether that is still what a few readers' servers do.
    fn is_one_of_few(&mut self) -> bool {
        self.repeats += 1;
        self.repeats <= if self.is_recovering() { REPEATS_AFTER_REST } else { REPEATS }
    }

    /// Whether a refusal for good of the mail to the person of this number, who has this provider, is to be believed. `said_before`: the same was
    /// said of it before.
    pub(super) fn belief(&mut self, number: u128, provider: u32, refusal: &Refusal, said_before: bool) -> Belief {
        let belief = self.doubts.heard(number, provider, refusal, said_before);
        match belief {
            Belief::No(doubt, Whose::Everybody) => self.stop(doubt, refusal),
            // To who is taken at its word, a "no" is an answer like any other: the rest may follow.
            Belief::Yes if self.doubts.believes() => (self.in_a_row, self.last, self.doubt, self.works) = (0, None, None, true),
            Belief::Yes | Belief::Open | Belief::No(_, Whose::Provider(_)) => {}
        }
        belief
    }

    /// What is in doubt of refusals that nothing taken came between, when no more follow.
    pub(super) fn doubt_at_end(&mut self, refusal: &Refusal) -> Vec<(Doubt, Whose)> {
        let doubts = self.doubts.at_end();
        for (doubt, _) in doubts.iter().filter(|(_, whose)| *whose == Whose::Everybody) {
            self.stop(*doubt, refusal);
        }
        doubts
    }

    fn stop(&mut self, doubt: Doubt, refusal: &Refusal) {
        self.is_of_others = true;
        self.in_a_row = self.in_a_row.max(rests_after(RefusalKind::Policy) - 1);
        self.in_trouble(Refusal { kind: RefusalKind::Policy, reply: refusal.reply.clone() }, Some(doubt));
    }

    fn in_trouble(&mut self, refusal: Refusal, doubt: Option<Doubt>) {
        let first = rests_after(refusal.kind);
        // Who asks before a rest is over learns nothing of how long it lasts.
        let more = u32::from(self.began != Began::Resting);
        let steps =
            self.before.filter(|(kind, _)| *kind == refusal.kind).map_or(0, |(_, in_a_row)| in_a_row.saturating_add(more));
        self.in_a_row = self.in_a_row.saturating_add(1).min(steps.max(first));
        (self.last, self.doubt, self.works, self.is_worse) = (Some(refusal), doubt, false, true);
    }

    /// The same trouble goes on.
    fn in_trouble_again(&mut self) {
        let Some(last) = self.last.clone() else { return };
        let doubt = self.doubt;
        self.in_trouble(last, doubt);
    }

    /// A rest that somebody asked in is as long again from now on: then it is a rest, whoever else would ask.
    fn begins_anew(&self) -> bool {
        self.began == Began::Resting && self.is_worse
    }

    fn is_recovering(&self) -> bool {
        self.began != Began::Well
    }

    /// Whether it is to be left alone.
    pub(super) fn is_resting(&self) -> bool {
        let has_asked = self.is_worse || self.began == Began::Resting && self.turns > 0;
        has_asked && self.last.as_ref().is_some_and(|last| relay_rest(last.kind, self.in_a_row) > Duration::ZERO)
    }

    /// Whether one message at a time asks whether its trouble is over.
    pub(super) fn asks(&self) -> bool {
        self.is_recovering() && !self.works
    }

    /// How many messages may be tried at a time: after a rest one, and when that was taken as many as usual.
    pub(super) fn room(&self, usual: usize) -> usize {
        if self.asks() { 1 } else { usual }
    }

    /// How many lines may be used: after a rest one, and then one more each turn.
    pub(super) fn lines(&mut self, usual: usize) -> usize {
        if !self.is_recovering() {
            return usual;
        }
        self.turns += 1;
        self.turns.min(usual)
    }

    /// What is to be recorded.
    pub(super) fn trouble(mut self, before: Option<&RelayTrouble>, now: DateTime<Utc>) -> Option<RelayTrouble> {
        if self.asks() && self.began == Began::Rested && self.repeats > 0 && !self.is_worse {
            // Nobody is left to ask who was not refused before, and nothing was taken.
            self.in_trouble_again();
        }
        let begins_anew = self.begins_anew();
        let Some(Refusal { kind, reply }) = self.last else {
            // The word of who wants refusals believed outlasts the trouble.
            let believed = before.filter(|before| before.is_believed(now));
            return believed.map(|before| RelayTrouble { in_a_row: 0, until: before.until.min(now), ..before.clone() });
        };
        let (since, believed_until) = before.map_or((now, None), |before| (before.since, before.believed_until));
        if let Some(before) = before.filter(|before| before.in_a_row == self.in_a_row && before.kind == kind && !begins_anew) {
            return Some(RelayTrouble { witnesses: self.witnesses, ..before.clone() });
        }
        let rest = TimeDelta::from_std(relay_rest(kind, self.in_a_row)).unwrap_or_default();
        let (in_a_row, until, doubt, witnesses) = (self.in_a_row, now + rest, self.doubt, self.witnesses);
        let is_of_known = self.repeats > 0 && !self.is_of_others;
        let trouble = RelayTrouble { since, kind, reply, in_a_row, until, doubt, believed_until, witnesses, is_of_known };
        if rest > TimeDelta::zero() {
            let is_news = before.is_none_or(|before| relay_rest(before.kind, before.in_a_row) == Duration::ZERO);
            if is_news {
                tracing::error!(reply = trouble.reply, until = %trouble.until, "no mail is sent for a while: {}", trouble.what());
            } else {
                tracing::info!(reply = trouble.reply, until = %trouble.until, "still no mail is sent");
            }
        }
        Some(trouble)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trouble(kind: RefusalKind, in_a_row: u32, at: DateTime<Utc>) -> RelayTrouble {
        let until = at + TimeDelta::from_std(relay_rest(kind, in_a_row)).unwrap();
        let (doubt, believed_until, witnesses, is_of_known) = (None, None, Vec::new(), false);
        RelayTrouble { since: at, kind, reply: String::new(), in_a_row, until, doubt, believed_until, witnesses, is_of_known }
    }

    fn no(kind: RefusalKind) -> Refusal {
        Refusal { kind, reply: "no".to_owned() }
    }

    fn someone(n: u32) -> Witness {
        Witness { person: n, provider: n }
    }

    #[test]
    fn one_reader_or_one_provider_s_are_no_row_and_three_of_three_are() {
        let at = DateTime::UNIX_EPOCH;
        let after = |before: Option<&RelayTrouble>, refused: &[(u32, u32)]| {
            let mut relay = Relay::new(before, at);
            for (person, provider) in refused {
                relay.refused(&no(RefusalKind::Policy), Witness { person: *person, provider: *provider }, false);
            }
            let rests = relay.is_resting();
            (rests, relay.trouble(before, at).unwrap())
        };
        let (_, mut trouble) = after(None, &[(1, 1)]);
        for _ in 0..9 {
            let (rests, next) = after(Some(&trouble), &[(1, 1), (1, 1)]);
            assert!(!rests && !next.rests(at) && next.in_a_row == 1, "{next:?}");
            assert!(!next.what().contains("whoever") && !next.is_worth_telling(at), "{}", next.what());
            assert!(next.is_worth_telling(at + TimeDelta::hours(2)), "nothing else was taken for so long");
            trouble = next;
        }
        let (rests, provider) = after(Some(&trouble), &[(2, 1), (3, 1), (4, 1)]);
        assert!(!rests && !provider.rests(at) && !provider.what().contains("whoever"), "{provider:?}");
        let (rests, all) = after(Some(&provider), &[(5, 2), (6, 3)]);
        assert!(rests && all.in_a_row == 3 && all.what().contains("whoever it is for"), "{all:?}");
        // After the rest, those who are known say nothing new, and others do.
        let rested = RelayTrouble { until: at, ..all };
        assert!(!after(Some(&rested), &[(1, 1), (5, 2), (7, 1)]).0);
        assert!(after(Some(&rested), &[(7, 1), (8, 2)]).0 && after(Some(&rested), &[(9, 9)]).0);
    }

    #[test]
    fn one_provider_or_two_whose_mail_is_left_unanswered_are_not_the_relay_and_three_are_and_it_rests_at_once() {
        for kind in [RefusalKind::Relay, RefusalKind::Unknown] {
            let mut relay = Relay::new(None, DateTime::UNIX_EPOCH);
            assert!((0..40).all(|n| !relay.unanswered(&no(kind), Witness { person: n, provider: n % 2 })));
            assert!(!relay.is_resting());
            relay.took_one(9);
            assert!((0..2).all(|n| !relay.unanswered(&no(kind), someone(n))), "others have been taken");
            // Over a pass.
            let known = relay.left_unanswered();
            let mut relay = Relay::new(None, DateTime::UNIX_EPOCH);
            relay.hear_of_unanswered(known);
            assert!(relay.unanswered(&no(kind), someone(3)) && relay.is_resting());
            let trouble = relay.trouble(None, DateTime::UNIX_EPOCH).unwrap();
            assert!(trouble.rests(DateTime::UNIX_EPOCH) && !trouble.is_of_known, "{trouble:?}");
        }
    }

    #[test]
    fn one_provider_that_is_told_too_much_has_nobody_elsewhere_wait_and_three_or_the_relay_itself_have_all() {
        let mut relay = Relay::new(None, DateTime::UNIX_EPOCH);
        relay.refused(&no(RefusalKind::Throttled), someone(1), true);
        assert!(!relay.is_resting());
        (0..9).for_each(|n| relay.refused(&no(RefusalKind::Throttled), Witness { person: n, provider: 2 }, false));
        assert!(!relay.is_resting(), "one provider has its own readers wait");
        relay.refused(&no(RefusalKind::Throttled), someone(10), false);
        relay.took_one(9);
        (11..13).for_each(|n| relay.refused(&no(RefusalKind::Throttled), someone(n), false));
        assert!(!relay.is_resting(), "somebody else takes mail");
        relay.refused(&no(RefusalKind::Throttled), someone(13), false);
        assert!(relay.is_resting(), "three of them");
        let mut relay = Relay::new(None, DateTime::UNIX_EPOCH);
        relay.refused_to_all(&no(RefusalKind::Throttled));
        assert!(relay.is_resting(), "before it was said whom it is for");
        let quota = Refusal { kind: RefusalKind::Throttled, reply: "550 5.4.5 Daily user sending limit exceeded".to_owned() };
        let mut relay = Relay::new(None, DateTime::UNIX_EPOCH);
        relay.refused(&quota, someone(1), false);
        assert!(relay.is_resting(), "what we may send in a day is spent");
    }

    /// Their mails are tried again when nothing else is due, one after the other.
    #[test]
    fn readers_whose_servers_refuse_again_what_they_refused_stop_nobody() {
        let refused = |relay: &mut Relay, many: usize, again: bool| {
            (1..).take(many).for_each(|n| relay.refused(&no(RefusalKind::Policy), someone(n), again));
            relay.is_resting()
        };
        let mut relay = Relay::new(None, DateTime::UNIX_EPOCH);
        assert!(!refused(&mut relay, REPEATS, true), "those of a few in a hundred");
        assert!(refused(&mut relay, 3, true), "of everybody, as it seems");
        assert!(refused(&mut Relay::new(None, DateTime::UNIX_EPOCH), 3, false), "three at the first time");
        // After a rest there may be one behind them whose server takes mail.
        let rested = trouble(RefusalKind::Policy, 3, DateTime::UNIX_EPOCH);
        let mut relay = Relay::new(Some(&rested), rested.until);
        assert!(!refused(&mut relay, REPEATS_AFTER_REST, true));
        relay.took_one(0);
        assert!(!refused(&mut relay, REPEATS_AFTER_REST, true));
    }

    #[test]
    fn a_letter_asks_half_a_minute_after_the_last_failure_and_not_where_silence_was_asked_for() {
        let at = DateTime::UNIX_EPOCH;
        let may = |kind, seconds| may_ask_for_a_letter(&trouble(kind, 9, at), at + TimeDelta::seconds(seconds));
        assert!(!may(RefusalKind::Relay, 29) && may(RefusalKind::Relay, 30));
        assert!(!may(RefusalKind::Throttled, 300) && !may(RefusalKind::Policy, 300));
    }

    #[test]
    fn who_is_taken_at_its_word_is_asked_for_as_many_as_usual_and_for_a_day() {
        let at = DateTime::UNIX_EPOCH;
        let believed_until = Some(at + TimeDelta::days(1));
        let before = RelayTrouble { believed_until, doubt: Some(Doubt::Addresses), ..trouble(RefusalKind::Policy, 3, at) };
        let mut relay = Relay::new(Some(&before), at);
        assert_eq!(relay.room(50), 1, "one mail asks first");
        assert_eq!(relay.belief(1, 1, &no(RefusalKind::AddressGone), false), Belief::Yes);
        assert!(relay.room(50) == 50 && !relay.is_resting());
        let after = relay.trouble(Some(&before), at).unwrap();
        assert!(after.in_a_row == 0 && !after.rests(at) && after.is_believed(at));
        let mut relay = Relay::new(Some(&after), at);
        relay.took_one(0);
        assert!(relay.trouble(Some(&after), at).is_some());
        let mut relay = Relay::new(Some(&after), at + TimeDelta::days(1));
        relay.took_one(0);
        assert!(relay.trouble(Some(&after), at + TimeDelta::days(1)).is_none());
    }

    #[test]
    fn a_relay_that_puts_something_off_is_within_reach_again_and_one_that_thinks_badly_of_us_still_does() {
        let at = DateTime::UNIX_EPOCH;
        let after = |kind| {
            let before = trouble(kind, 9, at);
            let mut relay = Relay::new(Some(&before), at);
            relay.refused(&no(RefusalKind::Transient), someone(1), false);
            (relay.is_resting(), relay.trouble(Some(&before), at).map(|trouble| trouble.kind))
        };
        assert_eq!(after(RefusalKind::Relay), (false, None));
        assert_eq!(after(RefusalKind::Policy).1, Some(RefusalKind::Policy));
        assert_eq!(after(RefusalKind::Unknown).1, Some(RefusalKind::Unknown));
    }

    type Asks<'a> = &'a dyn Fn(&mut Relay);

    #[test]
    fn a_rest_is_one_for_everybody_and_grows_where_it_was_waited_for() {
        let at = DateTime::UNIX_EPOCH;
        let all = |kind| move |relay: &mut Relay| relay.refused_to_all(&no(kind));
        let one = |kind| move |relay: &mut Relay| relay.refused(&no(kind), someone(1), false);
        let doubted = |relay: &mut Relay| {
            for (at, provider) in [(0, 1), (1, 2), (2, 3)] {
                relay.belief(at, provider, &no(RefusalKind::TooLarge), false);
            }
        };
        let ways: [(Asks<'_>, u32); 4] =
            [(&all(RefusalKind::Relay), 3), (&one(RefusalKind::Relay), 1), (&all(RefusalKind::Policy), 3), (&doubted, 1)];
        for (n, (asks, times)) in ways.into_iter().enumerate() {
            let mut relay = Relay::new(None, at);
            (0..times.max(3)).for_each(|_| asks(&mut relay));
            let first = relay.trouble(None, at).unwrap();
            let rest = first.until - at;
            assert!(first.rests(at) && !first.is_of_known, "{n}: {first:?}");
            // A letter asks in the middle of it.
            let middle = at + rest / 2;
            let mut relay = Relay::new(Some(&first), middle);
            asks(&mut relay);
            let after = relay.trouble(Some(&first), middle).unwrap();
            assert_eq!((after.in_a_row, after.until), (first.in_a_row, middle + rest), "{n}");
            let mut relay = Relay::new(Some(&after), after.until);
            asks(&mut relay);
            let later = relay.trouble(Some(&after), after.until).unwrap();
            assert_eq!((later.in_a_row, later.until), (first.in_a_row + 1, after.until + rest * 2), "{n}");
            assert!(!later.is_of_known);
        }
    }

    #[test]
    fn a_pass_is_one_step_and_another_trouble_begins_at_the_first() {
        let at = DateTime::UNIX_EPOCH;
        let after = |before: Option<&RelayTrouble>, kind, times| {
            let now = before.map_or(at, |before| before.until);
            let mut relay = Relay::new(before, now);
            (0..times).for_each(|n| relay.refused(&no(kind), someone(n), false));
            relay.trouble(before, now).unwrap().in_a_row
        };
        assert_eq!(after(None, RefusalKind::Relay, 2), 2);
        assert_eq!(after(None, RefusalKind::Relay, 40), 3);
        assert_eq!(after(None, RefusalKind::Throttled, 40), 1);
        assert_eq!(after(None, RefusalKind::Unknown, 40), 5);
        let before = trouble(RefusalKind::Relay, 5, at);
        assert_eq!(after(Some(&before), RefusalKind::Relay, 40), 6);
        assert_eq!(after(Some(&before), RefusalKind::Policy, 40), 3);
    }
}
