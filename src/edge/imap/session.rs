//! One IMAP session: opened, protected, logged in, a mailbox selected; then mails listed, fetched and put away, each by its
//! UID (RFC 9051 §2.3.1.1).
//!
//! A mail that was read carries a keyword of ours, so that whoever opens the mailbox with a mail program hides nothing from
//! us: what they have read, we have not. Where the server keeps no keywords, `\Seen` and `\Flagged` have to do.

use super::line::{Line, LineError};
use crate::config::{Disposal, ImapSettings, Login, Tls};
use crate::edge::tls::ClientTls;
use crate::ports::Fate;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use imap_proto::{AttributeValue, Capability, MailboxDatum, Response, ResponseCode};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Marks what has been read.
const KEYWORD: &str = "$BoardwatchRead";
/// For a TCP connection.
const CONNECT: Duration = Duration::from_secs(30);

/// An open mailbox.
pub(super) struct Session {
    line: Line,
    /// Under which the UIDs hold (RFC 9051 §2.3.1.1).
    pub(super) validity: u32,
    keeps_keywords: bool,
    capabilities: Capabilities,
}

/// What of its abilities concerns us.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word that a server says or does not")]
struct Capabilities {
    starttls: bool,
    plain: bool,
    no_login: bool,
    /// MOVE (RFC 6851).
    moves: bool,
    /// UID EXPUNGE (RFC 4315).
    expunges_by_uid: bool,
}

impl Session {
    /// Opens the mailbox of `settings`. Fails closed: nobody logs in over a line that should be encrypted and is not.
    pub(super) async fn open(settings: &ImapSettings, tls: Option<&ClientTls>, octets_max: u64) -> Result<Self, LineError> {
        let at = format!("{}:{}", settings.host, settings.port);
        let broken = |why: String| LineError::Broken(why);
        let connecting = timeout(CONNECT, TcpStream::connect((settings.host.as_str(), settings.port)));
        let stream = connecting.await.map_err(|_| broken(format!("{at} did not answer in time")))?;
        let stream = stream.map_err(|error| broken(format!("cannot reach {at}: {error}")))?;
        let mut line = Line::new(stream, octets_max);
        let no_tls = || broken("TLS is not set up".to_owned());
        if settings.tls == Tls::Tls {
            line = line.encrypted(tls.ok_or_else(no_tls)?).await.map_err(|error| broken(format!("no TLS with {at}: {error}")))?;
        }
        line.greeting().await?;
        if settings.tls == Tls::Starttls {
            if !capabilities(&mut line).await?.starttls {
                return Err(broken("the server offers no STARTTLS, and no password is sent in clear".to_owned()));
            }
            line.ask("STARTTLS", |_| {}).await?;
            line = line.encrypted(tls.ok_or_else(no_tls)?).await.map_err(|error| broken(format!("no TLS with {at}: {error}")))?;
        }
        let before = capabilities(&mut line).await?;
        log_in(&mut line, &settings.login, before).await?;
        // A server may offer more to whom it knows.
        let capabilities = capabilities(&mut line).await?;
        let (mut validity, mut keeps_keywords) = (None, false);
        let note = |said: &Response<'_>| {
            if let Response::Data { outcome, .. } = said {
                match &outcome.code {
                    Some(ResponseCode::UidValidity(number)) => validity = Some(*number),
                    Some(ResponseCode::PermanentFlags(flags)) => {
                        keeps_keywords = flags.iter().any(|flag| flag == "\\*" || flag.eq_ignore_ascii_case(KEYWORD));
                    }
                    _ => {}
                }
            }
        };
        line.ask(&format!("SELECT {}", quoted(&settings.mailbox)?), note).await?;
        let validity = validity.ok_or_else(|| broken("the server does not number mails for good (UIDVALIDITY)".to_owned()))?;
        Ok(Self { line, validity, keeps_keywords, capabilities })
    }

    /// The UIDs of the mails that have not been put away, the oldest first.
    pub(super) async fn waiting(&mut self) -> Result<Vec<u32>, LineError> {
        let search = if self.keeps_keywords {
            format!("UID SEARCH UNDELETED UNKEYWORD {KEYWORD}")
        } else {
            "UID SEARCH UNDELETED UNSEEN UNFLAGGED".to_owned()
        };
        let mut found = Vec::new();
        let note = |said: &Response<'_>| {
            if let Response::MailboxData(MailboxDatum::Search(uids)) = said {
                found.extend_from_slice(uids);
            }
        };
        self.line.ask(&search, note).await?;
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// The first `octets_max` octets of a mail, which stays unread for whoever looks on; `None` where it is gone, or the
    /// server will not give it.
    pub(super) async fn fetch(&mut self, uid: u32, octets_max: u64) -> Result<Option<Vec<u8>>, LineError> {
        let mut mail = None;
        let note = |said: &Response<'_>| {
            if let Response::Fetch(_, values) = said
                && values.contains(&AttributeValue::Uid(uid))
            {
                let body = values.iter().find_map(|value| {
                    let AttributeValue::BodySection { section: None, data: Some(octets), .. } = value else { return None };
                    Some(octets.to_vec())
                });
                mail = body.or(mail.take());
            }
        };
        match self.line.ask(&format!("UID FETCH {uid} (UID BODY.PEEK[]<0.{octets_max}>)"), note).await {
            Ok(()) => Ok(mail),
            Err(LineError::Refused(why)) => {
                tracing::warn!(uid, why, "the mail server does not give a mail that it lists");
                Ok(None)
            }
            Err(broken @ LineError::Broken(_)) => Err(broken),
        }
    }

    /// Puts a mail away as `disposal` says; one for people stays where they find it, flagged.
    pub(super) async fn put_away(&mut self, uid: u32, fate: Fate, disposal: &Disposal) -> Result<(), LineError> {
        match (fate, disposal) {
            (Fate::LeftToPeople, _) => self.mark(uid, "\\Flagged").await,
            (Fate::Taken, Disposal::Mark) => self.mark(uid, "\\Seen").await,
            (Fate::Taken, Disposal::Delete) => self.delete(uid).await,
            (Fate::Taken, Disposal::MoveTo(folder)) => match self.move_to(uid, folder).await {
                // It may be the first to go there.
                Err(LineError::Refused(_)) => {
                    self.line.ask(&format!("CREATE {}", quoted(folder)?), |_| {}).await?;
                    self.move_to(uid, folder).await
                }
                done => done,
            },
        }
    }

    async fn mark(&mut self, uid: u32, flag: &str) -> Result<(), LineError> {
        let keyword = if self.keeps_keywords { format!(" {KEYWORD}") } else { String::new() };
        self.line.ask(&format!("UID STORE {uid} +FLAGS.SILENT ({flag}{keyword})"), |_| {}).await
    }

    /// Without UID EXPUNGE it is only marked as deleted: expunging would take what others have marked too.
    async fn delete(&mut self, uid: u32) -> Result<(), LineError> {
        self.mark(uid, "\\Seen \\Deleted").await?;
        if self.capabilities.expunges_by_uid {
            self.line.ask(&format!("UID EXPUNGE {uid}"), |_| {}).await?;
        }
        Ok(())
    }

    async fn move_to(&mut self, uid: u32, folder: &str) -> Result<(), LineError> {
        let folder = quoted(folder)?;
        self.mark(uid, "\\Seen").await?;
        if self.capabilities.moves {
            return self.line.ask(&format!("UID MOVE {uid} {folder}"), |_| {}).await;
        }
        // If we stop in between: the copy is there, and the mail is known when it is read again.
        self.line.ask(&format!("UID COPY {uid} {folder}"), |_| {}).await?;
        self.delete(uid).await
    }

    /// Says goodbye; what the server answers does not matter.
    pub(super) async fn close(mut self) {
        if let Err(error) = self.line.ask("LOGOUT", |_| {}).await {
            tracing::debug!(%error, "the mailbox's server did not answer LOGOUT");
        }
    }
}

