//! What `extract` is measured against: html5ever alone, with the leanest sink that still leaves a tree to read.
//!
//! An arena of nodes with names, attributes, text and children; nothing is interned, sorted or looked up for later use.

use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::{Attribute, ParseOpts, QualName, parse_document};
use std::borrow::Cow;
use std::cell::{Ref, RefCell};

/// Parses a page of UTF-8 and gives the number of its nodes.
pub fn lean(markup: &str) -> usize {
    parse_document(Sink::default(), ParseOpts::default()).one(markup).len()
}

/// The same with the tree that `extract` reads.
pub fn scraper(markup: &str) -> usize {
    scraper::Html::parse_document(markup).tree.values().len()
}

/// The same with the tree that html5ever's own examples use.
pub fn rcdom(markup: &str) -> usize {
    let dom = parse_document(markup5ever_rcdom::RcDom::default(), ParseOpts::default()).one(markup);
    dom.document.children.borrow().len()
}

struct Node {
    parent: Option<usize>,
    children: Vec<usize>,
    content: Content,
}

#[expect(dead_code, reason = "kept as a reader of the tree would need it")]
enum Content {
    Document,
    Element(QualName, Vec<Attribute>),
    Text(StrTendril),
    Other(StrTendril),
}

struct Sink {
    nodes: RefCell<Vec<Node>>,
}

impl Default for Sink {
    fn default() -> Self {
        Self { nodes: RefCell::new(vec![Node { parent: None, children: Vec::new(), content: Content::Document }]) }
    }
}

impl Sink {
    fn add(&self, content: Content) -> usize {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node { parent: None, children: Vec::new(), content });
        nodes.len() - 1
    }

    /// Puts `child` at a place among the children of `parent`; words join the words before them.
    fn insert(&self, parent: usize, at: usize, child: NodeOrText<usize>) {
        let child = match child {
            NodeOrText::AppendNode(node) => node,
            NodeOrText::AppendText(words) => {
                let mut nodes = self.nodes.borrow_mut();
                let before = at.checked_sub(1).map(|before| nodes[parent].children[before]);
                if let Some(Content::Text(known)) = before.map(|before| &mut nodes[before].content) {
                    known.push_tendril(&words);
                    return;
                }
                drop(nodes);
                self.add(Content::Text(words))
            }
        };
        self.remove_from_parent(&child);
        let mut nodes = self.nodes.borrow_mut();
        nodes[child].parent = Some(parent);
        nodes[parent].children.insert(at, child);
    }

    fn place(&self, node: usize) -> Option<(usize, usize)> {
        let nodes = self.nodes.borrow();
        let parent = nodes[node].parent?;
        let at = nodes[parent].children.iter().rposition(|child| *child == node)?;
        Some((parent, at))
    }
}

impl TreeSink for Sink {
    type Handle = usize;
    type Output = Vec<Node>;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Vec<Node> {
        self.nodes.into_inner()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> usize {
        0
    }

    fn elem_name<'a>(&'a self, target: &'a usize) -> Ref<'a, QualName> {
        Ref::map(self.nodes.borrow(), |nodes| match &nodes[*target].content {
            Content::Element(name, _) => name,
            Content::Document | Content::Text(_) | Content::Other(_) => panic!("not an element"),
        })
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> usize {
        self.add(Content::Element(name, attributes))
    }

    fn create_comment(&self, text: StrTendril) -> usize {
        self.add(Content::Other(text))
    }

    fn create_pi(&self, _: StrTendril, data: StrTendril) -> usize {
        self.add(Content::Other(data))
    }

    fn append(&self, parent: &usize, child: NodeOrText<usize>) {
        let at = self.nodes.borrow()[*parent].children.len();
        self.insert(*parent, at, child);
    }

    fn append_based_on_parent_node(&self, element: &usize, previous: &usize, child: NodeOrText<usize>) {
        if self.nodes.borrow()[*element].parent.is_some() {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, name: StrTendril, _: StrTendril, _: StrTendril) {
        let node = self.add(Content::Other(name));
        self.append(&0, NodeOrText::AppendNode(node));
    }

    fn get_template_contents(&self, target: &usize) -> usize {
        *target
    }

    fn same_node(&self, one: &usize, other: &usize) -> bool {
        one == other
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &usize, child: NodeOrText<usize>) {
        if let Some((parent, at)) = self.place(*sibling) {
            self.insert(parent, at, child);
        }
    }

    fn add_attrs_if_missing(&self, target: &usize, attributes: Vec<Attribute>) {
        if let Content::Element(_, known) = &mut self.nodes.borrow_mut()[*target].content {
            for attribute in attributes {
                if known.iter().all(|old| old.name != attribute.name) {
                    known.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &usize) {
        if let Some((parent, at)) = self.place(*target) {
            let mut nodes = self.nodes.borrow_mut();
            nodes[parent].children.remove(at);
            nodes[*target].parent = None;
        }
    }

    fn reparent_children(&self, node: &usize, new_parent: &usize) {
        let mut nodes = self.nodes.borrow_mut();
        let children = std::mem::take(&mut nodes[*node].children);
        for child in &children {
            nodes[*child].parent = Some(*new_parent);
        }
        nodes[*new_parent].children.extend(children);
    }
}
