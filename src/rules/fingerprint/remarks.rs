//! What a text says, without what stands beside its words and is another at each visit: "(2 days ago)" after a day,
//! "Downloaded 12 times" after a file, how many saw a page after its day; how a link opens, which comes and goes with a system's
//! settings; with the sizes of files apart from the words, since a system shows them or not as it likes; and with hours in one
//! spelling.

use super::{bytes, days, hours, plain};
use crate::rules::extract::volatile::{is_age, is_counter};
use crate::rules::facts::dates;
use crate::rules::facts::documents::{about, without_file};
use std::borrow::Cow;

/// Longest line whose end may say something of a file, in bytes.
const FILE_LINE_BYTES_MAX: usize = 300;

/// What a text says.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(crate) struct Said {
    /// The plain words in small letters, on one line.
    pub(crate) words: String,
    /// Sizes of files that stood among them, and after how many bytes of them.
    pub(crate) sizes: Vec<(usize, String)>,
}

impl Said {
    /// What `text` says, line by line.
    pub(crate) fn of(text: &str) -> Self {
        let mut said = Self::default();
        for line in text.lines() {
            said.add(&hours::in_one_spelling(&plain(line)));
        }
        said
    }

    /// The same with each day in one spelling, for those who compare one text with another.
    pub(crate) fn however_spelt(text: &str) -> Self {
        let said = Self::of(text);
        let words = days::in_one_spelling(&said.words).into_owned();
        Self { words, ..said }
    }

    fn add(&mut self, line: &str) {
        let mut sizes = Vec::new();
        let words = without_remarks(line, &mut sizes);
        if !words.is_empty() && !self.words.is_empty() {
            self.words.push(' ');
        }
        let from = self.words.len();
        self.words.push_str(&words.to_lowercase());
        self.sizes.extend(sizes.into_iter().map(|(at, size)| (from + at.min(words.len()), size)));
    }

    /// Whether the sizes that both name at the same place may be those of the same files.
    pub(crate) fn agrees(&self, other: &Self) -> bool {
        let (ours, theirs) = (bytes::by_place(&self.sizes), bytes::by_place(&other.sizes));
        ours.iter()
            .filter_map(|(place, ours)| Some((ours, theirs.get(place)?)))
            .all(|(ours, theirs)| ours.len() != theirs.len() || ours.iter().zip(theirs).all(|(a, b)| bytes::are_same(a, b)))
    }

    /// Whether both say the same, as far as both say it: of a day, one may give the weekday or the year alone.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        days::are_alike(&self.words, &other.words, None) && self.agrees(other)
    }
}

/// The words of a line; the sizes among them go to `sizes`.
fn without_remarks(line: &str, sizes: &mut Vec<(usize, String)>) -> String {
    let has_remark = line.contains(|c: char| c.is_ascii_digit() || matches!(c, '(' | '[')) || line.contains("pens in ");
    let bare = if has_remark { Cow::Owned(without_brackets(line, sizes)) } else { Cow::Borrowed(line) };
    let mut words = &*bare;
    if has_remark {
        words = without_counter(without_downloads(without_way(words)));
        words = after_day(words).unwrap_or(words);
    }
    if words.len() > FILE_LINE_BYTES_MAX {
        return words.to_owned();
    }
    let Some((words, size)) = without_file(words) else { return words.to_owned() };
    sizes.extend(size.map(|size| (words.len(), size.to_owned())));
    words.to_owned()
}

/// "3 May (2 days ago)" → "3 May"; "The letter (PDF, 340kB)" → "The letter".
fn without_brackets(line: &str, sizes: &mut Vec<(usize, String)>) -> String {
    let mut kept = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find(['(', '[']) {
        let (before, bracket) = rest.split_at_checked(at).unwrap_or((rest, ""));
        kept.push_str(before);
        let close = if bracket.starts_with('(') { ')' } else { ']' };
        let inner = bracket.get(1..).unwrap_or_default();
        if let Some((inner, after)) = inner.split_once(close).filter(|(inner, _)| is_remark(inner)) {
            kept.truncate(kept.trim_end().len());
            let size = about(inner).and_then(|about| about.size);
            sizes.extend(size.map(|size| (kept.trim_start().len(), size.to_owned())));
            rest = after;
        } else {
            kept.push_str(bracket.get(..1).unwrap_or_default());
            rest = inner;
        }
    }
    kept.push_str(rest);
    kept.trim().to_owned()
}

/// Whether a bracket holds an age, or what kind of file of what size; the kind follows from the address. "(Word)" is a word.
fn is_remark(inner: &str) -> bool {
    let of_file = || about(inner).is_some_and(|about| about.size.is_some() || about.kind.is_some() && !about.by_family);
    is_age(&inner.to_lowercase()) || of_file()
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

/// "Webmaster: the clerk. You are visitor 10142" → "Webmaster: the clerk.".
fn without_counter(line: &str) -> &str {
    let Some(end) = line.rfind(". ").map(|at| at + 1) else { return line };
    let (before, last) = line.split_at_checked(end).unwrap_or((line, ""));
    let last = last.trim().trim_end_matches('.');
    if last.contains(|c: char| c.is_ascii_digit()) && is_counter(&last.to_lowercase()) { before } else { line }
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
