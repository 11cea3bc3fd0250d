//! Fuzz target: any page, read as any platform, as a listing and as an item's own page.
#![no_main]

#[path = "../../tests/it/pages/probes.rs"]
#[allow(dead_code)]
mod probes;

libfuzzer_sys::fuzz_target!(|data: &[u8]| probes::page(data));
