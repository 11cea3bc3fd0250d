//! The status page: how each watched page is doing, in words for everybody.

use super::front::{Overview, Watched};
use super::health::{ago, words_of};
use super::{Moment, archive_link, finished, moment};
use crate::domain::site::Site;
use crate::domain::source::slug;
use crate::domain::text::Text;
use crate::render::words::Words;
use crate::rules::feed::FeedName;
use crate::rules::health::Health;
use askama::Template;
use chrono::{DateTime, Utc};

struct Row {
    title: Text,
    url: String,
    archive: String,
    health: &'static str,
    is_well: bool,
    read: Option<Moment>,
    items: String,
    newest: Option<String>,
    next: Option<Moment>,
}

struct Council {
    name: Text,
    anchor: String,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "page/status.html")]
struct Status<'a> {
    site: &'a Site,
    words: &'static Words,
    summary: String,
    councils: Vec<Council>,
    /// What each state is called, and what it means.
    meanings: Vec<(&'static str, &'static str)>,
}

/// The status page; those who need attention stand first within their council.
#[must_use]
pub fn status(site: &Site, overview: &Overview) -> String {
    let words = Words::of(site);
    let wrong = overview.watched.iter().filter(|watched| !watched.health.is_well()).count();
    let all = overview.watched.len();
    let mut watched: Vec<&Watched> = overview.watched.iter().collect();
    watched.sort_by_key(|w| (&w.source.council, w.health.is_well(), &w.source.title));
    let councils = watched.chunk_by(|a, b| a.source.council == b.source.council).filter_map(|of_one| {
        let council = &of_one.first()?.source.council;
        Some(Council {
            name: Text::line(council),
            anchor: format!("council-{}", slug(council)),
            rows: of_one.iter().map(|watched| row(site, words, watched, overview.at)).collect(),
        })
    });
    finished(&Status {
        site,
        words,
        summary: if wrong == 0 { (words.status.all_well)(all) } else { (words.status.some_wrong)(wrong, all) },
        councils: councils.collect(),
        meanings: Health::ALL.iter().map(|health| (words_of(*health, words), (words.status.meaning)(*health))).collect(),
    })
}

fn row(site: &Site, words: &Words, watched: &Watched, now: DateTime<Utc>) -> Row {
    let is_well = watched.health.is_well();
    let say = if is_well { words.health.read } else { words.health.last_read };
    Row {
        title: Text::line(&watched.source.title),
        url: watched.source.page().to_string(),
        archive: archive_link(site, &FeedName::Source(watched.source.id.clone())),
        health: words_of(watched.health, words),
        is_well,
        read: watched.last_read.map(|at| Moment { people: say(&ago(at, now, words)), ..moment(at, site) }),
        items: (words.status.items)(watched.items),
        newest: watched.newest.map(|day| (words.status.newest)(day, &(words.layout.day)(day.date()))),
        // A time that has passed says nothing: the page is being read, or its turn comes at any moment.
        next: watched.next_read.filter(|next| *next > now).map(|next| moment(next, site)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> Site {
        Site {
            name: "Board Watch".to_owned(),
            url: "https://boards.example.org".parse().unwrap(),
            contact: "admin@example.org".to_owned(),
            postal_address: None,
            timezone: chrono_tz::Europe::London,
            language: "en-GB".to_owned(),
            topics: std::collections::BTreeMap::new(),
        }
    }

    #[test]
    fn every_state_that_can_be_shown_is_explained() {
        let page = status(&site(), &Overview::default());
        let explained = page.split("<dt>").skip(1).map(|rest| rest.split("</dt>").next().unwrap()).collect::<Vec<_>>();
        let words = Words::of(&site());
        assert_eq!(explained, Health::ALL.map(|health| words_of(health, words)));
        let mut meanings = Health::ALL.map(words.status.meaning).to_vec();
        meanings.sort_unstable();
        meanings.dedup();
        assert_eq!(meanings.len(), Health::ALL.len(), "no two mean the same");
    }
}
