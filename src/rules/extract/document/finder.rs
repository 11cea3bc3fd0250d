//! Finds elements by the selectors of the program, asking as few elements as possible.

use super::compiled::{Needs, compiled};
use ego_tree::NodeId;
use memchr::memmem;
use scraper::{ElementRef, Html};
use std::cell::OnceCell;
use std::collections::HashMap;

/// What is known of a page before its elements are asked.
pub(super) struct Finder {
    /// The page as it was decoded.
    source: String,
    /// Elements by name, each kind in the tree's order; found out when it is first asked for.
    named: OnceCell<HashMap<String, Vec<NodeId>>>,
}

impl Finder {
    pub(super) fn new(source: String) -> Self {
        Self { source, named: OnceCell::new() }
    }

    pub(super) fn source(&self) -> &str {
        &self.source
    }

    /// The elements that a selector matches, in the tree's order.
    pub(super) fn find<'a>(&'a self, html: &'a Html, css: &'static str) -> impl Iterator<Item = ElementRef<'a>> + use<'a> {
        let compiled = compiled(css);
        let possible = compiled.iter().flat_map(|known| &known.needs).filter(|needs| self.may_meet(html, needs));
        let mut names: Vec<Option<&str>> = possible.map(|needs| needs.name.as_deref()).collect();
        names.dedup();
        let asked: Box<dyn Iterator<Item = ElementRef<'a>> + 'a> = match names.as_slice() {
            [] => Box::new(std::iter::empty()),
            [Some(name)] => {
                let places = self.named(html).get(*name).map(Vec::as_slice).unwrap_or_default();
                Box::new(places.iter().filter_map(|id| html.tree.get(*id)).filter_map(ElementRef::wrap))
            }
            _ => Box::new(html.tree.nodes().filter_map(ElementRef::wrap)),
        };
        asked.filter(move |element| compiled.as_ref().is_some_and(|known| known.selector.matches(element)))
    }

    fn may_meet(&self, html: &Html, needs: &Needs) -> bool {
        let written = |word: &String| memmem::find(self.source.as_bytes(), word.as_bytes()).is_some();
        needs.words.iter().all(written) && needs.name.as_ref().is_none_or(|name| self.named(html).contains_key(name))
    }

    fn named(&self, html: &Html) -> &HashMap<String, Vec<NodeId>> {
        self.named.get_or_init(|| {
            let mut named: HashMap<String, Vec<NodeId>> = HashMap::new();
            for element in html.tree.nodes().filter_map(ElementRef::wrap) {
                let name = element.value().name();
                match named.get_mut(name) {
                    Some(places) => places.push(element.id()),
                    None => drop(named.insert(name.to_owned(), vec![element.id()])),
                }
            }
            named
        })
    }
}
