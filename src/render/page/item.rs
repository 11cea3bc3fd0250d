//! The page of one item: everything that is known of it, every change that it went through, and where each comes from.

use super::body::{Body, body};
use super::{Moment, archive_link, finished, item_path, moment};
use crate::domain::item::{Item, KnownItem, Stage};
use crate::domain::site::Site;
use crate::domain::source::{Platform, Source, slug};
use crate::domain::text::Text;
use crate::render::documents::{DocumentLine, document_line};
use crate::render::feed::Format;
use crate::render::lines::{line, meeting, next_meeting, stage};
use crate::render::revision::{Shown, WhatChanged, what_changed_within};
use crate::render::words::{Words, clip};
use crate::rules::feed::FeedName;
use askama::Template;
use chrono::{DateTime, Utc};
use url::Url;

/// Characters of the description that search engines show.
const DESCRIPTION_CHARS: usize = 160;

/// Everything that is known of one item.
#[derive(Clone, PartialEq, Debug)]
pub struct ItemRecord {
    /// As it is now.
    pub known: KnownItem,
    /// Found where.
    pub source: Source,
    /// Whose recipe read it.
    pub platform: Option<Platform>,
    /// Its contents, the newest first; never empty.
    pub versions: Vec<Version>,
    /// Older ones that are not among them.
    pub versions_hidden: usize,
    /// What shows that it is no longer published, where that is so and known.
    pub withdrawn_by: Option<Proof>,
}

/// A page that shows something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proof {
    /// Its SHA-256.
    pub sha256: String,
    /// The page, where it is still kept.
    pub page: Option<KeptPage>,
}

/// One content of an item.
#[derive(Clone, PartialEq, Debug)]
pub struct Version {
    /// When it was first seen.
    pub seen: DateTime<Utc>,
    /// The recipe that read it.
    pub recipe: u32,
    /// The content.
    pub item: Item,
    /// SHA-256 of the page that it was read from.
    pub sha256: Option<String>,
    /// That page, where it is still kept.
    pub page: Option<KeptPage>,
}

/// A page as it was fetched.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeptPage {
    /// Where from.
    pub url: Url,
    /// When.
    pub fetched: DateTime<Utc>,
    /// HTTP status.
    pub status: u16,
    /// Length of the body.
    pub bytes: u64,
}

struct Step {
    heading: String,
    what: Option<WhatChanged>,
    /// Nothing where none is on record.
    evidence: Option<Evidence>,
}

struct Evidence {
    fetched: Option<Moment>,
    url: Option<String>,
    status: Option<u16>,
    bytes: Option<String>,
    sha256: Option<String>,
    recipe: Option<String>,
}

/// A feed's forms: label, media type, address.
type FeedLinks = Vec<(&'static str, &'static str, String)>;

#[derive(Template)]
#[template(path = "page/item.html")]
struct Page<'a> {
    site: &'a Site,
    words: &'static Words,
    title: String,
    description: String,
    canonical: String,
    council: &'a str,
    /// The item's own page at the council, or the page that lists it.
    url: String,
    read_it_there: String,
    from: String,
    from_url: String,
    from_archive: String,
    withdrawn: Option<String>,
    /// Whether the meeting will not take place.
    cancelled: bool,
    changed: Option<String>,
    facts: Vec<(&'static str, String)>,
    topics: Vec<(String, String)>,
    decisions: Vec<(Option<String>, String)>,
    reasons: Option<&'a Text>,
    options_rejected: Option<&'a Text>,
    commitments: Vec<(String, String)>,
    documents: Vec<DocumentLine>,
    text_is: &'static str,
    body: Body,
    history: Vec<Step>,
    versions_hidden: Option<String>,
    feeds: Vec<(String, FeedLinks)>,
}

