//! Providers that refuse mail to their readers: for what they think of us, or all of it in the same words. Once several of one's
//! readers were refused, the others there wait, and those elsewhere do not; after a rest one mail asks, and the rest grows while the
//! answer is the same. One that says "too much" is believed at once: it is said of all who have their address there, and of nobody
//! else. An admin is told once, and which provider it is.
//!
//! Where the mail server says nothing once it was told whom a mail is for, or closes the line, that is taken for a trouble of that
//! reader's provider, too, and told when it has happened twice: one conversation at a time asks there.
//!
//! What a provider takes is not known before it has taken something: until then few of its readers are tried at a time, so that one
//! that refuses all has refused a few and not a line's worth each.

mod at;

use crate::domain::delivery::{Refusal, RefusalKind};
use crate::ports::Clock;
use crate::rules::refusal::{gist, is_greylisting, is_soft_bounce, may_be_of_one, puts_off_for_policy};
use crate::store::records::{Doubt, ProviderOut, TOLD_AT, Witness};
use at::{At, READERS_MIN, WAIT_FIRST, Why};
use chrono::{DateTime, Utc};
use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

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
    /// Mail was taken in this pass.
    took_any: AtomicBool,
    /// Somebody may go on who waits for what becomes of others.
    bell: Notify,
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
            let is_plain = at.refused.is_empty() && at.hung.is_empty() && at.out.is_none() && at.eased.is_none();
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
        Self { held: Mutex::new(at.collect()), ..Self::default() }
    }

    /// Waits until mail to this reader may be tried; a letter only while one hangs. `Err`: not before then.
    pub(super) async fn admit(&self, whom: Witness, is_letter: bool, clock: &dyn Clock) -> Result<UnderWay<'_>, DateTime<Utc>> {
        loop {
            let mut may_go_on = std::pin::pin!(self.bell.notified());
            // What rings from here on is heard.
            may_go_on.as_mut().enable();
            if let Some(admitted) = self.may_begin(whom, is_letter, clock.now()) {
                return admitted.map(|()| UnderWay { providers: self, provider: whom.provider });
            }
            may_go_on.await;
        }
    }

    /// Whether it may begin now; `None`: others have to end first.
    fn may_begin(&self, whom: Witness, is_letter: bool, now: DateTime<Utc>) -> Option<Result<(), DateTime<Utc>>> {
        let mut held = self.held();
        let at = held.entry(whom.provider).or_default();
        if let Some(until) = at.holds_up(is_letter, now) {
            return Some(Err(until));
        }
        let may = is_letter || at.under_way < at.room();
        at.under_way += usize::from(may);
        may.then_some(Ok(()))
    }

    /// Whether mail to this reader is not to leave now, though it was begun.
    pub(super) fn holds_up(&self, whom: Witness, is_letter: bool, now: DateTime<Utc>) -> bool {
        let held = self.held();
        let Some(at) = held.get(&whom.provider) else { return false };
        at.hung.keys().any(|person| *person != whom.person) || at.hung.is_empty() && at.holds_up(is_letter, now).is_some()
    }

    /// Hears that mail to this reader hangs, since then.
    pub(super) fn hangs(&self, whom: Witness, since: DateTime<Utc>) {
        self.change(whom.provider, |at| {
            at.hung.insert(whom.person, since);
        });
    }

    /// Whether of the mail to this reader's provider no other hangs.
    pub(super) fn hangs_alone(&self, whom: Witness) -> bool {
        self.held().get(&whom.provider).is_none_or(|at| at.hung.keys().all(|person| *person == whom.person))
    }

    /// Hears that it has come to an end.
    pub(super) fn hangs_no_more(&self, whom: Witness) {
        self.change(whom.provider, |at| {
            at.hung.remove(&whom.person);
        });
    }

    /// Until when others wait for one that hangs.
    pub(super) fn waits_until(&self, whom: Witness, now: DateTime<Utc>) -> DateTime<Utc> {
        self.held().get(&whom.provider).and_then(|at| at.holds_up(false, now)).unwrap_or(now + WAIT_FIRST)
    }

    /// Hears that mail to a reader of the provider of this name has hung for long.
    pub(super) fn hangs_for_long(
        &self,
        (whom, name): (Witness, &str),
        refusal: &Refusal,
        since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) {
        self.change(whom.provider, |at| {
            name.clone_into(&mut at.name);
            let times = at.out.as_ref().map_or(0, |out| out.times).max(TOLD_AT - 1) + 1;
            at.is_out(&refusal.reply, Why::Unanswered(refusal.kind), times, (since, now));
        });
    }

    /// Hears that nothing was said to the end once it had been said that a mail is for this reader of the provider of this name, or
    /// that the line was closed.
    pub(super) fn unanswered(&self, (whom, name): (Witness, &str), refusal: &Refusal, now: DateTime<Utc>) {
        self.change(whom.provider, |at| {
            name.clone_into(&mut at.name);
            at.leave_alone(&refusal.reply, Why::Unanswered(refusal.kind), now);
        });
    }

    /// Hears that it happens to several, and nobody's mail is taken.
    pub(super) fn it_is_the_relay(&self) {
        for at in self.held().values_mut() {
            at.out.take_if(|out| out.unanswered.is_some());
        }
        self.bell.notify_waiters();
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
            RefusalKind::Policy => self.refused((whom, name), &refusal.reply, Why::Refuses(None), READERS_MIN, now),
            RefusalKind::Throttled if may_be_of_one(refusal) => self.refused((whom, name), &refusal.reply, Why::ForNow, 1, now),
            RefusalKind::Transient if puts_off_for_policy(refusal, for_long || self.says(whom, &refusal.reply)) => {
                self.refused((whom, name), &refusal.reply, Why::ForNow, READERS_MIN, now);
            }
            RefusalKind::Transient if !is_greylisting(&refusal.reply) && !is_soft_bounce(refusal) => {
                self.put_off((whom, name), &refusal.reply, now);
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
    fn refused(&self, (whom, name): (Witness, &str), reply: &str, why: Why, enough: usize, now: DateTime<Utc>) {
        self.change(whom.provider, |at| {
            name.clone_into(&mut at.name);
            at.refused.insert(whom.person);
            if at.out.is_some() || at.refused.len() >= enough {
                at.leave_alone(reply, why, now);
            }
        });
    }

    /// Hears that a reader was put off. Of many at one provider that is the provider's, where others are served: else it may be the
    /// mail server, which puts off everybody.
    fn put_off(&self, (whom, name): (Witness, &str), reply: &str, now: DateTime<Utc>) {
        let others_are_served = self.took_any.load(Ordering::Relaxed);
        self.change(whom.provider, |at| {
            name.clone_into(&mut at.name);
            at.put_off.0.insert(whom.person);
            reply.clone_into(&mut at.put_off.1);
            if others_are_served || at.out.is_some() {
                at.leave_alone_if_put_off(now);
            }
        });
    }

    /// Those that said "not now" may have said it of a mail server that another one has taken the place of. Answers with what they said.
    pub(super) fn ask_anew(&self) -> Vec<String> {
        let mut said = Vec::new();
        for at in self.held().values_mut() {
            let out = at.out.take_if(|out| out.is_for_now && out.unanswered.is_none());
            said.extend(out.map(|out| out.reply));
        }
        self.bell.notify_waiters();
        said
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
            at.leave_alone(reply, Why::Refuses(Some(doubt)), now);
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
                at.eased = (out.is_for_now && out.is_worth_telling()).then_some(ProviderOut { eased: Some(now), ..out });
            }
            (at.answers, at.refused, at.put_off) = (true, BTreeSet::new(), <_>::default());
        });
        if !self.took_any.swap(true, Ordering::Relaxed) {
            self.held().values_mut().filter(|at| at.out.is_none()).for_each(|at| at.leave_alone_if_put_off(now));
        }
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
    use chrono::TimeDelta;

    const BIG: &str = "big.example.org";

    fn reader(n: u32) -> Witness {
        Witness { person: n, provider: Witness::provider(BIG) }
    }

    fn begins(providers: &Providers, n: u32, now: DateTime<Utc>) -> Option<bool> {
        providers.may_begin(reader(n), false, now).map(|admitted| admitted.is_ok())
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
    fn of_mail_that_hangs_one_asks_and_the_others_wait_for_longer_each_time_and_it_is_told_when_it_is_no_chance() {
        let (providers, mut now) = (Providers::default(), DateTime::UNIX_EPOCH);
        let silent = |kind| Refusal { kind, reply: "the server did not answer in time (at RCPT)".to_owned() };
        assert!((1..=2).all(|n| begins(&providers, n, now) == Some(true)));
        providers.hangs(reader(1), now);
        providers.hangs(reader(2), now);
        assert!(!providers.hangs_alone(reader(2)) && providers.holds_up(reader(1), false, now));
        providers.hangs_no_more(reader(2));
        assert!(providers.hangs_alone(reader(1)) && !providers.holds_up(reader(1), false, now), "it asks for all");
        let waits = |seconds| {
            let now = now + TimeDelta::seconds(seconds);
            [false, true].map(|is_letter| providers.may_begin(reader(3), is_letter, now).unwrap().unwrap_err() - now)
        };
        assert_eq!(
            [waits(5), waits(100), waits(900)].map(|[digest, letter]| (digest == letter, digest.num_seconds())),
            [(true, 30), (true, 100), (true, 300)]
        );
        let elsewhere = Witness { provider: 9, ..reader(4) };
        assert_eq!(providers.may_begin(elsewhere, false, now), Some(Ok(())));
        // A line that breaks once may be anything.
        for kind in [RefusalKind::Relay, RefusalKind::Unknown] {
            let providers = Providers::default();
            let mut rests = Vec::new();
            for n in 1..8 {
                providers.unanswered((reader(n), BIG), &silent(kind), now);
                let out = providers.out().remove(0);
                assert!(out.is_for_now && out.is_worth_telling() == (n > 1) && providers.refuses(reader(1).provider));
                rests.push((out.until - now).num_minutes());
                let letter = providers.may_begin(reader(20 + n), true, now).unwrap();
                assert_eq!(letter.is_err(), kind == RefusalKind::Unknown, "each may be another copy");
                now = out.until;
            }
            let expect = if kind == RefusalKind::Relay { [1, 2, 4, 8, 16, 30, 30] } else { [1, 15, 120, 360, 360, 360, 360] };
            assert_eq!(rests, expect);
            providers.took(reader(1), now);
            assert!(!providers.refuses(reader(1).provider));
        }
        providers.hangs_for_long((reader(1), BIG), &silent(RefusalKind::Relay), DateTime::UNIX_EPOCH, now);
        assert!(providers.out()[0].is_worth_telling() && providers.out()[0].since == DateTime::UNIX_EPOCH);
        providers.it_is_the_relay();
        assert_eq!(providers.out(), []);
    }

    #[test]
    fn one_that_puts_off_many_is_left_alone_where_others_are_served_and_not_where_nobody_is_nor_where_it_greylists() {
        let now = DateTime::UNIX_EPOCH;
        let said = |reply: &str| Refusal { kind: RefusalKind::Transient, reply: reply.to_owned() };
        let elsewhere = Witness { provider: 9, ..reader(99) };
        for (reply, rests) in [
            ("421 4.3.2 Service busy, try again later", true),
            ("421 Service not available", true),
            ("451 4.3.0 not now", true),
            ("450 4.2.0 Greylisted", false),
            ("452 4.2.2 mailbox full", false),
        ] {
            let put_off = |providers: &Providers, many: u32| {
                (0..many).for_each(|n| providers.heard((reader(n), BIG), &said(reply), (1, false), now));
                !providers.out().is_empty()
            };
            let providers = Providers::default();
            assert!(!put_off(&providers, 40), "{reply}: it may be the server");
            providers.took(elsewhere, now);
            assert_eq!(!providers.out().is_empty(), rests, "{reply}");
            let providers = Providers::default();
            providers.took(elsewhere, now);
            assert!(!put_off(&providers, 9), "{reply}");
            assert_eq!(put_off(&providers, 10), rests, "{reply}");
            let out = providers.out();
            assert!(out.iter().all(|out| out.is_for_now && out.reply == reply && (out.until - now).num_minutes() == 10));
            // One asks, and is told the same.
            if let Some(until) = out.first().map(|out| out.until) {
                let providers = Providers::known(&out, until);
                assert_eq!([1, 2].map(|n| begins(&providers, n, until)), [Some(true), None]);
                providers.heard((reader(1), BIG), &said(reply), (2, true), until);
                assert_eq!((providers.out()[0].until - until).num_minutes(), 20);
            }
        }
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
        assert!(!providers.holds_up(reader(6), false, now) && providers.out().is_empty());
    }
}
