//! The words by which a notice says that something is otherwise than was said before.

use crate::rules::extract::text::folded;
use scraper::ElementRef;

/// Whether words, as they are compared, say that something was wrong before.
pub(super) fn puts_right(words: &str) -> bool {
    const WORDS: &[&str] = &[
        "an earlier version",
        "been amended",
        "been corrected",
        "clarification",
        "correction:",
        "corrections",
        "cywiriad",
        "erratum",
        "originally said",
        "originally stated",
        "previous version",
        "previously said",
        "previously stated",
        "was amended",
        "was corrected",
        "was incorrect",
        "was wrong",
    ];
    words.starts_with("correction") || WORDS.iter().any(|word| words.contains(word))
}

/// Whether an element says that something does not take place as it was planned.
pub(in crate::rules::extract) fn tells_of_change(element: ElementRef<'_>) -> bool {
    const WORDS: &[&str] = &[
        "abandoned",
        "adjourned",
        "aildrefnu",
        "cancelled",
        "canslo",
        "canslwyd",
        "ganslo",
        "gohiri",
        "ohirio",
        "postponed",
        "rearranged",
        "rescheduled",
        "tynnu'n ôl",
        "will now be",
        "withdrawn",
    ];
    let words = folded(&element.text().collect::<String>());
    WORDS.iter().any(|word| words.contains(word))
}
