//! One provider: what is known of how it takes mail, and what follows for the mail to its readers.

use crate::domain::delivery::{Refusal, RefusalKind};
use crate::rules::schedule::{provider_rest, told_again_rest};
use crate::store::records::{Doubt, ProviderOut};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// So many readers of one provider are no chance.
pub(super) const READERS_MIN: usize = 3;

/// So many readers of one provider who are put off, where others are served, say that it is none of theirs' alone.
const PUT_OFF_MIN: usize = 10;

/// Those who may have their mail already wait so much longer than the next who have not.
const BEHIND_OTHERS: TimeDelta = TimeDelta::minutes(2);

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
    /// To whom mail hangs, and how many.
    pub(super) hung: BTreeMap<u32, u32>,
    /// Mails in a row that were left without an answer.
    pub(super) silences: u32,
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
    pub(super) fn holds_up(&self, mail: What, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let out = self.out.as_ref()?;
        // Somebody waits for a letter; but each that is left without an answer may be another copy.
        let rest = self.rests(now).filter(|_| !mail.is_letter || out.may_have_come());
        let again = out.tries_again(now).filter(|_| mail.may_have_come);
        rest.max(again)
    }

    /// Whether one mail at a time asks whether it answers.
    pub(super) fn is_asked(&self) -> bool {
        self.silences > 0
    }

    /// How many of its readers may be tried at a time.
    pub(super) fn room(&self) -> usize {
        match (&self.out, self.answers) {
            (_, true) => usize::MAX,
            (Some(_), false) => 1,
            (None, false) if self.is_asked() => 1,
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

    /// It leaves so many mails in a row without an answer: nothing is tried there for a while. `is_again`: the last of them may have
    /// come before; `is_alone`: nor was anybody's mail taken elsewhere.
    pub(super) fn leave_silent(&mut self, refusal: &Refusal, (is_again, is_alone): (bool, bool), now: DateTime<Utc>) {
        let kind = refusal.kind;
        let is_asked = self.rests(now).is_none();
        let before = self.out.as_ref();
        let times = before.map_or(0, |out| out.times) + u32::from(is_asked);
        let asked_again = before.map_or(0, |out| out.asked_again) + u32::from(is_again);
        let again = before.and_then(|out| out.again);
        let is_alone = is_alone && before.is_none_or(|out| out.is_alone);
        let rest = |rest| TimeDelta::from_std(rest).unwrap_or_default();
        let until = now + rest(provider_rest(kind, self.silences));
        self.is_out(&refusal.reply, Why::Unanswered { kind, is_alone }, times.max(1), (now, until));
        if let Some(out) = &mut self.out {
            (out.silences, out.asked_again) = (self.silences, asked_again);
            let next = (until + BEHIND_OTHERS).max(now + rest(told_again_rest(asked_again)));
            out.again = again.max(Some(next));
        }
    }

    pub(super) fn is_out(&mut self, reply: &str, why: Why, times: u32, (since, until): (DateTime<Utc>, DateTime<Utc>)) {
        let before = self.out.take();
        let was_told = before.as_ref().is_some_and(ProviderOut::is_worth_telling) || self.eased.take().is_some();
        let (since, believed_until) = before.map_or((since, None), |out| (out.since, out.believed_until));
        let (is_for_now, doubt, unanswered, is_alone) = match why {
            Why::Refuses(doubt) => (false, doubt, None, false),
            Why::ForNow => (true, None, None, false),
            Why::Unanswered { kind, is_alone } => (true, None, Some(kind), is_alone),
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
            silences: 0,
            asked_again: 0,
            again: None,
            is_alone,
            eased: None,
            doubt,
            believed_until,
        };
        if out.is_worth_telling() && !was_told {
            tracing::error!(provider = out.name, reply, %until, "{}; its readers wait", out.what());
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

/// What of a mail says whether it may be tried.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(in super::super) struct What {
    /// Somebody waits for it.
    pub(in super::super) is_letter: bool,
    /// An attempt before may have brought it.
    pub(in super::super) may_have_come: bool,
}

/// Why a provider is left alone.
#[derive(Clone, Copy)]
pub(super) enum Why {
    /// It refuses; and whether that is believed.
    Refuses(Option<Doubt>),
    /// It says "not now".
    ForNow,
    /// Nothing is said, or the line is closed; nor was anybody's mail taken elsewhere, where it is alone.
    Unanswered { kind: RefusalKind, is_alone: bool },
}

impl Why {
    pub(super) fn kind(self) -> RefusalKind {
        match self {
            Self::Refuses(_) => RefusalKind::Policy,
            Self::ForNow => RefusalKind::Throttled,
            Self::Unanswered { kind, .. } => kind,
        }
    }
}
