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
        "corrected ",
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

/// Whether words, as they are compared, open as what an editor writes above a headline, and go on to say something: "Update,
/// 19 November: the closing date is now 8 January". A day alone tells when a page was last looked at.
pub(super) fn opens_as_notice(words: &str) -> bool {
    const RIGHTS: &[&str] =
        &["amended", "amendment", "clarification", "corrected", "correction", "corrections", "cywiriad", "errata", "erratum"];
    const NOTES: &[&str] =
        &["diweddariad", "editor's note", "important update", "nodwch", "please note", "sylwer", "update", "updated"];
    const CALLED_OFF: &[&str] = &["cancelled", "canslwyd", "gohiriwyd", "postponed", "withdrawn"];
    const WORDS_MIN: usize = 3;
    const LETTERS_MIN: usize = 2;
    let rest = |openings: &[&str]| {
        let rest = |opening: &&str| words.strip_prefix(*opening).filter(|rest| !rest.starts_with(char::is_alphanumeric));
        openings.iter().find_map(rest)
    };
    // What is said stands behind the colon, and behind the day where there is one.
    let says = |rest: &str| {
        let said = rest.rsplit_once(": ").map_or(rest, |(_, said)| said);
        let is_word = |word: &&str| word.len() >= LETTERS_MIN && word.chars().all(char::is_alphabetic);
        said.split(|c: char| !c.is_alphanumeric()).filter(is_word).count() >= WORDS_MIN
    };
    rest(CALLED_OFF).is_some() || rest(RIGHTS).is_some() || rest(NOTES).is_some_and(says)
}

/// Whether an element says that something does not take place as it was planned.
pub(in crate::rules::extract) fn tells_of_change(element: ElementRef<'_>) -> bool {
    const WORDS: &[&str] = &[
        "abandoned",
        "adjourned",
        "aildrefnu",
        "called off",
        "cancelled",
        "canslo",
        "canslwyd",
        "date has changed",
        "ganslo",
        "gohiri",
        "new date:",
        "new time:",
        "new venue",
        "not be held",
        "not take place",
        "ohirio",
        "postponed",
        "put off until",
        "rearranged",
        "rescheduled",
        "time has changed",
        "tynnu'n ôl",
        "venue has ",
        "venue is now",
        "will now be",
        "withdrawn",
    ];
    let words = folded(&element.text().collect::<String>());
    WORDS.iter().any(|word| words.contains(word))
}

/// Whether words, as they are compared, speak of what a page may be: "this meeting".
pub(super) fn speaks_of(this: &str, words: &str) -> bool {
    const THINGS: &[&str] = &[
        "article",
        "consultation",
        "decision",
        "document",
        "event",
        "guidance",
        "item",
        "meeting",
        "page",
        "policy",
        "story",
        "update",
    ];
    THINGS.iter().any(|thing| words.contains(&format!("{this} {thing}")))
}

/// Whether what an element says is meant for its page, on however many pages it stands: it speaks of that, puts something right, or
/// says that something does not take place as it was planned.
pub(in crate::rules::extract) fn is_meant_for_page(element: ElementRef<'_>) -> bool {
    let words = folded(&element.text().collect::<Vec<_>>().join(" "));
    speaks_of("this", &words) || puts_right(&words) || tells_of_change(element)
}
