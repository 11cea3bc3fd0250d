//! What a reading of a source means, as the one record to make of it: the source's state, its items, what is told.

use super::changes::Changes;
use super::{PollReport, about};
use crate::domain::item::ItemId;
use crate::domain::poll::PollOutcome;
use crate::domain::source::{Baseline, Source};
use crate::domain::text::Text;
use crate::engine::publish::CALENDAR;
use crate::engine::reading::{ItemReading, KnownItems, OwnPages, SourceReading, is_outdated};
use crate::ports::RawPage;
use crate::rules::detect::{
    self, Alarm, Circumstances, Content, Finding, Known, Oddity, Reading, Seen, Sign, Verdict, What, Withdrawal, is_another,
};
use crate::rules::feed::FeedName;
use crate::rules::fingerprint::{Likeness, likeness};
use crate::rules::schedule;
use crate::store::Row;
use crate::store::polls::{ItemChange, PollRecord};
use crate::store::records::{Gist, Hold, ItemState, ReadBy, SourceState, Validators};
use chrono::{DateTime, Utc};
use std::collections::HashSet;

/// Pages of the listing that a better recipe is tried on.
const LISTING_PAGES_MAX: usize = 10;
/// After so many readings without the items' own pages, a source counts as not readable.
const UNREAD_MAX: u32 = 3;

/// What a reading means.
pub(super) fn verdict(source: &Source, state: &SourceState, known: &KnownItems, reading: &SourceReading) -> Verdict {
    let given = Circumstances {
        baseline: state.baseline.is_none().then_some(source.baseline),
        shown_before: known.shown_before.unwrap_or_else(|| shown_before(state, reading)),
        was_empty: state.baseline.is_some() && state.items == 0,
        waiting: if reading.listing_unchanged { 0 } else { reading.unread.len() },
        new_max: source.new_max,
        decision: state.hold.as_ref().and_then(|hold| hold.decision),
    };
    let is_settled = given.baseline.is_some() || given.decision.is_some() || reading.is_believed;
    if let Some(instead) = reading.instead.as_ref().filter(|_| !is_settled) {
        let is_it = |item: &&ItemReading| known.rows.contains_key(&item.item.key);
        let reworded = |item: &ItemReading| Sign { key: item.item.key.clone(), what: Oddity::Reworded };
        let examples = if instead.may_be_meant { reading.items.iter().find(is_it).map(reworded) } else { None };
        return Verdict::Hold(Alarm { examples: examples.into_iter().collect(), ..Alarm::of(instead.why.clone()) });
    }
    detect::detect(&known_items(source, state, known), &seen_items(known, reading), &given)
}

/// How many items the listing showed where as much of it was read as now; none where there is nothing to compare with.
fn shown_before(state: &SourceState, reading: &SourceReading) -> usize {
    match state.extent {
        _ if reading.listing_unchanged => 0,
        _ if reading.is_whole => state.items,
        Some(extent) => extent.first,
        None => 0,
    }
}

/// A source's state after a good poll, and the report of one that found nothing.
pub(super) fn polled(source: &Source, state: &SourceState, warnings: &[String], now: DateTime<Utc>) -> (SourceState, PollReport) {
    let after = SourceState {
        about: about(source),
        next_due: schedule::next_poll(&source.id, source.every, now, Some(state.next_due)),
        wait_until: None,
        polled: Some(now),
        failures: 0,
        warnings: warnings.to_vec(),
        claim: None,
        ..state.clone()
    };
    let report = PollReport {
        source: source.id.clone(),
        outcome: PollOutcome::Unchanged,
        is_baseline: state.baseline.is_none() && source.baseline == Baseline::Silent,
        new: 0,
        revised: 0,
        withdrawn: 0,
        notices: 0,
        warnings: warnings.to_vec(),
    };
    (after, report)
}

/// The record of a poll that found the listing as it was, and no item to look at: everything that is known stays as it is.
pub(super) fn unchanged(
    source: &Source,
    state: &SourceState,
    validators: Option<Validators>,
    now: DateTime<Utc>,
) -> (PollRecord, PollReport) {
    let (mut after, report) = polled(source, state, &state.warnings, now);
    after.outcome = Some(PollOutcome::Unchanged);
    after.read_well = Some(now);
    after.validators = validators;
    (PollRecord { state: after, items: Vec::new(), dirty: Vec::new() }, report)
}

/// What is held of a reading of which the rest is recorded.
pub(super) struct KeptBack {
    /// Keys of the items of which nothing is.
    pub(super) keys: HashSet<String>,
    /// What the source's state says of it.
    pub(super) hold: Hold,
}

