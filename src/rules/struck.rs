//! Words that are struck out: how a text says so, and what still stands without them.

use std::borrow::Cow;

/// What is read before such words: in plain text nothing else says so.
pub(crate) const BEGIN: &str = "[struck out: ";
/// What is read after them.
pub(crate) const END: &str = "]";

/// A line without what is struck out in it.
pub(crate) fn standing(line: &str) -> Cow<'_, str> {
    if !line.contains(BEGIN) {
        return Cow::Borrowed(line);
    }
    let mut kept = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, struck)) = rest.split_once(BEGIN) {
        kept.push_str(before);
        rest = struck.split_once(END).map_or("", |(_, after)| after.strip_prefix(' ').unwrap_or(after));
    }
    kept.push_str(rest);
    kept.truncate(kept.trim_end().len());
    Cow::Owned(kept)
}

/// A text with what is struck out in it as if it were not.
pub(crate) fn unmarked(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, struck)) = rest.split_once(BEGIN) {
        let (struck, after) = struck.split_once(END).unwrap_or((struck, ""));
        kept.push_str(before);
        kept.push_str(struck);
        rest = after;
    }
    kept.push_str(rest);
    kept
}

/// A text in which spaces stand where words are struck out: as long, so that places in it are places in the text.
pub(crate) fn blanked(text: &str) -> Cow<'_, str> {
    if !text.contains(BEGIN) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, struck)) = rest.split_once(BEGIN) {
        kept.push_str(before);
        let after = struck.split_once(END).map_or("", |(_, after)| after);
        let blank = rest.len() - before.len() - after.len();
        kept.extend(std::iter::repeat_n(' ', blank));
        rest = after;
    }
    kept.push_str(rest);
    Cow::Owned(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_struck_out_stands_no_more() {
        let check = |line: &str, expect: &str| assert_eq!(standing(line), expect, "{line}");
        check("The next meeting is on [struck out: 5 May] 12 May.", "The next meeting is on 12 May.");
        check("[struck out: The next meeting is on 5 May.]", "");
        check("[struck out: One] two [struck out: three", "two");
        check("The plan [as struck]", "The plan [as struck]");
    }

    #[test]
    fn without_its_marks_a_text_says_what_it_said() {
        let check = |line: &str, expect: &str| assert_eq!(unmarked(line), expect, "{line}");
        check("[struck out: Board] on [struck out: 5 May]", "Board on 5 May");
        check("Board", "Board");
        check("[struck out: Board", "Board");
    }

    #[test]
    fn a_blanked_text_is_as_long_and_says_only_what_stands() {
        for text in ["On [struck out: 5 May – at 6pm] 12 May", "[struck out: è]", "a [struck out: b", "plain"] {
            let blank = blanked(text);
            assert_eq!(blank.len(), text.len(), "{text}");
            let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(words(&blank), words(&standing(text)), "{text}");
        }
    }
}
