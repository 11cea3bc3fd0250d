//! A meeting's particulars: labels with their values, in a list, a table or lines of their own, of which one is its day and
//! another says where or at what time it is held.

use crate::rules::extract::text::{Line, collapsed, folded};
use crate::rules::facts::dates;
use chrono::NaiveDate;

/// Lines that are looked at.
const LINES_MAX: usize = 40;
/// Longest label, in bytes.
const LABEL_BYTES_MAX: usize = 32;
/// Lines between a day and what else is said of the meeting.
const NEAR: usize = 10;
/// Most columns of a table that has its labels in its first row.
const COLUMNS_MAX: usize = 8;

/// A day of a meeting, with the lines that say it: the label's, and the value's.
pub(super) struct Said<'a> {
    pub(super) day: NaiveDate,
    pub(super) lines: Vec<Line<'a>>,
}

/// What a label is of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Label {
    /// A meeting's day, by itself.
    DayOfMeeting,
    /// A day, of a meeting where another label says so.
    Day,
    /// Where, at what time, by whom.
    Circumstance,
}

const DAYS_OF_MEETINGS: &[&str] = &[
    "date and time of meeting",
    "date of meeting",
    "date of the meeting",
    "date of this meeting",
    "meeting date",
    "meeting date and time",
    "meeting held on",
];
const DAYS: &[&str] = &["date", "date & time", "date and time", "date/time", "day", "held on", "start", "starts", "when"];
const CIRCUMSTANCES: &[&str] = &[
    "chair",
    "chaired by",
    "chairman",
    "chairperson",
    "held at",
    "location",
    "meeting location",
    "meeting time",
    "meeting venue",
    "place",
    "room",
    "start time",
    "time",
    "venue",
    "where",
];

fn label(words: &str) -> Option<Label> {
    if words.len() > LABEL_BYTES_MAX {
        return None;
    }
    let folded = folded(words);
    let bare = folded.trim_matches(|c: char| !c.is_alphanumeric());
    let kinds = [(DAYS_OF_MEETINGS, Label::DayOfMeeting), (DAYS, Label::Day), (CIRCUMSTANCES, Label::Circumstance)];
    kinds.into_iter().find(|(known, _)| known.contains(&bare)).map(|(_, label)| label)
}

/// Whether words are the label of where, at what time or by whom a meeting is held.
pub(in crate::rules::extract::page) fn is_circumstance(words: &str) -> bool {
    label(words) == Some(Label::Circumstance)
}

/// Whether a line is such a label, alone or with its value.
pub(in crate::rules::extract::page) fn says_circumstance(line: &Line<'_>) -> bool {
    is_circumstance(&line.text) || in_line(line).iter().any(|(label, _)| *label == Label::Circumstance)
}

/// The particulars under a headline, up to the next heading over something else; `None` where they are of several meetings.
pub(super) fn read<'a>(lines: &[Line<'a>]) -> Option<Said<'a>> {
    let is_over = |line: &Line<'_>| line.is_heading() && label(&line.text).is_none() && !heads_particulars(line);
    let end = lines.iter().take(LINES_MAX).position(is_over).unwrap_or(lines.len().min(LINES_MAX));
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
        "date and time",
        "details",
        "event details",
        "information",
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
    day: Option<NaiveDate>,
    lines: Vec<Line<'a>>,
}

/// The only day, where it is a meeting's.
fn only<'a>(found: &[Labelled<'a>]) -> Option<Said<'a>> {
    let mut days = found.iter().filter(|found| found.day.is_some());
    let first = days.next()?;
    let is_one = days.all(|other| other.day == first.day);
    let of_meeting = found.iter().any(|found| match found.label {
        Label::DayOfMeeting => found.day.is_some(),
        Label::Circumstance => true,
        Label::Day => false,
    });
    (is_one && of_meeting).then(|| Said { day: first.day.unwrap_or_default(), lines: first.lines.clone() })
}

/// Every label of the lines.
fn labelled<'a>(lines: &[Line<'a>]) -> Vec<Labelled<'a>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let said = in_line(line);
        if !said.is_empty() {
            let one = |(label, value): (Label, String)| Labelled { at, label, day: day(&value), lines: vec![line.clone()] };
            found.extend(said.into_iter().map(one));
            at += 1;
            continue;
        }
        // A table with its labels side by side has their values in the next row.
        let labels: Vec<Label> = lines.iter().skip(at).take(COLUMNS_MAX).map_while(|line| label(&line.text)).collect();
        let values = lines.get(at + labels.len()..).unwrap_or_default();
        for (column, (label, value)) in labels.iter().zip(values).enumerate() {
            let label_line = lines.get(at + column).into_iter().cloned();
            let lines = label_line.chain([value.clone()]).collect();
            found.push(Labelled { at: at + column, label: *label, day: day(&value.text), lines });
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
fn in_line(line: &Line<'_>) -> Vec<(Label, String)> {
    let of_part = |part: &str| {
        let (before, value) = part.split_once(':')?;
        Some((label(before)?, value.trim().to_owned())).filter(|(_, value)| !value.is_empty())
    };
    let parted: Vec<_> = line.text.split(['|', ';', '·', '•']).filter_map(of_part).collect();
    if !parted.is_empty() {
        return parted;
    }
    let in_elements = || {
        let first = collapsed(line.leaves.first().filter(|_| line.leaves.len() > 1)?.value().as_text()?);
        let value = line.text.strip_prefix(first.as_str())?.trim();
        Some((label(&first)?, value.to_owned())).filter(|(_, value)| !value.is_empty())
    };
    in_elements().into_iter().collect()
}

/// The only day of a value that says little else.
fn day(value: &str) -> Option<NaiveDate> {
    const BYTES_MAX: usize = 100;
    let found = dates::find(value);
    let [only] = found.as_slice() else { return None };
    only.single().filter(|_| value.len() <= BYTES_MAX)
}
