//! A poll: claim the source, read it, decide what the reading means, record all of it in one commit.
//!
//! Invariant: whatever happens, the commit says when the source is polled next; a source is never given up, and only a good
//! outcome changes what is known of its items.

use super::reading::{ItemReading, Reader, SourceReading, Unread};
use super::visit::Visitor;
use crate::domain::item::{Change, ItemId};
use crate::domain::poll::PollOutcome;
use crate::domain::source::{Baseline, Source, SourceId};
use crate::ports::{Clock, Pages, RawPage};
use crate::rules::detect::{self, Circumstances, Content, Finding, Known, Reading, Seen, Verdict, What};
use crate::rules::{extract, feed::FeedName, schedule};
use crate::store::polls::{ItemChange, PollRecord};
use crate::store::records::{Claim, Hold, ItemState, Revision, SourceAbout, SourceState};
use crate::store::{Row, Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::sync::Arc;

/// A poll that takes longer has lost its claim; the slowest council sites need minutes for a page.
const CLAIM: TimeDelta = TimeDelta::hours(2);

/// What polling needs.
#[derive(Clone)]
pub struct Poller {
    /// What is known.
    pub store: Store,
    /// Visits pages politely.
    pub visitor: Arc<Visitor>,
    /// Keeps raw pages.
    pub pages: Arc<dyn Pages>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// This process, in claims.
    pub owner: String,
}

/// What a poll did, for people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PollReport {
    /// Which source.
    pub source: SourceId,
    /// How it ended.
    pub outcome: PollOutcome,
    /// Whether it was the first: nobody is told of what it found.
    pub is_baseline: bool,
    /// Items first seen.
    pub new: usize,
    /// Items in other words.
    pub revised: usize,
    /// Items no longer published.
    pub withdrawn: usize,
    /// Notices for subscribers.
    pub notices: usize,
    /// What an admin should know.
    pub warnings: Vec<String>,
}

impl Poller {
    /// The sources that are due at the present moment, or with `all` every one that no server has asked us to wait for.
    pub async fn due(&self, sources: &[Source], all: bool) -> Result<Vec<Source>, StoreError> {
        let now = self.clock.now();
        let mut due = Vec::new();
        for source in sources {
            let state = self.store.source_state(&source.id).await?.map(|row| row.value);
            let waits = state.as_ref().and_then(|s| s.wait_until).is_some_and(|until| until > now);
            // A due time far ahead was set by a clock that was wrong.
            let is_due = state.is_none_or(|s| {
                s.next_due <= now
                    || s.next_due - now > TimeDelta::days(2) && s.polled.is_none_or(|p| p > now)
                    || s.about.url != source.url
            });
            if !waits && (all || is_due) {
                due.push(source.clone());
            }
        }
        Ok(due)
    }

    /// Polls `source` once. `None`: another process is at it.
    pub async fn poll(&self, source: &Source) -> Result<Option<PollReport>, StoreError> {
        let now = self.clock.now();
        let claim = Claim { owner: self.owner.clone(), until: now + CLAIM };
        let Some(row) = self.store.claim_source(&source.id, fresh(source, now), claim, now).await? else { return Ok(None) };
        let known: HashMap<String, Row<ItemState>> =
            self.store.items(&source.id).await?.into_iter().map(|row| (row.value.key.clone(), row)).collect();
        let reader = Reader { visitor: &self.visitor, store: &self.store, now };
        let (record, report) = match reader.read(source, &row.value, &known).await? {
            Ok(reading) => {
                let (record, report, pages) = judge(source, &row.value, &known, reading, now);
                self.keep(source, pages).await;
                (record, report)
            }
            Err(unread) => {
                if let Some(page) = unread.page.clone() {
                    self.keep(source, vec![page]).await;
                }
                failed(source, &row.value, unread, now)
            }
        };
        match self.store.record_poll(&source.id, &row, &record, now).await {
            Ok(notices) => Ok(Some(PollReport { notices, ..report })),
            Err(error) if error.is_conflict() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Evidence is worth having, but its loss must not cost a resident an update.
    async fn keep(&self, source: &Source, pages: Vec<RawPage>) {
        for page in pages {
            let url = page.url.clone();
            if let Err(error) = self.pages.keep(source.id.clone(), page).await {
                tracing::warn!(source.id = %source.id, %url, %error, "the page could not be kept under snapshots/");
            }
        }
    }
}

fn fresh(source: &Source, now: DateTime<Utc>) -> SourceState {
    SourceState {
        about: about(source),
        next_due: now,
        wait_until: None,
        polled: None,
        outcome: None,
        read_well: None,
        baseline: None,
        failures: 0,
        validators: None,
        items: 0,
        warnings: Vec::new(),
        unread: std::collections::BTreeMap::new(),
        hold: None,
        claim: None,
    }
}

fn about(source: &Source) -> SourceAbout {
    SourceAbout {
        council: source.council.clone(),
        title: source.title.clone(),
        url: source.url.clone(),
        topics: source.topics.clone(),
    }
}

/// The state after a poll that read nothing: everything that is known stays as it is.
fn failed(source: &Source, state: &SourceState, unread: Unread, now: DateTime<Utc>) -> (PollRecord, PollReport) {
    let failures = state.failures.saturating_add(1);
    let next_due = schedule::backoff(failures, source.every, unread.wait_until, now);
    let after = SourceState {
        about: about(source),
        next_due,
        wait_until: unread.wait_until,
        polled: Some(now),
        outcome: Some(unread.outcome.clone()),
        failures,
        warnings: unread.warnings.clone(),
        claim: None,
        ..state.clone()
    };
    let report = PollReport {
        source: source.id.clone(),
        outcome: unread.outcome,
        is_baseline: false,
        new: 0,
        revised: 0,
        withdrawn: 0,
        notices: 0,
        warnings: unread.warnings,
    };
    (PollRecord { state: after, items: Vec::new(), dirty: Vec::new() }, report)
}

/// What a reading means: the record to make, the report to give, the pages worth keeping.
fn judge(
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
    FeedName::of(source).iter().map(FeedName::stem).chain([super::publish::CALENDAR.to_owned()]).collect()
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
        let read: std::collections::HashSet<&str> = seen.iter().map(|s| s.key).collect();
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
    let read: std::collections::HashSet<&str> = items.iter().map(|item| item.item.key.as_str()).collect();
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
