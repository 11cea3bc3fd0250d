//! Links as pages write them, made absolute or dropped.

use url::Url;

/// A link within a line.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    /// Where to; `None` for what leads nowhere that may be fetched (`javascript:`, a dead anchor).
    pub(crate) url: Option<Url>,
    /// Its words, whitespace collapsed.
    pub(crate) text: String,
}

/// The absolute address of `href`; only `http` and `https`, without credentials.
pub(super) fn absolute(base: &Url, href: &str) -> Option<Url> {
    let href = href.trim();
    if href.is_empty() || href.starts_with('#') || href.starts_with("/cdn-cgi/") {
        return None;
    }
    let mut url = base.join(href).ok()?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return None;
    }
    url.set_username("").and_then(|()| url.set_password(None)).ok()?;
    Some(url)
}
