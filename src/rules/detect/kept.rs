//! What of a reading is kept back where the known items all read otherwise: those items, and nothing else. What is new beside them
//! is news, and so is what one of them comes to say later than the others, while a person has not yet looked.
//!
//! Each item is remembered as it read when it was kept back. As long as it reads so, it stays there, however few are left.
//!
//! A page that has fallen silent beside the items on it is kept back by itself: its words may be on their way, and the items are there.

use super::{Alarm, Difference, Known, Oddity, Reading, Seen, Sign, brakes, difference};
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
        _ if is_silent(seen) => true,
        (None, None) => false,
        (Some(_), None) => true,
        (alarm, Some(held)) => seen.fingerprint() == Some(held) || alarm.is_some() && !is_one_s_own,
    };
    revised.iter().filter(is_kept).map(|seen| seen.key.to_owned()).collect()
}

/// Why what is kept back is, where nothing else looks wrong.
pub(super) fn why(known: &HashMap<&str, &Known<'_>>, reading: &Reading<'_>, kept: &HashSet<String>) -> Option<Alarm> {
    let is_new = |seen: &&Seen<'_>| known.get(seen.key).is_some_and(|known| known.held.is_none());
    if let Some(page) = reading.seen.iter().find(|seen| is_silent(seen) && kept.contains(seen.key)).filter(is_new) {
        let sign = Sign { key: page.key.to_owned(), what: Oddity::Reworded };
        return Some(Alarm { examples: vec![sign], ..Alarm::of(SILENT.to_owned()) });
    }
    match kept.len() {
        0 => None,
        1 => Some(Alarm::of("1 known item still reads otherwise, as it did when it was held".to_owned())),
        many => Some(Alarm::of(format!("{many} known items still read otherwise, as they did when they were held"))),
    }
}

/// Said of a page that has fallen silent.
const SILENT: &str = "what the page said beside what it lists is gone";

fn is_silent(seen: &Seen<'_>) -> bool {
    seen.is_page && seen.is_another
}

impl Seen<'_> {
    fn fingerprint(&self) -> Option<&Fingerprint> {
        if let super::Content::Read { fingerprint, .. } = self.content { Some(fingerprint) } else { None }
    }
}
