//! Links to other things of the site under a heading that says so, in the middle of a page that is about one thing: "Related
//! news", "Recent decisions". They are others at each visit, and no part of what the page says, whatever system made it.

use super::document::Link;
use super::text::{Kind, Line};
use super::volatile::is_age;
use crate::rules::facts::{dates, documents};

/// Longest line beside the links, in bytes: a day, a category.
const BESIDE_BYTES_MAX: usize = 40;
/// Lines under such a heading that are looked at: more are what the page is for.
const LINES_MAX: usize = 100;
/// What such headings promise.
const OF_STORIES: &[&str] = &["articles", "blogs", "content", "links", "news", "pages", "posts", "stories"];
/// The same on pages of one decision or one meeting.
const OF_COUNCILS: &[&str] = &["decisions", "issues", "items", "meetings", "publications"];

/// What the page is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// Anything.
    Anything,
    /// One decision or one meeting: others of its kind are no part of it.
    OneOfItsKind,
}

/// The lines without such links and the headings over them. Files stay, and so does whatever has prose among the links.
pub(super) fn without<'a>(lines: &[Line<'a>], about: About) -> Vec<Line<'a>> {
    let mut kept = Vec::with_capacity(lines.len());
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let mut count = if opens(line, about) { links_below(lines, at) } else { 0 };
        // "News" may head anything: ages and counters beside the links say that they are others at each visit.
        if is_bare_name(line.folded()) && !lines.get(at + 1..=at + count).unwrap_or_default().iter().any(is_passing) {
            count = 0;
        }
        if count == 0 {
            kept.push(line.clone());
        }
        at += 1 + count;
    }
    kept
}

/// Whether a line is such a heading: "Related news", "More stories", "You may also like".
pub(super) fn opens(line: &Line<'_>, about: About) -> bool {
    const FIRST: &[&str] = &["further", "latest", "more", "other", "popular", "recent", "related", "similar"];
    const WHOLE: &[&str] = &["most read", "read next", "you may also like", "you might also like", "you might like"];
    const WORDS_MAX: usize = 3;
    if !(line.is_heading() || line.strong) || !line.links.is_empty() || line.text.len() > BESIDE_BYTES_MAX {
        return false;
    }
    let folded = line.folded().trim_end_matches(':');
    if is_bare_name(folded) {
        return true;
    }
    let promises = |last: &str| OF_STORIES.contains(&last) || (about == About::OneOfItsKind && OF_COUNCILS.contains(&last));
    let mut words = folded.split(' ');
    let first = words.next().is_some_and(|first| FIRST.contains(&first));
    let is_short = folded.split(' ').count() <= WORDS_MAX;
    WHOLE.contains(&folded) || first && is_short && words.next_back().is_some_and(promises)
}

/// How many lines below a heading, up to the next of its rank or the end of its part of the page, are links to pages and what
/// stands beside them; none where anything else is among them.
fn links_below(lines: &[Line<'_>], at: usize) -> usize {
    let Some(heading) = lines.get(at) else { return 0 };
    let Some(own) = heading.block.parent().map(|parent| parent.id()) else { return 0 };
    let rank = |line: &Line<'_>| if let Kind::Heading(rank) = line.kind { rank } else { 7 };
    let is_of_section = |line: &&Line<'_>| {
        let is_within = line.block.ancestors().any(|above| above.id() == own);
        is_within && !(line.is_heading() && rank(line) <= rank(heading))
    };
    let section = || lines.get(at + 1..).unwrap_or_default().iter().take(LINES_MAX).take_while(is_of_section);
    let fits = |line: &Line<'_>| {
        leads_to_pages(line) || line.links.is_empty() && line.text.len() <= BESIDE_BYTES_MAX && !is_sentence(line)
    };
    if section().any(leads_to_pages) && section().all(fits) { section().count() } else { 0 }
}

fn is_bare_name(folded: &str) -> bool {
    matches!(folded, "news" | "events")
}

/// Whether what stands beside a line's links is an age or a number of visits: "2 days ago 214 views".
fn is_passing(line: &Line<'_>) -> bool {
    let outside = line.outside().to_lowercase();
    let words: Vec<&str> = outside.split_whitespace().collect();
    let counts =
        |pair: &[&str]| matches!(pair, [count, "views" | "likes" | "comments"] if count.bytes().all(|b| b.is_ascii_digit()));
    !line.links.is_empty() && (is_age(outside.trim()) || words.windows(2).any(counts))
}

fn leads_to_pages(line: &Line<'_>) -> bool {
    let is_page = |link: &Link<'_>| link.url.as_ref().is_some_and(|url| !documents::is_file(&link.text, url));
    let outside = line.outside();
    let is_alone = !outside.contains(char::is_alphanumeric)
        || outside.len() <= BESIDE_BYTES_MAX && (is_passing(line) || !dates::find(outside).is_empty());
    !line.links.is_empty() && is_alone && line.links.iter().all(is_page)
}

fn is_sentence(line: &Line<'_>) -> bool {
    line.text.ends_with(['.', '!', '?', ':'])
}
