//! Providers that refuse mail to their readers: for what they think of us, or all of it in the same words. Once several of one's
//! readers were refused, the others there wait, and those elsewhere do not; after a rest one mail asks, and the rest grows while the
//! answer is the same. An admin is told once, and which provider it is.
//!
//! What a provider takes is not known before it has taken something: until then few of its readers are tried at a time, so that one
//! that refuses all has refused a few and not a line's worth each.

use crate::domain::delivery::RefusalKind;
use crate::ports::Clock;
use crate::rules::schedule::{relay_rest, rests_after};
use crate::store::records::{Doubt, ProviderOut, Witness};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// So many readers of one provider are no chance.
const READERS_MIN: usize = 3;

/// So many are remembered to take mail; there may be as many as readers.
const REMEMBERED_MAX: usize = 1_000;

/// Why others wait.
pub(super) const REFUSES: &str = "others at the same provider were refused";

/// Of each provider, how it did in this pass, and what is known from before.
#[derive(Default)]
pub(super) struct Providers {
    held: Mutex<HashMap<u32, At>>,
    /// Somebody may go on who waits for what becomes of others.
    bell: Notify,
}

/// One provider.
#[derive(Default)]
struct At {
    name: String,
    /// Who was refused since it took something.
    refused: BTreeSet<u32>,
    /// Mails to it that are under way.
    under_way: usize,
    /// It has given an answer to one that says nothing against the others.
    answers: bool,
    /// It refuses.
    out: Option<ProviderOut>,
}

impl At {
    fn rests(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.out.as_ref().filter(|out| out.rests(now)).map(|out| out.until)
    }

    /// How many of its readers may be tried at a time.
    fn room(&self) -> usize {
        match (&self.out, self.answers) {
            (_, true) => usize::MAX,
            (Some(_), false) => 1,
            (None, false) => READERS_MIN.saturating_sub(self.refused.len()).max(1),
        }
    }

    /// It refuses: nothing is tried there for a while. Many that are told so together are told it once.
    fn leave_alone(&mut self, reply: &str, doubt: Option<Doubt>, now: DateTime<Utc>) {
        if self.rests(now).is_some() {
            return;
        }
        let times = self.out.as_ref().map_or(0, |out| out.times) + 1;
        let rest = relay_rest(RefusalKind::Policy, rests_after(RefusalKind::Policy) + times - 1);
        let until = now + TimeDelta::from_std(rest).unwrap_or_default();
        let before = self.out.take();
        let (since, believed_until) = before.as_ref().map_or((now, None), |out| (out.since, out.believed_until));
        let out = ProviderOut { name: self.name.clone(), since, until, reply: reply.to_owned(), times, doubt, believed_until };
        if before.is_none() {
            tracing::error!(provider = out.name, reply, %until, "{}; its readers wait, and nobody else", out.what());
        } else {
            tracing::info!(provider = out.name, reply, %until, "a provider still refuses mail to its readers");
        }
        self.out = Some(out);
        (self.answers, self.refused) = (false, BTreeSet::new());
    }
}

/// A mail to one of its readers that is under way.
pub(super) struct UnderWay<'a> {
    providers: &'a Providers,
    provider: u32,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        let mut held = self.providers.held();
        if let Some(at) = held.get_mut(&self.provider) {
            at.under_way = at.under_way.saturating_sub(1);
            if at.under_way == 0 && at.refused.is_empty() && at.out.is_none() && held.len() > REMEMBERED_MAX {
                held.remove(&self.provider);
            }
        }
        drop(held);
        self.providers.bell.notify_waiters();
    }
}

impl Providers {
    /// By what was recorded of them.
    pub(super) fn known(out: &[ProviderOut], now: DateTime<Utc>) -> Self {
        let known = out.iter().filter(|out| !out.is_over(now));
        let at = known
            .map(|out| (Witness::provider(&out.name), At { name: out.name.clone(), out: Some(out.clone()), ..At::default() }));
        Self { held: Mutex::new(at.collect()), bell: Notify::new() }
    }

