//! Whether an item is among somebody's interests.
//!
//! Interests are a union: a source or a council or a topic or a keyword. The answer carries its reason, because every
//! mail says why its reader gets it.

use crate::domain::item::Item;
use crate::domain::source::{Source, slug};
use crate::domain::subscriber::Interests;
use crate::domain::topic::topic_name;
use icu_normalizer::DecomposingNormalizerBorrowed;
use std::fmt;

/// Why an item is among somebody's interests. Prints as words for the reader.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Why {
    /// They follow this source.
    Source {
        /// Whose page it is.
        council: String,
        /// What the page is.
        title: String,
    },
    /// They follow everything of this council.
    Council(String),
    /// They follow this topic.
    Topic(String),
    /// It holds this word or phrase of theirs.
    Keyword(String),
    /// They follow everything.
    Everything,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source { council, title } => write!(f, "you follow “{title}” of {council}"),
            Self::Council(council) => write!(f, "you follow {council}"),
            Self::Topic(topic) => write!(f, "you follow the topic “{}”", topic_name(topic)),
            Self::Keyword(keyword) if keyword.split_whitespace().nth(1).is_some() => write!(f, "the words “{keyword}”"),
            Self::Keyword(keyword) => write!(f, "the word “{keyword}”"),
            Self::Everything => f.write_str("you follow everything"),
        }
    }
}

/// The first reason why `item` of `source` is among `interests`, the most particular kind first; `None` where it is not.
#[must_use]
pub fn matches(interests: &Interests, source: &Source, item: &Item) -> Option<Why> {
    let keyword = || keyword_in(interests, item).map(Why::Keyword);
    named(interests, source).or_else(keyword).or_else(|| interests.everything.then_some(Why::Everything))
}

/// The first reason why everything that `source` publishes is among `interests`; `None` where it is not.
#[must_use]
pub fn follows_for(interests: &Interests, source: &Source) -> Option<Why> {
    named(interests, source).or_else(|| interests.everything.then_some(Why::Everything))
}

/// The first reason that names the source, its council or a topic of it.
fn named(interests: &Interests, source: &Source) -> Option<Why> {
    let followed = interests.sources.iter().any(|id| id == source.id.as_str());
    let followed = followed.then(|| Why::Source { council: source.council.clone(), title: source.title.clone() });
    let council = || interests.councils.contains(&source.council).then(|| Why::Council(source.council.clone()));
    let topic = || {
        let wanted = |topic: &&String| interests.topics.iter().any(|wanted| slug(wanted) == slug(topic));
        source.topics.iter().find(wanted).cloned().map(Why::Topic)
    };
    followed.or_else(council).or_else(topic)
}

/// Whether everything that `source` publishes is among `interests`; keywords choose among it, and follow nothing.
#[must_use]
pub fn follows(interests: &Interests, source: &Source) -> bool {
    follows_for(interests, source).is_some()
}

/// The same without what others of them hold: where everything is wanted, all else; where a council is, its pages. That a topic
/// holds a page is the admin's to say and no reader's to see, so both stand.
#[must_use]
pub fn outermost(interests: &Interests, sources: &[Source]) -> Interests {
    if interests.everything {
        return Interests { everything: true, ..Interests::default() };
    }
    let council = |id: &String| sources.iter().find(|source| source.id.as_str() == id).map(|source| &source.council);
    let is_held = |id: &&String| council(id).is_some_and(|council| interests.councils.contains(council));
    let alone = interests.sources.iter().filter(|id| !is_held(id)).cloned().collect();
    Interests { sources: alone, ..interests.clone() }
}

/// The first keyword that stands in the title or the text, as the subscriber wrote it.
fn keyword_in(interests: &Interests, item: &Item) -> Option<String> {
    if interests.keywords.is_empty() {
        return None;
    }
    let title = folded_words(item.title.as_str());
    let text = item.text.as_ref().map(|text| folded_words(text.as_str())).unwrap_or_default();
    interests.keywords.iter().find(|keyword| holds(&title, keyword) || holds(&text, keyword)).cloned()
}

/// Whether the words of `phrase` follow one another in `text`; both with a space around every word.
fn holds(text: &str, phrase: &str) -> bool {
    let phrase = folded_words(phrase);
    !phrase.trim().is_empty() && text.contains(&phrase)
}

/// The words alone: lower case, without accents (NFKD less combining marks, so that the "fi" of a copied PDF is f and i),
/// each with a space before and after. An apostrophe parts words, so that "children" is found in "children’s".
#[must_use]
pub fn folded_words(raw: &str) -> String {
    let decomposed = DecomposingNormalizerBorrowed::new_nfkd().normalize(raw);
    let mut words = String::with_capacity(decomposed.len() + 2);
    words.push(' ');
    for c in decomposed.chars().filter(|c| !matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}')) {
        if c.is_alphanumeric() {
            words.extend(c.to_lowercase());
        } else if !words.ends_with(' ') {
            words.push(' ');
        }
    }
    if !words.ends_with(' ') {
        words.push(' ');
    }
    words
}

#[cfg(test)]
mod tests;
