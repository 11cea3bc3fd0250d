//! A small SMTP server on loopback that takes every message and keeps it: the demo's post box.
//!
//! It speaks enough of RFC 5321 for any client, refuses nothing, forwards nothing and sends nothing.

use super::eml;
use super::files::write_durably;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// Longest line that is read, in octets; RFC 5321 §4.5.3.1.6 asks for 1000.
const LINE_OCTETS_MAX: u64 = 65_536;
/// Largest message that is kept, in octets.
const MESSAGE_OCTETS_MAX: usize = 16 * 1024 * 1024;

/// A message as it arrived.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Kept {
    /// Envelope sender.
    pub from: String,
    /// Envelope recipients.
    pub to: Vec<String>,
    /// The message, without the dots that SMTP adds.
    pub bytes: Vec<u8>,
    /// Its file, where messages are kept in a folder.
    pub file: Option<PathBuf>,
}

/// The server; it ends when this is dropped.
pub struct Keeper {
    address: SocketAddr,
    postbox: Arc<Postbox>,
    _serving: JoinSet<()>,
}

impl Keeper {
    /// Listens on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// Where there is none.
    pub async fn start() -> std::io::Result<Self> {
        Self::start_over(Postbox::default()).await
    }

    /// The same, but each message is an `.eml` file in `folder` before it is said to be kept.
    ///
    /// # Errors
    /// Where there is no free port.
    pub async fn start_in(folder: PathBuf) -> std::io::Result<Self> {
        Self::start_over(Postbox { folder: Some(folder), kept: Mutex::default() }).await
    }

    async fn start_over(postbox: Postbox) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let postbox = Arc::new(postbox);
        let mut serving = JoinSet::new();
        serving.spawn(serve(listener, Arc::clone(&postbox)));
        Ok(Self { address, postbox, _serving: serving })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What has come so far, in order.
    #[must_use]
    pub fn kept(&self) -> Vec<Kept> {
        self.postbox.lock().clone()
    }
}

/// Where messages are kept.
#[derive(Default)]
struct Postbox {
    folder: Option<PathBuf>,
    kept: Mutex<Vec<Kept>>,
}

impl Postbox {
    fn lock(&self) -> MutexGuard<'_, Vec<Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn keep(&self, mut message: Kept) -> std::io::Result<()> {
        if let Some(folder) = &self.folder {
            let id = eml::header(&message.bytes, "Message-ID: ").unwrap_or_default();
            let file = folder.join(eml::file_name(id, &message.bytes));
            let written = tokio::task::spawn_blocking(move || {
                write_durably(&file, &message.bytes, 0o600).map(|()| Kept { file: Some(file), ..message })
            });
            message = written.await.map_err(std::io::Error::other)??;
        }
        self.lock().push(message);
        Ok(())
    }
}

async fn serve(listener: TcpListener, postbox: Arc<Postbox>) {
    let mut sessions = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        while sessions.try_join_next().is_some() {}
        let postbox = Arc::clone(&postbox);
        sessions.spawn(async move {
            if let Err(error) = session(stream, &postbox).await {
                tracing::debug!(%error, "a mail session broke off");
            }
        });
    }
}

async fn session(stream: TcpStream, postbox: &Postbox) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut line = BufReader::new(stream);
    line.write_all(b"220 localhost keeps what it gets\r\n").await?;
    let mut draft = Kept::default();
    while let Some(command) = read_line(&mut line).await? {
        let command = String::from_utf8_lossy(&command).trim_end().to_owned();
        let verb = command.get(..4).unwrap_or_default().to_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => "250-localhost\r\n250 8BITMIME\r\n",
            "MAIL" => {
                draft = Kept { from: mailbox(&command), ..Kept::default() };
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
                match postbox.keep(Kept { bytes, ..std::mem::take(&mut draft) }).await {
                    Ok(()) => "250 2.0.0 kept\r\n",
                    Err(error) => {
                        tracing::warn!(%error, "a message could not be written");
                        "452 4.3.1 it cannot be kept now\r\n"
                    }
                }
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
