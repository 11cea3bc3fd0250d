//! What people missed who were suppressed for what was not true, planned for them once they are mailed again: of each cadence
//! in one delivery, at once, as far as it is still news. The ledger says what they were given all the same.
//!
//! A step is one commit: a bundle of one cadence; and when nothing is left to plan, another in which the note of it goes. If we stop
//! between two, the ledger knows of the first.

use super::InFull;
use super::shares::Shares;
use super::{Muted, active, moved_with};
use crate::domain::bundle::{Bundle, Draft, Series};
use crate::domain::delivery::Position;
use crate::domain::source::Source;
use crate::domain::subscriber::Cadence;
use crate::engine::bounds::Bounds;
use crate::engine::known::Sources;
use crate::rules::schedule::is_stale;
use crate::store::missed::missed_by;
use crate::store::records::{DigestRun, Missed, WindowState};
use crate::store::subscriptions::Subscriber;
use crate::store::{Row, Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeSet;
use std::time::Duration;

/// Steps at one go; what is left is for the next.
const STEPS_MAX: usize = 1_000;
/// How long before they were suppressed something may have been planned for them that had not left by then: as long as the weekly
/// digest is news by the usual settings.
const WAY: TimeDelta = TimeDelta::days(14);

/// Plans what people missed that would not be stale by now, had it been mailed to them with the others; and puts into the outbox
/// what else they are owed. Answers with the number of deliveries made.
pub async fn plan_missed(
    store: &Store,
    configured: &[Source],
    stale_after: Duration,
    bounds: &Bounds,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let mut made = 0;
    for _ in 0..STEPS_MAX {
        let rows = store.missed(bounds.people).await?;
        if rows.is_empty() {
            break;
        }
        if rows.iter().any(|row| row.value.is_owed) {
            let is_news = |bundle: &Bundle| !is_stale(bundle.cadence, bundle.closed, stale_after, now);
            made += store.send_owed(&rows, &is_news, now).await?;
            continue;
        }
        let mut windows = Vec::new();
        for cadence in Cadence::ALL {
            windows.extend(store.window(cadence).await?.map(|row| (cadence, row)));
        }
        // What is being planned now is missed, too, as far as they have been passed over in it.
        if windows.iter().any(|(_, window)| window.value.open.is_some()) {
            break;
        }
        let late = Late { store, sources: Sources::read(store, configured).await?, windows, stale_after, bounds, now };
        match late.step(&rows).await {
            Ok(deliveries) => made += deliveries,
            // Somebody has changed what this rests on: it is worked out anew.
            Err(error) if error.is_conflict() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(made)
}

/// A window that was planned, or what was planned beside one, and to whom of it nothing left.
struct Run {
    digest: DigestRun,
    unsent: BTreeSet<u128>,
    is_stale: bool,
}

/// Plans what some missed.
struct Late<'a> {
    store: &'a Store,
    sources: Sources,
    windows: Vec<(Cadence, Row<WindowState>)>,
    stale_after: Duration,
    bounds: &'a Bounds,
    now: DateTime<Utc>,
}

impl Late<'_> {
    /// One bundle for these, or, where there is none, the end of their notes.
    async fn step(&self, rows: &[Row<Missed>]) -> Result<u64, StoreError> {
        let mut people = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(id) = missed_by(row) else { continue };
            let Some(person) = self.store.person(&id).await? else { continue };
            let subscriptions = self.store.subscriptions(&id).await?;
            people.push((Subscriber { id, person, subscriptions }, row.value.clone()));
        }
        let runs = self.runs_about(&people).await?;
        for (cadence, window) in &self.windows {
            let deliveries = self.plan(*cadence, window, &people, &runs).await?;
            if deliveries > 0 {
                return Ok(deliveries);
            }
        }
        self.store.forget_missed(rows).await?;
        Ok(0)
    }

    /// What they missed at one cadence.
    async fn plan(
        &self,
        cadence: Cadence,
        state: &Row<WindowState>,
        people: &[(Subscriber, Missed)],
        runs: &[Run],
    ) -> Result<u64, StoreError> {
        let mut theirs = Vec::with_capacity(people.len());
        for (subscriber, missed) in people {
            if let Some(from) = missed_from(cadence, subscriber, missed, runs) {
                theirs.push((subscriber, from));
            }
        }
        let Some(first) = theirs.iter().map(|(_, from)| *from).min() else { return Ok(0) };
        let notices = self.store.notices(first, state.value.planned).await?;
        let Some((window, head)) = self.store.window_of_missed(first).await?.filter(|_| !notices.is_empty()) else {
            return Ok(0);
        };
        let log = InFull::read(self.store, &self.sources, notices).await?;
        let notices = log.notices();
        let items = notices.iter().map(|n| n.notice.item.clone()).collect();
        let mut ledger = self.store.ledger(items, &Series::of(cadence, window)).await?;
        let (mut shares, mut muted) = (Shares::new(&notices), Muted::new(&notices));
        let mut draft = Draft::new(Bundle::empty(cadence, window, self.now, self.now));
        let mut rests_on = Vec::new();
        for (subscriber, from) in theirs {
            let (number, person) = (subscriber.id.number(), &subscriber.person.value);
            let subscriptions = subscriber.subscriptions.clone();
            let wanted = match person.moved_to() {
                _ if person.is_paused(self.now) => Vec::new(),
                Some(_) => moved_with(person, subscriptions),
                None => active(person, subscriptions),
            };
            let Some(mut wishes) = shares.wishes(wanted, cadence) else { continue };
            for (_, since, _) in &mut wishes {
                *since = from.max(*since);
            }
            let muted = muted.of(self.store, &subscriber.id).await?;
            let mut given = ledger.given(number, person.life).await?;
            let before = ledger.told_before(number, person.life, Position::at(person.since));
            for former in &person.formerly {
                for (item, positions) in ledger.given_formerly(former).await? {
                    given.entry(item).or_default().extend(positions);
                }
            }
            let (key, share) = shares.of((wishes, given, before, muted));
            if !share.told.is_empty() {
                draft.add((number, person.life), key, &share.told, &share.covered);
                rests_on.push(subscriber.person.clone());
            }
            if draft.is_full(self.bounds.bundle) {
                break;
            }
        }
        let Some(bundle) = draft.take() else { return Ok(0) };
        let windows: Vec<Row<WindowState>> = self.windows.iter().map(|(_, row)| row.clone()).collect();
        self.store.record_missed(&windows, &rests_on, &head, &bundle, self.now).await?;
        tracing::info!(cadence = cadence.as_str(), people = bundle.members().len(), "news that were missed are made good");
        Ok(bundle.members().len() as u64)
    }

    /// What was planned about the time at which these were passed over, and to whose identities of it nothing left.
    async fn runs_about(&self, people: &[(Subscriber, Missed)]) -> Result<Vec<Run>, StoreError> {
        let Some(since) = people.iter().map(|(_, missed)| missed.since).min() else { return Ok(Vec::new()) };
        let first = since.checked_sub_signed(WAY).unwrap_or_default();
        let mut runs = Vec::new();
        for run in self.store.digest_runs().await?.into_iter().map(|row| row.value).filter(|run| run.planned >= first) {
            let unsent = self.store.unsent_since(&Series::of(run.cadence, run.window), since).await?;
            let is_stale = is_stale(run.cadence, run.planned, self.stale_after, self.now);
            runs.push(Run { digest: run, unsent, is_stale });
        }
        Ok(runs)
    }
}

/// From where in the log on somebody was passed over at a cadence, or what had been planned for them before did not leave; `None`
/// where they were not. What was planned while they wanted a pause they have not missed, and what is no news by now is not told.
fn missed_from(cadence: Cadence, subscriber: &Subscriber, missed: &Missed, runs: &[Run]) -> Option<Position> {
    let person = &subscriber.person.value;
    let formerly = person.formerly.iter().map(|former| former.id.number());
    let theirs: Vec<u128> = std::iter::once(subscriber.id.number()).chain(formerly).collect();
    let passed = missed.from.get(&cadence).copied()?;
    let (mut first, mut not_before) = (passed, passed);
    for Run { digest: run, unsent, is_stale } in runs.iter().filter(|run| run.digest.cadence == cadence) {
        let was_paused = person.paused_until.is_some_and(|until| run.planned < until);
        // What was planned beside the windows reaches to the end of the log of then.
        if was_paused || (*is_stale && !run.is_late) {
            not_before = not_before.max(run.window.to);
        } else if !is_stale && theirs.iter().any(|number| unsent.contains(number)) {
            first = first.min(run.window.from);
        }
    }
    Some(if not_before > passed { not_before } else { first })
}
