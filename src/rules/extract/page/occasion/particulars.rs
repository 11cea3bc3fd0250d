//! A meeting's particulars: labels with their values, in a list, a table or lines of their own, of which one is its day and
//! another says where or at what time it is held.

use crate::rules::extract::document::gives_particulars;
use crate::rules::extract::text::{Line, collapsed, folded};
use crate::rules::facts::dates;
use chrono::{NaiveDate, NaiveTime};
use scraper::ElementRef;

/// Lines that are looked at.
const LINES_MAX: usize = 40;
/// Longest label, in bytes.
const LABEL_BYTES_MAX: usize = 32;
/// Longest line that says where, in bytes.
const LINE_BYTES: usize = 200;
/// Lines between a day and what else is said of the meeting.
const NEAR: usize = 10;
/// Most columns of a table that has its labels in its first row.
const COLUMNS_MAX: usize = 8;

/// A day of a meeting, with the lines that say it: the label's, and the value's.
pub(super) struct Said<'a> {
    pub(super) day: NaiveDate,
    pub(super) hours: Hours,
    pub(super) lines: Vec<Line<'a>>,
    /// Whether nothing but what takes place has such particulars.
    pub(super) is_certain: bool,
    /// Whether no more is said than a day and an hour, as of a posting.
    pub(super) is_stamp: bool,
}

/// When something begins and ends, where that is said.
pub(super) type Hours = (Option<NaiveTime>, Option<NaiveTime>);

/// What a label is of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Label {
    /// A meeting's day, by itself.
    DayOfMeeting,
    /// A day, of a meeting where another label says so.
    Day,
    /// At what time.
    Time,
    /// At what time it ends.
    Ending,
    /// Where, of what, by whom.
    Circumstance,
}

const DAYS_OF_MEETINGS: &[&str] = &[
    "date and time of meeting",
    "date of meeting",
    "date of the meeting",
    "date of this meeting",
    "dyddiad cyfarfod",
    "dyddiad y cyfarfod",
    "meeting date",
    "meeting date and time",
    "meeting held on",
];
const DAYS: &[&str] = &[
    "date",
    "date & time",
    "date and time",
    "date/time",
    "day",
    "dyddiad",
    "dyddiad ac amser",
    "event date",
    "event date and time",
    "held on",
    "pryd",
    "start",
    "start date",
    "starts",
    "when",
];
const TIMES: &[&str] = &[
    "amser",
    "amser dechrau",
    "event time",
    "hour",
    "hours",
    "meeting time",
    "start time",
    "starting time",
    "starts at",
    "time",
    "time of meeting",
    "times",
];
const ENDINGS: &[&str] = &["amser gorffen", "end time", "ends at", "finish time", "finishes", "finishing time"];
const CIRCUMSTANCES: &[&str] = &[
    "ble",
    "cadeirydd",
    "chair",
    "chaired by",
    "chairman",
    "chairperson",
    "committee",
    "cyfarfod",
    "event",
    "event location",
    "event venue",
    "held at",
    "lleoliad",
    "location",
    "man cyfarfod",
    "meeting",
    "meeting location",
    "meeting place",
    "meeting venue",
    "place",
    "pwyllgor",
    "room",
    "venue",
    "where",
];
/// Of these, what only a place has where something takes place.
const VENUES: &[&str] = &[
    "ble",
    "event location",
    "event venue",
    "held at",
    "lleoliad",
    "man cyfarfod",
    "meeting location",
    "meeting place",
    "meeting venue",
    "place",
    "venue",
    "where",
];

fn label(words: &str) -> Option<Label> {
    if words.len() > LABEL_BYTES_MAX {
        return None;
    }
    let folded = folded(words);
    let bare = folded.trim_matches(|c: char| !c.is_alphanumeric());
    let kinds = [
        (DAYS_OF_MEETINGS, Label::DayOfMeeting),
        (DAYS, Label::Day),
        (TIMES, Label::Time),
        (ENDINGS, Label::Ending),
        (CIRCUMSTANCES, Label::Circumstance),
    ];
    kinds.into_iter().find(|(known, _)| known.contains(&bare)).map(|(_, label)| label)
}

/// Whether words are the label of anything that is said of a meeting: "Date", "Venue".
pub(in crate::rules::extract::page) fn is_label(words: &str) -> bool {
    label(words).is_some()
}

/// Whether words are the label of where, at what time or by whom a meeting is held.
pub(in crate::rules::extract::page) fn is_circumstance(words: &str) -> bool {
    label(words).is_some_and(Label::is_circumstance)
}

/// Whether words are the label of the hour at which something begins: "Time", "Starts:".
pub(in crate::rules::extract::page) fn is_hour(words: &str) -> bool {
    let is_beginning = || {
        let folded = folded(words);
        matches!(
            folded.trim_matches(|c: char| !c.is_alphanumeric()),
            "start" | "starts" | "from" | "begins" | "begins at" | "when"
        )
    };
    label(words) == Some(Label::Time) || words.len() <= LABEL_BYTES_MAX && is_beginning()
}

