//! The markup of a run of lines, cut out of the tree: only their words and the elements around them, so that a sidebar in
//! the middle of an article, or a title in the first cell of a layout table, leaves no trace.

use super::document::{is_struck, words_of};
use super::text::{Line, NodeRef, are_parted, without_bullet};
use crate::domain::text::{Builder, SafeHtml};
use ego_tree::NodeId;
use html5ever::{LocalName, local_name};
use rustc_hash::{FxHashMap, FxHashSet};
use scraper::{ElementRef, Node};
use url::Url;

/// What becomes of an element.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// A block that is kept with its tag.
    Structure,
    /// Words within a line, kept with its tag.
    Inline,
    /// A block without a meaning of its own: its loose words become paragraphs.
    PlainBlock,
    /// Its words alone are kept.
    Other,
}

impl Role {
    fn of(name: &LocalName) -> Self {
        match *name {
            local_name!("h1")
            | local_name!("blockquote")
            | local_name!("caption")
            | local_name!("dd")
            | local_name!("dl")
            | local_name!("dt")
            | local_name!("h2")
            | local_name!("h3")
            | local_name!("h4")
            | local_name!("h5")
            | local_name!("h6")
            | local_name!("li")
            | local_name!("ol")
            | local_name!("p")
            | local_name!("pre")
            | local_name!("table")
            | local_name!("tbody")
            | local_name!("td")
            | local_name!("tfoot")
            | local_name!("th")
            | local_name!("thead")
            | local_name!("tr")
            | local_name!("ul") => Self::Structure,
            local_name!("a")
            | local_name!("abbr")
            | local_name!("b")
            | local_name!("cite")
            | local_name!("code")
            | local_name!("del")
            | local_name!("dfn")
            | local_name!("em")
            | local_name!("i")
            | local_name!("ins")
            | local_name!("q")
            | local_name!("s")
            | local_name!("small")
            | local_name!("strong")
            | local_name!("sub")
            | local_name!("sup")
            | local_name!("u") => Self::Inline,
            local_name!("address")
            | local_name!("article")
            | local_name!("aside")
            | local_name!("body")
            | local_name!("center")
            | local_name!("details")
            | local_name!("dialog")
            | local_name!("dir")
            | local_name!("div")
            | local_name!("fieldset")
            | local_name!("figcaption")
            | local_name!("figure")
            | local_name!("footer")
            | local_name!("form")
            | local_name!("header")
            | local_name!("hgroup")
            | local_name!("html")
            | local_name!("legend")
            | local_name!("main")
            | local_name!("menu")
            | local_name!("nav")
            | local_name!("search")
            | local_name!("section")
            | local_name!("summary") => Self::PlainBlock,
            _ => Self::Other,
        }
    }
}

