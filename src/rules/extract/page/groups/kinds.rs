//! Headings that name the kind of an entry, or its topic, and not the entry.

use super::{SAMPLE, SERIES_MIN};
use crate::rules::extract::document::{Document, Link};
use crate::rules::extract::key;
use crate::rules::extract::page::entries::Entry;
use crate::rules::extract::text::Line;
use std::collections::HashMap;

/// Whether the headings over most entries lead nowhere and are other entries' as well, where the links below them have words of
/// their own: "Visit", "Full inspection".
pub(super) fn are_kinds<'a>(document: &Document<'a>, entries: &[Entry<'a>]) -> bool {
    let sample = entries.len().min(SAMPLE);
    let mut times: HashMap<String, usize> = HashMap::new();
    for heading in entries.iter().take(sample).filter_map(|entry| entry.unlinked_heading(document)) {
        *times.entry(heading).or_default() += 1;
    }
    let repeated: usize = times.into_values().filter(|times| *times > 1).sum();
    sample >= SERIES_MIN && repeated * 2 > sample
}

/// Whether a heading leads, and not to where the entry does: a topic's link above a story's headline is no link to the story.
pub(super) fn leads_elsewhere(document: &Document, heading: &Line<'_>, entry: &Entry<'_>) -> bool {
    let own = |link: &Link<'_>| link.url.as_ref().is_some_and(|url| Some(key::canonical(url).as_str()) == entry.key(document));
    !heading.links.is_empty() && !heading.links.iter().any(own)
}
