//! A list of meetings by their papers: each row has a day, sometimes the name of a committee, and links that say no more than
//! which paper they lead to, "Agenda" and "Minutes". The row is the item, and the papers are its documents. In a table the
//! header says which column names the row and which holds the papers; a paper is known there by its file too. A table of meetings
//! may lead nowhere at all.
//!
//! Where the papers are pages, the first is the item's own. Where they are files the item has no page: its key is its day,
//! since an agenda is there before the minutes, and both are of one meeting.

mod bare;
mod papers;
mod ranges;
mod ranked;
mod table;

pub(super) use papers::{links_files, links_papers};
pub(super) use ranked::day as ranked_day;
pub(in crate::rules::extract) use table::heads_column;
pub(super) use table::{
    body_beside, column_of, heads_rows, is_day_of_meeting, is_day_of_publication, is_of_closing, is_of_papers, names_papers,
    of as table_of, opens_row, row as row_of,
};

use super::context::{Context, Contexts};
use super::{Whole, article, dated, entries, itself, naming, standing, story};
use crate::domain::evidence::Fact;
use crate::domain::item::{Item, Listing, Meeting, Stage};
use crate::domain::text::Text;
use crate::rules::extract::document::Document;
use crate::rules::extract::text::{Kind, Line, collapsed, folded};
use crate::rules::extract::{Reading, key};
use crate::rules::facts::{called_off, dates, documents, meeting};
use bare::is_time;
use chrono::{NaiveDate, NaiveTime};
use papers::{PAPER_BYTES_MAX, is_paper, linked_day, names_itself};
use scraper::ElementRef;
use std::collections::HashMap;
use std::ops::Range;
use table::{Column, Headers};
use url::Url;

/// Fewer rows are the papers of an article; those of a table with a header are meetings sooner.
const ROWS_MIN: usize = 3;
const ROWS_OF_TABLE_MIN: usize = 2;
/// Prose beside the rows up to this many bytes is their introduction.
const INTRODUCTION_BYTES: usize = 600;
/// Words around the day and the links of a row in a list, in bytes: "Wednesday 6 October 2026 at 10am: ".
const AROUND_BYTES: usize = 40;
/// Longest cell that says that a meeting is called off, in bytes.
const OFF_BYTES_MAX: usize = 160;

/// A row, as the page's lines have it.
struct Row<'l, 'a> {
    lines: &'l [Line<'a>],
    day: NaiveDate,
    /// The line that says the day.
    dated: &'l Line<'a>,
    name: Option<&'l Line<'a>>,
    /// Whether a table's header has said what names the row.
    headed: bool,
    /// What the headings above it say.
    above: Context<'a>,
}

/// The line of a row whose column the header says to be what the row is about, or what it is called.
pub(super) fn subject<'l, 'a>(lines: &'l [Line<'a>]) -> Option<&'l Line<'a>> {
    let mut headers = Headers::default();
    let mut of = |wanted: &dyn Fn(&(Column, String)) -> bool| {
        let mut fits = |line: &&Line<'a>| headers.of(line).is_some_and(wanted);
        lines.iter().find(|line| fits(line) && !dated::is_day(&line.text) && !entries::is_generic(&line.text))
    };
    // "Decision" may be over what was decided on something that another column names.
    let titled = of(&|(column, words)| {
        let folded = folded(words);
        let mut words = folded.split(|c: char| !c.is_alphanumeric());
        matches!(column, Column::Subject | Column::Name) && words.any(|word| matches!(word, "title" | "subject" | "topic"))
    });
    titled
        .or_else(|| of(&|(column, _)| matches!(column, Column::Subject | Column::Paper)))
        .or_else(|| of(&|(column, _)| *column == Column::Name))
}

