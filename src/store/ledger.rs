//! The ledger: who was given which notices. The bundles are the ledger; `told/` says in which series of bundles an item was
//! told of. What a bundle says of a member whose mail certainly never left (too old, refused) does not count: another
//! subscription of theirs may still tell them.
//!
//! It is read while people are gone through in the order of their identities, in which bundles and their members stand too.
//! So of each series one bundle is in memory, however many people there are.

use super::engine::{EngineError, Key, prefix_range};
use super::records::{Former, Settled};
use super::{PAGE_ROWS, Store, StoreError, key, successor};
use crate::domain::bundle::{Bundle, BundleId, Series};
use crate::domain::delivery::Position;
use crate::domain::item::ItemId;
use crate::domain::members::Members;
use crate::rules::digest::Given;
use futures::TryStreamExt;
use std::collections::{BTreeSet, VecDeque};
use std::ops::Range;

impl Store {
    /// The ledger of `items`, from the first person on. What `but`, the series being planned, gives to a person in it is left
    /// out; what it gives to somebody else counts.
    pub async fn ledger(&self, items: BTreeSet<ItemId>, but: &Series) -> Result<Ledger<'_>, StoreError> {
        let mut series = BTreeSet::from([but.clone()]);
        for item in &items {
            series.extend(self.series_that_told(item).await?);
        }
        let cursors = series.iter().filter(|series| *series != but).map(Cursor::new).collect();
        Ok(Ledger { store: self, items, cursors, series })
    }
}

impl Store {
    /// The series of bundles that tell of `item`, the earliest first.
    pub async fn series_that_told(&self, item: &ItemId) -> Result<Vec<Series>, StoreError> {
        let prefix = key::told_of(item);
        let mut series = Vec::new();
        let mut rows = self.rows::<Position>(prefix_range(&prefix));
        while let Some(row) = rows.try_next().await? {
            let name = row.key.strip_prefix(prefix.as_slice()).and_then(|name| std::str::from_utf8(name).ok());
            series.extend(name.and_then(Series::parse));
        }
        series.sort_by_key(Series::to);
        Ok(series)
    }

    /// The bundles of a series with the number of the member that each begins with, in that order.
    pub async fn bundles_in(&self, series: &Series) -> Result<Vec<(u128, BundleId)>, StoreError> {
        let mut bundles = Vec::new();
        let mut range = prefix_range(&key::bundles_of(series));
        loop {
            let page = self.engine.scan(range.clone(), PAGE_ROWS).await?;
            bundles.extend(page.iter().filter_map(|(key, _)| {
                let first = std::str::from_utf8(key).ok()?.rsplit('/').next()?;
                Some((u128::from_str_radix(first, 16).ok()?, BundleId::of(series, first)))
            }));
            match page.last() {
                Some((key, _)) if page.len() == PAGE_ROWS => range.start = successor(key),
                _ => return Ok(bundles),
            }
        }
    }
}

/// What people were given of some items. Ask for them in the order of their identities.
pub struct Ledger<'a> {
    store: &'a Store,
    items: BTreeSet<ItemId>,
    cursors: Vec<Cursor>,
    series: BTreeSet<Series>,
}

impl Ledger<'_> {
    /// Which notices of the items the person of this [number](crate::domain::subscriber::SubscriberId::number) was given in
    /// this life of theirs.
    pub async fn given(&mut self, number: u128, life: u32) -> Result<Given, StoreError> {
        let mut given = Given::new();
        for cursor in &mut self.cursors {
            cursor.go_to(self.store, &self.items, number).await?;
            for (item, position) in cursor.here.given(number, life) {
                given.entry(item.clone()).or_default().insert(*position);
            }
        }
        Ok(given)
    }

    /// Of which of them whoever [`given`](Self::given) was asked of last was told in a life of theirs before this one, from that
    /// place of the log on.
    #[must_use]
    pub fn told_before(&self, number: u128, life: u32, from: Position) -> BTreeSet<ItemId> {
        let before = self.cursors.iter().flat_map(|cursor| cursor.here.given_before(number, life));
        before.filter(|(_, position)| *position >= from).map(|(item, _)| item.clone()).collect()
    }

    /// Which of them somebody was given under an address that they had before this one.
    pub async fn given_formerly(&self, former: &Former) -> Result<Given, StoreError> {
        let mut given = self.given_to(former.id.number(), former.life).await?;
        for positions in given.values_mut() {
            positions.retain(|position| *position < former.until);
        }
        Ok(given)
    }

    /// Which of them the person of this number was given in this life, in whatever series. It is looked up out of the order, in each
    /// series anew: few move.
    pub async fn given_to(&self, number: u128, life: u32) -> Result<Given, StoreError> {
        let mut given = Given::new();
        for series in &self.series {
            let mut cursor = Cursor::new(series);
            cursor.go_to(self.store, &self.items, number).await?;
            for (item, position) in cursor.here.given(number, life) {
                given.entry(item.clone()).or_default().insert(*position);
            }
        }
        Ok(given)
    }
}

