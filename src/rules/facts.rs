//! Facts from a body's words: dates, meetings, decisions, documents, commitments.
//!
//! All of them read plain lines of text, so that they hold for every platform. None guesses: what the words do not say
//! in full is absent.

pub mod called_off;
pub mod commitments;
pub mod dates;
pub mod decisions;
pub mod documents;
pub(crate) mod label;
pub mod meeting;
pub mod next_meeting;
pub(crate) mod places;
pub mod sections;
mod sentence;
pub(crate) mod standing;
pub mod withdrawn;

pub(crate) use sentence::sentences;

use crate::domain::item::Item;
use crate::rules::struck;
use std::borrow::Cow;

/// Fills the facts that are in an item's own words whatever platform it came from: the day of the meeting that its title
/// names, the next meeting and the commitments.
/// The item's own day says which year is meant where the words leave it out. Doing it again changes nothing.
pub fn fill(item: &mut Item) {
    meeting::fill(item);
    let Some(text) = &item.text else { return };
    let day = item.meeting.as_ref().and_then(|meeting| meeting.date).or(item.published);
    let lines: Vec<Cow<'_, str>> = text.as_str().lines().map(|line| struck::standing(line.trim())).collect();
    let lines: Vec<&str> = lines.iter().map(|line| &**line).filter(|line| !line.is_empty()).collect();
    let (next_meeting, commitments) = (next_meeting::read(&lines, day), commitments::read(&lines, day));
    item.next_meeting = next_meeting;
    item.commitments = commitments;
}

#[cfg(test)]
mod gold;
#[cfg(test)]
mod properties;
