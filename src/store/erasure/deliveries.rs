//! Forgetting what was sent to those who were erased. The ledger has no use for it: whoever comes back by their own yes is told
//! what is published from then on.
//!
//! Places in a bundle mean its members for as long as anything of it waits to be sent or is counted. So an erased member leaves
//! once nothing waits, and the others keep their places.

use super::super::engine::prefix_range;
use super::super::records::{Erased, Portion, Remains, Settled};
use super::super::{PAGE_ROWS, Row, Store, StoreError, key, successor};
use crate::domain::bundle::{Bundle, BundleId, Lane, Series};
use crate::domain::subscriber::SubscriberId;
use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use std::collections::{BTreeMap, BTreeSet};

/// Who was erased and is still named in bundles: their records by their numbers, and up to when what was planned is forgotten.
/// Who has come back is a reader like others from then on.
type Gone = BTreeMap<u128, (Row<Erased>, DateTime<Utc>)>;

impl Store {
    /// Takes those who were erased out of the bundles that tell them something. Answers with how many of them nothing is
    /// left but the hash; of the others something waits to be sent, and it is for the next time.
    pub async fn forget_deliveries_to_erased(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let gone = self.not_cleared().await?;
        if gone.is_empty() {
            return Ok(0);
        }
        let waiting = self.bundles_unsettled().await?;
        let mut kept: BTreeSet<u128> = BTreeSet::new();
        for (name, numbers) in self.bundles_that_may_name(&gone).await? {
            if waiting.contains(&name) || !self.forget_in(&name, &gone, &numbers, now).await? {
                kept.extend(numbers);
            }
        }
        let mut cleared = 0;
        for (_, (row, _)) in gone.iter().filter(|(number, _)| !kept.contains(number)) {
            let mut change = self.change();
            change.update(row, &Erased { is_cleared: true, ..row.value.clone() });
            match change.commit().await {
                Ok(_) => cleared += 1,
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(cleared)
    }

    async fn not_cleared(&self) -> Result<Gone, StoreError> {
        let mut gone = Gone::new();
        let mut rows = self.rows::<Erased>(prefix_range(key::ERASED.as_bytes()));
        while let Some(row) = rows.try_next().await? {
            let id = row.key.strip_prefix(key::ERASED.as_bytes()).and_then(|id| std::str::from_utf8(id).ok());
            if let Some(id) = id.and_then(SubscriberId::parse).filter(|_| !row.value.is_cleared) {
                let is_back = self.person(&id).await?.is_some();
                let until = if is_back { row.value.at } else { DateTime::<Utc>::MAX_UTC };
                gone.insert(id.number(), (row, until));
            }
        }
        Ok(gone)
    }

    /// The bundles from which something is still to be sent.
    async fn bundles_unsettled(&self) -> Result<BTreeSet<BundleId>, StoreError> {
        let mut waiting = BTreeSet::new();
        for lane in Lane::ALL {
            let mut rows = self.rows::<Portion>(prefix_range(&key::out(lane)));
            while let Some(row) = rows.try_next().await? {
                waiting.insert(row.value.bundle);
            }
        }
        Ok(waiting)
    }

    /// The bundles between whose first member and the next bundle's any of them would stand, by keys alone.
    async fn bundles_that_may_name(&self, gone: &Gone) -> Result<Vec<(BundleId, Vec<u128>)>, StoreError> {
        let mut found = Vec::new();
        let mut last: Option<(Series, u128)> = None;
        let mut range = prefix_range(key::BUNDLES.as_bytes());
        loop {
            let page = self.engine.scan(range.clone(), PAGE_ROWS).await?;
            for here in page.iter().filter_map(|(key, _)| place_of(key)) {
                let next = (last.as_ref().is_some_and(|(series, _)| *series == here.0)).then_some(here.1);
                found.extend(last.replace(here).and_then(|last| between(&last, next, gone)));
            }
            match page.last() {
                Some((key, _)) if page.len() == PAGE_ROWS => range.start = successor(key),
                _ => break,
            }
        }
        found.extend(last.and_then(|last| between(&last, None, gone)));
        Ok(found)
    }

    /// Takes those of `numbers` out of a bundle whom it is to forget. Answers whether that is done.
    async fn forget_in(&self, name: &BundleId, gone: &Gone, numbers: &[u128], now: DateTime<Utc>) -> Result<bool, StoreError> {
        let Some(row) = self.read::<Bundle>(key::bundle(name)).await? else { return Ok(true) };
        let is_before = |number: &&u128| gone.get(number).is_some_and(|(_, until)| row.value.planned <= *until);
        let left = numbers.iter().filter(is_before).try_fold(row.value.clone(), |bundle, number| bundle.without(*number));
        if left.as_ref() == Some(&row.value) {
            return Ok(true);
        }
        let mut change = self.change();
        change.put(key::REMAINS, &Remains { at: now });
        let settled = self.read::<Settled>(key::settled(name)).await?;
        match left.and_then(|left| Some((left.id()?, left))) {
            Some((id, left)) if id == *name => {
                change.update(&row, &left);
            }
            other => {
                change.delete(&row);
                if let Some(settled) = &settled {
                    change.delete(settled);
                }
                if let Some((id, left)) = other {
                    change.insert(key::bundle(&id), &left);
                    if let Some(settled) = &settled {
                        change.insert(key::settled(&id), &settled.value);
                    }
                }
            }
        }
        match change.commit().await {
            Ok(_) => Ok(true),
            Err(error) if error.is_conflict() => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// Series and first member of the bundle at `key`.
fn place_of(key: &[u8]) -> Option<(Series, u128)> {
    let rest = std::str::from_utf8(key.strip_prefix(key::BUNDLES.as_bytes())?).ok()?;
    let (series, first) = rest.rsplit_once('/')?;
    Some((Series::parse(series)?, u128::from_str_radix(first, 16).ok()?))
}

/// The bundle there, where any of those who are gone would stand in it, and who.
fn between((series, first): &(Series, u128), next: Option<u128>, gone: &Gone) -> Option<(BundleId, Vec<u128>)> {
    let numbers: Vec<u128> = match next {
        Some(next) => gone.range(first..&next.max(*first)).map(|(number, _)| *number).collect(),
        None => gone.range(first..).map(|(number, _)| *number).collect(),
    };
    let name = BundleId::of(series, SubscriberId::from_number(*first).as_str());
    (!numbers.is_empty()).then_some((name, numbers))
}
