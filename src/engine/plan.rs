//! Planning: the windows that have ended become deliveries in the outbox, person by person, in batches that resume.
//!
//! A batch is one commit: the deliveries, the ledger of what is thereby given, and how far the window has come. Stopping
//! between two batches loses nothing and repeats nothing.

use super::known::{Sources, in_words};
use crate::domain::delivery::{AT_ONCE, DeliveryId, Notice};
use crate::domain::item::Item;
use crate::domain::source::Source;
use crate::domain::subscriber::{Cadence, SubscriberId};
use crate::rules::digest::{self, NoticeInFull, Wish};
use crate::rules::schedule::{DigestTimes, last_close};
use crate::store::outbox::PlannedShare;
use crate::store::records::{Outgoing, Subscription, WindowState};
use crate::store::subscriptions::person_id;
use crate::store::{Row, Store, StoreError};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// People planned in one commit.
const BATCH: usize = 250;

/// Plans every window of `cadences` that has ended by `now`. Answers with the number of deliveries made.
pub async fn plan(
    store: &Store,
    configured: &[Source],
    cadences: &[Cadence],
    times: &DigestTimes,
    zone: Tz,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let mut deliveries = 0;
    for cadence in cadences {
        let Some(close) = last_close(*cadence, times, zone, now) else { continue };
        if let Some(window) = store.open_window(*cadence, close, now).await? {
            let sources = Sources::read(store, configured).await?;
            deliveries += plan_window(store, &sources, *cadence, window, now).await?;
        }
    }
    Ok(deliveries)
}

async fn plan_window(
    store: &Store,
    sources: &Sources,
    cadence: Cadence,
    mut row: Row<WindowState>,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let Some(open) = row.value.open.clone() else { return Ok(0) };
    let log = InFull::read(store, sources, store.notices(open.window.from, open.window.to).await?).await?;
    let notices = log.notices();
    let mut made = 0;
    let mut after = open.after;
    loop {
        let people = store.people_after(after.as_ref(), BATCH).await?;
        let done = people.len() < BATCH;
        let mut shares = Vec::new();
        for person in &people {
            let Some(id) = person_id(person) else { continue };
            after = Some(id.clone());
            let subscriptions = store.active_subscriptions(&id).await?;
            let share = share_of(store, &id, &subscriptions, cadence, &notices).await?;
            if !share.told.is_empty() {
                let outgoing = Outgoing {
                    id: DeliveryId::of(&id, cadence, open.window),
                    subscriber: id,
                    cadence,
                    window: open.window,
                    told: share.told,
                    planned: now,
                    attempts: 0,
                    not_before: AT_ONCE,
                    claim: None,
                    last_reply: None,
                };
                shares.push(PlannedShare { outgoing, covered: share.covered });
            }
        }
        made += shares.len() as u64;
        row = match store.record_plan(cadence, &row, &shares, after.clone(), done, now).await {
            Ok(row) => row,
            // Another process is planning this window; it will finish it.
            Err(error) if error.is_conflict() => return Ok(made),
            Err(error) => return Err(error),
        };
        if done {
            return Ok(made);
        }
    }
}

async fn share_of(
    store: &Store,
    person: &SubscriberId,
    subscriptions: &[Subscription],
    cadence: Cadence,
    notices: &[NoticeInFull<'_>],
) -> Result<digest::Share, StoreError> {
    let wishes: Vec<Wish<'_>> =
        subscriptions.iter().filter(|s| s.cadence == cadence).map(|s| Wish { interests: &s.interests, since: s.since }).collect();
    if wishes.is_empty() {
        return Ok(digest::Share::default());
    }
    let given = store.given(person, &digest::candidates(notices, &wishes)).await?;
    Ok(digest::share(notices, &wishes, &given))
}

/// The notices of a window with their items and sources; what they are about and can no longer be found is left out.
struct InFull {
    entries: Vec<(Notice, Item, Source)>,
}

impl InFull {
    async fn read(store: &Store, sources: &Sources, notices: Vec<Notice>) -> Result<Self, StoreError> {
        let mut entries = Vec::with_capacity(notices.len());
        for notice in notices {
            let known = in_words(store, &notice.source, &notice.item, notice.revision).await?;
            if let (Some(known), Some(source)) = (known, sources.get(&notice.source)) {
                entries.push((notice, known.item, source.clone()));
            } else {
                tracing::error!(item.id = %notice.item, source.id = %notice.source, "a notice names an item that the store does not hold");
            }
        }
        Ok(Self { entries })
    }

    fn notices(&self) -> Vec<NoticeInFull<'_>> {
        self.entries.iter().map(|(notice, item, source)| NoticeInFull { notice, item, source }).collect()
    }
}
