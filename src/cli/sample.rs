//! Invented updates in the shape of real ones, for previews before anything was read, and for test messages.

use crate::domain::item::{Change, Item, ItemId, KnownItem};
use crate::domain::source::{Source, SourceId};
use crate::render::email::MailEntry;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use url::Url;

/// Two councils that do not exist, and what they published, changed and withdrew.
const SAMPLE: &str = include_str!("sample.json");

/// The updates of one sample mail.
#[derive(Clone, PartialEq, Debug)]
pub struct Sample {
    told: Vec<(Change, KnownItem, Option<Item>, Source)>,
}

#[derive(Deserialize)]
struct Told {
    change: Change,
    source: SourceId,
    item: Item,
    before: Option<Item>,
}

#[derive(Deserialize)]
struct Place {
    id: SourceId,
    council: String,
    title: String,
    url: Url,
}

#[derive(Deserialize)]
struct Written {
    sources: Vec<Place>,
    told: Vec<Told>,
}

impl Sample {
    /// The sample, as if everything had been noticed at `now`.
    ///
    /// # Errors
    /// Where the sample that was built in cannot be read.
    pub fn new(now: DateTime<Utc>) -> Result<Self, serde_json::Error> {
        let written: Written = serde_json::from_str(SAMPLE)?;
        let sources: Vec<Source> = written.sources.into_iter().map(source).collect();
        let told = written.told.into_iter().filter_map(|told| {
            let source = sources.iter().find(|s| s.id == told.source)?.clone();
            let known = KnownItem {
                id: ItemId::of(&source.id, &told.item.key),
                source: source.id.clone(),
                revision: if told.before.is_some() { 2 } else { 1 },
                first_seen: now,
                revised: now,
                withdrawn: (told.change == Change::Withdrawn).then_some(now),
                item: told.item,
                before: None,
            };
            Some((told.change, known, told.before, source))
        });
        Ok(Self { told: told.collect() })
    }

    /// The updates, as a mail tells them.
    #[must_use]
    pub fn entries(&self) -> Vec<MailEntry<'_>> {
        let entry = |(change, known, before, source)| MailEntry { change, known, source, before };
        self.told.iter().map(|(change, known, before, source)| entry((*change, known, before.as_ref(), source))).collect()
    }
}

fn source(place: Place) -> Source {
    Source::bare(place.id, place.council, place.title, place.url)
}
