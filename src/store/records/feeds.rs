//! What is to be done about the feed files.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// `dirty/<feed>`: a feed whose files are older than what is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Dirty {
    /// Since when.
    pub since: DateTime<Utc>,
}

/// `feeds-made-for`: what the feed files were last made for, so that a new name or address remakes all of them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FeedsMadeFor {
    /// A hash over site, sources and renderer.
    pub hash: String,
}
