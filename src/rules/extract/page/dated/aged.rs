//! Days that are said by how long ago they were, "3 days ago", with the day itself in an attribute: what a script shows to people, and
//! what a pointer brings up.

use super::{When, of_words, only_date};
use crate::rules::extract::text::folded;
use crate::rules::extract::volatile::is_age;
use chrono::NaiveDate;
use scraper::ElementRef;

/// Attributes in which such a day stands.
const ATTRIBUTES: &[&str] = &["title", "data-datetime", "data-date", "data-timestamp", "data-time"];
/// Bytes of one.
const BYTES: std::ops::RangeInclusive<usize> = 10..=48;

/// Whether the value of an attribute may be one.
pub(super) fn may_tell(value: &str) -> bool {
    BYTES.contains(&value.len()) && value.bytes().filter(u8::is_ascii_digit).count() >= 5
}

/// When something was that an element says to be so long ago. `words`: the element's.
pub(super) fn of(element: ElementRef<'_>, words: &str) -> Option<When> {
    if !is_age(&folded(words)) {
        return None;
    }
    let said = |value: &str| When::machine(value).or_else(|| day(value).map(When::day));
    ATTRIBUTES.iter().filter_map(|name| element.attr(name)).filter(|value| may_tell(value)).find_map(said)
}

fn day(value: &str) -> Option<NaiveDate> {
    of_words(value).or_else(|| only_date(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use scraper::Html;

    #[test]
    fn an_age_with_its_day_is_that_day() {
        let check = |markup: &str, expect: Option<&str>| {
            let page = Html::parse_fragment(markup);
            let element = page.root_element().child_elements().next().unwrap();
            let words = element.text().collect::<String>();
            assert_eq!(of(element, &words).map(|when| when.day.to_string()).as_deref(), expect, "{markup}");
        };
        check("<abbr class=timeago title=2026-11-18T12:00:00Z>5 days ago</abbr>", Some("2026-11-18"));
        check("<span title='Wednesday 18 November 2026 at 12:00'>about 5 days ago</span>", Some("2026-11-18"));
        check("<span data-date='2026-11-18 12:00'>5 days ago</span>", Some("2026-11-18"));
        check("<span title='Budget for 2026 to 2027'>5 days ago</span>", None);
        check("<span title=2026-11-18>Bus lanes</span>", None);
        check("<span>5 days ago</span>", None);
    }
}
