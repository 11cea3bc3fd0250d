//! A small SMTP server on loopback that takes every message and keeps it: the demo's post box.
//!
//! It speaks enough of RFC 5321 for any client, refuses nothing, forwards nothing and sends nothing.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// Longest line that is read, in octets; RFC 5321 §4.5.3.1.6 asks for 1000.
const LINE_OCTETS_MAX: u64 = 65_536;
/// Largest message that is kept, in octets.
const MESSAGE_OCTETS_MAX: usize = 16 * 1024 * 1024;

/// A message as it arrived.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept {
    /// Envelope sender.
    pub from: String,
    /// Envelope recipients.
    pub to: Vec<String>,
    /// The message, without the dots that SMTP adds.
    pub bytes: Vec<u8>,
}

/// The server; it ends when this is dropped.
pub struct Keeper {
    address: SocketAddr,
    kept: Arc<Mutex<Vec<Kept>>>,
    _serving: JoinSet<()>,
}

impl Keeper {
    /// Listens on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// Where there is none.
    pub async fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let kept = Arc::new(Mutex::new(Vec::new()));
        let mut serving = JoinSet::new();
        serving.spawn(serve(listener, Arc::clone(&kept)));
        Ok(Self { address, kept, _serving: serving })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What has come so far, in order.
    #[must_use]
    pub fn kept(&self) -> Vec<Kept> {
        lock(&self.kept).clone()
    }
}

fn lock(kept: &Mutex<Vec<Kept>>) -> MutexGuard<'_, Vec<Kept>> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(listener: TcpListener, kept: Arc<Mutex<Vec<Kept>>>) {
    let mut sessions = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        while sessions.try_join_next().is_some() {}
        let kept = Arc::clone(&kept);
        sessions.spawn(async move {
            if let Err(error) = session(stream, &kept).await {
                tracing::debug!(%error, "a mail session broke off");
            }
        });
    }
}

async fn session(stream: TcpStream, kept: &Mutex<Vec<Kept>>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut line = BufReader::new(stream);
    line.write_all(b"220 localhost keeps what it gets\r\n").await?;
    let mut draft = Kept { from: String::new(), to: Vec::new(), bytes: Vec::new() };
    while let Some(command) = read_line(&mut line).await? {
        let command = String::from_utf8_lossy(&command).trim_end().to_owned();
        let verb = command.get(..4).unwrap_or_default().to_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => "250-localhost\r\n250 8BITMIME\r\n",
            "MAIL" => {
                draft = Kept { from: mailbox(&command), to: Vec::new(), bytes: Vec::new() };
                "250 2.1.0 ok\r\n"
            }
            "RCPT" => {
                draft.to.push(mailbox(&command));
                "250 2.1.5 ok\r\n"
            }
            "DATA" if draft.to.is_empty() => "503 5.5.1 nobody to send it to\r\n",
            "DATA" => {
                line.write_all(b"354 go ahead\r\n").await?;
                let Some(bytes) = read_message(&mut line).await? else { return Ok(()) };
                let to = std::mem::take(&mut draft.to);
                lock(kept).push(Kept { from: draft.from.clone(), to, bytes });
                "250 2.0.0 kept\r\n"
            }
            "QUIT" => {
                line.write_all(b"221 2.0.0 bye\r\n").await?;
                return Ok(());
            }
            "HELO" | "RSET" | "NOOP" => "250 2.0.0 ok\r\n",
            _ => "502 5.5.1 not here\r\n",
        };
        line.write_all(answer.as_bytes()).await?;
    }
    Ok(())
}

/// One line with its end; `None` at the end of the stream, or where a line has no end.
async fn read_line(line: &mut BufReader<TcpStream>) -> std::io::Result<Option<Vec<u8>>> {
    let mut octets = Vec::new();
    (&mut *line).take(LINE_OCTETS_MAX).read_until(b'\n', &mut octets).await?;
    Ok(octets.ends_with(b"\n").then_some(octets))
}

/// Everything up to the lone dot; `None` where the line broke before it, or the message is too large to keep.
async fn read_message(line: &mut BufReader<TcpStream>) -> std::io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    while let Some(octets) = read_line(line).await? {
        if octets == b".\r\n" {
            return Ok(Some(bytes));
        }
        bytes.extend_from_slice(octets.strip_prefix(b".").unwrap_or(&octets));
        if bytes.len() > MESSAGE_OCTETS_MAX {
            break;
        }
    }
    Ok(None)
}

/// What stands between the angle brackets.
fn mailbox(command: &str) -> String {
    let inside = command.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map_or_else(String::new, |(mailbox, _)| mailbox.to_owned())
}
