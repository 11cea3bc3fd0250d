//! How a page on trial is told of: the page, how it was read, its items; shared by `source test` and `source add`.

use crate::domain::item::{Extraction, Item, KnownItem, Outcome};
use crate::domain::source::Source;
use crate::engine::trial::{Came, Trial};
use chrono::{DateTime, Utc};
use std::fmt::Write as _;

/// What is said behind the name of a page whose items are told on it, and which is told of beside them.
pub(super) const PAGE_ITSELF: &str = " (the page itself: what it says beside the items)";

/// "https://…: status 200, 34567 bytes, text/html".
pub(super) fn page(came: &Came) -> String {
    let status = came.status.map_or_else(|| "from a file".to_owned(), |status| format!("status {status}"));
    let kind = came.content_type.as_ref().map(|kind| format!(", {kind}")).unwrap_or_default();
    format!("{}: {status}, {} bytes{kind}", came.url, came.body.len())
}

/// The warning by which a reading says how the page was recognised.
pub(super) fn recognised(extraction: &Extraction) -> Option<&str> {
    extraction.warnings.iter().map(String::as_str).find(|warning| is_recognition(warning))
}

/// The other warnings.
pub(super) fn notes(extraction: &Extraction) -> impl Iterator<Item = &String> {
    extraction.warnings.iter().filter(|warning| !is_recognition(warning))
}

fn is_recognition(warning: &str) -> bool {
    warning.starts_with("recognised as ") || warning.starts_with("read as a feed")
}

/// "9 items, 9 with a day, of 23; the next page is https://…"; or why there are none.
pub(super) fn listing(extraction: &Extraction) -> String {
    if extraction.outcome != Outcome::Items {
        return outcome(extraction.outcome).to_owned();
    }
    let mut out = found(extraction);
    if let Some(next) = &extraction.listing.next_url {
        let _ = write!(out, "; the next page is {next}");
    }
    out
}

/// "9 items, 9 with a day, of 23".
pub(super) fn found(extraction: &Extraction) -> String {
    let items = &extraction.items;
    let dated = items.iter().filter(|item| item.published.is_some() || item.meeting.as_ref().is_some_and(|m| m.date.is_some()));
    let documents: usize = items.iter().map(|item| item.documents.len()).sum();
    let mut out = format!("{}, {} with a day", counted(items.len(), "item"), dated.count());
    if documents > 0 {
        let _ = write!(out, ", {}", counted(documents, "document"));
    }
    match (extraction.listing.total, extraction.listing.shown) {
        (Some(total), _) => {
            let _ = write!(out, "; the listing says that there are {total}");
        }
        (None, None) => out.push_str("; the page is no listing, but what it is about"),
        (None, Some(_)) => {}
    }
    out
}

/// "items", "empty": an outcome as people say it.
pub(super) fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Items => "items were read",
        Outcome::Empty => "the page says itself that there is nothing",
        Outcome::Blocked => "a firewall or challenge page came instead",
        Outcome::ErrorPage => "an error page",
        Outcome::Unrecognised => "not a shape that we know",
    }
}

/// "2020-02-11  Improvement Board Update", its meeting's day where it has none of its own.
pub(super) fn item(item: &Item) -> String {
    let meeting = item.meeting.as_ref().and_then(|meeting| meeting.date);
    let day = match (item.published, meeting) {
        (Some(day), _) => day.to_string(),
        (None, Some(day)) => format!("{day} (meeting)"),
        (None, None) => "no day    ".to_owned(),
    };
    format!("{day}  {}", item.title)
}

/// An item as the store would know it, had it been read at `now`.
pub(super) fn known(source: &Source, item: &Item, now: DateTime<Utc>) -> KnownItem {
    KnownItem {
        id: crate::domain::item::ItemId::of(&source.id, &item.key),
        source: source.id.clone(),
        revision: 1,
        first_seen: now,
        revised: now,
        withdrawn: None,
        before: None,
        item: item.clone(),
    }
}

/// What became of the items' own pages: "own pages read: 2 of 3", and each that could not be.
pub(super) fn own_pages(trial: &Trial) -> Vec<String> {
    let read = trial.own_pages.iter().filter(|page| page.read.is_ok()).count();
    let mut out = Vec::new();
    if !trial.own_pages.is_empty() {
        out.push(format!("own pages read: {read} of {} tried", trial.own_pages.len()));
    }
    let failed = trial.own_pages.iter().filter_map(|page| Some((page, page.read.as_ref().err()?)));
    out.extend(failed.map(|(page, why)| format!("  {}: {why}", page.url)));
    out
}

/// "1 item", "2 items".
pub(super) fn counted(n: usize, unit: &str) -> String {
    if n == 1 { format!("1 {unit}") } else { format!("{n} {unit}s") }
}

/// Every line of `text` moved in.
pub(super) fn indented(text: &str, by: &str) -> String {
    text.lines().fold(String::new(), |mut out, line| {
        out.push_str(format!("{by}{line}").trim_end());
        out.push('\n');
        out
    })
}
