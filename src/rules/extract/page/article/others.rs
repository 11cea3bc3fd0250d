//! What stands within an article and is about something else: "Related news", "Share this page". It ends where the article
//! goes on under a heading of the same rank.

use crate::rules::extract::page::frame;
use crate::rules::extract::text::{Kind, Line};

/// The lines without such sections.
pub(super) fn without(mut lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    let Some(end) = lines.iter().position(frame::ends_article) else { return lines };
    let tail = lines.split_off(end);
    let Some(ending) = tail.first() else { return lines };
    if !is_beside(ending, &lines) {
        let on = goes_on(&tail, &lines);
        lines.extend(on.into_iter().flatten().take_while(|line| !frame::ends_article(line)).cloned());
        return lines;
    }
    let mut at = 0;
    while let Some(next) = next_of_rank(&tail, at, rank(ending)) {
        let over = next_of_rank(&tail, next, rank(ending)).unwrap_or(tail.len());
        let section = tail.get(next..over).unwrap_or_default();
        if section.first().is_some_and(|heading| parent(heading) == parent(ending) && !frame::ends_article(heading))
            && section.iter().any(is_sentence)
        {
            lines.extend(section.iter().take_while(|line| !frame::ends_article(line)).cloned());
        }
        at = next;
    }
    lines
}

/// The lines behind the box that a heading stands in, where the article's own go on there: in the same element, with more to
/// say.
fn goes_on<'l, 'a>(tail: &'l [Line<'a>], article: &[Line<'a>]) -> Option<&'l [Line<'a>]> {
    let own = parent(article.last()?)?;
    let ending = tail.first()?;
    let held = ending.block.ancestors().find(|above| above.parent().is_some_and(|around| around.id() == own))?;
    let is_within = |line: &Line<'_>| line.block.id() == held.id() || line.block.ancestors().any(|above| above.id() == held.id());
    let on = tail.get(tail.iter().take_while(|line| is_within(line)).count()..)?;
    let goes_on = on.first().is_some_and(|line| parent(line) == Some(own)) && on.iter().any(is_sentence);
    goes_on.then_some(on)
}

/// Whether a heading stands where the article's own words do, and not in a column beside them.
fn is_beside(ending: &Line<'_>, article: &[Line<'_>]) -> bool {
    let within = |line: &Line<'_>| line.block.ancestors().any(|above| Some(above.id()) == parent(ending));
    article.iter().rev().take(3).any(within)
}

/// The next heading of this rank or a higher one after the line `at`.
fn next_of_rank(lines: &[Line<'_>], at: usize, wanted: u8) -> Option<usize> {
    let found = lines.iter().skip(at + 1).position(|line| line.is_heading() && rank(line) <= wanted)?;
    Some(at + 1 + found)
}

/// 1 to 6 of headings; a bold line ranks below all of them.
fn rank(line: &Line<'_>) -> u8 {
    if let Kind::Heading(level) = line.kind { level } else { 7 }
}

fn parent(line: &Line<'_>) -> Option<ego_tree::NodeId> {
    line.block.parent().map(|parent| parent.id())
}

/// Words that end like a sentence, and no link.
fn is_sentence(line: &Line<'_>) -> bool {
    line.links.is_empty() && !line.is_heading() && line.text.ends_with(['.', '!', '?'])
}