/// The same where the row's link says no more than its number, or what every row's says: "DN 12/26", "Decision notice".
pub(super) fn subject_beside<'l, 'a>(
    lines: &'l [Line<'a>],
    link: ElementRef<'a>,
    repeated: &naming::Repeated,
) -> Option<&'l Line<'a>> {
    const REFERENCE_BYTES_MAX: usize = 24;
    let is_of_link =
        |line: &Line<'_>| line.block.id() == link.id() || link.ancestors().any(|above| above.id() == line.block.id());
    let own = lines.iter().find(|line| !line.links.is_empty() && is_of_link(line))?;
    let number = own.text.contains(|c: char| c.is_ascii_digit()) && own.text.len() <= REFERENCE_BYTES_MAX;
    let is_number = number && own.text.split(' ').filter(|word| word.chars().all(char::is_alphabetic)).count() <= 1;
    let says_little = is_number || repeated.contains(&naming::of_link(&own.text));
    subject(lines).filter(|subject| says_little && !std::ptr::eq(*subject, own))
}

/// The meetings of such a page; `None` where it is none.
pub(super) fn reading<'a>(document: &Document<'a>, url: &Url, page: &Whole<'a>) -> Option<Reading> {
    let lines = &page.content;
    let in_list = |line: &Line<'_>| line.kind == Kind::Item && linked_day(line).is_some();
    let mut headers = Headers::default();
    let has_papers = |line: &Line<'_>| links_papers(line) || in_list(line) || (links_files(line) && table::row(line).is_some());
    let mut may_be = |line: &Line<'_>| has_papers(line) || bare::says_day(line, &mut headers);
    if lines.iter().filter(|line| may_be(line)).take(ROWS_OF_TABLE_MIN).count() < ROWS_OF_TABLE_MIN {
        return None;
    }
    let contexts = Contexts::of(lines);
    let ranges = ranges::of(lines, &mut headers);
    let read = |range: &Range<usize>| row(lines, range, &contexts, &mut headers);
    let mut rows: Vec<Row<'_, 'a>> = ranges.iter().filter_map(read).collect();
    name(&mut rows);
    if rows.iter().all(|row| row.headed && row.name.is_none() && names_itself(row.lines, row.day)) {
        return None;
    }
    let least = if rows.iter().all(|row| row.headed) { ROWS_OF_TABLE_MIN } else { ROWS_MIN };
    let within: usize = ranges.iter().map(ExactSizeIterator::len).sum();
    let prose = |line: &Line<'_>| if line.is_heading() || line.outside().len() < 60 { 0 } else { line.outside().len() };
    let prose: usize = lines.iter().map(prose).sum();
    // A story may hold a table of days.
    let are_bare = rows.iter().all(|row| bare::is_bare(row, &mut headers));
    let prose_max = if are_bare { INTRODUCTION_BYTES } else { INTRODUCTION_BYTES.max(within * PAPER_BYTES_MAX) };
    if rows.len() < least || rows.len() * 10 < ranges.len() * 8 || prose > prose_max || are_bare && story::is_declared(document) {
        return None;
    }
    let mut seen = HashMap::new();
    let items: Vec<Item> = rows.iter().filter_map(|row| item(document, url, row, &mut headers, &mut seen)).collect();
    let listing = Listing { shown: Some(items.len()), ..Listing::default() };
    // Meetings with pages of their own are a list of these.
    let is_told_here = items.iter().all(|item| key::of_page(&item.url) == key::of_page(url));
    let itself = is_told_here.then(|| itself::beside(document, url, page, ranges.iter().cloned(), &items)).flatten();
    Some(Reading { page_title: page.title(), items, page: itself, listing, ..Reading::default() })
}

