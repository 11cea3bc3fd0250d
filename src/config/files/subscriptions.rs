//! `subscriptions/<list>.toml`: people that an admin keeps by hand.

use crate::domain::subscriber::Cadence;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// subscriptions/LIST.toml: people that an admin keeps by hand. Whoever unsubscribes stays unsubscribed all the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SubscriptionsFile {
    /// Why these people may be mailed: what was agreed, with whom, when.
    pub(crate) note: String,
    /// The people.
    pub(crate) subscriber: Vec<SubscriberEntry>,
}

/// One person, and what they want to hear about: any of sources, councils, topics or keywords; "*" for everything.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubscriberEntry {
    /// The email address.
    pub(crate) address: String,
    /// How often.
    #[serde(default = "daily")]
    pub(crate) cadence: Cadence,
    /// Ids of sources: the names of their files.
    #[serde(default)]
    pub(crate) sources: Vec<String>,
    /// Councils, as source files spell them.
    #[serde(default)]
    pub(crate) councils: Vec<String>,
    /// Topics of sources.
    #[serde(default)]
    pub(crate) topics: Vec<String>,
    /// Whole words or phrases in title or body, whatever their case and accents.
    #[serde(default)]
    pub(crate) keywords: Vec<String>,
}

fn daily() -> Cadence {
    Cadence::Daily
}
