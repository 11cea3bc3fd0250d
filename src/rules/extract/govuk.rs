//! GOV.UK: publications with their log of updates, and the lists and collections that lead to them.
//!
//! The log is part of the text: what the department says of each change is the news, and a new entry is a revision. What
//! stands in the page's own metadata, and the warnings under each attachment, is not.

mod log;
mod papers;

use super::document::Document;
use super::page::habits::{self, Habits};
use super::page::{When, content, headline, is_tools, updated};
use super::text::{Kind, Line, decoded, folded, paragraphs};
use super::{Reading, key};
use crate::domain::evidence::Fact;
use crate::domain::item::Item;
use crate::domain::text::Text;
use crate::rules::facts::{dates, decisions};
use scraper::ElementRef;
use std::collections::HashSet;
use url::Url;

const HABITS: Habits = Habits {
    entries: &[
        "main li.document-row, #page li.document-row, .document-list li.document-row",
        "main li.gem-c-document-list__item",
        "li.gem-c-document-list__item",
        "ul.document-list > li, ol.document-list > li",
        ".finder-results li, .js-live-search-results-list li.document",
    ],
    links: "",
    article: "",
    // That a story was withdrawn, and the sentence that introduces it, stand beside its text.
    body: &[
        ".gem-c-lead-paragraph, .gem-c-notice, .gem-c-govspeak",
        ".gem-c-lead-paragraph, .gem-c-notice, .lead-paragraph, .summary, .withdrawal-notice, .govspeak",
    ],
    refine,
};
/// What a page says about itself beside its text.
const ABOUT_CSS: &str = ".metadata-list, .gem-c-metadata, .gem-c-publisher-metadata, .gem-c-contents-list, .gem-c-feedback, \
     .gem-c-share-links, .gem-c-print-link, .gem-c-single-page-notification-button, .gem-c-subscription-links, .primary-metadata, \
     .gem-c-related-navigation, .gem-c-contextual-sidebar, .accessibility-warning, .gem-c-title__context, .type";
/// Labels of a page's metadata.
const LABELS: &[&str] = &[
    "from",
    "part of",
    "applies to",
    "published",
    "first published",
    "updated",
    "last updated",
    "document type",
    "organisation",
    "organisations",
    "see all updates",
    "get emails about this page",
    "print this page",
    "policy area",
    "topical event",
    "location",
    "history",
];

/// Reads a list, a collection or a publication. `own`: it is one item's page.
pub(super) fn read(document: &Document, url: &Url, own: bool) -> Reading {
    let lines = document.all_lines();
    let log = log::find(document, lines);
    let has_papers = !papers::containers(document).is_empty();
    let says_of_itself = lines.iter().any(|line| ["first published", "last updated"].contains(&label(line).as_str()));
    let is_list = HABITS.entries.iter().any(|css| document.first(css).is_some());
    if !own && !has_papers && (is_list || (log.is_empty() && !says_of_itself && !is_unfilled(document))) {
        return habits::read(document, url, &HABITS, false);
    }
    let page_title = headline(document, lines).and_then(|title| Text::line(&title).or_absent());
    let item = page_title.clone().and_then(|title| publication(document, url, title, lines.to_vec(), &log));
    Reading { page_title, items: item.into_iter().collect(), ..Reading::default() }
}

/// Whether the place of a page's words is there, and no words: what stands around it is no text then.
fn is_unfilled(document: &Document) -> bool {
    let places = document.all(".gem-c-govspeak, .govspeak");
    !places.is_empty() && places.iter().all(|place| place.text().all(|text| text.trim().is_empty()))
}

/// A list gives one day to each entry, and calls it an update even where it is the first.
fn refine(item: &mut Item, lines: &[Line<'_>]) {
    if item.published.is_none() {
        let day = |line: &Line<'_>| dates::labelled(&line.text, &["updated", "last updated"]);
        item.published = lines.iter().find_map(day);
        item.updated = item.published;
    }
}

/// What speaks for a page of unknown platform being one of these.
pub(super) fn recognises(document: &Document, url: &Url) -> Option<&'static str> {
    let is_host = url.host_str().is_some_and(|host| {
        let host = host.strip_prefix("www.").unwrap_or(host);
        host == "gov.uk" || host.ends_with(".publishing.service.gov.uk")
    });
    if is_host {
        Some("its address is on GOV.UK")
    } else if document.first("meta[name^='govuk:']").is_some() {
        Some("its head has GOV.UK's metadata")
    } else if document.first("main [class^='gem-c-'], main[class*='whitehall'], .whitehall-content").is_some() {
        Some("it is built of GOV.UK's publishing components")
    } else if document.first("li.document-row .public_timestamp, .document-page .govspeak, #history .published-at").is_some() {
        Some("it has the classes of GOV.UK's older templates")
    } else {
        None
    }
}

