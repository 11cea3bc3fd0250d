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

/// "Trafford" for "Trafford Council": what people say, and room for the title. What kind of council it is goes whole, and only
/// where a name is left.
pub(super) fn short_council(name: &str) -> &str {
    /// What stands before "Council"; of one that ends another, the longer first.
    const KINDS: [&str; 10] = [
        "Metropolitan Borough",
        "Metropolitan District",
        "County Borough",
        "London Borough",
        "Borough",
        "County",
        "District",
        "City",
        "Town",
        "Parish",
    ];
    /// What stands before a place's name.
    const STYLES: [&str; 3] = ["London Borough of ", "Royal Borough of ", "Metropolitan Borough of "];
    let is_name = |place: &&str| !place.is_empty() && !KINDS.contains(place);
    let place = name.strip_suffix(" Council").unwrap_or(name);
    let kind = (place != name).then(|| KINDS.iter().find_map(|kind| place.strip_suffix(kind)?.strip_suffix(' '))).flatten();
    let place = kind.unwrap_or(place);
    let place = STYLES.iter().find_map(|style| place.strip_prefix(style)).unwrap_or(place);
    Some(place).filter(is_name).unwrap_or(name)
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
        check("City Council", "City Council");
        check("County Borough Council", "County Borough Council");
        check("London Borough of Camden", "Camden");
        check("London Borough of Camden Council", "Camden");
        check("Camden London Borough Council", "Camden");
        check("Royal Borough of Kensington and Chelsea", "Kensington and Chelsea");
        check("Metropolitan Borough of Wirral", "Wirral");
        check("London Borough of ", "London Borough of ");
        check("Bath and North East Somerset Council", "Bath and North East Somerset");
        check("Cornwall County", "Cornwall County");
        check("Council", "Council");
    }

    #[test]
    fn a_year_is_four_digits_that_stand_alone() {
        assert!(names_a_year("Update 19 January 2021"));
        assert!(!names_a_year("Update 12021"));
        assert!(!names_a_year("Item 1500"));
    }
}
