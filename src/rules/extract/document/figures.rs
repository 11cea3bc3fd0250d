//! Days in figures that a system has written month first: "11/5/2026", below "10/28/2026", which no day first can be. Systems that were
//! set up so write all of a page's days in one way, each alone in its place or behind its label; what editors write in sentences is in
//! theirs, which is day first here, and is left alone.
//!
//! Such a day is written anew with its year first, which can be read in one way only.

use ego_tree::NodeId;
use scraper::{Html, Node};
use std::ops::Range;

/// Longest text in which one is looked for, in bytes: "Publish date: 10/28/2026 3:45 PM".
const BYTES_MAX: usize = 48;
/// Longest label before it, in bytes.
const LABEL_BYTES_MAX: usize = 24;

/// A day in figures, with the place of its text and where it stands in that.
pub(super) struct Figures {
    node: NodeId,
    span: Range<usize>,
    first: u32,
    second: u32,
    year: u32,
}

/// The figures of a day that stands alone in a text.
pub(super) fn of(node: NodeId, text: &str) -> Option<Figures> {
    if text.len() > BYTES_MAX || !text.contains(['/', '-']) {
        return None;
    }
    let start = text.find(|c: char| c.is_ascii_digit()).filter(|start| *start <= LABEL_BYTES_MAX)?;
    let (before, figures) = text.split_at_checked(start)?;
    let is_label = before.trim().is_empty() || before.trim_end().ends_with(':') || before.ends_with("on ");
    let (first, sign, rest) = number(figures)?;
    let (second, other, rest) = number(rest)?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let year: u32 = rest.get(..digits)?.parse().ok().filter(|_| matches!(digits, 2 | 4))?;
    let year = if digits == 2 { 2000 + year } else { year };
    let after = rest.get(digits..)?;
    let is_time = |c: char| c.is_ascii_digit() || " :.,apmAPM\n\t\r\u{a0}".contains(c);
    let is_one = is_label && sign == other && (1990..2100).contains(&year) && after.chars().all(is_time);
    let end = start + figures.len() - after.len();
    is_one.then_some(Figures { node, span: start..end, first, second, year })
}

/// A number of one or two digits, the sign behind it, and what follows.
fn number(text: &str) -> Option<(u32, char, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at_checked(digits).filter(|_| matches!(digits, 1 | 2))?;
    let sign = rest.chars().next().filter(|sign| matches!(sign, '/' | '-'))?;
    Some((number.parse().ok()?, sign, rest.get(1..)?))
}

/// Writes the days of a page anew, where one of them shows that the month stands first and none that it does not.
pub(super) fn write_in_order(html: &mut Html, found: &[Figures]) {
    let is_month = |number: u32| (1..=12).contains(&number);
    let shows = |figures: &Figures| is_month(figures.first) && (13..=31).contains(&figures.second);
    if !found.iter().any(shows) || !found.iter().all(|figures| is_month(figures.first)) {
        return;
    }
    for figures in found {
        let Some(mut node) = html.tree.get_mut(figures.node) else { continue };
        if let Node::Text(text) = &mut *node.value() {
            let day = format!("{}-{:02}-{:02}", figures.year, figures.first, figures.second);
            let mut written = text.text.to_string();
            written.replace_range(figures.span.clone(), &day);
            text.text = written.into();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(days: &[&str]) -> Vec<String> {
        let items: Vec<String> = days.iter().map(|day| format!("<li>{day}</li>")).collect();
        let mut html = Html::parse_fragment(&format!("<ul>{}</ul>", items.concat()));
        let found: Vec<Figures> = html.tree.nodes().filter_map(|node| of(node.id(), node.value().as_text()?)).collect();
        write_in_order(&mut html, &found);
        html.root_element().text().map(str::to_owned).collect()
    }

    #[test]
    fn one_day_shows_in_which_order_all_are_written() {
        assert_eq!(written(&["11/5/2026", "Posted: 10/28/26 3:45 PM"]), ["2026-11-05", "Posted: 2026-10-28 3:45 PM"]);
        for days in [
            ["11/5/2026", "28/10/2026"],
            ["11/5/2026", "9/10/2026"],
            ["The fair is on 11/5/2026", "10/28/2026 or so"],
            ["10/28/2026", "28/10/2026"],
            ["5/2026/1", "10/28/26/FUL"],
        ] {
            assert_eq!(written(&days), days);
        }
    }
}
