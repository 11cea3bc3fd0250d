//! The octets between us and a server: whole writes out, bounded replies in.
//!
//! A reply is read to its end or not at all, and a server that never ends one is left after [`REPLY_OCTETS_MAX`].

use crate::edge::tls::{ClientTls, Stream};
use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Longest reply that is read, with all its lines, in octets. RFC 5321 §4.5.3.1.5 asks for 512 a line.
const REPLY_OCTETS_MAX: usize = 16 * 1024;
/// Octets asked for at a time.
const READ_OCTETS: usize = 2 * 1024;

/// A server's answer (RFC 5321 §4.2).
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Reply {
    /// Between 200 and 599.
    pub(super) code: u16,
    /// The words of each line.
    pub(super) lines: Vec<String>,
}

impl Reply {
    /// Code and words in one line, with an enhanced code that each line repeats (RFC 2034 §4) once.
    pub(super) fn words(&self) -> String {
        let first = self.lines.first().map_or("", String::as_str);
        let enhanced = first.split_whitespace().next().filter(|word| word.contains('.'));
        let rest = self.lines.iter().skip(1).map(|line| match enhanced {
            Some(code) => line.strip_prefix(code).filter(|rest| rest.starts_with(' ')).map_or(line.as_str(), str::trim_start),
            None => line.as_str(),
        });
        std::iter::once(first).chain(rest).collect::<Vec<_>>().join(" ")
    }
}

/// Why there is no reply.
#[derive(Debug, thiserror::Error)]
pub(super) enum WireError {
    /// The line broke.
    #[error("{0}")]
    Broken(#[from] io::Error),
    /// The server closed it.
    #[error("the server closed the connection")]
    Closed,
    /// What came is no SMTP.
    #[error("the server does not speak SMTP: {0}")]
    Nonsense(String),
}

/// An open line.
pub(super) struct Wire {
    stream: Box<dyn Stream>,
    /// What was read and not taken yet.
    read: Vec<u8>,
}

impl Wire {
    pub(super) fn new(stream: impl Stream + 'static) -> Self {
        Self { stream: Box::new(stream), read: Vec::new() }
    }

    /// The same line, encrypted from here on. What came in clear after the server's go-ahead could be anybody's: it ends
    /// the line (RFC 3207 §4.1 forgets what was known; CVE-2011-0411 is what happens to those who do not).
    pub(super) async fn encrypted(self, tls: &ClientTls) -> Result<Self, WireError> {
        if !self.read.is_empty() {
            return Err(WireError::Nonsense("words before TLS began".to_owned()));
        }
        Ok(Self::new(tls.connect(self.stream).await?))
    }

    /// Sends `octets` in one piece.
    pub(super) async fn send(&mut self, octets: &[u8]) -> Result<(), WireError> {
        self.stream.write_all(octets).await?;
        Ok(self.stream.flush().await?)
    }

    /// The next whole reply.
    pub(super) async fn reply(&mut self) -> Result<Reply, WireError> {
        loop {
            if let Some((reply, octets)) = parse(&self.read)? {
                self.read.drain(..octets);
                return Ok(reply);
            }
            if self.read.len() >= REPLY_OCTETS_MAX {
                return Err(WireError::Nonsense("an answer without end".to_owned()));
            }
            self.read.reserve(READ_OCTETS);
            let mut room = (&mut self.stream).take(READ_OCTETS as u64);
            if room.read_buf(&mut self.read).await? == 0 {
                return Err(WireError::Closed);
            }
        }
    }

