//! `mgDelegatedDecisions.aspx` and `mgListOfficerDecisions.aspx`: decisions by title and day, which their own pages complete.

use super::own_lines;
use crate::domain::evidence::Fact;
use crate::domain::item::{Item, Outcome};
use crate::domain::text::Text;
use crate::rules::extract::document::{Document, Link};
use crate::rules::extract::page::{is_in_banner, pager};
use crate::rules::extract::text::{Kind, Line, collapsed, decoded, folded};
use crate::rules::extract::{Reading, key};
use crate::rules::facts::dates;
use chrono::NaiveDate;
use scraper::ElementRef;
use std::collections::HashMap;
use std::ops::Range;
use url::Url;

/// A row of the list: a decision, or an issue, which is none.
struct Row {
    at: usize,
    url: Url,
    key: String,
    title: String,
    is_decision: bool,
}

/// Reads a list of decisions.
pub(in crate::rules::extract) fn read(document: &Document, url: &Url) -> Reading {
    let all = document.all_lines();
    let lines = own_lines(all);
    // The site's frame has headings too, "Cookies on this site", and so have its banners.
    let heads = |line: &&Line<'_>| matches!(line.kind, Kind::Heading(1 | 2));
    let marked = lines.iter().find(|line| heads(line) && line.has_class("mgMainTitleTxt"));
    let own = marked.or_else(|| lines.iter().find(|line| heads(line) && !is_in_banner(line))).map(|line| decoded(&line.text));
    let any = document
        .all("h1, h2")
        .into_iter()
        .map(|e| decoded(&collapsed(&e.text().collect::<String>())))
        .find(|text| !text.is_empty());
    let mut reading = Reading {
        page_title: own.or(any).or_else(|| super::title_from_head(document)).and_then(|t| Text::line(&t).or_absent()),
        ..Reading::default()
    };
    let rows = rows(&lines);
    let alone = alone(&lines, &rows);
    let column = publication_column(document);
    for (nth, row) in rows.iter().enumerate().filter(|(_, row)| row.is_decision) {
        let Some(title) = Text::line(&row.title).or_absent() else {
            reading.warnings.push(format!("a decision has no title: {}", row.url));
            continue;
        };
        let before = nth.checked_sub(1).and_then(|before| rows.get(before)).map_or(0, |before| before.at + 1);
        let next = rows.get(nth + 1).map_or(lines.len(), |next| next.at);
        let published = published(&lines, row, alone.get(nth).copied().flatten(), before..next, column);
        if let Some(line) = lines.get(row.at) {
            document.trail.note(Fact::Title, "the words of the link to the decision", line);
        }
        let row_lines = lines.get(before..next).unwrap_or_default();
        if let Some(line) =
            row_lines.iter().find(|line| published.is_some_and(|day| dates::find(&line.text).iter().any(|d| d.day == day)))
        {
            document.trail.note(Fact::Published, "the day in the row's column or beside its title", line);
        }
        document.trail.belongs_to(&row.key);
        let mut item = Item::bare(row.key.clone(), title, row.url.clone());
        item.published = published;
        reading.items.push(item);
    }
    if reading.items.is_empty() && !rows.is_empty() {
        let why = format!("the list names {} issues and no decision", rows.len());
        reading.refusal = Some((Outcome::Empty, why));
    }
    if !rows.is_empty() {
        reading.listing.shown = Some(reading.items.len());
        reading.listing.total = pager::total(&lines);
        reading.listing.next_url = pager::following(document, url);
    }
    reading
}

