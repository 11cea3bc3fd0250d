//! Attached documents from the words that name them: "Improvement Plan PDF 468 KB", "Appendix 1 to follow",
//! "Restricted enclosure".

mod about;
mod address;
mod behind;
mod file;
mod name;
mod paper;
mod state;

pub use about::{About, about};
pub use behind::behind;
pub use name::{Named, named, without_file};
pub use paper::names_paper;
pub use state::{is_restricted, is_to_follow};

use crate::domain::item::Document;
use crate::domain::text::Text;
use file::KINDS;
use url::Url;

/// The document that a line of a list, or a link, names; `None` for a line without a name.
#[must_use]
pub fn document(text: &str, url: Option<&Url>) -> Option<Document> {
    let withheld = state::withheld(text);
    let named = named(withheld.unwrap_or(text));
    let restricted =
        withheld.is_some() || (is_restricted(named.title) && url.is_none_or(|_| state::says_only_restricted(named.title)));
    let title = Text::line(named.title.trim_end_matches([',', ' '])).or_absent().or_else(|| Text::line(text).or_absent())?;
    let url = url.filter(|_| !restricted);
    // An address says "docx" where words say "Word".
    let kind = url.and_then(kind_of_url).filter(|_| named.by_family).or(named.kind).or_else(|| url.and_then(kind_of_url));
    Some(Document { title, url: url.cloned(), kind: kind.map(str::to_owned), size: named.size.map(str::to_owned), restricted })
}

/// The kind of file that an address names by its ending.
#[must_use]
pub fn kind_of_url(url: &Url) -> Option<&'static str> {
    let (_, ending) = url.path().rsplit('/').next()?.rsplit_once('.')?;
    KINDS.iter().find(|kind| kind.eq_ignore_ascii_case(ending)).copied()
}

/// Whether a link leads to a file: by the address's ending or one of its parts, or by the kind or size among its words.
#[must_use]
pub fn is_file(text: &str, url: &Url) -> bool {
    let is_named = || {
        let named = named(text);
        named.kind.is_some() || named.size.is_some()
    };
    kind_of_url(url).is_some() || address::hands_out(url) || is_named()
}

#[cfg(test)]
mod tests;
