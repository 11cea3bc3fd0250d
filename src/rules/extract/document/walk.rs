//! From a tree to lines: one pass in document order, a new line at each block, cell, item and line break.

use super::Document;
use super::boxes;
use super::called::Called;
use super::chrome::{is_chrome, is_main, is_noise};
use super::folds::is_folded;
use super::links::Link;
use super::marks::Marks;
use super::shown::{self, Raised};
use super::tabs;
use crate::rules::extract::text::{Kind, Line, NodeRef, Words, join_bare_labels};
use html5ever::{LocalName, local_name};
use scraper::{ElementRef, Node};
use url::Url;

/// Longest part of a page's headline that a line break does not end, in bytes: it only parts it for the eye.
const HEADLINE_BYTES_MAX: usize = 120;

/// What an open element means for the text within it.
#[expect(clippy::struct_excessive_bools, reason = "independent facts of an element")]
struct Frame<'a> {
    element: ElementRef<'a>,
    block: ElementRef<'a>,
    is_block: bool,
    kind: Kind,
    strong: bool,
    /// Whether its words are struck out.
    struck: bool,
    /// Whether its figures stand above or below the line.
    raised: Option<Raised>,
    chrome: bool,
    main: bool,
    /// The link that is open, by its number.
    link: Option<usize>,
    /// Items counted so far, where this is a list.
    counted: i64,
    /// The number or letter that the list gives this item, until its first words take it.
    marker: Option<String>,
}

struct Walk<'d, 'a> {
    document: &'d Document<'a>,
    base: &'a Url,
    frames: Vec<Frame<'a>>,
    lines: Vec<Line<'a>>,
    current: Option<Words<'a>>,
    links: usize,
    /// Line breaks since the last words.
    breaks: usize,
    /// Open elements whose text keeps its lines.
    pre: usize,
    /// Whether the marker of an open item may still wait for its words.
    marked: bool,
    /// Whether all of it stands in the content.
    main: bool,
}

/// The lines of `root`, noise left out.
pub(super) fn lines<'a>(root: ElementRef<'a>, document: &Document<'a>) -> Vec<Line<'a>> {
    let base = document.base;
    let (frames, lines) = (Vec::new(), Vec::new());
    let main = root.ancestors().filter_map(ElementRef::wrap).any(|above| is_main(above, &Marks::of(above)));
    let mut walk = Walk { document, base, frames, lines, current: None, links: 0, breaks: 0, pre: 0, marked: false, main };
    let mut node: NodeRef<'a> = *root;
    loop {
        if walk.enter(node)
            && let Some(child) = node.first_child()
        {
            node = child;
            continue;
        }
        loop {
            walk.leave(node);
            if node.id() == root.id() {
                walk.end_line();
                return join_bare_labels(walk.lines);
            }
            if let Some(next) = node.next_sibling() {
                node = next;
                break;
            }
            let Some(parent) = node.parent() else {
                walk.end_line();
                return join_bare_labels(walk.lines);
            };
            node = parent;
        }
    }
}

