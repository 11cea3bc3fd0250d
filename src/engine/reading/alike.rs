//! Own pages of different items that all say the same: an error in words that nobody knows, a story that stands in every place,
//! one apology under every headline. None of them is its item's.
//!
//! Invariant: an item that is set aside stays as it is known; a new one waits, as one whose own page cannot be read.

use super::listing::{is_tried_enough, let_wait};
use super::page::{instead_of, is_believed};
use super::{Reader, SourceReading};
use crate::domain::item::{Fingerprint, Item, Stage, hash_hex};
use crate::rules::extract;
use crate::rules::fingerprint::{fingerprint, plain};
use crate::store::Row;
use crate::store::records::{ItemState, SourceState, Unreadable};
use std::collections::{HashMap, HashSet};

/// What one own page says.
#[derive(Debug)]
pub(super) struct OwnWords {
    /// What the listing says of the item.
    listed: Item,
    /// Of the page's title and text.
    whole: String,
    /// Of its text alone; `None` where it has none, or says that a meeting is called off.
    text: Option<String>,
    fingerprint: Fingerprint,
}

impl OwnWords {
    pub(super) fn of(listed: &Item, own: &Item) -> Self {
        let text = own.text.as_ref().map(|text| plain(text.as_str())).unwrap_or_default();
        let is_telling = !text.is_empty() && own.stage != Some(Stage::Cancelled);
        Self {
            listed: listed.clone(),
            whole: hash_hex(&[plain(own.title.as_str()).as_bytes(), text.as_bytes()]),
            text: is_telling.then(|| hash_hex(&[text.as_bytes()])),
            fingerprint: fingerprint(own),
        }
    }

    fn name(&self) -> String {
        plain(self.listed.title.as_str()).to_lowercase()
    }
}

/// What an own page is to its item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Standing {
    /// The item is not known.
    New,
    /// It says what is known of the item.
    AsKnown,
    /// It says something else.
    Changed,
}

/// Those that say the same as another that the list names otherwise: title and text; or, where all pages have come to, the text
/// alone. Where one of them says what is known of its item, that is what such pages say.
fn same<'a>(words: &'a [OwnWords], standing: &dyn Fn(&OwnWords) -> Standing) -> Vec<&'a OwnWords> {
    let mut names: HashMap<&str, HashSet<String>> = HashMap::new();
    for own in words {
        names.entry(&own.whole).or_default().insert(own.name());
    }
    let usual: HashSet<&str> =
        words.iter().filter(|own| standing(own) == Standing::AsKnown).map(|own| own.whole.as_str()).collect();
    let texts: HashSet<&Option<String>> = words.iter().map(|own| &own.text).collect();
    let have_changed = words.iter().all(|own| own.text.is_some() && standing(own) == Standing::Changed);
    let all_alike = texts.len() == 1 && have_changed && words.iter().map(OwnWords::name).collect::<HashSet<_>>().len() > 1;
    let is_one = |own: &&OwnWords| {
        let is_shared = names.get(own.whole.as_str()).is_some_and(|names| names.len() > 1);
        all_alike || is_shared && !usual.contains(own.whole.as_str())
    };
    words.iter().filter(is_one).collect()
}

/// Whether the present recipe has read what is known of an item.
fn is_current(known: &ItemState) -> bool {
    known.platform.is_some_and(|platform| extract::recipe(platform) == known.recipe)
}

impl Reader<'_> {
    /// Sets aside what was read of items whose own pages all say the same, and said different things before.
    pub(super) fn set_alike_aside(
        &self,
        state: &SourceState,
        known: &HashMap<String, Row<ItemState>>,
        reading: &mut SourceReading,
    ) {
        let words = std::mem::take(&mut reading.own_words);
        let before = |own: &OwnWords| known.get(&own.listed.key).map(|row| &row.value);
        let alike = same(&words, &|own| match before(own) {
            None => Standing::New,
            // Of what another recipe read, nobody can say yet whether the page has changed.
            Some(known) if known.fingerprint == own.fingerprint || !is_current(known) => Standing::AsKnown,
            Some(_) => Standing::Changed,
        });
        let contents: Vec<_> = alike.iter().filter_map(|own| before(own)).map(|item| &item.fingerprint).collect();
        let were_alike = contents.len() > 1 && contents.iter().all(|content| Some(content) == contents.first());
        for own in alike.into_iter().filter(|_| !were_alike) {
            let key = &own.listed.key;
            let Some(at) = reading.items.iter().position(|item| item.item.key == *key && item.visited) else { continue };
            let Some(item) = reading.items.get_mut(at) else { continue };
            let why = format!("{}: {}", item.item.url, instead_of(&item.item));
            let unreadable = state.unreadable.get(key).filter(|before| before.is_another);
            if let Some(known) = before(own) {
                let is_changed = item.read.as_ref().is_some_and(|read| read.fingerprint != known.fingerprint);
                if !is_changed || is_believed(unreadable, self.now) {
                    continue;
                }
                item.read = None;
                item.visited = false;
                item.validators.clone_from(&known.validators);
                item.closes = known.closes;
                item.names.clone_from(&known.names);
                item.item = Item { published: known.published, ..own.listed.clone() };
                reading.own_pages.unread += usize::from(known.has_text);
                let since = unreadable.map_or(self.now, |before| before.since);
                reading.unreadable.insert(key.clone(), Unreadable { since, why: why.clone(), is_another: true });
            } else if state.baseline.is_some() && !is_tried_enough(state, key) {
                reading.items.remove(at);
                let_wait(state, key, reading);
            } else {
                continue;
            }
            reading.warnings.push(why);
        }
        reading.own_words = words;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::Text;
    use url::Url;

    fn own(listed: &str, title: &str, text: &str) -> OwnWords {
        let item = |title: &str, text: Option<&str>| Item {
            text: text.map(Text::new),
            ..Item::bare(title.to_owned(), Text::line(title), Url::parse("https://council.example.org/x").unwrap())
        };
        OwnWords::of(&item(listed, None), &item(title, Some(text)))
    }

    fn check(words: &[(&str, &str, &str)], standing: Standing, expect: usize) {
        let words: Vec<OwnWords> = words.iter().map(|(listed, title, text)| own(listed, title, text)).collect();
        assert_eq!(same(&words, &|_| standing).len(), expect, "{words:?}");
    }

    #[test]
    fn one_story_in_two_places_is_neither_s() {
        let queue = [("A", "Queue", "You are in line."), ("B", "Queue", "You are in line."), ("C", "C", "The board met.")];
        check(&queue, Standing::Changed, 2);
        check(&queue, Standing::New, 2);
        check(&queue, Standing::AsKnown, 0);
        check(&[("A", "A", "The board met."), ("B", "B", "The panel met.")], Standing::Changed, 0);
        check(&[("A", "A", "The board met."), ("A", "A", "The board met.")], Standing::New, 0);
    }

    #[test]
    fn one_apology_under_every_headline_is_nobody_s_and_under_some_it_may_be_meant() {
        let sorry = [("A", "A", "Back at noon."), ("B", "B", "Back at noon.")];
        check(&sorry, Standing::Changed, 2);
        check(&sorry, Standing::New, 0);
        check(&sorry, Standing::AsKnown, 0);
        let closed = [("A", "A", "This has closed."), ("B", "B", "This has closed."), ("C", "C", "The board met.")];
        check(&closed, Standing::Changed, 0);
        check(&sorry[..1], Standing::Changed, 0);
    }
}
