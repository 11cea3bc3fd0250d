//! Markup that is safe in a reader's mail or browser.
//!
//! Invariants: the sanitiser (ammonia) gives every `SafeHtml` back as it is; it holds no character that a `Text` may not.

use super::allowed;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::HashSet;
use std::fmt;
use std::sync::LazyLock;
use url::Url;

/// Markup that has passed the sanitiser: an allow-list of structural elements, no script, style, form, image or event.
#[derive(Clone, PartialEq, Eq, Default, Serialize)]
pub struct SafeHtml(String);

/// What a council's body may hold; everything else is unwrapped to its text, `script` and `style` with their content go.
pub(super) const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "dfn",
    "dl",
    "dt",
    "em",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "ins",
    "li",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "small",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
];

/// The attributes that are kept, of the elements that keep any.
pub(super) const ATTRIBUTES: &[(&str, &[&str])] = &[
    ("a", &["href"]),
    ("ol", &["start", "type", "reversed"]),
    ("td", &["colspan", "rowspan"]),
    ("th", &["colspan", "rowspan", "scope"]),
];
/// What a link may lead to.
pub(super) const SCHEMES: &[&str] = &["http", "https", "mailto", "tel"];
/// What every link carries, so that the page behind it learns nothing of the reader.
pub(super) const LINK_REL: &str = "noopener noreferrer";

/// Mis-nested markup can become another each time that it is parsed; what does not settle in so many rounds is given up.
const ROUNDS_MAX: usize = 8;

impl SafeHtml {
    /// Sanitises a fragment. Relative links are resolved against `base`, or dropped where there is none; idempotent.
    #[must_use]
    pub fn sanitise(fragment: &str, base: Option<&Url>) -> Self {
        let mut clean = cleaned(fragment, base);
        for _ in 0..ROUNDS_MAX {
            let again = cleaned(&clean, None);
            if again == clean {
                return Self(clean);
            }
            clean = again;
        }
        Self::default()
    }

    /// What the builder has made: the sanitiser would give it back unchanged.
    pub(super) fn built(markup: String) -> Self {
        Self(markup)
    }

    /// The markup.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn cleaned(fragment: &str, base: Option<&Url>) -> String {
    // Making one costs as much as a paragraph; most markup has no relative links any more.
    static WITHOUT_BASE: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| sanitiser(ammonia::UrlRelative::Deny));
    let allowed: String = fragment.chars().filter(|c| *c == '\r' || allowed(*c)).collect();
    let clean = match base {
        Some(base) => sanitiser(ammonia::UrlRelative::RewriteWithBase(base.clone())).clean(&allowed),
        None => WITHOUT_BASE.clean(&allowed),
    };
    without_dead_links(&clean.to_string())
}

fn sanitiser(relative: ammonia::UrlRelative<'static>) -> ammonia::Builder<'static> {
    let mut sanitiser = ammonia::Builder::default();
    sanitiser
        .tags(ELEMENTS.iter().copied().collect())
        .tag_attributes(ATTRIBUTES.iter().map(|(element, names)| (*element, names.iter().copied().collect())).collect())
        .generic_attributes(HashSet::new())
        .url_schemes(SCHEMES.iter().copied().collect())
        .url_relative(relative)
        .attribute_filter(|_, name, value| {
            (name != "href" || !Url::parse(value).is_ok_and(|url| has_credentials(&url))).then_some(value.into())
        })
        .link_rel(Some(LINK_REL))
        .strip_comments(true);
    sanitiser
}

/// An address with a user before its host (`https://www.anytown.gov.uk@example.org`) looks like one place and is another.
pub(super) fn has_credentials(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// The markup without links that lead nowhere (anchors, and those whose address is not kept); their words stay. Links do not
/// nest once they are parsed.
fn without_dead_links(clean: &str) -> String {
    let dead = format!("<a rel=\"{LINK_REL}\">");
    let mut parts = clean.split(&dead);
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push_str(&part.replacen("</a>", "", 1));
    }
    kept
}

impl fmt::Display for SafeHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SafeHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl askama::FastWritable for SafeHtml {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        dest.write_str(&self.0)?;
        Ok(())
    }
}

// Templates print it unescaped because of its type; none of them says `|safe`.
impl askama::filters::HtmlSafe for SafeHtml {}

impl<'de> Deserialize<'de> for SafeHtml {
    /// Sanitises again: a record on disk is input like any other.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::sanitise(&String::deserialize(deserializer)?, None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_keeps_structure_and_loses_everything_that_acts() {
        let base = url::Url::parse("https://www.example.org/a/b.aspx").ok();
        let clean = SafeHtml::sanitise(
            r#"<p onclick="x()">See <a href="c.pdf" target=_blank>this</a><script>alert(1)</script><img src=x onerror=y></p><a href="javascript:x">no</a> <a name=x><b>nor</b></a> <a href="https://www.example.org@elsewhere.example/">here</a>"#,
            base.as_ref(),
        );
        assert_eq!(
            clean.as_str(),
            r#"<p>See <a href="https://www.example.org/a/c.pdf" rel="noopener noreferrer">this</a></p>no <b>nor</b> here"#
        );
        assert_eq!(SafeHtml::sanitise(clean.as_str(), base.as_ref()), clean);
    }
}
