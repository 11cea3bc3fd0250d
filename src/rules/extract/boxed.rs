//! What a page says in boxes that systems set on all pages of a site: banners, notices, tickers, what slides by. Whether it is the
//! site's, one page alone cannot tell; several can.

use super::Page;
use super::document::{Document, Marks, Parsed, is_called_notice, is_meant_for_page};
use super::key;
use super::text::paragraphs;
use super::trail::Trail;
use crate::rules::decode::decode;
use crate::rules::fingerprint::uncased;
use scraper::ElementRef;
use std::collections::HashSet;

/// Words of the names of such boxes, beside those of notices.
const BOXES: &[&str] = &[
    "alerts",
    "announcement",
    "announcements",
    "campaign",
    "carousel",
    "counter",
    "flash",
    "live",
    "marquee",
    "message",
    "messages",
    "notices",
    "notifications",
    "promo",
    "queue",
    "site",
    "sitewide",
    "slick",
    "slider",
    "slideshow",
    "status",
    "swiper",
    "ticker",
];
/// Elements in a box: what holds more is a part of the page.
const ELEMENTS_MAX: usize = 80;

/// What stands in such boxes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Boxed {
    /// Its lines, in small letters.
    pub lines: HashSet<String>,
    /// What it links to, by key.
    pub links: HashSet<String>,
}

/// Reads it off a page. What is meant for the page, on however many pages it stands, is not among it.
#[must_use]
pub fn boxed(page: &Page<'_>) -> Boxed {
    let decoded = decode(page.body, page.content_type);
    let Ok(parsed) = Parsed::of(&decoded.text, page.url) else { return Boxed::default() };
    let trail = Trail::default();
    let document = Document::of(&parsed, &trail);
    let mut found = Boxed::default();
    for element in document.all("[class], [id], [role], [aria-live]").into_iter().filter(|element| is_box(*element)) {
        found.lines.extend(paragraphs(&document.lines_of(element)).iter().map(|line| uncased(line)));
        let links = element.descendent_elements().filter_map(|link| document.base.join(link.attr("href")?.trim()).ok());
        found.links.extend(links.map(|to| key::document(&to)));
    }
    found
}

fn is_box(element: ElementRef<'_>) -> bool {
    let marks = Marks::of(element);
    let is_known = |word: &str| BOXES.iter().any(|known| known.eq_ignore_ascii_case(word));
    let is_called = marks.names().any(|name| name.split(['-', '_']).any(is_known));
    let is_live = matches!(marks.role, Some("alert" | "log" | "marquee" | "status" | "timer"))
        || element.attr("aria-live").is_some_and(|live| live != "off");
    let holds_page = |e: ElementRef<'_>| matches!(e.value().name(), "article" | "form" | "h1" | "main");
    (is_called || is_live || is_called_notice(&marks))
        && element.descendent_elements().take(ELEMENTS_MAX + 1).count() <= ELEMENTS_MAX
        && !element.descendent_elements().any(holds_page)
        && !is_meant_for_page(element)
}

#[cfg(test)]
mod tests {
    use super::*;
    use url::Url;

    #[test]
    fn what_stands_in_boxes_is_told_from_what_stands_in_the_text() {
        let url = Url::parse("https://council.example.org/news/1").unwrap();
        let body = "<main class=site><h1>Board</h1><div class='notice notice--emergency'><p>Register by <a href=/vote>3 May</a>.</p></div>\
             <p class=lead>The board met.</p><div class=notice><p>This meeting is put off.</p></div>\
             <div role=status>Calls waiting: 12</div></main>";
        let found = boxed(&Page { url: &url, status: 200, content_type: None, body: body.as_bytes() });
        assert_eq!(found.lines, ["register by 3 may.", "calls waiting: 12"].map(str::to_owned).into());
        assert_eq!(found.links, ["council.example.org/vote".to_owned()].into());
    }
}