impl<'a> Walk<'_, 'a> {
    /// Takes a node; whether its children are to be visited.
    fn enter(&mut self, node: NodeRef<'a>) -> bool {
        if let Node::Text(text) = node.value() {
            self.words(node, text);
            return false;
        }
        let Some(element) = ElementRef::wrap(node) else {
            return true;
        };
        match element.value().name.local {
            local_name!("br") => {
                let heads = self.frames.last().is_some_and(|frame| frame.kind == Kind::Heading(1));
                if let Some(line) = self.current.as_mut().filter(|line| heads && line.text.len() <= HEADLINE_BYTES_MAX) {
                    line.push_space();
                    return false;
                }
                self.end_line();
                self.breaks += 1;
                return false;
            }
            local_name!("img") => {
                if let Some(line) = &mut self.current {
                    line.push_space();
                }
                self.shown(element);
                return false;
            }
            local_name!("svg") => {
                self.shown(element);
                return false;
            }
            local_name!("input") => {
                let marks = Marks::of(element);
                if !is_noise(element, &marks, self.document.names.say(&marks)) {
                    self.shown(element);
                }
                return false;
            }
            _ => {}
        }
        let marks = Marks::of(element);
        let called = self.document.names.say(&marks);
        if is_noise(element, &marks, called) && !is_folded(self.document, element, &marks) {
            return false;
        }
        if !self.frames.is_empty() && boxes::is_passing(element, &marks, called) {
            return false;
        }
        self.open(element, &marks, called);
        if marks.role == Some("tabpanel") {
            self.labelled_by_tab(element, &marks);
        }
        self.shown(element);
        true
    }

    /// The label of the tab that shows a panel, as the heading that it is over it; the tabs themselves stand in a row.
    fn labelled_by_tab(&mut self, panel: ElementRef<'a>, marks: &Marks<'a>) {
        let Some(tab) = self.document.tabs().of_panel(panel, marks.id) else { return };
        let chrome = self.frames.last().is_some_and(|frame| frame.chrome);
        let mut words = Words::new(panel, Kind::Heading(tabs::RANK), chrome);
        for text in tab.descendants().filter(|node| node.value().is_text()) {
            let said = text.value().as_text().map(|text| &**text).unwrap_or_default();
            words.push(text, said, false, false, None::<(usize, fn() -> Link<'a>)>);
        }
        self.lines.extend(words.finished());
    }

    /// The words that stand for a picture or a box.
    fn shown(&mut self, element: ElementRef<'a>) {
        let cell = self.frames.last().filter(|frame| frame.kind == Kind::Cell).map(|frame| frame.block);
        let in_link = self.frames.last().is_some_and(|frame| frame.link.is_some());
        if let Some(words) = shown::words_of(element, cell, in_link) {
            self.run(*element, &format!(" {words} "));
        }
    }

    fn open(&mut self, element: ElementRef<'a>, marks: &Marks<'a>, called: Called) {
        let name = &element.value().name.local;
        let said = marks.heading(element);
        let is_block = is_block(name) || said.is_some();
        if is_block {
            self.end_line();
            self.breaks = 0;
        }
        let within = self.frames.last();
        let main = within.map_or(self.main, |f| f.main) || is_main(element, marks);
        // An old place to lead to is no link, however far it reaches: `<a name=june>`.
        let is_place = || element.attr("href").is_none() && element.attr("name").is_some();
        let link = if *name == local_name!("a") && !is_place() {
            self.links += 1;
            Some(self.links)
        } else {
            within.and_then(|f| f.link)
        };
        let own_kind = said.map(Kind::Heading).or_else(|| kind_of(name));
        let frame = Frame {
            element,
            is_block,
            block: if is_block { element } else { within.map_or(element, |f| f.block) },
            kind: match (own_kind, within.map(|f| f.kind)) {
                (_, Some(heading @ Kind::Heading(_))) => heading,
                (Some(own), _) => own,
                (None, outer) => outer.unwrap_or(Kind::Paragraph),
            },
            strong: within.is_some_and(|f| f.strong) || matches!(*name, local_name!("b") | local_name!("strong")),
            struck: within.is_some_and(|f| f.struck) || called.struck || shown::strikes_out(element, marks.style),
            raised: Raised::by(element).or_else(|| within.and_then(|f| f.raised).filter(|_| !is_block)),
            chrome: within.is_some_and(|f| f.chrome) || is_chrome(element, marks, called, main),
            main,
            link,
            counted: if *name == local_name!("ol") { first_number(element).saturating_sub(1) } else { 0 },
            marker: None,
        };
        self.frames.push(frame);
        self.pre += usize::from(*name == local_name!("pre"));
        if *name == local_name!("li") {
            self.count_item(element);
        }
        if marks.has_class("mgFileSize")
            && let Some(line) = &mut self.current
        {
            line.push_space();
        }
    }

    /// Gives an item of an ordered list the marker that a browser would show.
    fn count_item(&mut self, item: ElementRef<'a>) {
        let Some(at) = self.frames.len().checked_sub(2) else { return };
        let Some(list) = self.frames.get_mut(at).filter(|f| f.element.value().name.local == local_name!("ol")) else { return };
        list.counted = item.attr("value").and_then(|v| v.trim().parse().ok()).unwrap_or(list.counted.saturating_add(1));
        let marker = marker(list.element, list.counted);
        if let Some(frame) = self.frames.last_mut() {
            self.marked |= marker.is_some();
            frame.marker = marker;
        }
    }

    /// Within `pre` each line of the text is a line of the page.
    fn words(&mut self, node: NodeRef<'a>, text: &str) {
        if self.pre == 0 || !text.contains('\n') {
            return self.run(node, text);
        }
        for (at, part) in text.split('\n').enumerate() {
            if at > 0 {
                self.end_line();
                self.breaks += 1;
            }
            self.run(node, part);
        }
    }

    fn run(&mut self, node: NodeRef<'a>, text: &str) {
        if self.current.is_none() && text.trim().is_empty() {
            return;
        }
        let waits = std::mem::take(&mut self.marked);
        let marker = self.frames.iter_mut().rev().filter(|_| waits).find_map(|frame| frame.marker.take());
        self.marked = marker.is_some();
        let Some(frame) = self.frames.last() else { return };
        let fresh = self.current.is_none();
        let line = self.current.get_or_insert_with(|| Words::new(frame.block, frame.kind, frame.chrome));
        if fresh {
            line.soft = self.breaks == 1 && self.lines.last().is_some_and(|before| before.block.id() == line.block.id());
        }
        if let Some(marker) = marker {
            line.marker = Some(marker);
        }
        let (frames, base) = (&self.frames, self.base);
        let open_link = frame.link.map(|number| {
            let anchor =
                move || frames.iter().rev().map(|f| f.element).find(|element| element.value().name.local == local_name!("a"));
            (number, move || Link::new(anchor(), base))
        });
        let written = frame.raised.map_or(std::borrow::Cow::Borrowed(text), |raised| raised.written(text));
        line.push(node, &written, frame.strong, frame.struck, open_link);
        self.breaks = 0;
    }

    fn leave(&mut self, node: NodeRef<'a>) {
        let Some(frame) = self.frames.last().filter(|f| f.element.id() == node.id()) else { return };
        let frame_is_pre = frame.element.value().name.local == local_name!("pre");
        if frame.is_block {
            self.end_line();
            self.breaks = 0;
        }
        self.pre -= usize::from(frame_is_pre);
        self.frames.pop();
    }

    fn end_line(&mut self) {
        if let Some(line) = self.current.take().and_then(Words::finished) {
            self.lines.push(line);
        }
    }
}

/// Whether an element has lines of its own.
pub(in crate::rules::extract) fn is_block(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("address")
            | local_name!("article")
            | local_name!("aside")
            | local_name!("blockquote")
            | local_name!("body")
            | local_name!("caption")
            | local_name!("center")
            | local_name!("dd")
            | local_name!("details")
            | local_name!("dialog")
            | local_name!("dir")
            | local_name!("div")
            | local_name!("dl")
            | local_name!("dt")
            | local_name!("fieldset")
            | local_name!("figcaption")
            | local_name!("figure")
            | local_name!("footer")
            | local_name!("form")
            | local_name!("h1")
            | local_name!("h2")
            | local_name!("h3")
            | local_name!("h4")
            | local_name!("h5")
            | local_name!("h6")
            | local_name!("header")
            | local_name!("hgroup")
            | local_name!("hr")
            | local_name!("html")
            | local_name!("legend")
            | local_name!("li")
            | local_name!("main")
            | local_name!("menu")
            | local_name!("nav")
            | local_name!("ol")
            | local_name!("p")
            | local_name!("pre")
            | local_name!("search")
            | local_name!("section")
            | local_name!("summary")
            | local_name!("table")
            | local_name!("tbody")
            | local_name!("td")
            | local_name!("tfoot")
            | local_name!("th")
            | local_name!("thead")
            | local_name!("tr")
            | local_name!("ul")
    )
}

