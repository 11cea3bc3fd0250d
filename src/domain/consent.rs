//! Consent: what somebody said yes to, in which words it was put to them, when, and how we know (UK GDPR Article 7(1)).

use super::choice::{CadenceChange, Choice};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The words that stood beside the button.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Wording {
    /// Which edition of them, with its language: "2026-11/en".
    pub version: String,
    /// The words themselves.
    pub text: String,
}

/// How a yes came to us.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// Asked on our page, and confirmed from the address by the button behind the link that was mailed there.
    ConfirmedByMail,
    /// Changed by its owner, with the link that was mailed to the address.
    ChangedByLink,
    /// An admin wrote it down, with a note of where it was given.
    NotedByAdmin,
}

/// One yes. Kept while anything is known of the person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Consent {
    /// To what.
    pub choice: Choice,
    /// What of it they had at another cadence until then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<CadenceChange>,
    /// Whether also to word once a month where there is no news.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub monthly: bool,
    /// When it was asked for.
    pub asked: DateTime<Utc>,
    /// When the yes came.
    pub given: DateTime<Utc>,
    /// How.
    pub how: How,
    /// The words shown; `None` where an admin noted it.
    pub wording: Option<Wording>,
    /// What an admin noted of it.
    #[serde(default)]
    pub note: Option<String>,
}
