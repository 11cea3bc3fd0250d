//! One SMTP session: opened, protected, logged in, then one message after another.
//!
//! Where the server offers it, commands are pipelined (RFC 2920): a message's envelope leaves in one write, and behind the
//! final dot of a message that of the next, so that a message costs one round trip. What a session keeps in mind is how
//! much of what it asked is still to be answered; whoever stops in the middle must not use it again.

use super::SmtpPatience;
use super::envelope::Envelope;
use super::hello::hello;
use super::hush::Hush;
use super::offers::Offers;
use super::reply::{Phase, broken_line, lasting_refusal, refusal_of};
use super::wire::{Reply, Wire, WireError, connect};
use crate::config::{SmtpSettings, Tls};
use crate::domain::delivery::{Refusal, RefusalKind};
use crate::edge::tls::ClientTls;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// An open session.
#[expect(clippy::struct_excessive_bools, reason = "each is something that was or was not said")]
pub(super) struct Session {
    wire: Wire,
    offers: Offers,
    /// An envelope was refused after MAIL was taken: the next one begins with RSET (RFC 5321 §4.1.1.5).
    needs_reset: bool,
    /// A reply was waited for and did not come.
    is_broken: bool,
    /// What it was first asked in this manner was answered: one command, all of a group, or all of one that left behind a
    /// message's final dot.
    has_answered: bool,
    /// How long each of those answers may take.
    first_within: Duration,
    /// Something was asked behind a message's final dot.
    has_looked_ahead: bool,
    /// A reply did not come in time.
    was_silent: bool,
    /// Tells of a reply that is late: later than this, once it was said whom a message is for.
    hush: Arc<Hush>,
    usual: Duration,
    messages: u32,
}

/// Where a conversation stopped, and what for.
#[derive(Debug)]
pub(super) struct Stop {
    pub(super) phase: Phase,
    pub(super) refusal: Refusal,
}

impl Session {
    /// Connects, greets, protects the line where it has to be, and logs in where it is asked for. Fails closed: nothing but
    /// EHLO and STARTTLS goes over a line that should be encrypted and is not.
    pub(super) async fn open(settings: &SmtpSettings, tls: Option<&ClientTls>, patience: Duration) -> Result<Self, Refusal> {
        let late = || lasting_refusal(RefusalKind::Relay, &format!("{} did not answer in time", settings.host));
        timeout(patience, Self::opened(settings, tls)).await.unwrap_or_else(|_| Err(late()))
    }

    async fn opened(settings: &SmtpSettings, tls: Option<&ClientTls>) -> Result<Self, Refusal> {
        let relay = |words: &str| lasting_refusal(RefusalKind::Relay, words);
        let at = format!("{}:{}", settings.host, settings.port);
        let broken = |error: WireError| relay(&error.to_string());
        let stream = connect(&settings.host, settings.port).await.map_err(|e| relay(&format!("cannot reach {at}: {e}")))?;
        let hello = hello(settings, &stream);
        let mut wire = Wire::new(stream);
        if settings.tls == Tls::Tls {
            wire = encrypted(wire, settings, tls).await?;
        }
        expect(Phase::Connect, 220, wire.reply().await.map_err(broken)?)?;
        let mut session = Self {
            wire,
            offers: Offers::default(),
            needs_reset: false,
            is_broken: false,
            has_answered: false,
            first_within: Duration::MAX,
            has_looked_ahead: false,
            was_silent: false,
            hush: Arc::default(),
            usual: Duration::MAX,
            messages: 0,
        };
        session.greet(&hello).await?;
        if settings.tls == Tls::Starttls {
            if !session.offers.starttls {
                return Err(relay("the server offers no STARTTLS, and nothing is sent in clear"));
            }
            expect(Phase::Connect, 220, session.ask("STARTTLS\r\n").await?)?;
            session.wire = encrypted(session.wire, settings, tls).await?;
            // What was said in clear could be anybody's (RFC 3207 §4.2).
            session.greet(&hello).await?;
        }
        if let Some(login) = &settings.login {
            session.log_in(&login.username, login.password.expose()).await?;
        }
        Ok(session)
    }

