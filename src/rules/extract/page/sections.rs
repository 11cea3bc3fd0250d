//! One long page of updates: each dated heading begins one, which is told in place and has no page of its own.
//!
//! Such a page grows at one end, so its places are renumbered and its wording is touched up; what stays is the day in the
//! heading, and that is an update's key. A page that was itself posted on a day is an article with a timeline in it, and
//! sections that each lead to a page are a list of those pages.

use super::dated::{self, When};
use super::{Whole, article, frame};
use crate::domain::evidence::Fact;
use crate::domain::item::{Item, Listing};
use crate::domain::text::Text;
use crate::rules::extract::document::Document;
use crate::rules::extract::text::{Kind, Line, folded};
use crate::rules::extract::{Reading, key};
use crate::rules::facts::{dates, documents};
use chrono::NaiveDate;
use std::collections::HashMap;
use std::ops::Range;
use url::Url;

/// Introduction above the first update, in bytes, and least text of an update.
const INTRODUCTION_BYTES: usize = 800;
const UPDATE_BYTES: usize = 40;
/// Where an update may say when it was posted: within this many lines under its heading.
const LINES_TO_DATE: usize = 2;
/// Words by which a day in a heading is the meeting's.
const MEETING: &[&str] = &["board", "meeting", "committee", "panel", "cabinet", "forum", "partnership"];

/// An update: its heading and what stands under it.
struct Section {
    heading: usize,
    body: Range<usize>,
    time: Time,
}

/// What a heading says of when.
enum Time {
    Day(NaiveDate),
    /// "november 2025".
    Month(String),
}

/// The updates of a page; `None` where it is no such page.
pub(super) fn reading<'a>(document: &'a Document, url: &Url, page: &Whole<'a>) -> Option<Reading> {
    let lines = &page.content;
    let found = (2..=4).find_map(|level| Some(sections(lines, level)).filter(|sections| are_updates(lines, sections, url)))?;
    let mut seen = HashMap::new();
    let items: Vec<Item> = found.iter().filter_map(|section| item(document, url, lines, section, &mut seen)).collect();
    let listing = Listing { shown: Some(items.len()), ..Listing::default() };
    Some(Reading { page_title: page.title(), items, listing, ..Reading::default() })
}

