//! Mail as files: one `.eml` for each delivery, for trying out and for those who send by other means.
//!
//! The name is made from the message's own Date and Message-ID, so that a repeated delivery replaces its file: one file, one
//! delivery. `Ok` means that the file is on disk and stays there after a power cut.

use crate::domain::delivery::{Refusal, RefusalKind};
use crate::domain::text::Text;
use crate::edge::files::write_durably;
use crate::ports::{Mail, Message};
use chrono::{DateTime, Utc};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::io;
use std::path::PathBuf;

/// Writes messages into a folder.
#[derive(Clone, Debug)]
pub struct EmlMail {
    folder: PathBuf,
}

impl EmlMail {
    /// Files go to `folder`, which is made at the first message; nobody else may read it, for the files name people.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }
}

impl Mail for EmlMail {
    fn send(&self, message: Message) -> BoxFuture<'_, Result<String, Refusal>> {
        let path = self.folder.join(file_name(&message.message_id, &message.bytes));
        let write = move || write_durably(&path, &message.bytes, 0o600).map(|()| format!("written to {}", path.display()));
        async move {
            let done = tokio::task::spawn_blocking(write).await;
            // A full disk or a read-only folder is the relay's trouble: the delivery waits for better times.
            done.map_err(io::Error::other).and_then(|r| r).map_err(|e| Refusal {
                kind: RefusalKind::Relay,
                reply: Text::line(&format!("cannot write to {}: {e}", self.folder.display())).as_str().to_owned(),
            })
        }
        .boxed()
    }
}

/// `20201121T073000-0123456789ab.eml`; both parts come from the message, so that a repeat has the same name.
pub(super) fn file_name(message_id: &str, bytes: &[u8]) -> String {
    let id: String = message_id.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
    let time = date(bytes).map_or_else(|| "undated".to_owned(), |d| d.format("%Y%m%dT%H%M%S").to_string());
    format!("{time}-{id}.eml")
}

/// The `Date` header.
fn date(bytes: &[u8]) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc2822(header(bytes, "Date: ")?).ok().map(|d| d.to_utc())
}

/// The first line of the header that begins with `name`, which ends in ": ".
pub(super) fn header<'a>(bytes: &'a [u8], name: &str) -> Option<&'a str> {
    let mut head = bytes.split(|b| *b == b'\n').take_while(|line| *line != b"\r");
    let value = head.find_map(|line| line.strip_prefix(name.as_bytes()))?;
    std::str::from_utf8(value).ok().map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::subscriber::Address;

    fn message(id: &str, body: &str) -> Message {
        let bytes = format!("From: a@example.org\r\nDate: Sat, 21 Nov 2026 07:30:05 +0000\r\n\r\nDate: not this\r\n{body}\r\n")
            .into_bytes();
        let address = Address::parse("reader@example.org").unwrap();
        Message { message_id: format!("<{id}@boards.example.org>"), from: address.clone(), to: address, bytes }
    }

    #[tokio::test]
    async fn a_repeated_delivery_is_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let mail = EmlMail::new(folder.path().join("mail"));
        let once = mail.send(message("0123456789abcdef", "one")).await.unwrap();
        assert!(once.ends_with("/mail/20261121T073005-0123456789ab.eml"), "{once}");
        mail.send(message("0123456789abcdef", "two")).await.unwrap();
        mail.send(message("ffff456789abcdef", "three")).await.unwrap();
        let names: Vec<_> = std::fs::read_dir(folder.path().join("mail")).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names.len(), 2, "{names:?}");
        let kept = std::fs::read_to_string(folder.path().join("mail/20261121T073005-0123456789ab.eml")).unwrap();
        assert!(kept.ends_with("two\r\n"), "{kept}");
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_is_nobodys_fault() {
        let folder = tempfile::tempdir().unwrap();
        let blocked = folder.path().join("mail");
        std::fs::write(&blocked, "a file").unwrap();
        let refusal = EmlMail::new(blocked).send(message("0123456789abcdef", "x")).await.unwrap_err();
        assert_eq!(refusal.kind, RefusalKind::Relay);
        assert!(refusal.reply.starts_with("cannot write to "), "{}", refusal.reply);
    }
}