    /// Waits until mail to this reader may be tried. `Err`: not before then.
    pub(super) async fn admit(&self, whom: Witness, clock: &dyn Clock) -> Result<UnderWay<'_>, DateTime<Utc>> {
        loop {
            let mut may_go_on = std::pin::pin!(self.bell.notified());
            // What rings from here on is heard.
            may_go_on.as_mut().enable();
            if let Some(admitted) = self.may_begin(whom, clock.now()) {
                return admitted.map(|()| UnderWay { providers: self, provider: whom.provider });
            }
            may_go_on.await;
        }
    }

    /// Whether it may begin now; `None`: others have to end first.
    fn may_begin(&self, whom: Witness, now: DateTime<Utc>) -> Option<Result<(), DateTime<Utc>>> {
        let mut held = self.held();
        let at = held.entry(whom.provider).or_default();
        if let Some(until) = at.rests(now) {
            return Some(Err(until));
        }
        let may = at.under_way < at.room();
        at.under_way += usize::from(may);
        may.then_some(Ok(()))
    }

    /// Whether mail to this reader is not to leave now, though it was begun.
    pub(super) fn rests(&self, whom: Witness, now: DateTime<Utc>) -> bool {
        self.held().get(&whom.provider).is_some_and(|at| at.rests(now).is_some())
    }

    /// Hears that a reader was refused for what is thought of us.
    pub(super) fn refused(&self, whom: Witness, name: &str, reply: &str, now: DateTime<Utc>) {
        self.change(whom.provider, |at| {
            name.clone_into(&mut at.name);
            at.refused.insert(whom.person);
            if at.out.is_some() || at.refused.len() >= READERS_MIN {
                at.leave_alone(reply, None, now);
            }
        });
    }

    /// Hears that refusals for good of a provider's readers are not believed.
    pub(super) fn doubted(&self, provider: (u32, &str), doubt: Doubt, reply: &str, now: DateTime<Utc>) {
        self.change(provider.0, |at| {
            provider.1.clone_into(&mut at.name);
            at.leave_alone(reply, Some(doubt), now);
        });
    }

    /// Hears of an answer that is about this reader or our relay alone.
    pub(super) fn answered(&self, whom: Witness) {
        self.change(whom.provider, |at| at.answers |= at.out.is_none());
    }

    /// Hears that mail to a reader of it was taken, or that its "no" is believed.
    pub(super) fn took(&self, whom: Witness) {
        self.change(whom.provider, |at| {
            if let Some(out) = at.out.take() {
                tracing::info!(provider = out.name, "a provider that refused mail takes it again");
            }
            (at.answers, at.refused) = (true, BTreeSet::new());
        });
    }

    /// Of which providers it stands in doubt that their refusals are true, and which an admin wants believed.
    pub(super) fn doubts(&self, now: DateTime<Utc>) -> Vec<(u32, Option<Doubt>, bool)> {
        let held = self.held();
        held.iter().filter_map(|(provider, at)| at.out.as_ref().map(|out| (*provider, out.doubt, out.is_believed(now)))).collect()
    }

    /// Those that refuse, to be recorded.
    pub(super) fn out(&self) -> Vec<ProviderOut> {
        let mut out: Vec<ProviderOut> = self.held().values().filter_map(|at| at.out.clone()).collect();
        out.sort_by(|a, b| a.since.cmp(&b.since).then_with(|| a.name.cmp(&b.name)));
        out
    }

    fn change(&self, provider: u32, change: impl FnOnce(&mut At)) {
        change(self.held().entry(provider).or_default());
        self.bell.notify_waiters();
    }

    fn held(&self) -> MutexGuard<'_, HashMap<u32, At>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BIG: &str = "big.example.org";

    fn reader(n: u32) -> Witness {
        Witness { person: n, provider: Witness::provider(BIG) }
    }

    fn begins(providers: &Providers, n: u32, now: DateTime<Utc>) -> Option<bool> {
        providers.may_begin(reader(n), now).map(|admitted| admitted.is_ok())
    }

    fn ends(providers: &Providers, n: u32, refused: bool, now: DateTime<Utc>) {
        let whom = reader(n);
        if refused {
            providers.refused(whom, BIG, "550 5.7.1 no", now);
        } else {
            providers.took(whom);
        }
        drop(UnderWay { providers, provider: whom.provider });
    }

    #[test]
    fn a_provider_that_refuses_all_has_refused_three_and_then_one_after_each_rest_which_grows() {
        let mut now = DateTime::UNIX_EPOCH;
        let providers = Providers::default();
        assert_eq!([1, 2, 3, 4].map(|n| begins(&providers, n, now)), [Some(true), Some(true), Some(true), None]);
        (1..=3).for_each(|n| ends(&providers, n, true, now));
        assert_eq!(begins(&providers, 4, now), Some(false), "the others wait");
        let mut rests = Vec::new();
        for _ in 0..5 {
            let out = providers.out();
            assert_eq!((out.len(), out[0].name.as_str(), out[0].since), (1, BIG, DateTime::UNIX_EPOCH));
            rests.push((out[0].until - now).num_minutes());
            now = out[0].until;
            // Over a restart too.
            let providers = Providers::known(&out, now);
            assert_eq!([5, 6].map(|n| begins(&providers, n, now)), [Some(true), None], "one asks");
        }
        assert_eq!(rests[0], 30);
        let providers = Providers::known(&providers.out(), now);
        assert_eq!(begins(&providers, 5, now), Some(true));
        ends(&providers, 5, true, now);
        assert_eq!((providers.out()[0].until - now).num_minutes(), 60);
        now = providers.out()[0].until;
        assert_eq!(begins(&providers, 6, now), Some(true));
        ends(&providers, 6, false, now);
        assert_eq!(providers.out(), []);
        assert!((7..60).all(|n| begins(&providers, n, now) == Some(true)), "as many as usual");
    }

    #[test]
    fn two_readers_who_are_refused_are_no_provider_and_one_that_takes_mail_has_its_lines() {
        let (providers, now) = (Providers::default(), DateTime::UNIX_EPOCH);
        assert!((1..=2).all(|n| begins(&providers, n, now) == Some(true)));
        (1..=2).for_each(|n| ends(&providers, n, true, now));
        assert_eq!(begins(&providers, 3, now), Some(true));
        ends(&providers, 3, false, now);
        assert!((4..40).all(|n| begins(&providers, n, now) == Some(true)));
        (4..=5).for_each(|n| ends(&providers, n, true, now));
        assert!(!providers.rests(reader(6), now) && providers.out().is_empty());
    }
}
