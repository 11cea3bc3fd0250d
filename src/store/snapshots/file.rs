//! A file of pages: one after the other, each with its description before it in a frame that decompressors pass over (RFC 8878
//! §3.1.2), so that any program for such files shows the pages.
//!
//! A file is a month of a source's pages. Earlier versions made a file for each page, which is the same with one page in it,
//! and before that wrote the description beside the page.

use super::super::bodies::BODY_BYTES_MAX;
use super::super::files::{FILE_MODE, create_aside, put_in_place, sync_folder};
use super::{Page, Snapshot};
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// How a frame begins that decompressors pass over.
const PASSED_OVER: [u8; 4] = 0x184D_2A50_u32.to_le_bytes();
/// Such a beginning, and the length of what is passed over.
const HEAD_BYTES: u64 = 8;
/// Longest description: an address and a few words.
const DESCRIPTION_BYTES_MAX: u32 = 256 * 1024;
/// The highest, 9, makes a page a twelfth smaller for several times the processor's time: as much as reading it takes.
const ZSTD_LEVEL: i32 = 3;
/// Descriptions are read one by one, and the pages between them passed over.
const READ_AHEAD: usize = 2 * 1024;

/// What stands before a page.
#[derive(Serialize, Deserialize)]
struct Description<S> {
    #[serde(flatten)]
    snapshot: S,
    /// How many octets the compressed page has. Where nothing is said of it, it is the rest of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    packed: Option<u64>,
}

/// A page in a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Entry {
    pub(super) path: PathBuf,
    pub(super) snapshot: Snapshot,
    /// Where its description begins, its page begins, and its page ends.
    begins: u64,
    page: u64,
    ends: u64,
}

impl Entry {
    /// The octets that it takes.
    pub(super) fn bytes(&self) -> u64 {
        self.ends - self.begins
    }

    /// The page, as long as any may be and a byte.
    pub(super) fn body(&self) -> io::Result<Vec<u8>> {
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(self.page))?;
        let mut body = Vec::new();
        let packed = BufReader::new(file).take(self.ends - self.page);
        zstd::Decoder::with_buffer(packed)?.take(BODY_BYTES_MAX as u64 + 1).read_to_end(&mut body)?;
        Ok(body)
    }
}

/// Makes entries of pages, with the same tables for all of them.
pub(super) struct Packer(zstd::bulk::Compressor<'static>);

impl Packer {
    pub(super) fn new() -> io::Result<Self> {
        zstd::bulk::Compressor::new(ZSTD_LEVEL).map(Self)
    }

    /// Writes a page and its description at the end of `out`.
    pub(super) fn pack(&mut self, page: &Page, snapshot: &Snapshot, out: &mut Vec<u8>) -> io::Result<()> {
        // In one piece: tables as large as the page needs, and not as any page could.
        let packed = self.0.compress(&page.body)?;
        let description = serde_json::to_vec(&Description { snapshot, packed: Some(packed.len() as u64) })?;
        let length = u32::try_from(description.len()).ok().filter(|length| *length <= DESCRIPTION_BYTES_MAX);
        let length = length.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "its description is too long"))?;
        for part in [PASSED_OVER.as_slice(), &length.to_le_bytes(), &description, &packed] {
            out.extend_from_slice(part);
        }
        Ok(())
    }
}

/// The pages in a file, the first one first. What is no entry, because a write broke off or the disk lost it, is passed over.
pub(super) fn entries(path: &Path) -> io::Result<Vec<Entry>> {
    let file = File::open(path)?;
    let mut found = read_entries(path, &file)?;
    // As the first version kept a page: nothing in the file but the page, and what is known of it beside it.
    if found.is_empty()
        && let Some(snapshot) = beside(path)?
    {
        found.push(Entry { path: path.to_owned(), snapshot, begins: 0, page: 0, ends: file.metadata()?.len() });
    }
    Ok(found)
}

/// Writes `bytes`, which are entries, at the end of the file, which is made where it is missing. They are durable when it
/// returns; where that fails the file is as it was.
pub(super) fn append(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = locked(path, true)?;
    let length = file.metadata()?.len();
    // What a write that broke off has left would hide what comes after it.
    let ends = read_entries(path, &file)?.last().map_or(0, |last| last.ends);
    if ends < length {
        file.set_len(ends)?;
    }
    file.seek(SeekFrom::Start(ends))?;
    let written = file.write_all(bytes).and_then(|()| file.sync_data());
    if written.is_err() {
        // What failed is what we report; the next one who writes here takes the rest away.
        file.set_len(ends).ok();
        return written;
    }
    if length == 0 {
        file.set_permissions(Permissions::from_mode(FILE_MODE))?;
        sync_folder(path.parent().unwrap_or(Path::new("")))?;
    }
    Ok(())
}