/// A row with one day, all of whose links lead to papers, but for one to the meeting's own page.
/// `contexts`: the years of days that are written without one.
fn row<'l, 'a>(all: &'l [Line<'a>], range: &Range<usize>, contexts: &Contexts<'a>, headers: &mut Headers) -> Option<Row<'l, 'a>> {
    let lines = all.get(range.clone())?;
    let first = lines.first()?;
    let of_table = table::row(first).is_some_and(|row| !table::is_header(row));
    let headed = of_table && headers.has(first, Column::Day).is_some_and(|has| has);
    // A list of papers, each with its file, or with the day on which it was put there.
    let has_paper = headers.has(first, Column::Paper) == Some(true);
    if of_table && (has_paper || !headed && headers.has(first, Column::Published) == Some(true)) {
        return None;
    }
    let is_of_papers = |line: &Line<'_>| line.links.is_empty() || links_papers(line) || (of_table && links_files(line));
    let mut others = lines.iter().filter(|line| !is_of_papers(line));
    let own = others.next();
    let is_alone = |line: &Line<'_>| of_table && line.links.len() == 1 && line.outside().trim().is_empty();
    let leads_on = |line: &Line<'_>| is_alone(line) || (!of_table && linked_day(line).is_some());
    if others.next().is_some() || own.is_some_and(|own| !leads_on(own)) {
        return None;
    }
    // Decisions, each with its report.
    if own.is_some_and(|own| headers.of(own).is_some_and(|(column, _)| *column == Column::Subject)) {
        return None;
    }
    // Its year may stand in the row's first cell.
    let above = contexts.at(range.end.saturating_sub(1));
    let day_of = |line: &Line<'_>| {
        let linked = || Some(line).filter(|line| of_table && !is_of_papers(line)).and_then(|line| dated::of_words(&line.text));
        let yearless = || above.day_of(if of_table || line.links.is_empty() { &line.text } else { line.outside() });
        let among_papers = || linked_day(line).filter(|_| !of_table).map(|(day, _)| day);
        day(line).or_else(linked).or_else(yearless).or_else(among_papers)
    };
    let mut of_column = |line: &&'l Line<'a>| headers.of(line).is_none_or(|(column, _)| *column == Column::Day);
    let mut days = lines.iter().filter(|line| !headed || of_column(line)).filter_map(|line| Some((day_of(line)?, line)));
    let own_day = days.next();
    if days.next().is_some() {
        return None;
    }
    let (day, dated) = own_day.or_else(|| day_above(all, range.start, first))?;
    let named = |headers: &mut Headers| {
        let mut is_name = |line: &&'l Line<'a>| headers.of(line).is_some_and(|(column, _)| *column == Column::Name);
        lines.iter().find(|line| is_name(line) && !std::ptr::eq(*line, dated))
    };
    let name = if headed { named(headers) } else { own.filter(|own| !std::ptr::eq(*own, dated)) };
    Some(Row { lines, day, dated, name, headed, above })
}

/// The day in a cell of a row above that reaches down to a row.
fn day_above<'l, 'a>(all: &'l [Line<'a>], start: usize, first: &Line<'a>) -> Option<(NaiveDate, &'l Line<'a>)> {
    const LINES_MAX: usize = 60;
    let cells: Vec<_> = table::spanning(table::row(first)?).map(|(_, cell)| cell.id()).collect();
    let mut above = all.get(..start)?.iter().rev().take(if cells.is_empty() { 0 } else { LINES_MAX });
    above.find_map(|line| Some((day(line).filter(|_| table::cell(line).is_some_and(|cell| cells.contains(&cell.id())))?, line)))
}

/// The only day of a cell, or of what a list's item says beside its links.
fn day(line: &Line<'_>) -> Option<NaiveDate> {
    let words = if line.links.is_empty() { &line.text } else { line.outside() };
    let words = &*standing::unstruck_words(words);
    let found = dates::find(words);
    let [only] = found.as_slice() else { return None };
    (words.len() <= only.span.len() + AROUND_BYTES).then(|| only.single()).flatten()
}

/// Gives the rows of each table without a header their names.
fn name(rows: &mut [Row<'_, '_>]) {
    let table = |row: &Row<'_, '_>| row.lines.first().and_then(table::of).map(|table| table.id());
    rows.chunk_by_mut(|one, other| table(one) == table(other)).for_each(name_alike);
}

