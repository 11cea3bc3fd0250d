//! The headings under which councils put what was said, decided and attached: "Reasons for the decision:".

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
    (Section::Purpose, &["purpose", "purpose of report", "purpose of the report"]),
    (Section::Minutes, &["minutes", "draft minutes"]),
    (Section::Decision, &["decision", "decisions", "decision made", "decisions made", "resolution", "resolutions"]),
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
    // The longest heading is about 50 letters; a sentence that ends in a colon is longer or no heading.
    if name.len() > 60 || (!colon && !rest.is_empty()) {
        return None;
    }
    HEADINGS
        .iter()
        .find(|(_, headings)| headings.iter().any(|heading| heading.eq_ignore_ascii_case(name)))
        .map(|(section, _)| (*section, rest))
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
        check("Decision makers met in July", None);
        check("It was resolved that:", None);
    }
}
