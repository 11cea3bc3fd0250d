//! The listing of a page that nobody has described: links that stand in the same place of the same structure.
//!
//! Links are grouped by the path of elements that leads to them. A group is a listing when its entries look like published
//! things (a date, a heading, words of their own) and the page is about them: an article with three related stories under
//! it is an article.

mod beside;
mod flat;
mod headed;
mod kinds;
mod lines;
mod related;

use super::context::Contexts;
use super::entries::{Entry, heads_entry, is_generic, names_day, target, words};
use super::{covers, dated, events, frame, grid, kin, lead, place, rows, sections, story};
use crate::rules::extract::document::{Document, Link};
use crate::rules::extract::key;
use crate::rules::extract::text::{Kind, Line, folded};
use crate::rules::facts::{documents, meeting};
use flat::{
    date_over, dates_stand_before, is_marked_link, is_only_a_line, is_section_heading, says_day, under_heading, usual_height,
};
pub(super) use headed::Listed;
use kinds::{are_kinds, leads_elsewhere};
use rustc_hash::{FxHashMap, FxHashSet};
use scraper::ElementRef;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use url::Url;

/// The largest groups only are looked at closely.
const GROUPS_MAX: usize = 12;
/// So many entries of a group show what the others are like.
const SAMPLE: usize = 200;
/// Text around a listing up to this many bytes is its introduction.
const INTRODUCTION_BYTES: usize = 600;
/// Words of welcome above the news of a landing page, in bytes.
const WELCOME_BYTES: usize = 300;
/// A list in which this share of the entries has a date is a dated one.
const DATED_SHARE: f64 = 0.6;
/// A group in which less than this share of the targets, or of the words, are distinct repeats itself.
const DISTINCT_SHARE: f64 = 0.5;
/// Least days or months that make a series of files.
const SERIES_MIN: usize = 3;
/// The same of pages, each alone in its line and named after another day.
const SERIES_OF_PAGES_MIN: usize = 2;
/// Text around a series up to this many bytes is its introduction.
const INTRODUCTION_TO_SERIES_BYTES: usize = 1200;
/// A line of at least this many bytes outside links is prose.
const PROSE_BYTES: usize = 60;

/// A link that may lead to an item.
struct Member<'a> {
    link: ElementRef<'a>,
    url: Rc<Url>,
    key: Rc<str>,
    /// Its line among the page's content lines.
    line: usize,
    /// Whether it leads to the page's own site.
    at_home: bool,
}

