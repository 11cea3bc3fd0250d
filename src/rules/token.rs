//! Links that act: signed, purpose-bound tokens.
