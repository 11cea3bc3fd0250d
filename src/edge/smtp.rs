//! SMTP: messages handed to the configured server over a few kept connections.
//!
//! Our own pool over lettre's connection, because of three things that lettre 0.11's own one does: it opens more connections
//! than its limit, it hangs with a server that hangs, and it reconnects after every refusal. Invariants: at most
//! `connections` lines are open; a line is kept only after a complete, undisturbed conversation; every wait ends. A send that
//! is dropped in the middle takes its line with it.

mod line;
mod reply;

use crate::config::{SmtpSettings, Tls};
use crate::domain::delivery::Refusal;
use crate::ports::{Mail, Message};
use futures::FutureExt;
use futures::future::BoxFuture;
use lettre::transport::smtp::client::{Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use line::{Failure, Line};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::Instant;

/// Why no mail can be sent with these settings.
#[derive(Debug, thiserror::Error)]
pub enum SmtpSetupError {
    /// The certificates that TLS needs cannot be read.
    #[error("cannot prepare TLS for the mail server")]
    Tls(#[source] lettre::transport::smtp::Error),
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

/// The mail server of the configuration.
pub struct SmtpMail {
    pool: Arc<Pool>,
}

/// What all sends share.
struct Pool {
    settings: SmtpSettings,
    patience: SmtpPatience,
    hello: ClientId,
    /// `None` where the line is plain.
    tls: Option<TlsParameters>,
    /// One permit a line, kept or in use.
    permits: Semaphore,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    lines: Vec<Line>,
    /// Whether a task looks after the idle ones.
    watched: bool,
}

impl SmtpMail {
    /// Prepares the way; connects at the first message. `extra_roots_pem`: certificates to trust beside the platform's.
    ///
    /// # Errors
    /// Where TLS cannot be set up.
    pub fn new(settings: SmtpSettings, patience: SmtpPatience, extra_roots_pem: Option<&[u8]>) -> Result<Self, SmtpSetupError> {
        let tls = match settings.tls {
            Tls::None => None,
            Tls::Starttls | Tls::Tls => Some(parameters(&settings.host, extra_roots_pem).map_err(SmtpSetupError::Tls)?),
        };
        let permits = Semaphore::new(usize::try_from(settings.connections.max(1)).unwrap_or(1));
        let pool = Pool { settings, patience, hello: ClientId::default(), tls, permits, kept: Mutex::default() };
        Ok(Self { pool: Arc::new(pool) })
    }

    /// Says goodbye on every kept line: called once, when nothing is sent any more.
    pub async fn close(&self) {
        let lines = std::mem::take(&mut self.pool.kept().lines);
        for line in lines {
            line.quit(self.pool.patience.connect).await;
        }
    }
}

fn parameters(host: &str, extra_roots_pem: Option<&[u8]>) -> Result<TlsParameters, lettre::transport::smtp::Error> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(pem) = extra_roots_pem {
        builder = builder.add_root_certificate(Certificate::from_pem(pem)?);
    }
    builder.build()
}

impl Mail for SmtpMail {
    fn send(&self, message: Message) -> BoxFuture<'_, Result<String, Refusal>> {
        send(&self.pool, message).boxed()
    }
}

async fn send(pool: &Arc<Pool>, message: Message) -> Result<String, Refusal> {
    // Never closed, so this waits for a free line and cannot fail.
    let _permit = pool.permits.acquire().await;
    if let Some(mut line) = pool.take().await {
        match line.deliver(&message, &pool.patience).await {
            // A kept line may have been closed behind our back; nothing was handed over, so a fresh one may try.
            Err(Failure { stale: true, .. }) => drop(line),
            done => return finish(pool, line, done).await,
        }
    }
    let mut line = Line::open(&pool.settings, pool.tls.as_ref(), &pool.hello, pool.patience.connect).await?;
    let done = line.deliver(&message, &pool.patience).await;
    finish(pool, line, done).await
}

/// Keeps the line where it is fit for another message.
async fn finish(pool: &Arc<Pool>, line: Line, done: Result<String, Failure>) -> Result<String, Refusal> {
    if line.broken() {
        drop(line);
    } else if line.messages() >= pool.patience.messages_per_line {
        line.quit(pool.patience.connect).await;
    } else {
        pool.keep(line);
    }
    done.map_err(|failure| failure.refusal)
}

impl Pool {
    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        // Nothing under this lock can panic half-way; the lines are sound whoever held it.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The line used last, if it is still warm.
    async fn take(&self) -> Option<Line> {
        let line = self.kept().lines.pop()?;
        if line.idle_since() + self.patience.idle > Instant::now() {
            return Some(line);
        }
        line.quit(self.patience.connect).await;
        None
    }

    fn keep(self: &Arc<Self>, line: Line) {
        let mut kept = self.kept();
        kept.lines.push(line);
        if !kept.watched {
            kept.watched = true;
            tokio::spawn(close_idle(Arc::downgrade(self), self.patience.idle));
        }
    }
}

/// Closes lines that nobody uses; ends with the last of them, or with the pool.
async fn close_idle(pool: Weak<Pool>, idle: Duration) {
    loop {
        tokio::time::sleep(idle).await;
        let Some(pool) = pool.upgrade() else { return };
        let deadline = Instant::now();
        let cold: Vec<Line> = {
            let mut kept = pool.kept();
            let (cold, warm) = std::mem::take(&mut kept.lines).into_iter().partition(|l| l.idle_since() + idle <= deadline);
            kept.lines = warm;
            kept.watched = !kept.lines.is_empty();
            cold
        };
        for line in cold {
            line.quit(pool.patience.connect).await;
        }
        if !pool.kept().watched {
            return;
        }
    }
}
