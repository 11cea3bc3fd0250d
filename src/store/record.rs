//! How a record becomes a value: one schema byte and JSON, or one schema byte and the hash of the body that has the JSON.
//!
//! The byte's low seven bits are the record's schema number, so that a later program reads what an earlier one wrote and an
//! earlier one refuses what it cannot know. Its high bit says that the JSON lies in a body. Both are contracts: a store
//! outlives the program that wrote it.

use super::bodies::{Body, BodyHash};
use super::engine::readable;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Longest record kept in its value, in bytes; below [`VALUE_BYTES_MAX`](super::engine::VALUE_BYTES_MAX), so that an engine
/// has room for its own words.
pub const INLINE_BYTES_MAX: usize = 3584;

const IN_BODY: u8 = 0x80;

/// Something that is kept under a key.
pub trait Record: Serialize + DeserializeOwned + Send + Sync {
    /// What people call one: "item".
    const KIND: &'static str;

    /// The schema that is written, from 1 to 127. Raised when an earlier program could not read, or would misread, the JSON.
    const SCHEMA: u8;

    /// Turns JSON of the earlier schema `from` into that of [`SCHEMA`](Self::SCHEMA); by itself leaves it as it is.
    #[must_use]
    fn upgrade(from: u8, json: Value) -> Value {
        let _ = from;
        json
    }
}

/// Why a value is not the record that was asked for.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// A later program wrote it.
    #[error("the {kind} at {key:?} was written by a newer boardwatch (schema {found}, this one knows {known}): install that one")]
    Newer {
        /// Where.
        key: String,
        /// What it should be.
        kind: &'static str,
        /// Its schema number.
        found: u8,
        /// The newest that we know.
        known: u8,
    },
    /// It is there, but does not read.
    #[error("the {kind} at {key:?} does not read: stop boardwatch and restore the last dump")]
    Unreadable {
        /// Where.
        key: String,
        /// What it should be.
        kind: &'static str,
        /// What was wrong.
        #[source]
        source: serde_json::Error,
    },
    /// The value has no record's form at all.
    #[error("what is stored at {key:?} is no record: stop boardwatch and restore the last dump")]
    Shapeless {
        /// Where.
        key: String,
    },
    /// A fault of the caller: such a value cannot be JSON.
    #[error("the {kind} for {key:?} cannot be written as JSON")]
    Unwritable {
        /// Where it should have gone.
        key: String,
        /// What it is.
        kind: &'static str,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
}

/// What a value holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form<'a> {
    /// The record itself.
    Inline {
        /// Its schema number.
        schema: u8,
        /// Its JSON.
        json: &'a [u8],
    },
    /// The name of the body that holds the record's JSON.
    InBody {
        /// Its schema number.
        schema: u8,
        /// Which body.
        body: BodyHash,
    },
}

/// Reads the outer form of a value.
pub fn form<'a>(key: &[u8], value: &'a [u8]) -> Result<Form<'a>, RecordError> {
    let shapeless = || RecordError::Shapeless { key: readable(key) };
    let (&first, rest) = value.split_first().ok_or_else(shapeless)?;
    let schema = first & !IN_BODY;
    if first & IN_BODY == 0 {
        return Ok(Form::Inline { schema, json: rest });
    }
    let hash: [u8; 32] = rest.try_into().map_err(|_| shapeless())?;
    Ok(Form::InBody { schema, body: BodyHash::from(hash) })
}

/// The value for a record's JSON, and the body that has to be durable first where it is too long for a value.
pub fn wrap(schema: u8, json: Vec<u8>) -> (Vec<u8>, Option<Body>) {
    if json.len() < INLINE_BYTES_MAX {
        let mut value = Vec::with_capacity(1 + json.len());
        value.push(schema & !IN_BODY);
        value.extend(json);
        return (value, None);
    }
    let body = Body::new(json);
    let mut value = vec![schema | IN_BODY];
    value.extend(body.hash().as_bytes());
    (value, Some(body))
}

/// A record as JSON.
pub fn encode<T: Record>(key: &[u8], record: &T) -> Result<Vec<u8>, RecordError> {
    serde_json::to_vec(record).map_err(|source| RecordError::Unwritable { key: readable(key), kind: T::KIND, source })
}

/// A record from the JSON of its schema `found`.
pub fn decode<T: Record>(key: &[u8], found: u8, json: &[u8]) -> Result<T, RecordError> {
    let unreadable = |source| RecordError::Unreadable { key: readable(key), kind: T::KIND, source };
    if found > T::SCHEMA {
        return Err(RecordError::Newer { key: readable(key), kind: T::KIND, found, known: T::SCHEMA });
    }
    if found == T::SCHEMA {
        return serde_json::from_slice(json).map_err(unreadable);
    }
    let older = serde_json::from_slice(json).map_err(unreadable)?;
    serde_json::from_value(T::upgrade(found, older)).map_err(unreadable)
}
