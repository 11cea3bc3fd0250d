//! Which items are gone, and not just pushed off a listing's end.
//!
//! Only a listing that shows everything says so of each. One that runs from new to old is believed of what is newer than its
//! last entry. In one without such an order, what stood there is gone where nothing came that could have pushed it off: what
//! stood between others that still stand, and the newest of all wherever it stood. Where its place tells nothing, the item's own
//! page does, once it is not found any more: of what is still to come, or was put out lately, since what has grown old is
//! cleared away with its page.

use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// An item put out longer ago than this has grown old.
const LATELY: TimeDelta = TimeDelta::days(60);

/// Whether a page that is not found tells of its item that it was taken down `today`, and not cleared away: `stood`: whether the
/// list showed it when that was read last.
#[must_use]
pub fn is_taken_down(published: Option<NaiveDate>, meets: Option<NaiveDate>, stood: bool, today: NaiveDate) -> bool {
    match (meets, published) {
        (Some(meets), _) => meets >= today,
        (None, Some(published)) => today - published <= LATELY,
        (None, None) => stood,
    }
}

/// Entries whose places are remembered.
const ORDER_MAX: usize = 100;

/// The order in which a listing showed its first entries: of each key so much of a hash as tells them apart.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Order(Vec<u32>);

impl Order {
    fn of(entries: &[(&str, Option<NaiveDate>)]) -> Self {
        Self(entries.iter().take(ORDER_MAX).map(|(key, _)| mark(key)).collect())
    }

    /// Whether none is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn mark(key: &str) -> u32 {
    let hash = *blake3::hash(key.as_bytes()).as_bytes();
    hash.first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes))
}

/// Which items a listing would show if they were still published.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gone {
    evidence: Evidence,
    order: Order,
    not_found: HashSet<u32>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Evidence {
    /// It shows everything that the source publishes, by its own count or by its nature.
    Everything,
    /// It runs from new to old, and ends at this date; what it ended in before may be gone.
    EndsAt(NaiveDate, HashSet<u32>),
    /// Only where its entries stood tells anything.
    Places(Places),
    /// It breaks off somewhere: what it does not show may stand behind that.
    Nothing,
    /// It is as it was: what it did not show then it does not show now.
    AsBefore,
}

/// What became of the entries that stood in a listing before.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Places {
    /// Most of them stand as they stood, and nothing came between or before them.
    is_calm: bool,
    /// Not there any more, though those before and after them are.
    between: HashSet<u32>,
    /// Not there any more, and they were the first or the last.
    at_an_edge: HashSet<u32>,
    /// All that stood there, where nothing of it is there any more.
    all_gone: HashSet<u32>,
    oldest: Option<NaiveDate>,
    newest: Option<NaiveDate>,
}

impl Gone {
    /// Of a listing that shows these `entries`, each with its date, and showed its entries in that order `before`.
    #[must_use]
    pub fn of(is_complete: bool, entries: &[(&str, Option<NaiveDate>)], before: &Order) -> Self {
        let dates: Vec<NaiveDate> = entries.iter().filter_map(|(_, date)| *date).collect();
        if is_complete {
            return Self { evidence: Evidence::Everything, order: Order::default(), not_found: HashSet::new() };
        }
        if let Some(end) = end_of(&dates) {
            return Self { evidence: Evidence::EndsAt(end, HashSet::new()), order: Order::default(), not_found: HashSet::new() };
        }
        let (oldest, newest) = (dates.iter().min().copied(), dates.iter().max().copied());
        let places = Places { oldest, newest, ..Places::of(entries, before) };
        Self { evidence: Evidence::Places(places), order: Order::of(entries), not_found: HashSet::new() }
    }

    /// Of a listing that has not changed since it showed its entries in that order.
    #[must_use]
    pub fn as_before(order: &Order) -> Self {
        Self { evidence: Evidence::AsBefore, order: order.clone(), not_found: HashSet::new() }
    }