/// Logs in: AUTHENTICATE PLAIN (RFC 4616), else LOGIN.
async fn log_in(line: &mut Line, login: &Login, capabilities: Capabilities) -> Result<(), LineError> {
    let (name, password) = (login.username.as_str(), login.password.expose());
    if capabilities.plain {
        let proof = STANDARD.encode(format!("\0{name}\0{password}"));
        return line.ask_and_prove("AUTHENTICATE PLAIN", Some(&proof), |_| {}).await;
    }
    if capabilities.no_login {
        return Err(LineError::Refused("the server offers neither AUTHENTICATE PLAIN nor LOGIN".to_owned()));
    }
    line.ask(&format!("LOGIN {} {}", quoted(name)?, quoted(password)?), |_| {}).await
}

async fn capabilities(line: &mut Line) -> Result<Capabilities, LineError> {
    let mut found = Capabilities::default();
    let note = |said: &Response<'_>| {
        let Response::Capabilities(all) = said else { return };
        for capability in all {
            match capability {
                Capability::Auth(way) => found.plain |= way.eq_ignore_ascii_case("PLAIN"),
                Capability::Atom(name) => match name.to_ascii_uppercase().as_str() {
                    "STARTTLS" => found.starttls = true,
                    "LOGINDISABLED" => found.no_login = true,
                    "MOVE" => found.moves = true,
                    "UIDPLUS" => found.expunges_by_uid = true,
                    _ => {}
                },
                Capability::Imap4rev1 => {}
            }
        }
    };
    line.ask("CAPABILITY", note).await?;
    Ok(found)
}

/// A word as a quoted string (RFC 9051 §4.3).
fn quoted(word: &str) -> Result<String, LineError> {
    if word.contains(['\r', '\n', '\0']) || !word.is_ascii() {
        return Err(LineError::Refused("a name or password that IMAP cannot say in quotes".to_owned()));
    }
    Ok(format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\"")))
}