/// The page of one item.
#[must_use]
pub fn item(site: &Site, record: &ItemRecord) -> String {
    let words = Words::of(site);
    let ItemRecord { known, source, .. } = record;
    let item = &known.item;
    let title = Text::line(item.title.as_str()).or_absent().map_or_else(|| words.layout.untitled.to_owned(), |t| t.to_string());
    let from = (words.layout.of_council)(&line(&Text::new(&source.council)), &line(&Text::new(&source.title)));
    let web = matches!(item.url.scheme(), "http" | "https");
    let day = |at: DateTime<Utc>| (words.layout.day)(at.with_timezone(&site.timezone).date_naive());
    let history = history(site, words, record);
    let text = item.text.as_ref().map(|t| t.as_str().split_whitespace().collect::<Vec<_>>().join(" "));
    let feeds = FeedName::of(source).into_iter().map(|name| {
        let links = Format::ALL.iter().map(|f| (f.label(), f.media_type(), f.link(site, &name))).collect();
        (line(&Text::new(&name.title(site, std::slice::from_ref(source)))), links)
    });
    let topics = source.topics.iter().filter(|t| !slug(t).is_empty());
    finished(&Page {
        description: clip(&text.filter(|t| !t.is_empty()).unwrap_or_else(|| from.clone()), DESCRIPTION_CHARS),
        canonical: site.link(&item_path(&known.source, &known.id)),
        council: &source.council,
        url: if web { item.url.to_string() } else { source.page().to_string() },
        read_it_there: (words.item.read_it_there)(&line(&Text::new(&source.council))),
        from_url: source.page().to_string(),
        from_archive: archive_link(site, &FeedName::Source(source.id.clone())),
        withdrawn: known.withdrawn.map(|at| (words.item.withdrawn_on)(&day(at))),
        cancelled: item.stage == Some(Stage::Cancelled),
        changed: history.first().filter(|step| step.what.is_some()).map(|step| step.heading.clone()),
        facts: facts(words, known, &day),
        topics: topics
            .map(|topic| (line(&Text::new(&site.topic(topic))), archive_link(site, &FeedName::Topic(slug(topic)))))
            .collect(),
        decisions: item.decisions.iter().map(|d| (d.label.as_ref().map(line), d.text.to_string())).collect(),
        reasons: item.reasons.as_ref(),
        options_rejected: item.options_rejected.as_ref(),
        commitments: item.commitments.iter().map(|c| (c.due.words(), line(&c.quote))).collect(),
        documents: item.documents.iter().map(|document| document_line(words, document)).collect(),
        text_is: if known.withdrawn.is_some() { words.item.text_was } else { words.item.text },
        body: body(item),
        versions_hidden: (record.versions_hidden > 0).then(|| (words.item.earlier_versions)(record.versions_hidden)),
        history,
        feeds: feeds.collect(),
        site,
        words,
        title,
        from,
    })
}

fn facts(words: &Words, known: &KnownItem, day: &dyn Fn(DateTime<Utc>) -> String) -> Vec<(&'static str, String)> {
    let item = &known.item;
    let named = |name, value: Option<String>| value.map(|value| (name, value));
    let words_of = &words.item;
    [
        named(words_of.published, item.published.map(words.layout.day)),
        named(words_of.meeting, meeting(words, item)),
        named(words_of.stage, item.stage.map(|at| stage(words, at).to_owned())),
        named(words_of.next_meeting, next_meeting(words, item)),
        named(words_of.updated, item.updated.filter(|day| Some(*day) != item.published).map(words.layout.day)),
        named(words_of.first_seen, Some(day(known.first_seen))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What became of the item, the newest first: that it was withdrawn, where it is; its contents, each with what it changed of the
/// one before it.
fn history(site: &Site, words: &Words, record: &ItemRecord) -> Vec<Step> {
    let day = |at: DateTime<Utc>| (words.layout.day)(at.with_timezone(&site.timezone).date_naive());
    let before = record.versions.iter().skip(1).map(Some).chain([None]);
    let steps = record.versions.iter().zip(before).enumerate();
    let withdrawn = record.known.withdrawn.map(|at| Step {
        heading: (words.item.withdrawal)(&day(at)),
        what: None,
        evidence: record.withdrawn_by.as_ref().map(|by| evidence(site, words, by.page.as_ref(), Some(&by.sha256))),
    });
    let is_first = |before: Option<&Version>| before.is_none() && record.versions_hidden == 0;
    let contents = steps.map(|(at, (version, before))| {
        let what = (!is_first(before)).then(|| what_changed_within(words, before.map(|b| &b.item), &version.item, Shown::FULL));
        let heading = match &what {
            Some(what) => (words.item.changed_on)(
                &day(version.seen),
                &what.in_words(words).unwrap_or_else(|| words.layout.changed.to_lowercase()),
            ),
            None => (words.item.first_version)(&day(version.seen)),
        };
        // Only the latest content has its recipe's platform on record.
        let platform = record.platform.filter(|_| at == 0).map(Platform::name);
        let evidence = Evidence {
            recipe: Some((words.item.recipe_is)(platform, version.recipe)),
            ..evidence(site, words, version.page.as_ref(), version.sha256.as_deref())
        };
        Step { heading, what, evidence: Some(evidence) }
    });
    withdrawn.into_iter().chain(contents).collect()
}

fn evidence(site: &Site, words: &Words, page: Option<&KeptPage>, sha256: Option<&str>) -> Evidence {
    Evidence {
        fetched: page.map(|page| moment(page.fetched, site)),
        url: page.filter(|page| matches!(page.url.scheme(), "http" | "https")).map(|page| page.url.to_string()),
        status: page.map(|page| page.status),
        bytes: page.map(|page| (words.item.bytes)(page.bytes)),
        sha256: sha256.map(str::to_owned),
        recipe: None,
    }
}
