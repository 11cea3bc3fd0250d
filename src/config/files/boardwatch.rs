//! `boardwatch.toml`: the site, its store, its manners, its mail, its windows, its web side and its feeds.

use super::returns::{BouncesFile, ReturnsFile};
use crate::config::settings::{SignupSettings, StoreEngine, Tls, Transport};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// boardwatch.toml: this installation.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct BoardwatchFile {
    /// Who we are to the public.
    pub(crate) site: SiteFile,
    /// Where everything is kept.
    pub(crate) store: StoreFile,
    /// How councils' sites are visited.
    pub(crate) poll: PollFile,
    /// How mail leaves.
    pub(crate) mail: MailFile,
    /// When digest windows close.
    pub(crate) digest: DigestFile,
    /// The web side: feeds, and the pages behind the links that we send.
    pub(crate) web: WebFile,
    /// How many sign-ups are taken from the web pages.
    pub(crate) signup: SignupFile,
    /// What feeds keep.
    pub(crate) feeds: FeedsFile,
    /// What topics are called on pages and in mails: `[[topic]]`.
    pub(crate) topic: Vec<TopicFile>,
}

/// What a topic is called.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TopicFile {
    /// The topic, as sources spell it: "send".
    pub(crate) slug: String,
    /// Its name for people: "SEND and inclusion".
    pub(crate) name: String,
}

/// Who we are to the public.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SiteFile {
    /// The name in mails, feeds and pages.
    pub(crate) name: String,
    /// Public base of every link that we send: an http or https address.
    pub(crate) url: String,
    /// Email address of the operator: in the User-Agent of every request, and in footers.
    pub(crate) contact: String,
    /// Postal address, shown in mail footers when set.
    pub(crate) postal_address: String,
    /// Zone of all local times, by its IANA name.
    pub(crate) timezone: String,
    /// Language of the words that we write (BCP 47).
    pub(crate) language: String,
    /// Folder of store, feeds, snapshots and file mail; relative to this file.
    pub(crate) data_dir: String,
}

impl Default for SiteFile {
    fn default() -> Self {
        Self {
            name: "Improvement Board Watch".into(),
            url: "http://127.0.0.1:8080".into(),
            contact: "admin@example.org".into(),
            postal_address: String::new(),
            timezone: "Europe/London".into(),
            language: "en-GB".into(),
            data_dir: "../var".into(),
        }
    }
}

/// Where everything is kept.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct StoreFile {
    /// The store's engine.
    pub(crate) engine: StoreEngine,
    /// How long raw pages are kept under `data_dir/snapshots`: "90d".
    pub(crate) snapshots_keep: String,
}

impl Default for StoreFile {
    fn default() -> Self {
        Self { engine: StoreEngine::default(), snapshots_keep: "90d".into() }
    }
}

/// How councils' sites are visited.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PollFile {
    /// Time between polls of a source that does not say otherwise: "90s", "6h", "7d".
    pub(crate) every: String,
    /// Longest time for one request.
    pub(crate) timeout: String,
    /// Largest page, in bytes after decompression.
    #[schemars(range(min = 1, max = 1_073_741_824))]
    pub(crate) body_bytes_max: u64,
    /// Pause between two requests to one host; there is never more than one at a time.
    pub(crate) per_host_delay: String,
    /// Whether robots.txt is obeyed.
    pub(crate) respect_robots: bool,
    /// Whether private, loopback and link-local addresses may be fetched: true only for tests and intranets.
    pub(crate) allow_private_networks: bool,
}

impl Default for PollFile {
    fn default() -> Self {
        Self {
            every: "1h".into(),
            timeout: "60s".into(),
            body_bytes_max: 10_485_760,
            per_host_delay: "2s".into(),
            respect_robots: true,
            allow_private_networks: false,
        }
    }
}

/// How mail leaves.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct MailFile {
    /// "file" writes .eml files under `data_dir/mail`; "smtp" sends.
    pub(crate) transport: Transport,
    /// The sender: "Improvement Board Watch <updates@example.org>". Empty: site.name and site.contact.
    pub(crate) from: String,
    /// When not empty: nobody else is ever mailed (staging).
    pub(crate) only_to: Vec<String>,
    /// Messages a minute at most; 0: no limit.
    #[schemars(range(max = 100_000))]
    pub(crate) per_minute_max: u32,
    /// A digest is no news and is not sent so long after its window closed: "7d"; a weekly one has twice as long.
    pub(crate) stale_after: String,
    /// The mail server.
    pub(crate) smtp: SmtpFile,
    /// How messages are signed (RFC 6376); all three or none.
    pub(crate) dkim: DkimFile,
    /// Where mail comes back to.
    pub(crate) bounces: BouncesFile,
    /// How what came back is read.
    pub(crate) returns: ReturnsFile,
}

impl Default for MailFile {
    fn default() -> Self {
        Self {
            transport: Transport::default(),
            from: String::new(),
            only_to: Vec::new(),
            per_minute_max: 0,
            stale_after: "7d".into(),
            smtp: SmtpFile::default(),
            dkim: DkimFile::default(),
            bounces: BouncesFile::default(),
            returns: ReturnsFile::default(),
        }
    }
}

