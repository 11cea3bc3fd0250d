//! What both parts of a digest say, as finished words: the templates only lay it out.

use super::excerpt::{Excerpt, excerpt};
use super::{DigestMail, MailEntry, SourceEntries};
use crate::domain::item::{Change, Decision, KnownItem};
use crate::domain::site::Site;
use crate::render::documents::{DocumentLine, document_line};
use crate::render::lines::{decision, line, meeting, next_meeting, promised, stage};
use crate::render::page::item_path;
use crate::render::revision::{WhatChanged, repeated, what_changed};
use crate::render::words::Words;
use crate::rules::day::Day;
use crate::rules::revision::decisions;

/// Most decisions, and most documents, that one entry lists.
const LINES_MAX: usize = 12;
/// Most commitments that one entry quotes.
const COMMITMENTS_MAX: usize = 5;
/// Of what is gone: most lines of a kind, and characters of its words. Its page here has the rest.
const GONE_LINES_MAX: usize = 5;
const GONE_CHARS_MAX: usize = 500;

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
    /// Where those are.
    pub(super) archive_url: String,
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
    /// Where the title leads: the council's own page; of what is gone, its page on this site.
    pub(super) url: String,
    /// The other one of the two, and what the link to it says.
    pub(super) other: String,
    pub(super) other_says: String,
    /// The same in plain text, which names it above the address.
    pub(super) other_is: &'static str,
    /// Where the reader ends news of it; of what is gone there is no more.
    pub(super) mute: Option<String>,
    pub(super) facts: Vec<(&'static str, String)>,
    pub(super) revision: Option<WhatChanged>,
    /// What the decisions below are.
    pub(super) decisions_are: &'static str,
    pub(super) decisions: Vec<String>,
    pub(super) decisions_more: Option<String>,
    /// What the words below are.
    pub(super) excerpt_is: &'static str,
    pub(super) excerpt: Excerpt,
    pub(super) documents: Vec<DocumentLine>,
    pub(super) documents_more: Option<String>,
}

/// One entry for which there was no more room.
pub(super) struct BriefView {
    pub(super) label: &'static str,
    pub(super) title: String,
    pub(super) council: String,
    /// As of an entry with all its facts.
    pub(super) url: String,
}

/// Lays `mail` out within `room`, which goes to its entries in this order of importance; they stand in the mail's own.
pub(super) fn view(mail: &DigestMail, order: &[&MailEntry], room: Room) -> View {
    let words = Words::of(mail.site);
    let (in_full, rest) = order.split_at(room.full.min(order.len()));
    let in_brief = rest.get(..room.brief).unwrap_or(rest);
    let groups = mail.groups.iter().filter_map(|g| group(mail, g, in_full, room)).collect();
    let mut rest: Vec<&MailEntry> = mail.groups.iter().flat_map(|g| &g.entries).filter(|e| is_among(in_brief, e)).collect();
    rest.sort_by_key(|entry| entry.change == Change::New);
    let told = in_full.len() + rest.len();
    View {
        heading: heading(mail),
        intro: intro(mail),
        groups,
        brief: rest.into_iter().map(|entry| brief(mail.site, entry)).collect(),
        more: mail.len().checked_sub(told).filter(|n| *n > 0).map(words.digest.and_more),
        archive_url: mail.site.link("archive"),
    }
}

