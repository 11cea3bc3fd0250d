//! Days and hours within a line: whether two lines say the same at another time.

use super::RevisionClass;
use crate::domain::item::Item;
use crate::rules::facts::dates::{self, find as find_dates, said};
use crate::rules::facts::places;
use chrono::{Datelike, NaiveDate, NaiveTime};
use std::borrow::Cow;
use std::ops::Range;

/// Longest line in which hours are looked for, in bytes: it is a sentence or a title.
const LINE_BYTES_MAX: usize = 2_000;

/// Whether two lines name other days or hours, and are the same but for these.
pub(super) fn is_redated(was: &str, is: &str) -> bool {
    if was.len().max(is.len()) > LINE_BYTES_MAX {
        return false;
    }
    let (was, is) = (Parted::of(was), Parted::of(is));
    let are_same = || was.moments.len() == is.moments.len() && was.moments.iter().zip(&is.moments).all(|(a, b)| a.is_same(b));
    !was.moments.is_empty() && !is.moments.is_empty() && was.rest == is.rest && !are_same()
}

/// Whether a line says a day, with its year or without.
pub(super) fn says_day(line: &str) -> bool {
    !find_dates(line).is_empty() || !said(line).is_empty()
}

/// Whether a title names anything beside days and hours.
#[must_use]
pub fn names_more_than_day(title: &str) -> bool {
    !Parted::of(title).rest.is_empty()
}

/// Whether an item still says a day that was read of it before, but for its year: it is as it was.
#[must_use]
pub fn still_says(item: &Item, day: NaiveDate) -> bool {
    let is_it = |line: &str| {
        let said = said(line);
        said.iter().any(|said| said.year.is_none() && (said.day, said.month) == (day.day(), day.month()))
    };
    is_it(item.title.as_str()) || item.text.iter().flat_map(|text| text.as_str().lines()).any(is_it)
}

/// Whether a line, as plain small words, says of its hours that something takes place at them: by its label, or its words.
pub(super) fn says_hours_of_occasion(line: &str) -> bool {
    const LABELS: &[&str] = &["amser", "date and time", "pryd", "start time", "time", "times", "when"];
    const WORDS: &[&str] = &[
        "begin",
        "begins",
        "drop-in",
        "event",
        "held",
        "hearing",
        "meet",
        "meeting",
        "meetings",
        "meets",
        "performance",
        "place",
        "session",
        "sessions",
        "sits",
        "start",
        "starting",
        "starts",
        "workshop",
    ];
    let is_labelled = line.split_once(':').is_some_and(|(label, _)| LABELS.contains(&label.trim()));
    is_labelled || line.split(|c: char| !c.is_alphanumeric() && c != '-').any(|word| WORDS.contains(&word))
}

/// Whether a line, as plain small words, says between which hours a place is open: those are no meeting's.
pub(super) fn says_hours_of_opening(line: &str) -> bool {
    const WORDS: &[&str] = &["close", "closed", "closes", "closing", "open", "opening", "opens"];
    line.split(|c: char| !c.is_alphanumeric()).any(|word| WORDS.contains(&word))
}

/// A day or an hour as a line says it.
#[derive(PartialEq, Eq)]
enum Moment {
    /// A day of a year, the last one of several, and the hours beside it.
    Day(NaiveDate, Option<NaiveDate>, Span),
    /// A day of a month of whichever year.
    Yearless(u32, u32),
    /// Hours alone.
    Hours(Span),
}

/// When something begins, and when it ends.
type Span = (Option<NaiveTime>, Option<NaiveTime>);

impl Moment {
    /// Whether two of them may be one, as far as each is said.
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Day(date, None, (None, _)), Self::Yearless(day, month))
            | (Self::Yearless(day, month), Self::Day(date, None, (None, _))) => (date.day(), date.month()) == (*day, *month),
            (one, other) => one == other,
        }
    }
}

/// A line's days and hours, and its other words.
struct Parted {
    moments: Vec<Moment>,
    rest: String,
}