/// The mail server.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SmtpFile {
    /// Name or address.
    pub(crate) host: String,
    /// TCP port.
    #[schemars(range(min = 1))]
    pub(crate) port: u16,
    /// How the line is protected.
    pub(crate) tls: Tls,
    /// User name, where the server wants one.
    pub(crate) username: String,
    /// File that holds the password and nothing else; relative to boardwatch.toml.
    pub(crate) password_file: String,
    /// Name of the environment variable that holds the password.
    pub(crate) password_env: String,
    /// Connections kept open at most.
    #[schemars(range(min = 1, max = 100))]
    pub(crate) connections: u32,
    /// The name with which we greet servers (EHLO). Empty: this machine's full name, or else the address that we come from.
    pub(crate) hello: String,
    /// Servers for what this one cannot be handed, in the order in which they are turned to: `[[mail.smtp.relay]]`.
    pub(crate) relay: Vec<RelayFile>,
}

/// Another mail server, with settings of its own.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RelayFile {
    /// Name or address.
    pub(crate) host: String,
    /// TCP port.
    #[schemars(range(min = 1))]
    pub(crate) port: u16,
    /// How the line is protected.
    pub(crate) tls: Tls,
    /// User name, where the server wants one.
    pub(crate) username: String,
    /// File that holds the password and nothing else; relative to boardwatch.toml.
    pub(crate) password_file: String,
    /// Name of the environment variable that holds the password.
    pub(crate) password_env: String,
    /// Connections kept open at most.
    #[schemars(range(min = 1, max = 100))]
    pub(crate) connections: u32,
}

impl Default for RelayFile {
    fn default() -> Self {
        let SmtpFile { port, tls, username, password_file, password_env, connections, .. } = SmtpFile::default();
        Self { host: String::new(), port, tls, username, password_file, password_env, connections }
    }
}

impl SmtpFile {
    /// The first server, as the others are written.
    pub(crate) fn first(&self) -> RelayFile {
        let Self { host, port, tls, username, password_file, password_env, connections, .. } = self.clone();
        RelayFile { host, port, tls, username, password_file, password_env, connections }
    }
}

impl Default for SmtpFile {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".into(),
            port: 587,
            tls: Tls::default(),
            username: String::new(),
            password_file: String::new(),
            password_env: String::new(),
            connections: 4,
            hello: String::new(),
            relay: Vec::new(),
        }
    }
}

/// How messages are signed.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct DkimFile {
    /// Name of the key in DNS: selector._domainkey.domain.
    pub(crate) selector: String,
    /// The signing domain; that of the sender, or one above it.
    pub(crate) domain: String,
    /// PEM file of the private key; relative to boardwatch.toml.
    pub(crate) private_key_file: String,
    /// Further keys that sign each message too: an Ed25519 key beside an RSA one, or the next key while DNS learns of it.
    pub(crate) also: Vec<DkimKeyFile>,
}

/// Another key.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct DkimKeyFile {
    /// Name of the key in DNS: selector._domainkey.domain.
    pub(crate) selector: String,
    /// The signing domain. Empty: the first key's.
    pub(crate) domain: String,
    /// PEM file of the private key; relative to boardwatch.toml.
    pub(crate) private_key_file: String,
}

/// When digest windows close, in local time of site.timezone.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct DigestFile {
    /// Every day: "07:30".
    pub(crate) daily: String,
    /// Once a week: "Sat 07:30".
    pub(crate) weekly: String,
}

impl Default for DigestFile {
    fn default() -> Self {
        Self { daily: "07:30".into(), weekly: "Sat 07:30".into() }
    }
}

/// The web side.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct WebFile {
    /// Address and port: "127.0.0.1:8080".
    pub(crate) listen: String,
    /// Reverse proxies whose X-Forwarded-For is believed, as addresses or networks: "127.0.0.1", "10.0.0.0/8".
    pub(crate) trusted_proxies: Vec<String>,
}

impl Default for WebFile {
    fn default() -> Self {
        Self { listen: "127.0.0.1:8080".into(), trusted_proxies: Vec::new() }
    }
}

/// How many requests that lead to a mail are taken from the web pages: against those who sign up others.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "they are what an admin types, each a number per something")]
pub(crate) struct SignupFile {
    /// For one address, in 24 hours.
    #[schemars(range(min = 1, max = 100))]
    pub(crate) per_address_day: u32,
    /// From one network (a /24, or a /56 of IPv6), in an hour.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub(crate) per_network_hour: u32,
    /// From one wider range of networks (a /16, or a /32 of IPv6), in an hour, and half as many from a /48 of IPv6: a tenth of
    /// `per_hour` where it is not given, and never less than `per_network_hour`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub(crate) per_range_hour: Option<u32>,
    /// For addresses of one domain, in an hour, and as many more as it has subscribers; who gives mailboxes to anybody, as
    /// Gmail does, is not limited by this.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub(crate) per_domain_hour: u32,
    /// From everywhere, in an hour; 0: nobody can sign up on the web.
    #[schemars(range(max = 1_000_000))]
    pub(crate) per_hour: u32,
}

impl Default for SignupFile {
    fn default() -> Self {
        let SignupSettings { per_address_day, per_network_hour, per_range_hour, per_domain_hour, per_hour } =
            SignupSettings::default();
        Self { per_address_day, per_network_hour, per_range_hour, per_domain_hour, per_hour }
    }
}

/// What feeds keep.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct FeedsFile {
    /// At least this many items, however old…
    #[schemars(range(min = 1, max = 10_000))]
    pub(crate) items_min: usize,
    /// …and everything younger than this.
    pub(crate) keep: String,
}

impl Default for FeedsFile {
    fn default() -> Self {
        Self { items_min: 50, keep: "90d".into() }
    }
}
