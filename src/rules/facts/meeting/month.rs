//! Titles that name a meeting by its month alone: "Note of the November board", "Improvement Board – September 2025 meeting". The day
//! beside such a title is that of the posting where it is in another month, or where the title is of an account that somebody
//! wrote afterwards; and the day that the account gives within that month is the meeting's.

use super::{body, names, words};
use crate::domain::item::{Item, Meeting};
use crate::rules::facts::{dates, sentences};
use chrono::{Datelike, NaiveDate};
use std::ops::Range;

/// Lines of an account in which it says when its meeting was.
const OPENING_LINES: usize = 4;
/// Most days between a meeting and what is posted about it, where the title names no year.
const DAYS_APART: i64 = 150;

/// A month that a title names without a day.
struct Named {
    month: u32,
    year: Option<i32>,
    /// Which bytes of the title say so.
    span: Range<usize>,
}

impl Named {
    /// `None` where the title names none, several, or a day.
    fn of(title: &str) -> Option<Self> {
        let mut found = None;
        let mut from = 0;
        for word in title.split(|c: char| !c.is_alphanumeric()) {
            let span = from..from + word.len();
            from = span.end + title.get(span.end..)?.chars().next().map_or(0, char::len_utf8);
            // "The board may meet".
            let is_name = word.len() > 2 && word.starts_with(char::is_uppercase);
            let Some(month) = dates::month_named(word).filter(|_| is_name) else { continue };
            let rest = title.get(span.end..)?.trim_start_matches([' ', ',']);
            let next = rest.split(|c: char| !c.is_alphanumeric()).next()?;
            let year = next.parse().ok().filter(|year| next.len() == 4 && (1990..2100).contains(year));
            let end = if year.is_some() { title.len() - rest.len() + next.len() } else { span.end };
            if found.replace(Self { month, year, span: span.start..end }).is_some() {
                return None;
            }
        }
        found.filter(|_| dates::said(title).is_empty() && dates::find(title).is_empty())
    }
}

/// Whether a day beside a title cannot be, or is not likely to be, that of the meeting which the title names by its month.
#[must_use]
pub(super) fn is_posted_on(title: &str, day: NaiveDate) -> bool {
    Named::of(title)
        .is_some_and(|named| named.month != day.month() || named.year.is_some_and(|year| year != day.year()) || is_account(title))
}

/// Whether a title is of what somebody wrote after a meeting: "October highlights", "Note of the November board".
fn is_account(title: &str) -> bool {
    const ACCOUNTS: &[&str] = &["actions", "decisions", "highlights", "outcome", "outcomes", "round-up", "roundup", "summary"];
    const OPENINGS: &[&str] = &["note", "notes", "report", "account", "record", "recap"];
    let words = words(title);
    words.iter().any(|word| ACCOUNTS.contains(&word.as_str()))
        || matches!(words.as_slice(), [first, of, ..] if OPENINGS.contains(&first.as_str()) && matches!(of.as_str(), "of" | "on" | "from"))
}

/// The meeting that an item's title names by its month, where its text says on which day of that month it was.
pub(super) fn told(item: &Item) -> Option<Meeting> {
    let title = item.title.as_str();
    let named = Named::of(title)?;
    let (before, after) = (title.get(..named.span.start)?, title.get(named.span.end..)?);
    let name = format!("{} {}", before.trim_end(), after.trim_start());
    if !names(&name) {
        return None;
    }
    let lines = item.text.as_ref()?.as_str().lines().take(OPENING_LINES).filter(|line| dates::may_hold_any(line));
    let mut days = lines.flat_map(sentences).filter(|sentence| looks_back(sentence)).flat_map(dates::find);
    let first = days.next()?;
    let day = first.single()?;
    let is_near = |day: NaiveDate| item.published.is_some_and(|posted| (posted - day).num_days().abs() <= DAYS_APART);
    let is_of_month = day.month() == named.month && named.year.map_or_else(|| is_near(day), |year| year == day.year());
    (is_of_month && days.all(|other| other.single() == Some(day))).then(|| Meeting {
        start: first.start,
        end: first.end,
        ..Meeting::on(body(&name), Some(day))
    })
}

/// Whether a sentence says that something met or was held.
fn looks_back(sentence: &str) -> bool {
    let words = words(sentence);
    let has = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    has(&["met", "held", "meeting", "convened", "gathered"]) && !has(&["next", "will", "previous", "last"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::Text;
    use url::Url;

    #[test]
    fn a_day_beside_a_month_is_that_of_posting_in_another_month_or_of_an_account() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 13).unwrap();
        for title in [
            "Note of the November board",
            "Housing Board: November highlights",
            "Planning Committee – November decisions",
            "Minutes of the October meeting",
            "Board meeting, November 2025",
        ] {
            assert!(is_posted_on(title, day), "{title}");
        }
        for title in [
            "November meeting",
            "Minutes – November 2026",
            "Board decisions",
            "Summary of the board of 4 November 2026",
            "Board: may highlights",
        ] {
            assert!(!is_posted_on(title, day), "{title}");
        }
    }

    #[test]
    fn the_day_of_the_meeting_stands_in_the_account_of_its_month() {
        let check = |title: &str, text: &str, expect: Option<&str>| {
            let url = Url::parse("https://example.org/a").unwrap();
            let item = Item {
                text: Some(Text::new(text)),
                published: NaiveDate::from_ymd_opt(2026, 10, 2),
                ..Item::bare("a".to_owned(), Text::line(title), url)
            };
            let found = told(&item).and_then(|meeting| meeting.date).map(|day| day.to_string());
            assert_eq!(found.as_deref(), expect, "{title}: {text}");
        };
        let met = "The board met on 23 September 2026 in the Guildhall. Its next meeting is on 25 November 2026.";
        check("Housing Board – September 2026 meeting", met, Some("2026-09-23"));
        check("September meeting of the Housing Board", met, Some("2026-09-23"));
        check("Housing Board – August 2026 meeting", met, None);
        check("Housing plan – September 2026", met, None);
        check("Housing Board – September 2026 meeting", "It met on 3 September 2026.\nIt was held on 9 September 2026.", None);
        check("Housing Board – September 2026 meeting", "Tell us by 30 September 2026.", None);
    }
}
