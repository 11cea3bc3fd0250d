//! What stands beside a page's words for having nothing: a strip of the whole site's news, under a headline of its own. The page's
//! other list ("Past meetings", where there are none to come) is no such thing.

use super::{AFTER_BYTES, BEFORE_BYTES, Whole, is_prose};
use crate::rules::extract::document::{Document, Link};
use crate::rules::extract::guard;
use crate::rules::extract::page::{context, frame};
use crate::rules::extract::text::{Kind, Line, NodeRef, folded};
use crate::rules::facts::documents;
use rustc_hash::FxHashSet;
use scraper::ElementRef;
use std::ops::Range;
use url::Url;

/// Lines below the headline in which a page says that it has nothing.
const LINES_TO_WORDS: usize = 10;
/// Headings that may stand over these words, below the page's.
const HEADINGS_OVER: usize = 1;

/// The page without such parts, where it says right under its headline that it has nothing.
pub(in crate::rules::extract::page) fn without_others<'a>(mut page: Whole<'a>, url: &Url) -> Whole<'a> {
    let parts = parts_beside(&page.content, url);
    if !parts.is_empty() {
        let mut gone = (0..page.content.len()).map(|at| parts.iter().any(|part| part.contains(&at)));
        page.content.retain(|_| gone.next() != Some(true));
    }
    page
}

/// Whether a page has such parts.
pub(in crate::rules::extract::page) fn has_others(page: &Whole<'_>, url: &Url) -> bool {
    !parts_beside(&page.content, url).is_empty()
}

/// Lines of a page without those that stand in such a part.
pub(in crate::rules::extract) fn without_parts_beside<'a>(
    document: &Document<'a>,
    url: &Url,
    lines: Vec<Line<'a>>,
) -> Vec<Line<'a>> {
    if !lines.iter().any(|line| guard::states_nothing(&line.text)) {
        return lines;
    }
    let content = frame::content(document.lines());
    let parts = parts_beside(&content, url);
    let first = |line: &Line<'a>| line.leaves.first().map(NodeRef::id);
    let gone: FxHashSet<_> = parts.into_iter().flatten().filter_map(|at| first(content.get(at)?)).collect();
    lines.into_iter().filter(|line| first(line).is_none_or(|leaf| !gone.contains(&leaf))).collect()
}

/// Which lines of a page's content are such parts.
fn parts_beside(content: &[Line<'_>], url: &Url) -> Vec<Range<usize>> {
    let Some(said) = Said::of(content) else { return Vec::new() };
    let parts: Vec<Range<usize>> = said.parts().into_iter().filter(|part| said.stands_beside(part, url)).collect();
    let kept = || (said.headline + 1..content.len()).filter(|at| *at != said.at && !parts.iter().any(|part| part.contains(at)));
    let prose = |at: usize| content.get(at).filter(|line| is_prose(line)).map_or(0, |line| line.outside().len());
    let before: usize = kept().filter(|at| *at < said.at).map(prose).sum();
    let after: usize = kept().filter(|at| *at > said.at).map(prose).sum();
    // More is told than that: the words are of one thing among others.
    if before <= BEFORE_BYTES && after <= AFTER_BYTES { parts } else { Vec::new() }
}

/// Where a page says that it has nothing.
struct Said<'p, 'a> {
    lines: &'p [Line<'a>],
    headline: usize,
    at: usize,
    /// The headline, what stands over the words, and the words.
    words: String,
}

