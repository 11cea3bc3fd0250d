//! The post on a page: its title, its "Posted:" day, and its body without the listing and the site's frame.

mod title;

pub(super) use title::is_retitled;

use super::listing::{self, Found};
use crate::domain::item::{Decision, Document as Attached};
use crate::domain::text::{SafeHtml, Text};
use crate::rules::extract::document::Document;
use crate::rules::extract::page::{attached, content, files_beside, is_of_notice_above, is_of_own_notice, without_furniture};
use crate::rules::extract::related::{self, About};
use crate::rules::extract::text::{Kind, Line, collapsed, decoded, folded, paragraphs};
use crate::rules::facts::{dates, decisions};
use chrono::NaiveDate;
use scraper::ElementRef;
use std::ops::Range;

/// Where the post begins.
pub(super) struct Post {
    /// The line of its title; `None` where only the listing names it.
    pub(super) title: Option<usize>,
    /// The line that says when it was posted.
    pub(super) posted: usize,
    /// That day.
    pub(super) published: Option<NaiveDate>,
    /// The first line below its head.
    pub(super) text: usize,
}

impl Post {
    /// The lines of its head: title, day and blog, in whatever order they stand.
    pub(super) fn head(&self) -> Range<usize> {
        self.title.map_or(self.posted, |title| title.min(self.posted))..self.text
    }
}

/// The facts of a body.
pub(super) struct Facts {
    pub(super) text: Text,
    pub(super) html: SafeHtml,
    pub(super) documents: Vec<Attached>,
    pub(super) decisions: Vec<Decision>,
}

const LABELS: &[&str] = &[
    "posted on",
    "posted",
    "published on",
    "published",
    "date posted",
    "date published",
    "cyhoeddwyd ar",
    "cyhoeddwyd",
    "dyddiad cyhoeddi",
    "postiwyd ar",
    "postiwyd",
];

/// What Contensis wraps around one record.
pub(super) const RECORD: &str = ".sys_record-control, .sys_news-record";
/// And around what it lists.
const LISTED: &str = ".sys_itemslist, .sys_subitem";
/// Lines between a post's title, its day and its blog, at most.
const HEAD_MAX: usize = 4;

/// The day that a "Posted:" line names.
pub(super) fn posted(line: &Line<'_>) -> Option<NaiveDate> {
    let is_labelled = dates::may_hold_any(&line.text) && LABELS.iter().any(|label| line.folded().starts_with(label));
    is_labelled.then(|| dates::labelled(before_filing(&line.text), LABELS)).flatten()
}

/// Finds the post: a "Posted:" line, or the day at the head of a record, with its title above or below it. `page` is the
/// page's key.
pub(super) fn find<'a>(document: &Document<'a>, lines: &[Line<'a>], page: &str) -> Option<Post> {
    let found = marked(document, lines).or_else(|| labelled(document, lines)).or_else(|| in_record(document, lines));
    let (posted, published) = found?;
    // What is listed tells where the title may be, so the listing is read before the title is known.
    let untitled = Post { title: None, posted, published: Some(published), text: below_head(lines, posted, None) };
    let listing = listing::find(document, lines, Some(&untitled));
    let own = listing.entry(page).map(|entry| folded(&decoded(&entry.title)));
    let title = title::find(lines, posted, &listing, own.as_deref());
    Some(Post { title, text: below_head(lines, posted, title), ..untitled })
}

