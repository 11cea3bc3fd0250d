//! The web pages, as complete documents: what is watched, what is known of an item, ending a subscription, what went wrong.
//!
//! Every page works without script, pictures or anything from another host, and says what it is in its title. Links within
//! the site are relative to its root, so that pages read the same at every address under which the site is served.

mod archive;
mod body;
mod choice;
mod choose;
mod front;
mod health;
mod item;
mod manage;
mod note;
mod pager;
mod problem;
mod row;
mod search;
mod status;

pub use archive::{ArchivePage, ItemList, archive};
pub use choose::{Offer, consent, consent_to_change, manage_link, sign_up};
pub use front::{News, Overview, Watched, front};
pub use health::health_in_words;
pub use item::{ItemRecord, KeptPage, Proof, Version, item};
pub use manage::{Answer, Own, manage};
pub use note::{Outcome, Question, Standing, outcome, question, unsubscribe};
pub use problem::problem;
pub use search::{Found, SearchPage, search, searched};
pub use status::status;

use super::words::Words;
use crate::domain::item::ItemId;
use crate::domain::site::Site;
use crate::domain::source::SourceId;
use crate::rules::feed::FeedName;
use askama::Template;
use chrono::{DateTime, Utc};

/// The one stylesheet.
pub const STYLE: &str = include_str!("../../templates/page/style.css");

/// Where the stylesheet is served.
pub const STYLE_PATH: &str = "/style.css";

/// The icon of every page, as SVG.
pub const ICON: &[u8] = include_bytes!("../../templates/page/icon.svg");

/// The same as an ICO of 32 by 32 pixels.
pub const ICON_BITS: &[u8] = include_bytes!("../../templates/page/icon.ico");

/// Where the icon is served.
pub const ICON_PATH: &str = "/icon.svg";

/// Where an item's page is, for [`Site::link`] and [`Site::path`]: both names are permanent, so it is too.
#[must_use]
pub fn item_path(source: &SourceId, id: &ItemId) -> String {
    format!("items/{source}/{id}")
}

/// Where the archive lists what the feed of this name holds.
fn archive_link(site: &Site, name: &FeedName) -> String {
    match name {
        FeedName::All => site.path("archive"),
        FeedName::Source(_) | FeedName::Council(_) | FeedName::Topic(_) => site.path(&format!("archive?in={}", name.stem())),
    }
}

/// A moment for machines and for people: "2026-11-21T10:00:00+00:00", "21 November 2026, 10am".
struct Moment {
    machine: String,
    people: String,
}

fn moment(at: DateTime<Utc>, site: &Site) -> Moment {
    let here = at.with_timezone(&site.timezone);
    let layout = &Words::of(site).layout;
    let (day, time) = ((layout.day)(here.date_naive()), (layout.time)(here.time()));
    Moment { machine: here.to_rfc3339_opts(chrono::SecondsFormat::Secs, false), people: format!("{day}, {time}") }
}

fn finished(page: &impl Template) -> String {
    // Writing to a string cannot fail, and the templates call nothing that can.
    page.render().unwrap_or_default()
}
