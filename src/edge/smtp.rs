//! SMTP: messages handed to the configured servers over a few kept connections.
//!
//! A client of our own (RFC 5321, 2920, 3207, 4954), for reasons that `docs/decisions/0012-our-own-smtp-client.md` gives.
//! Invariants: no more lines are open than a server was configured for or shows that it takes; a line is kept only after a
//! complete, undisturbed conversation; every wait and every answer is bounded. A send that is dropped in the middle takes its
//! line with it. A message goes to another server only where the one before certainly does not have it.

mod envelope;
mod hello;
mod hush;
mod line;
mod manners;
mod offers;
mod order;
mod paces;
mod relay;
mod reply;
mod session;
mod silent;
mod throttle;
mod trouble;
mod wire;

use crate::config::SmtpSettings;
use crate::domain::bundle::Lane;
use crate::domain::delivery::{Refusal, RefusalKind};
use crate::edge::tls::TlsSetupError;
use crate::ports::{Awaited, Hanging, Hop, Mail, Message, Parcel, Unsent};
use futures::FutureExt;
use futures::future::BoxFuture;
use order::{About, FellSilent, Load, Undone};
use relay::Relay;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::oneshot;

/// Why no mail can be sent with these settings.
#[derive(Debug, thiserror::Error)]
pub enum SmtpSetupError {
    /// TLS cannot be set up.
    #[error(transparent)]
    Tls(#[from] TlsSetupError),
}

/// How long each wait may take (RFC 5321 §4.5.3.2), and how lines are kept.
#[derive(Clone, Debug)]
pub struct SmtpPatience {
    /// For a TCP connection, its greeting and what is agreed before the first message.
    pub connect: Duration,
    /// For the answer to one command.
    pub command: Duration,
    /// For a session's first answer to an envelope, where giving up early costs nothing: another server, or a fresh session
    /// that says one command at a time, may have what this one leaves unanswered.
    pub first_answer: Duration,
    /// For the answer to the whole message.
    pub last_reply: Duration,
    /// A server that says nothing for so long, once it was said whom a message is for, hangs: from then on nobody else waits for it.
    pub hush: Duration,
    /// A line that was not used for so long is closed.
    pub idle: Duration,
    /// A line is closed after so many messages, as many servers would.
    pub messages_per_line: u32,
}

impl Default for SmtpPatience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(60),
            command: Duration::from_secs(300),
            first_answer: Duration::from_secs(60),
            last_reply: Duration::from_secs(600),
            hush: Duration::from_secs(5),
            idle: Duration::from_secs(30),
            messages_per_line: 100,
        }
    }
}

/// The mail servers of the configuration, in the order in which they are turned to.
pub struct SmtpMail {
    relays: Arc<[Arc<Relay>]>,
    /// It goes by what an earlier start has learned.
    has_recalled: AtomicBool,
}

impl SmtpMail {
    /// Prepares the way to one server; connects at the first message. `extra_roots_pem`: certificates to trust beside the
    /// platform's.
    ///
    /// # Errors
    /// Where TLS cannot be set up.
    pub fn new(settings: SmtpSettings, patience: SmtpPatience, extra_roots_pem: Option<&[u8]>) -> Result<Self, SmtpSetupError> {
        let relays = Arc::from([Relay::new(settings, patience, extra_roots_pem, false)?]);
        Ok(Self { relays, has_recalled: AtomicBool::new(false) })
    }

    /// The same for several: a later one gets what the earlier ones cannot be handed.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn over(
        relays: Vec<SmtpSettings>,
        patience: &SmtpPatience,
        extra_roots_pem: Option<&[u8]>,
    ) -> Result<Self, SmtpSetupError> {
        let has_others = relays.len() > 1;
        let relay = |settings| Relay::new(settings, patience.clone(), extra_roots_pem, has_others);
        let relays = relays.into_iter().map(relay).collect::<Result<_, _>>()?;
        Ok(Self { relays, has_recalled: AtomicBool::new(false) })
    }

    /// Says goodbye on every kept line: called once, when nothing is sent any more.
    pub async fn close(&self) {
        futures::future::join_all(self.relays.iter().map(|relay| relay.close())).await;
    }

    /// What becomes of a message, what is told once where its server falls silent, and whether one has its text.
    fn send_over(&self, parcel: Parcel) -> Sending {
        let (silent, falls_silent) = oneshot::channel();
        let has_text = Arc::new(AtomicBool::new(false));
        let load = Load { parcel, silent: Some(silent), has_text: has_text.clone(), has_other: false };
        Sending { rest: send_over(self.relays.clone(), load).boxed(), falls_silent, has_text }
    }
}

