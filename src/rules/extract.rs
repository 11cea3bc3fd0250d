//! A page in, items out: recognises the platform and reads its items, for any bytes, without an error path.

pub mod guard;
