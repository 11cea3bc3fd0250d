//! What elements are called, as their classes and ids say it: worked out once for all elements that have the same classes,
//! which on a page are many.

use super::boxes::{names_advertisement, names_calendar, names_passing};
use super::chrome::{is_for_screen_readers, names_chrome};
use super::marks::Marks;
use super::shown::is_called_struck;
use rustc_hash::FxHashMap;
use std::cell::RefCell;

/// What names say of their element; what it is, its markup decides.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts of a name")]
pub(super) struct Called {
    /// An advertisement.
    pub(super) advertisement: bool,
    /// A box that says something else at each visit.
    pub(super) passing: bool,
    /// What puts an event into a reader's calendar.
    pub(super) calendar: bool,
    /// A part of the site's frame.
    pub(super) chrome: bool,
    /// Words that are read out and not shown.
    pub(super) for_screen_readers: bool,
    /// Words that are struck out.
    pub(super) struck: bool,
    /// ModernGov's word for what is hidden.
    pub(super) hidden: bool,
}

impl Called {
    /// By a class or an id.
    fn by(name: &str) -> Self {
        Self {
            advertisement: names_advertisement(name),
            passing: names_passing(name),
            calendar: names_calendar(name),
            chrome: names_chrome(name),
            ..Self::default()
        }
    }

    /// By a class, which may also say how words are shown.
    fn by_class(class: &str) -> Self {
        Self {
            for_screen_readers: is_for_screen_readers(class),
            struck: is_called_struck(class),
            hidden: class.eq_ignore_ascii_case("mgHide"),
            ..Self::by(class)
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            advertisement: self.advertisement || other.advertisement,
            passing: self.passing || other.passing,
            calendar: self.calendar || other.calendar,
            chrome: self.chrome || other.chrome,
            for_screen_readers: self.for_screen_readers || other.for_screen_readers,
            struck: self.struck || other.struck,
            hidden: self.hidden || other.hidden,
        }
    }
}

/// What a page's elements are called.
#[derive(Default)]
pub(super) struct Names<'a>(RefCell<FxHashMap<&'a str, Called>>);

impl<'a> Names<'a> {
    /// By an element's classes and its id.
    pub(super) fn say(&self, marks: &Marks<'a>) -> Called {
        let by_id = marks.id.map(Called::by).unwrap_or_default();
        let class = marks.class();
        if class.is_empty() {
            return by_id;
        }
        let mut known = self.0.borrow_mut();
        let by_classes =
            known.entry(class).or_insert_with(|| marks.classes().map(Called::by_class).fold(Called::default(), Called::and));
        by_classes.and(by_id)
    }
}
