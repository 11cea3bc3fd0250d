//! One day as it is written, with as much of weekday, month and year as stands with it.

use super::token::{Kind, Token};
use chrono::Weekday;

/// What is written of one day.
#[derive(Clone, Copy)]
pub(super) struct Part {
    pub(super) weekday: Option<Weekday>,
    pub(super) day: u32,
    pub(super) month: Option<u32>,
    pub(super) year: Option<i32>,
}

/// The day that begins at token `at`, and the token after it.
pub(super) fn at(tokens: &[Token<'_>], at: usize) -> Option<(Part, usize)> {
    read(tokens, at, false)
}

/// The same of a text that may be in small letters throughout.
pub(super) fn in_any_case(tokens: &[Token<'_>], at: usize) -> Option<(Part, usize)> {
    read(tokens, at, true)
}

fn read(tokens: &[Token<'_>], at: usize, is_lowered: bool) -> Option<(Part, usize)> {
    let (weekday, from) = weekday(tokens, at);
    let (part, end) = match tokens.get(from)?.kind {
        Kind::Number(1 | 2 | 4, _) => figures(tokens, from).or_else(|| written(tokens, from, is_lowered))?,
        Kind::Word(_) => month_first(tokens, from).or_else(|| written(tokens, from, is_lowered))?,
        Kind::Number(..) | Kind::Sign(_) => return None,
    };
    Some((Part { weekday, ..part }, end))
}

/// `15/12/2022`, `01/Sep/2026`, `3-8-2026`, `3.4.2024`, `3/4/24`, `2026-04-27`.
fn figures(tokens: &[Token<'_>], at: usize) -> Option<(Part, usize)> {
    let [first, separator, middle, second, last] = tokens.get(at..at + 5)? else { return None };
    let Kind::Sign(sign @ ('/' | '-' | '.')) = separator.kind else { return None };
    if !second.is_sign(sign) || ![separator, middle, second, last].iter().all(|t| t.joined) {
        return None;
    }
    let named = month(middle);
    let month = middle.number(2).or(named)?;
    // "1.5.24" is a paragraph's number; "01.05.24" is a day.
    let padded = [first, middle].iter().all(|t| matches!(t.kind, Kind::Number(2, _)));
    let short_year = || last.short_year().filter(|_| sign != '.' || padded);
    let (day, year) = match (first.year(), last.year().or_else(short_year)) {
        (Some(year), _) if sign != '.' => (last.number(2)?, year),
        (None, Some(year)) => (first.number(2)?, year),
        _ => return None,
    };
    // `1.2.2020.4`, `12/10/2020/5` and `22/01/23/FUL` are no dates.
    let goes_on = tokens.get(at + 5).is_some_and(|n| n.joined && n.is_sign(sign))
        && tokens.get(at + 6).is_some_and(|n| n.joined && !matches!(n.kind, Kind::Sign(_)));
    (!goes_on).then_some((Part { weekday: None, day, month: Some(month), year: Some(year) }, at + 5))
}

/// `23rd February 2021`, `the 15th of December, 2022`, `31st-Mar-2025`, `5 March`, `5th`.
fn written(tokens: &[Token<'_>], at: usize, is_lowered: bool) -> Option<(Part, usize)> {
    let (day, after_day) = day_number(tokens, at)?;
    let bare = (Part { weekday: None, day, month: None, year: None }, after_day);
    let hyphen = usize::from(tokens.get(after_day).is_some_and(|t| t.joined && t.is_sign('-')));
    let Some((month, after_month)) = month_after(tokens, after_day + hyphen, hyphen > 0) else { return Some(bare) };
    if let Some((year, end)) = year_after(tokens, after_month) {
        return Some((Part { month: Some(month), year: Some(year), ..bare.0 }, end));
    }
    let named = tokens.get(after_day + hyphen)?;
    // Without a year, "12 may apply" and "3 March 20245" are no days.
    let is_name = is_lowered || matches!(named.kind, Kind::Word(word) if word.starts_with(char::is_uppercase));
    let numbered = tokens.get(after_month).is_some_and(|t| matches!(t.kind, Kind::Number(3.., _)));
    if !is_name || numbered {
        return None;
    }
    Some((Part { month: Some(month), ..bare.0 }, after_month))
}

/// `February 23rd, 2021`.
fn month_first(tokens: &[Token<'_>], at: usize) -> Option<(Part, usize)> {
    let (month, next) = month_after(tokens, at, false)?;
    let (day, after) = day_number(tokens, next)?;
    let comma = usize::from(tokens.get(after)?.is_sign(','));
    let year = tokens.get(after + comma)?.year()?;
    Some((Part { weekday: None, day, month: Some(month), year: Some(year) }, after + comma + 1))
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
    const SHORT: &[&str] = &["mon", "tue", "tues", "wed", "weds", "thu", "thur", "thurs", "fri", "sat", "sun"];
    let may_be_one = matches!(word.as_bytes().first()?.to_ascii_lowercase(), b'm' | b't' | b'w' | b'f' | b's');
    if !may_be_one || !(3..=9).contains(&word.len()) {
        return None;
    }
    let is_whole = word.get(word.len() - 3..).is_some_and(|end| end.eq_ignore_ascii_case("day"));
    if !is_whole && !SHORT.iter().any(|short| short.eq_ignore_ascii_case(word)) {
        return None;
    }
    word.parse().ok().or_else(|| word.get(..3)?.parse().ok().filter(|_| !is_whole))
}

/// What makes a number an ordinal, in English and in Welsh.
const ORDINALS: &[&str] = &["st", "nd", "rd", "th", "af", "ail", "il", "ydd", "ed", "fed", "eg", "ain"];

/// A day's number with an optional ordinal ending.
fn day_number(tokens: &[Token<'_>], at: usize) -> Option<(u32, usize)> {
    let at = at + usize::from(tokens.get(at)?.is_word("the"));
    let day = tokens.get(at)?.number(2).filter(|day| *day <= 99)?;
    let ordinal = tokens.get(at + 1).is_some_and(|t| t.joined && ORDINALS.iter().any(|ending| t.is_word(ending)));
    let mut next = at + 1 + usize::from(ordinal);
    for word in ["day", "of", "o"] {
        next += usize::from(tokens.get(next).is_some_and(|t| t.is_word(word)));
    }
    Some((day, next))
}

fn month_after(tokens: &[Token<'_>], at: usize, joined: bool) -> Option<(u32, usize)> {
    let named = tokens.get(at).filter(|t| t.joined || !joined)?;
    let month = month(named)?;
    // `Sept.`
    let stop = tokens.get(at + 1).is_some_and(|t| t.joined && t.is_sign('.'));
    Some((month, at + 1 + usize::from(stop)))
}

/// The month, 1 to 12, that a word names in full or by its first letters.
pub(super) fn month(token: &Token<'_>) -> Option<u32> {
    if let Kind::Word(word) = token.kind { month_named(word) } else { None }
}

/// The same of a word alone. In Welsh, as Welsh councils' pages have them, in full.
pub(crate) fn month_named(word: &str) -> Option<u32> {
    let [first, second, third, ..] = word.as_bytes() else { return None };
    // Most words are told from all of them by these.
    let (month, in_full) = match [first, second, third].map(u8::to_ascii_lowercase) {
        [b'j', b'a', b'n'] => (1, "january"),
        [b'f', b'e', b'b'] => (2, "february"),
        [b'm', b'a', b'r'] => (3, "march"),
        [b'a', b'p', b'r'] => (4, "april"),
        [b'm', b'a', b'y'] => (5, "may"),
        [b'j', b'u', b'n'] => (6, "june"),
        [b'j', b'u', b'l'] => (7, "july"),
        [b'a', b'u', b'g'] => (8, "august"),
        [b's', b'e', b'p'] => (9, "september"),
        [b'o', b'c', b't'] => (10, "october"),
        [b'n', b'o', b'v'] => (11, "november"),
        [b'd', b'e', b'c'] => (12, "december"),
        _ => return welsh_month_named(word),
    };
    let is_short = word.len() == 3 || word.eq_ignore_ascii_case("sept");
    (is_short || word.eq_ignore_ascii_case(in_full)).then_some(month)
}

/// By how it begins, also behind "of": "6ed o Fai".
fn welsh_month_named(word: &str) -> Option<u32> {
    let [first, second, third, ..] = word.as_bytes() else { return None };
    let (month, in_full) = match [first, second, third].map(u8::to_ascii_lowercase) {
        [b'i', b'o', b'n'] => (1, "ionawr"),
        [b'c', b'h', b'w'] => (2, "chwefror"),
        [b'f', b'a', b'w'] => (3, "fawrth"),
        [b'e', b'b', b'r'] => (4, "ebrill"),
        [b'm', b'a', b'i'] => (5, "mai"),
        [b'f', b'a', b'i'] => (5, "fai"),
        [b'm', b'e', b'h'] => (6, "mehefin"),
        [b'f', b'e', b'h'] => (6, "fehefin"),
        [b'g', b'o', b'r'] => (7, "gorffennaf"),
        [b'o', b'r', b'f'] => (7, "orffennaf"),
        [b'a', b'w', b's'] => (8, "awst"),
        [b'm', b'e', b'd'] => (9, "medi"),
        [b'f', b'e', b'd'] => (9, "fedi"),
        [b'h', b'y', b'd'] => (10, "hydref"),
        [b't', b'a', b'c'] => (11, "tachwedd"),
        [b'd', b'a', b'c'] => (11, "dachwedd"),
        [b'r', b'h', b'a'] => (12, "rhagfyr"),
        [b'r', b'a', b'g'] => (12, "ragfyr"),
        [b'm', b'a', b'w'] => (3, "mawrth"),
        _ => return None,
    };
    word.eq_ignore_ascii_case(in_full).then_some(month)
}

/// `2021`, `, 2021`, `-2021`, `'21`, and `21` where the words end there.
fn year_after(tokens: &[Token<'_>], at: usize) -> Option<(i32, usize)> {
    let next = tokens.get(at)?;
    let parted = next.is_sign(',') || (next.joined && next.is_sign('-'));
    let year = at + usize::from(parted);
    if let Some(named) = tokens.get(year).and_then(Token::year) {
        return Some((named, year + 1));
    }
    let apostrophe = ['\'', '’', '‘'].iter().any(|sign| tokens.get(at).is_some_and(|t| t.is_sign(*sign)));
    let short = at + usize::from(apostrophe || next.is_sign('-'));
    let named = tokens.get(short)?.short_year()?;
    // "5 March 10:00" and "3 May 20 people" name no year.
    let ends = tokens.get(short + 1).is_none_or(|t| {
        let decimal = tokens.get(short + 2).is_some_and(|n| n.joined && matches!(n.kind, Kind::Number(..)));
        matches!(t.kind, Kind::Sign(',' | ')' | ']' | ';' | '.' | '|' | '·' | '•')) && !(decimal && t.is_sign('.') && t.joined)
    });
    (ends || apostrophe).then_some((named, short + 1))
}