/// A message that is being sent.
struct Sending {
    rest: BoxFuture<'static, Result<String, Unsent>>,
    falls_silent: oneshot::Receiver<FellSilent>,
    has_text: Arc<AtomicBool>,
}

async fn send_over(relays: Arc<[Arc<Relay>]>, load: Load) -> Result<String, Unsent> {
    let none = Refusal { kind: RefusalKind::Relay, reply: "no mail server is configured".to_owned() };
    let mut last = Unsent::Refused(none);
    let mut left = Some(load);
    let mut any = false;
    // Where none is in order, all are worth a try: who sends decides how often.
    for spares in [true, false] {
        for (at, relay) in relays.iter().enumerate() {
            let Some(mut load) = left.take() else { break };
            if spares && (relay.is_spared() || relay.is_spared_for(load.domain(), !load.parcel.may_have_come)) {
                left = Some(load);
                continue;
            }
            any = true;
            load.has_other = spares && relays.iter().skip(at + 1).any(|other| other.would_take(load.domain()));
            match relay.send(load).await {
                Ok(reply) => return Ok(reply),
                Err(Undone::Outdated) => return Err(Unsent::Outdated),
                Err(Undone::Refused { refusal, about, load }) => {
                    let unsent = match about {
                        About::All => Unsent::RefusedToAll(refusal),
                        About::One => Unsent::Refused(refusal),
                        About::Unanswered => Unsent::Unanswered(refusal),
                        About::NoLine => Unsent::NoLine(refusal),
                    };
                    let Some(back) = load else { return Err(unsent) };
                    (left, last) = (Some(*back), unsent);
                }
            }
        }
        if any {
            break;
        }
    }
    Err(last)
}

impl Mail for SmtpMail {
    fn send(&self, message: Message) -> BoxFuture<'_, Result<String, Refusal>> {
        async move {
            self.send_over(Parcel::at_once(message)).rest.await.map_err(|unsent| match unsent {
                Unsent::Refused(refusal)
                | Unsent::RefusedToAll(refusal)
                | Unsent::Unanswered(refusal)
                | Unsent::NoLine(refusal)
                | Unsent::Hangs(Hanging { refusal, .. }) => refusal,
                Unsent::Outdated => Refusal { kind: RefusalKind::Relay, reply: "not current any more".to_owned() },
            })
        }
        .boxed()
    }

    fn send_in_turn(&self, parcel: Parcel) -> BoxFuture<'_, Result<String, Unsent>> {
        async move {
            let Sending { mut rest, falls_silent, has_text } = self.send_over(parcel);
            tokio::select! {
                biased;
                done = &mut rest => done,
                Ok(FellSilent { refusal, elsewhere }) = falls_silent => {
                    Err(Unsent::Hangs(Hanging { refusal, has_text, elsewhere, rest }))
                }
            }
        }
        .boxed()
    }

    fn lanes(&self) -> &'static [Lane] {
        const ALL: &[Lane] = &Lane::ALL;
        // Where none is in order, all are worth a try.
        let all_out = self.relays.iter().all(|relay| relay.is_in_trouble());
        let serving = || self.relays.iter().filter(|relay| all_out || !relay.is_in_trouble());
        let open = ALL.iter().take_while(|lane| serving().any(|relay| relay.has_line_for(**lane))).count();
        ALL.get(..open).unwrap_or_default()
    }

    fn slow(&self) -> Vec<(String, Duration)> {
        self.relays.iter().flat_map(|relay| relay.slow_for()).collect()
    }

    fn awaited(&self) -> Vec<Awaited> {
        self.relays.iter().flat_map(|relay| relay.awaited()).collect()
    }

    fn learned(&self) -> Vec<Hop> {
        let mut out: Vec<Hop> = self.relays.iter().filter_map(|relay| relay.trouble()).collect();
        // Where no server is left, the refusals themselves say so.
        if out.len() == self.relays.len() {
            out.clear();
        }
        out.into_iter().chain(self.relays.iter().filter_map(|relay| relay.remark())).collect()
    }

    fn recall(&self, known: &[Hop]) {
        if !self.has_recalled.swap(true, Ordering::Relaxed) {
            for relay in self.relays.iter() {
                known.iter().filter(|hop| hop.name == relay.name()).for_each(|hop| relay.recall(hop));
            }
        }
    }
}

impl Drop for SmtpMail {
    /// Lines that have nothing to do say goodbye now and not when they have waited long enough.
    fn drop(&mut self) {
        self.relays.iter().for_each(|relay| relay.shut());
    }
}
