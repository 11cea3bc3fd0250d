//! One line of a page: its words, what it is in the page's structure, and where in the tree it stands.

use crate::rules::extract::document::{Link, classes};
use crate::rules::extract::text::{append, bare, folded};
use crate::rules::facts::dates;
use crate::rules::facts::label::label;
use crate::rules::struck;
use scraper::ElementRef;
use std::cell::OnceCell;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

/// A node of the parsed tree.
pub(crate) type NodeRef<'a> = <ElementRef<'a> as Deref>::Target;

/// What a line is in the page's structure.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// `h1` to `h6`.
    Heading(u8),
    /// In an `li`.
    Item,
    /// In a table cell or a `dt`/`dd`.
    Cell,
    /// Anything else.
    Paragraph,
}

/// A run of words between two blocks or line breaks. Readers keep, drop and pass on lines by the hundred, so a copy shares
/// what it was copied from until one of them is changed.
#[derive(Clone, Debug)]
pub(crate) struct Line<'a>(Rc<Words<'a>>);

/// What a line holds.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "four independent facts of a line")]
pub(crate) struct Words<'a> {
    /// Its words: whitespace collapsed, a bullet removed, a list's own number or letter in front.
    pub(crate) text: String,
    /// What it is.
    pub(crate) kind: Kind,
    /// Its links, in order.
    pub(crate) links: Vec<Link<'a>>,
    /// Whether all of it is bold.
    pub(crate) strong: bool,
    /// Whether it belongs to the site's frame.
    pub(crate) chrome: bool,
    /// Whether only a line break parts it from the line before.
    pub(crate) soft: bool,
    /// Whether it began with a bullet.
    pub(crate) bulleted: bool,
    /// The number or letter that an ordered list gives it.
    pub(crate) marker: Option<String>,
    /// The block element that it stands in.
    pub(crate) block: ElementRef<'a>,
    /// Its text nodes, in order.
    pub(crate) leaves: Vec<NodeRef<'a>>,
    /// The words that are in no link; `None` where that is the whole text.
    outside: Option<String>,
    /// The text as it is compared, once somebody has asked.
    folded: OnceCell<String>,
    /// The number of the last link.
    link: Option<usize>,
    /// Where words that are struck out began and have not ended: in which link, or in none.
    struck: Option<Struck>,
}

/// Where words stand that are struck out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Struck {
    /// In the link of this number.
    Linked(usize),
    /// In no link.
    Loose,
}

impl<'a> Deref for Line<'a> {
    type Target = Words<'a>;

    fn deref(&self) -> &Words<'a> {
        &self.0
    }
}

impl DerefMut for Line<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        let words = Rc::make_mut(&mut self.0);
        words.folded.take();
        words
    }
}

impl<'a> Words<'a> {
    /// A line that has begun.
    pub(in crate::rules::extract) fn new(block: ElementRef<'a>, kind: Kind, chrome: bool) -> Self {
        Self {
            text: String::new(),
            kind,
            links: Vec::new(),
            strong: true,
            chrome,
            soft: false,
            bulleted: false,
            marker: None,
            block,
            leaves: Vec::new(),
            outside: None,
            folded: OnceCell::new(),
            link: None,
            struck: None,
        }
    }

    pub(in crate::rules::extract) fn push_space(&mut self) {
        append(&mut self.text, " ");
        if let Some(outside) = &mut self.outside {
            append(outside, " ");
        }
    }

