//! Words for people and feeds for programs: pure functions from what is known to text, markup and bytes.

mod documents;
pub mod email;
pub mod feed;
mod lines;
pub mod page;
pub mod wants;
mod revision;
mod words;
