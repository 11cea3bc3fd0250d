//! An item: one published thing found in a source, the facts read from it, and its identity, revisions and changes.

use super::due::Due;
use super::source::{Platform, SourceId};
use super::text::{SafeHtml, Text};
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;
use url::Url;

/// What a page turned out to be and what was read from it: the answer of every extractor, for any bytes.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Extraction {
    /// Which platform's rules read it; never `auto`.
    pub platform: Platform,
    /// What kind of answer this is.
    pub outcome: Outcome,
    /// The page's own title.
    pub page_title: Option<Text>,
    /// The items, in the page's order; one key, one item.
    pub items: Vec<Item>,
    /// The page itself, where its items are told on it and have no pages of their own: what it says beside them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<Item>,
    /// What the listing says of itself.
    pub listing: Listing,
    /// What an admin should know: how the page was recognised, what was missing, what was left out.
    pub warnings: Vec<String>,
}

impl Extraction {
    /// The items, and the page itself where it is one beside them.
    pub fn all(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().chain(&self.page)
    }

    /// An answer without items.
    #[must_use]
    pub fn without_items(platform: Platform, outcome: Outcome, warning: impl Into<String>) -> Self {
        Self {
            platform,
            outcome,
            page_title: None,
            items: Vec::new(),
            page: None,
            listing: Listing::default(),
            warnings: vec![warning.into()],
        }
    }
}

/// What kind of page came back; only `Items` and `Empty` may change what we know.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// At least one item.
    Items,
    /// None, and the page says so itself.
    Empty,
    /// A challenge or firewall page.
    Blocked,
    /// An error page, whatever its status.
    ErrorPage,
    /// Not a shape that we know.
    Unrecognised,
}

/// What a listing says of itself.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Listing {
    /// Items that the listing shows on this page; `None` where the page is no listing.
    pub shown: Option<usize>,
    /// Items that it says there are.
    pub total: Option<usize>,
    /// The next page of the listing.
    pub next_url: Option<Url>,
    /// The feed that the page offers of this same list, not of the whole site or another part of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feed_url: Option<Url>,
    /// The page that people read, where this is a feed that names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub home_url: Option<Url>,
    /// Why these are only the first of its items, where the answer breaks off behind them.
    #[serde(skip)]
    pub breaks_off: Option<String>,
}

/// One published thing and the facts read from it. Absent is absent, never guessed.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Item {
    /// Identity within the source: survives a changed title, host case, scheme, tracking and view parameters.
    pub key: String,
    /// One line.
    pub title: Text,
    /// Its own page.
    pub url: Url,
    /// The day on which the council says it was published.
    pub published: Option<NaiveDate>,
    /// The same with time and offset, where the page says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<DateTime<FixedOffset>>,
    /// The day on which the council says it was last updated. Many systems say so of every page whenever a template
    /// changes, so it is no part of what makes a revision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated: Option<NaiveDate>,
    /// The meeting that it is about or comes from.
    pub meeting: Option<Meeting>,
    /// How far a meeting's papers have come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// Until when something can be done there, as the list says that names it: "14 March 2027", "14 March"; its own page says that in
    /// its text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes: Option<Text>,
    /// The body as plain text, one paragraph or list item a line. `None`: it has to come from the item's own page.
    pub text: Option<Text>,
    /// The body as sanitised markup.
    pub html: Option<SafeHtml>,
    /// Attached documents.
    pub documents: Vec<Document>,
    /// What was decided.
    pub decisions: Vec<Decision>,
    /// "Reasons for the decision", where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasons: Option<Text>,
    /// "Other options considered and rejected", where there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options_rejected: Option<Text>,
    /// The next meeting that the body announces.
    pub next_meeting: Option<NextMeeting>,
    /// What the body says is to be done by when.
    #[serde(default)]
    pub commitments: Vec<Commitment>,
}

impl Item {
    /// An item of which nothing is known yet but what it is called and where it stands.
    #[must_use]
    pub const fn bare(key: String, title: Text, url: Url) -> Self {
        Self {
            key,
            title,
            url,
            published: None,
            published_at: None,
            updated: None,
            meeting: None,
            stage: None,
            closes: None,
            text: None,
            html: None,
            documents: Vec::new(),
            decisions: Vec::new(),
            reasons: None,
            options_rejected: None,
            next_meeting: None,
            commitments: Vec::new(),
        }
    }

    /// Whether it is a file: it has no page of its own, and what a listing says of it is all that there is to read.
    #[must_use]
    pub fn is_file(&self) -> bool {
        self.documents.iter().any(|document| document.url.as_ref() == Some(&self.url))
    }
}

/// A meeting as the page names it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Meeting {
    /// "Cabinet"; `None` where the page names only a day.
    pub body: Option<Text>,
    /// Its day.
    pub date: Option<NaiveDate>,
    /// The number on the agenda: "181", "CA.3".
    pub item: Option<Text>,
    /// Where it takes place, as the list says that names it; its own page says that in its text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Text>,
    /// When it begins, local time, where the page says so beside its day.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "hours_minutes",
        deserialize_with = "from_hours_minutes"
    )]
    pub start: Option<NaiveTime>,
    /// When it ends, local time.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "hours_minutes",
        deserialize_with = "from_hours_minutes"
    )]
    pub end: Option<NaiveTime>,
}

