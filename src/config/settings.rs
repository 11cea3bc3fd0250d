//! The parts of a configuration, each validated: what the steps and the edges are given.

use crate::domain::subscriber::{Address, Cadence, Interests};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Which engine holds the store, and how long raw pages are kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoreSettings {
    /// The engine.
    pub engine: StoreEngine,
    /// Raw pages under `snapshots/` older than this are removed.
    pub snapshots_keep: Duration,
}

/// The engines there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StoreEngine {
    /// Embedded, in `data_dir/store`.
    #[default]
    Sled,
}

/// How sources are visited.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PollSettings {
    /// Time between polls of a source that does not say otherwise.
    pub every: Duration,
    /// For one request, from DNS to the last byte.
    pub timeout: Duration,
    /// Largest body, after decompression.
    pub body_bytes_max: u64,
    /// Between two requests to one host.
    pub per_host_delay: Duration,
    /// Whether robots.txt is asked.
    pub respect_robots: bool,
    /// Whether private, loopback and link-local addresses may be fetched.
    pub allow_private_networks: bool,
}

/// How mail leaves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MailSettings {
    /// To files or to a server.
    pub transport: Transport,
    /// The `From` of every message.
    pub from: Sender,
    /// When not empty: nobody else is ever mailed.
    pub only_to: Vec<Address>,
    /// Messages a minute at most; `None` is no limit.
    pub per_minute_max: Option<u32>,
    /// A digest so long after its window closed is not sent any more; a weekly one has twice as long.
    pub stale_after: Duration,
    /// The server, used by [`Transport::Smtp`].
    pub smtp: SmtpSettings,
    /// Servers for what that one cannot be handed, in the order in which they are turned to.
    pub more_relays: Vec<SmtpSettings>,
    /// How messages are signed, where they are.
    pub dkim: Option<DkimSettings>,
    /// Further keys that sign each message too.
    pub dkim_also: Vec<DkimSettings>,
    /// Where mail comes back to, and what follows when it does.
    pub bounces: BounceSettings,
    /// How what came back is read.
    pub returns: ReturnSettings,
}

/// How mail that came back is read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReturnSettings {
    /// A Maildir that a mail server delivers it into.
    pub maildir: Option<PathBuf>,
    /// A mailbox that it is fetched from.
    pub imap: Option<ImapSettings>,
    /// Where a mail server brings it by LMTP.
    pub lmtp: Option<SocketAddr>,
    /// How often boxes are looked into.
    pub every: Duration,
    /// Longest mail that is taken; of a longer one in a box, so much is read.
    pub message_bytes_max: u64,
}

/// A mailbox that mail is fetched from by IMAP.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImapSettings {
    /// Name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// How the line is protected.
    pub tls: Tls,
    /// Name and password.
    pub login: Login,
    /// The mailbox, as IMAP names it: "INBOX".
    pub mailbox: String,
    /// What becomes of a mail that has been recorded.
    pub disposal: Disposal,
}

/// What becomes of a mail in a mailbox once it has been recorded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Disposal {
    /// It stays, marked as read.
    Mark,
    /// It goes to another folder.
    MoveTo(String),
    /// It is deleted.
    Delete,
}

impl MailSettings {
    /// Conversations at a time: on each line one under way and one whose envelope leaves behind it, and as many that are
    /// prepared, since the store is not read while it writes. Over a single line everything goes one after the other.
    #[must_use]
    pub fn conversations(&self) -> usize {
        match self.lines() {
            1 => 1,
            lines => 4 * lines,
        }
    }

    /// The most lines that one server may be given.
    #[must_use]
    pub fn lines(&self) -> usize {
        let relays = std::iter::once(&self.smtp).chain(&self.more_relays);
        relays.map(|relay| relay.connections as usize).max().unwrap_or(1).max(1)
    }
}

/// Where mail comes back to, and what follows when it does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BounceSettings {
    /// The mailbox whose address, with a signed tag for each message, is the envelope's sender. `None`: `from` is.
    pub mailbox: Option<Address>,
    /// Whether anything reads what comes there; only then do mails offer an address for leaving by mail.
    pub is_read: bool,
    /// When mail that comes back ends a subscription though the address exists.
    pub soft: SoftLimit,
}

