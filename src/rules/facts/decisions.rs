//! What was decided, in the council's words: lettered clauses after "It was resolved that:", a "Decision:" section, or the
//! one sentence with which a body closes an item ("Cabinet noted the update.").

use super::label::{Label, label};
use super::sections::{self, Section};
use crate::domain::item::Decision;
use crate::domain::text::Text;
use crate::rules::struck;
use opening::{Opening, opening};
use std::borrow::Cow;
use std::collections::HashSet;

mod inline;
mod opening;

/// The decisions in the paragraphs of one item. `body`: the deciding body, where the page names it.
#[must_use]
pub fn read(paragraphs: &[String], body: Option<&str>) -> Vec<Decision> {
    let found = stated(paragraphs, |_| true);
    if found.is_empty() { closing_sentence(&standing(paragraphs), body).into_iter().collect() } else { found }
}

/// The decisions in a text that may be about anything: only those that are put as such, "RESOLVED: That …". A section of news
/// that is called "Decision" may tell of one that is still to be made.
#[must_use]
pub fn read_in_prose(paragraphs: &[String]) -> Vec<Decision> {
    stated(paragraphs, |first| {
        let words = label(first).map_or(first, |label| label.rest);
        words.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("that ")) || opening(first).is_some()
    })
}

/// What openings introduce. `fits`: whether a section with this first line says what was decided.
fn stated(paragraphs: &[String], fits: impl Fn(&str) -> bool) -> Vec<Decision> {
    let standing = standing(paragraphs);
    let paragraphs = with_bare_labels_joined(&standing);
    let paragraphs = paragraphs.as_ref();
    let mut found = Vec::new();
    let (mut in_section, mut told) = (false, HashSet::new());
    let mut at = 0;
    while let Some(line) = paragraphs.get(at) {
        at += 1;
        let rest = paragraphs.get(at..).unwrap_or_default();
        match opening(line) {
            Some(Opening::Section(first)) => {
                let begins = Some(first).filter(|first| !first.is_empty()).or(rest.first().map(String::as_str));
                if begins.is_some_and(&fits) {
                    let before = found.len();
                    at += section(first, rest, &mut found);
                    in_section |= found.len() > before;
                }
            }
            Some(Opening::Clauses) => at += clauses(rest, &mut found),
            Some(Opening::Whole(text)) => {
                let before = found.len();
                whole(&mut found, text);
                // "It was agreed that a note would be sent", in the account of what was said.
                if line.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("it ")) {
                    told.extend(before..found.len());
                }
            }
            None => {}
        }
    }
    if !in_section || told.is_empty() {
        return found;
    }
    found.into_iter().enumerate().filter(|(at, _)| !told.contains(at)).map(|(_, decision)| decision).collect()
}

/// The paragraphs without what is struck out in them: that was decided no more.
fn standing(paragraphs: &[String]) -> Cow<'_, [String]> {
    if !paragraphs.iter().any(|line| line.contains(struck::BEGIN)) {
        return Cow::Borrowed(paragraphs);
    }
    let kept = paragraphs.iter().map(|line| struck::standing(line).into_owned());
    Cow::Owned(kept.filter(|line| label(line).map_or(!line.is_empty(), |label| !label.rest.is_empty())).collect())
}

/// What one line resolves: one decision, or several that it numbers.
fn whole(found: &mut Vec<Decision>, text: &str) {
    let several = inline::clauses(text);
    if several.is_empty() {
        push(found, None, text);
    }
    for clause in several {
        push(found, Some(clause.name), clause.rest);
    }
}

/// Whether a line begins decisions: "It was resolved that:", "Decision:".
#[must_use]
pub fn opens(line: &str) -> bool {
    opening(line).is_some()
}

/// Reads the clauses after an opening; how many paragraphs they take.
fn clauses(lines: &[String], found: &mut Vec<Decision>) -> usize {
    let before = found.len();
    let mut taken = 0;
    let mut last: Option<&str> = None;
    for line in lines {
        if sections::heading(line).is_some() {
            break;
        }
        let labelled = clause(line, last);
        let first = found.len() == before;
        if labelled.is_none() && first && is_lead(line) {
            taken += 1;
            continue;
        }
        match (labelled, last) {
            (Some(clause), _) if last.is_none_or(|last| follows(last, clause.name)) => {
                push(found, Some(clause.name), clause.rest);
                last = Some(clause.name);
            }
            (_, Some(_)) if labelled.is_some() || goes_on(found) => append(found, line),
            (None, None) if first || goes_on(found) => push(found, None, line),
            _ => break,
        }
        taken += 1;
    }
    taken
}

