//! A stencil: a message to many, laid out, escaped and encoded, with holes for what is each reader's own.
//!
//! It is cut from a whole message to nobody, and a delivery fills its holes: per reader nothing is printed, escaped or
//! encoded again. A value goes in only where the sample's had the same length and was of characters that every encoding
//! leaves as they are; then lines break where they would (RFC 2045 §6.7 counts octets and nothing else). Invariant: what is
//! stamped is, octet for octet, the message that would have been assembled for its reader alone.

use super::assemble::{boundary, date_field, to_field};
use crate::domain::subscriber::Address;
use chrono::{DateTime, Utc};
use std::ops::Range;

/// What is one reader's own in a message that many share.
#[derive(Clone, Copy, Debug)]
pub struct Own<'a> {
    /// `To`.
    pub to: &'a Address,
    /// What stands in links and list headers: the token, and whatever else names its reader. As many for each reader.
    pub marks: &'a [&'a str],
    /// `<id@domain>`; the MIME boundary follows from it.
    pub message_id: &'a str,
    /// `Date`, to the second.
    pub date: DateTime<Utc>,
}

/// A message with holes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stencil {
    /// The sample; what stands in its holes is not used.
    sample: Vec<u8>,
    /// In order, apart.
    holes: Vec<Hole>,
    mark_octets: Vec<usize>,
    message_id_octets: usize,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Hole {
    /// In the sample.
    at: Range<usize>,
    value: Value,
    /// What of the value goes there: less than the whole where a soft line break cuts it.
    part: Option<Range<usize>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Value {
    To,
    Date,
    MessageId,
    Boundary,
    /// Which of the marks.
    Mark(usize),
}

impl Stencil {
    /// Cuts the holes into `message`, which was assembled for `sample`. The sample's marks and Message-ID must stand nowhere
    /// by chance or by somebody's wish: they are drawn from the installation's secret.
    #[must_use]
    pub fn cut(message: Vec<u8>, sample: &Own<'_>) -> Self {
        let mut holes = Vec::new();
        for (name, value) in [("To", Value::To), ("Date", Value::Date), ("Message-ID", Value::MessageId)] {
            holes.extend(field(&message, name).map(|at| Hole { at, value, part: None }));
        }
        let boundary = boundary(sample.message_id);
        let marks = sample.marks.iter().enumerate().map(|(n, mark)| (Value::Mark(n), *mark));
        for (value, written) in marks.chain([(Value::Boundary, boundary.as_str())]) {
            let stretches = stretches(&message, written.as_bytes());
            holes.extend(stretches.into_iter().map(|(at, part)| Hole { at, value, part: Some(part) }));
        }
        holes.sort_by_key(|hole| hole.at.start);
        let mark_octets = sample.marks.iter().map(|mark| mark.len()).collect();
        Self { sample: message, holes, mark_octets, message_id_octets: sample.message_id.len() }
    }

    /// The message to `own`; `None` where its values would make lines break elsewhere.
    #[must_use]
    pub fn stamp(&self, own: &Own<'_>) -> Option<Vec<u8>> {
        if !own.marks.iter().map(|mark| mark.len()).eq(self.mark_octets.iter().copied())
            || own.message_id.len() != self.message_id_octets
            || !own.marks.iter().all(|mark| mark.bytes().all(is_left_alone))
            || !own.message_id.bytes().all(|b| b.is_ascii_graphic())
        {
            return None;
        }
        let (to, date, boundary) = (to_field(own.to), date_field(own.date), boundary(own.message_id));
        let mut message = Vec::with_capacity(self.sample.len() + to.len());
        let mut rest = 0;
        for Hole { at, value, part } in &self.holes {
            let value = match value {
                Value::To => to.as_str(),
                Value::Date => &date,
                Value::MessageId => own.message_id,
                Value::Boundary => &boundary,
                Value::Mark(n) => own.marks.get(*n)?,
            };
            message.extend_from_slice(self.sample.get(rest..at.start)?);
            message.extend_from_slice(part.as_ref().map_or(Some(value), |part| value.get(part.clone()))?.as_bytes());
            rest = at.end;
        }
        message.extend_from_slice(self.sample.get(rest..)?);
        Some(message)
    }

    /// How many octets it holds.
    #[must_use]
    pub fn octets(&self) -> usize {
        self.sample.len()
    }
}

/// Whether templates, links, headers and quoted-printable leave `octet` as it is.
fn is_left_alone(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_' | b'.' | b'+' | b'@')
}

/// The value of the header field `name`, which stands on one line.
fn field(message: &[u8], name: &str) -> Option<Range<usize>> {
    let head = memchr::memmem::find(message, b"\r\n\r\n")?;
    let start = memchr::memmem::find(message.get(..head)?, format!("\r\n{name}: ").as_bytes())? + name.len() + 4;
    let octets = memchr::memmem::find(message.get(start..)?, b"\r\n")?;
    Some(start..start + octets)
}

/// Where `value` stands, also with soft line breaks in it: each stretch, and which part of the value it holds.
fn stretches(message: &[u8], value: &[u8]) -> Vec<(Range<usize>, Range<usize>)> {
    const SOFT_BREAK: &[u8] = b"=\r\n";
    let mut found = Vec::new();
    let Some((first, _)) = value.split_first() else { return found };
    let mut free = 0;
    for start in memchr::memchr_iter(*first, message) {
        let (mut at, mut begun, mut taken) = (start, start, 0);
        let mut stretch = Vec::new();
        while start >= free && taken < value.len() {
            match message.get(at..) {
                Some([octet, ..]) if value.get(taken) == Some(octet) => (at, taken) = (at + 1, taken + 1),
                Some(rest) if rest.starts_with(SOFT_BREAK) => {
                    stretch.push((begun..at, taken - (at - begun)..taken));
                    at += SOFT_BREAK.len();
                    begun = at;
                }
                Some(_) | None => break,
            }
        }
        if taken == value.len() {
            stretch.push((begun..at, taken - (at - begun)..taken));
            found.extend(stretch);
            free = at;
        }
    }
    found
}

#[cfg(test)]
mod tests;
