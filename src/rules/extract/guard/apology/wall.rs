//! Walls: the words by which a site asks who wants to read, in the place of what was to be read. A council asks people to sign in
//! too, for a permit or a webcast; so all of a sentence is weighed, and all of the sentences, and what is walled off is the page.

/// How such sentences open.
const OPENINGS: &[&str] = &[
    "access is",
    "access to this",
    "authentication",
    "authorisation",
    "authorization",
    "enter the password",
    "enter your password",
    "log in",
    "login",
    "mewngofnodwch",
    "please",
    "rhaid i chi fewngofnodi",
    "sign in",
    "the page",
    "this area",
    "this content",
    "this page",
    "this section",
    "this site",
    "this website",
    "to continue",
    "to read",
    "to see",
    "to view",
    "you are not",
    "you do not have",
    "you don't have",
    "you have to",
    "you must",
    "you need",
    "your account",
];
/// What is asked for, or refused; without one of these nothing is.
const ASKED: &[&str] = &[
    "account",
    "authenticated",
    "authentication",
    "authorisation",
    "authorised",
    "authorization",
    "authorized",
    "captcha",
    "fewngofnodi",
    "human",
    "log",
    "logged",
    "login",
    "members",
    "mewngofnodwch",
    "password",
    "permission",
    "private",
    "protected",
    "registered",
    "restricted",
    "robot",
    "sign",
    "signed",
    "staff",
    "subscribers",
];
/// Of what such sentences speak besides, and of nothing else.
const WORDS: &[&str] = &[
    "a",
    "access",
    "address",
    "again",
    "all",
    "allowed",
    "an",
    "and",
    "are",
    "area",
    "as",
    "authorised",
    "available",
    "barhau",
    "be",
    "been",
    "before",
    "below",
    "by",
    "can",
    "chi",
    "complete",
    "content",
    "continue",
    "councillors",
    "credentials",
    "cynnwys",
    "details",
    "do",
    "don",
    "dudalen",
    "email",
    "employees",
    "enter",
    "first",
    "for",
    "has",
    "have",
    "here",
    "hon",
    "hwn",
    "i",
    "if",
    "in",
    "into",
    "is",
    "it",
    "link",
    "must",
    "my",
    "name",
    "need",
    "not",
    "of",
    "on",
    "only",
    "or",
    "out",
    "page",
    "please",
    "proceed",
    "read",
    "register",
    "required",
    "requires",
    "resource",
    "rhaid",
    "section",
    "see",
    "site",
    "t",
    "that",
    "the",
    "this",
    "to",
    "use",
    "user",
    "username",
    "users",
    "using",
    "valid",
    "verify",
    "view",
    "viewing",
    "visible",
    "website",
    "weld",
    "with",
    "y",
    "you",
    "your",
];
/// What the form that goes with them says.
const LABELS: &[&str] = &[
    "cancel",
    "continue",
    "create an account",
    "cyfrinair",
    "email",
    "email address",
    "enw defnyddiwr",
    "forgot password",
    "forgot your password",
    "forgotten your password",
    "keep me signed in",
    "log in",
    "login",
    "mewngofnodi",
    "password",
    "register",
    "remember me",
    "show password",
    "sign in",
    "submit",
    "user name",
    "username",
    "your email",
    "your password",
];

/// Whether a text, in lower case, is nothing but such sentences and the labels of their form.
pub(super) fn is_one(text: &str) -> bool {
    let sentences = text.split(['.', '!', '?', ':', '\n']).map(|said| said.trim_matches(|c: char| !c.is_alphanumeric()));
    let (mut asks, mut sentences) = (false, sentences.filter(|said| !said.is_empty()));
    sentences.all(|said| {
        let is_asking = asks_who(said);
        asks |= is_asking;
        is_asking || LABELS.contains(&said)
    }) && asks
}

/// Whether a word in lower case is one that such sentences are made of.
pub(super) fn is_word(word: &str) -> bool {
    [OPENINGS, ASKED, WORDS, LABELS]
        .iter()
        .any(|phrases| phrases.iter().any(|phrase| phrase.split(' ').any(|known| known == word)))
}

fn asks_who(sentence: &str) -> bool {
    let mut words = sentence.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let opens = |opening: &&str| {
        sentence.strip_prefix(*opening).is_some_and(|rest| !rest.is_empty() && !rest.starts_with(char::is_alphanumeric))
    };
    OPENINGS.iter().any(opens)
        && words.clone().any(|word| ASKED.contains(&word))
        && words.all(|word| ASKED.contains(&word) || WORDS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::is_one;

    #[test]
    fn what_asks_who_reads_is_told_from_what_a_council_asks_of_people() {
        for text in [
            "you must sign in to view this page.\nusername\npassword\nlog in",
            "you need to log in to see this content.",
            "please log in to continue.",
            "this page is restricted to members of staff.",
            "this content is password protected. to view it please enter your password below:\npassword:",
            "you are not authorised to view this page. please sign in.",
            "sign in to your account\nemail address\npassword\nforgotten your password?",
            "access to this page is restricted.",
            "rhaid i chi fewngofnodi i weld y dudalen hon.",
        ] {
            assert!(is_one(text), "{text}");
        }
        for text in [
            "you must sign in at the desk.",
            "please register to attend the meeting.",
            "please sign in to the webcast again.",
            "this page is for members of the public who wish to speak.",
            "you must sign in to view this page.\nthe board met on 3 march.",
            "restricted",
            "members only",
            "log in",
            "password",
            "this page is available in welsh.",
            "",
        ] {
            assert!(!is_one(text), "{text}");
        }
    }
}
