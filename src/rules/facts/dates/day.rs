//! The days at a place in a text: one, a list ("3, 10 and 17 March 2025") or a span ("30 April to 2 May 2023").

use super::part::{self, Part};
use super::token::{Kind, Token};
use chrono::{Datelike, Days, NaiveDate};

/// What stands at a place.
pub(super) struct Found {
    /// The days; empty where the words name none that there is, or leave the year open.
    pub(super) days: Vec<Day>,
    /// The token after it.
    pub(super) end: usize,
}

/// A day, or a span of days.
pub(super) struct Day {
    pub(super) first: NaiveDate,
    pub(super) last: Option<NaiveDate>,
    /// Whether the weekday that stands with it is another day's.
    pub(super) weekday_differs: bool,
}

/// How one day is joined to the next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    /// "-", "to", "until".
    Span,
    /// "and", "&".
    And,
    Comma,
}

/// More days than this in one list are none that a council names.
const DAYS_MAX: usize = 31;

/// The days that begin at token `at`. `after`: from when on a day without a year is looked for.
pub(super) fn at(tokens: &[Token<'_>], at: usize, after: Option<NaiveDate>) -> Option<Found> {
    if at > 0 && tokens.get(at)?.joined && glued(tokens.get(at - 1)?) {
        return None;
    }
    let (parts, joints, end) = parts(tokens, at)?;
    if joints.first() == Some(&Joint::Span) && numbers(tokens, at) {
        return None;
    }
    let days = match joints.as_slice() {
        [Joint::Span] => span(&parts, after).into_iter().collect(),
        _ => dated(&parts, after).unwrap_or_default(),
    };
    Some(Found { days, end })
}

/// Whether the number at a token counts what the word before it names: "Meeting 3 - 14 November 2026" is one day's.
fn numbers(tokens: &[Token<'_>], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| tokens.get(before));
    let is_counted = before.is_some_and(|word| COUNTED.iter().any(|counted| word.is_word(counted)));
    let is_spaced = tokens.get(at + 1).is_some_and(|dash| dash.is_sign('-') && !dash.joined);
    is_counted && is_spaced
}

/// What councils number.
const COUNTED: &[&str] = &[
    "board",
    "bulletin",
    "edition",
    "issue",
    "item",
    "meeting",
    "newsletter",
    "no",
    "number",
    "part",
    "phase",
    "session",
    "update",
    "volume",
    "week",
];

/// A letter, digit or separator right before: the number is part of something longer.
pub(super) fn glued(before: &Token<'_>) -> bool {
    match before.kind {
        Kind::Word(_) | Kind::Number(..) => true,
        Kind::Sign(sign) => matches!(sign, '/' | '.' | '-' | '_' | '£'),
    }
}

/// The days as they are written, what stands between them, and the token after them. The last has a month.
fn parts(tokens: &[Token<'_>], at: usize) -> Option<(Vec<Part>, Vec<Joint>, usize)> {
    let (first, mut end) = part::at(tokens, at)?;
    let (mut parts, mut joints) = (vec![first], Vec::new());
    // How far the text reads as days with a month behind them: "5 March, 10 people" ends at March.
    let mut sure = first.month.map(|_| (1, end));
    while parts.len() < DAYS_MAX
        && let Some((joint, next)) = joint(tokens, end)
        && let Some((part, after)) = part::at(tokens, next)
    {
        let complete = parts.last().is_some_and(|last| last.year.is_some());
        let spans = joint == Joint::Span;
        // "3 March 2020 and 4 April 2021" are two dates, and so are a title's and a posting's: "Update 3 December 2019 -
        // Wednesday 8 January 2020". "Monday 1 - Friday 5 May" is one span, and no list goes on in it.
        // "Meeting 6 - Wednesday 4 November": a weekday after a bare number begins a day of its own.
        let begins = part.weekday.is_some() && parts.last().is_some_and(|last| last.weekday.is_none() && last.month.is_none());
        let alike = part.weekday.is_none() || parts.last().is_some_and(|last| last.weekday.is_some());
        if begins
            || (complete && !(spans && part.year.is_some() && alike))
            || (spans && !joints.is_empty())
            || joints.contains(&Joint::Span)
        {
            break;
        }
        parts.push(part);
        joints.push(joint);
        end = after;
        // "Committee Room 2, 10 March" names one day: a bare number belongs to a list only with "and", or a month of its own.
        let listed = joint != Joint::Comma || parts.iter().rev().nth(1).is_some_and(|before| before.month.is_some());
        if part.month.is_some() && listed {
            sure = Some((parts.len(), end));
        } else if part.month.is_some() {
            break;
        }
        if part.year.is_some() {
            break;
        }
    }
    let (length, end) = sure?;
    parts.truncate(length);
    joints.truncate(length.saturating_sub(1));
    Some((parts, joints, end))
}

fn joint(tokens: &[Token<'_>], at: usize) -> Option<(Joint, usize)> {
    let token = tokens.get(at)?;
    let joint = if token.is_sign('-') || ["to", "until", "till"].iter().any(|word| token.is_word(word)) {
        Joint::Span
    } else if token.is_sign('&') || token.is_word("and") {
        Joint::And
    } else if token.is_sign(',') {
        Joint::Comma
    } else {
        return None;
    };
    Some((joint, at + 1))
}

/// Each day with the month and year that stand with it or with a later one.
fn dated(parts: &[Part], after: Option<NaiveDate>) -> Option<Vec<Day>> {
    let (mut month, mut year) = (None, parts.last()?.year);
    let mut days = Vec::with_capacity(parts.len());
    for part in parts.iter().rev() {
        month = part.month.or(month);
        year = part.year.or(year);
        days.push(resolve(part, month?, year, after)?);
    }
    days.reverse();
    Some(days)
}

fn span(parts: &[Part], after: Option<NaiveDate>) -> Option<Day> {
    let [first, last] = parts else { return None };
    let month = first.month.or(last.month)?;
    let begin = resolve(first, month, first.year.or(last.year), after)?;
    let end = resolve(last, last.month?, last.year, Some(begin.first).filter(|_| last.year.is_none()))?;
    let (mut begin_day, end_day) = (begin.first, end.first);
    // "30 December - 2 January 2025" begins in the year before.
    if begin_day > end_day && first.year.is_none() && month > last.month? {
        begin_day = begin_day.with_year(begin_day.year() - 1)?;
    }
    let weekday_differs = first.weekday.is_some_and(|weekday| weekday != begin_day.weekday()) || end.weekday_differs;
    (begin_day < end_day).then_some(Day { first: begin_day, last: Some(end_day), weekday_differs })
}

fn resolve(part: &Part, month: u32, year: Option<i32>, after: Option<NaiveDate>) -> Option<Day> {
    if let Some(year) = year {
        let first = NaiveDate::from_ymd_opt(year, month, part.day)?;
        let weekday_differs = part.weekday.is_some_and(|weekday| weekday != first.weekday());
        return Some(Day { first, last: None, weekday_differs });
    }
    let after = after?;
    let in_year = |year| NaiveDate::from_ymd_opt(year, month, part.day).filter(|day| *day >= after);
    let first = in_year(after.year()).or_else(|| in_year(after.year() + 1))?;
    let fits = match part.weekday {
        Some(weekday) => first.weekday() == weekday,
        // What is nearly a year ahead is rather a few days ago.
        None => first <= after.checked_add_days(HALF_A_YEAR)?,
    };
    fits.then_some(Day { first, last: None, weekday_differs: false })
}

const HALF_A_YEAR: Days = Days::new(184);
