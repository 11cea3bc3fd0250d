//! A page, parsed once: what all readers share. Noise and chrome are told apart here, links are made absolute, and the
//! page is seen as lines of text that still know their markup.

mod boxes;
mod called;
mod chrome;
mod compiled;
mod figures;
mod finder;
mod folds;
mod links;
mod marks;
mod notices;
mod shown;
mod tabs;
mod walk;

use super::markup;
use super::parse::{self, Tree};
use super::related::{self, About};
use super::text::{self, Line};
use super::trail::Trail;
use super::volatile::is_volatile;
use crate::domain::text::{SafeHtml, Text};
use finder::{Finder, Source};
use folds::Opened;
use html5ever::local_name;
use scraper::{ElementRef, Html};
use std::cell::OnceCell;
use tabs::Tabs;
use url::Url;

pub(in crate::rules::extract) use chrome::is_footer_of_headline;
pub(crate) use compiled::selector;
pub(crate) use links::Link;
pub(in crate::rules::extract) use marks::{Marks, classes};
pub(in crate::rules::extract) use notices::{
    gives_particulars, is_called_notice, is_in_content, is_meant_for_page, is_notice_above_headline, is_notice_of_page,
    is_of_filing, is_of_whole_site, is_phrase, speaks_for_itself, speaks_of_services, tells, tells_of_change,
};
pub(in crate::rules::extract) use shown::{is_struck, stands_no_more, words_of};
pub(super) use walk::is_block;

/// A parsed page: what documents borrow from.
pub(crate) struct Parsed {
    html: Html,
    base: Url,
    source: Source,
    /// What of the page was left out, for an admin.
    pub(crate) warnings: Vec<String>,
}

impl Parsed {
    /// Parses a decoded page; the only place that does.
    ///
    /// # Errors
    /// A sentence on why the page is not one that can be parsed within bounds.
    pub(crate) fn of(decoded: &str, url: &Url) -> Result<Self, String> {
        let Tree { mut html, written, warnings } = parse::parse(decoded)?;
        let source = Source::of(written);
        let (mut base, mut figures) = (None, Vec::new());
        for node in html.tree.nodes() {
            if let Some(text) = node.value().as_text() {
                figures.extend(figures::of(node.id(), text));
            } else if let Some(element) =
                node.value().as_element().filter(|e| base.is_none() && e.name.local == local_name!("base"))
            {
                base = element.attr("href").and_then(|href| url.join(href.trim()).ok());
            }
        }
        figures::write_in_order(&mut html, &figures);
        let base = base.filter(|b| matches!(b.scheme(), "http" | "https")).unwrap_or_else(|| url.clone());
        Ok(Self { html, base, source, warnings })
    }
}

/// A page as readers see it.
pub(crate) struct Document<'a> {
    /// The tree, for selectors.
    pub(crate) html: &'a Html,
    /// What relative links are relative to: the page's address, or its `<base>`.
    pub(crate) base: &'a Url,
    /// Where readers note what they found and why.
    pub(crate) trail: Trail,
    source: &'a Source,
    finder: Finder<'a>,
    /// What its elements are called.
    names: called::Names<'a>,
    /// The page's lines, once somebody has asked for them.
    lines: OnceCell<Vec<Line<'a>>>,
    /// What controls of the page open, once somebody has asked.
    opened: OnceCell<Opened<'a>>,
    /// The tabs over panels, once somebody has asked.
    tabs: OnceCell<Tabs<'a>>,
    /// Its content root, once somebody has asked.
    content: OnceCell<ElementRef<'a>>,
}

impl<'a> Document<'a> {
    /// The page whose readers note what they find in `trail`.
    pub(crate) fn of(parsed: &'a Parsed, trail: &Trail) -> Self {
        Self::with(&parsed.html, &parsed.base, &parsed.source, trail)
    }

    /// The same page with another tree: with something left out.
    pub(crate) fn with_tree<'b>(&'b self, html: &'b Html) -> Document<'b> {
        Document::with(html, self.base, self.source, &self.trail)
    }

