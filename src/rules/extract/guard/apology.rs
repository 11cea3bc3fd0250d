//! An apology in place of a page's content: the frame, the headline and the day are right, and what was to be told is not there.

mod sentences;
mod wall;

use super::visible::straightened;
use sentences::are_of_machine;
use std::collections::HashSet;

/// Longer texts tell something besides.
const APOLOGY_CHARS: usize = 240;
/// How far a program's last words, with the trace of where it was, go.
const TRACE_CHARS: usize = 4_000;

/// What such apologies say of what is missing, and no council of anything else.
const APOLOGIES: &[&str] = &[
    "content is temporarily unavailable",
    "content is currently unavailable",
    "content is unavailable",
    "content is not available",
    "content could not be loaded",
    "content cannot be displayed",
    "content can't be displayed",
    "page is temporarily unavailable",
    "page is currently unavailable",
    "page could not be loaded",
    "article is temporarily unavailable",
    "article could not be loaded",
    "website is temporarily unavailable",
    "website is currently unavailable",
    "website is being updated",
    "an error occurred while",
    "an error has occurred while",
    "there was an error loading",
    "there was a problem loading",
    "failed to load",
    "unable to load this",
    "we will be back soon",
    "we'll be back soon",
    "could not connect to the database",
];
/// How they open where that is all that they say.
const OPENINGS: &[&str] = &[
    "an error occurred",
    "an error has occurred",
    "an unexpected error",
    "something went wrong",
    "something has gone wrong",
    "sorry, something went wrong",
    "sorry, an error",
    "oops",
    "we are experiencing technical",
    "we're experiencing technical",
    "we are currently experiencing technical",
    "we're currently experiencing technical",
    "the service is undergoing",
    "this service is undergoing",
    "the site is undergoing",
    "this site is undergoing",
    "our website is undergoing",
    "this website is undergoing",
    "you have been logged out",
    "you have been signed out",
    "your session has",
    "you must be logged in",
    "you must be signed in",
    "please log in to",
    "please sign in to",
    "please wait while",
    "loading...",
    "loading…",
];
/// How the last words of a program open.
const LAST_WORDS: &[&str] =
    &["fatal error:", "parse error:", "uncaught exception", "unhandled exception", "traceback (most recent call last)"];

/// The apology of which the text of a page of that `title` consists; `None` where it tells something.
pub(crate) fn apology(text: &str, title: &str) -> Option<&'static str> {
    let text = text.trim();
    if text.len() > TRACE_CHARS {
        return None;
    }
    let lowered = straightened(text);
    let opens = |openings: &[&'static str]| openings.iter().copied().find(|opening| lowered.starts_with(opening));
    let is_short = lowered.len() <= APOLOGY_CHARS;
    let said = || {
        let phrase = APOLOGIES.iter().copied().find(|phrase| lowered.contains(phrase)).or_else(|| opens(OPENINGS));
        phrase.filter(|_| !speaks_of(&lowered, &straightened(title)))
    };
    let all = || {
        let is_wall = || wall::is_one(&lowered).then_some("a question to who wants to read it, and nothing besides");
        are_of_machine(&lowered).then_some("the words of a server, and nothing besides").or_else(is_wall)
    };
    opens(LAST_WORDS).or_else(|| is_short.then(|| said().or_else(all)).flatten())
}

/// Whether a text goes on to speak of what its title names, and does not only give that title: then it is a council's, and tells of an
/// error or of a form to sign in on.
fn speaks_of(text: &str, title: &str) -> bool {
    const LETTERS_MIN: usize = 4;
    let beside = if title.is_empty() { text.to_owned() } else { text.replace(title, " ") };
    let words = |text: &str| -> HashSet<String> {
        let all = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= LETTERS_MIN);
        all.filter(|word| !sentences::is_word(word) && !wall::is_word(word)).map(str::to_owned).collect()
    };
    !words(&beside).is_disjoint(&words(title))
}

