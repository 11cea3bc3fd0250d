//! Fuzz target: any words: dates and lines.
#![no_main]

#[path = "../../tests/it/pages/probes.rs"]
#[allow(dead_code)]
mod probes;

libfuzzer_sys::fuzz_target!(|data: &[u8]| probes::words(data));
