//! Where a link stands in the structure of a page: links of one list stand in the same place of it.

use super::{grid, rows};
use crate::rules::extract::document::classes;
use rustc_hash::FxHasher;
use scraper::ElementRef;
use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};

/// Where a link stands: by the names of the elements around it, and by their classes too.
#[derive(Clone, Copy)]
pub(super) struct Place {
    shape: u64,
    classed: u64,
}

/// Things by their places. Classes that nearly every link has for itself are made by a machine and tell nothing.
pub(super) fn in_common<T>(members: Vec<(Place, T)>) -> impl Iterator<Item = (u64, T)> {
    let mut shapes: HashMap<u64, Vec<u64>> = HashMap::new();
    for (place, _) in &members {
        shapes.entry(place.shape).or_default().push(place.classed);
    }
    let tell = |(shape, classed): (u64, Vec<u64>)| {
        let kinds = classed.iter().collect::<HashSet<_>>().len();
        let tells = classed.len() < 3 || kinds < 2 || (kinds * 3 < classed.len() * 2 && !alternate(&classed));
        (shape, tells)
    };
    let shapes: HashMap<u64, bool> = shapes.into_iter().map(tell).collect();
    let tells = move |place: Place| shapes.get(&place.shape).is_none_or(|tells| *tells);
    members.into_iter().map(move |(place, member)| (if tells(place) { place.classed } else { place.shape }, member))
}

/// Whether classes take turns, in twos or threes: "newsOdd", "newsEven".
fn alternate(classed: &[u64]) -> bool {
    const PERIODS: &[usize] = &[2, 3];
    let is_apart = || classed.windows(2).all(|pair| pair.first() != pair.last());
    PERIODS
        .iter()
        .any(|period| classed.len() >= 2 * period && classed.iter().zip(classed.iter().skip(*period)).all(|(a, b)| a == b))
        && is_apart()
}

/// Whether an element only strikes out what is in it: an entry that is struck out stands where it stood.
pub(super) fn strikes(element: ElementRef<'_>) -> bool {
    matches!(element.value().name(), "del" | "s" | "strike")
}

/// Whether an element only shows otherwise what is in it; one that was not ended in time is made anew around some entries alone.
fn shows(element: ElementRef<'_>) -> bool {
    matches!(element.value().name(), "center" | "font") || strikes(element)
}

/// The path of elements to a link, with the lasting classes of the nearest ones and the column of a table.
pub(super) fn of(link: ElementRef<'_>) -> Place {
    let mut hasher = FxHasher::default();
    let mut classes = FxHasher::default();
    let around = std::iter::once(link).chain(link.ancestors().filter_map(ElementRef::wrap)).filter(|element| !shows(*element));
    for (height, element) in around.enumerate() {
        let name = element.value().name();
        name.hash(&mut hasher);
        if height < 3 {
            lasting_class(element).hash(&mut classes);
        }
        if name == "td" && !grid::is_day(element) && !grid::is_one_of_days(element) {
            rows::column_of(element).hash(&mut hasher);
        }
    }
    let shape = hasher.finish();
    shape.hash(&mut classes);
    Place { shape, classed: classes.finish() }
}

/// The class, first in the order of letters, that does not count, alternate, or mark a place or a state. Rows of one table are rows of one table.
pub(super) fn lasting_class(element: ElementRef<'_>) -> Option<&str> {
    const STATES: &[&str] = &["active", "current", "featured", "sticky", "new", "external", "internal", "visited"];
    /// As words of a name too: "views-row-first".
    const PLACES: &[&str] = &["odd", "even", "first", "last", "alt", "alternate", "leading"];
    if element.value().name() == "tr" {
        return None;
    }
    let lasting = classes(element).filter(|class| {
        // "newsOdd"
        let turns = ["Odd", "Even", "Alt", "First", "Last"].iter().any(|place| class.ends_with(place));
        let is_of = |word: &str, known: &[&str]| known.iter().any(|known| known.eq_ignore_ascii_case(word));
        let passes = turns || is_of(class, STATES) || class.split(['-', '_']).any(|word| is_of(word, PLACES));
        !passes && !class.bytes().any(|b| b.is_ascii_digit())
    });
    lasting.min()
}
