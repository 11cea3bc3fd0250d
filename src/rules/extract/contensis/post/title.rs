//! The title of a post, above its day or below it; never a line of the listing, nor the heading that all posts share.

use super::super::listing::{self, Found};
use super::{HEAD_MAX, below_head, is_filing};
use crate::rules::extract::text::{Kind, Line, folded};
use crate::rules::facts::dates;

/// The line of the title. `own`: what the listing calls this very page, folded; only that tells the post's heading from
/// the page's where both may be meant.
pub(super) fn find(lines: &[Line<'_>], posted: usize, listing: &Found, own: Option<&str>) -> Option<usize> {
    let titled = |at: &usize| lines.get(*at).is_some_and(|line| !listing.holds(*at) && names(line));
    let around = posted.saturating_sub(HEAD_MAX)..posted + HEAD_MAX;
    let same = own.and_then(|own| around.filter(titled).find(|at| lines.get(*at).is_some_and(|line| line.folded() == own)));
    let retitled = |at: &usize| own.is_none_or(|own| lines.get(*at).is_some_and(|line| is_retitled(own, &line.text)));
    same.or_else(|| before_blog(lines, posted).filter(titled))
        .or_else(|| above(lines, posted, listing).filter(titled).filter(retitled))
        .or_else(|| outranking(lines, posted).filter(titled).filter(retitled))
}

/// Whether two different titles may be of one post, corrected meanwhile: two thirds of the longer one's words are the same.
pub(in super::super) fn is_retitled(before: &str, after: &str) -> bool {
    let words = |raw: &str| {
        let folded = folded(raw);
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    let (before, mut after) = (words(before), words(after));
    let longer = before.len().max(after.len());
    let mut shared = 0;
    for word in before {
        if let Some(at) = after.iter().position(|other| *other == word) {
            after.swap_remove(at);
            shared += 1;
        }
    }
    shared * 3 >= longer * 2
}

fn names(line: &Line<'_>) -> bool {
    dates::whole(&line.text).is_none() && listing::shown(line.folded()).is_none() && !is_filing(line) && line.text.len() <= 300
}

/// The nearest heading above, or else the nearest line.
fn above(lines: &[Line<'_>], posted: usize, listing: &Found) -> Option<usize> {
    let own = (posted.saturating_sub(HEAD_MAX)..posted).rev().take_while(|at| !listing.holds(*at));
    let heading = own.clone().find(|at| lines.get(*at).is_some_and(|line| line.is_heading()));
    let nearest = posted.checked_sub(1)?;
    let author = lines.get(nearest).is_some_and(|line| line.text.to_lowercase().starts_with("by "));
    heading.or(if author { posted.checked_sub(2) } else { Some(nearest) })
}

/// The heading between the day and the blog.
fn before_blog(lines: &[Line<'_>], posted: usize) -> Option<usize> {
    let at = posted + 1;
    let heading = lines.get(at).is_some_and(|line| line.is_heading() || line.strong);
    (heading && lines.get(at + 1).is_some_and(is_filing)).then_some(at)
}

/// The heading below day and blog, where all that follow are of a lower rank: one among equals is a section's.
fn outranking(lines: &[Line<'_>], posted: usize) -> Option<usize> {
    let rank = |line: &Line<'_>| if let Kind::Heading(level) = line.kind { Some(level) } else { None };
    let at = below_head(lines, posted, None);
    let own = rank(lines.get(at)?)?;
    let mut later = lines.get(at + 1..)?.iter().filter(|line| !line.chrome).filter_map(rank);
    later.all(|level| level > own).then_some(at)
}
