//! A bundle: the deliveries of one window to people whose identities follow one another. What they are told stands in it
//! once, however many are told the same.
//!
//! A bundle never changes once it is made, but for who is erased. It is what is sent from, and afterwards the ledger of who
//! was given what.
//! Invariant: members stand in the order of their identities, each once.

use super::delivery::{DeliveryId, Position, Told, Window};
use super::item::ItemId;
use super::occasion::Occasion;
use super::subscriber::{Cadence, SubscriberId};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::collections::HashMap;
use std::fmt;

/// Most members of one bundle; their states then fit into one small record.
pub const MEMBERS_MAX: usize = 4096;
/// Most entries of all its groups together; a bundle in which everybody is told something else ends here.
const ENTRIES_MAX: usize = 40_000;

/// The bundles of one window: between them no two hold the same person, and each begins after the one before has ended.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Series(String);

impl Series {
    /// That of `window` at `cadence`.
    #[must_use]
    pub fn of(cadence: Cadence, window: Window) -> Self {
        Self::named(cadence.as_str(), window.to)
    }

    /// One that is no window's: `name` says what it is, `to` when it was made.
    #[must_use]
    pub fn named(name: &str, to: Position) -> Self {
        Self(format!("{name}-{:016x}", to.0))
    }

    /// As it stands in a key; `None` where that does not end in a position.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        let series = Self(raw.to_owned());
        series.to().map(|_| series)
    }

    /// Where the log stood when it was made.
    #[must_use]
    pub fn to(&self) -> Option<Position> {
        let (_, to) = self.0.rsplit_once('-')?;
        u64::from_str_radix(to, 16).ok().map(Position)
    }

    /// The word used in keys.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A part of the outbox: what is urgent does not wait behind what is not.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Lane {
    /// Letters to one person, who waits for them.
    Letter,
    /// News at this cadence.
    Digest(Cadence),
}

impl Lane {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 4] =
        [Self::Letter, Self::Digest(Cadence::Immediate), Self::Digest(Cadence::Daily), Self::Digest(Cadence::Weekly)];

    /// How many lanes are more urgent.
    #[must_use]
    pub fn rank(self) -> usize {
        Self::ALL.iter().take_while(|lane| **lane != self).count()
    }

    /// The lanes that are more urgent.
    #[must_use]
    pub fn before(self) -> &'static [Self] {
        const ALL: &[Lane] = &Lane::ALL;
        ALL.get(..self.rank()).unwrap_or_default()
    }

    /// The word used in keys.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Letter => "letter",
            Self::Digest(cadence) => cadence.as_str(),
        }
    }
}

/// A bundle's identity: its series, and 32 hexadecimal digits that order it there, those of its first member.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BundleId(String);

impl BundleId {
    /// The bundle of `series` that begins with `first`.
    #[must_use]
    pub fn of(series: &Series, first: &str) -> Self {
        Self(format!("{}/{first}", series.as_str()))
    }

    /// As it stands in a key: `<series>/<first>`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BundleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What some of its members are told, as places in the bundle's lists.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Group {
    told: Vec<u32>,
    covered: Vec<u32>,
}

/// Somebody in a bundle.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Member {
    /// Whose identity: [`SubscriberId::number`].
    pub number: u128,
    /// What they are told: a place in the bundle's groups.
    pub group: u16,
}

/// The deliveries of one window to people whose identities follow one another.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Bundle {
    /// Which cadence asked for it.
    pub cadence: Cadence,
    /// What it covers.
    pub window: Window,
    /// When the window closed.
    pub closed: DateTime<Utc>,
    /// When it was planned: the messages' `Date`.
    pub planned: DateTime<Utc>,
    /// What a letter to its one member is about; `None`: it tells news.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occasion: Option<Occasion>,
    told: Vec<Told>,
    covered: Vec<(ItemId, Position)>,
    groups: Vec<Group>,
    #[serde(serialize_with = "pack", deserialize_with = "unpack")]
    members: Vec<Member>,
    /// Members, by their places, for whom it was planned in another life of theirs than the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    lives: Vec<(u16, u32)>,
}

impl Bundle {
    /// One with nobody in it yet.
    #[must_use]
    pub fn empty(cadence: Cadence, window: Window, closed: DateTime<Utc>, planned: DateTime<Utc>) -> Self {
        let (told, covered, groups, members, lives) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { cadence, window, closed, planned, occasion: None, told, covered, groups, members, lives }
    }