impl Parted {
    fn of(line: &str) -> Self {
        let mut parted = Self { moments: Vec::new(), rest: String::new() };
        let mut found: Vec<(Range<usize>, Moment)> = find_dates(line)
            .into_iter()
            .map(|date| (date.span.clone(), Moment::Day(date.day, date.last_day, (date.start, date.end))))
            .collect();
        let dated: Vec<Range<usize>> = found.iter().map(|(span, _)| span.clone()).collect();
        let is_free = |span: &Range<usize>| dated.iter().all(|dated| span.end <= dated.start || dated.end <= span.start);
        let yearless = said(line).into_iter().filter(|said| said.year.is_none() && is_free(&said.span));
        found.extend(yearless.map(|said| (said.span.clone(), Moment::Yearless(said.day, said.month))));
        found.sort_by_key(|(span, _)| span.start);
        let mut behind = 0;
        for (span, moment) in found {
            if span.start < behind {
                continue;
            }
            parted.hours(line.get(behind..span.start).unwrap_or_default());
            parted.moments.push(moment);
            behind = span.end;
        }
        parted.hours(line.get(behind..).unwrap_or_default());
        parted.rest =
            parted.rest.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).collect::<Vec<_>>().join(" ");
        parted
    }

    /// Takes a part of the line in which no day stands.
    fn hours(&mut self, part: &str) {
        let mut behind = 0;
        for (start, end, span) in dates::times(part) {
            self.rest.push_str(part.get(behind..span.start).unwrap_or_default());
            self.moments.push(Moment::Hours((Some(start), end)));
            behind = span.end;
        }
        self.rest.push_str(part.get(behind..).unwrap_or_default());
        self.rest.push(' ');
    }
}

/// Names of the line that says where a meeting takes place.
pub(super) const PLACE: &[&str] = &[
    "ble",
    "lleoliad",
    "man cyfarfod",
    "venue",
    "location",
    "place",
    "where",
    "meeting venue",
    "meeting location",
    "meeting place",
];

/// Where a line, as plain small words, says that something takes place.
pub(super) fn place(line: &str) -> Option<&str> {
    let (name, place) = line.split_once(':')?;
    Some(place.trim()).filter(|place| PLACE.contains(&name.trim()) && !place.is_empty())
}

/// Names of what stands in the other columns of a table of meetings.
pub(super) const COLUMNS: &[&str] = &[
    "agenda",
    "chair",
    "committee",
    "date",
    "date and time",
    "day",
    "documents",
    "end",
    "event",
    "finish",
    "meeting",
    "minutes",
    "notes",
    "papers",
    "start",
    "start time",
    "status",
    "time",
    "times",
    "type",
    "when",
];

/// The lines of a text, a label that says where something takes place in one with the line that it is over; and each cell of a
/// table, whose columns are named in the lines above it, with the name of its column.
pub(super) fn with_label(text: &str) -> Vec<Cow<'_, str>> {
    let is_of =
        |labels: &[&str], line: &str| labels.iter().any(|label| line.trim_end_matches(':').trim().eq_ignore_ascii_case(label));
    let is_label = |line: &str| is_of(PLACE, line);
    let labelled = |label: &str, line: &str| format!("{}: {line}", label.trim_end_matches(':').trim());
    let lines: Vec<&str> = text.lines().collect();
    let mut found: Vec<Cow<'_, str>> = Vec::with_capacity(lines.len());
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let rest = lines.get(at..).unwrap_or_default();
        let names: Vec<&str> = rest.iter().copied().take_while(|line| is_label(line) || is_of(COLUMNS, line)).collect();
        if names.len() > 1 && names.iter().any(|name| is_label(name)) {
            at += names.len();
            let cells = lines.get(at..).unwrap_or_default();
            let begins = |row: &&[&str]| row.len() == names.len() && row.first().is_some_and(|first| says_day(first));
            for row in cells.chunks(names.len()).take_while(begins) {
                found.extend(names.iter().zip(row).map(|(name, cell)| Cow::Owned(labelled(name, cell))));
                at += names.len();
            }
            continue;
        }
        match found.last_mut().filter(|above| is_label(above)) {
            Some(label) => *label = labelled(label, line).into(),
            None => found.push((*line).into()),
        }
        at += 1;
    }
    found
}

/// Most words of a place behind its day.
const PLACE_WORDS_MAX: usize = 8;

