//! Flat runs of headings, paragraphs or terms, in which nothing but their order says which day belongs to which entry.

use crate::rules::extract::page::entries::words;
use crate::rules::extract::page::{dated, standing};
use ego_tree::NodeId;
use rustc_hash::FxHashSet;
use scraper::ElementRef;
use std::collections::HashMap;

/// In a flat run of headings and paragraphs, whether each date stands above its heading: that of the first does, and so do
/// nearly all; a link to the archive may end the run.
pub(super) fn dates_stand_before(containers: &[ElementRef<'_>]) -> bool {
    let first = containers.get(..20).unwrap_or(containers);
    let dated = first.iter().filter(|container| date_above(**container).is_some()).count();
    first.first().is_some_and(|container| date_above(*container).is_some()) && dated * 5 >= first.len() * 4
}

/// The element right before this one, where it is a date.
pub(super) fn date_above(container: ElementRef<'_>) -> Option<ElementRef<'_>> {
    let mut before = container.prev_siblings().filter_map(ElementRef::wrap).filter(|before| before.value().name() != "br");
    before.next().filter(|before| says_day(*before))
}

/// The same of an entry that shares its day with those between them: a day as a term, and several entries below it.
pub(super) fn date_over<'a>(container: ElementRef<'a>, entries: &FxHashSet<NodeId>) -> Option<ElementRef<'a>> {
    let mut before = container.prev_siblings().filter_map(ElementRef::wrap);
    before.find(|before| before.value().name() != "br" && !entries.contains(&before.id())).filter(|before| says_day(*before))
}

/// Whether an element says a day, with or without its year, and no more than that what it dates is new.
pub(super) fn says_day(element: ElementRef<'_>) -> bool {
    let words = words(element);
    let words = standing::calm_words(&words);
    let bare = words.trim_end_matches(|c: char| !c.is_alphanumeric());
    let day = ["New", "NEW", "new", "Updated"].iter().find_map(|badge| bare.strip_suffix(badge)).unwrap_or(&words);
    dated::is_day(day) || element.value().name() == "dt" && is_number_of_day(day)
}

/// "21st", as a term under the heading of its month.
fn is_number_of_day(words: &str) -> bool {
    let number = words.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let rest = words.get(number.len()..).unwrap_or_default();
    matches!(rest, "" | "st" | "nd" | "rd" | "th") && number.parse::<u8>().is_ok_and(|number| (1..=31).contains(&number))
}

/// In a flat run, a "Read more" with what stands before it from its heading on.
pub(super) fn under_heading<'a>(container: ElementRef<'a>, others: &FxHashSet<NodeId>) -> Option<Vec<ElementRef<'a>>> {
    const ELEMENTS_MAX: usize = 8;
    let is_heading = |element: &ElementRef<'_>| matches!(element.value().name(), "h2" | "h3" | "h4" | "h5" | "h6");
    if container.descendent_elements().any(|element| is_heading(&element)) {
        return None;
    }
    let before = container.prev_siblings().filter_map(ElementRef::wrap).take(ELEMENTS_MAX);
    let before: Vec<ElementRef<'a>> = before.take_while(|element| !others.contains(&element.id())).collect();
    let heading = before.iter().position(is_heading)?;
    let mut region: Vec<ElementRef<'a>> = before.into_iter().take(heading + 1).collect();
    region.reverse();
    region.push(container);
    Some(region)
}

pub(super) fn is_only_a_line(container: ElementRef<'_>, link: ElementRef<'_>) -> bool {
    let flat = matches!(
        container.value().name(),
        "a" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dt" | "dd" | "p" | "b" | "strong" | "span"
    );
    flat && words(container).len() <= words(link).len() + 3
}

/// Whether an element is the link, or only shows it otherwise: `<b><a>…</a></b>`.
pub(super) fn is_marked_link(element: ElementRef<'_>, link: ElementRef<'_>) -> bool {
    let shows = matches!(element.value().name(), "b" | "em" | "font" | "i" | "span" | "strong");
    element.id() == link.id() || shows && words(element) == words(link)
}

/// A heading above the entry's own level starts something else.
pub(super) fn is_section_heading(container: ElementRef<'_>, element: ElementRef<'_>) -> bool {
    let level = |e: ElementRef<'_>| match e.value().name() {
        "h1" => Some(1),
        "h2" => Some(2),
        "h3" => Some(3),
        "h4" => Some(4),
        "h5" => Some(5),
        "h6" => Some(6),
        _ => None,
    };
    level(element).is_some_and(|found| level(container).is_none_or(|own| found <= own))
}

/// How many elements make up the part of the page of most links, from the link upwards; of two, the fewer.
pub(super) fn usual_height(parts: &[Vec<ElementRef<'_>>]) -> usize {
    let mut times: HashMap<usize, usize> = HashMap::new();
    for part in parts {
        *times.entry(part.len()).or_default() += 1;
    }
    times.into_iter().max_by_key(|(height, times)| (*times, std::cmp::Reverse(*height))).map_or(0, |(height, _)| height)
}