impl<'p, 'a> Said<'p, 'a> {
    fn of(lines: &'p [Line<'a>]) -> Option<Self> {
        let headline = lines.iter().position(|line| line.kind == Kind::Heading(1))?;
        let below = lines.get(headline + 1..)?;
        let at = below.iter().take(LINES_TO_WORDS).position(|line| guard::states_nothing(&line.text))?;
        let over = below.get(..at)?.iter().filter(|line| line.is_heading());
        if over.clone().count() > HEADINGS_OVER {
            return None;
        }
        let at = headline + 1 + at;
        let said = [lines.get(headline)?, lines.get(at)?].into_iter().chain(over).map(|line| line.folded().to_owned());
        Some(Self { lines, headline, at, words: said.collect::<Vec<_>>().join(" ") })
    }

    /// What follows, by its headings.
    fn parts(&self) -> Vec<Range<usize>> {
        let heads: Vec<(usize, u8)> = self.lines.iter().enumerate().skip(self.at + 1).filter_map(rank).collect();
        let end = |(at, own): &(usize, u8)| {
            heads.iter().find(|(other, rank)| other > at && rank <= own).map_or(self.lines.len(), |(other, _)| *other)
        };
        heads.iter().map(|head| head.0..end(head)).collect()
    }

    /// Whether a part is none of the page's own.
    fn stands_beside(&self, part: &Range<usize>, url: &Url) -> bool {
        let Some(lines) = self.lines.get(part.clone()) else { return false };
        let Some(head) = lines.first() else { return false };
        if frame::opens_ending(head.folded()) {
            return !(self.is_of_some() && self.shares_a_word(head.folded()));
        }
        let is_own = is_of_the_past(head.folded()) || context::names_year(&head.text) || self.shares_a_word(head.folded());
        let is_apart = || self.is_outside(head) || self.denies_posts() && self.is_in_box_of_news(part, head);
        !is_own && !are_files(lines) && is_apart() && leads_elsewhere(lines, url)
    }

    /// Whether the words deny that there are posts of any kind: another list of such cannot be the page's.
    fn denies_posts(&self) -> bool {
        const POSTS: &[&str] =
            &["articles", "blogs", "content", "entries", "items", "news", "posts", "results", "stories", "updates"];
        self.lines.get(self.at).is_some_and(|said| words_of(said.folded()).any(|word| POSTS.contains(&word)))
    }

    /// Whether a part has a box of its own, which its heading opens and calls news.
    fn is_in_box_of_news(&self, part: &Range<usize>, head: &Line<'_>) -> bool {
        const NEWS: &[&str] = &["headlines", "news", "newyddion", "stories"];
        let is_news = words_of(head.folded()).any(|word| NEWS.contains(&word));
        let Some(rest) = self.lines.get(part.start + 1..part.end) else { return false };
        let before = self.lines.get(..part.start).unwrap_or_default();
        let holds = |own: &ElementRef<'_>, line: &Line<'_>| around(line).any(|element| element.id() == own.id());
        let is_box =
            |own: &ElementRef<'_>| rest.iter().all(|line| holds(own, line)) && !before.iter().any(|line| holds(own, line));
        is_news && around(head).skip(1).any(|own| is_box(&own))
    }

    /// Whether the words deny only some of what the page lists: what is to come, or is open.
    fn is_of_some(&self) -> bool {
        const SOME: &[&str] =
            &["active", "forthcoming", "future", "live", "ongoing", "open", "outstanding", "planned", "scheduled", "upcoming"];
        words_of(&self.words).any(|word| SOME.contains(&word))
    }

    /// Whether a heading speaks of what the page is about.
    fn shares_a_word(&self, heading: &str) -> bool {
        const ANYWHERE: &[&str] =
            &["council", "currently", "from", "latest", "more", "moment", "other", "recent", "there", "with"];
        const LEAST: usize = 4;
        let stem = |word: &str| word.trim_end_matches('s').to_owned();
        let words = |text: &str| {
            let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() >= LEAST && !ANYWHERE.contains(word));
            words.map(stem).collect::<Vec<_>>()
        };
        let own = words(&self.words);
        words(heading).iter().any(|word| own.contains(word))
    }

    /// Whether a heading stands outside the smallest part of the page that holds the headline and the words.
    fn is_outside(&self, heading: &Line<'a>) -> bool {
        let (Some(headline), Some(said)) = (self.lines.get(self.headline), self.lines.get(self.at)) else { return false };
        let own = around(said).find(|element| around(headline).any(|other| other.id() == element.id()));
        own.is_some_and(|own| !around(heading).any(|element| element.id() == own.id()))
    }
}

/// A heading's place and rank.
fn rank((at, line): (usize, &Line<'_>)) -> Option<(usize, u8)> {
    if let Kind::Heading(rank) = line.kind { Some((at, rank)) } else { None }
}

fn around<'a>(line: &Line<'a>) -> impl Iterator<Item = ElementRef<'a>> + use<'a> {
    std::iter::once(line.block).chain(line.block.ancestors().filter_map(ElementRef::wrap))
}

/// "Past meetings", "Archive".
fn is_of_the_past(heading: &str) -> bool {
    const WORDS: &[&str] = &["archive", "archived", "closed", "completed", "earlier", "former", "older", "past", "previous"];
    words_of(&folded(heading)).any(|word| WORDS.contains(&word))
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
}

/// Whether a part offers files: what the page has, whatever it has not.
fn are_files(lines: &[Line<'_>]) -> bool {
    const HEADINGS: &[&str] =
        &["agendas", "documents", "dogfennau", "downloads", "files", "minutes", "papers", "publications", "reports"];
    let is_headed = lines.first().is_some_and(|head| words_of(head.folded()).any(|word| HEADINGS.contains(&word)));
    let is_file = |link: &Link| link.url.as_ref().is_some_and(|to| documents::is_file(&link.text, to));
    is_headed || lines.iter().flat_map(|line| &line.links).any(is_file)
}

/// Whether no link of a part leads to where the page itself is kept.
fn leads_elsewhere(lines: &[Line<'_>], page: &Url) -> bool {
    let folder = |url: &Url| {
        let mut parts: Vec<String> = url.path_segments().into_iter().flatten().map(str::to_ascii_lowercase).collect();
        parts.pop().filter(|_| parts.is_empty()).or(parts.into_iter().next())
    };
    let own = folder(page);
    let mut targets = lines.iter().flat_map(|line| &line.links).filter_map(|link| link.url.as_ref()).peekable();
    targets.peek().is_some() && targets.all(|url| url.host_str() == page.host_str() && folder(url) != own)
}
