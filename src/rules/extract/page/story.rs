//! A page that is one story: its own headline, its day, and its prose come before any link to another. What such a page links
//! to behind that, under whatever heading or none, is about something else.

use super::article::is_about_article;
use super::entries::{Entry, is_generic};
use super::{dated, list_name};
use crate::rules::extract::document::{Document, Link};
use crate::rules::extract::text::{Line, folded};
use crate::rules::facts::documents;
use scraper::ElementRef;
use url::Url;

/// So many entries are a list, whatever stands above them…
const ENTRIES_MAX: usize = 8;
/// …and so many under a headline that names one.
const LIST_MIN: usize = 3;
/// Where a story says its day: within this many lines under its headline.
const LINES_TO_DAY: usize = 4;
/// Least prose of a story, in bytes, where it says its day.
const PROSE_BYTES: usize = 60;
/// A line of at least this many bytes outside links is prose.
const PARAGRAPH_BYTES: usize = 40;

/// Whether the lines between a page's headline and the first entry of a run of links are a story of their own.
/// `prose`: their bytes of prose; `headline`, and whether the page tells machines that it is one; `entry`: the run's first; `count` and `bytes`: of the run.
pub(super) fn precedes(
    own: &[Line<'_>],
    prose: usize,
    (headline, is_declared): (Option<&str>, bool),
    entry: &Entry<'_>,
    (count, bytes): (usize, usize),
) -> bool {
    let is_greater = count >= ENTRIES_MAX && bytes > prose;
    if is_greater || prose < PROSE_BYTES {
        return false;
    }
    let first = own.iter().position(|line| line.outside().len() >= PARAGRAPH_BYTES && !is_about_article(line));
    let Some(first) = first else { return false };
    // The words above the first "Read more" are that entry's.
    let is_within = |line: &Line<'_>| {
        let around = || line.block.ancestors().chain([*line.block]);
        entry.region.iter().any(|region| around().any(|above| above.id() == region.id()))
    };
    if own.get(first).is_some_and(is_within) {
        return false;
    }
    let above = own.get(..first.min(LINES_TO_DAY)).unwrap_or_default();
    let says_day = |line: &Line<'_>| {
        let says = dated::of_words(&line.text).or_else(|| dated::about(&line.text)).is_some();
        !line.is_heading() && (says || dated::says_published(&line.text))
    };
    // A teaser leads on to the rest of what it tells.
    let leads_on =
        |line: &Line<'_>| line.links.iter().any(|link| is_generic(&link.text) || folded(&link.text).starts_with("read more"));
    // Some systems set every page's words in an article, those over a list as well.
    let is_over_list = count >= LIST_MIN && prose < bytes && headline.is_some_and(list_name::is_one);
    let holds_story = || !is_over_list && own.get(first).is_some_and(|line| is_in_article(line, entry.link));
    let written = own.iter().filter(|line| line.outside().len() >= PARAGRAPH_BYTES && !line.is_heading()).count();
    let reads_like_one = written >= 2 && prose >= bytes && headline.is_some_and(is_of_story);
    let is_told = is_declared || above.iter().any(says_day) || reads_like_one || holds_story();
    is_told && !above.iter().any(|line| line.is_heading()) && !own.iter().any(leads_on)
}

/// Words that name whose list it is as well as whom a story is about.
const OF_BODIES: &[&str] = &["board", "committee", "panel"];
/// A headline of so many words may tell of something.
const STORY_WORDS_MIN: usize = 5;

/// Whether a headline tells of something, where one over a list names what is in it: "News from the board".
fn is_of_story(headline: &str) -> bool {
    let folded = folded(headline);
    let words = || list_name::words(&folded);
    words().count() >= STORY_WORDS_MIN && !list_name::speaks_of_one(headline) && !words().any(|word| OF_BODIES.contains(&word))
}

/// Whether the page tells machines that it is one story. Many systems call every page an article; a day of publication they
/// give to stories alone.
pub(super) fn is_declared(document: &Document<'_>) -> bool {
    const STORIES: &[&str] = &["\"NewsArticle\"", "\"BlogPosting\"", "\"ReportageNewsArticle\"", "\"PressRelease\""];
    document.first("meta[property='article:published_time'][content]").is_some()
        || document.all("script[type='application/ld+json']").iter().any(|script| {
            let words: String = script.text().collect();
            // One of each kind: a list tells machines of each of its entries.
            let said: usize = STORIES.iter().map(|kind| words.matches(kind).count()).sum();
            said == 1 && !words.contains("\"ItemList\"")
        })
}

/// Whether a line stands with the page's headline in an `article` that does not hold the entry.
fn is_in_article(line: &Line<'_>, entry: ElementRef<'_>) -> bool {
    let article = line.block.ancestors().filter_map(ElementRef::wrap).find(|element| element.value().name() == "article");
    article.is_some_and(|article| {
        let holds_entry = entry.ancestors().any(|above| above.id() == article.id());
        !holds_entry && article.descendent_elements().any(|element| element.value().name() == "h1")
    })
}

/// Where the run of links to other stories begins with which an article ends: each a heading that leads elsewhere, or a link
/// with its day beside it, from the first of them to the end of the lines.
pub(super) fn others(lines: &[Line<'_>]) -> Option<usize> {
    let written = lines.iter().position(|line| line.outside().len() >= PARAGRAPH_BYTES && line.links.is_empty())?;
    // Backwards from the end, as long as no more than a teaser stands between one and the next.
    let (mut first, mut found) = (lines.len(), 0);
    for at in (written + 1..lines.len()).rev().filter(|at| is_other(lines, *at)) {
        if first - at > LINES_OF_ENTRY + 1 {
            break;
        }
        (first, found) = (at, found + 1);
    }
    // A bulletin is made of such links.
    if !(2..ENTRIES_MAX).contains(&found) {
        return None;
    }
    // The day, the category or the heading above the first belongs to it.
    while first > written + 1 && lines.get(first - 1).is_some_and(|above| above.is_heading() || is_tag(above)) {
        first -= 1;
    }
    Some(first)
}

/// Most lines of an entry below its link.
const LINES_OF_ENTRY: usize = 3;
/// Longest line that says a category or a day, in bytes.
const TAG_BYTES: usize = 30;

fn is_tag(line: &Line<'_>) -> bool {
    let is_written = line.is_item() || line.block.value().name() == "p";
    line.text.len() <= TAG_BYTES && line.links.is_empty() && (dated::is_date(&line.text) || !is_written)
}

/// Whether the line at a place is no more than a link to another page, and a heading or beside a day.
fn is_other(lines: &[Line<'_>], at: usize) -> bool {
    let Some(line) = lines.get(at) else { return false };
    let is_page = |url: &Url, link: &Link<'_>| matches!(url.scheme(), "http" | "https") && !documents::is_file(&link.text, url);
    let leads = !line.links.is_empty() && line.links.iter().all(|link| link.url.as_ref().is_some_and(|url| is_page(url, link)));
    if !leads {
        return false;
    }
    let outside = line.outside().trim();
    let says_day = |line: &Line<'_>| line.links.is_empty() && dated::of_words(&line.text).is_some();
    let near = || [at.checked_sub(1), Some(at + 1)].into_iter().flatten().filter_map(|at| lines.get(at)).any(says_day);
    if outside.is_empty() { line.is_heading() || near() } else { dated::of_words(outside).is_some() }
}
