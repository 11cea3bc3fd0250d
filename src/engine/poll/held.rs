//! A batch that is held: the state that says so, with examples by which an admin can judge it.

use super::PollReport;
use super::judge::{KeptBack, polled};
use crate::domain::item::Item;
use crate::domain::poll::PollOutcome;
use crate::domain::source::Source;
use crate::engine::reading::{ItemReading, KnownItems, SourceReading};
use crate::ports::RawPage;
use crate::rules::detect::{Alarm, Oddity};
use crate::rules::revision::sentences;
use crate::store::polls::PollRecord;
use crate::store::records::{HeldExample, Hold, SourceState};
use crate::store::{Store, StoreError};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::HashSet;

/// Longest words of an example, in characters.
const WORDS_MAX: usize = 160;

/// The record of a reading that is held: nothing but that, so that the next poll sees it afresh.
pub(super) fn held(
    source: &Source,
    state: &SourceState,
    reading: SourceReading,
    reason: String,
    examples: Vec<HeldExample>,
    now: DateTime<Utc>,
) -> (PollRecord, PollReport, Vec<RawPage>) {
    let (mut after, mut report) = polled(source, state, &reading.warnings, now);
    // What may come to be believed has to stand there as it is from the first day to the last.
    let is_same = |reason_before: &str| reading.instead.is_none() || reason_before == reason;
    let since = state.hold.as_ref().filter(|hold| is_same(&hold.reason)).map_or(now, |hold| hold.since);
    let read = state.hold.as_ref().map(|hold| hold.read.clone()).unwrap_or_default();
    after.hold = Some(Hold { reason: reason.clone(), examples, since, decision: None, read });
    after.validators = None;
    report.outcome = PollOutcome::Held { reason };
    after.outcome = Some(report.outcome.clone());
    (PollRecord { state: after, items: Vec::new(), dirty: Vec::new() }, report, reading.pages)
}

/// The same of a reading of which only the items of these keys are held: how each known item reads now, by which it is told later
/// which of them says something else by then.
pub(super) fn kept_back(
    state: &SourceState,
    known: &KnownItems,
    reading: &SourceReading,
    (reason, examples, keys): (String, Vec<HeldExample>, HashSet<String>),
    now: DateTime<Utc>,
) -> KeptBack {
    let before = state.hold.as_ref();
    let as_read = |item: &ItemReading| {
        let row = known.rows.get(&item.item.key)?;
        let fingerprint = item.read.as_ref().map(|read| &read.fingerprint);
        let fingerprint = fingerprint.or(item.visited.then_some(&row.value.fingerprint))?;
        Some((item.item.key.clone(), fingerprint.clone()))
    };
    let mut read = before.map(|hold| hold.read.clone()).unwrap_or_default();
    read.extend(reading.items.iter().filter_map(as_read));
    let since = before.map_or(now, |hold| hold.since);
    KeptBack { keys, hold: Hold { reason, examples, since, decision: None, read } }
}

/// What an alarm points at, in words: before and after.
pub(super) async fn examples(
    store: &Store,
    known: &KnownItems,
    reading: &SourceReading,
    alarm: &Alarm,
) -> Result<Vec<HeldExample>, StoreError> {
    let mut examples = Vec::with_capacity(alarm.examples.len());
    for sign in &alarm.examples {
        let before = match (known.again.get(&sign.key), known.rows.get(&sign.key)) {
            (Some(again), _) => Some(again.item.clone()),
            (None, Some(row)) => store.revision(&row.value.id, row.value.revision).await?.map(|revision| revision.item),
            (None, None) => None,
        };
        let now = reading.items.iter().map(|read| &read.item).find(|item| item.key == sign.key);
        examples.extend(example(before.as_ref(), now, sign.what));
    }
    Ok(examples)
}

fn example(before: Option<&Item>, now: Option<&Item>, what: Oddity) -> Option<HeldExample> {
    let title = now.or(before)?.title.to_string();
    let (before, after) = match what {
        Oddity::Unknown => (None, Some(now.and_then(|item| item.published).map_or_else(|| "listed".to_owned(), day))),
        Oddity::Gone => (Some(before.and_then(|item| item.published).map_or_else(|| "listed".to_owned(), day)), None),
        Oddity::Redated { before, now } => (Some(day(before)), Some(day(now))),
        Oddity::Reworded => difference(before?, now?),
    };
    Some(HeldExample { title, before, after })
}

/// The first thing that reads otherwise: title, date, or a sentence.
fn difference(before: &Item, now: &Item) -> (Option<String>, Option<String>) {
    let short = |words: &str| Some(words.chars().take(WORDS_MAX).collect::<String>());
    if before.title != now.title {
        return (short(before.title.as_str()), short(now.title.as_str()));
    }
    if before.published != now.published {
        return (before.published.map(day), now.published.map(day));
    }
    let first = sentences(before.text.as_ref(), now.text.as_ref()).into_iter().next();
    first.map_or((None, None), |change| {
        let cut = |words: Option<String>| words.and_then(|words| short(&words));
        (cut(change.plain_before()), cut(change.plain_now()))
    })
}

fn day(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}
