//! Tables and lists that stand in another order: the same rows, the other way round or sorted by one of their columns. In which order a
//! system sets rows that say the same is layout, and so is whether a table has a caption. A list that is in no order that it shows may
//! be in one that tells something; what is numbered is.

use super::{Said, links};
use crate::domain::item::Item;
use crate::domain::text::SafeHtml;
use crate::rules::facts::dates;
use ego_tree::iter::Edge;
use scraper::node::Element;
use scraper::{Html, Node};
use std::collections::BTreeMap;

/// Rows of more tell nothing that is worth the time of sorting them.
const ROWS_MAX: usize = 5000;

/// Whether the texts of two contents differ in no more than that.
pub(super) fn are_only_sorted(before: &Item, now: &Item) -> bool {
    let (Some(was), Some(is)) = (&before.html, &now.html) else { return false };
    if before.text == now.text || !has_rows(was) || !has_rows(is) {
        return false;
    }
    let (was, is) = (parts(was), parts(is));
    was.len() == is.len() && was.iter().zip(&is).all(|(was, is)| was.is_same(is))
}

fn has_rows(html: &SafeHtml) -> bool {
    html.as_str().contains("<tr>") || html.as_str().contains("<ul>")
}

/// A stretch of a text.
#[derive(Default)]
struct Part {
    /// Whether it is made of rows.
    is_of_rows: bool,
    caption: String,
    /// What the cells of each row say; of what is no table, its words as one cell.
    rows: Vec<Vec<String>>,
}

impl Part {
    fn cell(&mut self, words: String) {
        if let Some(row) = self.rows.last_mut() {
            row.push(words);
        }
    }

    fn is_same(&self, now: &Self) -> bool {
        if self.is_of_rows != now.is_of_rows || self.rows.len() != now.rows.len() || self.rows.len() > ROWS_MAX {
            return false;
        }
        let has_figure = |caption: &str| caption.contains(|c: char| c.is_ascii_digit());
        let is_captioned_alike = match (self.caption.as_str(), now.caption.as_str()) {
            ("", one) | (one, "") => !has_figure(one),
            (was, is) => are_alike(was, is),
        };
        is_captioned_alike && self.are_same_rows(now)
    }

    fn are_same_rows(&self, now: &Self) -> bool {
        let same = |(was, is): (&Vec<String>, &Vec<String>)| {
            was.len() == is.len() && was.iter().zip(is).all(|(was, is)| are_alike(was, is))
        };
        // What columns are called stays above them.
        let heads = self.rows.iter().zip(&now.rows).take_while(|pair| same(*pair)).count().min(1);
        let (was, is) = (self.rows.get(heads..).unwrap_or_default(), now.rows.get(heads..).unwrap_or_default());
        if was.iter().zip(is).all(same) {
            return true;
        }
        if !self.is_of_rows {
            return false;
        }
        let is_turned = || was.iter().zip(is.iter().rev()).all(same);
        is_turned() || are_same_in_any_order(was, is) && is_sorted(is)
    }
}

fn are_alike(was: &str, is: &str) -> bool {
    was == is || {
        let (was, is) = (Said::however_spelt(was), Said::however_spelt(is));
        (was.words == is.words || was.is_same(&is)) && was.agrees(&is)
    }
}

fn are_same_in_any_order(was: &[Vec<String>], is: &[Vec<String>]) -> bool {
    let plain = |rows: &[Vec<String>]| {
        let mut rows: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|cell| Said::however_spelt(cell).words).collect()).collect();
        rows.sort();
        rows
    };
    plain(was) == plain(is)
}

/// Whether rows are in the order of one of their columns.
fn is_sorted(rows: &[Vec<String>]) -> bool {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    (0..columns).any(|column| {
        let words = || rows.iter().map(move |row| row.get(column).map_or("", String::as_str));
        let days: Option<Vec<_>> = words().map(day).collect();
        let amounts: Option<Vec<_>> = words().map(amount).collect();
        let folded: Vec<String> = words().map(|words| Said::of(words).words).collect();
        days.is_some_and(|days| is_monotone(&days))
            || amounts.is_some_and(|amounts| is_monotone(&amounts))
            || is_monotone(&folded)
    })
}

