//! The nouns of the product: plain values with no input, output, clock or randomness.
//!
//! Everything above speaks in these types. A value that exists is valid: text holds nothing that XML forbids, markup is
//! sanitised, an address has a mailbox and a domain.

pub mod choice;
pub mod consent;
pub mod delivery;
pub mod due;
pub mod evidence;
pub mod members;
pub mod bundle;
pub mod item;
pub mod occasion;
pub mod pause;
pub mod poll;
pub mod revision;
pub mod site;
pub mod source;
pub mod subscriber;
pub mod text;
pub mod topic;
