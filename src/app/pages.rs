//! The archive of raw pages, as the engine asks for it.

use crate::domain::source::SourceId;
use crate::ports::{Pages, RawPage};
use crate::store::snapshots::{Page, Retention, Snapshots};
use chrono::{DateTime, Utc};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::io;
use std::time::Duration;

/// Pages kept at most, whatever their age.
const PAGES_MAX: usize = 200_000;
/// Bytes on the disk at most, whatever their age: 4 GiB.
const BYTES_MAX: u64 = 4 << 30;

impl Pages for Snapshots {
    fn keep(&self, source: SourceId, pages: Vec<RawPage>) -> BoxFuture<'_, io::Result<()>> {
        async move {
            let pages = pages.into_iter().map(|page| {
                let RawPage { url, fetched, status, content_type, sha256, body } = page;
                Page { url, fetched_at: fetched, status, content_type, sha256, body }
            });
            self.record(&source, pages.collect()).await.map(|_| ()).map_err(io::Error::other)
        }
        .boxed()
    }

    fn find(&self, source: SourceId, sha256: String) -> BoxFuture<'_, io::Result<Option<RawPage>>> {
        async move {
            let found = self.by_hash(&source, &sha256).await.map_err(io::Error::other)?;
            Ok(found.map(|(snapshot, body)| RawPage {
                url: snapshot.url,
                fetched: snapshot.fetched_at,
                status: snapshot.status,
                content_type: snapshot.content_type,
                sha256: snapshot.sha256,
                body,
            }))
        }
        .boxed()
    }

    fn sweep(&self, now: DateTime<Utc>, keep: Duration) -> BoxFuture<'_, io::Result<u64>> {
        let retention = Retention { keep, pages_max: PAGES_MAX, bytes_max: BYTES_MAX };
        async move { Snapshots::sweep(self, now, retention).await.map_err(io::Error::other) }.boxed()
    }
}
