//! What the headings above an entry say of its day: the day itself, where a list is parted by days, or the year of days
//! that are written without one ("12 Nov" under "2025").

mod nested;

use super::grid::Grids;
use super::{dated, rows};
use crate::domain::text::Text;
use crate::rules::extract::text::{Kind, Line, NodeRef};
use crate::rules::facts::{dates, documents, meeting};
use chrono::{Datelike, NaiveDate};
use ego_tree::NodeId;
use nested::Lists;
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
    /// The words that name it.
    said: Option<NodeRef<'a>>,
    /// The words that name the body whose meetings these are.
    body: Option<NodeRef<'a>>,
}

impl Context<'_> {
    /// The month that stands over the entries, by its first day.
    pub(super) fn month(&self) -> Option<NaiveDate> {
        self.month
    }

    /// The month that stands over the entries, as the page says it, with its year.
    pub(super) fn month_said(&self) -> Option<String> {
        let (month, words) = (self.month?, self.said?.value().as_text()?.trim());
        let year = month.year().to_string();
        Some(if words.contains(&year) { words.to_owned() } else { format!("{words} {year}") })
    }

    /// The body whose meetings stand below.
    pub(super) fn body(&self) -> Option<Text> {
        meeting::body_over(self.body?.value().as_text()?)
    }

    /// "14" over "Jan", as on the leaf of a calendar, in the year above.
    pub(super) fn day_over_month<'l, 'b>(&self, lines: &'l [Line<'b>]) -> Option<(NaiveDate, &'l Line<'b>)> {
        let is_number = |line: &Line<'_>| line.text.len() <= 2 && line.text.bytes().all(|b| b.is_ascii_digit());
        lines.windows(2).find_map(|pair| match pair {
            [one, other] if is_number(one) != is_number(other) => {
                Some((self.day_of(&format!("{} {}", one.text, other.text))?, one))
            }
            _ => None,
        })
    }

    /// The day of a text that is nothing but a day and a month, in the year above, or the number of a day in the month above.
    pub(super) fn day_of(&self, text: &str) -> Option<NaiveDate> {
        let in_month = || {
            let text = text.trim_matches(|c: char| !c.is_alphanumeric());
            let named = || dates::whole(&format!("{text} {}", self.month?.format("%B %Y")));
            let is_day = !text.is_empty() && text.len() <= HEADING_BYTES_MAX;
            is_day.then(named)?.filter(|day| !day.weekday_differs)?.single()
        };
        // "11 November (PDF, 140 KB)".
        let of_file = || {
            Some(documents::named(text).title)
                .filter(|title| title.len() < text.len())
                .and_then(|title| in_year(title, self.year?))
        };
        in_year(text, self.year?).or_else(in_month).or_else(of_file)
    }

    /// Words that end in a day and a month, with the year above: "Scrutiny Panel, 30 September".
    pub(super) fn in_year(&self, words: &str) -> Option<String> {
        let (year, words) = (self.year?, documents::named(words).title);
        if !dates::may_hold_any(words) || !dates::find(words).is_empty() {
            return None;
        }
        let dated = format!("{words} {year}");
        let ends = matches!(dates::find(&dated).as_slice(), [only] if only.span.end == dated.len() && only.span.len() > 7);
        ends.then_some(dated)
    }

    /// The same where a heading that is itself an entry says nothing of the entries below it.
    pub(super) fn without_entries(self, entries: &FxHashSet<NodeId>) -> Self {
        let is_entry = |node: NodeRef<'_>| entries.contains(&node.id()) || node.ancestors().any(|e| entries.contains(&e.id()));
        let day = self.day.filter(|(_, heading)| !entries.contains(&heading.id()));
        Self { day, body: self.body.filter(|words| !is_entry(*words)), ..self }
    }
}

