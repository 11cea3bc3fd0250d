//! The folder of TOML files: read whole, every fault with its place, into one validated value.
