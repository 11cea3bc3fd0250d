//! Where one sentence ends and the next begins.

/// Abbreviations whose stop ends no sentence.
const ABBREVIATIONS: &[&str] =
    &["cllr", "cllrs", "mr", "mrs", "ms", "dr", "st", "no", "nos", "rev", "prof", "hon", "e.g", "i.e", "approx"];

/// The sentences of a paragraph, as written. A stop ends one where a capital, a quotation or a bracket follows; the one
/// after a title ("Cllr. Ames") or an initial does not.
pub(crate) fn sentences(paragraph: &str) -> impl DoubleEndedIterator<Item = &str> {
    let mut pieces = Vec::new();
    let mut from = 0;
    for (at, stop) in paragraph.match_indices(['.', '!', '?']) {
        let end = at + stop.len();
        let (before, after) = (paragraph.get(from..at).unwrap_or_default(), paragraph.get(end..).unwrap_or_default());
        let begins = |c: char| c.is_uppercase() || matches!(c, '“' | '"' | '(' | '‘');
        let ends = after.starts_with(char::is_whitespace) && after.trim_start().starts_with(begins);
        if ends && !is_abbreviation(before) {
            pieces.push(paragraph.get(from..end).unwrap_or_default().trim());
            from = end;
        }
    }
    pieces.push(paragraph.get(from..).unwrap_or_default().trim());
    pieces.into_iter().filter(|piece| !piece.is_empty())
}

fn is_abbreviation(before: &str) -> bool {
    let word = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
    let mut letters = word.chars();
    let initial = letters.next().is_some_and(char::is_uppercase) && letters.next().is_none();
    initial || ABBREVIATIONS.iter().any(|known| known.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_ends_at_its_own_stop() {
        let check = |text: &str, expect: &[&str]| assert_eq!(sentences(text).collect::<Vec<_>>(), expect, "{text}");
        check("One. Two! Three? Four", &["One.", "Two!", "Three?", "Four"]);
        check("It ended at 7.30 p.m. The next began.", &["It ended at 7.30 p.m.", "The next began."]);
        check("It was moved by Cllr. Ames and J. Smith.", &["It was moved by Cllr. Ames and J. Smith."]);
        check("See 1.5.2 and e.g. this.", &["See 1.5.2 and e.g. this."]);
        check("", &[]);
    }
}
