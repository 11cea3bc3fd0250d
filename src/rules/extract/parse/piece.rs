//! Text on its way into the tree: a part of the page's own memory wherever it stands there as it is, a copy only where
//! references and line ends were resolved.

use html5ever::tendril::StrTendril;
use std::ops::Range;

/// The page, whose parts are handed out.
pub(super) struct Markup(StrTendril);

impl Markup {
    pub(super) fn of(page: StrTendril) -> Self {
        Self(page)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Where in the page these bytes are, if they are the page's own and no copy.
    pub(super) fn place(&self, bytes: &[u8]) -> Option<Range<usize>> {
        let start = bytes.as_ptr().addr().checked_sub(self.0.as_ptr().addr())?;
        let end = start + bytes.len();
        (end <= self.0.len()).then_some(start..end)
    }

    fn part(&self, range: &Range<usize>) -> Option<StrTendril> {
        let (start, length) = (u32::try_from(range.start).ok()?, u32::try_from(range.len()).ok()?);
        self.0.try_subtendril(start, length).ok()
    }
}

/// Words that are being gathered.
#[derive(Default)]
pub(super) struct Piece {
    /// All of them, while they follow one another in the page.
    part: Range<usize>,
    /// All of them, once they do not.
    copy: Vec<u8>,
}

impl Piece {
    pub(super) fn is_empty(&self) -> bool {
        self.part.is_empty() && self.copy.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.part = 0..0;
        self.copy.clear();
    }

    /// Adds what comes next.
    pub(super) fn push(&mut self, markup: &Markup, bytes: &[u8]) {
        if self.copy.is_empty() {
            match markup.place(bytes) {
                Some(place) if self.part.is_empty() => {
                    self.part = place;
                    return;
                }
                Some(place) if self.part.end == place.start => {
                    self.part.end = place.end;
                    return;
                }
                _ => self.copy.extend(markup.as_str().as_bytes().get(self.part.clone()).unwrap_or_default()),
            }
        }
        self.copy.extend(bytes);
    }

    /// All of it; what is left is empty.
    pub(super) fn take(&mut self, markup: &Markup) -> StrTendril {
        let part = if self.copy.is_empty() { markup.part(&self.part) } else { None };
        let whole = part.unwrap_or_else(|| StrTendril::from_slice(&String::from_utf8_lossy(&self.copy)));
        self.clear();
        whole
    }
}