/// The parts of the page under dated headings of one rank.
fn sections(lines: &[Line<'_>], level: u8) -> Vec<Section> {
    let headline = lines.iter().position(|line| line.kind == Kind::Heading(1)).map_or(0, |at| at + 1);
    let is_timed = |line: &Line<'_>| line.kind == Kind::Heading(level) && time(line).is_some();
    let Some(first) = lines.iter().skip(headline).position(is_timed).map(|at| headline + at) else { return Vec::new() };
    let end = lines.iter().skip(first).position(frame::ends_article).map_or(lines.len(), |at| first + at);
    let is_head = |at: &usize| matches!(lines.get(*at).map(|line| line.kind), Some(Kind::Heading(own)) if own <= level);
    let heads: Vec<usize> = (first..end).filter(is_head).collect();
    let ends = heads.iter().skip(1).copied().chain([end]);
    let parts = heads.iter().copied().zip(ends);
    let own_rank = parts.filter(|(at, _)| lines.get(*at).is_some_and(|line| line.kind == Kind::Heading(level)));
    let timed = own_rank.map(|(heading, end)| {
        let time = lines.get(heading).and_then(time);
        time.map(|time| Section { heading, body: heading + 1..end, time })
    });
    let timed: Vec<Option<Section>> = timed.collect();
    let between = timed.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
    let found: Vec<Section> = timed.into_iter().flatten().collect();
    if found.len() < 2 || found.len() * 10 < between * 8 { Vec::new() } else { found }
}

fn time(heading: &Line<'_>) -> Option<Time> {
    let mut days = dates::find(&heading.text);
    if let Some(day) = days.pop().filter(|_| days.is_empty()).and_then(|date| date.single()) {
        return Some(Time::Day(day));
    }
    let folded = folded(&heading.text);
    let words: Vec<&str> = folded.split(' ').collect();
    let pair = words.windows(2).find(|pair| dates::whole(&format!("1 {}", pair.join(" "))).is_some());
    pair.filter(|_| words.len() <= 6).map(|pair| Time::Month(pair.join(" ")))
}

fn are_updates(lines: &[Line<'_>], sections: &[Section], url: &Url) -> bool {
    let Some(first) = sections.first() else { return false };
    let bytes = |lines: &[Line<'_>]| lines.iter().filter(|line| !line.is_heading()).map(|line| line.outside.len()).sum::<usize>();
    let bodies = || sections.iter().filter_map(|section| lines.get(section.body.clone()));
    let told = bodies().filter(|body| bytes(body) >= UPDATE_BYTES).count();
    let all: usize = bodies().map(bytes).sum();
    let before = lines.get(..first.heading).unwrap_or_default();
    let headline = before.iter().rposition(|line| line.kind == Kind::Heading(1)).unwrap_or(0);
    let is_posted = before.iter().skip(headline).any(|line| dated::of_words(&line.text).is_some());
    let page = key::of_page(url);
    let leads_on = |line: &Line<'_>| {
        line.links.iter().filter_map(|link| Some((link, link.url.as_ref()?))).any(|(link, to)| {
            matches!(to.scheme(), "http" | "https") && !documents::is_file(&link.text, to) && key::of_page(to) != page
        })
    };
    let headed_by_link = sections.iter().filter_map(|section| lines.get(section.heading)).any(leads_on);
    let leading_on = bodies().filter(|body| body.iter().any(leads_on)).count();
    told * 10 >= sections.len() * 7
        && bytes(before) <= INTRODUCTION_BYTES.max(all)
        && !is_posted
        && !headed_by_link
        && leading_on * 2 < sections.len()
}

fn item<'a>(
    document: &'a Document,
    url: &Url,
    lines: &[Line<'a>],
    section: &Section,
    seen: &mut HashMap<String, usize>,
) -> Option<Item> {
    let heading = lines.get(section.heading)?;
    let mut body: Vec<Line<'a>> = lines.get(section.body.clone())?.to_vec();
    let posted = body.iter().take(LINES_TO_DATE).find_map(|line| Some((dated::of_words(&line.text)?, line.clone())));
    let opening = body.iter().take_while(|line| article::is_about_article(line)).count();
    body.drain(..opening);
    while body.last().is_some_and(article::is_about_article) {
        body.pop();
    }
    document.trail.note(Fact::Title, "a dated heading that begins an update", heading);
    let says_meeting = folded(&heading.text).split(|c: char| !c.is_alphanumeric()).any(|word| MEETING.contains(&word));
    let day = match (&posted, &section.time) {
        (Some((day, line)), _) => {
            document.trail.note(Fact::Published, "a date under the update's heading", line);
            Some(*day)
        }
        (None, Time::Day(day)) if !says_meeting => {
            document.trail.note(Fact::Published, "the day in the update's heading", heading);
            Some(*day)
        }
        (None, Time::Day(_) | Time::Month(_)) => None,
    };
    let time = match &section.time {
        Time::Day(day) => day.to_string(),
        Time::Month(month) => month.replace(' ', "-"),
    };
    let times = seen.entry(time.clone()).and_modify(|times| *times += 1).or_insert(1);
    let again = if *times > 1 { format!("-{times}") } else { String::new() };
    let key = format!("{}#{time}{again}", key::of_page(url));
    document.trail.belongs_to(&key);
    let mut place = url.clone();
    place.set_fragment(heading.block.attr("id").filter(|id| !id.trim().is_empty()));
    let (text, html) = document.body(&body);
    let when = day.map(When::day);
    Some(Item {
        key,
        title: Text::line(&heading.text),
        url: place,
        published: when.map(|when| when.day),
        published_at: when.and_then(|when| when.at),
        updated: None,
        meeting: None,
        stage: None,
        documents: article::attached(&body),
        next_meeting: None,
        commitments: Vec::new(),
        text: Some(text),
        html: Some(html),
        decisions: Vec::new(),
        reasons: None,
        options_rejected: None,
    })
}
