//! What a file of `subscriptions/` means by itself; whether what it names exists is asked in `across`.

use super::super::document::{Document, Problem};
use super::super::files::{SubscriberEntry, SubscriptionsFile};
use super::super::values;
use super::super::{ListedSubscriber, SubscriptionList};
use super::shaped;
use crate::domain::source::slug;
use crate::domain::subscriber::Interests;
use std::collections::HashMap;

/// A subscription file as far as it could be read.
pub(super) struct Read {
    pub(super) document: Document,
    /// The people whose entries are good by themselves.
    pub(super) list: SubscriptionList,
    /// Every entry with its number in the file, good or not: what it names can be asked all the same.
    pub(super) entries: Vec<SubscriberEntry>,
    /// Number in the file of each of `list.subscribers`.
    pub(super) numbers: Vec<usize>,
}

/// Everything, in any of the lists.
pub(super) const EVERYTHING: &str = "*";

/// Reads `subscriptions/<name>.toml`.
pub(super) fn read(name: String, mut document: Document) -> Read {
    let file: SubscriptionsFile = shaped(&mut document).unwrap_or_default();
    if file.note.trim().is_empty() {
        let problem = Problem::new("`note` is empty");
        document.warn("note", problem.hint("say why these people may be mailed: what was agreed, with whom, when"));
    }
    let mut list = SubscriptionList { name, note: file.note.trim().to_owned(), subscribers: Vec::new() };
    let mut numbers = Vec::new();
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (n, entry) in file.subscriber.iter().enumerate() {
        let path = format!("subscriber.{n}.address");
        let address = document.take(&path, values::address(&entry.address));
        if let Some(first) = address.as_ref().and_then(|address| seen.get(&address.identity())).copied() {
            let (line, _) = document.place(&format!("subscriber.{first}.address"));
            let problem = Problem::new(format!("`{}` is here twice", entry.address));
            document.fault(&path, problem.hint(format!("also in line {line}; one entry may name any number of interests")));
        } else if let Some(address) = &address {
            seen.insert(address.identity(), n);
        }
        let interests = interests(&mut document, n, entry);
        if let (Some(address), Some(interests)) = (address, interests) {
            list.subscribers.push(ListedSubscriber { address, cadence: entry.cadence, interests });
            numbers.push(n);
        }
    }
    Read { document, list, entries: file.subscriber, numbers }
}

fn interests(document: &mut Document, n: usize, entry: &SubscriberEntry) -> Option<Interests> {
    let lists =
        [("sources", &entry.sources), ("councils", &entry.councils), ("topics", &entry.topics), ("keywords", &entry.keywords)];
    let mut complete = true;
    for (name, values) in lists {
        complete &= document.is_sound(&format!("subscriber.{n}.{name}"));
        for (m, value) in values.iter().enumerate() {
            let path = format!("subscriber.{n}.{name}.{m}");
            complete &= document.is_sound(&path);
            let has_letters = value.chars().any(char::is_alphanumeric);
            if value.trim() != EVERYTHING && !has_letters {
                document.fault(&path, Problem::new(format!("an entry of `{name}` holds no word")));
                complete = false;
            }
        }
    }
    if complete && lists.iter().all(|(_, values)| values.is_empty()) {
        let problem = Problem::new("no interests: nothing would ever be sent");
        document.fault(
            &format!("subscriber.{n}"),
            problem.hint("sources, councils, topics or keywords; sources = [\"*\"] for everything"),
        );
        return None;
    }
    let named =
        |values: &[String]| values.iter().map(|value| value.trim().to_owned()).filter(|value| value != EVERYTHING).collect();
    Some(Interests {
        everything: lists.iter().any(|(_, values)| values.iter().any(|value| value.trim() == EVERYTHING)),
        sources: named(&entry.sources),
        councils: named(&entry.councils),
        topics: entry.topics.iter().map(|topic| slug(topic)).filter(|topic| !topic.is_empty()).collect(),
        keywords: named(&entry.keywords),
    })
}