fn publication<'a>(document: &Document<'a>, url: &Url, title: Text, lines: Vec<Line<'a>>, log: &[Line<'a>]) -> Option<Item> {
    let dates = published(document, &lines);
    let last = updated(&lines).or_else(|| log.iter().find_map(|line| dates::whole(&line.text)?.single()));
    let last = last.filter(|last| dates.is_none_or(|when| *last >= when.day));
    let about = document.nearest(ABOUT_CSS);
    let notice = document.nearest(".gem-c-notice, .govuk-notification-banner, .withdrawal-notice, .archive-notice");
    let logged: HashSet<_> = log.iter().map(|line| line.block.id()).collect();
    let lines = content(lines);
    let named = folded(title.as_str());
    let start = lines.iter().position(|line| line.kind == Kind::Heading(1) && folded(&decoded(&line.text)) == named);
    let start = start.or_else(|| lines.iter().position(|line| folded(&decoded(&line.text)) == named)).map_or(0, |at| at + 1);
    let after = lines.get(start..).unwrap_or_default();
    let withdrawal: Vec<Line<'a>> =
        lines.get(..start).unwrap_or_default().iter().filter(|line| notice(line.block).is_some()).cloned().collect();
    // What the site says for itself stands beside the page's main part.
    let main = document.nearest("main");
    let own = start.checked_sub(1).and_then(|title| main(lines.get(title)?.block)).map(|main| main.id());
    let after: Vec<Line<'a>> =
        after.iter().filter(|line| own.is_none() || main(line.block).map(|main| main.id()) == own).cloned().collect();
    let (documents, mut body) = papers::read(document, &after);
    let end = body.iter().position(ends).unwrap_or(body.len());
    body.truncate(end);
    body.retain(|line| {
        let is_own = about(line.block).is_none() && !logged.contains(&line.block.id());
        is_own && !is_tools(line) && (log.is_empty() || !log::is_furniture(line))
    });
    // That a page is withdrawn is said above its title, and is the first thing to know of it.
    let mut body: Vec<Line<'a>> = withdrawal.into_iter().chain(without_metadata(body)).collect();
    body.extend(log.iter().cloned());
    let words = paragraphs(&body);
    let (text, html) = document.body(&body);
    if text.is_empty() && documents.is_empty() {
        return None;
    }
    Some(Item {
        published: dates.map(|when| when.day),
        published_at: dates.and_then(|when| when.at),
        updated: last,
        text: Some(text),
        html: Some(html),
        documents,
        decisions: decisions::read(&words, None),
        ..Item::bare(key::canonical(url), title, url.clone())
    })
}

/// When it was first published: on the day that people read beside the word, and at the time that its head tells machines; that
/// says something else where an editor has put the day right.
fn published(document: &Document, lines: &[Line<'_>]) -> Option<When> {
    let shown = ["first published", "published"].iter().find_map(|name| {
        lines.iter().enumerate().filter(|(_, line)| label(line) == *name).find_map(|(at, line)| {
            let same = dates::find(&line.text).first().and_then(dates::Date::single);
            let line = if same.is_some() { line } else { lines.get(at + 1)? };
            let day = same.or_else(|| dates::find(&line.text).first()?.single())?;
            let of_machines = line.leaves.iter().flat_map(|leaf| leaf.ancestors().take(3)).filter_map(ElementRef::wrap);
            let exact = of_machines.filter_map(|e| e.attr("datetime")).find_map(When::machine);
            Some((exact.filter(|exact| exact.day == day).unwrap_or(When { day, at: None }), name, line))
        })
    });
    let in_head = document.meta("govuk:first-published-at").and_then(|raw| When::machine(&raw));
    let agrees = |head: &When| shown.as_ref().is_none_or(|(when, ..)| when.day == head.day);
    if let Some(when) = in_head.filter(agrees) {
        if let Some(meta) = document.first("meta[name='govuk:first-published-at']") {
            document.trail.note(Fact::Published, "what the page's head tells machines", meta);
        }
        return Some(when);
    }
    let (when, name, line) = shown?;
    document.trail.note(Fact::Published, format!("the day after \"{name}\""), line);
    Some(when)
}

/// The label that a line begins with: "Published 3 May 2016" and "Published:" are both "published".
fn label(line: &Line<'_>) -> String {
    let folded = line.folded();
    if folded.len() > 120 {
        return String::new();
    }
    let has_label = |name: &&&str| {
        folded.strip_prefix(**name).is_some_and(|rest| {
            rest.trim_end_matches(':').is_empty()
                || rest.starts_with(':')
                || (rest.starts_with(' ') && dates::find(rest).first().is_some_and(|date| date.span.start <= 4))
        })
    };
    // "First published" before "published": the longest label counts.
    LABELS.iter().filter(has_label).max_by_key(|name| name.len()).map(|name| (*name).to_owned()).unwrap_or_default()
}

/// Without labels and their values, and without headings that only say where things stand.
fn without_metadata(lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    let mut skipping = false;
    let mut kept: Vec<Line<'_>> = Vec::with_capacity(lines.len());
    for line in lines {
        let name = line.block.value().name();
        let labelled = !label(&line).is_empty() && !line.is_heading();
        let is_value = matches!(name, "dd")
            || line.block.parent().is_some_and(|p| ElementRef::wrap(p).is_some_and(|e| e.value().name() == "dd"));
        skipping = labelled && name == "dt" || (skipping && is_value);
        let tool = ["request an accessible format.", "print this page", "see all updates"].contains(&line.folded());
        if !labelled && !skipping && !tool && !is_place(&line) {
            kept.push(line);
        }
    }
    kept
}

/// "Documents" and "Details" head the two halves of every publication.
fn is_place(line: &Line<'_>) -> bool {
    line.is_heading() && ["documents", "details", "detail", "document", "detail of document", "contents"].contains(&line.folded())
}

fn ends(line: &Line<'_>) -> bool {
    const ENDS: &[&str] = &[
        "is this page useful?",
        "help us improve gov.uk",
        "related content",
        "explore the topic",
        "sign up for emails or print this page",
        "share this page",
        "brexit",
        "collection",
        "is there anything wrong with this page?",
        "updates to this page",
    ];
    let folded = line.folded();
    ENDS.contains(&folded) && (line.is_heading() || folded.len() > 12)
}
