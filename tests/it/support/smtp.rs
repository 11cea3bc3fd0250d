//! A mail server that does as it is told: answers, drops, hangs or lies at any step, and keeps what it took.

use boardwatch::edge::keeper::Kept;
use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{ServerConfig, crypto};

/// What the server does at a step instead of the usual.
#[derive(Clone, Debug)]
pub enum Act {
    /// Says this (without its line end) and goes on.
    Say(&'static str),
    /// Says this and closes the line.
    SayAndDrop(&'static str),
    /// Closes the line without a word.
    Drop,
    /// Says nothing more.
    Hang,
    /// Says the usual, but only after this time.
    Late(Duration),
    /// Says one character after another of an answer, so slowly that it never comes to its end.
    Drip,
    /// Says this again and again without end.
    Flood(&'static str),
    /// Takes the message, as if all were well, and closes the line without a word.
    TakeAndDrop,
}

/// What is thrown away of what comes in one piece.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Deaf {
    ToGroups,
    BehindTheFirst,
    BehindMessages,
}

/// What the server offers and where it misbehaves. Steps: `connect`, `EHLO`, `STARTTLS`, `AUTH`, `MAIL`, `RCPT`, `DATA`,
/// `content`, `RSET`, `QUIT`; and the domain of a recipient, in the place of `RCPT`, or with `content ` before it.
#[derive(Default)]
pub struct Script {
    offers: Vec<&'static str>,
    acts: HashMap<&'static str, VecDeque<Act>>,
    tls: Option<TlsAcceptor>,
    tls_first: bool,
    deaf: Option<Deaf>,
}

impl Script {
    /// Offers PIPELINING, throws away what comes with other commands in one piece, and answers nothing to it.
    pub fn deaf_to_groups(mut self) -> Self {
        self.deaf = Some(Deaf::ToGroups);
        self.offering("PIPELINING")
    }

    /// Offers PIPELINING, answers the first of the commands that come in one piece, and throws the others away.
    pub fn hearing_the_first_alone(mut self) -> Self {
        self.deaf = Some(Deaf::BehindTheFirst);
        self.offering("PIPELINING")
    }

    /// Offers PIPELINING, and throws away what comes in one piece with a message's final dot.
    pub fn deaf_behind_messages(mut self) -> Self {
        self.deaf = Some(Deaf::BehindMessages);
        self.offering("PIPELINING")
    }

    /// Adds an EHLO keyword.
    pub fn offering(mut self, keyword: &'static str) -> Self {
        self.offers.push(keyword);
        self
    }

    /// Does these at the next visits to `step`, one each; then as usual.
    pub fn on(mut self, step: &'static str, acts: impl IntoIterator<Item = Act>) -> Self {
        self.acts.entry(step).or_default().extend(acts);
        self
    }

    /// Speaks TLS after STARTTLS, or from the first byte; answers with the certificate to trust, in PEM.
    pub fn with_tls(self, first: bool) -> (Self, Vec<u8>) {
        self.with_tls_as("localhost", first)
    }

    /// The same with a certificate for `name`.
    pub fn with_tls_as(mut self, name: &str, first: bool) -> (Self, Vec<u8>) {
        let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        self.tls = Some(TlsAcceptor::from(Arc::new(config)));
        self.tls_first = first;
        (self, made.cert.pem().into_bytes())
    }

    /// Starts to listen on a free port.
    pub async fn start(self) -> SmtpServer {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State {
            script: Mutex::new(self.acts),
            offers: self.offers,
            tls: self.tls,
            tls_first: self.tls_first,
            deaf: self.deaf,
            ..State::default()
        });
        let mut serving = JoinSet::new();
        serving.spawn(serve(listener, Arc::clone(&state)));
        SmtpServer { address, state, _serving: serving }
    }
}

#[derive(Default)]
struct State {
    script: Mutex<HashMap<&'static str, VecDeque<Act>>>,
    offers: Vec<&'static str>,
    tls: Option<TlsAcceptor>,
    tls_first: bool,
    deaf: Option<Deaf>,
    kept: Mutex<Vec<Kept>>,
    heard: Mutex<Vec<String>>,
    lines: Mutex<Lines>,
    moves: Arc<AtomicUsize>,
}

impl State {
    fn moved(&self) {
        self.moves.fetch_add(1, Ordering::Relaxed);
    }
}

#[derive(Default, Clone, Copy)]
struct Lines {
    opened: usize,
    open: usize,
    open_max: usize,
}

/// The running server.
pub struct SmtpServer {
    address: SocketAddr,
    state: Arc<State>,
    _serving: JoinSet<()>,
}

impl SmtpServer {
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Does these at the next visits to `step`, one each, from now on.
    pub fn will(&self, step: &'static str, acts: impl IntoIterator<Item = Act>) {
        self.state.script.lock().unwrap().entry(step).or_default().extend(acts);
    }

