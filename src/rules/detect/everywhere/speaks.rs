//! Whether a line speaks of what a page is about: that a meeting is off, that a paper was corrected, when and where the next one
//! is. Such a line may stand on all pages and still be news of each. And whether it speaks of the site, as one that says how its
//! pages are found, read and followed.

use crate::rules::facts::{dates, next_meeting, withdrawn};

/// What is said of things that are not as they were to be, wherever in a word it stands.
const SAYS: &[&str] = &[
    "abandon",
    "adjourn",
    "aildrefn",
    "amended",
    "brought forward",
    "called in",
    "called off",
    "called-in",
    "cancel",
    "canslo",
    "canslwyd",
    "corrected",
    "correction",
    "cywiriad",
    "deferred",
    "extended to",
    "extended until",
    "gohiri",
    "has been extended",
    "has been merged",
    "held online",
    "inquorate",
    "no longer tak",
    "not be admitted",
    "not be held",
    "not go ahead",
    "not going ahead",
    "not proceed",
    "not quorate",
    "not take place",
    "not taking place",
    "postpone",
    "put back",
    "put off",
    "quashed",
    "rearrange",
    "re-scheduled",
    "reschedule",
    "supersede",
    "suspend",
    "will be held",
    "will take place",
    "withdraw",
];
/// What is said of much besides, unless it is said of one of [`THINGS`].
const MAY_SAY: &[&str] =
    &["change", "delay", "moved", "moves ", "move to", "new date", "new time", "new venue", "replace", "revised", "update"];
/// What pages are about.
const THINGS: &[&str] = &[
    "agenda",
    "appendix",
    "cabinet",
    "committee",
    "consultation",
    "cyfarfod",
    "deadline",
    "decision",
    "hearing",
    "inspection",
    "meeting",
    "minutes",
    "panel",
    "paper",
    "report",
    "session",
    "venue",
];
/// Labels of what is a fact of one thing.
const LABELS: &[&str] = &[
    "amser",
    "closing date",
    "closes",
    "date",
    "deadline",
    "decision",
    "dyddiad",
    "lleoliad",
    "location",
    "place",
    "stage",
    "start",
    "status",
    "statws",
    "time",
    "venue",
    "when",
    "where",
];
/// What else is spoken of as one that is so or so.
const ONES: &[&str] = &["application", "board", "event", "item", "notice", "order", "proposal", "scheme"];
/// What follows what is said to be so, or to come to be.
const VERBS: &[&str] = &["are", "begins", "cannot", "does", "has", "have", "is", "must", "now", "starts", "was", "were", "will"];

/// What says only what would be.
const CONDITIONS: &[&str] = &[
    "if ",
    " if ",
    "unless ",
    "whether ",
    " may be ",
    " might be ",
    " can be ",
    " could be ",
    " would be ",
    "when a ",
    "where a ",
    "how to ",
    "os ",
];

/// What a site calls itself and its pages, and what it has to say of them.
const OF_SITE: &[&str] = &[
    "another language",
    "bookmark",
    "browser",
    "cookies",
    "email alerts",
    "follow us on",
    "gwefan",
    "large print",
    "newsletter",
    "screen reader",
    "share this page",
    "social media",
    "this page",
    "this site",
    "this website",
    "website",
    "y dudalen hon",
];
/// What is said of a page whose content has become another.
const OF_CONTENT: &[&str] = &[
    "added",
    "apply",
    "book a",
    "book your",
    "closed",
    "correct",
    "diweddar",
    "have your say",
    "live",
    "new content",
    "no longer",
    "now ",
    "publish",
    "register",
    "remove",
    "respon",
    "tell us",
    "update",
    "views",
    "watch",
];

/// Whether a sentence speaks of the site and of nothing that its pages are about; in doubt, it does not.
pub(super) fn of_site(sentence: &str) -> bool {
    let has = |word: &&str| sentence.contains(*word);
    OF_SITE.iter().any(has)
        && !OF_CONTENT.iter().any(has)
        && !THINGS.iter().chain(ONES).any(has)
        && !sentence.contains(|c: char| c.is_ascii_digit())
}

/// Whether it does; in doubt, it does.
pub(super) fn of_items(line: &str) -> bool {
    is_labelled(line)
        || withdrawn::says(line)
        || next_meeting::read(&[line], None).is_some()
        || sentences(line).any(|sentence| tells(unconditional(sentence)))
}

