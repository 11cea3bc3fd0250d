//! The selectors of a source file: compiled, applied, and named in a warning where they are wrong or match nothing.

use super::Whole;
use super::entries::Entry;
use crate::domain::source::Select;
use crate::rules::extract::document::{Document, selector};
use crate::rules::extract::text::{Line, folded};
use ego_tree::NodeId;
use scraper::{ElementRef, Html, Selector};
use std::collections::HashSet;
use std::sync::Arc;

/// One selector, with the name and words by which a warning speaks of it.
pub(super) struct Named {
    name: &'static str,
    css: String,
    selector: Arc<Selector>,
}

impl Named {
    /// What it matches, in document order; a warning where that is nothing.
    pub(super) fn all<'a>(&self, document: &Document<'a>, warnings: &mut Vec<String>) -> Vec<ElementRef<'a>> {
        let found: Vec<ElementRef<'a>> = document.html.select(&self.selector).collect();
        if found.is_empty() {
            warnings.push(format!("select.{} \"{}\" matches 0 elements", self.name, self.css));
        }
        found
    }

    /// The first match within an element.
    pub(super) fn within<'a>(&self, element: ElementRef<'a>) -> Option<ElementRef<'a>> {
        element.select(&self.selector).next()
    }

    /// How evidence speaks of it.
    pub(super) fn rule(&self) -> String {
        format!("select.{} \"{}\"", self.name, self.css)
    }

    /// "select.date "p.when" matches in 3 of 9 entries", once for a whole listing.
    pub(super) fn missing(&self, missing: usize, of: usize) -> Option<String> {
        (missing > 0).then(|| format!("select.{} \"{}\" matches in {} of {of} entries", self.name, self.css, of - missing))
    }
}

/// All selectors that are given.
pub(super) struct Chosen {
    pub(super) item: Option<Named>,
    pub(super) link: Option<Named>,
    pub(super) title: Option<Named>,
    pub(super) date: Option<Named>,
    pub(super) body: Option<Named>,
    pub(super) remove: Vec<Named>,
    pub(super) next: Option<Named>,
    /// Whether an admin wrote them for this page: then what they find is all that counts.
    pub(super) certain: bool,
    /// Where a body may stand that a system's habits name.
    pub(super) below: Option<Below>,
}

/// The elements that a page's own text stands in, from its headline on. The fields of its system are those of its banners,
/// its side and its foot too.
pub(super) struct Below {
    lines: HashSet<NodeId>,
    around: HashSet<NodeId>,
}

impl Below {
    /// `headline`: the line's words, as lines are compared.
    fn of(content: &[Line<'_>], headline: Option<&str>) -> Self {
        let start = content.iter().position(|line| headline.is_some_and(|headline| line.folded() == headline)).unwrap_or(0);
        let (mut lines, mut around) = (HashSet::new(), HashSet::new());
        for line in content.get(start..).unwrap_or_default() {
            lines.insert(line.block.id());
            // What is around one line that is known is known as well.
            let _ = line.block.ancestors().all(|above| around.insert(above.id()));
        }
        Self { lines, around }
    }

    pub(super) fn has(&self, element: ElementRef<'_>) -> bool {
        let stands_in = |above: NodeId| self.lines.contains(&above);
        let id = element.id();
        stands_in(id) || self.around.contains(&id) || element.ancestors().any(|above| stands_in(above.id()))
    }
}

impl Chosen {
    /// Compiles; a selector that is none is warned of and counts as empty.
    pub(super) fn of(select: &Select) -> (Self, Vec<String>) {
        let mut warnings = Vec::new();
        let mut compile = |name: &'static str, css: &str| -> Option<Named> {
            if css.trim().is_empty() {
                return None;
            }
            match Selector::parse(css) {
                Ok(selector) => Some(Named { name, css: css.to_owned(), selector: Arc::new(selector) }),
                Err(fault) => {
                    warnings.push(format!("select.{name} \"{css}\" is no CSS selector: {fault}"));
                    None
                }
            }
        };
        let chosen = Self {
            item: compile("item", &select.item),
            link: compile("link", &select.link),
            title: compile("title", &select.title),
            date: compile("date", &select.date),
            body: compile("body", &select.body),
            remove: select.remove.iter().filter_map(|css| compile("remove", css)).collect(),
            next: compile("next", &select.next),
            certain: true,
            below: None,
        };
        (chosen, warnings)
    }

    /// Nothing chosen but the first of several selectors of a body whose last part finds words below the page's headline.
    pub(super) fn known(document: &Document, page: &Whole<'_>, bodies: &[&'static str]) -> Self {
        let below = Below::of(&page.content, page.headline.as_deref().map(folded).as_deref());
        let body = bodies.iter().find_map(|css| {
            // A lead by itself is no body.
            let last = document.all(css.rsplit(", ").next()?);
            let has_words = last.iter().any(|e| below.has(*e) && e.text().any(|text| !text.trim().is_empty()));
            let selector = selector(css).filter(|_| has_words)?;
            Some(Named { name: "body", css: (*css).to_owned(), selector })
        });
        let below = Some(below);
        Self { item: None, link: None, title: None, date: None, body, remove: Vec::new(), next: None, certain: false, below }
    }
}

/// A copy of the tree without what the source file says to drop; `None` where it says nothing.
pub(super) fn without(document: &Document, remove: &[Named], warnings: &mut Vec<String>) -> Option<Html> {
    if remove.is_empty() {
        return None;
    }
    let found = remove.iter().flat_map(|named| named.all(document, warnings));
    let mut ids = Vec::new();
    for element in found {
        if element.value().name() == "html" {
            // A tree without its root is none.
            ids.extend(element.children().map(|child| child.id()));
        } else {
            ids.push(element.id());
        }
    }
    let mut html = document.html.clone();
    for id in ids {
        if let Some(mut node) = html.tree.get_mut(id) {
            node.detach();
        }
    }
    Some(html)
}

/// The entries that the `item` selector names.
pub(super) fn entries<'a>(document: &Document<'a>, item: &Named, chosen: &Chosen, warnings: &mut Vec<String>) -> Vec<Entry<'a>> {
    let found = item.all(document, warnings);
    let entries: Vec<Entry<'a>> = found.iter().filter_map(|element| Entry::chosen(*element, chosen.link.as_ref())).collect();
    if entries.len() < found.len() {
        let link = chosen.link.as_ref().map_or("a", |link| link.css.as_str());
        warnings.push(format!("select.link \"{link}\" matches in {} of {} entries", entries.len(), found.len()));
    }
    let told = [&chosen.title, &chosen.date].into_iter().flatten().filter_map(|named| {
        let missing = entries.iter().filter(|entry| entry.find(named).is_none()).count();
        named.missing(missing, entries.len())
    });
    warnings.extend(told);
    entries
}
