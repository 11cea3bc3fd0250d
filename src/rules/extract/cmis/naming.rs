//! Whose meeting a row of a list is, where its link says only when: what a column is called tells names from places, and a
//! committee's own page names it once, above the list.

use super::super::document::Document;
use super::super::key;
use super::super::page::headline;
use super::super::text::{bare_name, collapsed, folded};
use super::meeting::KINDS;
use crate::domain::item::Item;
use crate::domain::text::Text;
use crate::rules::facts::dates;
use scraper::ElementRef;
use std::collections::HashMap;

/// Columns that name what meets.
const NAMES: &[&str] = &["body", "committee", "committee name", "meeting", "meeting name", "name", "title"];
/// Columns that never do.
const OTHERS: &[&str] = &[
    "agenda",
    "date",
    "date and time",
    "date/time",
    "decisions",
    "documents",
    "location",
    "minutes",
    "papers",
    "place",
    "reports",
    "status",
    "time",
    "venue",
];
/// Words of which one is in the name of what meets.
const BODIES: &[&str] = &[
    "assembly",
    "authority",
    "board",
    "cabinet",
    "commission",
    "committee",
    "conference",
    "council",
    "executive",
    "forum",
    "group",
    "panel",
    "trust",
];
/// Longest name, in bytes.
const NAME_BYTES_MAX: usize = 160;

/// Gives such meetings their names.
pub(super) fn name(document: &Document, items: &mut [Item]) {
    let links = document.all("a[href]");
    let mut days: HashMap<String, ElementRef<'_>> = HashMap::new();
    for link in links {
        let words = collapsed(&link.text().collect::<String>());
        let to = link.attr("href").filter(|_| is_only_a_day(&words)).and_then(|href| document.base.join(href.trim()).ok());
        if let Some(to) = to {
            days.entry(key::canonical(&to)).or_insert(link);
        }
    }
    if days.is_empty() {
        return;
    }
    let page = of_page(document);
    for item in items {
        let Some(link) = days.get(&item.key) else { continue };
        let given = item.title.as_str();
        // Where no table says what a cell is, its words must.
        let beside = || Some(given.to_owned()).filter(|given| row(*link).is_none() && names_body(given));
        let name = in_row(*link).or_else(beside).or_else(|| page.clone());
        let words = || collapsed(&link.text().collect::<String>());
        item.title = Text::line(&name.clone().unwrap_or_else(words));
        if let Some(meeting) = &mut item.meeting {
            meeting.body = name.as_deref().and_then(|name| Text::line(name).or_absent());
        }
    }
}

/// "01/Dec/2026 18:30"
fn is_only_a_day(words: &str) -> bool {
    let found = dates::find(words);
    let [day] = found.as_slice() else { return false };
    let around = [words.get(..day.span.start), words.get(day.span.end..)];
    words.len() <= NAME_BYTES_MAX && around.into_iter().flatten().all(|part| !part.chars().any(char::is_alphabetic))
}

/// The committee whose page it is.
fn of_page(document: &Document) -> Option<String> {
    let all = document.all_lines();
    let fits = |words: &str| !KINDS.contains(&folded(words).as_str()) && words.len() <= NAME_BYTES_MAX && names_body(words);
    let whole = headline(document, all).filter(|words| fits(words));
    whole.or_else(|| all.iter().find(|line| line.is_heading() && !line.chrome && fits(&line.text)).map(|line| line.text.clone()))
}

fn row(link: ElementRef<'_>) -> Option<ElementRef<'_>> {
    link.ancestors().filter_map(ElementRef::wrap).find(|element| element.value().name() == "tr")
}

fn cells(row: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    row.child_elements().filter(|cell| matches!(cell.value().name(), "td" | "th")).collect()
}

/// The cell of the link's row that names what meets.
fn in_row(link: ElementRef<'_>) -> Option<String> {
    let row = row(link)?;
    let table = row.ancestors().filter_map(ElementRef::wrap).find(|element| element.value().name() == "table")?;
    let words = |cell: ElementRef<'_>| collapsed(&cell.text().collect::<Vec<_>>().join(" "));
    let head = table.descendent_elements().find(|e| e.value().name() == "tr").filter(|head| head.id() != row.id());
    let heads: Vec<String> = head.map(cells).unwrap_or_default().into_iter().map(|cell| folded(&words(cell))).collect();
    let is_other = |cell: &ElementRef<'_>| !cell.descendants().any(|below| below.id() == link.id());
    let named = |known: &str| NAMES.contains(&known);
    let rated = cells(row).into_iter().enumerate().filter(|(_, cell)| is_other(cell)).filter_map(|(at, cell)| {
        let head = heads.get(at).map_or("", String::as_str);
        let words = words(cell);
        let fits =
            !words.is_empty() && words.len() <= NAME_BYTES_MAX && !OTHERS.contains(&head) && dates::find(&words).is_empty();
        (fits && (named(head) || names_body(&words))).then(|| (named(head), bare_name(&words).to_owned()))
    });
    let rated: Vec<(bool, String)> = rated.collect();
    rated.iter().find(|(by_head, _)| *by_head).or(rated.first()).map(|(_, name)| name.clone())
}

fn names_body(words: &str) -> bool {
    folded(words).split(|c: char| !c.is_alphanumeric()).any(|word| BODIES.contains(&word))
}
