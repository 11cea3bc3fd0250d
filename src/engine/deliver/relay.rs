//! Trouble that is not about whoever is mailed: the relay cannot be reached, or it or those behind it think badly of us.
//! Then nothing is sent for a while, and afterwards one message first.

use crate::domain::delivery::{Refusal, RefusalKind};
use crate::rules::schedule::relay_rest;
use crate::store::records::RelayTrouble;
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;

/// How the relay has done, over passes.
pub(super) struct Relay {
    in_a_row: u32,
    last: Option<Refusal>,
    /// It took something in this pass.
    works: bool,
    /// Turns since it did, after trouble.
    turns: usize,
    is_recovering: bool,
}

impl Relay {
    pub(super) fn new(before: Option<&RelayTrouble>) -> Self {
        let in_a_row = before.map_or(0, |trouble| trouble.in_a_row);
        let last = before.map(|trouble| Refusal { kind: trouble.kind, reply: trouble.reply.clone() });
        let is_recovering = last.as_ref().is_some_and(|last| relay_rest(last.kind, in_a_row) > Duration::ZERO);
        Self { in_a_row, last, works: false, turns: 0, is_recovering }
    }

    pub(super) fn took_one(&mut self) {
        (self.in_a_row, self.last, self.works) = (0, None, true);
    }

    pub(super) fn refused(&mut self, refusal: &Refusal) {
        if matches!(refusal.kind, RefusalKind::Relay | RefusalKind::Policy | RefusalKind::Throttled) {
            self.in_a_row = self.in_a_row.saturating_add(1);
            self.last = Some(refusal.clone());
            self.works = false;
        }
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
        let Refusal { kind, reply } = self.last?;
        let since = before.map_or(now, |before| before.since);
        if before.is_some_and(|before| before.in_a_row == self.in_a_row) {
            return before.cloned();
        }
        let rest = TimeDelta::from_std(relay_rest(kind, self.in_a_row)).unwrap_or_default();
        let until = now + rest;
        if rest > TimeDelta::zero() {
            let is_news = before.is_none_or(|before| relay_rest(before.kind, before.in_a_row) == Duration::ZERO);
            if is_news {
                tracing::error!(reply, %until, "no mail is sent for a while: {}", blame(kind));
            } else {
                tracing::info!(reply, %until, "still no mail is sent");
            }
        }
        Some(RelayTrouble { since, kind, reply, in_a_row: self.in_a_row, until })
    }
}

/// What the trouble is, in a few words.
fn blame(kind: RefusalKind) -> &'static str {
    match kind {
        RefusalKind::Policy => "our mail is refused for what is thought of us, whoever it is for",
        RefusalKind::Throttled => "it was more than is taken from us for now",
        RefusalKind::Relay
        | RefusalKind::Transient
        | RefusalKind::Permanent
        | RefusalKind::AddressGone
        | RefusalKind::TooLarge
        | RefusalKind::Unknown => "the mail server cannot be used",
    }
}
