//! Hours in one spelling: "6pm", "6.00 p.m." and "18:00" are one hour, and none of them is a change of another.

use crate::rules::facts::dates;
use std::borrow::Cow;
use std::fmt::Write as _;

/// A line with each time of day as "18:00", and each span of time as "18:00-21:00".
pub(super) fn in_one_spelling(line: &str) -> Cow<'_, str> {
    if !may_hold_any(line) {
        return Cow::Borrowed(line);
    }
    // What else is written like "18.00" is the same as before in that spelling, too.
    let found = dates::times_said(line);
    if found.is_empty() {
        return Cow::Borrowed(line);
    }
    let mut kept = String::with_capacity(line.len());
    let mut rest = 0;
    for (start, end, span) in found {
        kept.push_str(line.get(rest..span.start).unwrap_or_default());
        // A letter would be another word's with it.
        if kept.ends_with(char::is_alphanumeric) {
            kept.push(' ');
        }
        let _ = write!(kept, "{}", start.format("%H:%M"));
        if let Some(end) = end {
            let _ = write!(kept, "-{}", end.format("%H:%M"));
        }
        rest = span.end;
        // The full stop of "6 p.m." may be that of its sentence as well.
        let after = line.get(rest..).unwrap_or_default();
        if after.starts_with('.') && !after.get(1..).is_some_and(|next| next.starts_with(char::is_alphanumeric)) {
            rest += 1;
        }
    }
    kept.push_str(line.get(rest..).unwrap_or_default());
    Cow::Owned(kept)
}

/// Whether it is worth looking for times of day: a digit before a colon or a stop with another, or before "am" or "pm"; noon.
fn may_hold_any(line: &str) -> bool {
    let bytes = line.as_bytes();
    let is = |at: usize, wanted: fn(&u8) -> bool| bytes.get(at).is_some_and(wanted);
    let after_digit = |at: usize| {
        let gap = usize::from(is(at + 1, |b| *b == b' '));
        let next = at + 1 + gap;
        let halves = is(next, |b| matches!(b.to_ascii_lowercase(), b'a' | b'p' | b'h'))
            && is(next + 1, |b| matches!(b.to_ascii_lowercase(), b'm' | b'.' | b'r' | b'o' | b' '));
        halves || gap == 0 && is(next, |b| matches!(b, b':' | b'.')) && is(next + 1, u8::is_ascii_digit)
    };
    let names_midday = || {
        let lowered = line.to_ascii_lowercase();
        lowered.contains("noon") || lowered.contains("midday")
    };
    (0..bytes.len()).any(|at| is(at, u8::is_ascii_digit) && after_digit(at)) || names_midday()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_reads_alike_however_it_is_spelt() {
        let check = |spelt: &str, expect: &str| assert_eq!(in_one_spelling(spelt), expect, "{spelt}");
        for hour in ["6pm", "6 pm", "6PM", "6.00pm", "6.00 pm", "6:00 PM", "6 p.m.", "6.00 p.m.", "18:00"] {
            check(hour, "18:00");
            check(&format!("The board meets at {hour} in the hall"), "The board meets at 18:00 in the hall");
        }
        for hour in ["6pm.", "6 p.m.", "18:00."] {
            check(&format!("The board meets at {hour}"), "The board meets at 18:00");
        }
        for hour in ["18.00", "18.00 hrs", "18:00 hours", "1800 hrs"] {
            check(&format!("Thursday, {hour}, Town Hall"), "Thursday, 18:00, Town Hall");
        }
        check("10.00 - 12.30", "10:00-12:30");
        for span in ["6pm - 9pm", "6pm to 9pm", "6-9pm", "6.00 - 9.00 p.m.", "18:00 - 21:00", "18:00-21:00", "6pm until 9pm"] {
            check(&format!("Thursday, {span}, Town Hall"), "Thursday, 18:00-21:00, Town Hall");
        }
        check("12 noon", "12:00");
        check("12pm", "12:00");
        check("at midday", "at 12:00");
    }

    #[test]
    fn what_is_no_hour_stays_as_it_is() {
        for line in [
            "£6.30 million",
            "6.30",
            "Room 6",
            "3:2 in favour",
            "6 people met",
            "2026",
            "",
            "Item 10: plans",
            "5 a day",
            "£18.00",
            "10.00.1",
            "12.50%",
            "18.37",
        ] {
            assert_eq!(in_one_spelling(line), line);
        }
    }
}
