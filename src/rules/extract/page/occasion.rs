//! The one meeting that a page is about, whatever system made it: its day stands among the meeting's particulars ("Date",
//! "Time", "Venue"), or right under the headline ("Held in the Town Hall on Tuesday 4 May 2027 at 7pm").
//!
//! Such a page is one item, whatever its agenda links to; that day is the meeting's, and never that of publication. A page
//! that says the same of several meetings is about none of them alone.

mod particulars;

pub(super) use particulars::{is_circumstance, says_circumstance};

use super::dated;
use crate::rules::extract::text::{Kind, Line, folded};
use crate::rules::facts::{dates, meeting};
use chrono::NaiveDate;
use ego_tree::NodeId;
use particulars::Said;
use std::collections::HashSet;

/// Lines under a headline in which a meeting says when it is held.
const OPENING_LINES: usize = 5;
/// Longest such line, in bytes.
const OPENING_BYTES_MAX: usize = 160;
/// Links to so many other days are a list of meetings.
const DAYS_LISTED: usize = 3;

/// A meeting that a page is about.
pub(super) struct Occasion<'a> {
    /// Its day.
    pub(super) day: NaiveDate,
    /// The line that says it.
    pub(super) line: Line<'a>,
    /// Whether the page is about nothing else.
    pub(super) is_all: bool,
    /// The first words of the lines that say its day.
    own: HashSet<NodeId>,
}

impl<'a> Occasion<'a> {
    /// The lines without those that say the meeting's day.
    pub(super) fn without(&self, lines: &[Line<'a>]) -> Vec<Line<'a>> {
        let is_own = |line: &&Line<'a>| line.leaves.first().is_some_and(|leaf| self.own.contains(&leaf.id()));
        lines.iter().filter(|line| !is_own(line)).cloned().collect()
    }
}

/// The meeting of a page. `content`: the page's lines without its frame; `all`: with it; `is_event`: its address is an event's.
pub(super) fn of<'a>(content: &[Line<'a>], all: &[Line<'a>], title: &str, is_event: bool) -> Option<Occasion<'a>> {
    if !dates_may_be_in(all) || names_several(title) {
        return None;
    }
    let folded_title = folded(title);
    let start = content.iter().position(|line| line.folded() == folded_title).map_or(0, |at| at + 1);
    let below = content.get(start..)?;
    let has_business = below.iter().any(is_business);
    let may_be = has_business || is_event || meeting::is_of_meetings(title);
    let (said, is_sure) = opening(below, may_be, has_business, is_event)
        .or_else(|| Some((particulars::read(below).filter(|_| may_be)?, false)))
        .or_else(|| Some((particulars::beside(all).filter(|_| has_business)?, false)))
        .or_else(|| {
            let named = in_title(content.get(start.checked_sub(1)?)?)?;
            (has_business || below.iter().any(heads_papers)).then_some((named, true))
        })?;
    let names_day = |text: &str| dates::may_hold_any(text).then(|| dates::find(text).first().map(|date| date.day)).flatten();
    let links = content.iter().flat_map(|line| &line.links).filter_map(|link| names_day(&link.text));
    let listed: HashSet<NaiveDate> = links.filter(|day| *day != said.day).collect();
    let is_all = (has_business || is_sure) && listed.len() < DAYS_LISTED;
    let own = said.lines.iter().filter_map(|line| Some(line.leaves.first()?.id())).collect();
    Some(Occasion { day: said.day, line: said.lines.into_iter().next_back()?, is_all, own })
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
    let day = meeting::of_title(&headline.text)?.date?;
    Some(Said { day, lines: vec![headline.clone()] })
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
    let days: HashSet<NaiveDate> = headings.collect();
    let said = |(day, line): (NaiveDate, Line<'a>)| Said { day, lines: vec![line] };
    if let Some(found) = opening().find_map(held).filter(|_| days.len() < 2) {
        return Some((said(found), true));
    }
    let timed = |line: &Line<'a>| {
        let found = dates::find(&line.text);
        let [date] = found.as_slice() else { return None };
        let begins = !line.text.get(..date.span.start)?.contains(char::is_alphanumeric);
        let is_line = line.links.is_empty() && !line.text.ends_with('.') && !matches!(line.kind, Kind::Item | Kind::Cell);
        let names_weekday = || has_business && line.text.starts_with(char::is_alphabetic);
        let is_said = is_event || date.start.is_some() || names_weekday();
        Some((date.single().filter(|_| begins && is_line && is_said)?, line.clone()))
    };
    let others = || below.iter().filter(|line| timed(line).is_some() || dated::is_date(&line.text)).take(2).count() > 1;
    let mut first = opening().enumerate().take_while(|(at, line)| *at == 0 || !line.is_heading()).map(|(_, line)| line);
    let found = first.find_map(timed).filter(|_| may_be && !others())?;
    Some((said(found), false))
}
