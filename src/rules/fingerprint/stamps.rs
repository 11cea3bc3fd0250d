//! Parameters that a system puts behind the addresses of all files of a page and changes for all of them at once: marks against
//! caches, under whatever name. A file that was replaced changes its own and no other's.

use super::bytes;
use crate::domain::item::{Document, Item};
use crate::rules::extract::key;
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// So many files have one, and all of them another than before: fewer may have been replaced together.
const FILES_MIN: usize = 3;

/// The names of such parameters.
#[derive(Default)]
pub(crate) struct Stamps(BTreeSet<String>);

impl Stamps {
    /// Those that are others in all addresses of `now`, each beside the size that its file had `before`.
    pub(crate) fn between(before: &Item, now: &Item) -> Self {
        let names: BTreeSet<String> = now.documents.iter().flat_map(parameters).collect();
        let is_stamp = |name: &String| {
            let (Some(was), Some(is)) = (by_file(before, name), by_file(now, name)) else { return false };
            let pairs = || is.iter().filter_map(|(file, now)| Some((was.get(file)?, now)));
            let is_new = |((value_was, paper_was), (value, paper)): (&(String, &Document), &(String, &Document))| {
                let sizes = paper_was.size.as_ref().zip(paper.size.as_ref());
                value_was != value && sizes.is_none_or(|(was, is)| bytes::are_same(was, is))
            };
            pairs().count() >= FILES_MIN && pairs().all(is_new)
        };
        Self(names.into_iter().filter(is_stamp).collect())
    }

    pub(super) fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// An address without them.
    pub(super) fn without(&self, mut url: Url) -> Url {
        if url.query().is_some() && !self.is_none() {
            let is_kept = |(name, _): &(_, _)| !self.0.contains(name);
            let kept: Vec<(String, String)> =
                url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).filter(is_kept).collect();
            url.set_query(None);
            if !kept.is_empty() {
                url.query_pairs_mut().extend_pairs(kept);
            }
        }
        url
    }

    /// Whether nothing else tells two addresses of a document apart.
    pub(crate) fn alone_tell(&self, before: &Document, now: &Document) -> bool {
        let bare = |document: &Document| document.url.clone().map(|url| key::document(&self.without(url)));
        !self.is_none() && bare(before).is_some() && bare(before) == bare(now)
    }
}

fn parameters(document: &Document) -> impl Iterator<Item = String> {
    document.url.iter().flat_map(|url| url.query_pairs().map(|(name, _)| name.into_owned()))
}

/// What the parameter of this name says in the address of each file that has it; `None` where it is what tells them apart.
fn by_file<'a>(item: &'a Item, name: &str) -> Option<BTreeMap<String, (String, &'a Document)>> {
    let one = Stamps(BTreeSet::from([name.to_owned()]));
    let mut found = BTreeMap::new();
    for document in &item.documents {
        let Some(url) = &document.url else { continue };
        let Some(value) = url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned()) else {
            continue;
        };
        if found.insert(one.without(url.clone()).into(), (value, document)).is_some_and(|(_, other)| other.url != document.url) {
            return None;
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::super::{Likeness, likeness};
    use super::*;
    use crate::domain::text::Text;

    fn page(addresses: &[&str], size: Option<&str>) -> Item {
        let url = Url::parse("https://council.example.org/board").unwrap();
        let mut item = Item::bare("council.example.org/board".into(), Text::line("Board"), url.clone());
        let paper = |(n, address): (usize, &&str)| Document {
            title: Text::line(&format!("Paper {n}")),
            url: url.join(address).ok(),
            kind: None,
            size: size.map(str::to_owned),
            restricted: false,
        };
        item.documents = addresses.iter().enumerate().map(paper).collect();
        item
    }

    #[test]
    fn what_changes_behind_all_files_at_once_is_a_mark_and_behind_one_another_file() {
        let check = |before: &[&str], now: &[&str], expect: Likeness| {
            assert_eq!(likeness(&page(before, None), &page(now, None)), expect, "{before:?} {now:?}");
        };
        let was = ["/a.pdf?itok=02064a3f", "/b.pdf?itok=9c", "/c.pdf?itok=77"];
        check(&was, &["/a.pdf?itok=1", "/b.pdf?itok=2", "/c.pdf?itok=3"], Likeness::Same);
        check(&was, &["/a.pdf?itok=1", "/b.pdf?itok=2", "/c.pdf?itok=77"], Likeness::Other);
        check(&was, &["/a.pdf?itok=1", "/b.pdf?itok=2", "/d.pdf?itok=3"], Likeness::Other);
        check(&was[..2], &["/a.pdf?itok=1", "/b.pdf?itok=2"], Likeness::Other);
        // What tells files apart is no mark.
        check(&["/get?id=1", "/get?id=2", "/get?id=3"], &["/get?id=4", "/get?id=5", "/get?id=6"], Likeness::Other);
        check(
            &["/get?id=1&m=a", "/get?id=2&m=a", "/get?id=3&m=a"],
            &["/get?id=1&m=b", "/get?id=2&m=b", "/get?id=3&m=b"],
            Likeness::Same,
        );
        let sized = |size| page(&["/a.pdf?dl=1", "/b.pdf?dl=2", "/c.pdf?dl=3"], Some(size));
        let mut now = page(&["/a.pdf?dl=4", "/b.pdf?dl=5", "/c.pdf?dl=6"], Some("90 KB"));
        assert_eq!(likeness(&sized("90 KB"), &now), Likeness::Same);
        now.documents[1].size = Some("95 KB".into());
        assert_eq!(likeness(&sized("90 KB"), &now), Likeness::Other);
    }
}
