//! What is known and what is still to do: named, atomic, durable changes over an ordered key space.

pub mod engine;
