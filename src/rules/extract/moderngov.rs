//! ModernGov (Civica): issue pages, block by block, agenda items, meetings, decisions and lists of decisions.
//!
//! The class names inside its block are the same everywhere, but councils' templates move headings out of it, and text
//! pasted from Word brings its own markup. So the words lead and the classes help.

pub(super) mod decision;
pub(super) mod decisions;
pub(super) mod heading;
pub(super) mod issue;
pub(super) mod item;
pub(super) mod meeting;
pub(super) mod meetings;
pub(super) mod mixed;
mod parts;
mod whole;

use super::document::Document;
use super::text::{Kind, Line, bare_name, decoded, folded};
use crate::domain::evidence::Fact;
use crate::rules::facts::sections;
use scraper::ElementRef;
use url::Url;

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

/// Whether a page without a telling address is a meeting's: it says how far the papers have come, and which meeting it is.
pub(super) fn recognises_meeting(document: &Document, lines: &[Line<'_>], has_classes: bool) -> bool {
    let own = own_lines(lines);
    let staged = own.iter().any(|line| (line.is_heading() || has_classes) && meeting::stage::is_name(&line.text));
    let papers = "a[href*='ieListDocuments.aspx' i], a[href*='mgAi.aspx' i], a[href*='/documents/s'], a[href^='documents/']";
    staged
        && (has_classes || document.first(papers).is_some())
        && meeting::title::find(document, &own).is_some_and(|title| title.date.is_some())
}

/// Whether a text is nothing but the name of how far a meeting's papers have come: "Agenda and draft minutes".
pub(super) fn names_stage(text: &str) -> bool {
    meeting::stage::is_name(text)
}

fn names_the_kind(text: &str) -> bool {
    let folded = folded(text.trim_end_matches(':'));
    PAGE_KINDS.contains(&folded.as_str()) || is_skip_link(&folded)
}

fn is_skip_link(folded: &str) -> bool {
    folded.starts_with("skip to ") || folded.starts_with("skip navigation")
}

/// What ModernGov says of the thing above its title: "This decision has been called in."
fn notices_above<'l, 'a>(lines: &'l [Line<'a>], title: usize) -> impl Iterator<Item = &'l Line<'a>> {
    let above = lines.get(..title).unwrap_or_default().iter();
    above.filter(|line| line.links.is_empty() && line.has_class("mgErrorTxt"))
}

/// The page's `<title>` or `DC.title` without the kind of page and the council's name around it.
fn title_from_head(document: &Document) -> Option<String> {
    let whole = document.meta("DC.title").or_else(|| document.head_title())?;
    let parts: Vec<&str> = whole.split([':', '|']).flat_map(|part| part.split(" - ")).map(str::trim).collect();
    // "Issue - meetings - Ofsted plan - Example Council": what is left without kinds and the council is the title.
    let kept: Vec<&str> = parts.into_iter().filter(|p| !p.is_empty() && !names_the_kind(p) && !p.ends_with("Council")).collect();
    (!kept.is_empty()).then(|| decoded(&kept.join(" - ")))
}

/// The page's lines without the site's frame, where anything is left.
fn own_lines<'a>(lines: &[Line<'a>]) -> Vec<Line<'a>> {
    let all_chrome = lines.iter().all(|line| line.chrome);
    lines.iter().filter(|line| all_chrome || !line.chrome).cloned().collect()
}