    /// Whether the server has said something that nobody asked for.
    pub(super) fn has_more(&self) -> bool {
        !self.read.is_empty()
    }
}

/// A connection whose writes leave at once: a message waits for no acknowledgement of the one before.
pub(super) async fn connect(host: &str, port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect((host, port)).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// The reply at the beginning of `octets` and how many it takes; `None` where it has not come to its end.
fn parse(octets: &[u8]) -> Result<Option<(Reply, usize)>, WireError> {
    let mut reply: Option<Reply> = None;
    let mut taken = 0;
    for line in octets.split_inclusive(|octet| *octet == b'\n') {
        let Some(text) = line.strip_suffix(b"\n") else { break };
        taken += line.len();
        let text = String::from_utf8_lossy(text.strip_suffix(b"\r").unwrap_or(text)).into_owned();
        let nonsense = || WireError::Nonsense(text.chars().take(200).collect());
        let code: u16 = text
            .get(..3)
            .filter(|code| code.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|code| code.parse().ok())
            .ok_or_else(nonsense)?;
        let (is_last, words) = match text.get(3..).and_then(|rest| Some((rest.chars().next()?, rest.get(1..)?))) {
            None => (true, ""),
            Some((' ', words)) => (true, words),
            Some(('-', words)) => (false, words),
            Some(_) => return Err(nonsense()),
        };
        let reply = reply.get_or_insert_with(|| Reply { code, lines: Vec::new() });
        if reply.code != code || !(200..600).contains(&code) {
            return Err(nonsense());
        }
        reply.lines.push(words.to_owned());
        if is_last {
            return Ok(Some((reply.clone(), taken)));
        }
    }
    // Nothing that long is a line of an answer, whatever is still to come.
    let rest = octets.get(taken..).unwrap_or_default();
    if rest.len() >= 4 && !rest.iter().take(3).all(u8::is_ascii_digit) {
        return Err(WireError::Nonsense(String::from_utf8_lossy(rest).chars().take(200).collect()));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(octets: &str) -> Option<(u16, Vec<String>, usize)> {
        parse(octets.as_bytes()).unwrap().map(|(reply, taken)| (reply.code, reply.lines, taken))
    }

    #[test]
    fn a_reply_is_read_to_its_end_and_no_further() {
        let check = |octets: &str, code: u16, lines: &[&str], taken| {
            assert_eq!(read(octets), Some((code, lines.iter().map(|l| (*l).to_owned()).collect(), taken)), "{octets:?}");
        };
        check("250 ok\r\n", 250, &["ok"], 8);
        check("250 ok\r\n354 go\r\n", 250, &["ok"], 8);
        check("250\r\n", 250, &[""], 5);
        check("250-one\r\n250-two\n250 three\r\n", 250, &["one", "two", "three"], 28);
        for octets in ["", "25", "250 ok", "250-one\r\n", "250-one\r\n250 two"] {
            assert_eq!(read(octets), None, "{octets:?}");
        }
    }

    #[test]
    fn what_is_no_reply_is_not_taken_for_one() {
        for octets in [
            "HTTP/1.1 400 Bad Request\r\n",
            "\u{1}\u{2}\u{3}\r\n",
            "999 what\r\n",
            "100 what\r\n",
            "250-a\r\n550 b\r\n",
            "250x\r\n",
            "garbage without an end",
        ] {
            assert!(matches!(parse(octets.as_bytes()), Err(WireError::Nonsense(_))), "{octets:?}");
        }
    }

    #[test]
    fn an_enhanced_code_that_each_line_repeats_is_said_once() {
        let words = |lines: &[&str]| Reply { code: 550, lines: lines.iter().map(|l| (*l).to_owned()).collect() }.words();
        assert_eq!(words(&["5.1.1 The account", "5.1.1 does not exist"]), "5.1.1 The account does not exist");
        assert_eq!(words(&["no", "such user"]), "no such user");
    }

    #[tokio::test]
    async fn an_answer_without_end_is_left_early() {
        let (ours, mut theirs) = tokio::io::duplex(1024);
        let server = tokio::spawn(async move {
            let mut sent = 0;
            while theirs.write_all(b"220-more and more and more\r\n").await.is_ok() {
                sent += 28;
            }
            sent
        });
        let mut wire = Wire::new(ours);
        assert!(matches!(wire.reply().await, Err(WireError::Nonsense(_))));
        drop(wire);
        assert!(server.await.unwrap() < 64 * 1024);
    }
}
