//! A listing's entry that is a meeting: "9 Jul 2026 11:00 - Planning Committee", "Cabinet" with its day beside it.
//!
//! The day of a meeting is not the day of publication, and no part of the title: the same meeting is listed in both ways.

use super::page::attached;
use super::text::{Line, folded};
use crate::domain::item::{Item, Meeting, Stage};
use crate::domain::text::Text;
use crate::rules::facts::{called_off, dates};
use chrono::{NaiveDate, NaiveTime};

/// Labels of the day on which papers were published.
const PUBLISHED: &[&str] = &["published on", "published", "date published", "publication date", "posted on", "posted"];

/// Makes an item of a listing, or of a meeting's own page, the meeting that its title or its lines name.
pub(super) fn refine(item: &mut Item, lines: &[Line<'_>]) {
    let said = item.title.to_string();
    let (title, called_off) = without_cancelled(&said);
    let (name, in_title) = split(title);
    let in_lines = || lines.iter().filter(|line| published(&line.text).is_none()).find_map(|line| first_day(&line.text));
    let listed = item.published.take();
    item.published_at = None;
    item.published = lines.iter().find_map(|line| published(&line.text));
    let listed = listed.filter(|day| Some(*day) != item.published);
    // Where the link is only the day, the body has a place of its own.
    let beside = || lines.iter().map(|line| line.text.as_str()).find(|text| text.len() <= 120 && names_body(text));
    let body = Text::line(if name.is_empty() { beside().unwrap_or_default() } else { without_time(name) }).or_absent();
    if let Some(body) = &body {
        item.title = body.clone();
    }
    let day = in_title.or(listed).or_else(in_lines);
    let hours = item.meeting.as_ref().filter(|known| day.is_none() || known.date == day).map(|known| (known.start, known.end));
    let (start, end) = hours.filter(|(start, _)| start.is_some()).or_else(|| beside_day(&said, lines, day?)).unwrap_or_default();
    item.meeting = Some(Meeting { start, end, ..Meeting::on(body, day.or_else(|| item.meeting.as_ref()?.date)) });
    for document in attached(lines) {
        if item.documents.iter().all(|known| known.url != document.url) && document.url.as_ref() != Some(&item.url) {
            item.documents.push(document);
        }
    }
    let day = item.meeting.as_ref().and_then(|meeting| meeting.date);
    let says_so = |line: &Line<'_>| {
        line.text.len() <= 160 && (without_cancelled(&line.text).1 || called_off::says(line.outside(), item.title.as_str(), day))
    };
    item.stage = if called_off || lines.iter().any(says_so) { Some(Stage::Cancelled) } else { stage(item) };
}

/// How far the papers have come, by the names of the documents.
pub(super) fn stage(item: &Item) -> Option<Stage> {
    let own = item.meeting.as_ref().and_then(|meeting| meeting.date);
    let of = |name: &str| {
        // "Minutes of the meeting held on 16 September 2026", to be approved by the one of November.
        let of_another_day = |date: &dates::Date| own.is_some_and(|own| date.single().is_some_and(|day| day < own));
        let is_earlier = dates::find(name).iter().any(of_another_day);
        let name = folded(name);
        let earlier = ["previous", "last meeting", "matters arising"].iter().any(|words| name.contains(words));
        if name.contains("minutes") && is_earlier {
            None
        } else if name.contains("minutes") && !earlier {
            Some(if name.contains("draft") { Stage::DraftMinutes } else { Stage::Minutes })
        } else {
            // An agenda is of this meeting, whatever day it was first called for.
            (name.contains("agenda") || name.contains("reports pack")).then_some(Stage::Agenda)
        }
    };
    let stages: Vec<Stage> = item.documents.iter().filter_map(|document| of(document.title.as_str())).collect();
    [Stage::Minutes, Stage::DraftMinutes, Stage::Agenda].into_iter().find(|stage| stages.contains(stage))
}

/// A title without the day that stands before or after the meeting's name.
pub(super) fn split(title: &str) -> (&str, Option<NaiveDate>) {
    let found = dates::find(title);
    let [date] = found.as_slice() else { return (title.trim(), None) };
    let ends = |part: &'static [char]| move |c: char| c.is_whitespace() || part.contains(&c);
    let before = title.get(..date.span.start).unwrap_or_default();
    let after = title.get(date.span.end..).unwrap_or_default();
    let trim = |part: &str| part.trim_matches(ends(&['-', '–', '—', ':', ',', '|', '(', ')', '.'])).len();
    let name = match (trim(before), trim(after)) {
        (0, 0) => "",
        (0, _) => after,
        (_, 0) => before.trim_end().strip_suffix(" on").unwrap_or(before),
        _ => title,
    };
    // A bracket belongs to the day only where it opens or closes around it.
    let name = name.trim_start_matches(ends(&['-', '–', '—', ':', ',', '|', ')', '.']));
    (name.trim_end_matches(ends(&['-', '–', '—', ':', ',', '|', '('])), date.single())
}

