//! Links whose words name nothing.

use crate::rules::extract::page::dated;
use crate::rules::extract::text::{Line, folded};

/// Words of a link that name nothing.
pub(in crate::rules::extract::page) fn is_generic(text: &str) -> bool {
    const GENERIC: &[&str] = &[
        "read more",
        "more",
        "read",
        "view",
        "view more",
        "find out more",
        "see more",
        "learn more",
        "continue reading",
        "full story",
        "read the full story",
        "read full story",
        "read article",
        "read this article",
        "details",
        "view details",
        "link",
        "here",
        "click here",
        "download",
        "open",
        "continue",
        "more info",
        "more information",
        "read on",
        "go",
        "full article",
        "full details",
        "more details",
        "read story",
        "read the article",
        "read the story",
        "see details",
        "view article",
        "view full story",
        "view story",
        "darllen mwy",
        "darllenwch fwy",
        "gweld mwy",
        "mwy",
        "mwy o wybodaeth",
        "rhagor",
    ];
    let folded = folded(text);
    let bare = folded.trim_matches(|c: char| !c.is_alphanumeric());
    bare.is_empty() || GENERIC.contains(&bare) || bare.starts_with("read more about") || bare.starts_with("continue reading ")
}

/// The day beside a link that names nothing, where that is all that its line says: "Monday 4 May 2026 - click here".
pub(super) fn day_beside<'l, 'a>(lines: &'l [Line<'a>]) -> Option<(String, &'l Line<'a>)> {
    lines.iter().find_map(|line| {
        let words = line.outside().trim_matches(|c: char| !c.is_alphanumeric());
        dated::is_date(words).then(|| (words.to_owned(), line))
    })
}
