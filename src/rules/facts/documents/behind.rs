//! What stands behind a link to a file, on one line with whatever else is said of it: "204 KB Updated 3 November 2026".

use super::about::{About, about};
use super::file::{is_between, parts};
use crate::rules::facts::dates;

/// Longest line that is looked at, in bytes.
const BYTES_MAX: usize = 200;
/// Most words with which a part of it says kind and size: "File size: 204 KB".
const WORDS_MAX: usize = 4;

/// Words that label the day of a file.
const LABELS: &[&str] = &[
    "added",
    "created",
    "cyhoeddwyd",
    "date",
    "diweddarwyd",
    "issued",
    "last",
    "modified",
    "on",
    "posted",
    "published",
    "revised",
    "updated",
    "uploaded",
];

/// What words behind a link begin with, as far as they speak of its file; `None` where they give no size.
#[must_use]
pub fn behind(words: &str) -> Option<About<'_>> {
    let words = words.trim_start_matches(is_mark).trim_end();
    if words.len() > BYTES_MAX || !words.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if let Some(all) = about(words) {
        return Some(all).filter(|all| all.size.is_some());
    }
    let mut said = About::default();
    for part in parts(words).map(|part| part.trim_matches(is_mark)).filter(|part| !part.is_empty()) {
        let whole = about(part);
        let Some(own) = whole.or_else(|| beginning(part)) else {
            if is_day(part) {
                continue;
            }
            break;
        };
        said.by_family |= said.kind.is_none() && own.by_family;
        said.kind = said.kind.or(own.kind);
        said.size = said.size.or(own.size);
        if whole.is_none() {
            break;
        }
    }
    // "5m wide" is no size.
    said.size.is_some_and(|size| size.ends_with(['b', 'B', 's', 'S'])).then_some(said)
}

/// "Updated 3 November 2026".
fn is_day(part: &str) -> bool {
    let found = dates::find(part);
    let [date] = found.as_slice() else { return false };
    let outside = [part.get(..date.span.start), part.get(date.span.end..)];
    let mut words = outside.into_iter().flatten().flat_map(|words| words.split(|c: char| !c.is_alphanumeric()));
    words.all(|word| word.is_empty() || LABELS.iter().any(|label| label.eq_ignore_ascii_case(word)))
}

/// What the first words of a part say of a file: "PDF 204 KB" of "PDF 204 KB Updated 3 November 2026".
fn beginning(part: &str) -> Option<About<'_>> {
    let ends = part.match_indices(char::is_whitespace).map(|(at, _)| at).take(WORDS_MAX);
    ends.filter_map(|at| about(part.get(..at)?)).filter(|about| about.size.is_some()).last()
}

fn is_mark(c: char) -> bool {
    is_between(c) || matches!(c, '·' | '•' | ')' | ']')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_stands_among_what_else_is_said_of_a_file() {
        let check = |words: &str, expect: Option<(Option<&str>, &str)>| {
            assert_eq!(behind(words).and_then(|about| Some((about.kind, about.size?))), expect, "{words}");
        };
        for words in [
            "204 KB Updated 3 November 2026",
            " - 204 KB - Last updated 3 November 2026",
            "(204 KB) 3 November 2026",
            "(204 KB, updated 3 November 2026)",
            "Updated 3 November 2026, 204 KB",
            "3 November 2026 | 204 KB | 12 pages",
            "File size: 204 KB Uploaded: 03/11/2026",
            "· 204 KB · Updated 3 November 2026",
        ] {
            check(words, Some((None, "204 KB")));
        }
        check("PDF 1.31MB Updated 3 November 2026", Some((Some("pdf"), "1.31MB")));
        check("[pdf, 1,340 KB, last updated 3 November 2026]", Some((Some("pdf"), "1,340 KB")));
        check("Updated 3 November 2026", None);
        check("5m wide and 12 m long", None);
        check("tells of a limit of 5 MB", None);
        check("and Minutes 180 KB", None);
        check(", Minutes 12 October 2026, 180 KB", None);
        check("", None);
    }
}
