//! The name of a source's file, which stands in feed addresses and subscriptions for good: the place and what the page is.

use super::{Found, council};
use crate::domain::source::{SourceId, slug};
use crate::rules::feed::RESERVED_SOURCE_IDS;

/// Longest name that is made up, in bytes.
const BYTES_MAX: usize = 60;
/// Words of a council's name that tell no councils apart.
const COMMON: &[&str] =
    &["council", "borough", "city", "county", "district", "metropolitan", "london", "royal", "of", "the", "unitary", "authority"];

/// A name that no source has.
pub(super) fn derive(found: &Found<'_>, council: &str, title: &str, is_taken: &dyn Fn(&SourceId) -> bool) -> SourceId {
    let place = council::place_in_host(found.url).map(|place| slug(&place)).filter(|place| !place.is_empty());
    let place = place.unwrap_or_else(|| telling(council));
    let page = slug(title);
    let whole = match (place.is_empty(), page.is_empty() || page.starts_with(&place)) {
        (false, true) if page.is_empty() => place,
        (false, false) => format!("{place}-{page}"),
        (true, true) if page.is_empty() => "source".to_owned(),
        (_, _) => page,
    };
    unique(found, &shortened(&whole), is_taken)
}

/// "London Borough of Newham" → "newham".
fn telling(council: &str) -> String {
    let slug = slug(council);
    let kept: Vec<&str> = slug.split('-').filter(|word| !COMMON.contains(word)).collect();
    if kept.is_empty() { slug } else { kept.join("-") }
}

/// Cut between two words where it is too long.
fn shortened(name: &str) -> String {
    let mut short = name;
    while short.len() > BYTES_MAX {
        short = short.rsplit_once('-').map_or_else(|| short.get(..BYTES_MAX).unwrap_or("source"), |(before, _)| before);
    }
    short.to_owned()
}

fn unique(found: &Found<'_>, name: &str, is_taken: &dyn Fn(&SourceId) -> bool) -> SourceId {
    let is_free = |id: &SourceId| {
        let is_reserved = RESERVED_SOURCE_IDS.contains(&id.as_str());
        !is_reserved && found.sources.iter().all(|source| source.id != *id) && !is_taken(id)
    };
    let mut nth = 1_u32;
    loop {
        let candidate = if nth == 1 { SourceId::of(name) } else { SourceId::of(&format!("{name}-{nth}")) };
        if is_free(&candidate) {
            return candidate;
        }
        nth = nth.saturating_add(1);
    }
}
