//! Whether a page says of itself that it is withdrawn, though it stays there to read: GOV.UK's "This guidance was withdrawn on
//! 3 May 2024".

use super::dates;

/// What a page calls itself.
const NOUNS: &[&str] = &[
    "advice",
    "article",
    "collection",
    "consultation",
    "correspondence",
    "data",
    "decision",
    "direction",
    "document",
    "form",
    "guidance",
    "guide",
    "letter",
    "manual",
    "map",
    "news",
    "notice",
    "page",
    "paper",
    "policy",
    "publication",
    "regulation",
    "release",
    "report",
    "research",
    "speech",
    "standard",
    "statement",
    "statistics",
    "story",
];
/// How it says so.
const VERBS: &[&str] = &[
    " was withdrawn",
    " has been withdrawn",
    " has now been withdrawn",
    " is withdrawn",
    " is now withdrawn",
    " were withdrawn",
];
/// Words between "this" and the verb, at most: "this news article".
const WORDS_MAX: usize = 3;
/// Longest such line, in bytes.
const BYTES_MAX: usize = 300;

/// Whether the line says so.
#[must_use]
pub fn says(line: &str) -> bool {
    if line.len() > BYTES_MAX || !line.contains("ithdrawn") {
        return false;
    }
    let lowered = line.trim().to_lowercase();
    if let Some(when) = lowered.strip_prefix("withdrawn on ").or_else(|| lowered.strip_prefix("withdrawn: ")) {
        return dates::find(when).first().is_some_and(|date| date.span.start == 0);
    }
    let Some(rest) = lowered.strip_prefix("this ").or_else(|| lowered.strip_prefix("these ")) else { return false };
    VERBS.iter().any(|verb| {
        let Some((subject, after)) = rest.split_once(verb) else { return false };
        let names_itself = subject.split(' ').count() <= WORDS_MAX && subject.split(' ').any(|word| NOUNS.contains(&word));
        // "… was withdrawn from the agenda" is what became of a paper at a meeting.
        names_itself && (after.is_empty() || after.starts_with([',', '.', ';', ':']) || after.starts_with(" on "))
    })
}

#[cfg(test)]
mod tests {
    use super::says;

    #[test]
    fn a_page_that_is_withdrawn_says_so_of_itself() {
        for line in [
            "This guidance was withdrawn on 3 May 2024",
            "This publication was withdrawn on 3 May 2024.",
            "This news article was withdrawn on 3 May 2024 because the programme has ended.",
            "This page has been withdrawn.",
            "Withdrawn on 3 May 2024",
            "This decision was withdrawn on 3 May 2024",
            "This transparency data was withdrawn on 3 May 2024",
            "This correspondence was withdrawn on 3 May 2024",
        ] {
            assert!(says(line), "{line}");
        }
    }

    #[test]
    fn what_tells_of_other_things_withdrawn_is_no_such_notice() {
        for line in [
            "This report was withdrawn from the agenda.",
            "This decision was withdrawn by the Cabinet Member.",
            "The application was withdrawn on 3 May 2024.",
            "This follows the withdrawn offer.",
            "Withdrawn applications",
            "This was withdrawn",
        ] {
            assert!(!says(line), "{line}");
        }
    }
}
