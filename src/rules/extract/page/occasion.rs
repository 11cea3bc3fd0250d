//! The one meeting, or other event, that a page is about, whatever system made it: its day stands among the particulars
//! ("Date", "Time", "Venue"), right under the headline ("Held in the Town Hall on Tuesday 4 May 2027 at 7pm"), or where the
//! page tells machines what takes place.
//!
//! That day is the meeting's, and never that of publication; what is only published has no end. A page of a meeting with its
//! business is one item, whatever its agenda links to. A page that says the same of several meetings is about none of them
//! alone.

pub(super) mod declared;
mod particulars;

pub(super) use particulars::{is_circumstance, is_day, is_ending, is_hour, is_label, says_circumstance, venue};

use super::{dated, told};
use crate::domain::item::{Item, Meeting};
use crate::domain::text::Text;
use crate::rules::extract::text::{Kind, Line, folded};
use crate::rules::facts::{dates, meeting};
use crate::rules::struck;
use chrono::NaiveDate;
use declared::Declared;
use ego_tree::NodeId;
use particulars::{Hours, Said};
use std::cell::LazyCell;
use std::collections::HashSet;

/// Lines under a headline in which a meeting says when it is held.
const OPENING_LINES: usize = 5;
/// Longest such line, in bytes.
const OPENING_BYTES_MAX: usize = 160;
/// Links to so many other days are a list of meetings.
const DAYS_LISTED: usize = 3;
/// Lines over a headline in which something says when it takes place.
const LINES_ABOVE: usize = 3;
/// Lines below a day in which its hours may stand alone.
const LINES_TO_HOURS: usize = 2;

/// What else speaks for a page being about something that takes place.
#[derive(Default)]
pub(super) struct Signs {
    /// Its address or its template is an event's.
    pub(super) is_event: bool,
    /// Its address is among those of what is posted as news.
    pub(super) is_news: bool,
    /// What it tells machines of that.
    pub(super) declared: Option<Declared>,
}

impl Signs {
    /// Whether machines are told that it does not take place on its day.
    pub(super) fn is_off(&self) -> bool {
        self.declared.as_ref().is_some_and(|declared| declared.is_off)
    }
}

/// A meeting that a page is about.
pub(super) struct Occasion<'a> {
    /// Its day.
    pub(super) day: NaiveDate,
    /// When it begins and ends.
    hours: Hours,
    /// The line that says it; `None` where only machines are told.
    pub(super) line: Option<Line<'a>>,
    /// Whether the page is about nothing else.
    pub(super) is_all: bool,
    /// Whether it is surely about what takes place on that day.
    pub(super) is_certain: bool,
    /// The first words of the lines that say its day.
    own: HashSet<NodeId>,
}