    fn with(html: &'a Html, base: &'a Url, source: &'a Source, trail: &Trail) -> Self {
        let finder = Finder::new(source, html);
        let (lines, opened, tabs, content) = (OnceCell::new(), OnceCell::new(), OnceCell::new(), OnceCell::new());
        let names = called::Names::default();
        Self { html, base, trail: trail.clone(), source, finder, names, lines, opened, tabs, content }
    }

    /// The first element that a selector finds, in document order; `None` for a selector that does not parse.
    pub(crate) fn first(&self, css: &'static str) -> Option<ElementRef<'a>> {
        self.finder.find(css).next()
    }

    /// All elements that a selector finds, in document order.
    pub(crate) fn all(&self, css: &'static str) -> Vec<ElementRef<'a>> {
        self.finder.all(css).to_vec()
    }

    /// Whether an attribute of the page holds these words, which are in lower case, in any case.
    pub(crate) fn is_written(&self, words: &str) -> bool {
        self.source.holds(words)
    }

    /// Asks of an element for the nearest one, itself or around it, that a selector finds.
    pub(crate) fn nearest(&self, css: &'static str) -> impl Fn(ElementRef<'a>) -> Option<ElementRef<'a>> + use<'a> {
        let found: rustc_hash::FxHashSet<_> = self.all(css).into_iter().map(|element| element.id()).collect();
        move |element| {
            if found.is_empty() {
                return None;
            }
            let mut above = std::iter::once(element).chain(element.ancestors().filter_map(ElementRef::wrap));
            above.find(|element| found.contains(&element.id()))
        }
    }

    /// The lines of the whole page, without noise; chrome is marked, not dropped.
    pub(crate) fn lines(&self) -> Vec<Line<'a>> {
        self.all_lines().to_vec()
    }

    /// The same, to look at.
    pub(crate) fn all_lines(&self) -> &[Line<'a>] {
        self.lines.get_or_init(|| walk::lines(self.html.root_element(), self))
    }

    /// The lines within one element. The body's are the whole page's, which has them already.
    pub(crate) fn lines_of(&self, root: ElementRef<'a>) -> Vec<Line<'a>> {
        let page = self.html.root_element().id();
        let is_body = || root.value().name() == "body" && root.parent().is_some_and(|parent| parent.id() == page);
        if (root.id() == page || is_body()) && !self.all_lines().is_empty() {
            return self.lines();
        }
        walk::lines(root, self)
    }

    /// The ids of what buttons and links open.
    fn opened(&self) -> &Opened<'a> {
        self.opened.get_or_init(|| folds::opened(&self.all("[aria-controls]")))
    }

    /// The tabs over its panels.
    fn tabs(&self) -> &Tabs<'a> {
        self.tabs.get_or_init(|| Tabs::of(&self.all("[role=tab]")))
    }

    /// The content root: ModernGov's own block, the page's main element, or the whole page.
    pub(crate) fn content(&self) -> ElementRef<'a> {
        const ROOTS: &[&str] =
            &["#modgov .mgContent", "#modgov", ".mgContent", "main", "[role=main]", "#main-article", "#main-content", "#content"];
        *self.content.get_or_init(|| {
            let found = ROOTS.iter().find_map(|css| self.first(css).filter(|e| e.text().any(|t| !t.trim().is_empty())));
            found.or_else(|| self.first("body")).unwrap_or_else(|| self.html.root_element())
        })
    }

    /// Lines as a body: plain text, one paragraph or list item a line, and the same as sanitised markup.
    /// What is another at each visit is no part of it.
    pub(crate) fn body(&self, lines: &[Line<'_>]) -> (Text, SafeHtml) {
        let of = |lines: &[Line<'_>]| (text::plain(lines), markup::of(lines, self.base));
        if !lines.iter().any(|line| is_volatile(line) || related::opens(line, About::Anything)) {
            return of(lines);
        }
        let lasting: Vec<Line<'_>> = lines.iter().filter(|line| !is_volatile(line)).cloned().collect();
        of(&related::without(&lasting, About::Anything))
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
impl Document<'static> {
    /// A page that lives as long as the test.
    pub(crate) fn parse(markup: &str, url: &Url) -> Result<Self, String> {
        Ok(Self::of(Box::leak(Box::new(Parsed::of(markup, url)?)), &Trail::default()))
    }
}

#[cfg(test)]
mod tests;