    /// Adds a text node; `link` is the open link, by number, and what makes it.
    pub(in crate::rules::extract) fn push(
        &mut self,
        node: NodeRef<'a>,
        raw: &str,
        strong: bool,
        struck: bool,
        link: Option<(usize, impl Fn() -> Link<'a>)>,
    ) {
        let number = link.as_ref().map(|(number, _)| *number);
        let has_words = !raw.trim().is_empty();
        let begins = struck
            .then(|| number.map_or(Struck::Loose, Struck::Linked))
            .filter(|struck| has_words && self.struck != Some(*struck));
        if has_words && (begins.is_some() || !struck) {
            self.end_struck();
        }
        let is_next_link = number.is_some() && self.link.is_some() && number != self.link;
        // Two links side by side are two buttons; one that begins in the middle of a word goes on with it.
        let is_apart = self.outside().is_empty() || self.outside().ends_with(' ');
        if is_next_link && is_apart && raw.starts_with(char::is_uppercase) {
            append(&mut self.text, " ");
        }
        if self.leaves.last().is_some_and(|before| are_parted(*before, node)) {
            self.push_space();
        }
        if let Some((number, link)) = link {
            append(self.outside.get_or_insert_with(|| self.text.clone()), " ");
            if self.link != Some(number) {
                self.link = Some(number);
                one_more(&mut self.links, link());
            }
        }
        if begins.is_some() {
            self.add(if raw.starts_with(char::is_whitespace) { " " } else { "" }, number);
            self.add(struck::BEGIN, number);
            self.struck = begins;
        }
        self.add(raw, number);
        if has_words {
            self.strong &= strong;
        }
        one_more(&mut self.leaves, node);
    }

    /// Adds words to the line, and to what it says in its last link or in none.
    fn add(&mut self, raw: &str, link: Option<usize>) {
        match (link, self.links.last_mut(), &mut self.outside) {
            (Some(_), Some(open), _) => append(&mut open.text, raw),
            (None, _, Some(outside)) => append(outside, raw),
            _ => {}
        }
        append(&mut self.text, raw);
    }

    /// Ends the words that are struck out, before the space that follows them.
    fn end_struck(&mut self) {
        let Some(link) = self.struck.take() else { return };
        let words = match link {
            Struck::Linked(_) => self.links.last_mut().map(|open| &mut open.text),
            Struck::Loose => self.outside.as_mut(),
        };
        for words in words.into_iter().chain([&mut self.text]) {
            let spaced = words.ends_with(' ');
            words.truncate(words.trim_end().len());
            words.push_str(struck::END);
            words.push_str(if spaced { " " } else { "" });
        }
    }

    /// The line when its last word is known; `None` for a blank one.
    pub(in crate::rules::extract) fn finished(mut self) -> Option<Line<'a>> {
        self.end_struck();
        self.bulleted = bare(&mut self.text);
        if self.text.is_empty() {
            return None;
        }
        // A timeline's days stand in a list that shows no numbers.
        let is_day = |words: &str| words.len() <= DAY_BYTES_MAX && dates::whole(words).is_some();
        // "September 2026" with a number in front would be a day.
        let is_word = || self.text.len() <= DAY_BYTES_MAX && self.text.starts_with(char::is_alphabetic);
        let is_month = || is_word() && is_day(&format!("1 {}", self.text));
        let says_when = || is_day(&self.text) || is_month();
        if let Some(marker) = self.marker.take().filter(|_| label(&self.text).is_none() && !says_when()) {
            let marked = format!("{marker} {}", self.text);
            let text = std::mem::replace(&mut self.text, marked);
            self.outside.get_or_insert(text);
            self.marker = Some(marker);
        }
        if let Some(outside) = &mut self.outside {
            bare(outside);
        }
        self.links.retain_mut(|link| {
            bare(&mut link.text);
            !link.text.is_empty()
        });
        Some(Line(Rc::new(self)))
    }

    /// The words that are in no link.
    pub(crate) fn outside(&self) -> &str {
        self.outside.as_deref().unwrap_or(&self.text)
    }

    /// Says other words outside its links; of a line without links these are its text.
    pub(crate) fn set_outside(&mut self, outside: String) {
        self.outside = (!self.links.is_empty()).then_some(outside);
    }

    /// The text as it is compared: lower case, straight quotes and hyphens, single spaces.
    pub(crate) fn folded(&self) -> &str {
        self.folded.get_or_init(|| folded(&self.text))
    }

    /// Whether it is a heading, by its element.
    pub(crate) fn is_heading(&self) -> bool {
        matches!(self.kind, Kind::Heading(_))
    }

    /// Whether it is an item of a list, by its element or by its bullet.
    pub(crate) fn is_item(&self) -> bool {
        self.bulleted || self.kind == Kind::Item
    }

    /// Whether it stands in an element with this class, compared without case.
    pub(crate) fn has_class(&self, class: &str) -> bool {
        let within = std::iter::successors(Some(*self.block), NodeRef::parent).filter_map(ElementRef::wrap);
        within.take(4).any(|e| classes(e).any(|c| c.eq_ignore_ascii_case(class)))
    }

