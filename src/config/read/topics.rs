//! What topics are called: the `[[topic]]` tables of `boardwatch.toml`.

use super::super::document::{Document, Problem};
use super::super::files::TopicFile;
use super::super::{suggest, values};
use super::source;
use crate::domain::source::slug;
use std::collections::{BTreeMap, BTreeSet};

/// The names by slug; `None` where something is wrong with one.
pub(super) fn read(document: &mut Document, tables: &[TopicFile]) -> Option<BTreeMap<String, String>> {
    let (mut names, mut seen) = (BTreeMap::new(), BTreeSet::new());
    let mut is_sound = true;
    for (n, table) in tables.iter().enumerate() {
        let topic = slug(&table.slug);
        let given = if topic.is_empty() {
            Err(Problem::new(format!("`{}` is not a topic", table.slug)).hint("such as \"childrens-services\""))
        } else if !seen.insert(topic.clone()) {
            Err(Problem::new(format!("the topic `{topic}` has a name already")))
        } else {
            Ok(topic)
        };
        let topic = document.take(&format!("topic.{n}.slug"), given);
        let name = document.take(&format!("topic.{n}.name"), values::line(&table.name));
        match topic.zip(name) {
            Some((topic, name)) => drop(names.insert(topic, name)),
            None => is_sound = false,
        }
    }
    is_sound.then_some(names)
}

/// Remarks upon names of topics that no source has: one of the two is misspelt, or the source has gone.
pub(super) fn check(main: &mut Document, named: &[String], sources: &[source::Read]) {
    let known: Option<BTreeSet<&str>> = sources
        .iter()
        .map(|read| read.topics.as_ref())
        .collect::<Option<Vec<_>>>()
        .map(|topics| topics.into_iter().flatten().map(String::as_str).collect());
    let Some(known) = known else { return };
    for (n, topic) in named.iter().enumerate() {
        if !known.contains(slug(topic).as_str()) {
            let problem = Problem::new(format!("no source has the topic `{topic}`"));
            main.warn(&format!("topic.{n}.slug"), problem.maybe_hint(suggest::hint(topic, known.iter().copied())));
        }
    }
}
