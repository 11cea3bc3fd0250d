//! Facts from a body's words: dates, meetings, decisions, documents.
//!
//! All of them read plain lines of text, so that they hold for every platform. None guesses: what the words do not say
//! in full is absent.

pub mod dates;
pub mod decisions;
pub mod documents;
pub(crate) mod label;
pub mod next_meeting;
pub mod sections;
