//! What feeds there are, which of them an item belongs to, and which items one holds, in which order.
//!
//! A feed is named by its path under the feeds folder without the ending. Source ids hold no `/`, so the only names that
//! could meet are those of [`RESERVED_SOURCE_IDS`].

use crate::domain::item::{ItemId, KnownItem};
use crate::domain::site::Site;
use crate::domain::source::{Source, SourceId, slug};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use std::collections::BTreeSet;
use std::time::Duration;

/// Ids that no source may have, because files of these names lie in the feeds folder already.
pub const RESERVED_SOURCE_IDS: [&str; 3] = ["all", "opml", "meetings"];

/// One feed that we publish.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum FeedName {
    /// Everything.
    All,
    /// One source.
    Source(SourceId),
    /// All sources of the council with this slug.
    Council(String),
    /// All sources on the topic with this slug.
    Topic(String),
}

impl FeedName {
    /// The feeds that an item of `source` is in: what a change there makes out of date.
    #[must_use]
    pub fn of(source: &Source) -> Vec<Self> {
        let council = Some(slug(&source.council)).filter(|s| !s.is_empty()).map(Self::Council);
        let topics = source.topics.iter().map(|t| slug(t)).filter(|s| !s.is_empty()).map(Self::Topic);
        let names: BTreeSet<Self> =
            [Self::All, Self::Source(source.id.clone())].into_iter().chain(council).chain(topics).collect();
        names.into_iter().collect()
    }

    /// Every feed over `sources`, each once; [`FeedName::All`] is there even when nothing is watched.
    #[must_use]
    pub fn every(sources: &[Source]) -> Vec<Self> {
        let names: BTreeSet<Self> = sources.iter().flat_map(Self::of).chain([Self::All]).collect();
        names.into_iter().collect()
    }

    /// Whether items of `source` are in it.
    #[must_use]
    pub fn holds(&self, source: &Source) -> bool {
        match self {
            Self::All => true,
            Self::Source(id) => *id == source.id,
            Self::Council(council) => *council == slug(&source.council),
            Self::Topic(topic) => source.topics.iter().any(|t| slug(t) == *topic),
        }
    }

    /// Its path under the feeds folder, without the ending: `all`, `<source-id>`, `council/<slug>`, `topic/<slug>`.
    #[must_use]
    pub fn stem(&self) -> String {
        match self {
            Self::All => "all".to_owned(),
            Self::Source(id) => id.to_string(),
            Self::Council(slug) => format!("council/{slug}"),
            Self::Topic(slug) => format!("topic/{slug}"),
        }
    }

    /// The feed whose [`FeedName::stem`] is `stem`.
    #[must_use]
    pub fn parse(stem: &str) -> Option<Self> {
        let is_slug = |s: &str| !s.is_empty() && slug(s) == s;
        match stem.split_once('/') {
            Some(("council", name)) if is_slug(name) => Some(Self::Council(name.to_owned())),
            Some(("topic", name)) if is_slug(name) => Some(Self::Topic(name.to_owned())),
            Some(_) => None,
            None if stem == "all" => Some(Self::All),
            None if RESERVED_SOURCE_IDS.contains(&stem) => None,
            None => SourceId::parse(stem).map(Self::Source),
        }
    }

    /// Its name in words, with councils and pages as `sources` spell them.
    #[must_use]
    pub fn title(&self, site: &Site, sources: &[Source]) -> String {
        let first = || sources.iter().find(|s| self.holds(s));
        match self {
            Self::All => site.name.clone(),
            Self::Source(id) => first().map_or_else(|| id.to_string(), |s| format!("{}: {}", s.council, s.title)),
            Self::Council(slug) => first().map_or_else(|| slug.replace('-', " "), |s| s.council.clone()),
            Self::Topic(slug) => format!("Topic: {}", site.topic(slug)),
        }
    }
}

/// When an item counts as published: the council's time, or its day, or the time when we first saw it.
///
/// A day without a time becomes the later of its midnights in `zone` and in UTC: the first moment that lies in that day
/// for a reader here and for a program that reckons in UTC.
#[must_use]
pub fn dated(known: &KnownItem, zone: Tz) -> DateTime<Tz> {
    match (known.item.published_at, known.item.published) {
        (Some(at), _) => at.with_timezone(&zone),
        (None, Some(day)) => day_start(day, zone),
        (None, None) => known.first_seen.with_timezone(&zone),
    }
}

fn day_start(day: NaiveDate, zone: Tz) -> DateTime<Tz> {
    let utc = day.and_time(NaiveTime::MIN).and_utc();
    let here = zone.from_local_datetime(&day.and_time(NaiveTime::MIN)).earliest();
    here.map_or(utc, |here| utc.max(here.with_timezone(&Utc))).with_timezone(&zone)
}

/// How much of the past a feed holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// At least this many of the newest items.
    pub items_min: usize,
    /// And everything younger.
    pub keep: Duration,
}

/// The items of a feed at `now`, newest first and, on the same moment, by identity; `place` gives an item's
/// [`dated`] moment and identity, so that bodies need not be read to choose.
#[must_use]
pub fn select<T>(
    mut items: Vec<T>,
    place: impl Fn(&T) -> (DateTime<Utc>, &ItemId),
    limits: Limits,
    now: DateTime<Utc>,
) -> Vec<T> {
    items.sort_by(|a, b| {
        let ((a_at, a_id), (b_at, b_id)) = (place(a), place(b));
        b_at.cmp(&a_at).then_with(|| a_id.cmp(b_id))
    });
    let oldest = chrono::Duration::from_std(limits.keep).ok().and_then(|keep| now.checked_sub_signed(keep));
    let young = items.iter().take_while(|item| oldest.is_none_or(|oldest| place(item).0 > oldest)).count();
    items.truncate(young.max(limits.items_min));
    items
}

#[cfg(test)]
mod tests;
