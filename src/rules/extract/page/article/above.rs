//! What stands above an article's title and is about it: its day, its categories.

use super::{BYLINE_BYTES_MAX, same_words};
use crate::rules::extract::document::Document;
use crate::rules::extract::page::dated;
use crate::rules::extract::text::Line;
use scraper::ElementRef;

/// A date may stand within this many lines above the title: categories may be between.
const LINES_MAX: usize = 6;

/// The lines above the title of an article that are about it.
pub(super) fn of<'l, 'a>(document: &Document<'a>, article: &'l [Line<'a>], title: usize) -> &'l [Line<'a>] {
    below_menu(document.all_lines(), near(article, title), article.get(title))
}

/// The lines above the title that are about the same: the last, and the few short ones in the same part of the page, where
/// templates set day and categories over the headline.
fn near<'l, 'a>(article: &'l [Line<'a>], title: usize) -> &'l [Line<'a>] {
    let before = article.get(..title).unwrap_or_default();
    let part = article.get(title).and_then(|headline| {
        let around = headline.block.ancestors().filter_map(ElementRef::wrap).take(2);
        around.take_while(|e| !matches!(e.value().name(), "main" | "body" | "html")).last()
    });
    let is_about = |line: &Line<'_>| {
        let within = part.is_some_and(|part| line.block.ancestors().any(|above| above.id() == part.id()));
        within && !line.is_heading() && line.text.len() <= BYLINE_BYTES_MAX
    };
    let about = before.iter().rev().take(LINES_MAX).take_while(|line| is_about(line)).count().max(1);
    let about = before.get(before.len().saturating_sub(about)..).unwrap_or_default();
    // What stands above "Last updated" and its day is still about the article; that day is another fact.
    let updated = about.iter().rposition(|line| dated::names_update(&line.text)).map_or(0, |at| at + 2);
    about.get(updated..).unwrap_or_default()
}

/// Those of them that no menu parts from it: beyond one stands the site's own day, which is today's.
fn below_menu<'l, 'a>(lines: &[Line<'a>], above: &'l [Line<'a>], title: Option<&Line<'a>>) -> &'l [Line<'a>] {
    const LINKS_MIN: usize = 5;
    let Some(title) = title.filter(|_| !above.is_empty()) else { return above };
    let Some(at) = lines.iter().position(|line| same_words(line, title)) else { return above };
    let is_link = |line: &Line<'_>| !line.links.is_empty() && line.outside().trim().is_empty();
    let before = lines.get(..at).unwrap_or_default();
    let menu = before.iter().enumerate().rev().filter(|(_, line)| is_link(line)).map(|(at, _)| at).nth(LINKS_MIN - 1);
    let Some(beyond) = menu.and_then(|at| before.get(..at)) else { return above };
    let parted = above.iter().rposition(|line| beyond.iter().any(|other| same_words(line, other)));
    parted.and_then(|at| above.get(at + 1..)).unwrap_or(above)
}
