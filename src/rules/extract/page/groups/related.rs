//! Links to other pages of the same matter, below the entries of a list: they are none of them.

use crate::rules::extract::text::Line;

/// The lines before those that are headed as related pages, where anything above them leads on.
pub(super) fn without<'l, 'a>(lines: &'l [Line<'a>]) -> &'l [Line<'a>] {
    const HEADINGS: &[&str] =
        &["related content", "related information", "related links", "related pages", "see also", "useful links"];
    let is_related = |line: &Line<'_>| line.is_heading() && HEADINGS.contains(&line.folded().trim_end_matches(':'));
    let Some(at) = lines.iter().position(is_related) else { return lines };
    let before = lines.get(..at).unwrap_or_default();
    if before.iter().any(|line| !line.links.is_empty()) { before } else { lines }
}
