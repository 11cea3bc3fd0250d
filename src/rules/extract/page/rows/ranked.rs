//! Which of several days in a row of a table is the entry's: by the words over their columns, and where these do not tell,
//! one that is another in other rows.

use super::table::{self, Headers};
use crate::rules::extract::page::dated;
use crate::rules::extract::text::{Line, collapsed};
use chrono::NaiveDate;
use scraper::ElementRef;

/// Rows beside a row whose days are compared with its own.
const BESIDE: usize = 6;
/// Columns that are looked at.
const COLUMNS_MAX: usize = 64;

/// The day of an entry that is a row with several, and the line that says it; `None` for any other entry.
/// `title`: as it is compared.
pub(in crate::rules::extract::page) fn day<'l, 'a>(
    region: &[ElementRef<'a>],
    lines: &'l [Line<'a>],
    title: &str,
) -> Option<(NaiveDate, &'l Line<'a>)> {
    let [row] = region else { return None };
    if row.value().name() != "tr" {
        return None;
    }
    let is_free = |line: &&Line<'_>| line.links.is_empty() && line.folded() != title;
    let said = |line: &'l Line<'a>| Some((dated::of_words(&line.text)?, line, table::cell(line)?));
    let is_until = |(_, _, cell): &(NaiveDate, &Line<'a>, ElementRef<'a>)| table::is_of_closing(*cell);
    let mut found: Vec<_> = lines.iter().filter(is_free).filter_map(said).collect();
    let of_any = found.len();
    if of_any > 1 {
        found.retain(|found| !is_until(found));
    }
    let others_close = found.len() < of_any;
    if let [(day, line, _)] = found.as_slice() {
        return others_close.then_some((*day, *line));
    }
    let mut headers = Headers::default();
    let ranks: Vec<u8> = found.iter().map(|(_, line, _)| headers.of(line).map_or(MIDDLE, |(_, words)| rank(words))).collect();
    let first = *ranks.iter().min()?;
    let best = || found.iter().zip(&ranks).filter(|(_, rank)| **rank == first).map(|(found, _)| found);
    let (day, line, _) = best().find(|(_, _, cell)| varies(*cell, *row)).or_else(|| best().next())?;
    Some((*day, line))
}

/// Of a header that says nothing of the kind.
const MIDDLE: u8 = 2;

/// How near a day under a header is to that of publication: the less, the nearer.
fn rank(header: &str) -> u8 {
    const OWN: &[&str] = &["added", "issue", "issued", "posted", "publication", "published", "release", "released"];
    const NEAR: &[&str] = &["date", "day", "meeting", "when"];
    const FAR: &[&str] = &[
        "closes",
        "closing",
        "created",
        "deadline",
        "due",
        "effective",
        "end",
        "ends",
        "expires",
        "expiry",
        "modified",
        "next",
        "review",
        "reviewed",
        "revised",
        "updated",
        "uploaded",
        "until",
    ];
    let header = header.to_ascii_lowercase();
    let has = |known: &[&str]| header.split(|c: char| !c.is_alphanumeric()).any(|word| known.contains(&word));
    if has(FAR) {
        MIDDLE + 1
    } else if has(OWN) {
        0
    } else if has(NEAR) {
        1
    } else {
        MIDDLE
    }
}

/// Whether the same column of the rows beside says something else.
fn varies(cell: ElementRef<'_>, row: ElementRef<'_>) -> bool {
    let words = |cell: ElementRef<'_>| collapsed(&cell.text().collect::<String>());
    let column = cell.prev_siblings().filter(|node| node.value().is_element()).take(COLUMNS_MAX).count();
    let own = words(cell);
    let after = row.next_siblings().filter_map(ElementRef::wrap).take(BESIDE);
    let beside = after.chain(row.prev_siblings().filter_map(ElementRef::wrap).take(BESIDE));
    let is_other = |cell: ElementRef<'_>| dated::of_words(&words(cell)).is_some() && words(cell) != own;
    beside.filter_map(|row| row.child_elements().nth(column)).any(is_other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_of_publication_stands_before_one_of_a_change() {
        let in_order = ["Date published", "Date of decision", "Written", "Last modified"];
        assert!(in_order.windows(2).all(|pair| rank(pair[0]) < rank(pair[1])), "{in_order:?}");
        for header in ["Date modified", "Review date", "Next meeting", "Closing date", "Created on"] {
            assert!(rank(header) > rank("Date of meeting"), "{header}");
        }
    }
}
