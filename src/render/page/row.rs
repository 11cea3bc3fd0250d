//! One item in a list of items: its title, where it is from, and the links to its page here and at the council's; and the days
//! under which they stand, each once.

use super::item_path;
use crate::domain::item::{KnownItem, Stage};
use crate::domain::site::Site;
use crate::domain::source::Source;
use crate::domain::text::Text;
use crate::render::lines;
use crate::render::words::Words;
use crate::rules::day::Day;
use crate::rules::search::Piece;
use chrono::{DateTime, NaiveDate, Utc};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A day for people and for machines.
pub(super) struct Heading {
    pub(super) words: String,
    pub(super) datetime: String,
}

impl Heading {
    fn of(words: &Words, day: NaiveDate) -> Self {
        Self { words: (words.layout.day)(day), datetime: day.format("%Y-%m-%d").to_string() }
    }
}

/// The items of one day.
pub(super) struct DayRows {
    pub(super) day: Heading,
    pub(super) rows: Vec<ItemRow>,
}

/// `rows`, each with its day, under their days: the newest first, each once, and within it in their order.
pub(super) fn by_day(words: &Words, rows: impl IntoIterator<Item = (NaiveDate, ItemRow)>) -> Vec<DayRows> {
    let mut days: BTreeMap<Reverse<NaiveDate>, Vec<ItemRow>> = BTreeMap::new();
    for (day, row) in rows {
        days.entry(Reverse(day)).or_default().push(ItemRow { day: None, ..row });
    }
    days.into_iter().map(|(Reverse(day), rows)| DayRows { day: Heading::of(words, day), rows }).collect()
}

/// One item in a list.
pub(super) struct ItemRow {
    /// The day that it goes by, where the list has no days of its own.
    pub(super) day: Option<Heading>,
    pub(super) title: Text,
    /// Its page on this site.
    pub(super) page: String,
    /// The council's own page, where a browser opens it.
    pub(super) url: Option<String>,
    pub(super) from: Text,
    /// What happened on its day, where that was not its publication: "Cabinet, 15 December 2022, item 181".
    pub(super) occasion: Option<String>,
    /// What became of it since, and when: "Changed on 21 November 2026".
    pub(super) since: Option<String>,
    pub(super) withdrawn: bool,
    /// The meeting will not take place.
    pub(super) cancelled: bool,
    pub(super) changed: bool,
    /// The words around what was looked for.
    pub(super) snippet: Option<Vec<Piece>>,
}

impl ItemRow {
    /// `source`: where it was found, where that is still known.
    pub(super) fn of(site: &Site, known: &KnownItem, source: Option<&Source>) -> Self {
        let words = Words::of(site);
        let day = Day::of(known, site.timezone);
        let on_its_day = || (words.facts.on_its_day)(day);
        let occasion = match (&known.item.meeting, day) {
            (_, Day::FirstSeen(_)) => Some(on_its_day()),
            (Some(meeting), _) if meeting.body.is_some() || meeting.item.is_some() => {
                lines::meeting(words, &known.item).map(|meeting| (words.facts.of_meeting)(&meeting))
            }
            (_, Day::Meeting(_)) => Some(on_its_day()),
            (_, Day::Published(_)) => None,
        };
        let url = &known.item.url;
        let from = source.map_or_else(|| known.source.to_string(), |s| (words.layout.of_council)(&s.council, &s.title));
        Self {
            day: Some(Heading::of(words, day.date())),
            title: Text::line(known.item.title.as_str()).or_absent().unwrap_or_else(|| Text::line(words.layout.untitled)),
            page: site.path(&item_path(&known.source, &known.id)),
            url: matches!(url.scheme(), "http" | "https").then(|| url.to_string()),
            from: Text::line(&from),
            occasion,
            since: since(site, words, known),
            withdrawn: known.withdrawn.is_some(),
            cancelled: known.item.stage == Some(Stage::Cancelled),
            changed: known.revision > 1,
            snippet: None,
        }
    }

    /// The same under a day that is not the one that it goes by, which it then says itself.
    pub(super) fn under(self, site: &Site, heading: NaiveDate, own: Day) -> Self {
        let layout = &Words::of(site).layout;
        let published = match own {
            Day::Published(day) if day != heading => Some((layout.published_on)(&(layout.day)(day))),
            Day::Published(_) | Day::Meeting(_) | Day::FirstSeen(_) => None,
        };
        let says: Vec<String> = self.occasion.into_iter().chain(published).collect();
        Self { occasion: Some(says.join(" · ")).filter(|says| !says.is_empty()), ..self }
    }

    /// The level of its heading: under its day's, where that has one.
    pub(super) fn level(&self) -> u8 {
        if self.day.is_some() { 3 } else { 4 }
    }
}

/// What became of an item since it was first seen, with the day.
fn since(site: &Site, words: &Words, known: &KnownItem) -> Option<String> {
    let on = |say: fn(&str) -> String, at: DateTime<Utc>| {
        Some(say(&(words.layout.day)(at.with_timezone(&site.timezone).date_naive())))
    };
    match known.withdrawn {
        Some(at) => on(words.item.withdrawal, at),
        None if known.revision > 1 => on(words.layout.changed_on, known.revised),
        // Its withdrawal was a mistake, the council's or ours.
        None if known.revised > known.first_seen => on(words.layout.back_on, known.revised),
        None => None,
    }
}
