//! What the header of a table says of its columns, and where in it a line stands.

use crate::domain::text::Text;
use crate::rules::extract::page::dated;
use crate::rules::extract::text::{Line, collapsed, folded};
use crate::rules::facts::{documents, meeting};
use ego_tree::NodeId;
use scraper::ElementRef;
use std::collections::HashMap;

/// What a column holds, by the words of its header.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::rules::extract::page) enum Column {
    /// The day of the meeting.
    Day,
    /// The day on which something was published.
    Published,
    /// What the row is called.
    Name,
    /// What the row is about, where that is no meeting: a decision, a story.
    Subject,
    /// What the paper is called that another column holds.
    Paper,
    /// Papers.
    Papers,
    /// Where, at what time, in which state.
    Place,
    /// Anything else: what was said, most often.
    Other,
}

/// Elements around a line that are looked at for its cell, and rows of a table for its header.
const NEAR: usize = 6;
const ROWS: usize = 2;
/// Columns, and elements before a second row, that are looked at.
const COLUMNS_MAX: usize = 64;
const ELEMENTS_MAX: usize = 500;

/// The cell that a line stands in.
pub(super) fn cell<'a>(line: &Line<'a>) -> Option<ElementRef<'a>> {
    let above = std::iter::once(line.block).chain(line.block.ancestors().filter_map(ElementRef::wrap)).take(NEAR);
    above.take_while(|e| e.value().name() != "table").find(|e| matches!(e.value().name(), "td" | "th"))
}

/// The row of a table that a line stands in.
pub(in crate::rules::extract::page) fn row<'a>(line: &Line<'a>) -> Option<ElementRef<'a>> {
    cell(line)?.parent().and_then(ElementRef::wrap).filter(|row| row.value().name() == "tr")
}

/// The table that a line stands in a row of.
pub(in crate::rules::extract::page) fn of<'a>(line: &Line<'a>) -> Option<ElementRef<'a>> {
    table(row(line)?)
}

fn table(row: ElementRef<'_>) -> Option<ElementRef<'_>> {
    row.ancestors().take(NEAR).filter_map(ElementRef::wrap).find(|e| e.value().name() == "table")
}

/// The headers of a page's tables, each read once.
#[derive(Default)]
pub(super) struct Headers {
    known: HashMap<NodeId, Vec<(Column, String)>>,
}

impl Headers {
    /// What the header says of a line's column: its kind, and its words.
    pub(super) fn of(&mut self, line: &Line<'_>) -> Option<&(Column, String)> {
        let column = self.column(line)?;
        let table = table(row(line)?)?;
        self.known.get(&table.id())?.get(column)
    }

    /// Whether the table of a line has a header with such a column; `None` where it has no header.
    pub(super) fn has(&mut self, line: &Line<'_>, wanted: Column) -> Option<bool> {
        let table = table(row(line)?)?;
        let columns = self.columns(table);
        (!columns.is_empty()).then(|| columns.iter().any(|(column, _)| *column == wanted))
    }

    /// Whether the header over a line has a column of meetings, or of the bodies that meet.
    pub(super) fn names_meetings(&mut self, line: &Line<'_>) -> bool {
        const WORDS: &[&str] = &["board", "body", "committee", "meeting", "meetings", "panel"];
        let says_so = |words: &str| folded(words).split(|c: char| !c.is_alphanumeric()).any(|word| WORDS.contains(&word));
        self.names(line, |(column, words)| *column == Column::Name && says_so(words))
    }

    /// Whether the header over a line has a column of which this is true.
    fn names(&mut self, line: &Line<'_>, is: impl Fn(&(Column, String)) -> bool) -> bool {
        row(line).and_then(table).is_some_and(|table| self.columns(table).iter().any(is))
    }

    fn column(&mut self, line: &Line<'_>) -> Option<usize> {
        let table = table(row(line)?)?;
        let columns = self.columns(table).len();
        let cell = cell(line)?;
        Some(place(cell, row(line)?, columns))
    }

    fn columns(&mut self, table: ElementRef<'_>) -> &[(Column, String)] {
        self.known.entry(table.id()).or_insert_with(|| header(table))
    }
}

/// The column of a cell, counted with the cells of rows above that reach down to its row: a year beside all its meetings.
pub(in crate::rules::extract::page) fn column_of(cell: ElementRef<'_>) -> usize {
    let Some(row) = cell.parent().and_then(ElementRef::wrap) else { return 0 };
    let first = row.parent().and_then(|rows| rows.children().find_map(ElementRef::wrap)).map_or(0, width);
    place(cell, row, first)
}

/// The same in a table of so many columns.
fn place(cell: ElementRef<'_>, row: ElementRef<'_>, columns: usize) -> usize {
    let before = cell.prev_siblings().filter_map(ElementRef::wrap).take(COLUMNS_MAX);
    let own: usize = before.map(|before| span(before, "colspan")).sum();
    if width(row) >= columns {
        return own;
    }
    let mut above: Vec<usize> = spanning(row).map(|(column, _)| column).collect();
    above.sort_unstable();
    // Each stands left of the cell when those before it are counted.
    above.into_iter().fold(own, |place, column| place + usize::from(column <= place))
}

/// How many columns the cells of a row take themselves.
fn width(row: ElementRef<'_>) -> usize {
    row.child_elements().take(COLUMNS_MAX).map(|cell| span(cell, "colspan")).sum()
}

/// Rows above a row whose cells may reach down to it: a year of weekly meetings.
const REACH: usize = 53;

/// The cells of the rows above that reach down to a row, each with its place in its own row.
pub(super) fn spanning(row: ElementRef<'_>) -> impl Iterator<Item = (usize, ElementRef<'_>)> {
    let above = row.prev_siblings().filter_map(ElementRef::wrap).take(REACH).enumerate();
    above.flat_map(|(distance, above)| {
        let cells = above.child_elements().take(COLUMNS_MAX).enumerate();
        cells.filter(move |(_, cell)| span(*cell, "rowspan") > distance + 1).collect::<Vec<_>>()
    })
}

/// Whether a line is a cell that heads rows: those that it reaches down to, or those that follow the row that it has for itself.
pub(in crate::rules::extract::page) fn heads_rows(line: &Line<'_>) -> bool {
    let is_only = |cell: ElementRef<'_>| {
        let mut others = cell.next_siblings().chain(cell.prev_siblings()).filter(|node| node.value().is_element());
        others.next().is_none() && (cell.value().name() == "th" || span(cell, "colspan") > 1)
    };
    cell(line).is_some_and(|cell| span(cell, "rowspan") > 1 || is_only(cell))
}

