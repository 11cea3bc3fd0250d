//! boardwatch watches the pages where councils publish board and committee updates, notices what is new or changed, mails
//! subscribers a digest and keeps feeds of everything.
//!
//! Modules in reading order; each imports only from those above it (a test holds this):
//! nouns, decisions, words, then what is needed and how it is set, the store and the world, the engine and the web side,
//! and at the end the only places that see everything.

pub mod domain;
pub mod rules;
pub mod render;
pub mod ports;
pub mod config;
pub mod store;
pub mod edge;
pub mod engine;
pub mod web;
pub mod app;
pub mod cli;
