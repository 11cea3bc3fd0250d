//! The steps: poll, plan, deliver, publish, sweep. Each takes exactly what it uses and runs until there is nothing to do.
//!
//! Effects stand between two commits and are safe to repeat: whoever stops the program at any point and starts it again
//! finds the work where the store says it is.

pub mod bounds;
mod waiting;
pub mod visit;
pub mod reading;
pub mod poll;
pub mod known;
pub mod outages;
pub mod plan;
pub mod deliver;
pub mod publish;
pub mod quiet;
pub mod returns;
pub mod postboxes;
pub mod rhythm;
pub mod sweep;
pub mod trial;
pub mod watched;
pub mod pass;
