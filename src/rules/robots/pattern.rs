//! One path of a robots.txt rule against one address, both in the same spelling (RFC 9309 §2.2.2 and §2.2.3).
//!
//! That spelling: letters, digits and `-._~` are never percent-encoded, what a URL may not hold always is, hex digits are
//! capitals. `*` and `$` of an address are encoded, so that only those of a pattern are special and `%2A` means the sign.

use std::fmt::Write;
use url::Url;

/// A path with `*` for anything and a final `$` for the end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Pattern {
    /// What stands between the stars.
    pieces: Vec<String>,
    ends: bool,
    octets: usize,
}

impl Pattern {
    pub(super) fn parse(written: &str) -> Self {
        let (path, ends) = written.strip_suffix('$').map_or((written, false), |path| (path, true));
        let normal = normalise(path.as_bytes(), Star::Special);
        Self { pieces: normal.split('*').map(str::to_owned).collect(), ends, octets: normal.len() + usize::from(ends) }
    }

    /// How specific it is: the longer of two rules decides.
    pub(super) fn octets(&self) -> usize {
        self.octets
    }

    /// Whether it matches `target`, a [`normal_target`]. Each piece is taken at its first place, so time is linear.
    pub(super) fn matches(&self, target: &str) -> bool {
        let Some((first, others)) = self.pieces.split_first() else { return true };
        let Some(mut rest) = target.strip_prefix(first.as_str()) else { return false };
        let Some((last, middle)) = others.split_last() else { return !self.ends || rest.is_empty() };
        for piece in middle {
            match rest.split_once(piece.as_str()) {
                Some((_, after)) => rest = after,
                None => return false,
            }
        }
        if self.ends { rest.ends_with(last.as_str()) } else { rest.contains(last.as_str()) }
    }
}

/// Path and query of `url` in the spelling that patterns are compared in.
pub(super) fn normal_target(url: &Url) -> String {
    let mut target = url.path().to_owned();
    if let Some(query) = url.query() {
        target.push('?');
        target.push_str(query);
    }
    normalise(target.as_bytes(), Star::Sign)
}

/// What a `*` is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Star {
    Special,
    Sign,
}

fn normalise(bytes: &[u8], star: Star) -> String {
    let mut out = String::with_capacity(bytes.len());
    let mut in_query = false;
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if let Some((octet, after)) = (byte == b'%').then(|| escaped_octet(rest)).flatten() {
            rest = after;
            // In a query these four delimit nothing (RFC 3986 §3.4), so both spellings are one; RFC 9309 §2.2.2 shows it.
            if is_unreserved(octet) || (in_query && matches!(octet, b':' | b'/' | b'?' | b'@')) {
                out.push(char::from(octet));
            } else {
                push_escaped(&mut out, octet);
            }
            continue;
        }
        in_query |= byte == b'?';
        let stands = match byte {
            b'*' => star == Star::Special,
            b'%' => true,
            _ => is_unreserved(byte) || is_delimiter(byte),
        };
        if stands {
            out.push(char::from(byte));
        } else {
            push_escaped(&mut out, byte);
        }
    }
    out
}

/// The octet whose two hex digits `rest` begins with, and what follows.
fn escaped_octet(rest: &[u8]) -> Option<(u8, &[u8])> {
    let (&[high, low], after) = rest.split_first_chunk::<2>()?;
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some((digit(high)? * 16 + digit(low)?, after))
}

fn push_escaped(out: &mut String, octet: u8) {
    // Writing to a string cannot fail.
    let _done = write!(out, "%{octet:02X}");
}

/// RFC 3986 §2.3.
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// RFC 3986 §2.2 without `*`, `$` and `'`, which URL parsers leave or encode as they like.
fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b':' | b'/' | b'?' | b'#' | b'[' | b']' | b'@' | b'!' | b'&' | b'(' | b')' | b'+' | b',' | b';' | b'=')
}
