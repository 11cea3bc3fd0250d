//! Whether a document is still to come, or not for the public.

use crate::rules::sought::Sought;
use std::sync::LazyLock;

/// What may be restricted.
const PAPERS: &[&str] = &[
    "agenda",
    "annex",
    "annexe",
    "appendices",
    "appendix",
    "attachment",
    "business",
    "document",
    "documents",
    "enclosure",
    "enclosures",
    "information",
    "item",
    "items",
    "minute",
    "minutes",
    "pack",
    "paper",
    "papers",
    "report",
    "reports",
    "schedule",
    "section",
    "supplement",
];
/// Words that say that the public may not read it.
static STATEMENTS: LazyLock<Sought> = LazyLock::new(|| {
    Sought::new(&[
        "not for publication",
        "not available to the public",
        "exempt information",
        "confidential information",
        "view reasons",
    ])
});
static RESTRICTED: LazyLock<Sought> =
    LazyLock::new(|| Sought::new(&["restricted", "exempt", "confidential", "private", "cyfyngedig", "cyfrinachol"]));

/// Whether the words say that the public may not read it: "Restricted enclosure", "Appendix B (exempt)". A public paper
/// may be about restricted things: "Parking: restricted zones".
#[must_use]
pub fn is_restricted(text: &str) -> bool {
    let lowered = text.to_lowercase();
    if STATEMENTS.any_in(&lowered) {
        return true;
    }
    RESTRICTED.may_be_in(&lowered).any(|word| lowered.match_indices(word).any(|(at, _)| restricts(&lowered, at, word)))
}

fn restricts(text: &str, at: usize, word: &str) -> bool {
    let (before, after) = (text.get(..at).unwrap_or_default(), text.get(at + word.len()..).unwrap_or_default());
    if before.ends_with(char::is_alphanumeric) || after.starts_with(char::is_alphanumeric) {
        return false;
    }
    let mut following = after.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    // "Exempt Cabinet report" is a paper; "Restricted parking report" is about parking.
    let reach = if matches!(word, "exempt" | "confidential") { 2 } else { 1 };
    let a_paper = after.starts_with(' ') && following.clone().take(reach).any(|word| PAPERS.contains(&word));
    let stands_last = following.next().is_none();
    // "RESTRICTED - Appendix 2", "Restricted: …", "Exempt (Appendix 2)".
    let parted = after.trim_start().starts_with([':', '-', '–', '—', '(', ','])
        && (before.trim().is_empty() || before.trim_end().ends_with(['-', '–', '—', '(', '[']));
    a_paper || stands_last || parted
}

/// "Appendix B, View reasons restricted" → "Appendix B": the link leads to why the public may not read it, not to it.
pub(super) fn withheld(text: &str) -> Option<&str> {
    let lowered = text.to_ascii_lowercase();
    let at = ["view reasons", "view the reasons why"].iter().find_map(|words| lowered.find(words))?;
    let name = text.get(..at)?.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '-' | '–' | '('));
    (!name.is_empty()).then_some(name)
}

/// Whether the words say that it will be published later: they end, begin or set apart "to follow".
#[must_use]
pub fn is_to_follow(text: &str) -> bool {
    static LATER: LazyLock<Sought> =
        LazyLock::new(|| Sought::new(&["to follow", "will follow", "to be tabled", "to be circulated", "to be published"]));
    let lowered = text.to_lowercase();
    let bare = lowered.trim_matches(|c: char| !c.is_alphanumeric());
    LATER.may_be_in(&lowered).any(|later| {
        let set_apart = lowered.match_indices(later).any(|(at, _)| {
            let after = lowered.get(at + later.len()..).unwrap_or_default();
            after.starts_with([')', ']', ':'])
        });
        let begins = bare.strip_prefix(later).is_some_and(|rest| rest.trim_start().starts_with(['-', '–', '—', ':']));
        bare.ends_with(later) || set_apart || begins
    })
}

/// A public document may be about restricted things; "Restricted enclosure" is nothing but the statement.
pub(super) fn says_only_restricted(title: &str) -> bool {
    let lowered = title.to_lowercase();
    lowered.split_whitespace().all(|word| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        word.is_empty()
            || word.bytes().all(|b| b.is_ascii_digit())
            || matches!(
                word,
                "restricted" | "exempt" | "confidential" | "enclosure" | "enclosures" | "document" | "report" | "appendix"
            )
    })
}