    /// A letter to one person in this `life` of theirs, which became due at `at`.
    #[must_use]
    pub fn letter(to: &SubscriberId, life: u32, occasion: Occasion, at: Position, now: DateTime<Utc>) -> Self {
        let mut letter = Self::empty(Cadence::Immediate, Window { from: at, to: at }, now, now);
        letter.occasion = Some(occasion);
        letter.push(Member { number: to.number(), group: 0 }, life);
        letter
    }

    #[expect(clippy::cast_possible_truncation, reason = "a bundle ends long before its places do")]
    fn push(&mut self, member: Member, life: u32) {
        if life > 0 {
            self.lives.push((self.members.len() as u16, life));
        }
        self.members.push(member);
    }

    /// The series that it is part of.
    #[must_use]
    pub fn series(&self) -> Series {
        match self.occasion {
            Some(_) => Series::named(Lane::Letter.as_str(), self.window.to),
            None => Series::of(self.cadence, self.window),
        }
    }

    /// The part of the outbox in which it waits.
    #[must_use]
    pub fn lane(&self) -> Lane {
        if self.occasion.is_some() { Lane::Letter } else { Lane::Digest(self.cadence) }
    }

    /// Everybody in it, in the order of their identities.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// Who stands at `place`.
    #[must_use]
    pub fn member(&self, place: u16) -> Option<Member> {
        self.members.get(usize::from(place)).copied()
    }

    /// In which life of theirs it was planned for who stands at `place`: who left and came back lives another one.
    #[must_use]
    pub fn life(&self, place: u16) -> u32 {
        let found = self.lives.binary_search_by_key(&place, |(place, _)| *place).ok().and_then(|at| self.lives.get(at));
        found.map_or(0, |(_, life)| *life)
    }

    /// The delivery to the member `number`.
    #[must_use]
    pub fn delivery(&self, number: u128) -> DeliveryId {
        let subscriber = SubscriberId::from_number(number);
        match self.occasion {
            Some(occasion) => DeliveryId::of_letter(&subscriber, occasion, self.window.to),
            None => DeliveryId::of(&subscriber, self.cadence, self.window),
        }
    }

    /// What the members of `group` are told, oldest first.
    pub fn told(&self, group: u16) -> impl Iterator<Item = &Told> {
        let places = self.groups.get(usize::from(group)).map(|group| group.told.as_slice()).unwrap_or_default();
        places.iter().filter_map(|place| self.told.get(*place as usize))
    }

    /// The notices that the members of `group` are thereby given.
    pub fn covered(&self, group: u16) -> impl Iterator<Item = &(ItemId, Position)> {
        let places = self.groups.get(usize::from(group)).map(|group| group.covered.as_slice()).unwrap_or_default();
        places.iter().filter_map(|place| self.covered.get(*place as usize))
    }

    /// Every notice that it gives to anybody.
    #[must_use]
    pub fn all_covered(&self) -> &[(ItemId, Position)] {
        &self.covered
    }

    /// Its identity; `None` where nobody is in it.
    #[must_use]
    pub fn id(&self) -> Option<BundleId> {
        let first = self.members.first()?;
        Some(BundleId::of(&self.series(), SubscriberId::from_number(first.number).as_str()))
    }

    /// The same with nobody of this number, for when they are erased: where they stood stands a number beside a neighbour's,
    /// which is nobody's, so that places go on to mean the others. `None` where there are no others.
    #[must_use]
    pub fn without(mut self, number: u128) -> Option<Self> {
        let Ok(at) = self.members.binary_search_by_key(&number, |member| member.number) else { return Some(self) };
        let before = at.checked_sub(1).and_then(|at| self.members.get(at)).map(|member| member.number);
        let after = self.members.get(at + 1).map(|member| member.number);
        if before.is_none() && after.is_none() {
            return None;
        }
        // Identities are hashes: there is room between two of them.
        let stand_in = match after {
            Some(after) => after.checked_sub(1).filter(|beside| before.is_none_or(|before| before < *beside)),
            None => before.and_then(|before| before.checked_add(1)),
        };
        if let (Some(member), Some(stand_in)) = (self.members.get_mut(at), stand_in) {
            member.number = stand_in;
        }
        Some(self)
    }

    /// How many groups its members are in.
    #[must_use]
    pub fn groups(&self) -> usize {
        self.groups.len()
    }
}

