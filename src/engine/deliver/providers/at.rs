//! One provider: what is known of how it takes mail, and what follows for the mail to its readers.

use crate::domain::delivery::RefusalKind;
use crate::rules::schedule::provider_rest;
use crate::store::records::{Doubt, ProviderOut};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// So many readers of one provider are no chance.
pub(super) const READERS_MIN: usize = 3;

/// So many readers of one provider who are put off, where others are served, say that it is none of theirs' alone.
const PUT_OFF_MIN: usize = 10;

/// Those who wait for a conversation that hangs wait so long at first, then as long as it has hung…
pub(super) const WAIT_FIRST: TimeDelta = TimeDelta::seconds(30);
/// …and no longer than this at a time.
const WAIT_MAX: TimeDelta = TimeDelta::minutes(5);

/// One provider.
#[derive(Default)]
pub(super) struct At {
    pub(super) name: String,
    /// Who was refused since it took something.
    pub(super) refused: BTreeSet<u32>,
    /// Who was put off since then, for a reason that is neither theirs nor of those who greylist; and what the last was told.
    pub(super) put_off: (BTreeSet<u32>, String),
    /// Mails to it that are under way.
    pub(super) under_way: usize,
    /// To whom, and since when, mail hangs: nothing else is tried meanwhile.
    pub(super) hung: BTreeMap<u32, DateTime<Utc>>,
    /// It has given an answer to one that says nothing against the others.
    pub(super) answers: bool,
    /// It refuses.
    pub(super) out: Option<ProviderOut>,
    /// It takes mail, and wanted no more of it a while ago.
    pub(super) eased: Option<ProviderOut>,
}

impl At {
    pub(super) fn rests(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.out.as_ref().filter(|out| out.rests(now)).map(|out| out.until)
    }

    /// Until when mail waits that is not to leave now.
    pub(super) fn holds_up(&self, is_letter: bool, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let since = self.hung.values().min();
        let until = since.map(|since| now + (now - *since).clamp(WAIT_FIRST, WAIT_MAX));
        // Somebody waits for a letter; but each that is left without an answer may be another copy.
        let rest = self.out.as_ref().filter(|out| !is_letter || out.may_have_come()).and_then(|_| self.rests(now));
        until.max(rest)
    }

    /// How many of its readers may be tried at a time.
    pub(super) fn room(&self) -> usize {
        match (&self.out, self.answers) {
            (_, true) => usize::MAX,
            (Some(_), false) => 1,
            (None, false) => READERS_MIN.saturating_sub(self.refused.len()).max(1),
        }
    }

    /// It refuses: nothing is tried there for a while. Many that are told so together are told it once.
    pub(super) fn leave_alone(&mut self, reply: &str, why: Why, now: DateTime<Utc>) {
        if self.rests(now).is_none() {
            let times = self.out.as_ref().map_or(0, |out| out.times) + 1;
            let rest = provider_rest(why.kind(), times);
            self.is_out(reply, why, times, (now, now + TimeDelta::from_std(rest).unwrap_or_default()));
        }
    }

    pub(super) fn is_out(&mut self, reply: &str, why: Why, times: u32, (since, until): (DateTime<Utc>, DateTime<Utc>)) {
        let before = self.out.take();
        let was_told = before.as_ref().is_some_and(ProviderOut::is_worth_telling) || self.eased.take().is_some();
        let (since, believed_until) = before.map_or((since, None), |out| (out.since, out.believed_until));
        let (is_for_now, doubt, unanswered) = match why {
            Why::Refuses(doubt) => (false, doubt, None),
            Why::ForNow => (true, None, None),
            Why::Unanswered(kind) => (true, None, Some(kind)),
        };
        let (name, reply_kept) = (self.name.clone(), reply.to_owned());
        let out = ProviderOut {
            name,
            since,
            until,
            reply: reply_kept,
            times,
            is_for_now,
            unanswered,
            eased: None,
            doubt,
            believed_until,
        };
        if out.is_worth_telling() && !was_told {
            tracing::error!(provider = out.name, reply, %until, "{}; its readers wait, and nobody else", out.what());
        } else {
            tracing::info!(provider = out.name, reply, %until, "{}", out.what());
        }
        self.out = Some(out);
        (self.answers, self.refused, self.put_off) = (false, BTreeSet::new(), <_>::default());
    }

    /// Leaves it alone where it puts off one after the other.
    pub(super) fn leave_alone_if_put_off(&mut self, now: DateTime<Utc>) {
        if self.out.is_some() || self.put_off.0.len() >= PUT_OFF_MIN {
            let why = match &self.out {
                Some(out) if !out.is_for_now => Why::Refuses(out.doubt),
                Some(_) | None => Why::ForNow,
            };
            let reply = std::mem::take(&mut self.put_off.1);
            self.leave_alone(&reply, why, now);
        }
    }
}

/// Why a provider is left alone.
#[derive(Clone, Copy)]
pub(super) enum Why {
    /// It refuses; and whether that is believed.
    Refuses(Option<Doubt>),
    /// It says "not now".
    ForNow,
    /// Nothing is said, or the line is closed.
    Unanswered(RefusalKind),
}

impl Why {
    pub(super) fn kind(self) -> RefusalKind {
        match self {
            Self::Refuses(_) => RefusalKind::Policy,
            Self::ForNow => RefusalKind::Throttled,
            Self::Unanswered(kind) => kind,
        }
    }
}
