//! A page as lines: one paragraph, heading, cell or list item each, which know their links and where in the tree they stand.
//!
//! Readers look for words and for structure on the same lines; so a page without the usual classes still reads, and the
//! text and the markup of a body are always cut at the same places.

use super::document::Link;
use crate::domain::text::Text;
use crate::rules::facts::label::label;
use scraper::ElementRef;
use std::ops::Deref;

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

/// A run of words between two blocks or line breaks.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "four independent facts of a line")]
pub(crate) struct Line<'a> {
    /// Its words: whitespace collapsed, a bullet removed, a list's own number or letter in front.
    pub(crate) text: String,
    /// The words that are in no link.
    pub(crate) outside: String,
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
    pub(super) link_number: Option<usize>,
}

impl<'a> Line<'a> {
    pub(super) fn new(block: ElementRef<'a>, kind: Kind, chrome: bool) -> Self {
        Self {
            text: String::new(),
            outside: String::new(),
            kind,
            links: Vec::new(),
            strong: true,
            chrome,
            soft: false,
            bulleted: false,
            marker: None,
            block,
            leaves: Vec::new(),
            link_number: None,
        }
    }

    pub(super) fn push_space(&mut self) {
        for words in [&mut self.text, &mut self.outside] {
            append(words, " ");
        }
    }