/// Gives each row the name that stands in the same cell of every one: the committee's.
fn name_alike(rows: &mut [Row<'_, '_>]) {
    const CELLS_MAX: usize = 4;
    if rows.iter().any(|row| row.headed || row.name.is_some()) {
        return;
    }
    let of = |row: &Row<'_, '_>, cell: usize| {
        row.lines.get(cell).is_some_and(|line| {
            let words = standing::calm_words(&line.text);
            let is_words = words.starts_with(char::is_alphabetic) && !is_remark_in(&folded(&words)) && !is_place(line);
            is_words && line.links.is_empty() && line.kind == Kind::Cell && day(line).is_none()
        })
    };
    if let Some(cell) = (0..CELLS_MAX).find(|cell| rows.iter().all(|row| of(row, *cell))) {
        for row in rows {
            row.name = row.lines.get(cell);
        }
    }
}

/// Whether a line says only where, or at what time, something is.
pub(super) fn is_circumstance(line: &Line<'_>) -> bool {
    line.kind == Kind::Cell && line.links.is_empty() && (is_time(&line.text) || is_place(line) || is_remark(line))
}

/// Where a meeting is held: "Town Hall, Room 4", "Online".
fn is_place(line: &Line<'_>) -> bool {
    names_place(line.folded())
}

/// Whether words, as they are compared, name such a place.
pub(super) fn names_place(folded: &str) -> bool {
    const WORDS: &[&str] = &[
        "building", "centre", "chamber", "chambers", "hall", "house", "hybrid", "library", "online", "room", "school", "suite",
        "teams", "venue", "virtual", "zoom",
    ];
    folded.split(|c: char| !c.is_alphanumeric()).any(|word| WORDS.contains(&word))
}

/// "To be published", "Not available": in place of a paper.
fn is_remark(line: &Line<'_>) -> bool {
    is_remark_in(line.folded())
}

fn is_remark_in(folded: &str) -> bool {
    ["to be ", "to follow", "not ", "no ", "n/a", "tbc", "awaiting", "pending", "cancelled"]
        .iter()
        .any(|word| folded.starts_with(word))
}