/// A bundle in the making: people are added in the order of their identities.
#[derive(Debug)]
pub struct Draft {
    empty: Bundle,
    bundle: Bundle,
    told: HashMap<Told, u32>,
    covered: HashMap<(ItemId, Position), u32>,
    groups: HashMap<u64, u16>,
    entries: usize,
}

impl Draft {
    /// Bundles like `empty`.
    #[must_use]
    pub fn new(empty: Bundle) -> Self {
        let bundle = empty.clone();
        Self { empty, bundle, told: HashMap::new(), covered: HashMap::new(), groups: HashMap::new(), entries: 0 }
    }

    /// Adds a member in this `life` of theirs, who is told `told` and thereby given `covered`. Who is told the same has the
    /// same `share`.
    pub fn add(&mut self, (number, life): (u128, u32), share: u64, told: &[Told], covered: &[(ItemId, Position)]) {
        let group = match self.groups.get(&share) {
            Some(group) => *group,
            None => self.new_group(share, told, covered),
        };
        self.bundle.push(Member { number, group }, life);
    }

    #[expect(clippy::cast_possible_truncation, reason = "a bundle ends long before either number does")]
    fn new_group(&mut self, share: u64, told: &[Told], covered: &[(ItemId, Position)]) -> u16 {
        let mut group = Group { told: Vec::with_capacity(told.len()), covered: Vec::with_capacity(covered.len()) };
        for told in told {
            let next = self.bundle.told.len() as u32;
            let place = *self.told.entry(told.clone()).or_insert(next);
            if place == next {
                self.bundle.told.push(told.clone());
            }
            group.told.push(place);
        }
        for covered in covered {
            let next = self.bundle.covered.len() as u32;
            let place = *self.covered.entry(covered.clone()).or_insert(next);
            if place == next {
                self.bundle.covered.push(covered.clone());
            }
            group.covered.push(place);
        }
        self.entries += told.len() + covered.len();
        let place = self.bundle.groups.len() as u16;
        self.bundle.groups.push(group);
        self.groups.insert(share, place);
        place
    }

    /// Whether it ends here: it has `members_max` members, or says too much.
    #[must_use]
    pub fn is_full(&self, members_max: usize) -> bool {
        self.bundle.members.len() >= members_max.clamp(1, MEMBERS_MAX) || self.entries >= ENTRIES_MAX
    }

    /// The bundle so far, where anybody is in it; the next one begins.
    pub fn take(&mut self) -> Option<Bundle> {
        let next = Self::new(self.empty.clone());
        let Self { bundle, .. } = std::mem::replace(self, next);
        (!bundle.members.is_empty()).then_some(bundle)
    }
}

/// Bytes of a member: the identity, then the group, both big-endian.
const MEMBER_BYTES: usize = 16 + 2;

fn pack<S: Serializer>(members: &[Member], serializer: S) -> Result<S::Ok, S::Error> {
    let mut bytes = Vec::with_capacity(members.len() * MEMBER_BYTES);
    for member in members {
        bytes.extend(member.number.to_be_bytes());
        bytes.extend(member.group.to_be_bytes());
    }
    serializer.serialize_str(&STANDARD_NO_PAD.encode(bytes))
}

