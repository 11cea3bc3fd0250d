//! Words, numbers and signs with their places: what the date reader looks at.

use std::ops::Range;

/// One word, number or sign.
#[derive(Clone, Debug)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind<'a>,
    /// Where it stands in the text.
    pub(super) span: Range<usize>,
    /// Whether it follows the token before without a space.
    pub(super) joined: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind<'a> {
    /// Letters.
    Word(&'a str),
    /// Digits: how many, and their value.
    Number(usize, u32),
    /// Anything else; every dash is `-`.
    Sign(char),
}

impl Token<'_> {
    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self.kind, Kind::Word(own) if own.eq_ignore_ascii_case(word))
    }

    pub(super) fn is_sign(&self, sign: char) -> bool {
        self.kind == Kind::Sign(sign)
    }

    /// The value of a number of at most `digits` digits.
    pub(super) fn number(&self, digits: usize) -> Option<u32> {
        match self.kind {
            Kind::Number(length, value) if length <= digits => Some(value),
            Kind::Word(_) | Kind::Number(..) | Kind::Sign(_) => None,
        }
    }

    /// A year of four digits that a council may name.
    pub(super) fn year(&self) -> Option<i32> {
        match self.kind {
            Kind::Number(4, value) if (1900..2200).contains(&value) => i32::try_from(value).ok(),
            Kind::Word(_) | Kind::Number(..) | Kind::Sign(_) => None,
        }
    }

    /// A year of two digits: this century's.
    pub(super) fn short_year(&self) -> Option<i32> {
        match self.kind {
            Kind::Number(2, value) => i32::try_from(value).ok().map(|value| 2000 + value),
            Kind::Word(_) | Kind::Number(..) | Kind::Sign(_) => None,
        }
    }
}

/// The tokens of a text.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut out: Vec<Token<'_>> = Vec::new();
    let mut chars = text.char_indices().peekable();
    let mut spaced = true;
    while let Some((start, c)) = chars.next() {
        if c.is_whitespace() {
            spaced = true;
            continue;
        }
        let same: fn(char) -> bool = if c.is_ascii_digit() {
            |c| c.is_ascii_digit()
        } else if c.is_alphabetic() {
            char::is_alphabetic
        } else {
            |_| false
        };
        let mut end = start + c.len_utf8();
        while let Some((at, next)) = chars.next_if(|(_, next)| same(*next)) {
            end = at + next.len_utf8();
        }
        let piece = text.get(start..end).unwrap_or_default();
        let kind = if c.is_ascii_digit() {
            // Longer numbers are no part of a date; their value does not matter.
            Kind::Number(piece.len(), piece.parse().unwrap_or(u32::MAX))
        } else if c.is_alphabetic() {
            Kind::Word(piece)
        } else {
            Kind::Sign(if matches!(c, '‐'..='―' | '−') { '-' } else { c })
        };
        out.push(Token { kind, span: start..end, joined: !spaced });
        spaced = false;
    }
    out
}
