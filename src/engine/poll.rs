//! A poll: read a source that is claimed, decide what the reading means, record all of it in one commit.
//!
//! Invariant: whatever happens, the commit says when the source is polled next; a source is never given up, and only a good
//! reading of its list changes what is known of its items.

mod changes;
mod held;
mod judge;
mod round;

use super::reading::{Answer, KnownItems, Reader, SourceReading, Unread};
use super::visit::Visitor;
use crate::domain::poll::PollOutcome;
use crate::domain::source::{Source, SourceId};
use crate::ports::{Clock, Pages, RawPage};
use crate::rules::detect::{Order, Part, Verdict};
use crate::rules::schedule;
use crate::store::polls::PollRecord;
use crate::store::records::{SourceAbout, SourceState};
use crate::store::{Row, Store, StoreError};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::sync::Arc;

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

/// A source that is to be polled, as it was when that was decided.
#[derive(Debug)]
pub struct Due {
    /// Which.
    pub source: Source,
    /// Its state; `None` where it was never polled.
    row: Option<Row<SourceState>>,
}

/// What is to be polled.
#[derive(Debug)]
pub struct Agenda {
    /// Now.
    pub due: Vec<Due>,
    /// When the first of the others is due, as long as nothing of them is written; `None`: there is no other.
    pub next: Option<DateTime<Utc>>,
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
    pub async fn due(&self, sources: &[Source], all: bool) -> Result<Vec<Due>, StoreError> {
        Ok(self.agenda(sources, all).await?.due)
    }

    /// The same, and when there is more.
    pub async fn agenda(&self, sources: &[Source], all: bool) -> Result<Agenda, StoreError> {
        let now = self.clock.now();
        let rows = self.store.states_of(sources).await?;
        let mut agenda = Agenda { due: Vec::new(), next: None };
        for (source, row) in sources.iter().zip(rows) {
            match row.as_ref().and_then(|row| due_at(source, &row.value, all, now)).filter(|at| *at > now) {
                None => agenda.due.push(Due { source: source.clone(), row }),
                Some(at) => agenda.next = Some(agenda.next.map_or(at, |next| next.min(at))),
            }
        }
        Ok(agenda)
    }

    /// Reads a source that is claimed, and says what is to be recorded of it. `Err`: the store failed.
    async fn look(
        &self,
        source: &Source,
        state: &SourceState,
        now: DateTime<Utc>,
    ) -> Result<(PollRecord, PollReport), StoreError> {
        let reader = Reader { visitor: &self.visitor, store: &self.store, pages: self.pages.as_ref(), now };
        let answer = match reader.ask(source, state).await {
            Ok(answer) => answer,
            Err(unread) => return Ok(self.unread(source, state, unread, now).await),
        };
        if let Answer::Unchanged(validators) = &answer
            && reader.leaves_items_alone(source, state)
        {
            return Ok(judge::unchanged(source, state, validators.clone(), now));
        }
        let mut known = reader.known(source, state).await?;
        let beginning = reader.begins(source, state, &mut known, &answer).await?;
        let (as_known, state) = (state, beginning.as_ref().map_or(state, |beginning| &beginning.state));
        reader.follow_page(source, state, &mut known, &answer).await;
        match reader.read(source, state, &known.rows, answer).await? {
            Ok(mut reading) => {
                reader.read_again(source, &mut known, &reading.items).await?;
                reader.follow_files(source, &mut known, &reading).await?;
                reader.readdress(source, &known, &mut reading).await?;
                known.restate(&reading);
                known.follow(source, &reading);
                known.out_of_sight.extend(reading.grown_from.clone());
                reader.follow_parts(source, state, &mut known, &reading).await?;
                reader.follow_redated(source, &mut known, &reading).await?;
                reader.compare_followed(&known, &mut reading).await?;
                if let Some(beginning) = &beginning {
                    beginning.supersede(&mut known, &mut reading.gone);
                }
                let (record, report, pages) = self.judge(source, state, &known, reading, now).await?;
                self.keep(source, pages).await;
                Ok((record, report))
            }
            Err(unread) => Ok(self.unread(source, as_known, unread, now).await),
        }
    }

    /// The record of a poll that read nothing; what came instead of a page is kept.
    async fn unread(
        &self,
        source: &Source,
        state: &SourceState,
        mut unread: Unread,
        now: DateTime<Utc>,
    ) -> (PollRecord, PollReport) {
        if let Some(page) = unread.page.take() {
            self.keep(source, vec![page]).await;
        }
        failed(source, state, unread, now)
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
            Verdict::Accept(findings) => Ok(judge::accepted(source, state, known, reading, &findings, None, now)),
            Verdict::Hold(alarm) => {
                let examples = held::examples(&self.store, known, &reading, &alarm).await?;
                let Some(Part { kept, findings }) = alarm.part else {
                    return Ok(held::held(source, state, reading, alarm.reason, examples, now));
                };
                let kept = held::kept_back(state, known, &reading, (alarm.reason, examples, kept), now);
                Ok(judge::accepted(source, state, known, reading, &findings, Some(kept), now))
            }
        }
    }

    /// Evidence is worth having, but its loss must not cost a resident an update.
    async fn keep(&self, source: &Source, pages: Vec<RawPage>) {
        if pages.is_empty() {
            return;
        }
        if let Err(error) = self.pages.keep(source.id.clone(), pages).await {
            tracing::warn!(source.id = %source.id, %error, "its pages could not be kept under snapshots/");
        }
    }
}

/// When a source is due; `None`: whatever the time. With `all` it is, unless a server asked us to wait.
fn due_at(source: &Source, state: &SourceState, all: bool, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    // What a clock that was ahead has put off is due now that it has been put right.
    if state.polled.is_some_and(|polled| polled > now) {
        return None;
    }
    let is_as_polled = state.about.url == source.url;
    let next = (!all && is_as_polled).then_some(state.next_due);
    next.max(state.wait_until)
}

fn fresh(source: &Source, now: DateTime<Utc>) -> SourceState {
    SourceState {
        about: about(source),
        next_due: now,
        wait_until: None,
        polled: None,
        outcome: None,
        home: None,
        read_well: None,
        baseline: None,
        failures: 0,
        validators: None,
        read_by: None,
        listing_pages: Vec::new(),
        items: 0,
        closes: None,
        unread_in_a_row: 0,
        empty_in_a_row: 0,
        warnings: Vec::new(),
        unread: BTreeMap::new(),
        unreadable: BTreeMap::new(),
        extent: None,
        gist: None,
        items_edition: 0,
        order: Order::default(),
        passing: BTreeMap::new(),
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
