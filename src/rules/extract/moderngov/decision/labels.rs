//! "Decision Maker: Cabinet", "Publication date: 22/10/2015": the labels of a decision, in whatever elements.

use crate::rules::extract::document::classes;
use crate::rules::extract::page::heads_column;
use crate::rules::extract::text::{Line, NodeRef, folded};
use scraper::ElementRef;

/// What a label says, where the item has a place for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::rules::extract::moderngov) enum Label {
    /// Who decided.
    Maker,
    /// When it was published.
    Published,
    /// At which meeting.
    Meeting,
    /// Whom to ask: no part of the decision.
    Contact,
    /// Anything else.
    Other,
}

/// A label and its value.
#[derive(Debug)]
pub(in crate::rules::extract::moderngov) struct Pair {
    pub(in crate::rules::extract::moderngov) label: Label,
    /// As written, without its colon.
    pub(in crate::rules::extract::moderngov) name: String,
    pub(in crate::rules::extract::moderngov) value: String,
}

const LABELS: &[(Label, &[&str])] = &[
    (Label::Maker, &["decision maker", "decision-maker", "decision taken by", "decision made by", "made by", "penderfynwr"]),
    (
        Label::Published,
        &[
            "publication date",
            "date of publication",
            "date published",
            "published",
            "publish date",
            "decision published",
            "dyddiad cyhoeddi",
        ],
    ),
    (Label::Meeting, &["decided at meeting", "decision made at meeting", "meeting"]),
    (Label::Contact, &["contact", "contact details", "contact for further information", "for further information contact"]),
    (
        Label::Other,
        &[
            "decision status",
            "status",
            "decision type",
            "is key decision",
            "key decision",
            "is subject to call in",
            "is subject to call-in",
            "subject to call in",
            "subject to call-in",
            "call in",
            "call-in",
            "call-in deadline",
            "report author",
            "author",
            "lead officer",
            "lead member",
            "portfolio",
            "portfolio holder",
            "date of decision",
            "decision date",
            "date decision made",
            "date of the decision",
            "effective from",
            "decision effective from",
            "date effective",
            "date first published",
            "wards affected",
            "ward",
            "wards",
            "department",
            "directorate",
            "reference",
            "decision reference",
            "reference number",
            "decision due date",
            "decision due",
            "notice of proposed decision first published",
            "reason key",
            "urgent item",
            "expiry date",
            "a yw'n benderfyniad allweddol",
            "dyddiad y penderfyniad",
            "statws",
            "statws y penderfyniad",
        ],
    ),
];

/// Whether a line begins with a label.
pub(in crate::rules::extract::moderngov) fn begins(line: &Line<'_>) -> bool {
    split(line).is_some()
}

/// How many of a decision's own labels stand on a page: "Meeting:" and the like are on many, over a column, and where one
/// stands again and again, they label as many decisions.
pub(in crate::rules::extract) fn count(lines: &[Line<'_>]) -> usize {
    const OWN: &[&str] = &[
        "decision maker",
        "decision status",
        "is key decision",
        "is subject to call in",
        "date of decision",
        "decided at meeting",
    ];
    let own = |line: &Line<'_>| split(line).map(|(_, name, _)| bare(name)).filter(|name| OWN.contains(&name.as_str()));
    // A label is rarer than a place over a column is quickly told.
    let named: Vec<String> = lines.iter().filter_map(|line| own(line).filter(|_| !heads_column(line))).collect();
    OWN.iter().filter(|label| named.iter().filter(|name| name == *label).count() == 1).count()
}

/// The pairs, and the lines without them.
pub(in crate::rules::extract::moderngov) fn taken_out<'a>(lines: &[Line<'a>]) -> (Vec<Pair>, Vec<Line<'a>>) {
    let mut pairs: Vec<Pair> = Vec::new();
    let mut rest = Vec::with_capacity(lines.len());
    let mut lines = lines.iter().peekable();
    while let Some(line) = lines.next() {
        let Some((label, name, value)) = split(line) else {
            rest.push(line.clone());
            continue;
        };
        let value = if value.is_empty() {
            let next =
                lines.next_if(|next| split(next).is_none() && crate::rules::facts::sections::heading(&next.text).is_none());
            next.map(|next| next.text.clone()).unwrap_or_default()
        } else {
            value.to_owned()
        };
        if !value.is_empty() && !pairs.iter().any(|pair| pair.label == label && pair.name == name) {
            pairs.push(Pair { label, name: name.to_owned(), value });
        }
    }
    (pairs, rest)
}

/// Label, name and value; a label alone in its line has its value in the next.
fn split<'l>(line: &'l Line<'_>) -> Option<(Label, &'l str, &'l str)> {
    let text = line.text.as_str();
    let (name, value, colon) = match text.split_once(':') {
        Some((name, value)) => (name.trim(), value.trim(), true),
        None => (text.trim(), "", false),
    };
    // Without its colon a label must at least be a cell, a term or bold: "Meeting" is a word like others.
    let stands_out = colon || text.ends_with('?') || line.strong || matches!(line.block.value().name(), "th" | "dt" | "td");
    if name.len() > 60 || !stands_out || crate::rules::facts::sections::heading(text).is_some() {
        return None;
    }
    let folded = bare(name);
    if folded.is_empty() {
        return None;
    }
    let known = LABELS.iter().find(|(_, names)| names.contains(&folded.as_str())).map(|(label, _)| *label);
    if let Some(known) = known {
        return Some((known, name.trim_end_matches('?'), value));
    }
    let marked = colon && (labelled_by_class(line) || line.block.value().name() == "dt");
    marked.then_some((Label::Other, name.trim_end_matches('?'), value))
}

/// Whether the line's first words stand in ModernGov's `span.mgLabel`.
fn labelled_by_class(line: &Line<'_>) -> bool {
    let parent = line.leaves.first().and_then(NodeRef::parent).and_then(ElementRef::wrap);
    parent.is_some_and(|e| classes(e).any(|class| class.eq_ignore_ascii_case("mgLabel")))
}

fn bare(name: &str) -> String {
    folded(name.trim_end_matches([':', '?', ' ']))
}
