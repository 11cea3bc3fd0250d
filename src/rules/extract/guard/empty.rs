//! A page that has nothing and says so: the only way in which "no items" is knowledge.
//!
//! Asked only after no item was found. Silence is not emptiness: a rebuilt or broken page also has no items.

use super::visible::{Extent, Visible, straightened};
use crate::domain::item::Outcome;
use crate::rules::extract::document::Document;

/// Elements by which content-management systems mark an empty list (ModernGov, CMIS, Drupal, and common themes).
const MARKED: &str = ".mgErrorTxt, .NoData, .view-empty, .no-results, .no-result, .search-no-results, .empty-state, .no-items";

/// What could be there and is not.
const THINGS: &[&str] = &[
    "announcements",
    "articles",
    "blog posts",
    "bulletins",
    "consultations",
    "content",
    "current",
    "data",
    "decisions",
    "documents",
    "entries",
    "events",
    "existing",
    "further",
    "issues",
    "items",
    "latest",
    "listings",
    "matches",
    "matching",
    "meetings",
    "news",
    "notices",
    "pages",
    "posts",
    "press releases",
    "public",
    "publications",
    "published",
    "records",
    "relevant",
    "reports",
    "results",
    "search results",
    "stories",
    "such",
    "updates",
    "upcoming",
    "minutes",
    "agendas",
    "information",
    "files",
    "papers",
];

/// What may stand between "no" and those: "no open consultations".
const WHICH: &[&str] = &[
    "active",
    "agenda",
    "board",
    "cabinet",
    "committee",
    "council",
    "current",
    "forthcoming",
    "future",
    "live",
    "new",
    "ongoing",
    "open",
    "planned",
    "public",
    "published",
    "recent",
    "scheduled",
    "upcoming",
];

/// How it is denied that there is any.
const NEGATIONS: &[&str] = &[
    "no ",
    "not any ",
    "not currently any ",
    "currently no ",
    "n't any ",
    "n't currently any ",
    "not have any ",
    "not currently have any ",
    "n't have any ",
    "n't currently have any ",
];

/// What may stand before "no": the line says that it speaks of the list.
const BEFORE_NO: &[&str] = &[
    "there are",
    "there is",
    "there were",
    "are currently",
    "is currently",
    "currently",
    "at present",
    "at the moment",
    "sorry,",
    "sorry",
    "we have",
    "we found",
    "found",
    "returned",
    "has",
    "contains",
    "have",
    "there do",
    "we do",
    "we currently do",
    "currently do",
    "council does",
    "-",
    ":",
];

/// Ways a page says that the one thing asked for has gone.
const GONE: &[&str] = &[
    "no longer available",
    "no longer exists",
    "could not be found",
    "couldn't be found",
    "cannot be found",
    "can't be found",
    "was not found",
    "has been removed",
    "does not exist",
    "has expired",
    "is not available",
];

/// Longest line that can be such a statement, in bytes.
const LINE_BYTES_MAX: usize = 200;

/// Most that a content's text may hold beside such a statement, in bytes.
const BESIDE_BYTES_MAX: usize = 120;

/// The page's own words for having nothing, where it has such words.
#[must_use]
pub(crate) fn says_empty(document: &Document<'_>) -> Option<String> {
    let shown = |words: &str| {
        let visible = Visible::of(document.html, Extent::Whole);
        visible.lowered.contains(words)
    };
    let marked = document.all(MARKED).into_iter().map(|found| found.text().collect::<String>()).find(|text| {
        let text = straightened(text);
        // ModernGov shows faults in the same element.
        !text.trim().is_empty() && !text.contains("error") && !text.contains("invalid") && shown(text.trim())
    });
    let marked = marked.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    marked.or_else(|| document.all_lines().iter().find(|line| states_nothing(&line.text)).map(|line| line.text.clone()))
}

/// What a content's text says where it is nothing but a statement that there is nothing, or that the thing asked for has gone.
#[must_use]
pub fn own_word(text: &str) -> Option<(Outcome, String)> {
    if text.len() > 3 * LINE_BYTES_MAX {
        return None;
    }
    let stated = text.lines().find(|line| states_nothing(line));
    // An article may say so too: what stands beside it is then longer than an invitation to search again.
    let is_all = |line: &&str| text.len() - line.len() <= BESIDE_BYTES_MAX;
    let nothing = stated.filter(is_all).map(|line| (Outcome::Empty, line.trim().to_owned()));
    let gone = || text.lines().find(|line| states_gone(line)).map(|line| (Outcome::ErrorPage, line.trim().to_owned()));
    nothing.or_else(gone)
}

