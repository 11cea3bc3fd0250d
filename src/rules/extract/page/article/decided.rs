//! What an article says was decided: under its heading "Decisions", after "RESOLVED that:". A heading ends what the one before
//! it began; and what a term of a list or the head of a row began ends with what is set beside it.

use crate::domain::item::Decision;
use crate::rules::extract::page::rows;
use crate::rules::extract::text::{Kind, Line, paragraphs};
use crate::rules::facts::decisions;
use ego_tree::NodeId;
use scraper::ElementRef;

/// The decisions in the lines of a body.
pub(in crate::rules::extract::page) fn decided(body: &[Line<'_>]) -> Vec<Decision> {
    body.chunk_by(|line, next| !is_over(line, next)).flat_map(|part| decisions::read_in_prose(&paragraphs(part))).collect()
}

/// Whether what a line belongs to does not go on in the next.
fn is_over(line: &Line<'_>, next: &Line<'_>) -> bool {
    next.is_heading()
        || begins_term(next)
        || is_bare_cell(line, next)
        || pairs(line).is_some_and(|list| pairs(next) != Some(list))
}

/// Whether a line is a word in a cell, "Agreed", that is what a column is called or one of its values, and no opening of what stands in
/// the next row.
fn is_bare_cell(line: &Line<'_>, next: &Line<'_>) -> bool {
    const WORD_BYTES_MAX: usize = 20;
    let cells = |row: ElementRef<'_>| row.child_elements().take(3).count();
    let is_word = line.kind == Kind::Cell && line.text.len() <= WORD_BYTES_MAX && !line.text.ends_with([':', '-', '–', '—']);
    let Some(own) = rows::row_of(line).filter(|_| is_word) else { return false };
    let goes_on = rows::row_of(next).is_some_and(|row| row.id() == own.id());
    cells(own) > 2 || cells(own) == 2 && !goes_on
}

/// Whether a line stands in a term, or in the head of a row beside its cells.
fn begins_term(line: &Line<'_>) -> bool {
    let is_head =
        |element: ElementRef<'_>| element.next_siblings().filter_map(ElementRef::wrap).any(|e| e.value().name() == "td");
    around(line).any(|element| match element.value().name() {
        "dt" => true,
        "th" => is_head(element),
        _ => false,
    })
}

/// The list of terms, or the row with a head, in which a line stands.
fn pairs(line: &Line<'_>) -> Option<NodeId> {
    let has_head = |element: ElementRef<'_>| element.child_elements().next().is_some_and(|first| first.value().name() == "th");
    let is_one = |element: &ElementRef<'_>| match element.value().name() {
        "dl" => true,
        "tr" => has_head(*element),
        _ => false,
    };
    around(line).find(is_one).map(|element| element.id())
}

fn around<'a>(line: &Line<'a>) -> impl Iterator<Item = ElementRef<'a>> {
    const HEIGHT_MAX: usize = 5;
    std::iter::once(line.block).chain(line.block.ancestors().filter_map(ElementRef::wrap)).take(HEIGHT_MAX)
}