impl<'a> Occasion<'a> {
    /// The lines without those that say the meeting's day.
    pub(super) fn without(&self, lines: &[Line<'a>]) -> Vec<Line<'a>> {
        let is_own = |line: &&Line<'a>| line.leaves.first().is_some_and(|leaf| self.own.contains(&leaf.id()));
        lines.iter().filter(|line| !is_own(line)).cloned().collect()
    }

    /// As a fact of the item: of this body.
    pub(super) fn meeting(&self, body: Option<Text>) -> Meeting {
        let (start, end) = self.hours;
        Meeting { start, end, ..Meeting::on(body, Some(self.day)) }
    }
}

/// Whether the day of a list's entry is that on which it takes place: beside it stand at what hour, and where.
pub(super) fn is_of(entry: &Item, lines: &[Line<'_>]) -> bool {
    let Some(day) = entry.published.filter(|_| lines.iter().any(says_circumstance)) else { return false };
    let own: Vec<Line<'_>> = lines.iter().filter(|line| !line.is_heading()).cloned().collect();
    particulars::read(&own).is_some_and(|said| said.is_certain && said.day == day)
}

/// The meeting of a page. `content`: the page's lines without its frame; `all`: with it.
pub(super) fn of<'a>(content: &[Line<'a>], all: &[Line<'a>], title: &str, signs: &Signs) -> Option<Occasion<'a>> {
    if !dates_may_be_in(all) && signs.declared.is_none() || names_several(title) {
        return None;
    }
    let is_event = signs.is_event || signs.declared.is_some();
    let folded_title = folded(title);
    let start = content.iter().position(|line| line.folded() == folded_title).map_or(0, |at| at + 1);
    let below = content.get(start..)?;
    let has_business = below.iter().any(is_business);
    let above = content.get(start.saturating_sub(1 + LINES_ABOVE)..start.saturating_sub(1)).unwrap_or_default();
    let beside = || if has_business || is_event { particulars::beside(all) } else { None };
    // News has the day and the hour of its posting, under whatever labels.
    let is_news = || !is_event && !meeting::is_one(title) && (signs.is_news || above.iter().any(says_news));
    let may_be = has_business || is_event || meeting::is_of_meetings(title);
    let is_of_posting = |said: &Said<'_>| said.is_stamp && !has_business && is_news();
    let found = opening(below, may_be && (has_business || !is_news()), has_business, is_event)
        .or_else(|| Some((particulars::read(below).filter(|said| (may_be || said.is_certain) && !is_of_posting(said))?, false)))
        .or_else(|| Some((beside().filter(|said| has_business || said.is_certain)?, false)))
        .or_else(|| {
            Some((above.iter().rev().find_map(|line| timed(line, false, false))?, false)).filter(|(said, _)| said.is_certain)
        })
        .or_else(|| {
            let named = in_title(content.get(start.checked_sub(1)?)?)?;
            (has_business || below.iter().any(heads_papers)).then_some((named, true))
        });
    let Some((said, is_sure)) = found else { return signs.declared.as_ref().map(|declared| declared_alone(declared, content)) };
    let names_day = |text: &str| dates::may_hold_any(text).then(|| dates::find(text).first().map(|date| date.day)).flatten();
    let links = content.iter().flat_map(|line| &line.links).filter_map(|link| names_day(&link.text));
    let listed: HashSet<NaiveDate> = links.filter(|day| *day != said.day).collect();
    let is_all = (has_business || is_sure) && listed.len() < DAYS_LISTED;
    let own = said.lines.iter().filter_map(|line| Some(line.leaves.first()?.id())).collect();
    let declared = signs.declared.as_ref().filter(|declared| declared.day == said.day).map(|declared| declared.hours);
    let line = said.lines.into_iter().next_back()?;
    let hours = if said.hours.0.is_some() { said.hours } else { hours_below(content, &line).or(declared).unwrap_or_default() };
    let is_certain = said.is_certain || is_event;
    Some(Occasion { day: said.day, hours, line: Some(line), is_all, is_certain, own })
}

/// Whether a line above a headline says that the page is news: "Press release".
fn says_news(line: &Line<'_>) -> bool {
    const BYTES_MAX: usize = 24;
    line.text.len() <= BYTES_MAX && meeting::posts(&line.text)
}

/// What only machines are told of in full, with the lines that name its day.
fn declared_alone<'a>(declared: &Declared, content: &[Line<'a>]) -> Occasion<'a> {
    let names_it = |line: &&Line<'a>| {
        line.text.len() <= OPENING_BYTES_MAX
            && dates::may_hold_any(&line.text)
            && dates::find_after(&line.text, Some(declared.day)).iter().any(|date| date.day == declared.day)
    };
    let own = content.iter().filter(names_it).filter_map(|line| Some(line.leaves.first()?.id())).collect();
    // What people are shown counts before what machines are told.
    let shown = content.iter().filter(names_it).find_map(|line| {
        let found = dates::find_after(&line.text, Some(declared.day));
        let beside = found.iter().find(|date| date.start.is_some()).map(|date| (date.start, date.end));
        beside.or_else(|| hours_below(content, line))
    });
    Occasion { day: declared.day, hours: shown.unwrap_or(declared.hours), line: None, is_all: false, is_certain: true, own }
}

/// The hours that stand alone in a line right below that of their day.
fn hours_below(content: &[Line<'_>], line: &Line<'_>) -> Option<Hours> {
    let leaf = line.leaves.first()?.id();
    let at = content.iter().position(|other| other.leaves.first().is_some_and(|own| own.id() == leaf))?;
    content.iter().skip(at + 1).take(LINES_TO_HOURS).take_while(|line| !line.is_heading()).find_map(|line| {
        let found = dates::times(&line.text);
        let [(start, end, span)] = found.as_slice() else { return None };
        let around = [line.text.get(..span.start)?, line.text.get(span.end..)?];
        let is_alone = around.iter().all(|part| !part.contains(char::is_alphanumeric)) || is_circumstance(around.first()?);
        is_alone.then_some((Some(*start), *end))
    })
}

fn dates_may_be_in(lines: &[Line<'_>]) -> bool {
    lines.iter().any(|line| dates::may_hold_any(&line.text))
}

/// Whether a headline is over a list of meetings: "Agendas and minutes", "Committee meetings".
fn names_several(title: &str) -> bool {
    const WORDS: &[&str] = &["agendas", "archive", "calendar", "decisions", "meetings", "news"];
    folded(title).split(|c: char| !c.is_alphanumeric()).any(|word| WORDS.contains(&word))
}

/// Whether a line is part of a meeting's business: the heading of its agenda, or an item that is on every one.
fn is_business(line: &Line<'_>) -> bool {
    const HEADINGS: &[&str] = &[
        "agenda",
        "agenda items",
        "attendance",
        "attendees",
        "business",
        "in attendance",
        "items of business",
        "members present",
        "minutes",
        "order of business",
        "present",
    ];
    const ITEMS: &[&str] =
        &["apologies", "apologies for absence", "any other business", "declarations of interest", "declarations of interests"];
    let bare = line.folded().trim_matches(|c: char| !c.is_alphabetic());
    let heads = line.is_heading() || line.strong || matches!(line.block.value().name(), "caption" | "summary" | "dt" | "th");
    (heads && line.links.is_empty() && HEADINGS.contains(&bare)) || ITEMS.contains(&bare)
}

/// The day in a headline that names a meeting.
fn in_title<'a>(headline: &Line<'a>) -> Option<Said<'a>> {
    let Meeting { date, start, end, .. } = meeting::of_title(&headline.text)?;
    Some(Said { day: date?, hours: (start, end), lines: vec![headline.clone()], is_certain: false, is_stamp: false })
}

