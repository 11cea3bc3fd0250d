//! What a reader would see of a page, as far as telling a page from a challenge needs it.

use crate::rules::extract::text::NodeRef;
use html5ever::{LocalName, local_name};
use scraper::node::Element;
use scraper::{ElementRef, Html, Node};

/// Below this many characters, firewall phrases are what the page is about rather than something it mentions.
const SHORT_CHARS: usize = 2_500;
/// Below this many characters there is no room for an article.
const BARE_CHARS: usize = 500;
/// So many headings are names of the page.
const LEADING_HEADINGS: usize = 2;
/// Titles and headings, hidden ones among them, that are looked at for the page's names.
const NAMED_MAX: usize = 64;

/// The visible text in lines, with what stands out of it.
pub(super) struct Visible {
    /// `title` and the first headings; not looked for where the whole page is.
    leads: Vec<String>,
    /// Text without scripts, styles and hidden elements; one block a line.
    pub(super) text: String,
    /// The same with the title before it and what `noscript` says after it, in lower case.
    pub(super) lowered: String,
    /// Links.
    pub(super) links: usize,
    /// Script elements.
    pub(super) scripts: usize,
    /// First- and second-level headings.
    pub(super) headings: usize,
    /// Fields for a password.
    pub(super) passwords: usize,
}

/// How much of a page is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// All of it.
    Whole,
    /// Its text until it is longer than any challenge's.
    Opening,
}

impl Visible {
    pub(super) fn of(document: &Html, extent: Extent) -> Self {
        let mut seen = Seen { text_max: if extent == Extent::Opening { SHORT_CHARS } else { usize::MAX }, ..Seen::default() };
        // By hand and without recursion, however deep the page nests.
        let mut node = document.tree.root();
        'walk: while !seen.is_enough() {
            if seen.open(node)
                && let Some(child) = node.first_child()
            {
                node = child;
                continue;
            }
            loop {
                seen.close(node.value());
                if let Some(sibling) = node.next_sibling() {
                    node = sibling;
                    break;
                }
                match node.parent() {
                    Some(parent) => node = parent,
                    None => break 'walk,
                }
            }
        }
        let Seen { text, aside, links, scripts, headings, passwords, .. } = seen;
        let text = text.finish();
        let lowered = straightened(&format!("{text}\n{aside}"));
        let leads = if extent == Extent::Opening { leads(document) } else { Vec::new() };
        Self { leads, text, lowered, links, scripts, headings, passwords }
    }

    /// The page's names for itself.
    pub(super) fn leads(&self) -> impl Iterator<Item = &str> {
        self.leads.iter().map(String::as_str)
    }

    /// Lines in lower case, `noscript` included.
    pub(super) fn lines(&self) -> impl Iterator<Item = &str> {
        self.lowered.lines().map(str::trim)
    }

    /// No longer than a challenge page.
    pub(super) fn is_short(&self) -> bool {
        self.text.len() < SHORT_CHARS && self.links <= 25
    }

    /// Hardly any text.
    pub(super) fn is_bare(&self) -> bool {
        self.text.len() < BARE_CHARS
    }
}

/// What the walk has gathered so far.
#[derive(Default)]
struct Seen {
    text: Squeezed,
    aside: String,
    links: usize,
    scripts: usize,
    headings: usize,
    passwords: usize,
    /// No more text than this is gathered, in bytes.
    text_max: usize,
}

impl Seen {
    /// Whether the rest of the page can tell nothing new.
    fn is_enough(&self) -> bool {
        self.text.is_longer(self.text_max)
    }

    /// Takes a node in; whether to go on below it.
    fn open(&mut self, node: NodeRef<'_>) -> bool {
        if let Node::Text(piece) = node.value() {
            self.text.push(piece);
        }
        let Some(element) = ElementRef::wrap(node) else { return true };
        let name = &element.value().name.local;
        self.headings += usize::from(matches!(*name, local_name!("h1") | local_name!("h2")));
        if matches!(*name, local_name!("title") | local_name!("noscript")) {
            self.aside.push('\n');
            self.aside.extend(element.text());
        }
        self.scripts += usize::from(*name == local_name!("script"));
        self.passwords += usize::from(
            *name == local_name!("input")
                && has(element.value(), |name, value| *name == local_name!("type") && value.eq_ignore_ascii_case("password")),
        );
        if hides(element.value()) {
            return false;
        }
        self.links += usize::from(*name == local_name!("a") && has(element.value(), |name, _| *name == local_name!("href")));
        if !is_inline(name) {
            self.text.end_line();
        }
        true
    }

