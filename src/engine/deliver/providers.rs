//! Providers that refuse mail to their readers: for what they think of us, or all of it in the same words. Once several of one's
//! readers were refused, the others there wait, and those elsewhere do not; after a rest one mail asks, and the rest grows while the
//! answer is the same. One that says "too much" is believed at once: it is said of all who have their address there, and of nobody
//! else. An admin is told once, and which provider it is.
//!
//! Where the mail server says nothing once it was told whom a mail is for, or closes the line, and what is known of other mail does not
//! say that it is this one alone (`evidence`), that is taken for a trouble of that reader's provider, too, and told when it has happened twice,
//! or lasts: one mail at a time asks there, after rests, and one that was not sent before if there is any. When it is taken, all follow.
//!
//! What a provider takes is not known before it has taken something: until then few of its readers are tried at a time, so that one
//! that refuses all has refused a few and not a line's worth each.

mod at;
mod slow;
mod under_way;

use super::evidence::{Evidence, Mark};
use crate::domain::delivery::{Refusal, RefusalKind};
use crate::ports::Clock;
use crate::rules::refusal::{gist, is_greylisting, is_soft_bounce, may_be_of_one, puts_off_for_policy};
use crate::store::records::{Doubt, ProviderOut, TOLD_AT, Witness};
pub(super) use at::What;
use at::{At, READERS_MIN, Why};
use chrono::{DateTime, TimeDelta, Utc};
use slow::Slow;
use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use under_way::UnderWay;

/// Who was put off so often in the same words has waited for longer than servers greylist, most of them.
const LONG: u32 = 3;

/// So many are remembered to take mail; there may be as many as readers.
const REMEMBERED_MAX: usize = 1_000;

/// Those who wait for one that asks wait so long at first; when it is taken, they are due at once.
const ASKED: TimeDelta = TimeDelta::seconds(10);

/// Why others wait.
pub(super) const REFUSES: &str = "others at the same provider were refused";

/// Of each provider, how it did in this pass, and what is known from before.
#[derive(Default)]
pub(super) struct Providers {
    held: Mutex<HashMap<u32, At>>,
    /// Mail was taken in this pass…
    took_any: AtomicBool,
    /// …and it was heard how the mail server had been before.
    has_served: AtomicBool,
    /// Somebody may go on who waits for what becomes of others.
    bell: Notify,
    /// What became of mail lately, also in passes before.
    evidence: Arc<Mutex<Evidence>>,
    /// Those that take mail again, which others of theirs wait for.
    answering: Mutex<BTreeSet<u32>>,
    /// Those whose mail is taken slowly.
    slow: Slow,
}

impl Providers {
    /// By what was recorded of them.
    pub(super) fn known(out: &[ProviderOut], evidence: Arc<Mutex<Evidence>>, now: DateTime<Utc>) -> Self {
        let known = out.iter().filter(|out| !out.is_over(now));
        let at = known.map(|known| {
            let (out, eased) = if known.eased.is_none() { (Some(known.clone()), None) } else { (None, Some(known.clone())) };
            let silences = out.as_ref().map_or(0, |out: &ProviderOut| out.silences);
            (Witness::provider(&known.name), At { name: known.name.clone(), out, eased, silences, ..At::default() })
        });
        Self { held: Mutex::new(at.collect()), evidence, ..Self::default() }
    }

    /// From here on, as far as is known.
    pub(super) fn mark(&self) -> Mark {
        self.evidence().mark()
    }

