//! What of the kept pages goes: the old, then the oldest until the limits hold, and the remains of writes that broke off.
//!
//! The last page of an address is not old however long ago it came: it is what the address still shows, and what a better
//! recipe is tried on.

use super::super::files::ASIDE;
use super::file::described;
use super::keep::files;
use super::{Retention, SnapshotError, failed};
use chrono::{DateTime, NaiveDateTime, Utc};
use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use url::Url;

/// A write is over after this long, or it never will be.
const WRITING_TIME_MAX: Duration = Duration::from_secs(3600);

/// A page on the disk, with the description that an earlier version wrote beside it.
struct Kept {
    source: PathBuf,
    /// Where it came from, where that can be read.
    url: Option<Url>,
    body: PathBuf,
    at: DateTime<Utc>,
    bytes: u64,
}

pub(super) fn sweep(folder: &Path, now: DateTime<Utc>, retention: Retention) -> Result<u64, SnapshotError> {
    let mut kept = Vec::new();
    for source in files(folder)? {
        for path in files(&source)? {
            if path.extension().is_some_and(|e| e == ASIDE) {
                remove_if_stale(&path)?;
            } else if path.extension().is_some_and(|e| e == "zst")
                && let Some(at) = time_in_name(&path)
            {
                let bytes = size(&path) + size(&path.with_extension("json"));
                kept.push(Kept { source: source.clone(), url: address(&path), body: path, at, bytes });
            }
        }
    }
    kept.sort_unstable_by(|a, b| (b.at, &b.body).cmp(&(a.at, &a.body)));
    remove(&past(kept, now, retention))
}

/// Those that go, of pages ordered from the newest to the oldest.
fn past(kept: Vec<Kept>, now: DateTime<Utc>, retention: Retention) -> Vec<PathBuf> {
    let mut newest_of: HashMap<PathBuf, PathBuf> = HashMap::new();
    for page in &kept {
        newest_of.entry(page.source.clone()).or_insert_with(|| page.body.clone());
    }
    let newest: HashSet<PathBuf> = newest_of.into_values().collect();
    // The newest of each source count first: they stay, so the others share what is left.
    let mut pages = newest.len();
    let mut bytes: u64 = kept.iter().filter(|page| newest.contains(&page.body)).map(|page| page.bytes).sum();
    let mut gone = Vec::new();
    let mut is_full = false;
    let mut shown: HashSet<(PathBuf, Url)> = HashSet::new();
    for page in kept {
        let is_last = page.url.is_some_and(|url| shown.insert((page.source, url)));
        if newest.contains(&page.body) {
            continue;
        }
        let is_young = is_last || now.signed_duration_since(page.at).to_std().unwrap_or_default() < retention.keep;
        // Once one does not fit, no older one stays in its stead.
        is_full = is_full || pages + 1 > retention.pages_max || bytes + page.bytes > retention.bytes_max;
        if is_young && !is_full {
            pages += 1;
            bytes += page.bytes;
        } else {
            gone.push(page.body);
        }
    }
    gone
}

fn remove(bodies: &[PathBuf]) -> Result<u64, SnapshotError> {
    for body in bodies {
        // The description first: without it nobody looks for the page.
        for path in [body.with_extension("json"), body.clone()] {
            match fs::remove_file(&path) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(failed("remove", &path)(e)),
                _ => {}
            }
        }
    }
    Ok(bodies.len() as u64)
}

fn remove_if_stale(path: &Path) -> Result<(), SnapshotError> {
    let age = fs::metadata(path).and_then(|meta| meta.modified()).ok().and_then(|at| at.elapsed().ok());
    if age.is_some_and(|age| age > WRITING_TIME_MAX) {
        fs::remove_file(path).map_err(failed("remove", path))?;
    }
    Ok(())
}

/// Where a page came from, where that can be read.
fn address(page: &Path) -> Option<Url> {
    described(page).ok().flatten().map(|snapshot| snapshot.url)
}

fn time_in_name(path: &Path) -> Option<DateTime<Utc>> {
    let (time, _) = path.file_stem()?.to_str()?.split_once('-')?;
    Some(NaiveDateTime::parse_from_str(time, "%Y%m%dT%H%M%S%3fZ").ok()?.and_utc())
}

fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |meta| meta.len())
}
