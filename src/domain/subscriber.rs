//! Subscribers: one address, what they get and how often, and why they no longer get it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

/// An email address that a message can be sent to. `Debug` masks it, so that logs identify nobody.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Address(String);

impl Address {
    /// Checks the address (RFC 5321 §4.1.2 through lettre's parser; local part ≤ 64, whole ≤ 254 octets), lower-cases its
    /// domain and writes it as DNS does (RFC 5890 §2.3.2.1).
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn parse(raw: &str) -> Result<Self, String> {
        let raw = raw.trim();
        let (local, domain) = raw.rsplit_once('@').ok_or_else(|| "an address needs an @".to_owned())?;
        if raw.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err("an address holds no spaces or line ends".to_owned());
        }
        if local.contains("=?") {
            return Err("what is before the @ would be taken for an encoded word (RFC 2047)".to_owned());
        }
        if local.len() > 64 || raw.len() > 254 {
            return Err("an address has at most 64 characters before the @ and 254 in all".to_owned());
        }
        if !domain.contains('.') && domain != "localhost" {
            return Err(format!("`{domain}` is not a full domain name"));
        }
        let domain = if domain.is_ascii() { domain.to_lowercase() } else { in_dns(domain)? };
        let address = format!("{local}@{domain}");
        if address.len() > 254 {
            return Err("an address has at most 254 characters".to_owned());
        }
        address.parse::<lettre::Address>().map_err(|e| format!("not a valid address: {e}"))?;
        Ok(Self(address))
    }

    /// The address as given, domain in lower case and as DNS has it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is behind the `@`: the provider, or an organisation of its own.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// The address as people read it: the domain in its own letters.
    #[must_use]
    pub fn shown(&self) -> String {
        let (local, domain) = self.0.rsplit_once('@').unwrap_or((&self.0, ""));
        format!("{local}@{}", url::quirks::domain_to_unicode(domain))
    }

    /// What decides whether two addresses are one person: all in lower case, the domain in its own letters.
    #[must_use]
    pub fn identity(&self) -> String {
        self.shown().to_lowercase()
    }

    /// `u***@e***.org`: enough for support, too little to identify.
    #[must_use]
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.rsplit_once('@').unwrap_or((&self.0, ""));
        let first = |s: &str| s.chars().next().map(String::from).unwrap_or_default();
        let ending = domain.rsplit_once('.').map_or("", |(_, tld)| tld);
        format!("{}***@{}***.{ending}", first(local), first(domain))
    }
}

/// A domain in letters of any script, as DNS writes it.
fn in_dns(domain: &str) -> Result<String, String> {
    match url::Host::parse(domain) {
        Ok(url::Host::Domain(domain)) => Ok(domain),
        Ok(url::Host::Ipv4(_) | url::Host::Ipv6(_)) | Err(_) => Err(format!("`{domain}` is not a domain name")),
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// A keyed hash of the address: 32 hexadecimal digits. Names a person in keys, tokens and logs without naming them.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SubscriberId(String);

impl SubscriberId {
    /// The identity of `address` under this installation's `key`.
    #[must_use]
    pub fn of(address: &Address, key: &[u8; 32]) -> Self {
        let hash = blake3::keyed_hash(key, address.identity().as_bytes());
        Self(hash.to_hex().chars().take(32).collect())
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

    /// The digits as a number, in the same order: a quarter of the space.
    #[must_use]
    pub fn number(&self) -> u128 {
        u128::from_str_radix(&self.0, 16).unwrap_or_default()
    }

    /// The identity whose [`number`](Self::number) this is.
    #[must_use]
    pub fn from_number(number: u128) -> Self {
        Self(format!("{number:032x}"))
    }
}

impl fmt::Display for SubscriberId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How often somebody is mailed.
#[derive(
    Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize, schemars::JsonSchema, clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum Cadence {
    /// One mail a pass with all that is new.
    Immediate,
    /// One mail a day.
    Daily,
    /// One mail a week.
    Weekly,
}

impl Cadence {
    /// All of them, the quickest first.
    pub const ALL: [Self; 3] = [Self::Immediate, Self::Daily, Self::Weekly];

    /// The word used in files and keys.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Immediate => "immediate",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
        }
    }
}

/// What somebody wants to hear about: a union. Empty means nothing.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Interests {
    /// Everything.
    #[serde(default)]
    pub everything: bool,
    /// Source ids.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Council names as sources spell them.
    #[serde(default)]
    pub councils: Vec<String>,
    /// Topics.
    #[serde(default)]
    pub topics: Vec<String>,
    /// Whole words or phrases in title or body, case- and accent-blind.
    #[serde(default)]
    pub keywords: Vec<String>,
}

