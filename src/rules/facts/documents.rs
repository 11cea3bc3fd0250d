//! Attached documents from the words that name them: "Improvement Plan PDF 468 KB", "Appendix 1 to follow",
//! "Restricted enclosure".

use crate::domain::item::Document;
use crate::domain::text::Text;
use url::Url;

const KINDS: &[&str] = &[
    "pdf", "docx", "doc", "xlsx", "xlsm", "xls", "pptx", "ppt", "rtf", "odt", "ods", "odp", "csv", "zip", "txt", "msg", "jpg",
    "png",
];
const UNITS: &[&str] = &["kb", "mb", "gb", "bytes", "kib", "mib", "k", "m", "b"];

/// A document's name taken apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named<'a> {
    /// Without kind, size and the name of the icon.
    pub title: &'a str,
    /// Lower case.
    pub kind: Option<&'static str>,
    /// As written: "468 KB".
    pub size: Option<&'a str>,
}

/// Takes a name apart; what says nothing of a file stays as it is.
#[must_use]
pub fn named(text: &str) -> Named<'_> {
    let text = text.trim();
    let (inner, bracketed) = without_bracket(text);
    let (before_size, size) = split_size(inner);
    let (before_kind, kind) = split_kind(if size.is_some() { without_program(before_size) } else { before_size });
    // A bare "Plan PDF" may be a title; with a size, an icon or brackets it is not.
    let (before_icon, icon) = split_icon(before_kind);
    if size.is_none() && !icon && !(bracketed && kind.is_some()) {
        return Named { title: text, kind: None, size: None };
    }
    let title = before_icon.trim_end_matches(|c: char| c.is_whitespace() || "([,-–:;/.".contains(c));
    // "(Download Agenda. 120KB)": the bracket holds the whole name.
    let title = if bracketed && !title.contains(')') { title.strip_prefix('(').unwrap_or(title) } else { title };
    // "Plan (Word, 96 KB)": a family of files in words.
    let family = title.rsplit_once('(').filter(|(_, said)| bracketed && !said.contains(')') && about(said).is_some());
    let title = family.map_or(title, |(before, _)| before.trim_end());
    let title = title.strip_prefix("Download ").filter(|name| !name.is_empty()).unwrap_or(title);
    Named { title, kind: kind.or_else(|| kind_of_icon(before_kind).filter(|_| icon)), size }
}

/// The document that a line of a list, or a link, names; `None` for a line without a name.
#[must_use]
pub fn document(text: &str, url: Option<&Url>) -> Option<Document> {
    let named = named(text);
    let restricted = is_restricted(named.title) && url.is_none_or(|_| says_only_restricted(named.title));
    let title = Text::line(named.title).or_absent().or_else(|| Text::line(text).or_absent())?;
    let url = url.filter(|_| !restricted);
    let kind = named.kind.or_else(|| url.and_then(kind_of_url)).map(str::to_owned);
    Some(Document { title, url: url.cloned(), kind, size: named.size.map(str::to_owned), restricted })
}

/// The kind of file that an address names by its ending.
#[must_use]
pub fn kind_of_url(url: &Url) -> Option<&'static str> {
    let file = url.path().rsplit('/').next()?.to_ascii_lowercase();
    let (_, ending) = file.rsplit_once('.')?;
    KINDS.iter().find(|kind| **kind == ending).copied()
}

/// Whether a link leads to a file: by the address's ending or folder, or by the kind or size among its words.
#[must_use]
pub fn is_file(text: &str, url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    let named = named(text);
    kind_of_url(url).is_some()
        || path.contains("/download/")
        || path.ends_with("/document.ashx")
        || named.kind.is_some()
        || named.size.is_some()
}

/// What a line under a document's link says of the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct About<'a> {
    /// Lower case.
    pub kind: Option<&'static str>,
    /// As written: "917KB".
    pub size: Option<&'a str>,
}

