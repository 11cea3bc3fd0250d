//! Days in one spelling: "Thursday 10 December 2026", "Thursday, 10th December 2026" and "10/12/2026" are one day, and none of them
//! is a change of another. Asked only of words that differ, so that what is as it was costs nothing.

use super::yearless;
use crate::rules::facts::dates;
use chrono::NaiveDate;
use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether two texts say the same, but for the spelling of the days in them. `around`: a day that they are of.
pub(super) fn are_alike(was: &str, is: &str, around: Option<NaiveDate>) -> bool {
    was == is
        || (dates::may_hold_any(was) && dates::may_hold_any(is) && {
            let (one, other) = (in_one_spelling(was), in_one_spelling(is));
            one == other || yearless::are_alike(&one, &other, around) || yearless::are_alike(was, is, around)
        })
}

/// A text with each day as "2026-12-10", and the hours beside it behind that.
pub(super) fn in_one_spelling(text: &str) -> Cow<'_, str> {
    let found = dates::find(text);
    let mut kept = String::with_capacity(text.len());
    let mut rest = 0;
    // Several days may be told by the same words: "3, 10 and 17 March 2025".
    for said in found.chunk_by(|one, other| one.span == other.span) {
        let Some(first) = said.first() else { continue };
        // Which of the two is wrong where a weekday is another day's is for people to see.
        if said.iter().any(|date| date.weekday_differs) || first.span.start < rest {
            continue;
        }
        kept.push_str(text.get(rest..first.span.start).unwrap_or_default());
        for (at, date) in said.iter().enumerate() {
            kept.push_str(if at == 0 { "" } else { " " });
            let _ = write!(kept, "{}", date.day);
            if let Some(last) = date.last_day {
                let _ = write!(kept, "/{last}");
            }
        }
        if let Some(start) = first.start {
            let _ = write!(kept, " {}", start.format("%H:%M"));
        }
        if let Some(end) = first.end {
            let _ = write!(kept, "-{}", end.format("%H:%M"));
        }
        rest = first.span.end;
    }
    if rest == 0 {
        return Cow::Borrowed(text);
    }
    kept.push_str(text.get(rest..).unwrap_or_default());
    Cow::Owned(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_reads_alike_however_it_is_spelt() {
        let days = [
            "thursday 10 december 2026",
            "thursday, 10th december 2026",
            "thu 10 dec 2026",
            "10 december 2026",
            "10/12/2026",
            "2026-12-10",
        ];
        for day in days {
            let said = |day: &str| format!("the board meets on {day} in the hall. papers follow.");
            assert!(are_alike(&said(days[0]), &said(day), None), "{day}: {}", in_one_spelling(&said(day)));
            let timed = |day: &str| format!("date {day} time 18:00 place town hall");
            assert!(are_alike(&timed(days[0]), &timed(day), None), "{day}: {}", in_one_spelling(&timed(day)));
        }
    }

    #[test]
    fn a_day_without_a_year_reads_alike_with_its_weekday_or_without() {
        let said = |day: &str| format!("the board meets on {day}, in room 4.");
        for day in ["tuesday 4 march", "tuesday, 4th march", "tues 4 mar", "tuesday the 4th of march", "4th march"] {
            assert!(are_alike(&said("4 march"), &said(day), None), "{day}");
            assert!(are_alike(&said(day), &said("4 march"), None), "{day}");
        }
    }

    #[test]
    fn another_day_or_another_word_is_none_of_spelling() {
        let check = |was: &str, is: &str| assert!(!are_alike(was, is, None), "{was} | {is}");
        check("on 10 december 2026", "on 11/12/2026");
        check("on 10 december 2026", "on 12/10/2026");
        check("on thursday 10 december 2026", "on friday 10 december 2026");
        check("on 10 december 2026 in room 4", "on 10/12/2026 in room 5");
        check("from 10 to 12 december 2026", "from 10 to 13 december 2026");
        check("on 10 december 2026 at 18:00", "on 10/12/2026 at 19:00");
        check("on 10 december", "on 11 december 2026");
        check("on 10 december 2026", "on friday 10 december 2026");
        check("on tuesday 4 march in room 4", "on wednesday 4 march in room 4");
        check("agreed", "noted");
    }
}
