//! What stands under an item's title on every ModernGov page: purpose, minutes, decisions, reasons, options, documents.

use crate::domain::item::{Decision, Document as Attached};
use crate::domain::text::{SafeHtml, Text};
use crate::rules::extract::document::Document;
use crate::rules::extract::text::{Line, paragraphs};
use crate::rules::extract::volatile::is_volatile;
use crate::rules::facts::decisions;
use crate::rules::facts::documents::{about, document as attached, is_restricted, is_to_follow, kind_of_url, named};
use crate::rules::facts::sections::{self, Section};
use scraper::ElementRef;
use url::Url;

/// The parts of one item.
pub(super) struct Parts {
    pub(super) text: Option<Text>,
    pub(super) html: Option<SafeHtml>,
    pub(super) documents: Vec<Attached>,
    pub(super) decisions: Vec<Decision>,
    pub(super) reasons: Option<Text>,
    pub(super) options_rejected: Option<Text>,
}

/// What follows the list of documents.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum AfterDocuments {
    /// The minutes: issue pages list documents before them.
    Body,
    /// The site's contact block and menus, until a known heading: agenda items list documents last.
    Chrome,
}

/// Reads the lines under a title.
pub(super) fn read(document: &Document, lines: &[Line<'_>], body: Option<&str>, after_documents: AfterDocuments) -> Parts {
    let lines: Vec<Line<'_>> = lines.iter().filter(|line| !is_volatile(line)).cloned().collect();
    let sorted = sorted(&lines, after_documents);
    let parted = without_empty_headings(sorted.body);
    // "Minutes:" says nothing that its place does not say, but a decision above it ends there.
    let with_minutes: Vec<Line<'_>> =
        parted.iter().map(|(_, line)| (*line).clone()).filter(|line| !is_in_table_of_figures(line)).collect();
    let decisions = decisions::read(&paragraphs(&with_minutes), body);
    let kept: Vec<_> =
        parted.into_iter().filter(|(section, line)| *section != Section::Minutes || !is_bare_heading(line)).collect();
    let section_text = |wanted: Section| {
        let lines: Vec<Line<'_>> =
            kept.iter().filter(|(section, _)| *section == wanted).map(|(_, line)| (*line).clone()).collect();
        sections::said(&paragraphs(&lines), wanted)
    };
    let (reasons, options_rejected) = (section_text(Section::Reasons), section_text(Section::OptionsRejected));
    let lines: Vec<Line<'_>> = kept.into_iter().map(|(_, line)| line.clone()).collect();
    let (text, html) = document.body(&lines);
    let mut documents = sorted.documents;
    documents.extend(lines.iter().flat_map(linked));
    documents.extend(lines.iter().filter_map(said));
    Parts {
        html: (!text.is_empty()).then_some(html),
        text: text.or_absent(),
        documents: without_repeats(documents),
        decisions,
        reasons,
        options_rejected,
    }
}

/// Whether a line stands in a table with heads above its columns that is a part of a clause: one in an item of a list, or right
/// below words that announce it. What it holds belongs to that decision, and is none of its own.
fn is_in_table_of_figures(line: &Line<'_>) -> bool {
    let above = || line.block.ancestors().filter_map(ElementRef::wrap);
    let Some(table) = above().find(|e| e.value().name() == "table") else { return false };
    let Some(first) = table.descendent_elements().find(|e| e.value().name() == "tr") else { return false };
    let heads: Vec<ElementRef<'_>> = first.child_elements().collect();
    let is_head =
        |cell: &ElementRef<'_>| cell.value().name() == "th" && sections::heading(&cell.text().collect::<String>()).is_none();
    let in_item = || table.ancestors().filter_map(ElementRef::wrap).any(|e| e.value().name() == "li");
    let before = || table.prev_siblings().find_map(ElementRef::wrap);
    let is_announced = || before().is_some_and(|e| e.text().collect::<String>().trim_end().ends_with(':'));
    heads.len() >= 2 && heads.iter().all(is_head) && (in_item() || is_announced())
}

/// Whether an address is a document's: by its ending, or by ModernGov's folder.
pub(super) fn is_document(url: &Url) -> bool {
    kind_of_url(url).is_some() || url.path().to_ascii_lowercase().contains("/documents/")
}

/// One document for each address, or for each name where there is no address.
pub(super) fn without_repeats(documents: Vec<Attached>) -> Vec<Attached> {
    let mut kept: Vec<Attached> = Vec::with_capacity(documents.len());
    let mut seen = std::collections::HashSet::new();
    for document in documents {
        let identity = document.url.as_ref().map_or_else(|| document.title.to_string(), Url::to_string);
        // Several restricted enclosures have one name; each is one.
        if document.url.is_none() || seen.insert(identity) {
            kept.push(document);
        }
    }
    kept
}

struct Sorted<'l, 'a> {
    body: Vec<(Section, &'l Line<'a>)>,
    documents: Vec<Attached>,
}

fn sorted<'l, 'a>(lines: &'l [Line<'a>], after_documents: AfterDocuments) -> Sorted<'l, 'a> {
    let mut out = Sorted { body: Vec::new(), documents: Vec::new() };
    let mut section = Section::Minutes;
    let mut dropping = false;
    for line in lines {
        let heading = sections::heading(&line.text);
        if let Some((next, rest)) = heading {
            section = next;
            dropping = false;
            if next == Section::Documents {
                out.documents.extend(named_documents(line, rest));
                continue;
            }
        } else if section == Section::Documents {
            if names_document(line) {
                out.documents.extend(named_documents(line, &line.text));
                continue;
            }
            section = Section::Minutes;
            dropping = after_documents == AfterDocuments::Chrome;
        }
        if !dropping && is_file_alone(line) {
            out.documents.extend(named_documents(line, &line.text));
        } else if !dropping && !leads_elsewhere(line) {
            out.body.push((section, line));
        }
    }
    out
}

