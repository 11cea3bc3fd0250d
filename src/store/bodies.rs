//! Bodies: what is too large for a value, kept under the hash of its content.
//!
//! Invariants: a body is durable when [`Bodies::put`] returns; what [`Bodies::get`] answers has the hash that was asked for.
//! A body never changes, so writing one again is harmless, and one that nothing names may go at any time after it has had
//! the time to be named.

mod files;
mod memory;

pub use files::FileBodies;
pub use memory::MemoryBodies;

use futures::future::BoxFuture;
use std::collections::HashSet;
use std::fmt;
use std::time::Duration;

/// Largest body, in bytes; a bound on what a damaged file can make us read.
pub const BODY_BYTES_MAX: usize = 64 * 1024 * 1024;

/// The BLAKE3 hash of a body: its name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BodyHash([u8; 32]);

impl BodyHash {
    /// The hash of this content.
    pub fn of(content: &[u8]) -> Self {
        Self(*blake3::hash(content).as_bytes())
    }

    /// As kept in a value.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Reads what `Display` writes: 64 hexadecimal digits.
    pub fn from_hex(digits: &str) -> Option<Self> {
        blake3::Hash::from_hex(digits).ok().map(|hash| Self(*hash.as_bytes()))
    }
}

impl From<[u8; 32]> for BodyHash {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for BodyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&blake3::Hash::from_bytes(self.0).to_hex())
    }
}

impl fmt::Debug for BodyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Content with its name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Body {
    hash: BodyHash,
    content: Vec<u8>,
}

impl Body {
    /// Names this content.
    pub fn new(content: Vec<u8>) -> Self {
        Self { hash: BodyHash::of(&content), content }
    }

    /// Its name.
    pub fn hash(&self) -> BodyHash {
        self.hash
    }

    /// What it holds.
    pub fn content(&self) -> &[u8] {
        &self.content
    }
}

/// Why a body could not be kept or found.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    /// More than [`BODY_BYTES_MAX`]: a fault of the caller.
    #[error("a record of {bytes} bytes is too large to keep; the limit is {BODY_BYTES_MAX}")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// A record names it, and it is not there.
    #[error("the body {hash} is missing: stop boardwatch and restore the last dump")]
    Missing {
        /// Which.
        hash: BodyHash,
    },
    /// What is there is something else.
    #[error("the body {hash} is damaged: stop boardwatch and restore the last dump")]
    Damaged {
        /// Which.
        hash: BodyHash,
    },
    /// The disk said no.
    #[error("could not {doing} {path}")]
    Io {
        /// What was tried.
        doing: &'static str,
        /// On which file.
        path: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
}

/// What a sweep did.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Swept {
    /// Bodies that stay.
    pub kept: u64,
    /// Bodies, and remains of bodies never finished, that are gone.
    pub removed: u64,
}

/// Where bodies are kept.
pub trait Bodies: Send + Sync {
    /// Keeps a body; durable when it returns. Fine where it is there already.
    fn put(&self, body: Body) -> BoxFuture<'_, Result<(), BodyError>>;

    /// The content with this hash.
    fn get(&self, hash: BodyHash) -> BoxFuture<'_, Result<Vec<u8>, BodyError>>;

    /// Removes every body that is not in `live` and was last put more than `age_min` ago. A body is put before it is named,
    /// so `age_min` must be longer than any commit can take.
    fn sweep(&self, live: HashSet<BodyHash>, age_min: Duration) -> BoxFuture<'_, Result<Swept, BodyError>>;
}
