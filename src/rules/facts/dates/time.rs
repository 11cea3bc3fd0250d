//! The times that stand beside a day: "10am - 12:30pm, Tuesday 25 February 2020", "at 7.30pm", "T10:00".

use super::token::{Kind, Token};
use chrono::NaiveTime;
use std::ops::Range;

/// Times beside a day, and the tokens of day and times together.
pub(super) struct Beside {
    pub(super) start: Option<NaiveTime>,
    pub(super) end: Option<NaiveTime>,
    pub(super) tokens: Range<usize>,
}

/// A time of day as written.
#[derive(Clone, Copy)]
struct Clock {
    hour: u32,
    minute: u32,
    /// Whether it says am or pm, noon, or has a colon: enough to be a time by itself.
    certain: bool,
    /// Whether a full stop parts hour and minute.
    dotted: bool,
    half: Option<Half>,
    end: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Am,
    Pm,
}

impl Clock {
    fn time(self, inherited: Option<Half>) -> Option<NaiveTime> {
        let hour = match self.half.or(inherited) {
            None => self.hour,
            Some(_) if self.hour == 0 || self.hour > 12 => return None,
            Some(Half::Am) => self.hour % 12,
            Some(Half::Pm) => self.hour % 12 + 12,
        };
        NaiveTime::from_hms_opt(hour, self.minute, 0)
    }
}