fn is_monotone<T: PartialOrd>(values: &[T]) -> bool {
    let pairs = || values.iter().zip(values.iter().skip(1));
    pairs().any(|(one, next)| one != next) && (pairs().all(|(one, next)| one <= next) || pairs().all(|(one, next)| one >= next))
}

fn day(words: &str) -> Option<chrono::NaiveDate> {
    dates::find(words).first().map(|date| date.day)
}

/// "£1,250" → 1250.
fn amount(words: &str) -> Option<f64> {
    let words = words.trim_matches(|c: char| matches!(c, '£' | '$' | '%' | ' '));
    let is_figure = words.starts_with(|c: char| c.is_ascii_digit());
    words.replace(',', "").parse().ok().filter(|_| is_figure)
}

/// The parts of a text, those of rows each by itself. Lists within lists and tables within tables are words.
fn parts(html: &SafeHtml) -> Vec<Part> {
    let fragment = Html::parse_fragment(html.as_str());
    let targets = links(html).into_iter().map(|(key, url)| (url.to_string(), key)).collect();
    let mut parting = Parting { parts: vec![Part::default()], words: String::new(), within: None, depth: 0, targets };
    for edge in fragment.root_element().traverse() {
        match edge {
            Edge::Open(node) => {
                if let Node::Text(text) = node.value() {
                    parting.words.push_str(text);
                } else if let Node::Element(element) = node.value() {
                    parting.open(element);
                }
            }
            Edge::Close(node) => {
                if let Node::Element(element) = node.value() {
                    parting.close(element.name());
                }
            }
        }
    }
    parting.end()
}

/// A text that is being parted.
struct Parting {
    parts: Vec<Part>,
    words: String,
    /// The table or the list that is open…
    within: Option<String>,
    /// …and how many of the same within it.
    depth: usize,
    /// What addresses lead to.
    targets: BTreeMap<String, String>,
}

impl Parting {
    fn open(&mut self, element: &Element) {
        let (name, depth) = (element.name(), self.depth);
        let words = match (self.within.as_deref(), name) {
            (None, "table" | "ul") => {
                self.put(|words, part| part.rows.push(vec![words]));
                self.parts.push(Part { is_of_rows: true, ..Part::default() });
                self.within = Some(name.to_owned());
                return;
            }
            (Some(of), _) if name == of => {
                self.depth += 1;
                return;
            }
            (Some("table"), "tr") if depth == 0 => return self.put(|_, part| part.rows.push(Vec::new())),
            (Some("table"), "td" | "th" | "caption") | (Some("ul"), "li") if depth == 0 => return self.words.clear(),
            // Which row leads where is part of what it says.
            (Some(_), "a") => {
                let to = element.attr("href").unwrap_or_default();
                self.targets.get(to).map_or(to, String::as_str).to_owned() + " "
            }
            (_, name) if is_within_words(name) => return,
            _ => "\n".to_owned(),
        };
        self.words.push_str(&words);
    }

    fn close(&mut self, name: &str) {
        let depth = self.depth;
        match (self.within.as_deref(), name) {
            (Some(of), _) if name == of && depth > 0 => self.depth -= 1,
            (Some(of), _) if name == of => {
                self.words.clear();
                self.parts.push(Part::default());
                self.within = None;
            }
            (Some("table"), "caption") if depth == 0 => self.put(|words, part| part.caption = words),
            (Some("table"), "td" | "th") if depth == 0 => self.put(|words, part| part.cell(words)),
            (Some("ul"), "li") if depth == 0 => self.put(|words, part| part.rows.push(vec![words])),
            (_, name) if is_within_words(name) => {}
            _ => self.words.push('\n'),
        }
    }

    /// Does this with the words so far, and what is open.
    fn put(&mut self, does: impl FnOnce(String, &mut Part)) {
        let words = std::mem::take(&mut self.words);
        if let Some(part) = self.parts.last_mut() {
            does(words, part);
        }
    }

    fn end(mut self) -> Vec<Part> {
        self.put(|words, part| part.rows.push(vec![words]));
        self.parts
    }
}

/// Whether what stands around such an element belongs to the words within it.
fn is_within_words(element: &str) -> bool {
    matches!(element, "a" | "b" | "em" | "i" | "strong" | "sub" | "sup")
}

#[cfg(test)]
mod tests {
    use super::super::{Likeness, likeness};
    use crate::domain::item::Item;
    use crate::domain::text::{SafeHtml, Text};
    use url::Url;

