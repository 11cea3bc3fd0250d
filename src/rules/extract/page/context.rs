//! What the headings above an entry say of its day: the day itself, where a list is parted by days, or the year of days
//! that are written without one ("12 Nov" under "2025").

use super::dated;
use crate::rules::extract::text::{Kind, Line};
use crate::rules::facts::dates;
use chrono::{Datelike, NaiveDate};
use ego_tree::NodeId;
use rustc_hash::FxHashSet;
use scraper::ElementRef;

/// What holds for the entries under some headings.
#[derive(Clone, Copy, Default)]
pub(super) struct Context<'a> {
    /// The day that the nearest heading names, and that heading.
    pub(super) day: Option<(NaiveDate, ElementRef<'a>)>,
    /// The year that a heading names.
    pub(super) year: Option<i32>,
    /// The month that it names with the year, by its first day.
    month: Option<NaiveDate>,
}

impl Context<'_> {
    /// The day of a text that is nothing but a day and a month, in the year above, or the number of a day in the month above.
    pub(super) fn day_of(&self, text: &str) -> Option<NaiveDate> {
        let in_month = || {
            let number = text.trim().trim_end_matches(char::is_alphabetic);
            let day = number.parse().ok().filter(|_| number.len() <= 2 && text.trim().len() <= number.len() + 2)?;
            self.month?.with_day(day)
        };
        in_year(text, self.year?).or_else(in_month)
    }

    /// The same where a heading that is itself an entry says nothing of the entries below it.
    pub(super) fn without_entries(self, entries: &FxHashSet<NodeId>) -> Self {
        Self { day: self.day.filter(|(_, heading)| !entries.contains(&heading.id())), ..self }
    }
}

/// Longest heading that says only when, in bytes: "News archive: November 2025".
const HEADING_BYTES_MAX: usize = 40;

/// The contexts of a page, from its headings.
pub(super) struct Contexts<'a> {
    /// From which line on each holds, in order.
    from: Vec<(usize, Context<'a>)>,
}

impl<'a> Contexts<'a> {
    /// One pass over the page's content.
    pub(super) fn of(lines: &[Line<'a>]) -> Self {
        let mut from = Vec::new();
        let (mut now, mut day_level, mut year_level) = (Context::default(), 0_u8, 0_u8);
        for (at, line) in lines.iter().enumerate() {
            let level = match line.kind {
                Kind::Heading(level) => level,
                // A table's caption stands below every heading.
                Kind::Paragraph if line.block.value().name() == "caption" => 7,
                // What opens a part of the page heads it, and so does a year that stands alone.
                Kind::Paragraph if line.block.value().name() == "summary" => 2,
                Kind::Paragraph | Kind::Item if is_year_alone(line) => 7,
                Kind::Item | Kind::Cell | Kind::Paragraph => continue,
            };
            // A heading of the same rank ends what the one before it said.
            if level <= day_level {
                (now.day, day_level) = (None, 0);
            }
            if level <= year_level {
                (now.year, now.month, year_level) = (None, None, 0);
            }
            if let Some(day) = dated::of_words(&line.text) {
                (now.day, day_level) = (Some((day, line.block)), level);
                (now.year, year_level) = (Some(day.year()), level);
            } else if let Some(year) = year(&line.text) {
                (now.year, now.month, year_level) = (Some(year), in_year(&format!("1 {}", month_alone(&line.text)), year), level);
            }
            from.push((at, now));
        }
        Self { from }
    }

    /// What holds at a line. A heading in that line is the entry's own.
    pub(super) fn at(&self, line: usize) -> Context<'a> {
        let before = self.from.partition_point(|(at, _)| *at < line);
        before.checked_sub(1).and_then(|last| self.from.get(last)).map(|(_, context)| *context).unwrap_or_default()
    }
}

/// The year of "2025", "November 2025", "Press releases 2025"; not of "Budget 2025/26".
fn year(heading: &str) -> Option<i32> {
    if heading.len() > HEADING_BYTES_MAX {
        return None;
    }
    let mut numbers = heading.split(|c: char| !c.is_alphanumeric()).filter(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    let year = numbers.next().filter(|number| number.len() == 4)?.parse().ok()?;
    (numbers.next().is_none() && (1990..2100).contains(&year)).then_some(year)
}

/// "November" of "November 2026".
fn month_alone(heading: &str) -> &str {
    heading.trim().trim_end_matches(|c: char| !c.is_alphabetic())
}

/// Whether a line is a year and no more, and no link.
fn is_year_alone(line: &Line<'_>) -> bool {
    line.links.is_empty() && line.text.len() == 4 && year(&line.text).is_some()
}

/// Whether a heading names a year and is short enough to stand over the entries of one.
pub(super) fn names_year(heading: &str) -> bool {
    year(heading).is_some()
}

/// The day of a text that is nothing but a day and a month, in this year.
pub(super) fn in_year(text: &str, year: i32) -> Option<NaiveDate> {
    let text = text.trim_matches(|c: char| !c.is_alphanumeric());
    (!text.is_empty() && text.len() <= HEADING_BYTES_MAX).then(|| dates::whole(&format!("{text} {year}"))?.single()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_names_one_year_or_none() {
        let check = |heading: &str, expect: Option<i32>| assert_eq!(year(heading), expect, "{heading}");
        check("2025", Some(2025));
        check("November 2025", Some(2025));
        check("Press releases 2025", Some(2025));
        check("Budget 2025/26", None);
        check("2024 to 2025", None);
        check("404 homes", None);
        check("A very long heading which mentions the plan of 2025", None);
    }

    #[test]
    fn a_day_without_a_year_takes_that_of_its_heading() {
        let check = |text: &str, expect: Option<&str>| {
            assert_eq!(in_year(text, 2025).map(|day| day.to_string()).as_deref(), expect, "{text}");
        };
        check("12 Nov", Some("2025-11-12"));
        check("Wednesday 12 November", Some("2025-11-12"));
        check("12 November: ", Some("2025-11-12"));
        check("12 Nov 2024", None);
        check("Meeting of 12 people", None);
        check("31 Nov", None);
    }
}