/// Reads a "Decision:" section to the next heading; how many paragraphs it takes.
fn section(first: &str, lines: &[String], found: &mut Vec<Decision>) -> usize {
    let length = lines.iter().position(|line| sections::heading(line).is_some()).unwrap_or(lines.len());
    let mut last: Option<String> = None;
    let said = || std::iter::once(first).chain(lines.iter().take(length).map(String::as_str));
    // What stands before "RESOLVED" was said, not resolved.
    let resolves =
        |line: &str| label(line).is_none() && opening(line).is_some_and(|opening| !matches!(opening, Opening::Section(_)));
    let numbered = said().position(|line| clause(line, None).is_some()).unwrap_or(usize::MAX);
    let before = said().position(resolves).filter(|at| *at < numbered).unwrap_or(0);
    let mut said = said().skip(before).peekable();
    while let Some(line) = said.next() {
        let announces = line.ends_with([':', '-', '–', '—']) || line.eq_ignore_ascii_case("that") || line.ends_with(" that");
        // "The cabinet member agreed:" decides nothing by itself where lettered clauses follow.
        let announces = announces || opening(line) == Some(Opening::Clauses);
        let leads = last.is_none() && announces && label(line).is_none() && said.peek().is_some_and(|next| label(next).is_some());
        let only_announces = opening(line) == Some(Opening::Clauses) && label(line).is_none() && said.peek().is_some();
        let introduces = leads || only_announces || (line.ends_with(':') && opening(line).is_some());
        if line.is_empty() || introduces {
            continue;
        }
        match clause(line, last.as_deref()) {
            Some(clause) if last.as_deref().is_none_or(|last| follows(last, clause.name)) => {
                push(found, Some(clause.name), clause.rest);
                last = Some(clause.name.to_owned());
            }
            Some(_) => append(found, line),
            None if is_vote(line) || is_hour_of_meeting(line) || (found.is_empty() && is_lead(line)) => {}
            None if last.is_some() && goes_on(found) => append(found, line),
            None => match opening(line) {
                Some(Opening::Whole(text)) => whole(found, text),
                _ => push(found, None, line),
            },
        }
    }
    length
}

/// "That", "to:": set on a line of its own between "RESOLVED" and what was resolved.
fn is_lead(line: &str) -> bool {
    let word = line.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—'));
    word.eq_ignore_ascii_case("that") || word.eq_ignore_ascii_case("to")
}

/// A clause and its label, in minutes also "A. That …" and "1.1 the report …", which elsewhere may be names and numbers.
fn clause<'a>(line: &'a str, last: Option<&str>) -> Option<Label<'a>> {
    label(line).or_else(|| {
        let (name, rest) = line.split_once(char::is_whitespace)?;
        let letter = name.strip_suffix('.').filter(|letter| letter.len() == 1 && letter.bytes().all(|b| b.is_ascii_uppercase()));
        let letter = letter.filter(|letter| last.map_or(*letter == "A", |last| follows(last, letter)));
        let by_points = |name: &&str| {
            let mut numbers = name.split('.');
            name.contains('.') && numbers.all(|n| (1..=2).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit()))
        };
        let name = letter.or_else(|| Some(name.trim_end_matches('.')).filter(by_points))?;
        Some(Label { name, rest: rest.trim_start() })
    })
}

/// Numbered tables put the number into a cell of its own: the line after it is its clause.
fn with_bare_labels_joined(paragraphs: &[String]) -> Cow<'_, [String]> {
    let is_bare = |line: &String| {
        let name = line.trim_start_matches('(').trim_end_matches([')', '.']);
        let number = (1..=2).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_digit());
        let letter = name.len() == 1 && name.len() < line.len() && name.bytes().all(|b| b.is_ascii_lowercase());
        number || letter
    };
    if !paragraphs.iter().any(is_bare) {
        return Cow::Borrowed(paragraphs);
    }
    let mut joined: Vec<String> = Vec::with_capacity(paragraphs.len());
    let mut label: Option<&String> = None;
    for line in paragraphs {
        match label.take() {
            Some(name) if !is_bare(line) && sections::heading(line).is_none() => {
                let point = if name.ends_with([')', '.']) { "" } else { "." };
                joined.push(format!("{name}{point} {line}"));
            }
            unused => {
                joined.extend(unused.cloned());
                if is_bare(line) {
                    label = Some(line);
                } else {
                    joined.push(line.clone());
                }
            }
        }
    }
    joined.extend(label.cloned());
    Cow::Owned(joined)
}

/// "The meeting closed at 8.05 pm.": when it met, not what it decided.
fn is_hour_of_meeting(line: &str) -> bool {
    const NAMES: &[&str] = &["the meeting ", "meeting ", "daeth y cyfarfod ", "dechreuodd y cyfarfod "];
    const VERBS: &[&str] = &[
        "adjourned",
        "began",
        "ben",
        "closed",
        "commenced",
        "concluded",
        "ended",
        "finished",
        "opened",
        "rose",
        "started",
        "terminated",
    ];
    const BYTES_MAX: usize = 80;
    let lowered = line.trim_matches(['(', ')', '[', ']', ' ']).to_lowercase();
    let says = || lowered.split(|c: char| !c.is_alphanumeric()).any(|word| VERBS.contains(&word));
    let has_hour = || lowered.contains(|c: char| c.is_ascii_digit()) || lowered.contains("noon") || lowered.contains("midnight");
    line.len() <= BYTES_MAX && NAMES.iter().any(|name| lowered.starts_with(name)) && has_hour() && says()
}

