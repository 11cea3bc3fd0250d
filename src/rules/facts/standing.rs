//! How something that is to take place stands, where it is not as it was to be: "POSTPONED", "Cancelled:", "(moved online)", "New
//! venue". Lists say so in a word beside its name, long before its own page says why; the name without that word is what the list
//! called it before.

use super::dates;
use crate::rules::fingerprint::plain;

/// What is said of a meeting that will not be as it was to be.
const SAY: &[&str] = &[
    "abandoned",
    "adjourned",
    "aildrefnwyd",
    "cancelled",
    "canceled",
    "canslwyd",
    "changed",
    "deferred",
    "gohirio",
    "gohiriwyd",
    "inquorate",
    "moved",
    "postponed",
    "rearranged",
    "rescheduled",
    "revised",
    "scheduled",
    "withdrawn",
];
/// Those of them after which it will not take place at all.
const ENDED: &[&str] = &["abandoned", "cancelled", "canceled", "canslwyd", "inquorate"];
/// Those after which it will, on another day.
const PUT_OFF: &[&str] =
    &["adjourned", "aildrefnwyd", "deferred", "gohirio", "gohiriwyd", "postponed", "rearranged", "rescheduled"];
/// What is said in several words, and the one that says it.
const PHRASES: &[(&str, &str)] = &[
    ("called off", "cancelled"),
    ("no meeting held", "cancelled"),
    ("meeting not held", "cancelled"),
    ("was not held", "cancelled"),
    ("not held", "cancelled"),
    ("did not take place", "cancelled"),
    ("not proceeding", "cancelled"),
    ("not going ahead", "cancelled"),
    ("not quorate", "inquorate"),
    ("will no longer take place", "cancelled"),
    ("will not take place", "cancelled"),
    ("no longer taking place", "cancelled"),
    ("not taking place", "cancelled"),
    ("will not be held", "cancelled"),
    ("wedi ei ganslo", "canslwyd"),
    ("wedi'i ganslo", "canslwyd"),
    ("wedi ei ohirio", "gohiriwyd"),
    ("wedi'i ohirio", "gohiriwyd"),
];
/// What may stand beside it, and days and hours besides.
const BESIDE: &[&str] = &[
    "am", "at", "date", "further", "location", "meeting", "new", "notice", "now", "online", "pm", "re", "time", "to", "until",
    "venue",
];
/// What else may stand beside it where nothing but that is said: "Status: this event has been cancelled".
const AROUND: &[&str] = &[
    "a",
    "advised",
    "agreed",
    "announced",
    "another",
    "arranged",
    "be",
    "been",
    "confirmed",
    "day",
    "event",
    "follow",
    "for",
    "from",
    "has",
    "in",
    "is",
    "later",
    "note",
    "of",
    "on",
    "please",
    "session",
    "set",
    "status",
    "tba",
    "tbc",
    "the",
    "this",
    "was",
    "will",
];
/// And in a word or two, why: "Cancelled – lack of business".
const WHY: &[&str] = &["business", "election", "illness", "insufficient", "items", "lack", "no", "quorum", "snow", "weather"];
/// Those of them that by themselves say something else: when a paper was revised, that a meeting is planned.
const MILD: &[&str] = &["changed", "revised", "scheduled"];
/// What is new of something that is not as it was to be.
const RENEWED: &[&str] = &["date", "location", "time", "venue"];
/// What opens a reason, whatever that is.
const REASONS: &[&str] = &["because", "due", "owing"];
/// Longer names are none of a meeting.
const WORDS_MAX: usize = 60;
/// Longest words that say nothing else, in bytes.
const LABEL_BYTES_MAX: usize = 80;

/// How something stands that is not as it was to be.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Standing {
    /// It will take place, at another time or elsewhere, or nobody knows yet.
    Otherwise,
    /// It will not take place.
    Off,
}

