//! Trouble that is not about whoever is mailed: the relay cannot be reached, or it or those behind it think badly of us.
//! Then nothing is sent for a while, and afterwards one message first.
//!
//! A pass is one look at it: however many lines fail together, the rest grows by one step.

use super::doubt::{Belief, Doubts};
use crate::domain::delivery::{Refusal, RefusalKind};
use crate::rules::schedule::{relay_rest, rests_after};
use crate::store::records::{Doubt, RelayTrouble};
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;

/// How long after its last failure a relay that is out of reach is tried for a letter that somebody waits for.
const LETTER_WAIT: TimeDelta = TimeDelta::seconds(30);

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
    is_recovering: bool,
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
        let is_recovering = last.as_ref().is_some_and(|last| relay_rest(last.kind, in_a_row) > Duration::ZERO);
        let doubt = before.and_then(|trouble| trouble.doubt);
        let believes = before.is_some_and(|trouble| trouble.is_believed(now));
        let doubts = Doubts::new(believes, doubt);
        let before = before.map(|trouble| (trouble.kind, trouble.in_a_row));
        Self { before, in_a_row, last, doubts, doubt, works: false, turns: 0, is_recovering }
    }

    pub(super) fn took_one(&mut self) {
        (self.in_a_row, self.last, self.doubt, self.works) = (0, None, None, true);
        self.doubts.took_one();
    }

    pub(super) fn refused(&mut self, refusal: &Refusal) {
        if matches!(refusal.kind, RefusalKind::Relay | RefusalKind::Unknown | RefusalKind::Policy | RefusalKind::Throttled) {
            self.in_trouble(refusal.clone(), None);
        }
        // It is within reach again, whatever it thinks of this one.
        let was_out_of_reach = self.last.as_ref().is_some_and(|last| last.kind == RefusalKind::Relay);
        if refusal.kind == RefusalKind::Transient && was_out_of_reach {
            (self.in_a_row, self.last) = (0, None);
        }
    }

    /// Whether a refusal for good of the mail to the person of this number is to be believed. `said_before`: the same was
    /// said of it before.
    pub(super) fn belief(&mut self, number: u128, refusal: &Refusal, said_before: bool) -> Belief {
        let belief = self.doubts.heard(number, refusal, said_before);
        match belief {
            Belief::No(doubt) => self.stop(doubt, refusal),
            // To who is taken at its word, a "no" is an answer like any other: the rest may follow.
            Belief::Yes if self.doubts.believes() => (self.in_a_row, self.last, self.doubt, self.works) = (0, None, None, true),
            Belief::Yes | Belief::Open => {}
        }
        belief
    }

    /// What is in doubt of refusals that nothing taken came between, when no more follow.
    pub(super) fn doubt_at_end(&mut self, refusal: &Refusal) -> Option<Doubt> {
        let doubt = self.doubts.at_end()?;
        self.stop(doubt, refusal);
        Some(doubt)
    }

    fn stop(&mut self, doubt: Doubt, refusal: &Refusal) {
        self.in_a_row = self.in_a_row.max(rests_after(RefusalKind::Policy) - 1);
        self.in_trouble(Refusal { kind: RefusalKind::Policy, reply: refusal.reply.clone() }, Some(doubt));
    }

    fn in_trouble(&mut self, refusal: Refusal, doubt: Option<Doubt>) {
        let first = rests_after(refusal.kind);
        let steps = self.before.filter(|(kind, _)| *kind == refusal.kind).map_or(0, |(_, in_a_row)| in_a_row.saturating_add(1));
        self.in_a_row = self.in_a_row.saturating_add(1).min(steps.max(first));
        (self.last, self.doubt, self.works) = (Some(refusal), doubt, false);
    }

    /// Whether it is to be left alone.
    pub(super) fn is_resting(&self) -> bool {
        let is_first = self.is_recovering && self.turns == 0;
        !is_first && self.last.as_ref().is_some_and(|last| relay_rest(last.kind, self.in_a_row) > Duration::ZERO)
    }

    /// How many messages may be tried at a time: after a rest one, and when that was taken as many as usual.
    pub(super) fn room(&self, usual: usize) -> usize {
        if self.is_recovering && !self.works { 1 } else { usual }
    }

    /// How many lines may be used: after a rest one, and then one more each turn.
    pub(super) fn lines(&mut self, usual: usize) -> usize {
        if !self.is_recovering {
            return usual;
        }
        self.turns += 1;
        self.turns.min(usual)
    }

    /// What is to be recorded.
    pub(super) fn trouble(self, before: Option<&RelayTrouble>, now: DateTime<Utc>) -> Option<RelayTrouble> {
        let Some(Refusal { kind, reply }) = self.last else {
            // The word of who wants refusals believed outlasts the trouble.
            let believed = before.filter(|before| before.is_believed(now));
            return believed.map(|before| RelayTrouble { in_a_row: 0, until: before.until.min(now), ..before.clone() });
        };
        let (since, believed_until) = before.map_or((now, None), |before| (before.since, before.believed_until));
        if before.is_some_and(|before| before.in_a_row == self.in_a_row && before.kind == kind) {
            return before.cloned();
        }
        let rest = TimeDelta::from_std(relay_rest(kind, self.in_a_row)).unwrap_or_default();
        let trouble =
            RelayTrouble { since, kind, reply, in_a_row: self.in_a_row, until: now + rest, doubt: self.doubt, believed_until };
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
        RelayTrouble { since: at, kind, reply: String::new(), in_a_row, until, doubt: None, believed_until: None }
    }

    fn no(kind: RefusalKind) -> Refusal {
        Refusal { kind, reply: "no".to_owned() }
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
        assert_eq!(relay.belief(1, &no(RefusalKind::AddressGone), false), Belief::Yes);
        assert!(relay.room(50) == 50 && !relay.is_resting());
        let after = relay.trouble(Some(&before), at).unwrap();
        assert!(after.in_a_row == 0 && !after.rests(at) && after.is_believed(at));
        let mut relay = Relay::new(Some(&after), at);
        relay.took_one();
        assert!(relay.trouble(Some(&after), at).is_some());
        let mut relay = Relay::new(Some(&after), at + TimeDelta::days(1));
        relay.took_one();
        assert!(relay.trouble(Some(&after), at + TimeDelta::days(1)).is_none());
    }

    #[test]
    fn a_relay_that_puts_something_off_is_within_reach_again_and_one_that_thinks_badly_of_us_still_does() {
        let at = DateTime::UNIX_EPOCH;
        let after = |kind| {
            let before = trouble(kind, 9, at);
            let mut relay = Relay::new(Some(&before), at);
            relay.refused(&no(RefusalKind::Transient));
            (relay.is_resting(), relay.trouble(Some(&before), at).map(|trouble| trouble.kind))
        };
        assert_eq!(after(RefusalKind::Relay), (false, None));
        assert_eq!(after(RefusalKind::Policy).1, Some(RefusalKind::Policy));
        assert_eq!(after(RefusalKind::Unknown).1, Some(RefusalKind::Unknown));
    }

    #[test]
    fn a_pass_is_one_step_and_another_trouble_begins_at_the_first() {
        let at = DateTime::UNIX_EPOCH;
        let after = |before: Option<&RelayTrouble>, kind, times| {
            let mut relay = Relay::new(before, at);
            (0..times).for_each(|_| relay.refused(&no(kind)));
            relay.trouble(before, at).unwrap().in_a_row
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
