//! What a reading of a source means, as the one record to make of it: the source's state, its items, what is told.

use super::{PollReport, about};
use crate::domain::item::{Change, ItemId};
use crate::domain::poll::PollOutcome;
use crate::domain::source::{Baseline, Source};
use crate::engine::publish::CALENDAR;
use crate::engine::reading::{ItemReading, SourceReading};
use crate::ports::RawPage;
use crate::rules::detect::{self, Circumstances, Content, Finding, Known, Reading, Seen, Verdict, What};
use crate::rules::feed::FeedName;
use crate::rules::{extract, schedule};
use crate::store::Row;
use crate::store::polls::{ItemChange, PollRecord};
use crate::store::records::{Hold, ItemState, Revision, SourceState};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{HashMap, HashSet};

/// What a reading means: the record to make, the report to give, the pages worth keeping.
pub(super) fn judge(
    source: &Source,
    state: &SourceState,
    known: &HashMap<String, Row<ItemState>>,
    reading: SourceReading,
    now: DateTime<Utc>,
) -> (PollRecord, PollReport, Vec<RawPage>) {
    let recipe = extract::recipe(source.platform);
    let baseline = state.baseline.is_none().then_some(source.baseline);
    let given = Circumstances {
        baseline,
        shown_before: if reading.listing_unchanged { 0 } else { state.items },
        new_max: source.new_max,
        decision: state.hold.as_ref().and_then(|hold| hold.decision),
    };
    let shown = reading.items.len() + reading.unread.len();
    let verdict = detect::detect(&known_items(known), &seen_items(known, &reading, recipe), &given);
    let next_due = schedule::next_poll(&source.id, source.every, now, Some(state.next_due));
    let mut after = SourceState {
        about: about(source),
        next_due,
        wait_until: None,
        polled: Some(now),
        failures: 0,
        warnings: reading.warnings.clone(),
        claim: None,
        ..state.clone()
    };
    let mut report = PollReport {
        source: source.id.clone(),
        outcome: PollOutcome::Unchanged,
        is_baseline: baseline == Some(Baseline::Silent),
        new: 0,
        revised: 0,
        withdrawn: 0,
        notices: 0,
        warnings: reading.warnings.clone(),
    };
    let findings = match verdict {
        Verdict::Hold { reason } => {
            let since = state.hold.as_ref().map_or(now, |hold| hold.since);
            after.hold = Some(Hold { reason: reason.clone(), since, decision: None });
            after.validators = None;
            report.outcome = PollOutcome::Held { reason };
            after.outcome = Some(report.outcome.clone());
            return (PollRecord { state: after, items: Vec::new(), dirty: Vec::new() }, report, reading.pages);
        }
        Verdict::Accept(findings) => findings,
    };
    let mut changes = item_changes(source, known, &reading.items, &findings, recipe, now);
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
    after.outcome = Some(report.outcome.clone());
    after.read_well = Some(now);
    after.baseline = state.baseline.or(Some(now));
    after.hold = None;
    after.validators = reading.validators;
    after.unread = reading.unread;
    if !reading.listing_unchanged {
        after.items = shown;
    }
    let dirty = if any { dirty_feeds(source) } else { Vec::new() };
    let pages = if any { reading.pages } else { Vec::new() };
    (PollRecord { state: after, items: changes, dirty }, report, pages)
}

/// The names under which the feeds of a source are marked, with the calendar.
fn dirty_feeds(source: &Source) -> Vec<String> {
    FeedName::of(source).iter().map(FeedName::stem).chain([CALENDAR.to_owned()]).collect()
}

fn known_items(known: &HashMap<String, Row<ItemState>>) -> Vec<Known<'_>> {
    let items = known.values().map(|row| &row.value);
    items
        .map(|item| Known {
            key: &item.key,
            fingerprint: &item.fingerprint,
            recipe: item.recipe,
            published: item.published,
            withdrawn: item.withdrawn.is_some(),
            misses: item.misses,
            has_text: item.has_text,
        })
        .collect()
}