    /// Does as usual at `step` from now on.
    pub fn forget(&self, step: &'static str) {
        self.state.script.lock().unwrap().remove(step);
    }

    /// The messages it took.
    pub fn kept(&self) -> Vec<Kept> {
        self.state.kept.lock().unwrap().clone()
    }

    /// How many those are.
    pub fn taken(&self) -> usize {
        self.state.kept.lock().unwrap().len()
    }

    /// Every command it heard in clear or in confidence, in order.
    pub fn heard(&self) -> Vec<String> {
        self.state.heard.lock().unwrap().clone()
    }

    /// Waits until somebody has said a command that begins like this.
    pub async fn has_heard(&self, verb: &str) {
        while !self.heard().iter().any(|command| command.starts_with(verb)) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// How often somebody connected.
    pub fn lines_opened(&self) -> usize {
        self.state.lines.lock().unwrap().opened
    }

    /// How many were connected at once, at most.
    pub fn lines_open_max(&self) -> usize {
        self.state.lines.lock().unwrap().open_max
    }

    /// Counts whatever it hears or says, but for what is said without end.
    pub fn moves(&self) -> Arc<AtomicUsize> {
        self.state.moves.clone()
    }

    /// How many are connected now.
    pub fn lines_open(&self) -> usize {
        self.state.lines.lock().unwrap().open
    }
}

async fn serve(listener: TcpListener, state: Arc<State>) {
    let mut sessions = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        stream.set_nodelay(true).unwrap();
        let state = Arc::clone(&state);
        state.moved();
        sessions.spawn(async move {
            {
                let mut lines = state.lines.lock().unwrap();
                lines.opened += 1;
                lines.open += 1;
                lines.open_max = lines.open_max.max(lines.open);
            }
            let boxed: Box<dyn Stream> = match (&state.tls, state.tls_first) {
                (Some(tls), true) => match tls.accept(stream).await {
                    Ok(tls) => Box::new(tls),
                    Err(_) => return,
                },
                _ => Box::new(stream),
            };
            let _ = session(boxed, &state).await;
            state.lines.lock().unwrap().open -= 1;
        });
    }
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// What came of a step.
enum Next {
    GoOn,
    Refused,
    End,
}

async fn step(line: &mut BufReader<Box<dyn Stream>>, state: &State, name: &str, usual: &str) -> std::io::Result<Next> {
    let act = state.script.lock().unwrap().get_mut(name).and_then(VecDeque::pop_front);
    state.moved();
    match act {
        None => {
            line.write_all(format!("{usual}\r\n").as_bytes()).await?;
            line.flush().await?;
            Ok(Next::GoOn)
        }
        Some(Act::Say(words)) => {
            line.write_all(format!("{words}\r\n").as_bytes()).await?;
            line.flush().await?;
            Ok(Next::Refused)
        }
        Some(Act::SayAndDrop(words)) => {
            line.write_all(format!("{words}\r\n").as_bytes()).await?;
            line.flush().await?;
            Ok(Next::End)
        }
        Some(Act::Drop | Act::TakeAndDrop) => Ok(Next::End),
        Some(Act::Hang) => std::future::pending().await,
        Some(Act::Late(after)) => {
            tokio::time::sleep(after).await;
            state.moved();
            line.write_all(format!("{usual}\r\n").as_bytes()).await?;
            line.flush().await?;
            Ok(Next::GoOn)
        }
        Some(Act::Drip) => loop {
            line.write_all(b"2").await?;
            line.flush().await?;
            tokio::time::sleep(Duration::from_millis(20)).await;
        },
        Some(Act::Flood(words)) => loop {
            line.write_all(words.as_bytes()).await?;
        },
    }
}

async fn session(stream: Box<dyn Stream>, state: &State) -> std::io::Result<()> {
    let mut line = BufReader::new(stream);
    if let Next::End = step(&mut line, state, "connect", "220 test ESMTP").await? {
        return Ok(());
    }
    let (mut from, mut to) = (String::new(), Vec::new());
    loop {
        let mut command = String::new();
        if line.read_line(&mut command).await? == 0 {
            return Ok(());
        }
        state.moved();
        let command = command.trim_end().to_owned();
        if state.deaf == Some(Deaf::ToGroups) && !line.buffer().is_empty() {
            line.consume(line.buffer().len());
            continue;
        }
        if state.deaf == Some(Deaf::BehindTheFirst) {
            line.consume(line.buffer().len());
        }
        state.heard.lock().unwrap().push(command.clone());
        let verb = command.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        let mailbox = || command.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
        let next = match verb.as_str() {
            "HELO" => step(&mut line, state, "HELO", "250 test").await?,
            "EHLO" => {
                let offers = state.offers.iter().fold("250-test".to_owned(), |all, o| format!("{all}\r\n250-{o}"));
                step(&mut line, state, "EHLO", &format!("{offers}\r\n250 8BITMIME")).await?
            }
            "STARTTLS" => {
                let next = step(&mut line, state, "STARTTLS", "220 go ahead").await?;
                if let (Next::GoOn, Some(tls)) = (&next, &state.tls) {
                    line = BufReader::new(Box::new(tls.accept(line.into_inner()).await?) as Box<dyn Stream>);
                }
                next
            }
            "AUTH" => step(&mut line, state, "AUTH", "235 2.7.0 welcome").await?,
            "MAIL" => {
                (from, to) = (String::new(), Vec::new());
                let next = step(&mut line, state, "MAIL", "250 2.1.0 ok").await?;
                if let Next::GoOn = next {
                    from = mailbox();
                }
                next
            }
            "RCPT" | "DATA" if from.is_empty() => step(&mut line, state, "order", "503 5.5.1 MAIL first").await?,
            "RCPT" => {
                let whose = mailbox().rsplit_once('@').map(|(_, domain)| domain.to_owned()).unwrap_or_default();
                let name = if state.script.lock().unwrap().contains_key(whose.as_str()) { &*whose } else { "RCPT" };
                let next = step(&mut line, state, name, "250 2.1.5 ok").await?;
                if let Next::GoOn = next {
                    to.push(mailbox());
                }
                next
            }
            "DATA" if to.is_empty() => step(&mut line, state, "nobody", "554 5.5.1 no valid recipients").await?,
            "DATA" => match step(&mut line, state, "DATA", "354 go ahead").await? {
                Next::GoOn => {
                    let bytes = read_message(&mut line, state).await?;
                    if state.deaf == Some(Deaf::BehindMessages) {
                        line.consume(line.buffer().len());
                    }
                    let whose =
                        to.first().and_then(|to: &String| to.rsplit_once('@')).map(|(_, domain)| format!("content {domain}"));
                    let whose = whose.filter(|whose| state.script.lock().unwrap().contains_key(whose.as_str()));
                    let name = whose.as_deref().unwrap_or("content");
                    let act = state.script.lock().unwrap().get(name).and_then(|acts| acts.front().cloned());
                    if matches!(act, None | Some(Act::TakeAndDrop | Act::Late(_))) {
                        let kept = Kept { from: from.clone(), to: std::mem::take(&mut to), bytes, ..Kept::default() };
                        state.kept.lock().unwrap().push(kept);
                    }
                    step(&mut line, state, name, "250 2.0.0 taken").await?
                }
                stopped @ (Next::Refused | Next::End) => stopped,
            },
            "QUIT" => {
                step(&mut line, state, "QUIT", "221 2.0.0 bye").await?;
                Next::End
            }
            "RSET" => step(&mut line, state, "RSET", "250 2.0.0 ok").await?,
            _ => step(&mut line, state, &verb, "502 5.5.1 not here").await?,
        };
        if let Next::End = next {
            return Ok(());
        }
    }
}

async fn read_message(line: &mut BufReader<Box<dyn Stream>>, state: &State) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        let mut octets = Vec::new();
        if line.read_until(b'\n', &mut octets).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        state.moved();
        if octets == b".\r\n" {
            return Ok(bytes);
        }
        bytes.extend_from_slice(octets.strip_prefix(b".").unwrap_or(&octets));
    }
}
