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
        let figures = before_unit.trim_end();
        let short_unit = unit.len() == 1 && figures.len() != before_unit.len();
        let Some(start) = start_of_figures(figures).filter(|_| !short_unit) else { continue };
        return (text.get(..start).unwrap_or(text).trim_end(), text.get(start..));
    }
    (text, None)
}

/// Where the number begins that ends a text: "… PDF 468", "… 1.31", "… 1,340", "… 1 340".
fn start_of_figures(text: &str) -> Option<usize> {
    let figures = text.bytes().rev().take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b',')).count();
    let last = text.get(text.len() - figures..)?.trim_start_matches(['.', ',']);
    let mut start = text.len() - last.len();
    if !last.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    // Groups of three behind a space of their own: "1 340".
    while let Some((before, space)) = text.get(..start).and_then(|before| Some((before, before.chars().next_back()?))) {
        let group = text.get(start..)?.bytes().take_while(u8::is_ascii_digit).count();
        let higher = before.trim_end_matches(space);
        let digits = higher.bytes().rev().take_while(u8::is_ascii_digit).count();
        let first = higher.len() - digits;
        if group != 3 || !space.is_whitespace() || !(1..=3).contains(&digits) || before.len() - higher.len() != space.len_utf8() {
            break;
        }
        // A plain space may also part a name from the size: "Appendix 1 340 KB".
        let stands_apart = || {
            let name = text.get(..first).unwrap_or_default().trim_end();
            name.is_empty() || name.ends_with(['(', '[', ',', '|', ':']) || split_kind(name).1.is_some()
        };
        let is_narrow = matches!(space, '\u{a0}' | '\u{2007}'..='\u{200a}' | '\u{202f}');
        if !is_narrow && !stands_apart() {
            break;
        }
        start = first;
    }
    Some(start)
}

/// The parts of a line that commas and their like set apart; the comma of "1,340 KB" parts nothing.
pub(super) fn parts(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let text = rest?;
        let mark = text.char_indices().find(|(at, c)| matches!(c, ',' | '|' | ';' | '·') && !parts_thousands(text, *at));
        let (part, after) = mark.map_or((text, None), |(at, c)| (text.get(..at).unwrap_or(text), text.get(at + c.len_utf8()..)));
        rest = after;
        Some(part)
    })
}

/// The last of such parts, with what stands before it.
pub(super) fn last_part(text: &str) -> Option<(&str, &str)> {
    let is_mark = |(at, c): &(usize, char)| matches!(c, ',' | '|') && !parts_thousands(text, *at);
    let (at, _) = text.char_indices().rev().find(is_mark)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// Whether what stands there is the comma of "1,340".
fn parts_thousands(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let after = bytes.iter().skip(at + 1).take_while(|byte| byte.is_ascii_digit()).count();
    bytes.get(at) == Some(&b',') && at > 0 && is_digit(at - 1) && after == 3
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
