//! Whether another page stands in a listing's place that names some of what the listing named: the site's front page with its
//! three newest stories. It would pass for a listing without news, for as long as it stands there.
//!
//! A page is compared with what it was itself: one that always calls itself the front page is none for that.

use crate::rules::fingerprint::Said;
use std::collections::HashSet;

/// Of so many items that stood there, that many must be missing under another headline.
const MISSING_MIN: usize = 2;
const MISSING_SHARE: usize = 3;

/// What stands in the place of a page, in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Instead {
    /// Why it is not what stood there.
    pub why: String,
    /// It may be what stood there, written anew from its name on: nothing but time will tell.
    pub may_be_meant: bool,
}

/// What tells one page from another.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Face {
    /// Its headline.
    pub title: Option<String>,
    /// It calls itself the front page of its site.
    pub is_front: bool,
    /// The items that it shows.
    pub keys: HashSet<String>,
}

/// Why `now` is not the page that stood there `before`; `None` where it may be.
#[must_use]
pub fn instead(before: &Face, now: &Face) -> Option<Instead> {
    let missing = before.keys.difference(&now.keys).count();
    let surely = |why| Instead { why, may_be_meant: false };
    let of_known = || format!("{missing} of the {} items that stood there are not there", before.keys.len());
    if missing == 0 {
        return None;
    }
    if now.is_front && !before.is_front {
        return Some(surely(format!("the site's front page stands in its place, and {}", of_known())));
    }
    let come = now.keys.difference(&before.keys).count();
    let is_much = missing >= MISSING_MIN && missing * MISSING_SHARE >= before.keys.len() && come <= missing;
    let (was, is) = before.title.as_ref().zip(now.title.as_ref())?;
    let is_headed_otherwise = !Said::of(was).is_same(&Said::of(is));
    let why = || format!("it was headed \"{was}\" and is headed \"{is}\", and {}", of_known());
    (is_much && is_headed_otherwise).then(|| surely(why()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(title: &str, is_front: bool, keys: &str) -> Face {
        Face { title: Some(title.to_owned()), is_front, keys: keys.chars().map(|key| key.to_string()).collect() }
    }

    #[test]
    fn another_page_that_names_some_of_the_items_is_told_from_the_list() {
        let before = face("News", false, "abcdef");
        let check = |now: &Face, expect: bool| assert_eq!(instead(&before, now).is_some(), expect, "{now:?}");
        check(&face("Welcome", false, "abc"), true);
        check(&face("Welcome", false, "abcxyz"), true);
        check(&face("News", true, "abcde"), true);
        check(&face("News", false, "abc"), false);
        check(&face("NEWS", false, "abc"), false);
        check(&face("Latest news", false, "xabcde"), false);
        check(&face("Latest news", false, "abcdef"), false);
        check(&face("News", true, "abcdef"), false);
    }

    #[test]
    fn a_page_that_always_called_itself_the_front_page_is_itself() {
        assert_eq!(instead(&face("News", true, "abcdef"), &face("News", true, "xyabcd")), None);
    }
}
