//! Days, times and numbers as an English reader writes them, and cutting at a word's end.

use chrono::{NaiveDate, NaiveTime};

/// "19 January 2021".
pub(super) fn day(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}

/// "Tuesday 25 February 2020".
pub(super) fn weekday_and_day(date: NaiveDate) -> String {
    date.format("%A %-d %B %Y").to_string()
}

/// "10:00 to 12:30", "10:00", or nothing where no start is known.
pub(super) fn hours(start: Option<NaiveTime>, end: Option<NaiveTime>) -> Option<String> {
    let start = start?.format("%H:%M");
    Some(end.map_or_else(|| start.to_string(), |end| format!("{start} to {}", end.format("%H:%M"))))
}

/// "1 update", "7 updates".
pub(super) fn count(n: usize, one: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") }
}

/// "a", "a and b", "a, b and c".
pub(super) fn list(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// At most `chars_max` characters, cut at a word's end where there is one in the last third, with "…".
pub(super) fn clip(text: &str, chars_max: usize) -> String {
    if text.chars().count() <= chars_max {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(chars_max.saturating_sub(1)).collect();
    if let Some(at) = cut.rfind(char::is_whitespace).filter(|at| at * 3 >= cut.len() * 2) {
        cut.truncate(at);
    }
    cut.truncate(cut.trim_end_matches([' ', ',', ';', ':', '-', '–', '.']).len());
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_text_ends_at_a_word() {
        assert_eq!(clip("Improvement Board Update", 40), "Improvement Board Update");
        assert_eq!(clip("Improvement Board, Update", 20), "Improvement Board…");
        assert_eq!(clip("Llanfairpwllgwyngyll", 10), "Llanfairp…");
        assert_eq!(clip("ééééé", 3), "éé…");
    }

    #[test]
    fn lists_read_as_english() {
        let check = |parts: &[&str], expect| assert_eq!(list(&parts.iter().map(|&p| p.to_owned()).collect::<Vec<_>>()), expect);
        check(&[], "");
        check(&["a"], "a");
        check(&["a", "b"], "a and b");
        check(&["a", "b", "c"], "a, b and c");
    }

    #[test]
    fn hours_need_a_start() {
        let at = |h| NaiveTime::from_hms_opt(h, 30, 0);
        assert_eq!(hours(at(9), at(12)), Some("09:30 to 12:30".to_owned()));
        assert_eq!(hours(at(9), None), Some("09:30".to_owned()));
        assert_eq!(hours(None, at(12)), None);
    }
}
