//! What was decided, in the council's words: lettered clauses after "It was resolved that:", a "Decision:" section, or the
//! one sentence with which a body closes an item ("Cabinet noted the update.").

use super::label::label;
use super::sections::{self, Section};
use crate::domain::item::Decision;
use crate::domain::text::Text;

/// The decisions in the paragraphs of one item. `body`: the deciding body, where the page names it.
#[must_use]
pub fn read(paragraphs: &[String], body: Option<&str>) -> Vec<Decision> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(line) = paragraphs.get(at) {
        at += 1;
        let rest = paragraphs.get(at..).unwrap_or_default();
        match opening(line) {
            Some(Opening::Section(first)) => {
                at += section(first, rest, &mut found);
            }
            Some(Opening::Clauses) => at += clauses(rest, &mut found),
            Some(Opening::Whole(text)) => push(&mut found, None, text),
            None => {}
        }
    }
    if found.is_empty() {
        found.extend(closing_sentence(paragraphs, body));
    }
    found
}

/// Whether a line begins decisions: "It was resolved that:", "Decision:".
#[must_use]
pub fn opens(line: &str) -> bool {
    opening(line).is_some()
}

/// How a line begins decisions.
enum Opening<'a> {
    /// "Decision:", with what follows on the line.
    Section(&'a str),
    /// "It was resolved that:".
    Clauses,
    /// "RESOLVED: That the report be noted."
    Whole(&'a str),
}

fn opening(line: &str) -> Option<Opening<'_>> {
    if let Some((Section::Decision, rest)) = sections::heading(line) {
        return Some(Opening::Section(rest));
    }
    // "RESOLVED –" alone in its line announces clauses as "RESOLVED:" does.
    let line = line.trim_end_matches([' ', '-', '–', '—']);
    let lowered = line.to_ascii_lowercase();
    let resolved = lowered.find("resolved").filter(|at| *at <= 60)?;
    let said_of_the_past = ["previously", "had resolved", "has resolved", "be resolved", "not resolved"];
    if said_of_the_past.iter().any(|words| lowered.contains(words)) {
        return None;
    }
    let head = lowered.get(..resolved)?.trim();
    let begins = head.is_empty()
        || matches!(head, "it was" | "it was unanimously" | "unanimously")
        || head.split_whitespace().count() <= 6;
    if begins && lowered.len() <= 100 && (lowered.ends_with(':') || lowered.ends_with(" that") || lowered.ends_with("resolved")) {
        return Some(Opening::Clauses);
    }
    let spelt_out = head.is_empty() || head == "it was" || head == "it was unanimously";
    let after = line.get(resolved + "resolved".len()..)?;
    let parted = after.trim_start().strip_prefix([':', '-', '–', '—']).map(str::trim_start).filter(|text| !text.is_empty());
    match parted {
        Some(text) if head.is_empty() => Some(Opening::Whole(text)),
        _ if spelt_out && after.trim_start().to_ascii_lowercase().starts_with("that ") => Some(Opening::Whole(line)),
        _ => None,
    }
}

/// Reads the clauses after an opening; how many paragraphs they take.
fn clauses(lines: &[String], found: &mut Vec<Decision>) -> usize {
    let mut taken = 0;
    let mut last: Option<&str> = None;
    for line in lines {
        if sections::heading(line).is_some() {
            break;
        }
        let labelled = label(line);
        match (labelled, last) {
            (Some(clause), _) if last.is_none_or(|last| follows(last, clause.name)) => {
                push(found, Some(clause.name), clause.rest);
                last = Some(clause.name);
            }
            (_, Some(_)) if labelled.is_some() || goes_on(found) => append(found, line),
            (None, None) if taken == 0 || goes_on(found) => push(found, None, line),
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
    let mut said = std::iter::once(first).chain(lines.iter().take(length).map(String::as_str)).peekable();
    while let Some(line) = said.next() {
        let announces = line.ends_with(':') || line.eq_ignore_ascii_case("that") || line.ends_with(" that");
        // "The cabinet member agreed:" decides nothing by itself where lettered clauses follow.
        let leads = last.is_none() && announces && label(line).is_none() && said.peek().is_some_and(|next| label(next).is_some());
        let introduces = leads || (line.ends_with(':') && opening(line).is_some());
        if line.is_empty() || introduces {
            continue;
        }
        match label(line) {
            Some(clause) if last.as_deref().is_none_or(|last| follows(last, clause.name)) => {
                push(found, Some(clause.name), clause.rest);
                last = Some(clause.name.to_owned());
            }
            Some(_) => append(found, line),
            None if last.is_some() && goes_on(found) => append(found, line),
            None => match opening(line) {
                Some(Opening::Whole(text)) => push(found, None, text),
                _ => push(found, None, line),
            },
        }
    }
    length
}

/// Whether a label is the next of its own kind, and no sub-clause: "ii" after "b" is one, "c" is not.
fn follows(last: &str, name: &str) -> bool {
    let digits = |label: &str| label.bytes().all(|b| b.is_ascii_digit());
    match (digits(last), digits(name)) {
        (true, true) => true,
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
    const BODIES: &[&str] = &["cabinet", "council", "committee", "executive", "board", "panel", "the meeting"];
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
    let after = BODIES.iter().copied().chain(body.as_deref()).find_map(|name| subject.strip_prefix(name))?;
    let verb = after.strip_prefix(' ')?.split(' ').next()?;
    let reports = after.contains(" noted that ") || after.contains(" agreed to differ");
    (one_sentence && VERBS.contains(&verb) && !reports).then(|| Decision { label: None, text: Text::new(last) })
}

#[cfg(test)]
mod tests;