fn unpack<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Member>, D::Error> {
    let bytes = STANDARD_NO_PAD.decode(String::deserialize(deserializer)?).map_err(de::Error::custom)?;
    let (members, rest) = bytes.as_chunks::<MEMBER_BYTES>();
    if !rest.is_empty() || members.len() > MEMBERS_MAX {
        return Err(de::Error::custom("the members of a bundle do not read"));
    }
    Ok(members
        .iter()
        .map(|[number @ .., high, low]| Member { number: u128::from_be_bytes(*number), group: u16::from_be_bytes([*high, *low]) })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::item::Change;
    use crate::domain::source::SourceId;

    fn told(key: &str) -> (Told, (ItemId, Position)) {
        let source = SourceId::parse("blog").unwrap();
        let item = ItemId::of(&source, key);
        let position = Position(7);
        (Told { change: Change::New, item: item.clone(), source, revision: 1, previous: None, position }, (item, position))
    }

    fn draft() -> Draft {
        let window = Window { from: Position(1), to: Position(9) };
        Draft::new(Bundle::empty(Cadence::Daily, window, DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH))
    }

    #[test]
    fn what_many_are_told_stands_in_it_once() {
        let mut draft = draft();
        let (a, b) = (told("a"), told("b"));
        for number in 0..4096_u32 {
            let both = number % 2 == 0;
            let told = if both { vec![a.0.clone(), b.0.clone()] } else { vec![b.0.clone()] };
            let covered = if both { vec![a.1.clone(), b.1.clone()] } else { vec![b.1.clone()] };
            assert!(!draft.is_full(MEMBERS_MAX));
            draft.add((u128::from(number), number % 3), u64::from(both), &told, &covered);
        }
        assert!(draft.is_full(MEMBERS_MAX) && draft.is_full(usize::MAX));
        let bundle = draft.take().unwrap();
        assert!(draft.take().is_none());
        assert_eq!((bundle.groups(), bundle.told.len(), bundle.all_covered().len()), (2, 2, 2));
        let third = bundle.member(3).unwrap();
        assert_eq!([0, 1, 2, 3, 4095].map(|place| bundle.life(place)), [0, 1, 2, 0, 0], "4095 is a third, too");
        assert_eq!(bundle.told(third.group).collect::<Vec<_>>(), [&b.0]);
        assert_eq!(bundle.covered(bundle.member(2).unwrap().group).collect::<Vec<_>>(), [&a.1, &b.1]);
        let json = serde_json::to_string(&bundle).unwrap();
        assert!(json.len() < 4096 * 24 + 2731 * 9 + 2000, "{}", json.len());
        assert_eq!(serde_json::from_str::<Bundle>(&json).unwrap(), bundle);
    }

    #[test]
    fn who_is_erased_from_a_bundle_leaves_the_others_where_they_stood() {
        let mut draft = draft();
        let (one, other) = (told("a"), told("b"));
        for (number, share, told) in [(100, 0, &one), (200, 1, &other), (300, 0, &one)] {
            draft.add((number, 0), share, std::slice::from_ref(&told.0), std::slice::from_ref(&told.1));
        }
        let bundle = draft.take().unwrap();
        for (gone, expect) in [(100, [199, 200, 300]), (200, [100, 299, 300]), (300, [100, 200, 201]), (7, [100, 200, 300])] {
            let left = bundle.clone().without(gone).unwrap();
            assert_eq!(left.members().iter().map(|member| member.number).collect::<Vec<_>>(), expect, "{gone}");
            let groups = |bundle: &Bundle| bundle.members().iter().map(|member| member.group).collect::<Vec<_>>();
            assert_eq!(groups(&left), groups(&bundle));
        }
        let first = bundle.without(100).unwrap().id().unwrap();
        assert!(first.as_str().ends_with(SubscriberId::from_number(199).as_str()), "{first}");
        draft.add((1, 0), 0, &[], &[]);
        assert!(draft.take().unwrap().without(1).is_none());
    }

    #[test]
    fn a_bundle_in_which_everybody_is_told_something_else_ends_before_it_is_too_large() {
        let mut draft = draft();
        let many: Vec<_> = (0..1000).map(|n| told(&n.to_string())).collect();
        let mut members = 0;
        while !draft.is_full(MEMBERS_MAX) {
            let (told, covered): (Vec<_>, Vec<_>) = many.iter().skip(members % 7).cloned().unzip();
            draft.add((members as u128, 0), members as u64, &told, &covered);
            members += 1;
        }
        assert!((15..30).contains(&members), "{members}");
        assert!(serde_json::to_vec(&draft.take().unwrap()).unwrap().len() < 1_000_000);
    }

    #[test]
    fn a_bundle_that_was_cut_does_not_read() {
        let mut draft = draft();
        draft.add((1, 0), 0, &[], &[]);
        let json = serde_json::to_value(draft.take().unwrap()).unwrap();
        let mut cut = json.clone();
        cut["members"] = "AAAA".into();
        assert!(serde_json::from_value::<Bundle>(json).is_ok());
        assert!(serde_json::from_value::<Bundle>(cut).is_err());
    }

    #[test]
    fn a_series_reads_as_it_was_written() {
        let series = Series::of(Cadence::Weekly, Window { from: Position(0), to: Position(0x1234) });
        assert_eq!(series.as_str(), "weekly-0000000000001234");
        assert_eq!(Series::parse(series.as_str()), Some(series.clone()));
        assert_eq!(series.to(), Some(Position(0x1234)));
        assert_eq!(Series::parse("weekly"), None);
    }
}
