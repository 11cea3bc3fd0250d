//! An item's facts, each as one line of words.

use super::words::{Words, clip};
use crate::domain::item::{Commitment, Decision, Item, Stage};
use crate::domain::text::Text;

/// Longest decision or quoted sentence, in characters.
const DECISION_CHARS_MAX: usize = 700;

/// One line of whatever a record holds: in the plain text part a line end would look like ours.
pub(super) fn line(text: &Text) -> String {
    Text::line(text.as_str()).as_str().to_owned()
}

/// "Cabinet, 15 December 2022, 6pm to 9pm, Town Hall, item 181".
pub(super) fn meeting(words: &Words, item: &Item) -> Option<String> {
    let meeting = item.meeting.as_ref()?;
    let parts = [
        meeting.body.as_ref().map(line),
        meeting.date.map(words.facts.day),
        meeting.start.map(|start| (words.facts.hours)(start, meeting.end)),
        meeting.place.as_ref().map(line),
        meeting.item.as_ref().map(|n| (words.facts.agenda_item)(&line(n))),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// In a reader's words.
pub(super) fn stage(words: &Words, stage: Stage) -> &'static str {
    match stage {
        Stage::Agenda => words.facts.agenda,
        Stage::DraftMinutes => words.facts.draft_minutes,
        Stage::Minutes => words.facts.minutes,
        Stage::Cancelled => words.facts.cancelled,
    }
}

/// "Tuesday 25 February 2020, 10am to 12:30pm".
pub(super) fn next_meeting(words: &Words, item: &Item) -> Option<String> {
    let next = item.next_meeting.as_ref()?;
    let hours = next.start.map(|start| (words.facts.hours)(start, next.end));
    let parts = [Some((words.facts.weekday_and_day)(next.date)), hours];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

/// "by 20 December 2022: “… to submit the action plan to Ofsted no later than 20 December 2022.”": the council's words.
pub(super) fn promised(words: &Words, commitment: &Commitment) -> String {
    let quote = clip(&line(&commitment.quote), DECISION_CHARS_MAX);
    (words.facts.promised)(&commitment.due.words(), &quote)
}

/// "(a) That …".
pub(super) fn decision(decision: &Decision) -> String {
    let text = clip(&decision.text.as_str().split_whitespace().collect::<Vec<_>>().join(" "), DECISION_CHARS_MAX);
    decision.label.as_ref().map_or_else(|| text.clone(), |label| format!("({}) {text}", line(label)))
}