    /// EHLO, or HELO where that is not known (RFC 5321 §3.2): then the server offers nothing.
    async fn greet(&mut self, hello: &str) -> Result<(), Refusal> {
        let mut reply = self.ask(&format!("EHLO {hello}\r\n")).await?;
        if matches!(reply.code, 500 | 502) {
            reply = self.ask(&format!("HELO {hello}\r\n")).await?;
        }
        self.offers = Offers::read(&expect(Phase::Connect, 250, reply)?);
        Ok(())
    }

    /// AUTH PLAIN (RFC 4616), else AUTH LOGIN.
    async fn log_in(&mut self, name: &str, password: &str) -> Result<(), Refusal> {
        if self.offers.plain {
            let proof = STANDARD.encode(format!("\0{name}\0{password}"));
            return expect(Phase::Connect, 235, self.ask(&format!("AUTH PLAIN {proof}\r\n")).await?).map(drop);
        }
        if !self.offers.login {
            return Err(lasting_refusal(RefusalKind::Relay, "the server offers neither AUTH PLAIN nor AUTH LOGIN"));
        }
        expect(Phase::Connect, 334, self.ask("AUTH LOGIN\r\n").await?)?;
        expect(Phase::Connect, 334, self.ask(&format!("{}\r\n", STANDARD.encode(name))).await?)?;
        expect(Phase::Connect, 235, self.ask(&format!("{}\r\n", STANDARD.encode(password))).await?).map(drop)
    }

    /// One command and its answer, while the session is being opened.
    async fn ask(&mut self, command: &str) -> Result<Reply, Refusal> {
        let asked = async {
            self.wire.send(command.as_bytes()).await?;
            self.wire.reply().await
        };
        asked.await.map_err(|error| lasting_refusal(RefusalKind::Relay, &error.to_string()))
    }

    /// Whether the next envelope may leave behind a message's final dot.
    pub(super) fn pipelines(&self) -> bool {
        self.offers.pipelining
    }

    /// Says one command at a time, whatever the server offers.
    pub(super) fn forgo_pipelining(&mut self) {
        self.offers.pipelining = false;
    }

    /// Gives no answer to what it is first asked in each manner more time than this.
    pub(super) fn expect_first_within(&mut self, patience: Duration) {
        self.first_within = patience;
    }

    /// From the next message on an answer is late after this. Answers with what tells of it.
    pub(super) fn expect_word_within(&mut self, usual: Duration) -> Arc<Hush> {
        self.usual = usual;
        self.hush.clear();
        self.hush.clone()
    }

    /// When an answer is late, and when it is waited for no more. Of a group, all of it has been said.
    fn waits(&self, phase: Phase, most: Duration) -> (Duration, Duration) {
        let is_said = self.offers.pipelining || !matches!(phase, Phase::Connect | Phase::Mail);
        (if is_said { self.usual } else { Duration::MAX }, most)
    }

    /// Whether it has answered what it was first asked in the manner that it is asked now. Some that offer PIPELINING answer
    /// the first command of a group and have thrown the others away; some throw away what stands behind a message's final
    /// dot, lest it was smuggled in.
    pub(super) fn has_answered(&self) -> bool {
        self.has_answered
    }

