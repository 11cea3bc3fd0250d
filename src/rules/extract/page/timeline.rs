//! Timelines: parts of one shape side by side, each with one heading and one day that stands alone, before, under or beside
//! it. They are told in place, so that no link parts them. Such a day is of what its part tells, and never the page's own.

use super::context::{self, Contexts};
use super::dated;
use super::sections::{Section, Time, time};
use crate::rules::extract::text::{Kind, Line, NodeRef};
use crate::rules::facts::dates;
use chrono::NaiveDate;
use ego_tree::NodeId;
use rustc_hash::{FxHashMap, FxHashSet};
use scraper::ElementRef;
use std::cell::LazyCell;
use std::ops::{Range, RangeInclusive};

/// Ranks of the headings of parts.
const RANKS: RangeInclusive<u8> = 2..=6;
/// Fewer parts of one shape are chance.
const PARTS_MIN: usize = 3;
/// Longest line that says only when, in bytes: "Wednesday 30 September to Friday 2 October 2026".
const TIME_BYTES_MAX: usize = 60;
/// Elements around a heading that are looked at for its part.
const NEAR: usize = 12;

/// A heading with the widest elements around it that hold no other of its rank.
struct Part<'a> {
    heading: usize,
    around: Vec<ElementRef<'a>>,
}

/// The parts of a page's timeline; none where it has no such.
pub(super) fn sections(lines: &[Line<'_>]) -> Vec<Section> {
    let headings = |rank: u8| lines.iter().filter(move |line| line.kind == Kind::Heading(rank)).count();
    let ranks: Vec<u8> = RANKS.filter(|rank| headings(*rank) >= PARTS_MIN).collect();
    if ranks.is_empty() {
        return Vec::new();
    }
    let contexts = LazyCell::new(|| Contexts::of(lines));
    let year = |at: usize| contexts.at(at).year;
    let times: FxHashMap<usize, Time> =
        lines.iter().enumerate().filter_map(|(at, line)| Some((at, alone(line, || year(at))?))).collect();
    if times.len() < PARTS_MIN {
        return Vec::new();
    }
    let found = ranks.into_iter().map(|rank| of_rank(lines, rank, times.clone()));
    found.max_by_key(Vec::len).unwrap_or_default()
}

/// What a line that says only when says.
fn alone(line: &Line<'_>, year: impl Fn() -> Option<i32>) -> Option<Time> {
    let words = line.text.trim_matches(|c: char| "()[]|:•·–- ".contains(c));
    if line.is_heading() || !line.links.is_empty() || words.len() > TIME_BYTES_MAX || !dates::may_hold_any(words) {
        return None;
    }
    let marked = || line.leaves.first().and_then(NodeRef::parent).and_then(ElementRef::wrap)?.attr("datetime");
    let by_machine = || marked().and_then(dated::When::machine).map(|when| when.day);
    let day = dated::of_words(words).or_else(|| dates::whole(words).map(|date| date.day)).or_else(by_machine);
    let in_year = || context::in_year(words, year()?).map(Time::Day);
    let month = || time(words).filter(|time| matches!(time, Time::Month(_)) && words.split(' ').count() == 2);
    day.map(Time::Day).or_else(in_year).or_else(month)
}

/// The parts that headings of one rank head.
fn of_rank(lines: &[Line<'_>], rank: u8, mut times: FxHashMap<usize, Time>) -> Vec<Section> {
    let parts = parts(lines, rank);
    if parts.len() < PARTS_MIN {
        return Vec::new();
    }
    let ranges: Vec<Range<usize>> = parts.iter().map(|part| lines_of(lines, part)).collect();
    let is_within = |at: usize| ranges.get(ranges.partition_point(|range| range.end <= at)).is_some_and(|own| own.contains(&at));
    let within = |range: &Range<usize>| {
        let mut days = range.clone().filter(|at| times.contains_key(at));
        days.next().filter(|_| days.next().is_none())
    };
    // The terms of a list stand between its parts; in a flat run each part reaches as far as the next.
    let is_flat = parts.iter().all(|part| part.around.len() == 1);
    let is_free = |at: usize| times.contains_key(&at) && (is_flat || !is_within(at));
    let before = |range: &Range<usize>| range.start.checked_sub(1).filter(|at| is_free(*at));
    let inside: Vec<Option<usize>> = ranges.iter().map(within).collect();
    let outside: Vec<Option<usize>> = ranges.iter().map(before).collect();
    let count = |days: &[Option<usize>]| days.iter().flatten().count();
    let days = if !is_flat && count(&inside) >= count(&outside) { inside } else { outside };
    if count(&days) < PARTS_MIN || count(&days) * 10 < parts.len() * 8 {
        return Vec::new();
    }
    let starts: Vec<usize> = days.iter().zip(&ranges).map(|(day, own)| day.map_or(own.start, |day| day.min(own.start))).collect();
    let mut found = Vec::with_capacity(parts.len());
    for (at, (part, own)) in parts.iter().zip(&ranges).enumerate() {
        let Some(day) = days.get(at).copied().flatten() else { continue };
        let Some(time) = times.remove(&day) else { continue };
        let end = starts.get(at + 1).copied().unwrap_or(usize::MAX).min(own.end);
        let (start, body) = (day.min(own.start), part.heading + 1..end);
        found.push(Section { start, heading: part.heading, body, time, dated: Some(day) });
    }
    found
}

/// The parts of the shape that most of the headings of a rank have.
fn parts<'a>(lines: &[Line<'a>], rank: u8) -> Vec<Part<'a>> {
    let headed = lines.iter().enumerate().filter(|(_, line)| line.kind == Kind::Heading(rank));
    let above = |line: &Line<'a>| {
        let above = std::iter::once(line.block).chain(line.block.ancestors().filter_map(ElementRef::wrap)).take(NEAR);
        above.take_while(|element| !matches!(element.value().name(), "body" | "html" | "main"))
    };
    let mut held: FxHashMap<NodeId, usize> = FxHashMap::default();
    for element in headed.clone().flat_map(|(_, line)| above(line)) {
        *held.entry(element.id()).or_default() += 1;
    }
    let own = |line: &Line<'a>| above(line).take_while(|element| held.get(&element.id()) == Some(&1)).collect::<Vec<_>>();
    let mut parts: Vec<Part<'a>> = headed.map(|(heading, line)| Part { heading, around: own(line) }).collect();
    // The only part under a heading of its year takes the year's list in.
    let Some(usual) = most_common(parts.iter().map(|part| part.around.len())) else { return Vec::new() };
    for part in &mut parts {
        part.around.truncate(usual);
    }
    let shape = |part: &Part<'a>| {
        let outer = part.around.last()?;
        let parent = outer.parent().and_then(ElementRef::wrap)?;
        Some((part.around.len(), outer.value().name(), parent.value().name()))
    };
    let Some(common) = most_common(parts.iter().filter_map(shape)) else { return Vec::new() };
    parts.retain(|part| shape(part) == Some(common));
    parts
}

