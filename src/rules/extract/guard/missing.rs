//! Whether the words of an error page say that what was asked for is not there, as a 404 does: many systems say so under "200 OK".
//! That something went wrong, or is not available for now, says nothing of what stands there.

use super::visible::straightened;

/// Ways of saying so.
const MISSING: &[&str] = &[
    "404",
    "410",
    "can't be found",
    "can't find",
    "cannot be found",
    "cannot find",
    "could not be found",
    "could not find",
    "couldn't be found",
    "couldn't find",
    "does not exist",
    "doesn't exist",
    "has been deleted",
    "has been removed",
    "has been taken down",
    "has been withdrawn",
    "no longer available",
    "no longer exists",
    "not found",
];
/// After which it may be there again in a moment.
const FOR_NOW: &[&str] = &["again", "back soon", "maintenance", "moment", "server", "shortly", "temporar"];

/// Whether the `words` by which a page was known for an error page say so.
#[must_use]
pub fn says_missing(words: &str) -> bool {
    let words = straightened(words);
    let has = |phrase: &&str| words.contains(*phrase);
    MISSING.iter().any(has) && !FOR_NOW.iter().any(has)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_told_from_what_went_wrong() {
        for words in [
            "an error page, titled \"Page not found\"",
            "Error 404",
            "This page has been removed.",
            "Sorry, this news item is no longer available",
            "We can’t find that page",
        ] {
            assert!(says_missing(words), "{words}");
        }
        for words in [
            "an error page, titled \"Something went wrong\"",
            "This page cannot be found at the moment. Please try again later.",
            "Service unavailable",
            "Error 500: server not found",
            "The page has moved",
        ] {
            assert!(!says_missing(words), "{words}");
        }
    }
}
