//! What an element's attributes say that it is, read as they are written: scraper's own lists of classes are interned,
//! which costs more than reading the page.

use html5ever::{LocalName, local_name};
use scraper::ElementRef;

/// The attributes that tell what an element is, found in one pass.
#[derive(Default)]
pub(in crate::rules::extract) struct Marks<'a> {
    class: &'a str,
    pub(in crate::rules::extract) id: Option<&'a str>,
    pub(in crate::rules::extract) role: Option<&'a str>,
    pub(super) style: Option<&'a str>,
    pub(super) hidden: bool,
    /// Whether a search on the page opens it (`hidden="until-found"`, HTML §6.1).
    pub(super) until_found: bool,
    /// Whether it says that nothing behind it can be reached (`aria-modal`).
    pub(in crate::rules::extract) modal: bool,
}

impl<'a> Marks<'a> {
    pub(in crate::rules::extract) fn of(element: ElementRef<'a>) -> Self {
        let mut marks = Self::default();
        for (name, value) in &element.value().attrs {
            match name.local {
                local_name!("class") => marks.class = value,
                local_name!("id") => marks.id = Some(value),
                local_name!("role") => marks.role = Some(value),
                local_name!("aria-modal") => marks.modal = true,
                local_name!("style") => marks.style = Some(value),
                local_name!("hidden") => {
                    marks.hidden = true;
                    marks.until_found = value.eq_ignore_ascii_case("until-found");
                }
                _ => {}
            }
        }
        marks
    }

    /// Its classes as they are written, in one.
    pub(super) fn class(&self) -> &'a str {
        self.class
    }

    /// Its classes, in the order in which they are written.
    pub(in crate::rules::extract) fn classes(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.class.split_ascii_whitespace()
    }

    /// Whether it has this class, compared without case.
    pub(in crate::rules::extract) fn has_class(&self, class: &str) -> bool {
        self.classes().any(|own| own.eq_ignore_ascii_case(class))
    }

    /// The rank of what is called a heading without being one: `<span role="heading" aria-level="2">` (WAI-ARIA 1.2).
    pub(super) fn heading(&self, element: ElementRef<'a>) -> Option<u8> {
        self.role.filter(|role| *role == "heading" && !is_heading(&element.value().name.local))?;
        let level = element.attr("aria-level").and_then(|level| level.trim().parse().ok()).unwrap_or(2);
        (1..=6).contains(&level).then_some(level)
    }

    /// Its classes and its id.
    pub(in crate::rules::extract) fn names(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.classes().chain(self.id)
    }
}

/// An element's classes, in the order in which they are written.
pub(in crate::rules::extract) fn classes(element: ElementRef<'_>) -> impl Iterator<Item = &str> {
    Marks::of(element).classes()
}

pub(super) fn is_heading(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("h1") | local_name!("h2") | local_name!("h3") | local_name!("h4") | local_name!("h5") | local_name!("h6")
    )
}
