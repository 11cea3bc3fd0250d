//! Files that a site has moved, or marked anew, all at once: a new folder of its media, a mark against caches under another name. What
//! people download is the same, so it is no change of any page; a file that was replaced on that day is one.
//!
//! A file is the same under another address where its page gives it the same name and the same size, or no size and the file itself has
//! its name. Invariant: one file that stays where it was, or fewer than make a pattern, and each change is its page's.

use crate::domain::item::{Document, Item};
use crate::domain::text::SafeHtml;
use crate::rules::extract::key;
use crate::rules::fingerprint::{Said, bytes};
use std::collections::{HashMap, HashSet};
use url::Url;

/// So many files make a site's: fewer may have been replaced together.
pub const FILES_MIN: usize = 3;

/// What has become of the files of one place: a host, and the first folder in it.
#[derive(Default)]
struct Place {
    /// The same under another address.
    moved: usize,
    /// Under the address that they had.
    stay: usize,
    /// Under another address, and not the same as far as one can tell.
    other: usize,
}

impl Place {
    fn has_moved(&self) -> bool {
        self.stay == 0 && self.moved >= FILES_MIN && self.other * 2 <= self.moved
    }
}

/// The places whose files have all been moved, by what is known of each page and what it says now; and what pages say that are as they
/// were.
pub struct Readdressed(HashSet<String>);

impl Readdressed {
    /// Of these pages.
    #[must_use]
    pub fn of(pages: &[(&Item, &Item)], unchanged: &[&Item]) -> Self {
        let mut places: HashMap<String, Place> = HashMap::new();
        for (was, is) in pages.iter().flat_map(|(before, now)| same_names(before, now)) {
            let Some((name, from, to)) = place(was).zip(address(was)).zip(address(is)).map(|((a, b), c)| (a, b, c)) else {
                continue;
            };
            let place = places.entry(name).or_default();
            match from == to {
                true => place.stay += 1,
                false if is_same(was, is) => place.moved += 1,
                false => place.other += 1,
            }
        }
        for paper in unchanged.iter().flat_map(|item| &item.documents) {
            if let Some(name) = place(paper) {
                places.entry(name).or_default().stay += 1;
            }
        }
        Self(places.into_iter().filter(|(_, place)| place.has_moved()).map(|(name, _)| name).collect())
    }

    /// These places, and others that were moved before.
    #[must_use]
    pub fn and<'a>(&self, before: impl IntoIterator<Item = &'a str>) -> Self {
        Self(self.0.iter().cloned().chain(before.into_iter().map(str::to_owned)).collect())
    }

    /// The places: a host, and the first folder in it.
    pub fn places(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether none has.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Which address became which, of files that were moved or replaced there, and that their pages call the same.
    #[must_use]
    pub fn followed(&self, before: &Item, now: &Item) -> Vec<(Url, Url)> {
        let is_there = |paper: &Document| place(paper).is_some_and(|place| self.0.contains(&place));
        let pairs = same_names(before, now).into_iter().filter(|(was, _)| is_there(was));
        pairs.filter_map(|(was, is)| was.url.clone().zip(is.url.clone())).collect()
    }

    /// What is known of a page with its files under the addresses that they have now; `None` where none of them was moved.
    #[must_use]
    pub fn restated(&self, before: &Item, now: &Item) -> Option<Item> {
        let mut item = before.clone();
        let mut moved: Vec<(Url, Url)> = Vec::new();
        for (was, is) in same_names(before, now) {
            let is_moved =
                place(was).is_some_and(|place| self.0.contains(&place)) && is_same(was, is) && address(was) != address(is);
            let Some((from, to)) = was.url.clone().zip(is.url.clone()).filter(|_| is_moved) else { continue };
            for paper in item.documents.iter_mut().filter(|paper| paper.url.as_ref() == Some(&from)) {
                paper.url = Some(to.clone());
            }
            moved.push((from, to));
        }
        item.html = item.html.map(|html| with_links(&html, &moved));
        (!moved.is_empty()).then_some(item)
    }
}

/// The documents of two contents that have one name, and no other has it.
fn same_names<'a>(before: &'a Item, now: &'a Item) -> Vec<(&'a Document, &'a Document)> {
    let name = |paper: &Document| Said::of(paper.title.as_str()).words;
    let only = |item: &'a Item| {
        let mut found: HashMap<String, Option<&'a Document>> = HashMap::new();
        for paper in &item.documents {
            found.entry(name(paper)).and_modify(|known| *known = None).or_insert(Some(paper));
        }
        found
    };
    let was = only(before);
    only(now).into_iter().filter_map(|(name, is)| Some(((*was.get(&name)?)?, is?))).collect()
}

fn address(paper: &Document) -> Option<String> {
    paper.url.as_ref().map(key::document)
}

fn place(paper: &Document) -> Option<String> {
    let url = paper.url.as_ref()?;
    let folder = url.path_segments()?.next().unwrap_or_default();
    Some(format!("{}/{folder}", url.host_str()?))
}

