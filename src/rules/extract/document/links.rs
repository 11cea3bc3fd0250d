//! Links as pages write them, made absolute or dropped.

use std::cell::OnceCell;
use std::ops::Deref;
use url::Url;

/// A link within a line.
#[derive(Debug)]
pub(crate) struct Link<'a> {
    /// Where to; `None` for what leads nowhere that may be fetched (`javascript:`, a dead anchor).
    pub(crate) url: Target<'a>,
    /// Its words, whitespace collapsed.
    pub(crate) text: String,
}

impl<'a> Link<'a> {
    pub(super) fn new(href: Option<&'a str>, base: &'a Url) -> Self {
        Self { url: Target { href, base, absolute: OnceCell::new() }, text: String::new() }
    }
}

impl Clone for Link<'_> {
    fn clone(&self) -> Self {
        let Target { href, base, absolute } = &self.url;
        Self { url: Target { href: *href, base, absolute: absolute.clone() }, text: self.text.clone() }
    }
}

/// An `Option<Url>` that is worked out when it is first asked for: most of a page's links are its menus'.
#[derive(Debug)]
pub(crate) struct Target<'a> {
    href: Option<&'a str>,
    base: &'a Url,
    absolute: OnceCell<Option<Url>>,
}

impl Deref for Target<'_> {
    type Target = Option<Url>;

    fn deref(&self) -> &Option<Url> {
        self.absolute.get_or_init(|| absolute(self.base, self.href?))
    }
}

/// The absolute address of `href`; only `http` and `https`, without credentials.
fn absolute(base: &Url, href: &str) -> Option<Url> {
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
