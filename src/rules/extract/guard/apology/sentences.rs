//! Sentences by which a server says that it has not done what was asked of it. Many are made of words that a council says too
//! ("essential maintenance", "could not be found"): so all of a sentence is weighed, and all of the sentences.

/// How a machine's sentences open.
const OPENINGS: &[&str] = &[
    "access denied",
    "access is denied",
    "an error has occurred",
    "an error occurred",
    "bad gateway",
    "content failed to load",
    "error",
    "forbidden",
    "gateway time-out",
    "gateway timeout",
    "internal server error",
    "javascript is disabled",
    "javascript is required",
    "mae gwall wedi digwydd",
    "mae problem dechnegol",
    "nid yw'r cynnwys ar gael",
    "nid yw'r dudalen ar gael",
    "nid yw'r gwasanaeth ar gael",
    "object reference not set to an instance of an object",
    "please enable javascript",
    "runtime error",
    "server error",
    "service temporarily unavailable",
    "service unavailable",
    "temporarily unavailable",
    "the content you requested",
    "the item you requested",
    "the page you are looking for",
    "the page you requested",
    "the page you were looking for",
    "the requested item",
    "the requested page",
    "the requested resource",
    "the requested url",
    "the resource cannot be found",
    "the resource you are looking for",
    "there has been a problem",
    "there was a problem",
    "there was an error",
    "this page requires javascript",
    "this site requires javascript",
    "unable to load",
    "unable to process",
    "we are carrying out essential maintenance",
    "we are carrying out maintenance",
    "we are carrying out planned maintenance",
    "we are carrying out scheduled maintenance",
    "we are having technical",
    "we are having some technical",
    "we have been notified of the error",
    "we have been notified of this error",
    "we're carrying out essential maintenance",
    "we're carrying out planned maintenance",
    "we're having technical",
    "we're having some technical",
    "you are not authorised",
    "you are not authorized",
    "you do not have permission",
    "you don't have permission",
    "you need to enable javascript",
    "your request could not be",
];
/// How what it says besides opens: no apology by itself.
const BESIDE: &[&str] = &[
    "apologies",
    "it will be back",
    "mae'n ddrwg gennym",
    "please refresh",
    "please reload",
    "please try",
    "rhowch gynnig arall arni",
    "sorry",
    "thank you for your patience",
    "the page will be back",
    "the service will be back",
    "the service will be available",
    "the site will be back",
    "the website will be back",
    "this service will be back",
    "try again",
    "we apologise for any inconvenience",
    "we are sorry",
    "we will be back",
];
/// Of what such sentences go on to speak, and of nothing else.
const WORDS: &[&str] = &[
    "a",
    "again",
    "all",
    "am",
    "an",
    "and",
    "any",
    "app",
    "application",
    "are",
    "as",
    "at",
    "back",
    "be",
    "been",
    "browser",
    "can",
    "cannot",
    "caused",
    "code",
    "content",
    "could",
    "denied",
    "difficulties",
    "directory",
    "displayed",
    "does",
    "error",
    "exist",
    "few",
    "fix",
    "for",
    "found",
    "friday",
    "has",
    "have",
    "id",
    "if",
    "in",
    "inconvenience",
    "is",
    "issues",
    "it",
    "item",
    "later",
    "load",
    "loaded",
    "loading",
    "minutes",
    "moment",
    "monday",
    "moved",
    "name",
    "no",
    "noon",
    "not",
    "on",
    "or",
    "page",
    "pm",
    "please",
    "problem",
    "problems",
    "process",
    "processed",
    "processing",
    "ray",
    "removed",
    "request",
    "requested",
    "resource",
    "run",
    "saturday",
    "server",
    "shortly",
    "site",
    "soon",
    "sunday",
    "temporarily",
    "that",
    "the",
    "this",
    "thursday",
    "time",
    "to",
    "tomorrow",
    "tuesday",
    "unavailable",
    "until",
    "url",
    "use",
    "using",
    "view",
    "was",
    "we",
    "website",
    "wednesday",
    "while",
    "will",
    "with",
    "you",
    "your",
];
/// What scripts write where a value is missing.
const NO_VALUE: &[&str] = &["[object object]", "nan", "null", "undefined"];

/// Whether a text, in lower case, is nothing but such sentences, or a template that nobody has filled in.
pub(super) fn are_of_machine(text: &str) -> bool {
    if NO_VALUE.contains(&text) || is_unfilled(text) {
        return true;
    }
    let ends = |c: char| matches!(c, '.' | '!' | '?' | '\n');
    // A dot within "08.30" ends nothing.
    let sentences = text.split_inclusive(char::is_whitespace).collect::<Vec<_>>();
    let sentences = sentences.split_inclusive(|word| word.trim_end_matches([' ', '\t', ')']).ends_with(ends));
    let mut is_sorry = false;
    for sentence in sentences.map(<[&str]>::concat) {
        let said = without_lead(&sentence);
        let of = |openings: &[&str]| openings.iter().filter_map(|opening| said.strip_prefix(opening)).any(goes_on_so);
        if of(OPENINGS) {
            is_sorry = true;
        } else if !said.is_empty() && !of(BESIDE) {
            return false;
        }
    }
    is_sorry
}

/// Whether a word in lower case is one that such sentences are made of.
pub(super) fn is_word(word: &str) -> bool {
    let stands_in = |phrases: &[&str]| phrases.iter().any(|phrase| phrase.split(' ').any(|known| known == word));
    WORDS.contains(&word) || stands_in(OPENINGS) || stands_in(BESIDE)
}

/// A sentence without the number of the error, and without what is said before it: "sorry, ".
fn without_lead(sentence: &str) -> &str {
    let trimmed = |text| str::trim_matches(text, |c: char| !c.is_alphanumeric());
    let said = sentence.trim_start_matches(|c: char| !c.is_alphabetic());
    // The number belongs to the words behind it: "504 gateway time-out".
    let said = trimmed(said);
    ["sorry,", "sorry -", "we are sorry,"].iter().find_map(|lead| said.strip_prefix(lead)).map_or(said, trimmed)
}

/// Whether what follows an opening ends it, or goes on with such words, numbers and hours alone.
fn goes_on_so(rest: &str) -> bool {
    let is_such = |word: &str| word.starts_with(|c: char| c.is_ascii_digit()) || WORDS.contains(&word);
    !rest.starts_with(char::is_alphanumeric)
        && rest.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).all(is_such)
}

/// "{{ article.body }}".
fn is_unfilled(text: &str) -> bool {
    let inner = text.strip_prefix("{{").and_then(|text| text.strip_suffix("}}"));
    inner.is_some_and(|inner| !inner.contains(['{', '}']) && !inner.trim().contains(' '))
}
