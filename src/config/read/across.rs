//! What the files say of each other: names that subscriptions use, one page watched twice, one person in two files.

use super::super::document::{Document, Problem};
use super::super::suggest;
use super::list::{self, EVERYTHING};
use super::source;
use crate::domain::source::slug;
use std::collections::{BTreeSet, HashMap};

/// Looks at every pair of files that can contradict each other, and reports where the later one stands.
pub(super) fn check(sources: &mut [source::Read], lists: &mut [list::Read]) {
    let names = Names::of(sources);
    for read in lists.iter_mut() {
        names.check(read);
    }
    repeated_pages(sources);
    spellings(sources);
    people_in_two_files(lists);
}

/// What subscriptions may name. A source file with faults still exists: its id is known, and so are its council and
/// topics where they can be read; where they cannot, nobody can say which names are unknown.
struct Names {
    sources: BTreeSet<String>,
    councils: Option<BTreeSet<String>>,
    topics: Option<BTreeSet<String>>,
}

impl Names {
    fn of(sources: &[source::Read]) -> Self {
        Self {
            sources: sources.iter().map(|read| read.name.clone()).collect(),
            councils: sources.iter().map(|read| read.council.clone()).collect(),
            topics: sources
                .iter()
                .map(|read| read.topics.clone())
                .collect::<Option<Vec<_>>>()
                .map(|topics| topics.into_iter().flatten().collect()),
        }
    }

    fn check(&self, read: &mut list::Read) {
        for (n, entry) in read.entries.iter().enumerate() {
            let document = &mut read.document;
            let path = |name: &str| format!("subscriber.{n}.{name}");
            named(document, &path("sources"), "source", &entry.sources, str::to_owned, Some(&self.sources));
            named(document, &path("councils"), "council", &entry.councils, str::to_owned, self.councils.as_ref());
            named(document, &path("topics"), "topic", &entry.topics, slug, self.topics.as_ref());
        }
    }
}

/// Reports each of `values` that is not among `known`.
fn named(
    document: &mut Document,
    path: &str,
    what: &str,
    values: &[String],
    plain: fn(&str) -> String,
    known: Option<&BTreeSet<String>>,
) {
    let Some(known) = known else { return };
    for (m, value) in values.iter().enumerate() {
        let value = value.trim();
        if value != EVERYTHING && !known.contains(&plain(value)) {
            let problem = Problem::new(format!("no {what} is called `{value}`"));
            let hint = suggest::hint(value, known.iter().map(String::as_str));
            document.fault(&format!("{path}.{m}"), problem.maybe_hint(hint));
        }
    }
}

/// Two sources with one address would tell everything twice.
fn repeated_pages(sources: &mut [source::Read]) {
    let mut seen: HashMap<String, String> = HashMap::new();
    for read in sources {
        let Some(source) = &read.source else { continue };
        if let Some(first) = seen.insert(source.url.to_string(), place(&read.document, "url")) {
            read.document.warn("url", Problem::new("this page is watched twice").hint(format!("also in {first}")));
        }
    }
}

/// Two spellings of one council would make one feed of two councils.
fn spellings(sources: &mut [source::Read]) {
    let mut seen: HashMap<String, (String, String)> = HashMap::new();
    for read in sources {
        let Some(council) = read.council.clone() else { continue };
        match seen.get(&slug(&council)) {
            Some((other, first)) if *other != council => {
                let problem = Problem::new(format!("`{council}` is spelled `{other}` elsewhere"));
                read.document.warn("council", problem.hint(format!("in {first}; the two would share one feed")));
            }
            Some(_) => {}
            None => {
                let first = place(&read.document, "council");
                seen.insert(slug(&council), (council, first));
            }
        }
    }
}

/// One person in two files gets one subscription with the interests of both; whoever edits should know.
fn people_in_two_files(lists: &mut [list::Read]) {
    let mut seen: HashMap<String, (usize, String)> = HashMap::new();
    for (file, read) in lists.iter_mut().enumerate() {
        let people: Vec<_> =
            read.list.subscribers.iter().map(|listed| listed.address.clone()).zip(read.numbers.clone()).collect();
        for (address, n) in people {
            let path = format!("subscriber.{n}.address");
            match seen.get(&address.identity()) {
                Some((other, first)) if *other != file => {
                    let problem = Problem::new(format!("`{}` is in two files", address.as_str()));
                    read.document.warn(&path, problem.hint(format!("also in {first}; the interests of both are joined")));
                }
                Some(_) => {}
                None => {
                    seen.insert(address.identity(), (file, place(&read.document, &path)));
                }
            }
        }
    }
}

fn place(document: &Document, path: &str) -> String {
    let (line, column) = document.place(path);
    format!("{}:{line}:{column}", document.file().display())
}
