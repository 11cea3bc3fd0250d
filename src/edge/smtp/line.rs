//! One SMTP connection: opened, used for one message after another, and known to be fit for the next or not.

use super::SmtpPatience;
use super::reply::{Phase, broken_line, lasting_refusal, one_line, refusal_of};
use crate::config::{SmtpSettings, Tls};
use crate::domain::delivery::{Refusal, RefusalKind};
use crate::domain::subscriber::Address;
use crate::ports::Message;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use lettre::transport::smtp::response::Response;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

/// An open line to the server.
pub(super) struct Line {
    connection: AsyncSmtpConnection,
    messages: u32,
    idle_since: Instant,
    /// Not to be used again: the conversation stopped somewhere.
    broken: bool,
}

/// A message that was not taken.
pub(super) struct Failure {
    pub(super) refusal: Refusal,
    /// The server had closed a kept line before we spoke.
    pub(super) stale: bool,
}

impl Line {
    /// Connects, greets, protects the line where it has to be, and logs in where it is asked for. Fails closed: nothing but
    /// EHLO and STARTTLS goes over a line that should be encrypted and is not.
    pub(super) async fn open(
        settings: &SmtpSettings,
        tls: Option<&TlsParameters>,
        hello: &ClientId,
        patience: Duration,
    ) -> Result<Self, Refusal> {
        let opening = async {
            let mut connection = connect(settings, tls, hello, patience).await?;
            if let Some(login) = &settings.login {
                let credentials = Credentials::new(login.username.clone(), login.password.expose().to_owned());
                let ways = [Mechanism::Plain, Mechanism::Login];
                connection.auth(&ways, &credentials).await.map_err(|e| refusal_of(Phase::Connect, &e))?;
            }
            Ok(Self { connection, messages: 0, idle_since: Instant::now(), broken: false })
        };
        let late = || lasting_refusal(RefusalKind::Relay, &format!("{} did not answer in time", settings.host));
        timeout(patience, opening).await.unwrap_or_else(|_| Err(late()))
    }

    /// Sends one message. The line can be used again afterwards unless it says that it is [`broken`](Self::broken).
    pub(super) async fn deliver(&mut self, message: &Message, patience: &SmtpPatience) -> Result<String, Failure> {
        // Until the end is reached: whoever drops this future drops the line too.
        self.broken = true;
        let used_before = self.messages > 0;
        let (phase, done) = self.converse(message, patience).await;
        let refusal = match done {
            Ok(response) => {
                self.settle();
                return Ok(one_line(&format!("{} {}", response.code(), response.message().collect::<Vec<_>>().join(" "))));
            }
            Err(refusal) => refusal,
        };
        // 421: the server closes the line (RFC 5321 §3.8).
        let closing = refusal.reply.starts_with("421") || matches!(refusal.kind, RefusalKind::Relay | RefusalKind::Unknown);
        if !closing && self.reset(patience.command).await {
            self.settle();
        }
        let stale = used_before && closing && phase == Phase::Mail;
        Err(Failure { refusal, stale })
    }

