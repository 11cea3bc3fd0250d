//! The web pages, as complete documents: what is watched, ending a subscription, and what went wrong.
//!
//! Every page works without script, pictures or anything from another host, and says what it is in its title.

use super::feed::{Format, calendar, opml};
use crate::domain::item::KnownItem;
use crate::domain::site::Site;
use crate::domain::source::Source;
use crate::domain::subscriber::Address;
use crate::domain::text::Text;
use crate::rules::feed::{FeedName, dated};
use askama::Template;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// The one stylesheet.
pub const STYLE: &str = include_str!("../../templates/page/style.css");

/// Where the stylesheet is served.
pub const STYLE_PATH: &str = "/style.css";

/// What is known of one watched page.
#[derive(Clone, PartialEq, Debug)]
pub struct Watched {
    /// The page.
    pub source: Source,
    /// When it was last read well; `None` where that is still to come.
    pub last_read: Option<DateTime<Utc>>,
}

/// What the front page tells.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Overview {
    /// The watched pages.
    pub watched: Vec<Watched>,
    /// The newest items, newest first.
    pub latest: Vec<KnownItem>,
}

struct FeedLinks {
    title: Text,
    links: Vec<(&'static str, &'static str, String)>,
}

struct News {
    day: String,
    datetime: String,
    title: Text,
    url: String,
    from: Text,
    withdrawn: bool,
}

struct Row {
    council: Text,
    title: Text,
    url: String,
    last_read: Option<(String, String)>,
    feeds: FeedLinks,
}

#[derive(Template)]
#[template(path = "page/front.html")]
struct Front<'a> {
    site: &'a Site,
    news: Vec<News>,
    rows: Vec<Row>,
    everything: FeedLinks,
    groups: Vec<FeedLinks>,
    opml: String,
    calendar: String,
}

/// The front page: the newest items, the pages that are watched, and every feed.
#[must_use]
pub fn front(site: &Site, overview: &Overview) -> String {
    let sources: Vec<Source> = overview.watched.iter().map(|w| w.source.clone()).collect();
    let feeds = |name: &FeedName| FeedLinks {
        title: Text::line(&name.title(site, &sources)),
        links: Format::ALL.iter().map(|f| (f.label(), f.media_type(), f.link(site, name))).collect(),
    };
    let groups = FeedName::every(&sources);
    let groups = groups.iter().filter(|name| matches!(name, FeedName::Council(_) | FeedName::Topic(_))).map(feeds);
    let rows = overview.watched.iter().map(|watched| Row {
        council: Text::line(&watched.source.council),
        title: Text::line(&watched.source.title),
        url: watched.source.url.to_string(),
        last_read: watched.last_read.map(|at| moment(at, site.timezone)),
        feeds: feeds(&FeedName::Source(watched.source.id.clone())),
    });
    let page = Front {
        site,
        news: overview.latest.iter().map(|known| news(known, &sources, site.timezone)).collect(),
        rows: rows.collect(),
        everything: feeds(&FeedName::All),
        groups: groups.collect(),
        opml: site.link(&format!("feeds/{}", opml::PATH)),
        calendar: site.link(&format!("feeds/{}", calendar::PATH)),
    };
    finished(&page)
}

fn news(known: &KnownItem, sources: &[Source], zone: Tz) -> News {
    let at = dated(known, zone);
    let source = sources.iter().find(|s| s.id == known.source);
    let url = &known.item.url;
    News {
        day: at.format("%-d %B %Y").to_string(),
        datetime: at.format("%Y-%m-%d").to_string(),
        title: Text::line(known.item.title.as_str()).or_absent().unwrap_or_else(|| Text::line("Untitled update")),
        url: if matches!(url.scheme(), "http" | "https") { url.to_string() } else { String::new() },
        from: source.map_or_else(|| Text::line(known.source.as_str()), |s| Text::line(&format!("{}: {}", s.council, s.title))),
        withdrawn: known.withdrawn.is_some(),
    }
}

/// For machines and for people: "2026-11-21T10:00:00+00:00", "21 November 2026, 10:00".
fn moment(at: DateTime<Utc>, zone: Tz) -> (String, String) {
    let here = at.with_timezone(&zone);
    (here.to_rfc3339_opts(chrono::SecondsFormat::Secs, false), here.format("%-d %B %Y, %H:%M").to_string())
}

/// Where somebody stands who follows the link at the end of a mail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Gets mail: the page asks.
    Subscribed,
    /// Gets none any more: the page says so.
    Ended,
}

#[derive(Template)]
#[template(path = "page/unsubscribe.html")]
struct Unsubscribe<'a> {
    site: &'a Site,
    action: &'a str,
    address: Option<String>,
    ended: bool,
}

/// The page behind the link at the end of a mail: a button that posts to `action`, or the news that it is done. The
/// address is masked, because links are forwarded with the mails that hold them.
#[must_use]
pub fn unsubscribe(site: &Site, action: &str, address: Option<&Address>, standing: Standing) -> String {
    let address = address.map(Address::masked);
    finished(&Unsubscribe { site, action, address, ended: standing == Standing::Ended })
}

#[derive(Template)]
#[template(path = "page/problem.html")]
struct Problem<'a> {
    site: &'a Site,
    heading: &'a str,
    advice: &'a str,
}

/// A page that says what went wrong and what to do, and nothing of how the program is made.
#[must_use]
pub fn problem(site: &Site, status: u16) -> String {
    let (heading, advice) = match status {
        404 => {
            ("There is no such page", "If you followed a link from one of our mails, it may have been cut short: copy all of it.")
        }
        405 => ("That address does not work this way", "Start again from the front page."),
        408 => ("That took too long", "The connection was too slow to finish. Please try again."),
        413 => ("That is too much to take in", "What was sent is larger than anything this site asks for."),
        400 | 403 => ("That request could not be understood", "Go back and try again, or start from the front page."),
        503 => ("The site is busy", "Please try again in a minute."),
        _ => ("Something went wrong here", "It is our fault, not yours. Please try again in a minute."),
    };
    finished(&Problem { site, heading, advice })
}

fn finished(page: &impl Template) -> String {
    // Writing to a string cannot fail, and the templates call nothing that can.
    page.render().unwrap_or_default()
}