/// Whether headings of a rank each head an element of their own, of one shape: the panels of an accordion.
pub(super) fn are_panels(lines: &[Line<'_>], rank: u8, headings: &[usize]) -> bool {
    let parts = parts(lines, rank);
    let is_panel = |heading: &usize| parts.iter().any(|part| part.heading == *heading && part.around.len() > 1);
    headings.iter().all(is_panel)
}

fn most_common<T: Copy + Eq + std::hash::Hash + Ord>(all: impl Iterator<Item = T>) -> Option<T> {
    let mut times: FxHashMap<T, usize> = FxHashMap::default();
    for one in all {
        *times.entry(one).or_default() += 1;
    }
    times.into_iter().max_by_key(|(one, times)| (*times, std::cmp::Reverse(*one))).map(|(one, _)| one)
}

/// The lines of a part; in a flat run those up to the next heading of its rank or a higher one.
fn lines_of(lines: &[Line<'_>], part: &Part<'_>) -> Range<usize> {
    let at = part.heading;
    let (Some(outer), Some(heading)) = (part.around.last(), lines.get(at)) else { return at..at + 1 };
    if part.around.len() == 1 {
        let parent = heading.block.parent().map(|parent| parent.id());
        let is_over = |line: &Line<'_>| {
            let ranks_as_high = matches!((line.kind, heading.kind), (Kind::Heading(own), Kind::Heading(rank)) if own <= rank);
            ranks_as_high || line.block.ancestors().all(|above| Some(above.id()) != parent)
        };
        let length = lines.get(at + 1..).unwrap_or_default().iter().take_while(|line| !is_over(line)).count();
        return at..at + 1 + length;
    }
    let is_within = |line: &&Line<'_>| std::iter::once(*line.block).chain(line.block.ancestors()).any(|e| e.id() == outer.id());
    let before = lines.get(..at).unwrap_or_default().iter().rev().take_while(is_within).count();
    let after = lines.get(at..).unwrap_or_default().iter().take_while(is_within).count();
    at - before..at + after
}

/// The days that belong to the parts of a timeline.
pub(super) struct Days {
    leaves: FxHashSet<NodeId>,
}

impl Days {
    pub(super) fn of(lines: &[Line<'_>]) -> Self {
        let said = sections(lines).into_iter().filter_map(|section| lines.get(section.dated?));
        let mut leaves: FxHashSet<NodeId> = said.filter_map(leaf).collect();
        leaves.extend(alike(lines).into_iter().filter_map(leaf));
        Self { leaves }
    }

    /// Whether a line says one of them.
    pub(super) fn has(&self, line: &Line<'_>) -> bool {
        !self.leaves.is_empty() && leaf(line).is_some_and(|leaf| self.leaves.contains(&leaf))
    }
}

/// Days that stand each in an element of the same name, class and depth, and are not all one: each is of something beside it.
fn alike<'l, 'a>(lines: &'l [Line<'a>]) -> Vec<&'l Line<'a>> {
    let mut found: FxHashMap<_, Vec<(NaiveDate, &Line<'_>)>> = FxHashMap::default();
    let mut above: Option<&Line<'_>> = None;
    for line in lines {
        let before = above.replace(line);
        let Some(Time::Day(day)) = alone(line, || None) else { continue };
        if !before.is_some_and(|above| dated::is_label(&above.text)) && !dated::says_when(&line.text) {
            let depth = line.block.ancestors().count();
            found.entry((line.block.value().name(), line.block.attr("class"), depth)).or_default().push((day, line));
        }
    }
    let are_many = |days: &Vec<(NaiveDate, &Line<'_>)>| {
        days.len() >= PARTS_MIN && days.iter().map(|(day, _)| day).collect::<FxHashSet<_>>().len() > 1
    };
    found.into_values().filter(are_many).flatten().map(|(_, line)| line).collect()
}

fn leaf(line: &Line<'_>) -> Option<NodeId> {
    line.leaves.first().map(|leaf: &NodeRef<'_>| leaf.id())
}
