//! The trail that readers leave when somebody asks why: each fact with the rule that found it, its element and its words.
//!
//! A reader notes a title or a day where it finds it, and says whose it was once the item has its key. What a body says
//! (decisions, documents, the next meeting) is quoted in the facts themselves, so that is found again by its words.
//! Nobody asks during a poll: then nothing is kept, and a note costs one comparison.

mod element;
mod quoted;

use super::text::{Line, collapsed};
use crate::domain::evidence::{Evidence, Fact};
use crate::domain::item::Item;
use crate::domain::text::Text;
use scraper::ElementRef;
use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

pub(super) use quoted::in_text;

/// Where a fact stands.
#[derive(Clone, Copy)]
pub(crate) enum Place<'l, 'a> {
    /// In an element: its `datetime` or `content`, or its words.
    Element(ElementRef<'a>),
    /// In a line.
    Line(&'l Line<'a>),
}

impl<'a> From<ElementRef<'a>> for Place<'_, 'a> {
    fn from(element: ElementRef<'a>) -> Self {
        Self::Element(element)
    }
}

impl<'l, 'a> From<&'l Line<'a>> for Place<'l, 'a> {
    fn from(line: &'l Line<'a>) -> Self {
        Self::Line(line)
    }
}

impl Place<'_, '_> {
    fn element(&self) -> String {
        match self {
            Self::Element(element) => element::path(*element),
            Self::Line(line) => element::path(line.block),
        }
    }

    fn quote(&self) -> Text {
        match self {
            Self::Line(line) => Text::line(&line.text),
            Self::Element(element) => {
                let machine = element.attr("datetime").or_else(|| element.attr("content"));
                let words = || collapsed(&element.text().collect::<Vec<_>>().join(" "));
                Text::line(&machine.map_or_else(words, str::to_owned))
            }
        }
    }
}

/// What was noted so far; nothing, where nobody asked.
#[derive(Clone, Default)]
pub(crate) struct Trail(Option<Rc<RefCell<Noted>>>);

#[derive(Default)]
struct Noted {
    /// Of items that have their keys.
    evidence: Vec<Evidence>,
    /// Of the item that is being read.
    open: Vec<Evidence>,
}

impl Trail {
    /// One that is kept.
    pub(crate) fn kept() -> Self {
        Self(Some(Rc::default()))
    }

    /// Whether somebody asks.
    pub(crate) fn is_kept(&self) -> bool {
        self.0.is_some()
    }

    /// Notes by which rule, and where, a fact of the item being read was found. A later note on the same fact stands, where
    /// an item has the fact once.
    pub(crate) fn note<'l, 'a: 'l>(&self, fact: Fact, rule: impl Into<Cow<'static, str>>, place: impl Into<Place<'l, 'a>>) {
        let Some(noted) = &self.0 else { return };
        let place = place.into();
        let evidence =
            Evidence { key: String::new(), fact, rule: rule.into(), element: Some(place.element()), quote: place.quote() };
        noted.borrow_mut().open.push(evidence);
    }

    /// Notes what stands in no element: the words of a feed's entry.
    pub(crate) fn note_words(&self, fact: Fact, rule: impl Into<Cow<'static, str>>, element: Option<&str>, words: &str) {
        let Some(noted) = &self.0 else { return };
        let element = element.map(str::to_owned);
        let evidence = Evidence { key: String::new(), fact, rule: rule.into(), element, quote: Text::line(words) };
        noted.borrow_mut().open.push(evidence);
    }

    /// Notes a fact whose words the reader has already cut out of the first of `lines` that holds them.
    pub(crate) fn note_in(&self, fact: Fact, rule: impl Into<Cow<'static, str>>, lines: &[Line<'_>], words: &str) {
        if !self.is_kept() || words.is_empty() {
            return;
        }
        match lines.iter().find(|line| line.text.contains(words)) {
            Some(line) => self.note(fact, rule, line),
            None => self.note_words(fact, rule, None, words),
        }
    }

    /// What was noted since the last item is of this one.
    pub(crate) fn belongs_to(&self, key: &str) {
        let Some(noted) = &self.0 else { return };
        let mut noted = noted.borrow_mut();
        for evidence in std::mem::take(&mut noted.open) {
            noted.keep(Evidence { key: key.to_owned(), ..evidence });
        }
    }

    /// What was noted since the last item is of none.
    pub(crate) fn is_of_none(&self) {
        if let Some(noted) = &self.0 {
            noted.borrow_mut().open.clear();
        }
    }

    /// Adds what was found elsewhere.
    pub(crate) fn extend(&self, evidence: impl IntoIterator<Item = Evidence>) {
        let Some(noted) = &self.0 else { return };
        let mut noted = noted.borrow_mut();
        evidence.into_iter().for_each(|evidence| noted.keep(evidence));
    }

    /// The evidence for what `items` say, item by item.
    pub(crate) fn of(&self, items: &[Item]) -> Vec<Evidence> {
        let Some(noted) = &self.0 else { return Vec::new() };
        let noted = noted.borrow();
        let of_item = |item: &Item| {
            let mut own: Vec<Evidence> =
                noted.evidence.iter().filter(|e| e.key == item.key && says(item, e.fact)).cloned().collect();
            own.sort_by_key(|evidence| evidence.fact);
            own
        };
        items.iter().flat_map(of_item).collect()
    }
}

impl Noted {
    fn keep(&mut self, evidence: Evidence) {
        if evidence.fact.is_single() {
            self.evidence.retain(|known| known.key != evidence.key || known.fact != evidence.fact);
        }
        self.evidence.push(evidence);
    }
}

/// Whether an item has the fact at all: a rule may have found what a later one has refused.
fn says(item: &Item, fact: Fact) -> bool {
    match fact {
        Fact::Title => !item.title.is_empty(),
        Fact::Published => item.published.is_some(),
        Fact::Meeting => item.meeting.is_some(),
        Fact::Stage => item.stage.is_some(),
        Fact::Text => item.text.is_some(),
        Fact::Decision => !item.decisions.is_empty(),
        Fact::Reasons => item.reasons.is_some(),
        Fact::OptionsRejected => item.options_rejected.is_some(),
        Fact::NextMeeting => item.next_meeting.is_some(),
        Fact::Commitment => !item.commitments.is_empty(),
        Fact::Document => !item.documents.is_empty(),
    }
}
