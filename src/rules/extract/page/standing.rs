//! How an entry of a list stands, as a word beside its name or its day says: "14 January 2027 CANCELLED", a badge above its heading,
//! "(called off)" behind it, a name that is struck out, a cell in a column of statuses.
//!
//! Such a word is no part of what the entry is called, and no day. So it is taken out of the entry's lines before anything else is
//! read from them: whatever comes to stand there, the entry is the same, with the same name and the same day.

use crate::domain::item::{Item, Meeting, Stage};
use crate::domain::text::Text;
use crate::rules::extract::text::{Line, bare_name};
use crate::rules::facts::called_off;
use crate::rules::facts::dates;
use crate::rules::facts::standing::{self, Standing};
use crate::rules::struck;
use std::borrow::Cow;

/// Longest line in which such a word is looked for, in bytes: others are prose.
const LINE_BYTES_MAX: usize = 200;
/// Longest line that says in a sentence that a meeting is called off, in bytes.
const SENTENCE_BYTES_MAX: usize = 160;
/// What parts such a word from what it stands beside.
const PARTING: &[char] = &['-', '–', '—', '(', '[', ']', ',', '|', ':', ';', '*', '·', '•'];

/// What is said of an entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Said {
    standing: Standing,
    words: String,
}

impl Said {
    /// A title without it.
    pub(super) fn apart_from<'t>(&self, title: &'t str) -> &'t str {
        without(title, &self.words)
    }

    /// Gives the entry's item what is said of it: a stage where it is off; else its name says so, as its own page's may one day.
    pub(super) fn give(&self, item: &mut Item) {
        let title = item.title.to_string();
        let name = without(&title, &self.words);
        if self.standing == Standing::Off {
            item.stage = Some(Stage::Cancelled);
            item.title = Text::line(name);
        } else if !standing::is_said(&standing::words(&title), |own| own == standing::words(name) && !own.is_empty()) {
            item.title = Text::line(&format!("{name} – {}", standing::label(&self.words)));
        }
    }
}

/// Whether the lines of what is told of a meeting under this `title` say in a sentence that it is called off.
pub(super) fn is_called_off(title: &str, meeting: Option<&Meeting>, lines: &[Line<'_>]) -> bool {
    let day = meeting.and_then(|meeting| meeting.date);
    let says = |line: &Line<'_>| called_off::says(line.outside(), title, day);
    day.is_some() && lines.iter().filter(|line| line.text.len() <= SENTENCE_BYTES_MAX).any(says)
}

/// Takes such words out of the lines of an entry, and answers with what they say.
pub(super) fn take(lines: &mut Vec<Line<'_>>) -> Option<Said> {
    let mut said = unstruck(lines);
    let is_card = lines.iter().filter(|line| !line.links.is_empty()).nth(1).is_some();
    lines.retain_mut(|line| {
        let Some(found) = calm(line, is_card) else { return true };
        if said.as_ref().is_none_or(|known: &Said| known.standing < found.standing) {
            said = Some(found);
        }
        !line.text.is_empty()
    });
    said
}

/// Takes such words out of one line, of which nothing may be left. What is said in a link may be the entry's name, unless that
/// `is_card`: a link around all that is said of it.
fn calm(line: &mut Line<'_>, is_card: bool) -> Option<Said> {
    if line.text.len() > LINE_BYTES_MAX || !standing::may_be_in(&line.text) {
        return None;
    }
    let is_all = line.links.is_empty() || is_card && !line.is_heading() && !has_words(line.outside());
    let (kept, said) = cut(if is_all { &line.text } else { line.outside() }).or_else(|| badge(line, is_all))?;
    let label = said.words.as_str();
    let words = &mut **line;
    if is_all {
        words.set_outside(String::new());
        for link in &mut words.links {
            link.text.clone_from(&kept);
        }
        words.text = kept;
        return Some(said);
    }
    words.text = without_badge(&words.text, label);
    for link in &mut words.links {
        link.text = without(&link.text, label).to_owned();
    }
    words.set_outside(kept);
    Some(said)
}

/// What something is called, however it stands.
pub(super) fn name(words: &str) -> String {
    unstruck_words(&calm_words(words)).into_owned()
}

/// Words that are all struck out as they stood.
pub(super) fn unstruck_words(words: &str) -> Cow<'_, str> {
    if is_struck(words) { Cow::Owned(struck::unmarked(words)) } else { Cow::Borrowed(words) }
}

