//! What the store holds, record by record, and under which keys. The table in `docs/architecture.md` is made from this.

mod days;
mod feeds;
mod gist;
mod names;
mod outbox;
mod people;
mod late;
mod relay;
mod returns;

pub use feeds::{Dirty, FeedsMadeFor};
pub use late::{LateAnswers, SlowProvider, UNANSWERED_LATELY, Unanswered};
pub use names::{Days, Hours, Names, Span};
pub use outbox::{DigestRun, Heard, Missed, OpenWindow, Portion, Settled, WindowState};
pub use people::{Erased, Former, MovedOn, Mute, Person, Remains, Request, RequestedChoice, SignedBy, Strike, Subscription};
pub use relay::{
    Doubt, Left, OnlySome, Pace, ProviderOut, ProvidersOut, RelayOut, RelayTrouble, RelaysOut, Standstill, TOLD_AT, Witness,
};
pub use returns::{Again, Came, ComplaintPause, Hearing, PostboxOut, PostboxesOut, ReturnKind, ReturnsDay, ThrownAway, ToldGone};

use super::record::Record;
use crate::domain::bundle::Bundle;
use crate::domain::delivery::{Notice, Position};
use crate::domain::item::{Fingerprint, Item, ItemId};
use crate::domain::poll::{HoldDecision, PollOutcome};
use crate::domain::source::Platform;
use crate::rules::detect::Order;
use crate::rules::extract;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use url::Url;

/// A claim on work by one running process: others leave it alone until it expires.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Claim {
    /// The process.
    pub owner: String,
    /// When the claim is void.
    pub until: DateTime<Utc>,
}

/// What tells that a page has not changed, from its server or from itself, and which recipe read the answer that it vouches for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Validators {
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
    /// All of the page that a reader may look at, in short (`rules::looks`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looks: Option<String>,
    /// The recipe's number: an answer read by another recipe has to be fetched in full.
    pub recipe: u32,
}

/// Which recipe read something: the platform as recognised, and its recipe's number.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReadBy {
    /// The platform; never `auto`.
    pub platform: Platform,
    /// Its recipe's number.
    pub recipe: u32,
}

impl ReadBy {
    /// By the recipe as it is now.
    #[must_use]
    pub fn now(platform: Platform) -> Self {
        Self { platform, recipe: extract::recipe(platform) }
    }

    /// Whether the recipe is still that one.
    #[must_use]
    pub fn is_current(&self) -> bool {
        *self == Self::now(self.platform)
    }
}

/// One of the items that made a batch look wrong.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HeldExample {
    /// Its title.
    pub title: String,
    /// What is known of it; `None` where it is not known.
    pub before: Option<String>,
    /// What was read now; `None` where it was not there.
    pub after: Option<String>,
}

/// A batch that looked wrong, and what an admin said of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Hold {
    /// What looked wrong.
    pub reason: String,
    /// Some of the items that show it.
    #[serde(default)]
    pub examples: Vec<HeldExample>,
    /// Since when.
    pub since: DateTime<Utc>,
    /// `None` while nobody has decided.
    pub decision: Option<HoldDecision>,
    /// Known items as they read then, where only those are held that read otherwise: by key.
    #[serde(default)]
    pub read: BTreeMap<String, Fingerprint>,
}

/// What a source is called and belongs to, kept so that its items can be told of after its file has gone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SourceAbout {
    /// The council.
    pub council: String,
    /// The page.
    pub title: String,
    /// Its address.
    pub url: Url,
    /// Its topics.
    pub topics: Vec<String>,
}

