//! Headlines and headings that name the list under them: "News", "Improvement Board updates", "Papers of partnerships", "In this
//! section".

use crate::rules::extract::text::folded;

/// What a list is of.
const KINDS: &[&str] = &[
    "agendas",
    "announcements",
    "archive",
    "articles",
    "blog",
    "bulletins",
    "consultations",
    "decisions",
    "documents",
    "latest",
    "meetings",
    "minutes",
    "news",
    "newsletters",
    "newsroom",
    "newyddion",
    "notices",
    "papers",
    "publications",
    "releases",
    "reports",
    "statements",
    "stories",
    "updates",
];
/// Behind such a word stands whose they are.
const OF: &[&str] = &["about", "and", "by", "for", "from", "of", "on"];
/// A longer headline tells a story.
const WORDS_MAX: usize = 7;

/// Whether a headline is no more than the name of a list.
pub(super) fn is_one(headline: &str) -> bool {
    let folded = folded(headline);
    let words: Vec<&str> = words(&folded).collect();
    let ends = |at: usize| words.get(at + 1).is_none_or(|next| OF.contains(next));
    words.len() <= WORDS_MAX && words.iter().enumerate().any(|(at, word)| KINDS.contains(word) && ends(at))
}

/// Whether a headline speaks of what lists are of.
pub(super) fn speaks_of_one(headline: &str) -> bool {
    words(&folded(headline)).any(|word| KINDS.contains(&word))
}

/// Whether a heading, as it is compared, stands over the pages of its own part of the site.
pub(super) fn is_of_section(folded: &str) -> bool {
    const HEADINGS: &[&str] = &["in this section", "pages in this section", "tudalennau yn yr adran hon", "yn yr adran hon"];
    HEADINGS.contains(&folded.trim_end_matches(|c: char| !c.is_alphanumeric()))
}

/// The words of a headline as it is compared.
pub(super) fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_headline_that_ends_in_what_a_list_is_of_names_one() {
        for headline in
            ["News", "Publications", "Papers of partnerships", "Improvement board: meetings and minutes", "Statutory notices"]
        {
            assert!(is_one(headline), "{headline}");
        }
        for headline in [
            "Improvement board",
            "How to pay",
            "Reports show schools do better",
            "Council leader welcomes two reports on children's services this week",
        ] {
            assert!(!is_one(headline), "{headline}");
        }
    }
}
