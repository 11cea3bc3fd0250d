//! Raw pages as they were fetched: what an admin shows when asked where a message came from, and what a better recipe is
//! tried on.
//!
//! `snapshots/<source>/<year>-<month>.zst` has a month's pages one after the other, each with where, when and how it came before
//! it: in a frame that every program for such files passes over, so that `zstdcat` shows the pages. What the store names of a page
//! is its hash, and the page is durable before that. A page that is the same as the last one of its address is not kept again.

mod file;
mod keep;
mod sweep;

use crate::domain::source::SourceId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use url::Url;

/// A page as it came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page {
    /// Where it was asked for.
    pub url: Url,
    /// When.
    pub fetched_at: DateTime<Utc>,
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`, as sent.
    pub content_type: Option<String>,
    /// SHA-256 of the body, hexadecimal.
    pub sha256: String,
    /// The body after content decoding.
    pub body: Vec<u8>,
}

/// What is known of a kept page.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Snapshot {
    /// Where it was asked for.
    pub url: Url,
    /// When it came first.
    pub fetched_at: DateTime<Utc>,
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`, as sent.
    pub content_type: Option<String>,
    /// SHA-256 of the body, hexadecimal.
    pub sha256: String,
    /// Length of the body.
    pub bytes: u64,
}

/// Why a page could not be kept or found.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The disk said no.
    #[error("could not {doing} {path}")]
    Io {
        /// What was tried.
        doing: &'static str,
        /// On which file.
        path: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// What is there is not what was fetched.
    #[error("the snapshot {path} is damaged")]
    Damaged {
        /// Which file.
        path: String,
    },
}

/// What a sweep leaves of all sources together; the oldest go first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Retention {
    /// Younger ones stay, within the other limits. The newest of each address stays whatever its age.
    pub keep: Duration,
    /// Pages at most.
    pub pages_max: usize,
    /// Bytes on the disk at most.
    pub bytes_max: u64,
}

/// The kept pages of one installation.
#[derive(Clone, Debug)]
pub struct Snapshots {
    folder: PathBuf,
}

impl Snapshots {
    /// Those in this folder (`data_dir/snapshots`), which is made when the first page comes.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// Keeps pages of one poll: all of them are durable when it returns. Answers with what was kept, without those that are the
    /// same as the last one kept of their address.
    pub async fn record(&self, source: &SourceId, pages: Vec<Page>) -> Result<Vec<Snapshot>, SnapshotError> {
        let folder = self.folder.join(source.as_str());
        off_the_workers(move || keep::record(&folder, &pages)).await
    }

    /// The last page kept of `url`, and its body.
    pub async fn latest(&self, source: &SourceId, url: &Url) -> Result<Option<(Snapshot, Vec<u8>)>, SnapshotError> {
        let (folder, url) = (self.folder.join(source.as_str()), url.clone());
        off_the_workers(move || keep::latest(&folder, &url)).await
    }

    /// The page with this SHA-256, and its body.
    pub async fn by_hash(&self, source: &SourceId, sha256: &str) -> Result<Option<(Snapshot, Vec<u8>)>, SnapshotError> {
        let (folder, sha256) = (self.folder.join(source.as_str()), sha256.to_owned());
        off_the_workers(move || keep::by_hash(&folder, &sha256)).await
    }

    /// What is known of the pages with these SHA-256, of those that are kept; their bodies stay where they are.
    pub async fn described(&self, source: &SourceId, sha256: Vec<String>) -> Result<Vec<Snapshot>, SnapshotError> {
        let folder = self.folder.join(source.as_str());
        off_the_workers(move || keep::described(&folder, &sha256)).await
    }

    /// What is known of every page kept of a source, the newest first.
    pub async fn list(&self, source: &SourceId) -> Result<Vec<Snapshot>, SnapshotError> {
        let folder = self.folder.join(source.as_str());
        off_the_workers(move || keep::list(&folder)).await
    }

    /// What stands where a file of pages, or the folder of a source's, should: pages of that source are not kept.
    #[must_use]
    pub fn misplaced(&self) -> Option<String> {
        let below = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        if self.folder.exists() && !self.folder.is_dir() {
            return Some(format!("{} is no folder", self.folder.display()));
        }
        below(&self.folder).find_map(|source| {
            if !source.is_dir() {
                return Some(format!("{} is no folder", source.display()));
            }
            below(&source).find(|file| file.is_dir()).map(|file| format!("{} is a folder, and should be a file", file.display()))
        })
    }

    /// Removes what is past `retention`. How many pages.
    pub async fn sweep(&self, now: DateTime<Utc>, retention: Retention) -> Result<u64, SnapshotError> {
        let folder = self.folder.clone();
        off_the_workers(move || sweep::sweep(&folder, now, retention)).await
    }
}

/// Runs `work`, which waits for the disk, where waiting stops nobody.
async fn off_the_workers<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SnapshotError> + Send + 'static,
) -> Result<T, SnapshotError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(gone) => Err(SnapshotError::Io { doing: "work on", path: "snapshots".to_owned(), source: io::Error::other(gone) }),
    }
}

fn failed(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> SnapshotError {
    let path = path.display().to_string();
    move |source| SnapshotError::Io { doing, path, source }
}

#[cfg(test)]
mod tests;
