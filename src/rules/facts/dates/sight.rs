//! Whether it is worth reading a text for dates at all: one look at its bytes.
//!
//! Every day is named by a month's name with a number beside it, or by three numbers with a sign between each two.

use super::part::month_named;

/// Whether a text may name a day.
pub(super) fn dates(text: &str) -> bool {
    if !has_digit(text) {
        return false;
    }
    let bytes = text.as_bytes();
    let mut seen = Seen::default();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let length = if byte.is_ascii_digit() {
            seen.number = true;
            let length = run(bytes, at, u8::is_ascii_digit);
            if may_be_figures(bytes, at + length) {
                return true;
            }
            length
        } else if byte.is_ascii_alphabetic() {
            let length = run(bytes, at, u8::is_ascii_alphabetic);
            seen.month |= text.get(at..at + length).and_then(month_named).is_some();
            length
        } else {
            1
        };
        if seen.number && seen.month {
            return true;
        }
        at += length;
    }
    false
}

/// Whether a text may name a day, a month or a year.
pub(super) fn times(text: &str) -> bool {
    has_digit(text) || text.split(|c: char| !c.is_ascii_alphabetic()).any(|word| month_named(word).is_some())
}

/// Goes through the whole text, since that is done many bytes at a time; most texts have none.
fn has_digit(text: &str) -> bool {
    text.bytes().fold(false, |has, byte| has | byte.is_ascii_digit())
}

#[derive(Default)]
struct Seen {
    number: bool,
    month: bool,
}

/// Whether what follows a number is a sign, a number and the same sign again before a third: "/12/2022". Signs beyond ASCII
/// are dashes, or may be.
fn may_be_figures(bytes: &[u8], at: usize) -> bool {
    let Some(sign) = bytes.get(at) else { return false };
    match sign {
        b'/' | b'-' | b'.' => {
            let middle = run(bytes, at + 1, u8::is_ascii_digit);
            let last = at + 1 + middle + 1;
            (1..=2).contains(&middle)
                && bytes.get(at + 1 + middle).is_some_and(|other| other == sign || !other.is_ascii())
                && bytes.get(last).is_some_and(|b| b.is_ascii_digit() || !b.is_ascii())
        }
        other => !other.is_ascii(),
    }
}

/// How many bytes from `at` on are alike.
fn run(bytes: &[u8], at: usize, is_alike: fn(&u8) -> bool) -> usize {
    bytes.get(at..).unwrap_or_default().iter().take_while(|byte| is_alike(byte)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_for_dates_where_it_may_have_one() {
        for text in [
            "15/12/2022",
            "on 3-8-2026.",
            "2026-04-27T10:00",
            "3.4.2024",
            "3‐4‐2024",
            "3‐4-2024",
            "3/4‑2024",
            "01/Sep/2026",
            "5th Medi 2026",
            "12 Nov",
            "May 5",
            "10 people may",
        ] {
            assert!(dates(text), "{text}");
        }
        for text in ["", "Read more", "01632 960 123", "10.30 am", "1.5 million", "2025/26", "in May", "Room 12/14"] {
            assert!(!dates(text), "{text}");
        }
        assert!(times("by March") && times("by 2030") && !times("by the board"));
    }
}
