//! The only file of a list that has no other yet: a board's first minutes, under a headline that names what is listed.

use super::link_of;
use crate::rules::extract::document::Document;
use crate::rules::extract::page::entries::Entry;
use crate::rules::extract::page::{dated, list_name, sections};
use crate::rules::extract::text::{Kind, Line};
use crate::rules::facts::documents;

/// Most that is said beside it, and in its own line outside its link, in bytes.
const PROSE_BYTES_MAX: usize = 600;
const BESIDE_BYTES_MAX: usize = 32;

/// The file, where it is named after a day or a month, and no other link stands below the headline.
pub(super) fn only<'a>(document: &Document<'a>, lines: &[Line<'a>]) -> Option<Entry<'a>> {
    let headline = lines.iter().position(|line| line.kind == Kind::Heading(1))?;
    if !list_name::is_one(&lines.get(headline)?.text) {
        return None;
    }
    let below = lines.get(headline + 1..)?;
    let mut leading = below.iter().filter(|line| !line.links.is_empty());
    let line = leading.next().filter(|_| leading.next().is_none())?;
    let [only] = line.links.as_slice() else { return None };
    let is_file = only.url.as_ref().is_some_and(|to| documents::is_file(&line.text, to) || documents::is_file(&only.text, to));
    let is_alone = !line.is_heading() && line.outside().trim().len() <= BESIDE_BYTES_MAX;
    let is_of_day = sections::time(documents::named(&only.text).title).is_some();
    let prose: usize = below.iter().filter(|line| !line.is_heading()).map(|line| line.outside().len()).sum();
    let is_posted =
        below.iter().any(|line| line.links.is_empty() && (dated::is_date(&line.text) || dated::says_published(&line.text)));
    let is_list = is_file && is_alone && is_of_day && prose <= PROSE_BYTES_MAX && !is_posted;
    let entry = Entry::new(link_of(line).filter(|_| is_list)?, vec![line.block]);
    entry.url(document).is_some().then_some(entry)
}
