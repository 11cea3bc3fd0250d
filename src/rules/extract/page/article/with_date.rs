//! What systems set beside the day on which an article was posted: the hour, who wrote it, under what it is filed, what kind of
//! story it is, how long it takes to read.

use super::furniture;
use crate::rules::extract::page::dated;
use crate::rules::extract::text::Line;

/// Longest such line, in bytes.
const BYTES_MAX: usize = 60;

/// "9:15 am", "2 minute read", "Author: Press Office", "Category: Children".
pub(super) fn is_said(line: &Line<'_>) -> bool {
    const KINDS: &[&str] = &[
        "media release",
        "news",
        "news release",
        "news story",
        "press release",
        "press statement",
        "datganiad i'r wasg",
        "newyddion",
    ];
    let folded = line.folded();
    let is_short = line.text.len() <= BYTES_MAX && !line.text.ends_with(['.', '!', '?', ':']);
    let names_author = ["author:", "written by ", "posted by ", "submitted by ", "by "].iter().any(|by| folded.starts_with(by));
    // "Press release".
    let is_kind = || !line.is_heading() && KINDS.contains(&folded);
    if is_short && (names_author || is_kind() || furniture::names_tags(line) && !dated::is_label(&line.text)) {
        return true;
    }
    let is_time = folded.len() <= 8 && folded.starts_with(|c: char| c.is_ascii_digit()) && folded.ends_with('m');
    is_time || furniture::is_reading_time(line.folded())
}
