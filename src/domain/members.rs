//! A set of members of a bundle, by their places: a bit each, so that who is still to be mailed fits into a small record
//! however large the bundle is.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// Places of a bundle's members. Prints, and is kept, as base64 of the bits without the zero bytes at their end.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Members(Vec<u8>);

impl Members {
    /// The first `count` places.
    #[must_use]
    pub fn first_of(count: usize) -> Self {
        let mut bits = vec![u8::MAX; count / 8];
        if !count.is_multiple_of(8) {
            bits.push((1 << (count % 8)) - 1);
        }
        Self(bits)
    }

    /// Whether `place` is among them.
    #[must_use]
    pub fn contains(&self, place: u16) -> bool {
        self.0.get(usize::from(place) / 8).is_some_and(|byte| byte & bit(place) != 0)
    }

    /// Adds `place`.
    pub fn insert(&mut self, place: u16) {
        let at = usize::from(place) / 8;
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        if let Some(byte) = self.0.get_mut(at) {
            *byte |= bit(place);
        }
    }

    /// Takes `place` out. Answers whether it was there.
    pub fn remove(&mut self, place: u16) -> bool {
        let was = self.contains(place);
        if let Some(byte) = self.0.get_mut(usize::from(place) / 8) {
            *byte &= !bit(place);
        }
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
        was
    }

    /// The places of both.
    #[must_use]
    pub fn or(mut self, other: &Self) -> Self {
        for place in other.iter() {
            self.insert(place);
        }
        self
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.iter().map(|byte| byte.count_ones() as usize).sum()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|byte| *byte == 0)
    }

    /// The places, the lowest first.
    pub fn iter(&self) -> impl Iterator<Item = u16> + '_ {
        (0..=u16::MAX).take(self.0.len() * 8).filter(|place| self.contains(*place))
    }

    /// The lowest place.
    #[must_use]
    pub fn lowest(&self) -> Option<u16> {
        self.iter().next()
    }

    /// Takes the `count` lowest places out and answers with them.
    #[must_use]
    pub fn split_off_lowest(&mut self, count: usize) -> Self {
        let taken: Self = self.iter().take(count).collect();
        for place in taken.iter() {
            self.remove(place);
        }
        taken
    }
}

fn bit(place: u16) -> u8 {
    1 << (place % 8)
}

impl FromIterator<u16> for Members {
    fn from_iter<I: IntoIterator<Item = u16>>(places: I) -> Self {
        let mut all = Self::default();
        for place in places {
            all.insert(place);
        }
        all
    }
}

impl fmt::Display for Members {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD_NO_PAD.encode(&self.0))
    }
}

impl fmt::Debug for Members {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut bits = STANDARD_NO_PAD.decode(String::deserialize(deserializer)?).map_err(de::Error::custom)?;
        while bits.last() == Some(&0) {
            bits.pop();
        }
        Ok(Self(bits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_whole_bundle_takes_seven_hundred_characters() {
        for count in [0, 1, 7, 8, 9, 4096] {
            let all = Members::first_of(count);
            assert_eq!(all.len(), count);
            assert_eq!(all.iter().map(usize::from).collect::<Vec<_>>(), (0..count).collect::<Vec<_>>());
        }
        assert!(serde_json::to_string(&Members::first_of(4096)).unwrap().len() < 700);
    }

    proptest! {
        #[test]
        fn it_holds_what_was_put_in_and_not_taken_out(
            put in prop::collection::vec(0u16..5000, 0..60), taken in prop::collection::vec(0u16..5000, 0..60), lowest in 0usize..80,
        ) {
            let mut model: BTreeSet<u16> = put.iter().copied().collect();
            let mut set: Members = put.into_iter().collect();
            for place in taken {
                prop_assert_eq!(set.remove(place), model.remove(&place));
            }
            let json = serde_json::to_string(&set).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Members>(&json).unwrap(), &set);
            prop_assert_eq!(set.len(), model.len());
            prop_assert_eq!(set.is_empty(), model.is_empty());
            prop_assert_eq!(set.iter().collect::<Vec<_>>(), model.iter().copied().collect::<Vec<_>>());
            let first = set.split_off_lowest(lowest);
            prop_assert_eq!(first.iter().collect::<Vec<_>>(), model.iter().copied().take(lowest).collect::<Vec<_>>());
            prop_assert_eq!(set.iter().collect::<Vec<_>>(), model.iter().copied().skip(lowest).collect::<Vec<_>>());
        }
    }
}
