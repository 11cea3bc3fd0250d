//! Where a text leads to that it did not lead to before: a survey, a webcast, a form.

use crate::domain::item::Item;
use crate::rules::extract::key;
use crate::rules::fingerprint;
use std::collections::{BTreeMap, HashSet};
use url::Url;

/// What happened to one link.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LinkChange {
    /// The only one that is another leads elsewhere.
    Moved {
        /// Where it led.
        before: Url,
        /// Where it leads.
        now: Url,
    },
    /// It was not there.
    Added(Url),
    /// It is gone.
    Removed(Url),
}

/// What happened to the links of the text between `before` and `now`, without those to its documents.
#[must_use]
pub fn links(before: &Item, now: &Item) -> Vec<LinkChange> {
    let is_paper: HashSet<String> = [before, now]
        .into_iter()
        .flat_map(|item| &item.documents)
        .filter_map(|document| document.url.as_ref().map(key::document))
        .collect();
    let of = |item: &Item| item.html.as_ref().map(fingerprint::links).unwrap_or_default();
    let (was, is) = (of(before), of(now));
    let beyond = |all: &BTreeMap<String, Url>, others: &BTreeMap<String, Url>| -> Vec<Url> {
        let only = all.iter().filter(|(to, _)| !others.contains_key(*to) && !is_paper.contains(*to));
        only.map(|(_, url)| url.clone()).collect()
    };
    let (gone, come) = (beyond(&was, &is), beyond(&is, &was));
    if let ([before], [now]) = (gone.as_slice(), come.as_slice()) {
        return vec![LinkChange::Moved { before: before.clone(), now: now.clone() }];
    }
    come.into_iter().map(LinkChange::Added).chain(gone.into_iter().map(LinkChange::Removed)).collect()
}