/// What a short text says of that, where it says nothing else but days and hours.
pub(crate) fn of(text: &str) -> Option<Standing> {
    if text.len() > LABEL_BYTES_MAX || !may_be_in(text) {
        return None;
    }
    let mut rest = String::with_capacity(text.len());
    let mut behind = 0;
    for date in dates::find(text) {
        rest.push_str(text.get(behind..date.span.start).unwrap_or_default());
        rest.push(' ');
        behind = behind.max(date.span.end);
    }
    rest.push_str(text.get(behind..).unwrap_or_default());
    let words = words(&rest);
    let mut words: Vec<&str> = words.split(' ').filter(|word| !word.is_empty()).collect();
    let says = |word: &&str| SAY.contains(word) && !MILD.contains(word);
    // What opens a reason behind that says nothing else of how it stands.
    let said = words.iter().position(says).unwrap_or(words.len());
    words.truncate(words.iter().skip(said).position(|word| REASONS.contains(word)).map_or(words.len(), |at| said + at));
    let is_all = words.iter().all(|word| may_be_said(word) || AROUND.contains(word) || said < words.len() && WHY.contains(word));
    let is_one = is_all && (words.iter().any(says) || renews(&words));
    is_one.then(|| if words.iter().any(|word| ENDED.contains(word)) { Standing::Off } else { Standing::Otherwise })
}

/// Whether a text has what every such text has: most lines of a page do not.
pub(crate) fn may_be_in(text: &str) -> bool {
    const ENDS: &[&str] = &[
        "ed", "ED", "off", "OFF", "wyd", "WYD", "ew ", "EW ", "ot ", "OT ", "onger ", "ONGER ", "nslo", "NSLO", "irio", "IRIO",
        "orate", "ORATE", "awn", "AWN",
    ];
    if !ENDS.iter().any(|end| text.contains(end)) {
        return false;
    }
    let lowered = lowered(text);
    let has = |word: &&str| lowered.contains(*word);
    SAY.iter().any(has)
        || PHRASES.iter().any(|(phrase, _)| lowered.contains(phrase))
        || lowered.contains("new ") && RENEWED.iter().any(has)
}

/// What such a text says as a name can say it, in front of it or behind it: all of it, or what it says it with: "This meeting has
/// been postponed" → "Postponed".
pub(crate) fn label(said: &str) -> String {
    if is_said(&words(said), str::is_empty) {
        return said.to_owned();
    }
    let bare = |word: &str| lowered(word.trim_matches(|c: char| !c.is_alphanumeric()));
    let mut all = said.split_whitespace().skip_while(|word| !SAY.contains(&&*bare(word))).peekable();
    let first = all.peek().map(|word| bare(word)).unwrap_or_default();
    let rest = all.collect::<Vec<_>>().join(" ");
    let whole = if is_said(&words(&rest), str::is_empty) { rest.trim_end_matches('.') } else { &first };
    let mut letters = whole.chars();
    letters.next().map_or_else(|| said.to_owned(), |letter| letter.to_uppercase().chain(letters).collect())
}

/// In small letters, with one kind of apostrophe.
fn lowered(words: &str) -> String {
    words.to_lowercase().replace('’', "'")
}

