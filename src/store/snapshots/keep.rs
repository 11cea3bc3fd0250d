//! Keeping pages, and finding the last one of an address.

use super::super::files::{create_folder, write_group};
use super::file::{Packer, body, described as described_at};
use super::{Page, Snapshot, SnapshotError, failed};
use sha2::{Digest, Sha256};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use url::Url;

/// Only so many of a source's newest descriptions are read to find the last one of an address: an item's page that is not
/// among them is kept once more.
const LOOK_BACK_MAX: usize = 200;

pub(super) fn record(folder: &Path, pages: &[Page]) -> Result<Vec<Snapshot>, SnapshotError> {
    let mut kept: Vec<Snapshot> = Vec::new();
    let mut files = Vec::new();
    let there = pages_in(folder)?;
    let mut packer = Packer::new().map_err(failed("compress", folder))?;
    for page in pages {
        let snapshot = describe(page);
        // Mostly no page with this hash is kept at all, and nothing need be read to know that.
        let is_known = there.iter().any(|path| is_of(path, &snapshot.sha256));
        let last = if is_known { newest(there.clone(), &page.url)?.map(|(_, last)| last) } else { None };
        let last = kept.iter().rfind(|kept| kept.url == page.url).or(last.as_ref());
        if last.is_some_and(|last| last.sha256 == snapshot.sha256 && last.status == snapshot.status) {
            continue;
        }
        let name = format!("{}-{}.zst", page.fetched_at.format("%Y%m%dT%H%M%S%3fZ"), short(&snapshot.sha256));
        let path = folder.join(name);
        // Two addresses that answer alike at the same moment are one file: the first one's.
        if !there.contains(&path) && files.iter().all(|(other, _)| *other != path) {
            files.push((path.clone(), packer.pack(page, &snapshot).map_err(failed("compress", &path))?));
            kept.push(snapshot);
        }
    }
    if !files.is_empty() {
        create_folder(folder).map_err(failed("create", folder))?;
        write_group(folder, &files).map_err(failed("write into", folder))?;
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
    let Some((path, snapshot)) = newest(pages_in(folder)?, url)? else { return Ok(None) };
    opened(&path, snapshot).map(Some)
}

pub(super) fn by_hash(folder: &Path, sha256: &str) -> Result<Option<(Snapshot, Vec<u8>)>, SnapshotError> {
    for path in pages_in(folder)?.into_iter().filter(|path| is_of(path, sha256)) {
        // One that does not read, or is another page with the same beginning, is passed over.
        if let Some(snapshot) = described_at(&path)?.filter(|snapshot| snapshot.sha256 == sha256) {
            return opened(&path, snapshot).map(Some);
        }
    }
    Ok(None)
}

pub(super) fn described(folder: &Path, wanted: &[String]) -> Result<Vec<Snapshot>, SnapshotError> {
    let mut found = Vec::new();
    for path in pages_in(folder)?.into_iter().filter(|path| wanted.iter().any(|sha256| is_of(path, sha256))) {
        found.extend(described_at(&path)?.filter(|snapshot| wanted.contains(&snapshot.sha256)));
    }
    Ok(found)
}

/// A page with its body.
fn opened(path: &Path, snapshot: Snapshot) -> Result<(Snapshot, Vec<u8>), SnapshotError> {
    match body(path) {
        Ok(body) if format!("{:x}", Sha256::digest(&body)) == snapshot.sha256 => Ok((snapshot, body)),
        _ => Err(SnapshotError::Damaged { path: path.display().to_string() }),
    }
}

/// The beginning of a hash, as it stands in the names of files.
fn short(sha256: &str) -> &str {
    sha256.get(..16).unwrap_or(sha256)
}

/// Whether this is a page with this hash, as far as its name says.
fn is_of(path: &Path, sha256: &str) -> bool {
    let name = path.file_stem().and_then(|name| name.to_str());
    name.and_then(|name| name.rsplit_once('-')).is_some_and(|(_, hash)| hash == short(sha256))
}

/// The newest of `pages` that is of `url`, and what is known of it.
fn newest(mut pages: Vec<PathBuf>, url: &Url) -> Result<Option<(PathBuf, Snapshot)>, SnapshotError> {
    // Names begin with the time, in one width.
    pages.sort_unstable_by(|a, b| b.cmp(a));
    for path in pages.into_iter().take(LOOK_BACK_MAX) {
        // One without a description is nothing that we could show; the page after it still is.
        if let Some(snapshot) = described_at(&path)?.filter(|snapshot| snapshot.url == *url) {
            return Ok(Some((path, snapshot)));
        }
    }
    Ok(None)
}

/// The pages in a folder; none where there is none yet.
fn pages_in(folder: &Path) -> Result<Vec<PathBuf>, SnapshotError> {
    let mut paths = files(folder)?;
    paths.retain(|path| path.extension().is_some_and(|e| e == "zst"));
    Ok(paths)
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
