//! This installation as the public sees it: its name, address, contact, zone and language.

use super::source::slug;
use super::topic::topic_name;
use chrono_tz::Tz;
use std::collections::BTreeMap;
use url::Url;

/// What every mail, feed, page and request says of who we are.
#[derive(Clone, PartialEq, Debug)]
pub struct Site {
    /// "Improvement Board Watch".
    pub name: String,
    /// Public base of every link that we send.
    pub url: Url,
    /// Where people and servers can reach the operator: an email address.
    pub contact: String,
    /// Shown in mail footers when set.
    pub postal_address: Option<String>,
    /// Zone of all local times.
    pub timezone: Tz,
    /// BCP 47 tag of the words that we write.
    pub language: String,
    /// What topics are called whose name cannot be told from their slug, by slug.
    pub topics: BTreeMap<String, String>,
}

impl Site {
    /// A link on this site: `path` without a leading slash, appended to [`Site::url`].
    #[must_use]
    pub fn link(&self, path: &str) -> String {
        format!("{}/{}", self.url.as_str().trim_end_matches('/'), path)
    }

    /// The same without scheme and host: what pages of the site link to, so that they work under every name it has.
    #[must_use]
    pub fn path(&self, path: &str) -> String {
        format!("{}/{}", self.url.path().trim_end_matches('/'), path)
    }

    /// What a topic is called: as the admin says, or what its slug lets one think.
    #[must_use]
    pub fn topic(&self, topic: &str) -> String {
        self.topics.get(&slug(topic)).cloned().unwrap_or_else(|| topic_name(topic))
    }

    /// The host of [`Site::url`], for Message-IDs and list names.
    #[must_use]
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or("localhost")
    }
}
