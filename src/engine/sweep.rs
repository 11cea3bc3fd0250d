//! Sweeping: what has been kept long enough goes: contents that nothing names any more, deliveries settled long
//! ago, the ledger of what was told longer ago than anybody would want a withdrawal of, requests that nobody confirmed, what
//! was left behind by a change of cadence, the addresses of those who left, and what was sent to those who were erased. What was
//! erased then goes from the store's files too.
//!
//! Nothing that a mail, a feed or a page could still show is touched: items, their revisions and the log stay.

use crate::store::erasure::KEEP_ENDED;
use crate::store::{Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;

/// Settled deliveries are kept so long, for support.
const SETTLED_KEEP: TimeDelta = TimeDelta::days(90);
/// Who was told what is kept so long, so that a withdrawal reaches those who had been told.
const GIVEN_KEEP: TimeDelta = TimeDelta::days(400);
/// No commit takes longer from writing a body to naming it.
const BODY_AGE_MIN: Duration = Duration::from_secs(24 * 60 * 60);

/// Sweeps the store.
pub async fn sweep(store: &Store, now: DateTime<Utc>) -> Result<(), StoreError> {
    let settled = store.forget_settled_before(now - SETTLED_KEEP).await?;
    let given = store.forget_given_before(now - GIVEN_KEEP).await?;
    // A link works to the end of its minute.
    let requests = store.forget_requests_until(now - TimeDelta::minutes(1)).await?;
    store.end_moves(now).await?;
    let people = store.erase_ended_before(now - KEEP_ENDED, now).await?;
    let cleared = store.forget_deliveries_to_erased(now).await?;
    store.forget_returned_before(now - SETTLED_KEEP, now - GIVEN_KEEP).await?;
    let bodies = store.sweep_bodies(BODY_AGE_MIN).await?.removed;
    if settled + given + requests + people + cleared + bodies > 0 {
        tracing::info!(settled, given, requests, people, cleared, bodies, "swept");
    }
    if store.clear_remains().await? {
        tracing::info!("the store was written anew, without what was erased");
    }
    Ok(())
}
