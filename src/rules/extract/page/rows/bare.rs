//! Rows of a table of meetings that leads nowhere: "Meeting", "Date", "Time", "Place", "Remarks". Such a table is all that is published
//! of them, so each row is a meeting; which one was put off, nobody could tell otherwise.

use super::Row;
use super::table::{self, Column, Headers};
use crate::rules::extract::text::{Kind, Line};

/// Whether a line is the day of such a row.
pub(super) fn says_day(line: &Line<'_>, headers: &mut Headers) -> bool {
    line.kind == Kind::Cell
        && line.links.is_empty()
        && headers.has(line, Column::Day) == Some(true)
        && headers.of(line).is_some_and(|(column, _)| *column == Column::Day)
        && headers.has(line, Column::Papers) == Some(false)
        && headers.names_meetings(line)
        && super::day(line).is_some()
        && table::row(line).is_some_and(|row| !row.descendent_elements().any(|element| element.value().name() == "a"))
}

/// Whether a row is such a one.
pub(super) fn is_bare(row: &Row<'_, '_>, headers: &mut Headers) -> bool {
    row.name.is_some() && row.lines.iter().all(|line| line.links.is_empty()) && says_day(row.dated, headers)
}

/// What it says of its meeting beside its name and when that is.
pub(super) fn said<'a>(row: &Row<'_, 'a>) -> Vec<Line<'a>> {
    let is_known = |line: &Line<'a>| {
        std::ptr::eq(line, row.dated) || row.name.is_some_and(|name| std::ptr::eq(line, name)) || is_time(&line.text)
    };
    row.lines.iter().filter(|line| !is_known(line)).cloned().collect()
}

/// "5.30 pm", "10:00 - 12:30", "02h 14m".
pub(super) fn is_time(text: &str) -> bool {
    const WORDS: &[&str] =
        &["am", "pm", "a", "p", "m", "h", "min", "mins", "minutes", "hours", "noon", "midday", "to", "until", "from", "at"];
    let lowered = text.to_ascii_lowercase();
    let mut words = lowered
        .split(|c: char| !c.is_alphanumeric())
        .map(|word| word.trim_start_matches(|c: char| c.is_ascii_digit()))
        .filter(|word| !word.is_empty());
    text.len() <= 24 && text.contains(|c: char| c.is_ascii_digit()) && words.all(|word| WORDS.contains(&word))
}
