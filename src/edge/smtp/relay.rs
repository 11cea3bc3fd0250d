//! One mail server: messages that wait for it, the lines that are open, and how it has been doing.
//!
//! Every line is a task that takes one message after another. Invariants: no more lines are open than the server is given;
//! while a message waits, at least one line looks after it; every wait ends, with the reply or with the reason why not.

mod allowance;
mod awaits;
mod hangs;
mod state;

use super::envelope::Envelope;
use super::line::run;
use super::order::{About, Load, Order, Undone};
use super::reply::{Phase, says_less};
use super::session::Stop;
use super::trouble::Trouble;
use super::{SmtpPatience, SmtpSetupError};
use crate::config::{SmtpSettings, Tls};
use crate::domain::delivery::{Refusal, RefusalKind};
use crate::edge::tls::ClientTls;
use crate::ports::{Awaited, Hop};
use awaits::Awaits;
pub(super) use hangs::Hangs;
use state::State;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, oneshot};
use tokio::time::Instant;

/// What is said of a server that was found out.
const ONE_AT_A_TIME: &str = "it offers PIPELINING and does not answer what is sent that way, so each command waits for its answer; mail leaves more slowly";

/// A server, its lines and its queue.
pub(super) struct Relay {
    pub(super) settings: SmtpSettings,
    pub(super) patience: SmtpPatience,
    /// `None` where the line is plain.
    pub(super) tls: Option<ClientTls>,
    /// There are other servers to turn to.
    has_others: bool,
    state: Mutex<State>,
    /// What its lines wait for.
    pub(super) awaits: Awaits,
    /// Rung when a message waits, or when there is nothing more to do.
    bell: Notify,
    /// Rung when a line has ended.
    ended: Notify,
}

/// A server that puts off so many messages in a row, or breaks the line behind them, is broken for everybody: another one is
/// turned to.
const PUT_OFF_MAX: u32 = 20;

impl Relay {
    pub(super) fn new(
        settings: SmtpSettings,
        patience: SmtpPatience,
        extra_roots_pem: Option<&[u8]>,
        has_others: bool,
    ) -> Result<Arc<Self>, SmtpSetupError> {
        let tls = match settings.tls {
            Tls::None => None,
            Tls::Starttls | Tls::Tls => Some(ClientTls::new(&settings.host, extra_roots_pem)?),
        };
        let (state, bell, ended) = (Mutex::new(State::new(settings.connections)), Notify::new(), Notify::new());
        let awaits = Awaits::default();
        Ok(Arc::new(Self { settings, patience, tls, has_others, state, awaits, bell, ended }))
    }

    /// Hands it one message and waits for what becomes of it.
    pub(super) async fn send(self: &Arc<Self>, load: Load) -> Result<String, Undone> {
        let message = &load.parcel.message;
        let envelope = match Envelope::new(&message.from, &message.to) {
            Ok(envelope) => envelope,
            Err(refusal) => return Err(Undone::Refused { refusal, about: About::One, load: None }),
        };
        let (done, outcome) = oneshot::channel();
        let (needs_line, left) = {
            let mut state = self.state();
            state.queue(Order { load, envelope, done, unheard: None });
            let left = if state.is_for_lack_of_lines() { state.not_to_be_answered() } else { None };
            (state.takes_line(), left)
        };
        if let Some(left) = left {
            left.give_back();
        }
        if needs_line {
            tokio::spawn(run(self.clone()));
        } else {
            self.bell.notify_one();
        }
        let silent = || unknown("the line ended without a word");
        let gone = || Undone::Refused { refusal: silent(), about: About::Unanswered, load: None };
        outcome.await.unwrap_or_else(|_| Err(gone()))
    }

    /// It has heard an envelope, and waits for the text: so long after it was told.
    pub(super) fn offered(&self, after: Duration) {
        self.state().throttle.offered(after);
    }

    /// The next message for a line, unless it is to end: nothing came for `idle`, or there are too many lines.
    pub(super) async fn next(&self) -> Option<Order> {
        let deadline = Instant::now() + self.patience.idle;
        loop {
            // Before the look: what is rung after it is heard.
            let rung = self.bell.notified();
            {
                let mut state = self.state();
                if state.lines > state.lines_max() || (state.is_closed && state.waiting.is_empty()) {
                    return None;
                }
                if let Some(order) = state.pop() {
                    return Some(order);
                }
                state.idle += 1;
            }
            let rung = tokio::time::timeout_at(deadline, rung).await;
            let mut state = self.state();
            state.idle -= 1;
            if rung.is_err() {
                return state.pop();
            }
        }
    }

    /// A message that waits now, for a line whose server takes it at once. Where it may be long in coming to it, it waits for
    /// its turn with the others: what is more urgent may still go before it, and its reader may leave. `domain`: for whom it waits.
    pub(super) fn next_now(&self, domain: &str) -> Option<Order> {
        let mut state = self.state();
        let may = state.lines <= state.lines_max() && state.throttle.is_prompt() && !state.paces.is_slow(domain);
        // What is to be asked alone is asked on a line of its own, and so is what is slow.
        (may && state.next_is_not_alone()).then(|| state.pop()).flatten()
    }

