//! A council's body inside our page: its headings go under ours without a gap, so that those who hear the page can find
//! their way; parts of lists that stand outside one are put in one, and where that cannot be, plain text takes their place.

use crate::domain::item::Item;
use crate::domain::text::{Builder, SafeHtml};
use scraper::{ElementRef, Html, Node, Selector};
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
    let in_paragraphs = || plain().map_or(Body::None, Body::Plain);
    match item.html.as_ref().filter(|html| !html.as_str().trim().is_empty()) {
        Some(html) if holds_together(html) => Body::Marked(under_ours(html)),
        Some(html) => mended(html).map_or_else(in_paragraphs, |html| Body::Marked(under_ours(&html))),
        None => in_paragraphs(),
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

/// The same with every part of a list in a list, and nothing else in one; `None` where a list could not stand.
fn mended(html: &SafeHtml) -> Option<SafeHtml> {
    let mut mended = Builder::new(None);
    put(&mut mended, Html::parse_fragment(html.as_str()).root_element())?;
    Some(mended.finish())
}

fn put(mended: &mut Builder<'_>, parent: ElementRef<'_>) -> Option<()> {
    let within = parent.value().name();
    let mut around = None;
    for child in parent.children() {
        let wanted = match child.value() {
            // White space goes with what is before it.
            Node::Text(words) if words.trim().is_empty() => around,
            Node::Text(_) => missing(within, ""),
            Node::Element(element) => missing(within, element.name()),
            Node::Document | Node::Fragment | Node::Doctype(_) | Node::Comment(_) | Node::ProcessingInstruction(_) => continue,
        };
        if wanted != around {
            if around.is_some() {
                mended.close();
            }
            if let Some(element) = wanted {
                let can_stand = matches!(within, "html" | "blockquote" | "dd" | "dl" | "li" | "ol" | "td" | "th" | "ul");
                can_stand.then_some(())?;
                mended.open(element, |_| None);
            }
            around = wanted;
        }
        match child.value() {
            Node::Text(words) => mended.words(words),
            Node::Element(element) if element.name() == "br" => mended.line_break(),
            Node::Element(element) => {
                let opened = mended.open(element.name(), |name| element.attr(name));
                put(mended, ElementRef::wrap(child)?)?;
                if opened {
                    mended.close();
                }
            }
            Node::Document | Node::Fragment | Node::Doctype(_) | Node::Comment(_) | Node::ProcessingInstruction(_) => {}
        }
    }
    if around.is_some() {
        mended.close();
    }
    Some(())
}

/// What has to stand between an element and its child.
fn missing(within: &str, child: &str) -> Option<&'static str> {
    match (within, child) {
        ("ul" | "ol", "li") | ("dl", "dt" | "dd") => None,
        ("ul" | "ol", _) => Some("li"),
        ("dl", _) => Some("dd"),
        (_, "li") => Some("ul"),
        (_, "dt" | "dd") => Some("dl"),
        _ => None,
    }
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

    #[test]
    fn parts_of_lists_are_put_in_lists_and_all_else_stays() {
        let check = |markup: &str, expect: Option<&str>| {
            let html = SafeHtml::sanitise(markup, None);
            let mended = mended(&html);
            assert_eq!(mended.as_ref().map(SafeHtml::as_str), expect, "{markup}");
            assert!(mended.is_none_or(|html| holds_together(&html)), "{markup}");
        };
        check(
            "<p>See <a href=\"https://www.example.org/\">here</a>.</p><li>a</li> <li>b</li><table><tr><td>1</td></tr></table>",
            Some(
                "<p>See <a href=\"https://www.example.org/\" rel=\"noopener noreferrer\">here</a>.</p><ul><li>a</li> <li>b</li></ul>\
                 <table><tbody><tr><td>1</td></tr></tbody></table>",
            ),
        );
        check("<ul>First<p>a</p><li>b</li></ul>", Some("<ul><li>First<p>a</p></li><li>b</li></ul>"));
        check("<dt>a</dt><dd>b</dd><p>c</p>", Some("<dl><dt>a</dt><dd>b</dd></dl><p>c</p>"));
        check("<ul><li>a</li><ul><li>b</li></ul></ul>", Some("<ul><li>a</li><li><ul><li>b</li></ul></li></ul>"));
        check("<td><li>a<dd>b</dd></li>", Some("<ul><li>a<dl><dd>b</dd></dl></li></ul>"));
        check("<b>Bold <li>a</li></b>", None);
    }
}
