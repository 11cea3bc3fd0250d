//! Forgetting what nothing needs any more: deliveries settled long ago, and the ledger of what people were told long ago.

use super::engine::prefix_range;
use super::record::Record;
use super::records::{Came, Portion, ReturnsDay, Settled, Swept};
use super::{Row, Store, StoreError, key};
use crate::domain::bundle::{Lane, Series};
use crate::domain::delivery::Position;
use chrono::{DateTime, TimeDelta, Utc};
use futures::TryStreamExt;
use std::collections::BTreeSet;

/// Records removed in one commit.
const BATCH: usize = 500;

impl Store {
    /// Notes that what has been kept long enough is removed now, where that was last done longer ago than `every`, or after
    /// now by a clock that was ahead. Answers whether it was.
    pub async fn begin_sweep(&self, every: TimeDelta, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let last = self.read::<Swept>(key::SWEPT).await?;
        if last.is_some_and(|row| row.value.at <= now && now - row.value.at < every) {
            return Ok(false);
        }
        let mut change = self.change();
        change.put(key::SWEPT, &Swept { at: now });
        change.commit().await?;
        Ok(true)
    }

    /// Forgets deliveries that ended before `before`. How many bundles of them.
    pub async fn forget_settled_before(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        self.forget::<Settled>(key::SETTLED, |row| row.value.at < before).await
    }

    /// Forgets mails that came back before `mails`, and the counts of days before `days`.
    pub async fn forget_returned_before(&self, mails: DateTime<Utc>, days: DateTime<Utc>) -> Result<(), StoreError> {
        self.forget::<Came>(key::RETURNED, |row| row.value.at < mails).await?;
        let first = key::returns_on(days);
        self.forget::<ReturnsDay>(key::RETURNS, |row| row.key < first).await?;
        Ok(())
    }

    /// Forgets who was given what in windows that ended before `before`, but for bundles from which is still to be sent. How
    /// many bundles.
    ///
    /// A withdrawal of an item that somebody was last told of in such a window is not told to them any more.
    pub async fn forget_given_before(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let before = Position::at(before);
        let is_old = |key: &[u8], prefix: &str, part: usize| {
            let name = key.strip_prefix(prefix.as_bytes()).and_then(|rest| std::str::from_utf8(rest).ok()?.split('/').nth(part));
            name.and_then(Series::parse).and_then(|series| series.to()).is_some_and(|to| to < before)
        };
        let mut unsettled = BTreeSet::new();
        for lane in Lane::ALL {
            let mut rows = self.rows::<Portion>(prefix_range(&key::out(lane)));
            while let Some(row) = rows.try_next().await? {
                let key = key::bundle(&row.value.bundle);
                if is_old(&key, key::BUNDLES, 0) {
                    unsettled.insert(key);
                }
            }
        }
        self.forget::<Position>(key::TOLD, |row| is_old(&row.key, key::TOLD, 1)).await?;
        let mut forgotten = 0;
        let mut range = prefix_range(key::BUNDLES.as_bytes());
        loop {
            // By their keys alone: to read each would be to read all that was ever sent.
            let page = self.engine.scan(range.clone(), BATCH).await?;
            let mut change = self.change();
            for (key, _) in page.iter().filter(|(key, _)| is_old(key, key::BUNDLES, 0) && !unsettled.contains(key)) {
                change.erase(key.clone());
                forgotten += 1;
            }
            if !change.is_empty() {
                change.commit().await?;
            }
            match page.last() {
                Some((key, _)) if page.len() == BATCH => range.start = super::successor(key),
                _ => return Ok(forgotten),
            }
        }
    }

    async fn forget<T: Record + 'static>(&self, prefix: &str, is_old: impl Fn(&Row<T>) -> bool) -> Result<u64, StoreError> {
        let mut forgotten = 0;
        let mut in_hand = 0;
        let mut change = self.change();
        let mut rows = self.rows::<T>(prefix_range(prefix.as_bytes()));
        while let Some(row) = rows.try_next().await? {
            if is_old(&row) {
                change.delete(&row);
                in_hand += 1;
            }
            if in_hand == BATCH {
                std::mem::replace(&mut change, self.change()).commit().await?;
                forgotten += std::mem::take(&mut in_hand) as u64;
            }
        }
        if in_hand > 0 {
            change.commit().await?;
        }
        Ok(forgotten + in_hand as u64)
    }
}