/// The page's listing. `lines`: the page's content; `by_headline`: whether it may be known by its headline alone.
pub(super) fn listing<'a>(document: &Document<'a>, lines: &[Line<'a>], url: &Url, by_headline: bool) -> Listed<'a> {
    let page = key::canonical(url);
    let headline = lines.iter().find(|line| is_headline(line)).map(|line| line.text.as_str());
    let is_of_events = events::is_of_events(headline, url);
    let news = if is_of_events { None } else { events::without(lines) };
    let content = lines;
    let lines = related::without(news.as_deref().unwrap_or(lines));
    let mut groups: HashMap<u64, Vec<Member<'a>>> = HashMap::new();
    for (place, member) in place::in_common(members(document, lines, &page, is_of_events)) {
        let group = groups.entry(place).or_default();
        if !group.iter().rev().take(3).any(|known| known.key == member.key) {
            group.push(member);
        }
    }
    let mut groups: Vec<Vec<Member<'a>>> = groups.into_values().filter(|group| group.len() >= 2).collect();
    groups.sort_by_key(|group| (std::cmp::Reverse(group.len()), group.first().map(|m| m.line)));
    groups.truncate(GROUPS_MAX);
    let contexts = Contexts::of(lines);
    let judged = groups.iter().filter_map(|group| Judged::of(document, group, lines, &contexts));
    let is_declared = story::is_declared(document);
    let (judged, others): (Vec<Judged<'a>>, Vec<_>) = judged.partition(|group| group.is_listing(lines, &page, is_declared));
    let is_headed = |group: &Judged<'a>| by_headline && !is_declared && headed::is_of_headline(document, group, lines, url);
    // Of groups that lead to the same entries the first: a story's title stands before its comments. A meeting is no paper of it.
    let better = |best: Judged<'a>, other: Judged<'a>| {
        let is_better = other.heads(&best) || (other.score > best.score && !best.heads(&other));
        if is_better { other } else { best }
    };
    let Some(best) = judged.into_iter().reduce(better) else {
        let entries: Vec<Entry<'a>> = lead::only(document, lines, url).into_iter().collect();
        let headed = if entries.is_empty() { others.into_iter().find(is_headed) } else { None };
        let only = || headed::only(document, lines, url).filter(|_| by_headline && !is_declared && entries.is_empty());
        let headed = headed.map(|best| best.entries).or_else(|| only().map(|only| vec![only]));
        return headed.map_or(Listed { entries, is_headed: false }, |entries| Listed { entries, is_headed: true });
    };
    let (is_dated, is_headed) = (best.dated >= DATED_SHARE, is_headed(&best));
    let first = best.first_line;
    let with_neighbours = |entries| kin::with_neighbours(document, entries, is_dated);
    let entries =
        if is_dated { kin::without_strays(document, with_neighbours(best.entries)) } else { with_neighbours(best.entries) };
    let older = if is_dated { kin::older_below(document, &entries, content) } else { Vec::new() };
    let mut all = if is_dated { lead::stories(document, lines, &entries, first) } else { Vec::new() };
    all.extend(entries.into_iter().chain(older));
    Listed { entries: all, is_headed }
}

/// Every link of the content with the place that it stands in.
fn members<'a>(document: &Document<'a>, lines: &[Line<'a>], page: &str, is_of_events: bool) -> Vec<(place::Place, Member<'a>)> {
    let mut seen = FxHashSet::default();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| !line.links.is_empty()) {
        for leaf in &line.leaves {
            let link = leaf.ancestors().take(8).filter_map(ElementRef::wrap).find(|e| e.value().name() == "a");
            let Some(link) = link.filter(|link| seen.insert(link.id())) else { continue };
            found.extend(member(document, link, at, page, is_of_events));
        }
    }
    for (link, card) in covers::of(document, lines) {
        if seen.insert(link.id()) {
            found.extend(member(document, link, card.start, page, is_of_events));
        }
    }
    found
}

/// A link that stands in line `at`, unless it leads to nothing that could be an entry.
fn member<'a>(
    document: &Document<'a>,
    link: ElementRef<'a>,
    at: usize,
    page: &str,
    is_of_events: bool,
) -> Option<(place::Place, Member<'a>)> {
    let url = target(document, link)?;
    let key: Rc<str> = key::canonical(&url).into();
    let is_entry = *key != *page && (is_of_events || !events::is_in_folder(&url));
    let at_home = url.host_str() == document.base.host_str();
    is_entry.then(|| (place::of(link), Member { link, url: Rc::new(url), key, line: at, at_home }))
}

/// A group as entries, with what speaks for it.
struct Judged<'a> {
    entries: Vec<Entry<'a>>,
    first_line: usize,
    last_line: usize,
    /// Shares of the entries, from 0 to 1.
    dated: f64,
    headed: f64,
    worded: f64,
    /// Bytes of text, and of prose, in all entries.
    bytes: usize,
    prose: usize,
    /// Whether they are files of a series, each of another day or month: a board's minutes.
    series: bool,
    /// Shares of the entries that a day names, and that are papers.
    of_days: f64,
    papers: f64,
    /// Whether they are the files of a table that names each in a column of its own.
    register: bool,
    score: f64,
}

