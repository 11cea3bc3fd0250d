//! Words for people and feeds for programs: pure functions from what is known to text, markup and bytes.

pub mod email;
pub mod feed;
pub mod page;