    /// Puts back what a line could not begin with.
    pub(super) fn put_back(&self, order: Order) {
        self.state().queue_again(order);
        self.bell.notify_one();
    }

    /// A line is about to end. `true`: it has. `false`: something waits that nobody else sees to.
    pub(super) fn may_end(&self) -> bool {
        let mut state = self.state();
        if state.waiting.len() > state.idle && state.lines <= state.lines_max() {
            return false;
        }
        state.lines -= 1;
        drop(state);
        self.ended.notify_waiters();
        true
    }

    /// A line could not be opened. Where others are open, the server only wants fewer, and this one ends: `true`. Else
    /// everybody who waits is told.
    pub(super) fn cannot_open(&self, order: Order, refusal: &Refusal) -> bool {
        let waiting = {
            let mut state = self.state();
            state.throttle.turned_away(Instant::now());
            if state.lines > 1 + state.hung && state.trouble.is_none() {
                state.queue_again(order);
                state.lines -= 1;
                drop(state);
                self.bell.notify_one();
                self.ended.notify_waiters();
                return true;
            }
            state.in_trouble(refusal);
            std::mem::take(&mut state.waiting)
        };
        for order in std::iter::once(order).chain(waiting) {
            order.give_back(refusal, About::One);
        }
        self.may_end()
    }

    /// It took a message, so long after that was sent, and after it was offered.
    pub(super) fn took(&self, after: Duration, in_all: Duration, domain: &str) {
        let mut state = self.state();
        state.silent.took(domain);
        state.paces.took(in_all, domain);
        // That one provider is slow does not mean that the server has enough to do.
        if !state.paces.is_slow(domain) {
            state.throttle.took(after, Instant::now());
        }
        let hung = state.hung;
        state.allowance.took(hung);
        (state.put_off, state.unanswered) = (0, 0);
        state.enough_for.clear();
        if state.trouble.take().is_some() {
            tracing::info!(relay = %self.name(), "the mail server takes mail again");
        }
    }

    /// It refused one that is for `to`. Where it wants to be left alone whoever the mail is for, what waits for it is not tried, or
    /// elsewhere. `true`: so may this one be.
    pub(super) fn refused(&self, refusal: &Refusal, to: &str, about: About) -> bool {
        let now = Instant::now();
        let is_to_all = about == About::All;
        let mut state = self.state();
        if about == About::Unanswered && !self.has_others {
            return false;
        }
        if about == About::Unanswered && refusal.kind == RefusalKind::Relay {
            // That is about whom the message is for, unless it happens to several and nobody's is taken.
            let domain = to.rsplit_once('@').map_or(to, |(_, domain)| domain);
            if state.silent.fell_silent(domain, &refusal.reply, now) {
                state.in_trouble(refusal);
            }
            return true;
        }
        let is_enough = refusal.kind == RefusalKind::Throttled;
        if is_enough && is_to_all {
            state.throttle.shut(now);
        } else if !is_enough && says_less(&refusal.reply) {
            state.throttle.turned_away(now);
        }
        let is_of_us = refusal.kind == RefusalKind::Policy && is_to_all;
        let has_enough = is_enough && is_to_all || self.has_others && (is_of_us || state.has_enough(refusal, to));
        // What it thinks of us, how large mail may be and whether it has room another server may see otherwise; and it said no, so it
        // does not have this one.
        let is_its_own = match refusal.kind {
            RefusalKind::Policy | RefusalKind::TooLarge => true,
            RefusalKind::Transient => is_to_all,
            RefusalKind::Permanent
            | RefusalKind::AddressGone
            | RefusalKind::Throttled
            | RefusalKind::Relay
            | RefusalKind::Unknown => false,
        };
        let waiting = match refusal.kind {
            RefusalKind::Throttled | RefusalKind::Transient | RefusalKind::Policy if has_enough => {
                if self.has_others {
                    state.in_trouble(refusal);
                }
                std::mem::take(&mut state.waiting)
            }
            RefusalKind::Relay => {
                state.in_trouble(refusal);
                return true;
            }
            RefusalKind::Transient | RefusalKind::Unknown => {
                state.put_off = state.put_off.saturating_add(1);
                if !self.has_others || state.put_off < PUT_OFF_MAX {
                    return self.has_others && is_its_own;
                }
                state.in_trouble(refusal);
                std::mem::take(&mut state.waiting)
            }
            // A word on one reader or message: it is at work.
            RefusalKind::Permanent
            | RefusalKind::AddressGone
            | RefusalKind::Policy
            | RefusalKind::Throttled
            | RefusalKind::TooLarge => {
                state.put_off = 0;
                return self.has_others && is_its_own;
            }
        };
        drop(state);
        for order in waiting {
            order.give_back(refusal, if is_to_all { About::All } else { About::One });
        }
        has_enough || self.has_others && is_its_own
    }