fn seen_items<'a>(known: &'a HashMap<String, Row<ItemState>>, reading: &'a SourceReading, recipe: u32) -> Reading<'a> {
    let content = |item: &'a ItemReading| match &item.read {
        Some(read) => Content::Read { fingerprint: &read.fingerprint, recipe, has_text: read.has_text },
        None => Content::Listed,
    };
    let mut seen: Vec<Seen<'a>> = reading
        .items
        .iter()
        .map(|item| Seen { key: &item.item.key, published: item.item.published, content: content(item) })
        .collect();
    if reading.listing_unchanged {
        let read: HashSet<&str> = seen.iter().map(|s| s.key).collect();
        let rest = known.values().map(|row| &row.value).filter(|i| i.withdrawn.is_none() && !read.contains(i.key.as_str()));
        let rest: Vec<Seen<'a>> =
            rest.map(|item| Seen { key: &item.key, published: item.published, content: Content::Listed }).collect();
        seen.extend(rest);
    }
    Reading { seen, is_complete: reading.is_complete }
}

/// The rows to write, in the listing's order, items that are gone last.
fn item_changes(
    source: &Source,
    known: &HashMap<String, Row<ItemState>>,
    items: &[ItemReading],
    findings: &[Finding],
    recipe: u32,
    now: DateTime<Utc>,
) -> Vec<ItemChange> {
    let found: HashMap<&str, &Finding> = findings.iter().map(|f| (f.key.as_str(), f)).collect();
    let mut changes: Vec<ItemChange> = Vec::new();
    for item in items {
        let finding = found.get(item.item.key.as_str()).copied();
        changes.extend(match known.get(&item.item.key) {
            None => finding.and_then(|f| first_seen(source, item, f.told, recipe, now)),
            Some(before) => seen_again(before, item, finding, recipe, now),
        });
    }
    let read: HashSet<&str> = items.iter().map(|item| item.item.key.as_str()).collect();
    for finding in findings.iter().filter(|f| !read.contains(f.key.as_str())) {
        let Some(before) = known.get(&finding.key) else { continue };
        let state = &before.value;
        let after = match finding.what {
            What::Missing => ItemState { misses: state.misses + 1, ..state.clone() },
            What::Withdrawn => ItemState { misses: state.misses + 1, withdrawn: Some(now), ..state.clone() },
            What::Back => ItemState { misses: 0, withdrawn: None, ..state.clone() },
            What::New | What::Revised | What::Reread => continue,
        };
        changes.push(ItemChange { before: Some(before.clone()), after, revision: None, notice: finding.told });
    }
    changes
}

fn first_seen(
    source: &Source,
    item: &ItemReading,
    notice: Option<Change>,
    recipe: u32,
    now: DateTime<Utc>,
) -> Option<ItemChange> {
    let read = item.read.as_ref()?;
    let after = ItemState {
        id: ItemId::of(&source.id, &item.item.key),
        key: item.item.key.clone(),
        fingerprint: read.fingerprint.clone(),
        recipe,
        revision: 1,
        published: item.item.published,
        first_seen: now,
        revised: now,
        withdrawn: None,
        misses: 0,
        has_text: read.has_text,
        line: item.line.clone(),
        validators: item.validators.clone(),
        read: item.visited.then_some(now),
    };
    let revision =
        Revision { number: 1, seen: now, recipe, item: item.item.clone(), page_sha256: Some(read.page_sha256.clone()) };
    Some(ItemChange { before: None, after, revision: Some(revision), notice })
}

fn seen_again(
    before: &Row<ItemState>,
    item: &ItemReading,
    finding: Option<&Finding>,
    recipe: u32,
    now: DateTime<Utc>,
) -> Option<ItemChange> {
    let state = &before.value;
    let mut after = ItemState { line: item.line.clone(), misses: 0, withdrawn: None, ..state.clone() };
    if item.visited {
        after.validators.clone_from(&item.validators);
        // Only the daily rotation looks at it; a write at every poll would be for nothing.
        if state.read.is_none_or(|read| now - read >= TimeDelta::days(1)) {
            after.read = Some(now);
        }
    }
    let what = finding.map(|f| f.what);
    let content = item.read.as_ref().filter(|_| matches!(what, Some(What::Revised | What::Reread)));
    if let Some(read) = content {
        after.fingerprint = read.fingerprint.clone();
        after.recipe = recipe;
        after.has_text = read.has_text;
        after.published = item.item.published;
        if what == Some(What::Revised) {
            after.revision += 1;
            after.revised = now;
        }
    }
    let revision = content.map(|read| Revision {
        number: after.revision,
        seen: if what == Some(What::Revised) { now } else { after.revised },
        recipe,
        item: item.item.clone(),
        page_sha256: Some(read.page_sha256.clone()),
    });
    let notice = finding.and_then(|f| f.told);
    (after != *state || revision.is_some()).then(|| ItemChange { before: Some(before.clone()), after, revision, notice })
}
