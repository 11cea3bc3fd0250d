//! Topics that the page's own words suggest: those that other sources have, and a few that every council deals with.

use super::Found;
use crate::rules::extract::key;
use std::collections::BTreeSet;

/// Topics suggested, at most.
const TOPICS_MAX: usize = 4;

/// A topic, and the words that speak for it, in lower case; several words in one must stand together.
const TOPICS: &[(&str, &[&str])] = &[
    ("childrens-services", &["children", "children's", "childrens", "safeguarding", "ofsted", "ilacs"]),
    ("improvement-board", &["improvement board", "improvement plan", "improvement action plan", "ofsted"]),
    ("adult-social-care", &["adult social care", "adults", "care homes"]),
    ("health", &["health", "wellbeing", "nhs"]),
    ("education", &["school", "schools", "education", "send"]),
    ("planning", &["planning"]),
    ("housing", &["housing", "homelessness"]),
    ("transport", &["transport", "highways", "parking"]),
    ("finance", &["budget", "finance", "treasury", "council tax"]),
    ("audit", &["audit"]),
    ("scrutiny", &["scrutiny"]),
    ("cabinet", &["cabinet", "executive"]),
    ("licensing", &["licensing"]),
    ("climate", &["climate", "net zero", "carbon"]),
    ("decisions", &["decision", "decisions"]),
    ("news", &["news"]),
];

/// The topics that the page's title speaks of, or a third of its items do.
pub(super) fn suggest(found: &Found<'_>, title: &str) -> Vec<String> {
    let page = words(title);
    let items: Vec<Vec<String>> = found.extraction.iter().flat_map(|e| &e.items).map(|item| words(item.title.as_str())).collect();
    let speaks_of = |phrases: &[String]| {
        let says = |text: &[String]| phrases.iter().any(|phrase| holds(text, &words(phrase)));
        let among_items = items.iter().filter(|item| says(item)).count();
        says(&page) || (items.len() >= 3 && among_items * 3 >= items.len())
    };
    let used: BTreeSet<&String> = found.sources.iter().flat_map(|source| &source.topics).collect();
    let mut suggested: Vec<String> = Vec::new();
    for topic in used {
        let known = TOPICS.iter().any(|(name, _)| name == topic);
        if !known && speaks_of(&[topic.replace('-', " ")]) {
            suggested.push(topic.clone());
        }
    }
    for (topic, phrases) in TOPICS {
        let phrases: Vec<String> = phrases.iter().map(|&phrase| phrase.to_owned()).collect();
        if speaks_of(&phrases) {
            suggested.push((*topic).to_owned());
        }
    }
    // What the whole site publishes is news; that says something only where nothing else does.
    if suggested.len() > 1 {
        suggested.retain(|topic| topic != "news");
    }
    // The topics of the same page under another name are its own.
    let same = found.sources.iter().find(|source| key::canonical(&source.url) == key::canonical(found.url));
    suggested.extend(same.iter().flat_map(|source| source.topics.clone()));
    let mut seen = BTreeSet::new();
    suggested.retain(|topic| seen.insert(topic.clone()));
    suggested.truncate(TOPICS_MAX);
    suggested
}

fn words(text: &str) -> Vec<String> {
    let plain = text.to_lowercase().replace('’', "'");
    plain.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn holds(text: &[String], phrase: &[String]) -> bool {
    !phrase.is_empty() && text.windows(phrase.len()).any(|window| window == phrase)
}