/// The record of a reading that meant `findings`, but for what is `kept` back, the report, and the pages worth keeping.
pub(super) fn accepted(
    source: &Source,
    state: &SourceState,
    known: &KnownItems,
    reading: SourceReading,
    findings: &[Finding],
    kept: Option<KeptBack>,
    now: DateTime<Utc>,
) -> (PollRecord, PollReport, Vec<RawPage>) {
    let (mut after, mut report) = polled(source, state, &reading.warnings, now);
    let read_by = reading.platform.map(ReadBy::now).or(state.read_by);
    let shown = reading.items.iter().filter(|item| item.is_listed && !item.is_page).count() + reading.unread.len();
    let listing_page = reading.listing_pages.first().or(state.listing_pages.first()).cloned();
    let none = HashSet::new();
    let kept_keys = kept.as_ref().map_or(&none, |kept| &kept.keys);
    let mut changes = Changes { source, known, were_there: &reading.were_there, kept: kept_keys, read_by, listing_page, now }
        .of(&reading.items, findings);
    // Listings show the newest first; the log tells the oldest first.
    changes.reverse();
    let told = |what| findings.iter().filter(|f| f.what == what).count();
    (report.new, report.revised, report.withdrawn) = (told(What::New), told(What::Revised), told(What::Withdrawn));
    let any = findings.iter().any(|f| f.what != What::Missing);
    report.outcome = match (any, shown) {
        (false, 0) if !reading.listing_unchanged => PollOutcome::Empty,
        (false, _) => PollOutcome::Unchanged,
        (true, _) => PollOutcome::Listing { items: shown },
    };
    after.empty_in_a_row = match shown {
        _ if reading.listing_unchanged => state.empty_in_a_row.saturating_add(u32::from(state.empty_in_a_row > 0)),
        0 if known.rows.values().any(|row| row.value.withdrawn.is_none()) => state.empty_in_a_row.saturating_add(1),
        _ => 0,
    };
    after.unread_in_a_row = match reading.own_pages {
        OwnPages { asked: 0, .. } => state.unread_in_a_row,
        pages if pages.are_unread() => state.unread_in_a_row.saturating_add(1),
        _ => 0,
    };
    if let Some(why) = &reading.breaks_off {
        // What came counts; but nobody knows what stood behind it.
        report.outcome = PollOutcome::Unrecognised { detail: why.clone() };
        after.failures = state.failures.saturating_add(1);
    } else if after.unread_in_a_row >= UNREAD_MAX {
        // What the list says counts; but that nothing has changed behind it is more than we know.
        report.outcome = half_read(&reading);
        after.failures = after.unread_in_a_row;
    } else if let Some(kept) = &kept {
        report.outcome = PollOutcome::Held { reason: kept.hold.reason.clone() };
    } else {
        after.read_well = Some(now);
    }
    let is_held = kept.is_some();
    after.outcome = Some(report.outcome.clone());
    after.baseline = state.baseline.or(Some(now));
    after.hold = kept.map(|kept| kept.hold);
    after.gist = gist(known, &changes);
    // A page that says that it is empty is counted at each reading.
    after.validators = reading.validators.filter(|_| after.empty_in_a_row == 0 && !is_held);
    after.home = reading.home;
    after.unread = reading.unread;
    after.read_by = read_by;
    after.extent = reading.extent;
    after.order = reading.gone.order().clone();
    after.closes = reading.closes;
    after.passing = reading.passing;
    after.unreadable = reading.unreadable;
    after.unreadable.retain(|key, _| known.rows.get(key).is_some_and(|row| row.value.withdrawn.is_none()));
    if reading.is_whole && reading.breaks_off.is_none() || after.items == 0 && !reading.listing_unchanged {
        after.items = shown;
    }
    // What is read better is shown better, though nobody is told.
    let is_reworded = changes.iter().any(|change| !change.revisions.is_empty());
    let dirty = if any || is_reworded { dirty_feeds(source) } else { Vec::new() };
    // A page that a better recipe reads as before is kept as well: it is the first that speaks for this recipe. So is the first
    // that no longer shows an item, which is what its withdrawal will rest on.
    let misses = findings.iter().any(|f| f.what == What::Missing) && !reading.listing_unchanged;
    let worth_keeping = any || misses || is_reworded || is_held || state.listing_pages.is_empty() || read_by != state.read_by;
    if worth_keeping {
        after.listing_pages = newest_first(reading.listing_pages, &state.listing_pages);
    }
    let pages = if worth_keeping { reading.pages } else { Vec::new() };
    (PollRecord { state: after, items: changes, dirty }, report, pages)
}

/// What the rows of all items come to once these changes are made.
fn gist(known: &KnownItems, changes: &[ItemChange]) -> Option<Gist> {
    let anew: HashSet<&ItemId> = changes.iter().map(|change| &change.after.id).collect();
    let as_they_were = known.rows.values().map(|row| &row.value).filter(|state| !anew.contains(&state.id));
    Gist::of(as_they_were.chain(changes.iter().map(|change| &change.after)))
}

