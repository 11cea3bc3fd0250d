//! The next meeting that a body announces, with the council's own words for it.

use super::dates::{self, Date};
use crate::domain::item::NextMeeting;
use crate::domain::text::Text;

/// What may meet.
const BODIES: &[&str] = &["meeting", "board", "committee", "cabinet", "panel", "forum", "group", "council", "session"];
/// Words that make a date the next meeting's own: "expected", "before" and the like do not.
const SAYS_WHEN: &[&str] = &[
    "will take place",
    "takes place",
    "will be held",
    "is to be held",
    "to be held",
    "will be on",
    "will meet",
    "will next meet",
    "is on",
    "is scheduled for",
    "scheduled for",
    "is due on",
    "has been arranged for",
    "will be at",
    "is:",
    "are:",
];

/// The next meeting that the paragraphs announce: in a sentence, or under a heading of its own. The last one said counts.
#[must_use]
pub fn read(paragraphs: &[String]) -> Option<NextMeeting> {
    let under_heading = paragraphs.iter().enumerate().rev().find_map(|(at, line)| {
        let said_on_the_line = headed(line)?;
        if let Some(date) = only_date(said_on_the_line) {
            return meeting(&date, line);
        }
        let below = paragraphs.get(at + 1..).unwrap_or_default().iter().take(2);
        below.into_iter().find_map(|line| meeting(&only_date(line)?, line))
    });
    under_heading.or_else(|| paragraphs.iter().rev().find_map(|paragraph| sentences(paragraph).rev().find_map(said)))
}

/// Whether a line is a heading such as "Date and time of next meeting", and what it says after its colon, if anything.
fn headed(line: &str) -> Option<&str> {
    let lowered = line.to_lowercase();
    let head_end = lowered.find([':', '-', '–']).unwrap_or(lowered.len());
    let head = lowered.get(..head_end)?.trim();
    let next = head.contains("next meeting") || BODIES.iter().any(|body| head.contains("next ") && head.ends_with(body));
    let is_heading = next && head.split_whitespace().count() <= 9 && dates::find(head).is_empty() && !head.ends_with('.');
    let verbal = SAYS_WHEN.iter().any(|words| head.contains(words));
    // The lower-cased text may be longer or shorter than the line: cut the line itself.
    let rest = line.split_once([':', '-', '–']).map_or("", |(_, rest)| rest.trim());
    (is_heading && !verbal).then_some(rest)
}

fn said(sentence: &str) -> Option<NextMeeting> {
    let lowered = sentence.to_lowercase();
    let next = lowered.find("next ")?;
    let after = lowered.get(next + 5..)?;
    let subject: Vec<&str> = after.split(' ').take(7).map(|w| w.trim_matches(|c: char| !c.is_alphanumeric())).collect();
    let body = subject.iter().position(|word| BODIES.contains(word))?;
    let named = subject.get(body)?;
    let from_body = after.get(after.find(named)?..)?;
    if !SAYS_WHEN.iter().any(|words| from_body.contains(words)) {
        return None;
    }
    meeting(&only_date(sentence)?, sentence)
}

/// The one day that a text names; two would leave it open which is meant.
fn only_date(text: &str) -> Option<Date> {
    let mut found = dates::find(text);
    let date = found.pop()?;
    (found.is_empty() && date.last_day.is_none()).then_some(date)
}

fn meeting(date: &Date, quote: &str) -> Option<NextMeeting> {
    Some(NextMeeting { date: date.single()?, start: date.start, end: date.end, quote: Text::line(quote).or_absent()? })
}

/// Sentences by their full stops; a stop within a time ("7.30 p.m.") is followed by no capital.
fn sentences(paragraph: &str) -> impl DoubleEndedIterator<Item = &str> {
    let mut pieces = Vec::new();
    let mut from = 0;
    for (at, stop) in paragraph.match_indices(['.', '!', '?']) {
        let after = paragraph.get(at + stop.len()..).unwrap_or_default();
        let ends = after.starts_with(char::is_whitespace) && after.trim_start().starts_with(|c: char| c.is_uppercase());
        if ends {
            pieces.push(paragraph.get(from..=at).unwrap_or_default().trim());
            from = at + stop.len();
        }
    }
    pieces.push(paragraph.get(from..).unwrap_or_default().trim());
    pieces.into_iter().filter(|piece| !piece.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lines: &[&str], expect: Option<(&str, Option<&str>, Option<&str>, &str)>) {
        let lines: Vec<String> = lines.iter().map(|l| (*l).to_owned()).collect();
        let found = read(&lines).map(|m| {
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
        check(&["The next monitoring visit will take place on 3 December 2019."], None);
    }
}
