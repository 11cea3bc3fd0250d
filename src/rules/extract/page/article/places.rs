//! A page's table of contents: links to places on the same page, and the label over them.

use crate::rules::extract::page::frame;
use crate::rules::extract::text::{Line, NodeRef};
use scraper::ElementRef;

/// Longest label of a table of contents, in bytes.
const LABEL_BYTES_MAX: usize = 40;

/// The lines without tables of contents and their labels.
pub(super) fn without(lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    let leads: Vec<bool> = lines.iter().map(leads_within).collect();
    if !leads.contains(&true) {
        return lines;
    }
    let begins = |at: usize| leads.get(at) == Some(&false) && leads.get(at + 1) == Some(&true);
    let labels: Vec<bool> = (0..lines.len()).map(|at| begins(at) && is_label(&lines, &leads, at)).collect();
    let gone = leads.into_iter().zip(labels).map(|(leads, label)| leads || label);
    lines.into_iter().zip(gone).filter(|(_, gone)| !gone).map(|(line, _)| line).collect()
}

/// Whether a line is no more than a label of the links below it: by its words, or since it shares a box with nothing else.
fn is_label(lines: &[Line<'_>], leads: &[bool], at: usize) -> bool {
    let Some(label) = lines.get(at).filter(|line| line.text.len() <= LABEL_BYTES_MAX && line.links.is_empty()) else {
        return false;
    };
    if frame::opens_places(label.folded()) {
        return true;
    }
    let Some(held) = label.block.parent().map(|parent| parent.id()) else { return false };
    let is_within = |line: &Line<'_>| line.block.ancestors().any(|above| above.id() == held);
    let run = leads.iter().skip(at + 1).take_while(|leads| **leads).count();
    let outside = [at.checked_sub(1), Some(at + 1 + run)].into_iter().flatten().filter_map(|at| lines.get(at));
    lines.get(at + 1).is_some_and(is_within) && !outside.into_iter().any(is_within) && !label.text.ends_with(['.', ':', '?'])
}

/// Whether a line is of a table of contents: its heading, or a link to a place on the page and no more.
pub(in crate::rules::extract::page) fn leads_within(line: &Line<'_>) -> bool {
    let number = line.marker.as_deref().unwrap_or_default();
    let outside = line.outside().trim();
    let is_link = (outside.is_empty() || outside == number) && !line.links.is_empty();
    is_link && line.leaves.iter().all(|leaf| in_link_to_place(*leaf)) || (line.is_heading() && frame::opens_places(line.folded()))
}

/// Whether a link opens what stands below it, as those over the panels of an accordion do.
fn opens_a_panel(link: ElementRef<'_>) -> bool {
    const SAY: &[&str] = &["aria-expanded", "aria-controls", "data-toggle", "data-bs-toggle"];
    SAY.iter().any(|name| link.attr(name).is_some()) || matches!(link.attr("role"), Some("button" | "tab"))
}

fn in_link_to_place(leaf: NodeRef<'_>) -> bool {
    let link = leaf.ancestors().take(6).filter_map(ElementRef::wrap).find(|e| e.value().name() == "a");
    link.is_none_or(|link| link.attr("href").is_some_and(|href| href.trim().starts_with('#')) && !opens_a_panel(link))
}
