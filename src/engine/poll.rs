//! A poll: claim the source, read it, decide what the reading means, record all of it in one commit.
//!
//! Invariant: whatever happens, the commit says when the source is polled next; a source is never given up, and only a good
//! outcome changes what is known of its items.

mod changes;
mod held;
mod judge;

use super::reading::{KnownItems, Reader, SourceReading, Unread};
use super::visit::Visitor;
use crate::domain::poll::PollOutcome;
use crate::domain::source::{Source, SourceId};
use crate::ports::{Clock, Pages, RawPage};
use crate::rules::detect::Verdict;
use crate::rules::schedule;
use crate::store::polls::PollRecord;
use crate::store::records::{Claim, SourceAbout, SourceState};
use crate::store::{Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;
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
            // What a clock that was ahead has put off is due now that it has been put right.
            let was_ahead = state.as_ref().and_then(|s| s.polled).is_some_and(|polled| polled > now);
            let waits = state.as_ref().and_then(|s| s.wait_until).is_some_and(|until| until > now) && !was_ahead;
            let is_due = was_ahead || state.is_none_or(|s| s.next_due <= now || s.about.url != source.url);
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
        let reader = Reader { visitor: &self.visitor, store: &self.store, pages: self.pages.as_ref(), now };
        let mut known = reader.known(source, &row.value).await?;
        let (record, report) = match reader.read(source, &row.value, &known.rows).await? {
            Ok(reading) => {
                reader.read_again(source, &mut known, &reading.items).await?;
                known.follow(source, &reading);
                let (record, report, pages) = self.judge(source, &row.value, &known, reading, now).await?;
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

    /// What a reading means: the record to make, the report to give, the pages worth keeping.
    async fn judge(
        &self,
        source: &Source,
        state: &SourceState,
        known: &KnownItems,
        reading: SourceReading,
        now: DateTime<Utc>,
    ) -> Result<(PollRecord, PollReport, Vec<RawPage>), StoreError> {
        match judge::verdict(source, state, known, &reading) {
            Verdict::Accept(findings) => Ok(judge::accepted(source, state, known, reading, &findings, now)),
            Verdict::Hold(alarm) => {
                let examples = held::examples(&self.store, known, &reading, &alarm).await?;
                Ok(held::held(source, state, reading, alarm.reason, examples, now))
            }
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
        read_by: None,
        listing_pages: Vec::new(),
        items: 0,
        warnings: Vec::new(),
        unread: BTreeMap::new(),
        unreadable: BTreeMap::new(),
        extent: None,
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