    /// Whether it goes on where the line before broke off: a line break within a sentence or an item.
    pub(super) fn continues(&self, before: &Line<'_>) -> bool {
        if !self.soft || self.bulleted || label(&self.text).is_some() {
            return false;
        }
        match self.kind {
            Kind::Item | Kind::Heading(_) => true,
            Kind::Cell | Kind::Paragraph => {
                let first = self.text.split(' ').next().unwrap_or_default();
                // An address of mail or web is no middle of a sentence.
                let is_address = first.trim_end_matches('.').contains(['@', '.', '/']);
                let mid_sentence = first.starts_with(char::is_lowercase) && !is_address;
                let wrapped = before.text.len() >= 60 && !before.text.ends_with(['.', ':', ';', '!', '?', ')', '”', '’', '"']);
                mid_sentence || wrapped
            }
        }
    }
}

/// Whether the words of two elements side by side are two things although no space parts them: a name and a day, a day and a
/// counter. What continues a word (`20<sup>th</sup>`, a capital set apart) does not.
pub(in crate::rules::extract) fn are_parted(before: NodeRef<'_>, after: NodeRef<'_>) -> bool {
    let (Some(one), Some(other)) = (before.parent(), after.parent()) else { return false };
    let (one, other) = (outermost_run(one, NodeRef::next_sibling), outermost_run(other, NodeRef::prev_sibling));
    if one.id() == other.id() || one.next_sibling().is_none_or(|next| next.id() != other.id()) || !is_run(one) || !is_run(other) {
        return false;
    }
    let (Some(before), Some(after)) = (before.value().as_text(), after.value().as_text()) else { return false };
    let (Some(last), Some(first)) = (before.chars().next_back(), after.chars().next()) else { return false };
    if last.is_whitespace() || first.is_whitespace() {
        return false;
    }
    let is_day = |words: &str| words.len() <= DAY_BYTES_MAX && dates::whole(words).is_some();
    let is_number = |words: &str, digits| words.len() == digits && words.bytes().all(|b| b.is_ascii_digit());
    let is_year_of_day = |day: &str, year: &str| (is_number(day, 1) || is_number(day, 2)) && is_number(year, 4);
    let begins_anew = ((last.is_lowercase() || last.is_ascii_digit()) && first.is_uppercase())
        || (last.is_lowercase() && first.is_ascii_digit())
        || (last.is_ascii_digit() && first.is_ascii_digit() && before.contains(' ') && after.contains(' '))
        || is_year_of_day(before.trim(), after.trim());
    begins_anew || (last.is_alphanumeric() && first.is_alphanumeric() && (is_day(before) || is_day(after)))
}

/// Longest words of a day, in bytes.
const DAY_BYTES_MAX: usize = 40;

/// The outermost of the runs that a run ends, or begins: `beside` says what stands on that side of it.
fn outermost_run<'a>(mut run: NodeRef<'a>, beside: fn(&NodeRef<'a>) -> Option<NodeRef<'a>>) -> NodeRef<'a> {
    const HEIGHT_MAX: usize = 4;
    for _ in 0..HEIGHT_MAX {
        let Some(parent) = run.parent().filter(|parent| is_run(*parent) && beside(&run).is_none()) else { break };
        run = parent;
    }
    run
}

fn is_run(node: NodeRef<'_>) -> bool {
    node.value()
        .as_element()
        .is_some_and(|element| matches!(element.name(), "a" | "span" | "time" | "small" | "strong" | "b" | "em"))
}

/// Most lines have one text node, and one link at most: no room for more is taken before there are more.
fn one_more<T>(all: &mut Vec<T>, one: T) {
    if all.is_empty() {
        all.reserve_exact(1);
    }
    all.push(one);
}

/// A number or letter alone in its cell or paragraph belongs to the words that follow it.
pub(in crate::rules::extract) fn join_bare_labels(lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    let mut out: Vec<Line<'_>> = Vec::with_capacity(lines.len());
    let mut waiting: Option<Line<'_>> = None;
    for mut line in lines {
        if let Some(mut bare) = waiting.take() {
            if label(&line.text).is_none() && bare.chrome == line.chrome {
                let words = &mut *line;
                words.outside = Some(format!("{} {}", bare.text, words.outside()));
                words.text = format!("{} {}", bare.text, words.text);
                words.soft = bare.soft;
                bare.leaves.append(&mut words.leaves);
                words.leaves = std::mem::take(&mut bare.leaves);
            } else {
                out.push(bare);
            }
        }
        let is_bare = label(&line.text).is_some_and(|l| l.rest.is_empty());
        if is_bare {
            waiting = Some(line);
        } else {
            out.push(line);
        }
    }
    out.extend(waiting);
    out
}
