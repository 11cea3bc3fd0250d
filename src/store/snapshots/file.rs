//! One page as a file: a frame with its description that decompressors pass over (RFC 8878 §3.1.2), then the page compressed.

use super::super::bodies::BODY_BYTES_MAX;
use super::{Page, Snapshot, SnapshotError, failed};
use serde::Serialize;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::Path;

/// How a frame begins that decompressors pass over.
const PASSED_OVER: [u8; 4] = 0x184D_2A50_u32.to_le_bytes();
/// Longest description: an address and a few words.
const DESCRIPTION_BYTES_MAX: u32 = 256 * 1024;
/// The highest, 9, makes a page a twelfth smaller for several times the processor's time: as much as reading it takes.
const ZSTD_LEVEL: i32 = 3;

/// Makes files of pages, with the same tables for all of them.
pub(super) struct Packer(zstd::bulk::Compressor<'static>);

impl Packer {
    pub(super) fn new() -> io::Result<Self> {
        zstd::bulk::Compressor::new(ZSTD_LEVEL).map(Self)
    }

    /// What the file of a page holds.
    pub(super) fn pack(&mut self, page: &Page, described: &impl Serialize) -> io::Result<Vec<u8>> {
        let description = serde_json::to_vec(described)?;
        let length = u32::try_from(description.len()).ok().filter(|length| *length <= DESCRIPTION_BYTES_MAX);
        let length = length.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "its description is too long"))?;
        // In one piece: tables as large as the page needs, and not as any page could.
        let packed = self.0.compress(&page.body)?;
        Ok([PASSED_OVER.as_slice(), &length.to_le_bytes(), &description, &packed].concat())
    }
}

/// What is known of the page in the file at `path`: from the file itself, or from the one beside it as earlier versions wrote
/// it. `None` where neither can be read: a page that nobody can be shown.
pub(super) fn described(path: &Path) -> Result<Option<Snapshot>, SnapshotError> {
    let mut file = File::open(path).map_err(failed("open", path))?;
    let json = match description(&mut file).map_err(failed("read", path))? {
        Some(json) => json,
        None => match fs::read(path.with_extension("json")) {
            Ok(json) => json,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(failed("read", path)(e)),
        },
    };
    Ok(serde_json::from_slice(&json).ok())
}

/// The page in the file at `path`, as long as any may be and a byte.
pub(super) fn body(path: &Path) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    // A decompressor passes over the description by itself.
    zstd::Decoder::new(BufReader::new(File::open(path)?))?.take(BODY_BYTES_MAX as u64 + 1).read_to_end(&mut body)?;
    Ok(body)
}

/// The description that the file begins with, where it does.
fn description(file: &mut File) -> io::Result<Option<Vec<u8>>> {
    let mut head = Vec::new();
    file.take(8).read_to_end(&mut head)?;
    let Some((begins, rest)) = head.split_first_chunk::<4>() else { return Ok(None) };
    let Some(length) = rest.first_chunk::<4>().filter(|_| *begins == PASSED_OVER) else { return Ok(None) };
    let mut description = Vec::new();
    file.take(u32::from_le_bytes(*length).min(DESCRIPTION_BYTES_MAX).into()).read_to_end(&mut description)?;
    Ok(Some(description))
}
