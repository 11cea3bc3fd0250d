//! The subject line: says the thing itself, and differs from the last one so that mail programs keep them apart.

use super::{DigestMail, MailEntry};
use crate::domain::site::Site;
use crate::domain::text::Text;
use crate::render::words::{Words, clip};
use crate::rules::revision::Turn;

/// Longest title within a subject, in characters.
const TITLE_CHARS_MAX: usize = 110;

/// "Trafford: Improvement Board Update 19 January 2021 and 6 more"; one line, whatever the title holds.
pub(super) fn subject(mail: &DigestMail) -> String {
    let words = Words::of(mail.site);
    let Some(first) = mail.groups.first().and_then(|g| g.entries.first()) else {
        return (words.digest.nothing_new)(&mail.site.name);
    };
    let mut line = format!("{}: {}", short_council(&first.source.council), thing(first, mail.site));
    if mail.len() > 1 {
        line = (words.digest.first_and_more)(&line, mail.len() - 1);
    }
    Text::line(&line).as_str().to_owned()
}

/// The title with a date in it: a title without a year would repeat itself, and repeats are threaded together.
fn thing(entry: &MailEntry, site: &Site) -> String {
    let title = clip(Text::line(entry.known.item.title.as_str()).as_str(), TITLE_CHARS_MAX);
    let words = Words::of(site);
    // A clerk who wrote it into the title has said it.
    let is_said = title.to_lowercase().contains("cancelled");
    let turn = entry.turn().filter(|turn| *turn != Turn::CalledOff || !is_said);
    let told = turn.map_or_else(|| (words.digest.told)(entry.change), words.digest.told_turn);
    if names_a_year(&title) {
        format!("{told}{title}")
    } else {
        format!("{told}{title} ({})", (words.facts.day)(entry.day(site)))
    }
}

fn names_a_year(title: &str) -> bool {
    title
        .split(|c: char| !c.is_ascii_digit())
        .any(|digits| digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20")))
}

/// "Trafford" for "Trafford Council": what people say, and room for the title.
pub(super) fn short_council(name: &str) -> &str {
    /// What stands between a place's name and "Council"; of one that ends another, the longer first.
    const KINDS: [&str; 9] = [
        " Metropolitan Borough",
        " Metropolitan District",
        " County Borough",
        " Borough",
        " County",
        " District",
        " City",
        " Town",
        " Parish",
    ];
    let Some(place) = name.strip_suffix(" Council").filter(|place| !place.is_empty()) else { return name };
    KINDS.iter().find_map(|kind| place.strip_suffix(kind)).filter(|rest| !rest.is_empty()).unwrap_or(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn councils_are_named_as_people_say_them() {
        let check = |name, expect| assert_eq!(short_council(name), expect);
        check("Trafford Council", "Trafford");
        check("Bury Metropolitan Borough Council", "Bury");
        check("City of Bradford Metropolitan District Council", "City of Bradford");
        check("Rhondda Cynon Taf County Borough Council", "Rhondda Cynon Taf");
        check("Northumberland County Council", "Northumberland");
        check("Brighton & Hove City Council", "Brighton & Hove");
        check("Sampleton Town Council", "Sampleton");
        check("City Council", "City");
        check("London Borough of Camden", "London Borough of Camden");
        check("Council", "Council");
    }

    #[test]
    fn a_year_is_four_digits_that_stand_alone() {
        assert!(names_a_year("Update 19 January 2021"));
        assert!(!names_a_year("Update 12021"));
        assert!(!names_a_year("Item 1500"));
    }
}
