//! Providers that refuse mail to their readers: for what they think of us, or all of it in the same words. Once several of one's
//! readers were refused, the others there wait, and those elsewhere do not; after a rest one mail asks, and the rest grows while the
//! answer is the same. One that says "too much" is believed at once: it is said of all who have their address there, and of nobody
//! else. An admin is told once, and which provider it is.
//!
//! What a provider takes is not known before it has taken something: until then few of its readers are tried at a time, so that one
//! that refuses all has refused a few and not a line's worth each.

use crate::domain::delivery::{Refusal, RefusalKind};
use crate::ports::Clock;
use crate::rules::refusal::{gist, may_be_of_one, puts_off_for_policy};
use crate::rules::schedule::{relay_rest, rests_after};
use crate::store::records::{Doubt, ProviderOut, Witness};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// So many readers of one provider are no chance.
const READERS_MIN: usize = 3;

/// Who was put off so often in the same words has waited for longer than servers greylist, most of them.
const LONG: u32 = 3;

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
    /// It takes mail, and wanted no more of it a while ago.
    eased: Option<ProviderOut>,
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
    fn leave_alone(&mut self, reply: &str, is_for_now: bool, doubt: Option<Doubt>, now: DateTime<Utc>) {
        if self.rests(now).is_some() {
            return;
        }
        let times = self.out.as_ref().map_or(0, |out| out.times) + 1;
        let kind = if is_for_now { RefusalKind::Throttled } else { RefusalKind::Policy };
        let rest = relay_rest(kind, rests_after(kind) + times - 1);
        let until = now + TimeDelta::from_std(rest).unwrap_or_default();
        let before = self.out.take();
        let (since, believed_until) = before.as_ref().map_or((now, None), |out| (out.since, out.believed_until));
        let (name, reply_kept) = (self.name.clone(), reply.to_owned());
        let out = ProviderOut { name, since, until, reply: reply_kept, times, is_for_now, eased: None, doubt, believed_until };
        if before.is_none() && self.eased.take().is_none() {
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
            let is_plain = at.refused.is_empty() && at.out.is_none() && at.eased.is_none();
            if at.under_way == 0 && is_plain && held.len() > REMEMBERED_MAX {
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
        let at = known.map(|known| {
            let (out, eased) = if known.eased.is_none() { (Some(known.clone()), None) } else { (None, Some(known.clone())) };
            (Witness::provider(&known.name), At { name: known.name.clone(), out, eased, ..At::default() })
        });
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

    /// Hears what was said to a reader of the provider of this name, at the attempt of this number. `said_before`: the one before was told
    /// the same.
    pub(super) fn heard(
        &self,
        (whom, name): (Witness, &str),
        refusal: &Refusal,
        (attempts, said_before): (u32, bool),
        now: DateTime<Utc>,
    ) {
        let for_long = said_before && attempts >= LONG;
        match refusal.kind {
            RefusalKind::Policy => self.refused((whom, name), &refusal.reply, false, READERS_MIN, now),
            RefusalKind::Throttled if may_be_of_one(refusal) => self.refused((whom, name), &refusal.reply, true, 1, now),
            RefusalKind::Transient if puts_off_for_policy(refusal, for_long || self.says(whom, &refusal.reply)) => {
                self.refused((whom, name), &refusal.reply, true, READERS_MIN, now);
            }
            RefusalKind::Transient | RefusalKind::TooLarge => self.answered(whom),
            // Whether what is refused for good is believed is seen from what others hear; the rest is not the provider's.
            RefusalKind::Permanent
            | RefusalKind::AddressGone
            | RefusalKind::Throttled
            | RefusalKind::Relay
            | RefusalKind::Unknown => {}
        }
    }

    /// Hears that a reader was refused for what is thought of us; so many of them are no chance.
    fn refused(&self, (whom, name): (Witness, &str), reply: &str, is_for_now: bool, enough: usize, now: DateTime<Utc>) {
        self.change(whom.provider, |at| {
            name.clone_into(&mut at.name);
            at.refused.insert(whom.person);
            if at.out.is_some() || at.refused.len() >= enough {
                at.leave_alone(reply, is_for_now, None, now);
            }
        });
    }

    /// Whether that is why its readers wait.
    fn says(&self, whom: Witness, reply: &str) -> bool {
        let held = self.held();
        let out = held.get(&whom.provider).and_then(|at| at.out.as_ref());
        out.is_some_and(|out| gist(&out.reply) == gist(reply))
    }

    /// Whether it refuses.
    pub(super) fn refuses(&self, provider: u32) -> bool {
        self.held().get(&provider).is_some_and(|at| at.out.is_some())
    }

    /// Hears that refusals for good of a provider's readers are not believed.
    pub(super) fn doubted(&self, provider: (u32, &str), doubt: Doubt, reply: &str, now: DateTime<Utc>) {
        self.change(provider.0, |at| {
            provider.1.clone_into(&mut at.name);
            at.leave_alone(reply, false, Some(doubt), now);
        });
    }

    /// Hears of an answer that is about this reader or our relay alone.
    pub(super) fn answered(&self, whom: Witness) {
        self.change(whom.provider, |at| at.answers |= at.out.is_none());
    }

    /// Hears that mail to a reader of it was taken, or that its "no" is believed.
    pub(super) fn took(&self, whom: Witness, now: DateTime<Utc>) {
        self.change(whom.provider, |at| {
            if let Some(out) = at.out.take() {
                tracing::info!(provider = out.name, "a provider that refused mail takes it again");
                at.eased = out.is_for_now.then_some(ProviderOut { eased: Some(now), ..out });
            }
            (at.answers, at.refused) = (true, BTreeSet::new());
        });
    }

    /// Of which providers it stands in doubt that their refusals are true, and which an admin wants believed.
    pub(super) fn doubts(&self, now: DateTime<Utc>) -> Vec<(u32, Option<Doubt>, bool)> {
        let held = self.held();
        held.iter().filter_map(|(provider, at)| at.out.as_ref().map(|out| (*provider, out.doubt, out.is_believed(now)))).collect()
    }

    /// Those that refuse, or did lately, to be recorded.
    pub(super) fn out(&self) -> Vec<ProviderOut> {
        let mut out: Vec<ProviderOut> =
            self.held().values().filter_map(|at| at.out.clone().or_else(|| at.eased.clone())).collect();
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
            let no = Refusal { kind: RefusalKind::Policy, reply: "550 5.7.1 no".to_owned() };
            providers.heard((whom, BIG), &no, (1, false), now);
        } else {
            providers.took(whom, now);
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
    fn one_that_wants_no_more_for_now_is_believed_at_once_and_what_it_takes_between_is_not_told_anew() {
        let mut now = DateTime::UNIX_EPOCH;
        let mut known = Vec::new();
        let enough = Refusal { kind: RefusalKind::Throttled, reply: "421 4.7.0 [TSS04] deferred".to_owned() };
        for round in 0..5 {
            let providers = Providers::known(&known, now);
            assert_eq!(begins(&providers, 1, now), Some(true));
            providers.heard((reader(1), BIG), &enough, (1, false), now);
            assert_eq!(begins(&providers, 2, now), Some(false), "the others wait");
            let out = providers.out();
            assert_eq!((out.len(), out[0].is_for_now, (out[0].until - now).num_minutes()), (1, true, 10), "{round}");
            now = out[0].until;
            ends(&providers, 3, false, now);
            let out = providers.out();
            assert!(out.len() == 1 && out[0].eased == Some(now) && !providers.refuses(reader(1).provider));
            assert!(out[0].is_over(now + TimeDelta::hours(25)));
            known = out;
        }
        // A quota is not the provider's.
        let spent = Refusal { kind: RefusalKind::Throttled, reply: "550 5.4.5 Daily user sending limit exceeded".to_owned() };
        let providers = Providers::default();
        providers.heard((reader(1), BIG), &spent, (1, false), now);
        assert!(providers.out().is_empty());
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
