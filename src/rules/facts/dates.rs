//! Dates as UK councils write them, read strictly: the day comes first, a year is supplied only where the item has a day to
//! look from, a weekday that does not fit is said, and a span of days or months is no day.

mod day;
pub mod deadline;
mod part;
mod said;
mod sight;
mod time;
mod token;

pub(crate) use part::month_named;
pub use said::{SaidDay, said};

use crate::rules::struck;
use chrono::{NaiveDate, NaiveTime};
use std::ops::Range;
use token::{Token, tokens};

/// What days of the week and months are called.
pub const NAMES: [&str; 19] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// A day that a text names in full, with the times that stand beside it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Date {
    /// The day.
    pub day: NaiveDate,
    /// The last day, where the text names a span of days ("15 - 17 October 2019").
    pub last_day: Option<NaiveDate>,
    /// Whether the weekday that stands with it is another day's: one of the two is wrong, and nobody can say which.
    pub weekday_differs: bool,
    /// Start, local time.
    pub start: Option<NaiveTime>,
    /// End, local time.
    pub end: Option<NaiveTime>,
    /// Which bytes of the text say so.
    pub span: Range<usize>,
}

impl Date {
    /// The day, unless the text names a span of several.
    #[must_use]
    pub fn single(&self) -> Option<NaiveDate> {
        self.last_day.is_none().then_some(self.day)
    }
}

/// Whether a text has what every date has: most lines of a page do not.
#[must_use]
pub fn may_hold_any(text: &str) -> bool {
    sight::dates(text)
}

/// Every full date in a text, in order.
#[must_use]
pub fn find(text: &str) -> Vec<Date> {
    find_after(text, None)
}

/// Every date in a text, in order; one without a year is the first such day from `after` on, if that is within half a year
/// or its weekday confirms it. A date that is struck out is none.
#[must_use]
pub fn find_after(text: &str, after: Option<NaiveDate>) -> Vec<Date> {
    if !may_hold_any(text) {
        return Vec::new();
    }
    let text = struck::blanked(text);
    let mut found = Vec::new();
    let mut rest = &*text;
    while !rest.is_empty() {
        let (piece, after_it) = rest.split_at(end_of_piece(rest));
        find_in(piece, text.len() - rest.len(), after, &mut found);
        rest = after_it;
    }
    found
}

/// Every time of day in a text that is one by itself ("6.30pm", "18:30", "noon"), with the end of a span of time, and which bytes
/// say so.
#[must_use]
pub fn times(text: &str) -> Vec<(NaiveTime, Option<NaiveTime>, Range<usize>)> {
    times_by(text, false)
}

/// The same of a text that says a time, as its label tells: "18.00" is one there, and may be a price elsewhere.
#[must_use]
pub fn times_said(text: &str) -> Vec<(NaiveTime, Option<NaiveTime>, Range<usize>)> {
    times_by(text, true)
}

fn times_by(text: &str, is_said: bool) -> Vec<(NaiveTime, Option<NaiveTime>, Range<usize>)> {
    if !text.bytes().any(|b| b.is_ascii_digit()) && !text.contains("noon") && !text.contains("midday") {
        return Vec::new();
    }
    let text = struck::blanked(text);
    let tokens = tokens(&text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        // "£18.00", "10.00.1".
        let stands_alone = at
            .checked_sub(1)
            .and_then(|before| tokens.get(before))
            .is_none_or(|before| !tokens.get(at).is_some_and(|own| own.joined) || before.is_sign('(') || before.is_sign('-'));
        match time::span_of(&tokens, at, is_said && stands_alone) {
            Some((start, end, stop)) if stop > at => {
                found.push((start, end, span(&tokens, at..stop)));
                at = stop;
            }
            _ => at += 1,
        }
    }
    found
}

/// What is longer is read in pieces, cut between words: it is no line that people wrote, and its tokens would take many times
/// its length.
const PIECE_BYTES: usize = 64 * 1024;

fn end_of_piece(text: &str) -> usize {
    if text.len() <= PIECE_BYTES {
        return text.len();
    }
    let end = (0..=PIECE_BYTES).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(PIECE_BYTES);
    text.get(..end).and_then(|piece| piece.rfind(char::is_whitespace)).filter(|at| *at > 0).unwrap_or(end)
}

/// Adds the dates of a piece that begins at byte `start` of its text.
fn find_in(piece: &str, start: usize, after: Option<NaiveDate>, found: &mut Vec<Date>) {
    let tokens = tokens(piece);
    let mut at = 0;
    let mut free_from = 0;
    while at < tokens.len() {
        let Some(day::Found { days, end }) = day::at(&tokens, at, after) else {
            at += 1;
            continue;
        };
        let times = time::beside(&tokens, at, end, free_from);
        let span = span(&tokens, times.tokens.clone());
        let span = start + span.start..start + span.end;
        at = times.tokens.end.max(at + 1);
        free_from = at;
        found.extend(days.into_iter().map(|day| Date {
            day: day.first,
            last_day: day.last,
            weekday_differs: day.weekday_differs,
            start: times.start,
            end: times.end,
            span: span.clone(),
        }));
    }
}

/// The date that is all there is in a text, but for punctuation and words like "on" or "Published:".
#[must_use]
pub fn whole(text: &str) -> Option<Date> {
    let text = struck::blanked(text.trim());
    if text.len() > 120 {
        return None;
    }
    let mut found = find(&text);
    let date = found.pop().filter(|_| found.is_empty())?;
    let is_alongside = |word: &str| word.is_empty() || ALONGSIDE.iter().any(|known| word.eq_ignore_ascii_case(known));
    let around = [text.get(..date.span.start)?, text.get(date.span.end..)?];
    let mut words = around.into_iter().flat_map(|part| part.split(|c: char| !c.is_alphanumeric()));
    words.all(is_alongside).then_some(date)
}

/// Words that may stand with a date without saying anything else.
const ALONGSIDE: &[&str] = &[
    "added",
    "at",
    "created",
    "date",
    "day",
    "from",
    "issued",
    "of",
    "on",
    "posted",
    "publication",
    "publish",
    "published",
    "publishing",
    "the",
    "was",
    "dated",
    "release",
    "released",
];

/// The day after a label: "Posted: Tuesday 11th February 2020" for "posted". The label begins the text.
#[must_use]
pub fn labelled(text: &str, labels: &[&str]) -> Option<NaiveDate> {
    let text = text.trim();
    let opens_with = |label: &str| text.get(..label.len()).is_some_and(|start| start.eq_ignore_ascii_case(label));
    let label = labels.iter().find(|label| opens_with(label))?;
    let after = text.get(label.len()..).filter(|after| after.starts_with(|c: char| c == ':' || c.is_whitespace()))?;
    whole(after.trim_start_matches([':', ' ']))?.single()
}

fn span(tokens: &[Token<'_>], range: Range<usize>) -> Range<usize> {
    let start = tokens.get(range.start).map_or(0, |t| t.span.start);
    let end = range.end.checked_sub(1).and_then(|last| tokens.get(last)).map_or(start, |t| t.span.end);
    start..end.max(start)
}

#[cfg(test)]
mod tests;
