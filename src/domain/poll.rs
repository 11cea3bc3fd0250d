//! How a visit to a source ended: one enum, so that no branch can forget what follows from it.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The outcome of a poll. Only `Unchanged`, `Listing` and `Empty` are good; only they may change what we know,
/// but for a list that is read while the pages of its items are not.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum PollOutcome {
    /// 304, or the same records as before.
    Unchanged,
    /// Items were read.
    Listing {
        /// How many the source holds now.
        items: usize,
    },
    /// The page says itself that there is nothing.
    Empty,
    /// Items were read, but they look like a broken or rebuilt page; an admin decides.
    Held {
        /// What looks wrong.
        reason: String,
    },
    /// A firewall or challenge page.
    Blocked {
        /// What gave it away.
        sign: String,
    },
    /// An error page, by status or by its words.
    ErrorPage {
        /// HTTP status.
        status: u16,
    },
    /// An answer whose shape we do not know.
    Unrecognised {
        /// What was looked for.
        detail: String,
    },
    /// robots.txt asks us to stay away.
    RobotsDenied {
        /// The rule.
        rule: String,
    },
    /// robots.txt could not be read, so we may not assume that we are welcome (RFC 9309 §2.3.1.4).
    RobotsUnreachable {
        /// Why.
        detail: String,
    },
    /// 429 or 503 with `Retry-After`, or 429 without.
    AskedToWait {
        /// HTTP status.
        status: u16,
    },
    /// More bytes than `body_bytes_max`.
    TooLarge {
        /// The limit.
        bytes_max: u64,
    },
    /// No complete answer: DNS, connection, TLS, time-out, cut body.
    Network {
        /// What happened.
        detail: String,
    },
    /// The address, or one it redirects to, is not one that we may fetch.
    Refused {
        /// Why.
        detail: String,
    },
    /// Reading the page panicked; a fault of ours.
    Panicked {
        /// The message.
        detail: String,
    },
}

impl PollOutcome {
    /// Whether it may change what we know.
    #[must_use]
    pub fn is_good(&self) -> bool {
        matches!(self, Self::Unchanged | Self::Listing { .. } | Self::Empty)
    }
}

impl fmt::Display for PollOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unchanged => write!(f, "nothing new"),
            Self::Listing { items } => write!(f, "{items} items"),
            Self::Empty => write!(f, "the page says it is empty"),
            Self::Held { reason } => write!(f, "held for an admin: {reason}"),
            Self::Blocked { sign } => write!(f, "blocked by a firewall ({sign})"),
            Self::ErrorPage { status } => write!(f, "an error page (status {status})"),
            Self::Unrecognised { detail } => write!(f, "not a page we can read: {detail}"),
            Self::RobotsDenied { rule } => write!(f, "robots.txt says no ({rule})"),
            Self::RobotsUnreachable { detail } => write!(f, "robots.txt could not be read ({detail})"),
            Self::AskedToWait { status } => write!(f, "asked to wait (status {status})"),
            Self::TooLarge { bytes_max } => write!(f, "larger than {bytes_max} bytes"),
            Self::Network { detail } => write!(f, "no answer: {detail}"),
            Self::Refused { detail } => write!(f, "not fetched: {detail}"),
            Self::Panicked { detail } => write!(f, "reading it failed ({detail}); please report this"),
        }
    }
}

/// What an admin decided about a held batch; the next poll carries it out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HoldDecision {
    /// It is news: tell people.
    Release,
    /// It is not: record it and tell nobody.
    Absorb,
}