/// Reads "PDF, 917KB, 16 pages"; `None` for a line that says anything else.
#[must_use]
pub fn about(line: &str) -> Option<About<'_>> {
    let mut about = About::default();
    let mut says_anything = false;
    for part in line.trim().trim_matches(['(', ')', '[', ']']).split([',', '|', ';', '·']).map(str::trim) {
        let (rest, size) = split_size(part);
        let (rest, kind) = split_kind(rest);
        let lowered = rest.to_ascii_lowercase();
        let web_page = lowered == "html";
        let family = ["excel", "word", "powerpoint", "spreadsheet", "csv", "text", "opendocument"];
        let named_family = lowered.len() <= 30 && family.iter().any(|name| lowered.contains(name));
        let counts_pages = lowered.strip_suffix("pages").or_else(|| lowered.strip_suffix("page"));
        let counts_pages = counts_pages.is_some_and(|n| n.trim().parse::<u32>().is_ok());
        let reference = ["ref:", "isbn", "reference:", "unnumbered", "order a copy"].iter().any(|r| lowered.starts_with(r));
        if !(lowered.is_empty() || web_page || named_family || counts_pages || reference) {
            return None;
        }
        about.kind = about.kind.or(kind).or(web_page.then_some("html"));
        about.size = about.size.or(size);
        says_anything |= size.is_some() || kind.is_some() || web_page || named_family || counts_pages;
    }
    says_anything.then_some(about)
}

/// Whether the words say that the public may not read it.
#[must_use]
pub fn is_restricted(text: &str) -> bool {
    const SIGNS: &[&str] = &[
        "restricted",
        "exempt",
        "confidential",
        "not for publication",
        "private appendix",
        "not available to the public",
        "view reasons",
    ];
    let lowered = text.to_lowercase();
    SIGNS.iter().any(|sign| lowered.contains(sign))
}

/// Whether the words say that it will be published later.
#[must_use]
pub fn is_to_follow(text: &str) -> bool {
    let lowered = text.to_lowercase();
    lowered.contains("to follow") || lowered.contains("to be tabled") || lowered.contains("to be circulated")
}

/// A public document may be about restricted things; "Restricted enclosure" is nothing but the statement.
fn says_only_restricted(title: &str) -> bool {
    let lowered = title.to_lowercase();
    lowered.split_whitespace().all(|word| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        word.is_empty()
            || word.bytes().all(|b| b.is_ascii_digit())
            || matches!(
                word,
                "restricted" | "exempt" | "confidential" | "enclosure" | "enclosures" | "document" | "report" | "appendix"
            )
    })
}

fn without_bracket(text: &str) -> (&str, bool) {
    let bare = text.trim_end_matches(['.', ' ']);
    bare.strip_suffix([')', ']']).map_or((text, false), |inner| (inner.trim_end(), true))
}

/// "… PDF 468 KB" → "… PDF", "468 KB".
fn split_size(text: &str) -> (&str, Option<&str>) {
    let lowered = text.to_ascii_lowercase();
    for unit in UNITS {
        let Some(before_unit) = lowered.strip_suffix(unit) else { continue };
        let number_end = before_unit.trim_end().len();
        let digits = before_unit.trim_end().bytes().rev().take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b',')).count();
        let start = number_end - digits;
        let begins_with_digit = lowered.as_bytes().get(start).is_some_and(u8::is_ascii_digit);
        let short_unit = unit.len() == 1 && number_end != before_unit.len();
        if digits == 0 || !begins_with_digit || short_unit {
            continue;
        }
        return (text.get(..start).unwrap_or(text).trim_end(), text.get(start..));
    }
    (text, None)
}

/// "… (PDF," → "…", pdf. The kind may touch the title: the page put them into two elements.
fn split_kind(text: &str) -> (&str, Option<&'static str>) {
    let bare = text.trim_end_matches(|c: char| c.is_whitespace() || "([,-–:;/.".contains(c));
    for kind in KINDS {
        let Some(at) = bare.len().checked_sub(kind.len()) else { continue };
        let Some((before, end)) = bare.split_at_checked(at) else { continue };
        let parted = before.is_empty() || before.ends_with(|c: char| !c.is_alphanumeric()) || end.chars().all(char::is_uppercase);
        if end.eq_ignore_ascii_case(kind) && parted {
            return (before.trim_end(), Some(kind));
        }
    }
    (text, None)
}

/// "… WORD" → "…": ModernGov names the program where others name the kind.
fn without_program(text: &str) -> &str {
    let before = ["WORD", "EXCEL", "POWERPOINT", "RICH TEXT", "TEXT"].iter().find_map(|program| text.strip_suffix(program));
    before.filter(|before| before.is_empty() || before.ends_with(char::is_whitespace)).map_or(text, str::trim_end)
}

