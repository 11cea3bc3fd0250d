//! Flat runs of headings, paragraphs or terms, in which nothing but their order says which day belongs to which entry.

use crate::rules::extract::page::dated;
use crate::rules::extract::page::entries::words;
use scraper::ElementRef;

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

/// Whether an element says a day, with or without its year, and no more than that what it dates is new.
pub(super) fn says_day(element: ElementRef<'_>) -> bool {
    let words = words(element);
    let bare = words.trim_end_matches(|c: char| !c.is_alphanumeric());
    let day = ["New", "NEW", "new", "Updated"].iter().find_map(|badge| bare.strip_suffix(badge)).unwrap_or(&words);
    dated::is_day(day)
}
