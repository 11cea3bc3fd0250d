//! The log of updates: the day and the words of each change, newest first, in whichever order a template puts the two.

use super::super::document::Document;
use super::super::text::Line;
use super::label;
use crate::rules::facts::dates;

/// Elements that hold nothing but the log and its dates.
const HOLDERS: &str = "#history, #full-publication-update-history, #full-history, .gem-c-published-dates, #change-notes, \
     .change-notes, .footer-change-notes, [class*=change-history], [class*=change-notes], [class*=update-history]";
/// Headings under which it stands where no element holds it.
const HEADINGS: &[&str] = &[
    "updates to this page",
    "full page history",
    "page history",
    "update history",
    "updates",
    "change history",
    "history",
    "change notes",
    "change log",
    "history of changes",
];

/// The lines of the log's entries; empty where there is none.
pub(super) fn find<'a>(document: &Document<'a>, lines: &[Line<'a>]) -> Vec<Line<'a>> {
    // A numbered list's own numbers would move with each new entry.
    let lines: Vec<Line<'a>> = lines.iter().cloned().map(without_marker).collect();
    let holder = document.nearest(HOLDERS);
    let held: Vec<&Line<'a>> = lines.iter().filter(|line| holder(line.block).is_some()).collect();
    // The first and last date of all have a label of their own, on the line or above it.
    let is_value = |at: usize| {
        at.checked_sub(1)
            .and_then(|above| held.get(above))
            .is_some_and(|above| !label(above).is_empty() && above.text.ends_with(':'))
    };
    let entries = held.iter().enumerate().filter(|(at, line)| is_entry(line) && !is_value(*at));
    let by_element: Vec<Line<'a>> = entries.map(|(_, line)| (*line).clone()).collect();
    let found = if has_entries(&by_element) { by_element } else { under_heading(&lines) };
    if has_entries(&found) { found } else { Vec::new() }
}

fn without_marker(mut line: Line<'_>) -> Line<'_> {
    if let Some(bare) = line.marker.take().and_then(|marker| Some(line.text.strip_prefix(&marker)?.trim_start().to_owned())) {
        line.text = bare;
    }
    line
}

fn under_heading<'a>(lines: &[Line<'a>]) -> Vec<Line<'a>> {
    let names_log = |line: &Line<'_>| {
        let folded = line.folded();
        let bare = folded.trim_start_matches(['+', '-', ' ']).trim_end_matches(':');
        HEADINGS.contains(&bare) && (line.is_heading() || line.strong || line.text.len() > 8)
    };
    let below = lines.iter().position(names_log).and_then(|at| lines.get(at + 1..)).unwrap_or_default();
    below.iter().take_while(|line| !line.is_heading() && !line.chrome).filter(|line| is_entry(line)).cloned().collect()
}

/// Not the first and last date of all, nor what opens and closes the log.
fn is_entry(line: &Line<'_>) -> bool {
    !line.is_heading() && !is_furniture(line) && label(line).is_empty()
}

/// The log's heading, and the words that open and close it.
pub(super) fn is_furniture(line: &Line<'_>) -> bool {
    let folded = line.folded();
    let bare = folded.trim_start_matches(['+', '-', ' ']).trim_end_matches(':');
    let opens = ["show all updates", "hide all updates", "see all updates", "hide full page history"];
    opens.contains(&bare) || HEADINGS.contains(&bare)
}

/// A log has a day and something said of it.
fn has_entries(lines: &[Line<'_>]) -> bool {
    let is_day = |line: &&Line<'_>| dates::whole(&line.text).is_some();
    let days = lines.iter().filter(is_day).count();
    let dated =
        lines.iter().any(|line| !is_day(&line) && dates::find(&line.text).first().is_some_and(|date| date.span.start == 0));
    (days > 0 && lines.len() > days) || dated
}