fn tells(sentence: &str) -> bool {
    let has = |word: &&str| sentence.contains(*word);
    let names_thing = || THINGS.iter().any(has);
    SAYS.iter().any(has)
        || is_of_one(sentence)
        || names_thing() && (MAY_SAY.iter().any(has) || !dates::find(sentence).is_empty() || !dates::times(sentence).is_empty())
}

/// Whether a sentence says of one thing that it is so: "this meeting will", "the improvement board has", "it will".
fn is_of_one(sentence: &str) -> bool {
    const BETWEEN_MAX: usize = 2;
    let words: Vec<&str> = sentence.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_verb = |at: usize| words.get(at).is_some_and(|word| VERBS.contains(word));
    let is_thing = |word: &&str| THINGS.contains(word) || ONES.contains(word);
    let is_named = |at: usize| {
        let mut after = words.iter().enumerate().skip(at + 1).take(BETWEEN_MAX + 1);
        after.any(|(at, word)| is_thing(word) && is_verb(at + 1))
    };
    words.first() == Some(&"it") && is_verb(1)
        || words.iter().enumerate().any(|(at, word)| matches!(*word, "this" | "that" | "the") && is_named(at))
}

/// What a sentence says before it comes to what would be.
fn unconditional(sentence: &str) -> &str {
    let at = |said: &&str| sentence.find(*said).filter(|at| said.starts_with(' ') || *at == 0);
    let end = CONDITIONS.iter().filter_map(at).min().unwrap_or(sentence.len());
    sentence.get(..end).unwrap_or_default()
}

fn is_labelled(line: &str) -> bool {
    line.split_once(':').is_some_and(|(label, said)| !said.trim().is_empty() && LABELS.iter().any(|known| label.ends_with(known)))
}

/// The sentences of a line in small letters, and the parts that a colon or a dash sets apart.
fn sentences(line: &str) -> impl Iterator<Item = &str> {
    line.split(". ").flat_map(|part| part.split(['!', '?', ';', ':'])).flat_map(|part| part.split(" - ")).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_the_items_is_told_from_what_a_site_says() {
        for line in [
            "this meeting has been cancelled.",
            "cancelled",
            "please note: this meeting was postponed because of the storm.",
            "correction: the figures on page 3 are wrong.",
            "if you meant to come: the meeting is called off.",
            "this meeting has been cancelled, please ring us if you have questions.",
            "this item was withdrawn by the director.",
            "meetings move to the guildhall from january.",
            "the meeting has moved to another day.",
            "the venue has changed.",
            "the next meeting is on 12 january 2027 at 2pm.",
            "the consultation closes on 18 december 2026.",
            "the consultation has been extended.",
            "venue: guildhall",
            "meetings now start at 7pm.",
            "the board will be held online.",
            "gohiriwyd y cyfarfod.",
            "this meeting will now be held online and not at the town hall.",
            "the public will not be admitted to this meeting.",
            "this consultation has now closed.",
            "the consultation is paused until the new year.",
            "it will start an hour earlier than advertised.",
            "this board has been merged with another.",
            "held online by microsoft teams.",
            "the improvement board is no longer open to the public.",
        ] {
            assert!(of_items(line), "{line}");
        }
        for line in [
            "our offices close at 4pm on fridays.",
            "this page was moved to our new site.",
            "if a meeting is cancelled we will say so on this page.",
            "meetings may be cancelled at short notice.",
            "you can watch this meeting on our website.",
            "was this page useful? tell us in our survey.",
            "storm della: all libraries and offices are closed on tuesday 24 november 2026.",
            "our phone lines are down today. please use the website.",
            "this information is correct at the time of publication.",
            "council.example.org/webcast",
            "share this page",
        ] {
            assert!(!of_items(line), "{line}");
        }
    }

    #[test]
    fn what_a_site_says_of_its_pages_is_told_from_what_it_says_of_anything_else() {
        for line in [
            "this page has been moved to our new website.",
            "if you use a bookmark, please save it again.",
            "you can ask for this page in large print.",
            "we use cookies to count how often you come.",
            "sign up for our newsletter.",
        ] {
            assert!(of_site(line) && !of_items(line), "{line}");
        }
        for line in [
            "our offices close at fridays.",
            "this page was updated with the inspector's letter.",
            "the minutes are on our website.",
            "you can tell us on our website until 5 may.",
            "the results are on our website, with the board's answer.",
            "responses can be read on this website.",
            "you can now have your say on our website.",
        ] {
            assert!(!of_site(line), "{line}");
        }
    }
}
