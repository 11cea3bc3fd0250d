//! Lines that one reader has made and leaves to the next, so that a page is turned into lines once: their words as they
//! are, and their places in the tree as numbers, since a page cannot hold what borrows from it.

use super::links::Link;
use crate::rules::extract::text::{Kind, Line, NodeRef};
use ego_tree::NodeId;
use scraper::{ElementRef, Html};
use std::cell::OnceCell;
use url::Url;

/// A line without its borrows.
#[expect(clippy::struct_excessive_bools, reason = "four independent facts of a line")]
pub(super) struct Kept {
    text: String,
    outside: String,
    kind: Kind,
    links: Vec<KeptLink>,
    strong: bool,
    chrome: bool,
    soft: bool,
    bulleted: bool,
    marker: Option<String>,
    block: NodeId,
    leaves: Vec<NodeId>,
}

/// A link without its borrows: its anchor, its address where it is known by now, and its words.
pub(super) struct KeptLink {
    pub(super) anchor: Option<NodeId>,
    pub(super) absolute: OnceCell<Option<Url>>,
    pub(super) text: String,
}

impl From<Line<'_>> for Kept {
    fn from(line: Line<'_>) -> Self {
        let Line { text, outside, kind, links, strong, chrome, soft, bulleted, marker, block, leaves, .. } = line;
        let links = links.into_iter().map(Link::kept).collect();
        let leaves = leaves.into_iter().map(|leaf| leaf.id()).collect();
        Self { text, outside, kind, links, strong, chrome, soft, bulleted, marker, block: block.id(), leaves }
    }
}

impl Kept {
    /// The line again; `None` where the tree is not the one that it was made from.
    pub(super) fn line<'a>(self, html: &'a Html, base: &'a Url) -> Option<Line<'a>> {
        let Self { text, outside, kind, links, strong, chrome, soft, bulleted, marker, block, leaves } = self;
        let node = |id: NodeId| -> Option<NodeRef<'a>> { html.tree.get(id) };
        let element = |id: NodeId| node(id).and_then(ElementRef::wrap);
        Some(Line {
            text,
            outside,
            links: links.into_iter().map(|link| Link::again(link, element, base)).collect(),
            strong,
            soft,
            bulleted,
            marker,
            leaves: leaves.into_iter().map(node).collect::<Option<_>>()?,
            ..Line::new(element(block)?, kind, chrome)
        })
    }
}
