//! A council's body inside our page: its headings go under ours without a gap, so that those who hear the page can find
//! their way; markup whose lists hold together badly gives way to its plain text.

use crate::domain::item::Item;
use crate::domain::text::SafeHtml;
use scraper::{ElementRef, Html, Selector};
use std::fmt::Write as _;

/// The level of the council's topmost headings.
const TOP: usize = 3;

/// What stands under "What it says".
#[derive(PartialEq, Eq, Debug)]
pub(super) enum Body {
    /// Nothing is known.
    None,
    /// Paragraphs.
    Plain(Vec<String>),
    /// Markup.
    Marked(SafeHtml),
}

/// The body of an item.
pub(super) fn body(item: &Item) -> Body {
    let plain = || {
        let lines = item.text.as_ref().map(|text| text.as_str().lines().map(str::trim).filter(|l| !l.is_empty()));
        lines.map(|lines| lines.map(str::to_owned).collect::<Vec<_>>()).filter(|lines| !lines.is_empty())
    };
    match item.html.as_ref().filter(|html| !html.as_str().trim().is_empty()) {
        Some(html) if holds_together(html) => Body::Marked(under_ours(html)),
        Some(_) | None => plain().map_or(Body::None, Body::Plain),
    }
}

/// Whether every part of a list is in a list, and nothing else is.
fn holds_together(html: &SafeHtml) -> bool {
    let fragment = Html::parse_fragment(html.as_str());
    let Ok(parts) = Selector::parse("li, dt, dd, ul > *, ol > *, dl > *") else { return false };
    fragment.select(&parts).all(|part| {
        let parent = part.parent().and_then(ElementRef::wrap).map_or("", |parent| parent.value().name());
        match part.value().name() {
            "li" => matches!(parent, "ul" | "ol"),
            "dt" | "dd" => parent == "dl",
            _ => false,
        }
    })
}

/// The same with headings from the third level on, none of which skips a level.
fn under_ours(html: &SafeHtml) -> SafeHtml {
    let mut out = String::with_capacity(html.as_str().len() + 16);
    let mut open: Vec<u8> = Vec::new();
    let mut rest = html.as_str();
    while let Some((before, level, after)) = next_heading(rest) {
        out.push_str(before);
        while open.last().is_some_and(|outer| *outer >= level) {
            open.pop();
        }
        let shown = (TOP + open.len()).min(6);
        open.push(level);
        let (inside, behind) = after.split_once(&format!("</h{level}>")).unwrap_or((after, ""));
        let element = if inside.trim().is_empty() { "p".to_owned() } else { format!("h{shown}") };
        let _ = write!(out, "<{element}>{inside}</{element}>");
        rest = behind;
    }
    out.push_str(rest);
    SafeHtml::sanitise(&out, None)
}

/// What stands before the next heading, its level, and what follows its tag. Sanitised headings have no attributes.
fn next_heading(markup: &str) -> Option<(&str, u8, &str)> {
    let (at, level) = (1..=6_u8).filter_map(|level| Some((markup.find(&format!("<h{level}>"))?, level))).min()?;
    Some((markup.get(..at)?, level, markup.get(at + 4..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_go_under_ours_without_a_gap() {
        let check = |markup: &str, expect: &str| {
            let html = SafeHtml::sanitise(markup, None);
            assert_eq!(under_ours(&html).as_str(), expect, "{markup}");
        };
        check("<h2>A</h2><p>a</p><h5>B</h5><h2>C</h2>", "<h3>A</h3><p>a</p><h4>B</h4><h3>C</h3>");
        check("<h4>A</h4><h3>B</h3><h4>C</h4>", "<h3>A</h3><h3>B</h3><h4>C</h4>");
        check("<p>a</p><h6></h6><h2>B <b>b</b></h2>", "<p>a</p><p></p><h4>B <b>b</b></h4>".replace("h4", "h3").as_str());
        check("<p>no headings</p>", "<p>no headings</p>");
    }

    #[test]
    fn lists_that_do_not_hold_together_are_noticed() {
        let check = |markup: &str, expect: bool| {
            assert_eq!(holds_together(&SafeHtml::sanitise(markup, None)), expect, "{markup}");
        };
        check("<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>", true);
        check("<dl><dt>a</dt><dd>b</dd></dl><p>c</p>", true);
        check("<li>a</li>", false);
        check("<ul><p>a</p></ul>", false);
        check("<dd>a</dd>", false);
    }
}
