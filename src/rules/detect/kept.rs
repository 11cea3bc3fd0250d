//! What of a reading is kept back where the known items all read otherwise: those items, and nothing else. What is new beside them
//! is news, and so is what one of them comes to say later than the others, while a person has not yet looked.
//!
//! Each item is remembered as it read when it was kept back. As long as it reads so, it stays there, however few are left.

use super::{Alarm, Difference, Known, Reading, Seen, brakes, difference};
use crate::domain::item::Fingerprint;
use std::collections::{HashMap, HashSet};

/// The keys of the items that are kept back; `alarm`: what looks wrong about the reading, where anything does.
pub(super) fn back(known: &HashMap<&str, &Known<'_>>, reading: &Reading<'_>, alarm: Option<&Alarm>) -> HashSet<String> {
    let read_otherwise = |seen: &&Seen<'_>| known.get(seen.key).is_some_and(|k| difference(k, seen) == Some(Difference::Theirs));
    let revised: Vec<&Seen<'_>> = reading.seen.iter().filter(read_otherwise).collect();
    let then = |seen: &Seen<'_>| known.get(seen.key).and_then(|known| known.held);
    let is_as_then = |seen: &&&Seen<'_>| then(seen).is_some_and(|held| seen.fingerprint() == Some(held));
    let same = revised.iter().filter(is_as_then).count();
    let moved = revised.iter().filter(|seen| then(seen).is_some()).count() - same;
    // A page that is still being rebuilt, or is another at each visit, says nothing of any one item.
    let is_one_s_own = same > 0 && !(moved >= brakes::PATTERN_MIN && brakes::nearly_all(moved, moved + same));
    let is_kept = |seen: &&&Seen<'_>| match (alarm, then(seen)) {
        (None, None) => false,
        (Some(_), None) => true,
        (alarm, Some(held)) => seen.fingerprint() == Some(held) || alarm.is_some() && !is_one_s_own,
    };
    revised.iter().filter(is_kept).map(|seen| seen.key.to_owned()).collect()
}

/// Why what is kept back is, where nothing else looks wrong.
pub(super) fn still(kept: usize) -> String {
    match kept {
        1 => "1 known item still reads otherwise, as it did when it was held".to_owned(),
        _ => format!("{kept} known items still read otherwise, as they did when they were held"),
    }
}

impl Seen<'_> {
    fn fingerprint(&self) -> Option<&Fingerprint> {
        if let super::Content::Read { fingerprint, .. } = self.content { Some(fingerprint) } else { None }
    }
}