    /// Of a listing of which only the beginning came.
    #[must_use]
    pub fn unseen(order: &Order) -> Self {
        Self { evidence: Evidence::Nothing, order: order.clone(), not_found: HashSet::new() }
    }

    /// Of a listing of one page that runs from new to old: what it has dropped, where it has become shorter, so that not all of that
    /// can have been pushed off.
    pub fn note_dropped(&mut self, entries: &[(&str, Option<NaiveDate>)], before: &Order) {
        let Evidence::EndsAt(_, dropped) = &mut self.evidence else { return };
        self.order = Order::of(entries);
        let now: HashSet<u32> = entries.iter().map(|(key, _)| mark(key)).collect();
        let is_shorter = now.len() < before.0.len();
        dropped.extend(before.0.iter().filter(|entry| is_shorter && !now.contains(entry)));
    }

    /// Notes an item whose own page is not found, and that is not among what the listing shows.
    pub fn note_not_found(&mut self, key: &str) {
        self.not_found.insert(mark(key));
    }

    /// Whether that was noted of it.
    #[must_use]
    pub fn is_not_found(&self, key: &str) -> bool {
        self.not_found.contains(&mark(key))
    }

    /// What the next reading has to go by.
    #[must_use]
    pub fn order(&self) -> &Order {
        &self.order
    }

    /// Whether an item that is not among what the listing shows is gone; so many readings missed it already.
    #[must_use]
    pub fn is_so(&self, key: &str, published: Option<NaiveDate>, misses: u32) -> bool {
        match &self.evidence {
            Evidence::Nothing => false,
            _ if self.is_not_found(key) => true,
            Evidence::Everything => true,
            Evidence::EndsAt(end, _) => published.is_some_and(|date| date > *end),
            Evidence::Places(places) => places.miss(mark(key), published, misses > 0),
            Evidence::AsBefore => misses > 0,
        }
    }

    /// Whether an item that is not among what the listing shows may stand there under another address: it is gone, or it was
    /// the last, or everything that stood there is gone at once.
    #[must_use]
    pub fn may_be_renamed(&self, key: &str, published: Option<NaiveDate>, misses: u32) -> bool {
        let has_left = match &self.evidence {
            Evidence::EndsAt(end, _) => published == Some(*end),
            Evidence::Places(places) => places.all_gone.contains(&mark(key)),
            Evidence::Everything | Evidence::AsBefore | Evidence::Nothing => false,
        };
        has_left || self.is_so(key, published, misses)
    }
}

impl Gone {
    /// Whether an item stood on the listing when that was read last, and stands there no more, for whatever reason; where the order of
    /// its entries is remembered.
    #[must_use]
    pub fn has_left_its_place(&self, key: &str) -> bool {
        match &self.evidence {
            Evidence::Places(Places { between, at_an_edge, all_gone, .. }) => {
                [between, at_an_edge, all_gone].into_iter().any(|left| left.contains(&mark(key)))
            }
            Evidence::EndsAt(_, dropped) => dropped.contains(&mark(key)),
            Evidence::Everything | Evidence::AsBefore | Evidence::Nothing => false,
        }
    }
}

impl Places {
    fn of(entries: &[(&str, Option<NaiveDate>)], before: &Order) -> Self {
        let mut now: HashMap<u32, usize> = HashMap::new();
        for (place, (key, _)) in entries.iter().enumerate() {
            now.entry(mark(key)).or_insert(place);
        }
        let stood: HashSet<u32> = before.0.iter().copied().collect();
        let stands = |entry: &u32| now.get(entry).copied();
        let standing: Vec<usize> = before.0.iter().filter_map(stands).collect();
        let is_kept = standing.is_sorted() && standing.len() * 2 >= before.0.len();
        let has_come =
            now.iter().any(|(entry, place)| !stood.contains(entry) && standing.last().is_some_and(|last| place < last));
        let is_there = |entry: &u32| now.contains_key(entry);
        let (Some(first), Some(last)) = (before.0.iter().position(is_there), before.0.iter().rposition(is_there)) else {
            return Self { all_gone: stood, ..Self::default() };
        };
        let missing = before.0.iter().enumerate().filter(|(_, entry)| !is_there(entry));
        let (between, at_an_edge) = missing.partition::<Vec<_>, _>(|(place, _)| (first..last).contains(place));
        let marks = |of: Vec<(usize, &u32)>| of.into_iter().map(|(_, entry)| *entry).collect();
        Self { is_calm: is_kept && !has_come, between: marks(between), at_an_edge: marks(at_an_edge), ..Self::default() }
    }

