//! What stands within an article and is about something else: "Related news", "Share this page". It ends where the article
//! goes on under a heading of the same rank. What has prose of its own under such a heading is the article's.

use crate::rules::extract::page::{dated, frame};
use crate::rules::extract::related::{self, About};
use crate::rules::extract::text::{Kind, Line};
use crate::rules::facts::documents;

/// Least bytes of a paragraph under a heading that might end the article.
const PROSE_BYTES: usize = 30;
/// Lines under a heading that are looked at for prose.
const LINES_MAX: usize = 100;

/// The lines without such sections.
pub(super) fn without(mut lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    let Some(end) = (0..lines.len()).find(|at| ends(&lines, *at)) else { return lines };
    let tail = lines.split_off(end);
    let Some(ending) = tail.first() else { return lines };
    if !is_beside(ending, &lines) {
        let on = goes_on(&tail, &lines);
        lines.extend(on.map(until_end).unwrap_or_default().iter().cloned());
        return lines;
    }
    lines.extend(told_below(&tail).iter().cloned());
    let mut at = 0;
    while let Some(next) = next_of_rank(&tail, at, rank(ending)) {
        let over = next_of_rank(&tail, next, rank(ending)).unwrap_or(tail.len());
        let section = tail.get(next..over).unwrap_or_default();
        let is_own = section.first().is_some_and(|heading| parent(heading) == parent(ending));
        if is_own && section.iter().any(|line| is_sentence(line) || is_entry(line)) {
            lines.extend(until_end(section).iter().cloned());
        }
        at = next;
    }
    lines
}

/// The paragraphs behind the links that stand under a heading such as "See also": the article goes on there, in the element
/// that holds the heading. What stands right below a headed link, or below each of several, is told of that link.
fn told_below<'l, 'a>(tail: &'l [Line<'a>]) -> &'l [Line<'a>] {
    let Some(ending) = tail.first().filter(|line| stands_over_links(line)) else { return &[] };
    let section = tail.get(1..next_of_rank(tail, 0, rank(ending)).unwrap_or(tail.len())).unwrap_or_default();
    let Some(last) = section.iter().rposition(leads_to_page) else { return &[] };
    let (links, behind) = section.split_at_checked(last + 1).unwrap_or_default();
    let is_told = |line: &Line<'_>| {
        let is_own = parent(line) == parent(ending) && line.block.value().name() == "p";
        is_own && is_sentence(line) && line.text.len() >= PROSE_BYTES
    };
    let told = behind.iter().position(is_told).and_then(|first| behind.get(first..)).unwrap_or_default();
    let is_one = links.iter().filter(|line| leads_to_page(line)).count() == 1;
    let is_headed = links.iter().any(|line| line.is_heading() && !line.links.is_empty());
    let is_listed = links.last().is_some_and(|link| link.is_item());
    let is_own = is_listed || is_one && !is_headed || told.iter().filter(|line| is_told(line)).count() > 1;
    if is_own { until_end(told) } else { &[] }
}

fn stands_over_links(line: &Line<'_>) -> bool {
    let folded = line.folded();
    frame::may_head_prose(folded) || is_of_news(folded) || related::opens(line, About::Anything)
}

/// The lines before the first that ends the article.
fn until_end<'l, 'a>(lines: &'l [Line<'a>]) -> &'l [Line<'a>] {
    lines.get(..(0..lines.len()).find(|at| ends(lines, *at)).unwrap_or(lines.len())).unwrap_or_default()
}

