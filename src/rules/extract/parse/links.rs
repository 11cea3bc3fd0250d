//! Links that their author has not ended: each goes to the end of its line, as it was meant. A browser lets such a link go on to
//! the next one, and makes it anew around all that stands between, the next entry's day first.

use crate::rules::extract::document::is_block;
use html5ever::local_name;
use html5ever::tokenizer::{Tag, TagKind};

/// The link that is open, of a page that is read tag by tag.
#[derive(Default)]
pub(super) struct Links {
    open: Option<Open>,
    /// Where in the page the last value of the tag that is being read ends.
    value: Option<usize>,
}

/// A link with an address.
struct Open {
    /// Where in the page to look for its end tag.
    from: usize,
    /// Whether it has words yet.
    worded: bool,
    /// Whether it has an end tag, once that has mattered.
    is_ended: Option<bool>,
}

impl Links {
    /// Notes that a tag begins.
    pub(super) fn begin_tag(&mut self) {
        self.value = None;
    }

    /// Notes where a value of that tag ends.
    pub(super) fn end_value(&mut self, end: usize) {
        self.value = Some(end);
    }

    /// Notes that the link has words.
    pub(super) fn say(&mut self, words: &str) {
        if let Some(open) = self.open.as_mut().filter(|open| !open.worded) {
            open.worded = !words.trim().is_empty();
        }
    }

    /// Whether the link that is open ends before a tag. Nearly all have an end tag, and most of these before any block.
    pub(super) fn end_before(&mut self, tag: &Tag, page: &str) -> bool {
        if tag.name == local_name!("a") {
            let leads = tag.kind == TagKind::StartTag && tag.attrs.iter().any(|own| own.name.local == local_name!("href"));
            self.open = self.value.filter(|_| leads).map(|from| Open { from, worded: false, is_ended: None });
            return false;
        }
        let ends_line = tag.name == local_name!("br") || is_block(&tag.name);
        let Some(open) = self.open.as_mut().filter(|open| open.worded && ends_line) else { return false };
        let from = open.from;
        let ends = !*open.is_ended.get_or_insert_with(|| is_ended(page.as_bytes().get(from..).unwrap_or_default()));
        if ends {
            self.open = None;
        }
        ends
    }
}

/// Whether the next tag of a link in what is left of a page ends one.
fn is_ended(rest: &[u8]) -> bool {
    let of_link = |tag: &[u8]| match tag {
        [b'a' | b'A', after, ..] => after.is_ascii_whitespace() || matches!(after, b'>' | b'/'),
        _ => false,
    };
    let mut tags = rest.iter().enumerate().filter(|(_, byte)| **byte == b'<').filter_map(|(at, _)| rest.get(at + 1..));
    tags.find_map(|tag| match tag {
        [b'/', end @ ..] if of_link(end) => Some(true),
        _ => of_link(tag).then_some(false),
    })
    .unwrap_or_default()
}
