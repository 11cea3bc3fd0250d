//! The council's own words, as many as fit: whole paragraphs from the top, never reworded.

use crate::domain::text::Text;
use crate::render::words::clip;

/// The first paragraphs of a body.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Excerpt {
    /// Verbatim; the last may end in "…".
    pub(super) paragraphs: Vec<String>,
    /// Whether the body goes on.
    pub(super) cut: bool,
}

/// At most `chars_max` characters of `text`. Lines of white space are no paragraphs.
pub(super) fn excerpt(text: Option<&Text>, chars_max: usize) -> Excerpt {
    let mut paragraphs = Vec::new();
    let mut room = chars_max;
    for line in text.map(Text::as_str).unwrap_or_default().lines().map(str::trim).filter(|l| !l.is_empty()) {
        let chars = line.chars().count();
        if chars <= room {
            paragraphs.push(line.to_owned());
            room -= chars;
            continue;
        }
        // A few last words say less than none.
        if room >= 120 || paragraphs.is_empty() {
            paragraphs.push(clip(line, room));
        }
        return Excerpt { paragraphs, cut: true };
    }
    Excerpt { paragraphs, cut: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_body_is_whole() {
        let body = Text::new("First.\n\n  Second. \n");
        assert_eq!(excerpt(Some(&body), 100), Excerpt { paragraphs: vec!["First.".into(), "Second.".into()], cut: false });
        assert_eq!(excerpt(None, 100), Excerpt { paragraphs: vec![], cut: false });
    }

    #[test]
    fn a_long_body_stops_at_a_paragraph_or_a_word_and_says_so() {
        let body = Text::new(&format!("{}\n{}", "word ".repeat(30), "more ".repeat(30)));
        let short = excerpt(Some(&body), 200);
        assert_eq!((short.paragraphs.len(), short.cut), (1, true));
        let shorter = excerpt(Some(&body), 50);
        assert!(shorter.cut && shorter.paragraphs.iter().all(|p| p.chars().count() <= 50 && p.ends_with("word…")), "{shorter:?}");
    }
}
