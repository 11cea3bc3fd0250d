//! Safe markup as it is built from a tree that has been parsed already, without parsing it again.
//!
//! Only elements, attributes and schemes of the allow-list go in, and words are escaped. Where elements come to stand in a
//! way in which a parser would not leave them (a paragraph in a paragraph, words in a table between its cells), the
//! sanitiser has the last word. Invariant: the sanitiser gives what was built back unchanged.

use super::allowed;
use super::safe_html::{ATTRIBUTES, ELEMENTS, LINK_REL, SCHEMES, SafeHtml, has_credentials};
use std::borrow::Cow;
use url::Url;

/// Elements that hold nothing are not opened.
const VOID: &[&str] = &["br", "hr"];
const HEADINGS: &[&str] = &["h2", "h3", "h4", "h5", "h6"];
/// What these hold is rows and cells, never words.
const TABLE_PARTS: &[&str] = &["table", "tbody", "tfoot", "thead", "tr"];

/// A fragment of safe markup in the making.
pub struct Builder<'b> {
    out: String,
    open: Vec<&'static str>,
    base: Option<&'b Url>,
    /// Whether a parser leaves everything so far where it stands.
    settled: bool,
}

impl Default for Builder<'_> {
    fn default() -> Self {
        Self::new(None)
    }
}

impl<'b> Builder<'b> {
    /// Relative links are resolved against `base`, or dropped where there is none.
    #[must_use]
    pub fn new(base: Option<&'b Url>) -> Self {
        Self { out: String::new(), open: Vec::new(), base, settled: true }
    }

    /// Opens an element with those of its attributes that are kept; `false` for one that is not on the allow-list, and for a
    /// link that leads nowhere.
    pub fn open<'v>(&mut self, element: &str, attribute: impl Fn(&'static str) -> Option<&'v str>) -> bool {
        let Some(element) = ELEMENTS.iter().copied().find(|known| *known == element && !VOID.contains(known)) else {
            return false;
        };
        let kept = |name: &&'static str| -> Option<(&'static str, Cow<'v, str>)> {
            let value = attribute(name)?;
            Some((name, if *name == "href" { self.address(value)? } else { value.into() }))
        };
        let attributes: Vec<_> = kept_attributes(element).iter().filter_map(kept).collect();
        if element == "a" && attributes.is_empty() {
            return false;
        }
        self.settled &= self.fits(element);
        self.out.push('<');
        self.out.push_str(element);
        for (name, value) in attributes {
            self.out.extend([" ", name, "=\""]);
            self.escaped(&value, true);
            self.out.push('"');
        }
        if element == "a" {
            self.out.extend([" rel=\"", LINK_REL, "\""]);
        }
        self.out.push('>');
        self.open.push(element);
        true
    }

    /// Closes the innermost element; white space at its end goes.
    pub fn close(&mut self) {
        if let Some(element) = self.open.pop() {
            self.out.truncate(self.out.trim_end().len());
            self.out.extend(["</", element, ">"]);
        }
    }

    /// Adds words.
    pub fn words(&mut self, words: &str) {
        let in_table = self.open.last().is_some_and(|parent| TABLE_PARTS.contains(parent));
        self.settled &= !in_table || words.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\n'));
        // A parser drops the line end with which preformatted words begin.
        let opens = self.open.last() == Some(&"pre") && self.out.ends_with("<pre>");
        self.escaped(if opens { words.trim_start_matches(['\r', '\n']) } else { words }, false);
    }

    /// Adds a line break.
    pub fn line_break(&mut self) {
        self.settled &= self.fits("br");
        self.out.push_str("<br>");
    }

    /// Adds an element that holds nothing but words.
    pub fn block(&mut self, element: &str, words: &str) {
        if self.open(element, |_| None) {
            self.words(words);
            self.close();
        }
    }

    /// Adds what is safe already.
    pub fn append(&mut self, other: &SafeHtml) {
        self.settled &= self.open.is_empty();
        self.out.push_str(other.as_str());
    }

    /// Whether a tag and no word is the last that was added.
    #[must_use]
    pub fn ends_with_tag(&self) -> bool {
        self.out.ends_with('>')
    }

    /// The markup, with every element closed.
    #[must_use]
    pub fn finish(mut self) -> SafeHtml {
        while !self.open.is_empty() {
            self.close();
        }
        // White space is trimmed until here, so the space that does not break is still one.
        let markup = if self.out.contains('\u{a0}') { self.out.replace('\u{a0}', "&nbsp;") } else { self.out };
        if self.settled { SafeHtml::built(markup) } else { SafeHtml::sanitise(&markup, self.base) }
    }

    /// Whether a parser leaves an element here (HTML §13.2.6.4.7 "in body", .9 "in table"): only what is certain.
    fn fits(&self, element: &str) -> bool {
        let parent = self.open.last().copied();
        let stands_in_place = match element {
            "caption" | "tbody" | "tfoot" | "thead" => parent == Some("table"),
            "tr" => matches!(parent, Some("tbody" | "tfoot" | "thead")),
            "td" | "th" => parent == Some("tr"),
            _ => parent.is_none_or(|parent| !TABLE_PARTS.contains(&parent)),
        };
        let in_paragraph = || {
            let within = self.open.iter().rev().take_while(|open| !matches!(**open, "caption" | "table" | "td" | "th"));
            within.into_iter().any(|open| *open == "p")
        };
        stands_in_place
            && match element {
                "a" => !self.open.contains(&"a"),
                "li" => matches!(parent, None | Some("blockquote" | "ol" | "td" | "th" | "ul")) && !in_paragraph(),
                "dd" | "dt" => matches!(parent, None | Some("blockquote" | "dl" | "td" | "th")) && !in_paragraph(),
                "blockquote" | "dl" | "hr" | "ol" | "p" | "pre" | "table" | "ul" => !in_paragraph(),
                heading if HEADINGS.contains(&heading) => {
                    !in_paragraph() && !self.open.iter().any(|open| HEADINGS.contains(open))
                }
                _ => true,
            }
    }

    /// A link as it is kept: absolute ones as written, others made absolute.
    fn address<'v>(&self, written: &'v str) -> Option<Cow<'v, str>> {
        let leads = |url: &Url| SCHEMES.contains(&url.scheme()) && !has_credentials(url);
        match Url::parse(written) {
            Ok(url) => leads(&url).then_some(Cow::Borrowed(written)),
            Err(url::ParseError::RelativeUrlWithoutBase) => {
                self.base?.join(written).ok().filter(leads).map(|url| Cow::Owned(url.into()))
            }
            Err(_) => None,
        }
    }

    fn escaped(&mut self, raw: &str, in_attribute: bool) {
        let mut from = 0;
        for (at, c) in raw.char_indices() {
            let instead = match c {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' if in_attribute => "&quot;",
                // Line ends are one character each.
                '\r' => "\n",
                c if allowed(c) => continue,
                _ => "",
            };
            self.out.extend([raw.get(from..at).unwrap_or_default(), instead]);
            from = at + c.len_utf8();
        }
        self.out.push_str(raw.get(from..).unwrap_or_default());
    }
}

fn kept_attributes(element: &str) -> &'static [&'static str] {
    ATTRIBUTES.iter().find(|(known, _)| *known == element).map_or(&[], |(_, names)| *names)
}

#[cfg(test)]
mod tests;
