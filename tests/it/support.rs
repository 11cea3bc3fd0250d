//! What the behaviour tests stand on.

pub mod site;
pub mod smtp;