    /// The five steps of RFC 5321 §3.3; the phase says how far they came.
    async fn converse(&mut self, message: &Message, patience: &SmtpPatience) -> (Phase, Result<Response, Refusal>) {
        let (from, to) = match (mailbox(&message.from), mailbox(&message.to)) {
            (Ok(from), Ok(to)) => (from, to),
            (Err(refusal), _) | (_, Err(refusal)) => return (Phase::Rcpt, Err(refusal)),
        };
        let mut parameters = Vec::new();
        let envelope: [&str; 2] = [from.as_ref(), to.as_ref()];
        if !envelope.iter().all(|a| a.is_ascii()) {
            if !self.connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                let words = "the server takes no addresses outside ASCII (RFC 6531)";
                return (Phase::Rcpt, Err(lasting_refusal(RefusalKind::Permanent, words)));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        let command = patience.command;
        if let Err(refusal) = self.ask(Phase::Mail, command, Mail::new(Some(from), parameters)).await {
            return (Phase::Mail, Err(refusal));
        }
        if let Err(refusal) = self.ask(Phase::Rcpt, command, Rcpt::new(to, Vec::new())).await {
            return (Phase::Rcpt, Err(refusal));
        }
        match self.ask(Phase::Data, command, Data).await {
            Ok(go) if go.has_code(354) => {}
            Ok(odd) => return (Phase::Data, Err(broken_line(Phase::Data, &format!("DATA was answered with {}", odd.code())))),
            Err(refusal) => return (Phase::Data, Err(refusal)),
        }
        // lettre ends what it sends with CRLF and a dot, whether or not the last line has its end.
        let content = message.bytes.strip_suffix(b"\r\n").unwrap_or(&message.bytes);
        let answer = timeout(patience.last_reply, self.connection.message(content)).await;
        (Phase::Content, judge(Phase::Content, answer))
    }

    async fn ask(&mut self, phase: Phase, patience: Duration, command: impl std::fmt::Display) -> Result<Response, Refusal> {
        judge(phase, timeout(patience, self.connection.command(command)).await)
    }

    /// Forgets a refused message (RFC 5321 §4.1.1.5), so that the line serves the next one.
    async fn reset(&mut self, patience: Duration) -> bool {
        matches!(timeout(patience, self.connection.command(Rset)).await, Ok(Ok(_)))
    }

    fn settle(&mut self) {
        self.broken = false;
        self.messages += 1;
        self.idle_since = Instant::now();
    }

    pub(super) fn broken(&self) -> bool {
        self.broken
    }

    pub(super) fn messages(&self) -> u32 {
        self.messages
    }

    pub(super) fn idle_since(&self) -> Instant {
        self.idle_since
    }

    /// Says goodbye; what the server answers does not matter.
    pub(super) async fn quit(mut self, patience: Duration) {
        if timeout(patience, self.connection.quit()).await.is_err() {
            tracing::debug!("the mail server did not answer QUIT");
        }
    }
}

/// A line on which the server knows us, encrypted where it has to be.
async fn connect(
    settings: &SmtpSettings,
    tls: Option<&TlsParameters>,
    hello: &ClientId,
    patience: Duration,
) -> Result<AsyncSmtpConnection, Refusal> {
    let at = (settings.host.as_str(), settings.port);
    let refused = |e: Error| refusal_of(Phase::Connect, &e);
    if settings.tls == Tls::Tls {
        return AsyncSmtpConnection::connect_tokio1(at, Some(patience), hello, tls.cloned(), None).await.map_err(refused);
    }
    let unreachable = |e: std::io::Error| {
        lasting_refusal(RefusalKind::Relay, &format!("cannot reach {}:{}: {e}", settings.host, settings.port))
    };
    let stream = TcpStream::connect(at).await.map_err(unreachable)?;
    // lettre writes a message and its final dot apart; without this the dot waits 40 ms for an acknowledgement.
    stream.set_nodelay(true).map_err(unreachable)?;
    let mut connection = AsyncSmtpConnection::connect_with_transport(Box::new(stream), hello).await.map_err(refused)?;
    if settings.tls == Tls::Starttls {
        let parameters = tls.ok_or_else(|| lasting_refusal(RefusalKind::Relay, "TLS is not set up"))?;
        connection.starttls(parameters.clone(), hello).await.map_err(refused)?;
    }
    Ok(connection)
}

fn judge(phase: Phase, answer: Result<Result<Response, Error>, tokio::time::error::Elapsed>) -> Result<Response, Refusal> {
    match answer {
        // 3xx to anything but DATA is no answer that we can act on.
        Ok(Ok(response)) if phase != Phase::Data && response.code().to_string().starts_with('3') => {
            Err(broken_line(phase, &format!("{} is no final answer", response.code())))
        }
        Ok(Ok(response)) => Ok(response),
        Ok(Err(error)) => Err(refusal_of(phase, &error)),
        Err(_) => Err(broken_line(phase, "the server did not answer in time")),
    }
}

/// An address as the envelope has it, its domain in the ASCII form of IDNA.
fn mailbox(address: &Address) -> Result<lettre::Address, Refusal> {
    let unusable = || lasting_refusal(RefusalKind::Permanent, "not an address that SMTP can carry");
    let (local, domain) = address.as_str().rsplit_once('@').ok_or_else(unusable)?;
    let domain =
        if domain.is_ascii() { domain.to_owned() } else { url::Host::parse(domain).map_err(|_| unusable())?.to_string() };
    lettre::Address::new(local, domain).map_err(|_| unusable())
}