/// Whether words are all struck out.
pub(super) fn is_struck(words: &str) -> bool {
    words.starts_with(struck::BEGIN) && struck::standing(words).is_empty()
}

/// Words without those at their beginning or their end that say how something stands.
pub(super) fn calm_words(words: &str) -> Cow<'_, str> {
    let is_short = words.len() <= LINE_BYTES_MAX && standing::may_be_in(words);
    let kept = if is_short { cut(words).map(|(kept, _)| kept) } else { None };
    kept.filter(|kept| !kept.is_empty()).map_or(Cow::Borrowed(words), Cow::Owned)
}

/// Words without those that say so, at their beginning or their end; and these.
fn cut(words: &str) -> Option<(String, Said)> {
    let said = |part: &str| {
        let standing = standing::of(part)?;
        Some(Said { standing, words: bare_label(part).to_owned() })
    };
    let opens_with_day = |part: &str| {
        let opens_with_figure = part.chars().find(|c| c.is_alphanumeric()).is_some_and(|first| first.is_ascii_digit());
        let before_day = |date: &dates::Date| part.get(..date.span.start).unwrap_or_default().to_owned();
        opens_with_figure || dates::find(part).first().is_some_and(|date| !has_words(&before_day(date)))
    };
    // "Postponed to 21 January 2027", not "CANCELLED – 14 January 2027".
    let is_whole = dates::find(words).first().is_none_or(|date| {
        let before = words.get(..date.span.start).unwrap_or_default().trim_end_matches([':', ' ']).to_lowercase();
        ["to", "until", "date", "for"].iter().any(|word| before.ends_with(word))
    });
    if is_whole
        && !opens_with_day(words)
        && let Some(said) = said(words)
    {
        return Some((String::new(), said));
    }
    // In a sentence only a day parts it from what was said before.
    let is_sentence = words.ends_with(['.', '?']);
    let days = dates::find(words).into_iter().flat_map(|date| [date.span.start, date.span.end]);
    let marks = words.match_indices(PARTING).map(|(at, _)| at).filter(|_| !is_sentence);
    let mut places: Vec<usize> = days.chain(marks).filter(|at| *at > 0).collect();
    places.sort_unstable();
    let behind = places.iter().find_map(|at| {
        let (before, after) = words.split_at_checked(*at)?;
        let is_apart = has_words(before) && !opens_with_day(after);
        Some((bare_name(before).to_owned(), said(after).filter(|_| is_apart)?))
    });
    let in_front = || {
        places.iter().rev().find_map(|at| {
            let (before, after) = words.split_at_checked(*at)?;
            let is_apart = has_words(after) && dates::find(before).is_empty();
            Some((bare_name(after).to_owned(), said(before).filter(|_| is_apart)?))
        })
    };
    behind.or_else(in_front)
}

/// The line without what an element of its own says so; and that. `is_all`: wherever the line leads.
fn badge(line: &Line<'_>, is_all: bool) -> Option<(String, Said)> {
    let mut leaves =
        line.leaves.iter().filter_map(|leaf| leaf.value().as_text()).map(|text| text.trim()).filter(|text| !text.is_empty());
    let is_apart = leaves.clone().nth(1).is_some();
    let (words, standing) = leaves.find_map(|words| {
        let standing =
            standing::of(words).filter(|_| is_apart && words.starts_with(|c: char| c.is_uppercase() || "([*".contains(c)))?;
        dates::find(words).is_empty().then_some((bare_label(words), standing))
    })?;
    let kept = without_badge(if is_all { &line.text } else { line.outside() }, words);
    Some((kept, Said { standing, words: words.to_owned() }))
}

/// What is said without the marks around it.
fn bare_label(said: &str) -> &str {
    bare_name(said).trim_matches(['(', ')', '[', ']', '*', '!', '.', ' '])
}

