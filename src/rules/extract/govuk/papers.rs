//! A publication's attachments: the link, and beside or under it what kind of file it is and how large.

use super::super::document::Document;
use super::super::text::Line;
use crate::domain::item::Document as Attached;
use crate::rules::facts::documents::{About, about, document as attached, kind_of_url};
use scraper::ElementRef;
use std::collections::HashMap;

const HOLDERS: &str = "section.attachment, .attachment.embedded, div.attachment, .gem-c-attachment, .gem-c-attachment-link";

/// The elements that hold one attachment each.
pub(super) fn containers<'a>(document: &Document<'a>) -> Vec<ElementRef<'a>> {
    document.all(HOLDERS)
}

/// The attachments, and the lines that are about none.
pub(super) fn read<'a>(document: &Document<'a>, lines: &[Line<'a>]) -> (Vec<Attached>, Vec<Line<'a>>) {
    let holder = document.nearest(HOLDERS);
    let mut found: Vec<Attached> = Vec::new();
    let mut open = HashMap::new();
    let mut rest = Vec::with_capacity(lines.len());
    let mut last: Option<usize> = None;
    for line in lines {
        if let Some(id) = holder(line.block).map(|element| element.id()) {
            let at = open.get(&id).copied();
            match at {
                None => {
                    if let Some(paper) = named(line) {
                        found.push(paper);
                        open.insert(id, found.len() - 1);
                    }
                }
                Some(at) => describe(found.get_mut(at), &line.text),
            }
            last = None;
        } else if let Some(paper) = named(line).filter(|_| stands_alone(line)) {
            found.push(paper);
            last = Some(found.len() - 1);
        } else if last.is_some() && (about(&line.text).is_some() || is_warning(line)) {
            describe(last.and_then(|at| found.get_mut(at)), &line.text);
        } else {
            last = None;
            if !is_warning(line) {
                rest.push(line.clone());
            }
        }
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|paper| paper.url.as_ref().is_none_or(|url| seen.insert(url.clone())));
    (found, rest)
}

fn describe(paper: Option<&mut Attached>, words: &str) {
    // A reference number, which may be anything, parts what is said of the file from the rest.
    let said = about(words).or_else(|| words.split(',').find_map(|part| about(part).filter(|said| said.size.is_some())));
    let (Some(paper), Some(About { kind, size, .. })) = (paper, said) else { return };
    paper.kind = paper.kind.take().or_else(|| kind.map(str::to_owned));
    paper.size = paper.size.take().or_else(|| size.map(str::to_owned));
}

/// The paper that a line links to, with what the rest of the line says of it.
fn named(line: &Line<'_>) -> Option<Attached> {
    let first = line.links.iter().find(|link| link.url.is_some())?;
    let mut paper = attached(&first.text, first.url.as_ref())?;
    describe(Some(&mut paper), line.outside());
    Some(paper)
}

/// Outside an attachment's element: a line that is no more than the link to a file and what is said of the file.
fn stands_alone(line: &Line<'_>) -> bool {
    let is_file = line.links.first().and_then(|link| link.url.as_ref()).is_some_and(|url| kind_of_url(url).is_some());
    let bare = line.outside().trim_matches(|c: char| !c.is_alphanumeric());
    let described = about(line.outside()).is_some();
    line.links.len() == 1 && ((is_file && bare.is_empty()) || described)
}

/// The words under every attachment about formats for assistive technology.
fn is_warning(line: &Line<'_>) -> bool {
    let folded = line.folded();
    ["this file may not be suitable for users of assistive", "this file is in an opendocument", "if you use assistive technology"]
        .iter()
        .any(|opening| folded.starts_with(opening))
        || folded.starts_with("request an accessible format")
}