    /// A session's first envelope was not answered, for this reason. Where there are other servers, what waits goes to them.
    /// `true`: the same message is worth a session that says one command at a time.
    pub(super) fn unanswered(&self, was_pipelined: bool, Stop { phase, refusal }: &Stop) -> bool {
        let mut state = self.state();
        let is_suspect = state.manners.unanswered(was_pipelined, Instant::now());
        // Once it was said whom the message is for, that may be why.
        if !self.has_others || matches!(phase, Phase::Rcpt | Phase::Data) {
            return is_suspect;
        }
        state.in_trouble(refusal);
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        for order in waiting {
            order.give_back(refusal, About::One);
        }
        false
    }

    /// A session that had just taken a message was silent to the envelope behind it, or refused a group as one: the same
    /// message is worth one that says one command at a time.
    pub(super) fn unheard(&self) {
        self.state().manners.unheard(Instant::now());
    }

    /// A session's first group was answered.
    pub(super) fn answered(&self) {
        self.state().manners.answered(Instant::now());
    }

    /// An envelope that was not answered as a group was said one command at a time; `is_heard`: that was answered, and `is_soon`: far
    /// sooner than it was waited for.
    pub(super) fn said_one_at_a_time(&self, is_heard: bool, is_soon: bool) {
        if self.state().manners.said_one_at_a_time(is_heard && is_soon, Instant::now()) {
            tracing::warn!(relay = %self.name(), "{ONE_AT_A_TIME}");
        }
    }

    /// Whether a session may say several commands at once, where the server offers that.
    pub(super) fn pipelines(&self) -> bool {
        self.state().manners.pipelines(Instant::now())
    }

    /// How long a session's first answer may take.
    pub(super) fn first_answer(&self, is_pipelined: bool) -> Duration {
        let SmtpPatience { command, first_answer, .. } = self.patience;
        if self.has_others || is_pipelined { command.min(first_answer) } else { command }
    }

    /// Whether it is better left alone now. After a rest one message is to find out, and the others are sent elsewhere until
    /// it has: so it is asked once for each message.
    pub(super) fn is_spared(&self) -> bool {
        let now = Instant::now();
        let mut state = self.state();
        let Some(trouble) = &mut state.trouble else { return false };
        trouble.is_spared(self.patience.connect + self.patience.first_answer, now)
    }

    /// The same of mail to one domain, which it leaves without an answer. `asks`: this one may find out.
    pub(super) fn is_spared_for(&self, domain: &str, asks: bool) -> bool {
        let at_most = self.patience.connect + self.patience.first_answer;
        self.state().silent.is_spared_for(domain, asks, at_most, Instant::now())
    }

    /// Whether it would be given a message for this domain.
    pub(super) fn would_take(&self, domain: &str) -> bool {
        let (state, now) = (self.state(), Instant::now());
        state.trouble.as_ref().is_none_or(|trouble| trouble.is_over(now)) && state.silent.would_take(domain, now)
    }

    /// What is to be known of it although it takes mail.
    pub(super) fn remark(&self) -> Option<Hop> {
        let lasts = self.state().manners.found_out_for(Instant::now())?;
        Some(Hop { name: self.name(), words: ONE_AT_A_TIME.to_owned(), serves: true, times: 1, lasts })
    }

    /// What its lines wait for at this moment.
    pub(super) fn awaited(&self) -> Vec<Awaited> {
        self.awaits.told(&self.name(), Instant::now())
    }

    /// What it is in trouble for.
    pub(super) fn trouble(&self) -> Option<Hop> {
        let trouble = self.state().trouble.clone()?;
        Some(trouble.learned(self.name(), Instant::now()))
    }

    /// Goes by what an earlier start has learned of it. A time that a clock which was wrong makes of that is no longer than any
    /// that we would set.
    pub(super) fn recall(&self, hop: &Hop) {
        let now = Instant::now();
        let mut state = self.state();
        if hop.serves {
            state.manners.recall(hop.lasts, now);
        } else if self.has_others && state.trouble.is_none() {
            state.trouble = Some(Trouble::recalled(hop, now));
        }
    }

    /// For people: host and port.
    pub(super) fn name(&self) -> String {
        format!("{}:{}", self.settings.host, self.settings.port)
    }

    /// Lets every line say goodbye once what waits is done, and waits for that.
    pub(super) async fn close(&self) {
        self.shut();
        loop {
            let ended = self.ended.notified();
            if self.state().lines == 0 {
                return;
            }
            ended.await;
        }
    }

    /// Lets every line end that has nothing to do.
    pub(super) fn shut(&self) {
        self.state().is_closed = true;
        self.bell.notify_waiters();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing under this lock can panic half-way.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unknown(words: &str) -> Refusal {
    Refusal { kind: RefusalKind::Unknown, reply: words.to_owned() }
}
