//! The decisions: what a page says, what changed, who is told, when. Pure functions from values to values.
//!
//! Absent here: `async`, clocks, randomness, files, network, logging. Extraction answers for any bytes and never panics.

pub mod complaints;
pub mod day;
pub mod decode;
pub mod detect;
pub mod digest;
pub mod dkim_key;
pub mod domain;
pub mod estimate;
pub mod extract;
pub mod facts;
pub mod fingerprint;
pub mod feed;
pub mod gone;
pub mod health;
pub mod interest;
pub mod looks;
pub mod mailbox;
pub mod meter;
pub mod natural;
pub mod operator;
mod paced;
pub mod proposal;
pub mod redirect;
pub mod refusal;
pub mod rekey;
pub mod returns;
pub mod revision;
pub mod rhythm;
pub mod robots;
pub mod schedule;
pub mod search;
pub mod signup;
pub(crate) mod sought;
pub mod standstill;
pub(crate) mod struck;
pub mod token;
pub mod verp;