/// "… pdf icon" → "…": the words that stand for the picture.
fn split_icon(text: &str) -> (&str, bool) {
    let bare = text.trim_end_matches(|c: char| c.is_whitespace() || "([,".contains(c));
    let before =
        bare.len().checked_sub(4).and_then(|at| bare.split_at_checked(at)).filter(|(_, end)| end.eq_ignore_ascii_case("icon"));
    before
        .and_then(|(before, _)| split_kind(before).1.map(|_| split_kind(before).0))
        .map_or((text, false), |before| (before, true))
}

fn kind_of_icon(text: &str) -> Option<&'static str> {
    let bare = text.trim_end();
    bare.len().checked_sub(4).and_then(|at| bare.get(..at)).and_then(|before| split_kind(before).1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_parted_from_kind_size_and_icon() {
        let check = |text: &str, title: &str, kind: Option<&str>, size: Option<&str>| {
            let named = named(text);
            assert_eq!((named.title, named.kind, named.size), (title, kind, size), "{text}");
        };
        check("Improvement Plan pdf icon PDF 468 KB", "Improvement Plan", Some("pdf"), Some("468 KB"));
        check("Improvement Plan PDF 468 KB", "Improvement Plan", Some("pdf"), Some("468 KB"));
        check("Improvement PlanPDF 468 KB", "Improvement Plan", Some("pdf"), Some("468 KB"));
        check("polc2 - 23.09.2015 PDF 119 KB", "polc2 - 23.09.2015", Some("pdf"), Some("119 KB"));
        check("Budget (DOCX, 1.2MB)", "Budget", Some("docx"), Some("1.2MB"));
        check("Leaflet WORD 96 KB", "Leaflet", None, Some("96 KB"));
        check("Last WORD", "Last WORD", None, None);
        check("Agenda (156Kb)", "Agenda", None, Some("156Kb"));
        check("Terms of reference [pdf]", "Terms of reference", Some("pdf"), None);
        check("Plan (Word, 96 KB)", "Plan", None, Some("96 KB"));
        check("(Download Agenda. 120KB)", "Agenda", None, Some("120KB"));
        check("Plan pdf icon", "Plan", Some("pdf"), None);
        check("Appendix B", "Appendix B", None, None);
        check("A new PDF", "A new PDF", None, None);
        check("Vitamin B12 b", "Vitamin B12 b", None, None);
        check("Report (Appendix 2)", "Report (Appendix 2)", None, None);
        check("", "", None, None);
    }

    #[test]
    fn a_line_about_a_file_is_told_from_a_sentence() {
        let check = |line: &str, expect: Option<(Option<&str>, Option<&str>)>| {
            assert_eq!(about(line).map(|about| (about.kind, about.size)), expect, "{line}");
        };
        check("PDF, 917KB, 16 pages", Some((Some("pdf"), Some("917KB"))));
        check("MS Excel Spreadsheet, 144KB", Some((None, Some("144KB"))));
        check("(DOCX 1.2 MB)", Some((Some("docx"), Some("1.2 MB"))));
        check("(156Kb)", Some((None, Some("156Kb"))));
        check("HTML", Some((Some("html"), None)));
        check("Ref: ABC-1, PDF, 2 pages", Some((Some("pdf"), None)));
        check("The plan, in PDF, is 16 pages long", None);
        check("", None);
    }

    #[test]
    fn restricted_documents_have_no_link() {
        let url = Url::parse("https://example.org/documents/s1/x.pdf").unwrap();
        let check = |text: &str, url: Option<&Url>, restricted: bool, linked: bool| {
            let document = document(text, url).unwrap();
            assert_eq!((document.restricted, document.url.is_some()), (restricted, linked), "{text}");
        };
        check("Restricted enclosure", None, true, false);
        check("Restricted enclosure 2", Some(&url), true, false);
        check("Exempt Appendix B", None, true, false);
        check("Policy on confidential files", Some(&url), false, true);
        check("Appendix 1 to follow", None, false, false);
        assert!(is_to_follow("Appendix 1 to follow"));
    }
}
