//! What an item is called, where its listing and its own page name it: as its own page does, until the listing alone corrects
//! the name that both had.

use crate::domain::item::{Item, hash_hex};
use crate::rules::fingerprint::plain;
use crate::store::records::Names;

/// Names `own`, which was read from the item's own page, as the listing does where that has corrected its name; answers what
/// to remember for the next time. `before`: what was remembered.
pub(super) fn named(before: Option<&Names>, listed: &Item, own: &mut Item) -> Names {
    let (list, page) = (words(listed), words(own));
    let mut names = Names { listed: hash_hex(&[list.as_bytes()]), own: hash_hex(&[page.as_bytes()]), by_listing: false };
    if let Some(before) = before.filter(|before| before.own == names.own) {
        let agreed = before.by_listing || before.listed == before.own;
        // A list that has come to shorten names, or to say more of each, corrects none.
        let is_other = !list.contains(&page) && !page.contains(&list);
        names.by_listing =
            if before.listed == names.listed { before.by_listing } else { agreed && is_other && list.contains(' ') };
    }
    if names.by_listing {
        own.title.clone_from(&listed.title);
    }
    names
}

/// The letters and figures of a title.
fn words(item: &Item) -> String {
    let plain = plain(item.title.as_str()).to_lowercase();
    plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::Text;
    use url::Url;

    fn item(title: &str) -> Item {
        Item::bare("k".into(), Text::line(title), Url::parse("https://council.example.org/x").unwrap())
    }

    /// What an item is called at each of these readings of its listing and its own page.
    fn titles(readings: &[(&str, &str)]) -> Vec<String> {
        let mut before = None;
        let mut titles = Vec::new();
        for (listed, page) in readings {
            let mut own = item(page);
            before = Some(named(before.as_ref(), &item(listed), &mut own));
            titles.push(own.title.to_string());
        }
        titles
    }

    #[test]
    fn a_name_that_the_listing_alone_corrects_is_the_item_s_and_stays_it() {
        let (old, new) = ("Board meets in March", "Board meets in April");
        assert_eq!(titles(&[(old, old), (new, old), (new, old)]), [old, new, new]);
        assert_eq!(titles(&[(old, old), (new, old), (new, new)]), [old, new, new]);
        assert_eq!(titles(&[(old, old), (new, old), (old, old)]), [old, new, old]);
        assert_eq!(titles(&[(old, old), (new, old), (new, "Board is dissolved")]), [old, new, "Board is dissolved"]);
    }

    #[test]
    fn a_listing_that_names_things_in_its_own_way_corrects_nothing() {
        let page = "Board meets in March to hear the director";
        for listed in [
            "Board meets in March…",
            "New: Board meets in March to hear the director",
            "BOARD MEETS IN MARCH TO HEAR THE DIRECTOR",
        ] {
            assert_eq!(titles(&[(page, page), (listed, page)]), [page, page], "{listed}");
        }
        assert_eq!(titles(&[("Update no. 2", page), ("Second update", page)]), [page, page]);
        assert_eq!(titles(&[(page, page), ("More", page)]), [page, page]);
    }
}
