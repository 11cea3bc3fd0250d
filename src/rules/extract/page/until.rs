//! Until when the entries of a list say that something can be done there: "Closes 14 March 2027", "Open until 14 March at 5pm", a
//! day in the column of closing days. What can be done on a day was not published on it, and takes place nowhere.

use super::{dated, rows};
use crate::domain::text::Text;
use crate::rules::extract::text::Line;
use crate::rules::facts::dates::{self, Date};
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
    let is_one = |date: &Date| in_column || text.get(..date.span.start).is_some_and(dated::ends_in_until);
    found(text).iter().filter(|date| is_one(date)).filter_map(|date| written(date, text)).collect()
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
