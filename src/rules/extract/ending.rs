//! Whether all of a page came, though the answer was complete: a program that dies half-way sends half a page, and calls it
//! whole.
//!
//! HTML lets a document do without the end tags of `html` and `body` (§13.1.2.4), and some sites leave them out, or begin to
//! one day. So a page without them is judged by what it holds: whether everything in it that needs an end has one, and whether
//! it goes as far as another page did that was whole, to the same last words.

use crate::rules::paced::Paced;
use html5gum::{DefaultEmitter, Error, Token, Tokenizer};
use memchr::memmem::find;
use std::collections::{HashMap, HashSet};

/// How many of a page's last words are looked for in another.
const LAST_MAX: usize = 4;
/// Fewest letters and figures of words that are looked for.
const LETTERS_MIN: usize = 3;

/// How a page ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// It says where the document or its body ends.
    Closed,
    /// It does not, and everything else in it has come to its end.
    Settled,
    /// It stops within an element.
    Open,
    /// It stops within a tag, a comment, a script or a style.
    Torn,
    /// It is a part of a page, or none.
    Loose,
}

/// What is known of other pages, by which one is judged.
#[derive(Clone, Copy, Debug, Default)]
pub struct Examples<'a> {
    /// Whether the page, or others of its kind, said where they end when they were last read.
    pub closed_before: Option<bool>,
    /// The page as it was.
    pub before: Option<&'a [u8]>,
    /// Another page of the same site.
    pub sibling: Option<&'a [u8]>,
}

impl Ending {
    /// How these bytes end. What is written in units of two bytes is loose.
    #[must_use]
    pub fn of(body: &[u8]) -> Self {
        let lowered = body.to_ascii_lowercase();
        let holds = |tags: &[&str]| tags.iter().any(|tag| find(&lowered, tag.as_bytes()).is_some());
        if holds(&["</html", "</body"]) {
            Self::Closed
        } else if holds(&["<!doctype html", "<html", "<body"]) {
            Outline::of(&lowered).ending
        } else {
            Self::Loose
        }
    }

    /// Whether the page says where it ends, or is none that could.
    #[must_use]
    pub fn is_plain(self) -> bool {
        matches!(self, Self::Closed | Self::Loose)
    }

    /// Whether the page says where it ends.
    #[must_use]
    pub fn is_closed(self) -> bool {
        self == Self::Closed
    }

    /// Whether only the beginning of the page came, of which these are the bytes.
    #[must_use]
    pub fn is_cut(self, body: &[u8], examples: Examples<'_>) -> bool {
        let Examples { closed_before, before, sibling } = examples;
        if self.is_plain() || self == Self::Settled && closed_before != Some(true) {
            return false;
        }
        if self == Self::Torn && closed_before != Some(false) {
            return true;
        }
        let outline = |page: &[u8]| Outline::of(&page.to_ascii_lowercase());
        let body = outline(body);
        let reaches = |other: &[u8]| body.reaches(&outline(other));
        if let Some(before) = before {
            // A page that never closed what it opened goes on to end within the same.
            let was = outline(before);
            let ends_alike = closed_before == Some(false) && !was.open.is_empty() && body.open == was.open;
            return !(ends_alike || body.reaches(&was));
        }
        // Nothing that could be cut is open, and nothing says how the page ends elsewhere.
        let is_between = closed_before.is_none() && sibling.is_none() && body.is_between_parts;
        let is_told = self == Self::Settled || closed_before == Some(false) || is_between || sibling.is_some_and(reaches);
        !is_told
    }
}

/// A page's markup, as far as its end is concerned.
struct Outline {
    ending: Ending,
    /// What it says, piece by piece, letters and figures alone.
    lines: Vec<String>,
    /// The elements that are open where it stops, outermost first.
    open: Vec<Vec<u8>>,
    /// Whether it stops between two parts of its content, and not within one.
    is_between_parts: bool,
}

impl Outline {
    /// Whether it goes as far as `example`: to its last words, or most of those before them, that stand there only once.
    fn reaches(&self, example: &Self) -> bool {
        let mut times: HashMap<&str, usize> = HashMap::new();
        for line in &example.lines {
            *times.entry(line).or_default() += 1;
        }
        let is_one = |line: &&String| times.get(line.as_str()) == Some(&1);
        let mut last: Vec<&String> = example.lines.iter().rev().filter(is_one).take(LAST_MAX).collect();
        if last.is_empty() {
            last = example.lines.iter().rev().take(1).collect();
        }
        let there: HashSet<&String> = self.lines.iter().collect();
        let found = last.iter().filter(|line| there.contains(**line)).count();
        // What stands above the last line may be corrected; and of a list the last entries may have given way.
        let enough = if self.ending == Ending::Settled { found * 2 >= last.len() } else { found * 4 >= last.len() * 3 };
        last.first().is_some_and(|line| there.contains(*line)) || enough && found > 0
    }

    /// `markup`: in lower case.
    fn of(markup: &[u8]) -> Self {
        let mut emitter = DefaultEmitter::default();
        emitter.naively_switch_states(true);
        let mut open: Vec<Vec<u8>> = Vec::new();
        let mut lines = Vec::new();
        let mut is_torn = false;
        let mut ends_in_words = false;
        for token in Tokenizer::new_with_emitter(Paced::new(markup), emitter).filter_map(Result::ok) {
            ends_in_words = matches!(&token, Token::String(text) if !text.trim_ascii().is_empty());
            match token {
                Token::Error(error) => is_torn |= is_end(*error),
                Token::StartTag(tag) if !tag.self_closing && !is_void(&tag.name) => open.push(tag.name.to_vec()),
                Token::EndTag(tag) => {
                    if let Some(at) = open.iter().rposition(|name| **name == **tag.name) {
                        open.truncate(at);
                    }
                }
                Token::String(text) if open.last().is_none_or(|name| !is_raw(name)) => lines.extend(line(&text)),
                Token::StartTag(_) | Token::String(_) | Token::Comment(_) | Token::Doctype(_) => {}
            }
        }
        let ending = if is_torn || open.last().is_some_and(|name| is_raw(name)) {
            Ending::Torn
        } else if open.iter().all(|name| matches!(name.as_slice(), b"html" | b"body")) {
            Ending::Settled
        } else {
            Ending::Open
        };
        let is_of_page = |name: &Vec<u8>| matches!(name.as_slice(), b"html" | b"body" | b"main");
        let is_between_parts = !is_torn && !ends_in_words && open.iter().all(is_of_page);
        Self { ending, lines, open, is_between_parts }
    }
}

fn line(text: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(text);
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let line = words.collect::<Vec<_>>().join(" ");
    (line.len() >= LETTERS_MIN).then_some(line)
}

fn is_end(error: Error) -> bool {
    matches!(
        error,
        Error::EofBeforeTagName
            | Error::EofInComment
            | Error::EofInDoctype
            | Error::EofInScriptHtmlCommentLikeText
            | Error::EofInTag
    )
}

/// Whether all that follows such a tag, up to its end tag, is no markup.
fn is_raw(name: &[u8]) -> bool {
    matches!(name, b"script" | b"style" | b"title" | b"textarea")
}

/// Elements that have no end (HTML §13.1.2).
fn is_void(name: &[u8]) -> bool {
    matches!(
        name,
        b"area"
            | b"base"
            | b"br"
            | b"col"
            | b"embed"
            | b"hr"
            | b"img"
            | b"input"
            | b"link"
            | b"meta"
            | b"param"
            | b"source"
            | b"track"
            | b"wbr"
    )
}

#[cfg(test)]
mod tests;