    /// Waits until mail to this reader may be tried. `Err`: not before then.
    pub(super) async fn admit(&self, whom: Witness, mail: What, clock: &dyn Clock) -> Result<UnderWay<'_>, DateTime<Utc>> {
        loop {
            let mut may_go_on = std::pin::pin!(self.bell.notified());
            // What rings from here on is heard.
            may_go_on.as_mut().enable();
            if let Some(admitted) = self.may_begin(whom, mail, clock.now()) {
                let is_slow = !mail.is_letter && self.slow.is(whom.provider);
                let mut under_way = admitted.map(|()| UnderWay { providers: self, provider: whom.provider, is_slow: false })?;
                under_way.is_slow = is_slow && self.slow.begin();
                return if is_slow == under_way.is_slow { Ok(under_way) } else { Err(clock.now() + ASKED) };
            }
            may_go_on.await;
        }
    }

    /// Whether it may begin now; `None`: others have to end first.
    fn may_begin(&self, whom: Witness, mail: What, now: DateTime<Utc>) -> Option<Result<(), DateTime<Utc>>> {
        let mut held = self.held();
        let at = held.entry(whom.provider).or_insert_with(|| {
            let silences = self.evidence().in_a_row(whom.provider);
            At { silences, ..At::default() }
        });
        if let Some(until) = at.holds_up(mail, now) {
            return Some(Err(until));
        }
        let may = mail.is_letter || at.under_way < at.room();
        at.under_way += usize::from(may);
        // It may be long before it is known: others do not wait for a line behind those.
        may.then_some(Ok(())).or_else(|| at.is_asked().then_some(Err(now + ASKED)))
    }

    /// Whether mail to this reader is not to leave now, though it was begun. What hangs goes on.
    pub(super) fn holds_up(&self, whom: Witness, mail: What, begun: DateTime<Utc>) -> bool {
        let held = self.held();
        held.get(&whom.provider).is_some_and(|at| !at.hung.contains_key(&whom.person) && at.holds_up(mail, begun).is_some())
    }

    /// Hears that mail to this reader hangs.
    pub(super) fn hangs(&self, whom: Witness) {
        self.change(whom.provider, |at| *at.hung.entry(whom.person).or_default() += 1);
    }

    /// Whether of the mail to this reader's provider no other hangs.
    pub(super) fn hangs_alone(&self, whom: Witness) -> bool {
        self.held().get(&whom.provider).is_none_or(|at| at.hung.values().sum::<u32>() <= 1)
    }

    /// Hears that it has come to an end.
    pub(super) fn hangs_no_more(&self, whom: Witness) {
        self.change(whom.provider, |at| {
            at.hung.retain(|person, many| {
                *many -= u32::from(*person == whom.person);
                *many > 0
            });
        });
    }

    /// Until when others there wait.
    pub(super) fn waits_until(&self, whom: Witness, now: DateTime<Utc>) -> DateTime<Utc> {
        let held = self.held();
        held.get(&whom.provider).and_then(|at| at.holds_up(What::default(), now)).unwrap_or(now + ASKED)
    }

    /// When a mail there that may have come is tried again.
    pub(super) fn tries_again(&self, whom: Witness, now: DateTime<Utc>) -> DateTime<Utc> {
        let held = self.held();
        let mail = What { may_have_come: true, ..What::default() };
        held.get(&whom.provider).and_then(|at| at.holds_up(mail, now)).unwrap_or(now)
    }

    /// Hears that mail to a reader of the provider of this name has hung for long.
    pub(super) fn hangs_for_long(&self, (whom, name): (Witness, &str), reply: &str, since: DateTime<Utc>) {
        self.change(whom.provider, |at| {
            name.clone_into(&mut at.name);
            match &mut at.out {
                Some(out) if out.unanswered.is_some() && !out.is_worth_telling() => {
                    (out.times, out.since) = (TOLD_AT, out.since.min(since));
                    tracing::error!(provider = out.name, reply, "{}", out.what());
                }
                Some(_) => {}
                None => {
                    tracing::warn!(provider = name, reply, "the mail server leaves a mail without an answer; others are taken");
                }
            }
        });
    }

    /// Hears that nothing was said once it had been said that a mail is for this reader of the provider of this name, or that the line
    /// was closed. Where that is no trouble of that mail alone, the others there wait. `mail` was begun `since` then.
    pub(super) fn silent(
        &self,
        (whom, name): (Witness, &str),
        refusal: &Refusal,
        (mail, since): (What, Mark),
        now: DateTime<Utc>,
    ) {
        self.change(whom.provider, |at| {
            let mut evidence = self.evidence();
            let in_a_row = evidence.silent(whom.provider, since);
            if in_a_row == 0 {
                return;
            }
            name.clone_into(&mut at.name);
            (at.silences, at.answers) = (in_a_row.max(at.silences + 1), false);
            if at.out.is_some() || !evidence.is_chance(whom.provider, at.silences) {
                let is_nobodys = !evidence.has_taken_any(since) && !self.has_served.load(Ordering::Relaxed);
                at.leave_silent(refusal, (mail.may_have_come, is_nobodys), now);
            }
        });
    }

    /// Whether a mail to this reader that was begun then is alone in being left without an answer.
    pub(super) fn is_alone(&self, whom: Witness, since: Mark) -> bool {
        let is_out = self.held().get(&whom.provider).is_some_and(|at| at.out.is_some());
        let evidence = self.evidence();
        evidence.has_taken(whom.provider, since) || !is_out && evidence.has_taken_any(since)
    }

    /// Whether nobody's mail was taken since then.
    pub(super) fn has_taken_none(&self, since: Mark) -> bool {
        !self.evidence().has_taken_any(since)
    }

    /// Those that take mail again, which others of theirs wait for; once.
    pub(super) fn answering(&self) -> Vec<u32> {
        std::mem::take(&mut *self.answering.lock().unwrap_or_else(PoisonError::into_inner)).into_iter().collect()
    }

    /// Hears that it happens to several, and nobody's mail is taken.
    pub(super) fn it_is_the_relay(&self) {
        for at in self.held().values_mut() {
            at.out.take_if(|out| out.unanswered.is_some());
            at.silences = 0;
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
        self.change(whom.provider, |at| {
            // It has been said whom the mail is for, and there is an answer to that.
            if at.out.take_if(|out| out.unanswered == Some(RefusalKind::Relay)).is_some() {
                at.silences = 0;
                self.answering.lock().unwrap_or_else(PoisonError::into_inner).insert(whom.provider);
            }
        });
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
        self.evidence().took(whom.provider);
        self.change(whom.provider, |at| {
            if std::mem::take(&mut at.silences) > 0 {
                self.answering.lock().unwrap_or_else(PoisonError::into_inner).insert(whom.provider);
            }
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

    /// Hears that the mail server takes mail; `was_resting`: it had been left alone, and does so again. What it left without an answer
    /// while nobody's was taken is then no word on a provider.
    pub(super) fn is_served(&self, was_resting: bool) {
        if self.has_served.swap(true, Ordering::Relaxed) {
            return;
        }
        for (provider, at) in self.held().iter_mut() {
            if was_resting && at.out.take_if(|out| out.is_alone).is_some() {
                at.silences = 0;
                self.answering.lock().unwrap_or_else(PoisonError::into_inner).insert(*provider);
            } else if let Some(out) = &mut at.out {
                out.is_alone = false;
            }
        }
        self.bell.notify_waiters();
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

    fn evidence(&self) -> MutexGuard<'_, Evidence> {
        self.evidence.lock().unwrap_or_else(PoisonError::into_inner)
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
        providers.may_begin(reader(n), What::default(), now).map(|admitted| admitted.is_ok())
    }

    fn ends(providers: &Providers, n: u32, refused: bool, now: DateTime<Utc>) {
        let whom = reader(n);
        if refused {
            let no = Refusal { kind: RefusalKind::Policy, reply: "550 5.7.1 no".to_owned() };
            providers.heard((whom, BIG), &no, (1, false), now);
        } else {
            providers.took(whom, now);
        }
        drop(UnderWay { providers, provider: whom.provider, is_slow: false });
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
            let providers = Providers::known(&out, Arc::default(), now);
            assert_eq!([5, 6].map(|n| begins(&providers, n, now)), [Some(true), None], "one asks");
        }
        assert_eq!(rests[0], 30);
        let providers = Providers::known(&providers.out(), Arc::default(), now);
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
            let providers = Providers::known(&known, Arc::default(), now);
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

    const LETTER: What = What { is_letter: true, may_have_come: false };
    const AGAIN: What = What { is_letter: false, may_have_come: true };

    fn silence(kind: RefusalKind) -> Refusal {
        Refusal { kind, reply: "the server did not answer in time".to_owned() }
    }

    #[test]
    fn where_a_providers_mail_is_left_unanswered_one_asks_after_rests_that_grow_and_all_follow_the_first_that_is_taken() {
        let elsewhere = Witness { provider: 9, ..reader(4) };
        for kind in [RefusalKind::Relay, RefusalKind::Unknown] {
            let (providers, mut now) = (Providers::default(), DateTime::UNIX_EPOCH);
            let mut rests = Vec::new();
            for n in 1..=10 {
                let begun = providers.mark();
                assert_eq!(begins(&providers, n, now), Some(true));
                providers.took(elsewhere, now);
                providers.hangs(reader(n));
                providers.silent((reader(n), BIG), &silence(kind), (What::default(), begun), now);
                drop(UnderWay { providers: &providers, provider: reader(n).provider, is_slow: false });
                let out = providers.out().remove(0);
                assert!(out.is_for_now && out.is_worth_telling() == (n > 1) && providers.refuses(reader(1).provider));
                assert!(!providers.holds_up(reader(n), What::default(), now), "what hangs goes on");
                assert_eq!(begins(&providers, 20 + n, now), Some(false), "the others wait");
                rests.push((out.until - now).num_seconds());
                let letter = providers.may_begin(reader(30), LETTER, now).unwrap();
                assert_eq!(letter.is_err(), kind == RefusalKind::Unknown, "each may be another copy");
                drop(letter.map(|()| UnderWay { providers: &providers, provider: reader(30).provider, is_slow: false }));
                assert_eq!(providers.may_begin(elsewhere, What::default(), now), Some(Ok(())));
                now = out.until;
            }
            let expect: [i64; 10] = if kind == RefusalKind::Relay {
                [20, 60, 120, 240, 480, 960, 1800, 1800, 1800, 1800]
            } else {
                [20, 60, 120, 300, 600, 1200, 3600, 10_800, 21_600, 21_600]
            };
            assert_eq!(rests, expect);
            // Over a restart, too.
            let out = providers.out();
            let providers = Providers::known(&out, Arc::default(), now);
            assert_eq!([40, 41].map(|n| begins(&providers, n, now)), [Some(true), Some(false)], "one asks");
            providers.took(reader(40), now);
            assert!(!providers.refuses(reader(1).provider) && begins(&providers, 41, now) == Some(true));
            assert_eq!((providers.answering(), providers.answering()), (vec![reader(1).provider], vec![]));
        }
    }

    #[test]
    fn what_may_have_come_is_sent_again_seldom_and_behind_those_of_which_that_is_not_so() {
        let (providers, mut now) = (Providers::default(), DateTime::UNIX_EPOCH);
        let mut waits = Vec::new();
        for (n, mail) in [(1, What::default()), (2, What::default()), (1, AGAIN), (2, AGAIN), (1, AGAIN)] {
            let begun = providers.mark();
            assert!(matches!(providers.may_begin(reader(n), mail, now), Some(Ok(()))), "{n} {mail:?}");
            providers.silent((reader(n), BIG), &silence(RefusalKind::Unknown), (mail, begun), now);
            drop(UnderWay { providers: &providers, provider: reader(n).provider, is_slow: false });
            let asks = providers.out()[0].until;
            let again = providers.may_begin(reader(n), AGAIN, now).unwrap().unwrap_err();
            assert_eq!(providers.tries_again(reader(n), now), again);
            waits.push(((asks - now).num_seconds(), (again - now).num_minutes()));
            now = if n == 1 && mail == What::default() { asks } else { again };
        }
        assert_eq!(waits, [(20, 5), (60, 5), (120, 15), (300, 60), (600, 180)]);
    }

    #[test]
    fn mail_that_is_left_alone_while_others_there_are_taken_has_nobody_wait_and_what_hangs_for_long_is_told() {
        let (providers, now) = (Providers::default(), DateTime::UNIX_EPOCH);
        let begun = providers.mark();
        providers.took(reader(1), now);
        (2..9).for_each(|n| providers.silent((reader(n), BIG), &silence(RefusalKind::Unknown), (What::default(), begun), now));
        assert!(providers.out().is_empty() && (10..40).all(|n| begins(&providers, n, now) == Some(true)));
        assert!(providers.is_alone(reader(2), begun) && !providers.is_alone(reader(2), providers.mark()));
        let (providers, begun) = (Providers::default(), Mark::default());
        providers.silent((reader(1), BIG), &silence(RefusalKind::Relay), (What::default(), begun), now);
        assert!(
            !providers.out()[0].is_worth_telling() && providers.has_taken_none(begun) && !providers.is_alone(reader(1), begun)
        );
        assert!(providers.out()[0].what().contains("is not known"), "it may be the mail server");
        let known = providers.out();
        providers.is_served(false);
        assert!(providers.out()[0].what().contains("one provider's readers"), "others are served");
        let after_a_rest = Providers::known(&known, Arc::default(), now);
        after_a_rest.is_served(true);
        assert_eq!((after_a_rest.out(), after_a_rest.answering()), (vec![], vec![reader(1).provider]), "it was the mail server");
        providers.hangs_for_long((reader(1), BIG), "no answer", now - TimeDelta::minutes(1));
        let out = providers.out();
        assert!(out[0].is_worth_telling() && out[0].since < now && (out[0].until - now).num_seconds() == 20, "{out:?}");
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
                let providers = Providers::known(&out, Arc::default(), until);
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
        assert!(!providers.holds_up(reader(6), What::default(), now) && providers.out().is_empty());
    }
}
