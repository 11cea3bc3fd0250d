//! A round: what is due is claimed many in a commit, polled several at a time, and recorded: polls wait for one another, a second
//! at most, and one commit takes them all.
//!
//! If we stop before what waits is recorded: those sources are still due and are polled again, and nobody was told anything.

use super::{Due, PollReport, Poller, fresh};
use crate::domain::source::{Source, SourceId};
use crate::engine::bounds::Bounds;
use crate::engine::waiting::until;
use crate::store::polls::{PollRecord, Polled, Wanted};
use crate::store::records::{Claim, SourceState};
use crate::store::{Row, StoreError};
use chrono::TimeDelta;
use futures::future::{BoxFuture, FutureExt};
use futures::stream::{self, BoxStream, StreamExt};

/// Sources polled at a time; one host gets one request at a time however many there are.
const POLLS_AT_A_TIME: usize = 8;
/// A poll that takes longer has lost its claim; the slowest council sites need minutes for a page.
const CLAIM: TimeDelta = TimeDelta::hours(2);

/// A source that is ours to poll, and its place in the round.
struct Claimed {
    place: usize,
    source: Source,
    row: Row<SourceState>,
}

/// A poll that waits to be recorded; without a report, a source that is given back as it was.
struct Waiting {
    place: usize,
    polled: Polled,
    report: Option<PollReport>,
}

/// Reports with the places of their sources in the round.
type Reports = Vec<(usize, PollReport)>;

/// The polls that wait, and how many rows they write.
#[derive(Default)]
struct Fold {
    polls: Vec<Waiting>,
    rows: usize,
}

impl Fold {
    fn push(&mut self, waiting: Waiting) {
        self.rows += waiting.polled.record.rows();
        self.polls.push(waiting);
    }
}

impl Poller {
    /// Polls what is `due`, several hosts at a time; none is begun once `stop` says so. Answers with a report a poll, in the
    /// order of what is due.
    ///
    /// # Errors
    /// The first failure of the store; what could be polled and recorded all the same has been.
    pub async fn round(
        &self,
        due: Vec<Due>,
        bounds: &Bounds,
        on_report: &(dyn Fn(&PollReport) + Sync),
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<Vec<PollReport>, StoreError> {
        let mut polls = self.polls(due, bounds.polls.max(1), stop);
        let mut reports = Reports::new();
        let mut fold = Fold::default();
        let mut recording: Option<BoxFuture<'_, Result<Reports, StoreError>>> = None;
        let mut wait: Option<BoxFuture<'_, ()>> = None;
        let (mut is_time, mut all_polled) = (false, false);
        let mut failed = None;
        loop {
            if recording.is_none() && !fold.polls.is_empty() && (all_polled || is_time || fold.rows >= bounds.polls) {
                recording = Some(self.record(std::mem::take(&mut fold)).boxed());
                (wait, is_time) = (None, false);
            }
            if all_polled && recording.is_none() {
                break;
            }
            tokio::select! {
                biased;
                recorded = until(&mut recording), if recording.is_some() => {
                    recording = None;
                    match recorded {
                        Ok(recorded) => {
                            for (_, report) in &recorded {
                                on_report(report);
                            }
                            reports.extend(recorded);
                        }
                        Err(error) => drop(failed.get_or_insert(error)),
                    }
                }
                done = polls.next(), if !all_polled => match done {
                    Some(Ok(waiting)) => {
                        if fold.polls.is_empty() {
                            wait = Some(self.clock.sleep(bounds.polls_wait));
                        }
                        fold.push(waiting);
                    }
                    Some(Err(error)) => drop(failed.get_or_insert(error)),
                    None => all_polled = true,
                },
                () = until(&mut wait), if wait.is_some() => (wait, is_time) = (None, true),
            }
        }
        reports.sort_by_key(|(place, _)| *place);
        failed.map_or_else(|| Ok(reports.into_iter().map(|(_, report)| report).collect()), Err)
    }

    /// Polls what is due as far as it can be claimed, `portion` sources in a commit, when their turn comes.
    fn polls<'a>(
        &'a self,
        due: Vec<Due>,
        portion: usize,
        stop: &'a (dyn Fn() -> bool + Sync),
    ) -> BoxStream<'a, Result<Waiting, StoreError>> {
        let claimed = stream::iter(portions(due, portion)).then(move |portion| self.claim(portion, stop)).flat_map(stream::iter);
        // Boxed where it is made: a poll under way is large, and would be moved several times.
        claimed.map(move |claimed| self.poll(claimed, stop).boxed()).buffer_unordered(POLLS_AT_A_TIME).boxed()
    }

    /// Takes a portion of what is due, in one commit.
    async fn claim(&self, portion: Vec<(usize, Due)>, stop: &(dyn Fn() -> bool + Sync)) -> Vec<Result<Claimed, StoreError>> {
        if stop() {
            return Vec::new();
        }
        let now = self.clock.now();
        let claim = Claim { owner: self.owner.clone(), until: now + CLAIM };
        let (places, wanted): (Vec<_>, Vec<_>) = portion
            .into_iter()
            .map(|(place, Due { source, row })| {
                let wanted = row.map_or_else(|| Wanted::New(source.id.clone(), fresh(&source, now)), Wanted::Known);
                ((place, source), wanted)
            })
            .unzip();
        match self.store.claim_sources(wanted, &claim, now).await {
            Ok(rows) => {
                let claimed = places.into_iter().zip(rows);
                claimed.filter_map(|((place, source), row)| Some(Ok(Claimed { place, source, row: row? }))).collect()
            }
            Err(error) => vec![Err(error)],
        }
    }

    /// Polls one source.
    async fn poll(&self, claimed: Result<Claimed, StoreError>, stop: &(dyn Fn() -> bool + Sync)) -> Result<Waiting, StoreError> {
        let Claimed { place, source, row } = claimed?;
        if stop() {
            let state = SourceState { claim: None, ..row.value.clone() };
            let record = PollRecord { state, items: Vec::new(), dirty: Vec::new() };
            return Ok(Waiting { place, polled: polled(source.id, row, record), report: None });
        }
        let (record, report) = self.look(&source, &row.value, self.clock.now()).boxed().await?;
        Ok(Waiting { place, polled: polled(source.id, row, record), report: Some(report) })
    }

    /// Records polls. Answers with the reports of those that were recorded.
    async fn record(&self, fold: Fold) -> Result<Reports, StoreError> {
        let (reports, polls): (Vec<_>, Vec<_>) =
            fold.polls.into_iter().map(|waiting| ((waiting.place, waiting.report), waiting.polled)).unzip();
        let recorded = self.store.record_polls(&polls, self.clock.now()).await?;
        let of_recorded = reports.into_iter().zip(recorded);
        Ok(of_recorded
            .filter_map(|((place, report), notices)| Some((place, PollReport { notices: notices?, ..report? })))
            .collect())
    }
}

fn polled(source: SourceId, claimed: Row<SourceState>, record: PollRecord) -> Polled {
    Polled { source, claimed, record }
}

/// What is due, so many at a time, each with its place.
fn portions(due: Vec<Due>, size: usize) -> Vec<Vec<(usize, Due)>> {
    let mut due = due.into_iter().enumerate().peekable();
    let mut portions = Vec::new();
    while due.peek().is_some() {
        portions.push(due.by_ref().take(size).collect());
    }
    portions
}