/// The times after, or else before, the day that the tokens `from..to` name. `free_from`: the first token that belongs to
/// no date before.
pub(super) fn beside(tokens: &[Token<'_>], from: usize, to: usize, free_from: usize) -> Beside {
    let after = connected(tokens, to);
    if let Some((start, end, stop)) = span_of(tokens, after, true) {
        return Beside { start: Some(start), end, tokens: from..stop };
    }
    // The times may come first; the longest run that ends at the day counts.
    for begin in from.saturating_sub(12).max(free_from)..from {
        let Some((start, end, stop)) = span(tokens, begin) else { continue };
        if connected(tokens, stop) == from {
            return Beside { start: Some(start), end, tokens: begin..from.max(to) };
        }
    }
    Beside { start: None, end: None, tokens: from..to }
}

/// Words that may stand between a day and a time.
const BETWEEN: &[&str] =
    &["at", "from", "on", "T", "between", "commencing", "starting", "starts", "start", "beginning", "begins", "time"];

/// The place after what may stand between a day and a time.
fn connected(tokens: &[Token<'_>], mut at: usize) -> usize {
    let between = |t: &Token<'_>| match t.kind {
        Kind::Sign(sign) => matches!(sign, '-' | ',' | '(' | ':' | '@' | '|' | ';' | '/' | '·' | '•'),
        Kind::Word(word) => BETWEEN.iter().any(|known| known.eq_ignore_ascii_case(word)),
        Kind::Number(..) => false,
    };
    let limit = at + 4;
    while at < limit && tokens.get(at).is_some_and(between) {
        at += 1;
    }
    at
}

/// A time, or two with a dash between.
pub(super) fn span(tokens: &[Token<'_>], at: usize) -> Option<(NaiveTime, Option<NaiveTime>, usize)> {
    span_of(tokens, at, false)
}

/// The same. `beside_day`: it stands behind a day or a label, so that "18.00" is a time, which may be a price elsewhere.
pub(super) fn span_of(tokens: &[Token<'_>], at: usize, beside_day: bool) -> Option<(NaiveTime, Option<NaiveTime>, usize)> {
    /// Before this hour "2.30" may be in the afternoon.
    const FIRST_HOUR: u32 = 8;
    /// What else a number with two decimals may be of.
    const UNITS: &[&str] = &["billion", "bn", "gb", "k", "kb", "km", "m", "mb", "miles", "million"];
    let read = |at: usize| {
        let clock = clock(tokens, at)?;
        let is_measured =
            tokens.get(clock.end).is_some_and(|unit| UNITS.iter().any(|known| unit.is_word(known)) || unit.is_sign('%'));
        // "10.05.2026".
        let goes_on = matches!(tokens.get(clock.end..clock.end + 2), Some([sign, number]) if sign.joined && sign.is_sign('.')
            && number.joined && matches!(number.kind, Kind::Number(..)));
        let is_dotted = clock.dotted && clock.hour >= FIRST_HOUR && clock.minute % 5 == 0 && !is_measured && !goes_on;
        Some(Clock { certain: clock.certain || beside_day && is_dotted, ..clock })
    };
    let first = read(at)?;
    let is_between = at.checked_sub(1).and_then(|before| tokens.get(before)).is_some_and(|t| t.is_word("between"));
    let joins = |t: &&Token<'_>| {
        t.is_sign('-') || ["to", "until", "till"].iter().any(|word| t.is_word(word)) || (is_between && t.is_word("and"))
    };
    let dash = tokens.get(first.end).filter(joins);
    let second = dash.and_then(|_| read(first.end + 1)).filter(|second| second.certain);
    if let Some(second) = second {
        let end = second.time(None)?;
        // "10 - 11.30am": the first takes the second's half of the day unless that would turn the span round.
        let start = first.time(second.half).filter(|start| *start < end);
        let start = start.or_else(|| first.time(Some(Half::Am)).filter(|s| first.half.is_none() && *s < end))?;
        return Some((if first.half.is_some() { first.time(None)? } else { start }, Some(end), second.end));
    }
    first.certain.then(|| first.time(None)).flatten().map(|time| (time, None, first.end))
}

/// `7pm`, `7.30 p.m.`, `10:00`, `12 noon`, `midday`.
fn clock(tokens: &[Token<'_>], at: usize) -> Option<Clock> {
    let token = tokens.get(at)?;
    if token.is_word("noon") || token.is_word("midday") {
        return Some(Clock { hour: 12, minute: 0, certain: true, dotted: false, half: None, end: at + 1 });
    }
    if let (Kind::Number(4, hhmm), Some(unit)) = (token.kind, tokens.get(at + 1))
        && ["hrs", "hours", "h"].iter().any(|word| unit.is_word(word))
    {
        return Some(Clock { hour: hhmm / 100, minute: hhmm % 100, certain: true, dotted: false, half: None, end: at + 2 });
    }
    let hour = token.number(2).filter(|hour| *hour < 24)?;
    let mut clock = Clock { hour, minute: 0, certain: false, dotted: false, half: None, end: at + 1 };
    if let Some([separator, minute]) = tokens.get(at + 1..at + 3)
        && separator.joined
        && minute.joined
        && let Kind::Number(2, value @ 0..60) = minute.kind
        && let Kind::Sign(sign @ (':' | '.')) = separator.kind
    {
        clock.minute = value;
        (clock.certain, clock.dotted) = (sign == ':', sign == '.');
        clock.end = at + 3;
        clock.end = after_seconds(tokens, clock.end);
        // "19.00 hrs", "09:30 hours"; "2.30 hours" are how long something takes.
        let is_unit = |unit: &Token<'_>| ["hrs", "hours", "h"].iter().any(|word| unit.is_word(word));
        if matches!(token.kind, Kind::Number(2, _)) && tokens.get(clock.end).is_some_and(is_unit) {
            clock.certain = true;
            clock.end += 1;
            return Some(clock);
        }
    }
    if let Some((half, end)) = half(tokens, clock.end) {
        clock.half = Some(half);
        clock.certain = true;
        clock.end = end;
    }
    if tokens.get(clock.end).is_some_and(|t| t.is_word("noon") || t.is_word("midday")) && clock.hour == 12 {
        clock.certain = true;
        clock.end += 1;
    }
    Some(clock)
}

fn after_seconds(tokens: &[Token<'_>], at: usize) -> usize {
    match tokens.get(at..at + 2) {
        Some([colon, seconds]) if colon.joined && colon.is_sign(':') && matches!(seconds.kind, Kind::Number(2, 0..=60)) => at + 2,
        _ => at,
    }
}

fn half(tokens: &[Token<'_>], at: usize) -> Option<(Half, usize)> {
    let token = tokens.get(at)?;
    // In Welsh "y bore", "y prynhawn" and "yr hwyr".
    let halves = [
        (Half::Am, "am", ["a", "m"]),
        (Half::Pm, "pm", ["p", "m"]),
        (Half::Am, "yb", ["y", "b"]),
        (Half::Pm, "yp", ["y", "p"]),
        (Half::Pm, "yh", ["y", "h"]),
    ];
    for (half, whole, [first, second]) in halves {
        if token.is_word(whole) {
            return Some((half, at + 1));
        }
        let spelt = tokens.get(at + 1).is_some_and(|t| t.joined && t.is_sign('.'))
            && tokens.get(at + 2).is_some_and(|t| t.joined && t.is_word(second));
        if token.is_word(first) && spelt {
            let stop = tokens.get(at + 3).is_some_and(|t| t.joined && t.is_sign('.'));
            return Some((half, at + 3 + usize::from(stop)));
        }
    }
    None
}
