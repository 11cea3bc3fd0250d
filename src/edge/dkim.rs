//! DKIM (RFC 6376): signatures over every message, where no relay makes one.
//!
//! The message is signed as the octets that leave, so what is signed is what is sent. Relaxed canonicalisation of headers
//! and body (§3.4.2, §3.4.4), rsa-sha256 or ed25519-sha256 (RFC 8463) by the kind of key, with one key or several: the
//! message is read once for all of them. A key whose signature does not verify signs nothing: that is found out when it is
//! loaded.

mod canon;
mod check;
pub mod key;

use crate::config::DkimSettings;
use crate::domain::delivery::{Refusal, RefusalKind};
use crate::ports::{Hop, Mail, Message, Parcel, Unsent};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use canon::{Parsed, relaxed_field};
use futures::FutureExt;
use futures::future::BoxFuture;
use key::{Key, KeyError};
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::oneshot;

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

const FIELD: &str = "DKIM-Signature";
/// Octets of a signature on one line.
const LINE_OCTETS: usize = 72;
/// What is signed and verified before anything else is.
const SAMPLE: &[u8] =
    b"From: Watch <updates@example.org>\r\nTo: r@example.org\r\nSubject: A long subject that goes\r\n on  and on\r\n\
List-Unsubscribe: <https://boards.example.org/one-click/x>\r\n\r\nBody  with   spaces \r\n\r\n\tand a tab\r\n\r\n\r\n";

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
    /// It holds no key that receivers accept.
    #[error("{path} is no DKIM key")]
    Key {
        /// Where.
        path: PathBuf,
        /// Why.
        #[source]
        source: KeyError,
    },
    /// What it signs does not verify with its own public key: nothing is sent.
    #[error(
        "a signature made with {path} does not verify ({why}): nothing is sent; make a new key with `boardwatch dkim keygen`"
    )]
    SelfCheck {
        /// Where.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
}

/// Keys, ready to sign.
#[derive(Debug)]
pub struct Dkim {
    signers: Vec<Signer>,
}

#[derive(Debug)]
struct Signer {
    key: Key,
    selector: String,
    domain: String,
    /// The header up to `bh=`, as it is written and as it is signed.
    written: String,
    relaxed: Vec<u8>,
}

impl Dkim {
    /// Reads the keys of `settings`, each of which is to sign every message; what is wrong with one is said here, not at the
    /// first message.
    ///
    /// # Errors
    /// Where a file cannot be read, holds no key that receivers accept, or signs what does not verify.
    pub fn load<'a>(settings: impl IntoIterator<Item = &'a DkimSettings>) -> Result<Self, DkimError> {
        let signers = settings.into_iter().map(Signer::load).collect::<Result<_, _>>()?;
        Ok(Self { signers })
    }

    /// The message with its signatures on top; its own octets are untouched.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        [self.signatures(message).as_bytes(), message].concat()
    }

    /// The headers to put on top of a message.
    fn signatures(&self, message: &[u8]) -> String {
        let Some(parsed) = Parsed::read(message) else { return String::new() };
        let (headers, body_hash) = (parsed.relaxed_headers(&SIGNED), STANDARD.encode(parsed.body_hash()));
        self.signers.iter().map(|signer| signer.header(&headers, &body_hash)).collect()
    }

    /// The DNS records that verify what it signs.
    #[must_use]
    pub fn zone_lines(&self) -> Vec<String> {
        self.signers.iter().map(|signer| signer.key.public().zone_line(&signer.selector, &signer.domain)).collect()
    }

    /// Whether signing takes long enough to be done beside what else there is to do.
    fn is_slow(&self) -> bool {
        self.signers.iter().any(|signer| signer.key.is_slow())
    }
}

impl Signer {
    fn load(settings: &DkimSettings) -> Result<Self, DkimError> {
        let path = settings.private_key_file.clone();
        let text = std::fs::read_to_string(&path).map_err(|source| DkimError::Read { path: path.clone(), source })?;
        let key = Key::parse(&text).map_err(|source| DkimError::Key { path: path.clone(), source })?;
        let DkimSettings { selector, domain, .. } = settings.clone();
        let names = SIGNED.chunks(4).map(|names| names.join(":")).collect::<Vec<_>>().join(":\r\n ");
        let tags = format!("v=1; a={}; d={domain}; s={selector};\r\n c=relaxed/relaxed;\r\n h={names};\r\n bh=", key.algorithm());
        let (written, mut relaxed) = (format!("{FIELD}: {tags}"), Vec::new());
        relaxed_field(&mut relaxed, FIELD, tags.as_bytes());
        let one = Dkim { signers: vec![Self { key, selector, domain, written, relaxed }] };
        one.self_checked().map_err(|why| DkimError::SelfCheck { path, why })
    }

