//! Days that are one of several: of a board's meetings, of what is told below each. None is when the article was published.

use super::BYLINE_BYTES_MAX;
use crate::rules::extract::page::dated;
use crate::rules::extract::text::{Kind, Line};
use crate::rules::facts::dates;
use ego_tree::NodeId;
use scraper::ElementRef;
use std::collections::HashSet;

/// Lists and tables that name several days: a board's meetings, not when anything was published.
pub(super) struct Days {
    lists: HashSet<NodeId>,
}

impl Days {
    pub(super) fn of(lines: &[Line<'_>]) -> Self {
        let (mut seen, mut lists) = (HashSet::new(), HashSet::new());
        let mut above: Option<&Line<'_>> = None;
        for line in lines {
            let above = above.replace(line);
            if line.text.len() > BYLINE_BYTES_MAX || dates::find(&line.text).is_empty() {
                continue;
            }
            // "Date: 5 May 2026" above "Review date: 5 May 2027" tells of the page.
            let is_labelled = above.is_some_and(|above| dated::is_label(&above.text)) || dated::says_when(&line.text);
            if !is_labelled {
                lists.extend(list(line).filter(|list| !seen.insert(*list)));
            }
        }
        Self { lists }
    }

    /// Whether a line is in one of them.
    pub(super) fn are_of(&self, line: &Line<'_>) -> bool {
        !self.lists.is_empty() && list(line).is_some_and(|list| self.lists.contains(&list))
    }
}

/// Whether a heading that is nothing but a day stands among others: each is that of what is told below it.
pub(super) fn is_one_of_several_days(line: &Line<'_>, lines: &[Line<'_>]) -> bool {
    let is_day = |other: &Line<'_>| other.kind == line.kind && dated::is_day(&other.text);
    line.is_heading() && is_day(line) && lines.iter().filter(|other| is_day(other)).nth(1).is_some()
}

/// The list or table that a line stands in.
fn list(line: &Line<'_>) -> Option<NodeId> {
    if !matches!(line.kind, Kind::Item | Kind::Cell) {
        return None;
    }
    let mut above = line.block.ancestors().filter_map(ElementRef::wrap).take(6);
    above.find(|element| matches!(element.value().name(), "ul" | "ol" | "dl" | "table")).map(|list| list.id())
}

/// Whether the nearest heading above names what days stand under: "Meeting dates", "Next meeting", "Diary".
pub(super) fn stands_under_meetings(above: &[Line<'_>]) -> bool {
    const WORDS: &[&str] =
        &["calendar", "closing", "dates", "deadline", "diary", "events", "meeting", "meetings", "next", "timetable"];
    let heading = above.iter().rev().find(|line| line.is_heading() || (line.strong && line.links.is_empty()));
    heading.is_some_and(|heading| {
        heading.text.len() <= BYLINE_BYTES_MAX
            && !dated::is_date(&heading.text)
            && heading.folded().split(|c: char| !c.is_alphanumeric()).any(|word| WORDS.contains(&word))
    })
}
