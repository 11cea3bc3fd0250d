//! A document's name taken apart: title, kind, size.

use super::about::{About, about};
use super::file::{KINDS, is_between, last_part, split_family, split_kind, split_size};
use crate::rules::facts::dates;

/// A document's name taken apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named<'a> {
    /// Without kind, size and the name of the icon.
    pub title: &'a str,
    /// Lower case.
    pub kind: Option<&'static str>,
    /// As written: "468 KB".
    pub size: Option<&'a str>,
    /// Whether the kind is only known by its program: "Word" may be `doc` or `docx`.
    pub by_family: bool,
}

/// Most remarks on a file after its name: "(PDF, 2 MB) (opens in a new window)".
const REMARKS_MAX: usize = 4;

/// Takes a name apart; what says nothing of a file stays as it is.
#[must_use]
pub fn named(text: &str) -> Named<'_> {
    let text = without_item(text.trim());
    let mut said = About::default();
    let mut rest = text;
    for _ in 0..REMARKS_MAX {
        let Some((before, about)) = bracket(rest).or_else(|| at_the_end(rest)).or_else(|| after_comma(rest)) else { break };
        said.by_family |= said.kind.is_none() && about.by_family;
        said.kind = said.kind.or(about.kind);
        said.size = said.size.or(about.size);
        rest = before.trim_end_matches(is_between);
    }
    let rest = without_item(rest);
    if rest.len() == text.len() {
        return Named { title: text, kind: None, size: None, by_family: false };
    }
    // A title ends in its own stop or bracket, not in what parted it from the remark.
    let title = rest.strip_prefix("Download:").or_else(|| rest.strip_prefix("Download ")).map_or(rest, str::trim_start);
    let title = if title.is_empty() { rest } else { title };
    Named { title, kind: said.kind, size: said.size, by_family: said.by_family }
}

/// "Sufficiency strategy, item 5." → "Sufficiency strategy": where the paper belongs is no part of its name.
fn without_item(text: &str) -> &str {
    let Some((before, last)) = text.rsplit_once(',') else { return text };
    let number = last.trim().trim_end_matches('.').strip_prefix("item ").map(str::trim);
    let is_number =
        number.is_some_and(|number| number.len() <= 8 && number.ends_with(|c: char| c.is_ascii_digit()) && !number.contains(' '));
    if is_number && !before.trim().is_empty() { before.trim_end() } else { text }
}

/// "… (PDF, 2 MB)" → "…"; "(Download Agenda. 120KB)" holds the whole name.
fn bracket(text: &str) -> Option<(&str, About<'_>)> {
    let bare = text.trim_end_matches(['.', ' ']);
    let inner = bare.strip_suffix([')', ']'])?;
    let open = inner.rfind(['(', '['])?;
    let (before, inner) = (inner.get(..open)?.trim_end(), inner.get(open + 1..)?);
    if before.is_empty() {
        if let Some(about) = about(inner).filter(|_| !inner.starts_with("Download ")) {
            return Some(("", about));
        }
        let (name, size) = split_size(inner);
        return size.map(|size| (name, About { size: Some(size), ..About::default() }));
    }
    Some((before, about(inner)?))
}

/// "…, 16 pages" → "…"; "…, pdf - 22 May 2026" → "…".
fn after_comma(text: &str) -> Option<(&str, About<'_>)> {
    let (before, last) = last_part(text)?;
    let last = last.trim();
    let undated = last.rsplit_once(" - ").filter(|(_, day)| dates::whole(day).is_some()).map_or(last, |(kind, _)| kind);
    let said = about(undated)?;
    // "Reports, word" is a title.
    (!before.trim().is_empty() && !said.by_family).then_some((before, said))
}

/// "… PDF 468 KB", "… pdf icon", "… 2.1 MB PDF", "….pdf" → "…". A bare "Plan PDF" may be a title.
fn at_the_end(text: &str) -> Option<(&str, About<'_>)> {
    if let (before, Some(size)) = split_size(text) {
        let (name, kind) = split_kind(before);
        let (name, family) = if kind.is_some() { (name, None) } else { split_family(name) };
        // "narrows to £4m" is no size; "PDF 468k" is one.
        if kind.is_none() && family.is_none() && !size.ends_with(['b', 'B', 's', 'S']) {
            return None;
        }
        return Some((name, About { kind: kind.or(family), size: Some(size), by_family: family.is_some() }));
    }
    let (before, kind) = split_kind(text);
    if kind.is_some()
        && let (name, Some(size)) = split_size(before)
    {
        return Some((name, About { kind, size: Some(size), by_family: false }));
    }
    if let Some(before) = without_icon(text) {
        let (name, kind) = split_kind(before);
        return kind.map(|kind| (name, About { kind: Some(kind), ..About::default() }));
    }
    let (name, ending) = text.rsplit_once('.')?;
    let kind = KINDS.iter().find(|kind| kind.eq_ignore_ascii_case(ending)).copied();
    kind.map(|kind| (name, About { kind: Some(kind), ..About::default() })).filter(|_| name.ends_with(char::is_alphanumeric))
}

/// A line without what its end says of a file, and the size that it gives: "Agenda PDF 468 KB" → "Agenda", "468 KB". `None`
/// where it says nothing of one.
#[must_use]
pub fn without_file(line: &str) -> Option<(&str, Option<&str>)> {
    let (before, size) = match at_the_end(line) {
        Some((before, about)) => (before, about.size),
        None => (line, None),
    };
    let before = split_kind(before).0.trim_end_matches([' ', ',', '|', '-', '–', '—']);
    (before.len() < line.len()).then_some((before, size))
}

/// "… pdf icon" → "… pdf": the words that stand for the picture.
fn without_icon(text: &str) -> Option<&str> {
    let bare = text.trim_end_matches(is_between);
    let (before, end) = bare.split_at_checked(bare.len().checked_sub(4)?)?;
    end.eq_ignore_ascii_case("icon").then(|| before.trim_end())
}
