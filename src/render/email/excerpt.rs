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

/// Words of a line that stands over others: it goes with them.
const HEADING_WORDS_MAX: usize = 3;

/// At most `chars_max` characters of `text`, without what `is_said` elsewhere. Lines of white space are no paragraphs.
pub(super) fn excerpt(text: Option<&Text>, chars_max: usize, is_said: impl Fn(&str) -> bool) -> Excerpt {
    let mut paragraphs = Vec::new();
    let mut room = chars_max;
    let lines = text.map(Text::as_str).unwrap_or_default().lines().map(str::trim).filter(|l| !l.is_empty());
    for line in unsaid(lines, is_said) {
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

/// The lines that are not said, nor the headings over nothing but lines that are: "Decision:", and "RESOLVED –" under it.
fn unsaid<'a>(lines: impl Iterator<Item = &'a str>, is_said: impl Fn(&str) -> bool) -> Vec<&'a str> {
    let opens = |line: &str| line.ends_with([':', '–', '—']);
    let words_are = |line: &str, max: usize| line.split_whitespace().nth(max).is_none();
    let ends = |line: &str| line.ends_with(['.', '!', '?', ';', ',']);
    let is_heading = |line: &str| opens(line) || words_are(line, HEADING_WORDS_MAX) && !ends(line);
    // Over a heading stands another one, or the council's own words: of two short lines only a label is surely the former.
    let is_over_heading = |line: &str| opens(line) || words_are(line, 1) && !ends(line);
    let mut kept: Vec<&str> = Vec::new();
    let mut after_said = false;
    for line in lines {
        if is_said(line) {
            if !after_said && kept.last().is_some_and(|last| is_heading(last)) {
                kept.pop();
                while kept.last().is_some_and(|last| is_over_heading(last)) {
                    kept.pop();
                }
            }
            after_said = true;
        } else {
            after_said = false;
            kept.push(line);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_elsewhere_is_left_out_with_the_heading_over_it() {
        let body =
            Text::new("Members met.\nDecision\n(a) That the plan be agreed.\n(b) That it be published.\nThey thanked the chair.");
        let said = excerpt(Some(&body), 1_000, |line| line.starts_with('('));
        assert_eq!(said.paragraphs, ["Members met.", "They thanked the chair."]);
        assert!(!said.cut);
    }

    #[test]
    fn every_heading_over_nothing_but_what_is_said_goes_and_no_other_words() {
        let check = |body: &str, expect: &[&str]| {
            let said = excerpt(Some(&Text::new(body)), 1_000, |line| line.starts_with('('));
            assert_eq!(said.paragraphs, expect, "{body}");
        };
        check("The Chair thanked staff.\nDecision:\nRESOLVED –\n(a) That it be noted.", &["The Chair thanked staff."]);
        check("Agreed.\nDecision\nRESOLVED:\n(a) That it be noted.", &["Agreed."]);
        check("Present:\nCllr A Smith\nDecision\n(a) That it be noted.", &["Present:", "Cllr A Smith"]);
        check(
            "Decision:\nMembers met.\n(a) That it be noted.\nMinutes:\nNone.",
            &["Decision:", "Members met.", "Minutes:", "None."],
        );
    }

    #[test]
    fn a_short_body_is_whole() {
        let body = Text::new("First.\n\n  Second. \n");
        assert_eq!(
            excerpt(Some(&body), 100, |_| false),
            Excerpt { paragraphs: vec!["First.".into(), "Second.".into()], cut: false }
        );
        assert_eq!(excerpt(None, 100, |_| false), Excerpt { paragraphs: vec![], cut: false });
    }

    #[test]
    fn a_long_body_stops_at_a_paragraph_or_a_word_and_says_so() {
        let body = Text::new(&format!("{}\n{}", "word ".repeat(30), "more ".repeat(30)));
        let short = excerpt(Some(&body), 200, |_| false);
        assert_eq!((short.paragraphs.len(), short.cut), (1, true));
        let shorter = excerpt(Some(&body), 50, |_| false);
        assert!(shorter.cut && shorter.paragraphs.iter().all(|p| p.chars().count() <= 50 && p.ends_with("word…")), "{shorter:?}");
    }
}
