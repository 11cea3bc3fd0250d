//! Finds elements by the selectors of the program, asking as few elements as possible.

use super::compiled::{Needs, compiled, mark};
use super::marks::Marks;
use ego_tree::NodeId;
use html5ever::LocalName;
use memchr::memmem;
use rustc_hash::FxHashMap;
use scraper::{ElementRef, Html};
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

/// Names and values of a page's attributes, in lower case: classes and addresses that it does not hold need not be looked for.
pub(super) struct Source(String);

impl Source {
    pub(super) fn of(written: String) -> Self {
        Self(written)
    }

    /// Whether these words, which are in lower case, stand anywhere in it.
    pub(super) fn holds(&self, words: &str) -> bool {
        memmem::find(self.0.as_bytes(), words.as_bytes()).is_some()
    }
}

/// What is known of a page before its elements are asked.
pub(super) struct Finder<'a> {
    source: &'a Source,
    html: &'a Html,
    /// Elements by name, each kind in the tree's order; found out when it is first asked for.
    named: OnceCell<FxHashMap<&'a LocalName, Vec<NodeId>>>,
    /// Elements by each of their classes and their id, likewise.
    marked: OnceCell<FxHashMap<u64, Vec<NodeId>>>,
    /// Words that were looked for in the source: many selectors name the same.
    looked_for: RefCell<FxHashMap<Arc<str>, bool>>,
    /// What selectors have found: many readers ask for the same.
    found: RefCell<FxHashMap<&'static str, Rc<[ElementRef<'a>]>>>,
}

impl<'a> Finder<'a> {
    pub(super) fn new(source: &'a Source, html: &'a Html) -> Self {
        Self {
            source,
            html,
            named: OnceCell::new(),
            marked: OnceCell::new(),
            looked_for: RefCell::default(),
            found: RefCell::default(),
        }
    }

    /// All elements that a selector matches, in the tree's order; asked once.
    pub(super) fn all(&self, css: &'static str) -> Rc<[ElementRef<'a>]> {
        if let Some(known) = self.found.borrow().get(css) {
            return Rc::clone(known);
        }
        let found: Rc<[ElementRef<'a>]> = self.find(css).collect();
        self.found.borrow_mut().insert(css, Rc::clone(&found));
        found
    }

    /// The elements that a selector matches, one after the other, in the tree's order.
    pub(super) fn find<'f>(&'f self, css: &'static str) -> impl Iterator<Item = ElementRef<'a>> + use<'a, 'f> {
        let html = self.html;
        let compiled = compiled(css);
        let possible = compiled.iter().flat_map(|known| &known.needs);
        let possible: Vec<Likely> = possible.filter(|needs| self.may_meet(needs)).map(|needs| self.likely(needs)).collect();
        let at = move |id: &NodeId| html.tree.get(*id).and_then(ElementRef::wrap);
        let asked: Box<dyn Iterator<Item = ElementRef<'a>> + 'f> = match possible.as_slice() {
            [] => Box::new(std::iter::empty()),
            [Likely { places: Some(places), .. }] => Box::new(places.iter().filter_map(at)),
            several => {
                if let Some(places) = several.iter().map(|likely| likely.places).collect::<Option<Vec<_>>>() {
                    let mut all = places.concat();
                    all.sort_unstable();
                    all.dedup();
                    Box::new(all.into_iter().filter_map(move |id| at(&id)))
                } else {
                    let elements = html.tree.nodes().filter_map(ElementRef::wrap);
                    Box::new(elements.filter(move |element| possible.iter().any(|likely| likely.fits(*element))))
                }
            }
        };
        asked.filter(move |element| compiled.as_ref().is_some_and(|known| known.selector.matches(element)))
    }

    /// What tells elements that an alternative cannot find from the others at a glance.
    fn likely<'f>(&'f self, needs: &Needs) -> Likely<'a, 'f> {
        let name = needs.name.as_ref().and_then(|name| self.named().get_key_value(name));
        let marked = needs.mark.map(|mark| self.marked().get(&mark).map(Vec::as_slice).unwrap_or_default());
        let places = marked.or_else(|| name.map(|(_, places)| places.as_slice()));
        Likely { name: name.map(|(name, _)| *name), attribute: needs.attribute, places }
    }

    fn may_meet(&self, needs: &Needs) -> bool {
        needs.words.iter().all(|word| self.is_written(word))
            && needs.name.as_ref().is_none_or(|name| self.named().contains_key(name))
    }

    fn is_written(&self, word: &Arc<str>) -> bool {
        let known = self.looked_for.borrow().get(word).copied();
        known.unwrap_or_else(|| {
            let holds = self.source.holds(word);
            self.looked_for.borrow_mut().insert(Arc::clone(word), holds);
            holds
        })
    }

    fn named(&self) -> &FxHashMap<&'a LocalName, Vec<NodeId>> {
        self.named.get_or_init(|| {
            let mut named: FxHashMap<&'a LocalName, Vec<NodeId>> = FxHashMap::default();
            for element in self.html.tree.nodes().filter_map(ElementRef::wrap) {
                named.entry(&element.value().name.local).or_default().push(element.id());
            }
            named
        })
    }

    fn marked(&self) -> &FxHashMap<u64, Vec<NodeId>> {
        self.marked.get_or_init(|| {
            let mut marked: FxHashMap<u64, Vec<NodeId>> = FxHashMap::default();
            for element in self.html.tree.nodes().filter_map(ElementRef::wrap) {
                for name in Marks::of(element).names() {
                    let places = marked.entry(mark(name)).or_default();
                    // What is called so twice is one place.
                    if places.last() != Some(&element.id()) {
                        places.push(element.id());
                    }
                }
            }
            marked
        })
    }
}

/// What an element that an alternative finds is called, where that is known, whether it has an attribute, and where elements
/// of its name, class or id are, where it says one of them.
struct Likely<'a, 'f> {
    name: Option<&'a LocalName>,
    attribute: bool,
    places: Option<&'f [NodeId]>,
}

impl Likely<'_, '_> {
    fn fits(&self, element: ElementRef<'_>) -> bool {
        let element = element.value();
        !(self.attribute && element.attrs.is_empty()) && self.name.is_none_or(|name| element.name.local == *name)
    }
}
