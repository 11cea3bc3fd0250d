//! What an earlier boardwatch wrote, brought into today's form before anything else is done with the store: one row a
//! delivery (`out/<not before>/<delivery>`) becomes portions of bundles, and the ledger's one row a person and notice
//! (`given/<subscriber>/<item>/<position>`) becomes bundles too.
//!
//! Each commit takes a page of old rows out and puts what they say in. So a stop between two of them leaves fewer old rows,
//! and the next start goes on with those.

use super::engine::{Key, prefix_range};
use super::record::Record;
use super::records::{Claim, Portion};
use super::{Row, Store, StoreError, key};
use crate::domain::bundle::{Bundle, BundleId, Draft, Series};
use crate::domain::delivery::{DeliveryId, Position, Told, Window};
use crate::domain::item::ItemId;
use crate::domain::members::Members;
use crate::domain::subscriber::{Cadence, SubscriberId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;

/// Old deliveries moved in one commit.
const DELIVERIES: usize = 200;
/// Old ledger entries moved in one commit, unless one person has more.
const ENTRIES: usize = 1_000;
const GIVEN: &str = "given/";

/// One delivery that is not settled.
#[derive(Serialize, Deserialize)]
struct OldDelivery {
    id: DeliveryId,
    subscriber: SubscriberId,
    cadence: Cadence,
    window: Window,
    told: Vec<Told>,
    planned: DateTime<Utc>,
    attempts: u32,
    not_before: DateTime<Utc>,
    #[serde(default)]
    claim: Option<Claim>,
    #[serde(default)]
    last_reply: Option<String>,
}

impl Record for OldDelivery {
    const KIND: &'static str = "delivery";
    const SCHEMA: u8 = 1;
}

impl Store {
    /// Brings an earlier program's rows into today's form. Answers how many there were; a second time there are none.
    pub async fn migrate(&self) -> Result<usize, StoreError> {
        let here = self.log_end().await?;
        let mut moved = 0;
        loop {
            let rows = self.scan::<OldDelivery>(old_deliveries(), DELIVERIES).await?;
            if rows.is_empty() {
                break;
            }
            moved += rows.len();
            self.move_deliveries(rows, &Series::named("moved", here)).await?;
        }
        let mut limit = ENTRIES;
        loop {
            let mut rows = self.scan::<Position>(prefix_range(GIVEN.as_bytes()), limit).await?;
            if rows.is_empty() {
                break;
            }
            if rows.len() == limit {
                // The last person's rows may go on: they are for the next commit, unless they are all there is.
                let last = rows.last().and_then(|row| whose(&row.key));
                let before = rows.iter().take_while(|row| whose(&row.key) != last).count();
                if before == 0 {
                    limit *= 2;
                    continue;
                }
                rows.truncate(before);
            }
            moved += rows.len();
            self.move_ledger(&rows, here).await?;
        }
        if moved > 0 {
            tracing::info!(rows = moved, "the outbox and its ledger have been brought into today's form");
        }
        Ok(moved)
    }

    async fn move_deliveries(&self, rows: Vec<Row<OldDelivery>>, series: &Series) -> Result<(), StoreError> {
        let mut change = self.change();
        let mut alike: BTreeMap<_, Vec<OldDelivery>> = BTreeMap::new();
        for row in rows {
            change.delete(&row);
            let of = &row.value;
            alike.entry((of.cadence, of.window.from, of.window.to, of.planned)).or_default().push(row.value);
        }
        for ((cadence, from, to, planned), mut deliveries) in alike {
            deliveries.sort_by(|a, b| a.subscriber.cmp(&b.subscriber));
            let mut draft = Draft::new(Bundle::empty(cadence, Window { from, to }, planned, planned));
            let mut shares = Shares::default();
            for delivery in &deliveries {
                draft.add((delivery.subscriber.number(), 0), shares.of(&delivery.told), &delivery.told, &[]);
            }
            let (Some(bundle), Some(first)) = (draft.take(), deliveries.first()) else { continue };
            let id = BundleId::of(series, first.id.as_str());
            change.insert(key::bundle(&id), &bundle);
            let mut portions: BTreeMap<Key, Portion> = BTreeMap::new();
            for (place, delivery) in (0..).zip(deliveries) {
                let portion = Portion {
                    bundle: id.clone(),
                    cadence,
                    is_letter: false,
                    planned,
                    members: Members::from_iter([place]),
                    attempts: delivery.attempts,
                    not_before: delivery.not_before,
                    claim: delivery.claim,
                    last_reply: delivery.last_reply,
                    doubted: None,
                    may_have_come: false,
                    waits_at: None,
                };
                let wait = serde_json::to_vec(&Portion { members: Members::default(), ..portion.clone() }).unwrap_or_default();
                portions.entry(wait).or_insert(portion).members.insert(place);
            }
            for portion in portions.values() {
                change.insert(portion.key(), portion);
            }
        }
        change.commit().await.map(|_| ())
    }

    async fn move_ledger(&self, rows: &[Row<Position>], here: Position) -> Result<(), StoreError> {
        let mut change = self.change();
        let mut people: BTreeMap<u128, Vec<(ItemId, Position)>> = BTreeMap::new();
        let series = Series::named("earlier", here);
        for row in rows {
            change.delete(row);
            let Some((number, item)) = entry(&row.key) else { continue };
            change.put(key::told(&item, &series), &here);
            people.entry(number).or_default().push((item, row.value));
        }
        let window = Window { from: Position(0), to: here };
        let mut draft = Draft::new(Bundle::empty(Cadence::Immediate, window, here.moment(), here.moment()));
        let mut shares = Shares::default();
        for (number, given) in &people {
            draft.add((*number, 0), shares.of(given), &[], given);
        }
        if let (Some(bundle), Some((first, _))) = (draft.take(), people.first_key_value()) {
            change.insert(key::bundle(&BundleId::of(&series, SubscriberId::from_number(*first).as_str())), &bundle);
        }
        change.commit().await.map(|_| ())
    }
}

/// Numbers for what people share.
struct Shares<'a, T>(BTreeMap<&'a [T], u64>);

impl<T> Default for Shares<'_, T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<'a, T: Ord> Shares<'a, T> {
    fn of(&mut self, share: &'a [T]) -> u64 {
        let next = self.0.len() as u64;
        *self.0.entry(share).or_insert(next)
    }
}

/// Old keys go on with a time in sixteen digits, today's with a cadence.
fn old_deliveries() -> Range<Key> {
    b"out/0".to_vec()..b"out/:".to_vec()
}

fn whose(key: &[u8]) -> Option<&[u8]> {
    key.strip_prefix(GIVEN.as_bytes())?.get(..32)
}

fn entry(key: &[u8]) -> Option<(u128, ItemId)> {
    let mut parts = std::str::from_utf8(key).ok()?.strip_prefix(GIVEN)?.split('/');
    let number = u128::from_str_radix(parts.next()?, 16).ok()?;
    Some((number, ItemId::parse(parts.next()?)?))
}

#[cfg(test)]
mod tests;
