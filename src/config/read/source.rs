//! What a file of `sources/` means.

use super::super::document::{Document, Problem};
use super::super::files::{SelectFile, SourceFile};
use super::super::values;
use super::{main, shaped};
use crate::domain::source::{Platform, Select, Source, SourceId, slug};
use crate::rules::feed::RESERVED_SOURCE_IDS;
use std::time::Duration;

/// A source file as far as it could be read.
pub(super) struct Read {
    /// The file's name, whether or not it makes an id.
    pub(super) name: String,
    pub(super) document: Document,
    /// As written; `None` where it is missing or no text. What a faulty file says of these still counts for others.
    pub(super) council: Option<String>,
    /// As slugs; `None` where the file's list of topics is not to be relied on.
    pub(super) topics: Option<Vec<String>>,
    /// `None` where the file has faults.
    pub(super) source: Option<Source>,
}

/// Reads `sources/<name>.toml`. `every` is the time between polls where it says none.
pub(super) fn read(name: &str, mut document: Document, every: Duration, polite: bool) -> Read {
    let id = id(name).map_err(|problem| document.fault_at(0, problem)).ok();
    let file: Option<SourceFile> = shaped(&mut document);
    let council = file.as_ref().filter(|_| document.is_sound("council")).map(|file| file.council.trim().to_owned());
    let topics = file.as_ref().filter(|_| document.is_sound("topics")).map(|file| topics(&mut document, &file.topics));
    let source = file.and_then(|file| source(&mut document, id, topics.clone()?, &file, every, polite));
    Read { name: name.to_owned(), document, council, topics, source }
}

fn id(name: &str) -> Result<SourceId, Problem> {
    if RESERVED_SOURCE_IDS.contains(&name) {
        let problem = Problem::new(format!("`{name}` cannot be the id of a source: feeds/{name} is another file"));
        return Err(problem.hint(format!("call the file {name}-page.toml")));
    }
    SourceId::parse(name).ok_or_else(|| {
        let problem = Problem::new(format!("`{name}` cannot be the id of a source: lower-case letters, digits, `-` and `_` can"));
        let better = slug(name);
        if better.is_empty() { problem } else { problem.hint(format!("call the file {better}.toml")) }
    })
}

fn topics(document: &mut Document, raw: &[String]) -> Vec<String> {
    let mut topics = Vec::new();
    for (n, topic) in raw.iter().enumerate() {
        let slug = slug(topic);
        if slug.is_empty() {
            document.fault(
                &format!("topics.{n}"),
                Problem::new(format!("`{topic}` is not a topic")).hint("such as \"childrens-services\""),
            );
        } else if !topics.contains(&slug) {
            topics.push(slug);
        }
    }
    topics
}

fn source(
    document: &mut Document,
    id: Option<SourceId>,
    topics: Vec<String>,
    file: &SourceFile,
    every: Duration,
    polite: bool,
) -> Option<Source> {
    let council = document.take("council", values::line(&file.council));
    let title = document.take("title", values::line(&file.title));
    let url = document.take("url", values::url(&file.url));
    let every = if file.every.trim().is_empty() { Some(every) } else { main::every(document, "every", &file.every, polite) };
    let select = select(document, &file.select);
    if document.holds("select") && !matches!(file.platform, Platform::Page | Platform::Auto) {
        document.warn("select", Problem::new("selectors are used only with platform = \"page\""));
    }
    Some(Source {
        id: id?,
        council: council?,
        title: title?,
        url: url?,
        home: None,
        platform: file.platform,
        topics,
        every: every?,
        baseline: file.baseline,
        select: select?,
        reread: file.reread,
        new_max: file.new_max,
    })
}

fn select(document: &mut Document, file: &SelectFile) -> Option<Select> {
    let mut one = |path: &str, raw: &str| document.take(path, values::selector(raw));
    let item = one("select.item", &file.item);
    let link = one("select.link", &file.link);
    let title = one("select.title", &file.title);
    let date = one("select.date", &file.date);
    let body = one("select.body", &file.body);
    let next = one("select.next", &file.next);
    let remove: Vec<_> = file.remove.iter().enumerate().map(|(n, raw)| one(&format!("select.remove.{n}"), raw)).collect();
    Some(Select {
        item: item?,
        link: link?,
        title: title?,
        date: date?,
        body: body?,
        remove: remove.into_iter().collect::<Option<Vec<_>>>()?,
        next: next?,
    })
}