/// Of a source whose list is read, and its items are not.
fn half_read(reading: &SourceReading) -> PollOutcome {
    let why = reading.unreadable.values().max_by_key(|page| page.since).map(|page| format!(": {}", page.why));
    let detail = format!("its list is read, but not the pages of its items{}", why.unwrap_or_default());
    PollOutcome::Unrecognised { detail }
}

/// The names under which the feeds of a source are marked, with the calendar.
fn dirty_feeds(source: &Source) -> Vec<String> {
    FeedName::of(source).iter().map(FeedName::stem).chain([CALENDAR.to_owned()]).collect()
}

/// The pages of this reading, then those of before as far as there is room: further pages are only followed at first.
fn newest_first(now: Vec<String>, before: &[String]) -> Vec<String> {
    let mut pages = now;
    for page in before {
        if pages.len() < LISTING_PAGES_MAX && !pages.contains(page) {
            pages.push(page.clone());
        }
    }
    pages
}

fn known_items<'a>(source: &Source, state: &'a SourceState, known: &'a KnownItems) -> Vec<Known<'a>> {
    let held = state.hold.as_ref().map(|hold| &hold.read);
    let item = |(key, row): (&'a String, &'a Row<ItemState>)| {
        let (state, again) = (&row.value, known.again.get(key));
        Known {
            key,
            fingerprint: again.map_or(&state.fingerprint, |again| &again.read.fingerprint),
            is_outdated: again.is_none() && (is_outdated(source, state) || known.moved.contains(key)),
            is_out_of_sight: state.out_of_sight || known.out_of_sight.contains(key),
            published: again.map_or(state.published, |again| again.item.published),
            meets: again.map_or(state.meeting, |again| again.item.meeting.as_ref().and_then(|meeting| meeting.date)),
            withdrawn: state.withdrawn.map(|_| Withdrawal { was_told: state.withdrawal_told }),
            misses: state.misses,
            has_text: again.map_or(state.has_text, |again| again.read.has_text),
            has_page: state.read.is_some(),
            is_awaited: state.read.is_some() || state.told_bare,
            held: held.and_then(|held| held.get(key)),
        }
    };
    known.rows.iter().map(item).collect()
}

/// Whether the last reading showed it: what that one missed, a listing that has not changed misses again.
fn is_shown(item: &ItemState) -> bool {
    item.withdrawn.is_none() && item.misses == 0
}

fn seen_items<'a>(known: &'a KnownItems, reading: &'a SourceReading) -> Reading<'a> {
    let seen = |item: &'a ItemReading| {
        let key = &item.item.key;
        let (before, again) = (known.rows.get(key).map(|row| &row.value), known.again.get(key));
        let content = match &item.read {
            Some(read) => Content::Read { fingerprint: &read.fingerprint, has_text: read.has_text },
            None if item.visited => Content::Unchanged,
            None => Content::Listed,
        };
        let is_another =
            || item.is_another && !reading.is_believed && again.is_none_or(|again| is_another(&again.item, &item.item));
        // What a page says beside the items on it may be written anew.
        let may_be_another = !item.is_page || item.item.text.as_ref().is_some_and(Text::is_empty);
        Seen {
            key,
            published: item.item.published,
            meets: item.item.meeting.as_ref().and_then(|meeting| meeting.date),
            content,
            is_relisted: known.shown_before.is_none() && before.is_some_and(|b| !b.line.is_empty() && b.line != item.line),
            was_there: known.were_there.contains(key) || reading.were_there.contains(key),
            is_listed: item.is_listed,
            is_page: item.is_page,
            is_another: may_be_another && is_another(),
            likeness: again.map_or(item.likeness, |again| likeness(&again.item, &item.item)),
        }
    };
    let mut all: Vec<Seen<'a>> = reading.items.iter().map(seen).collect();
    if reading.listing_unchanged {
        let read: HashSet<&str> = all.iter().map(|s| s.key).collect();
        let is_there = |(key, row): &(&'a String, &'a Row<ItemState>)| is_shown(&row.value) && !read.contains(key.as_str());
        let rest = known.rows.iter().filter(is_there).map(|(key, row)| Seen {
            key,
            published: row.value.published,
            meets: row.value.meeting,
            content: Content::Listed,
            is_relisted: false,
            was_there: false,
            is_listed: true,
            is_page: false,
            is_another: false,
            likeness: Likeness::Other,
        });
        all.extend(rest.collect::<Vec<_>>());
    }
    Reading { seen: all, gone: &reading.gone }
}