/// Whether the line at a place ends the article: a heading that says so, with no prose under it.
fn ends(lines: &[Line<'_>], at: usize) -> bool {
    let Some(line) = lines.get(at) else { return false };
    let is_label = || is_label(line) && lines.get(at + 1).is_some_and(leads_to_page);
    (frame::ends_article(line) || is_label()) && !heads_prose(lines, at)
}

/// Whether a line that is no heading stands over links to other stories all the same.
fn is_label(line: &Line<'_>) -> bool {
    const LABELS: &[&str] = &[
        "latest news",
        "more news",
        "more stories",
        "other news",
        "read next",
        "recent news",
        "related",
        "related articles",
        "related content",
        "related links",
        "related news",
        "related pages",
        "related stories",
        "you may also like",
        "you might also like",
        "darllen nesaf",
        "dolenni cysylltiedig",
        "erthyglau cysylltiedig",
        "mwy o newyddion",
        "newyddion cysylltiedig",
        "newyddion diweddaraf",
        "newyddion eraill",
        "rhagor o newyddion",
        "straeon cysylltiedig",
        "straeon eraill",
        "tudalennau cysylltiedig",
        "y newyddion diweddaraf",
    ];
    line.links.is_empty() && (LABELS.contains(&line.folded().trim_end_matches(':')) || related::opens(line, About::Anything))
}

/// Whether what stands under a heading, up to the next of its rank or the end of its part of the page, is prose and no list of
/// links to other pages.
fn heads_prose(lines: &[Line<'_>], at: usize) -> bool {
    // One that is only called so by its class is what stands under it; news that lead nowhere are the page's own.
    let may_head = |heading: &&Line<'_>| {
        let folded = heading.folded();
        let is_called_so = heading.is_heading() && !frame::opens_ending(folded);
        frame::may_head_prose(folded) || is_called_so || (heading.is_heading() || heading.strong) && is_of_news(folded)
    };
    let Some(heading) = lines.get(at).filter(may_head) else { return false };
    let below = lines.get(at + 1..).unwrap_or_default();
    let below = below.get(..LINES_MAX).unwrap_or(below);
    let ends = |line: &&Line<'_>| line.is_heading() && rank(line) <= rank(heading);
    // A heading may stand in a wrapper of its own.
    let own = below.first().and_then(|next| related::shared(heading, next)).map(|shared| shared.id()).or(parent(heading));
    let is_within = |line: &&Line<'_>| line.block.ancestors().any(|above| Some(above.id()) == own);
    let section = || below.iter().take_while(|line| !ends(line) && is_within(line));
    let leads_on =
        |line: &Line<'_>| leads_to_page(line) || is_of_news(heading.folded()) && !line.links.is_empty() && !is_told(line);
    section().any(|line| (is_sentence(line) || is_told(line)) && line.text.len() >= PROSE_BYTES) && !section().any(leads_on)
}

/// "Latest news", "Recent updates", "Newyddion diweddaraf".
fn is_of_news(folded: &str) -> bool {
    const FIRST: &[&str] = &["further", "latest", "more", "other", "recent", "related"];
    const WELSH: &[&str] = &["mwy", "newyddion", "rhagor", "y"];
    let mut words = folded.split(|c: char| !c.is_alphanumeric());
    let first = words.next().unwrap_or_default();
    FIRST.contains(&first) && words.clone().any(|word| matches!(word, "news" | "updates"))
        || WELSH.contains(&first) && (first == "newyddion" || words.any(|word| word == "newyddion"))
}

/// Whether a line is no more than a link to another page, with its day or without.
fn leads_to_page(line: &Line<'_>) -> bool {
    let is_page = |link: &crate::rules::extract::document::Link<'_>| {
        link.url.as_ref().is_some_and(|url| !documents::is_file(&link.text, url))
    };
    let outside = line.outside().trim();
    let is_alone = !outside.contains(char::is_alphanumeric) || dated::of_words(outside).is_some();
    !line.links.is_empty() && is_alone && line.links.iter().all(is_page)
}

/// Whether a line is a cell or an item with words of its own.
fn is_entry(line: &Line<'_>) -> bool {
    matches!(line.kind, Kind::Cell | Kind::Item) && line.links.is_empty()
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

/// A sentence with links in it, which goes on behind the last of them: a teaser ends with what leads on.
fn is_told(line: &Line<'_>) -> bool {
    let end = line.text.trim_end_matches(|c: char| !c.is_alphanumeric());
    let ends_in_link = line.links.iter().any(|link| end.ends_with(link.text.trim_end_matches(|c: char| !c.is_alphanumeric())));
    line.text.ends_with(['.', '!', '?']) && line.outside().len() >= PROSE_BYTES && !ends_in_link
}

/// Words that end like a sentence, and no link.
fn is_sentence(line: &Line<'_>) -> bool {
    line.links.is_empty() && !line.is_heading() && line.text.ends_with(['.', '!', '?'])
}
