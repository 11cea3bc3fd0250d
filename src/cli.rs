//! The command line: one command a file.

pub mod check;
pub mod dump;
pub mod preview;
pub mod sample;
pub mod send_test;
