//! `[mail.bounces]` and `[mail.returns]`: where mail comes back to, and how it is read there.

use crate::config::settings::Tls;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where mail comes back to.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct BouncesFile {
    /// The mailbox that takes them, such as "bounces@example.org": each message's envelope names it with a signed tag, as
    /// bounces+tag@example.org. Empty: envelopes name `from`.
    pub(crate) address: String,
    /// So many returned mails, of a mailbox that exists but is full or disabled…
    #[schemars(range(min = 1, max = 20))]
    pub(crate) soft_max: u32,
    /// …within this time, and nothing is sent there any more.
    pub(crate) soft_within: String,
}

impl Default for BouncesFile {
    fn default() -> Self {
        Self { address: String::new(), soft_max: 5, soft_within: "30d".into() }
    }
}

/// How mail that came back is read.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ReturnsFile {
    /// A Maildir that your mail server delivers it into; relative to boardwatch.toml. Empty: none.
    pub(crate) maildir: String,
    /// Address and port where your mail server brings it by LMTP (RFC 2033): "127.0.0.1:2424". Empty: none.
    pub(crate) lmtp: String,
    /// A mailbox that it is fetched from by IMAP, where `mail.transport` is "smtp".
    pub(crate) imap: ImapFile,
    /// How often a Maildir or a mailbox is looked into.
    pub(crate) every: String,
    /// Longest mail that is taken, in bytes.
    #[schemars(range(min = 65_536, max = 52_428_800))]
    pub(crate) message_bytes_max: u64,
}

impl Default for ReturnsFile {
    fn default() -> Self {
        Self {
            maildir: String::new(),
            lmtp: String::new(),
            imap: ImapFile::default(),
            every: "1m".into(),
            message_bytes_max: 1_048_576,
        }
    }
}

/// A mailbox that returned mail is fetched from.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ImapFile {
    /// Name or address of the server. Empty: nothing is fetched.
    pub(crate) host: String,
    /// TCP port: 993 for "tls", 143 for "starttls".
    #[schemars(range(min = 1))]
    pub(crate) port: u16,
    /// How the line is protected.
    pub(crate) tls: Tls,
    /// User name.
    pub(crate) username: String,
    /// File that holds the password and nothing else; relative to boardwatch.toml.
    pub(crate) password_file: String,
    /// Name of the environment variable that holds the password.
    pub(crate) password_env: String,
    /// The mailbox, as IMAP names it.
    pub(crate) mailbox: String,
    /// What becomes of a mail once it has been recorded; one for people always stays, flagged.
    pub(crate) then: ImapThen,
    /// The folder for `then = "move"`; it is made where there is none.
    pub(crate) move_to: String,
}

impl Default for ImapFile {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: 993,
            tls: Tls::Tls,
            username: String::new(),
            password_file: String::new(),
            password_env: String::new(),
            mailbox: "INBOX".into(),
            then: ImapThen::default(),
            move_to: String::new(),
        }
    }
}

/// What becomes of a mail once it has been recorded.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ImapThen {
    /// It stays, marked as read.
    #[default]
    Mark,
    /// It goes to the folder `move_to`.
    Move,
    /// It is deleted.
    Delete,
}