/// The markup of `lines`; relative links are resolved against `base`.
pub(crate) fn of(lines: &[Line<'_>], base: &Url) -> SafeHtml {
    let Some(first) = lines.iter().find_map(|line| line.leaves.first()) else {
        return SafeHtml::default();
    };
    let wanted = Wanted::of(lines);
    let Some(mut root) = std::iter::successors(Some(*first), NodeRef::parent).last() else {
        return SafeHtml::default();
    };
    // Down to the first element that holds more than one part of the lines, through layout tables and wrappers.
    while let Some(only) = wanted.only_child(root).filter(|_| passes_through(root)) {
        root = only;
    }
    // Rows without their table would lose their cells.
    while matches!(name_of(root), Some("tr" | "tbody" | "thead" | "tfoot")) {
        let Some(parent) = root.parent() else { break };
        root = parent;
    }
    let bulleted = lines.iter().filter(|line| line.bulleted && name_of(*line.block) == Some("p"));
    let bulleted = bulleted.map(|line| line.block.id()).collect();
    let mut writer = Writer {
        wanted: &wanted,
        bulleted,
        out: Builder::new(Some(base)),
        paragraph: false,
        breaks: 0,
        last: None,
        before_bullet: false,
    };
    let unwrap = name_of(root).is_none_or(|name| matches!(name, "td" | "th" | "li" | "dd")) || is_plain(root);
    if unwrap && !root.value().is_text() {
        writer.children(root, true);
    } else {
        writer.node(root, true);
    }
    writer.end_paragraph();
    writer.out.finish()
}

fn name_of(node: NodeRef<'_>) -> Option<&str> {
    node.value().as_element().map(scraper::node::Element::name)
}

fn passes_through(node: NodeRef<'_>) -> bool {
    name_of(node).is_none_or(|name| matches!(name, "table" | "tbody" | "tr" | "td")) || is_plain(node)
}

fn is_plain(node: NodeRef<'_>) -> bool {
    node.value().as_element().is_some_and(|element| Role::of(&element.name.local) == Role::PlainBlock)
}

/// The words of the lines and all that is around them. A page has many items side by side, and each is cut out by itself:
/// so the way to its own nodes never leads past those of the others.
struct Wanted {
    words: FxHashSet<NodeId>,
    /// The first and the last wanted child of each element around them.
    around: FxHashMap<NodeId, (NodeId, NodeId)>,
}

impl Wanted {
    /// `lines` are in the order of the page.
    fn of(lines: &[Line<'_>]) -> Self {
        let mut wanted = Self { words: FxHashSet::default(), around: FxHashMap::default() };
        for leaf in lines.iter().flat_map(|line| &line.leaves) {
            let mut node = *leaf;
            let mut fresh = wanted.words.insert(node.id());
            while let Some(parent) = node.parent().filter(|_| fresh) {
                let mut known = true;
                let ends = wanted.around.entry(parent.id()).or_insert_with(|| {
                    known = false;
                    (node.id(), node.id())
                });
                ends.1 = node.id();
                fresh = !known;
                node = parent;
            }
        }
        wanted
    }

    fn contains(&self, node: NodeRef<'_>) -> bool {
        self.words.contains(&node.id()) || self.around.contains_key(&node.id())
    }

    fn only_child<'a>(&self, node: NodeRef<'a>) -> Option<NodeRef<'a>> {
        let (first, last) = self.around.get(&node.id())?;
        node.tree().get(*first).filter(|_| first == last)
    }

    /// From the first wanted child to the last, with what stands between them.
    fn children<'a>(&self, node: NodeRef<'a>) -> impl Iterator<Item = NodeRef<'a>> + use<'a> {
        let ends = self.around.get(&node.id()).copied();
        let first = ends.and_then(|(first, _)| node.tree().get(first));
        let last = ends.map(|(_, last)| last);
        std::iter::successors(first, move |node| node.next_sibling().filter(|_| Some(node.id()) != last))
    }
}

struct Writer<'w, 'a> {
    wanted: &'w Wanted,
    /// Paragraphs that begin with a bullet, as Word writes items of a list.
    bulleted: FxHashSet<NodeId>,
    /// Whether the bullet of an item is still to come.
    before_bullet: bool,
    out: Builder<'w>,
    paragraph: bool,
    /// Line breaks seen since the last words.
    breaks: usize,
    /// The text node of the last words.
    last: Option<NodeRef<'a>>,
}

