//! JSON Feed 1.1 of a feed, with the facts read from each page in its `_boardwatch` extension.

use super::entry::Entry;
use super::{FeedView, Format, RIGHTS};
use crate::domain::item::{Commitment, Decision, Document, Meeting, NextMeeting, Stage};
use crate::domain::revision::RevisionClass;
use chrono::{DateTime, SecondsFormat, SubsecRound, TimeZone, Utc};
use serde::Serialize;

const VERSION: &str = "https://jsonfeed.org/version/1.1";

#[derive(Serialize)]
struct Whole<'a> {
    version: &'static str,
    title: String,
    home_page_url: String,
    feed_url: String,
    description: String,
    language: &'a str,
    authors: [Author<'a>; 1],
    items: Vec<Item<'a>>,
    _boardwatch: FeedFacts,
}

#[derive(Serialize)]
struct FeedFacts {
    about: String,
    rights: &'static str,
}

#[derive(Serialize)]
struct Author<'a> {
    name: &'a str,
    url: &'a str,
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    url: &'a str,
    title: &'a str,
    summary: &'a str,
    content_html: &'a str,
    content_text: &'a str,
    date_published: String,
    date_modified: String,
    authors: [Author<'a>; 1],
    tags: &'a [String],
    language: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attachment<'a>>,
    _boardwatch: Facts<'a>,
}

#[derive(Serialize)]
struct Attachment<'a> {
    url: &'a str,
    mime_type: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    title: &'a str,
}

/// What was read from the page, absent where the page does not say.
#[derive(Serialize)]
struct Facts<'a> {
    source: &'a str,
    council: &'a str,
    meeting: Option<&'a Meeting>,
    stage: Option<Stage>,
    decisions: &'a [Decision],
    next_meeting: Option<&'a NextMeeting>,
    commitments: &'a [Commitment],
    documents: &'a [Document],
    revision: u32,
    /// What the latest revision changed; absent for a first content.
    #[serde(skip_serializing_if = "Option::is_none")]
    changed: Option<Changed<'a>>,
    withdrawn: Option<String>,
}

#[derive(Serialize)]
struct Changed<'a> {
    /// When we saw it.
    at: String,
    /// The leading class first.
    classes: &'a [RevisionClass],
    facts: &'a [String],
}

/// The whole file.
#[must_use]
pub fn write(view: &FeedView<'_>) -> Vec<u8> {
    let (entries, home, site_name) = (view.entries(), view.home(), view.site_name());
    let feed = Whole {
        version: VERSION,
        title: view.title(),
        feed_url: Format::Json.link(view.site, &view.name),
        description: view.description(),
        language: &view.site.language,
        authors: [Author { name: site_name.as_str(), url: &home }],
        items: entries.iter().map(|entry| item(entry, &view.site.language)).collect(),
        _boardwatch: FeedFacts { about: home.clone(), rights: RIGHTS },
        home_page_url: home.clone(),
    };
    // Strings, numbers and lists: nothing here can fail to serialise.
    let mut bytes = serde_json::to_vec_pretty(&feed).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

fn item<'a>(entry: &'a Entry<'_>, language: &'a str) -> Item<'a> {
    let known = entry.known;
    Item {
        id: &entry.guid,
        url: &entry.url,
        title: &entry.title,
        summary: &entry.summary,
        content_html: &entry.html,
        content_text: &entry.text,
        date_published: rfc_3339(&entry.published),
        date_modified: rfc_3339(&entry.updated),
        authors: [Author { name: &entry.council, url: entry.source.page().as_str() }],
        tags: &entry.tags,
        language,
        attachments: entry
            .attachments
            .iter()
            .map(|document| Attachment { url: &document.url, mime_type: document.media_type, title: &document.title })
            .collect(),
        _boardwatch: Facts {
            source: known.source.as_str(),
            council: &entry.council,
            meeting: known.item.meeting.as_ref(),
            stage: known.item.stage,
            decisions: &known.item.decisions,
            next_meeting: known.item.next_meeting.as_ref(),
            commitments: &known.item.commitments,
            documents: &known.item.documents,
            revision: known.revision,
            changed: entry.changed.as_ref().map(|changed| Changed {
                at: rfc_3339(&known.revised.trunc_subsecs(0)),
                classes: &changed.what.classes,
                facts: &changed.what.facts,
            }),
            withdrawn: known.withdrawn.map(|at: DateTime<Utc>| rfc_3339(&at)),
        },
    }
}

fn rfc_3339<Z: TimeZone<Offset: std::fmt::Display>>(at: &DateTime<Z>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
