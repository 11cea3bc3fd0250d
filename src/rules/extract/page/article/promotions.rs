//! Boxes between an article's paragraphs, or below them, that lead to another part of the site: a picture and words, all of it one link.

use crate::rules::extract::text::{Kind, Line};
use crate::rules::facts::documents;
use scraper::ElementRef;
use url::Url;

/// The lines of an article at `page` without such boxes.
pub(super) fn without<'a>(lines: Vec<Line<'a>>, page: &Url) -> Vec<Line<'a>> {
    let gone: Vec<bool> = lines.iter().map(|line| is_of_box(line, page)).collect();
    let is_written = |at: &usize| lines.get(*at).is_some_and(|line| line.links.is_empty() && !line.is_heading());
    let kept = || (0..lines.len()).filter(|at| gone.get(*at) == Some(&false)).filter(is_written);
    // What has no text above it is what the page is for.
    let Some(first) = kept().next() else { return lines };
    let is_between = |at: usize| at > first;
    lines
        .into_iter()
        .zip(gone)
        .enumerate()
        .filter(|(at, (_, gone))| !(*gone && is_between(*at)))
        .map(|(_, (line, _))| line)
        .collect()
}

/// Whether a line is of a link that is all of its box: with a picture, in no paragraph or list that somebody has written, to a
/// page under another first part of the site's addresses.
fn is_of_box(line: &Line<'_>, page: &Url) -> bool {
    let [only] = line.links.as_slice() else { return false };
    let Some(url) = only.url.as_ref().filter(|_| !line.outside().contains(char::is_alphanumeric)) else { return false };
    if line.kind == Kind::Cell || is_of_section(url, page) || documents::is_file(&line.text, url) {
        return false;
    }
    let around = line.leaves.first().into_iter().flat_map(|leaf| leaf.ancestors().filter_map(ElementRef::wrap));
    let mut boxed = around.skip_while(|element| element.value().name() != "a");
    boxed.next().is_some_and(|anchor| anchor.descendent_elements().any(is_picture)) && !boxed.take(3).any(is_written)
}

fn is_picture(element: ElementRef<'_>) -> bool {
    matches!(element.value().name(), "img" | "picture")
}

/// Whether an element holds what an editor has written.
fn is_written(element: ElementRef<'_>) -> bool {
    matches!(element.value().name(), "p" | "li" | "td" | "th" | "dd" | "figcaption" | "blockquote")
}

/// Whether an address is elsewhere, which an article speaks of, or in the page's own part of the site.
fn is_of_section(url: &Url, page: &Url) -> bool {
    let section = |url: &Url| url.path_segments().and_then(|mut parts| parts.next().map(str::to_ascii_lowercase));
    url.host_str() != page.host_str() || section(url) == section(page)
}
