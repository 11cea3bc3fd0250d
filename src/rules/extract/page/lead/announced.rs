//! Pages that announce what takes place, where only one thing does: a list of one, whatever is told beside it of how to come
//! and of what is over.

use crate::rules::extract::document::{Document, classes};
use crate::rules::extract::page::{events, occasion, story};
use crate::rules::extract::text::{Kind, Line};
use crate::rules::facts::dates;
use scraper::ElementRef;
use url::Url;

/// Elements around a link that are looked at for its entry.
const NEAR: usize = 8;
/// Longest line above an entry's link that says when or where, in bytes.
const BADGE_BYTES_MAX: usize = 60;

/// A page that announces events, and is itself none of them.
pub(super) struct Announcing<'a> {
    headline: usize,
    block: ElementRef<'a>,
}

impl<'a> Announcing<'a> {
    pub(super) fn of(document: &Document<'a>, lines: &[Line<'a>], page: &Url) -> Option<Self> {
        let headline = lines.iter().position(|line| line.kind == Kind::Heading(1))?;
        let line = lines.get(headline)?;
        let is_one = || {
            story::is_declared(document)
                || occasion::declared::is_template(document)
                || occasion::declared::of(document, &line.text).is_some()
        };
        (events::is_of_events(Some(&line.text), page) && !is_one()).then_some(Self { headline, block: line.block })
    }

    /// The entry that a link stands in by its markup, where the page has named no day of its own before it.
    pub(super) fn entry(&self, link: ElementRef<'a>, lines: &[Line<'a>]) -> Option<ElementRef<'a>> {
        let is_pages = |element: &ElementRef<'_>| self.block.ancestors().any(|above| above.id() == element.id());
        let around = link.ancestors().take(NEAR).filter_map(ElementRef::wrap);
        let entry = around.take_while(|element| !is_pages(element)).find(|element| is_entry(*element))?;
        let is_within = |line: &Line<'_>| line.block.ancestors().chain([*line.block]).any(|above| above.id() == entry.id());
        let start = lines.iter().position(is_within)?;
        let mut before = lines.get(self.headline..start)?.iter();
        // What is told above the link is no entry's badge: an article may hold all of a page's text.
        let is_link = |line: &Line<'_>| line.leaves.iter().any(|leaf| leaf.ancestors().any(|above| above.id() == link.id()));
        let mut badge = lines.iter().skip(start).take_while(|line| !is_link(line));
        let is_entrys = badge.all(|line| line.text.len() <= BADGE_BYTES_MAX);
        (is_entrys && !before.any(|line| names_day(&line.text))).then_some(entry)
    }
}

/// Whether an element is one of a list, or an event by the class or the type that microformats and schema.org give it.
fn is_entry(element: ElementRef<'_>) -> bool {
    matches!(element.value().name(), "article" | "li")
        || classes(element).any(|class| matches!(class, "vevent" | "h-event"))
        || element.attr("itemtype").is_some_and(|kind| kind.ends_with("/Event"))
}

fn names_day(text: &str) -> bool {
    dates::may_hold_any(text) && !dates::find(text).is_empty()
}

/// Whether a line tells something and links to more of it, and is not the link of an entry.
pub(super) fn is_remark(line: &Line<'_>) -> bool {
    !line.is_heading() && line.outside().trim().len() > line.links.iter().map(|link| link.text.len()).sum()
}
