//! The next meeting that a body announces, with the council's own words for it.

use super::dates::{self, Date};
use super::sentence::sentences;
use crate::domain::item::NextMeeting;
use crate::domain::text::Text;
use chrono::NaiveDate;

/// What may meet.
const BODIES: &[&str] =
    &["meeting", "meetings", "board", "committee", "cabinet", "panel", "forum", "group", "council", "session", "sessions"];
/// Words that make a date the next meeting's own: "expected", "before" and the like do not.
const SAYS_WHEN: &[&str] = &[
    "take place",
    "takes place",
    "be held",
    "be on",
    "will meet",
    "next meet ",
    "meet next",
    "next meets",
    "meets on",
    "is on",
    "are on",
    "scheduled for",
    "scheduled to",
    "is due on",
    "arranged for",
    "confirmed as",
    "confirmed for",
    "agreed as",
    "moved from",
    "moved to",
    "be at",
];
/// Words that make a sentence about something else than when the next meeting is.
const ABOUT_ELSE: &[&str] = &["cancelled", "deadline", "postponed", "no longer", "not take place", "not be held", "not now"];
/// How a sentence says that a body meets once more.
const MEETS_AGAIN: &str = "again";
/// Verbs before that word, and who else than a body may be their subject.
const MEET: &[&str] = &["meet", "meets", "meeting", "reconvene", "reconvenes"];
const PRONOUNS: &[&str] = &["it", "they", "we"];
/// Words before "the next meeting" that make it the place or time of something else.
const ASIDE: &[&str] = &["after", "at", "before", "between", "by", "for", "from", "in", "since", "to", "until", "with"];
/// Words before a date that make it the date of something else.
const NOT_ITS_DAY: &[&str] = &["after", "before", "by", "dated", "of", "since", "until"];
/// Words of a heading that is about what is to be done for the next meeting.
const ABOUT_PAPERS: &[&str] =
    &["action", "deadline", "for next", "for the next", "items", "minutes", "papers", "reports", "submission"];
/// Lines under a heading that may name the day.
const LINES_BELOW: usize = 2;

/// The next meeting that the lines announce: in a sentence, or under a heading of its own. The last one said counts.
/// `after`: the item's own day, from which a day without a year is looked for.
#[must_use]
pub fn read(lines: &[&str], after: Option<NaiveDate>) -> Option<NextMeeting> {
    let under_heading = lines.iter().enumerate().rev().find_map(|(at, line)| {
        let said_on_the_line = headed(line)?;
        if !said_on_the_line.is_empty() {
            return own_day(line, said_on_the_line, after);
        }
        let below = lines.get(at + 1..).unwrap_or_default().iter().take(LINES_BELOW);
        below.take_while(|line| !leaves_open(line)).find_map(|line| own_day(line, line, after))
    });
    let says_next = |line: &&&str| holds(line, "next") || holds(line, MEETS_AGAIN);
    let said = |line: &&str| sentences(line).rev().find_map(|sentence| said(sentence, after));
    under_heading.or_else(|| lines.iter().rev().filter(says_next).find_map(said))
}

/// Whether a word, which is in lower case, stands in a line in any case.
fn holds(line: &str, word: &str) -> bool {
    let Some(first) = word.bytes().next() else { return true };
    let mut places = memchr::memchr2_iter(first, first.to_ascii_uppercase(), line.as_bytes());
    places.any(|at| line.as_bytes().get(at..at + word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word.as_bytes())))
}

/// Whether a line is a heading such as "Date and time of next meeting", and what it says after its colon, if anything.
fn headed(line: &str) -> Option<&str> {
    let (head, rest) = line.split_once([':', '-', '–']).unwrap_or((line, ""));
    if head.len() > 120 || !(holds(head, "next") || holds(head, "future")) {
        return None;
    }
    let head = head.to_lowercase();
    let head = head.trim();
    let named = |next: &str| head.contains(next) && BODIES.iter().any(|body| head.ends_with(body));
    let is_heading = named("next ") || named("future ") || head.contains("next meeting");
    let verbal = SAYS_WHEN.iter().chain(ABOUT_PAPERS).any(|words| head.contains(words)) || head.ends_with('.');
    (is_heading && !verbal && head.split_whitespace().count() <= 9 && dates::find(head).is_empty()).then_some(rest.trim())
}

