//! The headline of a page that has no heading of the first rank: the only one of its rank in the content, before any prose.
//! Where line breaks part it, it is one headline all the same.

use crate::rules::extract::page::frame;
use crate::rules::extract::text::{Kind, Line, folded};
use std::ops::Range;

/// Fewer words name a part of a page: "Agenda", "Latest news".
const WORDS_MIN: usize = 3;
/// A line of at least this many bytes outside links is prose.
const PROSE_BYTES: usize = 60;
/// Most lines that a headline is parted into.
const LINES_MAX: usize = 4;

/// The headline that the content has, and the content with it as a heading of the first rank.
pub(super) fn promoted<'a>(content: &[Line<'a>]) -> Option<(String, Vec<Line<'a>>)> {
    let at = content.iter().position(|line| line.is_heading())?;
    let first = content.get(at)?;
    let Kind::Heading(rank @ 2..=4) = first.kind else { return None };
    let after = at + parts(content, at);
    let is_of_rank = |line: &Line<'_>| matches!(line.kind, Kind::Heading(own) if own <= rank);
    let is_only = !content.iter().skip(after).any(is_of_rank);
    let is_told_above = content.iter().take(at).any(|line| line.outside().len() >= PROSE_BYTES);
    let words: Vec<&str> = content.get(at..after)?.iter().map(|line| line.text.as_str()).collect();
    let title = words.join(" ");
    let names_part = frame::opens_ending(&folded(&title)) || frame::opens_places(&folded(&title));
    if !is_only || is_told_above || names_part || title.split_whitespace().count() < WORDS_MIN || !first.links.is_empty() {
        return None;
    }
    let mut headline = first.clone();
    headline.kind = Kind::Heading(1);
    headline.text.clone_from(&title);
    let mut lines = content.get(..at)?.to_vec();
    lines.push(headline);
    lines.extend(content.iter().skip(after).cloned());
    Some((title, lines))
}

/// Which lines say a title, as it is compared; a heading of the first rank says it in any case.
pub(super) fn position(lines: &[Line<'_>], title: &str) -> Option<Range<usize>> {
    let says = |at: usize| {
        let whole = || lines.get(at..at + parts(lines, at)).unwrap_or_default().iter().map(|line| line.folded());
        lines.get(at).is_some_and(|line| {
            line.kind == Kind::Heading(1)
                || line.folded() == title
                || (line.is_heading() && title.starts_with(line.folded()) && whole().collect::<Vec<_>>().join(" ") == title)
        })
    };
    let at = (0..lines.len()).find(|at| says(*at))?;
    let length = if lines.get(at).is_some_and(|line| line.folded() == title) { 1 } else { parts(lines, at) };
    Some(at..at + length)
}

/// How many lines, from this one on, line breaks have made of one heading.
fn parts(lines: &[Line<'_>], at: usize) -> usize {
    let block = lines.get(at).map(|line| line.block.id());
    let is_same = |line: &&Line<'_>| line.is_heading() && Some(line.block.id()) == block;
    lines.get(at..).unwrap_or_default().iter().take(LINES_MAX).take_while(is_same).count().max(1)
}
