//! The front page: the newest items, the councils and topics that are watched, and every feed.

use super::health::words_of;
use super::row::{DayRows, ItemRow, by_day};
use super::{Moment, archive_link, finished, moment};
use crate::domain::item::KnownItem;
use crate::domain::site::Site;
use crate::domain::source::{Source, slug};
use crate::domain::text::Text;
use crate::render::feed::{Format, calendar, opml};
use crate::render::words::Words;
use crate::rules::day::Day;
use crate::rules::feed::FeedName;
use crate::rules::health::Health;
use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};

/// What is known of one watched page.
#[derive(Clone, PartialEq, Debug)]
pub struct Watched {
    /// The page.
    pub source: Source,
    /// When it was last read well; `None` where that is still to come.
    pub last_read: Option<DateTime<Utc>>,
    /// How it is doing.
    pub health: Health,
    /// When it is read next.
    pub next_read: Option<DateTime<Utc>>,
    /// Items known of it.
    pub items: usize,
    /// The day of the newest of them.
    pub newest: Option<Day>,
}

/// What the front page tells.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Overview {
    /// When this was so.
    pub at: DateTime<Utc>,
    /// The watched pages.
    pub watched: Vec<Watched>,
    /// What was last news, the newest first.
    pub latest: Vec<News>,
}

/// Something that was news.
#[derive(Clone, PartialEq, Debug)]
pub struct News {
    /// The item.
    pub known: KnownItem,
    /// The day on which something last happened to it that residents were told of.
    pub day: NaiveDate,
}

struct FeedLinks {
    title: Text,
    /// What somebody hears who hears the link alone.
    spoken: String,
    links: Vec<(&'static str, &'static str, String)>,
}

struct Row {
    title: Text,
    url: String,
    last_read: Option<Moment>,
    /// That it was never read, where its state does not say so.
    never_read: Option<&'static str>,
    health: &'static str,
    feeds: FeedLinks,
}

struct Council {
    name: Text,
    archive: String,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "page/front.html")]
struct Front<'a> {
    site: &'a Site,
    words: &'static Words,
    news: Vec<DayRows>,
    councils: Vec<Council>,
    topics: Vec<(Text, String)>,
    everything: FeedLinks,
    groups: Vec<FeedLinks>,
    opml: String,
    calendar: String,
}

/// The front page.
#[must_use]
pub fn front(site: &Site, overview: &Overview) -> String {
    let words = Words::of(site);
    let sources: Vec<Source> = overview.watched.iter().map(|w| w.source.clone()).collect();
    let feeds = |name: &FeedName| {
        let title = Text::line(&name.title(site, &sources));
        FeedLinks {
            spoken: match name {
                FeedName::Topic(slug) => (words.front.feed_on)(Text::line(&site.topic(slug)).as_str()),
                FeedName::All | FeedName::Source(_) | FeedName::Council(_) => (words.front.feed_of)(title.as_str()),
            },
            title,
            links: Format::ALL.iter().map(|f| (f.label(), f.media_type(), f.link(site, name))).collect(),
        }
    };
    let groups = FeedName::every(&sources);
    let topics = groups.iter().filter_map(|name| match name {
        FeedName::Topic(slug) => Some((Text::line(&site.topic(slug)), archive_link(site, name))),
        FeedName::All | FeedName::Source(_) | FeedName::Council(_) => None,
    });
    let row = |watched: &Watched| Row {
        title: Text::line(&watched.source.title),
        url: watched.source.page().to_string(),
        last_read: watched.last_read.map(|at| moment(at, site)),
        never_read: (watched.last_read.is_none() && watched.health != Health::NotReadYet).then_some(words.front.not_read),
        health: words_of(watched.health, words),
        feeds: feeds(&FeedName::Source(watched.source.id.clone())),
    };
    let mut watched: Vec<&Watched> = overview.watched.iter().collect();
    watched.sort_by_key(|w| (&w.source.council, &w.source.title));
    let councils = watched.chunk_by(|a, b| a.source.council == b.source.council).filter_map(|of_one| {
        let council = &of_one.first()?.source.council;
        Some(Council {
            name: Text::line(council),
            archive: archive_link(site, &FeedName::Council(slug(council))),
            rows: of_one.iter().map(|watched| row(watched)).collect(),
        })
    });
    let row_of = |News { known, day }: &News| {
        let source = sources.iter().find(|s| s.id == known.source);
        (*day, ItemRow::of(site, known, source).under(site, *day, Day::of(known, site.timezone)))
    };
    let page = Front {
        site,
        words,
        news: by_day(words, overview.latest.iter().map(row_of)),
        councils: councils.collect(),
        topics: topics.collect(),
        everything: feeds(&FeedName::All),
        groups: groups.iter().filter(|name| matches!(name, FeedName::Council(_) | FeedName::Topic(_))).map(feeds).collect(),
        opml: site.link(&format!("feeds/{}", opml::PATH)),
        calendar: site.link(&format!("feeds/{}", calendar::PATH)),
    };
    finished(&page)
}