/// "To be confirmed": what follows is about something else.
fn leaves_open(line: &str) -> bool {
    let lowered = line.to_lowercase();
    ["to be confirmed", "to be agreed", "to be advised", "to be arranged", "to be announced", "tbc", "tba"]
        .iter()
        .any(|words| lowered.starts_with(words))
}

/// The first day that a line under the heading names: of several meetings it is the next.
fn own_day(line: &str, words: &str, after: Option<NaiveDate>) -> Option<NextMeeting> {
    let lowered = words.to_lowercase();
    if ABOUT_ELSE.iter().any(|about| lowered.contains(about)) {
        return None;
    }
    let date = dates::find_after(words, after).into_iter().find(|date| !belongs_elsewhere(words, date))?;
    meeting(&date, line)
}

fn said(sentence: &str, after: Option<NaiveDate>) -> Option<NextMeeting> {
    // Cheap first: most sentences say nothing of the kind.
    if !holds(sentence, "next") {
        return said_again(sentence, after);
    }
    let lowered = sentence.to_lowercase();
    // Lower case of other lengths would cut the sentence elsewhere.
    let next = lowered.find("next").filter(|_| lowered.len() == sentence.len())?;
    if ABOUT_ELSE.iter().any(|words| lowered.contains(words)) {
        return None;
    }
    let (before, rest) = (lowered.get(..next)?, lowered.get(next..)?);
    let (subject, meets) = subject_end(before, rest)?;
    let from = next + subject;
    let dates: Vec<Date> = dates::find_after(sentence, after).into_iter().filter(|date| date.span.end > from).collect();
    let date = dates.first()?;
    let said = lowered.get(next..date.span.start.max(from)).unwrap_or_default();
    let between = lowered.get(from..date.span.start).unwrap_or_default();
    let plain = between.trim().trim_matches([',', ':', '-', '–']).trim();
    if said.contains("moved from") || said.contains("changed from") {
        // "from 6 March 2025 to 13 March 2025" reads as a span: its end is the new day.
        let last = dates.last()?;
        return meeting(&Date { day: last.last_day.unwrap_or(last.day), last_day: None, ..last.clone() }, sentence);
    }
    let announced = SAYS_WHEN.iter().any(|words| said.contains(words))
        || matches!(plain, "" | "is" | "are" | "will be")
        || (plain == "on" && (meets || rest.contains(" will ") || rest.contains(" is ")));
    (announced && !belongs_elsewhere(sentence, date)).then(|| meeting(date, sentence)).flatten()
}

/// "The board meets again on 14 January 2027 and the papers will be here a week before."
fn said_again(sentence: &str, after: Option<NaiveDate>) -> Option<NextMeeting> {
    if !holds(sentence, MEETS_AGAIN) {
        return None;
    }
    let lowered = sentence.to_lowercase();
    let again = lowered.find(MEETS_AGAIN).filter(|_| lowered.len() == sentence.len())?;
    if ABOUT_ELSE.iter().any(|words| lowered.contains(words)) {
        return None;
    }
    let mut before = lowered.get(..again)?.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).rev();
    let meets = before.next().is_some_and(|verb| MEET.contains(&verb));
    let is_subject = |word: &str| BODIES.contains(&word) || PRONOUNS.contains(&word);
    if !meets || !before.any(is_subject) {
        return None;
    }
    let from = again + MEETS_AGAIN.len();
    let date = dates::find_after(sentence, after).into_iter().find(|date| date.span.start >= from)?;
    let between = lowered.get(from..date.span.start)?;
    let is_plain =
        between.split_whitespace().all(|word| matches!(word, "on" | "at" | "in" | "public" | "online" | "next" | "week,"));
    (is_plain && !belongs_elsewhere(sentence, &date)).then(|| meeting(&date, sentence)).flatten()
}