/// Whether a headline says that there is nothing: "Nothing found", over a page that goes on to offer a search.
#[must_use]
pub fn is_headed_nothing(headline: &str) -> bool {
    headline.split_whitespace().count() <= 3 && states_nothing(headline)
}

/// Whether a headline names what such words say there is none of: "News" and "There is no news at present".
#[must_use]
pub(crate) fn names_what_is_missing(headline: &str, words: &str) -> bool {
    /// What any list may lack.
    const ANY: &[&str] = &[
        "content",
        "current",
        "data",
        "existing",
        "further",
        "information",
        "latest",
        "matching",
        "public",
        "published",
        "relevant",
        "results",
        "such",
        "upcoming",
    ];
    let [headline, words] = [headline, words].map(straightened);
    let things = THINGS.iter().filter(|thing| !ANY.contains(thing));
    headline.split_whitespace().count() <= 5 && things.into_iter().any(|thing| headline.contains(thing) && words.contains(thing))
}

/// Whether a line is such a statement.
#[must_use]
pub(crate) fn states_nothing(line: &str) -> bool {
    if line.len() > LINE_BYTES_MAX || !may_state(line.as_bytes()) {
        return false;
    }
    let line = straightened(line);
    let line = line.trim();
    let counts_zero = [
        "0 results",
        "0 items",
        "0 matches",
        "0 records",
        "displaying 0",
        "showing 0 ",
        "nothing found",
        "nothing to display",
        "nothing to show",
    ];
    if counts_zero.iter().any(|opening| line.strip_prefix("found ").unwrap_or(line).starts_with(opening)) {
        return true;
    }
    let returned_none =
        ["did not match any", "did not return any", "didn't match any", "didn't return any", "returned no ", "returned 0 "];
    if returned_none.iter().any(|phrase| line.contains(phrase)) {
        return true;
    }
    NEGATIONS.iter().any(|negation| {
        line.match_indices(negation).any(|(at, _)| {
            let before = line.get(..at).unwrap_or("").trim_end();
            let after = line.get(at + negation.len()..).unwrap_or("");
            let says_list = before.is_empty() || BEFORE_NO.iter().any(|word| before.ends_with(word));
            says_list
                && THINGS.iter().any(|thing| starts_with_word(after, thing) || starts_with_word(unqualified(after), thing))
                && (before.is_empty() || before.len() <= 80)
                && !continues(after)
        })
    })
}

/// Whether it has a letter of what such a statement must have: "no", "n't", a zero, or what was "returned" or did not "match".
fn may_state(line: &[u8]) -> bool {
    let opens = |pair: &[u8]| {
        matches!(pair, [b'n' | b'N', b'o' | b'O' | b'\'' | 0xe2] | [b'r' | b'R', b'e' | b'E'] | [b'm' | b'M', b'a' | b'A'])
    };
    line.contains(&b'0') || line.windows(2).any(opens)
}

/// Without the words that say which of a list there are none of.
fn unqualified(mut text: &str) -> &str {
    while let Some(rest) = WHICH.iter().find_map(|which| text.strip_prefix(which)?.strip_prefix(' ')) {
        text = rest;
    }
    text
}

/// "No news is good news", "There are no further actions for the council": not about a list.
fn continues(after: &str) -> bool {
    after.starts_with("news is ") || after.starts_with("information was ") || after.contains(" further action")
}

fn states_gone(line: &str) -> bool {
    let line = straightened(line);
    let opens =
        ["sorry", "this ", "the ", "we ", "unfortunately", "apologies"].iter().any(|opening| line.trim().starts_with(opening));
    line.len() <= LINE_BYTES_MAX
        && opens
        && ["item", "page", "article", "news", "story", "content", "document", "post"].iter().any(|thing| line.contains(thing))
        && GONE.iter().any(|phrase| line.contains(phrase))
}

fn starts_with_word(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}
