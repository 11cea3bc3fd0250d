//! The post on a page: its title, its "Posted:" day, and its body without the listing and the site's frame.

use super::listing::Found;
use crate::domain::item::{Decision, Document as Attached, NextMeeting};
use crate::domain::text::{SafeHtml, Text};
use crate::rules::extract::document::Document;
use crate::rules::extract::text::{Line, folded, paragraphs};
use crate::rules::facts::documents::{document as attached, kind_of_url};
use crate::rules::facts::{dates, decisions, next_meeting};
use chrono::NaiveDate;
use scraper::ElementRef;
use url::Url;

/// Where the post begins.
pub(super) struct Post {
    /// The line of its title.
    pub(super) title: Option<usize>,
    /// The line that says when it was posted.
    pub(super) posted: usize,
    /// That day.
    pub(super) published: Option<NaiveDate>,
}

/// The facts of a body.
pub(super) struct Facts {
    pub(super) text: Text,
    pub(super) html: SafeHtml,
    pub(super) documents: Vec<Attached>,
    pub(super) decisions: Vec<Decision>,
    pub(super) next_meeting: Option<NextMeeting>,
}

const LABELS: &[&str] = &["posted on", "posted", "published on", "published", "date posted", "date published"];

/// The day that a "Posted:" line names.
pub(super) fn posted(line: &Line<'_>) -> Option<NaiveDate> {
    dates::labelled(&line.text, LABELS)
}