/// Where lines say behind a label that something takes place: "Venue: Town Hall", "Venue" over "Town Hall".
pub(in crate::rules::extract::page) fn venue(lines: &[Line<'_>]) -> Option<String> {
    let is_venue =
        |words: &str| VENUES.contains(&folded(words).trim_matches(|c: char| !c.is_alphanumeric())) || folded(words) == "location";
    let in_line = |line: &Line<'_>| in_line(line).into_iter().find(|said| said.is_venue).map(|said| said.words);
    let below = |at: usize| lines.get(at + 1).filter(|below| below.links.is_empty()).map(|below| below.text.clone());
    let mut said = lines.iter().enumerate().filter(|(_, line)| line.text.len() <= LINE_BYTES);
    said.find_map(|(at, line)| in_line(line).or_else(|| is_venue(&line.text).then(|| below(at)).flatten()))
}

/// Whether words are the label of the hour at which something ends.
pub(in crate::rules::extract::page) fn is_ending(words: &str) -> bool {
    label(words) == Some(Label::Ending)
}

/// Whether a line is such a label, alone or with its value.
pub(in crate::rules::extract::page) fn says_circumstance(line: &Line<'_>) -> bool {
    is_circumstance(&line.text) || in_line(line).iter().any(|said| said.label.is_circumstance())
}

/// Whether a line says a day behind a label that any day has: "Date: Tuesday 8 December 2026".
pub(in crate::rules::extract::page) fn is_day(line: &Line<'_>) -> bool {
    in_line(line).iter().any(|said| said.label == Label::Day)
}

/// The particulars under a headline, up to the next heading over something else; `None` where they are of several meetings.
pub(super) fn read<'a>(lines: &[Line<'a>]) -> Option<Said<'a>> {
    // A box may be headed with anything.
    let heads_box = |at: usize, line: &Line<'_>| {
        let around = line.block.parent().and_then(ElementRef::wrap);
        let is_below = lines.get(at + 1).is_some_and(|below| label(&below.text).is_some() || !in_line(below).is_empty());
        is_below && around.is_some_and(gives_particulars)
    };
    let is_over = |(at, line): (usize, &Line<'_>)| {
        line.is_heading() && label(&line.text).is_none() && !heads_particulars(line) && !heads_box(at, line)
    };
    let end = lines.iter().take(LINES_MAX).enumerate().position(is_over).unwrap_or(lines.len().min(LINES_MAX));
    only(&labelled(lines.get(..end)?))
}

/// The same in a box beside the content, wherever it stands.
pub(super) fn beside<'a>(all: &[Line<'a>]) -> Option<Said<'a>> {
    let found = labelled(all);
    let (at, day) = found.iter().enumerate().find(|(_, found)| found.day.is_some())?;
    let near = found.get(at.saturating_sub(NEAR)..(at + NEAR).min(found.len()))?;
    let is_near = |other: &&Labelled<'_>| other.at.abs_diff(day.at) <= 2 * NEAR;
    let is_one = found.iter().filter(|found| found.day.is_some()).count() == 1;
    // "Next meeting", or another part of the site, is about another day.
    let heading = all.get(..day.at)?.iter().rev().find(|line| line.is_heading() && label(&line.text).is_none())?;
    only(&near.iter().filter(is_near).cloned().collect::<Vec<_>>()).filter(|_| is_one && heads_particulars(heading))
}

/// "Meeting details", over the particulars.
fn heads_particulars(line: &Line<'_>) -> bool {
    const HEADINGS: &[&str] = &[
        "about this meeting",
        "at a glance",
        "date and time",
        "details",
        "event details",
        "information",
        "key details",
        "key facts",
        "key information",
        "meeting",
        "meeting details",
        "meeting information",
        "summary",
        "when and where",
    ];
    HEADINGS.contains(&line.folded().trim_end_matches(':'))
}

/// A label with what it says of a day.
#[derive(Clone)]
struct Labelled<'a> {
    at: usize,
    label: Label,
    is_venue: bool,
    day: Option<NaiveDate>,
    hours: Hours,
    lines: Vec<Line<'a>>,
}

impl<'a> Labelled<'a> {
    fn of(at: usize, said: &Value, lines: Vec<Line<'a>>) -> Self {
        let day = day(&said.words);
        let of_time = || dates::times_said(&said.words).into_iter().next().map(|(start, end, _)| (Some(start), end));
        let hours = match (&day, said.label) {
            (Some(date), _) => (date.start, date.end),
            (None, Label::Time | Label::Ending) => of_time().unwrap_or_default(),
            (None, _) => Hours::default(),
        };
        Self { at, label: said.label, is_venue: said.is_venue, day: day.and_then(|date| date.single()), hours, lines }
    }
}

/// What a label says.
struct Value {
    label: Label,
    is_venue: bool,
    words: String,
}

impl Value {
    /// `None` where the words are no label.
    fn of(words: &str, value: &str) -> Option<Self> {
        let label = label(words)?;
        let is_venue = VENUES.contains(&folded(words).trim_matches(|c: char| !c.is_alphanumeric()));
        Some(Self { label, is_venue, words: value.trim().to_owned() })
    }
}

