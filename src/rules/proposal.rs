//! A page that is to become a source: what its file would say, and why. Guesses are marked as guesses; nothing here knows
//! whether somebody agrees.

mod council;
mod file;
mod name;
mod topics;

use crate::domain::item::Extraction;
use crate::domain::source::{Platform, Source, SourceId};
use crate::rules::extract::imprint::Imprint;
use chrono::NaiveDate;
use url::Url;

pub use file::toml;

/// A value, and what it was guessed by: "from the page's title".
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Guess {
    /// The value.
    pub value: String,
    /// In words; `None` where somebody gave it.
    pub by: Option<String>,
}

impl Guess {
    fn given(value: &str) -> Self {
        Self { value: value.to_owned(), by: None }
    }

    fn made(value: String, by: impl Into<String>) -> Self {
        Self { value, by: Some(by.into()) }
    }
}

/// What is known of the page.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The address that the source will have.
    pub url: &'a Url,
    /// What was read there; `None` where nothing could be.
    pub extraction: Option<&'a Extraction>,
    /// Whose page it says it is.
    pub imprint: &'a Imprint,
    /// The sources that there are.
    pub sources: &'a [Source],
}

/// What somebody has decided already.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wishes<'a> {
    /// The source's id.
    pub id: Option<&'a SourceId>,
    /// The council's name.
    pub council: Option<&'a str>,
    /// What the page is.
    pub title: Option<&'a str>,
}

/// What a source's file would say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proposal {
    /// The file's name.
    pub id: SourceId,
    /// Whose page it is.
    pub council: Guess,
    /// What the page is.
    pub title: Guess,
    /// Where it is.
    pub url: Url,
    /// How it is read.
    pub platform: Platform,
    /// Why that platform, and what it found; a line each.
    pub remarks: Vec<String>,
    /// What subscribers may follow.
    pub topics: Vec<String>,
    /// When it was written.
    pub written: NaiveDate,
}

/// Proposes a source for what was found. `is_taken`: whether a file has that name, besides those of the known sources.
#[must_use]
pub fn propose(
    found: &Found<'_>,
    wishes: &Wishes<'_>,
    is_taken: &dyn Fn(&SourceId) -> bool,
    remarks: Vec<String>,
    today: NaiveDate,
) -> Proposal {
    let council = wishes.council.map_or_else(|| council::guess(found), Guess::given);
    let title = wishes.title.map_or_else(|| title(found, &council.value), Guess::given);
    let id = wishes.id.cloned().unwrap_or_else(|| name::derive(found, &council.value, &title.value, is_taken));
    Proposal {
        id,
        topics: topics::suggest(found, &title.value),
        council,
        title,
        url: found.url.clone(),
        platform: found.extraction.map_or(Platform::Auto, |extraction| extraction.platform),
        remarks,
        written: today,
    }
}

/// The page's own title, without the council's name.
fn title(found: &Found<'_>, council: &str) -> Guess {
    let page_title = found.extraction.and_then(|extraction| extraction.page_title.as_ref());
    let bare = page_title.map(|title| without_owner(title.as_str(), council)).filter(|title| !title.is_empty());
    bare.map_or_else(
        || Guess::made("Updates".to_owned(), "since the page has no title"),
        |title| Guess::made(title, "from the page's title"),
    )
}

/// "News | Anytown Council" without the council.
fn without_owner(title: &str, council: &str) -> String {
    let parts: Vec<&str> = title.split('|').flat_map(|part| part.split(" - ")).flat_map(|part| part.split(" – ")).collect();
    let is_owner =
        |part: &str| part.trim().eq_ignore_ascii_case(council) || council::name_in(part).as_deref() == Some(part.trim());
    let first = parts.first().copied().unwrap_or_default();
    if parts.len() > 1 && parts.iter().skip(1).any(|part| is_owner(part)) {
        return first.trim().to_owned();
    }
    title.trim().to_owned()
}

#[cfg(test)]
mod tests;
