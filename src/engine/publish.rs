//! Publishing: every feed that is marked is rendered from what is known and its files replaced; then the mark goes.
//!
//! If we stop between the two, the feed is rendered again to the same bytes.

use super::known::{Sources, newest};
use crate::domain::item::{KnownItem, hash_hex};
use crate::domain::site::Site;
use crate::domain::source::Source;
use crate::ports::Publish;
use crate::render::feed::{self, FeedView, calendar, opml};
use crate::rules::feed::{FeedName, Limits};
use crate::store::{Store, StoreError};
use chrono::{DateTime, Utc};

/// The mark of the calendar.
pub const CALENDAR: &str = calendar::PATH;
/// The mark of the list of feeds.
pub const LIST: &str = opml::PATH;

/// What publishing needs besides the store.
#[derive(Clone, Copy)]
pub struct Publisher<'a> {
    /// Replaces files.
    pub publish: &'a dyn Publish,
    /// Who speaks.
    pub site: &'a Site,
    /// The sources that are watched.
    pub sources: &'a [Source],
    /// How much a feed holds.
    pub limits: Limits,
}

/// Why a feed was not published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file.
    #[error("the feed file {path} could not be written")]
    File {
        /// Below the feeds folder.
        path: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
}

/// Marks all feeds where they were last made for another site, other sources or by another renderer.
pub async fn remake_if_other(store: &Store, publisher: &Publisher<'_>, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let what = format!(
        "{} {} {:?} {:?} {:?}",
        env!("CARGO_PKG_VERSION"),
        feed::LAYOUT,
        publisher.site,
        abouts(publisher.sources),
        publisher.limits
    );
    let feeds = FeedName::every(publisher.sources);
    let names: Vec<String> = feeds.iter().map(FeedName::stem).chain([CALENDAR.to_owned(), LIST.to_owned()]).collect();
    store.remake_feeds_for(hash_hex(&[what.as_bytes()]), &names, now).await
}

fn abouts(sources: &[Source]) -> Vec<(&str, &str, &str, &str, &[String])> {
    sources.iter().map(|s| (s.id.as_str(), s.council.as_str(), s.title.as_str(), s.url.as_str(), s.topics.as_slice())).collect()
}

/// Writes every marked feed. Answers with the number of feeds written.
pub async fn publish(store: &Store, publisher: &Publisher<'_>, now: DateTime<Utc>) -> Result<usize, PublishError> {
    let marked = store.dirty_feeds().await?;
    if marked.is_empty() {
        return Ok(0);
    }
    let known = Sources::read(store, publisher.sources).await?.all();
    for (name, row) in &marked {
        for (path, bytes) in render(store, publisher, &known, name, now).await? {
            publisher.publish.publish(path.clone(), bytes).await.map_err(|source| PublishError::File { path, source })?;
        }
        store.record_feed_written(row).await?;
    }
    Ok(marked.len())
}

/// The files of the feed marked `name`; none where there is no such feed any more.
async fn render(
    store: &Store,
    publisher: &Publisher<'_>,
    known: &[Source],
    name: &str,
    now: DateTime<Utc>,
) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
    let Publisher { site, sources, .. } = *publisher;
    if name == LIST {
        return Ok(vec![(LIST.to_owned(), opml::write(site, sources))]);
    }
    if name == CALENDAR {
        let items = newest(store, known, publisher.limits, now).await?;
        let borrowed: Vec<(&Source, KnownItem)> = items.iter().map(|(source, item)| (source, item.clone())).collect();
        return Ok(vec![(CALENDAR.to_owned(), calendar::write(site, &borrowed))]);
    }
    let Some(name) = FeedName::parse(name) else { return Ok(Vec::new()) };
    let members: Vec<Source> = known.iter().filter(|source| name.holds(source)).cloned().collect();
    let items = newest(store, &members, publisher.limits, now).await?;
    let title = name.title(site, known);
    let items = items.iter().map(|(source, item)| (source, item.clone())).collect();
    let files = feed::files(&FeedView { site, name, title, items });
    Ok(files.into_iter().map(|file| (file.path, file.bytes)).collect())
}
