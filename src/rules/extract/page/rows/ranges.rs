//! Which lines of a page make up its rows.

use super::papers::{linked_day, links_files, links_papers};
use super::table::{Column, Headers};
use super::{bare, day, is_remark};
use crate::rules::extract::text::{Kind, Line};
use crate::rules::facts::documents;
use scraper::ElementRef;
use std::ops::Range;

/// Elements before one that tells of a term, up to the term.
const TOLD_MAX: usize = 8;

/// The rows of tables, the items of lists and the terms, with links to papers.
pub(super) fn of(lines: &[Line<'_>], headers: &mut Headers) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let mut in_table = || match headers.has(line, Column::Papers) {
            Some(true) => links_files(line) || says_later(line, headers) || says_day_of_row(line, headers),
            Some(false) => bare::says_day(line, headers),
            // Without a header only words tell of papers.
            None => line.kind == Kind::Cell && line.links.is_empty() && documents::is_to_follow(&line.text),
        };
        let in_list = || line.kind == Kind::Item && linked_day(line).is_some();
        if !(links_papers(line) || in_list() || in_table()) || found.last().is_some_and(|last| last.contains(&at)) {
            continue;
        }
        let row = of_row(line).unwrap_or(line.block);
        let is_in = |line: &Line<'_>| line.block.id() == row.id() || line.block.ancestors().any(|above| above.id() == row.id());
        let is_within = |line: &Line<'_>| is_in(line) || of_row(line).is_some_and(|own| own.id() == row.id());
        let before = lines.get(..at).unwrap_or_default().iter().rev().take_while(|line| is_within(line)).count();
        let after = lines.iter().skip(at).take_while(|line| is_within(line)).count();
        found.push(at - before..at + after);
    }
    found
}

/// A day in the column of days: of a meeting whose papers are still to come.
fn says_day_of_row(line: &Line<'_>, headers: &mut Headers) -> bool {
    day(line).is_some() && headers.of(line).is_some_and(|(column, _)| *column == Column::Day)
}

/// "To follow", in a column of papers.
fn says_later(line: &Line<'_>, headers: &mut Headers) -> bool {
    let is_remark = || documents::is_to_follow(&line.text) || is_remark(line);
    line.links.is_empty() && is_remark() && headers.of(line).is_some_and(|(column, _)| *column == Column::Papers)
}

/// The row of a table, the item of a list, or the term under which a line is told.
fn of_row<'a>(line: &Line<'a>) -> Option<ElementRef<'a>> {
    let mut above = std::iter::once(line.block).chain(line.block.ancestors().filter_map(ElementRef::wrap)).take(4);
    let found = above.find(|element| matches!(element.value().name(), "tr" | "li" | "dt" | "dd"))?;
    let term = |found: ElementRef<'a>| {
        found.prev_siblings().filter_map(ElementRef::wrap).take(TOLD_MAX).find(|before| before.value().name() == "dt")
    };
    if found.value().name() == "dd" { term(found) } else { Some(found) }
}