impl Label {
    /// Whether it is said of nothing that was only published.
    fn is_circumstance(self) -> bool {
        matches!(self, Self::Circumstance | Self::Time | Self::Ending)
    }
}

/// The only day, where it is a meeting's.
fn only<'a>(found: &[Labelled<'a>]) -> Option<Said<'a>> {
    let mut days = found.iter().filter(|found| found.day.is_some());
    let first = days.next()?;
    let is_one = days.all(|other| other.day == first.day);
    let of_meeting = found.iter().any(|found| match found.label {
        Label::DayOfMeeting => found.day.is_some(),
        Label::Circumstance | Label::Time | Label::Ending => true,
        // A posting has an hour as well, and no end.
        Label::Day => found.day.is_some() && found.hours.1.is_some(),
    });
    let said = |label| found.iter().find(|found| found.label == label).and_then(|found| found.hours.0);
    let times = found.iter().find(|found| found.label == Label::Time).map(|found| found.hours).unwrap_or_default();
    let hours = (first.hours.0.or(times.0), first.hours.1.or(times.1).or_else(|| said(Label::Ending)));
    let is_certain = hours.1.is_some() || hours.0.is_some() && found.iter().any(|found| found.is_venue);
    let is_stamp = hours.1.is_none() && found.iter().all(|found| matches!(found.label, Label::Day | Label::Time));
    (is_one && of_meeting).then(|| Said {
        day: first.day.unwrap_or_default(),
        hours,
        lines: first.lines.clone(),
        is_certain,
        is_stamp,
    })
}

/// Every label of the lines.
fn labelled<'a>(lines: &[Line<'a>]) -> Vec<Labelled<'a>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let said = in_line(line);
        if !said.is_empty() {
            found.extend(said.iter().map(|said| Labelled::of(at, said, vec![line.clone()])));
            at += 1;
            continue;
        }
        // A table with its labels side by side has their values in the next row.
        let labels: Vec<&Line<'a>> =
            lines.iter().skip(at).take(COLUMNS_MAX).take_while(|line| label(&line.text).is_some()).collect();
        let values = lines.get(at + labels.len()..).unwrap_or_default();
        for (column, (label, value)) in labels.iter().zip(values).enumerate() {
            let lines = vec![(*label).clone(), value.clone()];
            found.extend(Value::of(&label.text, &value.text).map(|said| Labelled::of(at + column, &said, lines)));
        }
        at += if labels.is_empty() { 1 } else { 2 * labels.len() };
        // More rows are more meetings.
        let goes_on = labels.len() > 1 && lines.get(at).is_some_and(|line| day(&line.text).is_some());
        if goes_on {
            return Vec::new();
        }
    }
    found
}

/// Labels and their values in one line: "Date: Tuesday 4 May 2027", "Date: 4 May 2027 | Time: 2pm", or in elements side by side.
fn in_line(line: &Line<'_>) -> Vec<Value> {
    let of_part = |part: &str| {
        let (before, value) = part.split_once(':')?;
        Value::of(before, value).filter(|said| !said.words.is_empty())
    };
    if line.text.contains(':') {
        let parts = line.text.split(['|', ';', '·', '•']).flat_map(labels_apart);
        let parted: Vec<_> = parts.filter_map(of_part).collect();
        if !parted.is_empty() {
            return parted;
        }
    }
    let in_elements = || {
        let first = collapsed(line.leaves.first().filter(|_| line.leaves.len() > 1)?.value().as_text()?);
        let value = line.text.strip_prefix(first.as_str())?.trim();
        Value::of(&first, value).filter(|said| !said.words.is_empty())
    };
    in_elements().into_iter().collect()
}

/// A line cut before each label in it that a colon ends: "Date: 4 May 2027", "Time: 2pm", "Venue: Town Hall".
fn labels_apart(text: &str) -> Vec<&str> {
    const WORDS_MAX: usize = 4;
    let begins = |colon: usize| {
        let before = text.get(..colon)?;
        let words = before.char_indices().rev().filter(|(_, c)| c.is_whitespace()).map(|(at, c)| at + c.len_utf8());
        words.take(WORDS_MAX).chain([0]).filter(|at| before.get(*at..).is_some_and(|words| label(words).is_some())).last()
    };
    let mut parts = Vec::new();
    let mut from = 0;
    // The first label begins the line, or there is none.
    for at in text.match_indices(':').filter_map(|(colon, _)| begins(colon)).filter(|at| *at > 0) {
        parts.extend(text.get(from..at));
        from = at.max(from);
    }
    parts.extend(text.get(from..));
    parts
}

/// The only day of a value that says little else.
fn day(value: &str) -> Option<dates::Date> {
    const BYTES_MAX: usize = 100;
    let mut found = dates::find(value);
    let only = found.pop().filter(|_| found.is_empty())?;
    Some(only).filter(|only| only.last_day.is_none() && value.len() <= BYTES_MAX)
}
