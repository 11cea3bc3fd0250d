//! Whether all of a page came, though the answer was complete: a program that dies half-way sends half a page, and calls it
//! whole.
//!
//! HTML lets a document do without its end tags (§13.1.2.4), and many do. So that they are missing speaks only against a page
//! that had them before; that it ends within a tag speaks against any.

use html5gum::{DefaultEmitter, Error, Token, Tokenizer};
use memchr::memmem::find;

/// How a page ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// It says where the document or its body ends.
    Closed,
    /// The document was begun, and nothing says where it ends.
    Open,
    /// It stops within a tag, a comment, a script or a style.
    Torn,
    /// It is a part of a page, or none.
    Loose,
}

impl Ending {
    /// How these bytes end. What is written in units of two bytes is loose.
    #[must_use]
    pub fn of(body: &[u8]) -> Self {
        let lowered = body.to_ascii_lowercase();
        let holds = |tags: &[&str]| tags.iter().any(|tag| find(&lowered, tag.as_bytes()).is_some());
        if holds(&["</html", "</body"]) {
            Self::Closed
        } else if !holds(&["<!doctype html", "<html", "<body"]) {
            Self::Loose
        } else if is_torn(&lowered) {
            Self::Torn
        } else {
            Self::Open
        }
    }

    /// Whether this is only the beginning of a page. `closed_before`: whether the page, when it was last read, said where it
    /// ends.
    #[must_use]
    pub fn is_cut(self, closed_before: Option<bool>) -> bool {
        match self {
            Self::Closed | Self::Loose => false,
            Self::Open => closed_before == Some(true),
            Self::Torn => closed_before != Some(false),
        }
    }

    /// Whether the page says where it ends.
    #[must_use]
    pub fn is_closed(self) -> bool {
        self == Self::Closed
    }
}

fn is_torn(markup: &[u8]) -> bool {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut open: Option<Vec<u8>> = None;
    for token in Tokenizer::new_with_emitter(markup, emitter) {
        let Ok(token) = token;
        match token {
            Token::Error(error) if is_end(*error) => return true,
            Token::StartTag(tag) => open = Some(tag.name.to_vec()).filter(|name| is_raw(name)),
            Token::EndTag(_) => open = None,
            Token::Error(_) | Token::String(_) | Token::Comment(_) | Token::Doctype(_) => {}
        }
    }
    open.is_some()
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

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<!DOCTYPE html><html lang=en><head><title>News</title><script>let a = 1;</script></head><body><main>\
         <h1>News</h1><ul><li><a href=\"/1\">Board, first</a></li><li>It's <!-- no --> second</li></ul></main></body></html>";

    fn ending(upto: &str) -> Ending {
        let end = PAGE.find(upto).unwrap() + upto.len();
        Ending::of(&PAGE.as_bytes()[..end])
    }

    #[test]
    fn a_page_that_says_where_it_ends_is_whole_whatever_follows() {
        assert_eq!(Ending::of(PAGE.as_bytes()), Ending::Closed);
        assert_eq!(Ending::of(format!("{}<!-- 0.2 s", PAGE.to_uppercase()).as_bytes()), Ending::Closed);
        assert!(!Ending::Closed.is_cut(Some(true)));
    }

    #[test]
    fn what_stops_within_a_tag_a_comment_or_a_script_is_torn() {
        for upto in ["<html lang", "<title>Ne", "let a", "<main", "href=\"/1", "<!-- no", "</ul", "second</"] {
            assert_eq!(ending(upto), Ending::Torn, "{upto}");
        }
        assert!(Ending::Torn.is_cut(None) && Ending::Torn.is_cut(Some(true)));
    }

    #[test]
    fn end_tags_that_are_missing_speak_only_against_a_page_that_had_them() {
        for upto in ["Board, fir", "<li>It's", "-->", "second</li>"] {
            assert_eq!(ending(upto), Ending::Open, "{upto}");
        }
        assert!(Ending::Open.is_cut(Some(true)) && !Ending::Open.is_cut(None) && !Ending::Open.is_cut(Some(false)));
        assert!(!Ending::Torn.is_cut(Some(false)), "it was read like that before");
    }

    #[test]
    fn a_part_of_a_page_and_what_is_no_page_are_as_they_are() {
        for body in ["<ul><li>One</li>", "{\"items\": [", "<rss><channel><item><title>a", ""] {
            assert_eq!(Ending::of(body.as_bytes()), Ending::Loose, "{body}");
        }
    }
}
