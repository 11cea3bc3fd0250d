//! What a line beside a document's link, or a bracket after its name, says of the file: "PDF, 917KB, 16 pages".

use super::file::{parts, split_family, split_kind, split_size};

/// What is said of a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct About<'a> {
    /// Lower case.
    pub kind: Option<&'static str>,
    /// As written: "917KB".
    pub size: Option<&'a str>,
    /// Whether the kind is only known by its program: "Word" may be `doc` or `docx`.
    pub by_family: bool,
}

/// Reads "PDF, 917KB, 16 pages"; `None` for a line that says anything else.
#[must_use]
pub fn about(line: &str) -> Option<About<'_>> {
    let mut about = About::default();
    let mut says_anything = false;
    for part in parts(line.trim().trim_matches(['(', ')', '[', ']'])).map(str::trim) {
        let said = part_about(part)?;
        about.by_family |= about.kind.is_none() && said.about.by_family;
        about.kind = about.kind.or(said.about.kind);
        about.size = about.size.or(said.about.size);
        says_anything |= said.of_the_file;
    }
    says_anything.then_some(about)
}

struct Part<'a> {
    about: About<'a>,
    /// Whether it says anything of the file, and is not only a reference number.
    of_the_file: bool,
}

fn part_about(part: &str) -> Option<Part<'_>> {
    let (rest, size) = split_size(part);
    let (rest, kind) = split_kind(rest);
    // "2.1 MB PDF": the other way round.
    let (rest, size) = if size.is_none() && kind.is_some() { split_size(rest) } else { (rest, size) };
    let lowered = rest.to_ascii_lowercase();
    let words = lowered.trim_end_matches([':', '-', ' ', '.']);
    let web_page = words == "html";
    let named_kind = ["format", "document", "file", "version"].iter().find_map(|word| words.strip_suffix(word));
    let spelt = named_kind.and_then(|before| {
        split_kind(rest.get(..before.len())?.trim_end()).1.filter(|_| split_kind(before.trim_end()).0.is_empty())
    });
    let family = ["excel", "word", "powerpoint", "spreadsheet", "csv", "text", "opendocument"];
    let named_family = words.len() <= 30 && family.iter().any(|name| words.contains(name));
    let by_family = FAMILY_KINDS.iter().find(|(name, _)| words.contains(name)).map(|(_, kind)| *kind).filter(|_| named_family);
    let by_family = by_family.or_else(|| split_family(rest).1.filter(|_| named_family));
    let counts_pages = ["pages", "page", "pp"].iter().find_map(|unit| words.strip_suffix(unit));
    let counts_pages = counts_pages.is_some_and(|n| n.trim().parse::<u32>().is_ok());
    let sized = size.is_some() && (matches!(words, "size" | "file size" | "download") || words.starts_with("download "));
    let opens = ["opens in", "opens a", "open in", "new window", "new tab"].iter().any(|way| words.starts_with(way));
    let reference = ["ref:", "isbn", "reference:", "unnumbered", "order a copy"].iter().any(|r| lowered.starts_with(r));
    if !(words.is_empty() || web_page || spelt.is_some() || named_family || counts_pages || sized || opens || reference) {
        return None;
    }
    let kind = kind.or(spelt).or(web_page.then_some("html"));
    let of_the_file = size.is_some() || kind.is_some() || named_family || counts_pages || opens;
    Some(Part { about: About { kind: kind.or(by_family), size, by_family: kind.is_none() && by_family.is_some() }, of_the_file })
}

const FAMILY_KINDS: &[(&str, &str)] = &[("word", "doc"), ("excel", "xls"), ("powerpoint", "ppt")];
