//! CMIS's calendar of a month: each day once, without its year, and below it the meetings of that day.
//!
//! The year stands over the table. It counts only where the day's weekday agrees: a calendar shows days of the months
//! before and after its own.

use super::super::document::Document;
use super::super::key;
use crate::domain::item::Item;
use crate::rules::facts::dates;
use chrono::NaiveDate;
use std::collections::{BTreeSet, HashMap};

/// Gives the meetings of a calendar their days.
pub(super) fn date(document: &Document, items: &mut [Item]) {
    let days = days(document);
    for item in items {
        if let Some(meeting) = item.meeting.as_mut().filter(|meeting| meeting.date.is_none()) {
            meeting.date = days.get(&item.key).copied();
        }
    }
}

/// The day of each meeting, by the meeting's key.
fn days(document: &Document) -> HashMap<String, NaiveDate> {
    if document.first(".SimpleCalendarDate:not(a)").is_none() {
        return HashMap::new();
    }
    let cells = document.all(".SimpleCalendarDate, .Meeting a[href]");
    let years: BTreeSet<i32> =
        document.all_lines().iter().filter(|line| line.text.len() <= 80).flat_map(|line| years(&line.text)).collect();
    let mut found = HashMap::new();
    let mut day = None;
    for cell in cells {
        if cell.value().name() != "a" {
            day = day_of(&cell.text().collect::<String>(), &years);
        } else if let (Some(day), Some(url)) = (day, cell.attr("href").and_then(|href| document.base.join(href).ok())) {
            found.entry(key::canonical(&url)).or_insert(day);
        }
    }
    found
}

/// Years that a short line names: "June 2027".
fn years(text: &str) -> impl Iterator<Item = i32> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| word.len() == 4)
        .filter_map(|word| word.parse().ok())
        .filter(|year| (1990..2100).contains(year))
}

/// "Monday, 8 June" in the only one of the years whose calendar agrees.
fn day_of(text: &str, years: &BTreeSet<i32>) -> Option<NaiveDate> {
    let text = text.trim();
    let whole = |text: &str| dates::find(text).first()?.single();
    let agrees = |day: &NaiveDate| text.starts_with(&day.format("%A").to_string());
    // Only in the weeks around New Year does a calendar show days of another year than its own.
    let reach = i32::from(["December", "January"].iter().any(|month| text.contains(month)));
    let near: BTreeSet<i32> = years.iter().flat_map(|year| year - reach..=year + reach).collect();
    let mut found = near.iter().filter_map(|year| whole(&format!("{text} {year}"))).filter(agrees);
    let first = found.next().filter(|_| found.next().is_none());
    first.or_else(|| whole(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_takes_the_year_in_which_its_weekday_agrees() {
        let check = |text: &str, named: &[i32], expect: Option<&str>| {
            let years = named.iter().copied().collect();
            assert_eq!(day_of(text, &years).map(|day| day.to_string()).as_deref(), expect, "{text}");
        };
        check("Monday, 7 June", &[2027], Some("2027-06-07"));
        check("Friday, 1 January", &[2026], Some("2027-01-01"));
        check("Monday, 8 June", &[2010], None);
        check("Monday, 7 June", &[], None);
        check("7 June 2027", &[], Some("2027-06-07"));
    }
}
