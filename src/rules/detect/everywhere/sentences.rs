//! The sentences of a line, and lines of sentences. A site's sentence may stand in one paragraph with what a page says itself.

use crate::rules::facts::sentences;

/// A shorter sentence says too little to be known again by itself: it stays with the one before it, or the one behind.
const SENTENCE_BYTES_MIN: usize = 30;

/// The sentences of a line, as written.
pub(super) fn pieces(line: &str) -> Vec<&str> {
    let mut ends: Vec<usize> = Vec::new();
    let mut from = 0;
    for sentence in sentences(line) {
        // They come in order, and each is a part of the line.
        let Some(at) = line.get(from..).and_then(|rest| rest.find(sentence)) else { continue };
        from += at + sentence.len();
        if sentence.len() < SENTENCE_BYTES_MIN && !ends.is_empty() {
            ends.pop();
        }
        ends.push(from);
    }
    let mut start = 0;
    let mut found: Vec<&str> = Vec::with_capacity(ends.len());
    for end in ends {
        let piece = line.get(start..end).unwrap_or_default().trim();
        if piece.len() < SENTENCE_BYTES_MIN && found.is_empty() && end < line.trim_end().len() {
            continue;
        }
        start = end;
        found.push(piece);
    }
    found
}

/// The text that lines of sentences are.
pub(super) fn joined(lines: &[Vec<&str>]) -> String {
    lines.iter().map(|line| line.join(" ")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_between_sentences_that_say_enough() {
        let check = |line: &str, expect: &[&str]| assert_eq!(pieces(line), expect, "{line}");
        let (long, other) = ("The panel heard that caseloads fell.", "It will hear of them again in the autumn.");
        check(&format!("{long} {other}"), &[long, other]);
        check(&format!("{long} Agreed. {other}"), &[&format!("{long} Agreed."), other]);
        check(&format!("Agreed. {long} {other}"), &[&format!("Agreed. {long}"), other]);
        check("Agreed.", &["Agreed."]);
        check("Agreed. Noted.", &["Agreed. Noted."]);
        check("", &[]);
    }
}
