//! Where the entries of a list say that something takes place: behind a label, or in the same place of each entry, behind its hour
//! or below it, where most of the entries name a building or a room. So "The Old Exchange" is a place among halls and centres. What
//! stands in an `address` is one whatever it is called.

use super::{dated, occasion, rows, told};
use crate::domain::item::{Item, Meeting};
use crate::domain::text::Text;
use crate::rules::extract::text::{Line, collapsed, folded};
use crate::rules::facts::{dates, places};
use scraper::ElementRef;

/// Longest words that say where, and longest line in whose elements they are looked for, in bytes.
const PLACE_BYTES_MAX: usize = 100;
const LINE_BYTES_MAX: usize = 240;

/// What may say where one entry takes place, by where that stands in the entry.
#[derive(Default)]
pub(super) struct Said([Option<String>; PLACES]);

/// Where that may stand: behind a label, in an `address`, behind the hour, below it, in a sentence that announces the meeting.
const PLACES: usize = 5;
/// Of these, those that say themselves that what stands there is a place.
const SAID_TO_BE: usize = 2;

impl Said {
    /// What the lines of the entry of a meeting say.
    pub(super) fn of(meeting: Option<&Meeting>, lines: &[Line<'_>]) -> Self {
        let Some(meeting) = meeting.filter(|meeting| meeting.date.is_some()) else { return Self::default() };
        let pieces: Vec<(String, bool)> =
            lines.iter().filter(|line| line.text.len() <= LINE_BYTES_MAX).flat_map(pieces).collect();
        let timed = pieces.iter().enumerate().find_map(|(at, (words, _))| Some((at, end_of_time(words, meeting)?)));
        let named = [occasion::venue(lines), address(lines)];
        let told = told::place(lines, meeting);
        let Some((at, end)) = timed else { return Self::with(named, [None, None], told) };
        // A card may be a link around all that is said of it.
        let is_card = pieces.iter().all(|(_, is_link)| *is_link);
        let behind = pieces.get(at).and_then(|(words, _)| place(words.get(end..)?));
        let mut below = pieces.iter().skip(at + 1).filter(|(words, is_link)| (is_card || !is_link) && !says_when(words));
        Self::with(named, [behind, below.next().and_then(|(words, _)| place(words))], told)
    }

    fn with([label, address]: [Option<String>; 2], [behind, below]: [Option<String>; 2], told: Option<String>) -> Self {
        Self([label, address, behind, below, told])
    }
}

/// Gives each meeting of a list its place.
pub(super) fn give(items: &mut [Item], said: &[Said]) {
    let names_place = |said: &Said, at: usize| {
        let words = said.0.get(at).and_then(Option::as_deref);
        words.is_some_and(|words| at < SAID_TO_BE || (rows::names_place(&folded(words)) || places::are_named(&folded(words))))
    };
    let meetings = said.iter().filter(|said| said.0.iter().any(Option::is_some)).count();
    let Some(at) = (0..PLACES).find(|at| said.iter().filter(|said| names_place(said, *at)).count() * 2 > meetings) else {
        return;
    };
    for (item, said) in items.iter_mut().zip(said) {
        let words = said.0.get(at).and_then(Option::as_deref);
        if let (Some(meeting), Some(words)) = (item.meeting.as_mut(), words) {
            meeting.place = Text::line(words).or_absent();
        }
    }
}

/// What stands in an `address`.
fn address(lines: &[Line<'_>]) -> Option<String> {
    let is_address = |element: ElementRef<'_>| element.value().name() == "address";
    let is_in = |line: &&Line<'_>| {
        let around = std::iter::once(line.block).chain(line.block.ancestors().take(2).filter_map(ElementRef::wrap));
        line.text.len() <= PLACE_BYTES_MAX && around.into_iter().any(is_address)
    };
    let said: Vec<&str> = lines.iter().filter(is_in).map(|line| line.text.as_str()).collect();
    place(&said.join(", "))
}

/// The words of a line's elements, or of the line, and whether they are a link's.
fn pieces(line: &Line<'_>) -> Vec<(String, bool)> {
    let is_anchor = |leaf: ElementRef<'_>| leaf.value().name() == "a";
    let of_leaves = line.leaves.iter().filter_map(|leaf| {
        let words = collapsed(leaf.value().as_text()?);
        let is_linked = leaf.ancestors().take(4).filter_map(ElementRef::wrap).any(is_anchor);
        words.contains(char::is_alphanumeric).then_some((words, is_linked))
    });
    of_leaves.collect()
}

/// Where the day and the hour of a meeting end in words that say them.
fn end_of_time(words: &str, meeting: &Meeting) -> Option<usize> {
    let by_day = dates::find_after(words, meeting.date).into_iter().find(|date| date.single() == meeting.date);
    if let Some(date) = by_day.filter(|date| date.start == meeting.start) {
        return Some(date.span.end);
    }
    let is_start = |(start, ..): &(chrono::NaiveTime, Option<chrono::NaiveTime>, _)| Some(*start) == meeting.start;
    dates::times_said(words).into_iter().find(is_start).map(|(_, _, span)| span.end)
}

/// Words that may be a place's, without what parts them from an hour.
fn place(words: &str) -> Option<String> {
    let bare = words.trim_matches(|c: char| c.is_whitespace() || "-–—,;:|·•@()".contains(c));
    let bare = ["at ", "in ", "venue: ", "location: "].iter().find_map(|word| bare.strip_prefix(word)).unwrap_or(bare);
    let bare = bare.strip_prefix("the ").unwrap_or(bare);
    let is_one = bare.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()) && !bare.ends_with(['.', '!', '?', ':']);
    (is_one && bare.len() <= PLACE_BYTES_MAX && !says_when(bare)).then(|| bare.to_owned())
}

fn says_when(words: &str) -> bool {
    dated::is_day(words)
        || occasion::is_label(words)
        || dates::times_said(words).iter().any(|(_, _, span)| span.len() + 8 >= words.len())
}
