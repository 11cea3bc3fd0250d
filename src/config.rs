//! The folder of TOML files: read whole, every fault with its place, into one validated value.
//!
//! Invariant: a [`Config`] that exists is complete and consistent; nobody above looks at a file, a default or the
//! environment again. Only this module reads the environment.
//!
//! One file goes through three sieves, and none of them stops at the first fault: its shape against the schema of its
//! type (`shape`), its values one by one (`values`), and what it says of other files (`read::across`). The same schemas are
//! published for editors, so that an editor and `check` cannot disagree.

use crate::domain::site::Site;
use crate::domain::source::Source;
use std::path::PathBuf;

mod document;
mod fault;
mod files;
mod read;
mod settings;
mod shape;
mod suggest;
mod values;

pub use crate::rules::schedule::DigestTimes;
pub use fault::{Fault, Severity};
pub use files::{SCHEMAS, schema};
pub use read::read;
pub use settings::{
    BounceSettings, Disposal, DkimSettings, FeedSettings, ImapSettings, ListedSubscriber, Login, MailSettings, PollSettings,
    ReturnSettings, Secret, Sender, SignupSettings, SmtpSettings, SoftLimit, StoreEngine, StoreSettings, SubscriptionList, Tls,
    Transport, WebSettings,
};
pub use values::duration_words;

/// Everything that an admin sets, validated.
#[derive(Clone, PartialEq, Debug)]
pub struct Config {
    /// Who we are to the public.
    pub site: Site,
    /// Store, feeds, snapshots and file mail live here; already resolved against the configuration folder.
    pub data_dir: PathBuf,
    /// The store's engine and retention.
    pub store: StoreSettings,
    /// How sources are visited.
    pub poll: PollSettings,
    /// How mail leaves.
    pub mail: MailSettings,
    /// When digest windows close, in the zone of `site`.
    pub digest: DigestTimes,
    /// The web side.
    pub web: WebSettings,
    /// How many sign-ups are taken.
    pub signup: SignupSettings,
    /// What feeds keep.
    pub feeds: FeedSettings,
    /// The sources, by id.
    pub sources: Vec<Source>,
    /// The hand-kept lists, by name.
    pub lists: Vec<SubscriptionList>,
}

/// A variable of the environment, for [`read()`]; `None` where it is not set or is no text.
#[must_use]
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
