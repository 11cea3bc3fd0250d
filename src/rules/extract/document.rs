//! A page, parsed once: what all readers share. Noise and chrome are told apart here, links are made absolute, and the
//! page is seen as lines of text that still know their markup.

mod chrome;
mod compiled;
mod finder;
mod kept;
mod links;
mod walk;

use super::gate;
use super::markup;
use super::text::{self, Line};
use super::trail::Trail;
use crate::domain::text::{SafeHtml, Text};
use finder::Finder;
use kept::Kept;
use scraper::{ElementRef, Html};
use std::cell::Cell;
use url::Url;

pub(crate) use compiled::selector;
pub(crate) use links::Link;

/// A parsed page.
pub(crate) struct Document {
    /// The tree, for selectors.
    pub(crate) html: Html,
    /// What relative links are relative to: the page's address, or its `<base>`.
    pub(crate) base: Url,
    /// Where readers note what they found and why.
    pub(crate) trail: Trail,
    finder: Finder,
    /// The page's lines, where somebody has made them and left them.
    left: Cell<Option<Vec<Kept>>>,
}

impl Document {
    /// Parses a decoded page; the only place that does.
    ///
    /// # Errors
    /// A sentence on why the page is not one that can be parsed within bounds.
    pub(crate) fn parse(decoded: &str, url: &Url) -> Result<Self, String> {
        let html = Html::parse_document(&gate::passable(decoded)?);
        let finder = Finder::new(decoded.to_owned());
        let base = finder.find(&html, "base[href]").next().and_then(|e| url.join(e.attr("href")?.trim()).ok());
        let base = base.filter(|b| matches!(b.scheme(), "http" | "https")).unwrap_or_else(|| url.clone());
        Ok(Self { html, base, trail: Trail::default(), finder, left: Cell::default() })
    }

    /// The first element that a selector finds, in document order; `None` for a selector that does not parse.
    pub(crate) fn first(&self, css: &'static str) -> Option<ElementRef<'_>> {
        self.finder.find(&self.html, css).next()
    }

    /// All elements that a selector finds, in document order.
    pub(crate) fn all(&self, css: &'static str) -> Vec<ElementRef<'_>> {
        self.finder.find(&self.html, css).collect()
    }

    /// The same page, whose readers note what they find.
    pub(crate) fn noting_in(self, trail: &Trail) -> Self {
        Self { trail: trail.clone(), ..self }
    }

    /// The same page with another tree: with something left out.
    pub(crate) fn with_tree(&self, html: Html) -> Self {
        let finder = Finder::new(self.finder.source().to_owned());
        Self { html, base: self.base.clone(), trail: self.trail.clone(), finder, left: Cell::default() }
    }

    /// Asks of an element for the nearest one, itself or around it, that a selector finds.
    pub(crate) fn nearest<'a>(&'a self, css: &'static str) -> impl Fn(ElementRef<'a>) -> Option<ElementRef<'a>> + use<'a> {
        let found: std::collections::HashSet<_> = self.all(css).into_iter().map(|element| element.id()).collect();
        move |element| {
            if found.is_empty() {
                return None;
            }
            let mut above = std::iter::once(element).chain(element.ancestors().filter_map(ElementRef::wrap));
            above.find(|element| found.contains(&element.id()))
        }
    }

    /// The lines of the whole page, without noise; chrome is marked, not dropped.
    pub(crate) fn lines(&self) -> Vec<Line<'_>> {
        let left = self.left.take();
        let again = left.and_then(|left| left.into_iter().map(|line| line.line(&self.html, &self.base)).collect());
        again.unwrap_or_else(|| self.lines_of(self.html.root_element()))
    }

    /// Gives the page's lines back, unchanged, for the next who asks for them.
    pub(crate) fn leave(&self, lines: Vec<Line<'_>>) {
        self.left.set(Some(lines.into_iter().map(Kept::from).collect()));
    }

    /// The lines within one element.
    pub(crate) fn lines_of<'a>(&'a self, root: ElementRef<'a>) -> Vec<Line<'a>> {
        walk::lines(root, &self.base)
    }

    /// The content root: ModernGov's own block, the page's main element, or the whole page.
    pub(crate) fn content(&self) -> ElementRef<'_> {
        const ROOTS: &[&str] =
            &["#modgov .mgContent", "#modgov", ".mgContent", "main", "[role=main]", "#main-article", "#main-content", "#content"];
        let found = ROOTS.iter().find_map(|css| self.first(css).filter(|e| e.text().any(|t| !t.trim().is_empty())));
        found.or_else(|| self.first("body")).unwrap_or_else(|| self.html.root_element())
    }

    /// Lines as a body: plain text, one paragraph or list item a line, and the same as sanitised markup.
    pub(crate) fn body(&self, lines: &[Line<'_>]) -> (Text, SafeHtml) {
        (text::plain(lines), markup::of(lines, &self.base))
    }

    /// The content of `<title>`, without double encoding.
    pub(crate) fn head_title(&self) -> Option<String> {
        self.first("title").map(|e| text::decoded(&text::collapsed(&e.text().collect::<String>()))).filter(|t| !t.is_empty())
    }

    /// The content of a `<meta>` of this name, compared without case.
    pub(crate) fn meta(&self, name: &str) -> Option<String> {
        let named = self.all("meta[name]").into_iter().find(|e| e.attr("name").is_some_and(|n| n.eq_ignore_ascii_case(name)));
        named.and_then(|e| e.attr("content")).map(|c| text::decoded(&text::collapsed(c))).filter(|c| !c.is_empty())
    }
}

#[cfg(test)]
mod tests;
