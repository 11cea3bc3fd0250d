//! One long page of updates: each dated heading begins one, which is told in place and has no page of its own.
//!
//! The day stands in the heading, or in the line below it, or takes the heading's place: a paragraph that is nothing but a
//! bold day. Such a page grows at one end, so its places are renumbered and its wording is touched up; what stays is the
//! day, and that is an update's key. A page that was itself posted on a day is an article with a timeline in it, and
//! sections that each lead to a page are a list of those pages.

mod closing;
mod lines;
mod told;

use super::article::same_words;
use super::context::{self, Contexts};
use super::dated::{self, When};
use super::{Whole, article, covers, frame, itself, rows, standing, story, timeline};
use crate::domain::evidence::Fact;
use crate::domain::item::{Item, Listing, Meeting, Stage};
use crate::domain::text::Text;
use crate::rules::extract::document::Document;
use crate::rules::extract::text::{Kind, Line, folded};
use crate::rules::extract::{Reading, key};
use crate::rules::facts::{dates, meeting};
use chrono::NaiveDate;
use lines::{begun_by_lines, opens_panel, term};
use std::cell::LazyCell;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use told::{are_all_there_is, are_updates, is_told_on_a_day};
use url::Url;

/// Where an update may say when it was posted: within this many lines under its heading.
const LINES_TO_DATE: usize = 2;
/// Longest line that stands for a heading, in bytes.
const LINE_BYTES_MAX: usize = 60;
/// So many plain lines that are nothing but a day part updates; fewer are remarks.
const PLAIN_DAYS_MIN: usize = 3;
/// Words by which a day in a heading is the meeting's.
const MEETING: &[&str] = &["board", "meeting", "committee", "panel", "cabinet", "forum", "partnership"];

/// What begins an update.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// A heading of this rank.
    Heading(u8),
    /// A line that looks like a heading, or is nothing but a day.
    Line,
}

/// In which order they are tried.
const MARKS: &[Mark] = &[Mark::Heading(2), Mark::Heading(3), Mark::Heading(4), Mark::Heading(5), Mark::Line];

/// An update: its heading and what stands under it.
pub(super) struct Section {
    /// Its first line: the heading, or a day above that.
    pub(super) start: usize,
    pub(super) heading: usize,
    pub(super) body: Range<usize>,
    pub(super) time: Time,
    /// The line that says when, where that is no heading.
    pub(super) dated: Option<usize>,
}

/// What words say of when.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Time {
    Day(NaiveDate),
    /// "november 2025".
    Month(String),
    /// A day and a month, no heading above having named the year: "12 november".
    Yearless(String),
    /// Nothing; the words of what stands among others that say when.
    Unsaid(String),
}

/// The updates of a page; `None` where it is no such page.
pub(super) fn reading<'a>(document: &Document<'a>, url: &Url, page: &Whole<'a>) -> Option<Reading> {
    let lines = &page.content;
    let by_marks = MARKS.iter().find_map(|mark| Some(sections(lines, *mark)).filter(|found| are_updates(lines, found, url)));
    // An article may hold a timeline, or a table of days.
    let is_page = |found: &Vec<Section>| {
        are_updates(lines, found, url)
            && are_all_there_is(lines, found)
            && !is_told_on_a_day(lines, found)
            && !story::is_declared(document)
    };
    let found = by_marks.or_else(|| Some(timeline::sections(lines)).filter(is_page));
    let found = found.or_else(|| Some(by_rows(lines)).filter(is_page))?;
    // Cards under links that cover them are told of on pages of their own.
    let cards = covers::of(document, lines);
    let is_card = |section: &Section| cards.iter().any(|(_, card)| card.contains(&section.heading));
    if found.iter().all(is_card) {
        return None;
    }
    let mut seen = HashMap::new();
    let items: Vec<Item> = found.iter().filter_map(|section| item(document, url, page, section, &mut seen)).collect();
    let listing = Listing { shown: Some(items.len()), ..Listing::default() };
    let told = found.iter().map(|section| section.start..section.body.end);
    let itself = itself::beside(document, url, page, told, &items);
    Some(Reading { page_title: page.title(), items, page: itself, listing, ..Reading::default() })
}

