//! Boxes beside a text that say when and where its page's meeting is held: by their labels, whatever they are called.

use super::{NODES_MAX, names_contact};
use crate::rules::extract::document::marks::is_heading;
use crate::rules::extract::text::folded;
use html5ever::local_name;
use scraper::{ElementRef, Node};

/// What a label is of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Label {
    Day,
    Time,
    Place,
}

const LABELS: &[(Label, &[&str])] = &[
    (Label::Day, &["date", "date & time", "date and time", "day", "dyddiad", "dyddiad ac amser", "meeting date", "pryd", "when"]),
    (Label::Time, &["amser", "start time", "starts at", "time", "times"]),
    (Label::Place, &["ble", "lleoliad", "location", "man cyfarfod", "meeting venue", "place", "venue", "where"]),
];
/// Words of a heading over another meeting than the page's.
const OTHERS: &[&str] =
    &["also", "blaenorol", "future", "last", "more", "nesaf", "next", "other", "past", "previous", "related", "upcoming"];
/// Longest label, and longest text of such a box, in bytes.
const LABEL_BYTES_MAX: usize = 24;
const BYTES_MAX: usize = 600;

/// Whether an element gives one meeting's day, hour or place, at least two of them and each once.
pub(in crate::rules::extract) fn gives_particulars(element: ElementRef<'_>) -> bool {
    let mut found: Vec<Label> = Vec::new();
    let mut bytes = 0;
    for (at, node) in element.descendants().enumerate() {
        match node.value() {
            Node::Text(text) => {
                bytes += text.trim().len();
                found.extend(label(text));
            }
            Node::Element(below) => {
                let is_other = matches!(
                    below.name.local,
                    local_name!("h1") | local_name!("main") | local_name!("article") | local_name!("nav") | local_name!("input")
                );
                if is_other || is_heading(&below.name.local) && ElementRef::wrap(node).is_some_and(heads_another) {
                    return false;
                }
            }
            Node::Document | Node::Fragment | Node::Doctype(_) | Node::Comment(_) | Node::ProcessingInstruction(_) => {}
        }
        if at > NODES_MAX || bytes > BYTES_MAX {
            return false;
        }
    }
    let times = |label: Label| found.iter().filter(|other| **other == label).count();
    let each = [Label::Day, Label::Time, Label::Place].map(times);
    each.iter().all(|times| *times <= 1) && found.len() >= 2 && !names_contact(element)
}

/// The label with which words begin, or that they are.
fn label(text: &str) -> Option<Label> {
    let words = text.split_once(':').map_or(text, |(label, _)| label).trim();
    if words.is_empty() || words.len() > LABEL_BYTES_MAX {
        return None;
    }
    let words = folded(words);
    LABELS.iter().find(|(_, known)| known.contains(&words.as_str())).map(|(label, _)| *label)
}

/// Whether a heading is over another meeting than that of its page: "Next meeting".
fn heads_another(heading: ElementRef<'_>) -> bool {
    let words = folded(&heading.text().collect::<Vec<_>>().join(" "));
    words.split(|c: char| !c.is_alphanumeric()).any(|word| OTHERS.contains(&word))
}
