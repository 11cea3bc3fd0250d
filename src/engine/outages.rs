//! Telling those who follow a source that it has not been readable for long: once an outage, since a page that is broken must
//! not look like one without news.
//!
//! Beginning is one commit, each page of people another, so a stop repeats nobody's letter and forgets nobody.

use super::bounds::Bounds;
use crate::domain::poll::PollOutcome;
use crate::domain::source::{Source, SourceId};
use crate::rules::interest;
use crate::store::records::SourceState;
use crate::store::subscriptions::active;
use crate::store::{Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};

/// Unreadable for longer than this, a source's followers are told.
const LONG: TimeDelta = TimeDelta::days(7);

/// Whether a source in this state could not be read for long, and since when: what has broken off from the first, since it was
/// taken as it comes.
#[must_use]
pub fn long_unreadable(state: &SourceState, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let fails = state.outcome.as_ref().is_some_and(|outcome: &PollOutcome| !outcome.is_good());
    state.read_well.or(state.baseline).filter(|since| fails && now - *since >= LONG)
}

/// Puts the letters that are due into the outbox. Answers how many.
pub async fn tell_of_outages(
    store: &Store,
    sources: &[Source],
    bounds: &Bounds,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let mut told = Vec::new();
    for (id, outage) in store.outages().await? {
        let read = store.source_state(&id).await?.and_then(|row| row.value.read_well);
        if read.is_some_and(|read| read > outage.value.since) {
            store.end_outage(&outage).await?;
        } else {
            told.push(id);
        }
    }
    if store.outage_letters().await?.is_none() {
        let mut fresh: Vec<(SourceId, DateTime<Utc>)> = Vec::new();
        for source in sources.iter().filter(|source| !told.contains(&source.id)) {
            let state = store.source_state(&source.id).await?;
            let since = state.and_then(|row| long_unreadable(&row.value, now));
            fresh.extend(since.map(|since| (source.id.clone(), since)));
        }
        store.begin_outage_letters(&fresh, now).await?;
    }
    let mut letters = 0;
    while let Some(row) = store.outage_letters().await? {
        let unreadable: Vec<&Source> = sources.iter().filter(|source| row.value.sources.contains(&source.id)).collect();
        let page = store.subscribers_after(row.value.after.as_ref(), bounds.people).await?;
        let after = page.last().map(|subscriber| subscriber.id.clone());
        let mut followers = Vec::new();
        for subscriber in page {
            let life = subscriber.person.value.life;
            let wanted = active(&subscriber.person.value, subscriber.subscriptions);
            let follows = |source: &&Source| wanted.iter().any(|wants| interest::follows(&wants.interests, source));
            if unreadable.iter().any(follows) {
                followers.push((subscriber.id, life));
            }
        }
        match store.record_outage_letters(&row, &followers, after, now).await {
            Ok(()) => letters += followers.len(),
            // Somebody else was quicker, or one of them gets another letter at this moment: the next look goes on.
            Err(error) if error.is_conflict() => break,
            Err(error) => return Err(error),
        }
    }
    Ok(letters)
}