/// "(Voting: For 7, Against 2)", "(Councillor Hale asked that her vote be recorded.)": how it was decided, not what.
fn is_vote(line: &str) -> bool {
    const RECORDS: &[&str] = &["abstain", "declared", "dissent", "recorded", "vote", "voting"];
    let lowered = line.trim_matches(['(', ')', '[', ']', ' ']).to_lowercase();
    let in_brackets = line.len() <= 400 && line.starts_with(['(', '[']) && line.trim_end_matches('.').ends_with([')', ']']);
    if in_brackets && label(line).is_none() && RECORDS.iter().any(|word| lowered.contains(word)) {
        return true;
    }
    let counted = lowered.len() <= 120 && lowered.contains(|c: char| c.is_ascii_digit());
    counted && (lowered.starts_with("vot") || (lowered.starts_with("for") && lowered.contains("against")))
}

/// Whether a label is the next of its own kind, and no sub-clause: "ii" after "b" is one, "c" is not.
fn follows(last: &str, name: &str) -> bool {
    let digits = |label: &str| label.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let depth = |label: &str| label.matches('.').count();
    match (digits(last), digits(name)) {
        // "1.1" under "1" is a sub-clause.
        (true, true) => depth(name) <= depth(last),
        (false, false) => {
            let letter = |label: &str| label.len() == 1 && !matches!(label, "i" | "v" | "x" | "I" | "V" | "X");
            let next = |a: &str, b: &str| a.len() == 1 && b.len() == 1 && a.bytes().next().map(|c| c + 1) == b.bytes().next();
            next(last, name) || (letter(last) && letter(name)) || (!letter(last) && !letter(name))
        }
        _ => false,
    }
}

/// Whether the last clause announces more than it has said.
fn goes_on(found: &[Decision]) -> bool {
    found.last().is_some_and(|d| {
        let text = d.text.as_str().trim_end();
        text.ends_with([':', ';', ',']) || text.ends_with(" and") || text.ends_with(" or")
    })
}

fn push(found: &mut Vec<Decision>, label: Option<&str>, text: &str) {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '•' | '·' | '▪' | '●' | '*'));
    if let Some(text) = Text::new(text.trim()).or_absent() {
        found.push(Decision { label: label.and_then(|l| Text::line(l).or_absent()), text });
    }
}

fn append(found: &mut [Decision], line: &str) {
    if let Some(last) = found.last_mut() {
        last.text = Text::new(&format!("{} {line}", last.text));
    }
}

/// "Cabinet noted the update.": one sentence, said by the deciding body, with which the minutes end.
fn closing_sentence(paragraphs: &[String], body: Option<&str>) -> Option<Decision> {
    const BODIES: &[&str] = &["cabinet", "council", "committee", "executive", "board", "panel", "meeting", "members"];
    const VERBS: &[&str] = &[
        "agreed",
        "approved",
        "accepted",
        "adopted",
        "authorised",
        "endorsed",
        "noted",
        "received",
        "recommended",
        "resolved",
        "supported",
    ];
    let minutes = paragraphs.iter().take_while(|line| {
        !matches!(sections::heading(line), Some((Section::Reasons | Section::OptionsRejected | Section::Documents, _)))
    });
    let last = minutes.last()?;
    let lowered = last.to_lowercase();
    let one_sentence = lowered.len() <= 300 && lowered.ends_with('.') && !lowered.trim_end_matches('.').contains(". ");
    let body = body.map(str::to_lowercase);
    let subject = lowered.strip_prefix("the ").unwrap_or(&lowered);
    let after = BODIES.iter().copied().chain(body.as_deref()).find_map(|name| subject.strip_prefix(name));
    let acts = after.and_then(|after| after.strip_prefix(' ')).is_some_and(|after| {
        let reports = after.starts_with("noted that ") || after.starts_with("agreed to differ");
        !reports && after.split(' ').next().is_some_and(|verb| VERBS.contains(&verb.trim_end_matches('.')))
    });
    // "The report was noted."
    let mut from_the_end = lowered.trim_end_matches('.').split(' ').rev();
    let passive = from_the_end.next().is_some_and(|verb| VERBS.contains(&verb))
        && matches!(from_the_end.next(), Some("was" | "were"))
        && lowered.starts_with("the ")
        && from_the_end.count() <= 6;
    (one_sentence && (acts || passive)).then(|| Decision { label: None, text: Text::new(last) })
}

#[cfg(test)]
mod tests;
