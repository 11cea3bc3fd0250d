//! What the behaviour tests stand on.

pub mod clock;
pub mod app;
pub mod browser;
pub mod council;
pub mod front;
pub mod imap;
pub mod quiet;
pub mod raw;
pub mod site;
pub mod smtp;
pub mod world;
pub mod pages;
