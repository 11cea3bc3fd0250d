//! The headings under which councils put what was said, decided and attached: "Reasons for the decision:"; the commonest
//! also as Welsh councils' ModernGov has them.

use crate::domain::text::Text;

/// What a heading introduces.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Section {
    /// What the item was for.
    Purpose,
    /// What was said.
    Minutes,
    /// What was decided.
    Decision,
    /// Why.
    Reasons,
    /// What was not chosen.
    OptionsRejected,
    /// Attached documents.
    Documents,
}

const HEADINGS: &[(Section, &[&str])] = &[
    (Section::Purpose, &["purpose", "purpose of report", "purpose of the report", "diben", "pwrpas"]),
    (Section::Minutes, &["minutes", "draft minutes", "cofnodion"]),
    (
        Section::Decision,
        &[
            "decision",
            "decisions",
            "decision made",
            "decisions made",
            "resolution",
            "resolutions",
            "penderfyniad",
            "penderfyniadau",
        ],
    ),
    (
        Section::Reasons,
        &[
            "reasons for the decision",
            "reason for the decision",
            "reasons for decision",
            "reason for decision",
            "reasons for decisions",
            "reasons for the decisions",
            "reason(s) for the decision",
            "reason(s) for decision",
            "reasons for the recommendation",
            "reasons for recommendation",
            "reasons",
            "rheswm dros y penderfyniad",
            "rhesymau dros y penderfyniad",
        ],
    ),
    (
        Section::OptionsRejected,
        &[
            "other options considered and rejected",
            "alternative options considered and rejected",
            "any alternative options considered and rejected",
            "other options considered",
            "alternative options considered",
            "options considered and rejected",
            "alternatives considered and rejected",
            "alternative options considered and rejected by the decision maker",
            "details of any alternative options considered and rejected",
            "details of alternative options considered and rejected",
            "alternatives considered",
            "options considered",
            "options rejected",
            "other options",
            "alternative options",
        ],
    ),
    (
        Section::Documents,
        &[
            "additional documents",
            "supporting documents",
            "accompanying documents",
            "supplementary documents",
            "attached documents",
            "related documents",
            "background documents",
            "background papers",
            "documents",
            "attachments",
            "dogfennau",
            "dogfennau ategol",
            "dogfennau cysylltiedig",
            "dogfennau ychwanegol",
        ],
    ),
];

/// The section that a line begins, and what the line says of it already; a heading with words after it needs its colon.
#[must_use]
pub fn heading(line: &str) -> Option<(Section, &str)> {
    let line = line.trim();
    let (name, rest, colon) = match line.split_once(':') {
        Some((name, rest)) => (name.trim(), rest.trim(), true),
        None => (line, "", false),
    };
    if !colon && !rest.is_empty() {
        return None;
    }
    // "Dogfennau ategol / Supporting documents": the same in two languages.
    let section = match name.split_once(['/', '|']) {
        None => of_name(name)?,
        Some((one, other)) => of_name(one.trim()).filter(|section| of_name(other.trim()) == Some(*section))?,
    };
    Some((section, rest))
}

fn of_name(name: &str) -> Option<Section> {
    // The longest heading is about 50 letters; a sentence that ends in a colon is longer or no heading.
    const BYTES_MAX: usize = 60;
    let is_named = |headings: &[&str]| headings.iter().any(|heading| heading.eq_ignore_ascii_case(name));
    HEADINGS.iter().find(|(_, headings)| name.len() <= BYTES_MAX && is_named(headings)).map(|(section, _)| *section)
}

/// What the section `wanted` says, one paragraph a line; `None` where there is none or it says that there is nothing.
#[must_use]
pub fn said(lines: &[String], wanted: Section) -> Option<Text> {
    let (at, first) = lines.iter().enumerate().find_map(|(at, line)| match heading(line) {
        Some((section, rest)) if section == wanted => Some((at, rest)),
        _ => None,
    })?;
    let below = lines.get(at + 1..).unwrap_or_default().iter().map(String::as_str);
    let said: Vec<&str> = std::iter::once(first)
        .chain(below.take_while(|line| heading(line).is_none() && !is_particular(line)))
        .filter(|line| !line.is_empty())
        .collect();
    match said.as_slice() {
        [only] if says_nothing(only) => None,
        lines => Text::new(&lines.join("\n")).or_absent(),
    }
}

/// "Publication date: 5 March 2024": a particular of the record, no part of what a section says.
fn is_particular(line: &str) -> bool {
    const PARTICULARS: &[&str] = &[
        "publication date",
        "date of decision",
        "date of publication",
        "decision maker",
        "decision status",
        "decided at meeting",
        "effective from",
        "is key decision?",
        "is subject to call in?",
        "lead officer",
        "report author",
        "contact",
        "wards affected",
    ];
    let name = line.split_once(':').map(|(name, _)| name.trim().to_ascii_lowercase());
    name.is_some_and(|name| PARTICULARS.contains(&name.as_str()))
}

/// "None", "N/A", "There were no alternative options.": a section that is there for the form's sake.
#[must_use]
pub fn says_nothing(words: &str) -> bool {
    const NOTHING: &[&str] = &[
        "none",
        "n/a",
        "na",
        "nil",
        "not applicable",
        "none considered",
        "none identified",
        "none were considered",
        "no alternative options",
        "no other options",
        "no other options considered",
        "no other options were considered",
        "no alternative options considered",
        "no alternative options were considered",
        "there were none",
        "there were no other options",
        "there were no alternative options",
        "there are no alternative options",
        "there were no other options considered",
        "there were no alternative options considered",
    ];
    let bare =
        words.trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '-' | '–' | ':' | '(' | ')')).to_ascii_lowercase();
    bare.is_empty() || NOTHING.contains(&bare.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_with_and_without_colon_or_text() {
        let check = |line: &str, expect: Option<(Section, &str)>| assert_eq!(heading(line), expect, "{line}");
        check("Reasons for the decision:", Some((Section::Reasons, "")));
        check("REASONS FOR DECISION", Some((Section::Reasons, "")));
        check("Decision: That the report be noted.", Some((Section::Decision, "That the report be noted.")));
        check("Other options considered and rejected:", Some((Section::OptionsRejected, "")));
        check("Supporting documents", Some((Section::Documents, "")));
        check("Dogfennau ategol / Supporting documents:", Some((Section::Documents, "")));
        check("Decision/Penderfyniad: Agreed.", Some((Section::Decision, "Agreed.")));
        check("Minutes / Supporting documents", None);
        check("Documents / letters", None);
        check("Decision makers met in July", None);
        check("It was resolved that:", None);
    }
}
