//! RSS 2.0 of a feed, through the rss crate: full content in `content:encoded`, a plain summary in `description`.

use super::entry::Entry;
use super::{FeedView, Format, GENERATOR, RIGHTS};
use crate::domain::site::Site;
use crate::rules::feed::FeedName;
use chrono::{DateTime, TimeZone};
use rss::extension::atom::{AtomExtension, Link};
use rss::extension::dublincore::DublinCoreExtension;
use rss::{Category, Channel, Enclosure, Guid, Item};

/// Minutes for which a reader may keep its copy (RSS 2.0 `ttl`).
const TTL_MINUTES: &str = "60";

/// The whole file.
#[must_use]
pub fn write(view: &FeedView<'_>) -> Vec<u8> {
    let itself = Link {
        href: Format::Rss.link(view.site, &view.name),
        rel: "self".to_owned(),
        mime_type: Some(Format::Rss.media_type().to_owned()),
        ..Link::default()
    };
    let channel = Channel {
        title: view.title(),
        link: view.home(),
        description: escaped(&view.description()),
        language: Some(view.site.language.clone()),
        copyright: Some(RIGHTS.to_owned()),
        last_build_date: view.updated().map(|at| rfc_822(&at)),
        generator: Some(GENERATOR.to_owned()),
        ttl: Some(TTL_MINUTES.to_owned()),
        items: view.entries().iter().map(|entry| item(entry, view.site)).collect(),
        atom_ext: Some(AtomExtension { links: vec![itself] }),
        ..Channel::default()
    };
    // Writing to memory cannot fail.
    channel.pretty_write_to(Vec::new(), b' ', 1).unwrap_or_default()
}

fn item(entry: &Entry<'_>, site: &Site) -> Item {
    Item {
        title: Some(entry.title.clone()),
        link: Some(entry.url.clone()),
        description: Some(escaped(&entry.summary)),
        categories: entry.tags.iter().map(|name| Category { name: name.clone(), domain: None }).collect(),
        enclosure: entry.attachments.first().map(|document| Enclosure {
            url: document.url.clone(),
            // Pages round the size ("468 KB"); RSS wants bytes, and 0 where they are not known.
            length: "0".to_owned(),
            mime_type: document.media_type.to_owned(),
        }),
        guid: Some(Guid { value: entry.guid.clone(), permalink: false }),
        pub_date: Some(rfc_822(&entry.published)),
        source: Some(rss::Source {
            url: Format::Rss.link(site, &FeedName::Source(entry.source.id.clone())),
            title: Some(entry.source_title.clone()),
        }),
        content: Some(entry.html.clone()),
        // `author` would have to be an email address.
        dublin_core_ext: Some(DublinCoreExtension { creators: vec![entry.council.clone()], ..Default::default() }),
        ..Item::default()
    }
}

/// RFC 822 §5.1 with the four-digit year of RFC 2822.
fn rfc_822<Z: TimeZone<Offset: std::fmt::Display>>(at: &DateTime<Z>) -> String {
    at.format("%a, %d %b %Y %H:%M:%S %z").to_string()
}

/// `description` holds markup, so plain text is escaped once more than XML asks.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