/// A heading may have nothing under it: "Other options considered and rejected:".
fn without_empty_headings<'l, 'a>(body: Vec<(Section, &'l Line<'a>)>) -> Vec<(Section, &'l Line<'a>)> {
    let ends: Vec<bool> =
        (0..body.len()).map(|at| body.get(at + 1).is_none_or(|(_, next)| sections::heading(&next.text).is_some())).collect();
    body.into_iter().zip(ends).filter(|((_, line), ends)| !(*ends && is_bare_heading(line))).map(|(entry, _)| entry).collect()
}

/// Whether a line is a section's heading and no more.
fn is_bare_heading(line: &Line<'_>) -> bool {
    sections::heading(&line.text).is_some_and(|(_, rest)| rest.is_empty())
}

/// Whether a line under "Additional documents:" names one; minutes may follow the heading at once.
fn names_document(line: &Line<'_>) -> bool {
    let only_link = line.links.iter().any(|link| link.url.as_ref().is_some_and(is_document)) && line.outside().len() <= 60;
    let short = line.text.len() <= 160 && !line.text.ends_with([';', ':']);
    let said = short && (is_to_follow(&line.text) || (is_restricted(&line.text) && !line.text.contains(". ")));
    let sized = short && named(&line.text).size.is_some();
    // The site's menu is also a list of links, but not of files.
    let served = |url: &Url| is_document(url) || url.path().to_ascii_lowercase().contains("mgconvert");
    let leads_to_page = line.links.iter().any(|link| link.url.as_ref().is_some_and(|url| !served(url)));
    let locked = short && is_locked(line);
    let listed = line.is_item() && short && line.text.len() <= 120 && !line.text.ends_with('.') && !leads_to_page;
    let linked_item = line.is_item() && !line.links.is_empty() && line.outside().len() <= 60 && !leads_to_page;
    only_link || said || sized || locked || listed || linked_item
}

/// Whether a padlock stands in place of a link to the file: the public may not read it.
fn is_locked(line: &Line<'_>) -> bool {
    let is_lock = |e: ElementRef<'_>| {
        let says = |name: &str, words: &[&str]| {
            e.attr(name).map(str::to_ascii_lowercase).is_some_and(|value| words.iter().any(|word| value.contains(word)))
        };
        e.value().name() == "img" && (says("alt", &["restricted", "exempt", "not for publication"]) || says("src", &["padlock"]))
    };
    let leads_to_file = line.links.iter().any(|link| link.url.as_ref().is_some_and(is_document));
    let one_entry = matches!(line.block.value().name(), "li" | "p" | "td" | "dd");
    one_entry && !leads_to_file && line.block.descendent_elements().any(is_lock)
}