    fn close(&mut self, node: &Node) {
        if node.as_element().is_some_and(|element| !is_inline(&element.name.local)) {
            self.text.end_line();
        }
    }
}

/// Lines without blank ones, white space collapsed.
#[derive(Default)]
struct Squeezed {
    text: String,
    /// Whether white space has come since the last word.
    spaced: bool,
}

impl Squeezed {
    fn push(&mut self, piece: &str) {
        self.spaced |= piece.starts_with(char::is_whitespace);
        for word in piece.split_whitespace() {
            if self.spaced && !self.text.is_empty() && !self.text.ends_with('\n') {
                self.text.push(' ');
            }
            self.text.push_str(word);
            self.spaced = true;
        }
        self.spaced = piece.ends_with(char::is_whitespace) || (self.spaced && piece.trim_start().is_empty());
    }

    fn end_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        self.spaced = false;
    }

    fn is_longer(&self, bytes: usize) -> bool {
        self.text.len() > bytes
    }

    fn finish(mut self) -> String {
        self.text.truncate(self.text.trim_end().len());
        self.text
    }
}

/// The page's names for itself: its first title and its first headings, those that are hidden left out.
fn leads(document: &Html) -> Vec<String> {
    let is_title = |element: &ElementRef<'_>| element.value().name.local == local_name!("title");
    let may_lead = |element: &ElementRef<'_>| {
        matches!(element.value().name.local, local_name!("title") | local_name!("h1") | local_name!("h2"))
    };
    let is_shown = |element: &ElementRef<'_>| !element.ancestors().any(|above| above.value().as_element().is_some_and(hides));
    let (mut title, mut headings) = (None, Vec::new());
    for element in document.tree.nodes().filter_map(ElementRef::wrap).filter(may_lead).take(NAMED_MAX).filter(is_shown) {
        let words = || squeezed(&element.text().collect::<String>());
        if is_title(&element) {
            title.get_or_insert_with(words);
        } else if headings.len() < LEADING_HEADINGS {
            headings.push(words());
        }
        if title.is_some() && headings.len() == LEADING_HEADINGS {
            break;
        }
    }
    title.into_iter().chain(headings).filter(|lead| !lead.is_empty()).collect()
}

/// Lower case, with typographic apostrophes made plain, as the tables of phrases are written.
pub(super) fn straightened(text: &str) -> String {
    text.to_lowercase().replace(['’', '‘'], "'")
}

fn squeezed(raw: &str) -> String {
    raw.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn hides(element: &Element) -> bool {
    matches!(
        element.name.local,
        local_name!("title")
            | local_name!("script")
            | local_name!("style")
            | local_name!("noscript")
            | local_name!("template")
            | local_name!("svg")
    ) || has(element, |name, value| match *name {
        local_name!("hidden") => true,
        local_name!("style") => is_styled_away(value),
        _ => false,
    })
}

fn has(element: &Element, mut attribute: impl FnMut(&LocalName, &str) -> bool) -> bool {
    element.attrs.iter().any(|(name, value)| attribute(&name.local, value))
}

fn is_styled_away(style: &str) -> bool {
    let style = style.to_ascii_lowercase().replace(' ', "");
    style.contains("display:none") || style.contains("visibility:hidden")
}

fn is_inline(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("a")
            | local_name!("abbr")
            | local_name!("b")
            | local_name!("cite")
            | local_name!("code")
            | local_name!("em")
            | local_name!("i")
            | local_name!("mark")
            | local_name!("q")
            | local_name!("s")
            | local_name!("small")
            | local_name!("span")
            | local_name!("strong")
            | local_name!("sub")
            | local_name!("sup")
            | local_name!("time")
            | local_name!("u")
    )
}