/// How often mail to an address that exists may come back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SoftLimit {
    /// This often…
    pub max: usize,
    /// …within this time, and nothing is sent there any more.
    pub within: Duration,
}

/// Where mail goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// `.eml` files under `data_dir/mail`.
    #[default]
    File,
    /// The server of `[mail.smtp]`.
    Smtp,
}

/// A name and an address: `Improvement Board Watch <updates@example.org>`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sender {
    /// What readers see.
    pub name: Option<String>,
    /// Where answers and bounces go.
    pub address: Address,
}

/// The mail server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SmtpSettings {
    /// Name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// How the line is protected.
    pub tls: Tls,
    /// Name and password, where the server wants them.
    pub login: Option<Login>,
    /// Connections kept open at most.
    pub connections: u32,
    /// Who we say we are (EHLO); `None`: this machine's full name, or else the address that we come from.
    pub hello: Option<String>,
}

/// How the line to the mail server is protected.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// Plain at first, then upgraded; refused where the server cannot (RFC 3207).
    #[default]
    Starttls,
    /// From the first byte (RFC 8314).
    Tls,
    /// Not at all.
    None,
}

/// What the mail server wants to know.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Login {
    /// User name.
    pub username: String,
    /// Read from `password_file` or `password_env`.
    pub password: Secret,
}

/// A secret: never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps it.
    #[must_use]
    pub fn new(secret: String) -> Self {
        Self(secret)
    }

    /// The secret itself, for the one place that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// How messages are signed (RFC 6376).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DkimSettings {
    /// `s=`.
    pub selector: String,
    /// `d=`.
    pub domain: String,
    /// A PEM file; already resolved against the configuration folder.
    pub private_key_file: PathBuf,
}

/// The web side.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WebSettings {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Proxies whose word is taken on whose request it is.
    pub trusted_proxies: Vec<IpNet>,
}

/// How many requests that lead to a mail are taken from the web pages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SignupSettings {
    /// For one address, in 24 hours.
    pub per_address_day: u32,
    /// From one network (/24, /56), in an hour.
    pub per_network_hour: u32,
    /// From one wider range of networks (/16, or /32 of IPv6), in an hour; `None`: a tenth of [`per_hour`](Self::per_hour).
    pub per_range_hour: Option<u32>,
    /// For addresses of one organisation, in an hour, and as many more as it has subscribers.
    pub per_domain_hour: u32,
    /// From everywhere, in an hour.
    pub per_hour: u32,
}

impl Default for SignupSettings {
    fn default() -> Self {
        Self { per_address_day: 3, per_network_hour: 20, per_range_hour: None, per_domain_hour: 100, per_hour: 600 }
    }
}

impl SignupSettings {
    /// From one wider range of networks, in an hour: never less than from a single network.
    #[must_use]
    pub fn per_range_hour(&self) -> u32 {
        self.per_range_hour.unwrap_or(self.per_hour / 10).max(self.per_network_hour)
    }

    /// From what one customer may have of IPv6 (a /48), in an hour: half of what its range may have, so that it is not its
    /// provider's only one.
    #[must_use]
    pub fn per_site_hour(&self) -> u32 {
        (self.per_range_hour() / 2).max(self.per_network_hour)
    }
}

/// What feeds keep: at least `items_min` items, and everything younger than `keep`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FeedSettings {
    /// At least this many, however old.
    pub items_min: usize,
    /// Everything younger.
    pub keep: Duration,
}

/// One file of `subscriptions/`: people that an admin keeps by hand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SubscriptionList {
    /// The file's name without `.toml`.
    pub name: String,
    /// Why they may be mailed.
    pub note: String,
    /// The people.
    pub subscribers: Vec<ListedSubscriber>,
}

/// One `[[subscriber]]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListedSubscriber {
    /// Whom.
    pub address: Address,
    /// How often.
    pub cadence: Cadence,
    /// About what; never empty.
    pub interests: Interests,
}
