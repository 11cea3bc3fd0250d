//! Strings that are safe to put anywhere: `Text` in XML, headers and logs, `SafeHtml` in a reader's mail or browser.
//!
//! A council's page is a stranger's text. Both types clean it once, when they are made, so that no template, feed or
//! header has to remember to. Invariant: a `Text` holds only characters that XML 1.0 allows (§2.2 `Char`); a `SafeHtml`
//! is what the sanitiser gives back unchanged.

mod builder;
mod safe_html;

pub use builder::Builder;
pub use safe_html::SafeHtml;

use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// Text without the characters that XML 1.0 §2.2 forbids and without bidirectional overrides; may span lines.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize)]
pub struct Text(String);

/// Longest title or other one-line text, in characters; longer ones end in "…".
pub const LINE_CHARS_MAX: usize = 300;

impl Text {
    /// Many-line text: forbidden characters removed, line ends made `\n`.
    #[must_use]
    pub fn new(raw: &str) -> Self {
        // Nearly every text is clean already.
        if raw.chars().all(allowed) {
            return Self(raw.to_owned());
        }
        let unified = raw.replace("\r\n", "\n").replace('\r', "\n");
        Self(unified.chars().filter(|c| allowed(*c)).collect())
    }

    /// One line: every run of white space or control characters becomes one space, cut to [`LINE_CHARS_MAX`].
    #[must_use]
    pub fn line(raw: &str) -> Self {
        if is_plain_line(raw) {
            return Self(raw.to_owned());
        }
        let spaced: String = raw.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| allowed(*c)).collect();
        let line = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.chars().count() <= LINE_CHARS_MAX {
            return Self(line);
        }
        let mut cut: String = line.chars().take(LINE_CHARS_MAX - 1).collect();
        cut.truncate(cut.trim_end().len());
        cut.push('…');
        Self(cut)
    }

    /// The characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }

    /// `None` where there is nothing to show, so that absent stays absent.
    #[must_use]
    pub fn or_absent(self) -> Option<Self> {
        (!self.is_empty()).then_some(self)
    }
}

/// Whether a text is a line already, as nearly every title is: printable ASCII with single spaces within it.
fn is_plain_line(raw: &str) -> bool {
    let is_spaced = |pair: &[u8]| pair == b"  ";
    raw.len() <= LINE_CHARS_MAX
        && raw.bytes().all(|b| b == b' ' || b.is_ascii_graphic())
        && !raw.as_bytes().windows(2).any(is_spaced)
        && raw.trim().len() == raw.len()
}

/// XML 1.0 §2.2 `Char`, less the C1 controls, the byte order mark and the bidirectional embeddings, overrides and
/// isolates (Unicode TR36 §2.5.2) with which a title could make a line read as something else.
fn allowed(c: char) -> bool {
    match c {
        '\t' | '\n' => true,
        '\u{7f}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => false,
        other => other >= ' ' && (other as u32) & 0xfffe != 0xfffe,
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl From<&str> for Text {
    fn from(raw: &str) -> Self {
        Self::new(raw)
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::new(&String::deserialize(deserializer)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_no_line_ends_controls_or_overrides() {
        let check = |raw: &str, expect: &str| assert_eq!(Text::line(raw).as_str(), expect, "{raw:?}");
        check("Update\r\nBcc: everyone@example.org", "Update Bcc: everyone@example.org");
        check("a\u{1}b\u{b}c", "a b c");
        check("\u{202e}fdp.exe\u{202c} notes", "fdp.exe notes");
        check("  Board\u{a0}\u{a0}update ", "Board update");
        check("]]><script>", "]]><script>");
        assert_eq!(Text::line(&"x".repeat(5_000)).as_str().chars().count(), LINE_CHARS_MAX);
    }
}
