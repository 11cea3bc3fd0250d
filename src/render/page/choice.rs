//! Choosing what a list is about: everything, a council, a topic or one page; as a form's options.

use crate::domain::site::Site;
use crate::domain::source::Source;
use crate::domain::text::Text;
use crate::render::words::Words;
use crate::rules::feed::FeedName;

/// One option of a form.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) chosen: bool,
}

/// Options under one heading.
pub(super) struct Group {
    pub(super) label: &'static str,
    pub(super) choices: Vec<Choice>,
}

/// What may be chosen over `sources`, with `chosen` chosen.
pub(super) fn groups(words: &'static Words, site: &Site, sources: &[Source], chosen: &FeedName) -> Vec<Group> {
    let all = FeedName::every(sources);
    let group = |label, holds: &dyn Fn(&FeedName) -> bool| {
        let mut choices: Vec<Choice> = all
            .iter()
            .filter(|name| holds(name))
            .map(|name| Choice { value: name.stem(), label: title(words, site, sources, name), chosen: name == chosen })
            .collect();
        choices.sort_by(|a, b| a.label.cmp(&b.label));
        Group { label, choices }
    };
    let groups = [
        group(words.archive.councils, &|name| matches!(name, FeedName::Council(_))),
        group(words.archive.topics, &|name| matches!(name, FeedName::Topic(_))),
        group(words.archive.pages, &|name| matches!(name, FeedName::Source(_))),
    ];
    groups.into_iter().filter(|group| !group.choices.is_empty()).collect()
}

/// "Trafford Council", "Topic: Improvement board", "Everything".
pub(super) fn title(words: &Words, site: &Site, sources: &[Source], name: &FeedName) -> String {
    match name {
        FeedName::All => words.archive.everything.to_owned(),
        FeedName::Topic(slug) => (words.archive.topic)(Text::line(&site.topic(slug)).as_str()),
        FeedName::Source(_) | FeedName::Council(_) => Text::line(&name.title(site, sources)).to_string(),
    }
}
