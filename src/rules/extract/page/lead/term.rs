//! The only entry of a list of terms that has no other yet: its day as one term, its title as the next, under a headline that names
//! such a list.

use crate::rules::extract::document::Document;
use crate::rules::extract::page::entries::Entry;
use crate::rules::extract::page::{dated, list_name, story};
use crate::rules::extract::text::{Kind, Line};
use crate::rules::facts::documents;
use scraper::ElementRef;
use url::Url;

/// Prose beside it up to this many bytes introduces the list, or says what to do with what it lists.
const PROSE_BYTES_MAX: usize = 600;
/// Elements around a line that are looked at for its list.
const NEAR: usize = 4;

/// The entry, where all links of the list lead to it.
pub(super) fn only<'a>(document: &Document<'a>, lines: &[Line<'a>], page: &Url) -> Option<Entry<'a>> {
    let headline = lines.iter().position(|line| line.kind == Kind::Heading(1))?;
    let below = lines.get(headline + 1..)?;
    if !list_name::is_one(&lines.get(headline)?.text) || story::is_declared(document) {
        return None;
    }
    let mut terms = below.iter().filter(|line| !line.links.is_empty()).filter_map(list);
    let list = terms.next()?;
    if terms.any(|other| other.id() != list.id()) {
        return None;
    }
    let (within, beside): (Vec<&Line<'a>>, Vec<&Line<'a>>) =
        below.iter().partition(|line| line.block.ancestors().any(|above| above.id() == list.id()));
    let prose: usize = beside.iter().filter(|line| !line.is_heading()).map(|line| line.outside().len()).sum();
    let entry = Entry::chosen(list, None)?;
    let to = entry.url(document)?;
    let leads_there = |line: &&Line<'a>| line.links.iter().all(|link| link.url.as_ref() == Some(to));
    let is_page = to.host_str() == page.host_str() && !documents::is_file("", to);
    let is_all =
        within.iter().all(leads_there) && prose <= PROSE_BYTES_MAX && !beside.iter().any(|line| dated::is_date(&line.text));
    (is_page && is_all && entry.day(document).is_some()).then_some(entry)
}

/// The list of terms that a line stands in.
fn list<'a>(line: &Line<'a>) -> Option<ElementRef<'a>> {
    line.block.ancestors().take(NEAR).filter_map(ElementRef::wrap).find(|above| above.value().name() == "dl")
}
