//! Planning: the windows that have ended become bundles of deliveries in the outbox, by one walk over people, subscriptions
//! and ledger, all in the order of people's identities.
//!
//! A step is one commit: a bundle, the ledger of what it gives, and how far the window has come. Stopping between two steps
//! loses nothing and repeats nothing. In memory are one page of people, one bundle, and a page of the ledger for each
//! window in which something of this one was told before: as much for a million people as for ten.

pub mod missed;
mod muted;
mod shares;

use super::bounds::Bounds;
use super::known::{Sources, in_words};
use crate::domain::bundle::{Bundle, Draft, Series};
use crate::domain::delivery::{Notice, Position};
use crate::domain::item::{Change, KnownItem};
use crate::domain::source::Source;
use crate::domain::subscriber::Cadence;
use crate::rules::digest::NoticeInFull;
use crate::rules::schedule::{DigestTimes, last_close};
use crate::store::records::{OpenWindow, Subscription, WindowState};
use crate::store::subscriptions::{active, moved_with};
use crate::store::windows::Progress;
use crate::store::{Row, Store, StoreError};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use muted::Muted;
use shares::Shares;

/// Plans every window of `cadences` that has ended by `now`. Answers with the number of deliveries made.
pub async fn plan(
    store: &Store,
    configured: &[Source],
    cadences: &[Cadence],
    times: &DigestTimes,
    zone: Tz,
    bounds: &Bounds,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let mut deliveries = 0;
    for cadence in cadences {
        let Some(close) = last_close(*cadence, times, zone, now) else { continue };
        if let Some(mut row) = store.open_window(*cadence, close, now).await? {
            let Some(open) = row.value.open.clone() else { continue };
            let sources = Sources::read(store, configured).await?;
            let notices = store.notices(open.window.from, open.window.to).await?;
            let log = InFull::read(store, &sources, notices).await?;
            let planner = Planner { store, notices: &log.notices(), cadence: *cadence, bounds, now };
            deliveries += planner.plan(&mut row).await?;
        }
    }
    Ok(deliveries)
}

/// Plans one window.
struct Planner<'a> {
    store: &'a Store,
    notices: &'a [NoticeInFull<'a>],
    cadence: Cadence,
    bounds: &'a Bounds,
    now: DateTime<Utc>,
}

impl Planner<'_> {
    async fn plan(&self, row: &mut Row<WindowState>) -> Result<u64, StoreError> {
        let mut made = 0;
        let mut told = Vec::new();
        while let Some(open) = row.value.open.clone() {
            match self.go_on(row, &open, &mut made, &mut told).await {
                Err(error) if error.is_conflict() => {
                    if !self.store.is_unchanged(row).await? {
                        // Another process is planning this window; it will finish it.
                        return Ok(made);
                    }
                    // Another window has been planned meanwhile, and what it gave counts; or somebody has moved. So look again
                    // from the last commit.
                }
                done => done?,
            }
        }
        // If we stop before this: the sweep ends them.
        self.store.end_told(&told, self.now).await?;
        Ok(made)
    }

    /// Plans from where the window has come to, until it is done. `told`: subscriptions of which something went to another cadence,
    /// and all of that from before it went has been planned then.
    async fn go_on(
        &self,
        row: &mut Row<WindowState>,
        open: &OpenWindow,
        made: &mut u64,
        told: &mut Vec<Row<Subscription>>,
    ) -> Result<(), StoreError> {
        let others = self.store.other_windows(self.cadence).await?;
        let items = self.notices.iter().map(|n| n.notice.item.clone()).collect();
        let series = Series::of(self.cadence, open.window);
        let mut ledger = self.store.ledger(items, &series).await?;
        let mut shares = Shares::new(self.notices);
        let mut muted = Muted::new(self.notices);
        // An immediate window has no time at which it closes: it ends when it is looked at.
        let closed = if self.cadence == Cadence::Immediate { open.opened } else { row.value.closed };
        let mut draft = Draft::new(Bundle::empty(self.cadence, open.window, closed, self.now));
        let mut after = open.after.clone();
        let mut looked_at = 0;
        loop {
            let page = self.store.subscribers_after(after.as_ref(), self.bounds.people).await?;
            let end = page.is_empty().then_some(None);
            for subscriber in page.into_iter().map(Some).chain(end) {
                let is_done = subscriber.is_none();
                if let Some(subscriber) = subscriber {
                    let number = subscriber.id.number();
                    let person = &subscriber.person.value;
                    let life = person.life;
                    let is_told = |row: &&Row<Subscription>| {
                        let until = row.value.moved.as_ref().map(|(_, until)| *until);
                        let is_running = row.value.cadence == self.cadence && row.value.ended.is_none();
                        is_running && until.is_some_and(|until| until <= open.window.to)
                    };
                    told.extend(subscriber.subscriptions.iter().filter(is_told).cloned());
                    let wanted = match person.moved_to() {
                        _ if person.is_paused(self.now) => Vec::new(),
                        Some(moved) if moved.owed.contains(&series) => moved_with(person, subscriber.subscriptions),
                        _ => active(person, subscriber.subscriptions),
                    };
                    if let Some(wishes) = shares.wishes(wanted, self.cadence) {
                        let muted = muted.of(self.store, &subscriber.id).await?;
                        let mut given = ledger.given(number, life).await?;
                        // Who was erased meanwhile is known since their return.
                        let before = ledger.told_before(number, life, Position::at(person.since));
                        for former in &person.formerly {
                            for (item, positions) in ledger.given_formerly(former).await? {
                                given.entry(item).or_default().extend(positions);
                            }
                        }
                        let (key, share) = shares.of((wishes, given, before, muted));
                        if !share.told.is_empty() {
                            draft.add((number, life), key, &share.told, &share.covered);
                        }
                    }
                    after = Some(subscriber.id);
                    looked_at += 1;
                }
                if is_done || draft.is_full(self.bounds.bundle) || looked_at >= self.bounds.looked_at {
                    let bundle = draft.take();
                    let progress = Progress { after: after.clone(), is_done };
                    self.store.record_plan(self.cadence, row, &others, bundle.as_ref(), progress, self.now).await?;
                    *made += bundle.map_or(0, |bundle| bundle.members().len() as u64);
                    looked_at = 0;
                }
                if is_done {
                    return Ok(());
                }
            }
        }
    }
}

/// Notices with their items and sources; what they are about and can no longer be found is left out.
pub(super) struct InFull {
    entries: Vec<(Notice, KnownItem, Source)>,
}

impl InFull {
    pub(super) async fn read(store: &Store, sources: &Sources, notices: Vec<Notice>) -> Result<Self, StoreError> {
        let mut entries = Vec::with_capacity(notices.len());
        for notice in notices {
            let known = in_words(store, &notice.source, &notice.item, notice.revision).await?;
            if let (Some(known), Some(source)) = (known, sources.get(&notice.source)) {
                entries.push((notice, known, source.clone()));
            } else {
                tracing::error!(item.id = %notice.item, source.id = %notice.source, "a notice names an item that the store does not hold");
            }
        }
        Ok(Self { entries })
    }

    pub(super) fn notices(&self) -> Vec<NoticeInFull<'_>> {
        let calls_off = |notice: &Notice, known: &KnownItem| notice.change == Change::Withdrawn && known.was_to_come();
        let of = self.entries.iter().map(|(notice, known, source)| NoticeInFull {
            notice,
            item: &known.item,
            source,
            calls_off: calls_off(notice, known),
        });
        of.collect()
    }
}

#[cfg(test)]
mod tests;
