//! The listing in Contensis' own elements, one a post: whatever stands in it, and in whatever order, a picture that is all of its
//! link, its day before its title, both in one link.

use super::listing::{Entry, day_of, is_way_on};
use crate::rules::extract::document::{Document, classes};
use crate::rules::extract::text::{Line, collapsed};
use crate::rules::facts::dates;
use chrono::NaiveDate;
use scraper::ElementRef;
use url::Url;

/// Longest title, in bytes.
const TITLE_BYTES_MAX: usize = 200;
/// Fewer are no list.
const TILES_MIN: usize = 2;

/// The entries, where each of the elements has a link, a title and one day; none otherwise.
pub(super) fn entries<'a>(document: &Document<'a>, lines: &[Line<'a>]) -> Vec<Entry> {
    let all = document.all(".sys_itemslist .sys_subitem");
    if all.len() < TILES_MIN {
        return Vec::new();
    }
    let mut read: Vec<Entry> = Vec::with_capacity(all.len());
    for tile in all {
        // Each stands behind the one before it, and is looked for from there.
        let from = read.last().map_or(0, |before| before.lines.end);
        let Some(entry) = entry(document, lines, tile, from) else { return Vec::new() };
        read.push(entry);
    }
    read
}

fn entry<'a>(document: &Document<'a>, lines: &[Line<'a>], tile: ElementRef<'a>, from: usize) -> Option<Entry> {
    let inside = |line: &Line<'_>| line.block.id() == tile.id() || line.block.ancestors().any(|above| above.id() == tile.id());
    let from = from + lines.get(from..)?.iter().position(inside)?;
    let count = lines.iter().skip(from).take_while(|line| inside(line)).count();
    let own = lines.get(from..from + count)?;
    let mut anchors = tile.descendent_elements().filter(|e| e.value().name() == "a");
    let (link, url) = anchors.find_map(|link| Some((link, address(document, link)?)))?;
    let marked = tile.descendent_elements().find(|e| classes(*e).any(|class| class == "sys_news-datepublished"));
    let marked = marked.map(|e| collapsed(&e.text().collect::<String>()));
    let day =
        marked.as_deref().and_then(|words| dates::whole(words)?.single()).or_else(|| only(own.iter().filter_map(day_of)))?;
    let named = title(own, marked.as_deref()).or_else(|| of_picture(link))?;
    Some(Entry { title: named, url: Some(url), published: Some(day), lines: from..from + count })
}

fn address(document: &Document<'_>, link: ElementRef<'_>) -> Option<Url> {
    let href = link.attr("href").map(str::trim).filter(|href| !href.is_empty() && !href.starts_with('#'))?;
    document.base.join(href).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

fn only(mut days: impl Iterator<Item = NaiveDate>) -> Option<NaiveDate> {
    days.next().filter(|_| days.next().is_none())
}

/// The heading; else what is linked, or stands first, and is no day. `marked`: the words of the day, which may share the line.
fn title(lines: &[Line<'_>], marked: Option<&str>) -> Option<String> {
    let may_be = |line: &&Line<'_>| day_of(line).is_none() && !is_way_on(line);
    let named = || lines.iter().filter(may_be);
    let line = named().find(|line| line.is_heading()).or_else(|| named().find(|line| !line.links.is_empty()));
    let line = line.or_else(|| named().next())?;
    let bare = marked.and_then(|day| line.text.strip_suffix(day).or_else(|| line.text.strip_prefix(day)));
    let title = bare.unwrap_or(&line.text).trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '|' | ','));
    (!title.is_empty() && title.len() <= TITLE_BYTES_MAX).then(|| title.to_owned())
}

/// What pointing at a link shows, or the description of the picture that is all of it.
fn of_picture(link: ElementRef<'_>) -> Option<String> {
    let alt = || link.descendent_elements().find_map(|e| e.attr("alt").filter(|alt| !alt.trim().is_empty()));
    let words = collapsed(link.attr("title").or_else(alt)?);
    (words.contains(char::is_alphabetic) && words.len() <= TITLE_BYTES_MAX).then_some(words)
}
