//! A source: one page or feed that we watch, with its recipe, as an admin described it.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;
use url::Url;

/// The name of a source file without `.toml`: lower-case letters, digits, `-` and `_`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceId(String);

impl SourceId {
    /// `None` where the name has other characters, is empty or is longer than 80 bytes.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
        (!raw.is_empty() && raw.len() <= 80 && raw.bytes().all(fits)).then(|| Self(raw.to_owned()))
    }

    /// The name that is nearest to any words: what does not fit becomes hyphens, what is too long is cut, nothing is "source".
    #[must_use]
    pub fn of(words: &str) -> Self {
        let slug = slug(words);
        let short = slug.get(..slug.len().min(80)).unwrap_or(&slug).trim_end_matches('-');
        Self(if short.is_empty() { "source".to_owned() } else { short.to_owned() })
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The family of content-management system that a page comes from; decides how it is read.
#[derive(
    Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize, schemars::JsonSchema, clap::ValueEnum,
)]
#[serde(rename_all = "kebab-case")]
#[value(rename_all = "kebab-case")]
pub enum Platform {
    /// Contensis classic "blog": a listing that every post page repeats (Trafford).
    ContensisBlog,
    /// ModernGov `ieIssueDetails.aspx`: several meetings' blocks about one issue.
    ModerngovIssue,
    /// ModernGov `mgAi.aspx`: one agenda item.
    ModerngovItem,
    /// ModernGov `ieListDocuments.aspx`: one meeting, from agenda to minutes.
    ModerngovMeeting,
    /// ModernGov `ieDecisionDetails.aspx`: one decision.
    ModerngovDecision,
    /// ModernGov `mgDelegatedDecisions.aspx`, `mgListOfficerDecisions.aspx`: decisions, each with its own page.
    ModerngovDecisions,
    /// CMIS: lists of meetings, meetings and their documents.
    Cmis,
    /// `LocalGov` Drupal and other Drupal: news and publications.
    LocalgovDrupal,
    /// Jadu: news and meetings, in its old and current templates.
    Jadu,
    /// GOV.UK: publications with their log of updates, lists and collections.
    Govuk,
    /// RSS, Atom or JSON Feed.
    Feed,
    /// Any page, read with the selectors of the source file, or found out where there are none.
    Page,
    /// Recognised from the page itself.
    Auto,
}

impl Platform {
    /// Its name, as the configuration spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ContensisBlog => "contensis-blog",
            Self::ModerngovIssue => "moderngov-issue",
            Self::ModerngovItem => "moderngov-item",
            Self::ModerngovMeeting => "moderngov-meeting",
            Self::ModerngovDecision => "moderngov-decision",
            Self::ModerngovDecisions => "moderngov-decisions",
            Self::Cmis => "cmis",
            Self::LocalgovDrupal => "localgov-drupal",
            Self::Jadu => "jadu",
            Self::Govuk => "govuk",
            Self::Feed => "feed",
            Self::Page => "page",
            Self::Auto => "auto",
        }
    }
}

/// What the first poll of a source does with what it finds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Baseline {
    /// Archive and feed, no mail.
    #[default]
    Silent,
    /// Everything found is news.
    Mail,
}

/// CSS selectors of a `page` source; an empty one is found out from the page.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Select {
    /// Each item of the listing.
    pub item: String,
    /// The link to the item's own page, within `item`.
    pub link: String,
    /// The title, within `item`.
    pub title: String,
    /// The date, within `item`.
    pub date: String,
    /// The body, on the item's own page.
    pub body: String,
    /// What to drop before anything is read.
    pub remove: Vec<String>,
    /// The link to the listing's next page.
    pub next: String,
}

/// One page or feed that we watch.
#[derive(Clone, PartialEq, Debug)]
pub struct Source {
    /// Its name in files, addresses and logs.
    pub id: SourceId,
    /// The council's name as people write it: "Trafford Council".
    pub council: String,
    /// What the page is: "Improvement plan updates".
    pub title: String,
    /// Where it is; `http` or `https`.
    pub url: Url,
    /// The page that people read, where `url` is a feed that names it.
    pub home: Option<Url>,
    /// How it is read.
    pub platform: Platform,
    /// Topics that subscribers may follow: lower-case slugs.
    pub topics: Vec<String>,
    /// Time between polls.
    pub every: Duration,
    /// What the first poll does.
    pub baseline: Baseline,
    /// Selectors for `page`.
    pub select: Select,
    /// How many of the newest items are read again at each poll.
    pub reread: usize,
    /// More new items than this in one poll are held for an admin.
    pub new_max: usize,
}

impl Source {
    /// Time between polls where no file says.
    pub const EVERY: Duration = Duration::from_secs(60 * 60);
    /// How many items are read again where the file does not say.
    pub const REREAD: usize = 10;
    /// How many new items are believed at once where the file does not say.
    pub const NEW_MAX: usize = 50;

    /// A source of which no more is said than where it is: every other field as where no file says.
    #[must_use]
    pub fn bare(id: SourceId, council: String, title: String, url: Url) -> Self {
        Self {
            id,
            council,
            title,
            url,
            home: None,
            platform: Platform::Auto,
            topics: Vec::new(),
            every: Self::EVERY,
            baseline: Baseline::Silent,
            select: Select::default(),
            reread: Self::REREAD,
            new_max: Self::NEW_MAX,
        }
    }

    /// Where people are sent to read it themselves: the page that a feed is of, else its own address.
    #[must_use]
    pub fn page(&self) -> &Url {
        self.home.as_ref().unwrap_or(&self.url)
    }
}

/// A council's or topic's name as it stands in an address: lower-case ASCII, everything else to single hyphens.
#[must_use]
pub fn slug(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_lower_case_ascii_with_single_hyphens() {
        let check = |name: &str, expect: &str| assert_eq!(slug(name), expect, "{name}");
        check("Trafford Council", "trafford-council");
        check("Brighton & Hove City Council", "brighton-hove-city-council");
        check("  St. Helens ", "st-helens");
    }
}
