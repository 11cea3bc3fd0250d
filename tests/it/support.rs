//! What the behaviour tests stand on.

pub mod smtp;
