//! Words of the index that are near to one that no text holds: what somebody who mistyped it may have meant.

use super::{IndexError, SearchIndex};
use crate::domain::item::ItemId;
use crate::rules::search::Query;
use std::cmp::Reverse;
use std::collections::HashMap;
use tantivy::collector::TopDocs;
use tantivy::{Searcher, TantivyError, Term};

/// Words of a query that others are looked for.
const MISSING_MAX: usize = 3;
/// Words that are looked at, in each part of the index.
const LOOKED_AT_MAX: usize = 50_000;

/// A word that no text holds, and what is near to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Near {
    /// As it was asked for.
    pub word: String,
    /// The stem of the other.
    pub stem: String,
    /// An item that holds that.
    pub item: ItemId,
}

impl SearchIndex {
    /// The words of `query` that no text holds and that are a slip or two away from one that some text holds.
    ///
    /// # Errors
    /// Where the files do not read.
    pub fn near(&self, query: &Query) -> Result<Vec<Near>, IndexError> {
        let searcher = self.reader.searcher();
        let mut found = Vec::new();
        let mut missing = 0;
        for (word, stem) in query.words() {
            if self.holds(&searcher, &stem)? {
                continue;
            }
            missing += 1;
            if missing > MISSING_MAX {
                break;
            }
            let Some(stem) = self.nearest(&searcher, &stem)? else { continue };
            let held_by = searcher.search(&self.wanted(std::slice::from_ref(&stem)), &TopDocs::with_limit(1).order_by_score())?;
            found.extend(Self::ids(&searcher, held_by)?.pop().map(|item| Near { word, stem, item }));
        }
        Ok(found)
    }

    fn holds(&self, searcher: &Searcher, stem: &str) -> Result<bool, TantivyError> {
        for field in [self.fields.text, self.fields.title] {
            if searcher.doc_freq(&Term::from_field_text(field, stem))? > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The nearest with the same first letter, which people rarely mistype; of those that are as near, the commonest.
    fn nearest(&self, searcher: &Searcher, stem: &str) -> Result<Option<String>, TantivyError> {
        let letters = stem.chars().count();
        let (Some(first), Some(limit)) = (stem.chars().next(), slips_max(stem)) else { return Ok(None) };
        let from = first.to_string();
        // No word goes on with an octet that is none of UTF-8.
        let to = [from.as_bytes(), &[0xff]].concat();
        let mut near: HashMap<String, (usize, u64)> = HashMap::new();
        for segment in searcher.segment_readers() {
            for field in [self.fields.text, self.fields.title] {
                let index = segment.inverted_index(field)?;
                let mut words = index.terms().range().ge(&from).lt(&to).into_stream()?;
                let mut left = LOOKED_AT_MAX;
                while left > 0 && words.advance() {
                    left -= 1;
                    let Ok(word) = std::str::from_utf8(words.key()) else { continue };
                    if word.chars().count().abs_diff(letters) > limit || slips_max(word).is_none() {
                        continue;
                    }
                    let slips = strsim::osa_distance(stem, word);
                    if slips <= limit {
                        near.entry(word.to_owned()).or_insert((slips, 0)).1 += u64::from(words.value().doc_freq);
                    }
                }
            }
        }
        let best = near.into_iter().min_by_key(|(word, (slips, held_by))| (*slips, Reverse(*held_by), word.clone()));
        Ok(best.map(|(word, _)| word))
    }
}

/// How far from a word another is still it, mistyped. Every short word is near to others, and every number.
fn slips_max(word: &str) -> Option<usize> {
    if word.chars().any(|c| c.is_ascii_digit()) {
        return None;
    }
    match word.chars().count() {
        0..=3 => None,
        4..=7 => Some(1),
        _ => Some(2),
    }
}