/// Takes the entries out of the file for which `goes` says so, and the file away where none is left.
pub(super) fn remove(path: &Path, goes: impl Fn(&Entry) -> bool) -> io::Result<()> {
    let mut file = match locked(path, false) {
        Err(gone) if gone.kind() == io::ErrorKind::NotFound => return Ok(()),
        file => file?,
    };
    let stays: Vec<Entry> = entries(path)?.into_iter().filter(|entry| !goes(entry)).collect();
    if stays.is_empty() {
        // The description first: without it nobody looks for the page.
        for path in [&path.with_extension("json"), path] {
            match fs::remove_file(path) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
                _ => {}
            }
        }
        return Ok(());
    }
    let (aside, mut to) = create_aside(path)?;
    let mut copy = || -> io::Result<()> {
        for entry in &stays {
            file.seek(SeekFrom::Start(entry.begins))?;
            io::copy(&mut (&file).take(entry.bytes()), &mut to)?;
        }
        put_in_place(&aside, &to, path)
    };
    let written = copy();
    if written.is_err() {
        // It may be in its place already.
        fs::remove_file(&aside).ok();
    }
    written
}

/// The file, which nobody else changes until it is closed.
fn locked(path: &Path, is_made: bool) -> io::Result<File> {
    loop {
        let file = OpenOptions::new().read(true).write(true).create(is_made).truncate(false).mode(FILE_MODE).open(path)?;
        file.lock()?;
        // Whoever had it before us may have put another in its place, or taken it away.
        let (ours, there) = (file.metadata()?, fs::metadata(path));
        if there.is_ok_and(|there| (there.dev(), there.ino()) == (ours.dev(), ours.ino())) {
            return Ok(file);
        }
    }
}

fn read_entries(path: &Path, file: &File) -> io::Result<Vec<Entry>> {
    let length = file.metadata()?.len();
    let mut reader = BufReader::with_capacity(READ_AHEAD, file);
    reader.seek(SeekFrom::Start(0))?;
    let (mut at, mut found) = (0, Vec::new());
    while at < length {
        match read_entry(path, &mut reader, at, length)? {
            Some(entry) => {
                reader.seek_relative(i64::try_from(entry.ends - entry.page).unwrap_or(i64::MAX))?;
                at = entry.ends;
                found.push(entry);
            }
            None => match next_beginning(&mut reader, at + 1)? {
                Some(next) => {
                    reader.seek(SeekFrom::Start(next))?;
                    at = next;
                }
                None => break,
            },
        }
    }
    Ok(found)
}

/// The entry at `at`, where `reader` stands there, and then at its page.
fn read_entry(path: &Path, reader: &mut impl Read, at: u64, length: u64) -> io::Result<Option<Entry>> {
    let mut head = Vec::new();
    reader.take(HEAD_BYTES).read_to_end(&mut head)?;
    let Some((begins, rest)) = head.split_first_chunk::<4>() else { return Ok(None) };
    let Some(octets) = rest.first_chunk::<4>().filter(|_| *begins == PASSED_OVER) else { return Ok(None) };
    let octets = u32::from_le_bytes(*octets);
    if octets > DESCRIPTION_BYTES_MAX {
        return Ok(None);
    }
    let mut json = Vec::new();
    reader.take(octets.into()).read_to_end(&mut json)?;
    let Ok(Description { snapshot, packed }) = serde_json::from_slice::<Description<Snapshot>>(&json) else { return Ok(None) };
    let page = at + HEAD_BYTES + u64::from(octets);
    let ends = packed.map_or(Some(length), |packed| page.checked_add(packed)).filter(|ends| (page..=length).contains(ends));
    Ok(ends.map(|ends| Entry { path: path.to_owned(), snapshot, begins: at, page, ends }))
}

/// Where something begins again, from `at` on, that may be an entry.
fn next_beginning(file: &mut (impl Read + Seek), at: u64) -> io::Result<Option<u64>> {
    file.seek(SeekFrom::Start(at))?;
    let mut rest = Vec::new();
    file.read_to_end(&mut rest)?;
    Ok(memchr::memmem::find(&rest, &PASSED_OVER).map(|found| at + found as u64))
}

/// What an earlier version wrote beside the page in a file.
fn beside(path: &Path) -> io::Result<Option<Snapshot>> {
    match fs::read(path.with_extension("json")) {
        Ok(json) => Ok(serde_json::from_slice(&json).ok()),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(e),
    }
}
