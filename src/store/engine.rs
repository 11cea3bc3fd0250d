//! The store's engine: get, scan and commit over an ordered key space, small enough that sled, memory, a socket to the daemon or a
//! distributed database can each be one.
//!
//! Invariants: a commit is atomic and durable when it returns, and nobody reads of it before; its checks hold at the moment it
//! happens; versions never repeat, so a check cannot be fooled by a key that was deleted and made again. Nothing above may
//! assume that it is the only writer.

use super::bell::Bell;
use futures::future::{BoxFuture, FutureExt, ready};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

/// Largest value, in bytes. Larger ones go to content-addressed files (sled would put them in files that it never syncs).
pub const VALUE_BYTES_MAX: usize = 4096;

/// Longest key, in bytes: sixteen of the largest pairs, which share a page in sled, must stay well below 128 KiB.
pub const KEY_BYTES_MAX: usize = 1024;

/// A key: path-like, ASCII, ordered by bytes.
pub type Key = Vec<u8>;

/// A value with the number of the commit that wrote it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Versioned {
    /// Greater than that of every earlier commit.
    pub version: u64,
    /// At most [`VALUE_BYTES_MAX`] bytes.
    pub value: Vec<u8>,
}

/// What a key must still hold for a commit to happen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Check {
    /// Nothing.
    Absent(Key),
    /// The value that this version wrote.
    Version(Key, u64),
}

impl Check {
    /// The key, and the version that it must have; `None`: it must be absent.
    pub fn wants(&self) -> (&Key, Option<u64>) {
        match self {
            Self::Absent(key) => (key, None),
            Self::Version(key, version) => (key, Some(*version)),
        }
    }
}

/// One change of a commit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Write {
    /// Sets the value.
    Put(Key, Vec<u8>),
    /// Removes the key; fine where there is none.
    Delete(Key),
}

impl Write {
    /// How long it is, in octets.
    #[must_use]
    pub fn octets(&self) -> usize {
        match self {
            Self::Put(key, value) => key.len() + value.len(),
            Self::Delete(key) => key.len(),
        }
    }
}

/// Why the engine could not do it.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// A check did not hold; nothing was written. Read again and decide again.
    #[error("the record {key:?} changed meanwhile")]
    Conflict {
        /// The first key that differed.
        key: String,
    },
    /// A value is over [`VALUE_BYTES_MAX`]: a fault of the caller.
    #[error("the record {key:?} would be {bytes} bytes; the limit is {VALUE_BYTES_MAX}")]
    ValueTooLarge {
        /// Whose.
        key: String,
        /// Its size.
        bytes: usize,
    },
    /// A key is over [`KEY_BYTES_MAX`]: a fault of the caller.
    #[error("the key {key:?} is {} bytes long; the limit is {KEY_BYTES_MAX}", key.len())]
    KeyTooLong {
        /// Which.
        key: String,
    },
    /// Another process has the store open.
    #[error("another boardwatch is using the store in {path}")]
    InUse {
        /// The folder.
        path: String,
    },
    /// What is on disk is not what was written.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// The store's format is not one that this program knows.
    #[error("the store in {path} was written by a newer boardwatch (format {found}, this one knows {known}): install that one")]
    Newer {
        /// The folder.
        path: String,
        /// What it says of itself.
        found: u32,
        /// The newest that we know.
        known: u32,
    },
    /// The disk, or the line to the daemon, said no. Nothing is known of the commit in hand.
    #[error("the store could not {doing}")]
    Io {
        /// What was tried.
        doing: &'static str,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
}

impl EngineError {
    /// The same once more: one failure can have many who wait for it.
    pub(super) fn repeated(&self) -> Self {
        match self {
            Self::Conflict { key } => Self::Conflict { key: key.clone() },
            Self::ValueTooLarge { key, bytes } => Self::ValueTooLarge { key: key.clone(), bytes: *bytes },
            Self::KeyTooLong { key } => Self::KeyTooLong { key: key.clone() },
            Self::InUse { path } => Self::InUse { path: path.clone() },
            Self::Damaged(what) => Self::Damaged(what.clone()),
            Self::Newer { path, found, known } => Self::Newer { path: path.clone(), found: *found, known: *known },
            Self::Io { doing, source } => Self::Io { doing, source: std::io::Error::new(source.kind(), source.to_string()) },
        }
    }
}

