//! One item made of several parts of a page: a meeting of its agenda items, a decision of its sections.

use super::parts::{self, Parts};
use crate::domain::item::{Decision, Document as Attached, Item};
use crate::domain::text::{Builder, Text};
use url::Url;

/// The parts so far, in the page's order.
#[derive(Default)]
pub(super) struct Whole {
    lines: Vec<String>,
    markup: Builder<'static>,
    documents: Vec<Attached>,
    decisions: Vec<Decision>,
    reasons: Vec<String>,
    options_rejected: Vec<String>,
}

impl Whole {
    /// Begins a section.
    pub(super) fn heading(&mut self, words: &str) {
        self.block("h3", words);
    }

    /// Adds a line of its own.
    pub(super) fn paragraph(&mut self, words: &str) {
        self.block("p", words);
    }

    fn block(&mut self, element: &str, words: &str) {
        self.markup.block(element, words);
        self.lines.push(words.to_owned());
    }

    /// Attaches documents.
    pub(super) fn attach(&mut self, documents: impl IntoIterator<Item = Attached>) {
        self.documents.extend(documents);
    }

    /// Adds what stands under the heading.
    pub(super) fn take(&mut self, parts: Parts) {
        self.lines.extend(parts.text.iter().map(ToString::to_string));
        parts.html.iter().for_each(|html| self.markup.append(html));
        self.documents.extend(parts.documents);
        self.decisions.extend(parts.decisions);
        self.reasons.extend(parts.reasons.as_ref().map(ToString::to_string));
        self.options_rejected.extend(parts.options_rejected.as_ref().map(ToString::to_string));
    }

    /// Whether there is neither a word nor a document.
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.documents.is_empty()
    }

    /// The documents so far.
    pub(super) fn documents(&self) -> &[Attached] {
        &self.documents
    }

    /// The item; its meeting, stage and day of publication are the caller's to add.
    pub(super) fn item(self, key: String, title: Text, url: &Url) -> Item {
        let text = self.lines.join("\n");
        let joined = |lines: &[String]| Text::new(&lines.join("\n")).or_absent();
        Item {
            html: Some(self.markup.finish()),
            documents: parts::without_repeats(self.documents),
            decisions: self.decisions,
            reasons: joined(&self.reasons),
            options_rejected: joined(&self.options_rejected),
            text: Some(Text::new(&text)),
            ..Item::bare(key, title, url.clone())
        }
    }
}
