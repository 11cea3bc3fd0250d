//! Keeping pages, and finding them by their address or their hash.

use super::super::files::create_folder;
use super::file::{Entry, Packer, append, entries};
use super::{Page, Snapshot, SnapshotError, failed};
use sha2::{Digest, Sha256};
use std::cmp::Reverse;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use url::Url;

/// Only so many of a source's newest files of a single page are read to find the last one of an address: an item's page that is
/// not among them is kept once more.
const LOOK_BACK_MAX: usize = 200;

pub(super) fn record(folder: &Path, pages: &[Page]) -> Result<Vec<Snapshot>, SnapshotError> {
    let Some(first) = pages.first() else { return Ok(Vec::new()) };
    let there = Shelf::of(folder)?;
    let mut packer = Packer::new().map_err(failed("compress", folder))?;
    let mut kept: Vec<Snapshot> = Vec::new();
    let mut written = Vec::new();
    for page in pages {
        let snapshot = describe(page);
        let is_same = |last: &Snapshot| last.sha256 == snapshot.sha256 && last.status == snapshot.status;
        let is_known = match kept.iter().rfind(|kept| kept.url == page.url) {
            Some(last) => is_same(last),
            // Mostly no page with this hash is kept at all, and no other need be looked at to know that. One that the disk
            // has lost since is kept again.
            None if there.with_hash(&snapshot.sha256)?.is_empty() => false,
            None => there.last_of(&page.url)?.is_some_and(|last| is_same(&last.snapshot) && opened(last).is_ok()),
        };
        if !is_known {
            packer.pack(page, &snapshot, &mut written).map_err(failed("compress", folder))?;
            kept.push(snapshot);
        }
    }
    if !kept.is_empty() {
        let path = folder.join(format!("{}.zst", first.fetched_at.format("%Y-%m")));
        create_folder(folder).map_err(failed("create", folder))?;
        append(&path, &written).map_err(failed("write to", &path))?;
    }
    Ok(kept)
}

fn describe(page: &Page) -> Snapshot {
    Snapshot {
        url: page.url.clone(),
        fetched_at: page.fetched_at,
        status: page.status,
        content_type: page.content_type.clone(),
        sha256: page.sha256.clone(),
        bytes: page.body.len() as u64,
    }
}

pub(super) fn latest(folder: &Path, url: &Url) -> Result<Option<(Snapshot, Vec<u8>)>, SnapshotError> {
    Shelf::of(folder)?.last_of(url)?.map(opened).transpose()
}

pub(super) fn by_hash(folder: &Path, sha256: &str) -> Result<Option<(Snapshot, Vec<u8>)>, SnapshotError> {
    // Where the disk has lost one of several, another is as good.
    let mut found = None;
    for entry in Shelf::of(folder)?.with_hash(sha256)? {
        found = Some(opened(entry));
        if matches!(found, Some(Ok(_))) {
            break;
        }
    }
    found.transpose()
}

pub(super) fn described(folder: &Path, wanted: &[String]) -> Result<Vec<Snapshot>, SnapshotError> {
    let there = Shelf::of(folder)?;
    let mut found = Vec::new();
    for sha256 in wanted {
        found.extend(there.with_hash(sha256)?.into_iter().map(|entry| entry.snapshot));
    }
    Ok(found)
}

pub(super) fn list(folder: &Path) -> Result<Vec<Snapshot>, SnapshotError> {
    let there = Shelf::of(folder)?;
    let mut found: Vec<Snapshot> = there.pages.into_iter().map(|entry| entry.snapshot).collect();
    for path in &there.single {
        found.extend(entries(path).map_err(failed("read", path))?.into_iter().map(|entry| entry.snapshot));
    }
    found.sort_by_key(|snapshot| Reverse(snapshot.fetched_at));
    Ok(found)
}

/// A page with its body.
fn opened(entry: Entry) -> Result<(Snapshot, Vec<u8>), SnapshotError> {
    let read = |entry: &Entry| entry.body().ok().filter(|body| format!("{:x}", Sha256::digest(body)) == entry.snapshot.sha256);
    let body = read(&entry).or_else(|| {
        // A sweep may have moved it within its file meanwhile.
        let there = entries(&entry.path).ok()?;
        there.iter().filter(|other| other.snapshot == entry.snapshot && **other != entry).find_map(read)
    });
    let damaged = || SnapshotError::Damaged { path: entry.path.display().to_string() };
    body.ok_or_else(damaged).map(|body| (entry.snapshot, body))
}

/// What is kept of a source.
struct Shelf {
    /// The pages in the files of months, the newest first.
    pages: Vec<Entry>,
    /// Files of one page each, as earlier versions made them, the newest first: their names begin with the time and end with
    /// the beginning of the hash, so that most of them need never be opened.
    single: Vec<PathBuf>,
}

impl Shelf {
    fn of(folder: &Path) -> Result<Self, SnapshotError> {
        let mut paths = files(folder)?;
        paths.retain(|path| path.extension().is_some_and(|e| e == "zst"));
        paths.sort_unstable_by(|a, b| b.cmp(a));
        let (single, months): (Vec<PathBuf>, Vec<PathBuf>) = paths.into_iter().partition(|path| hash_in_name(path).is_some());
        let mut pages = Vec::new();
        for month in months {
            pages.append(&mut entries(&month).map_err(failed("read", &month))?);
        }
        // What was written later comes first, where the clock says that two came at once.
        pages.reverse();
        pages.sort_by_key(|entry| Reverse(entry.snapshot.fetched_at));
        Ok(Self { pages, single })
    }

    /// The pages with this hash, the newest first.
    fn with_hash(&self, sha256: &str) -> Result<Vec<Entry>, SnapshotError> {
        let mut found: Vec<Entry> = self.pages.iter().filter(|entry| entry.snapshot.sha256 == sha256).cloned().collect();
        for path in self.single.iter().filter(|path| hash_in_name(path).is_some_and(|hash| sha256.starts_with(hash))) {
            let entries = entries(path).map_err(failed("read", path))?;
            found.extend(entries.into_iter().filter(|entry| entry.snapshot.sha256 == sha256));
        }
        Ok(found)
    }

    /// The newest page of an address.
    fn last_of(&self, url: &Url) -> Result<Option<Entry>, SnapshotError> {
        if let Some(entry) = self.pages.iter().find(|entry| entry.snapshot.url == *url) {
            return Ok(Some(entry.clone()));
        }
        for path in self.single.iter().take(LOOK_BACK_MAX) {
            let entries = entries(path).map_err(failed("read", path))?;
            if let Some(entry) = entries.into_iter().rfind(|entry| entry.snapshot.url == *url) {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }
}

/// The beginning of the hash that the file of a single page is named by: `<time>-<hash>`, where a month is `<year>-<month>`.
fn hash_in_name(path: &Path) -> Option<&str> {
    let (_, hash) = path.file_stem()?.to_str()?.rsplit_once('-')?;
    (hash.len() > 2).then_some(hash)
}

/// The paths in a folder; none where there is none yet.
pub(super) fn files(folder: &Path) -> Result<Vec<PathBuf>, SnapshotError> {
    let listing = match fs::read_dir(folder) {
        Ok(listing) => listing,
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(Vec::new()),
        Err(e) => return Err(failed("list", folder)(e)),
    };
    listing.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>().map_err(failed("list", folder))
}