fn named_documents(line: &Line<'_>, words: &str) -> Vec<Attached> {
    if is_locked(line) {
        return attached(words, None).map(|paper| Attached { restricted: true, ..paper }).into_iter().collect();
    }
    let linked: Vec<&super::super::document::Link> = line.links.iter().filter(|link| link.url.is_some()).collect();
    match linked.as_slice() {
        // The size may stand beside the link: the whole line is the name.
        [] => attached(words, None).into_iter().collect(),
        [only] => attached(words, only.url.as_ref()).into_iter().collect(),
        several => several.iter().filter_map(|link| attached(&link.text, link.url.as_ref())).collect(),
    }
}

/// Documents that the body links to.
fn linked(line: &Line<'_>) -> Vec<Attached> {
    let links = line.links.iter().filter(|link| link.url.as_ref().is_some_and(is_document));
    links.filter_map(|link| attached(&link.text, link.url.as_ref())).collect()
}

/// "Appendix 1 to follow", "Restricted enclosure": a document without a link, in no list of documents.
fn said(line: &Line<'_>) -> Option<Attached> {
    const PAPERS: &[&str] = &[
        "annex",
        "appendi",
        "confidential",
        "document",
        "enclosure",
        "exempt",
        "paper",
        "presentation",
        "report",
        "restricted",
        "schedule",
    ];
    if line.is_item() && line.text.len() <= 160 && is_locked(line) {
        return named_documents(line, &line.text).pop();
    }
    let lowered = line.text.to_lowercase();
    let words = lowered.trim_end_matches('.');
    let named = line.links.is_empty() && words.len() <= 80 && !words.ends_with([';', ':']) && !words.contains(". ");
    // "Exempt under paragraph 3" says why, and names no paper.
    let says_why = [" paragraph", " by virtue", "schedule 12a"].iter().any(|reason| words.contains(reason));
    let stated = words.ends_with("to follow")
        || words.ends_with("to follow)")
        || (is_restricted(words) && !says_why && (line.is_item() || words.len() <= 30));
    let paper = PAPERS.iter().any(|paper| words.starts_with(paper));
    (named && stated && paper).then(|| attached(line.text.trim_end_matches('.'), None)).flatten()
}

/// "Improvement Plan PDF 468 KB", "Improvement Plan (PDF, 468 KB)": a link to a file, with what kind and size it is beside it.
fn is_file_alone(line: &Line<'_>) -> bool {
    let one = matches!(line.links.as_slice(), [only] if only.url.as_ref().is_some_and(is_document));
    let beside = line.outside().trim();
    let nothing_else = beside.chars().all(|c| !c.is_alphanumeric()) || about(beside).is_some();
    one && nothing_else && named(&line.text).size.is_some()
}

/// "View the decision for item 4.", "Issue history": a way to another page, no part of this item.
fn leads_elsewhere(line: &Line<'_>) -> bool {
    const VIEWS: &[&str] =
        &["mgissuehistory", "iedecisiondetails.", "mgmeetingattendance.", "mglistdeclaration", "mgdecisiondetails."];
    let lowered = line.text.to_lowercase();
    let of_an_item = ["view the decision for item ", "view the background to item ", "view the declarations for item "]
        .iter()
        .any(|words| lowered.starts_with(words) && lowered.len() <= words.len() + 16);
    let whole = !line.links.is_empty() && line.outside().trim_matches(|c: char| !c.is_alphanumeric()).is_empty();
    let shows_it_elsewhere = || {
        let page = |url: &Url| url.path().rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        let is_view = |url: &Url| VIEWS.iter().any(|view| page(url).starts_with(view));
        line.links.iter().all(|link| link.url.as_ref().is_some_and(is_view))
    };
    let says_so = || lowered.starts_with("view the ") || lowered.starts_with("find out more about this issue");
    of_an_item || (whole && (says_so() || line.has_class("mgActionList") || shows_it_elsewhere()))
}
