//! The number or letter in front of a clause: "a)", "(iv)", "2.".

/// A clause and its label.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Label<'a> {
    /// Without brackets and stops: "a", "iv", "2".
    pub(crate) name: &'a str,
    /// What follows.
    pub(crate) rest: &'a str,
}

/// Splits a label off; `None` where the line has none. Letters need a bracket, or a stop after a small one: "A. Smith" has
/// no label.
pub(crate) fn label(line: &str) -> Option<Label<'_>> {
    let (inner, opened) = line.strip_prefix('(').map_or((line, false), |inner| (inner, true));
    // No label is longer.
    let length = inner.bytes().take(6).position(|b| !b.is_ascii_alphanumeric())?;
    let (name, after) = inner.split_at_checked(length)?;
    let rest = after.strip_prefix(')').or_else(|| after.strip_prefix('.').filter(|_| !opened))?;
    let by_stop = after.starts_with('.');
    let digits = name.len() <= 4 && name.chars().all(|c| c.is_ascii_digit());
    let letter = name.len() == 1 && name.chars().all(|c| c.is_ascii_lowercase() || (c.is_ascii_uppercase() && !by_stop));
    let roman = name.len() <= 5 && name.chars().all(|c| matches!(c, 'i' | 'v' | 'x'));
    let parted = rest.is_empty() || rest.starts_with(char::is_whitespace) || (!by_stop && !digits);
    (!name.is_empty() && (digits || letter || roman) && parted).then(|| Label { name, rest: rest.trim_start() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_told_from_words_and_numbers() {
        let check =
            |line: &str, expect: Option<(&str, &str)>| assert_eq!(label(line).map(|l| (l.name, l.rest)), expect, "{line}");
        check("a)    That the Executive", Some(("a", "That the Executive")));
        check("(iv) that", Some(("iv", "that")));
        check("1. Leadership", Some(("1", "Leadership")));
        check("181.", Some(("181", "")));
        check("b)Cabinet", Some(("b", "Cabinet")));
        check("A. Smith", None);
        check("10.30 am", None);
        check("50% of the first", None);
        check("(this will now be", None);
        check("e.g. this", None);
    }
}
