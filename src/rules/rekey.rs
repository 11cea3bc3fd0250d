//! Which known item is which, where a better recipe gives other keys: by what the page that once showed them says under it.
//!
//! An address identifies an item; where several share one (the blocks of one page), title and dates together do. What two
//! items could equally claim is nobody's: a wrong match would tell a reader of somebody else's change.

use crate::domain::item::Item;
use crate::rules::extract::key;
use crate::rules::fingerprint::plain;
use std::collections::HashMap;

/// Matches `known` items with those that the page `yields` under the present recipe: old key to new key, equal or not. What
/// has no match on either side is left out.
#[must_use]
pub fn matches(known: &[&Item], yields: &[&Item]) -> HashMap<String, String> {
    let mut found: HashMap<String, String> = HashMap::new();
    let (mut old, mut new) = (known.to_vec(), yields.to_vec());
    for identity in [by_key, by_address, by_title] {
        let (places_old, places_new) = (unique(&old, identity), unique(&new, identity));
        for (name, was) in &places_old {
            if let Some(is) = places_new.get(name) {
                found.insert(was.key.clone(), is.key.clone());
            }
        }
        old.retain(|item| !found.contains_key(&item.key));
        new.retain(|item| !found.values().any(|key| *key == item.key));
    }
    found
}

fn by_key(item: &Item) -> String {
    item.key.clone()
}

fn by_address(item: &Item) -> String {
    key::canonical(&item.url)
}

fn by_title(item: &Item) -> String {
    let title = plain(item.title.as_str()).to_lowercase();
    let meeting = item.meeting.as_ref().and_then(|m| m.date);
    format!("{title} {:?} {meeting:?}", item.published)
}

/// The items by what identifies them, without those that share it.
fn unique<'a>(items: &[&'a Item], identity: impl Fn(&Item) -> String) -> HashMap<String, &'a Item> {
    let mut all: HashMap<String, Vec<&'a Item>> = HashMap::new();
    for item in items {
        all.entry(identity(item)).or_default().push(item);
    }
    all.into_iter()
        .filter_map(|(name, items)| match items[..] {
            [only] => Some((name, only)),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn item(key: &str, path: &str, title: &str, day: Option<&str>) -> Item {
        let url = format!("https://council.example.org/{path}");
        serde_json::from_value(json!({
            "key": key, "title": title, "url": url, "published": day, "meeting": null, "text": null, "html": null,
            "documents": [], "decisions": [], "next_meeting": null,
        }))
        .unwrap()
    }

    fn check(known: &[Item], yields: &[Item], expect: &[(&str, &str)]) {
        let found = matches(&known.iter().collect::<Vec<_>>(), &yields.iter().collect::<Vec<_>>());
        let mut found: Vec<(&str, &str)> = found.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        found.sort_unstable();
        assert_eq!(found, expect);
    }

    #[test]
    fn an_item_is_known_by_its_key_its_address_or_its_title() {
        let old = [item("a", "a", "One", None), item("b", "b?x=1", "Two", None), item("c", "c", "Three", Some("2021-01-03"))];
        let new = [item("a", "z", "Other", None), item("B", "b?x=1", "Two!", None), item("C", "d", "three", Some("2021-01-03"))];
        check(&old, &new, &[("a", "a"), ("b", "B"), ("c", "C")]);
    }

    #[test]
    fn what_several_could_claim_is_nobodys() {
        let old = [item("a", "page", "Minutes", None), item("b", "page", "Minutes", None), item("c", "page", "Plan", None)];
        let new = [item("A", "page", "Minutes", None), item("C", "page", "Plan", None)];
        check(&old, &new, &[("c", "C")]);
    }
}