/// `src/<source>`: the state of a source.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SourceState {
    /// Its names.
    pub about: SourceAbout,
    /// When it is to be polled next.
    pub next_due: DateTime<Utc>,
    /// `Retry-After` still running: not even `--all` polls before.
    #[serde(default)]
    pub wait_until: Option<DateTime<Utc>>,
    /// When it was last visited.
    #[serde(default)]
    pub polled: Option<DateTime<Utc>>,
    /// How that ended.
    #[serde(default)]
    pub outcome: Option<PollOutcome>,
    /// The page that people read, where this is a feed that names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home: Option<Url>,
    /// When it was last read well.
    #[serde(default)]
    pub read_well: Option<DateTime<Utc>>,
    /// When its baseline was recorded.
    #[serde(default)]
    pub baseline: Option<DateTime<Utc>>,
    /// Polls in a row that ended badly.
    #[serde(default)]
    pub failures: u32,
    /// Of the listing page.
    #[serde(default)]
    pub validators: Option<Validators>,
    /// Which recipe read the listing last.
    #[serde(default)]
    pub read_by: Option<ReadBy>,
    /// SHA-256 of the listing's pages that were kept, the newest first: what a better recipe is tried on.
    #[serde(default)]
    pub listing_pages: Vec<String>,
    /// Items that the last complete reading found.
    #[serde(default)]
    pub items: usize,
    /// Whether the listing, when it was last read, said where it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes: Option<bool>,
    /// Readings in a row that found next to no item's own page as it was, though the listing was read.
    #[serde(default, skip_serializing_if = "is_none")]
    pub unread_in_a_row: u32,
    /// Readings in a row in which the page said that it is empty, though items of it are known.
    #[serde(default, skip_serializing_if = "is_none")]
    pub empty_in_a_row: u32,
    /// What the last reading wants an admin to know.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// New items whose own page could not be read yet, with the number of tries.
    #[serde(default)]
    pub unread: BTreeMap<String, u32>,
    /// Known items whose own page cannot be read as it was, by key.
    #[serde(default)]
    pub unreadable: BTreeMap<String, Unreadable>,
    /// Where the listing has several pages, how it was when they were followed.
    #[serde(default)]
    pub extent: Option<Extent>,
    /// What the rows of its items come to; `None`: they are to be read.
    #[serde(default)]
    pub gist: Option<Gist>,
    /// Grows with every poll that writes rows of its items: who has read them need not read them again while it is as it was.
    #[serde(default, skip_serializing_if = "is_none")]
    pub items_edition: u32,
    /// The order in which the listing showed its entries, where only that tells what is gone.
    #[serde(default, skip_serializing_if = "Order::is_empty")]
    pub order: Order,
    /// Lines that its site tells on all pages, as they begin, and when they were last met.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub passing: BTreeMap<String, DateTime<Utc>>,
    /// A batch waiting for an admin.
    #[serde(default)]
    pub hold: Option<Hold>,
    /// Who is polling it.
    #[serde(default)]
    pub claim: Option<Claim>,
}

/// The rows of a source's items in short, so that a poll that finds the listing as it was need not read them. Written in the
/// commit that writes any of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Gist {
    /// When the own page was read that has waited longest; `None`: no item has one that is read.
    pub own_page_read: Option<DateTime<Utc>>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_none(count: &u32) -> bool {
    *count == 0
}

/// A listing of several pages.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Extent {
    /// When it was last followed to its end, or as far as we go; `None`: that has not succeeded yet.
    pub walked: Option<DateTime<Utc>>,
    /// Items on its first page, when that was last read.
    pub first: usize,
    /// How many items it then said that there are.
    pub total: Option<usize>,
}

/// An item's own page that is not what it was.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Unreadable {
    /// Since when.
    pub since: DateTime<Utc>,
    /// What is there instead.
    pub why: String,
    /// It can be read, and says something else altogether or only how it begins.
    pub is_another: bool,
}

