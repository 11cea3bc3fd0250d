//! The world: HTTP, SMTP, files, the clock. Only here do reqwest and lettre's transports appear.

pub mod address_guard;
pub mod clock;
pub mod dkim;
pub mod eml;
pub mod files;
pub mod http;
pub mod imap;
pub mod index;
pub mod keeper;
pub mod lmtp;
pub mod maildir;
pub mod smtp;
pub mod tls;
