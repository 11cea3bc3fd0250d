//! The page behind the link at the end of a mail.

use super::finished;
use crate::domain::site::Site;
use crate::domain::subscriber::Address;
use crate::render::words::Words;
use askama::Template;

/// Where somebody stands who follows the link at the end of a mail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Gets mail: the page asks.
    Subscribed,
    /// Gets none any more: the page says so.
    Ended,
}

#[derive(Template)]
#[template(path = "page/unsubscribe.html")]
struct Unsubscribe<'a> {
    site: &'a Site,
    words: &'static Words,
    action: &'a str,
    address: Option<String>,
    ended: bool,
}

/// The page behind the link at the end of a mail: a button that posts to `action`, or the news that it is done. The
/// address is masked, because links are forwarded with the mails that hold them.
#[must_use]
pub fn unsubscribe(site: &Site, action: &str, address: Option<&Address>, standing: Standing) -> String {
    let address = address.map(Address::masked);
    finished(&Unsubscribe { site, words: Words::of(site), action, address, ended: standing == Standing::Ended })
}
