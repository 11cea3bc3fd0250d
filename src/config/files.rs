//! The files as they are written: types that serde reads and that JSON Schemas are made from.
//!
//! Their documentation is what an admin's editor shows. Texts that mean something else (durations, addresses, selectors)
//! are still texts here; what they mean is decided in `read`.

mod boardwatch;
mod returns;
mod source;
mod subscriptions;

pub(super) use boardwatch::{BoardwatchFile, DkimFile, DkimKeyFile, MailFile, PollFile, RelayFile, SiteFile, TopicFile};
pub(super) use returns::{BouncesFile, ImapFile, ImapThen, ReturnsFile};
pub(super) use source::{SelectFile, SourceFile};
pub(super) use subscriptions::{SubscriberEntry, SubscriptionsFile};

use schemars::generate::SchemaSettings;
use serde_json::Value;

/// The published schemas: the file's name under `schema/`, and which files it describes.
pub const SCHEMAS: [(&str, &str); 3] = [
    ("boardwatch.schema.json", "boardwatch.toml"),
    ("source.schema.json", "sources/*.toml"),
    ("subscriptions.schema.json", "subscriptions/*.toml"),
];

/// The schema published under this name; `None` where there is none.
#[must_use]
pub fn schema(name: &str) -> Option<Value> {
    match name {
        "boardwatch.schema.json" => Some(schema_of::<BoardwatchFile>()),
        "source.schema.json" => Some(schema_of::<SourceFile>()),
        "subscriptions.schema.json" => Some(schema_of::<SubscriptionsFile>()),
        _ => None,
    }
}

/// The JSON Schema (draft 7, which TOML editors read) of a file type, without references, so that it can be walked as is.
pub(super) fn schema_of<T: schemars::JsonSchema>() -> Value {
    let settings = SchemaSettings::draft07().with(|settings| settings.inline_subschemas = true);
    settings.into_generator().into_root_schema_for::<T>().to_value()
}
