//! Atom (RFC 4287) of a feed, through `atom_syndication`.

use super::entry::Entry;
use super::{FeedView, Format, GENERATOR, RIGHTS};
use crate::domain::site::Site;
use crate::rules::feed::FeedName;
use atom_syndication::{Category, Content, Entry as AtomEntry, Feed, Generator, Link, Person, Source, Text, WriteConfig};
use chrono::{DateTime, Utc};

/// The whole file.
#[must_use]
pub fn write(view: &FeedView<'_>) -> Vec<u8> {
    let feed = Feed {
        title: Text::plain(view.title()),
        id: super::urn(&view.name),
        // An empty feed has not changed since time began; the element is required (RFC 4287 §4.1.1).
        updated: view.updated().unwrap_or(DateTime::<Utc>::UNIX_EPOCH).fixed_offset(),
        authors: vec![person(&view.site_name().to_string(), &view.home())],
        generator: Some(Generator { value: GENERATOR.to_owned(), ..Generator::default() }),
        links: vec![
            link("self", Format::Atom.link(view.site, &view.name), Some(Format::Atom.media_type())),
            link("alternate", view.home(), Some("text/html")),
        ],
        rights: Some(Text::plain(RIGHTS)),
        subtitle: Some(Text::plain(view.description())),
        entries: view.entries().iter().map(|e| entry(e, view.site)).collect(),
        lang: Some(view.site.language.clone()),
        ..Feed::default()
    };
    // Writing to memory cannot fail.
    feed.write_with_config(Vec::new(), WriteConfig { write_document_declaration: true, indent_size: Some(1) }).unwrap_or_default()
}

fn entry(entry: &Entry<'_>, site: &Site) -> AtomEntry {
    let documents = entry.attachments.iter().map(|document| Link {
        title: Some(document.title.clone()).filter(|title| !title.is_empty()),
        ..link("enclosure", document.url.clone(), Some(document.media_type))
    });
    let origin = FeedName::Source(entry.source.id.clone());
    AtomEntry {
        title: Text::plain(entry.title.clone()),
        id: entry.guid.clone(),
        updated: entry.updated.fixed_offset(),
        authors: vec![person(&entry.council, entry.source.page().as_str())],
        categories: entry.tags.iter().map(|term| Category { term: term.clone(), ..Category::default() }).collect(),
        links: std::iter::once(link("alternate", entry.url.clone(), Some("text/html"))).chain(documents).collect(),
        published: Some(entry.published.fixed_offset()),
        source: Some(Source {
            title: Text::plain(entry.source_title.clone()),
            id: super::urn(&origin),
            updated: entry.updated.fixed_offset(),
            links: vec![link("self", Format::Atom.link(site, &origin), Some(Format::Atom.media_type()))],
            ..Source::default()
        }),
        summary: Some(Text::plain(entry.summary.clone())),
        content: Some(Content { value: Some(entry.html.clone()), content_type: Some("html".to_owned()), ..Content::default() }),
        ..AtomEntry::default()
    }
}

fn person(name: &str, uri: &str) -> Person {
    Person { name: name.to_owned(), uri: Some(uri.to_owned()), ..Person::default() }
}

fn link(rel: &str, href: String, media_type: Option<&str>) -> Link {
    Link { href, rel: rel.to_owned(), mime_type: media_type.map(str::to_owned), ..Link::default() }
}