impl<'a> Writer<'_, 'a> {
    /// `loose`: words here stand in no paragraph, item or cell of their own.
    fn children(&mut self, node: NodeRef<'a>, loose: bool) {
        let mut listing = false;
        for child in self.wanted.children(node) {
            let is_item = self.bulleted.contains(&child.id()) && !matches!(name_of(node), Some("li"));
            let says_something =
                self.wanted.contains(child) && child.value().as_text().is_none_or(|text| !text.trim().is_empty());
            if is_item && !listing {
                self.end_paragraph();
                self.out.open("ul", |_| None);
            } else if listing && !is_item && says_something {
                self.out.close();
            }
            listing = is_item || (listing && !says_something);
            if is_item {
                self.item(child);
            } else {
                self.node(child, loose);
            }
        }
        if listing {
            self.out.close();
        }
    }

    /// A paragraph that begins with a bullet, as an item.
    fn item(&mut self, paragraph: NodeRef<'a>) {
        self.breaks = 0;
        self.out.open("li", |_| None);
        self.before_bullet = true;
        self.children(paragraph, false);
        self.before_bullet = false;
        self.out.close();
    }

    fn node(&mut self, node: NodeRef<'a>, loose: bool) {
        if name_of(node) == Some("br") {
            self.breaks += 1;
            return;
        }
        if !self.wanted.contains(node) {
            return;
        }
        match node.value() {
            Node::Text(text) => {
                if self.last.is_some_and(|last| are_parted(last, node)) {
                    self.words(" ", false);
                }
                self.last = Some(node);
                self.words(text, loose);
            }
            Node::Element(_) => {
                let Some(element) = ElementRef::wrap(node) else { return };
                match words_of(element, element.parent().and_then(ElementRef::wrap), false) {
                    // A picture or a box that was read as a word.
                    Some(words) if self.wanted.words.contains(&node.id()) => self.words(&format!(" {words} "), loose),
                    _ => self.element(element, loose),
                }
            }
            Node::Document | Node::Fragment => self.children(node, loose),
            Node::Doctype(_) | Node::Comment(_) | Node::ProcessingInstruction(_) => {}
        }
    }

    fn words(&mut self, text: &str, loose: bool) {
        if text.trim().is_empty() && loose && !self.paragraph {
            return;
        }
        let text = if self.before_bullet { without_bullet(text.trim_start()) } else { text };
        if text.is_empty() {
            return;
        }
        self.before_bullet = false;
        self.begin_paragraph(loose);
        if self.breaks > 0 && !self.out.ends_with_tag() {
            self.out.line_break();
        }
        self.breaks = 0;
        self.out.words(text);
    }

    fn element(&mut self, element: ElementRef<'a>, loose: bool) {
        let (name, role) = match element.value().name() {
            "h1" => ("h2", Role::Structure),
            "div" | "p" | "span" if element.attr("role") == Some("heading") => ("h3", Role::Structure),
            "strike" => ("s", Role::Inline),
            "span" if is_struck(element, element.attr("style")) => ("s", Role::Inline),
            name => (name, Role::of(&element.value().name.local)),
        };
        match role {
            Role::PlainBlock => {
                self.end_paragraph();
                self.children(*element, loose);
                self.end_paragraph();
            }
            Role::Structure => {
                self.end_paragraph();
                self.breaks = 0;
                self.open(element, name);
                // Blocks directly within a quotation are paragraphs; within an item or a cell they need no tag.
                self.children(*element, name == "blockquote");
                self.end_paragraph();
                self.out.close();
            }
            Role::Inline => {
                self.begin_paragraph(loose);
                self.open(element, name);
                self.children(*element, false);
                self.out.close();
            }
            Role::Other => self.children(*element, loose),
        }
    }

    fn begin_paragraph(&mut self, loose: bool) {
        if !loose {
            return;
        }
        // Two line breaks in loose text part paragraphs.
        if self.breaks > 1 {
            self.end_paragraph();
        }
        if !self.paragraph {
            self.out.open("p", |_| None);
            self.paragraph = true;
            self.breaks = 0;
        }
    }

    fn end_paragraph(&mut self) {
        if std::mem::take(&mut self.paragraph) {
            self.out.close();
        }
    }

    fn open(&mut self, element: ElementRef<'_>, name: &str) {
        // A firewall's address for a person's is no link.
        self.out.open(name, |attribute| element.attr(attribute).filter(|value| !value.starts_with("/cdn-cgi/")));
    }
}