    /// The header, with its line end.
    fn header(&self, headers: &[u8], body_hash: &str) -> String {
        let (line, next) = (";\r\n b=", "; b=");
        let data = [headers, &self.relaxed, body_hash.as_bytes(), next.as_bytes()].concat();
        let signature = STANDARD.encode(self.key.sign(&data));
        let mut header = format!("{}{body_hash}{line}", self.written);
        let mut rest = signature.as_str();
        while let Some((line, more)) = rest.split_at_checked(LINE_OCTETS) {
            header.push_str(line);
            if !more.is_empty() {
                header.push_str("\r\n ");
            }
            rest = more;
        }
        header.push_str(rest);
        header.push_str("\r\n");
        header
    }
}

impl Dkim {
    /// The one signer, if what it signs verifies.
    fn self_checked(mut self) -> Result<Signer, String> {
        let sample = self.sign(SAMPLE);
        let signer = self.signers.pop().ok_or("no key")?;
        check::verify(&sample, &signer.key.public())?;
        Ok(signer)
    }
}

/// A transport that signs what it is given, beside whoever gives it: several messages at a time, where there are several
/// cores.
pub struct SignedMail<M> {
    inner: M,
    dkim: Arc<Dkim>,
    /// Threads for signatures that are slow.
    hands: Option<ThreadPool>,
}

/// Threads for slow signatures, for each core: while one hands its message on, another signs.
const HANDS_PER_CORE: usize = 2;

impl<M: Mail> SignedMail<M> {
    /// Everything that `inner` is to send, signed.
    pub fn new(inner: M, dkim: Dkim) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        // A signature that panics is a message that is not signed: whoever waits for it is told.
        let hands = || ThreadPoolBuilder::new().num_threads(HANDS_PER_CORE * cores).panic_handler(|_| ());
        // Where no thread can be had, it is signed where it is given.
        let hands = dkim.is_slow().then(|| hands().build().ok()).flatten();
        Self { inner, dkim: Arc::new(dkim), hands }
    }

    /// The message, signed.
    async fn signed(&self, bytes: Vec<u8>) -> Result<Vec<u8>, Refusal> {
        let (dkim, (tell, told)) = (self.dkim.clone(), oneshot::channel());
        let sign = move || {
            // Who has gone away wants no signature.
            tell.send((dkim.signatures(&bytes), bytes)).ok();
        };
        match &self.hands {
            Some(hands) => hands.spawn(sign),
            None => drop(tokio::spawn(async move { sign() })),
        }
        let stopped = |gone| Refusal { kind: RefusalKind::Relay, reply: format!("signing stopped: {gone}") };
        let (signatures, bytes) = told.await.map_err(stopped)?;
        // Here and not by the hands: each thread keeps room for what it has allocated.
        Ok([signatures.as_bytes(), &bytes].concat())
    }
}

impl<M: Mail> Mail for SignedMail<M> {
    fn send(&self, mut message: Message) -> BoxFuture<'_, Result<String, Refusal>> {
        async move {
            message.bytes = self.signed(std::mem::take(&mut message.bytes)).await?;
            self.inner.send(message).await
        }
        .boxed()
    }

    fn send_in_turn(&self, mut parcel: Parcel) -> BoxFuture<'_, Result<String, Unsent>> {
        async move {
            let bytes = std::mem::take(&mut parcel.message.bytes);
            parcel.message.bytes = self.signed(bytes).await.map_err(Unsent::Refused)?;
            self.inner.send_in_turn(parcel).await
        }
        .boxed()
    }

    fn learned(&self) -> Vec<Hop> {
        self.inner.learned()
    }

    fn recall(&self, known: &[Hop]) {
        self.inner.recall(known);
    }
}

#[cfg(test)]
mod tests;
