//! Mail when there is no news: that the watch still works, with how each page is doing; and, once, that a page which
//! somebody follows cannot be read.

use super::digest::{Foot, print};
use super::wrap::wrap;
use super::{Rendered, Ways, subject};
use crate::domain::site::Site;
use crate::domain::source::Source;
use crate::render::page::{Watched, health_in_words};
use crate::render::words::{Readable, Words};
use askama::Template;
use chrono::{DateTime, Utc};

/// Pages that one mail names.
const ROWS_MAX: usize = 40;

/// Why there is mail although there is no news.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Occasion {
    /// On no page that the reader follows, as far as it could be read, was anything new since then.
    StillWatching {
        /// When they were last written to, or began.
        since: DateTime<Utc>,
    },
    /// The pages told of cannot be read, the longest since then.
    CannotRead {
        /// When the first of them was last read.
        since: DateTime<Utc>,
    },
}

/// What such a mail is made from.
#[derive(Clone, PartialEq, Debug)]
pub struct WatchMail<'a> {
    /// Who writes.
    pub site: &'a Site,
    /// Why.
    pub occasion: Occasion,
    /// When it is written.
    pub now: DateTime<Utc>,
    /// The pages that the reader follows, or those that cannot be read; never empty.
    pub watched: Vec<Watched>,
    /// Why the reader gets it, each a few words.
    pub why: Vec<String>,
    /// Where the reader's own links lead.
    pub ways: Ways,
}

/// One page in the mail.
struct Row {
    place: String,
    url: String,
    state: String,
}

struct View {
    heading: String,
    paragraphs: Vec<String>,
    rows: Vec<Row>,
    /// "and 12 more"; nothing where all are named.
    more: Option<String>,
    status_url: String,
}

#[derive(Template)]
#[template(path = "email/watch/body.html")]
struct Html<'a> {
    words: &'static Words,
    subject: &'a str,
    view: &'a View,
    foot: &'a Foot<'a>,
}

#[derive(Template)]
#[template(path = "email/watch/body.txt", escape = "none")]
struct Plain<'a> {
    words: &'static Words,
    view: &'a View,
    foot: &'a Foot<'a>,
}

/// Of what could not be read nobody knows whether it brought news.
fn readable(watched: &[Watched]) -> Readable {
    let is_read = |watched: &&Watched| watched.health.is_well() && watched.last_read.is_some();
    Readable { pages: watched.len(), unread: watched.len() - watched.iter().filter(is_read).count() }
}

/// The words of such a mail.
#[must_use]
pub fn watch(mail: &WatchMail) -> Rendered {
    let site = mail.site;
    let words = Words::of(site);
    let says = &words.watch;
    let date = |at: DateTime<Utc>| (words.facts.day)(at.with_timezone(&site.timezone).date_naive());
    let place = |council: &str, source: &Source| (words.layout.of_council)(council, &source.title);
    let (subject, heading, paragraphs, how_often) = match mail.occasion {
        Occasion::StillWatching { since } => {
            let (of, since) = (readable(&mail.watched), date(since));
            let mut paragraphs = (says.still)(&of, &since);
            paragraphs.push((says.this_is_how)(mail.watched.len()).to_owned());
            ((says.still_subject)(&of, &since, &date(mail.now)), (says.still_heading)(&of), paragraphs, says.still_often)
        }
        Occasion::CannotRead { since } => {
            let first = mail.watched.first().map(|w| place(subject::short_council(&w.source.council), &w.source));
            let more = mail.watched.len().saturating_sub(1);
            (
                (says.cannot_subject)(&first.unwrap_or_default(), more, &date(since)),
                (says.cannot_heading)(mail.watched.len()).to_owned(),
                says.cannot.map(str::to_owned).to_vec(),
                says.cannot_often,
            )
        }
    };
    // What cannot be read first: it must not be among those that are only counted.
    let mut watched: Vec<&Watched> = mail.watched.iter().collect();
    watched.sort_by_key(|watched| watched.health.is_well());
    let rows = watched.into_iter().take(ROWS_MAX).map(|watched| Row {
        place: place(&watched.source.council, &watched.source),
        url: watched.source.page().to_string(),
        state: health_in_words(site, watched, mail.now),
    });
    let more = mail.watched.len().checked_sub(ROWS_MAX).filter(|n| *n > 0).map(says.and_more);
    let view = View { heading, paragraphs, rows: rows.collect(), more, status_url: site.link("status") };
    let you_get_this = (words.foot.you_get_this)(how_often, &(words.wants.list)(&mail.why));
    let foot = Foot { site, you_get_this, ways: &mail.ways, site_url: site.url.as_str() };
    let html = print(&Html { words, subject: &subject, view: &view, foot: &foot });
    let text = wrap(&print(&Plain { words, view: &view, foot: &foot }));
    Rendered { subject, text, html }
}
