//! Until when the entries of a list say that something can be done there: "Closes 14 March 2027", "Open until 14 March at 5pm", "We want
//! your views by noon on 14 March", a day in the column of closing days. What can be done on a day was not published on it, and takes
//! place nowhere.

use super::{dated, rows};
use crate::domain::text::Text;
use crate::rules::extract::text::Line;
use crate::rules::facts::dates::{self, Date};
use crate::rules::facts::sentences;
use chrono::NaiveDate;

/// Longest line that is looked at, in bytes: others are prose.
const LINE_BYTES_MAX: usize = 200;

/// The only such day that the lines of an entry say, as people write it; without its year where they leave that out.
pub(super) fn of(lines: &[Line<'_>]) -> Option<Text> {
    let mut said = lines.iter().filter(|line| line.text.len() <= LINE_BYTES_MAX).flat_map(days).collect::<Vec<_>>();
    said.dedup();
    let only = said.pop().filter(|_| said.is_empty())?;
    Text::line(&only).or_absent()
}

fn days(line: &Line<'_>) -> Vec<String> {
    let text = line.text.as_str();
    if !dates::may_hold_any(text) {
        return Vec::new();
    }
    let in_column = rows::is_of_closing(line.block);
    let says_so = |before: &str| dated::ends_in_until(before) || asks_by(before);
    let is_one = |date: &Date| in_column || text.get(..date.span.start).is_some_and(says_so);
    found(text).iter().filter(|date| is_one(date)).filter_map(|date| written(date, text)).collect()
}

/// What people are asked for.
const ASKED: &[&str] = &[
    "answer",
    "answers",
    "applications",
    "apply",
    "bids",
    "book",
    "comment",
    "comments",
    "entries",
    "feedback",
    "nominations",
    "objections",
    "open",
    "register",
    "replies",
    "reply",
    "representations",
    "respond",
    "responses",
    "say",
    "sign",
    "submissions",
    "submit",
    "survey",
    "tell",
    "views",
    "write",
];
/// What may stand between "by" and the day: "by noon on".
const BETWEEN: &[&str] = &["am", "at", "business", "close", "end", "midday", "midnight", "noon", "of", "on", "pm", "the"];
/// Most words from "deadline" to its day: "deadline for comments has been extended to".
const CALLED_WORDS_MAX: usize = 7;

/// Whether a sentence that goes on with a day asks people for something by it, or calls it a deadline.
fn asks_by(before: &str) -> bool {
    let Some(sentence) = sentences(before).last().map(str::to_lowercase) else { return false };
    let words: Vec<&str> = sentence.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_between = |word: &&&str| BETWEEN.contains(word) || word.starts_with(|c: char| c.is_ascii_digit());
    let asks = words.iter().any(|word| ASKED.contains(word));
    let ends_so =
        || words.iter().rev().find(|word| !is_between(word)).is_some_and(|word| ["before", "by", "than", "until"].contains(word));
    let called = words.iter().rposition(|word| *word == "deadline");
    asks && ends_so() || called.is_some_and(|at| words.len() - at <= CALLED_WORDS_MAX)
}

/// The days that words name, those without a year in any.
fn found(words: &str) -> Vec<Date> {
    // A leap year has every day, and a day without a year is looked for in the half of one.
    let halves = [(2024, 1), (2024, 7)].map(|(year, month)| NaiveDate::from_ymd_opt(year, month, 1));
    let in_full = dates::find(words);
    if !in_full.is_empty() {
        return in_full;
    }
    halves.into_iter().map(|half| dates::find_after(words, half)).find(|found| !found.is_empty()).unwrap_or_default()
}

fn written(date: &Date, text: &str) -> Option<String> {
    let day = date.single()?;
    let names_year = text.get(date.span.clone())?.contains(&day.format("%Y").to_string());
    Some(day.format(if names_year { "%-d %B %Y" } else { "%-d %B" }).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_that_asks_for_something_by_a_day_is_told_from_others() {
        for before in [
            "Library hours. We want your views by ",
            "Parking. Please send us your comments no later than 5.00pm on ",
            "Deadline for comments ",
            "The deadline for nominations is noon on ",
            "Have your say before ",
        ] {
            assert!(asks_by(before), "{before}");
        }
        for before in ["The board met on ", "We asked for your views. The plan was agreed on ", "The roof will be mended by ", ""]
        {
            assert!(!asks_by(before), "{before}");
        }
    }

    #[test]
    fn a_day_is_written_with_its_year_where_the_words_name_one() {
        let check = |words: &str, expect: &str| {
            let found: Vec<String> = found(words).iter().filter_map(|date| written(date, words)).collect();
            assert_eq!(found, [expect], "{words}");
        };
        check("Closes Monday 14 December 2026", "14 December 2026");
        check("Open until 14 March", "14 March");
        check("Open until 14 October at 5pm", "14 October");
    }
}