/// Any leap year has every day.
const SOME_YEAR: i32 = 2024;
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
        let mut above = Above::default();
        // The table or the list whose own cells and terms say when, with what held above it.
        let mut part: Option<(NodeId, Above<'a>)> = None;
        let mut grids = Grids::default();
        let mut lists = Lists::default();
        for (at, line) in lines.iter().enumerate() {
            if let Some(before) = lists.leave(line) {
                above = before;
                from.push((at.saturating_sub(1), above.now));
            }
            if let Some((own, before)) = part.as_ref().filter(|_| line.kind != Kind::Cell || part_of(line).is_some())
                && part_of(line) != Some(*own)
            {
                (above, part) = (*before, None);
                from.push((at.saturating_sub(1), above.now));
            }
            let rank = match line.kind {
                Kind::Heading(rank) => rank,
                Kind::Item if lists.enter(line, &above) => lists.rank(),
                // A table's caption stands below every heading.
                Kind::Paragraph | Kind::Cell if line.block.value().name() == "caption" => CAPTION,
                Kind::Cell if names_month(line) && grids.has(line) => CAPTION,
                // What opens a part of the page heads it, and so does a year that stands alone.
                Kind::Paragraph if line.block.value().name() == "summary" => 2,
                Kind::Paragraph | Kind::Item if is_year_alone(line) => CAPTION,
                Kind::Cell if line.links.is_empty() && above.heads_in_part(line) => {
                    part = part.or_else(|| Some((part_of(line)?, above)));
                    if month_named(&line.text) { MONTH_CELL } else { CELL }
                }
                Kind::Cell if is_number_of_day(line) && grids.has(line) => {
                    part = part.or_else(|| Some((part_of(line)?, above)));
                    DAY_CELL
                }
                Kind::Item | Kind::Cell | Kind::Paragraph => continue,
            };
            // The years over the tabs of a page stand side by side, and none of them is over what follows the last.
            let is_year = |at: Option<usize>| at.and_then(|at| lines.get(at)).is_some_and(is_year_alone);
            if rank == CAPTION && is_year_alone(line) && (is_year(at.checked_sub(1)) || is_year(Some(at + 1))) {
                above.end(rank);
            } else {
                above.take(line, rank);
            }
            from.push((at, above.now));
        }
        Self { from }
    }

    /// What holds at a line. A heading in that line is the entry's own.
    pub(super) fn at(&self, line: usize) -> Context<'a> {
        let before = self.from.partition_point(|(at, _)| *at < line);
        before.checked_sub(1).and_then(|last| self.from.get(last)).map(|(_, context)| *context).unwrap_or_default()
    }
}

/// Ranks below those of headings: a caption's, and those of cells and terms that say the year and the month.
const CAPTION: u8 = 7;
const CELL: u8 = 8;
const MONTH_CELL: u8 = 9;
const DAY_CELL: u8 = 10;

/// What holds at a place of the page, and the ranks of what said it.
#[derive(Clone, Copy, Default)]
struct Above<'a> {
    now: Context<'a>,
    day: u8,
    year: u8,
    month: u8,
    body: u8,
}

impl<'a> Above<'a> {
    /// Ends what headings of this rank and of lower ones have said.
    fn end(&mut self, rank: u8) {
        if rank <= self.day {
            (self.now.day, self.day) = (None, 0);
        }
        if rank <= self.body {
            (self.now.body, self.body) = (None, 0);
        }
        if rank <= self.month {
            (self.now.month, self.month) = (None, 0);
        }
        if rank <= self.year {
            (self.now.year, self.year, self.now.month, self.month) = (None, 0, None, 0);
        }
    }

    /// Goes on below a heading.
    fn take(&mut self, line: &Line<'a>, rank: u8) {
        self.end(rank);
        let in_month = || self.now.day_of(&line.text).filter(|_| rank == DAY_CELL);
        if let Some(day) = dated::of_words(&line.text).or_else(in_month) {
            (self.now.day, self.day) = (Some((day, line.block)), rank);
            if rank != DAY_CELL {
                (self.now.year, self.year) = (Some(day.year()), rank);
            }
        } else if let Some(year) = year(&line.text).filter(|_| !self.is_entry_s(line, rank)) {
            (self.now.year, self.year) = (Some(year), rank);
            (self.now.month, self.month) = (month_of(&line.text, year), rank);
            self.now.said = line.leaves.iter().find(|leaf| says_all(**leaf, &line.text)).copied();
        } else if let Some(month) = self.now.year.and_then(|year| month_in(&line.text, year)) {
            (self.now.month, self.month) = (Some(month), rank);
            self.now.said = line.leaves.iter().find(|leaf| says_all(**leaf, &line.text)).copied();
        } else if meeting::body_over(&line.text).is_some()
            && let Some(words) = line.leaves.iter().find(|leaf| says_all(**leaf, &line.text))
        {
            (self.now.body, self.body) = (Some(*words), rank);
        }
    }

