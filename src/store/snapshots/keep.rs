//! Keeping a page, and finding the last one of an address.

use super::super::files::{create_folder, write_whole};
use super::{BODY_BYTES_MAX, Page, Snapshot, SnapshotError, failed};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use url::Url;

/// The highest, 9, makes a page a twelfth smaller for several times the processor's time: as much as reading it takes.
const ZSTD_LEVEL: i32 = 3;
/// Only so many of a source's newest descriptions are read to find the last one of an address: an item's page that is not
/// among them is kept once more.
const LOOK_BACK_MAX: usize = 200;

pub(super) fn record(folder: &Path, page: &Page) -> Result<Option<Snapshot>, SnapshotError> {
    let snapshot = Snapshot {
        url: page.url.clone(),
        fetched_at: page.fetched_at,
        status: page.status,
        content_type: page.content_type.clone(),
        sha256: sha256(&page.body),
        bytes: page.body.len() as u64,
    };
    let paths = files(folder)?;
    // Mostly no page with this hash is kept at all, and nothing need be read to know that.
    let is_known = paths.iter().any(|path| is_of(path, &snapshot.sha256));
    let last = if is_known { newest(paths, &page.url)? } else { None };
    if last.is_some_and(|(_, last)| last.sha256 == snapshot.sha256 && last.status == snapshot.status) {
        return Ok(None);
    }
    create_folder(folder).map_err(failed("create", folder))?;
    let name = format!("{}-{}", page.fetched_at.format("%Y%m%dT%H%M%S%3fZ"), short(&snapshot.sha256));
    let body = folder.join(format!("{name}.zst"));
    // In one piece: tables as large as the page needs, and not as any page could.
    let packed = zstd::bulk::compress(&page.body, ZSTD_LEVEL).map_err(failed("compress", &body))?;
    write_whole(&body, &packed).map_err(failed("write", &body))?;
    // If we stop here: a page without a description, which nobody finds and the sweep removes.
    let description = folder.join(format!("{name}.json"));
    let json = serde_json::to_vec(&snapshot).map_err(|e| failed("describe", &description)(e.into()))?;
    write_whole(&description, &json).map_err(failed("write", &description))?;
    Ok(Some(snapshot))
}

pub(super) fn latest(folder: &Path, url: &Url) -> Result<Option<(Snapshot, Vec<u8>)>, SnapshotError> {
    let Some((description, snapshot)) = newest(files(folder)?, url)? else { return Ok(None) };
    opened(&description, snapshot).map(Some)
}

pub(super) fn by_hash(folder: &Path, sha256: &str) -> Result<Option<(Snapshot, Vec<u8>)>, SnapshotError> {
    for path in files(folder)?.into_iter().filter(|path| is_of(path, sha256)) {
        let json = fs::read(&path).map_err(failed("read", &path))?;
        match serde_json::from_slice::<Snapshot>(&json) {
            Ok(snapshot) if snapshot.sha256 == sha256 => return opened(&path, snapshot).map(Some),
            // One that does not read, or is another page with the same beginning.
            Ok(_) | Err(_) => {}
        }
    }
    Ok(None)
}

pub(super) fn described(folder: &Path, wanted: &[String]) -> Result<Vec<Snapshot>, SnapshotError> {
    let mut found = Vec::new();
    for path in files(folder)?.into_iter().filter(|path| wanted.iter().any(|sha256| is_of(path, sha256))) {
        let json = fs::read(&path).map_err(failed("read", &path))?;
        found.extend(serde_json::from_slice::<Snapshot>(&json).ok().filter(|snapshot| wanted.contains(&snapshot.sha256)));
    }
    Ok(found)
}

/// A page with the body that lies beside its description.
fn opened(description: &Path, snapshot: Snapshot) -> Result<(Snapshot, Vec<u8>), SnapshotError> {
    let path = description.with_extension("zst");
    let file = File::open(&path).map_err(failed("open", &path))?;
    let mut body = Vec::new();
    let unpacked = zstd::Decoder::new(file).and_then(|packed| packed.take(BODY_BYTES_MAX as u64 + 1).read_to_end(&mut body));
    if unpacked.is_err() || sha256(&body) != snapshot.sha256 {
        return Err(SnapshotError::Damaged { path: path.display().to_string() });
    }
    Ok((snapshot, body))
}

/// The beginning of a hash, as it stands in the names of files.
fn short(sha256: &str) -> &str {
    sha256.get(..16).unwrap_or(sha256)
}

/// Whether this is the description of a page with this hash, as far as its name says.
fn is_of(path: &Path, sha256: &str) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    let hash = name.and_then(|name| name.strip_suffix(".json")).and_then(|name| name.rsplit_once('-'));
    hash.is_some_and(|(_, hash)| hash == short(sha256))
}

/// The newest description of `url` among the files at `paths`, and where it is.
fn newest(paths: Vec<PathBuf>, url: &Url) -> Result<Option<(PathBuf, Snapshot)>, SnapshotError> {
    let mut descriptions: Vec<PathBuf> = paths.into_iter().filter(|path| path.extension().is_some_and(|e| e == "json")).collect();
    // Names begin with the time, in one width.
    descriptions.sort_unstable_by(|a, b| b.cmp(a));
    for path in descriptions.into_iter().take(LOOK_BACK_MAX) {
        let json = fs::read(&path).map_err(failed("read", &path))?;
        // One that does not read describes nothing we could show; the page after it still does.
        let Ok(snapshot) = serde_json::from_slice::<Snapshot>(&json) else { continue };
        if snapshot.url == *url {
            return Ok(Some((path, snapshot)));
        }
    }
    Ok(None)
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

fn sha256(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}
