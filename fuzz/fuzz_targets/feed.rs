//! Fuzz target: any feed, and what only looks like one.
#![no_main]

#[path = "../../tests/it/pages/probes.rs"]
#[allow(dead_code)]
mod probes;

libfuzzer_sys::fuzz_target!(|data: &[u8]| probes::feed(data));