impl Interests {
    /// Whether nothing is wanted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { everything, sources, councils, topics, keywords } = self;
        !everything && [sources, councils, topics, keywords].into_iter().all(Vec::is_empty)
    }

    /// What of this is wanted there too.
    #[must_use]
    pub fn common(&self, other: &Self) -> Self {
        self.those(other, true)
    }

    /// What of this is not wanted there.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        self.those(other, false)
    }

    /// What of this is, or is not, among the `other`.
    fn those(&self, other: &Self, are_there: bool) -> Self {
        let those =
            |mine: &[String], theirs: &[String]| mine.iter().filter(|name| theirs.contains(name) == are_there).cloned().collect();
        Self {
            everything: self.everything && other.everything == are_there,
            sources: those(&self.sources, &other.sources),
            councils: those(&self.councils, &other.councils),
            topics: those(&self.topics, &other.topics),
            keywords: those(&self.keywords, &other.keywords),
        }
    }

    /// The union of two.
    #[must_use]
    pub fn joined(mut self, other: &Self) -> Self {
        let add = |mine: &mut Vec<String>, theirs: &[String]| {
            for name in theirs {
                if !mine.contains(name) {
                    mine.push(name.clone());
                }
            }
        };
        self.everything |= other.everything;
        add(&mut self.sources, &other.sources);
        add(&mut self.councils, &other.councils);
        add(&mut self.topics, &other.topics);
        add(&mut self.keywords, &other.keywords);
        self
    }
}

/// Why a subscription ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// The reader used a link or the one-click button.
    Unsubscribed,
    /// An admin ended it.
    ByAdmin,
    /// The list file no longer names the address.
    RemovedFromFile,
    /// The address does not exist.
    AddressGone,
    /// The mailbox was full, disabled or refused mail time and again.
    Bouncing,
    /// The reader called our mail spam.
    Complained,
    /// The reader chose something else, in which this has no part.
    Changed,
    /// The mail goes to another address of theirs.
    Moved,
    /// All that was known of the person has been erased, at their wish or because it had ended long ago.
    Erased,
}

impl Ending {
    /// Whether the address was to blame, so that nothing was ended by anybody and all goes on where it turns out to be sound.
    #[must_use]
    pub fn is_of_address(self) -> bool {
        match self {
            Self::AddressGone | Self::Bouncing => true,
            Self::Unsubscribed
            | Self::ByAdmin
            | Self::RemovedFromFile
            | Self::Complained
            | Self::Changed
            | Self::Moved
            | Self::Erased => false,
        }
    }

    /// Whether the address may be written to when somebody asks for updates there: it is their own yes that brings them
    /// back, but one that does not take our mail, or does not want it, is left alone.
    #[must_use]
    pub fn may_return(self) -> bool {
        match self {
            Self::AddressGone | Self::Bouncing | Self::Complained => false,
            Self::Unsubscribed | Self::ByAdmin | Self::RemovedFromFile | Self::Changed | Self::Moved | Self::Erased => true,
        }
    }
}

impl Ending {
    /// Whether it also ends what was `asked` for then: nothing is said any more to who left `at` a later time, nor to an address
    /// that does not take our mail or does not want it. What a file or a choice no longer names may be asked for by themselves.
    #[must_use]
    pub fn closes(self, asked: DateTime<Utc>, at: DateTime<Utc>) -> bool {
        match self {
            Self::AddressGone | Self::Bouncing | Self::Complained => true,
            Self::Unsubscribed | Self::ByAdmin | Self::Erased => at >= asked,
            Self::RemovedFromFile | Self::Changed | Self::Moved => false,
        }
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unsubscribed => "unsubscribed",
            Self::ByAdmin => "ended by an admin",
            Self::RemovedFromFile => "removed from its file",
            Self::AddressGone => "the address does not exist",
            Self::Bouncing => "mail came back time and again",
            Self::Complained => "called it spam",
            Self::Changed => "something else was chosen",
            Self::Moved => "moved to another address",
            Self::Erased => "erased",
        })
    }
}