/// Whether a line stands in the first cell of its row, but for those that say no more than what is passed over.
pub(in crate::rules::extract::page) fn opens_row(line: &Line<'_>, is_passed: impl Fn(&str) -> bool) -> bool {
    let passed = |before: ElementRef<'_>| is_passed(&collapsed(&before.text().collect::<String>()));
    row(line).is_some() && cell(line).is_some_and(|cell| cell.prev_siblings().filter_map(ElementRef::wrap).all(passed))
}

/// How many columns or rows a cell takes.
fn span(cell: ElementRef<'_>, attribute: &str) -> usize {
    cell.attr(attribute).and_then(|span| span.trim().parse().ok()).unwrap_or(1).clamp(1, COLUMNS_MAX)
}

/// The columns of a table whose first row is a header.
fn header(table: ElementRef<'_>) -> Vec<(Column, String)> {
    let mut rows = table.descendent_elements().take(ELEMENTS_MAX).filter(|e| e.value().name() == "tr").take(ROWS);
    let first = rows.next();
    let header = first.filter(|row| is_header(*row) || names_columns(*row)).or_else(|| rows.find(|row| is_header(*row)));
    let of_cell = |cell: ElementRef<'_>| std::iter::repeat_n(named(cell), span(cell, "colspan"));
    let of_row = |row: ElementRef<'_>| row.child_elements().take(COLUMNS_MAX).flat_map(of_cell).take(COLUMNS_MAX).collect();
    let columns: Vec<(Column, String)> = header.map(of_row).or_else(|| first.and_then(named_by_cells)).unwrap_or_default();
    let columns = with_files(columns, table);
    let papers = columns.iter().filter(|(column, _)| *column == Column::Papers).count();
    if papers < 2 { columns } else { without_titles(columns, table) }
}

/// "File" over links: elsewhere the kind and the size of one stand there.
fn with_files(mut columns: Vec<(Column, String)>, table: ElementRef<'_>) -> Vec<(Column, String)> {
    const HEADERS: &[&str] = &["file", "link", "open", "pdf", "read", "view"];
    let is_named = |(column, words): &(Column, String)| *column == Column::Other && HEADERS.contains(&&*folded(words));
    if columns.iter().any(is_named) {
        let rows = first_that_lead(table);
        for (at, (column, _)) in columns.iter_mut().enumerate().filter(|(_, column)| is_named(column)) {
            if !rows.is_empty() && rows.iter().all(|row| row.child_elements().nth(at).is_some_and(links)) {
                *column = Column::Papers;
            }
        }
    }
    columns
}

/// The first rows of a table that lead anywhere.
fn first_that_lead(table: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    const SAMPLE: usize = 3;
    let rows = table.descendent_elements().take(ELEMENTS_MAX).filter(|e| e.value().name() == "tr" && !is_header(*e));
    rows.filter(|row| row.child_elements().any(links)).take(SAMPLE).collect()
}

