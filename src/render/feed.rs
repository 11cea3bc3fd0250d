//! What programs read: RSS 2.0, Atom and JSON Feed of the same items, the list of all feeds, and the calendar of meetings.
//!
//! Invariant: the bytes are a function of the view alone. No clock is asked, so a feed in which nothing changed is the
//! same file, byte for byte, and keeps its `ETag`. Every link is absolute; every string is free of what XML 1.0 forbids.

pub mod atom;
pub mod calendar;
mod entry;
pub mod json;
pub mod opml;
pub mod rss;

use crate::domain::item::{ItemId, KnownItem, hash_hex};
use crate::domain::site::Site;
use crate::domain::source::Source;
use crate::domain::text::Text;
use crate::rules::feed::FeedName;
use chrono::{DateTime, SubsecRound, Utc};
use entry::Entry;

/// One feed with everything that it says.
#[derive(Debug)]
pub struct FeedView<'a> {
    /// Who speaks.
    pub site: &'a Site,
    /// Which feed.
    pub name: FeedName,
    /// Its name in words.
    pub title: String,
    /// What it holds, in its order: see [`crate::rules::feed::select`].
    pub items: Vec<(&'a Source, KnownItem)>,
}

/// One file of the feeds folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FeedFile {
    /// Relative to the feeds folder, `/`-separated; also its address under `/feeds/`.
    pub path: String,
    /// The whole file.
    pub bytes: Vec<u8>,
}

/// The three files of a feed.
#[must_use]
pub fn files(view: &FeedView<'_>) -> [FeedFile; 3] {
    let file = |format: Format, bytes| FeedFile { path: format.path(&view.name), bytes };
    [file(Format::Rss, rss::write(view)), file(Format::Atom, atom::write(view)), file(Format::Json, json::write(view))]
}

/// How a feed is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// RSS 2.0.
    Rss,
    /// Atom, RFC 4287.
    Atom,
    /// JSON Feed 1.1.
    Json,
}

impl Format {
    /// All three, the best known first.
    pub const ALL: [Self; 3] = [Self::Rss, Self::Atom, Self::Json];

    /// The ending of its files, without the dot.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Rss => "xml",
            Self::Atom => "atom",
            Self::Json => "json",
        }
    }

    /// Its media type, without parameters.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Rss => "application/rss+xml",
            Self::Atom => "application/atom+xml",
            Self::Json => "application/feed+json",
        }
    }

    /// What readers call it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Rss => "RSS",
            Self::Atom => "Atom",
            Self::Json => "JSON Feed",
        }
    }

    /// The file of the feed `name` under the feeds folder.
    #[must_use]
    pub fn path(self, name: &FeedName) -> String {
        format!("{}.{}", name.stem(), self.ending())
    }

    /// The public address of the feed `name`.
    #[must_use]
    pub fn link(self, site: &Site, name: &FeedName) -> String {
        site.link(&format!("feeds/{}", self.path(name)))
    }
}

/// The licence under which councils publish, as it asks to be named (OGL v3, "You must").
pub const RIGHTS: &str = "Contains public sector information licensed under the Open Government Licence v3.0: \
                          https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/";

/// Names how entries are laid out: feeds that were written in another way are written again.
pub const LAYOUT: u32 = 2;

/// The name of the program that wrote the feed.
const GENERATOR: &str = "boardwatch";

impl FeedView<'_> {
    fn entries(&self) -> Vec<Entry<'_>> {
        self.items.iter().map(|(source, known)| Entry::of(source, known, self.site)).collect()
    }

    fn title(&self) -> String {
        Text::line(&self.title).or_absent().map_or_else(|| self.name.stem(), |title| title.to_string())
    }

    /// A sentence that says what the feed is and that no council runs it.
    fn description(&self) -> String {
        let what = match &self.name {
            FeedName::All => "Board and committee updates from every council page that we watch.".to_owned(),
            FeedName::Source(_) => format!("Board and committee updates from {}.", self.title()),
            FeedName::Council(_) => format!("Board and committee updates from {}, from every page that we watch.", self.title()),
            FeedName::Topic(slug) => format!("Board and committee updates on {}, from all councils.", slug.replace('-', " ")),
        };
        format!("{what} Collected by {}; not an official service of any council.", self.site_name())
    }

    fn site_name(&self) -> Text {
        Text::line(&self.site.name)
    }

    fn home(&self) -> String {
        self.site.link("")
    }

    /// When anything in it last changed.
    fn updated(&self) -> Option<DateTime<Utc>> {
        self.items.iter().map(|(_, known)| updated(known)).max()
    }
}

/// A feed's permanent identity: it survives a move of this site (RFC 4287 §4.2.6).
fn urn(name: &FeedName) -> String {
    let digits = hash_hex(&[b"feed", name.stem().as_bytes()]);
    ItemId::parse(&digits).map_or_else(|| format!("urn:boardwatch:{digits}"), |id| id.guid())
}

/// When an item last changed in a way that its readers should hear of, to the second (RFC 4287 §4.2.15).
fn updated(known: &KnownItem) -> DateTime<Utc> {
    known.withdrawn.map_or(known.revised, |gone| gone.max(known.revised)).trunc_subsecs(0)
}

#[cfg(test)]
mod tests;