impl Meeting {
    /// A meeting of which only so much is known.
    #[must_use]
    pub const fn on(body: Option<Text>, date: Option<NaiveDate>) -> Self {
        Self { body, date, item: None, place: None, start: None, end: None }
    }
}

/// How far a meeting's papers have come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Agenda published.
    Agenda,
    /// Draft minutes published.
    DraftMinutes,
    /// Minutes published.
    Minutes,
    /// The meeting will not take place.
    Cancelled,
}

/// An attached document.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Document {
    /// Its name without size and kind.
    pub title: Text,
    /// `None` where it is restricted or still to follow.
    pub url: Option<Url>,
    /// "pdf", "doc": lower case; `None` where the page does not say.
    pub kind: Option<String>,
    /// As the page writes it: "468 KB".
    pub size: Option<String>,
    /// The public may not read it.
    pub restricted: bool,
}

/// One decision, as worded by the council.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Decision {
    /// "a", "1"; `None` for an unlettered one.
    pub label: Option<Text>,
    /// "That … be agreed".
    pub text: Text,
}

/// The next meeting that a body announces, with the sentence that says so.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NextMeeting {
    /// Its day.
    pub date: NaiveDate,
    /// Start, local time.
    #[serde(serialize_with = "hours_minutes", deserialize_with = "from_hours_minutes")]
    pub start: Option<NaiveTime>,
    /// End, local time.
    #[serde(serialize_with = "hours_minutes", deserialize_with = "from_hours_minutes")]
    pub end: Option<NaiveTime>,
    /// The council's own words.
    pub quote: Text,
}

/// Something that is to be done by a date, in the council's own words.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Commitment {
    /// By when.
    pub due: Due,
    /// The sentence that says so, never reworded.
    pub quote: Text,
}

#[expect(clippy::ref_option, reason = "serde's serialize_with hands over a reference to the field")]
fn hours_minutes<S: serde::Serializer>(time: &Option<NaiveTime>, serializer: S) -> Result<S::Ok, S::Error> {
    time.map(|t| t.format("%H:%M").to_string()).serialize(serializer)
}

fn from_hours_minutes<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveTime>, D::Error> {
    let raw = Option::<String>::deserialize(deserializer)?;
    raw.map(|t| NaiveTime::parse_from_str(&t, "%H:%M").map_err(serde::de::Error::custom)).transpose()
}

/// An item's permanent identity: 128 bits of a hash over its source and key, as 32 hexadecimal digits.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ItemId(String);

impl ItemId {
    /// The identity of the item with `key` in `source`; independent of title, address of this site, and time.
    #[must_use]
    pub fn of(source: &SourceId, key: &str) -> Self {
        Self(hash_hex(&[b"item", source.as_str().as_bytes(), key.as_bytes()]))
    }

    /// `None` where it is not 32 lower-case hexadecimal digits.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        (raw.len() == 32 && raw.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))).then(|| Self(raw.to_owned()))
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The guid in feeds: a UUID URN (RFC 9562 §5.8, version 8), which no move of the site or the page can change.
    #[must_use]
    pub fn guid(&self) -> String {
        let mut digits: Vec<char> = self.0.chars().collect();
        if let Some(version) = digits.get_mut(12) {
            *version = '8';
        }
        if let Some(variant) = digits.get_mut(16) {
            *variant = char::from_digit(0x8 | (variant.to_digit(16).unwrap_or(0) & 0x3), 16).unwrap_or('8');
        }
        for at in [20, 16, 12, 8] {
            digits.insert(at, '-');
        }
        format!("urn:uuid:{}", digits.into_iter().collect::<String>())
    }
}

impl fmt::Display for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// 128 bits of BLAKE3 over length-prefixed parts, as hexadecimal: the one way names are made from values.
#[must_use]
pub fn hash_hex(parts: &[&[u8]]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().to_hex().chars().take(32).collect()
}

/// A hash of an item's normalised content; a different one means *revised*.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub String);

/// What happened to an item.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// First seen.
    New,
    /// Its content is not what it was.
    Revised,
    /// It is no longer published.
    Withdrawn,
    /// It is published again as it was, and its withdrawal had been told.
    Returned,
}

/// An item as the store knows it: its latest revision with its history's dates. What mails, feeds and pages are made of.
#[derive(Clone, PartialEq, Debug)]
pub struct KnownItem {
    /// Its permanent identity.
    pub id: ItemId,
    /// Where it was found.
    pub source: SourceId,
    /// 1 for the first content, one more for each later one.
    pub revision: u32,
    /// When we first saw it.
    pub first_seen: DateTime<Utc>,
    /// When this revision was first seen.
    pub revised: DateTime<Utc>,
    /// When we noticed that it is no longer published.
    pub withdrawn: Option<DateTime<Utc>>,
    /// The content of this revision.
    pub item: Item,
    /// The content before it, where there was one and it was asked for.
    pub before: Option<Item>,
}

impl KnownItem {
    /// Whether it is a meeting that had still to come when we noticed that it is no longer published.
    #[must_use]
    pub fn was_to_come(&self) -> bool {
        let day = self.item.meeting.as_ref().and_then(|meeting| meeting.date);
        day.zip(self.withdrawn).is_some_and(|(day, withdrawn)| day >= withdrawn.date_naive())
    }
}