fn first_number(list: ElementRef<'_>) -> i64 {
    list.attr("start").and_then(|start| start.trim().parse().ok()).unwrap_or(1)
}

fn kind_of(name: &LocalName) -> Option<Kind> {
    match *name {
        local_name!("h1") => Some(Kind::Heading(1)),
        local_name!("h2") => Some(Kind::Heading(2)),
        local_name!("h3") => Some(Kind::Heading(3)),
        local_name!("h4") => Some(Kind::Heading(4)),
        local_name!("h5") => Some(Kind::Heading(5)),
        local_name!("h6") => Some(Kind::Heading(6)),
        local_name!("li") => Some(Kind::Item),
        local_name!("td") | local_name!("th") | local_name!("dt") | local_name!("dd") => Some(Kind::Cell),
        _ => None,
    }
}

/// "a)", "iv)", "3.": what a browser shows before the item.
fn marker(list: ElementRef<'_>, number: i64) -> Option<String> {
    let style = list.attr("style").unwrap_or_default().to_ascii_lowercase();
    if style.contains("none") {
        return None;
    }
    let kind = match list.attr("type") {
        Some(kind) => kind,
        None if style.contains("lower-alpha") || style.contains("lower-latin") => "a",
        None if style.contains("lower-roman") => "i",
        None => "1",
    };
    match kind {
        "a" | "A" => {
            let offset = u8::try_from(number.checked_sub(1)?).ok().filter(|n| *n < 26)?;
            let letter = char::from(b'a' + offset);
            Some(format!("{})", if kind == "A" { letter.to_ascii_uppercase() } else { letter }))
        }
        "i" | "I" => {
            const ROMAN: [&str; 12] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"];
            let roman = ROMAN.get(usize::try_from(number.checked_sub(1)?).ok()?)?;
            Some(format!("{})", if kind == "I" { roman.to_uppercase() } else { (*roman).to_owned() }))
        }
        _ => Some(format!("{number}.")),
    }
}