impl<'a> Judged<'a> {
    /// `None` for links that cannot be a listing: the same words or the same targets again and again.
    fn of(document: &Document<'a>, group: &[Member<'a>], lines: &[Line<'a>], contexts: &Contexts<'a>) -> Option<Self> {
        let keys: HashSet<&str> = group.iter().map(|member| &*member.key).collect();
        let distinct = share(keys.len(), group.len());
        if keys.len() < 2 || distinct < DISTINCT_SHARE {
            return None;
        }
        let entries = regions(document, group, lines, contexts);
        let (mut dated, mut headed, mut worded, mut bytes, mut prose) = (0_usize, 0_usize, 0_usize, 0, 0);
        let (mut titles, mut times, mut naming_one, mut files) = (HashSet::new(), HashSet::new(), 0_usize, 0_usize);
        let day_alone = |title: &str| dated::is_day(title).then(|| sections::Time::Yearless(folded(title)));
        let named_time = |title: &str| sections::time(title).or_else(|| day_alone(title));
        let (mut of_days, mut papers, mut yearless, mut files_in_all) = (0_usize, 0_usize, 0_usize, 0_usize);
        let is_day = |time: &sections::Time| matches!(time, sections::Time::Day(_) | sections::Time::Yearless(_));
        let sample = entries.len().min(SAMPLE);
        for entry in entries.iter().take(sample) {
            let within = entry.kept_lines(document);
            let title = entry.title(document, within).unwrap_or_default();
            let day = entry.when_in(within, &title).map(|when| when.day);
            dated += usize::from(day.is_some() || within.iter().any(names_day));
            headed += usize::from(within.iter().any(|line| heads_entry(line) && !leads_elsewhere(document, line, entry)));
            let says_what = !is_generic(&title) && (title.len() >= 15 || title.split(' ').count() >= 3);
            worded += usize::from(says_what || meeting::is_body(&title));
            bytes += within.iter().map(|line| line.text.len()).sum::<usize>();
            prose += within.iter().filter(|line| is_prose(line)).map(|line| line.text.len()).sum::<usize>();
            let is_file = is_file(document, entry, &title);
            files_in_all += usize::from(is_file);
            papers += usize::from(is_file || documents::names_paper(&title));
            of_days += usize::from(!is_file && matches!(sections::time(&title), Some(sections::Time::Day(_))));
            let in_headed_year = || entry.above.in_year(&title).and_then(|title| named_time(&title));
            let time = named_time(&title).or_else(in_headed_year).filter(|time| is_file || (is_day(time) && within.len() == 1));
            // "Minutes", under "November" in a tree of years.
            let month = entry.above.month();
            let time = time.or_else(|| month.filter(|_| is_file).map(|month| sections::Time::Month(month.to_string())));
            if let Some(time) = time {
                naming_one += 1;
                yearless += usize::from(matches!(time, sections::Time::Yearless(_)));
                files += usize::from(is_file);
                times.insert(time);
            }
            // A committee meets on many days.
            titles.insert((folded(&title), day.or(month)));
        }
        // One meeting's papers name one day.
        let least = if files == 0 && yearless == 0 { SERIES_OF_PAGES_MIN } else { SERIES_MIN };
        let series = times.len() >= least && naming_one * 10 >= sample * 8 && times.len() * 10 >= naming_one * 4;
        let distinct = distinct.min(share(titles.len(), sample));
        if distinct < DISTINCT_SHARE {
            return None;
        }
        let register = files_in_all * 10 >= sample * 8
            && group.first().and_then(|first| lines.get(first.line)).is_some_and(rows::names_papers);
        let [dated, headed, worded, of_days, papers] = [dated, headed, worded, of_days, papers].map(|of| share(of, sample));
        let [bytes, prose] = [bytes, prose].map(|of| of * entries.len() / sample.max(1));
        // A council's list may lead to its meetings' own site; what it lists beside its news is other people's.
        let at_home = group.iter().filter(|member| member.at_home).count();
        let near = 0.5 + 0.5 * share(at_home, group.len());
        let score = share(entries.len(), 1).sqrt() * distinct * near * (0.2 + 3.0 * dated + headed + worded);
        let first_line = group.first().map_or(lines.len(), |member| member.line);
        let last_line = group.iter().map(|member| member.line).max().unwrap_or(first_line);
        Some(Self {
            entries,
            first_line,
            last_line,
            dated,
            headed,
            worded,
            bytes,
            prose,
            series,
            of_days,
            papers,
            register,
            score,
        })
    }

