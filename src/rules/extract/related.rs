//! Links to other things of the site under a heading that says so, in the middle of a page that is about one thing: "Related
//! news", "Recent decisions". They are others at each visit, and no part of what the page says, whatever system made it.

#[cfg(test)]
mod tests;
mod words;

use super::document::Link;
use super::text::{Kind, Line};
use super::volatile::is_age;
use crate::rules::facts::{dates, documents};
use scraper::ElementRef;
use words::{BYTES_MAX, Promise, promise};

/// Longest line beside the links, in bytes: a day, a category.
const BESIDE_BYTES_MAX: usize = 40;
/// Longest teaser of a link, in bytes.
const TEASER_BYTES_MAX: usize = 400;
/// Lines under such a heading that are looked at: more are what the page is for.
const LINES_MAX: usize = 100;
/// Most lines of one entry: its title, its teaser, its day, where it is filed and "Read more".
const CARD_LINES_MAX: usize = 6;
/// Elements around a heading in which its links are looked for.
const NEAR: usize = 4;

/// What the page is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// Anything.
    Anything,
    /// One decision or one meeting: others of its kind are no part of it.
    OneOfItsKind,
}

/// The lines without such links and the headings over them. Files stay but among stories, and so does prose of the page's own.
pub(super) fn without<'a>(lines: &[Line<'a>], about: About) -> Vec<Line<'a>> {
    without_those(lines, about, |_| true)
}

/// The same, where the heading is one of those.
pub(super) fn without_those<'a>(lines: &[Line<'a>], about: About, is_one: impl Fn(&Line<'a>) -> bool) -> Vec<Line<'a>> {
    let mut kept = Vec::with_capacity(lines.len());
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let promise = promised(line, about).filter(|_| is_one(line));
        let count = promise.map_or(0, |promise| count_below(lines, at, promise));
        if count == 0 {
            kept.push(line.clone());
        }
        at += 1 + count;
    }
    kept
}

/// Whether a line is such a heading: "Related news", "More stories", "You may also like".
pub(super) fn opens(line: &Line<'_>, about: About) -> bool {
    promised(line, about).is_some()
}

/// Whether papers of the page itself may stand under such a heading: under "Related links" they do, among other stories not.
pub(super) fn may_hold_papers(line: &Line<'_>) -> bool {
    promise(line.folded(), true) == Some(Promise::Links)
}

/// What a line promises, where it looks like a heading or its words can be nothing else.
fn promised(line: &Line<'_>, about: About) -> Option<Promise> {
    if !line.links.is_empty() || line.text.len() > BYTES_MAX {
        return None;
    }
    let promise = promise(line.folded(), about == About::OneOfItsKind)?;
    let is_plain = matches!(promise, Promise::Others | Promise::Latest) && line.kind != Kind::Cell;
    (line.is_heading() || line.strong || is_plain).then_some(promise)
}

/// How many lines below a heading are links to pages and what stands beside them: up to the next heading of its rank, the end
/// of its part of the page, or prose that is no link's.
fn count_below(lines: &[Line<'_>], at: usize, promise: Promise) -> usize {
    let Some(heading) = lines.get(at) else { return 0 };
    let below = lines.get(at + 1..).unwrap_or_default();
    let below = below.get(..LINES_MAX).unwrap_or(below);
    let Some(own) = below.first().and_then(|next| shared(heading, next)) else { return 0 };
    let is_within = |line: &Line<'_>| line.block.ancestors().any(|above| above.id() == own.id());
    let rank = |line: &Line<'_>| if let Kind::Heading(rank) = line.kind { rank } else { 7 };
    // In a list of cards each may be headed by its link.
    let heads_card = |line: &Line<'_>| promise != Promise::Name && leads_to_pages(line);
    let is_over = |line: &Line<'_>| line.is_heading() && rank(line) <= rank(heading) && !heads_card(line);
    let count = below.iter().take_while(|line| is_within(line) && !is_over(line)).count();
    let section = below.get(..count).unwrap_or_default();
    // "News" may head anything: ages and counters beside the links say that they are others at each visit.
    if promise == Promise::Name {
        let are_passing = section.iter().any(is_passing) && section.iter().all(|line| fits(line, promise));
        return if are_passing { count } else { 0 };
    }
    let is_box = !matches!(own.value().name(), "main" | "article" | "body" | "html")
        && !at.checked_sub(1).and_then(|before| lines.get(before)).is_some_and(is_within);
    // A box of its own that says what it is for needs no link.
    if is_box && words::is_advertisement(heading.folded()) && section.iter().all(is_teaser) {
        return section.len();
    }
    run(own, section, promise, is_box)
}

/// The element that holds a heading and the line below it: a heading may stand in a wrapper of its own.
pub(super) fn shared<'a>(heading: &Line<'a>, next: &Line<'a>) -> Option<ElementRef<'a>> {
    let holds = |element: &ElementRef<'_>| next.block.ancestors().any(|above| above.id() == element.id());
    heading.block.ancestors().filter_map(ElementRef::wrap).take(NEAR).find(holds)
}

/// How many lines of a section, from the first, are links and what is told of them. `is_box`: they have an element to
/// themselves, in which a teaser may stand below each.
fn run<'a>(own: ElementRef<'a>, section: &[Line<'a>], promise: Promise, is_box: bool) -> usize {
    let leads = |line: &Line<'_>| leads_to_pages(line) || promise == Promise::Others && leads_to_file(line);
    let entries = section.iter().filter(|line| leads(line)).count();
    if entries == 0 {
        return 0;
    }
    let units = units(own, section, promise);
    let (mut end, mut at, mut teasers) = (0, 0, 0);
    for (nth, unit) in units.iter().enumerate() {
        let is_next = || units.get(nth + 1).is_some_and(|next| next.lines.iter().any(leads));
        if unit.is_links(promise) {
            (end, teasers) = (at + unit.lines.len(), 0);
        } else if !unit.lines.iter().all(|line| fits(line, promise)) {
            let may_follow = end > 0 && (is_box && (entries > 1 || promise == Promise::Others) || entries > 1 && is_next());
            // More than a teaser is prose of the page, and so is what looked like one above it.
            if teasers > 0 || !may_follow || !matches!(unit.lines, [only] if is_teaser(only)) {
                return end;
            }
            teasers += 1;
        }
        at += unit.lines.len();
    }
    section.len()
}

/// The lines of one of the elements side by side below a heading.
struct Unit<'l, 'a> {
    element: ElementRef<'a>,
    lines: &'l [Line<'a>],
}

