//! One mail server: messages that wait for it, the lines that are open, and how it has been doing.
//!
//! Every line is a task that takes one message after another. Invariants: no more lines are open than the server is given;
//! while a message waits, at least one line looks after it; every wait ends, with the reply or with the reason why not.

use super::envelope::Envelope;
use super::line::run;
use super::throttle::Throttle;
use super::{SmtpPatience, SmtpSetupError};
use crate::config::{SmtpSettings, Tls};
use crate::domain::delivery::{Refusal, RefusalKind};
use crate::edge::tls::ClientTls;
use crate::ports::Message;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, oneshot};
use tokio::time::Instant;

/// A server out of reach is left alone for so long at first, then twice as long each time…
const REST_FIRST: Duration = Duration::from_secs(30);
/// …up to this, where there is another one to turn to.
const REST_MAX: Duration = Duration::from_secs(600);

/// A server, its lines and its queue.
pub(super) struct Relay {
    pub(super) settings: SmtpSettings,
    pub(super) patience: SmtpPatience,
    /// `None` where the line is plain.
    pub(super) tls: Option<ClientTls>,
    state: Mutex<State>,
    /// Rung when a message waits, or when there is nothing more to do.
    bell: Notify,
    /// Rung when a line has ended.
    ended: Notify,
}

struct State {
    waiting: VecDeque<Order>,
    /// Lines that are open, being opened or being closed…
    lines: usize,
    /// …and those of them that have nothing to do.
    idle: usize,
    throttle: Throttle,
    trouble: Option<Trouble>,
    is_closed: bool,
}

/// Why a server is out of use.
#[derive(Clone, Debug)]
struct Trouble {
    reply: String,
    times: u32,
    until: Instant,
}

/// A message to carry, and who waits to hear of it.
pub(super) struct Order {
    pub(super) message: Message,
    pub(super) envelope: Envelope,
    pub(super) done: oneshot::Sender<Result<String, Undone>>,
}

/// A message that was not taken.
pub(super) struct Undone {
    pub(super) refusal: Refusal,
    /// The message, where the server is in trouble and certainly does not have it: another one may.
    pub(super) message: Option<Box<Message>>,
}

impl Relay {
    pub(super) fn new(
        settings: SmtpSettings,
        patience: SmtpPatience,
        extra_roots_pem: Option<&[u8]>,
    ) -> Result<Arc<Self>, SmtpSetupError> {
        let tls = match settings.tls {
            Tls::None => None,
            Tls::Starttls | Tls::Tls => Some(ClientTls::new(&settings.host, extra_roots_pem)?),
        };
        let throttle = Throttle::new(settings.connections);
        let state = State { waiting: VecDeque::new(), lines: 0, idle: 0, throttle, trouble: None, is_closed: false };
        Ok(Arc::new(Self { settings, patience, tls, state: Mutex::new(state), bell: Notify::new(), ended: Notify::new() }))
    }

    /// Hands it one message and waits for what becomes of it.
    pub(super) async fn send(self: &Arc<Self>, message: Message) -> Result<String, Undone> {
        let envelope = match Envelope::new(&message.from, &message.to) {
            Ok(envelope) => envelope,
            Err(refusal) => return Err(Undone { refusal, message: None }),
        };
        let (done, outcome) = oneshot::channel();
        let needs_line = {
            let mut state = self.state();
            state.waiting.push_back(Order { message, envelope, done });
            let needs_line = state.waiting.len() > state.idle && state.lines < state.throttle.lines();
            state.lines += usize::from(needs_line);
            needs_line
        };
        if needs_line {
            tokio::spawn(run(self.clone()));
        } else {
            self.bell.notify_one();
        }
        let gone = || Undone { refusal: unknown("the line ended without a word"), message: None };
        outcome.await.unwrap_or_else(|_| Err(gone()))
    }

