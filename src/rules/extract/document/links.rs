//! Links as pages write them, made absolute or dropped.

use crate::rules::extract::key;
use scraper::ElementRef;
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
    pub(super) fn new(anchor: Option<ElementRef<'a>>, base: &'a Url) -> Self {
        Self { url: Target { anchor, base, absolute: OnceCell::new() }, text: String::new() }
    }
}

impl Clone for Link<'_> {
    fn clone(&self) -> Self {
        let Target { anchor, base, absolute } = &self.url;
        Self { url: Target { anchor: *anchor, base, absolute: absolute.clone() }, text: self.text.clone() }
    }
}

/// An `Option<Url>` that is worked out when it is first asked for: most of a page's links are its menus'.
#[derive(Debug)]
pub(crate) struct Target<'a> {
    anchor: Option<ElementRef<'a>>,
    base: &'a Url,
    absolute: OnceCell<Option<Url>>,
}

impl Target<'_> {
    /// Whether the name of the page may end like one of these, in any case: asked before the address is worked out.
    pub(crate) fn may_name(&self, pages: &[&str]) -> bool {
        let href = self.anchor.and_then(|anchor| anchor.attr("href")).unwrap_or_default();
        let path = href.split(['?', '#', ';']).next().unwrap_or_default().trim();
        let page = path.rsplit('/').next().unwrap_or_default();
        let ends = |known: &&str| {
            let end = page.len().checked_sub(known.len()).and_then(|at| page.get(at..));
            end.is_some_and(|end| end.eq_ignore_ascii_case(known))
        };
        page.is_empty() || pages.iter().any(ends)
    }
}

impl Deref for Target<'_> {
    type Target = Option<Url>;

    fn deref(&self) -> &Option<Url> {
        self.absolute.get_or_init(|| absolute(self.base, self.anchor?.attr("href")?))
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
    Some(key::without_session(&url).into_owned())
}
