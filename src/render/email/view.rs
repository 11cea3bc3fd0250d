//! What both parts of a digest say, as finished words: the templates only lay it out.

use super::excerpt::{Excerpt, excerpt};
use super::{DigestMail, MailEntry, SourceEntries};
use crate::domain::item::{Change, KnownItem};
use crate::domain::site::Site;
use crate::render::documents::{DocumentLine, document_line};
use crate::render::lines::{decision, line, meeting, next_meeting, promised, stage};
use crate::render::page::item_path;
use crate::render::revision::{WhatChanged, what_changed};
use crate::render::words::Words;

/// Most decisions, and most documents, that one entry lists.
const LINES_MAX: usize = 12;
/// Most commitments that one entry quotes.
const COMMITMENTS_MAX: usize = 5;

/// How much of a digest is told in full: mail programs cut long mails off, with the way out at their end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Room {
    /// Entries with all their facts.
    pub(super) full: usize,
    /// Entries after those, with title and address only.
    pub(super) brief: usize,
    /// Characters of a body.
    pub(super) excerpt_chars: usize,
}

/// A digest, ready to be laid out.
pub(super) struct View {
    pub(super) heading: String,
    pub(super) intro: String,
    pub(super) groups: Vec<GroupView>,
    pub(super) brief: Vec<BriefView>,
    /// "and 12 more"; nothing where everything is told.
    pub(super) more: Option<String>,
}

/// The entries of one source.
pub(super) struct GroupView {
    pub(super) council: String,
    pub(super) source: String,
    pub(super) url: String,
    pub(super) entries: Vec<EntryView>,
}

/// One entry with all its facts.
pub(super) struct EntryView {
    pub(super) label: &'static str,
    pub(super) title: String,
    /// The council's own page.
    pub(super) url: String,
    /// Everything that is known of it, on this site, and what the link to that says.
    pub(super) here: String,
    pub(super) history: String,
    /// Where the reader ends news of it.
    pub(super) mute: String,
    pub(super) facts: Vec<(&'static str, String)>,
    pub(super) revision: Option<WhatChanged>,
    pub(super) decisions: Vec<String>,
    pub(super) decisions_more: Option<String>,
    pub(super) excerpt: Excerpt,
    pub(super) documents: Vec<DocumentLine>,
    pub(super) documents_more: Option<String>,
}

/// One entry for which there was no more room.
pub(super) struct BriefView {
    pub(super) label: &'static str,
    pub(super) title: String,
    pub(super) council: String,
    pub(super) url: String,
}

/// Lays `mail` out within `room`.
pub(super) fn view(mail: &DigestMail, room: Room) -> View {
    let words = Words::of(mail.site);
    let mut left = room.full;
    let groups = mail.groups.iter().filter_map(|g| group(mail, g, &mut left, room)).collect();
    let rest = mail.groups.iter().flat_map(|g| &g.entries).skip(room.full);
    let told = room.full.saturating_add(room.brief);
    View {
        heading: heading(mail),
        intro: intro(mail),
        groups,
        brief: rest.take(room.brief).map(|entry| brief(words, entry)).collect(),
        more: mail.len().checked_sub(told).filter(|n| *n > 0).map(words.digest.and_more),
    }
}

/// "7 updates from Trafford Council".
fn heading(mail: &DigestMail) -> String {
    let mut councils: Vec<String> = mail.groups.iter().map(|g| g.source.council.clone()).collect();
    councils.dedup();
    (Words::of(mail.site).digest.updates_from)(mail.len(), &councils)
}

/// "Your daily digest from Improvement Board Watch: 5 new, 1 changed, 1 withdrawn."
fn intro(mail: &DigestMail) -> String {
    let entries = || mail.groups.iter().flat_map(|g| &g.entries);
    let words = &Words::of(mail.site).digest;
    let counts: Vec<String> = [Change::New, Change::Revised, Change::Withdrawn, Change::Returned]
        .into_iter()
        .map(|change| (change, entries().filter(|e| e.change == change).count()))
        .filter(|(_, n)| *n > 0)
        .map(|(change, n)| (words.counted)(change, n))
        .collect();
    (words.intro)(mail.cadence, &mail.site.name, &counts.join(", "))
}

fn group(mail: &DigestMail, group: &SourceEntries, left: &mut usize, room: Room) -> Option<GroupView> {
    let take = group.entries.len().min(*left);
    *left -= take;
    (take > 0).then(|| GroupView {
        council: group.source.council.clone(),
        source: group.source.title.clone(),
        url: group.source.url.to_string(),
        entries: group.entries.iter().take(take).map(|e| entry(mail, e, room)).collect(),
    })
}

fn brief(words: &Words, entry: &MailEntry) -> BriefView {
    BriefView {
        label: (words.digest.label)(entry.change),
        title: line(&entry.known.item.title),
        council: entry.source.council.clone(),
        url: entry.known.item.url.to_string(),
    }
}

fn entry(mail: &DigestMail, entry: &MailEntry, room: Room) -> EntryView {
    let item = &entry.known.item;
    let revised = entry.change == Change::Revised;
    let withdrawn = entry.change == Change::Withdrawn;
    // What is gone is named, not repeated: the council may have had its reasons.
    let shown = |n: usize| if withdrawn { 0 } else { n };
    let words = Words::of(mail.site);
    EntryView {
        label: (words.digest.label)(entry.change),
        title: line(&item.title),
        url: item.url.to_string(),
        here: here(mail.site, entry.known),
        history: (words.digest.history_of)(&line(&item.title), &mail.site.name),
        mute: mail.ways.mute_url(entry.known),
        facts: facts(mail, entry),
        revision: revised.then(|| what_changed(words, entry.before, item)),
        decisions: item.decisions.iter().take(shown(LINES_MAX)).map(decision).collect(),
        decisions_more: more(shown(item.decisions.len())).map(words.digest.more_decisions),
        excerpt: excerpt(item.text.as_ref().filter(|_| !withdrawn), room.excerpt_chars),
        documents: item.documents.iter().take(shown(LINES_MAX)).map(|document| document_line(words, document)).collect(),
        documents_more: more(shown(item.documents.len())).map(words.digest.more_documents),
    }
}

/// The page of an item on this site.
fn here(site: &Site, known: &KnownItem) -> String {
    site.link(&item_path(&known.source, &known.id))
}

/// How many there is no room for.
fn more(total: usize) -> Option<usize> {
    total.checked_sub(LINES_MAX).filter(|n| *n > 0)
}

fn facts(mail: &DigestMail, entry: &MailEntry) -> Vec<(&'static str, String)> {
    let item = &entry.known.item;
    let (words, says) = (Words::of(mail.site), &Words::of(mail.site).digest);
    let mut facts = Vec::new();
    let mut say = |name, value: Option<String>| facts.extend(value.map(|v| (name, v)));
    if let (Change::Withdrawn, Some(noticed)) = (entry.change, entry.known.withdrawn) {
        let day = (words.facts.day)(noticed.with_timezone(&mail.site.timezone).date_naive());
        say(says.gone, Some((says.noticed_on)(&day)));
    }
    say(says.published, item.published.map(words.facts.day));
    say(says.meeting, meeting(words, item));
    say(says.papers, item.stage.map(|at| stage(words, at).to_owned()));
    if entry.change != Change::Withdrawn {
        say(says.next_meeting, next_meeting(words, item));
        for commitment in item.commitments.iter().take(COMMITMENTS_MAX) {
            say(says.promised, Some(promised(words, commitment)));
        }
    }
    facts
}