/// The letters and figures of a name, in small letters.
pub(crate) fn words(name: &str) -> String {
    let mut plain = lowered(&plain(name));
    for (phrase, word) in PHRASES {
        if plain.contains(phrase) {
            plain = plain.replace(phrase, word);
        }
    }
    plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Whether a name says that what it names will not be on its day.
pub(crate) fn puts_off(name: &str) -> bool {
    let words = words(name);
    let has = |word: &&str| PUT_OFF.contains(word);
    words.split(' ').any(|word| has(&word)) && is_said(&words, |own| !own.is_empty() && !own.split(' ').any(|word| has(&word)))
}

/// Whether words say nothing but that something has another day or place than it had.
pub(crate) fn moves(words: &str) -> bool {
    const MOVED: &[&str] = &["moved", "rearranged", "rescheduled"];
    let words = self::words(words);
    of(&words) == Some(Standing::Otherwise) && words.split(' ').all(|word| MOVED.contains(&word) || !SAY.contains(&word))
}

/// Whether words say that something will not take place at all.
pub(crate) fn ends(words: &str) -> bool {
    self::words(words).split(' ').any(|word| ENDED.contains(&word))
}

/// Whether of two names, as [`words`], one is the other with how it stands, or both are a third with it, whatever days they name.
pub(crate) fn is_of_same(before: &str, now: &str) -> bool {
    let undated = |name: &str| -> String {
        let is_kept = |word: &&str| !word.starts_with(|c: char| c.is_ascii_digit()) && !dates::NAMES.contains(word);
        name.split(' ').filter(is_kept).collect::<Vec<_>>().join(" ")
    };
    let (before, now) = (undated(before), undated(now));
    let is_now = |name: &str| name == now || is_said(&now, |other| other == name);
    // "(revised)" of a paper is no stage of a meeting.
    let is_firm = |name: &str| {
        let words: Vec<&str> = name.split(' ').collect();
        words.iter().any(|word| SAY.contains(word) && !MILD.contains(word)) || renews(&words)
    };
    before != now && (is_firm(&before) || is_firm(&now)) && (is_said(&now, |name| name == before) || is_said(&before, is_now))
}

/// Whether the `list`'s words are a name that `is_known` and, before it, behind it or within it, how the meeting stands.
pub(crate) fn is_said(list: &str, is_known: impl Fn(&str) -> bool) -> bool {
    let mut words: Vec<&str> = list.split(' ').filter(|word| !word.is_empty()).collect();
    let reason = words.iter().enumerate().position(|(at, word)| {
        REASONS.contains(word) && words.get(..at).is_some_and(|before| before.iter().any(|word| SAY.contains(word)))
    });
    words.truncate(reason.unwrap_or(WORDS_MAX));
    let (at_end, count) = (trailing(&words), words.len());
    (0..=at_end).rev().any(|behind| {
        let end = count - behind;
        (0..=end).any(|from| {
            let run = words.get(from..end).unwrap_or_default().iter().take_while(|word| may_be_said(word)).count();
            // One part may stand behind, and one before or within; where there is none, that is asked for once.
            (usize::from(from > 0)..=run).any(|length| {
                let [before, within, after, behind] = [0..from, from..from + length, from + length..end, end..count]
                    .map(|range| words.get(range).unwrap_or_default());
                (says(within) || says(behind)) && is_known(&[before, after].concat().join(" "))
            })
        })
    })
}

fn says(words: &[&str]) -> bool {
    words.iter().any(|word| SAY.contains(word)) || renews(words)
}

/// "New venue", "time changed".
fn renews(words: &[&str]) -> bool {
    words.windows(2).any(|pair| match pair {
        ["new" | "revised" | "changed", what] => RENEWED.contains(what),
        ["re", "scheduled"] | ["location" | "time" | "venue", "changed"] => true,
        _ => false,
    })
}

/// How many of the last words may say how it stands.
fn trailing(words: &[&str]) -> usize {
    words.iter().rev().take_while(|word| may_be_said(word)).count()
}

fn may_be_said(word: &str) -> bool {
    let is_number = word.starts_with(|c: char| c.is_ascii_digit());
    is_number || [SAY, BESIDE, &dates::NAMES].iter().any(|words| words.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_a_meeting_stands_is_said_before_behind_and_within_its_name() {
        let check = |list: &str, name: &str, expect: bool| assert_eq!(is_said(list, |found| found == name), expect, "{list}");
        for list in [
            "board 5 may postponed",
            "cancelled board 5 may",
            "board cancelled 5 may",
            "postponed board 5 may new date 12 may",
            "board 5 may moved to 12 may at 2 pm",
            "board 5 may cancelled owing to snow on the moor",
            "new venue board 5 may",
        ] {
            check(list, "board 5 may", true);
        }
        check("5 may board postponed", "5 may board", true);
        check("board 5 may", "board 5 may", false);
        check("board 5 may moved on", "board 5 may", false);
        check("board 5 may 12 may", "board 5 may", false);
        check("new board 5 may", "board 5 may", false);
        check("board 6 may postponed", "board 5 may", false);
        check("postponed", "", true);
        check("", "", false);
    }

    #[test]
    fn words_that_say_nothing_else_say_how_something_stands() {
        use Standing::{Off, Otherwise};
        let check = |text: &str, expect: Option<Standing>| assert_eq!(of(text), expect, "{text}");
        for text in [
            "Cancelled",
            "CANCELLED!",
            "(called off)",
            "Will not take place",
            "NO LONGER TAKING PLACE",
            "Wedi’i ganslo",
            "Wedi ei ganslo",
            "Status: Cancelled",
            "Thursday 14 January 2027 – CANCELLED",
            "14 January 2027, 6pm (cancelled)",
            "This event has been cancelled.",
            "Canslwyd",
            "Not held",
            "Meeting not held",
            "Not held (not quorate)",
            "(inquorate)",
            "Cancelled – not quorate",
            "Cancelled due to illness",
            "Cancelled owing to a burst pipe in the hall",
            "CANCELLED - LACK OF BUSINESS",
            "Did not take place",
        ] {
            check(text, Some(Off));
        }
        for text in [
            "POSTPONED",
            "Withdrawn",
            "Status: withdrawn",
            "Postponed until further notice",
            "Rescheduled",
            "Re-scheduled to 21 January 2027 at 2pm",
            "New venue",
            "New date: 21 January 2027",
            "Moved online",
            "Venue changed",
            "Revised time: 7pm",
            "Postponed to a later date",
            "Postponed – new date to be confirmed",
            "This meeting has been postponed.",
            "Deferred because the hall is flooded",
        ] {
            check(text, Some(Otherwise));
        }
        for text in [
            "Scheduled",
            "14 January 2027",
            "Town Hall",
            "Not cancelled",
            "Revised 3 May 2024",
            "Date revised: 3 May 2024",
            "Changed: 3 May 2024",
            "Scheduled for 3 May 2027",
            "The board moved on",
            "Cancelled flights",
            "New",
            "New time bank opens",
            "Status: confirmed",
            "No business",
            "Election due",
            "The visit was cancelled due to illness",
            "To be confirmed",
            "",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn what_is_said_of_a_meeting_is_short_enough_to_stand_beside_its_name() {
        let check = |said: &str, expect: &str| {
            assert_eq!(label(said), expect, "{said}");
            assert!(is_said(&words(&format!("Board – {expect}")), |name| name == "board"), "{expect}");
        };
        check("POSTPONED", "POSTPONED");
        check("Postponed until further notice", "Postponed until further notice");
        check("New date: 21 January 2027", "New date: 21 January 2027");
        check("Postponed due to illness", "Postponed due to illness");
        check("This meeting has been postponed.", "Postponed");
        check("Status: Rescheduled", "Rescheduled");
        check("Postponed to a later date", "Postponed");
        check("This event was moved to 21 January 2027", "Moved to 21 January 2027");
    }

    #[test]
    fn names_that_differ_by_how_it_stands_are_of_the_same() {
        let check = |was: &str, is: &str, expect: bool| assert_eq!(is_of_same(&words(was), &words(is)), expect, "{was} | {is}");
        check("Board", "Board – POSTPONED", true);
        check("Board (called off)", "Board", true);
        check("Board – postponed", "CANCELLED: Board", true);
        check("Board", "Housing Board – POSTPONED", false);
        check("Board", "Board papers", false);
        check("Board: agenda", "Board: agenda (revised)", false);
        check("Board", "Board – revised venue", true);
        check("Board", "Board", false);
    }
}
