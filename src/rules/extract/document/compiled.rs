//! Selectors of the program, compiled once for the whole process, with what a page must hold before they can match.
//!
//! A page is asked for dozens of classes and ids of systems that it does not come from. Looking for their names in its
//! source costs a few microseconds; matching them with each of its elements a hundred times that.

use html5ever::LocalName;
use rustc_hash::FxHasher;
use scraper::Selector;
use std::collections::HashMap;
use std::hash::Hasher;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

/// A selector and its alternatives.
pub(super) struct Compiled {
    pub(super) selector: Arc<Selector>,
    /// One for each part between commas.
    pub(super) needs: Vec<Needs>,
}

/// What a page must hold for one alternative to match.
#[derive(Default, PartialEq, Eq, Debug)]
pub(super) struct Needs {
    /// Names and values that its attributes must have, in lower case.
    pub(super) words: Vec<Arc<str>>,
    /// The name of the element that it finds, where it says one.
    pub(super) name: Option<LocalName>,
    /// A class or the id of the element that it finds, where it says one: [`mark`] of it.
    pub(super) mark: Option<u64>,
    /// Whether the element that it finds has a class, an id or another attribute.
    pub(super) attribute: bool,
}

/// A class or an id as the key of an index, the same for all cases of its letters: pages without a doctype mind none.
pub(super) fn mark(name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    for byte in name.bytes() {
        hasher.write_u8(byte.to_ascii_lowercase());
    }
    hasher.finish()
}

/// By their text; `None` for what is no selector.
type Known = HashMap<&'static str, Option<Arc<Compiled>>>;

/// Only selectors that stand in the program, so there is an end to them.
static KNOWN: LazyLock<RwLock<Known>> = LazyLock::new(RwLock::default);

/// The selector alone, for elements that are at hand; `None` for what is none.
pub(crate) fn selector(css: &'static str) -> Option<Arc<Selector>> {
    Some(Arc::clone(&compiled(css)?.selector))
}

/// The selector with its needs; `None` for what is none.
pub(super) fn compiled(css: &'static str) -> Option<Arc<Compiled>> {
    if let Some(known) = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(css) {
        return known.clone();
    }
    let compiled =
        Selector::parse(css).ok().map(|selector| Arc::new(Compiled { selector: Arc::new(selector), needs: needs(css) }));
    KNOWN.write().unwrap_or_else(PoisonError::into_inner).entry(css).or_insert(compiled).clone()
}

/// Each alternative's needs; what is not understood is not needed.
fn needs(css: &str) -> Vec<Needs> {
    let mut all = vec![Needs::default()];
    let mut rest = css;
    // Whether a name here would be an element's: at the start of a compound.
    let mut fresh = true;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        let Some(needs) = all.last_mut() else { break };
        rest = match c {
            ',' => {
                all.push(Needs::default());
                fresh = true;
                after
            }
            ' ' | '>' | '+' | '~' => {
                if !after.trim_start().is_empty() {
                    (needs.name, needs.mark, needs.attribute) = (None, None, false);
                }
                fresh = true;
                after
            }
            '.' | '#' => {
                let (name, behind) = identifier(after);
                needs.words.push(name.to_ascii_lowercase().into());
                // An escaped sign goes on with the name.
                if !behind.starts_with('\\') {
                    needs.mark = needs.mark.or_else(|| Some(mark(name)));
                }
                needs.attribute = true;
                fresh = false;
                behind
            }
            '[' => {
                let (inside, behind) = after.split_once(']').unwrap_or((after, ""));
                needs.words.extend(word(inside).map(|word| word.to_ascii_lowercase().into()));
                needs.attribute = true;
                fresh = false;
                behind
            }
            // `:not(…)` asks for what must not be there.
            ':' => {
                fresh = false;
                let (_, behind) = identifier(after);
                behind.strip_prefix('(').and_then(|inside| inside.split_once(')')).map_or(behind, |(_, behind)| behind)
            }
            _ => {
                let (name, behind) = identifier(rest);
                if fresh && !name.is_empty() {
                    needs.name = Some(name.into());
                }
                fresh = false;
                if name.is_empty() { after } else { behind }
            }
        };
    }
    all
}

fn identifier(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(text.len()))
}

/// What `name*='value'` asks for: the value, or the name where any value will do; nothing where the source may write the
/// value in another way.
fn word(inside: &str) -> Option<&str> {
    let Some((_, value)) = inside.split_once('=') else { return Some(inside.trim()) };
    let value = value.trim();
    let value = value.strip_suffix(" i").map_or(value, str::trim_end);
    let value = match value.strip_prefix(['\'', '"']) {
        Some(quoted) => quoted.strip_suffix(['\'', '"'])?,
        None => value,
    };
    (!value.is_empty() && !value.contains(['&', '<', '"', '\'', ' '])).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selector_says_what_it_needs() {
        /// Words, name, class or id, whether it has an attribute.
        type Expected<'a> = (&'a [&'a str], Option<&'a str>, Option<&'a str>, bool);
        let check = |css: &str, expect: &[Expected<'_>]| {
            let expect: Vec<Needs> = expect
                .iter()
                .map(|(words, name, of, attribute)| Needs {
                    words: words.iter().map(|word| (*word).into()).collect(),
                    name: name.map(LocalName::from),
                    mark: of.map(mark),
                    attribute: *attribute,
                })
                .collect();
            assert_eq!(needs(css), expect, "{css}");
        };
        check(
            "#modgov .mgContent, main",
            &[(&["modgov", "mgcontent"], None, Some("mgcontent"), true), (&[], Some("main"), None, false)],
        );
        check(
            "a[href*='/documents/s'], a[href*='mgAi.aspx' i]",
            &[(&["/documents/s"], Some("a"), None, true), (&["mgai.aspx"], Some("a"), None, true)],
        );
        check("ul.archive > li.lead", &[(&["archive", "lead"], Some("li"), Some("lead"), true)]);
        check("a.TitleLink:not([href])", &[(&["titlelink"], Some("a"), Some("titlelink"), true)]);
        check("[class*=date], a[rel~=next][href]", &[(&["date"], None, None, true), (&["next", "href"], Some("a"), None, true)]);
        check("article header", &[(&[], Some("header"), None, false)]);
        check("article.news header", &[(&["news"], Some("header"), None, false)]);
        check("p.a.b, #c", &[(&["a", "b"], Some("p"), Some("a"), true), (&["c"], None, Some("c"), true)]);
    }
}
