//! Why a fact is what it is: which rule found it, in which element of the page, in which words. For people who look into a
//! reading; never stored, and no part of what counts as a change.

use super::text::Text;
use serde::Serialize;
use std::borrow::Cow;

/// What was found.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fact {
    /// The item's title.
    Title,
    /// The day on which the council says it was published.
    Published,
    /// The meeting that it is about.
    Meeting,
    /// How far a meeting's papers have come.
    Stage,
    /// The body.
    Text,
    /// What was decided.
    Decision,
    /// Why.
    Reasons,
    /// What else was considered.
    OptionsRejected,
    /// The next meeting that the body announces.
    NextMeeting,
    /// What is to be done by when.
    Commitment,
    /// An attached document.
    Document,
}

impl Fact {
    /// Its name in a sentence.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Published => "published",
            Self::Meeting => "meeting",
            Self::Stage => "stage",
            Self::Text => "text",
            Self::Decision => "decision",
            Self::Reasons => "reasons",
            Self::OptionsRejected => "options rejected",
            Self::NextMeeting => "next meeting",
            Self::Commitment => "commitment",
            Self::Document => "document",
        }
    }

    /// Whether an item has it once at most.
    #[must_use]
    pub fn is_single(self) -> bool {
        !matches!(self, Self::Decision | Self::Commitment | Self::Document)
    }
}

/// Where one fact of one item comes from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Evidence {
    /// The item's key.
    #[serde(skip)]
    pub key: String,
    /// Which fact.
    pub fact: Fact,
    /// What was looked for, in words: "a line that begins with a label of publication".
    pub rule: Cow<'static, str>,
    /// A CSS selector that finds the element; `None` where the page is none of elements (a JSON feed).
    pub element: Option<String>,
    /// The council's words there.
    pub quote: Text,
}