fn is_same(was: &Document, is: &Document) -> bool {
    let file = |paper: &Document| paper.url.as_ref()?.path_segments()?.next_back().map(str::to_lowercase);
    match (&was.size, &is.size) {
        (Some(was), Some(is)) => bytes::are_same(was, is),
        _ => file(was).is_some_and(|name| name.contains('.') && file(is) == Some(name)),
    }
}

fn with_links(html: &SafeHtml, moved: &[(Url, Url)]) -> SafeHtml {
    let link = |url: &Url| format!("href=\"{}\"", url.as_str().replace('&', "&amp;"));
    let said = moved.iter().fold(html.as_str().to_owned(), |said, (from, to)| said.replace(&link(from), &link(to)));
    SafeHtml::sanitise(&said, None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::Text;
    use crate::rules::fingerprint::{Likeness, likeness};

    /// A page with files: name, address, size.
    fn page(files: &[(&str, &str, Option<&str>)]) -> Item {
        let url = Url::parse("https://council.example.org/board").unwrap();
        let paper = |(name, at, size): &(&str, &str, Option<&str>)| Document {
            title: Text::line(name),
            url: url.join(at).ok(),
            kind: None,
            size: size.map(str::to_owned),
            restricted: false,
        };
        let link = |(name, at, _): &(&str, &str, Option<&str>)| {
            format!("<a href=\"{}\">{name}</a>", url.join(at).unwrap().as_str().replace('&', "&amp;"))
        };
        Item {
            documents: files.iter().map(paper).collect(),
            html: Some(SafeHtml::sanitise(&files.iter().map(link).collect::<String>(), None)),
            ..Item::bare("k".into(), Text::line("Board"), url.clone())
        }
    }

    fn check(before: &[(&str, &str, Option<&str>)], now: &[(&str, &str, Option<&str>)], expect: Option<Likeness>) {
        let (was, is) = (page(before), page(now));
        let found = Readdressed::of(&[(&was, &is)], &[]);
        let restated = found.restated(&was, &is);
        assert_eq!(restated.map(|item| likeness(&item, &is)), expect, "{before:?} {now:?}");
    }

    #[test]
    fn files_that_all_move_are_the_same_and_one_of_another_size_is_another() {
        let kb = Some("90 KB");
        let was = [("Plan", "/files/a.pdf?v=1&x=2", kb), ("Letter", "/files/b.pdf?v=1", kb), ("Terms", "/files/c.pdf?v=1", kb)];
        let is = [("Plan", "/files/a.pdf?m=1&x=2", kb), ("Letter", "/files/b.pdf?m=8", kb), ("Terms", "/media/c.pdf", kb)];
        check(&was, &is, Some(Likeness::Same));
        check(&was[..2], &is[..2], None);
        check(&was, &[is[0], is[1], was[2]], None);
        let four = |last| [was[0], was[1], was[2], last];
        let now = |last| [is[0], is[1], is[2], last];
        check(&four(("Plea", "/files/d.pdf?v=1", kb)), &now(("Plea", "/files/d.pdf?m=1", Some("95 KB"))), Some(Likeness::Other));
        check(&four(("Plea", "/files/d.pdf?v=1", kb)), &now(("Plea", "/files/d.pdf?v=1", kb)), None);
    }

    #[test]
    fn where_no_size_is_given_the_files_keep_their_names() {
        let was = [("Plan", "/media/12/a.pdf", None), ("Letter", "/media/13/b.pdf", None), ("Terms", "/media/14/c.pdf", None)];
        let is = [("Plan", "/media/x1/a.pdf", None), ("Letter", "/media/x2/b.pdf", None), ("Terms", "/media/x3/c.pdf", None)];
        check(&was, &is, Some(Likeness::Same));
        let other =
            [("Plan", "/media/x1/a2.pdf", None), ("Letter", "/media/x2/b2.pdf", None), ("Terms", "/media/x3/c2.pdf", None)];
        check(&was, &other, None);
        let numbers = |from: u32| {
            let at = |n: u32| format!("/get?id={}", from + n);
            let at = [at(0), at(1), at(2)];
            page(&[("Plan", &at[0], None), ("Letter", &at[1], None), ("Terms", &at[2], None)])
        };
        assert!(Readdressed::of(&[(&numbers(1), &numbers(7))], &[]).is_empty());
    }

    #[test]
    fn one_file_on_each_of_several_pages_is_as_good_as_all_on_one() {
        let one = |n: usize, form: &str| page(&[("Letter", &format!("/files/{n}.pdf?{form}={n}"), Some("90 KB"))]);
        let (was, is): (Vec<Item>, Vec<Item>) = (1..5).map(|n| (one(n, "t"), one(n, "u"))).unzip();
        let pages: Vec<(&Item, &Item)> = was.iter().zip(&is).collect();
        assert!(!Readdressed::of(&pages, &[]).is_empty());
        assert!(Readdressed::of(&pages, &[&one(9, "t")]).is_empty(), "a page's file stays where it was");
        assert!(Readdressed::of(&pages[..2], &[]).is_empty());
    }
}
