//! The layers that read pages, as a crate of their own: what the fuzz targets build (`fuzz/Cargo.toml`). No part of the
//! product, whose root is `lib.rs`.

pub mod domain;
pub mod rules;
