//! Links to a meeting's papers: they say no more than what kind of paper they lead to, or lead to a file.

use crate::rules::extract::document::Link;
use crate::rules::extract::page::dated;
use crate::rules::extract::text::{Line, folded};
use crate::rules::facts::{dates, documents};
use chrono::NaiveDate;

/// Longest words of a paper's link, in bytes.
pub(super) const PAPER_BYTES_MAX: usize = 60;
/// What a link to a paper says where it says no more than what kind of paper that is.
const PAPERS: &[&str] = &[
    "action log",
    "actions",
    "agenda",
    "agenda and minutes",
    "agenda and papers",
    "agenda and reports",
    "agenda pack",
    "approved minutes",
    "audio",
    "decisions",
    "draft minutes",
    "meeting minutes",
    "meeting papers",
    "minutes",
    "minutes of the meeting",
    "minutes of meeting",
    "notes",
    "notes of meeting",
    "papers",
    "presentation",
    "presentations",
    "printed minutes",
    "recording",
    "report",
    "reports",
    "reports pack",
    "slides",
    "supplementary agenda",
    "video",
    "webcast",
];

/// Whether a line has a link to a paper, and none to anything but papers and files.
pub(in crate::rules::extract::page) fn links_papers(line: &Line<'_>) -> bool {
    line.links.iter().any(is_paper) && line.links.iter().all(|link| is_paper(link) || is_file(link))
}

/// A link that says no more than which paper it leads to.
pub(super) fn is_paper(link: &Link<'_>) -> bool {
    let start = link.text.get(..4).unwrap_or_default();
    let starts_so = PAPERS.iter().any(|paper| paper.get(..4).is_some_and(|known| known.eq_ignore_ascii_case(start)));
    starts_so && link.text.len() <= PAPER_BYTES_MAX && {
        let named = folded(documents::named(&link.text).title);
        PAPERS.contains(&named.trim_matches(|c: char| !c.is_alphanumeric()))
    }
}

/// The link of a line that is a meeting's day and leads to its page, where all the others lead to its papers.
pub(super) fn linked_day<'l, 'a>(line: &'l Line<'a>) -> Option<(NaiveDate, &'l Link<'a>)> {
    let mut others = line.links.iter().filter(|link| !is_paper(link) && !is_file(link));
    let own = others.next().filter(|_| line.links.len() > 1 && others.next().is_none())?;
    Some((dated::of_words(&own.text)?, own))
}

/// Whether a row of that day is one paper that says whose it is, of what day: "Improvement Board minutes 17 September 2026". It is
/// an entry of a list of papers; a meeting with papers says of each no more than what it is.
pub(super) fn names_itself(row: &[Line<'_>], day: NaiveDate) -> bool {
    let mut links = row.iter().flat_map(|line| &line.links);
    let (Some(only), None) = (links.next(), links.next()) else { return false };
    let is_of_day = dates::find(&only.text).iter().any(|date| date.single() == Some(day));
    !is_paper(only) && is_of_day && !dated::is_date(&only.text)
}

/// Whether a line links to files and to nothing else.
pub(in crate::rules::extract::page) fn links_files(line: &Line<'_>) -> bool {
    !line.links.is_empty() && line.links.iter().all(is_file)
}

fn is_file(link: &Link<'_>) -> bool {
    link.url.as_ref().is_some_and(|url| documents::is_file(&link.text, url))
}
