//! The line to an IMAP server (RFC 9051, and RFC 3501 where servers are older): commands out, answers in. imap-proto reads
//! the answers; here they are gathered, within bounds, and told apart into what was said on the way and how it ended.

use crate::edge::tls::{ClientTls, Stream};
use imap_proto::{Outcome, Response, Status};
use std::io;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

/// For a command with all its answers.
const PATIENCE: Duration = Duration::from_secs(60);
/// Octets of one answer besides the mail that it may hold; a search over a million mails has eight million.
const ANSWER_OCTETS_MAX: usize = 16 * 1024 * 1024;
/// Octets asked for at a time.
const READ_OCTETS: usize = 16 * 1024;

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub(super) enum LineError {
    /// The line is of no use any more.
    #[error("{0}")]
    Broken(String),
    /// The server said NO or BAD; the line goes on.
    #[error("{0}")]
    Refused(String),
}

impl From<io::Error> for LineError {
    fn from(error: io::Error) -> Self {
        Self::Broken(error.to_string())
    }
}

impl From<LineError> for io::Error {
    fn from(error: LineError) -> Self {
        Self::other(error.to_string())
    }
}

/// An open line.
pub(super) struct Line {
    stream: Box<dyn Stream>,
    /// What was read and not taken yet.
    read: Vec<u8>,
    /// Commands so far: each has its number as its tag.
    commands: u32,
    /// Octets that one answer may have.
    answer_octets_max: usize,
}

impl Line {
    pub(super) fn new(stream: impl Stream + 'static, mail_octets_max: u64) -> Self {
        let mail = usize::try_from(mail_octets_max).unwrap_or(usize::MAX);
        let answer_octets_max = ANSWER_OCTETS_MAX.saturating_add(mail);
        Self { stream: Box::new(stream), read: Vec::new(), commands: 0, answer_octets_max }
    }

    /// The same line, encrypted from here on. What came in clear behind the go-ahead could be anybody's: it ends the line.
    pub(super) async fn encrypted(self, tls: &ClientTls) -> Result<Self, LineError> {
        if !self.read.is_empty() {
            return Err(LineError::Broken("words before TLS began".to_owned()));
        }
        Ok(Self { stream: Box::new(tls.connect(self.stream).await?), ..self })
    }

    /// The server's greeting.
    pub(super) async fn greeting(&mut self) -> Result<(), LineError> {
        let greeted = self.hear(|said| {
            let Response::Data { status, outcome } = said else {
                return Err(LineError::Broken("the server does not greet as IMAP servers do".to_owned()));
            };
            if *status == Status::Ok { Ok(()) } else { Err(LineError::Broken(words(outcome))) }
        });
        within(greeted).await??
    }

    /// Carries out `command`; `on_the_way` is given what is said before its end.
    pub(super) async fn ask(&mut self, command: &str, on_the_way: impl FnMut(&Response<'_>) + Send) -> Result<(), LineError> {
        self.ask_and_prove(command, None, on_the_way).await
    }

    /// The same; where the server wants to hear more (`+`), it is given `proof`.
    pub(super) async fn ask_and_prove(
        &mut self,
        command: &str,
        mut proof: Option<&str>,
        mut on_the_way: impl FnMut(&Response<'_>) + Send,
    ) -> Result<(), LineError> {
        self.commands += 1;
        let tag = format!("b{}", self.commands);
        within(async {
            self.send(&format!("{tag} {command}\r\n")).await?;
            loop {
                let said = self.hear(|said| {
                    if let Response::Done { tag: of, status, outcome } = said
                        && of.0 == tag
                    {
                        let is_done = *status == Status::Ok;
                        Said::End(if is_done { Ok(()) } else { Err(LineError::Refused(words(outcome))) })
                    } else if let Response::Data { status: Status::Bye, outcome } = said
                        && !command.starts_with("LOGOUT")
                    {
                        Said::End(Err(LineError::Broken(words(outcome))))
                    } else if matches!(said, Response::Continue(_)) {
                        Said::GoOn
                    } else {
                        on_the_way(said);
                        Said::More
                    }
                });
                match said.await? {
                    Said::End(end) => return end,
                    Said::GoOn => match proof.take() {
                        Some(proof) => self.send(&format!("{proof}\r\n")).await?,
                        // It asks for more than there is: this takes the command back (RFC 9051 §6.2.2).
                        None => self.send("*\r\n").await?,
                    },
                    Said::More => {}
                }
            }
        })
        .await?
    }

    async fn send(&mut self, octets: &str) -> Result<(), LineError> {
        self.stream.write_all(octets.as_bytes()).await?;
        Ok(self.stream.flush().await?)
    }

    /// Reads the next answer and gives it to `take`.
    async fn hear<T>(&mut self, take: impl FnOnce(&Response<'_>) -> T) -> Result<T, LineError> {
        loop {
            // Whatever a server says ends with a line; before that there is nothing to make sense of.
            if self.read.ends_with(b"\r\n") {
                match Response::parse(&self.read) {
                    Ok((rest, said)) => {
                        let octets = self.read.len() - rest.len();
                        let taken = take(&said);
                        self.read.drain(..octets);
                        return Ok(taken);
                    }
                    Err(error) if error.is_incomplete() => {}
                    Err(_) => {
                        let nonsense = || LineError::Broken("the server does not speak IMAP".to_owned());
                        let octets = unknown_line(&self.read).ok_or_else(nonsense)?;
                        self.read.drain(..octets);
                        continue;
                    }
                }
            }
            if self.read.len() >= self.answer_octets_max {
                return Err(LineError::Broken("an answer without end".to_owned()));
            }
            self.read.reserve(READ_OCTETS);
            let mut room = (&mut self.stream).take(READ_OCTETS as u64);
            if room.read_buf(&mut self.read).await? == 0 {
                return Err(LineError::Broken("the server closed the connection".to_owned()));
            }
        }
    }
}

/// What an answer is to a command.
enum Said {
    End(Result<(), LineError>),
    GoOn,
    More,
}

async fn within<T>(work: impl Future<Output = T>) -> Result<T, LineError> {
    timeout(PATIENCE, work).await.map_err(|_| LineError::Broken("the server did not answer in time".to_owned()))
}

/// The octets of an untagged line of a kind that nobody asked for; a line that a literal follows is none.
fn unknown_line(read: &[u8]) -> Option<usize> {
    let end = memchr::memmem::find(read, b"\r\n")?;
    let line = read.get(..end)?;
    (line.starts_with(b"* ") && !line.ends_with(b"}") && line.len() < READ_OCTETS).then_some(end + 2)
}

/// What the server said to it.
fn words(outcome: &Outcome<'_>) -> String {
    let text = outcome.information.as_deref().unwrap_or("the server gave no reason");
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}
