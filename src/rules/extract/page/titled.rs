//! The day that only a title gives: in full, which pointing at the words shows ("18 November", titled "Wednesday 18th November
//! 2026"), or set apart from what it tells ("18 November 2026 - Bridge shut").

use super::dated::{self, Seen, When, of_words};
use crate::rules::extract::trail::Place;
use crate::rules::facts::{documents, meeting};
use scraper::ElementRef;
use url::Url;

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

/// The day set apart in the title of what a link leads to. That of a meeting is no day of publication, and a file's may be that of
/// what it reports on.
pub(super) fn set_apart<'l, 'a>(link: ElementRef<'a>, title: &str, url: Option<&Url>) -> Option<Seen<'l, 'a>> {
    let day = dated::set_apart(title)?;
    let is_file = url.is_some_and(|url| documents::is_file(title, url));
    let is_other = is_file || meeting::of_title(title).is_some();
    let rule = "the day set apart in the entry's title";
    (!is_other).then(|| Seen { when: When::day(day), rule, place: Place::Element(link) })
}