/// Finds the post: a "Posted:" line with its title above it.
pub(super) fn find(lines: &[Line<'_>], _url: &Url) -> Option<Post> {
    let candidates: Vec<(usize, NaiveDate)> = (0..lines.len()).filter_map(|at| Some((at, posted_at(lines, at)?))).collect();
    // A listing may say "Posted:" at each entry: the post's own is followed by its blog, or by text before the next one.
    let (posted, published) = match candidates.as_slice() {
        [] => return None,
        [only] => *only,
        several => *several.iter().find(|(at, _)| is_followed_by_post(lines, *at))?,
    };
    if !is_followed_by_post(lines, posted) && lines.get(posted + 1..).is_none_or(|rest| !rest.iter().any(|line| !line.chrome)) {
        return None;
    }
    Some(Post { title: title(lines, posted), posted, published: Some(published) })
}

/// "Posted:" and its day on one line, or in two cells.
fn posted_at(lines: &[Line<'_>], at: usize) -> Option<NaiveDate> {
    let line = lines.get(at)?;
    let bare = folded(line.text.trim_end_matches(':'));
    if LABELS.contains(&bare.as_str()) {
        return dates::whole(&lines.get(at + 1)?.text)?.single();
    }
    posted(line)
}

fn is_followed_by_post(lines: &[Line<'_>], at: usize) -> bool {
    let after = lines.get(at + 1..).unwrap_or_default();
    let blog = after.iter().take(3).any(is_filing);
    let text = after.iter().take_while(|line| posted(line).is_none()).take(6).filter(|line| line.text.len() > 120).count();
    blog || text > 0
}

/// "Blog: 2020".
fn is_filing(line: &Line<'_>) -> bool {
    let lowered = line.text.to_lowercase();
    line.text.len() <= 80 && (lowered.starts_with("blog:") || lowered == "blog")
}

/// The nearest heading above, or else the nearest line: but not one of the listing's.
fn title(lines: &[Line<'_>], posted: usize) -> Option<usize> {
    let above = lines.get(..posted)?;
    let from = posted.saturating_sub(4);
    let heading = above.iter().enumerate().skip(from).rfind(|(_, line)| line.is_heading());
    let named = |line: &Line<'_>| {
        dates::whole(&line.text).is_none() && super::listing::shown(&line.text).is_none() && line.text.len() <= 300
    };
    let nearest = posted.checked_sub(1).filter(|at| above.get(*at).is_some_and(named));
    let author = nearest.is_some_and(|at| above.get(at).is_some_and(|line| line.text.to_lowercase().starts_with("by ")));
    heading.filter(|(_, line)| named(line)).map(|(at, _)| at).or(if author { posted.checked_sub(2) } else { nearest })
}

/// The first line after a post's head, which begins at line `start`.
pub(super) fn after_head(start: usize, lines: &[Line<'_>]) -> usize {
    let head = lines.get(start..).unwrap_or_default().iter().take(6);
    let last = head.enumerate().rfind(|(_, line)| posted(line).is_some() || is_filing(line));
    last.map_or(start + 1, |(at, _)| start + at + 1)
}

/// The post's own lines: after its head, within its container, without the listing.
pub(super) fn body<'a>(document: &Document, lines: &[Line<'a>], post: &Post, listing: &Found) -> Vec<Line<'a>> {
    let mut from = post.posted + 1;
    // The day, the blog and its name may have lines of their own.
    while let Some(line) = lines.get(from).filter(|_| from <= post.posted + 4) {
        let splits = lines
            .get(from - 1)
            .is_some_and(|before| before.text.ends_with(':') && (is_filing(before) || from == post.posted + 1));
        let value = splits && line.text.len() <= 40;
        if !is_filing(line) && !value {
            break;
        }
        from += 1;
    }
    let end = if listing.lines.start > post.posted { listing.lines.start } else { lines.len() };
    let container = lines.get(post.posted).and_then(|line| container(line, lines, listing)).unwrap_or_else(|| document.content());
    let inside = |line: &Line<'_>| line.block.id() == container.id() || line.block.ancestors().any(|a| a.id() == container.id());
    let bounded = lines.get(from).is_some_and(inside);
    let own = lines.get(from..end.max(from)).unwrap_or_default().iter();
    let kept = own.take_while(|line| !is_end(line)).filter(|line| !line.chrome && (!bounded || inside(line)));
    kept.cloned().collect()
}

/// The largest element around the post's head that holds nothing of the listing.
fn container<'a>(posted: &Line<'a>, lines: &[Line<'a>], listing: &Found) -> Option<ElementRef<'a>> {
    let listed: std::collections::HashSet<_> = lines
        .get(listing.lines.clone())?
        .iter()
        .flat_map(|line| std::iter::once(line.block.id()).chain(line.block.ancestors().map(|a| a.id())))
        .collect();
    if listed.is_empty() {
        return None;
    }
    let around = std::iter::once(*posted.block).chain(posted.block.ancestors());
    around.take_while(|node| !listed.contains(&node.id())).filter_map(ElementRef::wrap).last()
}

/// What ends a post although no element does.
fn is_end(line: &Line<'_>) -> bool {
    const ENDS: &[&str] = &[
        "back to top",
        "share this page",
        "share this post",
        "print this page",
        "related links",
        "related pages",
        "comments",
        "leave a comment",
        "was this page helpful?",
        "was this page useful?",
        "rate this page",
        "previous post",
        "next post",
        "cookies",
        "accessibility statement",
    ];
    let folded = folded(&line.text);
    ENDS.contains(&folded.as_str())
        || folded.starts_with('©')
        || folded.starts_with("last updated:")
        || folded.starts_with("page last updated")
}

/// Reads the facts of the body's lines.
pub(super) fn facts(document: &Document, lines: &[Line<'_>]) -> Facts {
    let words = paragraphs(lines);
    let (text, html) = document.body(lines);
    let mut seen = std::collections::HashSet::new();
    let files =
        lines.iter().flat_map(|line| &line.links).filter(|link| link.url.as_ref().is_some_and(|url| kind_of_url(url).is_some()));
    let documents = files.filter(|link| seen.insert(link.url.clone())).filter_map(|link| attached(&link.text, link.url.as_ref()));
    Facts {
        text,
        html,
        documents: documents.collect(),
        decisions: decisions::read(&words, None),
        next_meeting: next_meeting::read(&words),
    }
}