    /// The envelope as this server can be given it, or why not: for its address, or whoever it is for. Nothing of it is said then.
    pub(super) fn check(&self, envelope: &Envelope, octets: usize) -> Result<(), Stop> {
        if envelope.needs_utf8() && !self.offers.utf8 {
            let words = "the server takes no addresses outside ASCII (RFC 6531)";
            return Err(Stop { phase: Phase::Rcpt, refusal: lasting_refusal(RefusalKind::Permanent, words) });
        }
        match self.offers.size {
            // No reader can help that, and it says nothing of smaller mail: this one waits for another limit, or another server.
            Some(max) if octets > max => {
                let words = format!("the server says that it takes {max} octets (SIZE), and a message has {octets}");
                Err(Stop { phase: Phase::Mail, refusal: lasting_refusal(RefusalKind::Transient, &words) })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The commands of an envelope that are sent together: all of them where the server pipelines.
    pub(super) fn commands(&mut self, envelope: &Envelope, octets: usize) -> String {
        let mut commands = if std::mem::take(&mut self.needs_reset) { "RSET\r\n".to_owned() } else { String::new() };
        commands.push_str(&envelope.mail(self.offers.says_size.then_some(octets)));
        commands.push_str(&envelope.rcpt());
        commands.push_str("DATA\r\n");
        commands
    }

    /// Sends `commands`, made by [`commands`](Self::commands), and hears whether the message may follow.
    pub(super) async fn offer(&mut self, commands: &str, patience: &SmtpPatience) -> Result<(), Stop> {
        self.is_broken = true;
        if self.offers.pipelining {
            self.send(Phase::Mail, commands.as_bytes(), patience.command).await?;
            return self.hear_offer(commands, patience).await;
        }
        for command in commands.split_inclusive("\r\n") {
            let phase = phase_of(command);
            self.send(phase, command.as_bytes(), patience.command).await?;
            let reply = self.hear(phase, patience.command).await?;
            self.has_answered = true;
            if let Err(stop) = judge(phase, command, &reply) {
                self.after_refusal(command, &reply);
                return Err(stop);
            }
        }
        Ok(())
    }

    /// Hears the answers to commands that left behind a message's final dot.
    pub(super) async fn hear_ahead(&mut self, commands: &str, patience: &SmtpPatience) -> Result<(), Stop> {
        self.has_answered &= std::mem::replace(&mut self.has_looked_ahead, true);
        self.hear_offer(commands, patience).await
    }

    /// Hears the answers to commands that were sent together. All of them are heard, whatever the first says.
    async fn hear_offer(&mut self, commands: &str, patience: &SmtpPatience) -> Result<(), Stop> {
        self.is_broken = true;
        let mut stopped: Option<(&str, Reply, Stop)> = None;
        let (mut has_recipient, mut goes) = (false, false);
        for command in commands.split_inclusive("\r\n") {
            let phase = phase_of(command);
            let reply = match self.hear(phase, patience.command).await {
                Ok(reply) => reply,
                Err(broken) => {
                    // What was said before the line broke stands.
                    self.has_answered |= stopped.is_some();
                    return Err(stopped.map_or(broken, |(_, _, stop)| stop));
                }
            };
            has_recipient |= phase == Phase::Rcpt && (200..300).contains(&reply.code);
            goes = phase == Phase::Data && reply.code == 354;
            if let Err(stop) = judge(phase, command, &reply)
                && stopped.is_none()
            {
                // 421: it closes the line and answers nothing more (RFC 5321 §3.8).
                if reply.code == 421 {
                    self.has_answered = true;
                    return Err(stop);
                }
                stopped = Some((command, reply, stop));
            }
        }
        self.has_answered = true;
        let Some((command, reply, stop)) = stopped else { return Ok(()) };
        if goes {
            // It goes on although nobody is to get it: it is given nothing (RFC 2920 §3.1). Where somebody would get that,
            // it is left as it is.
            let phase = stop.phase;
            let empty = async {
                self.send(phase, b".\r\n", patience.command).await?;
                self.hear(phase, patience.command).await
            };
            if has_recipient || empty.await.is_err() {
                return Err(stop);
            }
        }
        self.after_refusal(command, &reply);
        Err(stop)
    }

    /// A command of an envelope was refused: the session serves the next message, unless the server closes it (421), says
    /// what is no answer, or cannot even forget.
    fn after_refusal(&mut self, command: &str, reply: &Reply) {
        self.is_broken = reply.code == 421 || reply.code < 400 || command.starts_with("RSET");
        self.needs_reset = phase_of(command) != Phase::Mail;
        self.messages += 1;
    }

    /// Sends the octets of a message with its final dot, and whatever is pipelined behind it, in one write; hears what
    /// became of the message.
    pub(super) async fn carry(&mut self, octets: &[u8], patience: &SmtpPatience) -> Result<String, Stop> {
        self.is_broken = true;
        // What it has said before it saw the message can be no word on it.
        if self.wire.has_more() {
            return Err(Stop {
                phase: Phase::Data,
                refusal: broken_line(Phase::Data, "the server answered what it had not been told"),
            });
        }
        self.send(Phase::Content, octets, patience.last_reply).await?;
        let reply = self.hear(Phase::Content, patience.last_reply).await?;
        self.messages += 1;
        self.is_broken = reply.code == 421;
        match reply.code {
            200..300 => Ok(super::reply::one_line(&format!("{} {}", reply.code, reply.words()))),
            300..400 => {
                self.is_broken = true;
                let words = format!("{} is no final answer", reply.code);
                Err(Stop { phase: Phase::Content, refusal: broken_line(Phase::Content, &words) })
            }
            code => Err(Stop { phase: Phase::Content, refusal: refusal_of(Phase::Content, code, &reply.words()) }),
        }
    }

    async fn send(&mut self, phase: Phase, octets: &[u8], patience: Duration) -> Result<(), Stop> {
        let waits = self.waits(phase, patience);
        match self.hush.within(phase, waits, self.wire.send(octets)).await {
            Ok(Ok(())) => Ok(()),
            // It may have said why before it closed the line.
            Ok(Err(error)) => match timeout(patience, self.wire.reply()).await {
                Ok(Ok(reply)) if reply.code >= 400 => Err(Stop { phase, refusal: refusal_of(phase, reply.code, &reply.words()) }),
                _ => Err(Stop { phase, refusal: broken_line(phase, &error.to_string()) }),
            },
            Err(_) => Err(late(phase)),
        }
    }

    async fn hear(&mut self, phase: Phase, patience: Duration) -> Result<Reply, Stop> {
        let patience = if self.has_answered { patience } else { patience.min(self.first_within) };
        let waits = self.waits(phase, patience);
        match self.hush.within(phase, waits, self.wire.reply()).await {
            Ok(Ok(reply)) => Ok(reply),
            Ok(Err(error)) => Err(Stop { phase, refusal: broken_line(phase, &error.to_string()) }),
            Err(_) => {
                self.was_silent = true;
                Err(late(phase))
            }
        }
    }

    /// Whether it was waited for in vain, rather than closed.
    pub(super) fn was_silent(&self) -> bool {
        self.was_silent
    }

    /// Whether something was asked that was never answered, or the server closes it.
    pub(super) fn is_broken(&self) -> bool {
        self.is_broken
    }

    /// Whether another message may go over it, with nothing left to hear.
    pub(super) fn is_fit(&self) -> bool {
        !self.is_broken && !self.wire.has_more()
    }

    /// Messages that it has carried, or that were refused.
    pub(super) fn messages(&self) -> u32 {
        self.messages
    }

    /// Says goodbye; what the server answers does not matter.
    pub(super) async fn quit(mut self, patience: Duration) {
        let goodbye = async {
            self.wire.send(b"QUIT\r\n").await?;
            self.wire.reply().await
        };
        if timeout(patience, goodbye).await.is_err() {
            tracing::debug!("the mail server did not answer QUIT");
        }
    }
}

async fn encrypted(wire: Wire, settings: &SmtpSettings, tls: Option<&ClientTls>) -> Result<Wire, Refusal> {
    let relay = |words: &str| lasting_refusal(RefusalKind::Relay, words);
    let tls = tls.ok_or_else(|| relay("TLS is not set up"))?;
    wire.encrypted(tls).await.map_err(|e| relay(&format!("no TLS with {}:{}: {e}", settings.host, settings.port)))
}

/// What a command's answer is about.
fn phase_of(command: &str) -> Phase {
    match command.get(..4) {
        Some("RCPT") => Phase::Rcpt,
        Some("DATA") => Phase::Data,
        _ => Phase::Mail,
    }
}

/// Whether the answer lets the message go on.
fn judge(phase: Phase, command: &str, reply: &Reply) -> Result<(), Stop> {
    let stop = |refusal| Err(Stop { phase, refusal });
    match reply.code {
        354 if phase == Phase::Data => Ok(()),
        200..300 if phase != Phase::Data => Ok(()),
        code if code < 400 || command.starts_with("RSET") => {
            stop(broken_line(phase, &format!("{} was answered with {}", command.trim_end(), reply.code)))
        }
        code => stop(refusal_of(phase, code, &reply.words())),
    }
}

/// The reply where it is the wanted one, while the session is being opened.
fn expect(phase: Phase, wanted: u16, reply: Reply) -> Result<Reply, Refusal> {
    match reply.code {
        code if code == wanted => Ok(reply),
        code @ 400.. => Err(refusal_of(phase, code, &reply.words())),
        code => Err(broken_line(phase, &format!("{code} {} where {wanted} was to come", reply.words()))),
    }
}

/// It was waited for in vain.
pub(super) fn late(phase: Phase) -> Stop {
    Stop { phase, refusal: broken_line(phase, "the server did not answer in time") }
}
