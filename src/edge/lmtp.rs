//! An LMTP listener (RFC 2033): a mail server hands over what came back, and is told "yes" once that is recorded.
//!
//! Small on purpose: no TLS, no log-in, so it listens on loopback unless told otherwise. Everything in it is bounded: lines,
//! sessions, recipients, octets, time.

use crate::ports::{Arrived, Fate};
use futures::future::BoxFuture;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::OwnedWriteHalf;
use tokio::net::{TcpListener, TcpStream, tcp::OwnedReadHalf};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Sessions at a time.
const SESSIONS_MAX: usize = 8;
/// Recipients of one mail.
const RECIPIENTS_MAX: usize = 20;
/// Octets of a command line (RFC 5321 §4.5.3.1.4, with room for extensions).
const LINE_MAX: u64 = 2048;
/// Octets of a mail that is taken at all. Of a long one the first part is kept: what a server says stands before what it
/// returns, and a bounce that is refused is lost.
const TAKEN_MAX: u64 = 64 << 20;
/// For a command, or a stretch of a mail.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is done with a mail; an error keeps it with the server that brings it.
pub type Take = dyn Fn(Arrived) -> BoxFuture<'static, Result<Fate, String>> + Send + Sync;

/// Answers on `listener` until `stop`.
pub async fn serve(listener: TcpListener, take: Arc<Take>, message_bytes_max: u64, stop: CancellationToken) {
    let sessions = Arc::new(Semaphore::new(SESSIONS_MAX));
    let mut running = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        while running.try_join_next().is_some() {}
        let Ok((stream, _)) = accepted else { continue };
        let Ok(permit) = sessions.clone().acquire_owned().await else { break };
        let (take, stop) = (take.clone(), stop.clone());
        running.spawn(async move {
            let _permit = permit;
            let session = Session::new(stream, take, message_bytes_max).run();
            tokio::select! {
                () = stop.cancelled() => {}
                done = session => if let Err(error) = done {
                    tracing::debug!(%error, "an LMTP session broke off");
                }
            }
        });
    }
    running.shutdown().await;
}

/// The envelope's sender as a `MAIL` command gives it; empty where it gives none.
fn sender_in(line: &str) -> String {
    let path = line.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(path, _)| format!("<{path}>"));
    path.unwrap_or_default()
}

struct Session {
    from: BufReader<OwnedReadHalf>,
    to: OwnedWriteHalf,
    take: Arc<Take>,
    message_bytes_max: u64,
    is_greeted: bool,
    /// `<…>`, as it was given.
    sender: Option<String>,
    recipients: Vec<String>,
}

impl Session {
    fn new(stream: TcpStream, take: Arc<Take>, message_bytes_max: u64) -> Self {
        let (from, to) = stream.into_split();
        let from = BufReader::new(from);
        Self { from, to, take, message_bytes_max, is_greeted: false, sender: None, recipients: Vec::new() }
    }

