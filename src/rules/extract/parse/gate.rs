//! Makes hostile or broken nesting harmless before the tree builder sees it.
//!
//! html5ever needs time quadratic in the depth of open elements, and makes every unclosed formatting element anew in each
//! following block. The gate follows closely enough what is open, and keeps out the tags that would nest too deep or be
//! made too often: their text stays. It refuses only what no page can be.

use super::nesting::Nesting;
use html5ever::tokenizer::{Tag, TagKind};
use html5ever::{LocalName, local_name};

/// Wrappers beyond this depth of open elements lose their tags; real pages stay below 60.
pub(super) const DEPTH_MAX: usize = 128;
/// Any element beyond this depth does.
const DEPTH_OF_ANY_MAX: usize = 192;
/// Unclosed formatting elements (`b`, `font`, …) beyond this number lose their tags.
pub(super) const FORMATTING_MAX: usize = 48;
/// So often may open formatting be made anew in all; then the page is read without it. A page of 60 KB, all of it within
/// unclosed formatting, does it two thousand times.
pub(super) const REMADE_MAX: usize = 100_000;
/// More elements than this are refused: memory, not time, is the limit. A table of ten megabytes has half of it.
pub(super) const ELEMENTS_MAX: usize = 800_000;
/// Attributes beyond this number are dropped: each new one is compared with all before it.
const ATTRIBUTES_MAX: usize = 400;

/// What becomes of a tag.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Verdict {
    /// The tree builder takes it.
    Passes,
    /// Only the text around it stays.
    LeftOut,
}

/// What is open at a point of the page.
#[derive(Default)]
pub(super) struct Gate {
    open: Vec<LocalName>,
    left_out: Vec<LocalName>,
    /// Formatting that the tree builder makes anew in each block, wherever it stands.
    formatting: Vec<LocalName>,
    elements: usize,
    remade: usize,
    too_deep: bool,
    /// Whether more formatting was open at once than is kept.
    crowded: bool,
}

impl Gate {
    /// Decides on a tag and keeps the account. `foreign`: it stands in a drawing or a formula.
    ///
    /// # Errors
    /// A sentence that says what no page has that much of.
    pub(super) fn admit(&mut self, tag: &Tag, foreign: bool) -> Result<Verdict, String> {
        let nesting = Nesting::of(&tag.name, foreign);
        if nesting != Nesting::Formatting {
            self.remade = self.remade.saturating_add(self.formatting.len());
        }
        if tag.kind == TagKind::EndTag {
            return Ok(self.close(&tag.name, nesting));
        }
        self.elements += 1;
        if self.elements > ELEMENTS_MAX {
            return Err(format!("more than {ELEMENTS_MAX} elements"));
        }
        Ok(self.open(tag, nesting, foreign))
    }

    /// Formatting that is to be closed because it was made anew too often: all that is open, once.
    pub(super) fn worn_out(&mut self) -> Vec<LocalName> {
        if self.wears_out() { std::mem::take(&mut self.formatting) } else { Vec::new() }
    }

    /// Whether an element with so many attributes takes no more.
    pub(super) fn takes_no_more(attributes: usize) -> bool {
        attributes >= ATTRIBUTES_MAX
    }

    /// What was left out, for an admin.
    pub(super) fn warnings(&self) -> Vec<String> {
        let deep = format!("elements nest more than {DEPTH_MAX} deep; further in they are read as text alone");
        let worn = "formatting is left open again and again; from there on the page is read without bold and italics";
        [self.too_deep.then_some(deep), (self.crowded || self.wears_out()).then(|| worn.to_owned())]
            .into_iter()
            .flatten()
            .collect()
    }

    fn wears_out(&self) -> bool {
        self.remade > REMADE_MAX
    }

    fn open(&mut self, tag: &Tag, nesting: Nesting, foreign: bool) -> Verdict {
        let depth_max = match nesting {
            Nesting::Nothing | Nesting::Once => return Verdict::Passes,
            Nesting::Formatting | Nesting::Wrapper => DEPTH_MAX,
            Nesting::Sibling | Nesting::Boundary | Nesting::Deep => DEPTH_OF_ANY_MAX,
        };
        if nesting == Nesting::Sibling {
            self.close_before(&tag.name);
        }
        let formatting = nesting == Nesting::Formatting;
        let too_deep = self.open.len() >= depth_max;
        self.too_deep |= too_deep;
        let crowded = formatting && self.formatting.len() >= FORMATTING_MAX;
        self.crowded |= crowded;
        if too_deep || crowded || (formatting && self.wears_out()) {
            // A bounded memory of what was left out is enough: a stray end tag is harmless.
            if self.left_out.len() < DEPTH_MAX {
                self.left_out.push(tag.name.clone());
            }
            return Verdict::LeftOut;
        }
        if !(foreign && tag.self_closing) {
            self.open.push(tag.name.clone());
            self.formatting.extend(formatting.then(|| tag.name.clone()));
        }
        Verdict::Passes
    }

    /// Closes what the next of its kind closes: up to the nearest element that means something of its own.
    fn close_before(&mut self, name: &LocalName) {
        let within = |open: &LocalName| {
            matches!(*open, local_name!("div") | local_name!("span")) || Nesting::of(open, false) == Nesting::Formatting
        };
        let reached = self.open.iter().rposition(|open| open == name || !within(open));
        if let Some(at) = reached.filter(|at| self.open.get(*at) == Some(name)) {
            self.open.truncate(at);
        }
    }

    fn close(&mut self, name: &LocalName, nesting: Nesting) -> Verdict {
        if matches!(nesting, Nesting::Nothing | Nesting::Once) {
            return Verdict::Passes;
        }
        if let Some(at) = self.left_out.iter().rposition(|left_out| left_out == name) {
            self.left_out.remove(at);
            return Verdict::LeftOut;
        }
        if nesting == Nesting::Formatting
            && let Some(at) = self.formatting.iter().rposition(|open| open == name)
        {
            self.formatting.remove(at);
        }
        let reached = self.open.iter().rposition(|open| open == name || Nesting::of(open, false) == Nesting::Boundary);
        if let Some(at) = reached.filter(|at| self.open.get(*at) == Some(name)) {
            self.open.truncate(at);
        }
        Verdict::Passes
    }
}
