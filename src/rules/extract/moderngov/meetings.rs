//! `ieListMeetings.aspx`: a committee's meetings by their days, which their own pages complete. How far a meeting's papers have
//! come is said here in passing ("- Agenda", "- CANCELLED"); its own page says it for certain.

use super::meeting::stage as stages;
use super::{is_within, page_of, title_from_head};
use crate::domain::evidence::Fact;
use crate::domain::item::{Item, Meeting, Stage};
use crate::domain::text::Text;
use crate::rules::extract::document::{Document, Link};
use crate::rules::extract::page::pager;
use crate::rules::extract::text::{Line, decoded, folded};
use crate::rules::extract::{Reading, key};
use crate::rules::facts::dates;
use chrono::NaiveDate;
use scraper::ElementRef;
use std::collections::HashSet;
use url::Url;

/// Headings that say that it is a list, not of whose meetings.
const KINDS: &[&str] =
    &["browse meetings", "meetings", "meetings list", "list of meetings", "previous meetings", "future meetings"];

/// Whether a page is such a list: by its address, or else by ModernGov's class for its links.
pub(in crate::rules::extract) fn is_list(document: &Document, url: &Url) -> bool {
    match page_of(url).as_str() {
        "ielistmeetings.aspx" => true,
        // A meeting's own page may name the next ones beside it.
        "ielistdocuments.aspx" => false,
        _ => document.all("a.mgMeetingTableLnk").len() > 1,
    }
}

/// Reads a list of meetings.
pub(in crate::rules::extract) fn read(document: &Document, url: &Url) -> Reading {
    let lines = document.all_lines();
    let committee = committee(document, lines);
    let title = |words: &Option<String>| words.as_deref().and_then(|words| Text::line(words).or_absent());
    let mut reading = Reading { page_title: title(&committee), ..Reading::default() };
    let root = document.content();
    let has_root = lines.iter().any(|line| is_within(line.block, root) && meeting_of(line).is_some());
    let mut seen = HashSet::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| !has_root || is_within(line.block, root)) {
        let Some((link, to, day, date)) = meeting_of(line) else { continue };
        let key = key::of_page(to);
        if seen.insert(key.clone()) {
            let when = decoded(&link.text);
            let words = committee.as_ref().map_or_else(|| when.clone(), |committee| format!("{committee} - {when}"));
            let Some(name) = Text::line(&words).or_absent() else { continue };
            document.trail.note(Fact::Title, "the words of the link to the meeting, after the committee's name", line);
            document.trail.note(Fact::Meeting, "the day in the link to the meeting", line);
            let said = beside(lines, at).find_map(|line| Some((stage_in(line)?, line)));
            let stage = said.map(|(stage, _)| stage);
            if let Some((_, words)) = said {
                document.trail.note(Fact::Stage, "the words beside the link to the meeting", words);
            }
            document.trail.belongs_to(&key);
            let mut item = Item::bare(key, name, to.clone());
            item.stage = stage;
            item.meeting = Some(Meeting { start: date.start, end: date.end, ..Meeting::on(title(&committee), Some(day)) });
            reading.items.push(item);
        }
    }
    if !reading.items.is_empty() {
        reading.listing.shown = Some(reading.items.len());
        reading.listing.total = pager::total(lines);
        reading.listing.next_url = pager::following(document, url);
    }
    reading
}

/// The line of a link, and the others of its row in a table or its item in a list.
fn beside<'l, 'a>(lines: &'l [Line<'a>], at: usize) -> impl Iterator<Item = &'l Line<'a>> {
    let row = lines.get(at).and_then(|line| {
        let mut around = std::iter::once(line.block).chain(line.block.ancestors().filter_map(ElementRef::wrap)).take(4);
        around.find(|element| matches!(element.value().name(), "tr" | "li"))
    });
    let in_row = move |line: &&Line<'_>| row.is_some_and(|row| is_within(line.block, row)) && meeting_of(line).is_none();
    lines.iter().skip(at).take(1).chain(lines.iter().skip(at + 1).take_while(in_row))
}

/// The stage that a part of the words names: "Minutes, Extraordinary". That it is cancelled is not undone by another.
fn stage_in(line: &Line<'_>) -> Option<Stage> {
    let parts =
        || line.outside().split([',', ';', '(', ')', '|', '–', '—']).flat_map(|part| part.split(" - ")).filter_map(stages::of);
    parts().find(|stage| *stage == Stage::Cancelled).or_else(|| parts().next())
}

/// A row's link to a meeting, and the meeting's day with its hours.
fn meeting_of<'l>(row: &'l Line<'_>) -> Option<(&'l Link<'l>, &'l Url, NaiveDate, dates::Date)> {
    let may_lead_there = |link: &&Link| link.url.may_name(&["ielistdocuments.aspx"]);
    let leads_there =
        |link: &&Link| may_lead_there(link) && link.url.as_ref().is_some_and(|url| page_of(url) == "ielistdocuments.aspx");
    let link = row.links.iter().find(leads_there)?;
    let date = dates::find(&link.text).into_iter().next()?;
    Some((link, link.url.as_ref()?, date.single()?, date))
}

/// Whose meetings they are.
fn committee(document: &Document, lines: &[Line<'_>]) -> Option<String> {
    let by_class = || lines.iter().find(|line| line.has_class("mgSubTitleTxt")).map(|line| decoded(&line.text));
    let headings = lines.iter().filter(|line| line.is_heading() && !line.chrome).map(|line| decoded(&line.text));
    let named = |words: String| {
        let lowered = words.to_ascii_lowercase();
        let kind =
            KINDS.iter().find(|kind| lowered.starts_with(&format!("{kind} - ")) || lowered.starts_with(&format!("{kind}: ")));
        let name =
            kind.and_then(|kind| words.get(kind.len()..)).map_or(words.as_str(), |rest| rest.trim_start_matches([' ', '-', ':']));
        let name = name.strip_prefix("Meetings of ").unwrap_or(name);
        let is_name = !KINDS.contains(&folded(name).as_str()) && dates::find(name).is_empty();
        is_name.then(|| name.to_owned())
    };
    by_class()
        .and_then(named)
        .or_else(|| headings.into_iter().find_map(named))
        .or_else(|| title_from_head(document).and_then(named))
}