    /// `page`: the page's own key; `is_declared`: it tells machines that it is one story.
    fn is_listing(&self, lines: &[Line<'_>], page: &str, is_declared: bool) -> bool {
        let count = self.entries.len();
        let all: usize = lines.iter().map(|line| line.text.len()).sum();
        let prose: usize = lines.iter().filter(|line| is_prose(line)).map(|line| line.text.len()).sum();
        let prose_around = prose.saturating_sub(self.prose);
        // A day and a heading in every entry make up for titles of a word or two: "Week nine".
        let looks_published =
            self.dated >= DATED_SHARE && (self.worded >= 0.3 || self.register || (count >= 3 && self.headed >= 0.8));
        let looks_like_teasers = count >= 3 && self.headed >= 0.8 && self.worded >= 0.5;
        // Bare links are a listing only where the page has little else.
        let is_all_there_is = count >= 3 && (self.worded >= 0.6 || self.dated >= DATED_SHARE) && self.bytes * 2 >= all;
        if !(looks_published || looks_like_teasers || is_all_there_is || self.series) {
            return false;
        }
        let introduction = if self.series || self.register { INTRODUCTION_TO_SERIES_BYTES } else { INTRODUCTION_BYTES };
        if prose_around > introduction.max(self.bytes) || self.stands_beside(lines) {
            return false;
        }
        let before = lines.get(..self.first_line).unwrap_or_default();
        let first_heading = before.iter().position(is_headline).map_or(0, |at| at + 1);
        // The text below a heading that leads elsewhere is a lead story's.
        let leads = |line: &Line<'_>| {
            let elsewhere = |link: &Link| link.url.as_ref().is_some_and(|url| key::canonical(url) != page);
            line.is_heading() && line.outside().is_empty() && line.links.iter().any(elsewhere)
        };
        let lead = before.iter().skip(first_heading).position(leads).map_or(before.len(), |at| first_heading + at);
        let own = before.get(..lead).unwrap_or_default();
        let prose_before: usize = own.iter().filter(|line| is_prose(line)).map(|line| line.text.len()).sum();
        // Under a headline, links headed "Related news" belong to an article, and so do those under a posted text.
        let beside = before
            .iter()
            .skip(first_heading)
            .rev()
            .find(|line| line.is_heading())
            .is_some_and(|line| frame::opens_ending(line.folded()));
        let posted = before.iter().any(|line| dated::is_date(&line.text)) && self.dated < DATED_SHARE;
        let has_body = prose_before >= 40;
        let story = own.get(first_heading..).unwrap_or_default();
        let headline = first_heading.checked_sub(1).and_then(|at| before.get(at)).map(|line| line.text.as_str());
        let told = (headline, is_declared);
        let first = self.entries.first().filter(|_| headline.is_some() || is_declared);
        if first.is_some_and(|first| story::precedes(story, prose_before, told, first, (count, self.bytes))) {
            return false;
        }
        // "Latest news" under a few words of welcome is what the page is for.
        let is_posted = before.iter().skip(first_heading).any(|line| dated::is_date(&line.text));
        let is_welcome = prose_before <= WELCOME_BYTES && !is_posted && self.dated >= DATED_SHARE;
        !(has_body && (beside && !is_welcome || posted))
    }
}

fn is_file(document: &Document, entry: &Entry<'_>, title: &str) -> bool {
    entry.url(document).is_some_and(|url| documents::is_file(title, url))
}

fn is_headline(line: &Line<'_>) -> bool {
    line.kind == Kind::Heading(1)
}

fn is_prose(line: &Line<'_>) -> bool {
    !line.is_heading() && line.outside().len() >= PROSE_BYTES
}

#[expect(clippy::cast_precision_loss, reason = "counts of entries on one page")]
fn share(count: usize, of: usize) -> f64 {
    count as f64 / of.max(1) as f64
}

