//! Sizes and kinds of files at the end of a text.

/// Endings of file names.
pub(super) const KINDS: &[&str] = &[
    "pdf", "docx", "doc", "xlsx", "xlsm", "xls", "pptx", "ppt", "rtf", "odt", "ods", "odp", "csv", "zip", "txt", "msg", "jpg",
    "png",
];
/// Kinds by the name of their program.
const FAMILIES: &[(&str, &str)] =
    &[("word", "doc"), ("excel", "xls"), ("powerpoint", "ppt"), ("rich text", "rtf"), ("text", "txt")];
const UNITS: &[&str] = &["kilobytes", "megabytes", "gigabytes", "bytes", "kib", "mib", "kb", "mb", "gb", "k", "m", "b"];

/// What may stand between a title, a kind and a size.
pub(super) fn is_between(c: char) -> bool {
    c.is_whitespace() || "([,-–—|:;/.".contains(c)
}

/// "… PDF 468 KB" → "… PDF", "468 KB".
pub(super) fn split_size(text: &str) -> (&str, Option<&str>) {
    for unit in UNITS.iter().filter(|unit| end_alike(text, unit)) {
        let Some((before_unit, end)) = text.len().checked_sub(unit.len()).and_then(|at| text.split_at_checked(at)) else {
            continue;
        };
        if !end.eq_ignore_ascii_case(unit) {
            continue;
        }
        let number_end = before_unit.trim_end().len();
        let digits = before_unit.trim_end().bytes().rev().take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b',')).count();
        let start = number_end - digits;
        let begins_with_digit = text.as_bytes().get(start).is_some_and(u8::is_ascii_digit);
        let short_unit = unit.len() == 1 && number_end != before_unit.len();
        if digits == 0 || !begins_with_digit || short_unit {
            continue;
        }
        return (text.get(..start).unwrap_or(text).trim_end(), text.get(start..));
    }
    (text, None)
}

/// "… (PDF," → "…", pdf. The kind may touch the title: the page put them into two elements.
pub(super) fn split_kind(text: &str) -> (&str, Option<&'static str>) {
    let bare = text.trim_end_matches(is_between);
    for kind in KINDS.iter().filter(|kind| end_alike(bare, kind)) {
        if let Some((before, _)) = split_word(bare, kind, true) {
            return (before.trim_end(), Some(kind));
        }
    }
    (text, None)
}

/// "… WORD" → "…", doc: ModernGov names the program where others name the kind.
pub(super) fn split_family(text: &str) -> (&str, Option<&'static str>) {
    let bare = text.trim_end_matches(is_between);
    let found = FAMILIES.iter().find_map(|(name, kind)| {
        let (before, end) = split_word(bare, name, false)?;
        // "A small text 9 KB" is a text's title.
        (!end.contains(char::is_lowercase)).then_some((before.trim_end(), Some(*kind)))
    });
    found.unwrap_or((text, None))
}

/// Whether the last letters of both are one: few texts end like the name of a kind.
fn end_alike(text: &str, word: &str) -> bool {
    let last = |text: &str| text.as_bytes().last().map(u8::to_ascii_lowercase);
    last(text) == last(word)
}

fn split_word<'a>(bare: &'a str, word: &str, may_touch: bool) -> Option<(&'a str, &'a str)> {
    let (before, end) = bare.split_at_checked(bare.len().checked_sub(word.len())?)?;
    let parted = before.is_empty()
        || before.ends_with(|c: char| !c.is_alphanumeric())
        || (may_touch && end.chars().all(char::is_uppercase));
    (end.eq_ignore_ascii_case(word) && parted).then_some((before, end))
}
