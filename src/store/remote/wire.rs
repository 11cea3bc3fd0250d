//! What goes over the control socket: frames, questions, answers.

use super::super::engine::{Check, EngineError, Versioned, Write};
use crate::ports::Awaited;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::io;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

/// Raised when an earlier program could not understand a later one, or the other way round.
pub(super) const PROTOCOL: u32 = 1;

/// Largest frame, in bytes; a page of the largest values is a quarter of it.
const FRAME_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Octets; base64 in JSON.
pub(super) struct Octets(Vec<u8>);

impl From<Vec<u8>> for Octets {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<Octets> for Vec<u8> {
    fn from(octets: Octets) -> Self {
        octets.0
    }
}

impl Serialize for Octets {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD_NO_PAD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Octets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD_NO_PAD.decode(text).map(Self).map_err(D::Error::custom)
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct Question {
    pub(super) protocol: u32,
    pub(super) call: Call,
}

#[derive(Serialize, Deserialize)]
pub(super) enum Call {
    Get {
        key: Octets,
    },
    Scan {
        start: Octets,
        end: Octets,
        limit: usize,
    },
    Commit {
        checks: Vec<WireCheck>,
        writes: Vec<WireWrite>,
    },
    /// Commits are to wait, for so long at most, until the same line says [`LetGo`](Self::LetGo) or ends.
    Hold {
        at_most: Duration,
    },
    LetGo,
    /// What the process that has the store waits for at mail servers.
    Awaited,
}

#[derive(Serialize, Deserialize)]
pub(super) enum Answer {
    Got {
        found: Option<WireVersioned>,
    },
    Page {
        rows: Vec<(Octets, WireVersioned)>,
    },
    Committed {
        version: u64,
    },
    /// Whether they wait.
    Held {
        holds: bool,
    },
    /// Whether they have waited until now.
    LetGo {
        held: bool,
    },
    Awaited {
        awaited: Vec<Awaited>,
    },
    Failed {
        why: WireError,
    },
    OtherProtocol {
        known: u32,
    },
}

#[derive(Serialize, Deserialize)]
pub(super) struct WireVersioned {
    version: u64,
    value: Octets,
}

impl From<Versioned> for WireVersioned {
    fn from(found: Versioned) -> Self {
        Self { version: found.version, value: Octets(found.value) }
    }
}

impl From<WireVersioned> for Versioned {
    fn from(found: WireVersioned) -> Self {
        Self { version: found.version, value: found.value.0 }
    }
}

/// A check; `version` is absent where the key must be.
#[derive(Serialize, Deserialize)]
pub(super) struct WireCheck {
    key: Octets,
    version: Option<u64>,
}

impl From<Check> for WireCheck {
    fn from(check: Check) -> Self {
        let (key, version) = check.wants();
        Self { key: Octets(key.clone()), version }
    }
}

impl From<WireCheck> for Check {
    fn from(check: WireCheck) -> Self {
        match check.version {
            None => Self::Absent(check.key.0),
            Some(version) => Self::Version(check.key.0, version),
        }
    }
}

/// A write; `value` is absent where the key is to go.
#[derive(Serialize, Deserialize)]
pub(super) struct WireWrite {
    key: Octets,
    value: Option<Octets>,
}

impl From<Write> for WireWrite {
    fn from(write: Write) -> Self {
        match write {
            Write::Put(key, value) => Self { key: Octets(key), value: Some(Octets(value)) },
            Write::Delete(key) => Self { key: Octets(key), value: None },
        }
    }
}

impl From<WireWrite> for Write {
    fn from(write: WireWrite) -> Self {
        match write.value {
            Some(value) => Self::Put(write.key.0, value.0),
            None => Self::Delete(write.key.0),
        }
    }
}

#[derive(Serialize, Deserialize)]
pub(super) enum WireError {
    Conflict { key: String },
    ValueTooLarge { key: String, bytes: usize },
    KeyTooLong { key: String },
    InUse { path: String },
    Damaged { what: String },
    Newer { path: String, found: u32, known: u32 },
    Io { what: String },
}

impl From<EngineError> for WireError {
    fn from(why: EngineError) -> Self {
        match why {
            EngineError::Conflict { key } => Self::Conflict { key },
            EngineError::ValueTooLarge { key, bytes } => Self::ValueTooLarge { key, bytes },
            EngineError::KeyTooLong { key } => Self::KeyTooLong { key },
            EngineError::InUse { path } => Self::InUse { path },
            EngineError::Damaged(what) => Self::Damaged { what },
            EngineError::Newer { path, found, known } => Self::Newer { path, found, known },
            EngineError::Io { doing, source } => Self::Io { what: format!("could not {doing}: {source}") },
        }
    }
}

impl From<WireError> for EngineError {
    fn from(why: WireError) -> Self {
        match why {
            WireError::Conflict { key } => Self::Conflict { key },
            WireError::ValueTooLarge { key, bytes } => Self::ValueTooLarge { key, bytes },
            WireError::KeyTooLong { key } => Self::KeyTooLong { key },
            WireError::InUse { path } => Self::InUse { path },
            WireError::Damaged { what } => Self::Damaged(what),
            WireError::Newer { path, found, known } => Self::Newer { path, found, known },
            WireError::Io { what } => Self::Io { doing: "do it in the running boardwatch", source: io::Error::other(what) },
        }
    }
}

/// Reads one frame; a length over the limit is refused before anything is read.
pub(super) async fn read_frame<T: DeserializeOwned>(stream: &mut UnixStream) -> io::Result<T> {
    let length = stream.read_u32().await? as usize;
    if length > FRAME_BYTES_MAX {
        return Err(too_long());
    }
    let mut frame = vec![0; length];
    stream.read_exact(&mut frame).await?;
    Ok(serde_json::from_slice(&frame)?)
}

/// Writes one frame.
pub(super) async fn write_frame<T: Serialize>(stream: &mut UnixStream, message: &T) -> io::Result<()> {
    let frame = serde_json::to_vec(message)?;
    let length = u32::try_from(frame.len()).ok().filter(|_| frame.len() <= FRAME_BYTES_MAX).ok_or_else(too_long)?;
    stream.write_u32(length).await?;
    stream.write_all(&frame).await?;
    stream.flush().await
}

fn too_long() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("a message is over {FRAME_BYTES_MAX} bytes"))
}