    /// Whether its place shows that an item is gone.
    fn miss(&self, entry: u32, published: Option<NaiveDate>, was_missed: bool) -> bool {
        // What has grown old leaves many a listing, from wherever it stood.
        let is_old = published.zip(self.oldest).is_some_and(|(date, oldest)| date <= oldest);
        let is_newest = published.zip(self.newest).is_some_and(|(date, newest)| date >= newest);
        let is_missed = was_missed || self.between.contains(&entry) || (is_newest && self.at_an_edge.contains(&entry));
        self.is_calm && !is_old && is_missed
    }
}

/// The date at which a newest-first listing ends, but for old items that are pinned to its top: the oldest date would make
/// everything that such a listing pushes off its end look withdrawn. `None` where it does not run from new to old.
fn end_of(dates: &[NaiveDate]) -> Option<NaiveDate> {
    let backwards = || dates.iter().rev();
    let descending = 1 + backwards().zip(backwards().skip(1)).take_while(|(later, earlier)| later <= earlier).count();
    (dates.len() < 2 || (descending >= 2 && descending * 2 >= dates.len())).then(|| dates.last().copied()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Entries "a7": key, and day of January 2021; "a": no day.
    fn entries<'a>(listing: &[&'a str]) -> Vec<(&'a str, Option<NaiveDate>)> {
        let day = |entry: &str| entry[1..].parse().ok().and_then(|day| NaiveDate::from_ymd_opt(2021, 1, day));
        listing.iter().map(|entry| (&entry[..1], day(entry))).collect()
    }

    /// Whether `item` is gone where a listing showed `before`, and shows `now`.
    fn is_gone(before: &[&str], now: &[&str], item: &str, misses: u32) -> bool {
        let gone = Gone::of(false, &entries(now), &Order::of(&entries(before)));
        let (key, published) = entries(&[item])[0];
        gone.is_so(key, published, misses)
    }

    #[test]
    fn what_may_stand_there_under_another_address_is_what_is_gone_the_last_and_all_at_once() {
        let may = |before: &[&str], now: &[&str], item: &str| {
            let gone = Gone::of(false, &entries(now), &Order::of(&entries(before)));
            let (key, published) = entries(&[item])[0];
            gone.may_be_renamed(key, published, 0)
        };
        let dated = ["a9", "b7", "c5"];
        assert!(may(&dated, &["d9", "e7", "f5"], "a9") && may(&dated, &["d9", "e7", "f5"], "c5"));
        assert!(!may(&dated, &["d10", "a9", "b7"], "c5"), "pushed off");
        assert!(may(&["a", "b"], &["c", "d"], "b"));
        assert!(!may(&["a", "b"], &["c", "a"], "b"));
    }

    #[test]
    fn what_stood_between_others_that_still_stand_is_gone() {
        assert!(is_gone(&["a3", "b9", "c5", "d7"], &["a3", "c5", "d7"], "b9", 0));
        assert!(is_gone(&["a", "b", "c", "d"], &["a", "c", "d"], "b", 0));
        assert!(is_gone(&["a", "b", "c", "d"], &["a", "c", "d", "e"], "b", 0), "an older one took the free place at the end");
    }

    #[test]
    fn the_newest_is_gone_wherever_it_stood() {
        assert!(is_gone(&["a2", "b3", "c9"], &["a2", "b3"], "c9", 0));
        assert!(is_gone(&["c9", "a2", "b3"], &["a2", "b3"], "c9", 0));
    }

    #[test]
    fn what_could_have_been_pushed_off_or_grown_old_is_not() {
        for (before, now, item) in [
            (vec!["a9", "b3", "c5", "d7"], vec!["a9", "b3", "c5"], "d7"),
            (vec!["a", "b", "c"], vec!["b", "c"], "a"),
            (vec!["a", "b", "c"], vec!["a", "b"], "c"),
            (vec!["a3", "b9", "c5", "d7"], vec!["e8", "a3", "c5", "d7"], "b9"),
            (vec!["a5", "b2", "c4", "d7"], vec!["a5", "c4", "d7"], "b2"),
            (vec!["a", "b", "c", "d"], vec!["d", "c", "a"], "b"),
            (vec!["a", "b", "c", "d", "e"], vec!["a", "e"], "c"),
            (vec![], vec!["a3", "c5", "d7"], "b9"),
        ] {
            assert!(!is_gone(&before, &now, item, 0), "{before:?} {now:?} {item}");
        }
    }

    #[test]
    fn what_was_missed_once_is_missed_until_it_is_back() {
        assert!(is_gone(&["a3", "c5", "d7"], &["a3", "c5", "d7"], "b9", 1));
        assert!(!is_gone(&["a3", "c5", "d7"], &["e8", "a3", "c5"], "b9", 1), "a restless listing says nothing");
        let as_before = Gone::as_before(&Order::default());
        assert!(as_before.is_so("b", None, 1) && !as_before.is_so("b", None, 0));
    }

    #[test]
    fn what_the_place_of_an_entry_does_not_tell_its_own_page_does() {
        let mut gone = Gone::of(false, &entries(&["b", "c"]), &Order::of(&entries(&["a", "b", "c"])));
        assert!(!gone.is_so("a", None, 0));
        gone.note_not_found("a");
        assert!(gone.is_so("a", None, 0) && !gone.is_so("b", None, 0));
        let mut unseen = Gone::unseen(&Order::default());
        unseen.note_not_found("a");
        assert!(!unseen.is_so("a", None, 0), "only the beginning came");
        let day = |day| NaiveDate::from_ymd_opt(2021, 3, day);
        let today = day(20).unwrap();
        assert!(is_taken_down(day(1), None, false, today) && is_taken_down(None, day(20), false, today));
        assert!(!is_taken_down(NaiveDate::from_ymd_opt(2020, 3, 1), None, true, today), "cleared away");
        assert!(!is_taken_down(day(1), day(19), true, today), "held");
        assert!(is_taken_down(None, None, true, today) && !is_taken_down(None, None, false, today));
    }

    #[test]
    fn what_a_listing_that_has_become_shorter_ended_in_has_left_its_place() {
        let left = |before: &[&str], now: &[&str]| {
            let mut gone = Gone::of(false, &entries(now), &Order::default());
            gone.note_dropped(&entries(now), &Order::of(&entries(before)));
            let (key, published) = entries(&["c3"])[0];
            (gone.has_left_its_place(key), gone.is_so(key, published, 0))
        };
        assert_eq!(left(&["a9", "b5", "c3"], &["a9", "b5"]), (true, false), "its own page tells");
        assert_eq!(left(&["a9", "b5", "c3"], &["d10", "a9", "b5"]), (false, false), "pushed off");
        assert_eq!(left(&["a9", "b5", "c3"], &["a9", "b5", "c3"]), (false, false));
    }

    #[test]
    fn only_a_listing_without_an_order_of_its_own_is_remembered() {
        let order = |is_complete, listing: &[&str]| Gone::of(is_complete, &entries(listing), &Order::default()).order().0.len();
        assert_eq!(order(false, &["a3", "c5", "b9"]), 3);
        assert_eq!(order(false, &["a9", "b5", "c3"]), 0);
        assert_eq!(order(true, &["a3", "c5", "b9"]), 0);
    }
}