#[cfg(test)]
mod tests {
    fn apology(text: &str) -> Option<&'static str> {
        super::apology(text, "Improvement Board update")
    }

    #[test]
    fn what_speaks_of_what_its_headline_names_is_content() {
        let check = |title: &str, text: &str, expect: bool| assert_eq!(super::apology(text, title).is_some(), expect, "{title}");
        let bill =
            "Please log in to your account to see this year's bill.\nYou need to sign in to continue with paperless billing.";
        check("Log in to see your council tax bill", bill, false);
        check("Children's improvement board", bill, true);
        let letters = "An error occurred in the letters sent to 1,200 homes. Please try again if you paid online.";
        check("Error in council tax letters: sorry", letters, false);
        check("Bridge Street to close", letters, true);
        check("Improvement board minutes", "Please log in to see Improvement board minutes.", true);
        check("Sign in to your account", "Please log in to your account.", true);
    }

    #[test]
    fn a_sentence_of_apology_is_no_content() {
        for text in [
            "This content is temporarily unavailable. Please try again later.",
            "An error occurred while loading this content.",
            "Sorry, this page is currently unavailable",
            "Fatal error: Uncaught PDOException: Connection refused in /srv/db.php:31\nStack trace:\n#0 {main}",
            "We’ll be back soon.",
            "Oops! Something broke.",
            "We’re experiencing technical difficulties. Please try again in a few minutes.",
            "The service is undergoing planned maintenance until 6pm on Sunday.",
            "You have been signed out. Please sign in to see this page.",
            "Your session has expired.",
            "Loading…",
            "Sorry, we are having technical difficulties. Please try again later.",
            "Please enable JavaScript to view this page.",
            "JavaScript is required to view this content.",
            "You need to enable JavaScript to run this app.",
            "We are carrying out essential maintenance. The service will be back at 6am.",
            "Unable to load content.",
            "Content failed to load",
            "Service unavailable",
            "503 Service Temporarily Unavailable",
            "504 Gateway Time-out",
            "Bad gateway",
            "The resource cannot be found.",
            "Object reference not set to an instance of an object.",
            "You do not have permission to view this page",
            "Access denied.",
            "There was a problem processing your request",
            "Your request could not be processed at this time.",
            "{{ article.body }}",
            "[object Object]",
            "undefined",
            "Mae gwall wedi digwydd",
            "Mae gwall wedi digwydd. (An error has occurred.)",
            "The item you requested could not be found",
            "Sorry!\nThe page you were looking for could not be found.\nPlease try again later.",
            "We have been notified of the error and will fix it as soon as we can.",
            "You must sign in to view this page.\nUsername\nPassword\nLog in",
        ] {
            assert!(apology(text).is_some(), "{text}");
        }
    }

    #[test]
    fn what_tells_of_errors_and_outages_is_content() {
        for text in [
            "The library service is temporarily unavailable while the roof is mended. Books can be returned at the town hall.",
            "The webcast was delayed due to technical difficulties.",
            "Residents experiencing technical difficulties can sign in to the webcast again.",
            "Loading bays in the High Street close on Monday.",
            "The inspectors found that an error occurred in the payroll of foster carers.",
            "The meeting has been cancelled.",
            "We are carrying out essential maintenance of the bridge until May. The crossing will reopen at 6am.",
            "We are carrying out essential maintenance. The crossing will reopen at 6am.",
            "The service will be back at 6am.",
            "Please try again later.",
            "Service unavailable to residents of Mill Street",
            "Bus service 504 unavailable on Sunday.",
            "Access denied to inspectors",
            "There was a problem processing your request for a bus pass. We have written to all 40 families.",
            "You do not have permission to park on this verge.",
            "The items could not be found in the store.",
            "Unable to load coal at the quay, the harbour closes on Monday.",
            "Sorry",
            "Undefined parking zones are to be marked.",
            "Use {{ name }} in your letter.",
            "",
        ] {
            assert_eq!(apology(text), None, "{text}");
        }
        let long = format!("{} The page is temporarily unavailable, she said.", "The board met and heard. ".repeat(20));
        assert_eq!(apology(&long), None);
    }
}