fn item<'a>(
    document: &Document<'a>,
    url: &Url,
    row: &Row<'_, 'a>,
    headers: &mut Headers,
    seen: &mut HashMap<String, usize>,
) -> Option<Item> {
    let day = row.dated;
    let is_linked_day = dated::of_words(&day.text).is_some();
    let beside = if day.links.is_empty() || is_linked_day { day.text.as_str() } else { day.outside() };
    let beside = &*standing::unstruck_words(beside);
    let said = dates::find(beside).into_iter().next().and_then(|date| beside.get(date.span)).map(collapsed);
    let linked = || linked_day(day).map(|(_, link)| link.text.clone());
    let said = said.or_else(|| (row.headed || dated::is_day(beside)).then(|| beside.to_owned())).or_else(linked);
    let name = row.name.map(|name| standing::name(&name.text));
    let title = name.clone().or(said)?;
    document.trail.note(Fact::Title, "the row of a meeting's papers", row.name.unwrap_or(day));
    document.trail.note(Fact::Meeting, "the day in the row of a meeting's papers", day);
    let links = || row.lines.iter().flat_map(|line| &line.links).filter_map(|link| Some((link, link.url.as_ref()?)));
    let pages = || links().filter(|(link, to)| matches!(to.scheme(), "http" | "https") && !documents::is_file(&link.text, to));
    // A meeting's own page before one of a paper.
    let page = pages().find(|(link, _)| !is_paper(link)).or_else(|| pages().next());
    let named = |name: &Line<'_>| {
        let name_alone = standing::name(&name.text);
        if name.links.is_empty() { Text::line(&name_alone).or_absent() } else { meeting::body_over(&name_alone) }
    };
    let body = row.name.and_then(named).or_else(|| row.above.body());
    let (start, end) = hours(row, beside);
    let meeting = Meeting { start, end, ..Meeting::on(body, Some(row.day)) };
    let is_off = standing::is_struck(&row.name.unwrap_or(day).text)
        || row
            .lines
            .iter()
            .any(|line| line.text.len() <= OFF_BYTES_MAX && called_off::says(line.outside(), &title, Some(row.day)));
    let (key, place) = if let Some((_, to)) = page {
        (key::canonical(to), to.clone())
    } else {
        let name = name.map(|name| format!("-{}", slug(&name))).unwrap_or_default();
        let time = format!("{}{name}", row.day);
        let times = seen.entry(time.clone()).and_modify(|times| *times += 1).or_insert(1);
        let again = if *times > 1 { format!("-{times}") } else { String::new() };
        (format!("{}#{time}{again}", key::of_page(url)), url.clone())
    };
    document.trail.belongs_to(&key);
    let links: Vec<Line<'a>> = row.lines.iter().filter(|line| !line.links.is_empty()).cloned().collect();
    let told = told(row, headers);
    let mut says_where = |line: &&Line<'a>| {
        let is_column = match headers.of(line) {
            Some((column, _)) => *column == Column::Place,
            None => is_place(line),
        };
        is_column && line.kind == Kind::Cell && line.links.is_empty() && !is_time(&line.text) && !is_remark(line)
    };
    let where_it_is: Vec<Line<'a>> =
        row.lines.iter().filter(|line| !std::ptr::eq(*line, row.dated)).filter(&mut says_where).cloned().collect();
    // Where a row tells what was said, that is its text.
    let shown: Vec<Line<'a>> = if bare::is_bare(row, headers) {
        bare::said(row)
    } else if told.is_empty() {
        where_it_is.into_iter().chain(links.clone()).collect()
    } else {
        told
    };
    let own = page.is_none().then(|| document.body(&shown));
    let (text, html) = own.unzip();
    let mut item = Item {
        meeting: Some(meeting),
        stage: is_off.then_some(Stage::Cancelled),
        documents: article::attached(&links).into_iter().filter(|paper| paper.url.as_ref() != Some(&place)).collect(),
        text,
        html,
        ..Item::bare(key, Text::line(&title), place)
    };
    if let Some(said) = standing::take(&mut row.lines.to_vec()) {
        said.give(&mut item);
    }
    Some(item)
}

/// When the meeting of a row begins and ends: beside its day, or in a cell of its own.
fn hours(row: &Row<'_, '_>, beside: &str) -> (Option<NaiveTime>, Option<NaiveTime>) {
    let with_day = dates::find(beside).into_iter().next().filter(|date| date.start.is_some()).map(|date| (date.start, date.end));
    let alone = || {
        let mut cells = row.lines.iter().filter(|line| line.links.is_empty() && is_time(&line.text));
        cells.find_map(|line| dates::times(&line.text).into_iter().next()).map(|(start, end, _)| (Some(start), end))
    };
    with_day.or_else(alone).unwrap_or_default()
}

/// What a row tells beside its day, its name and its papers: "What was discussed".
fn told<'a>(row: &Row<'_, 'a>, headers: &mut Headers) -> Vec<Line<'a>> {
    const BYTES_MIN: usize = 25;
    let is_named = |line: &Line<'a>| {
        std::ptr::eq(line, row.dated) || row.name.is_some_and(|name| std::ptr::eq(line, name)) || table::cell(line).is_none()
    };
    let is_label = |line: &Line<'a>| links_papers(line) || links_files(line) || is_remark(line);
    let mut tells = |line: &&Line<'a>| {
        let tells = match headers.of(line) {
            Some((column, _)) => matches!(column, Column::Other | Column::Subject),
            None => !is_place(line),
        };
        tells && !is_named(line) && !is_label(line)
    };
    let told: Vec<Line<'a>> = row.lines.iter().filter(|line| tells(line)).cloned().collect();
    if told.iter().any(|line| line.text.len() >= BYTES_MIN) { told } else { Vec::new() }
}

/// "Children's Board" as part of a key: "children-s-board".
fn slug(name: &str) -> String {
    let folded = folded(name);
    folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}
