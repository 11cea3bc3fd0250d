//! What stands in a line beside its words and is another at each visit: "(2 days ago)" after a day, "Downloaded 12 times"
//! after a file, how many saw a page after its day; and how a link opens, which comes and goes with a system's settings.

use super::{bytes, plain};
use crate::rules::extract::volatile::{is_age, is_counter};
use crate::rules::facts::dates;
use crate::rules::facts::documents::about;

/// The plain words of a text without that, line by line.
pub(super) fn without(text: &str) -> String {
    let lines = text.lines().map(plain).map(|line| without_remarks(&line)).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" ")
}

fn without_remarks(line: &str) -> String {
    let has_remark = line.contains(" ago)") || line.contains(|c: char| c.is_ascii_digit()) || line.contains("pens in ");
    if !has_remark {
        return line.to_owned();
    }
    let line = without_ages(line);
    let line = without_way(&line);
    let line = without_downloads(line);
    after_day(line).unwrap_or(line).to_owned()
}

/// "3 May (2 days ago)" → "3 May"; "The letter (PDF, 340kB)" → "The letter (340 K)".
fn without_ages(line: &str) -> String {
    let mut kept = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('(') {
        kept.push_str(before);
        match after.split_once(')') {
            Some((inner, after)) if is_age(&inner.to_lowercase()) => {
                kept.truncate(kept.trim_end().len());
                rest = after;
            }
            // How a page writes a file's size is layout, and its kind follows from the address.
            Some((inner, after)) if about(inner).is_some_and(|about| about.size.is_some()) => {
                let size = about(inner).and_then(|about| about.size).map(bytes::plain).unwrap_or_default();
                kept.truncate(kept.trim_end().len());
                kept.extend([" (", size.as_str(), ")"]);
                rest = after;
            }
            _ => {
                kept.push('(');
                rest = after;
            }
        }
    }
    kept.push_str(rest);
    kept.trim().to_owned()
}

/// "The letter - opens in new window" → "The letter".
fn without_way(line: &str) -> &str {
    const WAYS: &[&str] = &["opens in new window", "opens in a new window", "opens in new tab", "opens in a new tab"];
    let bare = line.trim_end_matches([')', ']', '.', ' ']);
    let cut = WAYS.iter().find_map(|way| {
        let (before, end) = bare.split_at_checked(bare.len().checked_sub(way.len())?)?;
        let before = before.trim_end();
        (end.eq_ignore_ascii_case(way) && before.ends_with(['(', '[', '-', ',', '|'])).then_some(before)
    });
    cut.map_or(line, |before| before.trim_end_matches(['(', '[', '-', ',', '|', ' ']))
}

/// "The letter (PDF) Downloaded 12 times" → "The letter (PDF)".
fn without_downloads(line: &str) -> &str {
    let Some(at) = line.rfind("Downloaded ") else { return line };
    let (before, end) = line.split_at_checked(at).unwrap_or((line, ""));
    if is_counter(&end.to_lowercase()) { before.trim_end_matches([' ', '|', '-', ',', '*']) } else { line }
}

/// "20 November 2026 144 views" → "20 November 2026".
fn after_day(line: &str) -> Option<&str> {
    if line.len() > 100 {
        return None;
    }
    let lowered = line.to_ascii_lowercase();
    if !["view", "views", "read", "reads", "hits", "likes", "comments", "shares"].iter().any(|end| lowered.ends_with(end)) {
        return None;
    }
    let gaps = line.match_indices(' ').map(|(at, _)| at);
    gaps.filter_map(|at| line.split_at_checked(at)).find_map(|(day, count)| {
        let count = count.trim_matches([' ', '|', '-', '*', ',']).to_lowercase();
        let is_count = count.contains(|c: char| c.is_ascii_digit()) && is_counter(&count);
        (is_count && dates::whole(day).is_some()).then(|| day.trim_end_matches([' ', '|', '-', '*', ',']))
    })
}
