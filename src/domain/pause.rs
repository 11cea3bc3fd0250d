//! What becomes of a pause when somebody says yes to more, or to a move: said wherever they are asked and told.

use chrono::{DateTime, Utc};

/// What a yes means for a pause. That of the address which says it holds, for whatever comes to it; where it has nothing yet,
/// what moves to it brings its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pause {
    /// No news is sent before then.
    Holds(DateTime<Utc>),
    /// One until then, of an address that is moved from, ends: this address has updates, and none.
    Ends(DateTime<Utc>),
}
