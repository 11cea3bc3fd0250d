//! What somebody wants, in words for them.

use crate::domain::source::Source;
use crate::domain::subscriber::{Cadence, Interests};

/// Stands for keywords where they are not to be said.
pub const WORDS_OF_YOUR_OWN: &str = "words of your own choice";

/// Stands for word of quiet months.
pub const MONTHLY: &str = "that we are still watching, once a month where there was nothing else to send";

/// How often that is.
#[must_use]
pub fn often(cadence: Cadence) -> &'static str {
    match cadence {
        Cadence::Immediate => "as soon as something is published",
        Cadence::Daily => "once a day",
        Cadence::Weekly => "once a week",
    }
}

/// Each thing that is wanted, in a few words: "Trafford Council", "the topic “boards”".
#[must_use]
pub fn wants(interests: &Interests, sources: &[Source]) -> Vec<String> {
    let everything = interests.everything.then(|| "every council and page that we watch".to_owned());
    let of_source = |id: &String| {
        let source = sources.iter().find(|source| source.id.as_str() == id);
        source.map_or_else(|| id.clone(), |source| format!("“{}” of {}", source.title, source.council))
    };
    let topic = |topic: &String| format!("the topic “{}”", topic.replace('-', " "));
    let keyword = |keyword: &String| match keyword.split_whitespace().nth(1) {
        _ if keyword == WORDS_OF_YOUR_OWN => keyword.clone(),
        Some(_) => format!("the words “{keyword}”"),
        None => format!("the word “{keyword}”"),
    };
    let parts = everything.into_iter().chain(interests.councils.iter().cloned());
    let parts = parts.chain(interests.sources.iter().map(of_source)).chain(interests.topics.iter().map(topic));
    parts.chain(interests.keywords.iter().map(keyword)).collect()
}
