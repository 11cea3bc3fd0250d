//! By when something is to be done: "no later than 20 December 2022", "by April 2021", "by the end of 2026".

use super::day;
use super::part;
use super::sight;
use super::token::{Kind, Token, tokens};
use crate::domain::due::Due;
use chrono::{Datelike, Months, NaiveDate};
use std::ops::Range;

/// A date before which, or on which, something is to be done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deadline {
    /// As exact as the words.
    pub due: Due,
    /// Whether the words call it a deadline or target themselves.
    pub called_so: bool,
    /// Which bytes of the text say so, from "by" on.
    pub span: Range<usize>,
}

/// Words after which "on 7 June" is the day of something that is then done.
const DONE: &[&str] = &[
    "implemented",
    "introduced",
    "launched",
    "live",
    "completed",
    "delivered",
    "operational",
    "finished",
    "published",
    "submitted",
];
/// Words that may stand between "by" and the date.
const BETWEEN: &[&str] = &[
    "the",
    "of",
    "end",
    "start",
    "beginning",
    "middle",
    "early",
    "mid",
    "late",
    "latest",
    "at",
    "on",
    "no",
    "later",
    "than",
    "close",
    "business",
    "noon",
    "midday",
    "midnight",
    "am",
    "pm",
];
/// Most tokens between "by" and the date: "by no later than 12 noon on the".
const BETWEEN_MAX: usize = 10;
/// Most tokens between "Deadline" and its colon.
const CALLED_MAX: usize = 8;

/// The deadlines that a sentence names, in order. `after`: from when on a day or month without a year is looked for.
#[must_use]
pub fn deadlines(sentence: &str, after: Option<NaiveDate>) -> Vec<Deadline> {
    if !sight::times(sentence) {
        return Vec::new();
    }
    let tokens = tokens(sentence);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let named = cue(&tokens, at).and_then(|(next, called_so)| {
            let (due, end) = due(&tokens, next, after)?;
            Some((Deadline { due, called_so, span: super::span(&tokens, at..end) }, end))
        });
        match named {
            Some((deadline, end)) => {
                found.push(deadline);
                at = end.max(at + 1);
            }
            None => at += 1,
        }
    }
    found
}

/// Whether a deadline is announced at `at`: the token after the announcing words, and whether they say "deadline".
fn cue(tokens: &[Token<'_>], at: usize) -> Option<(usize, bool)> {
    let word = |at: usize, words: &[&str]| tokens.get(at).is_some_and(|t| words.iter().any(|w| t.is_word(w)));
    if word(at, &["by", "before"]) {
        return Some((at + 1, false));
    }
    if word(at, &["no", "not"]) && word(at + 1, &["later"]) && word(at + 2, &["than"]) {
        return Some((at + 3, false));
    }
    if word(at, &["deadline", "target"]) {
        let rest = tokens.get(at + 1..)?.iter().take(CALLED_MAX);
        let says = rest.into_iter().position(|t| t.is_sign(':') || t.is_word("is") || t.is_word("of"))?;
        return Some((at + 1 + says + 1, true));
    }
    let done = at.checked_sub(1).is_some_and(|before| word(before, DONE))
        || at.checked_sub(2).is_some_and(|before| word(before, &["in"]) && word(before + 1, &["place"]));
    (word(at, &["on", "in"]) && done).then_some((at + 1, false))
}

fn due(tokens: &[Token<'_>], from: usize, after: Option<NaiveDate>) -> Option<(Due, usize)> {
    let mut by_its_end = false;
    for at in from..from + BETWEEN_MAX {
        if let Some(found) = day::at(tokens, at, after) {
            let day = found.days.first().filter(|day| !day.weekday_differs)?;
            return Some((Due::Day(day.last.unwrap_or(day.first)), found.end));
        }
        if let Some(found) = month(tokens, at, after, by_its_end).or_else(|| year(tokens, at, by_its_end)) {
            return Some(found);
        }
        let token = tokens.get(at)?;
        // "12 noon on", "5.30pm on": a time of day.
        let clock =
            token.number(2).is_some() || token.is_sign('.') || token.is_sign(':') || token.is_sign('-') || token.is_sign(',');
        if !clock && !BETWEEN.iter().any(|word| token.is_word(word)) {
            return None;
        }
        by_its_end |= token.is_word("end");
    }
    None
}

/// `April 2021`, `Sept. 2025`, `September`.
fn month(tokens: &[Token<'_>], at: usize, after: Option<NaiveDate>, by_its_end: bool) -> Option<(Due, usize)> {
    let named = tokens.get(at)?;
    let month = part::month(named)?;
    let stop = usize::from(tokens.get(at + 1).is_some_and(|t| t.joined && t.is_sign('.')));
    let next = tokens.get(at + 1 + stop);
    let comma = usize::from(next.is_some_and(|t| t.is_sign(',')));
    let (first, end) = if let Some(year) = tokens.get(at + 1 + stop + comma).and_then(Token::year) {
        (NaiveDate::from_ymd_opt(year, month, 1)?, at + 1 + stop + comma + 1)
    } else {
        // "by March 25" may be a day or a year, "by May the work" is a month, "by may" is none.
        let is_name = matches!(named.kind, Kind::Word(word) if word.starts_with(char::is_uppercase));
        let numbered = next.is_some_and(|t| matches!(t.kind, Kind::Number(..)) || t.is_sign('/'));
        let after = after.filter(|_| is_name && !numbered)?;
        let year = if month >= after.month() { after.year() } else { after.year() + 1 };
        (NaiveDate::from_ymd_opt(year, month, 1)?, at + 1)
    };
    let last = first.checked_add_months(Months::new(1))?.pred_opt()?;
    Some((if by_its_end { Due::Day(last) } else { Due::Month(first) }, end))
}

/// `2030`, where it stands alone: "by 2006 regulations" and "by 2025/26" name no year.
fn year(tokens: &[Token<'_>], at: usize, by_its_end: bool) -> Option<(Due, usize)> {
    const GOES_ON: &[&str] = &["and", "or", "to", "with", "if", "as", "when", "in", "for", "at", "through", "but", "so"];
    let year = tokens.get(at)?.year()?;
    let alone = tokens.get(at + 1).is_none_or(|next| match next.kind {
        Kind::Word(_) => GOES_ON.iter().any(|word| next.is_word(word)),
        Kind::Number(..) => false,
        Kind::Sign(sign) => !matches!(sign, '/' | '-' | '–'),
    });
    let due = if by_its_end { Due::Day(NaiveDate::from_ymd_opt(year, 12, 31)?) } else { Due::Year(year) };
    alone.then_some((due, at + 1))
}