/// What stands in the place of a title, where the list calls the post otherwise.
pub(super) fn headline(lines: &[Line<'_>], post: &Post, listing: &Found) -> Option<Text> {
    let at = title::find(lines, post.posted, listing, None)?;
    lines.get(at).filter(|line| line.is_heading()).and_then(|line| Text::line(&decoded(&line.text)).or_absent())
}

/// The day in Contensis' own element for it, which may share its line with other words.
fn marked(document: &Document, lines: &[Line<'_>]) -> Option<(usize, NaiveDate)> {
    let is_listed = document.nearest(LISTED);
    let element = document.all(".sys_news-posted-date").into_iter().find(|element| is_listed(*element).is_none())?;
    let day = dates::labelled(&collapsed(&element.text().collect::<String>()), LABELS)?;
    let within = |line: &Line<'_>| line.leaves.iter().any(|leaf| leaf.ancestors().any(|above| above.id() == element.id()));
    Some((lines.iter().position(within)?, day))
}

/// The "Posted:" line that a text follows.
fn labelled<'a>(document: &Document<'a>, lines: &[Line<'a>]) -> Option<(usize, NaiveDate)> {
    let listed = document.nearest(LISTED);
    // Contensis marks an entry of a list, also where it is the only one.
    let is_listed = |at: &usize| lines.get(*at).is_some_and(|line| listed(line.block).is_some());
    let candidates: Vec<(usize, NaiveDate)> =
        (0..lines.len()).filter_map(|at| Some((at, posted_at(lines, at)?))).filter(|(at, _)| !is_listed(at)).collect();
    // A listing may say "Posted:" at each entry: the post's own is followed by its blog, or by text before the next one.
    let (posted, published) = match candidates.as_slice() {
        [] => return None,
        [only] => *only,
        several => *several.iter().find(|(at, _)| is_followed_by_post(lines, *at))?,
    };
    // That the list ends is no text.
    let is_text = |line: &Line<'_>| !line.chrome && listing::shown(line.folded()).is_none();
    let goes_on = || lines.get(posted + 1..).is_some_and(|rest| rest.iter().any(is_text));
    (is_followed_by_post(lines, posted) || goes_on()).then_some((posted, published))
}

/// The day without a label at the head of a record, where the record goes on below it.
fn in_record<'a>(document: &Document<'a>, lines: &[Line<'a>]) -> Option<(usize, NaiveDate)> {
    let listing = listing::find(document, lines, None);
    let record = document.nearest(RECORD);
    let own = |at: usize| {
        let line = lines.get(at).filter(|line| !line.chrome && !listing.holds(at))?;
        record(line.block).map(|element| element.id())
    };
    let first = (0..lines.len()).find(|at| own(*at).is_some())?;
    let inside = own(first);
    let (posted, day) = (first..first + HEAD_MAX)
        .filter(|at| own(*at) == inside)
        .find_map(|at| Some((at, dates::whole(&lines.get(at)?.text)?)))?;
    (posted + 1..lines.len()).any(|at| own(at) == inside).then_some(())?;
    Some((posted, day.single()?))
}

/// "Posted:" and its day on one line, or in two cells.
fn posted_at(lines: &[Line<'_>], at: usize) -> Option<NaiveDate> {
    let line = lines.get(at)?;
    if LABELS.contains(&line.folded().trim_end_matches([':', ' '])) {
        return dates::whole(before_filing(&lines.get(at + 1)?.text))?.single();
    }
    posted(line)
}

fn is_followed_by_post(lines: &[Line<'_>], at: usize) -> bool {
    let after = lines.get(at + 1..).unwrap_or_default();
    let filed_beside = lines.get(at).is_some_and(|line| before_filing(&line.text).len() < line.text.len());
    let blog = filed_beside || after.iter().take(3).any(is_filing);
    let text = after.iter().take_while(|line| posted(line).is_none()).take(6).filter(|line| line.text.len() > 120).count();
    blog || text > 0
}

/// "Blog: 2020".
fn is_filing(line: &Line<'_>) -> bool {
    let lowered = line.text.to_lowercase();
    line.text.len() <= 80 && (lowered.starts_with("blog:") || lowered == "blog")
}

/// "Posted: 1 February 2020" of "Posted: 1 February 2020 Blog: 2020".
fn before_filing(text: &str) -> &str {
    let filing = text.match_indices(':').find_map(|(colon, _)| {
        let word = text.get(colon.checked_sub(4)?..colon).filter(|word| word.eq_ignore_ascii_case("blog"))?;
        let before = text.get(..colon - word.len())?;
        before.ends_with(|c: char| !c.is_alphanumeric()).then_some(before)
    });
    filing.map_or(text, |before| before.trim_end_matches(|c: char| !c.is_alphanumeric()))
}

/// The first line after the day, the blog and its name, which may have lines of their own, and the title among them.
fn below_head(lines: &[Line<'_>], posted: usize, title: Option<usize>) -> usize {
    let mut from = posted + 1;
    while let Some(line) = lines.get(from).filter(|_| from <= posted + HEAD_MAX + 1) {
        let splits =
            lines.get(from - 1).is_some_and(|before| before.text.ends_with(':') && (is_filing(before) || from == posted + 1));
        let value = splits && line.text.len() <= 40;
        if !is_filing(line) && !value && Some(from) != title {
            break;
        }
        from += 1;
    }
    from
}

/// The post's own lines: after its head, within its container, without the listing.
pub(super) fn body<'a>(document: &Document<'a>, lines: &[Line<'a>], post: &Post, listing: &Found) -> Vec<Line<'a>> {
    let from = post.text;
    let end = if listing.lines.start > post.posted { listing.lines.start } else { lines.len() };
    let around = || lines.get(post.posted).and_then(|line| container(line, lines, listing));
    let container = record(document, lines, post).or_else(around).unwrap_or_else(|| document.content());
    let inside = |line: &Line<'_>| line.block.id() == container.id() || line.block.ancestors().any(|a| a.id() == container.id());
    let bounded = lines.get(from).is_some_and(inside);
    let own = lines.get(from..end.max(from)).unwrap_or_default().iter();
    let kept = own.take_while(|line| !is_end(line)).filter(|line| !line.chrome && (!bounded || inside(line)));
    let mut body: Vec<Line<'a>> = notices_above(document, lines, post, listing).cloned().collect();
    body.extend(without_furniture(content(kept.cloned().collect())));
    body
}

/// The notices above the post's title: in its record, or above the page's headline where that is the title.
fn notices_above<'l, 'a>(
    document: &Document<'a>,
    lines: &'l [Line<'a>],
    post: &Post,
    listing: &Found,
) -> impl Iterator<Item = &'l Line<'a>> {
    let record = document.nearest(RECORD);
    let own = lines.get(post.posted).and_then(|line| record(line.block)).map(|record| record.id());
    let heads_page = post.title.and_then(|at| lines.get(at)).is_some_and(|line| line.kind == Kind::Heading(1));
    let above = (0..post.head().start).filter(|at| !listing.holds(*at)).filter_map(|at| lines.get(at));
    above.filter(move |line| {
        let in_record = || own.is_some() && record(line.block).map(|record| record.id()) == own;
        !line.chrome && (in_record() && is_of_own_notice(line) || heads_page && is_of_notice_above(line))
    })
}

/// What Contensis wraps around the post, where that holds its head and the beginning of its text; what follows is the site's.
fn record<'a>(document: &Document<'a>, lines: &[Line<'a>], post: &Post) -> Option<ElementRef<'a>> {
    let nearest = document.nearest(RECORD);
    let of_line = |at: usize| lines.get(at).and_then(|line| nearest(line.block));
    let own = of_line(post.posted)?;
    let is_own = |at: usize| of_line(at).is_some_and(|record| record.id() == own.id());
    (is_own(post.text) && post.title.is_none_or(is_own)).then_some(own)
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
        "argraffu'r dudalen hon",
        "dolenni cysylltiedig",
        "rhannu'r dudalen hon",
        "sylwadau",
        "tudalennau cysylltiedig",
        "yn ôl i'r brig",
    ];
    const QUESTIONS: &[&str] =
        &["was this page", "is this page", "rate this page", "oedd y dudalen hon", "a oedd y dudalen hon", "a yw'r dudalen hon"];
    let folded = line.folded();
    ENDS.contains(&folded)
        || QUESTIONS.iter().any(|question| folded.starts_with(question))
        || folded.starts_with('©')
        || folded.starts_with("last updated:")
        || folded.starts_with("page last updated")
}

/// Reads the facts of the body's lines. Files may stand in asides of the record and below its text too.
pub(super) fn facts<'a>(document: &Document<'a>, lines: &[Line<'a>], all: &[Line<'a>], post: &Post) -> Facts {
    let lines = related::without(lines, About::Anything);
    let words = paragraphs(&lines);
    let (text, html) = document.body(&lines);
    let record = document.nearest(RECORD);
    let record: Vec<ElementRef<'a>> = all.get(post.posted).and_then(|line| record(line.block)).into_iter().collect();
    let beside = if record.is_empty() { Vec::new() } else { files_beside(document, &record) };
    let is_within = |line: &Line<'_>| record.iter().any(|record| line.block.ancestors().any(|above| above.id() == record.id()));
    let mut papers = lines;
    papers.extend(beside.into_iter().filter(is_within));
    Facts { text, html, documents: attached(&papers), decisions: decisions::read(&words, None) }
}