    /// Adds a text node; `link` is the open link, by number, and what makes it.
    pub(super) fn push(&mut self, node: NodeRef<'a>, raw: &str, strong: bool, link: Option<(usize, impl Fn() -> Link<'a>)>) {
        let number = link.as_ref().map(|(number, _)| *number);
        let is_next_link = number.is_some() && self.link_number.is_some() && number != self.link_number;
        // Two links side by side are two buttons; one that begins in the middle of a word goes on with it.
        if is_next_link && (self.outside.is_empty() || self.outside.ends_with(' ')) && raw.starts_with(char::is_uppercase) {
            append(&mut self.text, " ");
        }
        append(&mut self.text, raw);
        if !raw.trim().is_empty() {
            self.strong &= strong;
        }
        match link {
            Some((number, link)) => {
                if self.link_number != Some(number) {
                    self.link_number = Some(number);
                    self.links.push(link());
                }
                if let Some(open) = self.links.last_mut() {
                    append(&mut open.text, raw);
                }
                append(&mut self.outside, " ");
            }
            None => append(&mut self.outside, raw),
        }
        self.leaves.push(node);
    }

    /// The line when its last word is known; `None` for a blank one.
    pub(super) fn finished(mut self) -> Option<Self> {
        self.bulleted = bare(&mut self.text);
        if self.text.is_empty() {
            return None;
        }
        if let Some(marker) = self.marker.take().filter(|_| label(&self.text).is_none()) {
            self.text = format!("{marker} {}", self.text);
            self.marker = Some(marker);
        }
        bare(&mut self.outside);
        self.links.retain_mut(|link| {
            bare(&mut link.text);
            !link.text.is_empty()
        });
        Some(self)
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
        within.take(4).any(|e| e.value().classes().any(|c| c.eq_ignore_ascii_case(class)))
    }

    /// Whether it goes on where the line before broke off: a line break within a sentence or an item.
    fn continues(&self, before: &Line<'_>) -> bool {
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

/// Lines as paragraphs: those that a line break cut in two are one again.
pub(crate) fn paragraphs(lines: &[Line<'_>]) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(lines.len());
    let mut before: Option<&Line<'_>> = None;
    for line in lines {
        match (before, out.last_mut()) {
            (Some(before), Some(last)) if line.continues(before) => {
                last.push(' ');
                last.push_str(&line.text);
            }
            _ => out.push(line.text.clone()),
        }
        before = Some(line);
    }
    out
}

/// Lines as plain text, one paragraph or list item a line.
pub(crate) fn plain(lines: &[Line<'_>]) -> Text {
    Text::new(&paragraphs(lines).join("\n"))
}

/// A number or letter alone in its cell or paragraph belongs to the words that follow it.
pub(super) fn join_bare_labels(lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    let mut out: Vec<Line<'_>> = Vec::with_capacity(lines.len());
    let mut waiting: Option<Line<'_>> = None;
    for mut line in lines {
        if let Some(mut bare) = waiting.take() {
            if label(&line.text).is_none() && bare.chrome == line.chrome {
                line.text = format!("{} {}", bare.text, line.text);
                line.outside = format!("{} {}", bare.text, line.outside);
                bare.leaves.append(&mut line.leaves);
                line.leaves = bare.leaves;
                line.soft = bare.soft;
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

/// Every run of white space, of any kind, as one space; none at the ends.
pub(crate) fn collapsed(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    append(&mut out, raw);
    out.truncate(out.trim_end().len());
    out
}

/// For comparing: lower case, straight quotes and hyphens, single spaces.
pub(crate) fn folded(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    each_unified(raw, |c| {
        if c.is_ascii() {
            out.push(c.to_ascii_lowercase());
        } else {
            out.extend(c.to_lowercase());
        }
    });
    out
}

/// Straight quotes and hyphens, single spaces; character by character.
fn each_unified(raw: &str, mut take: impl FnMut(char)) {
    let (mut begun, mut spaced) = (false, false);
    for c in raw.chars() {
        if is_unseen(c) {
            continue;
        }
        if is_space(c) {
            spaced = begun;
            continue;
        }
        if std::mem::take(&mut spaced) {
            take(' ');
        }
        begun = true;
        match c {
            '‘' | '’' | '‚' | '‛' | '′' | '`' | '´' => take('\''),
            '“' | '”' | '„' | '‟' | '″' => take('"'),
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => take('-'),
            '…' => "...".chars().for_each(&mut take),
            other => take(other),
        }
    }
}

/// A title that was encoded twice ("Children&amp;#39;s") decoded once more; anything else as it is.
pub(crate) fn decoded(raw: &str) -> String {
    let looks_encoded = raw.split('&').skip(1).any(|after| {
        let name = after.split(';').next().unwrap_or_default();
        name.len() < after.len()
            && (2..=8).contains(&name.len())
            && (name.starts_with('#') || name.chars().all(|c| c.is_ascii_alphanumeric()))
    });
    if !looks_encoded {
        return raw.to_owned();
    }
    let fragment = scraper::Html::parse_fragment(&raw.replace('<', "&lt;"));
    collapsed(&fragment.root_element().text().collect::<String>())
}

/// Takes white space at the ends and a bullet off, in place; whether there was a bullet.
fn bare(words: &mut String) -> bool {
    words.truncate(words.trim_end().len());
    let spaces = words.len() - words.trim_start().len();
    let rest = without_bullet(words.trim_start()).len();
    let bulleted = rest + spaces < words.len();
    if rest < words.len() {
        words.drain(..words.len() - rest);
    }
    bulleted
}

fn append(words: &mut String, raw: &str) {
    words.reserve(raw.len());
    let mut rest = raw;
    loop {
        let run = rest.bytes().position(|b| !b.is_ascii_graphic()).unwrap_or(rest.len());
        let (plain, other) = rest.split_at_checked(run).unwrap_or((rest, ""));
        words.push_str(plain);
        let mut chars = other.chars();
        match chars.next() {
            None => return,
            Some(c) if is_unseen(c) => {}
            Some(c) if is_space(c) => {
                if !words.is_empty() && !words.ends_with(' ') {
                    words.push(' ');
                }
            }
            Some(c) => words.push(c),
        }
        rest = chars.as_str();
    }
}

/// Characters without a width: soft hyphens, joiners, byte order marks.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{ad}' | '\u{feff}' | '\u{2060}')
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

/// Word and clerks write list items as paragraphs that begin with a bullet.
pub(super) fn without_bullet(text: &str) -> &str {
    let bare = text.trim_start_matches(['·', '•', '▪', '■', '◦', '●', '○', '‣', '∙', '\u{f0b7}', '\u{f0a7}']).trim_start();
    ["- ", "– ", "* "].iter().find_map(|dash| bare.strip_prefix(dash)).unwrap_or(bare).trim_start()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bullets_go_and_words_stay() {
        let check = |raw: &str, expect: &str| assert_eq!(without_bullet(&collapsed(raw)), expect, "{raw:?}");
        check("·       An accessible version", "An accessible version");
        check("\u{f0b7}\u{a0}\u{a0}The speed", "The speed");
        check("- Restricted enclosure", "Restricted enclosure");
        check("-5 degrees", "-5 degrees");
    }

    #[test]
    fn what_was_encoded_twice_is_decoded_once_more() {
        let check = |raw: &str, expect: &str| assert_eq!(decoded(raw), expect);
        check("Children&#39;s plan &amp; budget", "Children's plan & budget");
        check("Health & Wellbeing; Adults", "Health & Wellbeing; Adults");
        check("R&D", "R&D");
        check("<b> &lt;script&gt;", "<b> <script>");
    }

    #[test]
    fn typography_and_white_space_do_not_tell_texts_apart() {
        assert_eq!(folded("Children’s \u{a0}Plan –\r\n “Ofsted”"), "children's plan - \"ofsted\"");
    }
}
