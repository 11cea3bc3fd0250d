//! What somebody wants, in words for them.

use super::words::Words;
use crate::domain::pause::Pause;
use crate::domain::site::Site;
use crate::domain::source::Source;
use crate::domain::subscriber::{Cadence, Interests};
use chrono::{DateTime, Utc};

/// Stands for keywords where they are not to be said.
pub const WORDS_OF_YOUR_OWN: &str = "(words of your own)";

/// How often that is.
#[must_use]
pub fn often(site: &Site, cadence: Cadence) -> &'static str {
    (Words::of(site).wants.often)(cadence)
}

/// That somebody wants word of months without news.
#[must_use]
pub fn monthly(site: &Site) -> &'static str {
    Words::of(site).wants.monthly
}

/// What a yes means for a pause, in a few sentences.
#[must_use]
pub fn pause(site: &Site, pause: Pause) -> String {
    let says = &Words::of(site).manage;
    let day = |until: DateTime<Utc>| until.with_timezone(&site.timezone).date_naive();
    match pause {
        Pause::Holds(until) => (says.pause_holds)(day(until)),
        Pause::Ends(until) => (says.pause_ends)(day(until)),
    }
}

/// Each thing that is wanted, in a few words: "Trafford Council", "the topic “boards”".
#[must_use]
pub fn wants(site: &Site, interests: &Interests, sources: &[Source]) -> Vec<String> {
    let says = &Words::of(site).wants;
    let everything = interests.everything.then(|| says.everything.to_owned());
    let of_source = |id: &String| {
        let source = sources.iter().find(|source| source.id.as_str() == id);
        source.map_or_else(|| id.clone(), |source| (says.source)(&source.title, &source.council))
    };
    let topic = |topic: &String| (says.topic)(&topic.replace('-', " "));
    let keyword = |words: &String| if words == WORDS_OF_YOUR_OWN { says.own_words.to_owned() } else { (says.keyword)(words) };
    let parts = everything.into_iter().chain(interests.councils.iter().cloned());
    let parts = parts.chain(interests.sources.iter().map(of_source)).chain(interests.topics.iter().map(topic));
    parts.chain(interests.keywords.iter().map(keyword)).collect()
}