/// The line that is the title: ModernGov's class, the line that the page's `<title>` repeats, what follows the kind of page
/// (one of `kinds`), a heading, or else the first line; in each case one that `fits`.
fn title_line(document: &Document, lines: &[Line<'_>], kinds: &[&str], fits: impl Fn(&Line<'_>) -> bool) -> Option<usize> {
    let names_item = |line: &Line<'_>| {
        let contact = line.text.starts_with("Contact ");
        !names_the_kind(&line.text) && sections::heading(&line.text).is_none() && !contact && fits(line)
    };
    let by_class = || lines.iter().position(|line| line.has_class("mgSubTitleTxt"));
    let head = title_from_head(document).map(|title| folded(&title));
    let by_head = || {
        let head = head.as_deref().filter(|title| title.len() >= 8)?;
        lines.iter().position(|line| folded(&decoded(&line.text)) == head)
    };
    let after_kind = || {
        let kind = lines.iter().position(|line| kinds.contains(&folded(line.text.trim_end_matches(':')).as_str()))?;
        (kind + 1..lines.len()).find(|at| lines.get(*at).is_some_and(names_item))
    };
    let by_heading = || lines.iter().position(|line| matches!(line.kind, Kind::Heading(1 | 2)) && names_item(line));
    let first = || lines.iter().position(names_item);
    let by = |rule: &'static str| move |at: usize| (at, rule);
    let (at, rule) = by_class()
        .map(by("ModernGov's class for titles"))
        .or_else(|| by_head().map(by("the line that the page's <title> repeats")))
        .or_else(|| after_kind().map(by("the line after the kind of page")))
        .or_else(|| by_heading().map(by("the first heading that names no kind of page")))
        .or_else(|| first().map(by("the first line that names no kind of page")))?;
    if let Some(line) = lines.get(at) {
        document.trail.note(Fact::Title, rule, line);
    }
    Some(at)
}

/// "Cabinet - Dydd Iau" → "Cabinet": Welsh has two words for a weekday, and the day that follows takes only one.
fn without_welsh_day(name: &str) -> &str {
    let weekday = name.rsplit_once("Dydd ").filter(|(_, weekday)| !weekday.contains(' '));
    weekday.map_or(name, |(name, _)| bare_name(name))
}

/// The page that an address names: "ielistdocuments.aspx".
fn page_of(url: &Url) -> String {
    url.path().rsplit('/').next().unwrap_or_default().to_ascii_lowercase()
}

/// Where the content ends: after the last line within the content root, if the line `at` is within it. `title`: the line before
/// the content, which shares the content's cell where a table lays the page out and nothing marks the root.
fn end_of_content(document: &Document, lines: &[Line<'_>], title: usize, at: usize) -> usize {
    let root = document.content();
    let (Some(first), Some(last)) = (lines.get(title), lines.get(at)) else { return lines.len() };
    let whole_page = matches!(root.value().name(), "body" | "html");
    let root = if whole_page { shared_part(first, last) } else { Some(root).filter(|root| is_within(last.block, *root)) };
    let end = root.and_then(|root| lines.iter().rposition(|line| is_within(line.block, root)));
    end.map_or(lines.len(), |last| last + 1)
}

/// The innermost cell that holds both lines, or what ModernGov calls its own part of a site's template.
fn shared_part<'a>(one: &Line<'a>, other: &Line<'_>) -> Option<ElementRef<'a>> {
    let is_part = |element: &ElementRef<'_>| element.value().name() == "td" || element.attr("id") == Some("modgov");
    let mut around = std::iter::once(one.block).chain(one.block.ancestors().filter_map(ElementRef::wrap));
    around.find(|element| is_part(element) && is_within(other.block, *element))
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
    let asked = lines.iter().position(asks_readers).unwrap_or(lines.len());
    let mut end = contact.filter(followed_by_details).unwrap_or(lines.len()).min(asked);
    while lines.get(..end).and_then(<[_]>::last).is_some_and(is_furniture) {
        end -= 1;
    }
    end
}

/// "Is this page useful?", with its buttons and what follows them.
fn asks_readers(line: &Line<'_>) -> bool {
    const QUESTIONS: &[&str] = &["is this page", "was this page", "did you find what", "did you find this", "rate this page"];
    let folded = line.folded();
    folded.len() <= 80 && QUESTIONS.iter().any(|question| folded.starts_with(question))
}

fn is_furniture(line: &Line<'_>) -> bool {
    const FURNITURE: &[&str] = &["back to top", "print this page", "share this page", "return to top", "top of page"];
    let folded = line.folded();
    // A resolution's third clause begins like a notice of copyright.
    let copyright = folded.strip_prefix("(c) ").is_some_and(|rest| rest.starts_with("copyright") || rest.starts_with(['1', '2']));
    FURNITURE.contains(&folded) || folded.starts_with('©') || copyright
}
