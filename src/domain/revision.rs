//! What kind of change a revision is: the word that a reader needs before any detail.

use serde::{Deserialize, Serialize};
use std::fmt;

/// One kind of change between two contents of an item. The first of several, in this order, is the one that leads.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RevisionClass {
    /// It is no longer published.
    Withdrawn,
    /// It is published again, after it had been withdrawn.
    Returned,
    /// The meeting's papers or the decision have come further, or the meeting was cancelled.
    StageChanged,
    /// There is a decision that was not there.
    DecisionMade,
    /// A decision reads otherwise, or is gone.
    DecisionChanged,
    /// The day of publication, of the meeting or of the next meeting is another, or its hour.
    DateMoved,
    /// The meeting takes place elsewhere.
    PlaceChanged,
    /// There is a document that could not be read before: a new one, one that was to follow, one no longer restricted.
    PapersAdded,
    /// The same document with another size or kind, or another version of it.
    DocumentReplaced,
    /// A document is gone, or can no longer be read.
    PapersRemoved,
    /// Other words; whether they put something right is not for us to say.
    Correction,
}

impl RevisionClass {
    /// In a reader's words, lower case.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Withdrawn => "withdrawn",
            Self::Returned => "published again",
            Self::StageChanged => "at another stage",
            Self::DecisionMade => "decision made",
            Self::DecisionChanged => "decision changed",
            Self::DateMoved => "date moved",
            Self::PlaceChanged => "venue changed",
            Self::PapersAdded => "papers added",
            Self::DocumentReplaced => "document replaced",
            Self::PapersRemoved => "papers removed",
            Self::Correction => "text changed",
        }
    }
}

impl fmt::Display for RevisionClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}
