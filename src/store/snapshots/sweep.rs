//! What of the kept pages goes: the old, then the oldest until the limits hold, and the remains of writes that broke off.
//!
//! The last page of an address is not old however long ago it came: it is what the address still shows, and what a better
//! recipe is tried on.

use super::super::files::ASIDE;
use super::file::{Entry, entries, remove};
use super::keep::files;
use super::{Retention, SnapshotError, failed};
use chrono::{DateTime, Utc};
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use url::Url;

/// A write is over after this long, or it never will be.
const WRITING_TIME_MAX: Duration = Duration::from_secs(3600);

pub(super) fn sweep(folder: &Path, now: DateTime<Utc>, retention: Retention) -> Result<u64, SnapshotError> {
    let mut kept = Vec::new();
    for source in files(folder)? {
        for path in files(&source)? {
            if path.extension().is_some_and(|e| e == ASIDE) {
                remove_if_older(&path, WRITING_TIME_MAX)?;
            } else if path.extension().is_some_and(|e| e == "zst") {
                let mut found = entries(&path).map_err(failed("read", &path))?;
                if found.is_empty() {
                    // Nothing in it can be shown to anybody.
                    remove_if_older(&path, retention.keep)?;
                }
                kept.append(&mut found);
            }
        }
    }
    kept.sort_by_key(|page| Reverse(page.snapshot.fetched_at));
    let mut gone: HashMap<PathBuf, Vec<Entry>> = HashMap::new();
    let mut count = 0;
    for page in past(kept, now, retention) {
        gone.entry(page.path.clone()).or_default().push(page);
        count += 1;
    }
    for (path, gone) in gone {
        // It may have grown meanwhile.
        remove(&path, |page| gone.iter().any(|gone| gone.snapshot == page.snapshot))
            .map_err(failed("take pages out of", &path))?;
    }
    Ok(count)
}

/// Those that go, of pages ordered from the newest to the oldest.
fn past(kept: Vec<Entry>, now: DateTime<Utc>, retention: Retention) -> Vec<Entry> {
    // The newest of each source count first: they stay, so the others share what is left.
    let mut sources: HashSet<&Path> = HashSet::new();
    let is_newest: Vec<bool> = kept.iter().map(|page| sources.insert(source(page))).collect();
    let newest = || kept.iter().zip(&is_newest).filter(|(_, is_newest)| **is_newest);
    let mut pages = newest().count();
    let mut bytes: u64 = newest().map(|(page, _)| page.bytes()).sum();
    let mut shown: HashSet<(&Path, &Url)> = HashSet::new();
    let mut is_full = false;
    let mut goes = Vec::with_capacity(kept.len());
    for (page, is_newest) in kept.iter().zip(&is_newest) {
        let is_last = shown.insert((source(page), &page.snapshot.url));
        if *is_newest {
            goes.push(false);
            continue;
        }
        let age = now.signed_duration_since(page.snapshot.fetched_at).to_std().unwrap_or_default();
        // Once one does not fit, no older one stays in its stead.
        is_full = is_full || pages + 1 > retention.pages_max || bytes + page.bytes() > retention.bytes_max;
        let stays = (is_last || age < retention.keep) && !is_full;
        if stays {
            pages += 1;
            bytes += page.bytes();
        }
        goes.push(!stays);
    }
    kept.into_iter().zip(goes).filter_map(|(page, goes)| goes.then_some(page)).collect()
}

/// The folder of the source that a page is of.
fn source(page: &Entry) -> &Path {
    page.path.parent().unwrap_or(&page.path)
}

fn remove_if_older(path: &Path, than: Duration) -> Result<(), SnapshotError> {
    let age = fs::metadata(path).and_then(|meta| meta.modified()).ok().and_then(|at| at.elapsed().ok());
    if age.is_some_and(|age| age > than) {
        fs::remove_file(path).map_err(failed("remove", path))?;
    }
    Ok(())
}