/// The parts of some lines within an element: of the innermost that holds them all, and is no entry.
fn units<'l, 'a>(mut own: ElementRef<'a>, lines: &'l [Line<'a>], promise: Promise) -> Vec<Unit<'l, 'a>> {
    let child_of = |own: ElementRef<'a>, line: &Line<'a>| {
        let around = std::iter::once(line.block).chain(line.block.ancestors().filter_map(ElementRef::wrap));
        let own = own.id();
        around.into_iter().find(|element| element.parent().is_some_and(|parent| parent.id() == own))
    };
    loop {
        let mut found: Vec<Unit<'l, 'a>> = Vec::new();
        let mut from = 0;
        while let Some(element) = lines.get(from).map(|line| child_of(own, line).unwrap_or(line.block)) {
            let is_same = |line: &&Line<'a>| child_of(own, line).unwrap_or(line.block).id() == element.id();
            let count = lines.iter().skip(from).take_while(is_same).count().max(1);
            found.push(Unit { element, lines: lines.get(from..from + count).unwrap_or_default() });
            from += count;
        }
        match found.as_slice() {
            [only] if only.lines.len() > 1 && is_around(only) && !only.is_card(promise) => own = only.element,
            _ => return found,
        }
    }
}

/// Whether the lines of a part stand in elements within it.
fn is_around(unit: &Unit<'_, '_>) -> bool {
    unit.lines.iter().all(|line| line.block.id() != unit.element.id())
}

impl Unit<'_, '_> {
    /// Whether it is links to pages and what stands beside them: bare, a card of one of them, or a list of such cards.
    fn is_links(&self, promise: Promise) -> bool {
        let leads = |line: &Line<'_>| leads_to_pages(line) || promise == Promise::Others && leads_to_file(line);
        if !self.lines.iter().any(leads) {
            return false;
        }
        if self.lines.iter().all(|line| fits(line, promise)) || self.is_card(promise) {
            return true;
        }
        let parts = units(self.element, self.lines, promise);
        parts.len() > 1 && parts.iter().all(|part| part.is_links(promise) || part.lines.iter().all(|line| fits(line, promise)))
    }

    /// Whether it is one link with its title, its teaser and what it is filed under.
    fn is_card(&self, promise: Promise) -> bool {
        if promise == Promise::Links || self.lines.len() > CARD_LINES_MAX {
            return false;
        }
        let links = self.lines.iter().flat_map(|line| &line.links).filter_map(|link| link.url.as_ref());
        let leading: std::collections::HashSet<_> = links.map(url::Url::path).collect();
        let told = self.lines.iter().filter(|line| !fits(line, promise) && !line.is_heading()).collect::<Vec<_>>();
        leading.len() == 1 && told.len() <= 1 && told.into_iter().all(is_teaser)
    }
}

fn is_teaser(line: &Line<'_>) -> bool {
    line.text.len() <= TEASER_BYTES_MAX && !line.is_heading()
}

/// Whether a line is a link, or short words beside one.
fn fits(line: &Line<'_>, promise: Promise) -> bool {
    leads_to_pages(line)
        || promise == Promise::Others && leads_to_file(line)
        || line.links.is_empty() && line.text.len() <= BESIDE_BYTES_MAX && !is_sentence(line)
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
    !line.links.is_empty() && is_alone(line) && line.links.iter().all(is_page)
}

fn leads_to_file(line: &Line<'_>) -> bool {
    let is_file = |link: &Link<'_>| link.url.as_ref().is_some_and(|url| documents::is_file(&link.text, url));
    let is_said = || documents::about(line.outside().trim().trim_matches(['(', ')'])).is_some();
    (is_alone(line) || is_said()) && line.links.iter().any(is_file)
}

/// Whether a line's links stand alone, or beside a day, an age or a counter.
fn is_alone(line: &Line<'_>) -> bool {
    let outside = line.outside();
    !outside.contains(char::is_alphanumeric)
        || outside.len() <= BESIDE_BYTES_MAX && (is_passing(line) || !dates::find(outside).is_empty())
}

fn is_sentence(line: &Line<'_>) -> bool {
    line.text.ends_with(['.', '!', '?', ':'])
}