/// Whether a line is the heading of a meeting's papers.
fn heads_papers(line: &Line<'_>) -> bool {
    const HEADINGS: &[&str] =
        &["agenda and papers", "documents", "meeting documents", "meeting papers", "minutes and papers", "papers", "reports"];
    line.is_heading() && HEADINGS.contains(&line.folded().trim_end_matches(':'))
}

/// What the first lines say, and whether they leave no doubt. `may_be`: a day with its time may be a meeting's here;
/// `has_business`: and so may one with its weekday; `is_event`: and so may any.
fn opening<'a>(below: &[Line<'a>], may_be: bool, has_business: bool, is_event: bool) -> Option<(Said<'a>, bool)> {
    let opening = || below.iter().take(OPENING_LINES).filter(|line| line.text.len() <= OPENING_BYTES_MAX);
    let held = |line: &Line<'a>| Some((meeting::held(&line.text)?, line.clone()));
    // Each heading of a page of minutes says of another meeting when it was held.
    let headings = below.iter().filter(|line| line.is_heading()).filter_map(|line| meeting::held(&line.text));
    let days: LazyCell<HashSet<NaiveDate>, _> = LazyCell::new(|| headings.collect());
    if let Some((day, line)) = opening().find_map(held).filter(|_| days.len() < 2) {
        let hours = dates::find(&line.text).first().map(|date| (date.start, date.end)).unwrap_or_default();
        return Some((Said { day, hours, lines: vec![line], is_certain: true, is_stamp: false }, true));
    }
    let told = |line: &Line<'a>| Some((told::of(std::slice::from_ref(line))?, line.clone()));
    if let Some((meeting, line)) = opening().find_map(told).filter(|_| days.len() < 2 && has_business && may_be)
        && let Some(day) = meeting.date.filter(|_| !line.folded().contains("next"))
    {
        return Some((
            Said { day, hours: (meeting.start, meeting.end), lines: vec![line], is_certain: true, is_stamp: false },
            true,
        ));
    }
    let timed = |line: &Line<'a>| timed(line, is_event, has_business);
    let others = || below.iter().filter(|line| timed(line).is_some() || dated::is_date(&line.text)).take(2).count() > 1;
    let mut first = opening().enumerate().take_while(|(at, line)| *at == 0 || !line.is_heading()).map(|(_, line)| line);
    let found = first.find_map(timed).filter(|said| (may_be || said.is_certain) && !others())?;
    Some((found, false))
}

/// What a line says that begins with its only day, where that may be a meeting's.
fn timed<'a>(line: &Line<'a>, is_event: bool, has_business: bool) -> Option<Said<'a>> {
    let found = dates::find(&line.text);
    let [date] = found.as_slice() else { return None };
    let begins = !struck::blanked(&line.text).get(..date.span.start)?.contains(char::is_alphanumeric);
    // "6 p.m. to 9 p.m."
    let is_sentence = line.text.ends_with('.') && line.text.get(date.span.end..)?.contains(char::is_alphanumeric);
    // What is only published has no end, and its system writes the minutes.
    let said = line.text.get(date.span.clone()).unwrap_or_default();
    let is_certain = date.end.is_some() || said.starts_with(char::is_alphabetic) && ends_with_whole_hour(said);
    let is_line = line.links.is_empty()
        && line.text.len() <= OPENING_BYTES_MAX
        && !is_sentence
        && (is_certain || !matches!(line.kind, Kind::Item | Kind::Cell));
    let names_weekday = || has_business && line.text.starts_with(char::is_alphabetic);
    let is_said = is_event || date.start.is_some() || names_weekday();
    let day = date.single().filter(|_| begins && is_line && is_said)?;
    Some(Said { day, hours: (date.start, date.end), lines: vec![line.clone()], is_certain, is_stamp: false })
}

/// Whether a day is said as people say when something begins: "Thursday 10 December 2026, 6pm", to the hour.
fn ends_with_whole_hour(said: &str) -> bool {
    let lowered = said.to_ascii_lowercase();
    let half = ["am", "pm", "a.m.", "p.m.", "a.m", "p.m"].iter().find_map(|half| lowered.strip_suffix(half));
    let Some(before) = half.map(str::trim_end) else { return lowered.ends_with("noon") || lowered.ends_with("midday") };
    let rest = before.trim_end_matches(|c: char| c.is_ascii_digit());
    rest.len() < before.len() && rest.ends_with([' ', ',', '-', '–', '|', '@', '('])
}
