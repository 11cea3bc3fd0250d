//! The day that only a title gives in full, which pointing at the words shows: "18 November", titled "Wednesday 18th November
//! 2026".

use super::dated::{Seen, When, of_words};
use crate::rules::extract::trail::Place;
use scraper::ElementRef;

/// Elements of an entry whose titles are looked at.
const ELEMENTS_MAX: usize = 40;

/// The day in the title of an entry's link, or of an element of the entry.
pub(super) fn day<'l, 'a>(link: ElementRef<'a>, region: &[ElementRef<'a>]) -> Option<Seen<'l, 'a>> {
    let within = region.iter().flat_map(|region| std::iter::once(*region).chain(region.descendent_elements()));
    let mut marked = std::iter::once(link).chain(within.take(ELEMENTS_MAX));
    let titled = |element: &ElementRef<'a>| of_words(element.attr("title").or(element.attr("aria-label"))?);
    let (day, element) = marked.find_map(|element| Some((titled(&element)?, element)))?;
    Some(Seen {
        when: When::day(day),
        rule: "the day in a title that pointing at the words shows",
        place: Place::Element(element),
    })
}
