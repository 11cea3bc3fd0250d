//! What is remembered of how a listing and an item's own page name the item and date it, so that it shows which of the two has
//! corrected the other.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

/// How an item's listing and its own page named it when both were last read, each as a hash of its words.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Names {
    /// As the listing does.
    pub listed: String,
    /// As its own page does.
    pub own: String,
    /// What its own page is headed with, where it goes by what its listing calls it because pages of its kind share headings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headline: Option<String>,
    /// Whether it goes by the listing's: that has corrected the name that both had.
    pub by_listing: bool,
    /// What its listing called it before it came to say that the meeting is put off or called off, while it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calm: Option<String>,
    /// The days on which they said then that it takes place, where both did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<Days>,
}

/// The day of a meeting as its listing and its own page gave it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Days {
    /// As the listing does.
    pub listed: NaiveDate,
    /// As its own page does.
    pub own: NaiveDate,
    /// Whether it goes by the listing's: that has moved from the day that both had.
    pub by_listing: bool,
    /// The hours that both gave then, where both did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
}

/// When a meeting begins and ends, where that is said.
pub type Span = (Option<NaiveTime>, Option<NaiveTime>);

/// The hours of a meeting as its listing and its own page gave them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Hours {
    /// As the listing does.
    pub listed: Span,
    /// As its own page does.
    pub own: Span,
    /// Whether it goes by the listing's: those are others now than both had.
    pub by_listing: bool,
}
