//! The steps: poll, plan, deliver, publish, sweep. Each takes exactly what it uses and runs until there is nothing to do.

pub mod visit;
