//! The tags of a page in one linear pass, found as the HTML tokenizer finds them (HTML §13.2.5): comments, quoted
//! attribute values and the raw text of scripts and styles hold none.

use super::name::{Content, Name};
use memchr::{memchr, memmem};
use std::ops::Range;

/// Attributes on one tag; the tokenizer compares each new one with all before it.
pub(super) const ATTRIBUTES_MAX: usize = 400;

/// One start or end tag.
pub(super) struct Tag<'a> {
    pub(super) name: Name<'a>,
    /// Whether it is an end tag.
    pub(super) ends: bool,
    /// `<path/>` within foreign content.
    pub(super) closes_itself: bool,
    /// How many attributes it has.
    pub(super) attributes: usize,
    /// Where it stands.
    pub(super) span: Range<usize>,
    /// The raw text that it opens.
    pub(super) raw: Range<usize>,
}

/// The tags of a page, in order.
pub(super) struct Tags<'a> {
    markup: &'a str,
    at: usize,
    foreign: usize,
}

impl<'a> Tags<'a> {
    pub(super) fn of(markup: &'a str) -> Self {
        Self { markup, at: 0, foreign: 0 }
    }

    fn rest(&self, from: usize) -> &'a str {
        self.markup.get(from..).unwrap_or_default()
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.markup.as_bytes().get(at).copied()
    }

    /// The position after the next `needle`, or the end.
    fn after(&self, from: usize, needle: u8) -> usize {
        memchr(needle, self.rest(from).as_bytes()).map_or(self.markup.len(), |found| from + found + 1)
    }

    fn after_comment(&self, open: usize) -> usize {
        let from = open + 4;
        for abrupt in [">", "->"] {
            if self.rest(from).starts_with(abrupt) {
                return from + abrupt.len();
            }
        }
        let mut at = from;
        while let Some(found) = memmem::find(self.rest(at).as_bytes(), b"--") {
            at += found + 2;
            if self.byte(at) == Some(b'>') {
                return at + 1;
            }
            if self.rest(at).starts_with("!>") {
                return at + 2;
            }
            at -= 1;
        }
        self.markup.len()
    }

    fn tag(&self, open: usize, ends: bool) -> Tag<'a> {
        let from = open + 1 + usize::from(ends);
        let length = self.rest(from).bytes().take_while(|b| !b.is_ascii_whitespace() && !matches!(b, b'/' | b'>')).count();
        let name = Name::of(self.rest(from).get(..length).unwrap_or_default());
        let (close, attributes) = self.attributes(from + length);
        let closes_itself = !ends && self.foreign > 0 && close >= 2 && self.byte(close - 2) == Some(b'/');
        Tag { name, ends, closes_itself, attributes, span: open..close, raw: close..close }
    }

    /// The position after the tag's `>`, and the number of its attributes.
    fn attributes(&self, from: usize) -> (usize, usize) {
        let mut at = from;
        let mut count = 0;
        let mut state = In::Gap;
        while let Some(byte) = self.byte(at) {
            at += 1;
            state = match (state, byte) {
                (_, b'>') => return (at, count),
                (In::Value, b'"' | b'\'') => {
                    at = self.after(at, byte);
                    In::Gap
                }
                (In::Value, _) if byte.is_ascii_whitespace() => In::Value,
                (In::Value | In::Bare, _) => {
                    if byte.is_ascii_whitespace() {
                        In::Gap
                    } else {
                        In::Bare
                    }
                }
                (In::Name | In::AfterName, b'=') => In::Value,
                (_, b'/') => In::Gap,
                (In::Name | In::AfterName, _) if byte.is_ascii_whitespace() => In::AfterName,
                (In::Gap, _) if byte.is_ascii_whitespace() => In::Gap,
                (In::Name, _) => In::Name,
                (In::Gap | In::AfterName, _) => {
                    count += 1;
                    In::Name
                }
            };
        }
        (self.markup.len(), count)
    }

    /// Skips the raw text of an element that has just been opened.
    fn skip_raw(&mut self, name: &Name<'_>) {
        let mut from = self.at;
        while let Some(found) = memmem::find(self.rest(from).as_bytes(), b"</") {
            from += found + 2;
            if name.begins(self.rest(from)) {
                self.at = from - 2;
                return;
            }
        }
        self.at = self.markup.len();
    }

    fn follow_foreign(&mut self, tag: &Tag<'_>) {
        match tag.name.content {
            Content::Foreign if tag.ends => self.foreign = self.foreign.saturating_sub(1),
            Content::Foreign => self.foreign += usize::from(!tag.closes_itself),
            Content::EndsForeign if !tag.ends => self.foreign = 0,
            Content::EndsForeign | Content::Raw | Content::Usual => {}
        }
    }
}

/// Where in a tag the scan is.
#[derive(Clone, Copy)]
enum In {
    Gap,
    Name,
    AfterName,
    Value,
    Bare,
}

impl<'a> Iterator for Tags<'a> {
    type Item = Tag<'a>;

    fn next(&mut self) -> Option<Tag<'a>> {
        loop {
            let open = self.at + memchr(b'<', self.rest(self.at).as_bytes())?;
            let ends = match self.byte(open + 1)? {
                b'!' if self.rest(open).starts_with("<!--") => {
                    self.at = self.after_comment(open);
                    continue;
                }
                b'/' if self.byte(open + 2).is_some_and(|b| b.is_ascii_alphabetic()) => true,
                b'!' | b'?' | b'/' => {
                    self.at = self.after(open, b'>');
                    continue;
                }
                b if b.is_ascii_alphabetic() => false,
                _ => {
                    self.at = open + 1;
                    continue;
                }
            };
            let mut tag = self.tag(open, ends);
            self.at = tag.span.end;
            self.follow_foreign(&tag);
            if !ends && self.foreign == 0 && tag.name.content == Content::Raw {
                self.skip_raw(&tag.name);
                tag.raw.end = self.at;
            }
            return Some(tag);
        }
    }
}