/// Where the subject ends in `rest`, which begins with "next", and whether it is a verb: "next Improvement Board", "next
/// meets".
fn subject_end(before: &str, rest: &str) -> Option<(usize, bool)> {
    let preceding: Vec<&str> = before.split_whitespace().rev().take(2).collect();
    let words = |text: &str| text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let preposition = match preceding.as_slice() {
        [article, preposition] if matches!(words(article).as_str(), "the" | "its" | "their" | "our" | "a") => Some(*preposition),
        [preposition, ..] => Some(*preposition),
        [] => None,
    };
    let aside = preposition.is_some_and(|word| ASIDE.contains(&words(word).as_str()));
    let has_subject =
        BODIES.iter().any(|body| before.contains(body)) || preceding.iter().any(|word| PRONOUNS.contains(&words(word).as_str()));
    let met = has_subject && (rest.starts_with("next meet ") || rest.starts_with("next meets "));
    let will_meet_next = preceding.first().is_some_and(|word| matches!(*word, "meet" | "meets"));
    if met || will_meet_next {
        return Some(("next".len(), true));
    }
    let mut end = 0;
    let mut body = None;
    for word in rest.split_inclusive(char::is_whitespace).take(8) {
        end += word.len();
        if BODIES.contains(&words(word).trim_end_matches("’s")) {
            // "next Improvement Board meeting": the subject goes on to the last such word.
            body = Some(end);
        } else if body.is_some() {
            break;
        }
    }
    body.filter(|_| !aside).map(|end| (end, false))
}

/// Whether the word before a date makes it another thing's: "since 6 March 2025".
fn belongs_elsewhere(text: &str, date: &Date) -> bool {
    let before = text.get(..date.span.start).unwrap_or_default().trim_end();
    let before = ["the", "The"].iter().find_map(|article| before.strip_suffix(article)).unwrap_or(before);
    before.split_whitespace().next_back().is_some_and(|word| NOT_ITS_DAY.iter().any(|known| known.eq_ignore_ascii_case(word)))
}

/// Nobody is sent to a meeting on a day whose weekday is another's, nor to one that is a span of days.
fn meeting(date: &Date, quote: &str) -> Option<NextMeeting> {
    let day = date.single().filter(|_| !date.weekday_differs)?;
    Some(NextMeeting { date: day, start: date.start, end: date.end, quote: Text::line(quote).or_absent()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lines: &[&str], expect: Option<(&str, Option<&str>, Option<&str>, &str)>) {
        let found = read(lines, None).map(|m| {
            let time = |t: Option<chrono::NaiveTime>| t.map(|t| t.format("%H:%M").to_string());
            (m.date.to_string(), time(m.start), time(m.end), m.quote.as_str().to_owned())
        });
        let owned = |t: Option<&str>| t.map(str::to_owned);
        assert_eq!(found, expect.map(|(d, s, e, q)| (d.to_owned(), owned(s), owned(e), q.to_owned())), "{lines:?}");
    }

    #[test]
    fn a_sentence_may_announce_it() {
        let sentence = "The next Improvement Board will take place on Tuesday 3 December 2019.";
        check(&["Work goes on.", sentence], Some(("2019-12-03", None, None, sentence)));
        check(&[&format!("Work goes on. {sentence} All are welcome.")], Some(("2019-12-03", None, None, sentence)));
        let verbal = "It meets next on Monday 8 December 2025.";
        check(&[verbal], Some(("2025-12-08", None, None, verbal)));
        for again in [
            "The panel meets again on Thursday 14 January 2027 and its papers will be here a week before.",
            "It will meet again on 14 January 2027",
            "We next meet on 14 January 2027.",
        ] {
            check(&[again], Some(("2027-01-14", None, None, again)));
        }
        let timed = "The next meeting will be held at 7.30 p.m. on Tuesday 3 December 2019";
        check(&[timed], Some(("2019-12-03", Some("19:30"), None, timed)));
    }

    #[test]
    fn a_heading_may_announce_it() {
        let quote = "10am - 12:30pm, Tuesday 25 February 2020";
        let expect = Some(("2020-02-25", Some("10:00"), Some("12:30"), quote));
        check(&["Date and time of next meeting", quote, "View the full Improvement Plan."], expect);
        check(&["Next Board:", quote], expect);
        check(&["Next meeting: 25 February 2020"], Some(("2020-02-25", None, None, "Next meeting: 25 February 2020")));
    }

    #[test]
    fn what_is_not_the_next_meeting_is_not_taken_for_it() {
        check(&["It will be provided at the next Board meeting; the visit is expected in late February or early March."], None);
        check(&["Before the next board meeting on 3 December 2019 a report is due."], None);
        check(&["The next Improvement Board will take place on Wednesday 3 December 2019."], None);
        check(&["Date of next meeting", "To be confirmed"], None);
        check(&["The panel met again on 14 January 2027."], None);
        check(&["Old friends meet again on 14 January 2027."], None);
        check(&["The board meets again before the report of 14 January 2027."], None);
        check(&["The next monitoring visit will take place on 3 December 2019."], None);
    }
}