/// An ordered key space with checked, atomic, durable commits.
pub trait Engine: Send + Sync {
    /// The value of `key`. What is read is durable: of a commit that is not, nothing is seen yet.
    fn get(&self, key: Key) -> BoxFuture<'_, Result<Option<Versioned>, EngineError>>;

    /// The first `limit` pairs of `range`, in key order; durable, too.
    fn scan(&self, range: Range<Key>, limit: usize) -> BoxFuture<'_, Result<Vec<(Key, Versioned)>, EngineError>>;

    /// All `writes` or none: only where every check holds. Durable when it returns. The version of this commit.
    fn commit(&self, checks: Vec<Check>, writes: Vec<Write>) -> BoxFuture<'_, Result<u64, EngineError>>;

    /// Whether no other process can be working on the store, so that claims of an earlier one are void.
    fn is_exclusive(&self) -> bool;

    /// Rings for every commit that anybody makes; `None`: others may write unheard.
    fn bell(&self) -> Option<Arc<Bell>> {
        None
    }

    /// Whether there is room for more than what finishes the work in hand: an error where the disk is full. Asked before work is
    /// begun that would have to be done again if its end could not be recorded.
    fn look_for_room(&self) -> BoxFuture<'_, Result<(), EngineError>> {
        ready(Ok(())).boxed()
    }

    /// Gives back the memory that much writing has left behind, where that is worth it and little is written now; everybody
    /// waits meanwhile. Answers whether it did. An engine that keeps nothing has nothing to give back.
    fn give_back(&self) -> BoxFuture<'_, Result<bool, EngineError>> {
        ready(Ok(false)).boxed()
    }

    /// Has all commits wait, for so long at most, or until what is answered lets them go: what is read meanwhile is of one moment.
    /// `None`: an engine that cannot.
    fn hold(&self, _at_most: Duration) -> BoxFuture<'_, Result<Option<Held>, EngineError>> {
        ready(Ok(None)).boxed()
    }

    /// Writes anew the files in which more may stand than can be read: what was deleted or replaced is then in none of them.
    /// Commits wait meanwhile. An engine without such files, or that does not own them, has nothing to do.
    fn rewrite(&self) -> BoxFuture<'_, Result<(), EngineError>> {
        ready(Ok(())).boxed()
    }
}

/// Commits that wait; dropped, they go on.
pub struct Held(Box<dyn FnOnce() -> BoxFuture<'static, Result<bool, EngineError>> + Send>);

impl Held {
    /// Commits that wait until `let_go` is called, or is dropped.
    pub(super) fn new(let_go: impl FnOnce() -> BoxFuture<'static, Result<bool, EngineError>> + Send + 'static) -> Self {
        Self(Box::new(let_go))
    }

    /// Lets them go on. Answers whether they have waited until now.
    ///
    /// # Errors
    /// `Io` where that is not known.
    pub async fn let_go(self) -> Result<bool, EngineError> {
        (self.0)().await
    }
}

/// The half-open range of all keys that begin with `prefix`; of all keys there are where it is empty.
#[must_use]
pub fn prefix_range(prefix: &[u8]) -> Range<Key> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            return prefix.to_vec()..end;
        }
    }
    // Keys are ASCII: none comes after this.
    prefix.to_vec()..vec![u8::MAX]
}

/// A key as people read it.
pub fn readable(key: &[u8]) -> String {
    String::from_utf8_lossy(key).into_owned()
}

pub(super) fn conflict(key: &[u8]) -> EngineError {
    EngineError::Conflict { key: readable(key) }
}

/// Refuses what is over the limits.
pub(super) fn within_limits(writes: &[Write]) -> Result<(), EngineError> {
    for write in writes {
        let (Write::Put(key, _) | Write::Delete(key)) = write;
        if key.len() > KEY_BYTES_MAX {
            return Err(EngineError::KeyTooLong { key: readable(key) });
        }
        if let Write::Put(key, value) = write
            && value.len() > VALUE_BYTES_MAX
        {
            return Err(EngineError::ValueTooLarge { key: readable(key), bytes: value.len() });
        }
    }
    Ok(())
}