/// "Report" over titles, where another column holds the files: there it is what a row is about.
fn without_titles(mut columns: Vec<(Column, String)>, table: ElementRef<'_>) -> Vec<(Column, String)> {
    let rows = first_that_lead(table);
    let is_title = |cell: ElementRef<'_>| {
        let words = collapsed(&cell.text().collect::<String>());
        !links(cell) && words.contains(' ') && !documents::is_to_follow(&words) && !super::is_remark_in(&folded(&words))
    };
    for (at, (column, _)) in columns.iter_mut().enumerate().filter(|(_, (column, _))| *column == Column::Papers) {
        if !rows.is_empty() && rows.iter().all(|row| row.child_elements().nth(at).is_some_and(is_title)) {
            *column = Column::Paper;
        }
    }
    columns
}

fn links(cell: ElementRef<'_>) -> bool {
    cell.descendent_elements().any(|e| e.value().name() == "a")
}

/// The columns of a table without a header whose cells say what heads them: `headers="EventName"` (HTML §4.9.11).
fn named_by_cells(row: ElementRef<'_>) -> Option<Vec<(Column, String)>> {
    let parted = |name: &str| {
        let mut words = String::with_capacity(name.len() + 4);
        for c in name.chars() {
            if c.is_uppercase() && words.ends_with(|before: char| before.is_lowercase()) {
                words.push(' ');
            }
            words.push(c);
        }
        words
    };
    let cells = row.child_elements().take(COLUMNS_MAX).map(|cell| parted(cell.attr("headers").unwrap_or_default()));
    let columns: Vec<(Column, String)> = cells.map(|words| (kind(&words), words)).collect();
    let has = |wanted: &[Column]| columns.iter().any(|(column, _)| wanted.contains(column));
    (has(&[Column::Day, Column::Published]) && has(&[Column::Name, Column::Subject])).then_some(columns)
}

/// Whether a first row of plain cells names columns: short words without a number or a link, one of which is a day's.
fn names_columns(row: ElementRef<'_>) -> bool {
    const BYTES_MAX: usize = 30;
    let cells: Vec<(Column, String)> = row.child_elements().take(COLUMNS_MAX).map(named).collect();
    let is_name = |words: &str| words.len() <= BYTES_MAX && !words.contains(|c: char| c.is_ascii_digit());
    let has_link = row.descendent_elements().any(|e| e.value().name() == "a");
    let of = |column: Column| cells.iter().any(|(own, _)| *own == column);
    let names_day = of(Column::Day) || of(Column::Published);
    cells.len() > 1 && !has_link && cells.iter().all(|(_, words)| is_name(words)) && names_day
}

/// Whether a row heads its columns.
pub(super) fn is_header(row: ElementRef<'_>) -> bool {
    let in_head = row.parent().and_then(ElementRef::wrap).is_some_and(|parent| parent.value().name() == "thead");
    in_head || (row.child_elements().count() > 1 && row.child_elements().all(|cell| cell.value().name() == "th"))
}

/// Whether a line heads a column: its row names several, and rows of values stand below it. Words that label one thing where
/// they stand beside its value label a whole list there.
pub(in crate::rules::extract) fn heads_column(line: &Line<'_>) -> bool {
    const CELLS_MIN: usize = 3;
    let Some(own) = row(line) else { return false };
    let names_several = || own.child_elements().take(CELLS_MIN).count() == CELLS_MIN && names_columns(own);
    let is_first = || own.prev_siblings().all(|before| !before.value().is_element());
    let is_of_values = |row: &ElementRef<'_>| row.value().name() == "tr" && row.id() != own.id() && !is_header(*row);
    (is_header(own) || (is_first() && names_several()))
        && table(own).is_some_and(|table| table.descendent_elements().any(|e| is_of_values(&e)))
}

fn named(cell: ElementRef<'_>) -> (Column, String) {
    let words = collapsed(&cell.text().collect::<Vec<_>>().join(" "));
    (kind(&words), words)
}