    /// Whether a heading that names a year is an entry's below one that says when: "Budget 2027" under "November 2026".
    fn is_entry_s(&self, line: &Line<'_>, rank: u8) -> bool {
        let is_below = |above: u8| above > 0 && rank > above;
        let is_linked = || !line.links.is_empty() && line.outside().trim().is_empty() && !is_year(&line.text);
        let names_month = || month_of(&line.text, SOME_YEAR).is_some();
        is_below(self.month) && !names_month() || is_below(self.year) && is_linked()
    }

    /// Whether a cell or a term says when what stands beside or below it in its table or its list was.
    fn heads_in_part(&self, line: &Line<'_>) -> bool {
        let is_term = || line.block.value().name() == "dt";
        let is_month = || self.now.year.is_some() && month_named(&line.text);
        let opens = is_year_alone(line) || is_month();
        // A month stands beside its year, or below it.
        (opens && rows::opens_row(line, |before| before.is_empty() || year(before).is_some()))
            || (names_year(&line.text) && rows::heads_rows(line))
            || ((opens || names_year(&line.text)) && is_term())
    }
}

/// "November 2026", over the days of a calendar.
fn names_month(line: &Line<'_>) -> bool {
    year(&line.text).is_some_and(|year| in_year(&format!("1 {}", month_alone(&line.text)), year).is_some())
}

/// "3", alone in its line of a cell.
fn is_number_of_day(line: &Line<'_>) -> bool {
    (1..=2).contains(&line.text.len()) && line.text.parse::<u8>().is_ok_and(|day| (1..=31).contains(&day))
}

/// The table, or the list of terms, that a line is part of.
fn part_of(line: &Line<'_>) -> Option<NodeId> {
    let list = || line.block.ancestors().take(3).filter_map(ElementRef::wrap).find(|above| above.value().name() == "dl");
    rows::table_of(line).or_else(list).map(|part| part.id())
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
    heading.trim_matches(|c: char| !c.is_alphabetic())
}

/// The first day of the month with which a heading's words end: "Calendar of meetings: December 2026".
fn month_of(heading: &str, year: i32) -> Option<NaiveDate> {
    let words = month_alone(heading);
    month_in(words.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or(words), year)
}

/// The first day of a text that is nothing but a month, in this year.
fn month_in(text: &str, year: i32) -> Option<NaiveDate> {
    month_named(text).then(|| in_year(&format!("1 {text}"), year)).flatten()
}

/// Whether a text is a month and no more.
fn month_named(text: &str) -> bool {
    const BYTES_MAX: usize = 12;
    let is_word = text.len() <= BYTES_MAX && text.chars().all(char::is_alphabetic);
    is_word && dates::whole(&format!("1 {text} 2024")).is_some()
}

/// Whether a line is a year and no more, and no link.
fn is_year_alone(line: &Line<'_>) -> bool {
    line.links.is_empty() && is_year(&line.text)
}

/// Whether a text is a year and no more, or a month of one: "2026", "November 2026".
pub(super) fn says_year_alone(text: &str) -> bool {
    is_year(text) || year(text).is_some_and(|year| in_year(&format!("1 {}", month_alone(text)), year).is_some())
}

/// Whether a text is a year and no more.
fn is_year(text: &str) -> bool {
    text.len() == 4 && year(text).is_some()
}

/// Whether a text node says all that a line does, but for what stands for it to be seen.
fn says_all(leaf: NodeRef<'_>, text: &str) -> bool {
    leaf.value().as_text().is_some_and(|words| words.trim() == text)
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
    fn a_heading_ends_in_its_month() {
        let check = |heading: &str, expect: Option<&str>| {
            assert_eq!(month_of(heading, 2026).map(|day| day.to_string()).as_deref(), expect, "{heading}");
        };
        check("December 2026", Some("2026-12-01"));
        check("Calendar: December 2026", Some("2026-12-01"));
        check("2026 - Rhagfyr", Some("2026-12-01"));
        check("Press releases 2026", None);
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
