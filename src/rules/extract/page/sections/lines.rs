//! Updates that no heading begins: a bold line, a term, what a reader clicks on to open a panel, or a line that is nothing but a day.

use super::closing::close_entries;
use super::{PLAIN_DAYS_MIN, Time, day_and_month, is_newest_first, is_short, time};
use crate::rules::extract::page::{dated, entries};
use crate::rules::extract::text::Line;
use crate::rules::facts::documents;
use scraper::ElementRef;

/// Where updates without headings begin, and when each was: lines that look like headings, or that are nothing but a day.
pub(super) fn begun_by_lines(lines: &[Line<'_>], from: usize) -> Vec<(usize, Time)> {
    let looks_like_heading = |line: &Line<'_>| line.strong || term(line).is_some() || opens_panel(line);
    let short = || lines.iter().enumerate().skip(from).filter(|(_, line)| !line.is_heading() && is_short(&line.text));
    let headed = short().filter(|(_, line)| looks_like_heading(line));
    let of_term = |line: &Line<'_>| if line.strong { None } else { day_and_month(&line.text, || None) };
    let headed: Vec<_> = headed.filter_map(|(at, line)| Some((at, time(&line.text).or_else(|| of_term(line))?))).collect();
    let bare = || short().filter(|(_, line)| matches!(line.block.value().name(), "p" | "div"));
    let bare = || bare().filter_map(|(at, line)| Some((at, Time::Day(dated::of_words(&line.text)?))));
    let begun = if headed.len() >= 2 {
        headed
    } else {
        Some(bare().collect()).filter(|bare: &Vec<_>| bare.len() >= PLAIN_DAYS_MIN && is_newest_first(bare)).unwrap_or_default()
    };
    // A day right below a title is the title's, and so is one in a tile above it.
    let is_file =
        |line: &Line<'_>| line.links.iter().all(|link| link.url.as_ref().is_some_and(|url| documents::is_file(&link.text, url)));
    let is_link = |line: &Line<'_>| !line.links.is_empty() && line.outside().trim().is_empty();
    let is_title = |line: &Line<'_>| line.is_heading() || (is_link(line) && !is_file(line) && !entries::is_generic(&line.text));
    let below_title = |at: usize| at.checked_sub(1).and_then(|above| lines.get(above)).is_some_and(is_title);
    let above_title = |at: usize| lines.get(at + 1).is_some_and(|line| line.is_heading());
    let titled_below = begun.iter().filter(|(at, _)| above_title(*at)).count();
    let is_others = begun.iter().skip(1).any(|(at, _)| below_title(*at))
        || titled_below * 2 > begun.len()
        || close_entries(lines, &begun.iter().map(|(at, _)| *at).collect::<Vec<_>>());
    if is_others { Vec::new() } else { begun }
}

/// The element by which a line is a term, or what opens a panel; builders of pages put boxes of their own into that.
pub(super) fn term<'a>(line: &Line<'a>) -> Option<&'a str> {
    const NEAR: usize = 4;
    let around = std::iter::once(line.block).chain(line.block.ancestors().filter_map(ElementRef::wrap)).take(NEAR);
    around.map(|element| element.value().name()).find(|name| matches!(*name, "dt" | "summary"))
}

/// Whether a line is a link that opens what stands right below it: `<a href="#p1">14 March 2027</a><div id="p1">`.
pub(super) fn opens_panel(line: &Line<'_>) -> bool {
    let [only] = line.links.as_slice() else { return false };
    if !line.outside().trim().is_empty() || only.text.is_empty() {
        return false;
    }
    let mut around = line.leaves.iter().flat_map(|leaf| leaf.ancestors().take(4)).filter_map(ElementRef::wrap);
    let Some(anchor) = around.find(|element| element.value().name() == "a") else { return false };
    let Some(id) = anchor.attr("href").and_then(|href| href.strip_prefix('#')).filter(|id| !id.is_empty()) else { return false };
    anchor.next_siblings().find_map(ElementRef::wrap).is_some_and(|panel| panel.attr("id") == Some(id))
}
