//! What the behaviour tests stand on.

pub mod clock;
pub mod app;
pub mod council;
pub mod raw;
pub mod site;
pub mod smtp;
pub mod world;
pub mod pages;
