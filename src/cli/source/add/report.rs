//! What was found at an address and what would be written, for a person and for a script.

use super::advice;
use super::look::Look;
use crate::cli::preview;
use crate::cli::source::words;
use crate::config::Config;
use crate::domain::item::{Change, Item};
use crate::domain::source::Source;
use crate::engine::trial::Trial;
use crate::render::email::MailEntry;
use crate::rules::proposal::Proposal;
use chrono::Utc;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;

/// Items that are shown by title.
const ITEMS_SHOWN_MAX: usize = 10;

/// Everything that there is to tell.
pub(super) struct Report<'a> {
    pub(super) config: &'a Config,
    pub(super) look: &'a Look,
    pub(super) proposal: &'a Proposal,
    /// The file's text.
    pub(super) text: &'a str,
    /// The file.
    pub(super) path: &'a Path,
}

impl Report<'_> {
    /// For a person.
    pub(super) fn as_words(&self) -> String {
        let mut out = String::new();
        if let Ok(trial) = &self.look.trial {
            self.found(trial, &mut out);
        }
        let warnings = advice::warnings(self.look);
        for warning in &warnings {
            let _ = writeln!(out, "warning: {warning}");
        }
        if !warnings.is_empty() {
            out.push('\n');
        }
        let _ = writeln!(out, "{} would say:\n", self.path.display());
        out.push_str(&words::indented(self.text, "  "));
        out.push('\n');
        out
    }

    fn found(&self, trial: &Trial, out: &mut String) {
        let extraction = &trial.extraction;
        let _ = writeln!(out, "{}", words::page(&trial.came));
        if let Some(why) = words::recognised(extraction) {
            let _ = writeln!(out, "{why}");
        }
        let _ = writeln!(out, "{}", words::listing(extraction));
        for offer in &self.look.imprint.feeds {
            let title = if offer.title.is_empty() { String::new() } else { format!(" ({})", offer.title) };
            let _ = writeln!(out, "a feed is offered: {}{title}", offer.url);
        }
        for note in words::notes(extraction) {
            let _ = writeln!(out, "note: {note}");
        }
        out.push('\n');
        for item in extraction.items.iter().take(ITEMS_SHOWN_MAX) {
            let _ = writeln!(out, "  {}", words::item(item));
        }
        let more = extraction.items.len().saturating_sub(ITEMS_SHOWN_MAX);
        if more > 0 {
            let _ = writeln!(out, "  and {more} more");
        }
        if let Some(page) = &extraction.page {
            let _ = writeln!(out, "  {}{}", words::item(page), words::PAGE_ITSELF);
        }
        for line in words::own_pages(trial) {
            let _ = writeln!(out, "{line}");
        }
        if let Some(digest) = self.digest() {
            let _ = writeln!(out, "\nWhat one of them would look like in a digest:\n");
            out.push_str(&words::indented(&digest, "  | "));
        }
        out.push('\n');
    }

    /// One item in the words of a digest: the first that was read whole, else the first.
    fn digest(&self) -> Option<String> {
        let items = &self.look.trial.as_ref().ok()?.extraction.items;
        let says = |item: &&Item| item.text.as_ref().is_some_and(|text| !text.is_empty());
        let item = items.iter().find(says).or_else(|| items.first())?;
        let source = self.source();
        let known = words::known(&source, item, Utc::now());
        let entry = MailEntry { change: Change::New, known: &known, source: &source, before: None };
        Some(preview::digest_words(&self.config.site, vec![entry]))
    }

    /// The source as the file describes it.
    fn source(&self) -> Source {
        let Proposal { id, council, title, url, .. } = &self.proposal;
        Source {
            platform: self.proposal.platform,
            topics: self.proposal.topics.clone(),
            every: self.config.poll.every,
            ..Source::bare(id.clone(), council.value.clone(), title.value.clone(), url.clone())
        }
    }

    /// For a script.
    pub(super) fn as_json(&self, written: bool) -> Value {
        json!({
            "id": self.proposal.id,
            "council": self.proposal.council.value,
            "title": self.proposal.title.value,
            "url": self.proposal.url,
            "platform": self.proposal.platform,
            "topics": self.proposal.topics,
            "path": self.path,
            "file": self.text,
            "written": written,
            "found": self.look.trial.as_ref().ok().map(|trial| found_json(self.look, trial)),
            "error": self.look.trial.as_ref().err().map(|not| not.outcome.to_string()),
            "digest": self.digest(),
            "warnings": advice::warnings(self.look),
        })
    }
}

fn found_json(look: &Look, trial: &Trial) -> Value {
    let extraction = &trial.extraction;
    let own_pages = trial.own_pages.iter().map(|page| match &page.read {
        Ok(bytes) => json!({"url": page.url, "bytes": bytes, "error": null}),
        Err(why) => json!({"url": page.url, "bytes": null, "error": why.to_string()}),
    });
    let feeds = look.imprint.feeds.iter().map(|offer| json!({"url": offer.url, "title": offer.title}));
    json!({
        "url": trial.came.url,
        "status": trial.came.status,
        "bytes": trial.came.body.len(),
        "platform": extraction.platform,
        "recognised": words::recognised(extraction),
        "outcome": extraction.outcome,
        "listing": extraction.listing,
        "items": extraction.items,
        "page": extraction.page,
        "own_pages": own_pages.collect::<Vec<_>>(),
        "feeds": feeds.collect::<Vec<_>>(),
        "notes": words::notes(extraction).collect::<Vec<_>>(),
    })
}