/// The day and hour with which a line, as plain small words, begins, and the place behind them: "Thursday 4 May 2027, 6pm, Town
/// Hall".
fn place_of_day(line: &str) -> Option<(Vec<Moment>, String)> {
    let day = find_dates(line).into_iter().next()?;
    let before = line.get(..day.span.start)?;
    let weekday = before.trim().trim_end_matches(',');
    if !(weekday.is_empty() || weekday.ends_with("day") && !weekday.contains(' ')) || line.len() > LINE_BYTES_MAX {
        return None;
    }
    let Parted { moments, rest } = Parted::of(line);
    let words: Vec<&str> = rest.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_place = words.len() <= PLACE_WORDS_MAX && words.iter().any(|word| places::is_one(word));
    is_place.then(|| (moments, words.join(" ")))
}

/// Whether two lines begin with the same day and hour, and name different places behind them.
pub(super) fn is_elsewhere(was: &str, is: &str) -> bool {
    let (Some((then, there)), Some((now, here))) = (place_of_day(was), place_of_day(is)) else { return false };
    then == now && there != here
}

/// The class of a revision in which the one line that names a place names another.
pub(super) fn moved_place(gone: &[String], come: &[String]) -> Option<RevisionClass> {
    if let ([was], [is]) = (gone, come)
        && is_elsewhere(was, is)
    {
        return Some(RevisionClass::PlaceChanged);
    }
    let only = |lines: &[String]| {
        let mut places = lines.iter().filter_map(|line| place(line));
        places.next().filter(|_| places.next().is_none()).map(str::to_owned)
    };
    let (was, is) = (only(gone)?, only(come)?);
    (was != is).then_some(RevisionClass::PlaceChanged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_with_another_place_behind_it_is_told_from_other_words() {
        let check = |was: &str, is: &str, expect: bool| assert_eq!(is_elsewhere(was, is), expect, "{was} → {is}");
        let line = "thursday 3 december 2026, 6pm, jubilee hall";
        check(line, "thursday 3 december 2026, 6pm, canal street school", true);
        check(line, "thursday 3 december 2026, 7pm, canal street school", false);
        check(line, "thursday 3 december 2026, 6pm: bring a chair", false);
        check(line, line, false);
        let told = "on 3 december 2026 the board met in the jubilee hall and heard what";
        check(told, &told.replace("hall", "room"), false);
    }

    #[test]
    fn a_label_stands_with_what_it_is_over_and_a_column_with_each_of_its_cells() {
        let check = |text: &str, expect: &[&str]| assert_eq!(with_label(text), expect, "{text}");
        check("Venue\nTown Hall\nAll are welcome", &["Venue: Town Hall", "All are welcome"]);
        check(
            "Date\nTime\nVenue\n3 May 2027\n6pm\nTown Hall\n7 June 2027\n6pm\nLibrary\nAll are welcome",
            &[
                "Date: 3 May 2027",
                "Time: 6pm",
                "Venue: Town Hall",
                "Date: 7 June 2027",
                "Time: 6pm",
                "Venue: Library",
                "All are welcome",
            ],
        );
        check("Date\n3 May 2027\nVenue\nTown Hall", &["Date", "3 May 2027", "Venue: Town Hall"]);
    }

    #[test]
    fn another_day_or_hour_alone_is_told_from_other_words() {
        let check = |was: &str, is: &str, expect: bool| assert_eq!(is_redated(was, is), expect, "{was} → {is}");
        let title = "scrutiny committee - tuesday, 8th december, 2026 6.30 pm";
        check(title, &title.replace("6.30", "5.30"), true);
        check(title, &title.replace("tuesday, 8th", "thursday, 10th"), true);
        check(title, &title.replace("scrutiny", "audit"), false);
        check(title, title, false);
        check("the meeting begins at 6.30pm in the town hall", "the meeting begins at 5.30pm in the town hall", true);
        check("the meeting begins at 6.30pm in the town hall", "the meeting begins at 5.30pm in the library", false);
        check("cabinet - monday 18 january 2027", "cabinet - tuesday 19 january", true);
        check("cabinet - monday 18 january", "cabinet - tuesday 19 january", true);
        check("cabinet - monday 18 january 2027", "cabinet - monday 18 january", false);
        check("cabinet - monday 18 january 2027", "council - tuesday 19 january", false);
        check("14 posts at 7pm", "15 posts at 6pm", false);
        check("spending is 6.30 million", "spending is 5.30 million", false);
        check("time: 10am - 12 noon", "time: 10am to 1pm", true);
    }
}
