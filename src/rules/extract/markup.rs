//! The markup of a run of lines, cut out of the tree: only their words and the elements around them, so that a sidebar in
//! the middle of an article, or a title in the first cell of a layout table, leaves no trace.

use super::text::{Line, NodeRef, are_parted, without_bullet};
use crate::domain::text::{Builder, SafeHtml};
use scraper::{ElementRef, Node};
use std::collections::{HashMap, HashSet};
use url::Url;

/// Elements that are kept with their tags.
const STRUCTURE: &[&str] = &[
    "blockquote",
    "caption",
    "dd",
    "dl",
    "dt",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "ol",
    "p",
    "pre",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];
const INLINE: &[&str] =
    &["a", "abbr", "b", "cite", "code", "del", "dfn", "em", "i", "ins", "q", "s", "small", "strong", "sub", "sup", "u"];
/// Blocks without a meaning of their own: their loose words become paragraphs.
const PLAIN_BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "body",
    "center",
    "details",
    "dialog",
    "dir",
    "div",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "header",
    "hgroup",
    "html",
    "legend",
    "main",
    "menu",
    "nav",
    "search",
    "section",
    "summary",
];

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
    let bulleted = bulleted.map(|line| identity(*line.block)).collect();
    let mut writer = Writer {
        wanted: &wanted,
        bulleted,
        out: Builder::new(Some(base)),
        paragraph: false,
        breaks: 0,
        last: None,
        before_bullet: false,
    };
    let unwrap = name_of(root).is_none_or(|name| matches!(name, "td" | "th" | "li" | "dd") || PLAIN_BLOCKS.contains(&name));
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
    name_of(node).is_none_or(|name| matches!(name, "table" | "tbody" | "tr" | "td") || PLAIN_BLOCKS.contains(&name))
}

/// The words of the lines and all that is around them. A page has many items side by side, and each is cut out by itself:
/// so the way to its own nodes never leads past those of the others.
struct Wanted<'a> {
    nodes: HashMap<*const Node, Ends<'a>>,
}

/// The first and the last wanted child; none of a leaf.
type Ends<'a> = Option<(NodeRef<'a>, NodeRef<'a>)>;

impl<'a> Wanted<'a> {
    /// `lines` are in the order of the page.
    fn of(lines: &[Line<'a>]) -> Self {
        let mut nodes: HashMap<*const Node, Ends<'a>> = HashMap::new();
        for leaf in lines.iter().flat_map(|line| &line.leaves) {
            let mut node = *leaf;
            let mut fresh = nodes.insert(identity(node), None).is_none();
            while let Some(parent) = node.parent().filter(|_| fresh) {
                fresh = !nodes.contains_key(&identity(parent));
                let ends = nodes.entry(identity(parent)).or_default();
                *ends = Some((ends.map_or(node, |(first, _)| first), node));
                node = parent;
            }
        }
        Self { nodes }
    }

    fn contains(&self, node: NodeRef<'a>) -> bool {
        self.nodes.contains_key(&identity(node))
    }

    fn only_child(&self, node: NodeRef<'a>) -> Option<NodeRef<'a>> {
        let (first, last) = (*self.nodes.get(&identity(node))?)?;
        (first.id() == last.id()).then_some(first)
    }

    /// From the first wanted child to the last, with what stands between them.
    fn children(&self, node: NodeRef<'a>) -> impl Iterator<Item = NodeRef<'a>> + use<'a> {
        let ends = self.nodes.get(&identity(node)).copied().flatten();
        let last = ends.map(|(_, last)| last.id());
        std::iter::successors(ends.map(|(first, _)| first), move |node| node.next_sibling().filter(|_| Some(node.id()) != last))
    }
}

/// Where its value lies; the tree holds still while lines borrow it.
fn identity(node: NodeRef<'_>) -> *const Node {
    std::ptr::from_ref(node.value())
}

struct Writer<'w, 'a> {
    wanted: &'w Wanted<'a>,
    /// Paragraphs that begin with a bullet, as Word writes items of a list.
    bulleted: HashSet<*const Node>,
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
            let is_item = self.bulleted.contains(&identity(child)) && !matches!(name_of(node), Some("li"));
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
                if let Some(element) = ElementRef::wrap(node) {
                    self.element(element, loose);
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
        let name = match element.value().name() {
            "h1" => "h2",
            "div" | "p" | "span" if element.attr("role") == Some("heading") => "h3",
            name => name,
        };
        if PLAIN_BLOCKS.contains(&name) {
            self.end_paragraph();
            self.children(*element, loose);
            self.end_paragraph();
        } else if STRUCTURE.contains(&name) {
            self.end_paragraph();
            self.breaks = 0;
            self.open(element, name);
            // Blocks directly within a quotation are paragraphs; within an item or a cell they need no tag.
            self.children(*element, name == "blockquote");
            self.end_paragraph();
            self.out.close();
        } else if INLINE.contains(&name) {
            self.begin_paragraph(loose);
            self.open(element, name);
            self.children(*element, false);
            self.out.close();
        } else {
            self.children(*element, loose);
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

    fn open(&mut self, element: ElementRef<'a>, name: &str) {
        // A firewall's address for a person's is no link.
        self.out.open(name, |attribute| element.attr(attribute).filter(|value| !value.starts_with("/cdn-cgi/")));
    }
}
