//! One item as all three formats say it: decided here once, so that they cannot differ.

use super::updated;
use crate::domain::item::{Decision, Document, Item, KnownItem, NextMeeting, Stage};
use crate::domain::site::Site;
use crate::domain::source::Source;
use crate::domain::text::{SafeHtml, Text};
use crate::render::page::item_path;
use crate::render::revision::{WhatChanged, what_changed};
use crate::render::words::Words;
use crate::rules::feed::dated;
use askama::Template;
use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use chrono_tz::Tz;
use std::fmt::Write;
use url::Url;

/// Longest summary, in characters.
const SUMMARY_CHARS_MAX: usize = 280;

pub(super) struct Entry<'a> {
    pub(super) known: &'a KnownItem,
    pub(super) guid: String,
    /// One line of plain text; says so where the item is withdrawn, or the meeting cancelled.
    pub(super) title: String,
    /// The council's page.
    pub(super) url: String,
    pub(super) council: String,
    /// Council and page: "Trafford Council: Improvement plan updates".
    pub(super) source_title: String,
    pub(super) source: &'a Source,
    pub(super) published: DateTime<Tz>,
    pub(super) updated: DateTime<Utc>,
    /// Plain text, one line.
    pub(super) summary: String,
    /// Plain text, everything.
    pub(super) text: String,
    /// Markup, everything.
    pub(super) html: String,
    /// Topics and council.
    pub(super) tags: Vec<String>,
    pub(super) attachments: Vec<Attachment>,
    /// What the latest revision changed, where there was one and the item is still published.
    pub(super) changed: Option<Changed>,
}

/// What the latest revision changed, with the day on which we saw it.
pub(super) struct Changed {
    /// "Changed on 5 January 2021: papers added."
    pub(super) heading: String,
    pub(super) what: WhatChanged,
}

/// A document that the public can open.
pub(super) struct Attachment {
    pub(super) url: String,
    pub(super) title: String,
    pub(super) media_type: &'static str,
}

#[derive(Template)]
#[template(path = "feed/item.html")]
struct Content<'a> {
    withdrawn: Option<String>,
    changed: Option<&'a Changed>,
    item: &'a Item,
    body: Option<&'a SafeHtml>,
    decisions: Vec<&'a Decision>,
    reasons: Option<&'a Text>,
    options_rejected: Option<&'a Text>,
    meeting: Option<String>,
    next_meeting: Option<String>,
    documents: Vec<(&'a Document, Option<String>, String)>,
    url: &'a str,
    /// Its page on this site.
    here: String,
    source_title: &'a str,
    source_url: &'a str,
}

impl<'a> Entry<'a> {
    pub(super) fn of(source: &'a Source, known: &'a KnownItem, site: &Site) -> Self {
        let item = &known.item;
        let council = Text::line(&source.council).to_string();
        let source_title = Text::line(&format!("{}: {}", source.council, source.title)).to_string();
        let named = Text::line(item.title.as_str()).or_absent().map_or_else(|| source_title.clone(), |t| t.to_string());
        let is_off = item.stage == Some(Stage::Cancelled) && !named.to_lowercase().contains("cancelled");
        let title = match known.withdrawn {
            Some(_) => format!("Withdrawn: {named}"),
            None if is_off => format!("Cancelled: {named}"),
            None => named,
        };
        let url = web_link(&item.url).unwrap_or_else(|| source.page().to_string());
        let withdrawn = known.withdrawn.map(|at| withdrawn_note(at.with_timezone(&site.timezone).date_naive()));
        // Many pages have their decisions inside the body; saying them twice would help nobody.
        let body_words = item.text.as_ref().map(|t| words(t.as_str())).unwrap_or_default();
        let unsaid = |text: &Text| !body_words.contains(&words(text.as_str()));
        let changed = changed(known, site);
        let content = Content {
            withdrawn: withdrawn.clone(),
            changed: changed.as_ref(),
            item,
            body: item.html.as_ref(),
            decisions: item.decisions.iter().filter(|d| unsaid(&d.text)).collect(),
            reasons: item.reasons.as_ref().filter(|r| unsaid(r)),
            options_rejected: item.options_rejected.as_ref().filter(|o| unsaid(o)),
            meeting: meeting_line(item),
            next_meeting: item.next_meeting.as_ref().map(next_meeting_line),
            documents: item.documents.iter().map(|d| (d, open_link(d), document_note(d))).collect(),
            url: &url,
            here: site.link(&item_path(&known.source, &known.id)),
            source_title: &source_title,
            source_url: source.page().as_str(),
        };
        // Writing to a string cannot fail, and the template calls nothing that can.
        let html = content.render().unwrap_or_default();
        let text = plain(&content);
        let topics = source.topics.iter().map(|t| Text::line(t).to_string());
        let tags = topics.chain([council.clone()]).filter(|t| !t.is_empty()).collect();
        let attachments = item.documents.iter().filter_map(attachment).collect();
        Self {
            known,
            guid: known.id.guid(),
            summary: summary(item, withdrawn.as_deref(), changed.as_ref(), &source_title),
            title,
            council,
            source,
            published: dated(known, site.timezone).trunc_subsecs(0),
            updated: updated(known),
            text,
            html,
            tags,
            attachments,
            source_title,
            url,
            changed,
        }
    }
}

/// What is gone is named, not repeated: of a withdrawn item nothing is said of earlier changes.
fn changed(known: &KnownItem, site: &Site) -> Option<Changed> {
    let before = known.before.as_ref().filter(|_| known.withdrawn.is_none())?;
    let words = Words::of(site);
    let what = what_changed(words, Some(before), &known.item);
    let day = long_day(known.revised.with_timezone(&site.timezone).date_naive());
    Some(Changed { heading: format!("Changed on {day}: {}.", what.in_words(words).unwrap_or_default()), what })
}

