//! Days as a text says them, with or without a weekday and a year: what two texts are compared by.

use super::part;
use super::token::{Kind, Token, tokens};
use super::{day, end_of_piece, may_hold_any, span};
use crate::rules::struck;
use chrono::Weekday;
use std::ops::Range;

/// A day of a month, with what stands beside it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SaidDay {
    /// The weekday, whether it is that day's or not.
    pub weekday: Option<Weekday>,
    /// The day of the month.
    pub day: u32,
    /// The month, from 1 on.
    pub month: u32,
    /// The year.
    pub year: Option<i32>,
    /// Which bytes of the text say so.
    pub span: Range<usize>,
}

/// Every day of a month in a text, in order, in small letters as well: "may" behind a number is the month.
#[must_use]
pub fn said(text: &str) -> Vec<SaidDay> {
    if !may_hold_any(text) {
        return Vec::new();
    }
    let text = struck::blanked(text);
    let (mut found, mut rest) = (Vec::new(), &*text);
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(end_of_piece(rest));
        let start = text.len() - rest.len();
        let tokens = tokens(piece);
        let mut at = 0;
        while at < tokens.len() {
            let Some((mut said, end)) = at_token(&tokens, at) else {
                at += 1;
                continue;
            };
            said.span = start + said.span.start..start + said.span.end;
            found.push(said);
            at = end.max(at + 1);
        }
        rest = after;
    }
    found
}

fn at_token(tokens: &[Token<'_>], at: usize) -> Option<(SaidDay, usize)> {
    let is_part_of_more = at > 0 && tokens.get(at)?.joined && day::glued(tokens.get(at - 1)?);
    if is_part_of_more {
        return None;
    }
    let (welsh, from) = welsh_weekday(tokens, at).map_or((None, at), |(weekday, from)| (Some(weekday), from));
    let (part, end) = part::in_any_case(tokens, from)?;
    let said = SaidDay {
        weekday: part.weekday.or(welsh),
        day: part.day,
        month: part.month?,
        year: part.year,
        span: span(tokens, at..end),
    };
    Some((said, end))
}

/// "Dydd Mawrth", "nos Iau"; and the word after it.
fn welsh_weekday(tokens: &[Token<'_>], at: usize) -> Option<(Weekday, usize)> {
    const DAYS: [(&str, Weekday); 7] = [
        ("llun", Weekday::Mon),
        ("mawrth", Weekday::Tue),
        ("mercher", Weekday::Wed),
        ("iau", Weekday::Thu),
        ("gwener", Weekday::Fri),
        ("sadwrn", Weekday::Sat),
        ("sul", Weekday::Sun),
    ];
    let opens = tokens.get(at).is_some_and(|token| token.is_word("dydd") || token.is_word("nos"));
    let Kind::Word(word) = tokens.get(at + 1).filter(|_| opens)?.kind else { return None };
    let (_, weekday) = DAYS.iter().find(|(name, _)| word.eq_ignore_ascii_case(name))?;
    let comma = usize::from(tokens.get(at + 2).is_some_and(|token| token.is_sign(',')));
    Some((*weekday, at + 2 + comma))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_with_or_without_its_weekday_and_its_year_in_english_and_in_welsh() {
        let check = |text: &str, weekday, year| {
            let found = said(&format!("the board meets on {text} in the hall"));
            let Some(said) = found.first() else { panic!("{text}") };
            assert_eq!((found.len(), said.weekday, said.day, said.month, said.year), (1, weekday, 8, 12, year), "{text}");
        };
        let tuesday = Some(Weekday::Tue);
        for text in ["8 december", "8th December", "the 8th of dec"] {
            check(text, None, None);
            check(&format!("Tuesday {text}"), tuesday, None);
            check(&format!("tues, {text},"), tuesday, None);
            check(&format!("{text} 2026"), None, Some(2026));
        }
        check("tuesday, 8th december 2026", tuesday, Some(2026));
        check("08/12/2026", None, Some(2026));
        check("2026-12-08", None, Some(2026));
        check("8 rhagfyr", None, None);
        check("dydd Mawrth 8 Rhagfyr", tuesday, None);
        check("nos fawrth 8fed rhagfyr 2026", None, Some(2026));
        for text in ["8 people", "room 8", "december", "1.8.2 december", "item 8", ""] {
            assert_eq!(said(text), [], "{text}");
        }
    }
}