/// Words without what stands in an element of its own among them.
fn without_badge(words: &str, label: &str) -> String {
    let kept = without(words, label);
    let within = words.split_once(label).filter(|_| !label.is_empty() && kept.len() == words.len());
    let joined = within.map(|(before, after)| format!("{} {}", before.trim_end(), after.trim_start_matches(['.', '!', ' '])));
    joined.filter(|joined| has_words(joined)).unwrap_or_else(|| kept.to_owned())
}

/// An entry whose name is struck out is off, and what is struck out with it is still what it was.
fn unstruck(lines: &mut [Line<'_>]) -> Option<Said> {
    let is_marked = |line: &Line<'_>| line.text.contains(struck::BEGIN);
    if !lines.iter().any(is_marked) {
        return None;
    }
    let is_headed = lines.iter().any(|line| line.is_heading());
    let is_named_so =
        |line: &Line<'_>| is_struck(&line.text) || !line.links.is_empty() && line.links.iter().all(|link| is_struck(&link.text));
    let mut names = lines.iter().filter(|line| if is_headed { line.is_heading() } else { !line.links.is_empty() }).peekable();
    names.peek()?;
    if !names.all(is_named_so) {
        return None;
    }
    for line in lines.iter_mut().filter(|line| is_named_so(line)) {
        let words = &mut **line;
        let outside = struck::unmarked(words.outside());
        words.text = struck::unmarked(&words.text);
        for link in &mut words.links {
            link.text = struck::unmarked(&link.text);
        }
        words.set_outside(outside);
    }
    Some(Said { standing: Standing::Off, words: String::new() })
}

/// Words without a label at their beginning or their end.
fn without<'w>(words: &'w str, label: &str) -> &'w str {
    let is_label = |part: &str| !label.is_empty() && part.eq_ignore_ascii_case(label);
    let start = || words.split_at_checked(label.len()).filter(|(start, _)| is_label(start)).map(|(_, rest)| rest);
    let trimmed = words.trim_end_matches([')', ']', '*', '!', '.', ' ']);
    let end = || {
        let (rest, end) = trimmed.split_at_checked(trimmed.len().checked_sub(label.len())?)?;
        is_label(end).then_some(rest)
    };
    let kept = start().or_else(end).map(|rest| bare_name(rest.trim_matches(['*', '!', '[', ']', ' '])));
    kept.filter(|kept| has_words(kept)).unwrap_or(words)
}

fn has_words(part: &str) -> bool {
    part.contains(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn such_words_are_cut_off_what_they_stand_beside() {
        let check = |words: &str, expect: Option<(&str, &str)>| {
            let found = cut(words);
            let found = found.as_ref().map(|(kept, said)| (kept.as_str(), said.words.as_str()));
            assert_eq!(found, expect, "{words}");
        };
        check("14 January 2027 CANCELLED", Some(("14 January 2027", "CANCELLED")));
        check("Thursday 14 January 2027, 6pm (cancelled)", Some(("Thursday 14 January 2027, 6pm", "cancelled")));
        check("CANCELLED – 14 January 2027", Some(("14 January 2027", "CANCELLED")));
        check("Town Hall – POSTPONED", Some(("Town Hall", "POSTPONED")));
        check("14 January 2027 – POSTPONED to 21 January 2027", Some(("14 January 2027", "POSTPONED to 21 January 2027")));
        check("Postponed to 21 January 2027", Some(("", "Postponed to 21 January 2027")));
        check("(called off)", Some(("", "called off")));
        check("14 January 2027, Town Hall This meeting has been postponed", None);
        check("14 January 2027 This meeting has been postponed.", Some(("14 January 2027", "This meeting has been postponed")));
        check("14 January 2027, 6pm – not held", Some(("14 January 2027, 6pm", "not held")));
        check("14 January 2027", None);
        check("The board heard that a visit, cancelled.", None);
        check("Town Hall, 6pm", None);
    }

    #[test]
    fn a_label_is_taken_off_a_name_at_either_end() {
        let check = |words: &str, label: &str, expect: &str| assert_eq!(without(words, label), expect, "{words}");
        check("Cancelled Board", "Cancelled", "Board");
        check("Board (CANCELLED)", "cancelled", "Board");
        check("Board", "", "Board");
        check("Cancelled", "Cancelled", "Cancelled");
        check("Panel (North)", "Cancelled", "Panel (North)");
    }
}