/// `item/<source>/<item>`: an item's present state; its contents are revisions.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is one fact of an item, and any of them go together")]
pub struct ItemState {
    /// Permanent identity.
    pub id: ItemId,
    /// Identity within the source.
    pub key: String,
    /// Of the latest content.
    pub fingerprint: Fingerprint,
    /// The number of the recipe that read it.
    pub recipe: u32,
    /// Whose recipe that was: the platform as recognised, where that is known.
    #[serde(default)]
    pub platform: Option<Platform>,
    /// Which recipe read the listing that named it.
    #[serde(default)]
    pub listed_by: Option<ReadBy>,
    /// Number of the latest revision.
    pub revision: u32,
    /// The council's date.
    pub published: Option<NaiveDate>,
    /// The day of the meeting that it is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meeting: Option<NaiveDate>,
    /// When first seen.
    pub first_seen: DateTime<Utc>,
    /// When the latest revision was first seen, or seen again after a withdrawal.
    pub revised: DateTime<Utc>,
    /// When residents were last told of it: as new, as changed, as withdrawn or as back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<DateTime<Utc>>,
    /// When it was found to be no longer published.
    #[serde(default)]
    pub withdrawn: Option<DateTime<Utc>>,
    /// Whether that was told.
    #[serde(default)]
    pub withdrawal_told: bool,
    /// SHA-256 of the listing that showed it no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_by: Option<String>,
    /// The present recipe does not read it from the page that once showed it: whether it is still there cannot be seen.
    #[serde(default)]
    pub out_of_sight: bool,
    /// Healthy polls in a row that did not show it.
    #[serde(default)]
    pub misses: u32,
    /// Whether its body is known.
    pub has_text: bool,
    /// How many lines of its text, from the first, a feed says and its own page does not.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub teaser_lines: usize,
    /// Subscribers were told of it before there was a word of it to tell.
    #[serde(default)]
    pub told_bare: bool,
    /// A hash of what the listing says of it.
    #[serde(default)]
    pub line: String,
    /// Of its own page.
    #[serde(default)]
    pub validators: Option<Validators>,
    /// Whether its own page, when it was last read, said where it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes: Option<bool>,
    /// How its listing and its own page name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub names: Option<Names>,
    /// When its own page was last read in the daily rotation.
    #[serde(default)]
    pub read: Option<DateTime<Utc>>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// `revision/<item>/<number>`: one content of an item.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Revision {
    /// 1 for the first.
    pub number: u32,
    /// When it was first seen.
    pub seen: DateTime<Utc>,
    /// Which recipe read it.
    pub recipe: u32,
    /// The content.
    pub item: Item,
    /// SHA-256 of the raw page that it was read from.
    #[serde(default)]
    pub page_sha256: Option<String>,
}

/// `log-head`: the next free position of the log of notices.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LogHead {
    /// No notice stands at or after it.
    pub next: Position,
}

/// `robots/<origin>`: what a host answered when asked for its robots.txt.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RobotsFile {
    /// When.
    pub fetched_at: DateTime<Utc>,
    /// HTTP status.
    pub status: u16,
    /// The file, in base64: it may hold any bytes.
    pub body: String,
}

/// `swept`: when what had been kept long enough was last removed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Swept {
    /// When that began.
    pub at: DateTime<Utc>,
}

/// Gives each record its name and the number of its schema.
macro_rules! records {
    ($($type:ty: $kind:literal, $schema:literal;)*) => {
        $(impl Record for $type {
            const KIND: &'static str = $kind;
            const SCHEMA: u8 = $schema;
        })*
    };
}

records! {
    SourceState: "source", 1;
    ItemState: "item", 1;
    Revision: "revision", 1;
    LogHead: "log head", 1;
    Notice: "notice", 1;
    // 2: an earlier program would plan it without this one's ledger, and tell people twice.
    WindowState: "window", 2;
    DigestRun: "digest run", 1;
    Bundle: "bundle", 1;
    // 1 was a single delivery: `migrate` reads those.
    Portion: "delivery", 2;
    Dirty: "feed mark", 1;
    Swept: "time of sweeping", 1;
    FeedsMadeFor: "feeds' maker", 1;
    RelayTrouble: "relay's trouble", 1;
    Standstill: "note that no mail leaves", 1;
    LateAnswers: "note of what is answered late", 1;
    RelaysOut: "list of mail servers that are out of use", 1;
    ProvidersOut: "list of providers that refuse mail", 1;
    Pace: "count of what left lately", 1;
    PostboxesOut: "list of boxes of returned mail that cannot be read", 1;
    RobotsFile: "robots.txt", 1;
    Position: "ledger entry", 1;
}
