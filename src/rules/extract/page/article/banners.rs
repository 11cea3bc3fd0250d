//! Boxes within an article that speak for the whole site: a banner that leads to another service, an alert that stands on every
//! page. They are others at each visit, and say nothing of what the article is about.

use crate::rules::extract::document::{Link, Marks, is_called_notice, is_of_whole_site, speaks_of_services, tells_of_change};
use crate::rules::extract::text::{Line, folded};
use crate::rules::facts::documents;
use scraper::ElementRef;
use std::collections::HashSet;
use url::Url;

/// Elements around a line that are looked at.
const NEAR: usize = 4;
/// Words of so many letters tell what a text is about.
const LETTERS_MIN: usize = 5;
/// Words of so many letters that any text may have.
const COMMON: &[&str] =
    &["about", "after", "before", "board", "council", "latest", "meeting", "november", "other", "service", "services", "their"];

/// The lines of the article at `page`, headed `title`, without such boxes.
pub(in crate::rules::extract) fn without<'a>(lines: Vec<Line<'a>>, page: &Url, title: &str) -> Vec<Line<'a>> {
    let boxes: Vec<Option<ElementRef<'a>>> = lines.iter().map(around).collect();
    if boxes.iter().all(Option::is_none) {
        return lines;
    }
    let mut gone = HashSet::new();
    let own = words(title);
    for (element, line) in boxes.iter().zip(&lines).filter_map(|(element, line)| Some(((*element)?, line))) {
        let marks = Marks::of(element);
        let leads_off = || is_called_banner(&marks) && calls_on(line) && line.links.iter().all(|link| is_elsewhere(link, page));
        let said = || element.text().collect::<Vec<_>>().join(" ");
        let speaks_of_page = || !own.is_disjoint(&words(&said()));
        let is_passing = || is_live(&marks) && speaks_of_services(&folded(&said()));
        if is_of_whole_site(&marks) || (leads_off() || is_passing()) && !speaks_of_page() && !tells_of_change(element) {
            gone.insert(element.id());
        }
    }
    let is_kept = |element: &Option<ElementRef<'a>>| element.is_none_or(|element| !gone.contains(&element.id()));
    let kept = boxes.iter().map(is_kept).collect::<Vec<_>>();
    // What is all of an article is the article.
    if !kept.contains(&true) {
        return lines;
    }
    lines.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|(line, _)| line).collect()
}

/// The widest box around a line that is called a notice or a banner.
fn around<'a>(line: &Line<'a>) -> Option<ElementRef<'a>> {
    let around = std::iter::once(line.block).chain(line.block.ancestors().filter_map(ElementRef::wrap)).take(NEAR);
    let boxes = around.take_while(|e| !matches!(e.value().name(), "main" | "article" | "body" | "html"));
    let is_called = |marks: &Marks<'_>| is_called_notice(marks) || is_called_banner(marks) || is_live(marks);
    boxes.filter(|element| is_called(&Marks::of(*element))).last()
}

/// Whether an element's classes call it a banner or a call to do something, and no alert or notification: those may be the
/// page's own.
fn is_called_banner(marks: &Marks<'_>) -> bool {
    let has = |words: &[&str]| {
        let mut parts = marks.classes().flat_map(|class| class.split(['-', '_']));
        parts.any(|part| words.iter().any(|word| word.eq_ignore_ascii_case(part)))
    };
    has(&["banner", "cta"]) && !has(&["alert", "emergency", "notice", "notification", "warning"])
}

/// Whether an element's role says that it breaks into what is read.
fn is_live(marks: &Marks<'_>) -> bool {
    matches!(marks.role, Some("alert" | "status"))
}

/// Whether a line is one link to follow. A link within a sentence is what that speaks of.
fn calls_on(line: &Line<'_>) -> bool {
    line.links.len() == 1 && !line.outside().contains(char::is_alphanumeric)
}

/// Whether a link leads to another part of the same site.
fn is_elsewhere(link: &Link<'_>, page: &Url) -> bool {
    let part = |url: &Url| url.path_segments().and_then(|mut parts| parts.next().map(str::to_ascii_lowercase));
    let is_other =
        |url: &Url| matches!(url.scheme(), "http" | "https") && url.host_str() == page.host_str() && part(url) != part(page);
    link.url.as_ref().is_some_and(|url| is_other(url) && !documents::is_file(&link.text, url))
}

fn words(text: &str) -> HashSet<String> {
    let folded = folded(text);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() >= LETTERS_MIN && !COMMON.contains(word));
    words.map(str::to_owned).collect()
}