    const HEAD: [&str; 3] = ["Organisation", "Amount", "Agreed"];
    const ROWS: [[&str; 3]; 4] = [
        ["Scouts", "£1,250", "14 September 2026"],
        ["Elm Park", "£800", "14 September 2026"],
        ["Lunch Club", "£2,400", "13 July 2026"],
        ["Brass Band", "£1,100", "11 May 2026"],
    ];

    fn page(html: &str) -> Item {
        let url = Url::parse("https://council.example.org/grants").unwrap();
        let html = SafeHtml::sanitise(html, Some(&url));
        let text = html.as_str().replace('>', ">\n");
        let words: Vec<&str> = text.lines().map(|line| line.split('<').next().unwrap_or_default()).collect();
        Item { text: Some(Text::new(&words.join("\n"))), html: Some(html), ..Item::bare("k".into(), Text::line("Grants"), url) }
    }

    fn table(caption: &str, rows: &[[&str; 3]]) -> Item {
        let row = |(cells, cell): (&[&str; 3], &str)| {
            format!("<tr>{}</tr>", cells.map(|words| format!("<{cell}>{words}</{cell}>")).concat())
        };
        let cell = if caption.is_empty() { "td" } else { "th" };
        let body: String = rows.iter().map(|cells| row((cells, "td"))).collect();
        let caption = if caption.is_empty() { String::new() } else { format!("<caption>{caption}</caption>") };
        page(&format!(
            "<p>These were agreed.</p><table>{caption}<tbody>{}{body}</tbody></table><p>Ask us.</p>",
            row((&HEAD, cell))
        ))
    }

    fn in_order(order: [usize; 4]) -> Vec<[&'static str; 3]> {
        order.map(|at| ROWS[at]).to_vec()
    }

    #[test]
    fn the_same_rows_in_the_order_of_a_column_or_turned_are_no_change() {
        use Likeness::{Other, Same};
        let check = |caption: &str, rows: &[[&str; 3]], expect: Likeness| {
            assert_eq!(likeness(&table("", &ROWS), &table(caption, rows)), expect, "{caption} {rows:?}");
        };
        check("Grants to groups", &in_order([3, 2, 1, 0]), Same);
        check("", &in_order([3, 1, 2, 0]), Same);
        check("", &in_order([1, 3, 0, 2]), Same);
        check("", &in_order([0, 3, 2, 1]), Other);
        check("Grants to groups", &ROWS, Same);
        check("Grants of 2027/28", &ROWS, Other);
        let mut other = in_order([3, 2, 1, 0]);
        other[1][1] = "£2,500";
        check("", &other, Other);
        check("", &in_order([3, 2, 1, 0])[1..], Other);
        let mut swapped = in_order([3, 2, 1, 0]);
        (swapped[0][1], swapped[1][1]) = (swapped[1][1], swapped[0][1]);
        check("", &swapped, Other);
        assert_eq!(likeness(&table("Grants", &ROWS), &table("Gifts", &ROWS)), Other);
        assert_eq!(likeness(&table("Grants", &ROWS), &table("", &in_order([3, 2, 1, 0]))), Same);
    }

    #[test]
    fn so_is_a_plain_list_and_not_a_numbered_one_nor_one_that_leads_elsewhere() {
        use Likeness::{Other, Same};
        let list = |kind: &str, entries: &[(&str, &str)]| {
            let entry = |(to, words): &(&str, &str)| format!("<li><a href=/d/{to}>{words}</a></li>");
            let entries: Vec<String> = entries.iter().map(entry).collect();
            page(&format!("<p>Papers.</p><{kind}>{}</{kind}>", entries.concat()))
        };
        let was = [("c", "Minutes of 4 May 2026"), ("b", "Minutes of 2 March 2026"), ("a", "Minutes of 5 January 2026")];
        let turned = [was[2], was[1], was[0]];
        let check = |kind: &str, now: &[(&str, &str)], expect: Likeness| {
            assert_eq!(likeness(&list(kind, &was), &list(kind, now)), expect, "{kind} {now:?}");
        };
        check("ul", &turned, Same);
        check("ol", &turned, Other);
        check("ul", &[was[2], was[1], ("d", was[0].1)], Other);
    }
}
