//! `sources/<id>.toml`: one page or feed to watch.

use crate::domain::source::{Baseline, Platform, Source};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// sources/ID.toml: one page or feed to watch. The file's name is the source's id.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourceFile {
    /// The council's name as people write it: "Trafford Council".
    pub(crate) council: String,
    /// What the page is: "Improvement plan updates".
    pub(crate) title: String,
    /// Where it is: an http or https address.
    pub(crate) url: String,
    /// How the page is read; "auto" recognises it.
    #[serde(default = "auto")]
    pub(crate) platform: Platform,
    /// Topics that subscribers may follow.
    #[serde(default)]
    pub(crate) topics: Vec<String>,
    /// Time between polls: "2h". Empty: that of boardwatch.toml.
    #[serde(default)]
    pub(crate) every: String,
    /// First poll: "silent" archives and feeds what is there without mail, "mail" treats it as news.
    #[serde(default)]
    pub(crate) baseline: Baseline,
    /// CSS selectors, for platform "page"; what is empty is found out from the page.
    #[serde(default)]
    pub(crate) select: SelectFile,
    /// How many of the newest items are read again at each poll.
    #[serde(default = "reread")]
    #[schemars(range(max = 1000))]
    pub(crate) reread: usize,
    /// More new items than this in one poll are held for an admin.
    #[serde(default = "new_max")]
    #[schemars(range(min = 1, max = 10_000))]
    pub(crate) new_max: usize,
}

fn auto() -> Platform {
    Platform::Auto
}

fn reread() -> usize {
    Source::REREAD
}

fn new_max() -> usize {
    Source::NEW_MAX
}

/// CSS selectors for platform "page".
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SelectFile {
    /// Each item of the listing.
    pub(crate) item: String,
    /// The link to the item's own page, within the item.
    pub(crate) link: String,
    /// The title, within the item.
    pub(crate) title: String,
    /// The date, within the item.
    pub(crate) date: String,
    /// The body, on the item's own page.
    pub(crate) body: String,
    /// What to drop before anything is read.
    pub(crate) remove: Vec<String>,
    /// The link to the listing's next page.
    pub(crate) next: String,
}

impl Default for SelectFile {
    fn default() -> Self {
        let nothing = String::new;
        Self {
            item: nothing(),
            link: "a".into(),
            title: nothing(),
            date: nothing(),
            body: nothing(),
            remove: Vec::new(),
            next: nothing(),
        }
    }
}