/// The address, where it is one that a browser opens: a feed hands on no other scheme.
pub(super) fn web_link(url: &Url) -> Option<String> {
    matches!(url.scheme(), "http" | "https").then(|| url.to_string())
}

fn open_link(document: &Document) -> Option<String> {
    if document.restricted { None } else { document.url.as_ref().and_then(web_link) }
}

fn attachment(document: &Document) -> Option<Attachment> {
    let kind = document.kind.as_deref().unwrap_or_default();
    Some(Attachment {
        url: open_link(document)?,
        title: Text::line(document.title.as_str()).to_string(),
        media_type: media_type(kind),
    })
}

fn media_type(kind: &str) -> &'static str {
    match kind {
        "pdf" => "application/pdf",
        "doc" => "application/msword",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xls" => "application/vnd.ms-excel",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "ppt" => "application/vnd.ms-powerpoint",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "odt" => "application/vnd.oasis.opendocument.text",
        "csv" => "text/csv",
        "txt" => "text/plain",
        "htm" | "html" => "text/html",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}

fn withdrawn_note(day: NaiveDate) -> String {
    format!("The council no longer publishes this: it was gone from its page on {}.", long_day(day))
}

fn long_day(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

fn meeting_line(item: &Item) -> Option<String> {
    let meeting = item.meeting.as_ref()?;
    let body = meeting.body.as_ref().map(ToString::to_string);
    let number = meeting.item.as_ref().map(|n| format!("item {n}"));
    let parts: Vec<String> = [body, meeting.date.map(long_day), number].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn next_meeting_line(next: &NextMeeting) -> String {
    let mut line = next.date.format("%A %-d %B %Y").to_string();
    if let Some(start) = next.start {
        let _ = write!(line, ", {}", start.format("%H:%M"));
        if let Some(end) = next.end {
            let _ = write!(line, " to {}", end.format("%H:%M"));
        }
    }
    line
}

/// What there is to know of a document beside its name: "(PDF, 468 KB)".
fn document_note(document: &Document) -> String {
    let kind = document.kind.as_ref().map(|k| k.to_uppercase());
    let state = match (document.restricted, &document.url) {
        (true, _) => Some("restricted".to_owned()),
        (false, None) => Some("not yet published".to_owned()),
        (false, Some(_)) => None,
    };
    let parts: Vec<String> = [kind, document.size.clone(), state].into_iter().flatten().collect();
    if parts.is_empty() { String::new() } else { Text::line(&format!("({})", parts.join(", "))).to_string() }
}

fn plain(content: &Content<'_>) -> String {
    let item = content.item;
    let mut blocks: Vec<String> = content.withdrawn.iter().cloned().collect();
    blocks.extend(content.changed.map(plain_change));
    blocks.extend(content.meeting.iter().map(|m| format!("Meeting: {m}")));
    blocks.extend(item.text.as_ref().map(|t| t.as_str().trim().to_owned()));
    if !content.decisions.is_empty() {
        let lines = content.decisions.iter().map(|d| match &d.label {
            Some(label) => format!("({label}) {}", d.text),
            None => format!("- {}", d.text),
        });
        blocks.push(format!("Decided:\n{}", lines.collect::<Vec<_>>().join("\n")));
    }
    blocks.extend(content.reasons.map(|r| format!("Reasons: {r}")));
    blocks.extend(content.options_rejected.map(|o| format!("Other options considered: {o}")));
    blocks.extend(content.next_meeting.iter().map(|n| format!("Next meeting: {n}")));
    if !content.documents.is_empty() {
        let lines = content.documents.iter().map(|(document, link, note)| {
            let words = format!("- {} {note}", document.title);
            link.as_ref().map_or_else(|| words.trim_end().to_owned(), |link| format!("{}: {link}", words.trim_end()))
        });
        blocks.push(format!("Documents:\n{}", lines.collect::<Vec<_>>().join("\n")));
    }
    blocks.push(format!("From {}: {}", content.source_title, content.url));
    blocks.push(format!("History and evidence: {}", content.here));
    // Facts such as a document's size come as plain strings; what XML forbids is taken out here for all of them.
    Text::new(&blocks.join("\n\n")).to_string()
}

fn plain_change(changed: &Changed) -> String {
    let what = &changed.what;
    let mut lines = vec![changed.heading.clone()];
    lines.extend(what.facts.iter().map(|fact| format!("- {fact}")));
    for change in &what.sentences {
        lines.extend(change.about.map(|about| format!("- {about}:")));
        lines.extend(change.plain_before().map(|before| format!("- Before: {before}")));
        let word = if change.before.is_some() { "Now" } else { "Added" };
        lines.extend(change.plain_now().map(|now| format!("- {word}: {now}")));
    }
    lines.extend(what.note.clone());
    lines.join("\n")
}

/// The text on one line with single spaces.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The beginning of what the item says, on one line.
fn summary(item: &Item, withdrawn: Option<&str>, changed: Option<&Changed>, source_title: &str) -> String {
    let body = item.text.as_ref().map(Text::as_str).filter(|t| !t.trim().is_empty());
    let decided = item.decisions.first().map(|d| d.text.as_str());
    let said = words(withdrawn.or(body).or(decided).unwrap_or(source_title));
    let line = changed.map_or_else(|| said.clone(), |changed| format!("{} {said}", changed.heading));
    if line.chars().count() <= SUMMARY_CHARS_MAX {
        return line;
    }
    let cut: String = line.chars().take(SUMMARY_CHARS_MAX).collect();
    let whole_words = cut.rsplit_once(' ').map_or(cut.as_str(), |(start, _)| start);
    format!("{whole_words} …")
}
