//! The words of every mail: a digest of changes, and the question whether somebody really asked for it.
//!
//! [`digest()`] and [`confirm()`] make the subject and two complete parts; [`assemble()`] puts them under their headers. All
//! are pure: equal input gives equal bytes, so that a repeated delivery is the same message. Both parts are printed from
//! one prepared view, so that a fact cannot stand in one and be missing from the other. Where many are told the same, one
//! [`Letter`] is written and one [`Stencil`] cut for them all.

mod assemble;
mod confirm;
mod digest;
mod encoded_word;
mod excerpt;
mod importance;
mod letter;
mod personal;
mod stencil;
mod subject;
mod view;
mod watch;
mod wrap;

pub use assemble::{Head, ListHead, assemble};
pub use confirm::{ConfirmMail, confirm};
pub use digest::digest;
pub use letter::{Letter, Tokens, Ways};
pub use personal::{Addition, PersonalMail, personal};
pub use stencil::{Own, Stencil};
pub use watch::{Occasion as WatchOccasion, WatchMail, watch};

use crate::domain::item::{Change, Item, KnownItem, Stage};
use crate::domain::site::Site;
use crate::domain::source::Source;
use crate::domain::subscriber::Cadence;
use crate::rules::natural::natural;
use crate::rules::revision::{Turn, turn};
use chrono::NaiveDate;
use std::cmp::Reverse;

/// A mail's words, before any header.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rendered {
    /// One line, without encoding.
    pub subject: String,
    /// The plain text part: `\n` line ends, lines of at most 76 characters unless an address needs more.
    pub text: String,
    /// The HTML part: a whole document.
    pub html: String,
}

/// One change to tell, with what is needed to tell it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct MailEntry<'a> {
    /// What happened.
    pub change: Change,
    /// To which item, as it is now.
    pub known: &'a KnownItem,
    /// Found where.
    pub source: &'a Source,
    /// The content that the reader may know: the revision before this one. `None` where it is not known.
    pub before: Option<&'a Item>,
}

impl MailEntry<'_> {
    /// What a reader must hear of it first.
    fn turn(&self) -> Option<Turn> {
        let item = &self.known.item;
        match self.change {
            Change::New => (item.stage == Some(Stage::Cancelled)).then_some(Turn::CalledOff),
            Change::Revised => turn(self.before?, item),
            Change::Withdrawn | Change::Returned => None,
        }
    }

    /// The day by which it is sorted and named: published, else the meeting's, else when we saw it, in `site`'s zone.
    fn day(&self, site: &Site) -> NaiveDate {
        let item = &self.known.item;
        let meeting = item.meeting.as_ref().and_then(|m| m.date);
        item.published.or(meeting).unwrap_or_else(|| self.known.revised.with_timezone(&site.timezone).date_naive())
    }
}

/// The changes of one source: the newest, then what was changed or withdrawn, then what else is new.
#[derive(Clone, PartialEq, Debug)]
pub struct SourceEntries<'a> {
    /// Found where.
    pub source: &'a Source,
    /// Never empty.
    pub entries: Vec<MailEntry<'a>>,
}

/// Everything that one digest mail says.
#[derive(Clone, PartialEq, Debug)]
pub struct DigestMail<'a> {
    /// Who sends it.
    pub site: &'a Site,
    /// How often this reader is mailed.
    pub cadence: Cadence,
    /// Why the reader gets it, each a few words: "you follow Trafford Council".
    pub why: Vec<String>,
    /// Where the reader's own links lead.
    pub ways: Ways,
    /// By council, then source.
    pub groups: Vec<SourceEntries<'a>>,
}

/// The first of a source's entries in their order, then what was changed or withdrawn: it must not drown in what is new.
fn further_new_last<'a>(entries: &[MailEntry<'a>]) -> Vec<MailEntry<'a>> {
    let mut all = entries.to_vec();
    if let Some((_, further)) = all.split_first_mut() {
        further.sort_by_key(|entry| entry.change == Change::New);
    }
    all
}

impl<'a> DigestMail<'a> {
    /// Groups `entries` by council, then source: of each first the newest, then what was changed or withdrawn, then what else
    /// is new; each newest first. Their order does not matter.
    #[must_use]
    pub fn new(site: &'a Site, cadence: Cadence, why: Vec<String>, ways: Ways, mut entries: Vec<MailEntry<'a>>) -> Self {
        entries.sort_by_cached_key(|e| {
            let place = (e.source.council.clone(), e.source.title.clone(), e.source.id.clone());
            let order = (Reverse(e.day(site)), Reverse(e.known.first_seen));
            (place, order, natural(e.known.item.title.as_str()), e.known.id.clone())
        });
        let groups = entries
            .chunk_by(|a, b| a.source.id == b.source.id)
            .filter_map(|same| Some(SourceEntries { source: same.first()?.source, entries: further_new_last(same) }))
            .collect();
        Self { site, cadence, why, ways, groups }
    }

    /// Every entry, those first that are told before others where there is no room for all.
    fn by_importance(&self) -> Vec<&MailEntry<'a>> {
        let entries: Vec<&MailEntry<'a>> = self.groups.iter().flat_map(|group| &group.entries).collect();
        importance::by_importance(&entries)
    }

    /// How many changes it tells.
    #[must_use]
    pub fn len(&self) -> usize {
        self.groups.iter().map(|g| g.entries.len()).sum()
    }

    /// Whether there is nothing to tell; such a mail is never sent.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }
}
