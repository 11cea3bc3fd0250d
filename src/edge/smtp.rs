//! SMTP: messages handed to the configured servers over a few kept connections.
//!
//! A client of our own (RFC 5321, 2920, 3207, 4954), for reasons that `docs/decisions/0012-our-own-smtp-client.md` gives.
//! Invariants: no more lines are open than a server was configured for or shows that it takes; a line is kept only after a
//! complete, undisturbed conversation; every wait and every answer is bounded. A send that is dropped in the middle takes its
//! line with it. A message goes to another server only where the one before certainly does not have it.

mod envelope;
mod line;
mod relay;
mod reply;
mod session;
mod throttle;
mod wire;

use crate::config::SmtpSettings;
use crate::domain::delivery::{Refusal, RefusalKind};
use crate::edge::tls::TlsSetupError;
use crate::ports::{Mail, Message};
use futures::FutureExt;
use futures::future::BoxFuture;
use relay::{Relay, Undone};
use std::sync::Arc;
use std::time::Duration;

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
    /// For the answer to the whole message.
    pub last_reply: Duration,
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
            last_reply: Duration::from_secs(600),
            idle: Duration::from_secs(30),
            messages_per_line: 100,
        }
    }
}

/// The mail servers of the configuration, in the order in which they are turned to.
pub struct SmtpMail {
    relays: Vec<Arc<Relay>>,
}

impl SmtpMail {
    /// Prepares the way to one server; connects at the first message. `extra_roots_pem`: certificates to trust beside the
    /// platform's.
    ///
    /// # Errors
    /// Where TLS cannot be set up.
    pub fn new(settings: SmtpSettings, patience: SmtpPatience, extra_roots_pem: Option<&[u8]>) -> Result<Self, SmtpSetupError> {
        Ok(Self { relays: vec![Relay::new(settings, patience, extra_roots_pem)?] })
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
        let relay = |settings| Relay::new(settings, patience.clone(), extra_roots_pem);
        Ok(Self { relays: relays.into_iter().map(relay).collect::<Result<_, _>>()? })
    }

    /// Says goodbye on every kept line: called once, when nothing is sent any more.
    pub async fn close(&self) {
        futures::future::join_all(self.relays.iter().map(|relay| relay.close())).await;
    }

    async fn send_over(&self, mut message: Message) -> Result<String, Refusal> {
        let rested: Vec<_> = self.relays.iter().filter(|relay| !relay.rests()).collect();
        // Where none is in order, all are worth a try: who sends decides how often.
        let turned_to = if rested.is_empty() { self.relays.iter().collect() } else { rested };
        let mut last = Refusal { kind: RefusalKind::Relay, reply: "no mail server is configured".to_owned() };
        for relay in turned_to {
            match relay.send(message).await {
                Ok(reply) => return Ok(reply),
                Err(Undone { refusal, message: Some(back) }) => (message, last) = (*back, refusal),
                Err(Undone { refusal, message: None }) => return Err(refusal),
            }
        }
        Err(last)
    }
}

impl Mail for SmtpMail {
    fn send(&self, message: Message) -> BoxFuture<'_, Result<String, Refusal>> {
        self.send_over(message).boxed()
    }

    fn out_of_use(&self) -> Vec<(String, String)> {
        let out: Vec<_> = self.relays.iter().filter_map(|relay| Some((relay.name(), relay.trouble()?))).collect();
        // Where no server is left, the refusals themselves say so.
        if out.len() < self.relays.len() { out } else { Vec::new() }
    }
}

impl Drop for SmtpMail {
    /// Lines that have nothing to do say goodbye now and not when they have waited long enough.
    fn drop(&mut self) {
        self.relays.iter().for_each(|relay| relay.shut());
    }
}
