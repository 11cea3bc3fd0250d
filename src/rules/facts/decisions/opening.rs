//! How minutes begin what was decided: "It was resolved that:", "AGREED – That …", "Decision:".

use crate::rules::facts::sections::{self, Section};

/// How a line begins decisions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Opening<'a> {
    /// "Decision:", with what follows on the line.
    Section(&'a str),
    /// "It was resolved that:".
    Clauses,
    /// "RESOLVED: That the report be noted."
    Whole(&'a str),
}

const VERBS: &[&str] = &["resolved", "agreed", "decided", "noted", WELSH];
/// "It was resolved", which Welsh puts before what was.
const WELSH: &str = "penderfynwyd";
/// Words that make it something that others decided, or that was decided before.
const OF_THE_PAST: &[&str] = &[
    "previously",
    "had ",
    "has ",
    "have ",
    "been ",
    "be resolved",
    "be agreed",
    "not resolved",
    "not agreed",
    "as agreed",
    "who ",
    "which ",
];
/// Words that may stand between the verb and its dash or colon.
const BETWEEN: &[&str] = &[
    "unanimously",
    "nem",
    "con",
    "by",
    "a",
    "majority",
    "to",
    "recommend",
    "the",
    "full",
    "council",
    "cabinet",
    "executive",
    "that",
    "as",
    "follows",
    "following",
    "with",
    "no",
    "dissent",
    "yn",
    "unfrydol",
];
/// Furthest that the verb may stand from the line's beginning, in bytes.
const VERB_WITHIN: usize = 60;
/// Longest line that only announces, in bytes.
const ANNOUNCES_WITHIN: usize = 100;

/// The opening that a line is.
pub(super) fn opening(line: &str) -> Option<Opening<'_>> {
    if let Some((Section::Decision, rest)) = sections::heading(line) {
        return Some(Opening::Section(rest));
    }
    let lowered = line.to_ascii_lowercase();
    // "The Cabinet noted the report and RESOLVED that:" resolves.
    let (at, verb) = VERBS.iter().find_map(|verb| Some((word(&lowered, verb).filter(|at| *at <= VERB_WITHIN)?, *verb)))?;
    let (head, after) = (lowered.get(..at)?.trim(), line.get(at + verb.len()..)?);
    if OF_THE_PAST.iter().any(|words| head.contains(words.trim_end()) && lowered.contains(words)) {
        return None;
    }
    if head.is_empty() {
        return alone(line, verb, after);
    }
    let noted = verb == "noted";
    if noted || head.split_whitespace().count() > 6 || head.contains([',', '.', ';', '"', '“']) {
        return None;
    }
    let said = lowered.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—'));
    let ends = said.ends_with(verb) || said.ends_with(" that") || said.ends_with(" to") || said.ends_with("as follows");
    let parted = said.len() < lowered.trim_end().len();
    let complete = parted || said.ends_with(" that") || verb == "resolved";
    if lowered.len() <= ANNOUNCES_WITHIN && ((ends && complete) || lowered.ends_with(':')) {
        return Some(Opening::Clauses);
    }
    let impersonal = matches!(head, "it was" | "it was unanimously" | "it was then" | "it was therefore");
    let after = after.trim_start().to_ascii_lowercase();
    let orders = after.starts_with("that ") || after.starts_with("to ");
    let whole = match verb {
        "resolved" => orders,
        // "It was agreed that schools needed help" is an opinion; "… that the report be noted" is none.
        _ => impersonal && (after.starts_with("to ") || (orders && after.contains(" be "))),
    };
    whole.then_some(Opening::Whole(line))
}

/// A line that begins with the verb: "RESOLVED (unanimously) – That …", "AGREED:", "Resolved that the report be noted."
fn alone<'a>(line: &'a str, verb: &str, after: &'a str) -> Option<Opening<'a>> {
    let bare = after.trim();
    if bare.is_empty() {
        // "Noted" alone may be a cell of a table.
        return (verb != "noted").then_some(Opening::Clauses);
    }
    let parted = after.char_indices().find(|(at, c)| match c {
        ':' | '–' | '—' => true,
        '-' => after.get(..*at).is_some_and(|before| before.is_empty() || before.ends_with(' ')),
        _ => false,
    });
    if let Some((at, dash)) = parted
        && let (Some(between), Some(said)) = (after.get(..at), after.get(at + dash.len_utf8()..))
        && between
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .all(|word| BETWEEN.iter().any(|known| known.eq_ignore_ascii_case(word)))
    {
        let said = said.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—')).trim_end();
        let leads = ["", "that", "to", "that:", "to:"].iter().any(|lead| lead.eq_ignore_ascii_case(said));
        return Some(if leads { Opening::Clauses } else { Opening::Whole(said) });
    }
    let lowered = bare.to_ascii_lowercase();
    // "RESOLVED (1) to note the report; and (2) …"
    if verb != "noted" && ["(1) ", "(a) ", "(i) "].iter().any(|number| lowered.starts_with(number)) {
        return Some(Opening::Whole(bare));
    }
    if matches!(lowered.as_str(), "that" | "to" | "unanimously") || (lowered.ends_with(':') && lowered.len() <= ANNOUNCES_WITHIN)
    {
        return (verb != "noted").then_some(Opening::Clauses);
    }
    if verb == WELSH {
        let leads = ["yn unfrydol", "y dylid", "fel a ganlyn"].contains(&lowered.as_str());
        return Some(if leads { Opening::Clauses } else { Opening::Whole(line) });
    }
    (verb != "noted" && (lowered.starts_with("that ") || lowered.starts_with("to "))).then_some(Opening::Whole(line))
}

/// Where a word stands, as a whole word.
fn word(text: &str, wanted: &str) -> Option<usize> {
    let at = text.find(wanted)?;
    let parted = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    let before = text.get(..at)?.chars().next_back();
    let after = text.get(at + wanted.len()..)?.chars().next();
    (parted(before) && parted(after)).then_some(at)
}