    /// The next message for a line, unless it is to end: nothing came for `idle`, or there are too many lines.
    pub(super) async fn next(&self) -> Option<Order> {
        let deadline = Instant::now() + self.patience.idle;
        loop {
            // Before the look: what is rung after it is heard.
            let rung = self.bell.notified();
            {
                let mut state = self.state();
                if state.lines > state.throttle.lines() || (state.is_closed && state.waiting.is_empty()) {
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

    /// A message that waits now, for a line that can take it at once.
    pub(super) fn next_now(&self) -> Option<Order> {
        let mut state = self.state();
        (state.lines <= state.throttle.lines()).then(|| state.pop()).flatten()
    }

    /// Puts back what a line could not begin with.
    pub(super) fn put_back(&self, order: Order) {
        self.state().waiting.push_front(order);
        self.bell.notify_one();
    }

    /// A line is about to end. `true`: it has. `false`: something waits that nobody else sees to.
    pub(super) fn may_end(&self) -> bool {
        let mut state = self.state();
        if state.waiting.len() > state.idle && state.lines <= state.throttle.lines() {
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
            if state.lines > 1 && state.trouble.is_none() {
                state.waiting.push_front(order);
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
            let undone = Undone { refusal: refusal.clone(), message: Some(Box::new(order.message)) };
            // Who has gone away does not want to know.
            order.done.send(Err(undone)).ok();
        }
        self.may_end()
    }

    /// It took a message, so long after that was sent.
    pub(super) fn took(&self, after: Duration) {
        let mut state = self.state();
        state.throttle.took(after, Instant::now());
        if state.trouble.take().is_some() {
            tracing::info!(relay = %self.name(), "the mail server takes mail again");
        }
    }

    /// It refused one. Where it wants to be left alone, what waits for it is not tried.
    pub(super) fn refused(&self, refusal: &Refusal) {
        let now = Instant::now();
        let mut state = self.state();
        if says_wait(&refusal.reply) {
            state.throttle.shut(now);
            for order in std::mem::take(&mut state.waiting) {
                // Who has gone away does not want to know.
                order.done.send(Err(Undone { refusal: refusal.clone(), message: None })).ok();
            }
        } else if says_less(&refusal.reply) {
            state.throttle.turned_away(now);
        }
        if refusal.kind == RefusalKind::Relay {
            state.in_trouble(refusal);
        }
    }

    /// Whether it is better left alone now.
    pub(super) fn rests(&self) -> bool {
        self.state().trouble.as_ref().is_some_and(|trouble| Instant::now() < trouble.until)
    }

    /// What it is in trouble for.
    pub(super) fn trouble(&self) -> Option<String> {
        self.state().trouble.as_ref().map(|trouble| trouble.reply.clone())
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

impl State {
    /// The next message whose sender still waits.
    fn pop(&mut self) -> Option<Order> {
        loop {
            let order = self.waiting.pop_front()?;
            if !order.done.is_closed() {
                return Some(order);
            }
        }
    }

    fn in_trouble(&mut self, refusal: &Refusal) {
        let times = self.trouble.as_ref().map_or(0, |trouble| trouble.times.min(16)) + 1;
        let rest = REST_FIRST.saturating_mul(1 << (times - 1)).min(REST_MAX);
        self.trouble = Some(Trouble { reply: refusal.reply.clone(), times, until: Instant::now() + rest });
    }
}

/// Over a quota: "4.7.28", as Gmail says it.
fn says_wait(reply: &str) -> bool {
    reply.contains("4.7.28")
}

/// 421 closes the line; 4.3.2 and 4.4.5 are a system that has enough (RFC 3463 §3.4, §3.5).
fn says_less(reply: &str) -> bool {
    reply.starts_with("421") || reply.starts_with('4') && (reply.contains(" 4.3.2 ") || reply.contains(" 4.4.5 "))
}

fn unknown(words: &str) -> Refusal {
    Refusal { kind: RefusalKind::Unknown, reply: words.to_owned() }
}