/// One series, and the bundle of it in which the person asked for would stand.
struct Cursor {
    /// What of the series has not been listed.
    range: Range<Key>,
    /// The bundles that follow: where each begins, and its key.
    next: VecDeque<(u128, Key)>,
    here: Page,
}

impl Cursor {
    fn new(series: &Series) -> Self {
        Self { range: prefix_range(&key::bundles_of(series)), next: VecDeque::new(), here: Page::default() }
    }

    async fn go_to(&mut self, store: &Store, items: &BTreeSet<ItemId>, number: u128) -> Result<(), StoreError> {
        let mut last = None;
        loop {
            if self.next.is_empty() {
                self.list(store).await?;
            }
            if self.next.front().is_none_or(|(first, _)| *first > number) {
                break;
            }
            last = self.next.pop_front().map(|(_, key)| key);
        }
        if let Some(key) = last {
            self.here = match store.read::<Bundle>(key).await? {
                Some(row) => {
                    let settled = store.read::<Settled>(key::settled_at(&row.key)).await?;
                    let not_given = settled.map(|row| row.value.not_given).unwrap_or_default();
                    Page::of(&row.value, items, &not_given)
                }
                // It went a moment ago, or stands under another name: who asks looks again, or somebody would be told twice.
                None => return Err(EngineError::Conflict { key: "a bundle of the ledger".to_owned() }.into()),
            };
        }
        Ok(())
    }

    async fn list(&mut self, store: &Store) -> Result<(), StoreError> {
        if self.range.is_empty() {
            return Ok(());
        }
        let page = store.engine.scan(self.range.clone(), PAGE_ROWS).await?;
        self.range.start = match page.last() {
            Some((key, _)) if page.len() == PAGE_ROWS => successor(key),
            _ => self.range.end.clone(),
        };
        self.next.extend(page.into_iter().filter_map(|(key, _)| {
            let first = key.rsplit(|byte| *byte == b'/').next().and_then(|digits| std::str::from_utf8(digits).ok())?;
            Some((u128::from_str_radix(first, 16).ok()?, key))
        }));
        Ok(())
    }
}

/// Of one bundle what concerns the items asked for; nothing where it told of none of them.
#[derive(Default)]
struct Page {
    members: Vec<((u128, u32), u16)>,
    groups: Vec<Vec<(ItemId, Position)>>,
}

impl Page {
    #[expect(clippy::cast_possible_truncation, reason = "a bundle names its groups and members in sixteen bits")]
    fn of(bundle: &Bundle, items: &BTreeSet<ItemId>, not_given: &Members) -> Self {
        if !bundle.all_covered().iter().any(|(item, _)| items.contains(item)) {
            return Self::default();
        }
        let of_group = |group: usize| bundle.covered(group as u16).filter(|(item, _)| items.contains(item)).cloned().collect();
        let given = bundle.members().iter().enumerate().filter(|(place, _)| !not_given.contains(*place as u16));
        let members = given.map(|(place, member)| ((member.number, bundle.life(place as u16)), member.group)).collect();
        Self { members, groups: (0..bundle.groups()).map(of_group).collect() }
    }

    fn given(&self, number: u128, life: u32) -> &[(ItemId, Position)] {
        self.given_where(number, |then| then == life)
    }

    fn given_before(&self, number: u128, life: u32) -> &[(ItemId, Position)] {
        self.given_where(number, |then| then < life)
    }

    /// What the person of this number was given, where it was in such a life.
    fn given_where(&self, number: u128, is_meant: impl Fn(u32) -> bool) -> &[(ItemId, Position)] {
        let found = self.members.binary_search_by_key(&number, |((whose, _), _)| *whose).ok();
        let found = found.and_then(|at| self.members.get(at)).filter(|((_, life), _)| is_meant(*life));
        found.and_then(|(_, group)| self.groups.get(usize::from(*group))).map(Vec::as_slice).unwrap_or_default()
    }
}