fn names_body(text: &str) -> bool {
    const BODIES: &[&str] = &["board", "cabinet", "committee", "council", "executive", "forum", "group", "panel"];
    dates::find(text).is_empty() && folded(text).split(' ').any(|word| BODIES.contains(&word))
}

/// "10:00 Planning Committee" of a calendar.
fn without_time(name: &str) -> &str {
    let (time, rest) = name.split_once(' ').unwrap_or((name, ""));
    let is_time =
        time.split_once([':', '.']).is_some_and(|(hour, minute)| hour.parse::<u8>().is_ok() && minute.parse::<u8>().is_ok());
    if is_time && !rest.is_empty() { rest.trim_start_matches([' ', '-', '–']) } else { name }
}

/// Takes "Cancelled" off the title of what takes place on a day: it is no part of its name, but how it stands.
pub(super) fn take_label(item: &mut Item) {
    let title = item.title.to_string();
    let (name, is_off) = without_cancelled(&title);
    if let Some(name) = Text::line(name).or_absent().filter(|_| is_off) {
        item.title = name;
        item.stage = Some(Stage::Cancelled);
    }
}

pub(super) fn without_cancelled(title: &str) -> (&str, bool) {
    let bare = title.trim().trim_end_matches([')', '*', '.', '!', ' ']);
    for word in ["cancelled", "canceled", "meeting cancelled", "called off"] {
        let Some((before, end)) = bare.len().checked_sub(word.len()).and_then(|at| bare.split_at_checked(at)) else { continue };
        let parted = before.is_empty() || before.ends_with(['-', '–', '(', ':', ' ', '*']);
        if end.eq_ignore_ascii_case(word) && parted {
            return (before.trim_end_matches(['-', '–', '(', ':', ' ', '*']), true);
        }
    }
    let opens =
        |word: &str| title.get(..word.len()).filter(|start| start.eq_ignore_ascii_case(word)).and(title.get(word.len()..));
    let is_shouted = |rest: &str| {
        let label = title.get(..title.len() - rest.len()).unwrap_or_default();
        rest.starts_with(' ') && !label.contains(char::is_lowercase) && rest.contains(char::is_lowercase)
    };
    let is_parted = |rest: &&str| is_shouted(rest) || rest.trim_start().starts_with(['-', '–', '—', ':']);
    let rest = ["cancelled", "canceled", "called off"].into_iter().filter_map(opens).find(is_parted);
    rest.map_or((title, false), |rest| (rest.trim_start_matches([' ', '-', '–', ':']), true))
}

/// The hours that a title, or a short line, gives beside the day of its meeting.
fn beside_day(title: &str, lines: &[Line<'_>], day: NaiveDate) -> Option<(Option<NaiveTime>, Option<NaiveTime>)> {
    let short = lines.iter().map(|line| line.text.as_str()).filter(|text| text.len() <= 120 && published(text).is_none());
    let of = |text: &str| {
        let date = dates::find(text).into_iter().find(|date| date.single() == Some(day))?;
        date.start.map(|start| (Some(start), date.end))
    };
    std::iter::once(title).chain(short).find_map(of)
}

fn published(text: &str) -> Option<NaiveDate> {
    dates::labelled(text, PUBLISHED)
}

fn first_day(text: &str) -> Option<NaiveDate> {
    (text.len() <= 120).then(|| dates::find(text).first()?.single()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_parted_from_the_meetings_name() {
        let check = |title: &str, name: &str, day: Option<&str>| {
            let (found, date) = split(title);
            assert_eq!((found, date.map(|d| d.to_string()).as_deref()), (name, day), "{title}");
        };
        check("9 Jul 2026 11:00 - Planning Committee", "Planning Committee", Some("2026-07-09"));
        check("11th February 2026: Cabinet", "Cabinet", Some("2026-02-11"));
        check("Cabinet, Wednesday, 11th February 2026", "Cabinet", Some("2026-02-11"));
        check("Council (Annual) - 5 May 2026", "Council (Annual)", Some("2026-05-05"));
        check("Council (5 May 2026)", "Council", Some("2026-05-05"));
        check("Cabinet", "Cabinet", None);
        check("11 February 2026", "", Some("2026-02-11"));
    }

    #[test]
    fn a_meeting_that_is_called_off_says_so_at_an_end() {
        let check = |title: &str, expect: (&str, bool)| assert_eq!(without_cancelled(title), expect, "{title}");
        check("Cabinet - CANCELLED", ("Cabinet", true));
        check("Cabinet (Cancelled)", ("Cabinet", true));
        check("CANCELLED - Cabinet", ("Cabinet", true));
        check("Canceled: Youth forum", ("Youth forum", true));
        check("CANCELLED Youth forum", ("Youth forum", true));
        check("Cabinet (called off)", ("Cabinet", true));
        check("Cancelled Events Panel", ("Cancelled Events Panel", false));
        check("CANCELLED EVENTS PANEL", ("CANCELLED EVENTS PANEL", false));
    }
}
