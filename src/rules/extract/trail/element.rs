//! An element named by a short CSS selector: what an admin can paste into a browser's tools, or into `[select]`.

use crate::rules::extract::text::NodeRef;
use scraper::{ElementRef, Selector};

/// Steps of a selector, at most.
const STEPS_MAX: usize = 6;

/// The shortest selector, upwards from the element, that finds it first on its page; else the longest that is allowed.
pub(super) fn path(element: ElementRef<'_>) -> String {
    let mut path = String::new();
    let root = element.ancestors().last();
    let lineage = std::iter::once(element).chain(element.ancestors().filter_map(ElementRef::wrap));
    for step in lineage.take(STEPS_MAX) {
        let own = step_of(step);
        let is_anchor = own.starts_with('#');
        path = if path.is_empty() { own } else { format!("{own} > {path}") };
        if is_anchor || root.is_some_and(|root| finds(&path, root, element)) {
            break;
        }
    }
    path
}

/// Whether the selector finds the element, and nothing before or after it.
fn finds(css: &str, root: NodeRef<'_>, element: ElementRef<'_>) -> bool {
    let Ok(selector) = Selector::parse(css) else { return false };
    let mut found = root.descendants().filter_map(ElementRef::wrap).filter(|e| selector.matches(e));
    found.next().is_some_and(|first| first.id() == element.id()) && found.next().is_none()
}

/// `#content`, `h2.mgSubTitleTxt`, `p:nth-of-type(2)`.
fn step_of(element: ElementRef<'_>) -> String {
    let value = element.value();
    if let Some(id) = value.id().filter(|id| is_plain(id)) {
        return format!("#{id}");
    }
    let name = value.name();
    let class = value.classes().find(|class| is_plain(class)).map(|class| format!(".{class}")).unwrap_or_default();
    let own = format!("{name}{class}");
    let like = |other: ElementRef<'_>| {
        let value = other.value();
        value.name() == name && (class.is_empty() || value.classes().any(|c| class.get(1..) == Some(c)))
    };
    let siblings = || element.prev_siblings().chain(element.next_siblings()).filter_map(ElementRef::wrap);
    if !siblings().any(like) {
        return own;
    }
    let nth = 1 + element.prev_siblings().filter_map(ElementRef::wrap).filter(|e| e.value().name() == name).count();
    format!("{own}:nth-of-type({nth})")
}

/// Whether a name needs no escapes in a selector.
fn is_plain(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use scraper::Html;

    #[test]
    fn an_element_is_named_as_shortly_as_it_can_be_found() {
        let html = Html::parse_document(
            "<body><main><h2 class='mgSubTitleTxt x'>Plan</h2><article><p>one</p><p>two</p></article>\
             <div id='posted'><span>3 May</span></div><ul><li class='a:b'><a>x</a></li><li><a>y</a></li></ul></main></body>",
        );
        let check = |css: &str, expect: &str| {
            let element = html.select(&Selector::parse(css).unwrap()).next().unwrap();
            let path = path(element);
            assert_eq!(path, expect);
            let found: Vec<_> = html.select(&Selector::parse(&path).unwrap()).collect();
            assert_eq!((found.len(), found[0].id()), (1, element.id()), "{path}");
        };
        check("h2", "h2.mgSubTitleTxt");
        check("article p + p", "p:nth-of-type(2)");
        check("#posted span", "span");
        check("#posted", "#posted");
        check("li + li a", "li:nth-of-type(2) > a");
    }
}