/// Whether a page lists decisions: two or more, not as ways on from an agenda's items.
pub(in crate::rules::extract) fn lists(lines: &[Line<'_>]) -> bool {
    rows(lines).iter().filter(|row| row.is_decision).count() >= 2
}

/// One row for each decision or issue that is linked; a second link to the same only adds words.
fn rows(lines: &[Line<'_>]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (at, line) in lines.iter().enumerate() {
        for link in &line.links {
            let Some((url, is_decision)) = target(link) else { continue };
            let title = title_of(link, &url);
            if is_way_on(&title) {
                continue;
            }
            let key = key::of_page(&url);
            if let Some(row) = seen.get(&key).and_then(|nth| rows.get_mut(*nth)) {
                if row.title.is_empty() || is_more(&row.title) {
                    row.title = title;
                }
                continue;
            }
            seen.insert(key.clone(), rows.len());
            rows.push(Row { at, url, key, title, is_decision });
        }
    }
    rows
}

fn target(link: &Link) -> Option<(Url, bool)> {
    const PAGES: &[&str] = &["decisiondetails.aspx", "mgissuehistoryhome.aspx", "ieissuedetails.aspx"];
    if !link.url.may_name(PAGES) {
        return None;
    }
    let url = link.url.clone()?;
    let page = url.path().rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    match page.as_str() {
        page if page.ends_with("decisiondetails.aspx") => Some((url, true)),
        "mgissuehistoryhome.aspx" | "ieissuedetails.aspx" => Some((url, false)),
        _ => None,
    }
}

/// A title without the words for screen readers that a template has made visible: " ref: 13567".
fn title_of(link: &Link, url: &Url) -> String {
    let title = decoded(&link.text);
    let Some((before, number)) = title.rsplit_once(" ref: ") else { return title };
    let is_id = url.query_pairs().any(|(_, value)| value == number.trim());
    if is_id { before.trim_end().to_owned() } else { title }
}

/// "View the decision for item 4." leads on from another page's item.
fn is_way_on(title: &str) -> bool {
    let folded = folded(title);
    ["view the decision", "view the background", "view decision for", "find out more about this issue"]
        .iter()
        .any(|words| folded.starts_with(words))
}

fn is_more(title: &str) -> bool {
    ["read more", "more", "details", "view", "view details", "view decision"].contains(&folded(title).as_str())
}

/// For each row the highest element that holds no other.
fn alone<'a>(lines: &[Line<'a>], rows: &[Row]) -> Vec<Option<ElementRef<'a>>> {
    let mut holds = HashMap::new();
    let above = |row: &Row| {
        lines.get(row.at).map(|line| std::iter::once(*line.block).chain(line.block.ancestors()).filter_map(ElementRef::wrap))
    };
    for row in rows {
        for element in above(row).into_iter().flatten() {
            *holds.entry(element.id()).or_insert(0_usize) += 1;
        }
    }
    rows.iter().map(|row| above(row)?.take_while(|e| holds.get(&e.id()) == Some(&1) && !is_whole(*e)).last()).collect()
}

/// With one row the highest element is the page.
fn is_whole(element: ElementRef<'_>) -> bool {
    matches!(element.value().name(), "table" | "tbody" | "ul" | "ol" | "main" | "body" | "html")
        || element.value().id() == Some("modgov")
}

/// The row's publication day: in its own column, after its own label, or else the first day beside the title.
fn published(
    lines: &[Line<'_>],
    row: &Row,
    alone: Option<ElementRef<'_>>,
    between: Range<usize>,
    column: Option<usize>,
) -> Option<NaiveDate> {
    if let Some(cells) = alone.filter(|e| e.value().name() == "tr").map(cells) {
        let at = column.unwrap_or(1);
        if let Some(day) = cells.get(at).and_then(|cell| dates::whole(&collapsed(&cell.text().collect::<String>()))) {
            return day.single();
        }
    }
    let own = |line: &&Line<'_>| alone.is_some_and(|e| super::is_within(line.block, e));
    let mut near: Vec<&Line<'_>> = lines.get(between.clone()).unwrap_or_default().iter().filter(own).collect();
    if near.len() < 2 {
        // Rows without an element of their own: what follows the title belongs to it.
        near = lines.get(row.at..between.end).unwrap_or_default().iter().take(4).collect();
    }
    let words: Vec<&str> =
        near.iter().map(|line| if line.links.is_empty() { line.text.as_str() } else { line.outside() }).collect();
    let dated = |words: &&str| dates::find(words).first().and_then(dates::Date::single);
    let labelled = words.iter().find_map(|words| {
        let at = ["publication date", "published"].iter().find_map(|label| folded(words).find(label))?;
        dates::find(words.get(at..).unwrap_or_default()).first().and_then(dates::Date::single)
    });
    labelled.or_else(|| words.iter().find_map(dated))
}

fn cells(row: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    row.child_elements().filter(|e| matches!(e.value().name(), "td" | "th")).collect()
}

/// The column whose heading says "Published"; ModernGov's second one is called "Date".
fn publication_column(document: &Document) -> Option<usize> {
    document.all("tr").into_iter().take(50).find_map(|row| {
        let names: Vec<String> =
            cells(row).into_iter().map(|cell| folded(&collapsed(&cell.text().collect::<String>()))).collect();
        names.iter().position(|name| name.len() <= 40 && (name.starts_with("publi") || name.starts_with("date publi")))
    })
}
