//! What the form offers: a field for everything, each council, each topic and each page.

use super::{EVERYTHING, KEYWORDS_OFTEN};
use crate::domain::source::{Source, SourceId, slug};
use crate::domain::subscriber::Interests;
use std::collections::{BTreeMap, BTreeSet};

/// A council, and the pages of it that are watched.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Council {
    /// As sources spell it.
    pub name: String,
    /// The name of its field.
    pub field: String,
    /// Its pages: what they are called, and the names of their fields.
    pub pages: Vec<(String, String)>,
}

/// What there is to choose from.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Catalogue {
    /// By name.
    pub councils: Vec<Council>,
    /// Each topic's slug, and the name of its field.
    pub topics: Vec<(String, String)>,
    meanings: BTreeMap<String, Interests>,
}

impl Catalogue {
    /// What `sources` let people choose from.
    #[must_use]
    pub fn of(sources: &[Source]) -> Self {
        let mut councils: BTreeMap<&str, Vec<(String, &SourceId)>> = BTreeMap::new();
        let mut topics = BTreeSet::new();
        for source in sources {
            councils.entry(&source.council).or_default().push((source.title.clone(), &source.id));
            topics.extend(source.topics.iter().map(|topic| slug(topic)));
        }
        let mut catalogue = Self::default();
        let mut mean = |field: String, interests: Interests| {
            catalogue.meanings.insert(field.clone(), interests);
            field
        };
        mean(EVERYTHING.to_owned(), Interests { everything: true, ..Interests::default() });
        for (name, mut pages) in councils {
            pages.sort();
            let own = Interests { councils: vec![name.to_owned()], ..Interests::default() };
            let council = Council {
                name: name.to_owned(),
                field: mean(format!("council.{}", slug(name)), own),
                pages: pages
                    .into_iter()
                    .map(|(title, id)| {
                        let own = Interests { sources: vec![id.as_str().to_owned()], ..Interests::default() };
                        (title, mean(format!("page.{id}"), own))
                    })
                    .collect(),
            };
            catalogue.councils.push(council);
        }
        for topic in topics {
            let own = Interests { topics: vec![topic.clone()], ..Interests::default() };
            let field = format!("topic.{topic}");
            catalogue.meanings.insert(field.clone(), own);
            catalogue.topics.push((topic, field));
        }
        catalogue
    }

    /// Whether the form has a field of that name with a choice in it.
    #[must_use]
    pub fn holds(&self, field: &str) -> bool {
        field == KEYWORDS_OFTEN || self.meanings.contains_key(field)
    }

    /// What choosing this field means.
    #[must_use]
    pub fn interests(&self, field: &str) -> Option<Interests> {
        self.meanings.get(field).cloned()
    }

    /// The names of the fields that together say `interests`, keywords aside.
    pub(super) fn fields_of(&self, interests: &Interests) -> Vec<String> {
        let says = |own: &Interests| {
            let all = |own: &[String], wanted: &[String], same: fn(&str) -> String| {
                own.iter().all(|own| wanted.iter().any(|wanted| same(wanted) == same(own)))
            };
            (!own.everything || interests.everything)
                && all(&own.sources, &interests.sources, str::to_owned)
                && all(&own.councils, &interests.councils, str::to_owned)
                && all(&own.topics, &interests.topics, slug)
        };
        self.meanings.iter().filter(|(_, own)| says(own)).map(|(field, _)| field.clone()).collect()
    }
}
