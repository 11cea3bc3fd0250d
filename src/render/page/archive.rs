//! The archive: every item, newest first, by council, page, topic and month.

use super::choice::{Choice, Group, groups, title};
use super::finished;
use super::pager::{Pager, pager};
use super::row::{DayRows, ItemRow, by_day};
use crate::domain::item::KnownItem;
use crate::domain::site::Site;
use crate::domain::source::Source;
use crate::render::feed::Format;
use crate::render::words::Words;
use crate::rules::day::Day;
use crate::rules::feed::FeedName;
use askama::Template;
use chrono::NaiveDate;

/// One page of a list of items.
#[derive(Clone, PartialEq, Debug)]
pub struct ItemList {
    /// The items of this page, in their order.
    pub items: Vec<KnownItem>,
    /// How many there are on all pages.
    pub total: usize,
    /// This page, from 1.
    pub page: usize,
    /// How many pages there are, at least 1.
    pub pages: usize,
    /// Every source that is known, for names and choices.
    pub sources: Vec<Source>,
}

/// One page of the archive.
#[derive(Clone, PartialEq, Debug)]
pub struct ArchivePage {
    /// What it lists.
    pub of: FeedName,
    /// The first day of the month that it lists; `None`: all of them.
    pub month: Option<NaiveDate>,
    /// The first days of all months in which there are items, newest first, with how many.
    pub months: Vec<(NaiveDate, usize)>,
    /// The items.
    pub list: ItemList,
}

#[derive(Template)]
#[template(path = "page/archive.html")]
struct Archive<'a> {
    site: &'a Site,
    words: &'static Words,
    heading: String,
    everything: bool,
    groups: Vec<Group>,
    months: Vec<Choice>,
    found: String,
    days: Vec<DayRows>,
    pager: Option<Pager>,
    feeds: Vec<(&'static str, &'static str, String)>,
}

/// One page of the archive.
#[must_use]
pub fn archive(site: &Site, archive: &ArchivePage) -> String {
    let words = Words::of(site);
    let ArchivePage { of, month, months, list } = archive;
    let what = title(words, site, &list.sources, of);
    let what = match (of, month) {
        (_, Some(month)) => (words.archive.in_month)(&what, &(words.archive.month_name)(*month)),
        (_, None) => what,
    };
    let heading = if *of == FeedName::All && month.is_none() {
        words.archive.heading.to_owned()
    } else {
        (words.archive.heading_of)(&what)
    };
    let value = |month: &NaiveDate| month.format("%Y-%m").to_string();
    let months = months.iter().map(|(first, count)| Choice {
        value: value(first),
        label: format!("{} ({count})", (words.archive.month_name)(*first)),
        chosen: Some(*first) == *month,
    });
    let stem = if *of == FeedName::All { String::new() } else { of.stem() };
    let parameters = [("in", stem), ("month", month.as_ref().map(value).unwrap_or_default())];
    let parameters = parameters.each_ref().map(|(name, value)| (*name, value.as_str()));
    let days = list.items.iter().map(|known| Day::of(known, site.timezone).date());
    finished(&Archive {
        site,
        words,
        heading,
        everything: *of == FeedName::All,
        groups: groups(words, site, &list.sources, of),
        months: months.collect(),
        found: (words.archive.found)(list.total),
        days: by_day(words, days.zip(rows(site, list))),
        pager: pager(words, &site.path("archive"), &parameters, list.page, list.pages),
        feeds: Format::ALL.iter().map(|f| (f.label(), f.media_type(), f.link(site, of))).collect(),
    })
}

/// The items of a page as rows.
pub(super) fn rows(site: &Site, list: &ItemList) -> Vec<ItemRow> {
    let source = |known: &KnownItem| list.sources.iter().find(|s| s.id == known.source);
    list.items.iter().map(|known| ItemRow::of(site, known, source(known))).collect()
}
