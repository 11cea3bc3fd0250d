//! Items as mails and feeds want them: the content of a revision with the dates of its history, and the source it is from.

use crate::domain::item::{ItemId, KnownItem};
use crate::domain::source::{Source, SourceId};
use crate::rules::feed::{Limits, select};
use crate::store::records::{ItemState, SourceAbout, SourceState};
use crate::store::{Row, Store, StoreError};
use chrono::{DateTime, NaiveTime, Utc};
use std::collections::HashMap;
use url::Url;

/// The sources by name: as the configuration has them, and for those it no longer names, as they were when last polled.
#[derive(Clone, Debug, Default)]
pub struct Sources(HashMap<SourceId, Source>);

impl Sources {
    /// Reads what the store remembers beside what is configured.
    pub async fn read(store: &Store, configured: &[Source]) -> Result<Self, StoreError> {
        let rows = store.source_states().await?;
        let of = |row: &Row<SourceState>| Some(remembered(source_of(row)?, &row.value.about, row.value.home.clone()));
        Ok(Self::of(rows.iter().filter_map(of), configured))
    }

    /// Those `remembered` and those that are configured.
    #[must_use]
    pub fn of(remembered: impl Iterator<Item = Source>, configured: &[Source]) -> Self {
        let mut all: HashMap<SourceId, Source> = remembered.map(|source| (source.id.clone(), source)).collect();
        for source in configured {
            // What a feed says of itself is only in the store.
            let read = all.remove(&source.id).filter(|read| read.url == source.url);
            all.insert(source.id.clone(), Source { home: read.and_then(|read| read.home), ..source.clone() });
        }
        Self(all)
    }

    /// The source of that name.
    #[must_use]
    pub fn get(&self, id: &SourceId) -> Option<&Source> {
        self.0.get(id)
    }

    /// All of them, by name.
    #[must_use]
    pub fn all(&self) -> Vec<Source> {
        let mut all: Vec<Source> = self.0.values().cloned().collect();
        all.sort_by(|a, b| a.id.cmp(&b.id));
        all
    }
}

/// Whose state a row is.
#[must_use]
pub fn source_of(row: &Row<SourceState>) -> Option<SourceId> {
    row.key.strip_prefix(b"src/").and_then(|id| SourceId::parse(&String::from_utf8_lossy(id)))
}

/// A source as it was when it was last polled, with the page that is a feed's own.
#[must_use]
pub fn remembered(id: SourceId, about: &SourceAbout, home: Option<Url>) -> Source {
    let SourceAbout { council, title, url, topics } = about.clone();
    Source { home, topics, ..Source::bare(id, council, title, url) }
}

/// An item in the words of its revision `number`; `None` where the store holds no such revision.
pub async fn in_words(store: &Store, source: &SourceId, id: &ItemId, number: u32) -> Result<Option<KnownItem>, StoreError> {
    let Some(state) = store.item(source, id).await? else { return Ok(None) };
    with_state(store, source, &state.value, number).await
}

/// The same where the item's state has been read already.
pub async fn with_state(
    store: &Store,
    source: &SourceId,
    state: &ItemState,
    number: u32,
) -> Result<Option<KnownItem>, StoreError> {
    let Some(revision) = store.revision(&state.id, number).await? else { return Ok(None) };
    Ok(Some(KnownItem {
        id: state.id.clone(),
        source: source.clone(),
        revision: number,
        first_seen: state.first_seen,
        // An item that came back has the words of before and a newer date.
        revised: if number == state.revision { state.revised.max(revision.seen) } else { revision.seen },
        withdrawn: state.withdrawn,
        item: revision.item,
        before: None,
    }))
}

/// The items that a feed over `sources` holds, newest first, each with the content before its latest.
pub async fn newest(
    store: &Store,
    sources: &[Source],
    limits: Limits,
    now: DateTime<Utc>,
) -> Result<Vec<(Source, KnownItem)>, StoreError> {
    let mut states: Vec<(&Source, ItemState, DateTime<Utc>)> = Vec::new();
    for source in sources {
        for row in store.items(&source.id).await? {
            let at = place(&row.value);
            states.push((source, row.value, at));
        }
    }
    let chosen = select(states, |(_, state, at)| (*at, &state.id), limits, now);
    let mut items = Vec::with_capacity(chosen.len());
    for (source, state, _) in chosen {
        if let Some(item) = with_state(store, &source.id, &state, state.revision).await? {
            let before = match state.revision.checked_sub(1).filter(|n| *n > 0) {
                Some(previous) => store.revision(&state.id, previous).await?.map(|revision| revision.item),
                None => None,
            };
            items.push((source.clone(), KnownItem { before, ..item }));
        }
    }
    Ok(items)
}

/// When an item counts as published, by its row alone.
fn place(state: &ItemState) -> DateTime<Utc> {
    state.published.map_or(state.first_seen, |day| day.and_time(NaiveTime::MIN).and_utc())
}
