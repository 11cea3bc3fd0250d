//! Room on the disk for what sled is about to write.
//!
//! sled does not survive a disk that fills up under it, least of all while it opens: what was acknowledged before may not read
//! afterwards. So it is let write only where there is room: some is taken beyond the end of its file beforehand, which nobody
//! else can use then, and where that cannot be had nothing is begun.

use super::super::engine::EngineError;
use rustix::fs::{FallocateFlags, fallocate, statvfs};
use rustix::io::Errno;
use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Kept beyond the end of the file: more than one group of commits with what sled tidies besides.
const AHEAD: u64 = 16 * 1024 * 1024;
/// Of what is written sled may write as much again to keep its pages together.
const TIMES: u64 = 3;
/// The unit of `st_blocks`.
const BLOCK: u64 = 512;

/// What there is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Room {
    /// As much as is kept ahead.
    Enough,
    /// The disk is full; what was kept ahead before serves to finish what is in hand.
    Little,
}

/// Makes sure that `octets` can be written to the file in `folder`, whatever else is written to the disk meanwhile. Asked
/// before each write: sled gives back what lies behind the end whenever it makes the file shorter.
///
/// # Errors
/// `Io` with the system's "no space left", and nothing has happened.
pub(super) fn reserve(folder: &Path, octets: u64) -> Result<Room, EngineError> {
    let written = octets.saturating_mul(TIMES);
    let io = |doing| move |source| EngineError::Io { doing, source };
    let file = match OpenOptions::new().write(true).open(folder.join("db")) {
        // sled is about to make it, or to find that it is gone.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Room::Enough),
        opened => opened.map_err(io("open its file"))?,
    };
    let found = file.metadata().map_err(io("look at its file"))?;
    match fallocate(&file, FallocateFlags::KEEP_SIZE, found.len(), AHEAD + written) {
        Ok(()) => Ok(Room::Enough),
        // This file system cannot promise anything.
        Err(Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL) => free(folder, AHEAD + written).map(|()| Room::Enough),
        Err(_) if found.blocks() * BLOCK >= found.len() + AHEAD / 2 + written => Ok(Room::Little),
        Err(error) => Err(full(error)),
    }
}

/// Makes sure that there is room for `octets` in `folder` now; others may take it.
///
/// # Errors
/// As [`reserve`].
pub(super) fn free(folder: &Path, octets: u64) -> Result<(), EngineError> {
    let looked = statvfs(folder).map_err(full)?;
    if looked.f_bavail.saturating_mul(looked.f_frsize) < octets { Err(full(Errno::NOSPC)) } else { Ok(()) }
}

/// That of a full disk.
pub(super) fn full(error: Errno) -> EngineError {
    EngineError::Io { doing: "find room on the disk", source: error.into() }
}