/// The kind of column that a header's words name.
fn kind(header: &str) -> Column {
    const PUBLISHED: &[&str] = &["added", "created", "modified", "posted", "published", "publication", "updated", "uploaded"];
    const NAMES: &[&str] = &["board", "body", "committee", "event", "group", "meeting", "meetings", "name", "panel", "title"];
    const SUBJECTS: &[&str] =
        &["article", "decision", "decisions", "issue", "item", "news", "story", "subject", "topic", "update"];
    const PAPERS: &[&str] = &[
        "agenda",
        "agendas",
        "attachments",
        "documents",
        "download",
        "downloads",
        "files",
        "links",
        "minutes",
        "notes",
        "pack",
        "papers",
        "presentations",
        "recording",
        "report",
        "reports",
        "slides",
        "webcast",
    ];
    let folded = folded(header);
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let has = |known: &[&str]| words.iter().any(|word| known.contains(word));
    if folded.starts_with("agenda item") {
        Column::Subject
    } else if has(&["date", "dates", "day", "when"]) {
        if has(PUBLISHED) { Column::Published } else { Column::Day }
    } else if has(PUBLISHED) {
        Column::Published
    } else if has(PAPERS) {
        Column::Papers
    } else if has(&[
        "time", "venue", "location", "place", "room", "where", "status", "chair", "duration", "length", "type", "size",
    ]) {
        Column::Place
    } else if has(&["by", "id", "maker", "makers", "number", "ref", "reference", "who"]) {
        Column::Other
    } else if has(SUBJECTS) {
        Column::Subject
    } else if has(NAMES) {
        Column::Name
    } else {
        Column::Other
    }
}

/// Whether a line stands in a column of papers.
pub(in crate::rules::extract::page) fn is_of_papers(line: &Line<'_>) -> bool {
    Headers::default().of(line).is_some_and(|(column, _)| *column == Column::Papers)
}

/// The body that a cell of the row that a link stands in names.
pub(in crate::rules::extract::page) fn body_beside(link: ElementRef<'_>) -> Option<Text> {
    let row = link.ancestors().take(NEAR).filter_map(ElementRef::wrap).find(|above| above.value().name() == "tr")?;
    let words = |cell: ElementRef<'_>| collapsed(&cell.text().collect::<Vec<_>>().join(" "));
    row.child_elements().take(COLUMNS_MAX).find_map(|cell| meeting::body_over(&words(cell)))
}

/// Whether a line stands in a table that names its papers in one column and holds them in another.
pub(in crate::rules::extract::page) fn names_papers(line: &Line<'_>) -> bool {
    Headers::default().has(line, Column::Paper) == Some(true)
}

/// Whether a line stands in a column of days of publication.
pub(in crate::rules::extract::page) fn is_day_of_publication(line: &Line<'_>) -> bool {
    Headers::default().of(line).is_some_and(|(column, _)| *column == Column::Published)
}

/// Whether a line stands in a column of days of meetings: "Date of meeting", or "Date" beside "Meeting".
pub(in crate::rules::extract::page) fn is_day_of_meeting(line: &Line<'_>) -> bool {
    let mut headers = Headers::default();
    let says_so =
        |words: &str| folded(words).split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "meeting" | "meetings"));
    let Some((Column::Day, words)) = headers.of(line) else { return false };
    says_so(words) || headers.names(line, |(column, words)| *column == Column::Name && says_so(words))
}

/// Whether an element stands in a column of days until which something can be done: "Closing date".
pub(in crate::rules::extract::page) fn is_of_closing(element: ElementRef<'_>) -> bool {
    const WORDS: &[&str] =
        &["cau", "close", "closed", "closes", "closing", "deadline", "due", "end", "ended", "ends", "expires", "expiry", "until"];
    let is_cell = |e: &ElementRef<'_>| matches!(e.value().name(), "td" | "th");
    let around = std::iter::once(element).chain(element.ancestors().filter_map(ElementRef::wrap)).take(NEAR);
    let Some(cell) = around.take_while(|e| e.value().name() != "table").find(is_cell) else { return false };
    let Some(row) = cell.parent().and_then(ElementRef::wrap).filter(|row| row.value().name() == "tr") else { return false };
    let columns = table(row).map(header).unwrap_or_default();
    let named = columns.get(place(cell, row, columns.len()));
    let says = |words: &str| folded(words).split(|c: char| !c.is_alphanumeric()).any(|word| WORDS.contains(&word));
    named.is_some_and(|(_, words)| dated::says_until(words) || says(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_says_what_its_column_holds() {
        let check = |header: &str, expect: Column| assert_eq!(kind(header), expect, "{header}");
        check("Date", Column::Day);
        check("Date of meeting", Column::Day);
        check("Meeting date", Column::Day);
        check("Date published", Column::Published);
        check("Last updated", Column::Published);
        check("Meeting", Column::Name);
        check("Committee", Column::Name);
        check("Venue", Column::Place);
        check("Time", Column::Place);
        check("What was discussed", Column::Other);
        check("Topic", Column::Subject);
        check("Decision", Column::Subject);
        check("Agenda and papers", Column::Papers);
        check("Meeting papers", Column::Papers);
        check("Agenda item", Column::Subject);
        check("Decision maker", Column::Other);
        check("Decision reference", Column::Other);
    }
}