/// By identity: an item is told once in a mail.
fn is_among(entries: &[&MailEntry], entry: &MailEntry) -> bool {
    entries.iter().any(|one| std::ptr::eq(*one, entry))
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

fn group(mail: &DigestMail, group: &SourceEntries, in_full: &[&MailEntry], room: Room) -> Option<GroupView> {
    let entries = group.entries.iter().filter(|e| is_among(in_full, e)).map(|e| entry(mail, e, room)).collect::<Vec<_>>();
    (!entries.is_empty()).then(|| GroupView {
        council: group.source.council.clone(),
        source: group.source.title.clone(),
        url: group.source.page().to_string(),
        entries,
    })
}

fn brief(site: &Site, entry: &MailEntry) -> BriefView {
    let url = entry.known.item.url.to_string();
    BriefView {
        label: label(Words::of(site), entry),
        title: line(&entry.known.item.title),
        council: entry.source.council.clone(),
        url: if entry.change == Change::Withdrawn { here(site, entry.known) } else { url },
    }
}

fn entry(mail: &DigestMail, entry: &MailEntry, room: Room) -> EntryView {
    let item = &entry.known.item;
    let withdrawn = entry.change == Change::Withdrawn;
    let (words, says) = (Words::of(mail.site), &Words::of(mail.site).digest);
    let (title, here, there) = (line(&item.title), here(mail.site, entry.known), item.url.to_string());
    let history = (says.history_of)(&title, &mail.site.name);
    let revision = (entry.change == Change::Revised).then(|| what_changed(words, entry.before, item));
    let (lines_max, chars_max) = if withdrawn { (GONE_LINES_MAX, GONE_CHARS_MAX) } else { (LINES_MAX, room.excerpt_chars) };
    let decided = left_to_say(entry, revision.as_ref());
    let shown: Vec<&Decision> = decided.iter().take(lines_max).copied().collect();
    // Those that are told above as a change are said, too.
    let said: Vec<&Decision> = item.decisions.iter().filter(|d| shown.contains(d) || !decided.contains(d)).collect();
    let excerpt = excerpt(item.text.as_ref(), chars_max.min(room.excerpt_chars), |line| repeated(line, &said));
    let documents = item.documents.iter().take(lines_max).map(|document| {
        let line = document_line(words, document);
        // Where a page is gone, its papers mostly are.
        if withdrawn { DocumentLine { url: None, ..line } } else { line }
    });
    EntryView {
        label: label(words, entry),
        facts: facts(mail, entry),
        decisions_are: if decided.len() < item.decisions.len() { says.other_decisions } else { says.decisions },
        decisions: shown.into_iter().map(decision).collect(),
        decisions_more: more(decided.len(), lines_max).map(says.more_decisions),
        excerpt_is: match (withdrawn, excerpt.cut) {
            (false, true) => says.how_it_begins,
            (false, false) => says.what_it_says,
            (true, true) => says.how_it_began,
            (true, false) => says.what_it_said,
        },
        excerpt,
        documents: documents.collect(),
        documents_more: more(item.documents.len(), lines_max).map(says.more_documents),
        revision,
        url: if withdrawn { here.clone() } else { there.clone() },
        other_says: if withdrawn { (says.where_it_stood_of)(&title) } else { history },
        other_is: if withdrawn { says.where_it_stood } else { says.history },
        other: if withdrawn { there } else { here },
        mute: (!withdrawn).then(|| mail.ways.mute_url(entry.known)),
        title,
    }
}

/// What stands before its title.
fn label(words: &Words, entry: &MailEntry) -> &'static str {
    entry.turn().map_or_else(|| (words.digest.label)(entry.change), words.digest.label_turn)
}

/// The decisions that are not told already by what changed.
fn left_to_say<'a>(entry: &MailEntry<'a>, revision: Option<&WhatChanged>) -> Vec<&'a Decision> {
    let item = &entry.known.item;
    let before = entry.before.filter(|_| revision.is_some_and(|what| what.is_whole));
    let changes = before.map(|before| decisions(before, item)).unwrap_or_default();
    let is_told = |decision: &Decision| changes.iter().any(|change| change.said().contains(&decision));
    item.decisions.iter().filter(|decision| !is_told(decision)).collect()
}

/// The page of an item on this site.
fn here(site: &Site, known: &KnownItem) -> String {
    site.link(&item_path(&known.source, &known.id))
}

/// How many there is no room for.
fn more(total: usize, shown: usize) -> Option<usize> {
    total.checked_sub(shown).filter(|n| *n > 0)
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
    if let Day::FirstSeen(day) = Day::of(entry.known, mail.site.timezone) {
        say(words.item.first_seen, Some((words.facts.day)(day)));
    }
    say(says.papers, item.stage.map(|at| stage(words, at).to_owned()));
    if entry.change != Change::Withdrawn {
        say(says.next_meeting, next_meeting(words, item));
        for commitment in item.commitments.iter().take(COMMITMENTS_MAX) {
            say(says.promised, Some(promised(words, commitment)));
        }
    }
    facts
}
