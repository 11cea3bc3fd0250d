//! The line that says when a page was put out and last changed, and by whom: "by Town Clerk - published 20 November 2026, last
//! modified 21 November 2026". Each day stands behind its own label; a line that says anything else is none.

use super::article::is_reading_time;
use super::dated::{PUBLISHED, REVIEWED, UPDATED};
use crate::rules::extract::text::folded;
use crate::rules::facts::dates;
use chrono::NaiveDate;

/// The days of such a line.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) struct Byline {
    /// Of publication.
    pub(super) published: Option<NaiveDate>,
    /// Of the last change.
    pub(super) updated: Option<NaiveDate>,
}

/// Longest such line, in bytes.
const BYTES_MAX: usize = 160;
/// Most words of a name or an office.
const NAME_WORDS_MAX: usize = 5;

/// What a label says of the day behind it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Published,
    Updated,
    Reviewed,
}

/// Reads such a line.
pub(super) fn read(text: &str) -> Option<Byline> {
    if text.len() > BYTES_MAX || !dates::may_hold_any(text) {
        return None;
    }
    let found = dates::find(text);
    let mut byline = Byline::default();
    let mut from = 0;
    for date in &found {
        let lead = text.get(from..date.span.start)?;
        // Of a single day, what stands before the label must say that it is a name.
        match said(lead, found.len() > 1)? {
            Said::Published => byline.published = byline.published.or(date.single()),
            Said::Updated => byline.updated = date.single(),
            Said::Reviewed => {}
        }
        from = date.span.end;
    }
    (from > 0 && is_tail(text.get(from..)?)).then_some(byline)
}

/// What stands before a day: names, then the label, then perhaps by whom.
fn said(lead: &str, one_of_several: bool) -> Option<Said> {
    let lead = folded(lead);
    let lead = without_time(&lead).trim_matches(is_between);
    let mut parts: Vec<&str> =
        lead.split([',', ';', '|', '·', '•', '(']).flat_map(|part| part.split(" - ")).flat_map(|part| part.split(". ")).collect();
    parts.retain(|part| !part.trim_matches(is_between).is_empty());
    let (label, names) = parts.split_last()?;
    let says_by = lead.starts_with("by ") || ["author", "written by", "posted by"].iter().any(|word| lead.starts_with(word));
    let is_name = |part: &&str| part.split_whitespace().count() <= NAME_WORDS_MAX;
    let may_be_named = names.is_empty() || says_by || one_of_several;
    (may_be_named && names.iter().all(is_name)).then(|| of_label(label.trim_matches(is_between))).flatten()
}

/// "published", "last modified on", "posted by jo marsh on".
fn of_label(words: &str) -> Option<Said> {
    let words = ["on", "at"].iter().find_map(|word| words.strip_suffix(word)?.strip_suffix(' ')).unwrap_or(words);
    let words = words.trim_end_matches(is_between);
    let kinds = [(Said::Published, PUBLISHED), (Said::Updated, UPDATED), (Said::Reviewed, REVIEWED)];
    let of_kind = |labels: &[&str]| {
        labels.iter().any(|label| {
            let rest = words.strip_prefix(label).filter(|_| !matches!(*label, "date" | "added" | "issued"));
            rest.is_some_and(|rest| {
                let by = rest.trim_start_matches([':', ' ']).strip_prefix("by ");
                rest.is_empty() || by.is_some_and(|name| name.split_whitespace().count() <= NAME_WORDS_MAX)
            })
        })
    };
    kinds.into_iter().find(|(_, labels)| of_kind(labels)).map(|(said, _)| said)
}

/// Without the time of the day before.
fn without_time(lead: &str) -> &str {
    let rest = lead.trim_start_matches(|c: char| c.is_ascii_digit() || " :.,".contains(c));
    ["am", "pm"]
        .iter()
        .find_map(|half| rest.strip_prefix(half))
        .filter(|rest| !rest.starts_with(char::is_alphanumeric))
        .unwrap_or(lead)
}

/// What may stand behind the last day: its time, by whom, where.
fn is_tail(rest: &str) -> bool {
    let folded = folded(rest);
    let bare = without_time(&folded).trim_matches(is_between);
    let says_where = ["by ", "in ", "at "].iter().any(|way| bare.starts_with(way));
    let is_short = bare.split_whitespace().count() <= NAME_WORDS_MAX + 1 && !rest.trim_end().ends_with('.');
    !bare.contains(char::is_alphanumeric)
        || is_reading_time(bare)
        || bare.bytes().all(|b| b.is_ascii_digit() || b == b':')
        || (says_where && is_short)
}

fn is_between(c: char) -> bool {
    c.is_whitespace() || ":,.;|·•-–—()".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_day_belongs_to_the_label_before_it() {
        let check = |line: &str, published: Option<&str>, updated: Option<&str>| {
            let found = read(line).unwrap_or_else(|| panic!("{line}"));
            let days = [found.published, found.updated].map(|day| day.map(|day| day.to_string()));
            assert_eq!(days, [published, updated].map(|day| day.map(str::to_owned)), "{line}");
        };
        check(
            "by Clerk to the Board — published Oct 5, 2026 09:15 AM, last modified Oct 6, 2026 10:00 AM",
            Some("2026-10-05"),
            Some("2026-10-06"),
        );
        check("By Sam Reed. Published 5 October 2026. Last modified 6 October 2026.", Some("2026-10-05"), Some("2026-10-06"));
        check("Published by Sam Reed on 5 October 2026, updated 6 October 2026", Some("2026-10-05"), Some("2026-10-06"));
        check("Published 5 October 2026; last updated 6 October 2026", Some("2026-10-05"), Some("2026-10-06"));
        check("Posted on 5 October 2026 - Last reviewed: 6 October 2026", Some("2026-10-05"), Some("2026-10-06"));
        check("Written by Sam Reed, published on 5 October 2026", Some("2026-10-05"), None);
        check("Published: 5 October 2026 · 3 min read", Some("2026-10-05"), None);
        check("Last updated 6 October 2026", None, Some("2026-10-06"));
    }

    #[test]
    fn a_sentence_is_no_byline() {
        for line in [
            "The plan, published 5 October 2026, was agreed on 6 October 2026.",
            "Ofsted report, published 5 October 2026",
            "Published 5 October 2026 after the board had asked for it twice",
            "Updated 5 October 2026: the centre will close",
            "5 October 2026",
            "The board meets on 5 October 2026",
            "Published in full, with all that was said by 12 people",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