    async fn run(mut self) -> io::Result<()> {
        self.say("220 boardwatch LMTP").await?;
        while let Some(line) = self.line().await? {
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            match verb.as_str() {
                "LHLO" => {
                    self.is_greeted = true;
                    let offers = format!(
                        "250-boardwatch\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE {TAKEN_MAX}"
                    );
                    self.say(&offers).await?;
                }
                "MAIL" if self.is_greeted => {
                    (self.sender, self.recipients) = (Some(sender_in(&line)), Vec::new());
                    self.say("250 2.1.0 ok").await?;
                }
                "RCPT" if self.sender.is_some() && self.recipients.len() < RECIPIENTS_MAX => {
                    let mailbox = line.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(mailbox, _)| mailbox);
                    match mailbox {
                        Some(mailbox) => {
                            self.recipients.push(mailbox.to_owned());
                            self.say("250 2.1.5 ok").await?;
                        }
                        None => self.say("501 5.1.3 no mailbox").await?,
                    }
                }
                "RCPT" if self.sender.is_some() => self.say("452 4.5.3 too many recipients").await?,
                // RFC 2033 §4.2: without a recipient, DATA fails.
                "DATA" if self.recipients.is_empty() => self.say("503 5.5.1 no recipients").await?,
                "DATA" => self.data().await?,
                "RSET" => {
                    (self.sender, self.recipients) = (None, Vec::new());
                    self.say("250 2.0.0 ok").await?;
                }
                "NOOP" => self.say("250 2.0.0 ok").await?,
                "QUIT" => return self.say("221 2.0.0 bye").await,
                // RFC 2033 §4.1.
                "HELO" | "EHLO" => self.say("500 5.5.1 this is LMTP: LHLO").await?,
                "MAIL" | "RCPT" => self.say("503 5.5.1 not now").await?,
                _ => self.say("500 5.5.1 unknown command").await?,
            }
        }
        Ok(())
    }

    /// Takes a mail, and answers once for each recipient (RFC 2033 §4.2).
    async fn data(&mut self) -> io::Result<()> {
        self.say("354 go ahead").await?;
        let (message, is_taken) = self.message().await?;
        let recipients = std::mem::take(&mut self.recipients);
        // RFC 5321 §4.4: who delivers for good writes down who sent it.
        let path = self.sender.take().filter(|sender| !sender.is_empty()).map(|sender| format!("Return-Path: {sender}\r\n"));
        let bytes = [path.unwrap_or_default().into_bytes(), message].concat();
        for recipient in recipients {
            let reply = if is_taken {
                let mail = Arrived { id: String::new(), envelope_to: Some(recipient), bytes: bytes.clone() };
                // If we stop here: the server has heard nothing and brings it again; then it is known.
                match (self.take)(mail).await {
                    Ok(_) => "250 2.0.0 recorded".to_owned(),
                    Err(error) => {
                        tracing::warn!(error, "a mail that came back could not be recorded; the mail server keeps it");
                        "451 4.3.0 not now".to_owned()
                    }
                }
            } else {
                "552 5.3.4 too large".to_owned()
            };
            self.say(&reply).await?;
        }
        Ok(())
    }

    /// The octets up to the lone dot (RFC 5321 §4.5.2), as many as are kept, and whether they are taken.
    async fn message(&mut self) -> io::Result<(Vec<u8>, bool)> {
        let (mut bytes, mut total) = (Vec::new(), 0_u64);
        // Only CRLF ends a line (RFC 5321 §2.3.8): what stands after a bare line feed is text, and no command hides in it.
        let (mut at_start, mut is_after_cr) = (true, false);
        loop {
            let mut line = Vec::new();
            let mut from = (&mut self.from).take(64 * 1024);
            if timeout(PATIENCE, from.read_until(b'\n', &mut line)).await?? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if at_start && line == b".\r\n" {
                return Ok((bytes, total <= TAKEN_MAX));
            }
            let content = if at_start { line.strip_prefix(b".").unwrap_or(&line) } else { &line };
            total = total.saturating_add(content.len() as u64);
            if total <= self.message_bytes_max {
                bytes.extend_from_slice(content);
            }
            at_start = line.ends_with(b"\r\n") || (is_after_cr && line == b"\n");
            is_after_cr = line.ends_with(b"\r");
        }
    }

    async fn line(&mut self) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        let mut from = (&mut self.from).take(LINE_MAX);
        if timeout(PATIENCE, from.read_until(b'\n', &mut line)).await?? == 0 {
            return Ok(None);
        }
        if !line.ends_with(b"\n") {
            self.say("500 5.5.2 line too long").await?;
            return Ok(None);
        }
        Ok(Some(String::from_utf8_lossy(&line).trim_end().to_owned()))
    }

    async fn say(&mut self, reply: &str) -> io::Result<()> {
        timeout(PATIENCE, self.to.write_all(format!("{reply}\r\n").as_bytes())).await?
    }
}
