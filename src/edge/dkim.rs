//! DKIM (RFC 6376): a signature over every message, where no relay makes one.
//!
//! The message is signed as the octets that leave, so what is signed is what is sent. Relaxed canonicalisation of headers and
//! body (§3.4.2, §3.4.4), rsa-sha256 or ed25519-sha256 (RFC 8463) by the kind of key.

use crate::config::DkimSettings;
use crate::domain::delivery::Refusal;
use crate::ports::{Mail, Message};
use futures::future::BoxFuture;
use lettre::address::Envelope;
use lettre::message::dkim::{
    DkimCanonicalization, DkimCanonicalizationType, DkimConfig, DkimSigningAlgorithm, DkimSigningKey, dkim_sign,
};
use lettre::message::header::{ContentTransferEncoding, HeaderName, HeaderValue, Headers};
use lettre::message::{Body, Mailbox};
use std::path::PathBuf;

/// Headers that a signature covers, also as absent where a message lacks them; those named twice cannot be added a second
/// time either (RFC 6376 §8.15). An unsigned `List-Unsubscribe` would be ignored (RFC 8058 §4).
const SIGNED: [&str; 24] = [
    "From",
    "From",
    "To",
    "To",
    "Subject",
    "Subject",
    "Date",
    "Date",
    "List-Unsubscribe",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "List-Unsubscribe-Post",
    "Reply-To",
    "Message-ID",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "List-Id",
    "List-Owner",
    "List-Help",
    "List-Post",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "Feedback-ID",
];

const SIGNATURE: HeaderName = HeaderName::new_from_ascii_str("DKIM-Signature");

/// Google, Yahoo and RFC 8301 §3.2 ask for at least 1024 bits and recommend 2048.
const RSA_OCTETS_MIN: usize = 256;

/// Why messages cannot be signed.
#[derive(Debug, thiserror::Error)]
pub enum DkimError {
    /// The file cannot be read.
    #[error("cannot read the DKIM key {path}")]
    Read {
        /// Where.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It is none of the forms that we can use.
    #[error(
        "{path} is no DKIM key: an RSA key in PKCS#1 (`-----BEGIN RSA PRIVATE KEY-----`; `openssl rsa -traditional` makes one) or an Ed25519 key as 32 bytes in base64"
    )]
    Key {
        /// Where.
        path: PathBuf,
        /// Why.
        #[source]
        source: lettre::message::dkim::DkimSigningKeyError,
    },
    /// Receivers take a signature of such a key for none.
    #[error("the RSA key {path} has fewer than 2048 bits")]
    Short {
        /// Where.
        path: PathBuf,
    },
}

/// A key, ready to sign.
#[derive(Debug)]
pub struct Dkim {
    config: DkimConfig,
}

impl Dkim {
    /// Reads the key; what is wrong with it is said here, not at the first message.
    ///
    /// # Errors
    /// Where the file cannot be read, is no key, or is an RSA key that receivers no longer accept.
    pub fn load(settings: &DkimSettings) -> Result<Self, DkimError> {
        let path = settings.private_key_file.clone();
        let key = std::fs::read_to_string(&path).map_err(|source| DkimError::Read { path: path.clone(), source })?;
        let rsa = key.contains("-----BEGIN");
        let algorithm = if rsa { DkimSigningAlgorithm::Rsa } else { DkimSigningAlgorithm::Ed25519 };
        let key = DkimSigningKey::new(key.trim(), algorithm).map_err(|source| DkimError::Key { path: path.clone(), source })?;
        let relaxed = DkimCanonicalization { header: DkimCanonicalizationType::Relaxed, body: DkimCanonicalizationType::Relaxed };
        let names = SIGNED.iter().map(|name| HeaderName::new_from_ascii_str(name)).collect();
        let dkim = Self { config: DkimConfig::new(settings.selector.clone(), settings.domain.clone(), key, names, relaxed) };
        // The signature is as long as the key.
        let probe = dkim.header(b"From: a@example.org\r\n\r\n").unwrap_or_default();
        let signature = probe.rsplit("b=").next().map(|b| b.split_whitespace().collect::<String>()).unwrap_or_default();
        if rsa && signature.trim_end_matches('=').len() * 6 / 8 < RSA_OCTETS_MIN {
            return Err(DkimError::Short { path });
        }
        Ok(dkim)
    }

    /// The message with its signature on top; its own octets are untouched.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        let mut signed = self.header(message).unwrap_or_default().into_bytes();
        signed.extend_from_slice(message);
        signed
    }

    /// `DKIM-Signature: …` with its line end; `None` where the octets are no message.
    fn header(&self, message: &[u8]) -> Option<String> {
        let end = message.windows(4).position(|w| w == b"\r\n\r\n")?;
        let (head, body) = (message.get(..end + 2)?, message.get(end + 4..)?);
        let anybody = lettre::Address::new("signed", "localhost.invalid").ok()?;
        let envelope = Envelope::new(None, vec![anybody.clone()]).ok()?;
        let builder = lettre::Message::builder().envelope(envelope).from(Mailbox::new(None, anybody));
        // lettre signs only its own messages, and of those not the headers of a MIME part: so every header, Content-Type
        // among them, is handed over as it stands, and the body as one piece.
        let mut shell = builder.body(Body::dangerous_pre_encoded(body.to_vec(), ContentTransferEncoding::SevenBit)).ok()?;
        *shell.headers_mut() = read(std::str::from_utf8(head).ok()?);
        dkim_sign(&mut shell, &self.config);
        let mut only = Headers::new();
        only.insert_raw(HeaderValue::new(SIGNATURE, shell.headers().get_raw(&SIGNATURE)?.to_owned()));
        Some(only.to_string())
    }
}

/// The headers as they stand, folds and all.
fn read(head: &str) -> Headers {
    let mut headers = Headers::new();
    let mut fields: Vec<String> = Vec::new();
    for line in head.split_inclusive("\r\n") {
        match fields.last_mut().filter(|_| line.starts_with([' ', '\t'])) {
            Some(field) => field.push_str(line),
            None => fields.push(line.to_owned()),
        }
    }
    for field in fields {
        let Some((name, value)) = field.trim_end().split_once(':') else { continue };
        let Ok(name) = HeaderName::new_from_ascii(name.to_owned()) else { continue };
        let value = value.trim_start().to_owned();
        headers.insert_raw(HeaderValue::dangerous_new_pre_encoded(name, value.clone(), value));
    }
    headers
}

/// A transport that signs what it is given.
pub struct SignedMail<M> {
    inner: M,
    dkim: Dkim,
}

impl<M: Mail> SignedMail<M> {
    /// Everything that `inner` is to send, signed.
    pub fn new(inner: M, dkim: Dkim) -> Self {
        Self { inner, dkim }
    }
}

impl<M: Mail> Mail for SignedMail<M> {
    fn send(&self, mut message: Message) -> BoxFuture<'_, Result<String, Refusal>> {
        message.bytes = self.dkim.sign(&message.bytes);
        self.inner.send(message)
    }
}

#[cfg(test)]
mod tests;
