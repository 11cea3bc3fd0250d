//! What an article says was decided: under its heading "Decisions", after "RESOLVED that:". A heading ends what the one before
//! it began.

use crate::domain::item::Decision;
use crate::rules::extract::text::{Line, paragraphs};
use crate::rules::facts::decisions;

/// The decisions in the lines of a body.
pub(in crate::rules::extract::page) fn decided(body: &[Line<'_>]) -> Vec<Decision> {
    body.chunk_by(|_, next| !next.is_heading()).flat_map(|part| decisions::read_in_prose(&paragraphs(part))).collect()
}
