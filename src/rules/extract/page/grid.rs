//! A month as calendars show it: a table with a row for each week under the names of its days, and what is on in the cells.

use super::{dated, rows};
use crate::rules::extract::text::{Line, collapsed, folded};
use ego_tree::NodeId;
use rustc_hash::FxHashMap;
use scraper::ElementRef;

/// Rows that are looked at: the month's name may stand above those of the days.
const ROWS: usize = 3;
/// A week has so many days; some calendars leave its end out, or number it.
const DAYS: std::ops::RangeInclusive<usize> = 5..=8;

/// Which tables of a page are such.
#[derive(Default)]
pub(super) struct Grids(FxHashMap<NodeId, bool>);

impl Grids {
    pub(super) fn has(&mut self, line: &Line<'_>) -> bool {
        rows::table_of(line).is_some_and(|table| *self.0.entry(table.id()).or_insert_with(|| is_month(table)))
    }
}

/// Whether a cell is one day of a month: what stands in another column of it is no other kind of thing.
pub(super) fn is_day(cell: ElementRef<'_>) -> bool {
    let above = |name: &'static str| {
        cell.ancestors().take(ROWS).filter_map(ElementRef::wrap).find(move |above| above.value().name() == name)
    };
    let is_week = above("tr").is_some_and(|row| DAYS.contains(&row.child_elements().take(DAYS.end() + 1).count()));
    is_week && above("table").is_some_and(is_month)
}

/// Whether a cell is one of several in its row that each hold a day which leads on: a body's meetings, month by month.
pub(super) fn is_one_of_days(cell: ElementRef<'_>) -> bool {
    const BYTES_MAX: usize = 40;
    let is_one = |cell: ElementRef<'_>| {
        let words = collapsed(&cell.text().take(6).collect::<String>());
        let leads_on = || cell.descendent_elements().any(|e| e.value().name() == "a");
        words.len() <= BYTES_MAX && words.contains(|c: char| c.is_ascii_digit()) && leads_on() && dated::is_day(&words)
    };
    let mut beside = cell.prev_siblings().chain(cell.next_siblings()).filter_map(ElementRef::wrap).take(2 * DAYS.end());
    is_one(cell) && beside.any(is_one)
}

/// Whether an element is one week of a month: what stands in it is of one of its days.
pub(super) fn is_week(element: ElementRef<'_>) -> bool {
    element.value().name() == "tr" && element.child_elements().next().is_some_and(is_day)
}

/// Whether one of the first rows names the days of a week.
fn is_month(table: ElementRef<'_>) -> bool {
    const NAMES: &[&str] = &["mo", "tu", "we", "th", "fr", "sa", "su", "ll", "ma", "me", "ia", "gw"];
    const BYTES_MAX: usize = 12;
    let rows = table.descendent_elements().filter(|element| element.value().name() == "tr").take(ROWS);
    let names_day = |cell: ElementRef<'_>| {
        let words = folded(&cell.text().take(ROWS).collect::<String>());
        words.len() <= BYTES_MAX && words.get(..2).is_some_and(|start| NAMES.contains(&start))
    };
    let mut weeks = rows.map(|row| row.child_elements().take(DAYS.end() + 1).filter(|cell| names_day(*cell)).count());
    weeks.any(|named| DAYS.contains(&named))
}
