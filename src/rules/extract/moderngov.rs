//! ModernGov (Civica): issue pages, block by block, and agenda items.
//!
//! The class names inside its block are the same everywhere, but councils' templates move headings out of it, and text
//! pasted from Word brings its own markup. So the words lead and the classes help.

pub(super) mod heading;
pub(super) mod issue;
pub(super) mod item;
mod parts;

use super::document::Document;
use super::text::{Line, decoded, folded};
use scraper::ElementRef;

/// Headings that say what kind of page it is, not what it is about.
const PAGE_KINDS: &[&str] = &[
    "agenda item",
    "decision",
    "decision details",
    "issue",
    "issue - meetings",
    "issue details",
    "issue history",
    "issue meetings",
    "meetings",
    "issue - history",
];

fn names_the_kind(text: &str) -> bool {
    let folded = folded(text.trim_end_matches(':'));
    PAGE_KINDS.contains(&folded.as_str()) || is_skip_link(&folded)
}

fn is_skip_link(folded: &str) -> bool {
    folded.starts_with("skip to ") || folded.starts_with("skip navigation")
}

/// The page's `<title>` or `DC.title` without the kind of page and the council's name around it.
fn title_from_head(document: &Document) -> Option<String> {
    let whole = document.meta("DC.title").or_else(|| document.head_title())?;
    let parts: Vec<&str> = whole.split([':', '|']).flat_map(|part| part.split(" - ")).map(str::trim).collect();
    // "Issue - meetings - Ofsted plan - Example Council": what is left without kinds and the council is the title.
    let kept: Vec<&str> = parts.into_iter().filter(|p| !p.is_empty() && !names_the_kind(p) && !p.ends_with("Council")).collect();
    (!kept.is_empty()).then(|| decoded(&kept.join(" - ")))
}

/// Where the content ends: after the last line within the content root, if the line `at` is within it.
fn end_of_content(document: &Document, lines: &[Line<'_>], at: usize) -> usize {
    let root = document.content();
    let within = |line: &Line<'_>| is_within(line.block, root);
    if !lines.get(at).is_some_and(within) {
        return lines.len();
    }
    lines.iter().rposition(within).map_or(lines.len(), |last| last + 1)
}

fn is_within(element: ElementRef<'_>, root: ElementRef<'_>) -> bool {
    element.id() == root.id() || element.ancestors().any(|ancestor| ancestor.id() == root.id())
}

/// How many lines are left when the page's furniture is cut from the end: the contact block, "Back to top".
fn without_tail(lines: &[Line<'_>]) -> usize {
    let contact = lines.iter().position(|line| {
        let begins = line.text.starts_with("Contact ") || line.text.eq_ignore_ascii_case("contact");
        begins && line.text.len() <= 60 && !line.text.ends_with('.')
    });
    let followed_by_details = |at: &usize| {
        let details = lines.get(at + 1..).unwrap_or_default().iter().take(4);
        details.into_iter().any(|l| ["Email", "E-mail", "Tel", "Telephone", "Phone", "Fax"].iter().any(|d| l.text.starts_with(d)))
    };
    let mut end = contact.filter(followed_by_details).unwrap_or(lines.len());
    while lines.get(..end).and_then(<[_]>::last).is_some_and(is_furniture) {
        end -= 1;
    }
    end
}

fn is_furniture(line: &Line<'_>) -> bool {
    const FURNITURE: &[&str] = &["back to top", "print this page", "share this page", "return to top", "top of page"];
    let folded = folded(&line.text);
    FURNITURE.contains(&folded.as_str()) || folded.starts_with('©') || folded.starts_with("(c) ")
}
