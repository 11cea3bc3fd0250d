//! Links whose words are the name of a document and nothing else: "Agenda", "Draft minutes (PDF)", "Appendix A: risks",
//! "Peer review letter". Lists of many ("Agendas and minutes", "Annual reports"), ways to one ("All minutes", "Back to
//! agenda") and what somebody may do ("Report a pothole") are none.

use super::named;

/// What the last word of a document's name is.
const NOUNS: &[&str] = &[
    "agenda",
    "annex",
    "annexe",
    "appendices",
    "appendix",
    "letter",
    "minutes",
    "notice",
    "paper",
    "papers",
    "presentation",
    "report",
    "slides",
];
/// The same of two words.
const PAIRS: &[(&str, &str)] = &[
    ("action", "log"),
    ("action", "notes"),
    ("agenda", "pack"),
    ("decision", "record"),
    ("decision", "sheet"),
    ("document", "pack"),
    ("meeting", "notes"),
    ("minutes", "draft"),
    ("public", "pack"),
    ("reports", "pack"),
    ("supplementary", "pack"),
];
/// What is a document alone, and of many in a longer name.
const ALONE: &[&str] = &["actions", "decisions", "notes", "reports"];
/// With what the name of a document may begin that goes on in words of its own, and what must follow that, if anything.
const OPENERS: &[(&str, &[&str])] = &[
    ("agenda", &["and", "for", "item"]),
    ("annex", &[]),
    ("annexe", &[]),
    ("appendix", &[]),
    ("letter", &["from", "of", "to"]),
    ("minutes", &["for", "from", "of"]),
    ("notice", &["of"]),
    ("report", &["by", "from", "of"]),
    ("papers", &["for", "of"]),
];
/// Words that lead to something else than one document.
const WAYS: &[&str] = &[
    "agendas",
    "all",
    "archive",
    "back",
    "browse",
    "earlier",
    "email",
    "find",
    "future",
    "latest",
    "more",
    "next",
    "older",
    "our",
    "past",
    "previous",
    "print",
    "recent",
    "register",
    "return",
    "search",
    "see",
    "send",
    "share",
    "sign",
    "subscribe",
    "your",
];
/// Most words of a name that ends in a noun, and of one that begins with one.
const WORDS_MAX: usize = 6;
const WORDS_OPENED_MAX: usize = 16;

/// Whether the words of a link are the name of a document.
#[must_use]
pub fn names_paper(text: &str) -> bool {
    let name = named(text).title.to_ascii_lowercase();
    let words: Vec<&str> =
        name.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’').filter(|w| !w.is_empty()).collect();
    let shown = ["view", "read", "open", "download"];
    let words = match words.as_slice() {
        [way, "the", rest @ ..] | [way, rest @ ..] if shown.contains(way) => rest,
        all => all,
    };
    if words.iter().any(|word| WAYS.contains(word)) {
        return false;
    }
    let opens = |first: &str, second: Option<&&str>| {
        let opener = OPENERS.iter().find(|(word, _)| *word == first);
        opener.is_some_and(|(_, next)| next.is_empty() || second.is_some_and(|second| next.contains(second)))
    };
    match words {
        [] => false,
        [only] => NOUNS.contains(only) || ALONE.contains(only),
        [first, rest @ ..] if opens(first, rest.first()) => words.len() <= WORDS_OPENED_MAX,
        // "Agenda item 4", "Minutes 12 November 2026".
        ["agenda" | "minutes", rest @ ..] if rest.iter().any(|word| word.bytes().all(|b| b.is_ascii_digit())) => {
            words.len() <= WORDS_MAX
        }
        [.., before, last] => words.len() <= WORDS_MAX && (NOUNS.contains(last) || PAIRS.contains(&(*before, *last))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_documents_name_is_told_from_other_links() {
        for name in [
            "Agenda",
            "Draft minutes",
            "Minutes (PDF, 210 KB)",
            "Peer review letter",
            "Letter from the Minister",
            "Appendix A: risks",
            "Annex 2",
            "Decision sheet",
            "Agenda and papers",
            "Minutes of the meeting held on 4 May 2026",
            "Minutes 4 May 2026",
            "Report of the Director of Housing",
            "Notice of decision",
            "Supplementary pack",
            "Actions",
            "View the minutes",
            "Improvement report",
        ] {
            assert!(names_paper(name), "{name}");
        }
        for words in [
            "Agendas and minutes",
            "All minutes",
            "Back to agenda",
            "Previous minutes",
            "Report a pothole",
            "Report it",
            "Annual reports",
            "Members",
            "Share this report",
            "Our latest report",
            "The board heard a report of how many homes were built, and asked for another paper",
            "Minutes silence",
            "Sign up for the report",
            "",
        ] {
            assert!(!names_paper(words), "{words}");
        }
    }
}
