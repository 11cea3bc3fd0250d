//! Mail when there is no news: that the watch still works, with how each page is doing; and, once, that a page which
//! somebody follows cannot be read.

use super::digest::{Foot, print};
use super::wrap::wrap;
use super::{Rendered, Ways, subject};
use crate::domain::site::Site;
use crate::render::page::{Watched, health_in_words};
use crate::render::words::{count, day, list};
use askama::Template;
use chrono::{DateTime, Utc};

/// Pages that one mail names.
const ROWS_MAX: usize = 40;

/// Why there is mail although there is no news.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Occasion {
    /// Nothing that the reader follows was new since then.
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
    subject: &'a str,
    view: &'a View,
    foot: &'a Foot<'a>,
}

#[derive(Template)]
#[template(path = "email/watch/body.txt", escape = "none")]
struct Plain<'a> {
    view: &'a View,
    foot: &'a Foot<'a>,
}

/// What is said above the pages of a month without news; of what could not be read nobody knows whether it brought some.
fn still_watching(since: &str, pages: &str, some_unread: bool) -> Vec<String> {
    let unread = some_unread.then(|| "Where a page cannot be read, we do not know whether anything new is there.".to_owned());
    let seen = format!("Since {since} we have seen nothing new, changed or withdrawn on the {pages} that you follow.");
    [Some(seen), unread, Some("This is how they are doing:".to_owned())].into_iter().flatten().collect()
}

/// The words of such a mail.
#[must_use]
pub fn watch(mail: &WatchMail) -> Rendered {
    let site = mail.site;
    let date = |at: DateTime<Utc>| day(at.with_timezone(&site.timezone).date_naive());
    let pages = count(mail.watched.len(), "page");
    let first = mail.watched.first().map(|w| format!("{}: {}", subject::short_council(&w.source.council), w.source.title));
    let (subject, heading, paragraphs, how_often) = match mail.occasion {
        Occasion::StillWatching { since } => (
            format!("Still watching, nothing new since {}", date(since)),
            "Still watching, nothing new".to_owned(),
            still_watching(&date(since), &pages, mail.watched.iter().any(|watched| !watched.health.is_well())),
            "at most once a month, when there was nothing else to send",
        ),
        Occasion::CannotRead { since } => (
            match (first, mail.watched.len()) {
                (Some(first), 1) => format!("{first} cannot be read since {}", date(since)),
                (Some(first), n) => format!("{first} and {} more cannot be read", n - 1),
                (None, _) => format!("{}: pages cannot be read", site.name),
            },
            if mail.watched.len() == 1 {
                "A page that you follow cannot be read"
            } else {
                "Pages that you follow cannot be read"
            }
            .to_owned(),
            vec![
                "We do not know whether anything new is there. Please look at the council’s own page from time to time."
                    .to_owned(),
                "We keep trying, and write as usual when it can be read again. We tell you this once.".to_owned(),
            ],
            "once for each page that cannot be read for long",
        ),
    };
    // What cannot be read first: it must not be among those that are only counted.
    let mut watched: Vec<&Watched> = mail.watched.iter().collect();
    watched.sort_by_key(|watched| watched.health.is_well());
    let rows = watched.into_iter().take(ROWS_MAX).map(|watched| Row {
        place: format!("{}: {}", watched.source.council, watched.source.title),
        url: watched.source.url.to_string(),
        state: health_in_words(site, watched, mail.now),
    });
    let more = mail.watched.len().checked_sub(ROWS_MAX).filter(|n| *n > 0).map(|n| format!("and {n} more"));
    let view = View { heading, paragraphs, rows: rows.collect(), more, status_url: site.link("status") };
    let foot = Foot { site, why: list(&mail.why), how_often, ways: &mail.ways, site_url: site.url.as_str() };
    let html = print(&Html { subject: &subject, view: &view, foot: &foot });
    let text = wrap(&print(&Plain { view: &view, foot: &foot }));
    Rendered { subject, text, html }
}
