//! Where the items of an agenda begin: by ModernGov's classes and anchors, else by rows, headings or numbers.
//!
//! Minutes hold numbered lists and headings of their own. What begins the first item (the same elements around it, bold or
//! not, its number in a cell of its own or not) begins the others; a number in another shape is the minutes' own.

use super::super::is_within;
use crate::rules::extract::document::Document;
use crate::rules::extract::text::{Kind, Line, NodeRef, folded};
use crate::rules::facts::{dates, sections};
use rustc_hash::FxHashMap;
use scraper::ElementRef;
use std::collections::BTreeSet;

/// Where an item begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Start {
    /// "181", "CA.3"; `None` for an item without one.
    pub(super) number: Option<String>,
    /// The line of its number, or of its title where both are one.
    pub(super) at: usize,
    /// The line of its title.
    pub(super) title: usize,
}

/// The starts of all items after the line `from`, in order.
pub(super) fn starts(document: &Document, lines: &[Line<'_>], from: usize) -> Vec<Start> {
    let by_class = positions(lines, from, |line| line.has_class("mgAiTitleTxt") || line.has_class("mgItemNumberCell"));
    if !by_class.is_empty() {
        return joined(lines, &by_class);
    }
    let by_anchor = anchored(document, lines, from);
    if !by_anchor.is_empty() {
        return joined(lines, &by_anchor);
    }
    let numbered = by_number(lines, from);
    let headed = by_heading(lines, from);
    match (numbered.first(), headed.first()) {
        // Bare numbers under headings are the minutes' own lists.
        (Some(number), Some(heading)) if heading.at < number.at && !is_marked(lines, number) => headed,
        (Some(_), _) => numbered,
        _ => headed,
    }
}

fn positions(lines: &[Line<'_>], from: usize, fits: impl Fn(&Line<'_>) -> bool) -> Vec<usize> {
    lines.iter().enumerate().skip(from).filter(|(_, line)| fits(line)).map(|(at, _)| at).collect()
}

/// One start for each run of a number's line and its title's.
fn joined(lines: &[Line<'_>], at: &[usize]) -> Vec<Start> {
    let mut starts: Vec<Start> = Vec::with_capacity(at.len());
    for &at in at {
        let Some(line) = lines.get(at) else { continue };
        // A number's own line has taken this one as its title; the size of its file may stand beside it.
        if starts.last().is_some_and(|last| last.title >= at) || is_only_size(line) {
            continue;
        }
        let taken = starts.last().map_or(0, |last| last.title + 1);
        starts.extend(numbered_before(lines, at).filter(|start| start.at >= taken).or_else(|| start_at(lines, at)));
    }
    starts
}

/// A title whose number has the line before it, in a cell that a template left without a class.
fn numbered_before(lines: &[Line<'_>], title: usize) -> Option<Start> {
    let line = lines.get(title).filter(|line| whole_number(&line.text).is_none())?;
    let at = title.checked_sub(1)?;
    let before = lines.get(at).filter(|before| share_a_row(before, line))?;
    Some(Start { number: Some(whole_number(&before.text)?.to_owned()), at, title })
}

/// Whether two lines stand in one row, card or heading; the last figure of a table belongs to no title after it.
fn share_a_row(one: &Line<'_>, other: &Line<'_>) -> bool {
    const WHOLE: &[&str] = &["table", "tbody", "ul", "ol", "dl", "main", "body", "html"];
    let around = std::iter::once(one.block).chain(one.block.ancestors().filter_map(ElementRef::wrap));
    let mut row = around.take(3).take_while(|element| !WHOLE.contains(&element.value().name()));
    row.any(|element| is_within(other.block, element))
}

fn is_only_size(line: &Line<'_>) -> bool {
    let named = crate::rules::facts::documents::named(&line.text);
    named.size.is_some() && named.title.is_empty()
}

fn start_at(lines: &[Line<'_>], at: usize) -> Option<Start> {
    let text = &lines.get(at)?.text;
    if let Some(number) = whole_number(text) {
        let title = lines.get(at + 1).filter(|next| sections::heading(&next.text).is_none());
        return Some(Start { number: Some(number.to_owned()), at, title: title.map_or(at, |_| at + 1) });
    }
    let number = leading_number(text).or_else(|| lines.get(at).filter(|line| stands_out(line)).and_then(|_| bare_number(text)));
    Some(Start { number: number.map(|(number, _)| number.to_owned()), at, title: at })
}

/// `id="AI54346"` or `name="AI54346"`: an agenda item.
fn anchored(document: &Document, lines: &[Line<'_>], from: usize) -> Vec<usize> {
    let anchors = document.all("[id^=AI], [name^=AI]");
    let is_item = |name: &str| name.strip_prefix("AI").is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    let marks = |e: &ElementRef<'_>| e.attr("id").or(e.attr("name")).is_some_and(is_item);
    let anchors: Vec<ElementRef<'_>> = anchors.into_iter().filter(marks).collect();
    if anchors.is_empty() {
        return Vec::new();
    }
    let mut first_line = FxHashMap::default();
    for (at, line) in lines.iter().enumerate().skip(from) {
        for leaf in &line.leaves {
            for element in leaf.ancestors() {
                first_line.entry(element.id()).or_insert(at);
            }
        }
    }
    // An empty anchor stands in what it marks.
    let marked = |anchor: &ElementRef<'_>| {
        std::iter::once(**anchor).chain(anchor.ancestors()).take(3).find_map(|e| first_line.get(&e.id()).copied())
    };
    anchors.iter().filter_map(marked).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The shape in which an item begins.
#[derive(PartialEq)]
struct Shape<'a> {
    around: Vec<&'a str>,
    strong: bool,
    /// The number has a cell or block of its own.
    apart: bool,
}

fn shape<'a>(line: &Line<'a>) -> Shape<'a> {
    let names = std::iter::successors(Some(*line.block), NodeRef::parent)
        .filter_map(|n| n.value().as_element().map(scraper::node::Element::name));
    let within = |leaf: &NodeRef<'_>| leaf.ancestors().any(|e| e.id() == line.block.id());
    let apart = line.leaves.first().is_some_and(|leaf| !within(leaf)) || whole_number(&line.text).is_some();
    Shape { around: names.filter(|n| *n != "tbody").take(5).collect(), strong: line.strong, apart }
}

fn is_marked(lines: &[Line<'_>], start: &Start) -> bool {
    lines.get(start.at).is_some_and(|line| line.is_heading() || shape(line).apart || line.strong)
}

fn by_number(lines: &[Line<'_>], from: usize) -> Vec<Start> {
    let numbered = |line: &Line<'_>| {
        whole_number(&line.text).is_some()
            || leading_number(&line.text).is_some()
            || (stands_out(line) && bare_number(&line.text).is_some())
    };
    let candidates: Vec<(Start, Shape<'_>)> = positions(lines, from, numbered)
        .into_iter()
        .filter_map(|at| Some((start_at(lines, at)?, shape(lines.get(at)?))))
        .collect();
    let Some((first, shape)) = candidates.first() else { return Vec::new() };
    let marked = is_marked(lines, first);
    let mut last: Option<u32> = None;
    let mut found: Vec<Start> = Vec::new();
    for (start, _) in candidates.iter().filter(|(_, own)| own == shape) {
        let count = start.number.as_deref().and_then(count);
        // Among plain paragraphs only the next number goes on with the agenda.
        let goes_on = match (last, count) {
            (Some(last), Some(count)) => count == last + 1,
            _ => true,
        };
        if found.last().is_some_and(|before| before.title >= start.at) || !(marked || goes_on) {
            continue;
        }
        last = count.or(last);
        found.push(start.clone());
    }
    if marked || found.len() > 1 { found } else { Vec::new() }
}

fn by_heading(lines: &[Line<'_>], from: usize) -> Vec<Start> {
    const NO_ITEM: &[&str] = &[
        "agenda",
        "agenda items",
        "items",
        "item",
        "media",
        "contact",
        "contacts",
        "venue",
        "attendance",
        "documents",
        "meeting documents",
        "details",
    ];
    let heads = |line: &Line<'_>| {
        let bare = folded(line.text.trim_end_matches(':'));
        let bold = line.strong && line.text.len() <= 150 && !line.text.ends_with(['.', ';', ':']) && line.kind != Kind::Item;
        let term = line.block.value().name() == "dt";
        (line.is_heading() || bold || term)
            && sections::heading(&line.text).is_none()
            && !NO_ITEM.contains(&bare.as_str())
            && !super::stage::is_name(&line.text)
            && !["venue", "contact", "date"].iter().any(|word| bare.starts_with(&format!("{word}:")))
    };
    let found = positions(lines, from, heads);
    let Some(first) = found.first().and_then(|at| lines.get(*at)) else { return Vec::new() };
    let first = shape(first);
    let alike = found.into_iter().filter(|at| lines.get(*at).is_some_and(|line| shape(line) == first));
    alike.map(|at| Start { number: None, at, title: at }).collect()
}

/// The number that is all there is in a cell: "181.", "CA.3", "C61/24", "Item5".
fn whole_number(text: &str) -> Option<&str> {
    let bare = text.trim().trim_end_matches(['.', ':', ')']);
    let bare = without_item(bare);
    is_number(bare).then_some(bare)
}

/// The number in front of a title: "4. Budget", "Item 4: Budget", "CA.3 Budget".
fn leading_number(text: &str) -> Option<(&str, &str)> {
    let after_item = without_item(text);
    let said = after_item.len() < text.len();
    let (number, rest) = after_item.split_once(char::is_whitespace)?;
    let bare = number.trim_end_matches(['.', ':', ')', '-', '–']);
    let parted = bare.len() < number.len() || said || bare.contains(['.', '/']);
    // "10.30 am Welcome" begins with a time.
    let time = bare.split_once('.').is_some_and(|(_, minutes)| minutes.len() == 2)
        && bare.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    (parted && is_number(bare) && !time && !rest.trim().is_empty()).then(|| (bare, rest.trim_start_matches([' ', '-', '–', ':'])))
}

fn stands_out(line: &Line<'_>) -> bool {
    line.is_heading() || line.strong
}

/// The number in front of a heading, without a stop: "4 Budget"; a heading that begins with a day has none.
fn bare_number(text: &str) -> Option<(&str, &str)> {
    let (number, rest) = text.split_once(' ')?;
    let fits = number.len() <= 3 && number.starts_with(|c: char| c.is_ascii_digit()) && is_number(number);
    let title = rest.trim_start().starts_with(char::is_uppercase);
    let dated = dates::find(text).first().is_some_and(|date| date.span.start == 0);
    (fits && title && !dated).then_some((number, rest))
}

fn without_item(text: &str) -> &str {
    let word =
        ["agenda item", "item"].into_iter().find(|word| text.get(..word.len()).is_some_and(|t| t.eq_ignore_ascii_case(word)));
    let rest = word.and_then(|word| text.get(word.len()..)).map(|rest| rest.trim_start_matches([' ', ':', '.']));
    rest.filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(text)
}

/// Up to four letters in front, digits, then parts after a stop or stroke, and a small letter: "CA.3", "C61/24", "12a".
fn is_number(text: &str) -> bool {
    let letters = text.bytes().take_while(u8::is_ascii_uppercase).count();
    let Some(rest) = text.get(letters..).map(|rest| rest.trim_start_matches(['.', '/', '-'])) else { return false };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let Some(tail) = rest.get(digits..) else { return false };
    // "P/26/0412" is a planning application.
    if text.get(letters..).is_some_and(|after| letters > 0 && after.starts_with('/') && !tail.is_empty()) {
        return false;
    }
    let tail_fits = tail.is_empty()
        || (tail.len() == 1 && tail.bytes().all(|b| b.is_ascii_lowercase()))
        || tail
            .strip_prefix(['.', '/'])
            .is_some_and(|part| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()));
    text.len() <= 12 && letters <= 5 && (1..=4).contains(&digits) && tail_fits
}

fn count(number: &str) -> Option<u32> {
    number.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_items_are_told_from_words_and_times() {
        for (text, number) in
            [("181.", "181"), ("CA.3", "CA.3"), ("C61/24", "C61/24"), ("Item5", "5"), ("Item 12a", "12a"), ("61/24.", "61/24")]
        {
            assert_eq!(whole_number(text), Some(number), "{text}");
        }
        for text in ["No.", "Item", "Apologies", "PDF", "2022-12-15", "12345678", "A", ""] {
            assert_eq!(whole_number(text), None, "{text}");
        }
        assert_eq!(leading_number("4. Budget"), Some(("4", "Budget")));
        assert_eq!(leading_number("Item 4: Budget"), Some(("4", "Budget")));
        assert_eq!(leading_number("CA.3 Budget"), Some(("CA.3", "Budget")));
        assert_eq!(leading_number("12 members were present"), None);
        assert_eq!(leading_number("P/26/0412: Land north of Mill Lane"), None);
        assert_eq!(bare_number("4 Budget"), Some(("4", "Budget")));
        assert_eq!(bare_number("6a Enforcement"), Some(("6a", "Enforcement")));
        assert_eq!(bare_number("12 members were present"), None);
        assert_eq!(bare_number("10 March 2026"), None);
        assert_eq!(bare_number("2026 Budget"), None);
        assert_eq!(leading_number("10.30 am Welcome"), None);
    }
}