/// The parts of the page under dated headings of one kind.
fn sections(lines: &[Line<'_>], mark: Mark) -> Vec<Section> {
    let headline = lines.iter().position(|line| line.kind == Kind::Heading(1)).map_or(0, |at| at + 1);
    let mut begun = begun(lines, headline, mark);
    let Some(first) = begun.first().map(|(at, _)| *at) else { return Vec::new() };
    let Some(last) = begun.last().map(|(at, _)| *at) else { return Vec::new() };
    let end = lines.iter().skip(first).position(frame::ends_article).map_or(lines.len(), |at| first + at);
    let end = end_of_part(lines, first, last).min(end);
    begun.retain(|(at, _)| *at < end);
    let rank = match mark {
        Mark::Heading(rank) => rank,
        // Headings within an update stand below the one that all updates share.
        Mark::Line => lines.iter().take(first).filter_map(rank).next_back().unwrap_or(1).max(2),
    };
    let is_begun = |at: usize| begun.binary_search_by_key(&at, |(known, _)| *known).is_ok();
    // The term or the panel beside others that say when is no part of the one before it.
    let opens = begun.first().filter(|_| mark == Mark::Line).and_then(|(at, _)| term(lines.get(*at)?));
    let are_panels_of_links = begun.first().and_then(|(at, _)| lines.get(*at)).is_some_and(opens_panel);
    let is_term = |line: &Line<'_>| opens.is_some() && term(line) == opens || are_panels_of_links && opens_panel(line);
    let is_head = |at: usize| {
        let heads = |line: &Line<'_>| self::rank(line).is_some_and(|own| own <= rank) || is_term(line);
        is_begun(at) || lines.get(at).is_some_and(heads)
    };
    let cuts: Vec<usize> = (first..end).filter(|at| is_head(*at)).chain([end]).collect();
    let is_of_rank = |at: usize| match mark {
        Mark::Heading(rank) => lines.get(at).and_then(self::rank) == Some(rank),
        Mark::Line => at < end && lines.get(at).is_some_and(is_term),
    };
    let unsaid: Vec<usize> = cuts.iter().copied().filter(|at| !is_begun(*at) && is_of_rank(*at)).collect();
    let undated = unsaid.iter().filter(|at| **at < last).count();
    let are_panels = |rank: u8| {
        let heads: Vec<usize> = begun.iter().map(|(at, _)| *at).chain(unsaid.iter().copied().filter(|at| *at < last)).collect();
        timeline::are_panels(lines, rank, &heads)
    };
    let are_headed_by_days = || begun.iter().all(|(at, _)| lines.get(*at).is_some_and(|line| time(&line.text).is_some()));
    // Panels of one shape are told apart by it; one of them may say who sits on the board.
    let tenths = match mark {
        Mark::Line => 5,
        Mark::Heading(rank) if undated > 0 && are_headed_by_days() && are_panels(rank) => 6,
        Mark::Heading(_) => 8,
    };
    if begun.len() < 2 || begun.len() * 10 < (begun.len() + undated) * tenths {
        return Vec::new();
    }
    let end_after = |heading: usize| cuts.get(cuts.partition_point(|cut| *cut <= heading)).copied().unwrap_or(end);
    let is_panel = |at: usize| match mark {
        Mark::Heading(rank) => timeline::are_panels(lines, rank, &[first, at]),
        Mark::Line => true,
    };
    let named = |at: usize| {
        let words = lines.get(at)?.folded();
        let slug: Vec<&str> = words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
        Some((at, Time::Unsaid(slug.join(" "))))
    };
    let section = |(heading, time)| {
        let body = heading + 1..end_after(heading);
        Section { start: heading, heading, body, time, dated: None }
    };
    // What stands under a heading that no update stands under, "Members", is told of something else.
    let heads = |at: &usize| lines.get(*at).and_then(self::rank).is_some_and(|own| own < rank || mark == Mark::Line);
    let headings: Vec<usize> = cuts.iter().copied().filter(heads).collect();
    let over = |at: usize| headings.get(headings.partition_point(|heading| *heading < at).checked_sub(1)?).copied();
    let over_begun: HashSet<Option<usize>> = begun.iter().map(|(at, _)| over(*at)).collect();
    let is_beside = |at: &usize| (*at < last || is_panel(*at)) && over_begun.contains(&over(*at));
    let unsaid = unsaid.into_iter().filter(is_beside).filter_map(named);
    let unsaid: Vec<(usize, Time)> = unsaid.collect();
    let mut found: Vec<Section> = begun.into_iter().chain(unsaid).map(section).collect();
    found.sort_by_key(|section| section.heading);
    found
}

fn rank(line: &Line<'_>) -> Option<u8> {
    if let Kind::Heading(rank) = line.kind { Some(rank) } else { None }
}

/// Where updates begin, and when each was.
fn begun(lines: &[Line<'_>], from: usize, mark: Mark) -> Vec<(usize, Time)> {
    let after = || lines.iter().enumerate().skip(from);
    let Mark::Heading(rank) = mark else { return begun_by_lines(lines, from) };
    let headings = || after().filter(|(_, line)| line.kind == Kind::Heading(rank));
    let contexts = LazyCell::new(|| Contexts::of(lines));
    let year = |at: usize| contexts.at(at).year;
    let of = |at: usize, line: &Line<'_>| time(&line.text).or_else(|| day_and_month(&line.text, || year(at)));
    let in_heading: Vec<_> = headings().filter_map(|(at, line)| Some((at, of(at, line)?))).collect();
    if in_heading.len() >= 2 {
        return in_heading;
    }
    let posted = |(at, _): (usize, &Line<'_>)| Some((at, Time::Day(posted(lines.get(at..)?)?.0)));
    let below: Vec<_> = headings().filter(|(at, _)| !heads_days(lines, *at)).filter_map(posted).collect();
    // A timetable goes on in time; what is posted stands newest first.
    if is_newest_first(&below) { below } else { Vec::new() }
}

/// Whether a heading stands over several days, and was posted on none of them: the year of meetings.
fn heads_days(lines: &[Line<'_>], heading: usize) -> bool {
    let own = lines.iter().skip(heading + 1).take_while(|line| !line.is_heading());
    own.filter(|line| dated::is_day(if line.links.is_empty() { &line.text } else { line.outside() })).nth(1).is_some()
}

/// The rows of a table without links to pages, each with its day in the first cell and what is told in others.
fn by_rows(lines: &[Line<'_>]) -> Vec<Section> {
    let is_first = |line: &Line<'_>| {
        rows::row_of(line).is_some_and(|row| row.child_elements().next().is_some_and(|e| e.id() == line.block.id()))
    };
    let dated = lines.iter().enumerate().filter(|(_, line)| line.links.is_empty() && is_short(&line.text) && is_first(line));
    let dated: Vec<(usize, Time)> = dated.filter_map(|(at, line)| Some((at, Time::Day(dated::of_words(&line.text)?)))).collect();
    if dated.len() < PLAIN_DAYS_MIN || !is_newest_first(&dated) {
        return Vec::new();
    }
    // What a row leads to is told there.
    let is_link = |line: &Line<'_>| !line.links.is_empty() && line.outside().len() * 2 < line.text.len();
    if lines.iter().any(|line| is_link(line) && rows::row_of(line).is_some()) {
        return Vec::new();
    }
    let section = |(heading, time): (usize, Time)| {
        let row = lines.get(heading).and_then(rows::row_of).map(|row| row.id());
        let of_row = |line: &&Line<'_>| rows::row_of(line).map(|row| row.id()) == row;
        let length = lines.get(heading + 1..).unwrap_or_default().iter().take_while(of_row).count();
        Section { start: heading, heading, body: heading + 1..heading + 1 + length, time, dated: None }
    };
    dated.into_iter().map(section).collect()
}

/// The title that stands below a heading that is nothing but a day: a bold line, or one in a heading of its own.
fn titled_below(heading: &Line<'_>, body: &[Line<'_>]) -> Option<String> {
    let [title, _, ..] = body else { return None };
    let is_title =
        (title.strong || title.is_heading()) && title.text.len() <= 2 * LINE_BYTES_MAX && !title.text.ends_with(['.', ':']);
    (is_title && dated::is_day(&heading.text) && !dated::is_day(&title.text)).then(|| title.text.clone())
}

fn is_short(text: &str) -> bool {
    text.len() <= LINE_BYTES_MAX && !text.ends_with(['.', ';', ',']) && text.contains(|c: char| c.is_ascii_digit())
}

fn is_newest_first(begun: &[(usize, Time)]) -> bool {
    let days = begun.iter().filter_map(|(_, time)| if let Time::Day(day) = time { Some(*day) } else { None });
    let days: Vec<NaiveDate> = days.collect();
    days.windows(2).all(|pair| pair.first() >= pair.last())
}

/// The day on which the lines under a heading, the first of them, say that they were posted, and which says so. What stands in
/// a table under it is its rows'.
fn posted<'l, 'a>(lines: &'l [Line<'a>]) -> Option<(NaiveDate, &'l Line<'a>)> {
    let (heading, below) = lines.split_first()?;
    let own = below.iter().take(LINES_TO_DATE).take_while(|line| !line.is_heading());
    let is_of_row = |line: &Line<'_>| rows::table_of(line).is_some() && rows::table_of(heading).is_none();
    own.filter(|line| line.links.is_empty() && !is_of_row(line)).find_map(|line| Some((dated::of_words(&line.text)?, line)))
}

/// The end of the part of the page that holds both lines: a column beside it is about something else.
fn end_of_part(lines: &[Line<'_>], first: usize, last: usize) -> usize {
    let around = |at: usize| lines.get(at).map(|line| std::iter::once(*line.block).chain(line.block.ancestors()));
    let of_first: HashSet<_> = around(first).into_iter().flatten().map(|above| above.id()).collect();
    let Some(part) = around(last).into_iter().flatten().map(|above| above.id()).find(|id| of_first.contains(id)) else {
        return lines.len();
    };
    let is_within = |at: &usize| around(*at).into_iter().flatten().any(|above| above.id() == part);
    (last..lines.len()).find(|at| !is_within(at)).unwrap_or(lines.len())
}

/// The only day that words name, or the month.
pub(super) fn time(words: &str) -> Option<Time> {
    if !dates::may_hold_any(words) {
        return None;
    }
    let mut days = dates::find(words);
    if let Some(day) = days.pop().filter(|_| days.is_empty()).and_then(|date| date.single()) {
        return Some(Time::Day(day));
    }
    let folded = folded(words);
    let words: Vec<&str> = folded.split(' ').collect();
    let mut pairs = words.windows(2).filter(|_| words.len() <= 6).map(|pair| pair.join(" "));
    pairs.find(|pair| dates::may_hold_any(pair) && dates::whole(&format!("1 {pair}")).is_some()).map(Time::Month)
}

/// The time of words that are a day and a month: in the year of a heading above, or in none.
fn day_and_month(words: &str, year: impl Fn() -> Option<i32>) -> Option<Time> {
    // Any leap year has every day.
    const SOME_YEAR: i32 = 2024;
    let bare = words.trim_start_matches(|c: char| !c.is_ascii_digit());
    let weekday = words.get(..words.len() - bare.len())?.trim().trim_end_matches(',');
    let is_weekday = weekday.is_empty() || weekday.to_ascii_lowercase().ends_with("day");
    if !is_weekday || context::in_year(bare, SOME_YEAR).is_none() {
        return None;
    }
    Some(year().and_then(|year| context::in_year(bare, year)).map_or_else(|| Time::Yearless(folded(bare)), Time::Day))
}

fn item<'a>(
    document: &Document<'a>,
    url: &Url,
    page: &Whole<'a>,
    section: &Section,
    seen: &mut HashMap<String, usize>,
) -> Option<Item> {
    let lines = &page.content;
    let heading = lines.get(section.heading)?;
    let mut body: Vec<Line<'a>> = lines.get(section.body.clone())?.to_vec();
    let posted = match section.dated {
        Some(_) => None,
        None => posted(lines.get(section.heading..section.body.end)?).map(|(day, line)| (day, line.clone())),
    };
    let dated = section.dated.and_then(|at| lines.get(at));
    body.retain(|line| dated.is_none_or(|dated| !same_words(dated, line)));
    let opening = body.iter().take_while(|line| article::is_about_article(line)).count();
    body.drain(..opening);
    body.retain(|line| !article::leads_within(line));
    while body.last().is_some_and(|line| article::is_about_article(line) || article::is_leftover(line)) {
        body.pop();
    }
    document.trail.note(Fact::Title, "a dated heading that begins an update", heading);
    let names_meeting = |words: &str| words.split(|c: char| !c.is_alphanumeric()).any(|word| MEETING.contains(&word));
    // "12 November 2026 - Board agrees the plan" tells what a board did; "… - Improvement Board" is its meeting.
    let says_meeting = match dated::opening_day(&heading.text) {
        Some((_, told)) => told.rsplit(' ').next().is_some_and(|last| names_meeting(&folded(last))),
        None => names_meeting(heading.folded()),
    };
    // A day alone over a part of a board's page is that of its meeting.
    let is_of_meetings = page.headline.as_deref().is_some_and(meeting::is_of_meetings);
    let is_unlabelled = || posted.as_ref().is_none_or(|(_, line)| !dated::says_published(&line.text));
    let says_when = dated.is_some() || posted.is_some();
    let has_papers = || says_when && is_unlabelled() && body.iter().any(rows::links_papers);
    let has_papers = is_of_meetings && has_papers();
    let is_bare = (is_of_meetings && dated::is_day(&heading.text)) || has_papers;
    let says_meeting = says_meeting || is_bare || meeting::of_title(&heading.text).is_some();
    let day = match (&posted, &section.time) {
        (None, Time::Day(day)) if dated.is_some() && !has_papers => {
            document.trail.note(Fact::Published, "the only day in its part of a timeline", dated.unwrap_or(heading));
            Some(*day)
        }
        (Some((day, line)), _) if !has_papers => {
            document.trail.note(Fact::Published, "a date under the update's heading", line);
            Some(*day)
        }
        (None, Time::Day(day)) if !says_meeting => {
            document.trail.note(Fact::Published, "the day in the update's heading", heading);
            Some(*day)
        }
        (_, Time::Day(_) | Time::Month(_) | Time::Yearless(_) | Time::Unsaid(_)) => None,
    };
    let time = match &section.time {
        Time::Day(day) => day.to_string(),
        Time::Month(named) | Time::Yearless(named) | Time::Unsaid(named) => named.replace(' ', "-"),
    };
    let times = seen.entry(time.clone()).and_modify(|times| *times += 1).or_insert(1);
    let again = if *times > 1 { format!("-{times}") } else { String::new() };
    let key = format!("{}#{time}{again}", key::of_page(url));
    document.trail.belongs_to(&key);
    let mut place = url.clone();
    place.set_fragment(heading.block.attr("id").filter(|id| !id.trim().is_empty()));
    if matches!(section.time, Time::Unsaid(_)) && !body.iter().any(|line| !line.is_heading()) {
        return None;
    }
    let title = titled_below(heading, &body);
    if title.is_some() {
        body.remove(0);
    }
    let title = title.or_else(|| told::opening_phrase(heading, &body));
    let (text, html) = document.body(&body);
    let when = day.map(When::day);
    let meeting = match &section.time {
        Time::Day(day) if is_bare => Some(Meeting::on(None, Some(*day))),
        Time::Day(_) | Time::Month(_) | Time::Yearless(_) | Time::Unsaid(_) => None,
    };
    let title = Text::line(title.as_ref().unwrap_or(&heading.text));
    let is_off = {
        let named = meeting::of_title(title.as_str());
        standing::is_called_off(title.as_str(), meeting.as_ref().or(named.as_ref()), &body)
    };
    Some(Item {
        published: when.map(|when| when.day),
        published_at: when.and_then(|when| when.at),
        meeting,
        stage: is_off.then_some(Stage::Cancelled),
        documents: article::attached(&body),
        decisions: article::decided(&body),
        text: Some(text),
        html: Some(html),
        ..Item::bare(key, title, place)
    })
}
