//! What is on, beside what is new: a column or a section of events is no part of a page's news, however many there are.

use crate::rules::extract::text::{Kind, Line, folded};
use scraper::ElementRef;
use url::Url;

/// Headings over events.
const HEADINGS: &[&str] = &[
    "calendar",
    "coming up",
    "dates for your diary",
    "diary",
    "diary dates",
    "event calendar",
    "events",
    "events calendar",
    "events diary",
    "featured events",
    "forthcoming events",
    "forthcoming meetings",
    "latest events",
    "next events",
    "our events",
    "upcoming events",
    "upcoming meetings",
    "what's on",
    "whats on",
];
/// Words of a page, or parts of its address, that is about events.
const WORDS: &[&str] = &["calendar", "diary", "event", "events", "meetings", "what's", "whats"];
/// Folders of events.
const FOLDERS: &[&str] = &["calendar", "diary", "event", "events", "whats-on"];

/// Whether a page is itself about events.
pub(super) fn is_of_events(headline: Option<&str>, url: &Url) -> bool {
    let says = |words: &str| folded(words).split([' ', '-', ',', ':', '&']).any(|word| WORDS.contains(&word));
    headline.is_some_and(says) || is_in_folder(url)
}

/// Whether an address is of an event.
pub(super) fn is_in_folder(url: &Url) -> bool {
    url.path_segments().is_some_and(|mut parts| parts.any(|part| FOLDERS.iter().any(|folder| part.eq_ignore_ascii_case(folder))))
}

/// Whether an address is in a folder of what is posted as news: `/news-and-media/`, `/press-releases/`.
pub(super) fn is_of_news(url: &Url) -> bool {
    const WORDS: &[&str] = &["blog", "news", "newsroom", "newyddion", "press", "stories"];
    let is_news = |part: &str| part.split(['-', '_']).any(|word| WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)));
    let parts: Vec<&str> = url.path_segments().into_iter().flatten().collect();
    parts.split_last().is_some_and(|(_, folders)| folders.iter().any(|part| is_news(part)))
}

/// Whether an address is one of a site's events. What a diary or a calendar holds may be what happened and was told.
pub(super) fn is_one(url: &Url) -> bool {
    let is_events = |part: &str| part.eq_ignore_ascii_case("event") || part.eq_ignore_ascii_case("events");
    url.path_segments().is_some_and(|mut parts| parts.any(is_events))
}

/// The lines without sections of events; `None` where there are none.
pub(super) fn without<'a>(lines: &[Line<'a>]) -> Option<Vec<Line<'a>>> {
    let begins = |line: &Line<'_>| {
        line.kind != Kind::Heading(1) && (line.is_heading() || line.strong) && {
            line.text.len() <= 30 && HEADINGS.contains(&line.folded().trim_end_matches(|c: char| !c.is_alphanumeric()))
        }
    };
    lines.iter().any(begins).then(|| {
        let mut kept: Vec<Line<'a>> = Vec::with_capacity(lines.len());
        let mut at = 0;
        while let Some(line) = lines.get(at) {
            if begins(line) {
                at = end(lines, at);
            } else {
                kept.push(line.clone());
                at += 1;
            }
        }
        kept
    })
}

/// Where the section that a heading begins is over: with the box that it heads, else at the next heading of its rank.
fn end(lines: &[Line<'_>], heading: usize) -> usize {
    let Some(head) = lines.get(heading) else { return heading + 1 };
    let rank = if let Kind::Heading(rank) = head.kind { rank } else { 6 };
    let within = |line: &Line<'_>, parent: ElementRef<'_>| line.block.ancestors().any(|above| above.id() == parent.id());
    let above = heading.checked_sub(1).and_then(|above| lines.get(above));
    let after = lines.get(heading + 1..).unwrap_or_default();
    // The nearest element that holds what follows the heading, where the heading begins it.
    let next = after.first();
    let around = head.block.ancestors().filter_map(ElementRef::wrap).find(|e| next.is_some_and(|next| within(next, *e)));
    let own = around.filter(|e| above.is_none_or(|above| !within(above, *e)));
    let length = match own {
        Some(own) => after.iter().position(|line| !within(line, own)),
        None => after.iter().position(|line| matches!(line.kind, Kind::Heading(own) if own <= rank)),
    };
    length.map_or(lines.len(), |length| heading + 1 + length)
}
