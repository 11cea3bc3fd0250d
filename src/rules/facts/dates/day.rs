//! One day, or a span of days, at a place in a text.

use super::token::{Kind, Token};
use chrono::{Datelike, NaiveDate, Weekday};

/// What stands at a place: a date that is consumed, with its days unless it contradicts itself.
pub(super) struct Found {
    /// First and, for a span, last day; `None` where the words contradict each other.
    pub(super) days: Option<(NaiveDate, Option<NaiveDate>)>,
    /// The token after it.
    pub(super) end: usize,
}

/// The date that begins at token `at`.
pub(super) fn at(tokens: &[Token<'_>], at: usize) -> Option<Found> {
    if at > 0 && tokens.get(at)?.joined && glued(tokens.get(at - 1)?) {
        return None;
    }
    let (weekday, from) = weekday(tokens, at);
    let (first, last, end) = numeric(tokens, from).or_else(|| written(tokens, from)).or_else(|| month_first(tokens, from))?;
    // "Tuesday 4 December 2019" was a Wednesday: one of the two is wrong, and nobody can say which.
    let fits = weekday.is_none_or(|weekday| first.weekday() == weekday);
    Some(Found { days: fits.then_some((first, last)), end })
}

/// A letter, digit or separator right before: the number is part of something longer.
fn glued(before: &Token<'_>) -> bool {
    match before.kind {
        Kind::Word(_) | Kind::Number(..) => true,
        Kind::Sign(sign) => matches!(sign, '/' | '.' | '-' | '_' | '£'),
    }
}

type Days = (NaiveDate, Option<NaiveDate>, usize);

/// `15/12/2022`, `01/Sep/2026`, `3-8-2026`, `2026-04-27`.
fn numeric(tokens: &[Token<'_>], at: usize) -> Option<Days> {
    let [first, separator, middle, second, last] = tokens.get(at..at + 5)? else { return None };
    let Kind::Sign(sign @ ('/' | '-' | '.')) = separator.kind else { return None };
    if !second.is_sign(sign) || ![separator, middle, second, last].iter().all(|t| t.joined) {
        return None;
    }
    let month = middle.number(2).or_else(|| month(middle));
    let day = match (first.year(), last.year()) {
        (Some(year), None) if sign == '-' => NaiveDate::from_ymd_opt(year, month?, last.number(2)?)?,
        (None, Some(year)) => NaiveDate::from_ymd_opt(year, month?, first.number(2)?)?,
        _ => return None,
    };
    // `1.2.2020.4` and `12/10/2020/5` are no dates.
    let goes_on = tokens.get(at + 5).is_some_and(|n| n.joined && n.is_sign(sign))
        && tokens.get(at + 6).is_some_and(|n| n.joined && matches!(n.kind, Kind::Number(..)));
    (!goes_on).then_some((day, None, at + 5))
}

/// `23rd February 2021`, `15th December, 2022`, `15 - 17 October 2019`, `30 June - 2 July 2020`.
fn written(tokens: &[Token<'_>], at: usize) -> Option<Days> {
    let (first_day, mut next) = day_number(tokens, at)?;
    if let Some((first_month, after)) = month_after(tokens, next) {
        if let Some((year, end)) = year_after(tokens, after) {
            return Some((NaiveDate::from_ymd_opt(year, first_month, first_day)?, None, end));
        }
        let (last_day, after) = day_number(tokens, dash(tokens, after)?)?;
        let (last_month, after) = month_after(tokens, after)?;
        let (year, end) = year_after(tokens, after)?;
        let first = NaiveDate::from_ymd_opt(year, first_month, first_day)?;
        let last = NaiveDate::from_ymd_opt(year, last_month, last_day)?;
        return (first < last).then_some((first, Some(last), end));
    }
    next = dash(tokens, next)?;
    let (last_day, after) = day_number(tokens, next)?;
    let (month, after) = month_after(tokens, after)?;
    let (year, end) = year_after(tokens, after)?;
    let first = NaiveDate::from_ymd_opt(year, month, first_day)?;
    let last = NaiveDate::from_ymd_opt(year, month, last_day)?;
    (first < last).then_some((first, Some(last), end))
}

/// `February 23rd, 2021`.
fn month_first(tokens: &[Token<'_>], at: usize) -> Option<Days> {
    let month = month(tokens.get(at)?)?;
    let (day, after) = day_number(tokens, at + 1)?;
    let (year, end) = year_after(tokens, after)?;
    Some((NaiveDate::from_ymd_opt(year, month, day)?, None, end))
}

fn weekday(tokens: &[Token<'_>], at: usize) -> (Option<Weekday>, usize) {
    let named = tokens.get(at).and_then(|t| match t.kind {
        Kind::Word(word) => weekday_named(word),
        Kind::Number(..) | Kind::Sign(_) => None,
    });
    if named.is_none() {
        return (None, at);
    }
    let mut next = at + 1;
    while tokens.get(next).is_some_and(|t| t.is_sign(',') || t.is_sign('.') || t.is_word("the")) {
        next += 1;
    }
    (named, next)
}

fn weekday_named(word: &str) -> Option<Weekday> {
    let word = word.to_ascii_lowercase();
    let known = matches!(
        word.as_str(),
        "monday"
            | "tuesday"
            | "wednesday"
            | "thursday"
            | "friday"
            | "saturday"
            | "sunday"
            | "mon"
            | "tue"
            | "tues"
            | "wed"
            | "thu"
            | "thur"
            | "thurs"
            | "fri"
            | "sat"
            | "sun"
    );
    known.then(|| word.get(..3)?.parse().ok()).flatten()
}

/// A day's number with an optional ordinal ending.
fn day_number(tokens: &[Token<'_>], at: usize) -> Option<(u32, usize)> {
    let day = tokens.get(at)?.number(2).filter(|day| (1..=31).contains(day))?;
    let ordinal = tokens.get(at + 1).is_some_and(|t| t.joined && ["st", "nd", "rd", "th"].iter().any(|ending| t.is_word(ending)));
    let next = at + 1 + usize::from(ordinal);
    let of = tokens.get(next).is_some_and(|t| t.is_word("of"));
    Some((day, next + usize::from(of)))
}

fn month_after(tokens: &[Token<'_>], at: usize) -> Option<(u32, usize)> {
    let month = month(tokens.get(at)?)?;
    // `Sept.`
    let stop = tokens.get(at + 1).is_some_and(|t| t.joined && t.is_sign('.'));
    Some((month, at + 1 + usize::from(stop)))
}

fn month(token: &Token<'_>) -> Option<u32> {
    const MONTHS: [&str; 12] = [
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
    let Kind::Word(word) = token.kind else { return None };
    let word = word.to_ascii_lowercase();
    let fits = |month: &str| month == word || month.get(..3) == Some(&word) || (word == "sept" && month == "september");
    let at = MONTHS.iter().position(|month| fits(month))?;
    u32::try_from(at + 1).ok()
}

fn year_after(tokens: &[Token<'_>], at: usize) -> Option<(i32, usize)> {
    let comma = usize::from(tokens.get(at)?.is_sign(','));
    Some((tokens.get(at + comma)?.year()?, at + comma + 1))
}

/// The place after a dash or "to".
fn dash(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    let token = tokens.get(at)?;
    (token.is_sign('-') || token.is_word("to") || token.is_word("and")).then_some(at + 1)
}