/// The part of the page that belongs to each link: the widest element around it that holds no other link of the group, and
/// where that is no more than the link, what follows it up to the next.
fn regions<'a>(document: &Document<'a>, group: &[Member<'a>], lines: &[Line<'a>], contexts: &Contexts<'a>) -> Vec<Entry<'a>> {
    let mut holds = FxHashMap::default();
    for member in group {
        let above = std::iter::once(member.link).chain(member.link.ancestors().filter_map(ElementRef::wrap));
        for element in above {
            let keys: &mut (usize, &str) = holds.entry(element.id()).or_insert((0, ""));
            if keys.0 == 0 || *keys.1 != *member.key {
                *keys = (keys.0 + 1, &*member.key);
            }
        }
    }
    let own = |member: &Member<'a>| {
        let above = std::iter::once(member.link).chain(member.link.ancestors().filter_map(ElementRef::wrap));
        let alone = above.take_while(|e| holds.get(&e.id()).is_some_and(|keys| keys.0 == 1) && !grid::is_week(*e));
        alone.filter(|e| !place::strikes(*e)).collect::<Vec<_>>()
    };
    let own: Vec<Vec<ElementRef<'a>>> = group.iter().map(own).collect();
    let usual = usual_height(&own);
    let containers = group.iter().zip(&own).map(|(member, own)| {
        let widest = own.last().copied().unwrap_or(member.link);
        let of_usual_height = own.get(usual.saturating_sub(1)).copied().unwrap_or(widest);
        let is_dated = |region| Entry::new(member.link, vec![region]).is_dated(document);
        // The only entry of a year takes the year's heading in, and the words around a day may be what dates it.
        let narrowed = of_usual_height.id() != widest.id() && (is_dated(of_usual_height) || !is_dated(widest));
        if narrowed { of_usual_height } else { widest }
    });
    let containers: Vec<ElementRef<'a>> = containers.collect();
    let ids: FxHashSet<_> = containers.iter().map(|container| container.id()).collect();
    let date_before = dates_stand_before(&containers);
    let above = lines::beside(group, lines, |line| line.checked_sub(1));
    let below = !above && lines::beside(group, lines, |line| Some(line + 1));
    let repeated = Rc::new(lines::repeated(group, lines));
    let own_blocks = group.iter().filter_map(|member| lines.get(member.line)).map(|line| line.block.id()).collect();
    let mut entries: Vec<Entry<'a>> = Vec::with_capacity(group.len());
    let mut taken = FxHashSet::default();
    for (member, container) in group.iter().zip(&containers) {
        if !taken.insert(container.id()) {
            continue;
        }
        let mut region = vec![*container];
        let headed = is_generic(&words(member.link)).then(|| under_heading(*container, &ids)).flatten();
        if let Some(headed) = headed {
            region = headed;
        } else if date_before {
            region.extend(date_over(*container, &ids));
            region.reverse();
        }
        // In a run of links and line breaks no element holds what stands beside a link.
        let at = if above { member.line.saturating_sub(1) } else { member.line + usize::from(below) };
        let is_of_link = |line: &&Line<'a>| line.links.len() == usize::from(!above && !below);
        let is_alone = |line: &&Line<'a>| is_marked_link(*container, member.link) && is_of_link(line);
        let line = lines.get(at).filter(is_alone);
        if is_only_a_line(*container, member.link) {
            let behind = container.next_siblings().filter_map(ElementRef::wrap);
            let until_next = behind
                .take_while(|e| !ids.contains(&e.id()) && !holds.contains_key(&e.id()) && !is_section_heading(*container, *e));
            region.extend(until_next.take(6));
            if date_before && region.last().is_some_and(|last| last.id() != container.id() && says_day(*last)) {
                region.pop();
            }
        }
        let entry = Entry::new(member.link, region).leading_to(&member.url, &member.key);
        let headed = contexts.at(member.line).without_entries(&own_blocks);
        entries.push(entry.in_line(line.cloned()).under(headed).among(&repeated));
    }
    let kinds = are_kinds(document, &entries);
    entries.into_iter().map(|entry| entry.under_kinds(kinds)).collect()
}
